/* audit: the command `mxcensus policy audit`. */
#include "analysis/policy/audit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/escape.h"
#include "scanner/base/log.h"
#include "scanner/base/output.h"
#include "scanner/base/plural.h"
#include "scanner/commands/policy/policy.h"
#include "scanner/commands/policy/policy_internal.h"
#include "scanner/options/options.h"

struct report {
	const char	*path;
	const struct policy_list *list;
	const struct policy_audit *audit;
	bool		 has_run, has_csv;
	int64_t		 now_ms;	/* at which expiry is judged */
};

static bool
has(const struct audit_entry *entry, int class)
{
	return (entry->classes >> class & 1) != 0;
}

static bool
is_expired(const struct report *report)
{
	return report->list->has_expiry &&
	    report->list->expires_s * 1000 <= report->now_ms;
}

static const char *
mode_text(const struct listed_policy *policy)
{
	return policy->mode == LIST_ENFORCE ? "enforce" : "testing";
}

static void
print_escaped(const char *text, FILE *out)
{
	escape_print(out, text, strlen(text));
}

/* The terminal ************************************************************ */

static void
print_heading(const struct report *report)
{
	const struct policy_list *list = report->list;
	int64_t days = (report->list->expires_s - report->now_ms / 1000) /
	    86400;
	size_t enforce = 0, testing = 0, alias = 0;
	char text[CLOCK_TEXT_MAX];

	for (size_t i = 0; i < list->policy_count; i++) {
		if (list->policies[i].alias != NULL)
			alias++;
		else if (list->policies[i].mode == LIST_ENFORCE)
			enforce++;
		else
			testing++;
	}
	printf("%s: %zu %s (%zu enforce, %zu testing, %zu by alias), %zu %s\n",
	    report->path, list->policy_count, plural(list->policy_count,
	    "policy", "policies"), enforce, testing, alias, list->alias_count,
	    plural(list->alias_count, "alias", "aliases"));
	clock_text(list->expires_s * 1000, text);
	if (is_expired(report))
		printf("expired: %s, %" PRId64 " %s before the %s: it is "
		    "no longer enforced\n", text, -days, plural(-days, "day",
		    "days"), report->has_run ? "run"
		    : "audit");
	else if (list->has_expiry)
		printf("expires: %s, %" PRId64 " %s after the %s\n", text,
		    days, plural(days, "day", "days"),
		    report->has_run ? "run" : "audit");
}

static void
print_faults(const char *kind, const struct policy_list_fault *faults,
    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		printf("%s: ", kind);
		print_escaped(faults[i].pointer, stdout);
		fputs(": ", stdout);
		print_escaped(faults[i].what, stdout);
		putchar('\n');
	}
}

static void
print_list_faults(const struct report *report)
{
	const struct policy_list *list = report->list;
	const struct policy_audit *audit = report->audit;

	print_faults("fault", list->faults, list->fault_count);
	print_faults("warning", list->warnings, list->warning_count);
	for (size_t i = 0; i < audit->unused_count; i++) {
		fputs("unused alias: ", stdout);
		print_escaped(audit->unused_aliases[i], stdout);
		putchar('\n');
	}
}

static void
print_classes(const struct report *report)
{
	bool headed = false;

	for (int class = 0; class < AUDIT_COUNT; class++) {
		size_t counts[2] = { 0 };

		for (size_t i = 0; i < report->audit->count; i++)
			if (has(&report->audit->entries[i], class))
				counts[report->audit->entries[i].policy->mode
				    == LIST_TESTING]++;
		if (counts[0] + counts[1] == 0)
			continue;
		if (!headed)
			printf("\n%-24s %10s %10s\n", "", "enforce",
			    "testing");
		headed = true;
		printf("%-24s %10zu %10zu\n", audit_class_texts[class],
		    counts[0], counts[1]);
	}
	if (headed && !report->has_csv)
		puts("\nDetails of each policy: --csv FILE. Meanings: --help");
}

