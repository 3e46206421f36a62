/* What makes an answer of a signed delegation secure (secure.h): RFC 4034, RFC
 * 4035 5.3, RULES L20, L22, L23, L24, L25, L26, L27, L28. Each case has a twin
 * that differs in one fact. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/secure.h"
#include "tests/unit/zone_signer.h"

#define ZONE	"d.example"
#define TTL_MAX	86400
/* 2106-02-07T06:28:16Z: serial numbers begin again. */
#define WRAP	(INT64_C(1) << 32)

static const uint8_t zone[] = "\1d\7example";

/* The zone has one key that signs data, and one that does not. */
static struct zone_signer signer, other;

static int
make_keys(void **state)
{
	(void)state;
	zone_signer_make(&signer, 13, 0, 256, 3);
	zone_signer_make(&other, 13, 0, 256, 3);
	return 0;
}

static int
free_keys(void **state)
{
	(void)state;
	zone_signer_fini(&signer);
	zone_signer_fini(&other);
	return 0;
}

/* A response, and what is asked. */
struct world {
	struct buffer	 packet;
	struct rdata_list rdata;	/* of the next set */
	struct secure_check check;
	bool		 absent_txt;
	uint32_t	 ttl;
	const char	*name;
	uint16_t	 type;
};

static void
world_open(struct world *world, const char *name, uint16_t type,
    unsigned rcode)
{
	*world = (struct world){
		.check = { .zone = zone, .now_s = SIGNER_NOW },
		.ttl = TTL_MAX, .name = name, .type = type,
	};
	answer_begin(&world->packet, name, type, rcode);
}

static void
put_set(struct world *world, enum dns_section section, const char *owner,
    uint16_t type, const struct signing *signing)
{
	answer_set(&world->packet, section, owner, type, 3600, &world->rdata,
	    signing);
}

static struct signing
sound(void)
{
	return (struct signing){ .signer = &signer, .name = ZONE };
}

/* Judges, and ends the world. */
static enum oddity
judge(struct world *world)
{
	struct secure_keys keys = { .count = 1 };
	struct exchange exchange = { .type = world->type };
	struct lookup lookup;
	enum oddity oddity;

	keys.keys[0].tag = signer.tag;
	keys.keys[0].algorithm = signer.algorithm;
	keys.keys[0].key = zone_key_new(signer.algorithm,
	    signer.dnskey.bytes + 4, signer.dnskey.length - 4);
	assert_true(lookup_answered(&lookup, &world->packet, world->name,
	    world->type));
	exchange.name = lookup.name;
	exchange.zone = name_find(lookup.name, zone);
	oddity = secure_judge(&keys, &world->check, &exchange, lookup.answer,
	    world->absent_txt, &world->ttl);
	if (oddity != ODDITY_NONE)
		assert_int_equal(world->ttl, TTL_MAX);
	lookup_answered_fini(&lookup);
	secure_keys_free(&keys);
	buffer_fini(&world->packet);
	return oddity;
}

/* Signatures ************************************************************** */

struct row {
	const char	*rule;
	struct signing	 signing;
	int64_t		 now_s;		/* 0: SIGNER_NOW */
	enum oddity	 oddity;
};

#define SIGNED(...) { .signer = &signer, .name = ZONE, __VA_ARGS__ }

