/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For test_readers.py: reads lines of two texts with a tab between them, and prints for each line
 * the types of both, and 1 if a reader of YAML makes the same of both. Quoted texts are strings.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yaml/readers.h"

static struct node scalar(char *text)
{
	size_t n = strlen(text);
	bool quoted = text[0] == '"';

	return (struct node){ .kind = NODE_SCALAR,
		.style = quoted ? SCALAR_DOUBLE : SCALAR_PLAIN,
		.value = quoted ? (struct str){ text + 1, n - 2 } : str_of(text) };
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		char *tab = strchr(line, '\t');

		line[strcspn(line, "\n")] = '\0';
		if (!tab)
			return EXIT_FAILURE;
		*tab = '\0';
		const struct node a = scalar(line), b = scalar(tab + 1);
		printf("%d %d %d\n", scalar_type(&a) == TYPE_UNSURE, scalar_type(&b) == TYPE_UNSURE,
			readers_may_agree(&a, &b));
	}
	free(line);
	return EXIT_SUCCESS;
}
