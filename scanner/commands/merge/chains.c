/* merge_chains: the chains of sessions that are kept, and their certificates,
 * each once by its hash: as A has it, else as B (RULES V8). The names that the
 * plan has rejected are those of A. */
#include <string.h>

#include "scanner/commands/merge/merge_internal.h"

/* Rows of one of the tables, whose first column is a hash. */
struct by_hash {
	struct merge_walk walk;
	const struct keyset *wanted;
	struct keyset	*of_a;		/* that A has */
};

static bool
has(const struct keyset *set, const struct table_reader *row, unsigned column)
{
	return keyset_has(set, table_get(row, column), table_get_length(row,
	    column));
}

static bool
take_row(struct merge_walk *walk, struct table *table,
    const struct table_reader *row)
{
	struct by_hash *by_hash = (struct by_hash *)(void *)walk;

	if (!has(by_hash->wanted, row, 0))
		return true;
	if (walk->place == PLACE_A)
		(void)keyset_add(by_hash->of_a, table_get(row, 0),
		    table_get_length(row, 0));
	else if (has(by_hash->of_a, row, 0))
		return true;
	if (walk->table == TABLE_CHAINS)
		(void)keyset_add(walk->merge->certificates, table_get(row,
		    CHAINS_CERTIFICATE_SHA256), table_get_length(row,
		    CHAINS_CERTIFICATE_SHA256));
	merge_copy(walk->merge, walk->place, table, row, walk->table, -1);
	return true;
}

static bool
merge_table(struct merge *merge, enum table_id table,
    const struct keyset *wanted)
{
	struct by_hash by_hash = {
		.walk = { .merge = merge, .table = table, .take = take_row },
		.wanted = wanted, .of_a = keyset_new(),
	};
	bool good = merge_base(merge, &table, 1, &by_hash.walk.base);

	for (int place = 0; place < PLACE_COUNT && good; place++) {
		by_hash.walk.place = (enum place)place;
		good = merge_walk(&by_hash.walk);
	}
	keyset_free(by_hash.of_a);
	return good;
}

bool
merge_chains(struct merge *merge)
{
	merge->certificates = keyset_new();
	return merge_table(merge, TABLE_CHAINS, merge->chains) &&
	    merge_table(merge, TABLE_CERTIFICATES, merge->certificates);
}

static bool
take_reject(struct merge_walk *walk, struct table *table,
    const struct table_reader *row)
{
	merge_copy(walk->merge, walk->place, table, row, TABLE_REJECTS, -1);
	return true;
}

bool
merge_rejects(struct merge *merge)
{
	struct merge_walk walk = {
		.merge = merge, .place = PLACE_A, .table = TABLE_REJECTS,
		.take = take_reject,
	};

	return merge_walk(&walk);
}
