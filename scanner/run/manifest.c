#include "scanner/run/manifest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/buffer.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/crypto/digest.h"
#include "scanner/out/run_metadata.h"

struct sealed_file {
	char		*name;
	uint64_t	 bytes;
	char		 sha256[SHA256_HEX];
};

struct sealed_files {
	struct sealed_file *files;
	size_t		 count;
};

static struct sealed_file *
add_file(struct sealed_files *list, char *name)
{
	struct sealed_file *file;

	list->files = xreallocarray(list->files, list->count + 1,
	    sizeof *list->files);
	file = &list->files[list->count++];
	*file = (struct sealed_file){ .name = name };
	return file;
}

/* Adds a file that will be written next; its hash is known already. */
static void
add_text(struct sealed_files *list, const char *name, const char *text)
{
	struct sealed_file *file = add_file(list, xstrdup(name));
	uint8_t sha256[SHA256_BYTES];

	file->bytes = strlen(text);
	digest_of(text, strlen(text), sha256);
	digest_to_hex(sha256, file->sha256);
}

/* progress.jsonl is still being written; the others are written later. */
static bool
is_listed(const char *name)
{
	static const char *const others[] = {
		"SHA256SUMS", "progress.jsonl", "run.json", "datapackage.json",
	};

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcmp(name, others[i]) == 0)
			return false;
	return name[0] != '.';
}

/* Lists every other file of the run. */
static void
list_files(struct folder *folder, const char *inside,
    struct sealed_files *list)
{
	int descriptor = openat(folder->descriptor, inside == NULL ? "."
	    : inside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = descriptor < 0 ? NULL : fdopendir(descriptor);
	struct dirent *entry;

	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		struct stat status;

		if (!is_listed(entry->d_name) || fstatat(dirfd(stream),
		    entry->d_name, &status, 0) != 0)
			continue;
		if (S_ISDIR(status.st_mode) && inside == NULL)
			list_files(folder, entry->d_name, list);
		else if (S_ISREG(status.st_mode))
			add_file(list, inside == NULL
			    ? xstrdup(entry->d_name) : xasprintf("%s/%s",
			    inside, entry->d_name))->bytes =
			    (uint64_t)status.st_size;
	}
	if (stream != NULL)
		closedir(stream);
}

static int
compare_files(const void *a, const void *b)
{
	const struct sealed_file *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static bool
hash_files(struct folder *folder, struct sealed_files *list)
{
	for (size_t i = 0; i < list->count; i++) {
		uint8_t sha256[SHA256_BYTES];
		int descriptor = folder_read(folder, list->files[i].name);
		bool good = descriptor >= 0 &&
		    digest_of_descriptor(descriptor, sha256);

		if (descriptor >= 0)
			close(descriptor);
		if (!good)
			return false;
		digest_to_hex(sha256, list->files[i].sha256);
	}
	return true;
}

/* The files in a table's folder are its parts. */
static char *
datapackage_text(const struct sealed_files *list)
{
	struct run_part *parts = xcalloc(list->count, sizeof *parts);
	size_t count = 0;
	json_t *package;
	char *text;

	for (size_t i = 0; i < list->count; i++)
		for (int t = 0; t < TABLE_COUNT; t++) {
			const char *table = table_schemas[t].name;
			size_t length = strlen(table);
			const struct sealed_file *file = &list->files[i];

			if (strncmp(file->name, table, length) == 0 &&
			    file->name[length] == '/')
				parts[count++] = (struct run_part){
					(enum table_id)t, file->name,
					file->bytes, file->sha256,
				};
		}
	package = schema_datapackage(parts, count);
	text = json_dumps(package, JSON_INDENT(2));
	json_decref(package);
	free(parts);
	return text;
}

static bool
write_sums(struct folder *folder, const struct sealed_files *list)
{
	struct buffer sums = { 0 };
	bool good;

	for (size_t i = 0; i < list->count; i++)
		buffer_printf(&sums, "%s  %s\n", list->files[i].sha256,
		    list->files[i].name);
	good = folder_replace(folder, "SHA256SUMS", sums.bytes, sums.length);
	buffer_fini(&sums);
	return good;
}

static void
sort(struct sealed_files *list)
{
	if (list->count > 0)
		qsort(list->files, list->count, sizeof *list->files,
		    compare_files);
}

bool
manifest_write(struct folder *folder, const char *run)
{
	struct sealed_files list = { 0 };
	char *package = NULL;
	bool good;

	list_files(folder, NULL, &list);
	sort(&list);
	good = hash_files(folder, &list) &&
	    (package = datapackage_text(&list)) != NULL;
	if (good) {
		add_text(&list, "datapackage.json", package);
		add_text(&list, "run.json", run);
		sort(&list);
		good = folder_replace(folder, "datapackage.json", package,
		    strlen(package)) && write_sums(folder, &list) &&
		    folder_replace(folder, "run.json", run, strlen(run));
	}
	if (!good)
		log_line("%s: the seal cannot be written: %s", folder->path,
		    strerror(errno));
	for (size_t i = 0; i < list.count; i++)
		free(list.files[i].name);
	free(list.files);
	free(package);
	return good;
}
