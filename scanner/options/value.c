/* value: reads and prints the value of an option. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/prefix_read.h"
#include "scanner/base/log.h"
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

/* `30`, `30s`, `5m`, `2h`, `1d`, `250ms`; milliseconds. */
static bool
parse_time(const char *text, uint64_t *ms)
{
	static const struct { const char *unit; uint64_t ms; } units[] = {
		{ "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 },
		{ "h", 3600000 }, { "d", 86400000 },
	};
	char *end;
	uint64_t number;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	number = strtoull(text, &end, 10);
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (errno == 0 && strcmp(end, units[i].unit) == 0 &&
		    number <= UINT64_MAX / units[i].ms) {
			*ms = number * units[i].ms;
			return true;
		}
	return false;
}

static bool
wrong_value(const struct option_entry *entry, const char *text,
    const char *wanted)
{
	log_line("--%s %s: %s", entry->name, text, wanted);
	return false;
}

static bool
set_bounded(const struct options *options, const struct option_entry *entry,
    const char *text, uint64_t value)
{
	char wanted[128];

	if (value < entry->least || value > entry->most) {
		if (entry->kind == KIND_TIME)
			snprintf(wanted, sizeof wanted, "from %.12g s to %.12g s",
			    (double)entry->least / 1000,
			    (double)entry->most / 1000);
		else
			snprintf(wanted, sizeof wanted, "from %" PRIu64
			    " to %" PRIu64, entry->least, entry->most);
		return wrong_value(entry, text, wanted);
	}
	*(uint64_t *)member(options, entry) = value;
	return true;
}

static bool
set_choice(const struct options *options, const struct option_entry *entry,
    const char *text)
{
	char wanted[128] = "one of";

	for (int i = 0; entry->choices[i] != NULL; i++) {
		size_t length = strlen(wanted);

		if (strcmp(entry->choices[i], text) == 0) {
			*(int *)member(options, entry) = i;
			return true;
		}
		snprintf(wanted + length, sizeof wanted - length, " %s",
		    entry->choices[i]);
	}
	return wrong_value(entry, text, wanted);
}

/* `3/16`: both are from 1 to the most that the table says. */
static bool
set_shard(const struct options *options, const struct option_entry *entry,
    const char *text)
{
	struct shard shard = { 0 };
	char number[24] = "";
	size_t length = strcspn(text, "/");

	if (length < sizeof number)
		memcpy(number, text, length);
	if (text[length] != '/' || !parse_count(number, &shard.number) ||
	    !parse_count(text + length + 1, &shard.count) ||
	    shard.number < entry->least || shard.number > shard.count)
		return wrong_value(entry, text, "give I/N, with I from 1 to N");
	if (shard.count > entry->most)
		return set_bounded(options, entry, text, shard.count);
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
    const char *text)
{
	char why[PREFIX_WHY_MAX];
	struct prefix prefix;
	uint64_t value;

	switch (entry->kind) {
	case KIND_TEXT:
		*(const char **)member(options, entry) = text;
		return true;
	case KIND_FLAG:
		*(bool *)member(options, entry) = true;
		return true;
	case KIND_FORM:
		*(int *)member(options, entry) = (int)entry->least;
		return true;
	case KIND_COUNT:
		if (text == NULL)
			return set_bounded(options, entry, "", entry->least);
		return parse_count(text, &value)
		    ? set_bounded(options, entry, text, value)
		    : wrong_value(entry, text, "give a number, also with k or M");
	case KIND_TIME:
		return parse_time(text, &value)
		    ? set_bounded(options, entry, text, value)
		    : wrong_value(entry, text, "a time: 30s, 5m, 2h, 1d");
	case KIND_SAMPLE:
		return strncmp(text, "1/", 2) == 0 &&
		    parse_count(text + 2, &value)
		    ? set_bounded(options, entry, text, value)
		    : wrong_value(entry, text, "give 1/N, for one name in N");
	case KIND_SHARD:
		return set_shard(options, entry, text);
	case KIND_CHOICE:
		return set_choice(options, entry, text);
	case KIND_PREFIXES:
		if (!prefix_read(text, strlen(text), &prefix, why))
			return wrong_value(entry, text, why);
		prefix_set_add(&options->allow_network, &prefix);
		return true;
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
