/* SPDX-License-Identifier: Apache-2.0 */
/* version.h - what --version prints: "0.1.0", or "0.1.0-12-gabc1234" between two versions. */
#ifndef VERSION_H
#define VERSION_H

extern const char promote_version[]; /* version.c, made by the build of version.c.in */

#endif
