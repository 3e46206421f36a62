/*
 * check: the scan of a few domains (brief_run.h), read back and explained. A
 * program or a monitor gets one answer about all domains, from one run. A
 * person gets the answer about each domain as soon as it is measured, so each
 * domain has its own run.
 */
#include "scanner/commands/check/check.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/output.h"
#include "scanner/commands/brief_run.h"
#include "scanner/commands/domain_argument.h"
#include "scanner/commands/check/print.h"
#include "scanner/version.h"

struct check {
	const struct options *options;
	char		**names;	/* canonical, distinct */
	size_t		 count;
};

/* A run of some of the names. */
struct measurement {
	struct options	 options;	/* the scan changes them */
	struct brief_run brief;
};

/* Domains ***************************************************************** */

static bool
add_name(struct check *check, const char *text)
{
	char name[NAME_TEXT_MAX];

	if (!domain_argument_read(NULL, text, name))
		return false;
	for (size_t i = 0; i < check->count; i++)
		if (strcmp(check->names[i], name) == 0)
			return true;
	check->names[check->count++] = xstrdup(name);
	return true;
}

static bool
take_names(struct check *check)
{
	const struct options *options = check->options;

	check->names = xcalloc(options->argument_count, sizeof *check->names);
	for (size_t i = 0; i < options->argument_count; i++)
		if (!add_name(check, options->arguments[i]))
			return false;
	return true;
}

/* The answer ************************************************************** */

static bool
is_in_colour(void)
{
	const char *no_colour = getenv("NO_COLOR"), *kind = getenv("TERM");

	return isatty(STDOUT_FILENO) && (no_colour == NULL ||
	    no_colour[0] == '\0') && (kind == NULL ||
	    strcmp(kind, "dumb") != 0);
}

/* A problem outweighs something that is not known. */
static int
worse(int status, int other)
{
	if (status == EXIT_MEND || other == EXIT_MEND)
		return EXIT_MEND;
	return status == EXIT_COMPLETE ? other : status;
}

static int
explain_to_monitor(const struct measurement *of,
    const struct check_facts *facts)
{
	struct buffer line = { 0 };
	int64_t now_ms = clock_ms();
	int status = NAGIOS_OK;

	for (size_t i = 0; i < of->brief.count; i++) {
		const struct check_domain *domain =
		    check_facts_domain(facts, i);
		struct check_advice_list list;

		check_advise(domain, now_ms, (unsigned)of->options.port,
		    &list);
		status = check_nagios_worse(status,
		    check_nagios_status(&list));
		check_nagios_add(&line, domain->name, &list);
		check_advice_fini(&list);
	}
	check_nagios_print(stdout, status, buffer_text(&line));
	buffer_fini(&line);
	return output_flush() ? status : NAGIOS_UNKNOWN;
}

