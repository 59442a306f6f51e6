/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys are typing mistakes, and which numbers were meant as text. */
#include "core/lost_text.h"
#include "core/near_miss.h"
#include "fleet_text.h"
#include "helper.h"

static void keys(void **state)
{
	static const struct {
		const char *typed, *meant;
		bool near;
	} rows[] = {
		/* case, hyphens and underscores */
		{ "targetrevision", "targetRevision", true },
		{ "target_revision", "targetRevision", true },
		{ "kube-state-metrics", "kubeStateMetrics", true },
		{ "TAGS", "tags", true },
		{ "abc", "ABC", false },
		{ "replicas", "replicas", false },
		/* a letter too much or too few, two that are swapped */
		{ "targetRevison", "targetRevision", true },
		{ "targettRevision", "targetRevision", true },
		{ "replcas", "replicas", true },
		{ "replicsa", "replicas", true },
		{ "toleration", "tolerations", true },
		{ "nameSpace", "namespace", true },
		{ "eplicas", "replicas", true },
		/* short words are others */
		{ "host", "hosts", false },
		{ "from", "form", false },
		{ "path", "patch", false },
		{ "tag", "tags", false },
		/* another letter */
		{ "replicaz", "replicas", false },
		{ "replocas", "replicas", true },
		{ "teplicas", "replicas", false },
		{ "rules", "roles", false },
		{ "stage", "state", false },
		/* two mistakes */
		{ "repositroyy", "repository", true },
		{ "anotatons", "annotations", true },
		{ "annotatoinss", "annotations", true },
		{ "annatatoons", "annotations", false },
		{ "annnnotations", "annotations", true },
		{ "nanotatiosn", "annotations", false },
		{ "anntationes", "annotations", true },
		{ "internal", "external", false },
		{ "annos", "annotations", false },
		{ "replcs", "replicas", false },
		{ "nanotations", "annotations", true },
		{ "xannotationx", "annotation", false },
		/* words that are made of each other */
		{ "scheduler", "schedule", false },
		{ "schedule", "scheduler", false },
		{ "schedules", "schedule", true },
		{ "provider", "provided", false },
		{ "schedulers", "schedules", true },
		/* other words */
		{ "minReplicas", "maxReplicas", false },
		{ "httpPort", "httpsPort", false },
		{ "httpsPort", "httpPort", false },
		{ "inputPath", "outputPath", false },
		{ "podLabel", "nodeLabels", false },
		{ "first", "second", false },
		{ "httpPort", "htmlPort", false },
		{ "httpsPort", "httppPort", false },
		{ "pod.labels", "pod/labels", false },
		{ "p~labels", "p~label", true },
		/* other digits */
		{ "zone-1", "zone-2", false },
		{ "port8080", "port808", false },
		{ "zonee-1", "zones-1", false },
		{ "zoness-1", "zones-1", true },
		/* a capital is missing, too */
		{ "targetrevison", "targetRevision", true },
		{ "targetrevixion", "targetRevision", false },
		{ "pod-s", "podss", false },
		{ "pod.lab", "podLabs", false },
		{ "podschedule", "podScheduler", false },
		/* what cannot be compared */
		{ "réplicas", "replicas", false },
		{ "replicas", "réplicas", false },
		{ "ab", "abc", false },
		{ "replicas", "abc", false },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
		{ "1234", "12-34", true },
		{ "----", "____", true },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		if (near_miss(str_of(rows[i].typed), str_of(rows[i].meant)) != rows[i].near)
			fail_msg("%s and %s", rows[i].typed, rows[i].meant);
}

static void numbers(void **state)
{
	static const struct {
		const char *key, *text, *below;
		const char *number; /* NULL: nothing is lost, or a number was meant */
	} rows[] = {
		/* by how it is written */
		{ "a", "1.20", NULL, "1.2" },
		{ "a", "10.00", NULL, "10" },
		{ "a", "1.25", NULL, NULL },
		{ "a", "1.0", NULL, NULL },
		{ "a", "0.50", NULL, NULL },
		{ "a", "1.20e3", NULL, NULL },
		{ "a", "-1.20", NULL, NULL },
		{ "a", "012", NULL, "10" },
		{ "a", "08", NULL, "8" },
		{ "a", "0644", NULL, NULL },
		{ "a", "0944", NULL, "944" },
		{ "a", "1.12345678901234567891", NULL, NULL },
		{ "a", "01234", NULL, "668" },
		{ "a", "12", NULL, NULL },
		{ "a", "12345678901234567890123", NULL, "1.2345678901234568e+22" },
		{ "a", "1e3", NULL, NULL },
		{ "a", "0x1F", NULL, NULL },
		{ "a", "+1", NULL, NULL },
		{ "a", "1.20.3", NULL, NULL },
		{ "a", "v1.20", NULL, NULL },
		{ "a", "'1.20'", NULL, NULL },
		{ "a", "!!float 1.20", NULL, NULL },
		{ "a", ".inf", NULL, NULL },
		{ "a", "yes", NULL, NULL },
		{ "a", "''", NULL, NULL },
		/* by what it replaces */
		{ "a", "1.0", "v1", "1" },
		{ "a", "-0x1F", "'1'", "-31" },
		{ "a", "1.5", "v1", NULL },
		{ "a", "1.20", "1.25", NULL },
		{ "a", "012", "3", NULL },
		{ "a", "1.20", "true", "1.2" },
		{ "a", "1.20", "[a]", "1.2" },
		/* by the key */
		{ "version", "1.0", "1.25", "1" },
		{ "targetRevision", "1e3", "2", "1000" },
		{ "image_tags", "1.0", NULL, "1" },
		{ "TAG", "1.0", NULL, "1" },
		{ "chart-version", "1.0", NULL, "1" },
		{ "conversion", "1.0", NULL, NULL },
		{ "on", "1.0", NULL, NULL },
		{ "", "1.0", NULL, NULL },
		{ "s", "1.0", NULL, NULL },
		{ "defaultMode", "017", NULL, NULL },
		{ "modes", "017", NULL, NULL },
		{ "a2tag", "1.0", NULL, "1" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct doc doc =
			kit_read(k, str_of(arena_printf(&k->mem, "a: %s", rows[i].text)));
		const struct doc below = kit_read(k,
			str_of(arena_printf(&k->mem, "a: %s", rows[i].below ? rows[i].below : "")));
		const char *got = lost_text(&k->mem, node_get(doc.root, "a"), str_of(rows[i].key),
			rows[i].below ? node_get(below.root, "a") : NULL, false);

		expect_text(rows[i].key, rows[i].text, rows[i].number ? rows[i].number : "-",
			got ? got : "-");
	}
}

/* At the bottom only the key tells. */
static void numbers_of_values(void **state)
{
	struct kit *k = *state;
	const struct doc doc = kit_read(k, STR("a: 1.20"));
	const struct node *a = node_get(doc.root, "a");

	assert_null(lost_text(&k->mem, a, STR("a"), NULL, true));
	assert_string_equal(lost_text(&k->mem, a, STR("version"), NULL, true), "1.2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(keys),
		KIT_TEST(numbers),
		KIT_TEST(numbers_of_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
