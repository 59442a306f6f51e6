/* SPDX-License-Identifier: Apache-2.0 */
#include "opening.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "helper.h"

long syscall(long number, ...)
{
	long (*real)(long, ...);
	long a[5];
	va_list rest;

	va_start(rest, number);
	for (size_t i = 0; i < LENGTH(a); i++)
		a[i] = va_arg(rest, long);
	va_end(rest);
	const char *path = (const char *)a[1]; /* NOLINT(performance-no-int-to-ptr) */
	const int code = number == SYS_openat2 ? opening_fails(path) : 0;
	if (code) {
		errno = code;
		return -1;
	}
	*(void **)(void *)&real = dlsym(RTLD_NEXT, "syscall");
	return real(number, a[0], a[1], a[2], a[3], a[4]);
}