static void
a_signature_is_of_the_zone_and_in_time(void **state)
{
	static const struct row rows[] = {
		{ "sound", SIGNED(.ttl = 0), 0, ODDITY_NONE },
		{ "one bit of it", SIGNED(.is_broken = true), 0,
		    ODDITY_UNPROVEN },
		{ "another signer", { .signer = &signer, .name = "example" }, 0,
		    ODDITY_UNPROVEN },
		{ "the signer is below", { .signer = &signer,
		    .name = "a." ZONE }, 0, ODDITY_UNPROVEN },
		{ "a key that the zone has not", { .signer = &other,
		    .name = ZONE }, 0, ODDITY_UNPROVEN },
		{ "the same with the right tag", { .signer = &other,
		    .name = ZONE, .tag = 1 }, 0, ODDITY_UNPROVEN },
		{ "another algorithm", SIGNED(.algorithm = 14), 0,
		    ODDITY_UNPROVEN },
		{ "another tag", SIGNED(.tag = 1), 0, ODDITY_UNPROVEN },
		{ "it covers another type", SIGNED(.covered = DNS_A), 0,
		    ODDITY_UNPROVEN },
		{ "it is of another class", SIGNED(.class = 3), 0,
		    ODDITY_UNPROVEN },
		{ "it is of another owner", SIGNED(.owner = "a." ZONE), 0,
		    ODDITY_UNPROVEN },
		{ "fewer labels", SIGNED(.labels = -1), 0, ODDITY_UNPROVEN },
		{ "a wildcard", SIGNED(.labels = -1, .owner = "*.example"), 0,
		    ODDITY_UNPROVEN },
		{ "more labels", SIGNED(.labels = 1), 0, ODDITY_UNPROVEN },
		{ "it expires now", SIGNED(.expiration = SIGNER_NOW), 0,
		    ODDITY_NONE },
		{ "a second ago", SIGNED(.expiration = SIGNER_NOW - 1), 0,
		    ODDITY_UNPROVEN },
		{ "it begins now", SIGNED(.inception = SIGNER_NOW), 0,
		    ODDITY_NONE },
		{ "in a second", SIGNED(.inception = SIGNER_NOW + 1), 0,
		    ODDITY_UNPROVEN },
		{ "serial numbers begin again", SIGNED(.inception = WRAP - 5,
		    .expiration = WRAP + 5), WRAP + 1, ODDITY_NONE },
		{ "and before that", SIGNED(.inception = WRAP - 5,
		    .expiration = WRAP + 5), WRAP - 1, ODDITY_NONE },
		{ "it is over", SIGNED(.inception = WRAP - 5,
		    .expiration = WRAP + 5), WRAP + 6, ODDITY_UNPROVEN },
		{ "it is not yet", SIGNED(.inception = WRAP - 5,
		    .expiration = WRAP + 5), WRAP - 6, ODDITY_UNPROVEN },
		{ "half of all numbers is the past",
		    SIGNED(.inception = SIGNER_NOW,
		    .expiration = SIGNER_NOW + WRAP / 2), 0, ODDITY_UNPROVEN },
		{ "one less is not", SIGNED(.inception = SIGNER_NOW,
		    .expiration = SIGNER_NOW + WRAP / 2 - 1), 0, ODDITY_NONE },
		{ "it ends before it begins",
		    SIGNED(.inception = SIGNER_NOW - 10,
		    .expiration = SIGNER_NOW + WRAP / 2 - 10), 0,
		    ODDITY_UNPROVEN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct signing signing = rows[i].signing;
		struct world world;
		enum oddity oddity;

		/* 1 stands for the tag of the key in use, unless it signs. */
		if (signing.signer == &other && signing.tag == 1)
			signing.tag = signer.tag;
		world_open(&world, ZONE, DNS_MX, 0);
		if (rows[i].now_s != 0)
			world.check.now_s = rows[i].now_s;
		rdata_add_mx(&world.rdata, 10, "mx.example");
		put_set(&world, DNS_ANSWER, ZONE, DNS_MX, &signing);
		oddity = judge(&world);
		if (oddity != rows[i].oddity)
			print_message("# %s\n", rows[i].rule);
		assert_int_equal(oddity, rows[i].oddity);
	}
}

/* An RRset that the zone's own wildcard owns, asked for by its name. */
static void
a_wildcard_is_odd(void **state)
{
	static const char *const owners[] = { "*." ZONE, "a." ZONE };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct signing signing = sound();
		struct world world;

		world_open(&world, owners[i], DNS_MX, 0);
		rdata_add_mx(&world.rdata, 10, "mx.example");
		put_set(&world, DNS_ANSWER, owners[i], DNS_MX, &signing);
		assert_int_equal(judge(&world), i == 0 ? ODDITY_UNPROVEN
						       : ODDITY_NONE);
	}
}

