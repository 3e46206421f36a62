/* Which keys of a zone are believed (secure.h): RFC 4034 2, RFC 4035 5.2, RFC
 * 4509 3, RFC 6840 5.11, RULES L21 and L24. Each case has a twin that differs in
 * one fact. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/wire.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/secure.h"
#include "tests/unit/zone_signer.h"

#define ZONE	"d.example"
#define PARENT	"example"
#define DS_TTL	7200

static const uint8_t zone[] = "\1d\7example";
static const uint8_t parent[] = "\7example";

/* A response about DNSKEY, and what the file says. */
struct world {
	struct rdata_list keys;
	struct buffer	 packet, ds;
	struct delegation delegation;
	struct secure_check check;
	struct secure_keys found;
};

static struct zone_signer key_signing, other;

static int
make_keys(void **state)
{
	(void)state;
	zone_signer_make(&key_signing, 13, 0, 257, 3);
	zone_signer_make(&other, 13, 0, 256, 3);
	return 0;
}

static int
free_keys(void **state)
{
	(void)state;
	zone_signer_fini(&key_signing);
	zone_signer_fini(&other);
	return 0;
}

static void
world_open(struct world *world)
{
	*world = (struct world){
		.delegation = { .name = ZONE, .ds_ttl = DS_TTL },
		.check = { .zone = zone, .now_s = SIGNER_NOW },
	};
	answer_begin(&world->packet, ZONE, DNS_DNSKEY, 0);
}

static void
add_key(struct world *world, const struct zone_signer *signer)
{
	rdata_add(&world->keys, signer->dnskey.bytes, signer->dnskey.length);
}

static void
sign(struct world *world, const struct zone_signer *signer, bool is_broken)
{
	struct signing signing = { .signer = signer, .name = ZONE,
		.is_broken = is_broken };
	struct buffer rrsig = { 0 };

	zone_sign(&rrsig, &signing, ZONE, DNS_DNSKEY, &world->keys);
	answer_record(&world->packet, DNS_ANSWER, ZONE, DNS_RRSIG, 3600,
	    rrsig.bytes, rrsig.length);
	buffer_fini(&rrsig);
}

/* Reads the keys, and ends the world but for the keys. */
static enum oddity
read_keys(struct world *world)
{
	enum oddity oddity;

	answer_set(&world->packet, DNS_ANSWER, ZONE, DNS_DNSKEY, 3600,
	    &world->keys, NULL);
	world->delegation.ds = world->ds.bytes;
	world->delegation.ds_length = world->ds.length;
	oddity = secure_keys_read(&world->found, &world->check,
	    &world->delegation, world->packet.bytes, world->packet.length);
	buffer_fini(&world->packet);
	buffer_fini(&world->ds);
	if (oddity != ODDITY_NONE)
		assert_int_equal(world->found.count, 0);
	return oddity;
}

/* One key, which signs and has a DS record of this type of digest. */
static enum oddity
read_one(const struct zone_signer *signer, uint8_t digest_type)
{
	struct world world;
	enum oddity oddity;

	world_open(&world);
	add_key(&world, signer);
	sign(&world, signer, false);
	zone_signer_ds(signer, ZONE, digest_type, &world.ds);
	oddity = read_keys(&world);
	secure_keys_free(&world.found);
	return oddity;
}

static void
a_key_has_flags_and_a_protocol(void **state)
{
	static const struct {
		uint16_t	 flags;
		uint8_t		 protocol;
		enum oddity	 oddity;
	} rows[] = {
		{ 257, 3, ODDITY_NONE },
		{ 256, 3, ODDITY_NONE },		/* SEP is ignored */
		{ 1, 3, ODDITY_DS_MISMATCH },		/* no ZONE */
		{ 257 | 0x80, 3, ODDITY_DS_MISMATCH },	/* REVOKE */
		{ 257 | 0x8000, 3, ODDITY_NONE },	/* ignored */
		{ 257, 2, ODDITY_DS_MISMATCH },
		{ 257, 4, ODDITY_DS_MISMATCH },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct zone_signer signer;

		zone_signer_copy(&signer, &key_signing, rows[i].flags,
		    rows[i].protocol);
		assert_int_equal(read_one(&signer, 2), rows[i].oddity);
		zone_signer_fini(&signer);
	}
}

