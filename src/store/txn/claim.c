/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/tree/denied.h"

#define ASIDE                                                                                      \
	"; if no run here has left it, move it out of the tree, and keep it until you know what it has"

static int refuse(struct error *e)
{
	error_file(e, STAGING_DIR);
	return error_code(e, "staging-not-own");
}

static int refuse_owner(const char *shown, uid_t owner, struct error *e)
{
	error_set(e, STATUS_REFUSED,
		"%s belongs to user %lu, and you are user %lu: " STAGING_DIR
		" is not used. User %lu can run 'promote recover'%s" ASIDE,
		shown, (unsigned long)owner, (unsigned long)geteuid(), (unsigned long)owner,
		geteuid() == 0 ? ", and you 'promote recover --trust'" : "");
	return refuse(e);
}

int claim_site(const struct staging *s, const struct site *made, struct error *e)
{
	if (site_same(made, &s->site))
		return 0;
	error_set(e, STATUS_REFUSED,
		STAGING_DIR
		" was not made here: it came with a copy of the tree, with an archive or with git, and is not used. Move it out of the tree, and keep it until you know what it has; where it was made, 'promote recover' finishes or undoes its step");
	return refuse(e);
}

/* What the directory's .gitignore is. */
enum ignore {
	IGNORE_NONE, /* not there, or not one of ours */
	IGNORE_CUT,  /* the begin of one of ours */
	IGNORE_SITE, /* it says where the directory was made */
};

/* If it cannot be read, with an error. */
static enum ignore read_ignore(const struct staging *s, struct site *made, struct error *e)
{
	static const struct str start = STR("*\n# ");
	char text[SITE_TEXT + 8];
	int fd = tree_open_file(s->fd, STAGING_IGNORE);
	ssize_t n = 0;

	if (fd < 0) {
		if (errno != ENOENT)
			tree_error(e, errno, STAGING_DIR "/" STAGING_IGNORE);
		return IGNORE_NONE;
	}
	do
		n = read(fd, text, sizeof(text));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		error_system(e, errno, STAGING_DIR "/" STAGING_IGNORE);
	close(fd);
	if (n < 0)
		return IGNORE_NONE;
	const struct str all = { text, (size_t)n };
	const size_t common = all.len < start.len ? all.len : start.len;
	if (memcmp(text, start.at, common) != 0)
		return IGNORE_NONE;
	if (all.len <= start.len || all.at[all.len - 1] != '\n')
		return IGNORE_CUT;
	return site_read(str_part(all, start.len, all.len - 1), made) ? IGNORE_SITE : IGNORE_NONE;
}

/*
 * git and archives open what they bring to others: then it is more to the point that they have
 * brought it.
 */
static int refuse_open(const struct staging *s, const char *shown, mode_t mode, struct error *e)
{
	struct site made = { .boot = "" };
	struct error unread = { 0 };
	const bool elsewhere =
		read_ignore(s, &made, &unread) == IGNORE_SITE && !site_same(&made, &s->site);

	error_free(&unread);
	if (elsewhere)
		return claim_site(s, &made, e);
	error_set(e, STATUS_REFUSED,
		"%s is open to other users (mode %o): " STAGING_DIR
		" is not used. If nobody else can have changed it, close it with 'chmod go= %s' and run 'promote recover'" ASIDE,
		shown, (unsigned)mode & 07777, shown);
	return refuse(e);
}

/* Root acts as the owner of the directory, so that nothing is done that he could not do. */
static int act_as(struct claim *c, const struct stat *st, struct error *e)
{
	c->group_count = getgroups(CLAIM_GROUPS, c->groups);
	if (c->group_count >= 0 && setgroups(0, NULL) == 0) {
		c->acting = true;
		if (setegid(st->st_gid) == 0 && seteuid(st->st_uid) == 0)
			return 0;
	}
	return error_system(e, errno, "cannot act as user %lu", (unsigned long)st->st_uid);
}

int claim_leave(struct claim *c, struct error *e)
{
	struct error failed = { 0 };

	if (!c->acting)
		return 0;
	c->acting = false;
	if (seteuid(getuid()) == 0 && setegid(getgid()) == 0 &&
		setgroups((size_t)c->group_count, c->groups) == 0)
		return 0;
	error_system(&failed, errno, "cannot act as user %lu again", (unsigned long)getuid());
	return error_add(e, &failed);
}

/*
 * A generator, or a person, may have taken our rights to what is ours away. If they stay away, the
 * next call tells. No link is followed.
 */
static void take_rights(int dir, const char *name, const struct stat *st, mode_t rights)
{
	(void)fchmodat(dir, name, (st->st_mode & 07777) | rights, AT_SYMLINK_NOFOLLOW);
}

