/* How far a run is: time left, the line that fits the terminal, and the last line
 * of progress.jsonl that can be believed. Expected texts follow from figures.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scanner/run/figures.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])

static const struct figures some = {
	.at_ms = INT64_C(1795489200000),	/* 2026-11-24T03:00:00Z */
	.share = 0.25, .domains = 500, .domains_total = 2000, .domains_per_s = 50,
	.hosts = 120, .hosts_total = 180,
	.probes = 95, .probes_waiting = 30, .probes_per_s = 2.5,
	.questions = 311, .sessions = 20, .errors = 3, .undetermined = 2,
};

static void
left_text(void **state)
{
	static const struct { double seconds; const char *text; } rows[] = {
		{ -1, "-" }, { NAN, "-" }, { INFINITY, "-" }, { 1e300, "-" },
		{ 0, "0:00" }, { 0.2, "0:01" }, { 38, "0:38" },
		{ 59.5, "1:00" }, { 3599, "59:59" }, { 3599.5, "1h00m" },
		{ 3600, "1h00m" }, { 11100, "3h05m" }, { 172799, "47h59m" },
		{ 172800, "2d00h" }, { 370800, "4d07h" },
		{ 86400000, "-" },
	};
	char text[TIME_LEFT_MAX];

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		time_left_text(rows[i].seconds, text);
		if (strcmp(text, rows[i].text) != 0)
			fail_msg("%g: %s", rows[i].seconds, text);
	}
}