static int
explain_to_program(const struct measurement *of,
    const struct check_facts *facts)
{
	json_t *domains = json_array(), *whole;
	int64_t now_ms = clock_ms();
	int status = EXIT_COMPLETE;
	struct version version;
	char now[CLOCK_TEXT_MAX];

	for (size_t i = 0; i < of->brief.count; i++) {
		const struct check_domain *domain =
		    check_facts_domain(facts, i);
		struct check_advice_list list;

		check_advise(domain, now_ms, (unsigned)of->options.port,
		    &list);
		status = worse(status, check_advice_status(&list));
		json_array_append_new(domains, check_to_json(domain, &list,
		    now_ms));
		check_advice_fini(&list);
	}
	clock_text(now_ms, now);
	version_of(0, &version);
	whole = json_pack("{s:s, s:s, s:i, s:o}", "version", version.text,
	    "checked_at", now, "status", status, "domains", domains);
	json_dumpf(whole, stdout, JSON_INDENT(1) | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(whole);
	/* A signal that came meanwhile ends this process once the folder is
	 * gone. */
	return output_flush() ? status : EXIT_OUTPUT;
}

/* A person gets one domain at a time. */
static int
explain(const struct measurement *of, const struct check_facts *facts)
{
	const struct check_view view = {
		.in_colour = is_in_colour(), .now_ms = clock_ms(),
		.has_list = of->options.policy_list != NULL,
		.port = (unsigned)of->options.port,
	};
	struct check_advice_list list;
	int status;

	check_advise(check_facts_domain(facts, 0), view.now_ms, view.port,
	    &list);
	status = check_advice_status(&list);
	check_print(stdout, &view, check_facts_domain(facts, 0), &list);
	check_advice_fini(&list);
	return output_flush() ? status : EXIT_OUTPUT;
}

static int
read_and_explain(const struct measurement *of)
{
	int folder = open(of->brief.run, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct check_facts *facts = folder < 0 ? NULL
	    : check_facts_read(folder, (const char *const *)of->brief.names,
	    of->brief.count);
	int status = EXIT_BUG;

	if (folder < 0)
		log_line("%s: %s", of->brief.run, strerror(errno));
	else
		close(folder);
	if (facts != NULL)
		status = of->options.form == FORM_NAGIOS
		    ? explain_to_monitor(of, facts)
		    : of->options.form == FORM_JSON
		    ? explain_to_program(of, facts) : explain(of, facts);
	else if (of->options.form == FORM_NAGIOS)
		status = check_nagios_fails(status);
	check_facts_free(facts);
	return status;
}

/* ************************************************************************* */

/* Measures some of the names. `is_measured` becomes false if that failed: then
 * the status is the scan's. */
static int
measure(const struct check *check, size_t first, size_t count,
    bool *is_measured)
{
	struct measurement of = {
		.options = *check->options,
	};
	int status;

	of.brief = (struct brief_run){
		.options = &of.options, .names = &check->names[first],
		.count = count,
	};
	status = brief_run_scan(&of.brief);
	*is_measured = status == EXIT_COMPLETE;
	if (*is_measured)
		status = read_and_explain(&of);
	else if (of.options.form == FORM_NAGIOS)
		status = check_nagios_fails(status);
	brief_run_end(&of.brief);
	return status;
}

/* Measures one domain after the other, so that each is printed when it is done.
 * RULES K3: the pause between two runs is the same as between two sessions of a
 * run. */
static int
measure_each(const struct check *check)
{
	int status = EXIT_COMPLETE;

	for (size_t i = 0; i < check->count; i++) {
		const struct timespec pause = {
			.tv_sec = (time_t)(check->options->pause_ms / 1000),
			.tv_nsec = (long)(check->options->pause_ms % 1000) *
			    1000000,
		};
		bool is_measured;
		int one;

		if (i > 0) {
			putchar('\n');
			(void)nanosleep(&pause, NULL);
		}
		one = measure(check, i, 1, &is_measured);
		if (!is_measured || one == EXIT_OUTPUT || one == EXIT_BUG)
			return one;
		status = worse(status, one);
	}
	return status;
}

static int
run(struct check *check)
{
	bool is_measured;

	if (!take_names(check))
		return check->options->form == FORM_NAGIOS
		    ? check_nagios_fails(EXIT_USAGE) : EXIT_USAGE;
	return check->options->form == FORM_TEXT ? measure_each(check)
	    : measure(check, 0, check->count, &is_measured);
}

int
check_nagios_fails(int status)
{
	char line[64];

	snprintf(line, sizeof line, "not measured (exit status %d); standard "
	    "error says why", status);
	check_nagios_print(stdout, NAGIOS_UNKNOWN, line);
	(void)output_flush();
	return NAGIOS_UNKNOWN;
}

static void
fini(struct check *check)
{
	for (size_t i = 0; i < check->count; i++)
		free(check->names[i]);
	free(check->names);
}

int
check_command(const struct options *options)
{
	struct check check = { .options = options };
	int status = run(&check);

	fini(&check);
	return status;
}
