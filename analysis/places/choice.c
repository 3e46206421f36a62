#include "analysis/places/choice.h"

#include "scanner/base/map.h"

static enum place
other_place(enum place place)
{
	return place == PLACE_A ? PLACE_B : PLACE_A;
}

enum place
choose_host(const struct host_sight *a, const struct host_sight *b, bool same,
    const struct pairs_view *of_a, const struct pairs_view *of_b)
{
	int order = host_sight_compare(a, b);

	if (order != 0)
		return order < 0 ? PLACE_B : PLACE_A;
	if (!same && of_b->seen > 0 && of_b->unseen < of_a->unseen)
		return PLACE_B;
	return PLACE_A;
}

/* An address ************************************************************** */

/* Does it lose something if it is not from its favourite run? */
static bool
is_strict(const struct claim *claim)
{
	const struct claim_side *sides = claim->sides;

	return sides[PLACE_A].is_there != sides[PLACE_B].is_there ||
	    sides[PLACE_A].grade != sides[PLACE_B].grade;
}

static enum place
favourite_of(const struct claim *claim)
{
	const struct claim_side *a = &claim->sides[PLACE_A];
	const struct claim_side *b = &claim->sides[PLACE_B];

	if (!is_strict(claim))
		return claim->home;
	if (a->is_there != b->is_there)
		return a->is_there ? PLACE_A : PLACE_B;
	return a->grade > b->grade ? PLACE_A : PLACE_B;
}

/* Gives all claims their favourite. False if these differ, so that sessions
 * must be looked at. */
static bool
agree(struct claim *claims, size_t count)
{
	bool same = true;

	for (size_t i = 0; i < count; i++) {
		claims[i].is_left_out = false;
		claims[i].choice = favourite_of(&claims[i]);
		same = same && claims[i].choice == claims[0].choice;
	}
	return same;
}

/* Which run has the sessions with a server name; NULL: none yet. */
static const char owners[PLACE_COUNT];

/* Takes the sessions of the claim in this run, if the other one has none of
 * them. */
static bool
take(struct map *by_name, struct claim *claim, enum place place)
{
	const struct claim_side *side = &claim->sides[place];
	const void *other = &owners[other_place(place)];

	if (!side->is_there)
		return false;
	for (unsigned i = 0; i < side->session_count; i++)
		if (map_get(by_name, side->sessions[i]) == other)
			return false;
	for (unsigned i = 0; i < side->session_count; i++)
		*map_place(by_name, side->sessions[i], NULL) =
		    (void *)(uintptr_t)&owners[place];
	claim->choice = place;
	claim->is_left_out = false;
	return true;
}

/* Claims that lose something come first, those for A before those for B. */
static void
take_strict(struct map *by_name, struct claim *claims, size_t count,
    enum place place)
{
	for (size_t i = 0; i < count; i++)
		if (is_strict(&claims[i]) && favourite_of(&claims[i]) == place)
			claims[i].is_left_out = !take(by_name, &claims[i],
			    place);
}

/* False if a claim is left over. */
static bool
settle_each(struct claim *claims, size_t count)
{
	struct map *by_name = map_new();
	bool good = true;

	for (size_t i = 0; i < count; i++)
		claims[i].is_left_out = true;
	take_strict(by_name, claims, count, PLACE_A);
	take_strict(by_name, claims, count, PLACE_B);
	for (size_t i = 0; i < count; i++) {
		enum place favourite = favourite_of(&claims[i]);

		if (claims[i].is_left_out &&
		    !take(by_name, &claims[i], favourite) &&
		    !take(by_name, &claims[i], other_place(favourite)))
			good = false;
	}
	map_free(by_name);
	return good;
}

/* All claims are from one run, if that has them all. */
static bool
settle_whole(struct claim *claims, size_t count, enum place place)
{
	for (size_t i = 0; i < count; i++)
		if (!claims[i].sides[place].is_there)
			return false;
	for (size_t i = 0; i < count; i++) {
		claims[i].choice = place;
		claims[i].is_left_out = false;
	}
	return true;
}

static enum place
majority_of(const struct claim *claims, size_t count)
{
	size_t strict[PLACE_COUNT] = { 0 };

	for (size_t i = 0; i < count; i++)
		if (is_strict(&claims[i]))
			strict[favourite_of(&claims[i])]++;
	return strict[PLACE_B] > strict[PLACE_A] ? PLACE_B : PLACE_A;
}

void
settle_address(struct claim *claims, size_t count)
{
	enum place most;

	if (agree(claims, count) || settle_each(claims, count))
		return;
	most = majority_of(claims, count);
	if (!settle_whole(claims, count, most) &&
	    !settle_whole(claims, count, other_place(most)))
		(void)settle_each(claims, count);
}
