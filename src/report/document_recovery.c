/* SPDX-License-Identifier: Apache-2.0 */
#include "report/document.h"

json_t *json_recovery(struct arena *mem, const char *outcome, const char *step)
{
	return json_document("Recovery",
		json_pack("{s:s, s:o}", "outcome", outcome, "step",
			step ? json_text(mem, step) : json_null()));
}
