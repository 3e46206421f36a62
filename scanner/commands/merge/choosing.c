/* merge_choose: which run a host is of, and which run each of its addresses
 * (RULES V4 to V6, V8). Only hosts that an MX row names are kept. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/arena.h"
#include "scanner/base/buffer.h"
#include "scanner/base/memory.h"
#include "scanner/commands/merge/merge_internal.h"

/* A pair of a host that is kept. */
struct candidate {
	struct claim	 claim;
	struct place_pair *pairs[PLACE_COUNT];	/* NULL: that run has none */
	bool		 same_tlsa;
	struct candidate *next;			/* at the same address */
};

struct group {
	const char	*address;
	struct candidate *first, *last;
	size_t		 count;
	struct group	*next;
};

struct choosing {
	struct merge	*merge;
	struct map	*by_address;
	struct group	*first, *last;
	struct arena	 arena;
	struct claim	*claims;	/* of the group at hand */
	size_t		 size;
	struct buffer	 key;
};

static enum place
other_place(enum place place)
{
	return place == PLACE_A ? PLACE_B : PLACE_A;
}

/* Hosts ******************************************************************* */

/* The verdict on DANE needs the records. */
static bool
needs_records(const struct place_host *host)
{
	return host->tlsa_status == TLSA_STATUS_USABLE;
}

static struct pairs_view
view_of(const struct place_host *home, const struct place_host *other,
    bool same_tlsa)
{
	struct pairs_view view = { 0 };

	for (unsigned i = 0; i < home->pair_count; i++) {
		const struct place_pair *own = &home->pairs[i];
		const struct place_pair *theirs = place_host_pair(other,
		    own->address);
		bool seen = own->sight >= SIGHT_FILTERED || (theirs != NULL &&
		    theirs->sight >= SIGHT_FILTERED &&
		    (same_tlsa || !needs_records(home)));

		if (own->class == CLASS_NO_ROUTE && !seen)
			continue;
		view.seen += seen;
		view.unseen += !seen;
	}
	if (view.seen + view.unseen == 0)
		view.unseen = 1;
	return view;
}

static enum place
home_of(const struct place_host *a, const struct place_host *b)
{
	struct pairs_view of_a, of_b;
	bool same_tlsa;

	if (a == NULL || b == NULL)
		return a != NULL ? PLACE_A : PLACE_B;
	same_tlsa = place_host_same_tlsa(a, b);
	of_a = view_of(a, b, same_tlsa);
	of_b = view_of(b, a, same_tlsa);
	return choose_host(&a->sight, &b->sight, place_host_same(a, b), &of_a,
	    &of_b);
}

/* Pairs ******************************************************************* */

static void
fill_side(struct claim_side *side, const struct place_pair *pair,
    bool has_records)
{
	side->is_there = pair != NULL;
	if (pair == NULL)
		return;
	side->grade = 2 * (unsigned)pair->sight + has_records;
	side->session_count = pair->session_count;
	memcpy(side->sessions, pair->sessions, sizeof side->sessions);
}

static void
add_pair(struct choosing *choosing, enum place home,
    struct place_host *const hosts[PLACE_COUNT], struct place_pair *pair)
{
	const struct place_host *other = hosts[other_place(home)];
	struct candidate *candidate = arena_take(&choosing->arena,
	    sizeof *candidate);
	void **place = map_place(choosing->by_address, pair->address, NULL);
	struct group *group = *place;

	if (group == NULL) {
		*place = group = arena_take(&choosing->arena, sizeof *group);
		group->address = pair->address;
		*(choosing->last == NULL ? &choosing->first
		    : &choosing->last->next) = group;
		choosing->last = group;
	}
	*(group->last == NULL ? &group->first : &group->last->next) =
	    candidate;
	group->last = candidate;
	group->count++;
	candidate->pairs[home] = pair;
	candidate->pairs[other_place(home)] = other == NULL ? NULL
	    : place_host_pair(other, pair->address);
	candidate->same_tlsa = other == NULL ||
	    place_host_same_tlsa(hosts[home], other);
	candidate->claim.home = home;
	for (int i = 0; i < PLACE_COUNT; i++)
		fill_side(&candidate->claim.sides[i], candidate->pairs[i],
		    candidate->same_tlsa || i == (int)home);
}