static void
seconds_left(void **state)
{
	static const struct {
		const char	*what;
		struct figures	 figures;
		double		 seconds;
	} rows[] = {
		{ "domains alone", { .domains = 10, .domains_total = 110,
		    .domains_per_s = 2 }, 50 },
		{ "the probes take longer", { .domains = 10,
		    .domains_total = 110, .domains_per_s = 2,
		    .probes_waiting = 90, .sessions = 10,
		    .probes_per_s = 1 }, 100 },
		{ "the domains take longer", { .domains = 10,
		    .domains_total = 110, .domains_per_s = 1,
		    .probes_waiting = 10, .probes_per_s = 1 }, 100 },
		{ "probes alone", { .domains = 5, .domains_total = 5,
		    .probes_waiting = 30, .probes_per_s = 2 }, 15 },
		{ "sessions alone", { .domains = 5, .domains_total = 5,
		    .sessions = 4, .probes_per_s = 2 }, 2 },
		{ "no domain moves", { .domains = 1, .domains_total = 5 }, -1 },
		{ "domains move, probes do not", { .domains = 1,
		    .domains_total = 5, .domains_per_s = 1,
		    .probes_waiting = 1 }, -1 },
		{ "probes move, domains do not", { .domains = 1,
		    .domains_total = 5, .probes_waiting = 1,
		    .probes_per_s = 1 }, -1 },
		{ "hosts that will have probes", { .domains = 5,
		    .domains_total = 5, .hosts = 1, .hosts_total = 2 }, -1 },
		{ "nobody goes on", { .phase = FIGURES_STOPPED, .domains = 10,
		    .domains_total = 110, .domains_per_s = 2 }, -1 },
		{ "nothing left", { .domains = 5, .domains_total = 5,
		    .hosts = 2, .hosts_total = 2 }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		double seconds = figures_seconds_left(&rows[i].figures);

		if (seconds != rows[i].seconds)
			fail_msg("%s: %g", rows[i].what, seconds);
	}
}

/* One share of all stages. The hundredth that is left is for the seal. */
static void
done_share(void **state)
{
	static const struct {
		const char	*what;
		struct figures	 figures;
		double		 share;
	} rows[] = {
		{ "at the start", { .domains_total = 9 }, 0 },
		{ "nothing to measure", { 0 }, 0.99 },
		{ "probing is half done", { .domains = 9, .domains_total = 9,
		    .hosts = 4, .hosts_total = 4, .probes = 5,
		    .probes_waiting = 3, .sessions = 2 }, 0.99 / 2 },
		{ "hosts are half done", { .domains = 9, .domains_total = 9,
		    .hosts = 2, .hosts_total = 4, .probes = 5 }, 0.99 / 2 },
		{ "policies are half done", { .domains = 9, .domains_total = 9,
		    .hosts = 4, .hosts_total = 4, .probes = 5, .policies = 2,
		    .policies_total = 4 }, 0.99 / 2 },
		{ "a third of the domains", { .domains = 3, .domains_total = 9,
		    .hosts = 4, .hosts_total = 4, .probes = 5 }, 0.99 / 3 },
		/* There will be as many again of each domain that is left. */
		{ "half of half of half", { .domains = 4, .domains_total = 8,
		    .hosts = 2, .hosts_total = 4, .probes = 5,
		    .probes_waiting = 5 }, 0.99 / 8 },
		{ "policies of half of the domains", { .domains = 4,
		    .domains_total = 8, .policies = 1, .policies_total = 4 },
		    0.99 / 8 },
		{ "all is measured", { .phase = FIGURES_SEALING, .domains = 9,
		    .domains_total = 9, .hosts = 4, .hosts_total = 4,
		    .probes = 5 }, 0.99 },
		{ "two steps of the seal", { .phase = FIGURES_SEALING,
		    .domains = 9, .domains_total = 9, .seal_steps = 2 },
		    0.99 + 0.01 * 2 / 3 },
		{ "sealed", { .phase = FIGURES_COMPLETE, .domains = 9,
		    .domains_total = 9, .seal_steps = 3 }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		double share = figures_share(&rows[i].figures);

		if (fabs(share - rows[i].share) > 1e-9)
			fail_msg("%s: %g", rows[i].what, share);
	}
}

/* A domain brings four hosts where none was known. */
static void
kept_share(void **state)
{
	struct figures figures = { .domains = 9, .domains_total = 10 };
	double highest = 0;

	(void)state;
	figures_keep_share(&figures, &highest);
	assert_true(fabs(figures.share - 0.99 * 9 / 10) < 1e-9);
	figures.domains = 10;
	figures.hosts_total = 4;
	assert_true(figures_share(&figures) == 0);
	figures_keep_share(&figures, &highest);
	assert_true(fabs(figures.share - 0.99 * 9 / 10) < 1e-9);
	figures.hosts = 4;
	figures_keep_share(&figures, &highest);
	assert_true(figures.share == 0.99);
}

/* What is shown is rounded down. */
static void
shown_share(void **state)
{
	static const struct { double share; const char *text; } rows[] = {
		{ 0, "0.0%" }, { 0.33333, "33.3%" }, { 0.9999, "99.9%" },
		{ 0.99999, "99.9%" }, { 1, "100.0%" },
	};
	char line[FIGURES_LINE_MAX];

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		const struct figures figures = { .share = rows[i].share };

		figures_line(&figures, strlen(rows[i].text), line);
		assert_string_equal(line, rows[i].text);
	}
}

#define HEAD "25.0% left 0:30 | 500/2000 domains 50/s | hosts 120/180 | "
#define SHORT_HEAD "25.0% left 0:30 | 500/2000 50/s"

/* Each line is what fits in its own width, and in all widths down to that of the
 * next one. */
static void
fitting(void **state)
{
	static const char *const lines[] = {
		HEAD "probes 95, 30 waiting | in flight 311 questions, "
		    "20 sessions | errors 3 | undetermined 2",
		HEAD "probes 95, 30 waiting | in flight 311 questions, "
		    "20 sessions | errors 3 | undet 2",
		HEAD "probes 95, 30 waiting | in flight 311+20 | errors 3 | "
		    "undet 2",
		HEAD "probes 95, 30 waiting | in flight 311+20 | err 3 | "
		    "undet 2",
		HEAD "probes 95+30 | in flight 311+20 | err 3 | undet 2",
		SHORT_HEAD " | hosts 120/180 | probes 95+30 | "
		    "in flight 311+20 | err 3 | undet 2",
		SHORT_HEAD " | hosts 120/180 | probes 95+30 | "
		    "in flight 311+20 | err 3",
		SHORT_HEAD " | hosts 120/180 | probes 95+30 | err 3",
		SHORT_HEAD " | probes 95+30 | err 3",
		SHORT_HEAD " | probes 95+30",
		SHORT_HEAD, "25.0% left 0:30 | 500/2000", "25.0% | 500/2000",
		"25.0%", "",
	};
	char line[FIGURES_LINE_MAX];
	size_t columns = FIGURES_LINE_MAX;

	(void)state;
	for (size_t i = 0; i < ROWS_OF(lines); i++)
		for (; columns + 1 > strlen(lines[i]); columns--) {
			figures_line(&some, columns, line);
			if (strcmp(line, lines[i]) != 0)
				fail_msg("%zu: %s", columns, line);
			if (columns == 0)
				return;
		}
}

/* What names wait for is said where there is room; the busiest alone, where there
 * is less. The twin is `fitting`, in which none waits. */
static void
busy(void **state)
{
	struct figures figures = some;
	char line[FIGURES_LINE_MAX];

	(void)state;
	figures.busy_count = 2;
	figures.busy[0] = (struct busy_server){
		"198.51.100.7", 12300, 123,
	};
	figures.busy[1] = (struct busy_server){ "192.0.2.0/24", 9, 0.5 };
	figures_line(&figures, FIGURES_LINE_MAX - 1, line);
	assert_string_equal(line, HEAD "probes 95, 30 waiting | in flight 311 "
	    "questions, 20 sessions | errors 3 | undetermined 2 | waiting for "
	    "name servers: 198.51.100.7 12300 names, 2:03; 192.0.2.0/24 9 "
	    "names, 0:01");
	figures_line(&figures, strlen(line) - 1, line);
	assert_string_equal(line, HEAD "probes 95, 30 waiting | in flight 311 "
	    "questions, 20 sessions | errors 3 | undetermined 2 | waiting for "
	    "198.51.100.7 2:03");
	/* It is the first to be left out. */
	figures_line(&figures, strlen(SHORT_HEAD " | hosts 120/180 | probes "
	    "95+30 | in flight 311+20 | err 3 | undet 2"), line);
	assert_string_equal(line, SHORT_HEAD " | hosts 120/180 | probes 95+30 "
	    "| in flight 311+20 | err 3 | undet 2");
}

/* One is singular, and nothing else is. */
static void
plurals(void **state)
{
	static const struct { uint64_t count; const char *line; } rows[] = {
		{ 0, "0/0 domains 0.0/s | hosts 0/0 | probes 0, 0 waiting | "
		    "in flight 0 questions, 0 sessions | errors 0 | "
		    "undetermined 0 | waiting for name servers: a 0 names, " },
		{ 1, "0/1 domain 0.0/s | hosts 0/0 | probes 0, 0 waiting | "
		    "in flight 1 question, 1 session | errors 0 | "
		    "undetermined 0 | waiting for name servers: a 1 name, " },
		{ 2, "0/2 domains 0.0/s | hosts 0/0 | probes 0, 0 waiting | "
		    "in flight 2 questions, 2 sessions | errors 0 | "
		    "undetermined 0 | waiting for name servers: a 2 names, " },
	};
	char line[FIGURES_LINE_MAX];

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		const struct figures figures = {
			.domains_total = rows[i].count,
			.questions = rows[i].count, .sessions = rows[i].count,
			.busy_count = 1,
			.busy = { { "a", rows[i].count, 1 } },
		};

		figures_line(&figures, FIGURES_LINE_MAX - 1, line);
		if (strstr(line, rows[i].line) == NULL)
			fail_msg("%s", line);
	}
}

