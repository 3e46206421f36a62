#include "scanner/worker/zones.h"

#include <ev.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/name.h"
#include "scanner/base/clock.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"
#include "scanner/dns/direct/secure.h"
#include "scanner/dns/lookup.h"
#include "scanner/message/item.h"
#include "scanner/worker/worker.h"

#define LOOK_SECONDS	600.

enum { OF_SOA, OF_DNSKEY, LOOKUPS };

struct zone {
	struct zones	*zones;
	uint8_t		 apex[NAME_WIRE_MAX];
	int64_t		 until_s;
	bool		 is_open;
	bool		 is_good;	/* in this round, so far */
	bool		 has_keys;
	struct secure_keys keys;	/* validated; owned if it has them */
	struct zonemd	 zonemd;
	bool		 is_vouched;	/* the keys sign the right digest */
	uint32_t	 vouched_ttl;	/* seconds */
	bool		 is_changed;	/* they signed another one: for good */
	struct lookup	 lookups[LOOKUPS];
};

struct zones {
	struct worker	*worker;
	struct zone	*zones;
	size_t		 count;
	struct map	*by_name;	/* struct zone, by its apex */
	size_t		 asked;		/* lookups that are not answered */
	ev_timer	 look;
	void		(*done)(void *tag);
	void		*tag;
};

static bool
is_over(const struct zone *zone)
{
	return clock_wall_ms() / 1000 >= zone->until_s;
}

/* An unsigned zone has no DNSKEY records. */
static bool
is_good(const struct lookup *lookup)
{
	return lookup->answer->status == LOOKUP_FOUND ||
	    (lookup->answer->status == LOOKUP_NODATA &&
	    lookup->type == DNS_DNSKEY);
}

static void
tell_done(struct zones *zones)
{
	void (*done)(void *) = zones->done;

	zones->done = NULL;
	if (done != NULL)
		done(zones->tag);
}

static void
take_answer(struct zone *zone, const struct lookup *lookup)
{
	struct zones *zones = zone->zones;

	zone->is_good = zone->is_good && is_good(lookup);
	/* A bad result counts at once. */
	if (!zone->is_good)
		zone->is_open = false;
	else if (!lookup_is_busy(&zone->lookups[OF_SOA]) &&
	    !lookup_is_busy(&zone->lookups[OF_DNSKEY]))
		zone->is_open = true;
	if (--zones->asked == 0)
		tell_done(zones);
}

static void
on_soa(struct lookup *lookup)
{
	take_answer(list_entry(lookup, struct zone, lookups[OF_SOA]), lookup);
}

static void
drop_keys(struct zone *zone)
{
	if (zone->has_keys)
		secure_keys_free(&zone->keys);
	zone->has_keys = false;
}

/* RULES L31: an answer that is not secure gives no keys. */
static void
take_keys(struct zone *zone, const struct lookup *lookup)
{
	const struct answer *answer = lookup->answer;

	drop_keys(zone);
	zone->has_keys = answer->status == LOOKUP_FOUND &&
	    answer->dnssec == DNSSEC_SECURE && secure_keys_take(&zone->keys,
	    answer->packet, answer->packet_length, zone->apex);
}

/* RULES L44, L45: the digest counts if the zone has signed it. */
static void
judge_zonemd(struct zone *zone)
{
	struct secure_check check = {
		.zone = zone->apex, .now_s = clock_wall_ms() / 1000,
	};

	zone->is_vouched = false;
	zone->vouched_ttl = UINT32_MAX;
	if (!zone->has_keys || zone->zonemd.records_length == 0 ||
	    !secure_zonemd_is_signed(&zone->keys, &check, &zone->zonemd,
	    &zone->vouched_ttl))
		return;
	zone->is_vouched = zone->zonemd.state == ZONEMD_MATCH;
	zone->is_changed = zone->is_changed ||
	    zone->zonemd.state == ZONEMD_MISMATCH;
}

static void
on_dnskey(struct lookup *lookup)
{
	struct zone *zone = list_entry(lookup, struct zone,
	    lookups[OF_DNSKEY]);

	take_keys(zone, lookup);
	judge_zonemd(zone);
	take_answer(zone, lookup);
}

static void
ask(struct zone *zone)
{
	struct lane *lane = worker_lane(zone->zones->worker, ASK_DOMAIN);

	zone->is_good = true;
	zone->zones->asked += LOOKUPS;
	lookup_start(&zone->lookups[OF_SOA], lane, NULL, zone->apex, DNS_SOA,
	    on_soa);
	lookup_start(&zone->lookups[OF_DNSKEY], lane, NULL, zone->apex,
	    DNS_DNSKEY, on_dnskey);
}

