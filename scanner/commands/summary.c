#include "scanner/commands/summary.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/outcomes/conclude.h"
#include "analysis/outcomes/wilson.h"
#include "scanner/base/facts.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/plural.h"
#include "scanner/commands/same_plan.h"
#include "scanner/commands/sealed_run.h"
#include "scanner/run/run_json.h"
#include "scanner/run/tally.h"

static int64_t
number(const json_t *object, const char *name)
{
	return (int64_t)json_integer_value(json_object_get(object, name));
}

static const char *
text(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));

	return value != NULL ? value : "";
}

/* What the functions below print. */
struct summary {
	const json_t	*json;		/* summary.json */
	const struct run_json *run;
	const char	*path;
	bool		 is_sample;
	struct run_sample sample;
};

static void
print_percent(FILE *out, int64_t part, int64_t whole)
{
	if (whole == 0)
		fprintf(out, " %9s", "-");
	else
		fprintf(out, " %7.2f %%", 100. * (double)part / (double)whole);
}

/* Text ******************************************************************** */

/* The interval is for all names, including those that were not drawn. */
static void
print_interval(FILE *out, const json_t *share)
{
	struct interval interval = wilson_interval(
	    (uint64_t)number(share, "numerator"),
	    (uint64_t)number(share, "denominator"));

	fprintf(out, "  %.1f-%.1f", 100 * interval.low, 100 * interval.high);
}

/* "of" is printed where it changes, above its shares. */
static void
print_shares(FILE *out, const json_t *level, const char *title,
    bool is_sample)
{
	const json_t *shares = json_object_get(level, "shares"), *share;
	const char *of = "";
	/* An interval fits into 80 columns. */
	int width = is_sample ? 7 : 9;
	size_t i;

	fprintf(out, "\n%-38s %10s %10s %*s%s\n", title, "yes", "share",
	    width, "unknown", is_sample ? "  interval" : "");
	json_array_foreach(shares, i, share) {
		int64_t whole = number(share, "denominator");

		if (whole == 0)
			continue;
		if (strcmp(of, text(share, "of")) != 0) {
			of = text(share, "of");
			fprintf(out, "  of %" PRId64 " %s\n", whole, of);
		}
		fprintf(out, "    %-34s %10" PRId64, text(share, "what"),
		    number(share, "numerator"));
		print_percent(out, number(share, "numerator"), whole);
		fprintf(out, "  %*" PRId64, width, number(share,
		    "undetermined"));
		if (is_sample)
			print_interval(out, share);
		putc('\n', out);
	}
}

static void
print_certificates(FILE *out, const json_t *summary)
{
	const json_t *rows = json_object_get(summary, "certificates"), *row;
	size_t i;

	fprintf(out, "\n%-45s %10s %10s\n", "Certificates (at every address "
	    "with TLS)", "domains", "MX hosts");
	json_array_foreach(rows, i, row) {
		if (number(row, "domains") == 0 && number(row, "hosts") == 0)
			continue;
		fprintf(out, "  %-9s  %-19s  %-11s %10" PRId64 " %10" PRId64
		    "\n", json_is_true(json_object_get(row, "chain"))
		    ? "trusted" : "untrusted",
		    json_is_true(json_object_get(row, "name"))
		    ? "name matches" : "name does not match",
		    json_is_true(json_object_get(row, "dates"))
		    ? "in dates" : "out of date", number(row, "domains"),
		    number(row, "hosts"));
	}
}

static int64_t
outcome(const json_t *outcomes, const char *sender, const char *kind,
    const char *value)
{
	return number(json_object_get(json_object_get(outcomes, sender), kind),
	    value);
}

static bool
occurs(const json_t *outcomes, const char *kind, const char *value)
{
	const json_t *sender;
	const char *name;

	json_object_foreach((json_t *)(uintptr_t)outcomes, name, sender)
		if (outcome(outcomes, name, kind, value) != 0)
			return true;
	return false;
}

/* A row for each outcome, a column for each sender; in thousands where figures
 * would run into each other. */
