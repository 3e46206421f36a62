/*
 * check: the scan of a few domains (brief_run.h), read back and explained.
 */
#include "scanner/commands/check/check.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
	struct options	 options;
	char		**names;	/* canonical, distinct */
	size_t		 count;
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
	const struct options *options = &check->options;

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

/* A problem outweighs what is not known. */
static int
worse(int status, int other)
{
	if (status == EXIT_MEND || other == EXIT_MEND)
		return EXIT_MEND;
	return status == EXIT_COMPLETE ? other : status;
}

static int
explain_to_monitor(const struct check *check, const struct check_facts *facts)
{
	struct buffer line = { 0 };
	int64_t now_ms = clock_ms();
	int status = NAGIOS_OK;

	for (size_t i = 0; i < check->count; i++) {
		const struct check_domain *domain =
		    check_facts_domain(facts, i);
		struct check_advice_list list;

		check_advise(domain, now_ms, (unsigned)check->options.port,
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
explain(const struct check *check, const struct check_facts *facts)
{
	json_t *domains = json_array(), *whole;
	int64_t now_ms = clock_ms();
	const struct check_view view = {
		.in_colour = is_in_colour(), .now_ms = now_ms,
		.has_list = check->options.policy_list != NULL,
		.port = (unsigned)check->options.port,
	};
	struct version version;
	char now[CLOCK_TEXT_MAX];
	int status = EXIT_COMPLETE;

	for (size_t i = 0; i < check->count; i++) {
		const struct check_domain *domain =
		    check_facts_domain(facts, i);
		struct check_advice_list list;

		check_advise(domain, now_ms, (unsigned)check->options.port,
		    &list);
		status = worse(status, check_advice_status(&list));
		if (check->options.form == FORM_JSON) {
			json_array_append_new(domains, check_to_json(domain,
			    &list, now_ms));
		} else {
			if (i > 0)
				putchar('\n');
			check_print(stdout, &view, domain, &list);
		}
		check_advice_fini(&list);
	}
	clock_text(now_ms, now);
	version_of(0, &version);
	whole = json_pack("{s:s, s:s, s:i, s:o}", "version", version.text,
	    "checked_at", now, "status", status, "domains", domains);
	if (check->options.form == FORM_JSON) {
		json_dumpf(whole, stdout, JSON_INDENT(1) | JSON_ENSURE_ASCII);
		putchar('\n');
	}
	json_decref(whole);
	/* A signal that came meanwhile may end us when the folder is gone. */
	return output_flush() ? status : EXIT_OUTPUT;
}

static int
read_and_explain(const struct check *check)
{
	int folder = open(check->brief.run, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct check_facts *facts = folder < 0 ? NULL
	    : check_facts_read(folder, (const char *const *)check->names,
	    check->count);
	int status = facts == NULL ? EXIT_BUG : EXIT_COMPLETE;

	if (folder < 0)
		log_line("%s: %s", check->brief.run, strerror(errno));
	else
		close(folder);
	if (check->options.form == FORM_NAGIOS)
		status = facts == NULL ? check_nagios_fails(status)
		    : explain_to_monitor(check, facts);
	else if (facts != NULL)
		status = explain(check, facts);
	check_facts_free(facts);
	return status;
}

/* ************************************************************************* */

static int
run(struct check *check)
{
	int status;

	bool is_plugin = check->options.form == FORM_NAGIOS;

	if (!take_names(check))
		return is_plugin ? check_nagios_fails(EXIT_USAGE) : EXIT_USAGE;
	check->brief = (struct brief_run){
		.options = &check->options, .names = check->names,
		.count = check->count,
	};
	status = brief_run_scan(&check->brief);
	if (status == EXIT_COMPLETE)
		status = read_and_explain(check);
	else if (is_plugin)
		status = check_nagios_fails(status);
	return status;
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
	brief_run_end(&check->brief);
}

int
check_command(const struct options *options)
{
	/* The scan changes its options. */
	struct check check = { .options = *options };
	int status = run(&check);

	fini(&check);
	return status;
}
