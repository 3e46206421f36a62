#include "parsers/suffix.h"

#include <libpsl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "scanner/base/memory.h"

struct suffix_list {
	psl_ctx_t	*psl;		/* psl_free() knows the built-in one */
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
	free(list);
}

const char *
suffix_list_version(const struct suffix_list *list)
{
	return list->version;
}

/* No top-level domain is all digits (RFC 3696 2): it is an address. */
static bool
ends_in_digits(const char *name)
{
	const char *dot = strrchr(name, '.');
	const char *label = dot != NULL ? dot + 1 : name;

	return label[strspn(label, "0123456789")] == '\0';
}

const char *
suffix_registrable(const struct suffix_list *list, const char *name)
{
	if (name[0] == '.' || strchr(name, '\\') != NULL ||
	    ends_in_digits(name))
		return NULL;
	return psl_registrable_domain(list->psl, name);
}