static void
ask_all(struct zones *zones)
{
	for (size_t i = 0; i < zones->count; i++) {
		struct zone *zone = &zones->zones[i];

		if (!is_over(zone) &&
		    !lookup_is_busy(&zone->lookups[OF_SOA]) &&
		    !lookup_is_busy(&zone->lookups[OF_DNSKEY]))
			ask(zone);
	}
}

static void
on_look(struct ev_loop *ev, ev_timer *timer, int revents)
{
	(void)ev;
	(void)revents;
	ask_all(timer->data);
}

static bool
add(struct zones *zones, const struct zone_item *item)
{
	void **place = map_place(zones->by_name, item->name, NULL);
	struct zone *zone = &zones->zones[zones->count];
	size_t length;

	/* If the same zone is in several files, a wrong digest counts. */
	if (*place != NULL) {
		zone = *place;
		if (item->zonemd.state == ZONEMD_MISMATCH)
			zone->zonemd = item->zonemd;
		return true;
	}
	*zone = (struct zone){
		.zones = zones, .until_s = item->until_s,
		.zonemd = item->zonemd,
	};
	if (name_from_text(item->name, strlen(item->name), zone->apex,
	    &length) != NAME_OK)
		return false;
	*place = zone;
	zones->count++;
	return true;
}

static size_t
count_items(const uint8_t *bytes, size_t length)
{
	struct wire wire = { bytes, bytes + length, false };
	struct zone_item item;
	size_t count = 0;

	while (wire.at < wire.end && zone_item_get(&wire, &item))
		count++;
	return count;
}

struct zones *
zones_new(struct worker *worker, const uint8_t *bytes, size_t length)
{
	struct zones *zones = xcalloc(1, sizeof *zones);
	struct wire wire = { bytes, bytes + length, false };
	struct zone_item item;
	bool good = true;

	zones->worker = worker;
	zones->by_name = map_new();
	zones->zones = xcalloc(count_items(bytes, length) + 1,
	    sizeof *zones->zones);
	ev_timer_init(&zones->look, on_look, LOOK_SECONDS, LOOK_SECONDS);
	zones->look.data = zones;
	while (good && wire.at < wire.end)
		good = zone_item_get(&wire, &item) && add(zones, &item);
	if (good)
		return zones;
	zones_free(zones);
	return NULL;
}

void
zones_free(struct zones *zones)
{
	if (zones == NULL)
		return;
	ev_timer_stop(zones->worker->ev, &zones->look);
	for (size_t i = 0; i < zones->count; i++) {
		for (int which = 0; which < LOOKUPS; which++)
			lookup_cancel(&zones->zones[i].lookups[which]);
		drop_keys(&zones->zones[i]);
	}
	map_free(zones->by_name);
	free(zones->zones);
	free(zones);
}

void
zones_start(struct zones *zones, void (*done)(void *tag), void *tag)
{
	zones->done = done;
	zones->tag = tag;
	if (zones->count > 0)
		ev_timer_again(zones->worker->ev, &zones->look);
	ask_all(zones);
	if (zones->asked == 0)
		tell_done(zones);
}

/* The parent zone of a delegation. */
static const struct zone *
find_parent(const struct zones *zones, const char *name)
{
	const struct zone *zone = NULL;
	const char *dot = name;

	if (zones->count == 0)
		return NULL;
	/* A dot inside a label is escaped, and finds no zone. */
	while (zone == NULL && (dot = strchr(dot, '.')) != NULL)
		zone = map_get(zones->by_name, ++dot);
	if (zone == NULL)
		zone = map_get(zones->by_name, ".");
	return zone;
}

bool
zones_is_open(const struct zones *zones, const char *name)
{
	const struct zone *zone = find_parent(zones, name);

	return zone != NULL && zone->is_open && !zone->is_changed &&
	    !is_over(zone);
}

bool
zones_vouches(const struct zones *zones, const char *name, uint32_t *ttl)
{
	const struct zone *zone = find_parent(zones, name);

	if (zone == NULL || !zone->is_vouched)
		return false;
	if (zone->vouched_ttl < *ttl)
		*ttl = zone->vouched_ttl;
	return true;
}

const struct secure_keys *
zones_keys(const struct zones *zones, const char *name, const uint8_t **apex)
{
	const struct zone *zone = find_parent(zones, name);

	if (zone == NULL || !zone->has_keys)
		return NULL;
	*apex = zone->apex;
	return &zone->keys;
}
