# SPDX-License-Identifier: Apache-2.0
# Completion of promote(1) for bash.
#
# The program itself answers: src/cmd/offer.h describes its lines. What is left to do here is what
# bash does not do: take the quotes off the words, and put quotes around the answers. Nothing that
# was typed and nothing that a fleet contains is evaluated.

# Takes the command line up to the cursor apart, as bash would: sets `words`, without quotes, of
# which the last is the one to complete; `quote`, the quote that it is in, if any; and `redirected`,
# if it is the file of a redirection.
_promote_split() {
	local line=$1 word='' escapes='' begun='' c i
	words=() quote='' redirected=''
	for ((i = 0; i < ${#line}; i++)); do
		c=${line:i:1}
		case $quote in
		"'")
			if [[ $c == "'" ]]; then quote=''; else word+=$c; fi
			;;
		'"')
			if [[ $c == '"' ]]; then
				quote=''
			elif [[ $c == '\' && ${line:i+1:1} == ['"$`\'] ]]; then
				((++i))
				word+=${line:i:1}
			else
				word+=$c
			fi
			;;
		'$')
			if [[ $c == "'" ]]; then
				word+=${escapes@E}
				escapes='' quote=''
			else
				[[ $c != '\' ]] || ((++i))
				[[ $c != '\' ]] || c+=${line:i:1}
				escapes+=$c
			fi
			;;
		*) _promote_bare ;;
		esac
	done
	words+=("$word${escapes@E}")
}

# A character outside of quotes; what is local to _promote_split is used here.
_promote_bare() {
	case $c in
	[[:space:]] | [\<\>\&])
		[[ $c != [\<\>] || $word != +([0-9]) ]] || word='' begun='' # 2>FILE
		[[ -z $begun || -n $redirected ]] || words+=("$word")
		[[ -z $begun ]] || redirected=''
		[[ $c != [\<\>] ]] || redirected=1
		word='' begun=''
		return
		;;
	'\')
		((++i))
		word+=${line:i:1}
		;;
	"'" | '"') quote=$c ;;
	'$')
		if [[ ${line:i+1:1} == "'" ]]; then
			quote=$c
			((++i))
		else
			word+=$c
		fi
		;;
	*) word+=$c ;;
	esac
	begun=1
}

# Puts quotes around the text of $1 as they are needed within the quote $2: sets `quoted`.
_promote_quote() {
	quoted=$1
	case $2 in
	"'") quoted=${quoted//\'/\'\\\'\'} ;;
	'"')
		quoted=${quoted//\\/\\\\}
		quoted=${quoted//\"/\\\"}
		quoted=${quoted//\$/\\\$}
		quoted=${quoted//\`/\\\`}
		quoted=${quoted//!/\"\\!\"}
		;;
	'$')
		quoted=${quoted//\\/\\\\}
		quoted=${quoted//\'/\\\'}
		;;
	*) printf -v quoted %q "$1" ;;
	esac
}

# Makes the list that readline shows: puts behind each of COMPREPLY what it is, in columns. Readline
# inserts no more than what they have in common, which ends before that.
_promote_describe() {
	local i width=0 room
	for i in "${!COMPREPLY[@]}"; do
		((${#COMPREPLY[i]} <= width)) || width=${#COMPREPLY[i]}
	done
	room=$((${COLUMNS:-80} - width - 5))
	((room >= 10)) || return
	for i in "${!COMPREPLY[@]}"; do
		[[ -z ${about[i]} ]] || printf -v 'COMPREPLY[i]' '%s%*s  (%s)' "${COMPREPLY[i]}" \
			$((width - ${#COMPREPLY[i]})) '' "${about[i]:0:room}"
	done
}

# _promote_names OF LEAD: the shell's own names, behind what is in front of them.
_promote_names() {
	local name
	case $1 in
	file) compopt -o default ;;
	directory) compopt -o dirnames ;;
	command)
		while IFS= read -r name; do
			_promote_add "$2$name"
		done < <(compgen -c -- "${typed#"$2"}" | sort -u)
		;;
	esac
}

# _promote_add WORD WHAT
_promote_add() {
	local quoted
	[[ $1 == "$typed"* && $1 == "$head"* ]] || return
	_promote_quote "${1#"$head"}" "$quote"
	COMPREPLY+=("$quoted")
	about+=("${2-}")
	last=$1
}

_promote() {
	local words quote redirected typed head line text last='' about=()
	COMPREPLY=()
	text=${COMP_LINE:0:COMP_POINT}
	_promote_split "${text%"$2"}" # what readline leaves as it is
	head=${words[-1]}
	local within=$quote
	_promote_split "$text"
	while ((${#words[@]} > 2)) && [[ ${words[0]} == [[:alpha:]_]*([[:alnum:]_])=* ]]; do
		words=("${words[@]:1}") # NAME=VALUE promote
	done
	if [[ -n $redirected ]]; then
		compopt -o default
		return
	fi
	typed=${words[-1]} quote=$within
	while IFS= read -r line; do
		if [[ $line == $'\t'* ]]; then
			line=${line#?}
			_promote_names "${line%%$'\t'*}" "${line#*$'\t'}"
		else
			_promote_add "${line%%$'\t'*}" "${line#*$'\t'}"
		fi
	done < <(command promote --complete -- "${words[@]:1}" 2>/dev/null </dev/null)
	[[ $last != *[/=.] ]] || compopt -o nospace
	# 37 and 42 insert what is in the list; within quotes a space would be common
	if ((${#COMPREPLY[@]} > 1)) && [[ $COMP_TYPE != 37 && $COMP_TYPE != 42 && -z $quote ]]; then
		_promote_describe
	fi
}

complete -o nosort -F _promote promote
