/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask.h - the questions of a step, for a person at a terminal.
 */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "cli/options.h"
#include "core/state.h"

/* If copies differ: the position whose copy is to be promoted, or NOWHERE without an answer. */
size_t ask_source(const struct options *o, const struct state *now);

/* Whether the gate's name was typed. */
bool ask_gate(const struct options *o, const struct fleet *f, size_t gate, size_t next);

/* Whether to continue. */
bool ask_go_on(const struct options *o);

#endif
