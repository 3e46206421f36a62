/* direct_zones: the zones whose delegations may be asked at their own name
 * servers (RULES 13): it decides which inputs are good enough for that. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/root_files.h"
#include "scanner/base/calendar.h"
#include "scanner/base/whole_file.h"
#include "scanner/input/input.h"
#include "scanner/plan/planner.h"

#define ANCHOR_MIB_MAX	16
#define DAY_S		86400
#define YEAR_S		(366 * (int64_t)DAY_S)

/* L4: the date in a serial of the form YYYYMMDDnn; 0 if it has none, or one in
 * the future (more than a day, because of time zones). */
static int64_t
date_of(uint32_t serial, int64_t now_s)
{
	int year = (int)(serial / 1000000);
	int month = (int)(serial / 10000 % 100);
	int day = (int)(serial / 100 % 100);
	int64_t date_s;

	if (year < 1990 || month < 1 || month > 12 || day < 1 ||
	    day > calendar_days_in_month(year, month))
		return 0;
	date_s = calendar_days(year, month, day) * DAY_S;
	return date_s > now_s + DAY_S ? 0 : date_s;
}

int64_t
zone_serial_time(uint32_t serial, int64_t now_s)
{
	if (serial > now_s - YEAR_S && serial <= now_s + DAY_S)
		return serial;
	return date_of(serial, now_s);
}

/* L4: returns until when the source may be believed; 0: not at all. */
static int64_t
until_of(const struct source *source, uint64_t max_age_ms, int64_t now_s)
{
	int64_t serial_s = zone_serial_time(source->serial, now_s);
	int64_t made_s = source->modified_s;

	if (made_s == 0 || (serial_s != 0 && serial_s < made_s))
		made_s = serial_s;
	/* A file that is cut off may have lost the DS records at its end. */
	if (made_s == 0 || !source->is_whole)
		return 0;
	return made_s + (int64_t)(max_age_ms / 1000);
}

/* L3. */
static bool
has_root_only(const char *path)
{
	struct buffer text = { 0 };
	bool good;

	if (path == NULL)
		return true;
	/* The resolver reports that it cannot be read. */
	if (access(path, R_OK) != 0)
		return false;
	good = whole_file_read(path, "--trust-anchor", ANCHOR_MIB_MAX,
	    &text) && trust_anchors_are_of_root((const char *)text.bytes,
	    text.length);
	buffer_fini(&text);
	return good;
}

bool
plan_may_ask_directly(const struct options *options)
{
	return options->lane == CHOOSE_LANE_AUTO && options->forward == NULL &&
	    options->resolver_conf == NULL;
}

/* L46. */
bool
plan_asks_parents(const struct plan *plan, const struct options *options)
{
	for (size_t i = 0; i < plan->source_count; i++)
		if (plan->sources[i].format == INPUT_ZONE)
			return false;
	return plan_may_ask_directly(options) &&
	    has_root_only(options->trust_anchor);
}

/* L1 to L3, apart from the zones. */
static bool
may_ask_directly(const struct plan *plan, const struct options *options)
{
	if (!plan_may_ask_directly(options))
		return false;
	/* A delegation of a zone file without an apex may be of any zone. */
	for (size_t i = 0; i < plan->source_count; i++)
		if (plan->sources[i].format == INPUT_ZONE &&
		    plan->sources[i].apex[0] == '\0')
			return false;
	return has_root_only(options->trust_anchor);
}

/* If there are several files of a zone, the oldest counts, since a delegation
 * can be from any of them. */
static int64_t
until_of_zone(const struct plan *plan, const char *apex, uint64_t max_age_ms,
    int64_t now_s)
{
	int64_t until_s = INT64_MAX;

	for (size_t i = 0; i < plan->source_count; i++) {
		const struct source *source = &plan->sources[i];
		int64_t of_file;

		if (strcmp(source->apex, apex) != 0)
			continue;
		of_file = until_of(source, max_age_ms, now_s);
		until_s = of_file < until_s ? of_file : until_s;
	}
	return until_s;
}

/* Is the name at or below the zone? Both are canonical text. A dot inside a
 * label counts like one between labels, which at worst is too careful. */
static bool
is_around(const char *zone, const char *name)
{
	size_t length = strlen(zone), name_length = strlen(name);

	if (strcmp(zone, ".") == 0)
		return true;
	return length <= name_length &&
	    strcmp(name + name_length - length, zone) == 0 &&
	    (length == name_length || name[name_length - length - 1] == '.');
}

/* L44: a delegation below this zone may be from another file, which the digest
 * does not cover. */
static bool
is_inside_another(const struct plan *plan, size_t index)
{
	for (size_t i = 0; i < plan->source_count; i++)
		if (i != index && plan->sources[i].apex[0] != '\0' &&
		    is_around(plan->sources[i].apex,
		    plan->sources[index].apex))
			return true;
	return false;
}

void
plan_direct_zones(const struct plan *plan, const struct options *options,
    int64_t now_s, struct buffer *zones)
{
	if (!may_ask_directly(plan, options))
		return;
	for (size_t i = 0; i < plan->source_count; i++) {
		struct zone_item zone = { .name = plan->sources[i].apex };

		if (zone.name[0] == '\0')
			continue;
		zone.until_s = until_of_zone(plan, zone.name,
		    options->zone_max_age_ms, now_s);
		if (plan->sources[i].zonemd.state == ZONEMD_MISMATCH ||
		    !is_inside_another(plan, i))
			zone.zonemd = plan->sources[i].zonemd;
		zone_item_put(zones, &zone);
	}
}
