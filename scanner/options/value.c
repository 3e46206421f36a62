/* value: reads and prints the value of an option. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/prefix_read.h"
#include "scanner/base/memory.h"
#include "scanner/options/table.h"

static void *
member(const struct options *options, const struct option_entry *entry)
{
	return (char *)(uintptr_t)options + entry->offset;
}

/* `12`, `12k`, `3M`. */
static bool
parse_count(const char *text, uint64_t *count)
{
	uint64_t factor = 1;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*count = strtoull(text, &end, 10);
	if (*end == 'k')
		factor = 1000;
	else if (*end == 'M')
		factor = 1000000;
	if (factor != 1)
		end++;
	if (errno != 0 || *end != '\0' || *count > UINT64_MAX / factor)
		return false;
	*count *= factor;
	return true;
}

/* From the largest to the smallest, as parts of a time are written. */
static const struct { const char *unit; uint64_t ms; } units[] = {
	{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 },
	{ "ms", 1 },
};

#define UNITS (sizeof units / sizeof units[0])

/* `30` (seconds), `30s`, `250ms`, `1h30m`: parts from the largest unit to the
 * smallest, none of them twice. Milliseconds. */
static bool
parse_time(const char *text, uint64_t *ms)
{
	size_t next = 0;

	*ms = 0;
	do {
		uint64_t number;
		size_t length;
		char *end;

		if (!isdigit((unsigned char)*text))
			return false;
		errno = 0;
		number = strtoull(text, &end, 10);
		length = strspn(end, "dhms");
		if (*end == '\0' && next == 0)
			next = 3;	/* a number alone */
		else
			while (next < UNITS && (strlen(units[next].unit) !=
			    length || strncmp(end, units[next].unit, length)
			    != 0))
				next++;
		if (errno != 0 || next == UNITS ||
		    number > (UINT64_MAX - *ms) / units[next].ms)
			return false;
		*ms += number * units[next++].ms;
		text = end + length;
	} while (*text != '\0');
	return true;
}

#define TIME_WANTED	"give a time such as 90s, 1h30m or 1d (units d, h, m, " \
			"s and ms, each once and in this order)"

static bool
set_bounded(const struct options *options, const struct option_entry *entry,
    uint64_t value, char why[OPTION_WHY_MAX])
{
	bool has_ms = entry->kind == KIND_TIME;
	const char *unit = has_ms || entry->kind == KIND_SECONDS ? " s" : "";

	if (value >= entry->least && value <= entry->most) {
		*(uint64_t *)member(options, entry) = value;
		return true;
	}
	if (has_ms)
		snprintf(why, OPTION_WHY_MAX, "from %.12g s to %.12g s",
		    (double)entry->least / 1000, (double)entry->most / 1000);
	else
		snprintf(why, OPTION_WHY_MAX, "from %" PRIu64 "%s to %" PRIu64
		    "%s", entry->least, unit, entry->most, unit);
	return false;
}

static bool
set_number(const struct options *options, const struct option_entry *entry,
    const char *text, char why[OPTION_WHY_MAX])
{
	uint64_t value = entry->least;
	bool good = true;

	if (entry->kind == KIND_TIME || entry->kind == KIND_SECONDS) {
		snprintf(why, OPTION_WHY_MAX, "give a time such as 90s, 1h30m "
		    "or 1d (units d, h, m, s and ms, each once and in this "
		    "order)%s", entry->kind == KIND_SECONDS
		    ? ", in whole seconds" : "");
		good = parse_time(text, &value);
	} else if (entry->kind == KIND_SAMPLE) {
		snprintf(why, OPTION_WHY_MAX, "give 1/N, for one name in N");
		good = strncmp(text, "1/", 2) == 0 &&
		    parse_count(text + 2, &value);
	} else if (text != NULL) {
		snprintf(why, OPTION_WHY_MAX, "give a number, also with k or "
		    "M");
		good = parse_count(text, &value);
	}
	if (good && entry->kind == KIND_SECONDS) {
		good = value % 1000 == 0;
		value /= 1000;
	}
	return good && set_bounded(options, entry, value, why);
}

static bool
set_choice(const struct options *options, const struct option_entry *entry,
    const char *text, char why[OPTION_WHY_MAX])
{
	size_t length = (size_t)snprintf(why, OPTION_WHY_MAX, "one of");

	for (int i = 0; entry->choices[i] != NULL; i++) {
		if (strcmp(entry->choices[i], text) == 0) {
			*(int *)member(options, entry) = i;
			return true;
		}
		length += (size_t)snprintf(why + length,
		    OPTION_WHY_MAX - length, " %s", entry->choices[i]);
	}
	return false;
}

