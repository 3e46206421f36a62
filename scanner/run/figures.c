#include "scanner/run/figures.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/out/field.h"

#define DAY_SECONDS	86400
#define DAYS_SHOWN	999	/* a longer time counts as unknown */
#define BUSY_JSON_MAX	2048
#define NAME_SHOWN	45	/* bytes of a name server's name in a line */

static const char *const phases[] = {
	"measuring", "stopping", "stopped", "complete", "paused",
};
_Static_assert(sizeof phases / sizeof phases[0] == FIGURES_PHASE_COUNT,
    "a text for each phase");

const char *
figures_phase_text(enum figures_phase phase)
{
	return phases[phase];
}

static double
lower_share(double share, uint64_t done, uint64_t total)
{
	double own = total == 0 ? 1 : (double)done / (double)total;

	return own < share ? own : share;
}

double
figures_share(const struct figures *figures)
{
	double share = lower_share(1, figures->domains,
	    figures->domains_total);

	share = lower_share(share, figures->hosts, figures->hosts_total);
	return lower_share(share, figures->probes, figures->probes +
	    figures->probes_waiting + figures->sessions);
}

/* 0 if nothing is left, negative if nothing moves. */
static double
seconds_for(uint64_t left, double per_s)
{
	if (left == 0)
		return 0;
	return per_s > 0 ? (double)left / per_s : -1;
}

double
figures_seconds_left(const struct figures *figures)
{
	uint64_t domains_left = figures->domains_total > figures->domains
	    ? figures->domains_total - figures->domains : 0;
	double domains = seconds_for(domains_left, figures->domains_per_s);
	double probes = seconds_for(figures->probes_waiting +
	    figures->sessions, figures->probes_per_s);

	if (figures->phase == FIGURES_STOPPED || domains < 0 || probes < 0)
		return -1;
	/* Hosts that are still to be resolved will have probes. */
	if (domains == 0 && probes == 0 &&
	    figures->hosts < figures->hosts_total)
		return -1;
	return domains > probes ? domains : probes;
}

void
time_left_text(double seconds, char text[TIME_LEFT_MAX])
{
	unsigned whole;

	if (!(seconds >= 0 && seconds <= (double)DAYS_SHOWN * DAY_SECONDS)) {
		snprintf(text, TIME_LEFT_MAX, "-");
		return;
	}
	/* Only a remainder of exactly 0 is shown as 0. */
	whole = (unsigned)ceil(seconds);
	if (whole < 3600)
		snprintf(text, TIME_LEFT_MAX, "%u:%02u", whole / 60,
		    whole % 60);
	else if (whole < 2 * DAY_SECONDS)
		snprintf(text, TIME_LEFT_MAX, "%uh%02um", whole / 3600,
		    whole / 60 % 60);
	else
		snprintf(text, TIME_LEFT_MAX, "%ud%02uh", whole / DAY_SECONDS,
		    whole / 3600 % 24);
}

/* The line for people ***************************************************** */

enum part_id {
	PART_PHASE, PART_SHARE, PART_LEFT, PART_DOMAINS, PART_RATE, PART_HOSTS,
	PART_PROBES, PART_IN_FLIGHT, PART_ERRORS, PART_UNDETERMINED,
	PART_BUSY, PARTS,
};

/* The first part here is the first to be shortened, and then the first to be
 * left out. */
static const enum part_id least_important[] = {
	PART_BUSY, PART_UNDETERMINED, PART_IN_FLIGHT, PART_HOSTS, PART_ERRORS,
	PART_PROBES, PART_RATE, PART_LEFT, PART_DOMAINS, PART_SHARE,
	PART_PHASE,
};
_Static_assert(sizeof least_important / sizeof least_important[0] == PARTS,
    "every part has a place");

enum form { FORM_LONG, FORM_SHORT, FORMS, FORM_GONE = FORMS };

struct part {
	char		text[FORMS][320];
	enum form	form;
};

/* Rounds down, so that the text never claims more than there is. */
static const char *
short_count(uint64_t count, char text[24])
{
	if (count < 10000)
		snprintf(text, 24, "%" PRIu64, count);
	else if (count < 1000000)
		snprintf(text, 24, "%" PRIu64 "k", count / 1000);
	else
		snprintf(text, 24, "%" PRIu64 ".%02" PRIu64 "M",
		    count / 1000000, count / 10000 % 100);
	return text;
}

static void
set_pair(struct part *part, const char *name, uint64_t first,
    const char *between, const char *between_short, uint64_t second,
    const char *after)
{
	char a[24], b[24];

	snprintf(part->text[FORM_LONG], sizeof part->text[FORM_LONG],
	    "%s%" PRIu64 "%s%" PRIu64 "%s", name, first, between, second,
	    after);
	snprintf(part->text[FORM_SHORT], sizeof part->text[FORM_SHORT],
	    "%s%s%s%s", name, short_count(first, a), between_short,
	    short_count(second, b));
}

