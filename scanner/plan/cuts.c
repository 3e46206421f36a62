#include "scanner/plan/cuts.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/keyset.h"
#include "scanner/base/memory.h"
#include "scanner/plan/merge.h"

struct cuts {
	struct keyset	*between;	/* names between an owner and its
					 * apex, each with its input */
	struct keyset	*owners;	/* those of them that own a delegation */
	struct buffer	 key;
};

struct cuts *
cuts_new(void)
{
	struct cuts *cuts = xcalloc(1, sizeof *cuts);

	cuts->between = keyset_new();
	cuts->owners = keyset_new();
	return cuts;
}

void
cuts_free(struct cuts *cuts)
{
	if (cuts == NULL)
		return;
	keyset_free(cuts->between);
	keyset_free(cuts->owners);
	buffer_fini(&cuts->key);
	free(cuts);
}

static const struct buffer *
key_of(struct cuts *cuts, uint32_t source, const char *name)
{
	cuts->key.length = 0;
	wire_put_number(&cuts->key, source, 4);
	buffer_append(&cuts->key, name, strlen(name));
	return &cuts->key;
}

void
cuts_note(struct cuts *cuts, uint32_t source, const uint8_t *owner,
    size_t below)
{
	char name[NAME_TEXT_MAX];
	const struct buffer *key;

	for (size_t at = 1 + owner[0]; at < below; at += 1 + owner[at]) {
		name_to_text(owner + at, name);
		key = key_of(cuts, source, name);
		(void)keyset_add(cuts->between, key->bytes, key->length);
	}
}

bool
cuts_are_open(const struct cuts *cuts)
{
	return keyset_count(cuts->between) > 0;
}

bool
cuts_settle(struct cuts *cuts, FILE *file)
{
	struct buffer record = { 0 };
	struct entry entry;
	int result;

	rewind(file);
	while ((result = bucket_next(file, &record)) == 1) {
		const struct buffer *key;

		entry_read(&entry, record.bytes, record.length);
		if (entry.kind != HAS_SERVER && entry.kind != IS_OWNER)
			continue;
		key = key_of(cuts, entry.source, entry.name);
		if (keyset_has(cuts->between, key->bytes, key->length))
			(void)keyset_add(cuts->owners, key->bytes,
			    key->length);
	}
	buffer_fini(&record);
	return result == 0;
}

bool
cuts_occlude(struct cuts *cuts, uint32_t source, const char *name)
{
	const struct buffer *key;

	if (keyset_count(cuts->owners) == 0)
		return false;
	/* A dot within a label is written \046. */
	while ((name = strchr(name, '.')) != NULL) {
		key = key_of(cuts, source, ++name);
		if (keyset_has(cuts->owners, key->bytes, key->length))
			return true;
	}
	return false;
}