static void
print_outcomes(FILE *out, const json_t *level, const char *what,
    const char *kind)
{
	static const char *const short_names[SENDER_COUNT] = {
		"plain", "dane", "mta-sts", "dane|sts", "list", "webpki",
	};
	const json_t *outcomes = json_object_get(level, "outcomes");
	int64_t count = number(level, "count");
	int64_t unit = count > 9999999 ? 1000 : 1;

	fprintf(out, "\n%s%s\n%-25s", what, unit > 1 ? " (thousands)" : "",
	    "");
	for (int s = 0; s < SENDER_COUNT; s++)
		if (json_object_get(outcomes, sender_texts.texts[s]) != NULL)
			fprintf(out, " %8s", short_names[s]);
	putc('\n', out);
	for (int i = 0; i < DELIVERY_COUNT; i++) {
		const char *value = delivery_texts.texts[i];

		if (!occurs(outcomes, kind, value))
			continue;
		fprintf(out, "%-25s", value);
		for (int s = 0; s < SENDER_COUNT; s++) {
			const char *sender = sender_texts.texts[s];

			if (json_object_get(outcomes, sender) != NULL)
				fprintf(out, " %8" PRId64, outcome(outcomes,
				    sender, kind, value) / unit);
		}
		putc('\n', out);
	}
}

/* RULES L11. */
static void
print_sampled(const struct lane_tally *lanes, enum sample_group group,
    FILE *out)
{
	const uint64_t *counts = lanes->sampled[group];

	if (lane_tally_sampled(lanes, group) == 0)
		return;
	fprintf(out, "%" PRIu64 " of them%s %s also asked by full recursion: "
	    "%" PRIu64 " agreed, %" PRIu64 " disagreed,\n%" PRIu64 " changed "
	    "meanwhile\n", lane_tally_sampled(lanes, group),
	    group == SAMPLED_DIFFERING ? " with the flag delegation_differs"
	    : "", plural(lane_tally_sampled(lanes, group), "was", "were"),
	    counts[SAMPLE_AGREED], counts[SAMPLE_DISAGREED],
	    counts[SAMPLE_CHANGED]);
	if (lane_tally_is_doubtful(lanes, group))
		fputs("WARNING: they disagree too often: do not rely on rows "
		    "of the lane \"direct\"\n", out);
}

/* RULES L10, if the direct lane was used. */
static void
print_fates(const struct lane_fates *fates, const char *one,
    const char *many, FILE *out)
{
	uint64_t fell_back = 0;

	if (fates->asked == 0)
		return;
	for (size_t i = 0; i < ODDITY_COUNT; i++)
		fell_back += fates->odd[i];
	fprintf(out, "\nAsked directly at their own name servers: %" PRIu64
	    " %s\nOf these, %" PRIu64 " fell back to full recursion, and the "
	    "servers of %" PRIu64 " failed", fates->asked,
	    plural(fates->asked, one, many), fell_back, fates->failed);
	for (size_t i = 0; i < ODDITY_COUNT; i++)
		if (fates->odd[i] > 0)
			fprintf(out, "\n    %-34s %10" PRIu64,
			    oddity_texts.texts[i], fates->odd[i]);
	putc('\n', out);
}

static void
print_lanes(const struct run_json *run, FILE *out)
{
	struct lane_tally lanes = { 0 };

	lane_tally_take_up(&lanes, json_object_get(run->root, "lanes"));
	print_fates(&lanes.domains, "domain", "domains", out);
	for (int i = 0; i < SAMPLE_GROUPS; i++)
		print_sampled(&lanes, (enum sample_group)i, out);
	print_fates(&lanes.hosts, "MX host", "MX hosts", out);
}

static void
print_done(FILE *out, const char *what, int64_t done, int64_t total)
{
	fprintf(out, "%s %" PRId64, what, done);
	if (total > 0)
		fprintf(out, " (%.2f %%)", floor(10000. * (double)done /
		    (double)total) / 100);
}

/* It comes first, so that the shares are not mistaken for those of the whole
 * run. */
