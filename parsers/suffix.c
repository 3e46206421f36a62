#include "parsers/suffix.h"

#include <libpsl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "scanner/base/memory.h"

#define MEMO		1024
#define MEMO_TEXT	62

/* A recently looked-up name. libpsl takes 0.2 to 0.5 us for each look-up, and
 * most names share all but their first label with others. */
struct memo {
	char		text[MEMO_TEXT];	/* not terminated */
	uint8_t		length;			/* 0: free */
	bool		is_suffix;
};

struct suffix_list {
	psl_ctx_t	*psl;		/* psl_free() knows the built-in one */
	struct memo	*memos;		/* by hash */
	char		 version[64];
};

/* The date of the distribution's list is the date of its file. The built-in
 * list has the date of the file from which it was built. */
static time_t
time_of_list(const psl_ctx_t *psl)
{
	const char *file = psl_dist_filename();
	struct stat status;

	if (psl != psl_builtin() && file != NULL && stat(file, &status) == 0)
		return status.st_mtime;
	return psl_builtin_file_time();
}

struct suffix_list *
suffix_list_open(void)
{
	struct suffix_list *list;
	psl_ctx_t *psl = psl_latest(NULL);
	struct tm utc;
	time_t when;

	if (psl == NULL)
		psl = (psl_ctx_t *)(uintptr_t)psl_builtin();
	if (psl == NULL)
		return NULL;
	when = time_of_list(psl);
	list = xcalloc(1, sizeof *list);
	list->psl = psl;
	list->memos = xcalloc(MEMO, sizeof *list->memos);
	if (gmtime_r(&when, &utc) == NULL ||
	    strftime(list->version, sizeof list->version, "%Y-%m-%d", &utc) ==
	    0)
		list->version[0] = '\0';
	return list;
}

void
suffix_list_free(struct suffix_list *list)
{
	if (list == NULL)
		return;
	psl_free(list->psl);
	free(list->memos);
	free(list);
}

const char *
suffix_list_version(const struct suffix_list *list)
{
	return list->version;
}

/* No top-level domain has only digits (RFC 3696 2), so this is an address. */
static bool
ends_in_digits(const char *name)
{
	const char *dot = strrchr(name, '.');
	const char *label = dot != NULL ? dot + 1 : name;

	return label[strspn(label, "0123456789")] == '\0';
}

static struct memo *
memo_of(const struct suffix_list *list, const char *name, size_t length)
{
	uint32_t hash = 2166136261u;	/* FNV-1a */

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (uint8_t)name[i]) * 16777619u;
	return &list->memos[(hash ^ hash >> 16) % MEMO];
}

static bool
is_suffix(const struct suffix_list *list, const char *name)
{
	size_t length = strlen(name);
	struct memo *memo;

	if (length == 0 || length > MEMO_TEXT)
		return psl_is_public_suffix(list->psl, name) != 0;
	memo = memo_of(list, name, length);
	if (memo->length == length && memcmp(memo->text, name, length) == 0)
		return memo->is_suffix;
	memo->length = (uint8_t)length;
	memcpy(memo->text, name, length);
	memo->is_suffix = psl_is_public_suffix(list->psl, name) != 0;
	return memo->is_suffix;
}

/* Does what psl_registrable_domain does: the longest suffix counts, so it
 * searches from the left. */
const char *
suffix_registrable(const struct suffix_list *list, const char *name)
{
	const char *registrable = NULL, *dot;

	if (name[0] == '.' || strchr(name, '\\') != NULL ||
	    ends_in_digits(name))
		return NULL;
	while (!is_suffix(list, name) && (dot = strchr(name, '.')) != NULL) {
		registrable = name;
		name = dot + 1;
	}
	return registrable;
}