/* A form that is switched off leaves another one as it is. */
static bool
set_flag(const struct options *options, const struct option_entry *entry,
    const char *text, char why[OPTION_WHY_MAX])
{
	bool is_on = text == NULL || strcmp(text, "yes") == 0;
	int *form = member(options, entry);

	if (!is_on && strcmp(text, "no") != 0) {
		snprintf(why, OPTION_WHY_MAX, "yes or no");
		return false;
	}
	if (entry->kind == KIND_FLAG)
		*(bool *)member(options, entry) = is_on;
	else if (is_on)
		*form = (int)entry->least;
	return true;
}

/* `3/16`: both are from 1 to the most that the table says. */
static bool
set_shard(const struct options *options, const struct option_entry *entry,
    const char *text, char why[OPTION_WHY_MAX])
{
	struct shard shard = { 0 };
	char number[24] = "";
	size_t length = strcspn(text, "/");

	if (length < sizeof number)
		memcpy(number, text, length);
	if (text[length] != '/' || !parse_count(number, &shard.number) ||
	    !parse_count(text + length + 1, &shard.count) ||
	    shard.number < entry->least || shard.number > shard.count) {
		snprintf(why, OPTION_WHY_MAX, "give I/N, with I from 1 to N");
		return false;
	}
	if (shard.count > entry->most) {
		snprintf(why, OPTION_WHY_MAX, "N from %" PRIu64 " to %" PRIu64,
		    entry->least, entry->most);
		return false;
	}
	*(struct shard *)member(options, entry) = shard;
	return true;
}

static void
add_path(struct path_list *list, const char *path)
{
	list->paths = xreallocarray(list->paths, list->count + 1,
	    sizeof *list->paths);
	list->paths[list->count++] = path;
}

bool
option_set(struct options *options, const struct option_entry *entry,
    const char *text, char why[OPTION_WHY_MAX])
{
	char prefix_why[PREFIX_WHY_MAX];
	struct prefix prefix;

	switch (entry->kind) {
	case KIND_TEXT:
		*(const char **)member(options, entry) = text;
		return true;
	case KIND_FLAG:
	case KIND_FORM:
		return set_flag(options, entry, text, why);
	case KIND_COUNT:
	case KIND_TIME:
	case KIND_SECONDS:
	case KIND_SAMPLE:
		return set_number(options, entry, text, why);
	case KIND_SHARD:
		return set_shard(options, entry, text, why);
	case KIND_CHOICE:
		return set_choice(options, entry, text, why);
	case KIND_PREFIXES:
		if (prefix_read(text, strlen(text), &prefix, prefix_why)) {
			prefix_set_add(&options->allow_network, &prefix);
			return true;
		}
		snprintf(why, OPTION_WHY_MAX, "%s", prefix_why);
		return false;
	case KIND_PATHS:
		add_path(member(options, entry), text);
		return true;
	default:
		return true;
	}
}

static void
print_prefixes(const struct prefix_set *set, char value[1024])
{
	size_t length = 0;

	value[0] = '\0';
	for (size_t i = 0; i < set->count && length < 900; i++) {
		char text[ADDRESS_TEXT_MAX + 4];

		prefix_to_text(&set->prefixes[i], text);
		length += (size_t)snprintf(value + length, 1024 - length,
		    "%s%s", i > 0 ? " " : "", text);
	}
}

/* Those that there is room for. */
static void
print_paths(const struct path_list *list, char value[1024])
{
	size_t length = 0;

	value[0] = '\0';
	for (size_t i = 0; i < list->count && length +
	    strlen(list->paths[i]) + 2 <= 1024; i++)
		length += (size_t)snprintf(value + length, 1024 - length,
		    "%s%s", i > 0 ? " " : "", list->paths[i]);
}

void
option_print(const struct options *options, const struct option_entry *entry,
    char value[1024])
{
	const void *at = member(options, entry);
	const struct shard *shard;
	const char *text;

	switch (entry->kind) {
	case KIND_TEXT:
		text = *(const char *const *)at;
		snprintf(value, 1024, "%s", text != NULL ? text : "");
		break;
	case KIND_FLAG:
		snprintf(value, 1024, "%s", *(const bool *)at ? "yes" : "no");
		break;
	case KIND_CHOICE:
		snprintf(value, 1024, "%s", entry->choices[*(const int *)at]);
		break;
	case KIND_SHARD:
		shard = at;
		snprintf(value, 1024, "%" PRIu64 "/%" PRIu64, shard->number,
		    shard->count);
		break;
	case KIND_PREFIXES:
		print_prefixes(at, value);
		break;
	case KIND_PATHS:
		print_paths(at, value);
		break;
	default:
		snprintf(value, 1024, "%" PRIu64 "%s", *(const uint64_t *)at,
		    entry->kind == KIND_TIME ? "ms" : "");
		break;
	}
}