/* MX with this many signatures, the last of which is valid. */
static enum oddity
judge_signatures(unsigned count, unsigned before, unsigned *verifications)
{
	struct signing signing = sound();
	struct world world;
	struct rdata_list copy = { .count = 0 };
	enum oddity oddity;

	world_open(&world, ZONE, DNS_MX, 0);
	world.check.verifications = before;
	rdata_add_mx(&world.rdata, 10, "mx.example");
	rdata_add_mx(&copy, 10, "mx.example");
	for (unsigned i = 0; i + 1 < count; i++) {
		struct buffer rrsig = { 0 };

		signing.is_broken = true;
		zone_sign(&rrsig, &signing, ZONE, DNS_MX, &copy);
		answer_record(&world.packet, DNS_ANSWER, ZONE, DNS_RRSIG, 3600,
		    rrsig.bytes, rrsig.length);
		buffer_fini(&rrsig);
	}
	signing.is_broken = false;
	put_set(&world, DNS_ANSWER, ZONE, DNS_MX, count > 0 ? &signing : NULL);
	rdata_fini(&copy);
	oddity = judge(&world);
	*verifications = world.check.verifications;
	return oddity;
}

static void
verifications_have_bounds(void **state)
{
	static const struct {
		unsigned	 signatures, before, after;
		enum oddity	 oddity;
	} rows[] = {
		{ 0, 0, 0, ODDITY_UNPROVEN }, { 1, 0, 1, ODDITY_NONE },
		{ 4, 0, 4, ODDITY_NONE }, { 5, 0, 0, ODDITY_CRYPTO_LIMIT },
		{ 1, 15, 16, ODDITY_NONE }, { 1, 16, 16, ODDITY_CRYPTO_LIMIT },
		{ 4, 12, 16, ODDITY_NONE }, { 4, 13, 16, ODDITY_CRYPTO_LIMIT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned after;

		assert_int_equal(judge_signatures(rows[i].signatures,
		    rows[i].before, &after), rows[i].oddity);
		assert_int_equal(after, rows[i].after);
	}
}

/* Data ******************************************************************** */

/* The signer has sorted what is signed; the packet has another order, one record
 * twice, upper case, and names that are compressed. */
static enum oddity
judge_mx_of(const uint8_t *const rdata[], const size_t lengths[], size_t count)
{
	struct signing signing = sound();
	struct buffer rrsig = { 0 };
	struct world world;

	world_open(&world, ZONE, DNS_MX, 0);
	rdata_add_mx(&world.rdata, 10, "mx." ZONE);
	rdata_add_mx(&world.rdata, 20, "a.example");
	zone_sign(&rrsig, &signing, ZONE, DNS_MX, &world.rdata);
	rdata_fini(&world.rdata);
	for (size_t i = 0; i < count; i++)
		answer_record(&world.packet, DNS_ANSWER, ZONE, DNS_MX, 3600,
		    rdata[i], lengths[i]);
	answer_record(&world.packet, DNS_ANSWER, ZONE, DNS_RRSIG, 3600,
	    rrsig.bytes, rrsig.length);
	buffer_fini(&rrsig);
	/* Owners and signer. */
	for (uint8_t *at = world.packet.bytes; (at = memmem(at, (size_t)(
	    world.packet.bytes + world.packet.length - at), zone,
	    sizeof zone)) != NULL;)
		at[1] = 'D';
	return judge(&world);
}

static void
records_are_verified_in_canonical_form(void **state)
{
	static const uint8_t a[] = "\0\24\1a\7example";
	static const uint8_t upper[] = "\0\24\1A\7eXample";
	/* The question begins at 12. */
	static const uint8_t mx[] = { 0, 10, 2, 'm', 'X', 0xc0, 12 };
	static const uint8_t better[] = { 0, 11, 2, 'm', 'x', 0xc0, 12 };

	(void)state;
	assert_int_equal(judge_mx_of((const uint8_t *const[]){ a, mx },
	    (const size_t[]){ sizeof a, sizeof mx }, 2), ODDITY_NONE);
	assert_int_equal(judge_mx_of((const uint8_t *const[]){ mx, upper },
	    (const size_t[]){ sizeof mx, sizeof upper }, 2), ODDITY_NONE);
	assert_int_equal(judge_mx_of((const uint8_t *const[]){ upper, mx, a },
	    (const size_t[]){ sizeof upper, sizeof mx, sizeof a }, 3),
	    ODDITY_NONE);
	assert_int_equal(judge_mx_of((const uint8_t *const[]){ mx },
	    (const size_t[]){ sizeof mx }, 1), ODDITY_UNPROVEN);
	assert_int_equal(judge_mx_of((const uint8_t *const[]){ a, better },
	    (const size_t[]){ sizeof a, sizeof better }, 2), ODDITY_UNPROVEN);
	assert_int_equal(judge_mx_of((const uint8_t *const[]){ a, mx, better },
	    (const size_t[]){ sizeof a, sizeof mx, sizeof better }, 3),
	    ODDITY_UNPROVEN);
}

/* A record of one type, whose RDATA is signed in one form, and sent in another. */
static enum oddity
judge_one(uint16_t type, const void *is_signed, size_t signed_length,
    const void *sent, size_t sent_length)
{
	struct signing signing = sound();
	struct buffer rrsig = { 0 };
	struct world world;

	world_open(&world, ZONE, type, 0);
	rdata_add(&world.rdata, is_signed, signed_length);
	zone_sign(&rrsig, &signing, ZONE, type, &world.rdata);
	rdata_fini(&world.rdata);
	answer_record(&world.packet, DNS_ANSWER, ZONE, type, 3600, sent,
	    sent_length);
	answer_record(&world.packet, DNS_ANSWER, ZONE, DNS_RRSIG, 3600,
	    rrsig.bytes, rrsig.length);
	buffer_fini(&rrsig);
	return judge(&world);
}

static void
names_in_some_types_are_in_lower_case(void **state)
{
	static const struct {
		uint16_t	 type;
		const char	*lower, *upper;
		size_t		 length;
		bool		 is_name;	/* in lower case */
		bool		 is_known;
	} rows[] = {
		{ DNS_NS, "\2ns", "\2nS", 4, true, true },
		{ DNS_CNAME, "\2ns", "\2nS", 4, true, true },
		{ DNS_DNAME, "\2ns", "\2nS", 4, true, true },
		{ DNS_MX, "\0\1\1a", "\0\1\1A", 5, true, true },
		{ DNS_SOA, "\1a\0\1b\0aaaabbbbccccddddeeee",
		    "\1A\0\1B\0aaaabbbbccccddddeeee", 26, true, true },
		{ DNS_SOA, "\1a\0\1b\0aaaabbbbccccddddeeee",
		    "\1a\0\1b\0aaaabbbbccccddddeeeE", 26, false, true },
		{ DNS_A, "aaaa", "aaaA", 4, false, true },
		{ DNS_AAAA, "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaA", 16, false,
		    true },
		{ DNS_TXT, "\1a", "\1A", 2, false, true },
		{ DNS_TLSA, "\3\1\1a", "\3\1\1A", 4, false, true },
		{ DNS_NSEC, "\1a\0\0\1\1", "\1A\0\0\1\1", 6, false, true },
		/* RP has two names, and 65534 is for private use. */
		{ 17, "\1a\0\1b", "\1A\0\1B", 6, true, false },
		{ 65534, "a", "a", 1, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(judge_one(rows[i].type, rows[i].lower,
		    rows[i].length, rows[i].lower, rows[i].length),
		    rows[i].is_known ? ODDITY_NONE : ODDITY_UNPROVEN);
		assert_int_equal(judge_one(rows[i].type, rows[i].lower,
		    rows[i].length, rows[i].upper, rows[i].length),
		    rows[i].is_name && rows[i].is_known ? ODDITY_NONE : ODDITY_UNPROVEN);
	}
}

/* As received, original, to the expiration; the least. */
static void
an_answer_lives_as_long_as_what_it_rests_on(void **state)
{
	static const uint32_t rows[][4] = {
		{ 3600, 3600, 86400, 3600 }, { 3599, 3600, 86400, 3599 },
		{ 3600, 3598, 86400, 3598 }, { 3600, 3600, 3597, 3597 },
		{ 3600, 3600, 0, 0 }, { 90000, 100000, 100000, 86400 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct signing signing = SIGNED(.ttl = rows[i][1],
		    .expiration = SIGNER_NOW + rows[i][2]);
		struct world world;

		world_open(&world, ZONE, DNS_MX, 0);
		rdata_add_mx(&world.rdata, 10, "mx.example");
		answer_set(&world.packet, DNS_ANSWER, ZONE, DNS_MX, rows[i][0],
		    &world.rdata, &signing);
		assert_int_equal(judge(&world), ODDITY_NONE);
		assert_int_equal(world.ttl, rows[i][3]);
	}
}

static void
a_set_has_at_most_96_records(void **state)
{
	(void)state;
	/* With the signature 96, and 97. */
	for (unsigned count = 95; count <= 96; count++) {
		struct signing signing = sound();
		struct world world;

		world_open(&world, ZONE, DNS_A, 0);
		for (unsigned i = 0; i < count; i++)
			rdata_add(&world.rdata, (uint8_t[]){ 192, 0, 2,
			    (uint8_t)i }, 4);
		put_set(&world, DNS_ANSWER, ZONE, DNS_A, &signing);
		assert_int_equal(judge(&world), count == 95
		    ? ODDITY_NONE : ODDITY_CRYPTO_LIMIT);
	}
}

/* Answers ***************************************************************** */

/* Which sets of the chain a.ZONE, b.ZONE, A have no signature, by bits. */
static enum oddity
judge_chain(unsigned is_unsigned)
{
	struct signing signing = sound();
	struct world world;

	world_open(&world, "a." ZONE, DNS_A, 0);
	rdata_add_name(&world.rdata, "b." ZONE);
	put_set(&world, DNS_ANSWER, "a." ZONE, DNS_CNAME,
	    (is_unsigned & 1) != 0 ? NULL : &signing);
	rdata_add_name(&world.rdata, "c." ZONE);
	put_set(&world, DNS_ANSWER, "b." ZONE, DNS_CNAME,
	    (is_unsigned & 2) != 0 ? NULL : &signing);
	rdata_add(&world.rdata, "\300\0\2\1", 4);
	put_set(&world, DNS_ANSWER, "c." ZONE, DNS_A,
	    (is_unsigned & 4) != 0 ? NULL : &signing);
	return judge(&world);
}

static void
each_alias_is_verified(void **state)
{
	(void)state;
	assert_int_equal(judge_chain(0), ODDITY_NONE);
	for (unsigned i = 1; i < 8; i++)
		assert_int_equal(judge_chain(i), ODDITY_UNPROVEN);
}

/* MX, and NS of a name in the authority section. */
static enum oddity
judge_with_servers(const char *owner, const struct signing *of_servers)
{
	struct signing signing = sound();
	struct world world;
	enum oddity oddity;

	world_open(&world, ZONE, DNS_MX, 0);
	rdata_add_mx(&world.rdata, 10, "mx.example");
	put_set(&world, DNS_ANSWER, ZONE, DNS_MX, &signing);
	rdata_add_name(&world.rdata, "ns.example");
	answer_set(&world.packet, DNS_AUTHORITY, owner, DNS_NS, 60,
	    &world.rdata, of_servers);
	oddity = judge(&world);
	/* They are not part of the answer. */
	if (oddity == ODDITY_NONE)
		assert_int_equal(world.ttl, 3600);
	return oddity;
}

static void
servers_have_a_good_signature_or_none(void **state)
{
	struct signing signing = sound();

	(void)state;
	assert_int_equal(judge_with_servers(ZONE, &signing), ODDITY_NONE);
	assert_int_equal(judge_with_servers(ZONE, NULL), ODDITY_NONE);
	assert_int_equal(judge_with_servers("a." ZONE, NULL),
	    ODDITY_UNPROVEN);
	signing.is_broken = true;
	assert_int_equal(judge_with_servers(ZONE, &signing), ODDITY_UNPROVEN);
}

/* A signature over nothing (libunbound does not ignore it). */
static void
a_signature_without_records_is_odd(void **state)
{
	static const enum dns_section sections[] = { DNS_ANSWER, DNS_AUTHORITY,
		DNS_ADDITIONAL };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct signing signing = sound();
		struct rdata_list none = { .count = 0 };
		struct world world;

		world_open(&world, ZONE, DNS_MX, 0);
		rdata_add_mx(&world.rdata, 10, "mx.example");
		put_set(&world, DNS_ANSWER, ZONE, DNS_MX, &signing);
		answer_set(&world.packet, sections[i], ZONE, DNS_NS, 3600,
		    &none, &signing);
		assert_int_equal(judge(&world), sections[i] == DNS_ADDITIONAL
		    ? ODDITY_NONE : ODDITY_UNPROVEN);
	}
}

/* An RRSIG that is too short, or covers type 0. */
static void
a_malformed_signature_is_odd(void **state)
{
	uint8_t rdata[20] = { 0 };

	(void)state;
	for (size_t length = 17; length <= 20; length++) {
		struct signing signing = sound();
		struct world world;

		world_open(&world, ZONE, DNS_MX, 0);
		rdata_add_mx(&world.rdata, 10, "mx.example");
		put_set(&world, DNS_ANSWER, ZONE, DNS_MX, &signing);
		answer_record(&world.packet, DNS_ANSWER, ZONE, DNS_RRSIG, 3600,
		    rdata, length);
		assert_int_equal(judge(&world), ODDITY_UNPROVEN);
	}
}

/* Denials ***************************************************************** */

struct denied {
	const char	*name;
	uint16_t	 type;
	unsigned	 rcode;
	bool		 absent_txt;
	/* Of the SOA record and the first NSEC; ABSENT: no such record. */
	enum { SOUND, BROKEN, UNSIGNED, ABSENT } soa, nsec;
	bool		 is_twice;	/* two NSEC of one owner */
	enum oddity	 oddity;
};

static void
put_denial(struct world *world, int how, uint16_t type, uint32_t ttl)
{
	struct signing signing = sound();

	signing.is_broken = how == BROKEN;
	if (how == ABSENT)
		rdata_fini(&world->rdata);
	else
		answer_set(&world->packet, DNS_AUTHORITY, ZONE, type, ttl,
		    &world->rdata, how == UNSIGNED ? NULL : &signing);
}

/* The apex, with NSEC to c.ZONE; it has no MX. */
static void
denials_are_verified(void **state)
{
	static const uint16_t types[] = { DNS_NS, DNS_SOA, DNS_RRSIG, DNS_NSEC,
		DNS_DNSKEY, 0 };
	static const struct denied rows[] = {
		{ ZONE, DNS_MX, 0, false, SOUND, SOUND, false, ODDITY_NONE },
		{ ZONE, DNS_NS, 0, false, SOUND, SOUND, false,
		    ODDITY_UNPROVEN },
		{ ZONE, DNS_MX, 0, false, ABSENT, SOUND, false,
		    ODDITY_NO_SOA },
		{ ZONE, DNS_MX, 0, false, UNSIGNED, SOUND, false,
		    ODDITY_UNPROVEN },
		{ ZONE, DNS_MX, 0, false, BROKEN, SOUND, false,
		    ODDITY_UNPROVEN },
		{ ZONE, DNS_MX, 0, false, SOUND, ABSENT, false,
		    ODDITY_UNPROVEN },
		{ ZONE, DNS_MX, 0, false, SOUND, UNSIGNED, false,
		    ODDITY_UNPROVEN },
		{ ZONE, DNS_MX, 0, false, SOUND, BROKEN, false,
		    ODDITY_UNPROVEN },
		{ ZONE, DNS_MX, 0, false, SOUND, SOUND, true,
		    ODDITY_UNPROVEN },
		{ ZONE, DNS_MX, 3, false, SOUND, SOUND, false,
		    ODDITY_UNPROVEN },
		{ "b." ZONE, DNS_MX, 3, false, SOUND, SOUND, false,
		    ODDITY_NONE },
		{ "b." ZONE, DNS_MX, 0, false, SOUND, SOUND, false,
		    ODDITY_UNPROVEN },
		{ "d." ZONE, DNS_MX, 3, false, SOUND, SOUND, false,
		    ODDITY_UNPROVEN },
		/* A TXT record that is absent. */
		{ "b." ZONE, DNS_TXT, 3, true, BROKEN, BROKEN, false,
		    ODDITY_NONE },
		{ "b." ZONE, DNS_TXT, 3, false, BROKEN, BROKEN, false,
		    ODDITY_UNPROVEN },
		{ "b." ZONE, DNS_MX, 3, true, BROKEN, BROKEN, false,
		    ODDITY_UNPROVEN },
		{ "b." ZONE, DNS_TXT, 3, true, UNSIGNED, BROKEN, false,
		    ODDITY_NONE },
		{ "b." ZONE, DNS_TXT, 3, true, SOUND, UNSIGNED, false,
		    ODDITY_UNPROVEN },
		{ "b." ZONE, DNS_TXT, 3, true, SOUND, ABSENT, false,
		    ODDITY_UNPROVEN },
		{ "b." ZONE, DNS_TXT, 3, true, ABSENT, SOUND, false,
		    ODDITY_NO_SOA },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct world world;

		world_open(&world, rows[i].name, rows[i].type, rows[i].rcode);
		world.absent_txt = rows[i].absent_txt;
		rdata_add_soa(&world.rdata, ZONE, 3600);
		put_denial(&world, rows[i].soa, DNS_SOA, 3600);
		rdata_add_nsec(&world.rdata, "c." ZONE, types);
		if (rows[i].is_twice)
			rdata_add_nsec(&world.rdata, "b." ZONE, types);
		put_denial(&world, rows[i].nsec, DNS_NSEC, 1800);
		assert_int_equal(judge(&world), rows[i].oddity);
		if (rows[i].oddity == ODDITY_NONE && !rows[i].absent_txt)
			assert_int_equal(world.ttl, 1800);
	}
}

/* An alias to a name whose TXT record is absent: only the alias is verified. */
static void
an_alias_before_absent_txt_is_verified(void **state)
{
	(void)state;
	for (int is_broken = 0; is_broken < 2; is_broken++) {
		static const uint16_t types[] = { DNS_SOA, 0 };
		struct signing signing = sound();
		struct world world;

		world_open(&world, "a." ZONE, DNS_TXT, 0);
		world.absent_txt = true;
		signing.is_broken = is_broken;
		rdata_add_name(&world.rdata, "b." ZONE);
		put_set(&world, DNS_ANSWER, "a." ZONE, DNS_CNAME, &signing);
		rdata_add_soa(&world.rdata, ZONE, 3600);
		put_denial(&world, BROKEN, DNS_SOA, 3600);
		rdata_add_nsec(&world.rdata, "c." ZONE, types);
		put_denial(&world, BROKEN, DNS_NSEC, 3600);
		assert_int_equal(judge(&world), is_broken ? ODDITY_UNPROVEN
							  : ODDITY_NONE);
	}
}

/* An existing TXT record is verified. */
static void
present_txt_is_verified(void **state)
{
	(void)state;
	for (int is_broken = 0; is_broken < 2; is_broken++) {
		struct signing signing = sound();
		struct world world;

		world_open(&world, ZONE, DNS_TXT, 0);
		world.absent_txt = true;
		signing.is_broken = is_broken;
		rdata_add(&world.rdata, "\1a", 2);
		put_set(&world, DNS_ANSWER, ZONE, DNS_TXT, &signing);
		assert_int_equal(judge(&world), is_broken ? ODDITY_UNPROVEN
							  : ODDITY_NONE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signature_is_of_the_zone_and_in_time),
		cmocka_unit_test(a_wildcard_is_odd),
		cmocka_unit_test(verifications_have_bounds),
		cmocka_unit_test(records_are_verified_in_canonical_form),
		cmocka_unit_test(names_in_some_types_are_in_lower_case),
		cmocka_unit_test(an_answer_lives_as_long_as_what_it_rests_on),
		cmocka_unit_test(a_set_has_at_most_96_records),
		cmocka_unit_test(each_alias_is_verified),
		cmocka_unit_test(servers_have_a_good_signature_or_none),
		cmocka_unit_test(a_signature_without_records_is_odd),
		cmocka_unit_test(a_malformed_signature_is_odd),
		cmocka_unit_test(denials_are_verified),
		cmocka_unit_test(an_alias_before_absent_txt_is_verified),
		cmocka_unit_test(present_txt_is_verified),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