static void
algorithms_are_those_of_libunbound(void **state)
{
	static const uint8_t algorithms[] = { 8, 10, 13, 14, 15 };

	(void)state;
	for (size_t i = 0; i < sizeof algorithms; i++) {
		uint8_t algorithm = algorithms[i];
		bool is_sure = algorithm == 8 || algorithm == 13;
		struct zone_signer signer;

		zone_signer_make(&signer, algorithm, 1024, 257, 3);
		secure_use_algorithms(0);
		assert_int_equal(secure_knows_algorithm(algorithm), is_sure);
		assert_int_equal(read_one(&signer, 2), is_sure
		    ? ODDITY_NONE : ODDITY_DS_MISMATCH);
		secure_use_algorithms(UINT32_MAX);
		assert_true(secure_knows_algorithm(algorithm));
		assert_int_equal(read_one(&signer, 2), ODDITY_NONE);
		zone_signer_fini(&signer);
	}
	for (unsigned other_one = 0; other_one < 256; other_one++)
		if (memchr(algorithms, (int)other_one, sizeof algorithms) ==
		    NULL)
			assert_false(secure_knows_algorithm(
			    (uint8_t)other_one));
	secure_use_algorithms(0);
}

/* DS records ************************************************************** */

static void
the_strongest_digest_counts(void **state)
{
	/* Types of digests; a minus: of the other key. */
	static const struct {
		int		 types[3];
		enum oddity	 oddity;
	} rows[] = {
		{ { 2 }, ODDITY_NONE }, { { 4 }, ODDITY_NONE },
		{ { 1 }, ODDITY_DS_MISMATCH }, { { 0 }, ODDITY_DS_MISMATCH },
		{ { 3 }, ODDITY_DS_MISMATCH },
		{ { -2 }, ODDITY_DS_MISMATCH }, { { -2, 2 }, ODDITY_NONE },
		{ { 1, 2 }, ODDITY_NONE }, { { 4, -2 }, ODDITY_NONE },
		{ { -4, 2 }, ODDITY_DS_MISMATCH },
		{ { 2, 3 }, ODDITY_DS_MISMATCH },
		{ { -4, 2, 4 }, ODDITY_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct world world;

		world_open(&world);
		add_key(&world, &key_signing);
		sign(&world, &key_signing, false);
		for (int k = 0; k < 3 && rows[i].types[k] != 0; k++)
			zone_signer_ds(rows[i].types[k] > 0 ? &key_signing
			    : &other, ZONE, (uint8_t)abs(rows[i].types[k]),
			    &world.ds);
		assert_int_equal(read_keys(&world), rows[i].oddity);
		secure_keys_free(&world.found);
	}
}

/* The DS record with one bit of another value; the count of its digest is bytes 4
 * to 7 (wire.h). */
static void
each_bit_of_a_ds_record_counts(void **state)
{
	(void)state;
	for (size_t bit = 0; bit < 8 * (4 + 4 + 32); bit++) {
		struct world world;

		if (bit / 32 == 1)
			continue;
		world_open(&world);
		add_key(&world, &key_signing);
		sign(&world, &key_signing, false);
		zone_signer_ds(&key_signing, ZONE, 2, &world.ds);
		assert_int_equal(world.ds.length, 4 + 4 + 32);
		world.ds.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(read_keys(&world), ODDITY_DS_MISMATCH);
	}
}

static void
the_key_of_the_ds_signs_the_keys(void **state)
{
	/* Who signs: 1 the key of the DS record, 2 the other one; a minus: with
	 * a broken signature. */
	static const struct {
		int		 signers[2];
		enum oddity	 oddity;
		unsigned	 verifications;
	} rows[] = {
		{ { 1, 2 }, ODDITY_NONE, 1 }, { { 2, 1 }, ODDITY_NONE, 1 },
		{ { 2, 0 }, ODDITY_UNPROVEN, 0 },
		{ { 0, 0 }, ODDITY_UNPROVEN, 0 },
		{ { -1, 2 }, ODDITY_UNPROVEN, 1 },
		{ { -1, 1 }, ODDITY_NONE, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct world world;

		world_open(&world);
		add_key(&world, &key_signing);
		add_key(&world, &other);
		for (int k = 0; k < 2 && rows[i].signers[k] != 0; k++)
			sign(&world, abs(rows[i].signers[k]) == 1
			    ? &key_signing : &other, rows[i].signers[k] < 0);
		zone_signer_ds(&key_signing, ZONE, 2, &world.ds);
		assert_int_equal(read_keys(&world), rows[i].oddity);
		assert_int_equal(world.check.verifications,
		    rows[i].verifications);
		/* The other one may then sign data. */
		if (rows[i].oddity == ODDITY_NONE) {
			assert_int_equal(world.found.count, 2);
			assert_true(world.found.keys[0].tag == other.tag ||
			    world.found.keys[1].tag == other.tag);
		}
		secure_keys_free(&world.found);
	}
}

/* Bounds ****************************************************************** */

/* Keys of an algorithm that is not known, which count, too. */
static void
add_strange_keys(struct world *world, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		uint8_t rdata[] = { 1, 0, 3, 99, (uint8_t)i, 1 };

		rdata_add(&world->keys, rdata, sizeof rdata);
	}
}

static void
a_zone_has_at_most_8_keys(void **state)
{
	(void)state;
	for (unsigned count = 7; count <= 8; count++) {
		struct world world;

		world_open(&world);
		add_key(&world, &key_signing);
		add_strange_keys(&world, count);
		sign(&world, &key_signing, false);
		zone_signer_ds(&key_signing, ZONE, 2, &world.ds);
		assert_int_equal(read_keys(&world), count == 7
		    ? ODDITY_NONE : ODDITY_CRYPTO_LIMIT);
		if (count == 7)
			assert_int_equal(world.found.count, 1);
		secure_keys_free(&world.found);
	}
}

static void
a_set_has_at_most_4_signatures(void **state)
{
	(void)state;
	for (unsigned broken = 3; broken <= 4; broken++) {
		struct world world;

		world_open(&world);
		add_key(&world, &key_signing);
		for (unsigned i = 0; i < broken; i++)
			sign(&world, &key_signing, true);
		sign(&world, &key_signing, false);
		zone_signer_ds(&key_signing, ZONE, 2, &world.ds);
		assert_int_equal(read_keys(&world), broken == 3
		    ? ODDITY_NONE : ODDITY_CRYPTO_LIMIT);
		assert_int_equal(world.check.verifications, broken == 3
		    ? 4 : 0);
		secure_keys_free(&world.found);
	}
}

static void
a_name_has_at_most_16_verifications(void **state)
{
	(void)state;
	for (unsigned before = 15; before <= 16; before++) {
		struct world world;

		world_open(&world);
		world.check.verifications = before;
		add_key(&world, &key_signing);
		sign(&world, &key_signing, false);
		zone_signer_ds(&key_signing, ZONE, 2, &world.ds);
		assert_int_equal(read_keys(&world), before == 15
		    ? ODDITY_NONE : ODDITY_CRYPTO_LIMIT);
		assert_int_equal(world.check.verifications, 16);
		secure_keys_free(&world.found);
	}
}

/* Two words that change places leave the tag as it was; one word of another
 * value does not. */
static void
a_tag_has_one_key(void **state)
{
	(void)state;
	for (int has_other_tag = 0; has_other_tag < 2; has_other_tag++) {
		struct zone_signer twin;
		struct world world;
		uint8_t *key;

		zone_signer_copy(&twin, &key_signing, 257, 3);
		key = twin.dnskey.bytes + 4;
		for (int i = 0; i < 2; i++) {
			uint8_t byte = key[i];

			key[i] = key[2 + i];
			key[2 + i] = byte;
		}
		key[5] ^= (uint8_t)has_other_tag;
		world_open(&world);
		add_key(&world, &key_signing);
		add_key(&world, &twin);
		sign(&world, &key_signing, false);
		zone_signer_ds(&key_signing, ZONE, 2, &world.ds);
		assert_int_equal(read_keys(&world), has_other_tag
		    ? ODDITY_NONE : ODDITY_CRYPTO_LIMIT);
		secure_keys_free(&world.found);
		zone_signer_fini(&twin);
	}
}

/* The same record twice is one (RFC 2181 5). */
static void
a_key_may_come_twice(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	add_key(&world, &key_signing);
	add_key(&world, &key_signing);
	sign(&world, &key_signing, false);
	zone_signer_ds(&key_signing, ZONE, 2, &world.ds);
	assert_int_equal(read_keys(&world), ODDITY_NONE);
	assert_int_equal(world.found.count, 1);
	secure_keys_free(&world.found);
}

/* The rest of the response ************************************************ */

static enum oddity
read_with(const char *owner, uint16_t type, enum dns_section section)
{
	struct world world;
	enum oddity oddity;

	world_open(&world);
	add_key(&world, &key_signing);
	sign(&world, &key_signing, false);
	zone_signer_ds(&key_signing, ZONE, 2, &world.ds);
	if (section != DNS_ANSWER)
		answer_set(&world.packet, DNS_ANSWER, ZONE, DNS_DNSKEY, 3600,
		    &world.keys, NULL);
	answer_record(&world.packet, section, owner, type, 3600,
	    "\300\0\2\1", 4);
	oddity = read_keys(&world);
	secure_keys_free(&world.found);
	return oddity;
}

static void
other_records_are_stray(void **state)
{
	struct secure_check check = { .zone = zone, .now_s = SIGNER_NOW };
	struct delegation delegation = { .name = ZONE };
	struct secure_keys keys;

	(void)state;
	assert_int_equal(read_with(ZONE, DNS_A, DNS_ANSWER), ODDITY_STRAY);
	assert_int_equal(read_with("e.example", DNS_DNSKEY, DNS_ANSWER),
	    ODDITY_STRAY);
	assert_int_equal(read_with(ZONE, DNS_A, DNS_AUTHORITY), ODDITY_NONE);
	assert_int_equal(secure_keys_read(&keys, &check, &delegation,
	    (const uint8_t *)"abc", 3), ODDITY_MALFORMED);
	assert_int_equal(keys.count, 0);
}

static void
keys_live_as_long_as_what_they_rest_on(void **state)
{
	/* Of DS, as received, original, to the expiration; the least. */
	static const uint32_t rows[][5] = {
		{ 7200, 3600, 3600, 86400, 3600 },
		{ 3599, 3600, 3600, 86400, 3599 },
		{ 7200, 3598, 3600, 86400, 3598 },
		{ 7200, 3600, 3597, 86400, 3597 },
		{ 7200, 3600, 3600, 3596, 3596 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct signing signing = { .signer = &key_signing,
			.name = ZONE, .ttl = rows[i][2],
			.expiration = SIGNER_NOW + rows[i][3] };
		struct world world;

		world_open(&world);
		world.delegation.ds_ttl = rows[i][0];
		add_key(&world, &key_signing);
		answer_set(&world.packet, DNS_ANSWER, ZONE, DNS_DNSKEY,
		    rows[i][1], &world.keys, &signing);
		zone_signer_ds(&key_signing, ZONE, 2, &world.ds);
		assert_int_equal(read_keys(&world), ODDITY_NONE);
		assert_int_equal(world.found.ttl, rows[i][4]);
		secure_keys_free(&world.found);
	}
}

/* The parent ************************************************************** */

static void
validated_keys_are_taken(void **state)
{
	struct secure_keys keys;

	(void)state;
	for (unsigned strange = 0; strange <= 8; strange += 7) {
		struct rdata_list rdata = { .count = 0 };
		struct buffer packet = { 0 };

		answer_begin(&packet, ZONE, DNS_DNSKEY, 0);
		rdata_add(&rdata, key_signing.dnskey.bytes,
		    key_signing.dnskey.length);
		rdata_add(&rdata, other.dnskey.bytes, other.dnskey.length);
		for (unsigned i = 0; i < strange; i++)
			rdata_add(&rdata, (uint8_t[]){ 1, 0, 3, 99,
			    (uint8_t)i }, 5);
		answer_set(&packet, DNS_ANSWER, ZONE, DNS_DNSKEY, 60, &rdata,
		    NULL);
		assert_int_equal(secure_keys_take(&keys, packet.bytes,
		    packet.length, zone), strange == 0);
		assert_int_equal(keys.count, strange == 0 ? 2 : 0);
		if (strange == 0)
			assert_int_equal(keys.ttl, 60);
		secure_keys_free(&keys);
		/* Of another zone. */
		assert_false(secure_keys_take(&keys, packet.bytes,
		    packet.length, parent));
		buffer_fini(&packet);
	}
	assert_false(secure_keys_take(&keys, zone, 2, zone));
	assert_int_equal(keys.count, 0);
}

struct ds_case {
	struct signing	 signing;
	const uint8_t	*parent;
	bool		 is_incomplete;
	bool		 is_true;
};

static bool
ds_is_signed(const struct ds_case *row, uint32_t *ttl)
{
	struct secure_check check = { .zone = zone, .now_s = SIGNER_NOW };
	struct secure_keys keys = { .count = 1 };
	struct rdata_list rdata = { .count = 0 };
	struct buffer ds = { 0 }, rrsig = { 0 }, counted = { 0 };
	struct delegation delegation = { .name = ZONE, .ds_ttl = DS_TTL };
	size_t first;
	bool is_signed;

	keys.keys[0].tag = other.tag;
	keys.keys[0].algorithm = 13;
	keys.keys[0].key = zone_key_new(13, other.dnskey.bytes + 4,
	    other.dnskey.length - 4);
	zone_signer_ds(&key_signing, ZONE, 4, &ds);
	first = ds.length;
	zone_signer_ds(&key_signing, ZONE, 2, &ds);
	/* As in a zone: the tag has its high byte first, no count. */
	for (int i = 0; i < 2; i++) {
		size_t digest = i == 0 ? 48 : 32;
		uint8_t bytes[4 + 48] = { (uint8_t)(key_signing.tag >> 8),
			(uint8_t)key_signing.tag, 13, i == 0 ? 4 : 2 };
		size_t end = i == 0 ? first : ds.length;

		memcpy(bytes + 4, ds.bytes + end - digest, digest);
		rdata_add(&rdata, bytes, 4 + digest);
	}
	zone_sign(&rrsig, &row->signing, ZONE, DNS_DS, &rdata);
	wire_put_bytes(&counted, rrsig.bytes, rrsig.length);
	delegation.ds = ds.bytes;
	delegation.ds_length = row->is_incomplete ? first : ds.length;
	is_signed = secure_ds_is_signed(&keys, &check, row->parent,
	    &delegation, counted.bytes, counted.length, ttl);
	secure_keys_free(&keys);
	buffer_fini(&ds);
	buffer_fini(&rrsig);
	buffer_fini(&counted);
	rdata_fini(&rdata);
	return is_signed;
}

static void
the_parent_signs_ds_records(void **state)
{
	const struct signing sound = { .signer = &other, .name = PARENT };
	const struct ds_case rows[] = {
		{ sound, parent, false, true },
		{ sound, parent, true, false },
		{ sound, zone, false, false },
		{ { .signer = &other, .name = ZONE }, parent, false, false },
		{ { .signer = &other, .name = PARENT, .is_broken = true },
		    parent, false, false },
		{ { .signer = &key_signing, .name = PARENT }, parent, false,
		    false },
		{ { .signer = &other, .name = PARENT, .covered = DNS_NS },
		    parent, false, false },
		{ { .signer = &other, .name = PARENT,
		    .expiration = SIGNER_NOW - 1 }, parent, false, false },
		{ { .signer = &other, .name = PARENT,
		    .expiration = SIGNER_NOW + 77 }, parent, false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint32_t ttl = 86400;

		assert_int_equal(ds_is_signed(&rows[i], &ttl), rows[i].is_true);
		assert_int_equal(ttl, !rows[i].is_true ? 86400
		    : rows[i].signing.expiration != 0 ? 77 : 3600);
	}
}

/* L44: the same rows, by the zone itself. */
static bool
zonemd_is_signed(const struct signing *signing, uint32_t *ttl)
{
	static const uint8_t record[] = "\0\0\0\1\1\1a digest";
	struct secure_check check = { .zone = zone, .now_s = SIGNER_NOW };
	struct secure_keys keys = { .count = 1 };
	struct zonemd zonemd = { .state = ZONEMD_MATCH, .ttl = 7200 };
	struct rdata_list rdata = { .count = 0 };
	struct buffer rrsig = { 0 }, counted = { 0 };
	bool is_signed;

	keys.keys[0].tag = other.tag;
	keys.keys[0].algorithm = 13;
	keys.keys[0].key = zone_key_new(13, other.dnskey.bytes + 4,
	    other.dnskey.length - 4);
	rdata_add(&rdata, record, sizeof record);
	zone_sign(&rrsig, signing, ZONE, 63, &rdata);
	wire_put_bytes(&counted, record, sizeof record);
	memcpy(zonemd.records, counted.bytes, counted.length);
	zonemd.records_length = counted.length;
	counted.length = 0;
	wire_put_bytes(&counted, rrsig.bytes, rrsig.length);
	memcpy(zonemd.signatures, counted.bytes, counted.length);
	zonemd.signatures_length = counted.length;
	is_signed = secure_zonemd_is_signed(&keys, &check, &zonemd, ttl);
	zonemd.records_length = 0;
	assert_false(secure_zonemd_is_signed(&keys, &check, &zonemd, ttl));
	secure_keys_free(&keys);
	buffer_fini(&rrsig);
	buffer_fini(&counted);
	rdata_fini(&rdata);
	return is_signed;
}

static void
the_zone_signs_its_digest(void **state)
{
	const struct {
		struct signing	 signing;
		bool		 is_true;
	} rows[] = {
		{ { .signer = &other, .name = ZONE }, true },
		{ { .signer = &other, .name = PARENT }, false },
		{ { .signer = &other, .name = ZONE, .is_broken = true },
		    false },
		{ { .signer = &key_signing, .name = ZONE }, false },
		{ { .signer = &other, .name = ZONE, .covered = DNS_DS },
		    false },
		{ { .signer = &other, .name = ZONE,
		    .expiration = SIGNER_NOW - 1 }, false },
		{ { .signer = &other, .name = ZONE,
		    .expiration = SIGNER_NOW + 77 }, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint32_t ttl = 86400;

		if (zonemd_is_signed(&rows[i].signing, &ttl) !=
		    rows[i].is_true)
			fail_msg("row %zu", i);
		assert_int_equal(ttl, !rows[i].is_true ? 86400
		    : rows[i].signing.expiration != 0 ? 77 : 3600);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_has_flags_and_a_protocol),
		cmocka_unit_test(algorithms_are_those_of_libunbound),
		cmocka_unit_test(the_strongest_digest_counts),
		cmocka_unit_test(each_bit_of_a_ds_record_counts),
		cmocka_unit_test(the_key_of_the_ds_signs_the_keys),
		cmocka_unit_test(a_zone_has_at_most_8_keys),
		cmocka_unit_test(a_set_has_at_most_4_signatures),
		cmocka_unit_test(a_name_has_at_most_16_verifications),
		cmocka_unit_test(a_tag_has_one_key),
		cmocka_unit_test(a_key_may_come_twice),
		cmocka_unit_test(other_records_are_stray),
		cmocka_unit_test(keys_live_as_long_as_what_they_rest_on),
		cmocka_unit_test(validated_keys_are_taken),
		cmocka_unit_test(the_parent_signs_ds_records),
		cmocka_unit_test(the_zone_signs_its_digest),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
