#include "scanner/options/inside_run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/memory.h"

/* Cuts the last component off. */
static void
cut_last(char *path)
{
	size_t length = strlen(path);

	while (length > 0 && path[length - 1] == '/')
		length--;
	while (length > 0 && path[length - 1] != '/')
		length--;
	path[length] = '\0';
}

/* Returns the real path of the folder that a path is in, or NULL if that folder
 * does not exist. */
static char *
folder_of(const char *path)
{
	char *full = realpath(path, NULL), *copy, *folder;

	copy = full != NULL ? full : xstrdup(path);
	cut_last(copy);
	folder = realpath(copy[0] != '\0' ? copy : ".", NULL);
	free(copy);
	return folder;
}

static bool
has_file(const char *folder, const char *name)
{
	char *path = xasprintf("%s/%s", folder, name);
	bool has = access(path, F_OK) == 0;

	free(path);
	return has;
}

bool
is_inside_run(const char *path)
{
	char *folder = folder_of(path), *slash = folder;
	bool is_inside = false;

	while (slash != NULL && !is_inside) {
		is_inside = has_file(folder, "run.json") &&
		    has_file(folder, "SHA256SUMS");
		slash = strrchr(folder, '/');
		if (slash != NULL)
			*slash = '\0';
	}
	free(folder);
	return is_inside;
}
