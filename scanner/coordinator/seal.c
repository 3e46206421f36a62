/*
 * seal: the last step of a run. Certificates and chains are written once,
 * distinct, from what the probe batches staged; then run.json, datapackage.json
 * and SHA256SUMS. Until the state is `sealed`, all of it can be done again.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/coordinator.h"
#include "scanner/crypto/digest.h"
#include "scanner/out/run_metadata.h"
#include "scanner/out/table.h"
#include "scanner/out/table_reader.h"

/* Rows in memory at a time; a run with more is sealed in several passes over
 * what is staged, each of which writes one part. */
#define PASS_BYTES ((uint64_t)256 << 20)

struct pass {
	struct coordinator *coordinator;
	enum table_id	 table;
	const char	*staged;	/* folder */
	unsigned	 passes, index;
	struct map	*seen;		/* keys of this pass */
	struct table	*rows;
};

/* Rows of a key are of one pass, by the first bytes of its hash. */
static bool
is_of_pass(const struct pass *pass, const struct table_reader *row)
{
	char prefix[5] = "";

	snprintf(prefix, sizeof prefix, "%.4s", table_get(row, 0));
	return strtoul(prefix, NULL, 16) % pass->passes == pass->index;
}

static void
take_row(struct pass *pass, const struct table_reader *row)
{
	char key[256];
	void **place;

	if (pass->table == TABLE_CHAINS)
		snprintf(key, sizeof key, "%s %s",
		    table_get(row, CHAINS_CHAIN_ID),
		    table_get(row, CHAINS_POSITION));
	else
		snprintf(key, sizeof key, "%s",
		    table_get(row, CERTIFICATES_SHA256));
	place = map_place(pass->seen, key, NULL);
	if (*place != NULL)
		return;
	*place = pass;
	table_copy_row(pass->rows, row);
}

static bool
read_staged(struct pass *pass, uint64_t number)
{
	char name[PART_NAME_MAX];
	struct table_reader *row;
	int descriptor, result = -1;

	part_name(name, pass->staged, number, ".csv.gz");
	descriptor = folder_read(&pass->coordinator->folder, name);
	row = descriptor < 0 ? NULL
	    : table_reader_open(pass->table, descriptor);
	while (row != NULL && (result = table_reader_next(row)) == 1)
		if (is_of_pass(pass, row))
			take_row(pass, row);
	if (result != 0)
		log_line("%s: %s", name, row != NULL ? table_reader_why(row)
		    : strerror(errno));
	table_reader_close(row);
	if (descriptor >= 0)
		close(descriptor);
	return result == 0;
}

static bool
write_pass(struct pass *pass)
{
	static const char open[] = "sealed";
	struct folder *folder = &pass->coordinator->folder;
	char name[PART_NAME_MAX];
	int descriptor = folder_create(folder, open);
	bool good;

	part_name(name, table_schemas[pass->table].name, pass->index,
	    ".csv.gz");
	/* What an interrupted seal left is derived, and made again. */
	(void)folder_remove(folder, name);
	good = descriptor >= 0 && table_write(pass->rows, descriptor,
	    (int)pass->coordinator->options->level, true) &&
	    folder_commit(folder, descriptor, open, name);
	if (!good)
		log_line("%s/%s: %s", folder->path, name, strerror(errno));
	if (descriptor >= 0)
		close(descriptor);
	return good;
}

static uint64_t
staged_bytes(struct folder *folder, const char *staged,
    const uint64_t *numbers, size_t count)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < count; i++) {
		char name[PART_NAME_MAX];
		struct stat status;

		part_name(name, staged, numbers[i], ".csv.gz");
		if (fstatat(folder->descriptor, name, &status, 0) == 0)
			bytes += (uint64_t)status.st_size;
	}
	return bytes * 2;	/* base64 of DER compresses that much */
}

static bool
seal_table(struct coordinator *coordinator, enum table_id table,
    const char *staged)
{
	struct pass pass = {
		.coordinator = coordinator, .table = table, .staged = staged,
	};
	uint64_t *numbers;
	size_t count;
	bool good = folder_parts(&coordinator->folder, staged, &numbers,
	    &count);

	pass.passes = (unsigned)(staged_bytes(&coordinator->folder, staged,
	    numbers, count) / PASS_BYTES) + 1;
	for (; pass.index < pass.passes && good; pass.index++) {
		pass.seen = map_new();
		pass.rows = table_new(table);
		for (size_t i = 0; i < count && good; i++)
			good = read_staged(&pass, numbers[i]);
		good = good && write_pass(&pass);
		table_free(pass.rows);
		map_free(pass.seen);
	}
	free(numbers);
	return good;
}

/* What describes the run ************************************************** */

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

/* A file that is about to be written: its hash is known before. */
static void
add_text(struct sealed_files *list, const char *name, const char *text)
{
	struct sealed_file *file = add_file(list, xstrdup(name));
	uint8_t sha256[SHA256_BYTES];

	file->bytes = strlen(text);
	digest_of(text, strlen(text), sha256);
	digest_to_hex(sha256, file->sha256);
}

/* progress.jsonl goes on being written; the others come after these. */
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

/* Every other file of the run. */
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

/* Files that stand in a table's folder are its parts. */
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

/* run.json with the state `sealed` is the last to be written: until then the
 * rest is made again. */
static bool
describe(struct coordinator *coordinator)
{
	struct folder *folder = &coordinator->folder;
	struct sealed_files list = { 0 };
	char *run = run_file_text(coordinator, "sealed"), *package = NULL;
	bool good;

	list_files(folder, NULL, &list);
	qsort(list.files, list.count, sizeof *list.files, compare_files);
	good = run != NULL && hash_files(folder, &list) &&
	    (package = datapackage_text(&list)) != NULL;
	if (good) {
		add_text(&list, "datapackage.json", package);
		add_text(&list, "run.json", run);
		qsort(list.files, list.count, sizeof *list.files,
		    compare_files);
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
	free(run);
	return good;
}

bool
seal_run(struct coordinator *coordinator)
{
	struct folder *folder = &coordinator->folder;

	if (!seal_table(coordinator, TABLE_CHAINS, ".work/chains") ||
	    !seal_table(coordinator, TABLE_CERTIFICATES,
	    ".work/certificates") || !describe(coordinator))
		return false;
	fclose(coordinator->starts);
	coordinator->starts = NULL;
	/* All that was worth keeping is in the tables. */
	if (!folder_remove_tree(folder, ".work"))
		log_line("%s/.work: %s", folder->path, strerror(errno));
	return true;
}
