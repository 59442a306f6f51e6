#include "cmd/cmd.h"
#include "cmd/terminal.h"

int cmd_help(struct arena *mem, const struct options *o, struct error *e)
{
	struct buf out = { .mem = mem };

	(void)o;
	options_help(&out);
	return terminal_print(buf_str(&out), e);
}

int cmd_version(struct arena *mem, const struct options *o, struct error *e)
{
	(void)mem;
	(void)o;
	return terminal_print(STR("promote " PROMOTE_VERSION "\n"), e);
}