static void
print_partial(const json_t *partial, FILE *out)
{
	int64_t domains = number(partial, "domains");
	int64_t hosts = number(partial, "hosts");

	fputs("PARTIAL: the run is not sealed. ", out);
	if (json_is_integer(json_object_get(partial, "domains")))
		fprintf(out, "Of %" PRId64 " %s,\n", domains,
		    plural(domains, "domain", "domains"));
	else
		fputs("The number of domains is not known yet;\n", out);
	print_done(out, "resolved:", number(partial, "domains_resolved"),
	    domains);
	print_done(out, ", with everything measured:", number(partial,
	    "domains_measured"), domains);
	fprintf(out, ".\nOf their %" PRId64 " MX %s, measured: %" PRId64 ". Shares "
	    "are of the resolved domains.\nWhat is not measured yet is "
	    "unknown, and never counted as \"no\".\n", hosts,
	    plural(hosts, "host", "hosts"), number(partial, "hosts_measured"));
}

/* Of a run of two places. */
static void
print_merged(const struct run_json *run, FILE *out)
{
	const char *a = run_merged_place(run, 0), *b = run_merged_place(run,
	    1);

	if (a != NULL && b != NULL)
		fprintf(out, "MERGED: runs from %s and %s. Unknown is what "
		    "neither could see.\n", a, b);
}

static void
print_sample(const struct run_sample *sample, FILE *out)
{
	fprintf(out, "SAMPLE: one in %" PRIu64 " of the names (--sample 1/%"
	    PRIu64 "), %" PRIu64 " of %" PRIu64 " records.\nThe intervals "
	    "are for all names, at 95 %% (Wilson). MX hosts have none: a host\n"
	    "that many domains name is drawn more often.\n", sample->one_of,
	    sample->one_of, sample->drawn, sample->drawn + sample->not_drawn);
}

static void
print_text(const struct summary *summary, FILE *out)
{
	const json_t *domains = json_object_get(summary->json, "domains");
	const json_t *hosts = json_object_get(summary->json, "hosts");
	const json_t *partial = json_object_get(summary->json, "partial");

	if (partial != NULL)
		print_partial(partial, out);
	if (summary->is_sample)
		print_sample(&summary->sample, out);
	print_merged(summary->run, out);
	print_shares(out, domains, "Domains", summary->is_sample);
	print_shares(out, hosts, "MX hosts, each once", false);
	print_certificates(out, summary->json);
	print_outcomes(out, domains, "Result at the MX hosts that are tried "
	    "first, by kind of sender", "first");
	print_outcomes(out, domains, "Worst case: an attacker blocks the "
	    "other MX hosts", "worst");
	print_outcomes(out, hosts, "Result for each MX host, given a secure "
	    "MX", "first");
	print_lanes(summary->run, out);
	if (partial != NULL)
		return;
	fprintf(out, "\nThe run is in %s. To open it:\n"
	    "  duckdb -c \"SELECT dane_first, count(*) FROM\n"
	    "      '%s/outcomes/*.csv.gz' GROUP BY ALL\"\n", summary->path,
	    summary->path);
}

/* CSV ********************************************************************* */

static void
print_csv_level(const json_t *level, const char *name, FILE *out)
{
	const json_t *outcomes = json_object_get(level, "outcomes"), *kinds,
	    *values, *value, *share;
	const char *sender, *kind, *delivery;
	size_t i;

	json_array_foreach(json_object_get(level, "shares"), i, share)
		fprintf(out, "%s,%s,,,%" PRId64 ",%" PRId64 ",%" PRId64 "\n",
		    name, text(share, "name"), number(share, "numerator"),
		    number(share, "denominator"),
		    number(share, "undetermined"));
	json_object_foreach((json_t *)(uintptr_t)outcomes, sender, kinds)
		json_object_foreach((json_t *)(uintptr_t)kinds, kind, values)
			json_object_foreach((json_t *)(uintptr_t)values,
			    delivery, value)
				fprintf(out, "%s,outcome_%s,%s,%s,%" PRId64
				    ",%" PRId64 ",%" PRId64 "\n", name, kind,
				    sender, delivery,
				    (int64_t)json_integer_value(value),
				    number(level, "count"),
				    number(values, "undetermined"));
}

