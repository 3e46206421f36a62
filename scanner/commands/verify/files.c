#include "scanner/commands/verify/verify_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/base/regular_file.h"
#include "scanner/crypto/digest.h"

#define LINE_MAX_BYTES	1024
#define DEPTH_MAX	8	/* of folders; links can form a loop */

void
verify_violate(struct verifier *verifier, const char *format, ...)
{
	va_list arguments;
	char *line;

	if (verifier->violations++ >= VERIFY_SHOWN)
		return;
	va_start(arguments, format);
	if (vasprintf(&line, format, arguments) < 0)
		abort();
	va_end(arguments);
	for (char *at = line; *at != '\0'; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	fprintf(verifier->out, "%s\n", line);
	free(line);
}

/* Folders ***************************************************************** */

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
verify_list(struct verifier *verifier, const char *folder, struct names *list)
{
	int descriptor = openat(verifier->folder, folder,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = descriptor < 0 ? NULL : fdopendir(descriptor);
	struct dirent *entry;

	*list = (struct names){ 0 };
	if (stream == NULL) {
		if (errno != ENOENT)
			verify_violate(verifier, "%s: %s", folder,
			    strerror(errno));
		return;
	}
	for (errno = 0; (entry = readdir(stream)) != NULL; errno = 0) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		list->names = xreallocarray(list->names, list->count + 1,
		    sizeof *list->names);
		list->names[list->count++] = xstrdup(entry->d_name);
	}
	if (errno != 0)
		verify_violate(verifier, "%s: %s", folder, strerror(errno));
	closedir(stream);
	if (list->count > 0)
		qsort(list->names, list->count, sizeof *list->names,
		    compare_names);
}

void
names_fini(struct names *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->names[i]);
	free(list->names);
	*list = (struct names){ 0 };
}

bool
names_have(const struct names *list, const char *name)
{
	return list->count > 0 && bsearch(&name, list->names, list->count,
	    sizeof *list->names, compare_names) != NULL;
}

/* SHA256SUMS ************************************************************** */

/* "<64 hex digits>  <path inside the run>"; ends the line at the path's end. */
static const char *
path_of(char *line)
{
	size_t length = strlen(line), digits = strspn(line, "0123456789abcdef");
	const char *path = line + SHA256_HEX - 1 + 2;

	if (digits != SHA256_HEX - 1 || length < digits + 4 ||
	    line[length - 1] != '\n' || memcmp(line + digits, "  ", 2) != 0)
		return NULL;
	line[length - 1] = '\0';
	for (const char *at = path; at != NULL; at = strchr(at, '/')) {
		at += at[0] == '/' && at != path;
		if (at[0] == '/' || at[0] == '\0' || strcmp(at, "..") == 0 ||
		    strncmp(at, "../", 3) == 0)
			return NULL;
	}
	return path;
}

/* Is it a file that conclude makes from the facts? */
static bool
is_derived(const char *path)
{
	return strncmp(path, "outcomes/", strlen("outcomes/")) == 0 ||
	    strcmp(path, "summary.json") == 0 ||
	    strcmp(path, "datapackage.json") == 0;
}

static void
check_sum(struct verifier *verifier, char *line, struct keyset *listed)
{
	const char *path = path_of(line);
	uint8_t sha256[SHA256_BYTES];
	char hex[SHA256_HEX];
	int descriptor;

	if (path == NULL) {
		line[strcspn(line, "\n")] = '\0';
		verify_violate(verifier, "SHA256SUMS: %.80s: not a hash and a "
		    "file name", line);
		return;
	}
	if (!keyset_add(listed, path, strlen(path))) {
		verify_violate(verifier, "SHA256SUMS: %s: is listed "
		    "twice", path);
		return;
	}
	if (verifier->facts_alone && is_derived(path))
		return;
	descriptor = regular_file_open(verifier->folder, path);
	if (descriptor < 0 || !digest_of_descriptor(descriptor, sha256)) {
		verify_violate(verifier, "SHA256SUMS: %s: %s", path,
		    strerror(errno));
	} else {
		digest_to_hex(sha256, hex);
		if (memcmp(hex, line, SHA256_HEX - 1) != 0)
			verify_violate(verifier, "SHA256SUMS: %s: differs from "
			    "what was sealed", path);
	}
	if (descriptor >= 0)
		close(descriptor);
}

/* Is it a file that is written while the sums are made, or that is not part of
 * the run? */
static bool
is_beside(const char *path)
{
	static const char *const beside[] = {
		"SHA256SUMS", ".lock", ".work", "progress.jsonl",
	};

	for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++)
		if (strcmp(path, beside[i]) == 0)
			return true;
	return false;
}

static void
check_listed(struct verifier *verifier, const char *folder, unsigned depth,
    const struct keyset *listed)
{
	struct names list;

	verify_list(verifier, folder != NULL ? folder : ".", &list);
	for (size_t i = 0; i < list.count; i++) {
		char *path = folder == NULL ? xstrdup(list.names[i])
		    : xasprintf("%s/%s", folder, list.names[i]);
		struct stat status;
		bool is_folder = depth < DEPTH_MAX && fstatat(verifier->folder,
		    path, &status, 0) == 0 && S_ISDIR(status.st_mode);

		if (is_folder && !is_beside(path))
			check_listed(verifier, path, depth + 1, listed);
		else if (!is_beside(path) &&
		    !(verifier->facts_alone && is_derived(path)) &&
		    !keyset_has(listed, path, strlen(path)))
			verify_violate(verifier, "SHA256SUMS: %s: is not "
			    "listed",
			    path);
		free(path);
	}
	names_fini(&list);
}

void
verify_sums(struct verifier *verifier)
{
	int descriptor = regular_file_open(verifier->folder, "SHA256SUMS");
	FILE *sums = descriptor < 0 ? NULL : fdopen(descriptor, "r");
	struct keyset *listed;
	char line[LINE_MAX_BYTES];

	if (sums == NULL) {
		verify_violate(verifier, "SHA256SUMS: %s", strerror(errno));
		return;
	}
	listed = keyset_new();
	while (fgets(line, sizeof line, sums) != NULL)
		check_sum(verifier, line, listed);
	if (ferror(sums))
		verify_violate(verifier, "SHA256SUMS: %s", strerror(errno));
	fclose(sums);
	check_listed(verifier, NULL, 0, listed);
	keyset_free(listed);
}