/* What progress.jsonl says of them is read back, and nonsense is left out. */
static void
busy_json(void **state)
{
	static const struct {
		const char	*what, *json;
		unsigned	count;
	} rows[] = {
		{ "two", "[{\"name\":\"a\",\"waiting\":1,\"seconds\":2},"
		    "{\"name\":\"b\",\"waiting\":1,\"seconds\":1.5}]", 2 },
		{ "none", "[]", 0 },
		{ "no array", "{\"name\":\"a\"}", 0 },
		{ "the second is nonsense", "[{\"name\":\"a\",\"waiting\":1,"
		    "\"seconds\":2},{\"name\":7}]", 1 },
		{ "a negative count", "[{\"name\":\"a\",\"waiting\":-1,"
		    "\"seconds\":2}]", 0 },
		{ "no time", "[{\"name\":\"a\",\"waiting\":1}]", 0 },
		{ "too many", "[{\"name\":\"a\",\"waiting\":1,\"seconds\":1},"
		    "{\"name\":\"a\",\"waiting\":1,\"seconds\":1},"
		    "{\"name\":\"a\",\"waiting\":1,\"seconds\":1},"
		    "{\"name\":\"a\",\"waiting\":1,\"seconds\":1}]", 3 },
	};
	struct figures figures = some, back;
	char line[FIGURES_JSON_MAX], own[2 * FIGURES_JSON_MAX];
	size_t length;

	(void)state;
	figures.busy_count = FIGURES_BUSY_MAX;
	for (unsigned i = 0; i < FIGURES_BUSY_MAX; i++) {
		/* As long as it can become. */
		memset(figures.busy[i].name, '\\', FIGURES_NAME_MAX - 1);
		figures.busy[i].waiting = INT64_MAX;
		figures.busy[i].seconds = 1e15 + i;
	}
	length = figures_to_json(&figures, line);
	assert_true(figures_last(line, length, &back));
	assert_int_equal(back.busy_count, FIGURES_BUSY_MAX);
	for (unsigned i = 0; i < FIGURES_BUSY_MAX; i++) {
		assert_string_equal(back.busy[i].name, figures.busy[i].name);
		assert_true(back.busy[i].waiting == INT64_MAX &&
		    back.busy[i].seconds == figures.busy[i].seconds);
	}
	figures.busy_count = 0;
	length = figures_to_json(&figures, line);
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		const char *servers = strstr(line, "[]");

		assert_non_null(servers);
		snprintf(own, sizeof own, "%.*s%s%s", (int)(servers - line),
		    line, rows[i].json, servers + 2);
		if (!figures_last(own, strlen(own), &back) ||
		    back.busy_count != rows[i].count)
			fail_msg("%s: %u", rows[i].what, back.busy_count);
	}
}

