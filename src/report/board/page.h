/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.h - the page before its data and behind, made by embed.py when the program is built.
 */
#ifndef REPORT_BOARD_PAGE_H
#define REPORT_BOARD_PAGE_H

#include <stddef.h>

extern const unsigned char board_head[], board_tail[];
extern const size_t board_head_size, board_tail_size;

#endif
