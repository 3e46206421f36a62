#include "scanner/commands/status.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/buffer.h"
#include "scanner/base/clock.h"
#include "scanner/base/escape.h"
#include "scanner/base/log.h"
#include "scanner/base/plural.h"
#include "scanner/commands/conclude_stages.h"
#include "scanner/commands/same_plan.h"
#include "scanner/commands/status_stages.h"
#include "scanner/options/options.h"
#include "scanner/run/figures.h"
#include "scanner/run/folder.h"
#include "scanner/run/progress.h"
#include "scanner/run/run_json.h"

#define TAIL_BYTES	16384	/* of progress.jsonl: dozens of lines */
/* Rates older than three lines of progress.jsonl are out of date. */
#define CURRENT_MS	30000

enum state {
	STATE_STARTING, STATE_MEASURING, STATE_PAUSED, STATE_STOPPING,
	STATE_SEALING, STATE_STOPPED, STATE_SEALED,
};

static const struct {
	const char	*name, *sentence;
} states[] = {
	[STATE_STARTING] = { "starting", "a scan is running: it reads the "
	    "inputs, or what was measured before" },
	[STATE_MEASURING] = { "measuring", "a scan is running" },
	[STATE_PAUSED] = { "paused", "a scan is running, and waits for room on "
	    "the disk, or for the network of this machine" },
	[STATE_STOPPING] = { "stopping", "a scan is running, and finishes what "
	    "is in flight" },
	[STATE_SEALING] = { "sealing", "a scan is running: everything is "
	    "measured" },
	[STATE_STOPPED] = { "stopped", "no scan is running; the command that "
	    "began the run resumes it" },
	[STATE_SEALED] = { "sealed", "everything is measured and sealed" },
};

struct run_status {
	const char	*run;
	struct run_json	 file;
	bool		 is_at_work;
	bool		 has_figures, are_current;
	struct figures	 figures;
	int64_t		 now_ms;
	enum state	 state;
};

/* Reading ***************************************************************** */

/* Makes text from a stranger's file or from the operator safe for a
 * terminal. */
static char *
escaped(struct buffer *buffer, const char *text)
{
	buffer->length = 0;
	escape_append(buffer, text, strlen(text));
	return buffer_text(buffer);
}

static int
complain(const char *run, const char *name, const char *why, int status)
{
	struct buffer shown_run = { 0 }, shown_why = { 0 };

	log_line("%s%s: %s", escaped(&shown_run, run), name,
	    escaped(&shown_why, why));
	buffer_fini(&shown_run);
	buffer_fini(&shown_why);
	return status;
}

static int
complain_of_errno(const char *run, const char *name)
{
	return complain(run, name, strerror(errno),
	    exit_status_unread(errno));
}

static int
read_run_file(struct run_status *status, int folder)
{
	static const char name[] = "/" RUN_JSON_FILE;

	switch (run_json_read(&status->file, folder)) {
	case RUN_JSON_UNREAD:
		return complain_of_errno(status->run, name);
	case RUN_JSON_BROKEN:
	case RUN_JSON_WRONG:
		return complain(status->run, name, status->file.why,
		    EXIT_INPUT);
	case RUN_JSON_READ:
		break;
	}
	return EXIT_COMPLETE;
}

/* A run that has no line yet, or whose lines are lost, is still a run. */
static int
read_figures(struct run_status *status, int folder)
{
	int descriptor = openat(folder, PROGRESS_FILE, O_RDONLY | O_CLOEXEC);
	char tail[TAIL_BYTES];
	struct stat file;
	ssize_t length = -1;

	if (descriptor < 0)
		return errno == ENOENT ? EXIT_COMPLETE
		    : complain_of_errno(status->run, "/" PROGRESS_FILE);
	if (fstat(descriptor, &file) == 0)
		length = pread(descriptor, tail, sizeof tail, file.st_size >
		    (off_t)sizeof tail ? file.st_size - (off_t)sizeof tail : 0);
	close(descriptor);
	if (length < 0)
		return complain_of_errno(status->run, "/" PROGRESS_FILE);
	status->has_figures = figures_last(tail, (size_t)length,
	    &status->figures);
	return EXIT_COMPLETE;
}

static enum state
state_of(const struct run_status *status)
{
	static const enum state by_phase[] = {
		[FIGURES_MEASURING] = STATE_MEASURING,
		[FIGURES_PAUSED] = STATE_PAUSED,
		[FIGURES_STOPPING] = STATE_STOPPING,
		/* The line is from the previous process. */
		[FIGURES_STOPPED] = STATE_STARTING,
		[FIGURES_COMPLETE] = STATE_SEALING,
	};

	if (status->file.state == RUN_SEALED)
		return STATE_SEALED;
	if (!status->is_at_work)
		return STATE_STOPPED;
	return status->has_figures ? by_phase[status->figures.phase]
				   : STATE_STARTING;
}

