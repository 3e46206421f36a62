/* merge_hosts: writes the rows of hosts, addresses, tlsa, probes and
 * host_results that were chosen. */
#include <string.h>

#include "scanner/commands/merge/merge_internal.h"

static const struct place_host *
host_of(const struct merge_walk *walk, const struct table_reader *row,
    unsigned column)
{
	return place_run_host(walk->merge->places[walk->place],
	    table_get(row, column));
}

static bool
take_host(struct merge_walk *walk, struct table *table,
    const struct table_reader *row)
{
	const struct place_host *host = host_of(walk, row, HOSTS_HOST);
	struct tally *tally = &walk->merge->tally;

	if (host == NULL || !host->is_kept)
		return true;
	tally->hosts++;
	tally->host_status[table_get_enum(row, HOSTS_HOST_STATUS)]++;
	tally->tlsa_status[table_get_enum(row, HOSTS_TLSA_STATUS)]++;
	merge_copy(walk->merge, walk->place, table, row, TABLE_HOSTS,
	    HOSTS_VANTAGE);
	return true;
}

/* V8: the class says whether the run that the results are of could contact
 * it. */
static bool
take_address(struct merge_walk *walk, struct table *table,
    const struct table_reader *row)
{
	const struct place_host *host = host_of(walk, row, ADDRESSES_HOST);
	const struct place_pair *pair = host == NULL || !host->is_kept ? NULL
	    : place_host_pair(host, table_get(row, ADDRESSES_ADDRESS));

	if (pair == NULL || !pair->has_address)
		return true;
	for (unsigned i = 0; i < ADDRESSES_CLASS; i++)
		table_copy_field(table, row, i);
	table_set_enum(table, ADDRESSES_CLASS, (int)pair->kept_class);
	table_end_row(table);
	walk->merge->tally.addresses[pair->kept_class]++;
	return true;
}

static bool
take_tlsa(struct merge_walk *walk, struct table *table,
    const struct table_reader *row)
{
	const struct place_host *host = host_of(walk, row, TLSA_HOST);

	if (host != NULL && host->is_kept)
		merge_copy(walk->merge, walk->place, table, row, TABLE_TLSA,
		    -1);
	return true;
}

static void
count_chain(struct tally *tally, const struct table_reader *row)
{
	if (table_is_null(row, PROBES_CHAIN_ID) ||
	    (table_get_flags(row, PROBES_FLAGS) &
	    1u << PROBE_CHAIN_TRUNCATED) != 0)
		return;
	tally->trusted[table_get_number(row, PROBES_CHAIN_TRUSTED) != 0]++;
	if (!table_is_null(row, PROBES_IN_DATES))
		tally->in_dates[table_get_number(row, PROBES_IN_DATES) != 0]++;
}

static bool
take_probe(struct merge_walk *walk, struct table *table,
    const struct table_reader *row)
{
	struct merge *merge = walk->merge;
	struct tally *tally = &merge->tally;
	const char *chain = table_get(row, PROBES_CHAIN_ID);

	if (!merge_has_session(merge, walk->place, table_get(row,
	    PROBES_ADDRESS), table_get(row, PROBES_SNI))) {
		merge->left_out.sessions++;
		return true;
	}
	merge->kept[walk->place].sessions++;
	tally->probes++;
	tally->outcome[table_get_enum(row, PROBES_OUTCOME)]++;
	count_chain(tally, row);
	if (chain[0] != '\0')
		(void)keyset_add(merge->chains, chain, strlen(chain));
	merge_copy(merge, walk->place, table, row, TABLE_PROBES,
	    PROBES_VANTAGE);
	return true;
}

/* Results ***************************************************************** */

/* V9: what the session shows was never compared with the records that the host
 * has in the merged run. */
static void
copy_without_dane(const struct merge_walk *walk, struct table *table,
    const struct table_reader *row, const struct place_host *chosen)
{
	for (unsigned i = 0; i < RESULTS_VANTAGE; i++)
		switch (i) {
		case RESULTS_TLSA_STATUS:
			table_set_enum(table, i, (int)chosen->tlsa_status);
			break;
		case RESULTS_DANE_VERDICT:
		case RESULTS_DANE_VERDICT_NO_AGILITY:
			table_set_enum(table, i, DANE_NOT_APPLICABLE);
			break;
		case RESULTS_TLSA_ASKED_AT:
		case RESULTS_ASKING:
		case RESULTS_DANE_DEPTH:
		case RESULTS_DANE_MATCHING_POSITIONS:
		case RESULTS_CONFIRMED:
		case RESULTS_FLAGS:
			break;
		default:
			table_copy_field(table, row, i);
		}
	table_set(table, RESULTS_VANTAGE, walk->merge->names[walk->place]);
	table_end_row(table);
}

static void
count_result(struct tally *tally, const struct table_reader *row,
    enum dane_verdict verdict)
{
	tally->results++;
	tally->tls_class[table_get_enum(row, RESULTS_TLS_CLASS)]++;
	tally->dane_verdict[verdict]++;
	if (!table_is_null(row, RESULTS_NAME_MATCH))
		tally->name_match[table_get_number(row, RESULTS_NAME_MATCH) !=
		    0]++;
}

static bool
take_result(struct merge_walk *walk, struct table *table,
    const struct table_reader *row)
{
	const struct place_host *host = host_of(walk, row, RESULTS_HOST);
	const struct place_pair *pair = host == NULL ||
	    host->chosen == NULL ? NULL : place_host_pair(host,
	    table_get(row, RESULTS_ADDRESS));
	const char *sni = table_get(row, RESULTS_SNI);
	struct tally *tally = &walk->merge->tally;

	if (pair == NULL || !pair->has_results)
		return true;
	if (!pair->other_records) {
		count_result(tally, row, (enum dane_verdict)table_get_enum(row,
		    RESULTS_DANE_VERDICT));
		merge_copy(walk->merge, walk->place, table, row,
		    TABLE_HOST_RESULTS, RESULTS_VANTAGE);
	} else if (strcmp(sni, host->name) == 0 ||
	    strcmp(sni, host->chosen->tlsa_base) == 0) {
		count_result(tally, row, DANE_NOT_APPLICABLE);
		copy_without_dane(walk, table, row, host->chosen);
	}
	return true;
}

/* ************************************************************************* */

bool
merge_hosts(struct merge *merge)
{
	static const enum table_id sequence[] = { TABLE_HOSTS, TABLE_PROBES };
	static const struct {
		enum table_id	 table;
		bool		 is_key;
		bool		(*take)(struct merge_walk *, struct table *,
				    const struct table_reader *);
	} tables[] = {
		/* A key part comes after those that depend on it. */
		{ TABLE_ADDRESSES, false, take_address },
		{ TABLE_TLSA, false, take_tlsa },
		{ TABLE_HOSTS, true, take_host },
		{ TABLE_HOST_RESULTS, false, take_result },
		{ TABLE_PROBES, true, take_probe },
	};
	uint64_t base;

	merge->chains = keyset_new();
	if (!merge_base(merge, sequence, 2, &base))
		return false;
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		for (int place = 0; place < PLACE_COUNT; place++) {
			struct merge_walk walk = {
				merge, (enum place)place, tables[i].table,
				base, tables[i].is_key, tables[i].take,
			};

			if (!merge_walk(&walk))
				return false;
		}
	return true;
}
