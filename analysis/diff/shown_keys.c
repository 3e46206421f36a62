#include "analysis/diff/shown_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/facts/parts.h"
#include "parsers/name.h"
#include "scanner/base/arena.h"
#include "scanner/base/buffer.h"
#include "scanner/base/log.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"

#define RRSET_KEY_MAX (NAME_TEXT_MAX + 16)

struct shown_keys {
	struct map	*leaves;	/* by chain */
	struct map	*certificates;	/* the same, by certificate */
	struct map	*rrsets;	/* by asking and host */
	struct arena	 arena;
	struct buffer	 text;
};

static bool
take_chain(void *tag, const struct table_reader *row)
{
	struct shown_keys *keys = tag;
	const char *sha256;
	struct leaf *leaf;
	void **place;

	if (table_get_number(row, CHAINS_POSITION) != 0)
		return true;
	place = map_place(keys->certificates, table_get(row,
	    CHAINS_CERTIFICATE_SHA256), &sha256);
	if (*place == NULL) {
		leaf = *place = arena_take(&keys->arena, sizeof *leaf);
		*leaf = (struct leaf){ sha256, "" };
	}
	leaf = *place;
	*map_place(keys->leaves, table_get(row, CHAINS_CHAIN_ID), NULL) = leaf;
	return true;
}

static bool
take_certificate(void *tag, const struct table_reader *row)
{
	struct shown_keys *keys = tag;
	struct leaf *leaf = map_get(keys->certificates,
	    table_get(row, CERTIFICATES_SHA256));

	if (leaf != NULL)
		leaf->spki_sha256 = arena_text(&keys->arena,
		    table_get(row, CERTIFICATES_SPKI_SHA256));
	return true;
}

static void
rrset_key(char key[RRSET_KEY_MAX], const char *host, unsigned asking)
{
	snprintf(key, RRSET_KEY_MAX, "%u %s", asking, host);
}

/* The rows of an asking come together, in the order of position. */
static bool
take_record(void *tag, const struct table_reader *row)
{
	struct shown_keys *keys = tag;
	const char *host = table_get(row, TLSA_HOST);
	char key[RRSET_KEY_MAX];
	struct rrset *rrset;
	void **place;

	rrset_key(key, host, (unsigned)table_get_number(row, TLSA_ASKING));
	place = map_place(keys->rrsets, key, NULL);
	if (*place == NULL)
		*place = xcalloc(1, sizeof *rrset);
	rrset = *place;
	if (table_get_number(row, TLSA_POSITION) != (int64_t)rrset->count) {
		log_line("tlsa: %s: not every position, or not in order", host);
		return false;
	}
	/* The array grows by powers of two. */
	if ((rrset->count & (rrset->count - 1)) == 0)
		rrset->records = xreallocarray(rrset->records,
		    rrset->count == 0 ? 1 : 2 * rrset->count,
		    sizeof *rrset->records);
	keys->text.length = 0;
	buffer_printf(&keys->text, "%s %s %s %s",
	    table_get(row, TLSA_COLUMN_USAGE),
	    table_get(row, TLSA_COLUMN_SELECTOR),
	    table_get(row, TLSA_COLUMN_MATCHING_TYPE),
	    table_get(row, TLSA_DATA_HEX));
	rrset->records[rrset->count++] = arena_text(&keys->arena,
	    buffer_text(&keys->text));
	return true;
}

struct shown_keys *
shown_keys_read(int folder)
{
	struct shown_keys *keys = xcalloc(1, sizeof *keys);

	keys->leaves = map_new();
	keys->certificates = map_new();
	keys->rrsets = map_new();
	if (parts_walk(folder, TABLE_CHAINS, keys, take_chain) &&
	    parts_walk(folder, TABLE_CERTIFICATES, keys, take_certificate) &&
	    parts_walk(folder, TABLE_TLSA, keys, take_record))
		return keys;
	shown_keys_free(keys);
	return NULL;
}

void
shown_keys_free(struct shown_keys *keys)
{
	size_t index = 0;
	const char *key;
	void *value;

	if (keys == NULL)
		return;
	while (map_next(keys->rrsets, &index, &key, &value)) {
		free(((struct rrset *)value)->records);
		free(value);
	}
	map_free(keys->leaves);
	map_free(keys->certificates);
	map_free(keys->rrsets);
	arena_fini(&keys->arena);
	buffer_fini(&keys->text);
	free(keys);
}

const struct leaf *
shown_leaf(const struct shown_keys *keys, const char *chain_id)
{
	return chain_id == NULL ? NULL : map_get(keys->leaves, chain_id);
}

struct rrset
shown_rrset(const struct shown_keys *keys, const char *host, unsigned asking)
{
	char key[RRSET_KEY_MAX];
	const struct rrset *rrset;

	rrset_key(key, host, asking);
	rrset = map_get(keys->rrsets, key);
	return rrset == NULL ? (struct rrset){ 0 } : *rrset;
}

bool
rrset_has(const struct rrset *rrset, const char *record)
{
	for (size_t i = 0; i < rrset->count; i++)
		if (strcmp(rrset->records[i], record) == 0)
			return true;
	return false;
}