static void
choose(struct choosing *choosing, struct place_host *a, struct place_host *b)
{
	struct place_host *hosts[PLACE_COUNT] = { a, b };
	enum place home = home_of(a, b);
	const struct place_host *other = hosts[other_place(home)];
	struct merge *merge = choosing->merge;

	hosts[home]->is_kept = true;
	merge->kept[home].hosts++;
	for (int i = 0; i < PLACE_COUNT; i++)
		if (hosts[i] != NULL)
			hosts[i]->chosen = hosts[home];
	for (unsigned i = 0; i < hosts[home]->pair_count; i++)
		add_pair(choosing, home, hosts, &hosts[home]->pairs[i]);
	for (unsigned i = 0; other != NULL && i < other->pair_count; i++)
		merge->left_out.pairs += place_host_pair(hosts[home],
		    other->pairs[i].address) == NULL;
}

/* Those of A, then those that B alone has. */
static void
choose_hosts(struct choosing *choosing)
{
	struct merge *merge = choosing->merge;
	struct place_run *const *places = merge->places;
	struct place_host *host;

	for (host = place_run_first(places[PLACE_A]); host != NULL;
	    host = host->next) {
		if (host->is_named)
			choose(choosing, host, place_run_host(places[PLACE_B],
			    host->name));
		else
			merge->left_out.hosts++;
	}
	for (host = place_run_first(places[PLACE_B]); host != NULL;
	    host = host->next) {
		if (place_run_host(places[PLACE_A], host->name) != NULL)
			continue;
		if (host->is_named)
			choose(choosing, NULL, host);
		else
			merge->left_out.hosts++;
	}
}

/* Sessions **************************************************************** */

static const char owners[PLACE_COUNT];

static const char *
session_key(struct buffer *key, const char *address, const char *sni)
{
	key->length = 0;
	buffer_append_text(key, address);
	buffer_append_byte(key, ' ');
	buffer_append_text(key, sni);
	return buffer_text(key);
}

bool
merge_has_session(const struct merge *merge, enum place place,
    const char *address, const char *sni)
{
	struct buffer key = { 0 };
	const void *owner = map_get(merge->sessions, session_key(&key, address,
	    sni));

	buffer_fini(&key);
	return owner == &owners[place];
}

static void
keep(struct choosing *choosing, const struct candidate *candidate)
{
	const struct claim *claim = &candidate->claim;
	struct merge *merge = choosing->merge;
	struct place_pair *own = candidate->pairs[claim->home];
	struct place_pair *kept = candidate->pairs[claim->choice];

	if (claim->is_left_out) {
		merge->left_out.pairs++;
		return;
	}
	merge->kept[claim->choice].pairs++;
	own->has_address = true;
	own->kept_class = kept->class;
	kept->has_results = true;
	kept->other_records = claim->choice != claim->home &&
	    !candidate->same_tlsa;
	for (unsigned i = 0; i < kept->session_count; i++)
		*map_place(merge->sessions, session_key(&choosing->key,
		    kept->address, kept->sessions[i]), NULL) =
		    (void *)(uintptr_t)&owners[claim->choice];
}

static void
settle(struct choosing *choosing, struct group *group)
{
	size_t i = 0;

	if (group->count > choosing->size) {
		choosing->size = 2 * group->count;
		choosing->claims = xreallocarray(choosing->claims,
		    choosing->size, sizeof *choosing->claims);
	}
	for (const struct candidate *candidate = group->first;
	    candidate != NULL; candidate = candidate->next)
		choosing->claims[i++] = candidate->claim;
	settle_address(choosing->claims, group->count);
	i = 0;
	for (struct candidate *candidate = group->first; candidate != NULL;
	    candidate = candidate->next) {
		candidate->claim = choosing->claims[i++];
		keep(choosing, candidate);
	}
}

void
merge_choose(struct merge *merge)
{
	struct choosing choosing = {
		.merge = merge, .by_address = map_new(),
	};

	merge->sessions = map_new();
	choose_hosts(&choosing);
	for (struct group *group = choosing.first; group != NULL;
	    group = group->next)
		settle(&choosing, group);
	map_free(choosing.by_address);
	arena_fini(&choosing.arena);
	buffer_fini(&choosing.key);
	free(choosing.claims);
}
