#include "scanner/input/zone_digest.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/dns_message.h"
#include "scanner/base/memory.h"
#include "scanner/base/wire.h"
#include "scanner/crypto/digest.h"
#include "scanner/input/rdata_wire.h"

#define CLASS_IN	1
#define TYPE_SOA	6
#define TYPE_ZONEMD	63
#define SCHEME_SIMPLE	1
#define SOA_BYTES_MIN	22	/* of its RDATA, with two root names */
#define FIXED_BYTES	6	/* of a ZONEMD: serial, scheme, algorithm */

enum { HASH_SHA384 = 1, HASH_SHA512, HASHES };

/* A record of the present owner. */
struct one {
	uint16_t	 type;
	uint32_t	 ttl;
	const uint8_t	*rdata;		/* set when all are there */
	size_t		 at, length;	/* in `bytes` */
};

struct zone_digest {
	/* UNASKED: the state is not known yet. */
	enum zonemd_state state;
	bool		 has_apex;	/* its records are in */
	uint8_t		 apex[NAME_WIRE_MAX], owner[NAME_WIRE_MAX];
	size_t		 apex_length, owner_length;	/* 0: none so far */
	struct buffer	 soa;		/* RDATA */
	struct buffer	 ones, bytes;	/* of the owner; `ones` has struct
					 * one */
	struct buffer	 line;
	/* What the apex says, and which digest counts. */
	struct zonemd	 zonemd;
	uint8_t		 expected[SHA512_BYTES];
	size_t		 expected_length;
	struct digest	*digest;
};

struct zone_digest *
zone_digest_new(void)
{
	return xcalloc(1, sizeof (struct zone_digest));
}

static uint16_t
get_16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* The records of one owner ************************************************* */

static int
compare(const void *left, const void *right)
{
	const struct one *a = left, *b = right;
	size_t length = a->length < b->length ? a->length : b->length;
	int difference;

	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	difference = length == 0 ? 0 : memcmp(a->rdata, b->rdata, length);
	if (difference != 0)
		return difference;
	return (a->length > b->length) - (a->length < b->length);
}

static size_t
count_ones(const struct zone_digest *digest)
{
	return digest->ones.length / sizeof (struct one);
}

/* In canonical order, without duplicates. */
static struct one *
sort_ones(struct zone_digest *digest)
{
	struct one *ones = (void *)digest->ones.bytes;
	size_t count = count_ones(digest), kept = 0;

	for (size_t i = 0; i < count; i++)
		ones[i].rdata = digest->bytes.bytes + ones[i].at;
	if (count > 1)
		qsort(ones, count, sizeof *ones, compare);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || compare(&ones[kept - 1], &ones[i]) != 0)
			ones[kept++] = ones[i];
	digest->ones.length = kept * sizeof *ones;
	return ones;
}

static bool
covers_zonemd(const struct one *one)
{
	return one->type == DNS_RRSIG && one->length > 2 &&
	    get_16(one->rdata) == TYPE_ZONEMD;
}

static void
digest_one(struct zone_digest *digest, const struct one *one)
{
	const uint8_t fixed[] = {
		(uint8_t)(one->type >> 8), (uint8_t)one->type, 0, CLASS_IN,
		(uint8_t)(one->ttl >> 24), (uint8_t)(one->ttl >> 16),
		(uint8_t)(one->ttl >> 8), (uint8_t)one->ttl,
		(uint8_t)(one->length >> 8), (uint8_t)one->length,
	};

	digest_add(digest->digest, digest->owner, digest->owner_length);
	digest_add(digest->digest, fixed, sizeof fixed);
	digest_add(digest->digest, one->rdata, one->length);
}

/* RFC 8976 3.3.1: the ZONEMD records of the apex and their signatures are left
 * out. */
static void
digest_owner(struct zone_digest *digest, bool is_apex)
{
	const struct one *ones = sort_ones(digest);

	for (size_t i = 0; i < count_ones(digest); i++)
		if (!is_apex || (ones[i].type != TYPE_ZONEMD &&
		    !covers_zonemd(&ones[i])))
			digest_one(digest, &ones[i]);
	digest->ones.length = digest->bytes.length = 0;
}

/* The apex ***************************************************************** */

