/*
 * fuzz_zone: the first byte says how the rest is cut. Whatever the cut, the
 * events are those of the whole in one piece; names are well-formed; nothing
 * is allocated on the way. An entry that a cut divides is never read by the
 * fast path, so this also compares the fast path with the general one.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/name.h"
#include "parsers/zone/zone.h"

/* Exists only under AddressSanitizer. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct digest {
	uint64_t hash, events;
	struct zone_parser *parser;
};

static void
add(struct digest *digest, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < length; i++)
		digest->hash = (digest->hash ^ at[i]) * 0x100000001b3u;
}

static void
add_name(struct digest *digest, const uint8_t *name, size_t length)
{
	uint8_t lower[NAME_WIRE_MAX];

	assert(length <= NAME_WIRE_MAX &&
	    name_wire_length(name, length) == length);
	memcpy(lower, name, length);
	name_lower(lower);
	assert(memcmp(lower, name, length) == 0);
	add(digest, name, length);
}

static void
on_record(void *tag, const struct zone_record *record)
{
	struct digest *digest = tag;

	digest->events++;
	add_name(digest, record->owner, record->owner_length);
	add(digest, &record->type, sizeof record->type);
	add(digest, &record->ttl, sizeof record->ttl);
	add(digest, &record->line, sizeof record->line);
	switch (record->type) {
	case 2:
		add_name(digest, record->rdata.ns.name,
		    record->rdata.ns.length);
		break;
	case 43:
		assert(record->rdata.ds.digest_length >= 1 &&
		    record->rdata.ds.digest_length <= 64);
		add(digest, &record->rdata.ds.key_tag, 2);
		add(digest, record->rdata.ds.digest,
		    record->rdata.ds.digest_length);
		break;
	case 46:
		/* RFC 4034 3.1: it covers DS, and has a signer and a
		 * signature. */
		assert(record->rdata.signature.length > 19 &&
		    record->rdata.signature.length <= ZONE_SIGNATURE_MAX &&
		    record->rdata.signature.bytes[0] == 0 &&
		    record->rdata.signature.bytes[1] == 43);
		add_name(digest, record->rdata.signature.bytes + 18,
		    name_wire_length(record->rdata.signature.bytes + 18,
		    record->rdata.signature.length - 18));
		add(digest, record->rdata.signature.bytes,
		    record->rdata.signature.length);
		break;
	case 6:
		add(digest, &record->rdata.soa.serial, 4);
		break;
	default:
		assert(record->type == 1 || record->type == 28);
		add(digest, record->rdata.address, record->type == 1 ? 4 : 16);
	}
}

static void
on_error(void *tag, enum zone_error error, uint64_t line, unsigned column,
    const char *text, size_t length)
{
	struct digest *digest = tag;

	digest->events++;
	assert(length <= ZONE_ERROR_TEXT_MAX && line >= 1 && column >= 1);
	add(digest, zone_error_text(error), strlen(zone_error_text(error)));
	add(digest, &line, sizeof line);
	add(digest, &column, sizeof column);
	add(digest, text, length);
}

/* The number of blanks between words is not the parser's word. */
static void
on_data(void *tag, const struct zone_data *found)
{
	struct digest *digest = tag;
	bool was_blank = false;

	digest->events++;
	add_name(digest, found->owner, found->owner_length);
	if (found->origin != NULL)
		add_name(digest, found->origin, name_wire_length(found->origin,
		    NAME_WIRE_MAX));
	add(digest, &found->type, sizeof found->type);
	add(digest, &found->ttl, sizeof found->ttl);
	assert(found->text != NULL || found->length == 0);
	assert(found->record == NULL || (found->record->type == found->type &&
	    found->record->ttl == found->ttl));
	for (size_t i = 0; i < found->length; i++) {
		bool is_blank = found->text[i] == ' ' ||
		    found->text[i] == '\t';

		assert(found->text[i] != '\n');
		if (!is_blank)
			add(digest, &found->text[i], 1);
		else if (!was_blank)
			add(digest, " ", 1);
		was_blank = is_blank;
	}
}

/* A file whose text is the path. */
static bool
on_include(void *tag, const char *path, size_t length)
{
	struct digest *digest = tag;

	assert(strlen(path) == length);
	if (length < 2)
		return false;
	zone_push(digest->parser, path, length / 2);
	zone_push(digest->parser, path + length / 2, length - length / 2);
	return true;
}

static size_t
allocated(void)
{
	return __sanitizer_get_current_allocated_bytes != NULL ?
	    __sanitizer_get_current_allocated_bytes() : 0;
}

/* In pieces of `cut` bytes, each a copy of its own that ends where it ends. */
static struct digest
read_zone(const uint8_t *bytes, size_t length, size_t cut)
{
	struct digest digest = { .hash = 0xcbf29ce484222325u };
	const struct zone_handler handler = { .tag = &digest,
	    .on_record = on_record, .on_error = on_error,
	    .on_include = on_include, .on_data = on_data };
	uint64_t entries, soa_count;
	char *piece = malloc(cut + 1);
	size_t before;

	assert(piece != NULL);
	digest.parser = zone_parser_new(&handler, length % 2 != 0 ? NULL :
	    (const uint8_t *)"\3com");
	before = allocated();
	for (size_t at = 0; at < length; at += cut) {
		size_t part = length - at < cut ? length - at : cut;

		/* At the end of the piece, so that an overread is seen. */
		memcpy(piece + cut - part, bytes + at, part);
		zone_push(digest.parser, piece + cut - part, part);
	}
	zone_finish(digest.parser);
	assert(allocated() == before);
	entries = zone_entries(digest.parser);
	soa_count = zone_soa_count(digest.parser);
	add(&digest, &entries, sizeof entries);
	add(&digest, &soa_count, sizeof soa_count);
	if (zone_apex(digest.parser) != NULL)
		add_name(&digest, zone_apex(digest.parser), name_wire_length(
		    zone_apex(digest.parser), NAME_WIRE_MAX));
	zone_parser_free(digest.parser);
	free(piece);
	return digest;
}

/* One $GENERATE is 65,536 names: more of them only take time. */
static bool
is_slow(const uint8_t *bytes, size_t length)
{
	unsigned dollars = 0;

	for (size_t i = 0; i + 1 < length; i++)
		dollars += bytes[i] == '$' && (bytes[i + 1] | 0x20) == 'g';
	return dollars > 2;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct digest whole, parts, cut;
	size_t step;

	if (length < 2 || is_slow(bytes, length))
		return 0;
	step = 1 + *bytes++;
	length--;
	whole = read_zone(bytes, length, length);
	parts = read_zone(bytes, length, 1);
	cut = read_zone(bytes, length, step);
	assert(whole.hash == parts.hash && whole.events == parts.events);
	assert(whole.hash == cut.hash && whole.events == cut.events);
	return 0;
}
