/* policy_candidates: `mxcensus policy candidates`. */
#include "analysis/policy/candidates.h"

#include <stdlib.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/commands/policy/policy_internal.h"
#include "scanner/options/options.h"

enum { OUTPUT, REASONS, PREVIOUS, OPT_IN, VALID_FOR, AUTHOR };

/* As the list that was published had it. */
#define VALID_FOR_PRESET "14d"

struct work {
	const struct policy_given *given;
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

static bool
open_runs(struct work *work)
{
	size_t count = (size_t)work->given->count;

	work->runs = xcalloc(count, sizeof *work->runs);
	for (size_t i = 0; i < count; i++, work->run_count++)
		if (!recorded_run_open(&work->runs[i],
		    work->given->arguments[i]))
			return false;
	qsort(work->runs, count, sizeof *work->runs, compare_runs);
	for (size_t i = 1; i < count; i++)
		if (work->runs[i].started_ms == work->runs[i - 1].started_ms) {
			log_line("%s and %s are one scan",
			    work->runs[i - 1].path, work->runs[i].path);
			return false;
		}
	return true;
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
	const char *previous = work->given->values[PREVIOUS];

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
	    read_opt_in(work, work->given->values[OPT_IN]) &&
	    open_runs(work);
}

static void
tell(const struct work *work, const struct candidates_figures *figures)
{
	const struct recorded_run *last = &work->runs[work->run_count - 1];

	log_line("%s: %zu policies, %zu of them enforce, %zu aliases",
	    work->given->values[OUTPUT], figures->policies, figures->enforced,
	    figures->aliases);
	if (work->order.previous != NULL)
		log_line("against %s: %zu added, %zu changed, %zu removed, "
		    "%zu as they were", work->given->values[PREVIOUS],
		    figures->added, figures->changed, figures->removed,
		    figures->kept);
	if (work->run_count < CANDIDATE_SCANS_MIN || last->started_ms -
	    work->runs[0].started_ms < CANDIDATE_DAYS_MIN *
	    INT64_C(86400000))
		log_line("a candidate takes %d scans over %d days: with these "
		    "there can be none", CANDIDATE_SCANS_MIN,
		    CANDIDATE_DAYS_MIN);
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
	const char *path = work->given->values[REASONS];
	FILE *reasons = path != NULL ? policy_file_open(path) : NULL;
	struct candidates_figures figures = { 0 };
	enum candidates_result result;
	json_t *list = NULL;
	bool good;

	if (path != NULL && reasons == NULL)
		return EXIT_OUTPUT;
	work->order.reasons = reasons != NULL ? fileno(reasons) : -1;
	result = policy_candidates(&work->order, &list, &figures);
	good = result == CANDIDATES_DRAWN;
	if (reasons != NULL && !policy_file_close(reasons, path, good) && good)
		result = CANDIDATES_NOT_WRITTEN;
	if (result == CANDIDATES_DRAWN && !write_list(
	    work->given->values[OUTPUT], list))
		result = CANDIDATES_NOT_WRITTEN;
	json_decref(list);
	if (result == CANDIDATES_DRAWN)
		tell(work, &figures);
	return result == CANDIDATES_DRAWN ? EXIT_COMPLETE
	    : result == CANDIDATES_NOT_WRITTEN ? EXIT_OUTPUT : EXIT_INPUT;
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

static int
run(const struct policy_given *given)
{
	struct work work = { .given = given };
	const char *valid_for = given->values[VALID_FOR];
	uint64_t ms = 0;
	int status = EXIT_INPUT;

	if (given->count == 0 || given->values[OUTPUT] == NULL) {
		log_line("usage: mxcensus policy candidates %s",
		    policy_candidates_subcommand.arguments);
		return EXIT_USAGE;
	}
	if (valid_for == NULL)
		valid_for = VALID_FOR_PRESET;
	if (!options_time(valid_for, &ms) || ms == 0 ||
	    ms > UINT64_C(3650) * 86400000) {
		log_line("--valid-for %s: a time up to 3650d, as 14d",
		    valid_for);
		return EXIT_USAGE;
	}
	work.order = (struct candidates_order){
		.opt_in = &work.opt_in, .valid_for_ms = (int64_t)ms,
		.author = given->values[AUTHOR],
	};
	if (read_files(&work)) {
		work.order.runs = work.runs;
		work.order.run_count = work.run_count;
		work.order.suffixes = work.suffixes;
		status = draw(&work);
	}
	end(&work);
	return status;
}

/* Of the column `rule` of --reasons: what was not so. */
static bool
term(unsigned index, struct policy_term *term)
{
	static const struct policy_term demands[] = {
		{ "C1", "an MX host takes connections" },
		{ "C2", "each that does completes STARTTLS" },
		{ "C3", "with a trusted chain, in dates, of its own name" },
		{ "C4", "with TLS 1.2 or better" },
		{ "C5", "and its name can stand in a list" },
		{ "C6", "in place of these: MTA-STS of eighteen weeks" },
		{ "C7", "in three runs over seven days, failing in none" },
		{ "C9", "all is known, agrees, and outlives the list" },
		{ "C10", "the list has words for domain and hosts" },
		{ "C11", "DANE is not all that protects it" },
	};

	if (index >= sizeof demands / sizeof demands[0])
		return false;
	*term = demands[index];
	return true;
}

const struct policy_subcommand policy_candidates_subcommand = {
	"candidates", "RUN... -o LIST [options]",
	"A policy list of the domains that three or more runs over seven days "
	"or more\nsaw take mail with STARTTLS and valid certificates, at every "
	"MX host that\nconnects; or with an MTA-STS policy of eighteen weeks.",
	"The rules, as --reasons names those that a domain does not pass:",
	term,
	{
		[OUTPUT] = { "output", 'o', "LIST", "the list, as JSON" },
		[REASONS] = { "reasons", 0, "FILE", "every reason of every "
		    "domain not taken, gzip CSV" },
		[PREVIOUS] = { "previous", 0, "LIST", "the list before it: "
		    "what changed; aliases keep names" },
		[OPT_IN] = { "opt-in", 0, "FILE", "domains, one a line, whose "
		    "owners ask for enforce" },
		[VALID_FOR] = { "valid-for", 0, "TIME", "from the start of the "
		    "last run (default: " VALID_FOR_PRESET ")" },
		[AUTHOR] = { "author", 0, "TEXT", "who answers for the list" },
	},
	run,
};