static void
set_count(struct part *part, const char *name, const char *short_name,
    uint64_t count)
{
	char text[24];

	snprintf(part->text[FORM_LONG], sizeof part->text[FORM_LONG],
	    "%s %" PRIu64, name, count);
	snprintf(part->text[FORM_SHORT], sizeof part->text[FORM_SHORT],
	    "%s %s", short_name, short_count(count, text));
}

static void
set_both(struct part *part, const char *text)
{
	for (int i = 0; i < FORMS; i++)
		snprintf(part->text[i], sizeof part->text[i], "%s", text);
}

/* The long form has all of them, the short form the first. */
static void
set_busy(struct part *part, const struct figures *figures)
{
	char left[TIME_LEFT_MAX];
	size_t length = 0;

	for (unsigned i = 0; i < figures->busy_count; i++) {
		const struct busy_server *busy = &figures->busy[i];

		time_left_text(busy->seconds, left);
		length += (size_t)snprintf(part->text[FORM_LONG] + length,
		    sizeof part->text[FORM_LONG] - length,
		    "%s%.*s %" PRIu64 " names, %s", i == 0
		    ? "waiting for name servers: " : "; ", NAME_SHOWN,
		    busy->name, busy->waiting, left);
		assert(length < sizeof part->text[FORM_LONG]);
		if (i == 0)
			snprintf(part->text[FORM_SHORT],
			    sizeof part->text[FORM_SHORT], "waiting for %.*s "
			    "%s", NAME_SHOWN, busy->name, left);
	}
}

static void
make_parts(const struct figures *figures, struct part parts[PARTS])
{
	char left[TIME_LEFT_MAX], text[64];

	memset(parts, 0, PARTS * sizeof *parts);
	if (figures->phase == FIGURES_PAUSED)
		set_both(&parts[PART_PHASE], "paused:");
	set_pair(&parts[PART_DOMAINS], "", figures->domains, "/", "/",
	    figures->domains_total, " domains");
	/* 100 % is shown only when the last probe is done. */
	snprintf(text, sizeof text, "%.1f%%",
	    floor(1000 * figures_share(figures)) / 10);
	set_both(&parts[PART_SHARE], text);
	snprintf(text, sizeof text, figures->domains_per_s < 10 ? "%.1f/s"
	    : "%.0f/s", figures->domains_per_s);
	set_both(&parts[PART_RATE], text);
	time_left_text(figures_seconds_left(figures), left);
	snprintf(text, sizeof text, "left %s", left);
	set_both(&parts[PART_LEFT], text);
	set_pair(&parts[PART_HOSTS], "hosts ", figures->hosts, "/", "/",
	    figures->hosts_total, "");
	set_pair(&parts[PART_PROBES], "probes ", figures->probes, ", ", "+",
	    figures->probes_waiting, " waiting");
	set_pair(&parts[PART_IN_FLIGHT], "in flight ", figures->questions,
	    " questions, ", "+", figures->sessions, " sessions");
	set_count(&parts[PART_ERRORS], "errors", "err", figures->errors);
	set_count(&parts[PART_UNDETERMINED], "undetermined", "undet",
	    figures->undetermined);
	set_busy(&parts[PART_BUSY], figures);
}

static void
join(const struct part parts[PARTS], char line[FIGURES_LINE_MAX])
{
	size_t length = 0;

	line[0] = '\0';
	for (int i = 0; i < PARTS; i++) {
		const char *before = length == 0 ? ""
		    : i <= PART_LEFT || (i == PART_RATE &&
		    parts[PART_DOMAINS].form != FORM_GONE) ? " " : " | ";

		if (parts[i].form == FORM_GONE ||
		    parts[i].text[parts[i].form][0] == '\0')
			continue;
		length += (size_t)snprintf(line + length,
		    FIGURES_LINE_MAX - length, "%s%s", before,
		    parts[i].text[parts[i].form]);
		assert(length < FIGURES_LINE_MAX);
	}
}

void
figures_line(const struct figures *figures, size_t columns,
    char line[FIGURES_LINE_MAX])
{
	struct part parts[PARTS];

	make_parts(figures, parts);
	join(parts, line);
	for (int form = FORM_SHORT; form <= FORM_GONE; form++)
		for (size_t i = 0; i < PARTS && strlen(line) > columns; i++) {
			parts[least_important[i]].form = (enum form)form;
			join(parts, line);
		}
}

/* The line of progress.jsonl ********************************************** */

static json_t *
busy_to_json(const struct figures *figures)
{
	json_t *servers = json_array();

	for (unsigned i = 0; i < figures->busy_count; i++) {
		const struct busy_server *busy = &figures->busy[i];

		json_array_append_new(servers, json_pack("{s:s, s:I, s:I}",
		    "name", busy->name, "waiting", (json_int_t)busy->waiting,
		    "seconds", (json_int_t)ceil(busy->seconds)));
	}
	return servers;
}

