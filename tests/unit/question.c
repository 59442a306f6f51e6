#include "question.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "yaml/read.h"

enum { MEANINGS = 3, OTHER = MEANINGS + 1, LATER, ALL };

static const char *const texts[ALL] = {
	"",
	"value: 1\n",
	"value: 2\n",
	"value: 3\n",
	"value: other\n",
	"value: later\n",
};

static const struct doc *read_text(struct arena *mem, const char *text)
{
	struct doc *doc = ARENA_NEW(mem, struct doc, 1);
	struct error e = { 0 };

	if (yaml_read(mem, "text", str_of(text), doc, &e) < 0)
		fail_msg("%s", e.text);
	return doc;
}

/* The layers that the marks of a position stand for, in the order in which they apply. */
static struct layers_at layers_at(
	struct arena *mem, const struct question *q, size_t p, const struct doc *const *docs)
{
	struct layer *layers = ARENA_NEW(mem, struct layer, 2);
	const char *folder = paths_position(mem, &q->subject, &q->fleet->positions[p]);
	size_t n = 0;

	if (q->layers[p] & LAYERS_OTHER)
		layers[n++] = (struct layer){ .name = "override.yaml", .meaning = OTHER };
	if (q->layers[p] & LAYERS_LATER)
		layers[n++] =
			(struct layer){ .name = "patch-002.yaml", .meaning = LATER, .patch = true };
	for (size_t i = 0; i < n; i++) {
		layers[i].path = arena_printf(mem, "%s/%s", folder, layers[i].name);
		layers[i].doc = docs[layers[i].meaning];
		layers[i].root = layers[i].doc->root;
	}
	return (struct layers_at){ layers, n };
}

void question_complete(struct arena *mem, struct question *q)
{
	const struct fleet *f = q->fleet;
	const struct doc **docs = ARENA_NEW(mem, const struct doc *, ALL);
	const struct node **copies = ARENA_NEW(mem, const struct node *, ALL);
	bool needed[ALL] = { false };
	const struct doc **placed = ARENA_NEW(mem, const struct doc *, f->count);
	struct layers_at *at = ARENA_NEW(mem, struct layers_at, f->count);

	for (size_t i = 0; i < f->count; i++) {
		assert_true(q->placed[i] <= MEANINGS);
		needed[q->placed[i]] = true;
		needed[OTHER] = needed[OTHER] || q->layers[i] & LAYERS_OTHER;
		needed[LATER] = needed[LATER] || q->layers[i] & LAYERS_LATER;
	}
	for (size_t i = 1; i < ALL; i++) {
		if (!needed[i])
			continue;
		docs[i] = read_text(mem, texts[i]);
		copies[i] = docs[i]->root;
	}
	for (size_t i = 0; i < f->count; i++) {
		placed[i] = q->placed[i] ? docs[q->placed[i]] : NULL;
		at[i] = layers_at(mem, q, i, docs);
	}
	const struct sources sources = {
		.fleet = f,
		.at = at,
		.patch = arena_printf(mem, "%s.yaml", q->subject.patch),
		.copies = copies,
	};
	q->values = stacks_new(mem, &sources);
	q->docs = placed;
}
