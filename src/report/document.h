/* SPDX-License-Identifier: Apache-2.0 */
/*
 * document.h - results as JSON, for programs.
 *
 *	json_write(json_step(mem, &report), &out)
 *
 * Each kind of result is made by one function. promote-json(5) describes the documents,
 * and schemas/ has a JSON Schema of each. A field that was in a release keeps its name and
 * its meaning; new ones may be added, here and there.
 *
 * If there is no memory for JSON, the library's own functions must not return: see main.c.
 */
#ifndef REPORT_DOCUMENT_H
#define REPORT_DOCUMENT_H

#include <jansson.h>

#include "core/paths.h"
#include "report/matrix.h"
#include "report/report.h"
#include "yaml/edit/emit.h"

json_t *json_step(struct arena *mem, const struct report *r);

/* what a target gets; `target` is its position's path */
json_t *json_explanation(struct arena *mem, const struct subject *s, const char *target,
	const struct explanation *list, size_t count);

/* since which commit a value is what it is; null for none */
json_t *json_since(struct arena *mem, const struct since *since);

/* what the trailers of a commit tell; null for NULL */
json_t *json_recorded(struct arena *mem, const struct record *r);

json_t *json_recovery(struct arena *mem, const struct recovery_report *r);

json_t *json_matrix(struct arena *mem, const struct matrix_report *r);

/*
 * Why a run failed. commands: the error's, as a person types them; r: what the run has recovered
 * before that, or NULL.
 */
json_t *json_error(struct arena *mem, const struct error *e, const char *const *commands,
	size_t count, const struct recovery_report *r);

/* The same as a part of another document, without what was recovered. */
json_t *json_failure(
	struct arena *mem, const struct error *e, const char *const *commands, size_t count);

/* Writes a document, which it takes over, and a line end. */
void json_write(json_t *root, struct buf *out);

/* Parts of documents. */

/* the document of a kind with these fields, which it takes over */
json_t *json_document(const char *kind, json_t *fields);

/*
 * Adds an expanded value as Helm and kubectl have it (resolve.h). What they refuse, and a number
 * that JSON does not have, is a string of its text. depth: of the value in the document. known: as
 * in emit.h, with the depth of the pair for its column; or NULL.
 */
void json_node(struct buf *out, const struct node *n, size_t depth, struct known_pairs *known);
/* a pair of a mapping, without what is between it and its neighbours */
void json_pair(struct buf *out, const struct pair *p, size_t depth, struct known_pairs *known);
/* the same value as a part of a document that is made otherwise */
json_t *json_value(struct arena *mem, const struct node *n);

/* Sets `recovered` in a document if a killed run had left something; r may be NULL. */
void json_set_recovered(json_t *object, struct arena *mem, const struct recovery_report *r);

/* What a hold says, or why it cannot be judged. */
json_t *json_hold(struct arena *mem, const struct fleet *f, const struct hold *h);
json_t *json_holds(struct arena *mem, const struct fleet *f, const struct holds_met *holds);

json_t *json_finding(struct arena *mem, const struct finding *f);

/* Why an application is not in a document about many: see finding_keep_error(). */
json_t *json_unreadable(struct arena *mem, const struct finding *f);

/* A list of what one of the two makes of each finding. */
json_t *json_findings(struct arena *mem, const struct findings *f,
	json_t *(*make)(struct arena *, const struct finding *));

/* What changes alike: a list of objects with `targets` and `changes`. */
json_t *json_effect_groups(struct arena *mem, const struct fleet *f, const struct effect *e);

/* The effect of a plan: how many targets there are and change, and what changes alike. */
json_t *json_effect(struct arena *mem, const struct fleet *f, const struct effect *e);

/* The edits of a plan, as a list; `texts`: with the bytes of new copies that no file has yet. */
json_t *json_edits(struct arena *mem, const struct plan *p, bool texts);

/* The paths of positions, or of all targets at and below some, as lists. */
json_t *json_positions(
	struct arena *mem, const struct fleet *f, const size_t *positions, size_t count);
json_t *json_targets(struct arena *mem, const struct fleet *f, const struct position_list *at);

/* A copy of a patch: {"position": ..., "path": ...}; null for NOWHERE. */
json_t *json_copy_at(
	struct arena *mem, const struct fleet *f, const struct subject *subject, size_t position);

/*
 * A list as a field of a document, item by item, which it takes over: as text at once, since a list
 * of hundreds of thousands of objects takes much more memory. The list is empty at first.
 */
void json_list_add(struct buf *list, json_t *item);
json_t *json_list_end(struct buf *list);

/*
 * A document whose last field is a list, piece by piece: the document without it, which is taken
 * over, each item, which is taken over, and the end. For lists too long to be kept as text.
 */
void json_write_open(json_t *root, const char *key, struct buf *out);
void json_write_item(json_t *item, bool first, struct buf *out);
void json_write_close(bool empty, struct buf *out);

/* a string, also of bytes that are no text */
json_t *json_str(struct arena *mem, struct str text);
/* the same; what JSON cannot hold is shown as \xNN; null for NULL */
json_t *json_text(struct arena *mem, const char *text);
json_t *json_texts(struct arena *mem, const char *const *texts, size_t n);

#endif
