#include "scanner/commands/diff/diff.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/commands/diff/diff_internal.h"
#include "scanner/options/refused_option.h"

enum { OPTION_SENDER = LONG_OPTION_BASE, OPTION_CSV, OPTION_HELP };

static const struct option longs[] = {
	{ "sender", required_argument, NULL, OPTION_SENDER },
	{ "csv", required_argument, NULL, OPTION_CSV },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

struct diff_request {
	const char	*runs[SIDE_COUNT], *csv;
	enum sender	 sender;
};

const char diff_usage[] =
    "usage: mxcensus diff OLD NEW [--sender NAME] [--csv FOLDER]\n\n"
    "Compares two sealed runs: domains born and gone, what mail meets "
    "in the rest,\nwhich provider moved it, and how certificates, "
    "keys and TLSA records changed.\n\n"
    "  --sender NAME   whose mail: opportunistic, dane, mta_sts, "
    "policy_list, webpki\n"
    "                  (default: dane_or_mta_sts)\n"
    "  --csv FOLDER    lists, for all senders: domains.csv, "
    "transitions.csv,\n"
    "                  providers.csv, certificates.csv, tlsa.csv, "
    "options.csv\n\n"
    "Exit status: 0 done, 2 usage, 65 a run is not whole, 74 reading "
    "or writing\nfailed, 75 a run is not sealed.\n";

/* The files of --csv ****************************************************** */

static FILE *
create(const char *folder, const char *name)
{
	char *path = xasprintf("%s/%s.csv", folder, name);
	FILE *file = fopen(path, "w");

	if (file == NULL)
		log_line("%s: %s", path, strerror(errno));
	free(path);
	return file;
}

static bool
open_files(struct diff_files *files, const char *folder)
{
	*files = (struct diff_files){ 0 };
	if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
		log_line("%s: %s", folder, strerror(errno));
		return false;
	}
	return (files->domains = create(folder, "domains")) != NULL &&
	    (files->transitions = create(folder, "transitions")) != NULL &&
	    (files->providers = create(folder, "providers")) != NULL &&
	    (files->certificates = create(folder, "certificates")) != NULL &&
	    (files->tlsa = create(folder, "tlsa")) != NULL;
}

/* False after a line if not all of it was written. */
static bool
close_file(FILE *file, const char *folder)
{
	bool good;

	if (file == NULL)
		return false;	/* create() had the line */
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
		good = close_file(all[i], folder) && good;
	return good;
}

static bool
list_options(const json_t *differences, const char *folder)
{
	FILE *file = create(folder, "options");

	if (file == NULL)
		return false;
	diff_options_list(differences, file);
	return close_file(file, folder);
}

/* ************************************************************************* */

static bool
describe(const struct sealed_run *run, struct diff_run *of)
{
	const struct run_json *file = &run->file;
	const char *fault = run_json_check(file, RUN_MEMBERS_OF_A_VERDICT);
	/* RULES 8; verify holds the tables to it. */
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
compare(const struct diff_request *request,
    const struct sealed_run runs[SIDE_COUNT])
{
	struct diff_run described[SIDE_COUNT];
	struct diff_files files;
	json_t *differences;
	struct diff *diff;
	bool good = true;

	if (!describe(&runs[SIDE_OLD], &described[SIDE_OLD]) ||
	    !describe(&runs[SIDE_NEW], &described[SIDE_NEW]))
		return EXIT_INPUT;
	if (request->csv != NULL && !open_files(&files, request->csv)) {
		(void)close_files(&files, request->csv);
		return EXIT_OUTPUT;
	}
	differences = diff_options(runs);
	diff = diff_runs(described, request->csv != NULL ? &files : NULL);
	if (request->csv != NULL)
		good = close_files(&files, request->csv) &&
		    list_options(differences, request->csv);
	if (diff != NULL)
		diff_print(diff, runs, differences, request->sender, stdout);
	json_decref(differences);
	if (diff == NULL)
		return EXIT_INPUT;
	diff_free(diff);
	return good ? EXIT_COMPLETE : EXIT_OUTPUT;
}

static bool
parse(struct diff_request *request, int argc, char **argv, bool *is_help)
{
	int option, sender;

	*request = (struct diff_request){ .sender = SENDER_DANE_OR_MTA_STS };
	*is_help = false;
	opterr = 0;
	optind = 0;
	while ((option = getopt_long(argc, argv, ":h", longs, NULL)) != -1) {
		switch (option) {
		case OPTION_SENDER:
			sender = enumeration_value(&sender_texts, optarg);
			if (sender < 0) {
				log_line("--sender %s: no such sender "
				    "(mxcensus diff --help)", optarg);
				return false;
			}
			request->sender = (enum sender)sender;
			break;
		case OPTION_CSV:
			request->csv = optarg;
			break;
		case OPTION_HELP:
		case 'h':
			*is_help = true;
			return true;
		default:
			refused_option_tell("diff", longs, option,
			    argv[optind - 1]);
			return false;
		}
	}
	if (argc - optind == SIDE_COUNT) {
		request->runs[SIDE_OLD] = argv[optind];
		request->runs[SIDE_NEW] = argv[optind + 1];
		return true;
	}
	log_line("name two runs, the older first: mxcensus diff OLD NEW");
	return false;
}

int
diff_command(int argc, char **argv)
{
	struct sealed_run runs[SIDE_COUNT] = { { .folder = -1 },
		{ .folder = -1 } };
	struct diff_request request;
	int status = EXIT_COMPLETE;
	bool is_help;

	if (!parse(&request, argc, argv, &is_help))
		return EXIT_USAGE;
	if (is_help) {
		fputs(diff_usage, stdout);
		return EXIT_COMPLETE;
	}
	for (int i = 0; i < SIDE_COUNT && status == EXIT_COMPLETE; i++)
		status = sealed_run_open(&runs[i], request.runs[i]);
	if (status == EXIT_COMPLETE)
		status = compare(&request, runs);
	for (int i = 0; i < SIDE_COUNT; i++)
		sealed_run_close(&runs[i]);
	return status;
}