/* A run that waits for its disk or its network does not look as if it hung. The
 * twin is `fitting`, of a run that measures. */
static void
paused(void **state)
{
	struct figures figures = some;
	char line[FIGURES_LINE_MAX];

	(void)state;
	figures.phase = FIGURES_PAUSED;
	figures_line(&figures, FIGURES_LINE_MAX - 1, line);
	assert_string_equal(line, "paused: " HEAD "probes 95, 30 waiting | "
	    "in flight 311 questions, 20 sessions | errors 3 | "
	    "undetermined 2");
	/* The word is the last that is left out. */
	figures_line(&figures, strlen("paused: " SHORT_HEAD), line);
	assert_string_equal(line, "paused: " SHORT_HEAD);
	figures_line(&figures, strlen("paused:"), line);
	assert_string_equal(line, "paused:");
	figures_line(&figures, strlen("paused"), line);
	assert_string_equal(line, "");
}

/* Each stage that has something to do. The twin is `fitting`, in which the later
 * ones have nothing. */
static void
later_stages(void **state)
{
	struct figures figures = some;
	char line[FIGURES_LINE_MAX];

	(void)state;
	figures.policies = 3;
	figures.policies_total = 14;
	figures.second_pass = 12;
	figures_line(&figures, FIGURES_LINE_MAX - 1, line);
	assert_string_equal(line, HEAD "probes 95, 30 waiting | policies 3/14 "
	    "| second pass 12 | in flight 311 questions, 20 sessions | "
	    "errors 3 | undetermined 2");
	figures.phase = FIGURES_SEALING;
	figures.seal_steps = 1;
	figures.second_pass = 0;
	figures_line(&figures, strlen("25.0% left - | 500/2000 50/s | sealing "
	    "1/3"), line);
	assert_string_equal(line, "25.0% left - | 500/2000 50/s | sealing 1/3");
	figures_line(&figures, strlen("25.0% | sealing 1/3"), line);
	assert_string_equal(line, "25.0% | sealing 1/3");
}