size_t
figures_to_json(const struct figures *figures, char line[FIGURES_JSON_MAX])
{
	double seconds = figures_seconds_left(figures);
	char at[CLOCK_TEXT_MAX], left[32] = "null", busy[BUSY_JSON_MAX];
	json_t *servers = busy_to_json(figures);
	size_t busy_length = json_dumpb(servers, busy, sizeof busy,
	    JSON_COMPACT);
	int length;

	assert(busy_length < sizeof busy);
	json_decref(servers);

	clock_text(figures->at_ms, at);
	if (seconds >= 0)
		snprintf(left, sizeof left, "%.0f", ceil(seconds));
	length = snprintf(line, FIGURES_JSON_MAX, "{\"at\":\"%s\","
	    "\"phase\":\"%s\",\"domains\":%" PRIu64 ",\"domains_total\":%"
	    PRIu64 ",\"share\":%.4f,\"domains_per_s\":%.1f,\"hosts\":%" PRIu64
	    ",\"hosts_total\":%" PRIu64 ",\"probes\":%" PRIu64
	    ",\"probes_waiting\":%" PRIu64 ",\"probes_per_s\":%.1f,"
	    "\"questions\":%" PRIu64 ",\"sessions\":%" PRIu64
	    ",\"errors\":%" PRIu64 ",\"undetermined\":%" PRIu64
	    ",\"paused_ms\":%" PRIu64 ",\"name_servers\":%.*s,\"left_s\":%s}\n",
	    at, figures_phase_text(figures->phase),
	    figures->domains, figures->domains_total, figures_share(figures),
	    figures->domains_per_s, figures->hosts, figures->hosts_total,
	    figures->probes, figures->probes_waiting, figures->probes_per_s,
	    figures->questions, figures->sessions, figures->errors,
	    figures->undetermined, figures->paused_ms, (int)busy_length, busy,
	    left);
	assert(length > 0 && length < FIGURES_JSON_MAX);
	return (size_t)length;
}

static bool
read_phase(const json_t *object, enum figures_phase *phase)
{
	const char *text = json_string_value(json_object_get(object, "phase"));

	for (int i = 0; text != NULL && i < FIGURES_PHASE_COUNT; i++)
		if (strcmp(text, phases[i]) == 0) {
			*phase = (enum figures_phase)i;
			return true;
		}
	return false;
}

static bool
read_time(const json_t *object, int64_t *ms)
{
	const char *text = json_string_value(json_object_get(object, "at"));

	return text != NULL && field_read_time(text, ms);
}

static bool
read_count(const json_t *object, const char *name, uint64_t *count)
{
	const json_t *value = json_object_get(object, name);

	*count = (uint64_t)json_integer_value(value);
	return json_is_integer(value) && json_integer_value(value) >= 0;
}

static bool
read_rate(const json_t *object, const char *name, double *rate)
{
	const json_t *value = json_object_get(object, name);

	*rate = json_number_value(value);
	return json_is_number(value) && *rate >= 0;
}

/* The lines of earlier versions have none. */
static void
read_busy(const json_t *object, struct figures *figures)
{
	const json_t *servers = json_object_get(object, "name_servers"), *server;
	size_t index;

	figures->busy_count = 0;
	json_array_foreach((json_t *)(uintptr_t)servers, index, server) {
		struct busy_server *busy = &figures->busy[figures->busy_count];
		const char *name = json_string_value(json_object_get(server,
		    "name"));

		if (figures->busy_count == FIGURES_BUSY_MAX || name == NULL ||
		    !read_count(server, "waiting", &busy->waiting) ||
		    !read_rate(server, "seconds", &busy->seconds))
			return;
		snprintf(busy->name, sizeof busy->name, "%s", name);
		figures->busy_count++;
	}
}

static bool
read_object(const json_t *object, struct figures *figures)
{
	const struct { const char *name; uint64_t *count; } counts[] = {
		{ "domains", &figures->domains },
		{ "domains_total", &figures->domains_total },
		{ "hosts", &figures->hosts },
		{ "hosts_total", &figures->hosts_total },
		{ "probes", &figures->probes },
		{ "probes_waiting", &figures->probes_waiting },
		{ "questions", &figures->questions },
		{ "sessions", &figures->sessions },
		{ "errors", &figures->errors },
		{ "undetermined", &figures->undetermined },
	};

	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		if (!read_count(object, counts[i].name, counts[i].count))
			return false;
	/* The lines of earlier versions have none. */
	if (!read_count(object, "paused_ms", &figures->paused_ms))
		figures->paused_ms = 0;
	read_busy(object, figures);
	return read_time(object, &figures->at_ms) &&
	    read_phase(object, &figures->phase) &&
	    read_rate(object, "domains_per_s", &figures->domains_per_s) &&
	    read_rate(object, "probes_per_s", &figures->probes_per_s);
}

bool
figures_last(const char *bytes, size_t length, struct figures *figures)
{
	const char *newline;

	while ((newline = memrchr(bytes, '\n', length)) != NULL) {
		size_t end = (size_t)(newline - bytes);
		const char *before = memrchr(bytes, '\n', end);
		const char *line = before != NULL ? before + 1 : bytes;
		json_t *object = json_loadb(line, (size_t)(newline - line),
		    JSON_REJECT_DUPLICATES, NULL);
		bool good = read_object(object, figures);

		json_decref(object);
		if (good)
			return true;
		length = end;
	}
	return false;
}