static bool
keep(const struct one *one, uint8_t *bytes, size_t room, size_t *length)
{
	struct buffer counted = { 0 };
	bool fits;

	wire_put_bytes(&counted, one->rdata, one->length);
	fits = counted.length <= room - *length;
	if (fits) {
		memcpy(bytes + *length, counted.bytes, counted.length);
		*length += counted.length;
	}
	buffer_fini(&counted);
	return fits;
}

/* RFC 8976 4: if two records have the same scheme and algorithm, neither
 * counts. */
static bool
is_unique(const struct one *ones, size_t count, const struct one *of)
{
	for (size_t i = 0; i < count; i++)
		if (&ones[i] != of && ones[i].type == TYPE_ZONEMD &&
		    ones[i].length > FIXED_BYTES && memcmp(ones[i].rdata + 4,
		    of->rdata + 4, 2) == 0)
			return false;
	return true;
}

static bool
is_usable(const struct one *ones, size_t count, const struct one *one)
{
	static const size_t lengths[HASHES] = {
		[HASH_SHA384] = SHA384_BYTES, [HASH_SHA512] = SHA512_BYTES,
	};

	return one->type == TYPE_ZONEMD && one->length > FIXED_BYTES &&
	    one->rdata[4] == SCHEME_SIMPLE && one->rdata[5] < HASHES &&
	    one->length == FIXED_BYTES + lengths[one->rdata[5]] &&
	    is_unique(ones, count, one);
}

/* The digest of the first usable record counts, which is SHA-384 if there is
 * one, and among these the serial must be right. */
static enum zonemd_state
choose(struct zone_digest *digest, const struct one *ones, size_t count)
{
	const uint8_t *serial = digest->soa.bytes + digest->soa.length - 20;
	enum zonemd_state state = ZONEMD_UNSUPPORTED;

	for (size_t i = 0; i < count; i++) {
		const struct one *one = &ones[i];

		if (!is_usable(ones, count, one))
			continue;
		state = ZONEMD_MISMATCH;
		if (memcmp(one->rdata, serial, 4) != 0)
			continue;
		digest->expected_length = one->length - FIXED_BYTES;
		memcpy(digest->expected, one->rdata + FIXED_BYTES,
		    digest->expected_length);
		digest->digest = one->rdata[5] == HASH_SHA384
		    ? digest_new_384() : digest_new_512();
		return ZONEMD_UNASKED;
	}
	return state;
}

/* Keeps the records that must be signed. Returns false if there is no room for
 * them. */
static bool
keep_zonemd(struct zonemd *zonemd, const struct one *one)
{
	if (covers_zonemd(one))
		return keep(one, zonemd->signatures,
		    sizeof zonemd->signatures, &zonemd->signatures_length);
	if (one->type != TYPE_ZONEMD)
		return true;
	if (zonemd->records_length == 0 || one->ttl < zonemd->ttl)
		zonemd->ttl = one->ttl;
	return keep(one, zonemd->records, sizeof zonemd->records,
	    &zonemd->records_length);
}

static enum zonemd_state
take_apex(struct zone_digest *digest)
{
	const struct one *ones = sort_ones(digest);
	size_t count = count_ones(digest), soas = 0;

	for (size_t i = 0; i < count; i++) {
		if (ones[i].type == TYPE_SOA && soas++ == 0)
			buffer_append(&digest->soa, ones[i].rdata,
			    ones[i].length);
		if (!keep_zonemd(&digest->zonemd, &ones[i]))
			return ZONEMD_UNSUPPORTED;
	}
	/* The first owner is not the apex, or it has two SOA records. */
	if (soas != 1)
		return ZONEMD_NOT_CANONICAL_ORDER;
	if (digest->zonemd.records_length == 0)
		return ZONEMD_ABSENT;
	return digest->soa.length < SOA_BYTES_MIN ? ZONEMD_UNSUPPORTED
	    : choose(digest, ones, count);
}

/* All records of an owner are there. */
static void
end_owner(struct zone_digest *digest)
{
	bool is_apex = !digest->has_apex;

	if (is_apex) {
		digest->has_apex = true;
		digest->apex_length = digest->owner_length;
		memcpy(digest->apex, digest->owner, digest->owner_length);
		digest->state = take_apex(digest);
	}
	if (digest->state == ZONEMD_UNASKED)
		digest_owner(digest, is_apex);
}

/* Records ****************************************************************** */

