/* SPDX-License-Identifier: Apache-2.0 */
#include "layer_kit.h"

struct layer *new_layer(struct kit *k, const char *path, uint32_t meaning, const char *text)
{
	struct layer *made = ARENA_NEW(&k->mem, struct layer, 1);
	struct doc *doc = ARENA_NEW(&k->mem, struct doc, 1);

	*doc = kit_read(k, str_of(text));
	*made = (struct layer){ .path = path,
		.name = strrchr(path, '/') + 1,
		.doc = doc,
		.root = doc->root,
		.mode = 0644,
		.meaning = meaning };
	made->patch = made->name[0] == 'p';
	return made;
}
