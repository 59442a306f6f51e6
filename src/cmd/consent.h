/* SPDX-License-Identifier: Apache-2.0 */
/*
 * consent.h - what a change needs of people before it is written: that no hold is in force, that
 * each gate is open, and with --interactive a yes.
 */
#ifndef CMD_CONSENT_H
#define CMD_CONSENT_H

#include "cmd/change.h"

/* For each gate of the step, whether --approve opens it; owned by the change's arena. */
bool *consent_given(const struct change *c);

/*
 * Shows the step, and asks, if there is somebody to ask. Errors: BLOCKED by a hold, WAITS for a
 * gate that is not open or for an answer that was no.
 */
int consent_get(struct change *c);

#endif