static bool
same_owner(const struct zone_data *found, const uint8_t *name, size_t length)
{
	return found->owner_length == length &&
	    memcmp(found->owner, name, length) == 0;
}

static bool
is_at_apex(const struct zone_digest *digest, const struct zone_data *found)
{
	return digest->has_apex &&
	    same_owner(found, digest->apex, digest->apex_length);
}

/* The SOA record occurs again: it is a duplicate, or a different one. */
static void
take_soa(struct zone_digest *digest, const struct zone_data *found)
{
	struct buffer rdata = { 0 };

	if (!rdata_wire(found, &digest->line, &rdata) ||
	    rdata.length != digest->soa.length ||
	    memcmp(rdata.bytes, digest->soa.bytes, rdata.length) != 0)
		digest->state = ZONEMD_NOT_CANONICAL_ORDER;
	buffer_fini(&rdata);
}

/* Begins another owner. Returns false if the record must not be added. */
static bool
begin_owner(struct zone_digest *digest, const struct zone_data *found)
{
	if (!digest->has_apex && digest->owner_length != 0)
		end_owner(digest);
	if (digest->state != ZONEMD_UNASKED)
		return false;
	if (digest->has_apex) {
		/* RFC 8976 3.3.1: the record is not in this zone. */
		if (name_find(found->owner, digest->apex) == NULL)
			return false;
		if (is_at_apex(digest, found) && found->type == TYPE_SOA) {
			take_soa(digest, found);
			return false;
		}
		if (name_order(digest->owner, found->owner) >= 0) {
			digest->state = ZONEMD_NOT_CANONICAL_ORDER;
			return false;
		}
		end_owner(digest);
	}
	digest->owner_length = found->owner_length;
	memcpy(digest->owner, found->owner, found->owner_length);
	return true;
}

static void
take(struct zone_digest *digest, const struct zone_data *found)
{
	struct one one = {
		.type = found->type, .ttl = found->ttl,
		.at = digest->bytes.length,
	};

	if (!rdata_wire(found, &digest->line, &digest->bytes) ||
	    digest->bytes.length > ZONE_DIGEST_OWNER_MAX ||
	    digest->bytes.length - one.at > UINT16_MAX) {
		digest->state = ZONEMD_UNSUPPORTED;
		return;
	}
	one.length = digest->bytes.length - one.at;
	buffer_append(&digest->ones, &one, sizeof one);
}

void
zone_digest_add(struct zone_digest *digest, const struct zone_data *found)
{
	if (digest->state == ZONEMD_ABSENT && found->type == TYPE_ZONEMD &&
	    is_at_apex(digest, found))
		digest->state = ZONEMD_NOT_CANONICAL_ORDER;
	if (digest->state != ZONEMD_UNASKED)
		return;
	if (same_owner(found, digest->owner, digest->owner_length) ||
	    begin_owner(digest, found))
		take(digest, found);
}

void
zone_digest_miss(struct zone_digest *digest)
{
	if (digest->state == ZONEMD_UNASKED ||
	    digest->state == ZONEMD_MISMATCH)
		digest->state = ZONEMD_INCOMPLETE;
}

static enum zonemd_state
judge(struct zone_digest *digest)
{
	uint8_t bytes[SHA512_BYTES];

	digest_finish_long(digest->digest, bytes);
	digest->digest = NULL;
	return memcmp(bytes, digest->expected, digest->expected_length) == 0
	    ? ZONEMD_MATCH : ZONEMD_MISMATCH;
}

void
zone_digest_finish(struct zone_digest *digest, struct zonemd *zonemd)
{
	uint8_t bytes[SHA512_BYTES];

	if (digest->state == ZONEMD_UNASKED && digest->owner_length != 0)
		end_owner(digest);
	if (digest->state == ZONEMD_UNASKED)
		digest->state = digest->has_apex ? judge(digest)
		    : ZONEMD_ABSENT;
	if (digest->digest != NULL)
		digest_finish_long(digest->digest, bytes);
	*zonemd = (struct zonemd){ .state = digest->state };
	if (zonemd->state == ZONEMD_MATCH ||
	    zonemd->state == ZONEMD_MISMATCH) {
		*zonemd = digest->zonemd;
		zonemd->state = digest->state;
	}
	buffer_fini(&digest->soa);
	buffer_fini(&digest->ones);
	buffer_fini(&digest->bytes);
	buffer_fini(&digest->line);
	free(digest);
}
