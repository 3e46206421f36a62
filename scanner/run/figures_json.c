/* The line of progress.jsonl. It is a part of figures. */
#include "scanner/run/figures.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/out/field.h"

#define BUSY_JSON_MAX	2048

static const char *const phases[] = {
	"measuring", "stopping", "stopped", "complete", "paused", "sealing",
};
_Static_assert(sizeof phases / sizeof phases[0] == FIGURES_PHASE_COUNT,
    "a text for each phase");

const char *
figures_phase_text(enum figures_phase phase)
{
	return phases[phase];
}

/* Writing ***************************************************************** */

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

static void
write_until(const struct figures *figures, char text[CLOCK_TEXT_MAX + 2])
{
	char at[CLOCK_TEXT_MAX];

	if (figures->waits_until_ms == 0)
		return;
	clock_text(figures->waits_until_ms, at);
	snprintf(text, CLOCK_TEXT_MAX + 2, "\"%s\"", at);
}

size_t
figures_to_json(const struct figures *figures, char line[FIGURES_JSON_MAX])
{
	double seconds = figures_seconds_left(figures);
	char at[CLOCK_TEXT_MAX], left[32] = "null", busy[BUSY_JSON_MAX];
	char until[CLOCK_TEXT_MAX + 2] = "null";
	json_t *servers = busy_to_json(figures);
	size_t busy_length = json_dumpb(servers, busy, sizeof busy,
	    JSON_COMPACT);
	int length;

	assert(busy_length < sizeof busy);
	json_decref(servers);

	clock_text(figures->at_ms, at);
	if (seconds >= 0)
		snprintf(left, sizeof left, "%.0f", ceil(seconds));
	write_until(figures, until);
	length = snprintf(line, FIGURES_JSON_MAX, "{\"at\":\"%s\","
	    "\"phase\":\"%s\",\"domains\":%" PRIu64 ",\"domains_total\":%"
	    PRIu64 ",\"share\":%.4f,\"domains_per_s\":%.1f,\"hosts\":%" PRIu64
	    ",\"hosts_total\":%" PRIu64 ",\"probes\":%" PRIu64
	    ",\"probes_waiting\":%" PRIu64 ",\"probes_per_s\":%.1f,"
	    "\"policies\":%" PRIu64 ",\"policies_total\":%" PRIu64
	    ",\"second_pass\":%" PRIu64 ",\"waits_until\":%s,"
	    "\"seal_steps\":%u,\"questions\":%" PRIu64 ",\"sessions\":%"
	    PRIu64 ",\"errors\":%" PRIu64 ",\"undetermined\":%" PRIu64
	    ",\"paused_ms\":%" PRIu64 ",\"name_servers\":%.*s,\"left_s\":%s}\n",
	    at, figures_phase_text(figures->phase),
	    figures->domains, figures->domains_total, figures->share,
	    figures->domains_per_s, figures->hosts, figures->hosts_total,
	    figures->probes, figures->probes_waiting, figures->probes_per_s,
	    figures->policies, figures->policies_total, figures->second_pass,
	    until, figures->seal_steps, figures->questions,
	    figures->sessions, figures->errors, figures->undetermined,
	    figures->paused_ms, (int)busy_length, busy, left);
	assert(length > 0 && length < FIGURES_JSON_MAX);
	return (size_t)length;
}

/* Reading ***************************************************************** */

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
read_time(const json_t *object, const char *name, int64_t *ms)
{
	const char *text = json_string_value(json_object_get(object, name));

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

/* The lines of earlier versions have none of these. */
static void
read_later_members(const json_t *object, struct figures *figures)
{
	uint64_t steps;

	if (!read_count(object, "paused_ms", &figures->paused_ms))
		figures->paused_ms = 0;
	if (!read_count(object, "policies", &figures->policies) ||
	    !read_count(object, "policies_total", &figures->policies_total))
		figures->policies = figures->policies_total = 0;
	if (!read_count(object, "second_pass", &figures->second_pass))
		figures->second_pass = 0;
	if (!read_time(object, "waits_until", &figures->waits_until_ms))
		figures->waits_until_ms = 0;
	if (!read_count(object, "seal_steps", &steps) ||
	    steps > FIGURES_SEAL_STEPS)
		steps = 0;
	figures->seal_steps = (unsigned)steps;
	read_busy(object, figures);
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
	read_later_members(object, figures);
	if (!read_time(object, "at", &figures->at_ms) ||
	    !read_phase(object, &figures->phase) ||
	    !read_rate(object, "domains_per_s", &figures->domains_per_s) ||
	    !read_rate(object, "probes_per_s", &figures->probes_per_s))
		return false;
	if (!read_rate(object, "share", &figures->share) || figures->share > 1)
		figures->share = figures_share(figures);
	return true;
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