static int
read_status(struct run_status *status)
{
	int folder = open(status->run, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int locked, result;

	if (folder < 0)
		return complain_of_errno(status->run, "");
	/* This comes first: a scan that ends while we read has then written its
	 * last line. */
	locked = folder_is_locked(folder);
	result = locked < 0 ? complain_of_errno(status->run, "/.lock")
			    : read_run_file(status, folder);
	if (result == EXIT_COMPLETE)
		result = read_figures(status, folder);
	close(folder);
	if (result != EXIT_COMPLETE)
		return result;
	status->now_ms = clock_ms();
	status->is_at_work = locked > 0;
	status->state = state_of(status);
	status->are_current = (status->state == STATE_MEASURING ||
	    status->state == STATE_PAUSED ||
	    status->state == STATE_STOPPING) && status->has_figures &&
	    status->now_ms - status->figures.at_ms <= CURRENT_MS;
	return EXIT_COMPLETE;
}

/* Printing **************************************************************** */

static void
print_inputs(const struct run_status *status)
{
	struct buffer shown = { 0 };
	struct run_input input;

	for (size_t i = 0; run_json_input(&status->file, i, &input); i++) {
		printf("  %-13s %s", i == 0 ? "inputs" : input.is_delegations
		    ? "delegations" : "", escaped(&shown,
		    input.name != NULL ? input.name : "?"));
		printf(" (%s", escaped(&shown, input.format != NULL
		    ? input.format : "?"));
		printf(", %" PRId64 " %s)\n", input.records,
		    input.is_delegations
		    ? plural(input.records, "domain", "domains")
		    : plural(input.records, "record", "records"));
	}
	buffer_fini(&shown);
}

static void
print_rate(const struct run_status *status, double per_s)
{
	if (status->are_current)
		printf(", %.1f/s", per_s);
	putchar('\n');
}

/* The name servers for which names wait. */
static void
print_busy(const struct figures *figures)
{
	struct buffer shown = { 0 };
	char left[TIME_LEFT_MAX];

	for (unsigned i = 0; i < figures->busy_count; i++) {
		const struct busy_server *busy = &figures->busy[i];

		time_left_text(busy->seconds, left);
		printf("  %-13s %s: %" PRIu64 " %s, %s\n", i == 0
		    ? "waiting for" : "", escaped(&shown, busy->name),
		    busy->waiting, plural(busy->waiting, "name", "names"),
		    left);
	}
	buffer_fini(&shown);
}

/* The lines of progress.jsonl may be lost; a sealed run is done
 * nevertheless. */
static double
share_of(const struct run_status *status)
{
	return status->state == STATE_SEALED ? 1 : status->figures.share;
}

static unsigned
seal_steps_of(const struct run_status *status)
{
	return status->state == STATE_SEALED ? FIGURES_SEAL_STEPS
	    : status->figures.seal_steps;
}

static void
print_later_stages(const struct run_status *status)
{
	const struct figures *figures = &status->figures;
	char until[CLOCK_TEXT_MAX];

	printf("  policies      %" PRIu64 " of %" PRIu64 " known so far\n"
	    "  second pass   %" PRIu64 " waiting", figures->policies,
	    figures->policies_total, figures->second_pass);
	if (status->are_current && figures->waits_until_ms != 0) {
		clock_text(figures->waits_until_ms, until);
		printf("; nothing else is left until %s", until);
	}
	printf("\n  seal          %u of %d steps\n", seal_steps_of(status),
	    FIGURES_SEAL_STEPS);
}

static void
print_figures(const struct run_status *status)
{
	const struct figures *figures = &status->figures;
	char left[TIME_LEFT_MAX];

	printf("  done          %.2f %%\n  domains       %" PRIu64 " of %"
	    PRIu64, floor(10000 * share_of(status)) / 100, figures->domains,
	    figures->domains_total);
	print_rate(status, figures->domains_per_s);
	printf("  hosts         %" PRIu64 " of %" PRIu64 " known so far\n",
	    figures->hosts, figures->hosts_total);
	printf("  probes        %" PRIu64 " done, %" PRIu64 " waiting",
	    figures->probes, figures->probes_waiting);
	print_rate(status, figures->probes_per_s);
	print_later_stages(status);
	printf("  errors        %" PRIu64 " %s whose lookup failed\n"
	    "  undetermined  %" PRIu64 " %s of a host at an address\n",
	    figures->errors, plural(figures->errors, "domain", "domains"),
	    figures->undetermined, plural(figures->undetermined, "result",
	    "results"));
	if (!status->are_current)
		return;
	time_left_text(figures_seconds_left(figures), left);
	printf("  in flight     %" PRIu64 " %s, %" PRIu64 " %s\n"
	    "  time left     %s\n", figures->questions,
	    plural(figures->questions, "question", "questions"),
	    figures->sessions, plural(figures->sessions, "session",
	    "sessions"), left);
	print_busy(figures);
}

/* False: the run is that of a scan. */
static bool
print_merged(const struct run_status *status)
{
	const char *a = run_merged_place(&status->file, 0);
	const char *b = run_merged_place(&status->file, 1);

	if (a == NULL || b == NULL)
		return false;
	printf("  merged        of runs from %s and %s\n", a, b);
	return true;
}

static void
print_text(const struct run_status *status)
{
	const char *started = run_json_text(&status->file, "started_at");
	struct buffer shown = { 0 };
	char at[CLOCK_TEXT_MAX];

	printf("%s: ", escaped(&shown, status->run));
	printf("%s: %s\n", states[status->state].name,
	    states[status->state].sentence);
	if (started != NULL)
		printf("  started       %s\n", escaped(&shown, started));
	buffer_fini(&shown);
	print_inputs(status);
	if (print_merged(status))
		return;
	if (!status->has_figures) {
		puts("  " PROGRESS_FILE " has no line yet");
		return;
	}
	print_figures(status);
	clock_text(status->figures.at_ms, at);
	printf("  last line     %s, %" PRId64 " s ago\n", at,
	    (status->now_ms - status->figures.at_ms) / 1000);
}

static json_t *
rate_in_json(const struct run_status *status, double per_s)
{
	return status->are_current ? json_real(per_s) : json_null();
}

static json_t *
busy_in_json(const struct run_status *status)
{
	const struct figures *figures = &status->figures;
	json_t *servers = json_array();

	for (unsigned i = 0; i < figures->busy_count && status->are_current;
	    i++)
		json_array_append_new(servers, json_pack("{s:s, s:I, s:f}",
		    "name", figures->busy[i].name,
		    "waiting", (json_int_t)figures->busy[i].waiting,
		    "seconds", figures->busy[i].seconds));
	return servers;
}

static json_t *
until_in_json(const struct run_status *status)
{
	char until[CLOCK_TEXT_MAX];

	if (!status->are_current || status->figures.waits_until_ms == 0)
		return json_null();
	clock_text(status->figures.waits_until_ms, until);
	return json_string(until);
}

static json_t *
figures_in_json(const struct run_status *status)
{
	const struct figures *figures = &status->figures;
	double seconds = figures_seconds_left(figures);
	char at[CLOCK_TEXT_MAX];

	if (!status->has_figures)
		return json_null();
	clock_text(figures->at_ms, at);
	return json_pack("{s:s, s:I, s:I, s:I, s:f, s:o, s:I, s:I, s:I, s:I, "
	    "s:o, s:I, s:I, s:I, s:o, s:i, s:i, s:I, s:I, s:I, s:I, s:o, s:o}",
	    "at", at,
	    "age_s", (json_int_t)((status->now_ms - figures->at_ms) / 1000),
	    "domains", (json_int_t)figures->domains,
	    "domains_total", (json_int_t)figures->domains_total,
	    "share", share_of(status),
	    "domains_per_s", rate_in_json(status, figures->domains_per_s),
	    "hosts", (json_int_t)figures->hosts,
	    "hosts_total", (json_int_t)figures->hosts_total,
	    "probes", (json_int_t)figures->probes,
	    "probes_waiting", (json_int_t)figures->probes_waiting,
	    "probes_per_s", rate_in_json(status, figures->probes_per_s),
	    "policies", (json_int_t)figures->policies,
	    "policies_total", (json_int_t)figures->policies_total,
	    "second_pass", (json_int_t)figures->second_pass,
	    "waits_until", until_in_json(status),
	    "seal_steps", (int)seal_steps_of(status),
	    "seal_steps_total", FIGURES_SEAL_STEPS,
	    "questions", (json_int_t)figures->questions,
	    "sessions", (json_int_t)figures->sessions,
	    "errors", (json_int_t)figures->errors,
	    "undetermined", (json_int_t)figures->undetermined,
	    "name_servers", busy_in_json(status),
	    "left_s", status->are_current && seconds >= 0
	    ? json_real(seconds) : json_null());
}

static bool
print_json(const struct run_status *status)
{
	/* A path need not be UTF-8, JSON must be. */
	struct buffer shown = { 0 };
	json_t *object = json_pack("{s:s, s:s, s:b, s:b, s:O?, s:O?, s:o}",
	    "run", escaped(&shown, status->run),
	    "state", states[status->state].name,
	    "at_work", status->is_at_work,
	    "resumable", status->state == STATE_STOPPED,
	    "started_at", json_object_get(status->file.root, "started_at"),
	    "inputs", json_object_get(status->file.root, "inputs"),
	    "progress", figures_in_json(status));
	bool good = object != NULL && json_dumpf(object, stdout,
	    JSON_INDENT(2) | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6)) == 0;

	putchar('\n');
	json_decref(object);
	buffer_fini(&shown);
	return good;
}

int
status_command(const struct options *options)
{
	struct run_status status = { .run = options->arguments[0] };
	int result = read_status(&status);

	if (result == EXIT_COMPLETE && options->form == FORM_MISSING)
		result = status_missing(options, &status.file);
	else if (result == EXIT_COMPLETE && is_in_stages(&status.file))
		result = status_stages(options, &status.file);
	else if (result == EXIT_COMPLETE && options->form == FORM_TEXT)
		print_text(&status);
	else if (result == EXIT_COMPLETE && !print_json(&status))
		result = EXIT_BUG;
	run_json_close(&status.file);
	return result;
}
