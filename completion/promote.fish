# SPDX-License-Identifier: Apache-2.0
# Completion of promote(1) for fish.
#
# The program itself answers: src/cmd/offer.h describes its lines, which are those that fish takes.
# Nothing that was typed and nothing that a fleet contains is evaluated.

function __promote_complete
    set -l typed (commandline -ct)
    # quotes are taken off as far as they are closed
    set -l plain (string unescape -- "$typed")
    or set plain (string unescape -- "$typed'")
    or set plain (string unescape -- "$typed\"")
    or set plain "$typed"
    set -l before (commandline -opc)
    for line in (command promote --complete -- $before[2..] "$plain" 2>/dev/null </dev/null)
        set -l part (string split -- \t $line)
        if string match -q -- '~*' $line
            continue # fish would insert it without quotes
        else if test -n "$part[1]"
            printf '%s\n' $line
            continue
        end
        # the shell's own names, behind what is in front of them
        set -l begun (string sub -s (math 1 + (string length -- "$part[3]")) -- "$typed")
        set -l names
        switch $part[2]
            case file
                set names (complete -C "no-such-command $begun")
            case directory
                set names (complete -C "no-such-command $begun" | string match -r -- '^[^\t]*/(?=\t|$)')
            case command
                set names (complete -C "$begun")
        end
        for name in $names
            printf '%s%s\n' "$part[3]" $name
        end
    end
end

complete -c promote -f -k -a '(__promote_complete)'