static size_t
print_losses(const struct report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < report->audit->count; i++) {
		const struct audit_entry *entry = &report->audit->entries[i];

		if (entry->policy->mode != LIST_ENFORCE ||
		    !has(entry, AUDIT_WOULD_LOSE_MAIL))
			continue;
		printf("%s%s\n", count++ == 0 ? "\nEnforced, and mail would "
		    "be lost:\n  " : "  ", entry->policy->name);
	}
	return count;
}

/* CSV ********************************************************************* */

/* Writes a field of RFC 4180 that no spreadsheet takes for a formula. */
static void
print_field(const char *text, FILE *out)
{
	putc('"', out);
	if (text[0] != '\0' && strchr("=+-@", text[0]) != NULL)
		fprintf(out, "\\x%02x", (unsigned char)*text++);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			fputs("\"\"", out);
		else
			escape_print(out, text, 1);
	}
	putc('"', out);
}

static void
print_row(FILE *out, const char *kind, const char *name, const char *alias,
    const char *mode, const char *findings)
{
	fprintf(out, "%s,", kind);
	print_field(name, out);
	putc(',', out);
	print_field(alias, out);
	fprintf(out, ",%s,", mode);
	print_field(findings, out);
	putc('\n', out);
}

static void
print_csv(const struct report *report, FILE *out)
{
	const struct policy_audit *audit = report->audit;

	fputs("kind,name_text,alias_text,mode,findings_text\n", out);
	print_row(out, "list", "", "", "", is_expired(report) ? "expired"
	    : "");
	for (size_t i = 0; i < report->list->fault_count; i++)
		print_row(out, "fault", report->list->faults[i].pointer, "",
		    "", report->list->faults[i].what);
	for (size_t i = 0; i < report->list->warning_count; i++)
		print_row(out, "warning", report->list->warnings[i].pointer,
		    "", "", report->list->warnings[i].what);
	for (size_t i = 0; i < audit->unused_count; i++)
		print_row(out, "alias", audit->unused_aliases[i], "", "",
		    "unused");
	for (size_t i = 0; i < audit->count; i++) {
		const struct audit_entry *entry = &audit->entries[i];
		char findings[1024] = "";

		for (int class = 0; class < AUDIT_COUNT; class++)
			if (has(entry, class)) {
				if (findings[0] != '\0')
					strcat(findings, " ");
				strcat(findings, audit_class_texts[class]);
			}
		print_row(out, "policy", entry->policy->name,
		    entry->policy->alias != NULL ? entry->policy->alias : "",
		    mode_text(entry->policy), findings);
	}
}

static bool
write_csv(const struct report *report, const char *path)
{
	FILE *file = policy_file_open(path);

	if (file == NULL)
		return false;
	print_csv(report, file);
	return policy_file_close(file, path, true);
}

/* ************************************************************************* */

static int
tell(const struct report *report, const char *csv)
{
	size_t losses;

	print_heading(report);
	print_list_faults(report);
	print_classes(report);
	losses = print_losses(report);
	if (!report->has_run)
		puts("\nNo RUN is given: only the format and the expiry of the "
		    "list are checked.");
	if (!output_flush())
		return EXIT_OUTPUT;
	if (csv != NULL && !write_csv(report, csv))
		return EXIT_OUTPUT;
	return losses > 0 || report->list->fault_count > 0 ||
	    is_expired(report) ? EXIT_MEND : EXIT_COMPLETE;
}

/* A run of other domains says nothing about the list. */
static bool
is_of_this_list(const struct report *report, const char *run)
{
	if (report->audit->count == 0 || report->audit->measured > 0)
		return true;
	log_line("%s has measured no domain of %s: give a run of \"mxcensus "
	    "scan %s\"", run, report->path, report->path);
	return false;
}

