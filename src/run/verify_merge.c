/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/map.h"
#include "core/show.h"
#include "run/verify_commit.h"
#include "store/render/process.h"
#include "yaml/read.h"

struct merging {
	struct verifying *v;
	const struct commit_info *commit;
	struct commit_names bases; /* that have a fleet */
	bool cut_off;              /* whether there are others is not known */
	struct file_changes *from; /* for each parent: what the merge has otherwise */
	struct map seen;           /* paths */
	struct verified *out;
};

/* The file as it differs from a parent; NULL: it does not. */
static const struct changed_file *find_change(
	const struct merging *m, size_t parent, const char *path)
{
	for (size_t i = 0; i < m->from[parent].count; i++)
		if (strcmp(m->from[parent].list[i].path, path) == 0)
			return &m->from[parent].list[i];
	return NULL;
}

static int find_bases(const struct merging *m, struct merged_file *f, const char **objects)
{
	struct verifying *v = m->v;

	f->bases = objects;
	f->base_count = m->bases.count;
	for (size_t b = 0; b < m->bases.count; b++) {
		if (commit_source_move(&v->before, m->bases.list[b], v->e) < 0)
			return -1;
		objects[b] = commit_source_object(&v->before, f->path);
	}
	return 0;
}

/* A file that differs from the parent `first`: its objects. */
static int describe(const struct merging *m, const struct changed_file *file, struct merged_file *f)
{
	struct arena *mem = m->v->mem;
	const size_t n = m->commit->parents.count;
	const char **objects = ARENA_NEW(mem, const char *, n);

	*f = (struct merged_file){
		.path = file->path, .parents = objects, .parent_count = n, .is = file->is
	};
	for (size_t p = 0; p < n; p++) {
		const struct changed_file *change = find_change(m, p, file->path);

		objects[p] = change ? change->was : file->is;
	}
	return find_bases(m, f, ARENA_NEW(mem, const char *, m->bases.count));
}

/* Whether a parent with a fleet has the file otherwise. */
static int differs(struct merging *m, const struct merged_file *f, bool *is)
{
	struct verifying *v = m->v;

	for (size_t p = 0; p < f->parent_count && !*is; p++) {
		if (!find_change(m, p, f->path))
			continue;
		if (commit_source_move(&v->before, m->commit->parents.list[p], v->e) < 0)
			return -1;
		*is = commit_source_object(&v->before, PATHS_CONFIG) != NULL;
	}
	return 0;
}

static int no_common(const struct merging *m)
{
	struct error *e = m->v->e;

	error_set(e, STATUS_FILES,
		"what the parents of %.*s have in common is not here: the clone is shallow; 'git fetch --unshallow' brings it",
		SHOW_COMMIT, m->commit->name);
	return error_code(e, "unknown-revision");
}

/* Without a fleet in common nobody knows which side has taken a step: an import, or the other. */
static int judge_apart(struct merging *m, const struct merged_file *f)
{
	bool is = false;

	if (differs(m, f, &is) < 0)
		return -1;
	if (is && m->cut_off)
		return no_common(m);
	if (is)
		m->out->v = verdict_illegal(m->v->mem, "merge", f->path,
			"its parents differ in %s, and have no commit with a fleet in common",
			f->path);
	return 0;
}

static int judge_patch(struct merging *m, const struct changed_file *file)
{
	struct merged_file f;

	if (describe(m, file, &f) < 0)
		return -1;
	if (!m->bases.count)
		return judge_apart(m, &f);
	if (!verify_is_merged(&f, false))
		m->out->v = verdict_illegal(m->v->mem, "merge", file->path,
			"the merge has %s as none of its parents that have changed it", file->path);
	return 0;
}

/* Values that a parent has changed, for an integration may be among them. */
static int judge_values(struct merging *m, const struct changed_file *file)
{
	struct verifying *v = m->v;
	const size_t n = m->commit->parents.count;
	struct str *texts = ARENA_NEW(v->mem, struct str, n);
	struct source *source = &v->before.source;
	struct file base = { 0 };
	struct merged_file f;

	if (describe(m, file, &f) < 0)
		return -1;
	if (verify_is_merged(&f, true))
		return 0;
	for (size_t p = 0; p < n; p++) {
		const struct changed_file *change = find_change(m, p, file->path);

		texts[p] = change ? change->before : file->after;
	}
	if (m->bases.count &&
		source->read(source, v->mem, file->path, YAML_VALUES_BYTES, &base, v->e) < 0)
		return -1;
	if (!verify_keeps_values(v->mem, file->path, base.text, texts, n, file->after))
		m->out->v = verdict_illegal(v->mem, "merge", file->path,
			"the merge lacks values that a parent has changed in %s", file->path);
	return 0;
}

/* values.yaml of the same application, if the merge has it otherwise than a parent. */
static int judge_base(struct merging *m, const struct subject *subject)
{
	const char *path = paths_base(m->v->mem, subject);

	for (size_t p = 0; p < m->commit->parents.count; p++) {
		const struct changed_file *change = find_change(m, p, path);

		if (change)
			return judge_values(m, change);
	}
	return 0;
}

static int judge_file(struct merging *m, const struct changed_file *file)
{
	void **seen = map_slot(&m->seen, str_of(file->path));
	struct subject subject;

	if (*seen || !verify_is_patch(m->v->mem, file->path, &subject))
		return 0;
	*seen = m;
	return judge_patch(m, file) < 0 || judge_base(m, &subject) < 0 ? -1 : 0;
}

/* The best common ancestors, of which only those tell of steps that have a fleet. */
static int find_common(struct merging *m)
{
	struct verifying *v = m->v;
	struct commit_names all = { 0 };

	process_hold_signals();
	commits_common(v->mem, &v->session->root, &m->commit->parents, &all);
	m->cut_off = !all.count && commits_are_cut_off(v->mem, &v->session->root);
	process_release_signals();
	for (size_t i = 0; i < all.count; i++) {
		if (commit_source_move(&v->before, all.list[i], v->e) < 0)
			return -1;
		if (commit_source_object(&v->before, PATHS_CONFIG))
			*ARENA_PUSH(v->mem, m->bases.list, m->bases.count) = all.list[i];
	}
	return 0;
}

int verify_merge(struct verifying *v, const struct commit_info *commit, struct verified *out)
{
	const size_t n = commit->parents.count;
	struct merging m = { .v = v,
		.commit = commit,
		.from = ARENA_NEW(v->mem, struct file_changes, n),
		.seen = { .mem = v->mem },
		.out = out };

	out->v = (struct verdict){ .kind = VERDICT_UNJUDGED,
		.text = "a merge of what its parents have" };
	for (size_t p = 0; p < n; p++)
		if (verify_changes(v, commit->parents.list[p], commit, &m.from[p]) < 0)
			return -1;
	if (find_common(&m) < 0)
		return -1;
	for (size_t p = 0; p < n; p++)
		for (size_t i = 0; i < m.from[p].count && out->v.kind != VERDICT_ILLEGAL; i++)
			if (judge_file(&m, &m.from[p].list[i]) < 0)
				return -1;
	return 0;
}