/* A census of a large zone, at the usual width: what is longest is there. */
static void
large(void **state)
{
	static const struct figures zone = {
		.share = 0.526,
		.domains = 1999999, .domains_total = 2000000,
		.domains_per_s = 3456.7, .hosts = 12345, .hosts_total = 23456,
		.probes = 234567, .probes_waiting = 100000, .probes_per_s = 10,
		.questions = 1000, .sessions = 500, .errors = 9999,
		.undetermined = 10000,
	};
	const struct figures largest = {
		.domains = UINT64_MAX, .domains_total = UINT64_MAX,
		.domains_per_s = 1e9, .hosts = UINT64_MAX,
		.hosts_total = UINT64_MAX, .probes = UINT64_MAX,
		.probes_waiting = UINT64_MAX, .probes_per_s = 1e9,
		.questions = UINT64_MAX, .sessions = UINT64_MAX,
		.errors = UINT64_MAX, .undetermined = UINT64_MAX,
		.phase = FIGURES_SEALING, .policies = UINT64_MAX,
		.policies_total = UINT64_MAX, .second_pass = UINT64_MAX,
		.waits_until_ms = INT64_C(1795489200000),
	};
	char line[FIGURES_LINE_MAX], json[FIGURES_JSON_MAX];

	(void)state;
	figures_line(&zone, 79, line);
	assert_string_equal(line, "52.6% left 2h47m | 1.99M/2.00M 3457/s | "
	    "probes 234k+100k | err 9999");
	for (size_t columns = 0; columns < FIGURES_LINE_MAX; columns++) {
		figures_line(&largest, columns, line);
		assert_in_range(strlen(line), 0, columns);
	}
	assert_in_range(figures_to_json(&largest, json), 1,
	    FIGURES_JSON_MAX - 1);
}

static void
assert_same(const struct figures *a, const struct figures *b)
{
	assert_true(a->at_ms == b->at_ms);
	assert_int_equal(a->phase, b->phase);
	assert_true(a->domains == b->domains &&
	    a->domains_total == b->domains_total);
	assert_true(a->hosts == b->hosts && a->hosts_total == b->hosts_total);
	assert_true(a->probes == b->probes &&
	    a->probes_waiting == b->probes_waiting);
	assert_true(a->domains_per_s == b->domains_per_s &&
	    a->probes_per_s == b->probes_per_s);
	assert_true(a->questions == b->questions &&
	    a->sessions == b->sessions && a->errors == b->errors &&
	    a->undetermined == b->undetermined &&
	    a->paused_ms == b->paused_ms &&
	    a->policies == b->policies &&
	    a->policies_total == b->policies_total &&
	    a->second_pass == b->second_pass &&
	    a->waits_until_ms == b->waits_until_ms &&
	    a->seal_steps == b->seal_steps && a->share == b->share &&
	    a->busy_count == b->busy_count);
}

static void
json_line(void **state)
{
	struct figures figures = some, back;
	char line[FIGURES_JSON_MAX];
	size_t length;
	json_t *object;

	(void)state;
	figures.phase = FIGURES_STOPPING;
	figures.paused_ms = 7000;
	figures.policies = 3;
	figures.policies_total = 14;
	figures.second_pass = 12;
	figures.waits_until_ms = INT64_C(1795489260000);
	figures.seal_steps = 2;
	length = figures_to_json(&figures, line);
	assert_int_equal(line[length - 1], '\n');
	assert_null(memchr(line, '\n', length - 1));
	object = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(object);
	assert_string_equal(json_string_value(json_object_get(object, "at")),
	    "2026-11-24T03:00:00.000Z");
	assert_true(json_number_value(json_object_get(object, "share")) ==
	    0.25);
	assert_int_equal(json_integer_value(json_object_get(object,
	    "left_s")), 30);
	json_decref(object);
	assert_true(figures_last(line, length, &back));
	assert_same(&figures, &back);
	figures.domains_per_s = 0;
	length = figures_to_json(&figures, line);
	assert_non_null(strstr(line, "\"left_s\":null}"));
}

/* A line with that many domains done; the other fields as they are. */
#define LINE(domains, at, phase) "{\"at\":" at ",\"phase\":" phase \
	",\"domains\":" domains ",\"domains_total\":9,\"share\":0.1," \
	"\"domains_per_s\":1.5,\"hosts\":1,\"hosts_total\":1,\"probes\":1," \
	"\"probes_waiting\":1,\"probes_per_s\":0,\"questions\":1," \
	"\"sessions\":1,\"errors\":1,\"undetermined\":1,\"left_s\":null}"
