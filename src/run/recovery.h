/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recovery.h - recover() with what it must know of the fleet: the files of an application.
 */
#ifndef RUN_RECOVERY_H
#define RUN_RECOVERY_H

#include "run/session.h"

/* trust: root may recover the step of the owner of the fleet's root. Errors as for recover(). */
int session_recover(struct arena *mem, struct session *s, bool trust, struct error *e);

#endif