static void
print_csv_partial(const json_t *partial, FILE *out)
{
	static const struct { const char *measure, *total; } rows[] = {
		{ "domains_resolved", "domains" },
		{ "domains_measured", "domains" },
		{ "hosts_measured", "hosts" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const json_t *total = json_object_get(partial, rows[i].total);

		fprintf(out, "partial,%s,,,%" PRId64 ",", rows[i].measure,
		    number(partial, rows[i].measure));
		if (json_is_integer(total))
			fprintf(out, "%" PRId64,
			    (int64_t)json_integer_value(total));
		fputs(",\n", out);
	}
}

static void
print_csv(const struct summary *of, FILE *out)
{
	const json_t *summary = of->json, *row;
	const json_t *partial = json_object_get(summary, "partial");
	size_t i;

	fputs("level,measure,sender,value,numerator,denominator,"
	    "undetermined\n", out);
	if (partial != NULL)
		print_csv_partial(partial, out);
	if (of->is_sample)
		fprintf(out, "sample,one_of,,,1,%" PRIu64 ",\n",
		    of->sample.one_of);
	print_csv_level(json_object_get(summary, "domains"), "domains", out);
	print_csv_level(json_object_get(summary, "hosts"), "hosts", out);
	json_array_foreach(json_object_get(summary, "certificates"), i, row)
		for (int host = 0; host < 2; host++)
			fprintf(out, "%s,certificates,,chain=%d name=%d "
			    "dates=%d,%" PRId64 ",,\n",
			    host ? "hosts" : "domains",
			    json_is_true(json_object_get(row, "chain")),
			    json_is_true(json_object_get(row, "name")),
			    json_is_true(json_object_get(row, "dates")),
			    number(row, host ? "hosts" : "domains"));
}

/* ************************************************************************* */

static void
print(const json_t *json, const struct sealed_run *run, enum answer_form form,
    FILE *out)
{
	struct summary summary = {
		.json = json, .run = &run->file, .path = run->path,
	};

	summary.is_sample = run_json_sample(&run->file, &summary.sample);
	if (form == FORM_CSV) {
		print_csv(&summary, out);
	} else if (form == FORM_TEXT) {
		print_text(&summary, out);
	} else {
		json_dumpf(json, out, JSON_INDENT(1));
		putc('\n', out);
	}
}

/* Returns false after a message that says what is wrong. */
static bool
print_sealed(const struct sealed_run *run, enum answer_form form, FILE *out)
{
	char *path = xasprintf("%s/summary.json", run->path);
	json_error_t error;
	FILE *file = fopen(path, "re");
	json_t *summary = file == NULL ? NULL
	    : json_loadf(file, JSON_REJECT_DUPLICATES, &error);

	if (file == NULL)
		log_line("%s: %s", path, strerror(errno));
	else if (summary == NULL)
		log_line("%s: %s", path, error.text);
	else
		print(summary, run, form, out);
	json_decref(summary);
	if (file != NULL)
		fclose(file);
	free(path);
	return summary != NULL;
}

bool
summary_print(const char *path, enum answer_form form, FILE *out)
{
	struct sealed_run run;
	bool good = sealed_run_open(&run, path) == EXIT_COMPLETE &&
	    print_sealed(&run, form, out);

	sealed_run_close(&run);
	return good;
}

static int
print_partially(const struct sealed_run *run, enum answer_form form)
{
	json_t *summary = conclude_partially(run->folder, &run->file);

	if (summary == NULL)
		return EXIT_INPUT;
	print(summary, run, form, stdout);
	json_decref(summary);
	return EXIT_COMPLETE;
}

int
summary_command(const struct options *options)
{
	const char *path = options->arguments[0];
	enum answer_form form = (enum answer_form)options->form;
	struct sealed_run run;
	int status = options->partial ? sealed_run_open_any(&run, path)
	    : sealed_run_open(&run, path);

	if (status == EXIT_COMPLETE && run.file.state != RUN_SEALED)
		status = print_partially(&run, form);
	else if (status == EXIT_COMPLETE && !print_sealed(&run, form, stdout))
		status = EXIT_OUTPUT;
	sealed_run_close(&run);
	return status;
}