#define GOOD(domains) LINE(domains, "\"2026-11-24T03:00:00.000Z\"", \
	"\"measuring\"")

/* A line of an earlier version has no later stages, and keeps its share. */
static void
earlier_line(void **state)
{
	static const char line[] = GOOD("2") "\n";
	struct figures back;

	(void)state;
	memset(&back, 0xff, sizeof back);
	assert_true(figures_last(line, sizeof line - 1, &back));
	assert_true(back.share == 0.1);
	assert_true(back.policies == 0 && back.policies_total == 0 &&
	    back.second_pass == 0 && back.waits_until_ms == 0 &&
	    back.seal_steps == 0);
}

static void
last_line(void **state)
{
	static const struct {
		const char	*what, *bytes;
		int		 domains;	/* of the line; -1: none */
	} rows[] = {
		{ "empty", "", -1 },
		{ "one", GOOD("1") "\n", 1 },
		{ "two", GOOD("1") "\n" GOOD("2") "\n", 2 },
		{ "the last is truncated", GOOD("1") "\n{\"at\":\"20", 1 },
		{ "the last lacks its newline", GOOD("1") "\n" GOOD("2"), 1 },
		{ "nothing but a truncated one", "{\"at\":\"20", -1 },
		{ "a file that begins within a line", "\":1}\n" GOOD("2") "\n",
		    2 },
		{ "within a line, and no other", "\"sessions\":1}\n", -1 },
		{ "a line of zeros after a crash", GOOD("1") "\n???\n", 1 },
		{ "empty lines", GOOD("1") "\n\n\n", 1 },
		{ "an array", GOOD("1") "\n[1]\n", 1 },
		{ "a field is missing", GOOD("1") "\n{\"domains\":2}\n", 1 },
		{ "a field twice", GOOD("1") "\n"
		    "{\"domains\":3,\"domains\":3}\n", 1 },
		{ "a negative count", GOOD("1") "\n" GOOD("-2") "\n", 1 },
		{ "a fraction", GOOD("1") "\n" GOOD("2.5") "\n", 1 },
		{ "text for a count", GOOD("1") "\n" GOOD("\"2\"") "\n", 1 },
		{ "too large", GOOD("1") "\n" GOOD("99999999999999999999")
		    "\n", 1 },
		{ "no time", GOOD("1") "\n" LINE("2", "\"now\"",
		    "\"measuring\"") "\n", 1 },
		{ "a time that is none", GOOD("1") "\n" LINE("2",
		    "\"2026-13-24T03:00:00.000Z\"", "\"measuring\"") "\n", 1 },
		{ "a phase that is none", GOOD("1") "\n" LINE("2",
		    "\"2026-11-24T03:00:00.000Z\"", "\"dreaming\"") "\n", 1 },
		{ "the other phases", LINE("2", "\"2026-11-24T03:00:00.000Z\"",
		    "\"complete\"") "\n", 2 },
		{ "a pause", LINE("2", "\"2026-11-24T03:00:00.000Z\"",
		    "\"paused\"") "\n", 2 },
	};
	struct figures figures;

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		bool found = figures_last(rows[i].bytes,
		    strlen(rows[i].bytes), &figures);
		int domains = found ? (int)figures.domains : -1;

		if (domains != rows[i].domains)
			fail_msg("%s: %d", rows[i].what, domains);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(left_text),
		cmocka_unit_test(seconds_left),
		cmocka_unit_test(done_share), cmocka_unit_test(kept_share),
		cmocka_unit_test(shown_share), cmocka_unit_test(fitting),
		cmocka_unit_test(plurals),
		cmocka_unit_test(busy), cmocka_unit_test(busy_json),
		cmocka_unit_test(paused), cmocka_unit_test(later_stages),
		cmocka_unit_test(large),
		cmocka_unit_test(json_line),
		cmocka_unit_test(last_line), cmocka_unit_test(earlier_line),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