int claim_open(const struct root *root, const struct claim *c, struct staging *s, struct error *e)
{
	struct stat st;

	if (staging_open(root, s, e) == 0)
		return 0;
	if (faccessat(root->fd, STAGING_DIR, R_OK, AT_EACCESS) == 0 || errno != EACCES ||
		fstatat(root->fd, STAGING_DIR, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	error_free(e);
	if (st.st_uid != geteuid())
		return refuse_owner(STAGING_DIR, st.st_uid, e);
	if (!c->looks_only)
		take_rights(root->fd, STAGING_DIR, &st, 0700);
	if (c->looks_only || faccessat(root->fd, STAGING_DIR, R_OK, AT_EACCESS) < 0)
		return denied_error(e, EACCES, root->fd, STAGING_DIR);
	return staging_open(root, s, e);
}

/*
 * Whether what is open is closed to others: 1, 0, or -1 with errno set. A file system without
 * modes is found out by a mode that does not stay as it was set.
 */
static int is_closed(int fd, const struct stat *st, struct claim *c)
{
	struct stat now;

	if (!(st->st_mode & 077))
		return 1;
	if (c->looks_only)
		return 0;
	bool set = fchmod(fd, st->st_mode & 0700) == 0;
	if (!set && errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EROFS)
		return -1;
	if (fstat(fd, &now) < 0)
		return -1;
	c->no_modes = (now.st_mode & 077) != 0;
	return c->no_modes ? 1 : fchmod(fd, st->st_mode & 07777);
}

/* A file that a recovery obeys. What it moves is known by its digest. */
static int check_file(const struct staging *s, const char *name, struct claim *c, struct error *e)
{
	char shown[sizeof(STAGING_DIR) + STAGING_NAME];
	struct stat st;
	int fd = tree_open_file(s->fd, name), rc = 0;

	snprintf(shown, sizeof(shown), STAGING_DIR "/%s", name);
	if (fd < 0 && errno == EACCES && fstatat(s->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		if (st.st_uid != geteuid())
			return refuse_owner(shown, st.st_uid, e);
		if (!c->looks_only)
			take_rights(s->fd, name, &st, 0600);
		fd = tree_open_file(s->fd, name);
	}
	if (fd < 0)
		/* one that is no file is found when it is read */
		return tree_is_absent(errno) ? 0 : denied_error(e, errno, s->root->fd, shown);
	if (fstat(fd, &st) < 0)
		rc = error_system(e, errno, "%s", shown);
	else if (st.st_uid != geteuid())
		rc = refuse_owner(shown, st.st_uid, e);
	else if (!c->no_modes && st.st_mode & 077)
		rc = refuse_open(s, shown, st.st_mode, e);
	close(fd);
	return rc;
}

/* The directory itself; afterwards nobody else can reach what is in it. */
static int check_directory(const struct staging *s, struct claim *c, struct error *e)
{
	struct stat st, root;

	if (fstat(s->fd, &st) < 0 || fstat(s->root->fd, &root) < 0)
		return error_system(e, errno, STAGING_DIR);
	if (geteuid() == 0 && st.st_uid != 0 && c->trust && st.st_uid == root.st_uid &&
		act_as(c, &st, e) < 0)
		return -1;
	if (st.st_uid != geteuid())
		return refuse_owner(STAGING_DIR, st.st_uid, e);
	int closed = is_closed(s->fd, &st, c);
	if (closed < 0)
		return error_system(e, errno, STAGING_DIR);
	if (closed && !c->looks_only && (st.st_mode & 0700) != 0700)
		take_rights(s->root->fd, STAGING_DIR, &st, 0700);
	return closed ? 0 : refuse_open(s, STAGING_DIR, st.st_mode, e);
}

int claim_owner(const struct staging *s, struct claim *c, struct error *e)
{
	static const char *const obeyed[] = { STAGING_IGNORE, STAGING_JOURNAL, STAGING_REDO,
		STAGING_UNDO, STAGING_RENDERED };
	struct error other = { 0 };
	int count = staging_check_names(s, &other);

	error_free(&other); /* first whose it is, then what it has */
	if (count == 0)
		return 0;
	if (check_directory(s, c, e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(obeyed) / sizeof(*obeyed); i++)
		if (check_file(s, obeyed[i], c, e) < 0)
			return -1;
	count = staging_check_names(s, e);
	return count > 0 ? 1 : count;
}

int claim_undecided(const struct staging *s, struct error *e)
{
	struct site made = { .boot = "" };
	const enum ignore found = read_ignore(s, &made, e);

	/* A run that was killed at its first write has left nothing else. */
	if (found == IGNORE_CUT && staging_check_names(s, e) == 1)
		return 0;
	return e->text ? -1 : claim_site(s, &made, e);
}
