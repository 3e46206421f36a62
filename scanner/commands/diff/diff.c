#include "scanner/commands/diff/diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/commands/diff/diff_internal.h"
#include "scanner/options/options.h"

/* The files of --csv ****************************************************** */

FILE *
diff_create(const char *folder, const char *name)
{
	char *path = xasprintf("%s/%s.csv", folder, name);
	FILE *file = fopen(path, "w");

	if (file == NULL)
		log_line("%s: %s", path, strerror(errno));
	free(path);
	return file;
}

bool
diff_make_folder(const char *folder)
{
	if (mkdir(folder, 0777) == 0 || errno == EEXIST)
		return true;
	log_line("%s: %s", folder, strerror(errno));
	return false;
}

static bool
open_files(struct diff_files *files, const char *folder)
{
	*files = (struct diff_files){ 0 };
	return diff_make_folder(folder) &&
	    (files->domains = diff_create(folder, "domains")) != NULL &&
	    (files->transitions = diff_create(folder, "transitions")) != NULL &&
	    (files->providers = diff_create(folder, "providers")) != NULL &&
	    (files->certificates = diff_create(folder, "certificates")) != NULL &&
	    (files->tlsa = diff_create(folder, "tlsa")) != NULL;
}

bool
diff_close(FILE *file, const char *folder)
{
	bool good;

	if (file == NULL)
		return false;	/* diff_create() has printed the message */
	good = !ferror(file);
	if (fclose(file) != 0)
		good = false;
	if (!good)
		log_line("%s: not all was written", folder);
	return good;
}

static bool
close_files(const struct diff_files *files, const char *folder)
{
	FILE *const all[] = { files->domains, files->transitions,
		files->providers, files->certificates, files->tlsa };
	bool good = true;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		good = diff_close(all[i], folder) && good;
	return good;
}

static bool
list_options(const json_t *differences, const char *folder)
{
	FILE *file = diff_create(folder, "options");

	if (file == NULL)
		return false;
	diff_options_list(differences, file);
	return diff_close(file, folder);
}

/* ************************************************************************* */

bool
diff_describe(const struct sealed_run *run, struct diff_run *of)
{
	const struct run_json *file = &run->file;
	const char *fault = run_json_check(file, RUN_MEMBERS_OF_A_VERDICT);
	/* RULES 8; verify checks it for the tables. */
	int64_t domains = file->records - file->duplicates - file->rejected -
	    file->opted_out;

	of->folder = run->folder;
	of->domains = domains > 0 ? (uint64_t)domains : 0;
	of->retry_after_ms = file->retry_after_ms;
	if (fault != NULL)
		log_line("%s/" RUN_JSON_FILE ": %s", run->path, fault);
	return fault == NULL;
}

static int
compare(const struct options *options, const struct sealed_run runs[SIDE_COUNT])
{
	struct diff_run described[SIDE_COUNT];
	struct diff_files files;
	json_t *differences;
	struct diff *diff;
	bool good = true;

	if (!diff_describe(&runs[SIDE_OLD], &described[SIDE_OLD]) ||
	    !diff_describe(&runs[SIDE_NEW], &described[SIDE_NEW]))
		return EXIT_INPUT;
	if (options->csv != NULL && !open_files(&files, options->csv)) {
		(void)close_files(&files, options->csv);
		return EXIT_OUTPUT;
	}
	differences = diff_options(runs);
	diff = diff_runs(described, options->csv != NULL ? &files : NULL);
	if (options->csv != NULL)
		good = close_files(&files, options->csv) &&
		    list_options(differences, options->csv);
	if (diff != NULL)
		diff_print(diff, runs, differences,
		    (enum sender)options->sender, stdout);
	json_decref(differences);
	if (diff == NULL)
		return EXIT_INPUT;
	diff_free(diff);
	return good ? EXIT_COMPLETE : EXIT_OUTPUT;
}

int
diff_command(const struct options *options)
{
	struct sealed_run runs[SIDE_COUNT] = { { .folder = -1 },
		{ .folder = -1 } };
	int status = EXIT_COMPLETE;

	for (int i = 0; i < SIDE_COUNT && status == EXIT_COMPLETE; i++)
		status = sealed_run_open(&runs[i], options->arguments[i]);
	if (status == EXIT_COMPLETE)
		status = options->places ? diff_by_place(options, runs)
		    : compare(options, runs);
	for (int i = 0; i < SIDE_COUNT; i++)
		sealed_run_close(&runs[i]);
	return status;
}
