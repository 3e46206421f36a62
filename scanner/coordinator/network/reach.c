#include "scanner/coordinator/network/reach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/map.h"
#include "scanner/base/memory.h"

struct reach {
	struct map	*networks;	/* by prefix: its latest result */
	size_t		 answered, refused, silent;	/* networks */
	int		 refusal_least_ms, refusal_most_ms;
	struct reach_server known[REACH_KNOWN_MAX];
	struct prefix	 known_networks[REACH_KNOWN_MAX];
	size_t		 known_count, next;
};

/* Values of reach->networks. A better result replaces a worse one. */
static char answered[1], refused[1], silent[1];

struct reach *
reach_new(void)
{
	struct reach *reach = xcalloc(1, sizeof *reach);

	reach->networks = map_new();
	return reach;
}

void
reach_free(struct reach *reach)
{
	if (reach == NULL)
		return;
	map_free(reach->networks);
	free(reach);
}

static void
remember(struct reach *reach, const struct address *address, const char *sni)
{
	struct prefix network = address_network(address);
	size_t place = 0;

	while (place < reach->known_count && !prefix_contains(
	    &reach->known_networks[place], address))
		place++;
	if (place == REACH_KNOWN_MAX) {
		place = reach->next;
		reach->next = (reach->next + 1) % REACH_KNOWN_MAX;
	} else if (place == reach->known_count) {
		reach->known_count++;
	}
	reach->known_networks[place] = network;
	reach->known[place].address = *address;
	(void)snprintf(reach->known[place].sni, NAME_TEXT_MAX, "%s", sni);
}

static void
note_refusal(struct reach *reach, int milliseconds)
{
	if (reach->refused == 0 || milliseconds < reach->refusal_least_ms)
		reach->refusal_least_ms = milliseconds;
	if (milliseconds > reach->refusal_most_ms)
		reach->refusal_most_ms = milliseconds;
}

static size_t *
counter_of(struct reach *reach, const void *value)
{
	return value == answered ? &reach->answered : value == refused
	    ? &reach->refused : &reach->silent;
}

void
reach_note(struct reach *reach, const struct address *address,
    const char *sni, enum reach_result result, int milliseconds)
{
	const struct prefix network = address_network(address);
	char *value = result == REACH_ANSWERED ? answered
	    : result == REACH_REFUSED ? refused : silent;
	char text[ADDRESS_TEXT_MAX + 4];
	void **place;

	prefix_to_text(&network, text);
	place = map_place(reach->networks, text, NULL);
	if (result == REACH_ANSWERED)
		remember(reach, address, sni);
	if (result == REACH_REFUSED)
		note_refusal(reach, milliseconds);
	if (*place == answered || (*place == refused && value == silent))
		return;
	if (*place != NULL)
		--*counter_of(reach, *place);
	++*counter_of(reach, value);
	*place = value;
}

size_t
reach_known(const struct reach *reach,
    struct reach_server known[REACH_KNOWN_MAX])
{
	memcpy(known, reach->known, reach->known_count * sizeof *known);
	return reach->known_count;
}

/* Do all refusals take the same time (within a tenth, or a millisecond, which
 * is the resolution), and less than a tenth of a round trip? */
static bool
are_from_nearby(const struct reach *reach, int dns_ms)
{
	int spread = reach->refusal_most_ms - reach->refusal_least_ms;

	return dns_ms >= 0 && (spread <= 1 ||
	    10 * spread <= reach->refusal_most_ms) &&
	    10 * reach->refusal_most_ms < dns_ms;
}

bool
reach_is_blocked(const struct reach *reach, int dns_ms)
{
	if (reach->answered > 0)
		return false;
	if (reach->refused == 0)
		return reach->silent >= REACH_NETWORKS_LEAST;
	return reach->refused + reach->silent >= REACH_NETWORKS_LEAST &&
	    are_from_nearby(reach, dns_ms);
}

bool
reach_is_silent(const struct reach *reach)
{
	return reach->answered > 0 && reach->answered + reach->refused <
	    REACH_KNOWN_LEAST && reach->silent >= REACH_NETWORKS_LEAST;
}

size_t
reach_failed_networks(const struct reach *reach)
{
	return reach->silent + reach->refused;
}
