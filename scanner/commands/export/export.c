#include "scanner/commands/export/export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/commands/export/anonymous.h"
#include "scanner/commands/sealed_run.h"
#include "scanner/commands/verify.h"
#include "scanner/crypto/digest.h"
#include "scanner/options/options.h"
#include "scanner/run/folder.h"
#include "scanner/run/manifest.h"

#define LINE_MAX_BYTES	1024
#define LEVEL_PRESET	4
#define OPEN_NAME	"copy"

struct export {
	const char	*from, *to;
	bool		 is_anonymous;
	struct sealed_run run;
	struct folder	 folder;	/* that is made */
	struct anonymous anonymous;
	int		 level;
};

/* Files ******************************************************************* */

static bool
copy_bytes(int from, int to)
{
	char piece[65536];
	ssize_t length;

	while ((length = read(from, piece, sizeof piece)) != 0) {
		if (length < 0 && errno == EINTR)
			continue;
		for (ssize_t at = 0; at < length; ) {
			ssize_t written = write(to, piece + at,
			    (size_t)(length - at));

			if (written < 0 && errno != EINTR)
				return false;
			at += written > 0 ? written : 0;
		}
		if (length < 0)
			return false;
	}
	return true;
}

static bool
copy_rows(struct export *export, enum table_id id, int from, int to)
{
	struct table *table = table_new(id);
	struct table_reader *row = table_reader_open(id, from);
	int result;
	bool good;

	while ((result = table_reader_next(row)) == 1)
		anonymous_row(&export->anonymous, id, table, row);
	good = result == 0 && table_write(table, to, export->level, false);
	if (result < 0) {
		log_line("%s: %s", export->from, table_reader_why(row));
		errno = EINVAL;
	}
	table_reader_close(row);
	table_free(table);
	return good;
}

/* Returns the table to which the part belongs; TABLE_COUNT if it belongs to
 * none. */
static enum table_id
table_of(const char *path)
{
	int table = 0;

	for (; table < TABLE_COUNT; table++) {
		const char *name = table_schemas[table].name;
		size_t length = strlen(name);

		if (strncmp(path, name, length) == 0 && path[length] == '/')
			break;
	}
	return (enum table_id)table;
}

/* Folders that a run has in addition to those of its tables. */
static bool
make_parent(const struct export *export, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *parent;
	bool good;

	if (slash == NULL)
		return true;
	parent = xasprintf("%.*s", (int)(slash - path), path);
	good = mkdirat(export->folder.descriptor, parent, 0777) == 0 ||
	    errno == EEXIST;
	free(parent);
	return good;
}

static bool
export_file(struct export *export, const char *path)
{
	enum table_id id = table_of(path);
	int from = openat(export->run.folder, path, O_RDONLY | O_CLOEXEC);
	int to = folder_create(&export->folder, OPEN_NAME);
	bool rewritten = export->is_anonymous && id != TABLE_COUNT &&
	    anonymous_changes(id);
	bool good = from >= 0 && to >= 0 && make_parent(export, path) &&
	    (rewritten ? copy_rows(export, id, from, to)
	    : copy_bytes(from, to)) &&
	    folder_commit(&export->folder, to, OPEN_NAME, path);

	if (!good)
		log_line("%s/%s: %s", export->to, path, strerror(errno));
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return good;
}

/* Is the file not copied? These are run.json and files that are made again; of
 * an anonymous run, also everything that is not a table and may contain an
 * address. */
static bool
is_left_out(const struct export *export, const char *path)
{
	if (strcmp(path, "run.json") == 0 ||
	    strcmp(path, "datapackage.json") == 0)
		return true;
	return export->is_anonymous && table_of(path) == TABLE_COUNT &&
	    strcmp(path, "summary.json") != 0 &&
	    strcmp(path, "policy-list.json") != 0;
}

/* Copies every file that the run's seal lists. */
static bool
export_files(struct export *export)
{
	int descriptor = openat(export->run.folder, "SHA256SUMS",
	    O_RDONLY | O_CLOEXEC);
	FILE *sums = descriptor < 0 ? NULL : fdopen(descriptor, "r");
	char line[LINE_MAX_BYTES];
	bool good = sums != NULL;

	if (sums == NULL)
		log_line("%s/SHA256SUMS: %s", export->from, strerror(errno));
	while (good && fgets(line, sizeof line, sums) != NULL) {
		const char *path = line + SHA256_HEX - 1 + 2;

		line[strcspn(line, "\n")] = '\0';
		if (!is_left_out(export, path))
			good = export_file(export, path);
	}
	if (sums != NULL)
		fclose(sums);
	return good;
}

/* The run ***************************************************************** */

static bool
write_manifest(struct export *export)
{
	char *text = NULL;
	bool good;

	if (export->is_anonymous) {
		anonymous_run(&export->anonymous, export->run.file.root);
		text = run_json_dump(&export->run.file);
	}
	good = manifest_write(&export->folder, text != NULL ? text
	    : buffer_text(&export->run.file.text));
	free(text);
	return good;
}

static int
export_run(struct export *export)
{
	bool good;

	export->level = run_json_has(&export->run.file, RUN_MEMBER_LEVEL)
	    ? (int)export->run.file.level : LEVEL_PRESET;
	if (mkdir(export->to, 0777) != 0 ||
	    folder_open(&export->folder, export->to) != FOLDER_OK) {
		log_line("%s: %s", export->to, strerror(errno));
		return EXIT_OUTPUT;
	}
	anonymous_init(&export->anonymous);
	good = export_files(export) && write_manifest(export);
	anonymous_fini(&export->anonymous);
	(void)folder_remove_tree(&export->folder, ".work");
	(void)folder_remove(&export->folder, ".lock");
	return good ? EXIT_COMPLETE : EXIT_OUTPUT;
}

static int
export_verified(struct export *export)
{
	int status = sealed_run_open(&export->run, export->from);

	export->folder = (struct folder){ .descriptor = -1, .lock = -1 };
	/* This is checked first, so that a person does not learn it only after
	 * the whole run was read. */
	if (status == EXIT_COMPLETE && access(export->to, F_OK) == 0) {
		log_line("%s: %s", export->to, strerror(EEXIST));
		status = EXIT_OUTPUT;
	}
	/* Otherwise the new hashes would cover damaged files. */
	if (status == EXIT_COMPLETE)
		status = verify_run(export->from, stderr);
	if (status == EXIT_COMPLETE)
		status = export_run(export);
	folder_close(&export->folder);
	sealed_run_close(&export->run);
	return status;
}

int
export_command(const struct options *options)
{
	struct export export = {
		.from = options->arguments[0], .to = options->output,
		.is_anonymous = options->is_anonymous,
	};

	if (export.to == NULL) {
		log_line("name a folder for the copy: -o FOLDER");
		return EXIT_USAGE;
	}
	return export_verified(&export);
}
