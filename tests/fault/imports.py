# SPDX-License-Identifier: Apache-2.0
"""The functions that promote takes from its libraries: each is stood before by fault.so, or is known to touch no file.

So the tests cover each new call: if the program uses another function, add it to fault.c or say here why not. This is a
test of its own, since it says nothing of a program with sanitizers or counters. Prints TAP.
"""

import subprocess

import lab
import suite

HARMLESS = {
    "memory, texts and numbers": """
        __ctype_b_loc __errno_location __isoc99_sscanf __longjmp_chk _setjmp longjmp asprintf free malloc memchr memcmp memcpy memmem memmove memrchr memset
        qsort realloc snprintf stpcpy strcasecmp strcat strchr strcmp strcpy strcspn strdup strerrordesc_np strlen strncasecmp strncmp
        strpbrk strrchr strsep strspn strstr strtod strtof strtok_r strtol strtoll strtoul strtoull vasprintf
        vsnprintf wcwidth""",
    "its start, end and surroundings": """
        __assert_fail __cxa_finalize __libc_start_main __stack_chk_fail _exit abort clock_gettime exit getenv getrlimit64
        nanosleep nl_langinfo setlocale time unsetenv""",
    "standard input, output and errors": "ferror fflush fprintf fputc fputs fwrite ioctl isatty stderr stdin stdout tcflush tcgetpgrp",
    "signals and other processes": """
        dup2 execvp fchdir fcntl64 getegid geteuid getpgrp getpid getppid kill poll prctl putenv setsid signal signalfd sigaddset
        sigandset sigemptyset sigfillset sigisemptyset sigismember sigpending sigprocmask sigtimedwait waitid waitpid""",
    "the watcher, a process of its own, looks at /proc": "bsearch closedir opendir readdir64",
    "a time for the wait for the lock": "__libc_current_sigrtmin sigaction timer_create timer_delete timer_settime",
    "a name that nobody knows: it always gets so few random bytes": "getrandom",
    "whose rights it has": "getgid getgroups getuid setegid seteuid setgroups",
    "the login of the user, from files of the system": "getpwuid_r",
    "/proc, to tell who holds the lock; the text of an editor": "access",
    "the directory for the text of an editor, or for the working tree of --push, in no fleet": "mkdtemp nftw64 remove rmdir stat64",
    "the end and the beginning of a file that is only read": "fclose feof",
}
LIBRARIES = ("yaml_", "json_")  # they are given texts, never files
NEVER = ("yaml_parser_set_input_file", "json_load_file", "json_dump_file", "json_dumpfd", "json_loadfd")


def names(path, which):
    out = subprocess.run(["nm", "-D", which, path], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1].partition("@")[0] for line in out.splitlines() if " w " not in line}


def unknown(program, library):
    """The imports of the program that are neither in fault.c nor listed here."""
    known = names(library, "--defined-only").union(*(x.split() for x in HARMLESS.values()))
    found = names(program, "--undefined-only") - known
    return sorted(x for x in found if x in NEVER or not x.startswith(LIBRARIES))


def is_counting(program):
    """Whether it counts what the tests reach of it, with a runtime that has done its work when main begins."""
    sections = subprocess.run(["readelf", "-SW", program], capture_output=True, text=True, check=True).stdout
    return "__llvm_prf_cnts" in sections


def main():
    tap = suite.Tap()
    title = "every function that the program imports is stood before, or touches no file"
    if suite.is_instrumented(lab.PROMOTE) or is_counting(lab.PROMOTE):
        tap.skip(title, "sanitizers, valgrind and coverage bring their own")
    else:
        missing = unknown(lab.PROMOTE, lab.LIBRARY)
        tap.result(title, [f"{x}: put it into fault.c, or into imports.py with the reason" for x in missing])
    tap.end()


if __name__ == "__main__":
    main()
