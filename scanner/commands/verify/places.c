/* places: whose rows a merged run has (RULES V1): each row of five tables names
 * one of the merged runs, and no two of them meet in the sessions with a server
 * name, or in the results of a host at an address. In any other run the column
 * is empty. */
#include <string.h>

#include "scanner/commands/verify/verify_internal.h"
#include "scanner/options/vantage_name.h"

static int
vantage_column(enum table_id id)
{
	switch (id) {
	case TABLE_DOMAINS:
		return DOMAINS_VANTAGE;
	case TABLE_HOSTS:
		return HOSTS_VANTAGE;
	case TABLE_PROBES:
		return PROBES_VANTAGE;
	case TABLE_HOST_RESULTS:
		return RESULTS_VANTAGE;
	case TABLE_POLICIES:
		return POLICIES_VANTAGE;
	default:
		return -1;
	}
}

void
verify_read_places(struct verifier *verifier)
{
	const json_t *merged = json_object_get(verifier->run.root, "merged");
	const char *const *names = verifier->places;

	verifier->is_merged = merged != NULL;
	if (merged == NULL)
		return;
	for (size_t i = 0; i < VERIFY_PLACES; i++) {
		const char *name = json_string_value(json_object_get(
		    json_array_get(merged, i), "name"));

		verifier->places[i] = name != NULL ? name : "";
	}
	if (json_array_size(merged) != VERIFY_PLACES ||
	    !vantage_name_is_good(names[0]) ||
	    !vantage_name_is_good(names[1]) || strcmp(names[0], names[1]) == 0)
		verify_violate(verifier, RUN_JSON_FILE ": merged: not two runs "
		    "with names of places");
}

static bool
is_place(const struct verifier *verifier, const char *name)
{
	for (size_t i = 0; i < VERIFY_PLACES; i++)
		if (strcmp(verifier->places[i], name) == 0)
			return true;
	return false;
}

/* Are the rows with these two fields of two places? */
static bool
meets_other(struct verifier *verifier, struct keyset **set,
    const struct table_reader *row, unsigned first, unsigned second,
    unsigned vantage)
{
	const unsigned columns[] = { first, second, vantage };
	bool is_first;

	verify_make_key(verifier, row, columns, 2);
	is_first = verify_add_key(set, &verifier->key);
	verify_make_key(verifier, row, columns, 3);
	return verify_add_key(set, &verifier->key) && !is_first;
}

static void
take_session(struct verifier *verifier, const struct table_reader *row)
{
	static const unsigned session[] = { PROBES_ADDRESS, PROBES_SNI,
		PROBES_PROFILE, PROBES_ATTEMPT, PROBES_VANTAGE };

	verify_make_key(verifier, row, session, 5);
	(void)verify_add_key(&verifier->placed_sessions, &verifier->key);
	if (meets_other(verifier, &verifier->placed_names, row,
	    PROBES_ADDRESS, PROBES_SNI, PROBES_VANTAGE))
		verify_violate(verifier, "probes: %s: sessions of two places",
		    verify_shown_key(verifier, TABLE_PROBES, row));
}

static void
take_result(struct verifier *verifier, const struct table_reader *row)
{
	static const unsigned session[] = { RESULTS_ADDRESS,
		RESULTS_SESSION_SNI, RESULTS_PROFILE, RESULTS_ATTEMPT,
		RESULTS_VANTAGE };

	verify_make_key(verifier, row, session, 5);
	if (table_get_enum(row, RESULTS_BASIS) != BASIS_NONE &&
	    !verify_has_key(verifier->placed_sessions, &verifier->key))
		verify_violate(verifier, "host_results: %s: its session is of "
		    "another place", verify_shown_key(verifier,
		    TABLE_HOST_RESULTS, row));
	if (meets_other(verifier, &verifier->placed_pairs, row, RESULTS_HOST,
	    RESULTS_ADDRESS, RESULTS_VANTAGE))
		verify_violate(verifier, "host_results: %s: results of two "
		    "places", verify_shown_key(verifier, TABLE_HOST_RESULTS,
		    row));
}

void
verify_take_place(struct verifier *verifier, enum table_id id,
    const struct table_reader *row)
{
	int column = vantage_column(id);
	const char *name = column < 0 ? "" : table_get(row, (unsigned)column);

	if (column < 0)
		return;
	if (!verifier->is_merged) {
		if (name[0] != '\0')
			verify_violate(verifier, "%s: %s: it names a place, in "
			    "a run that is not merged",
			    table_schemas[id].name, verify_shown_key(verifier,
			    id, row));
		return;
	}
	if (!is_place(verifier, name))
		verify_violate(verifier, "%s: %s: its place is not that of a "
		    "merged run", table_schemas[id].name,
		    verify_shown_key(verifier, id, row));
	if (id == TABLE_PROBES)
		take_session(verifier, row);
	else if (id == TABLE_HOST_RESULTS)
		take_result(verifier, row);
}