static int
audit(const struct options *options, const struct policy_list *list,
    const struct suffix_list *suffixes)
{
	struct policy_audit findings;
	struct report report = {
		.path = options->arguments[0], .list = list,
		.audit = &findings, .has_run = options->argument_count > 1,
		.has_csv = options->csv != NULL, .now_ms = clock_ms(),
	};
	struct recorded_run run;
	bool good = true;
	int status = EXIT_INPUT;

	policy_audit_init(&findings, list, suffixes);
	if (report.has_run) {
		status = recorded_run_open(&run, options->arguments[1]);
		good = status == EXIT_COMPLETE;
		if (good) {
			report.now_ms = run.started_ms;
			good = policy_audit_run(&findings, &run) &&
			    is_of_this_list(&report, options->arguments[1]);
			recorded_run_close(&run);
			status = EXIT_INPUT;
		}
	}
	if (good)
		status = tell(&report, options->csv);
	policy_audit_fini(&findings);
	return status;
}

int
policy_audit_command(const struct options *options)
{
	struct buffer text = { 0 };
	struct suffix_list *suffixes;
	struct policy_list list;
	int status = EXIT_INPUT;

	if (!policy_read_file(options->arguments[0], &text))
		return EXIT_INPUT;
	suffixes = suffix_list_open();
	(void)policy_list_read(&list, buffer_text(&text), text.length);
	if (!list.is_list)
		log_line("%s: not a policy list: %s%s%s",
		    options->arguments[0], list.faults[0].pointer,
		    list.faults[0].pointer[0] != '\0' ? ": " : "",
		    list.faults[0].what);
	else if (suffixes == NULL)
		log_line("there is no Public Suffix List here");
	else
		status = audit(options, &list, suffixes);
	policy_list_fini(&list);
	suffix_list_free(suffixes);
	buffer_fini(&text);
	return status;
}

bool
policy_audit_term(unsigned index, struct command_term *term)
{
	static const char *const meanings[AUDIT_COUNT] = {
		[AUDIT_WOULD_LOSE_MAIL] = "mail is lost if the policy is enforced",
		[AUDIT_MX_NOT_IN_POLICY] = "the policy does not cover some MX host",
		[AUDIT_POLICY_MX_UNUSED] = "a name in the policy covers no MX host",
		[AUDIT_NO_STARTTLS] = "at some address STARTTLS does not work",
		[AUDIT_CERTIFICATE_UNTRUSTED] = "at some address the chain is not trusted",
		[AUDIT_CERTIFICATE_EXPIRED] = "at some address it is expired or not yet valid",
		[AUDIT_CERTIFICATE_NAME] = "at some address it has none of the listed names",
		[AUDIT_TLS_OLD] = "at some address TLS is older than 1.2",
		[AUDIT_NXDOMAIN] = "the domain does not exist",
		[AUDIT_NO_MAIL] = "there is neither an MX host nor an address",
		[AUDIT_NULL_MX] = "the domain accepts no mail",
		[AUDIT_UNREACHABLE] = "no MX host accepts connections",
		[AUDIT_UNDETERMINED] = "something could not be measured",
		[AUDIT_OVERBROAD_SUFFIX] = "anyone can register names below a suffix",
		[AUDIT_DEPTH_DIVERGENT] = "covered only if .x means several labels",
		[AUDIT_MTA_STS_CONFLICT] = "the domain's own MTA-STS disagrees",
		[AUDIT_NOT_MEASURED] = "the run has not measured the domain",
		[AUDIT_OK] = "none of the above",
		[AUDIT_MTA_STS_SUPERSEDES] = "senders use the domain's MTA-STS policy",
		[AUDIT_DANE_AVAILABLE] = "DANE authenticates its MX hosts",
		[AUDIT_READY_FOR_ENFORCE] = "in testing, but could be enforced",
	};

	if (index >= AUDIT_COUNT)
		return false;
	*term = (struct command_term){ audit_class_texts[index],
		meanings[index] };
	return true;
}
