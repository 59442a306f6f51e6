/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loss.h - a change of the copies must not lose bytes that nobody else has.
 */
#ifndef CMD_LOSS_H
#define CMD_LOSS_H

#include "cmd/change.h"

/*
 * REFUSED, "not-committed", if the step removes a copy with bytes that neither a copy that is left
 * nor git's HEAD has, or if HEAD is not known. The options that go on have --accept-loss.
 */
int loss_check(struct change *c);

#endif
