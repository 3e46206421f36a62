/* candidates: the command `mxcensus policy candidates`. */
#include "analysis/policy/candidates.h"

#include <stdlib.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/plural.h"
#include "scanner/commands/policy/policy.h"
#include "scanner/commands/policy/policy_internal.h"
#include "scanner/options/options.h"

struct work {
	const struct options *options;
	struct candidates_order order;
	struct recorded_run *runs;
	size_t		 run_count;	/* that are open */
	struct policy_list previous;
	bool		 has_previous;
	struct opt_in	 opt_in;
	struct suffix_list *suffixes;
};

static int
compare_runs(const void *a, const void *b)
{
	const struct recorded_run *x = a, *y = b;

	return (x->started_ms > y->started_ms) -
	    (x->started_ms < y->started_ms);
}

/* Returns EXIT_COMPLETE, or another status after a message. */
static int
open_runs(struct work *work)
{
	size_t count = work->options->argument_count;
	int status;

	work->runs = xcalloc(count, sizeof *work->runs);
	for (size_t i = 0; i < count; i++, work->run_count++) {
		status = recorded_run_open(&work->runs[i],
		    work->options->arguments[i]);
		if (status != EXIT_COMPLETE)
			return status;
	}
	qsort(work->runs, count, sizeof *work->runs, compare_runs);
	for (size_t i = 1; i < count; i++)
		if (work->runs[i].started_ms == work->runs[i - 1].started_ms) {
			log_line("%s and %s are one scan",
			    work->runs[i - 1].path, work->runs[i].path);
			return EXIT_INPUT;
		}
	return EXIT_COMPLETE;
}

static bool
read_opt_in(struct work *work, const char *path)
{
	struct buffer text = { 0 };
	struct entry_fault fault;
	bool good;

	if (path == NULL)
		return true;
	good = policy_read_file(path, &text);
	if (good && !opt_in_read(&work->opt_in, buffer_text(&text),
	    text.length, &fault)) {
		log_line("%s:%zu: %s", path, fault.line, fault.why);
		good = false;
	}
	buffer_fini(&text);
	return good;
}

static bool
read_files(struct work *work)
{
	const char *previous = work->options->policy.previous;

	if (previous != NULL) {
		if (!policy_read_whole(previous, &work->previous,
		    &work->has_previous))
			return false;
		work->order.previous = &work->previous;
	}
	work->suffixes = suffix_list_open();
	if (work->suffixes == NULL)
		log_line("there is no Public Suffix List here");
	return work->suffixes != NULL &&
	    read_opt_in(work, work->options->policy.opt_in);
}

/* Reports if these runs cannot have any candidate (RULES C7). */
static void
tell_span(const struct work *work)
{
	const struct recorded_run *last = &work->runs[work->run_count - 1];

	if (work->run_count < CANDIDATE_SCANS_MIN || last->started_ms -
	    work->runs[0].started_ms < CANDIDATE_DAYS_MIN *
	    INT64_C(86400000))
		log_line("a candidate needs %d scans over %d days, and these "
		    "runs are fewer or closer together", CANDIDATE_SCANS_MIN,
		    CANDIDATE_DAYS_MIN);
}

static void
tell(const struct work *work, const struct candidates_figures *figures)
{
	log_line("%s: %zu %s, of which %zu enforce; %zu %s",
	    work->options->output, figures->policies,
	    plural(figures->policies, "policy", "policies"),
	    figures->enforced, figures->aliases,
	    plural(figures->aliases, "alias", "aliases"));
	if (work->order.previous != NULL)
		log_line("against %s: %zu added, %zu changed, %zu removed, "
		    "%zu unchanged", work->options->policy.previous,
		    figures->added, figures->changed, figures->removed,
		    figures->kept);
}

static void
tell_empty(const struct work *work)
{
	log_line("no domain is a candidate, so no list is written: %s is left "
	    "as it is", work->options->output);
	tell_span(work);
}

static bool
write_list(const char *path, const json_t *list)
{
	FILE *file = policy_file_open(path);

	return file != NULL && policy_file_close(file, path,
	    json_dumpf(list, file, JSON_INDENT(2)) == 0 &&
	    putc('\n', file) != EOF);
}

static int
draw(struct work *work)
{
	const char *path = work->options->policy.reasons;
	FILE *reasons = path != NULL ? policy_file_open(path) : NULL;
	struct candidates_figures figures = { 0 };
	enum candidates_result result;
	json_t *list = NULL;
	bool good, is_empty;

	if (path != NULL && reasons == NULL)
		return EXIT_OUTPUT;
	work->order.reasons = reasons != NULL ? fileno(reasons) : -1;
	result = policy_candidates(&work->order, &list, &figures);
	good = result == CANDIDATES_DRAWN;
	if (reasons != NULL && !policy_file_close(reasons, path, good) && good)
		result = CANDIDATES_NOT_WRITTEN;
	is_empty = figures.policies == 0;
	if (result == CANDIDATES_DRAWN && !is_empty && !write_list(
	    work->options->output, list))
		result = CANDIDATES_NOT_WRITTEN;
	json_decref(list);
	if (result == CANDIDATES_NOT_WRITTEN)
		return EXIT_OUTPUT;
	if (result != CANDIDATES_DRAWN)
		return EXIT_INPUT;
	if (is_empty)
		tell_empty(work);
	else
		tell(work, &figures);
	return is_empty ? EXIT_MEND : EXIT_COMPLETE;
}

static void
end(struct work *work)
{
	for (size_t i = 0; i < work->run_count; i++)
		recorded_run_close(&work->runs[i]);
	free(work->runs);
	suffix_list_free(work->suffixes);
	opt_in_fini(&work->opt_in);
	if (work->has_previous)
		policy_list_fini(&work->previous);
}

int
policy_candidates_command(const struct options *options)
{
	struct work work = { .options = options };
	int status = EXIT_INPUT;

	if (options->output == NULL) {
		log_line("%s", options->command->too_few);
		return EXIT_USAGE;
	}
	work.order = (struct candidates_order){
		.opt_in = &work.opt_in, .author = options->policy.author,
		.valid_for_ms = (int64_t)options->policy.valid_for_ms,
	};
	if (read_files(&work))
		status = open_runs(&work);
	if (status == EXIT_COMPLETE) {
		work.order.runs = work.runs;
		work.order.run_count = work.run_count;
		work.order.suffixes = work.suffixes;
		status = draw(&work);
	}
	end(&work);
	return status;
}

/* The values of the column `rule` of --reasons: what must hold. */
bool
policy_candidates_term(unsigned index, struct command_term *term)
{
	static const struct command_term demands[] = {
		{ "C1", "an MX host accepts connections" },
		{ "C2", "every MX host that does completes STARTTLS" },
		{ "C3", "... with a valid certificate for the host's name" },
		{ "C4", "... with TLS 1.2 or later" },
		{ "C5", "... under a name that a list can contain" },
		{ "C6", "or, instead of C1 to C5: MTA-STS for eighteen weeks" },
		{ "C7", "all this in three runs over seven days, never broken" },
		{ "C9", "nothing is unknown, certificates outlive the list" },
		{ "C10", "the list format can express domain and hosts" },
		{ "C11", "the domain is not protected by DANE alone" },
	};

	if (index >= sizeof demands / sizeof demands[0])
		return false;
	*term = demands[index];
	return true;
}
