/* What a referral says about a delegation (referral.h): RFC 4035 5.2, RFC 5155
 * 8.9, RULES L34, L47, L48. The parent zone is "example", the name "d.example".
 * Each case has a twin that differs in one fact. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/ds_wire.h"
#include "scanner/base/memory.h"
#include "scanner/crypto/zone_digest.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/referral.h"
#include "tests/unit/zone_signer.h"

#define ZONE	"example"
#define NAME	"d.example"

static const uint8_t zone[] = "\7example";
static const uint8_t name[] = "\1d\7example";

static struct zone_signer signer;
static struct secure_keys keys;
/* What a sound signature of the parent zone says. */
static struct signing sound;
static struct buffer packet;

static int
set_up(void **state)
{
	(void)state;
	zone_signer_make(&signer, 13, 0, 257, 3);
	keys.keys[0].tag = signer.tag;
	keys.keys[0].algorithm = signer.algorithm;
	keys.keys[0].key = zone_key_new(signer.algorithm,
	    signer.dnskey.bytes + 4, signer.dnskey.length - 4);
	keys.count = 1;
	sound = (struct signing){ .signer = &signer, .name = ZONE };
	return keys.keys[0].key != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	secure_keys_free(&keys);
	zone_signer_fini(&signer);
	buffer_fini(&packet);
	return 0;
}

/* The response ************************************************************ */

static void
put_ns_of(const char *owner, const char *server)
{
	struct buffer rdata = { 0 };

	answer_name(&rdata, server);
	answer_record(&packet, DNS_AUTHORITY, owner, DNS_NS, 3600, rdata.bytes,
	    rdata.length);
	buffer_fini(&rdata);
}

static void
put_ns(const char *server)
{
	put_ns_of(NAME, server);
}

/* A referral with one name server. */
static void
begin(void)
{
	answer_begin(&packet, NAME, DNS_NS, 0);
	put_ns("ns.d.example");
}

static void
put_address(enum dns_section section, const char *owner, const char *text)
{
	struct address address;

	assert_true(address_from_text(text, strlen(text), &address));
	answer_record(&packet, section, owner,
	    address.family == 4 ? DNS_A : DNS_AAAA, 3600, address.bytes,
	    address.family == 4 ? 4 : 16);
}

/* DS records with tags from `first` up, which come in another order, and the
 * last one twice. */
static void
put_ds(unsigned first, unsigned count, size_t digest_length,
    const struct signing *signing)
{
	struct rdata_list ds = { .count = 0 };

	for (unsigned i = count + 1; i-- > 0;) {
		uint8_t rdata[4 + 64] = { 0, 0, 13, 2 };
		unsigned tag = first + (i < count ? i : count - 1);

		rdata[0] = (uint8_t)(tag >> 8);
		rdata[1] = (uint8_t)tag;
		memset(rdata + 4, (int)(tag & 0xff), digest_length);
		rdata_add(&ds, rdata, 4 + digest_length);
	}
	answer_set(&packet, DNS_AUTHORITY, NAME, DNS_DS, 7200, &ds, signing);
}

static void
put_nsec(const char *owner, const char *next, const uint16_t *types,
    const struct signing *signing)
{
	struct rdata_list nsec = { .count = 0 };

	rdata_add_nsec(&nsec, next, types);
	answer_set(&packet, DNS_AUTHORITY, owner, DNS_NSEC, 3600, &nsec,
	    signing);
}

/* An NSEC3 whose owner is the hash of a name, and so many more; its gap ends
 * `gap` behind the hash. */
static void
put_nsec3(const char *of, int from, int gap, uint8_t flags,
    const uint16_t *types, const struct signing *signing)
{
	struct rdata_list nsec3 = { .count = 0 };
	struct buffer wire = { 0 };
	uint8_t hash[NSEC3_HASH_BYTES], next[NSEC3_HASH_BYTES];
	uint8_t text[NSEC3_HASH_TEXT];
	char owner[64];

	answer_name(&wire, of);
	nsec3_hash(wire.bytes, wire.length, 0, NULL, 0, hash);
	memcpy(next, hash, sizeof next);
	hash[NSEC3_HASH_BYTES - 2] = (uint8_t)(hash[NSEC3_HASH_BYTES - 2] +
	    from);
	next[NSEC3_HASH_BYTES - 2] = (uint8_t)(next[NSEC3_HASH_BYTES - 2] +
	    gap);
	nsec3_hash_text(hash, text);
	snprintf(owner, sizeof owner, "%.32s." ZONE, (const char *)text);
	rdata_add_nsec3(&nsec3, flags, 0, next, types);
	answer_set(&packet, DNS_AUTHORITY, owner, DNS_NSEC3, 3600, &nsec3,
	    signing);
	buffer_fini(&wire);
}

/* The judgement *********************************************************** */

/* Reads a copy at the end of fresh memory, so that a sanitizer sees an
 * overread. */
static enum oddity
read_with(struct referral *referral, const struct secure_keys *with)
{
	struct secure_check check = { .zone = zone, .now_s = SIGNER_NOW };
	uint8_t *copy = xmemdup(packet.bytes, packet.length);
	enum oddity oddity = referral_read(referral, &check, with, name, copy,
	    packet.length);

	free(copy);
	if (with == NULL)
		assert_int_equal(check.verifications, 0);
	if (oddity == ODDITY_NONE) {
		assert_true(referral->servers.length > 0);
	} else {
		assert_int_equal(referral->servers.length, 0);
		assert_int_equal(referral->ds.length, 0);
	}
	return oddity;
}

static enum oddity
judge(const struct secure_keys *with)
{
	struct referral referral;
	enum oddity oddity = read_with(&referral, with);

	referral_fini(&referral);
	return oddity;
}

/* The servers of the referral as "name address address, name". */
static void
assert_servers(const char *expected)
{
	struct referral referral;
	struct delegation delegation = { 0 };
	struct delegation_walk walk;
	struct address address;
	char text[2048] = "", address_text[ADDRESS_TEXT_MAX];

	assert_int_equal(read_with(&referral, NULL), ODDITY_NONE);
	delegation.servers = referral.servers.bytes;
	delegation.length = referral.servers.length;
	delegation_open(&delegation, &walk);
	while (delegation_next(&walk)) {
		if (text[0] != '\0')
			strcat(text, ", ");
		strcat(text, walk.server);
		while (delegation_next_glue(&walk, &address)) {
			address_to_text(&address, address_text);
			strcat(text, " ");
			strcat(text, address_text);
		}
	}
	assert_false(walk.wire.failed);
	assert_string_equal(text, expected);
	assert_int_equal(referral.ds.length, 0);
	referral_fini(&referral);
}

/* DS ********************************************************************** */

/* L47: they are in canonical order, none twice, and end with their
 * signature. */
static void
signed_ds(void **state)
{
	struct referral referral;
	struct ds_record record;
	struct wire wire;
	unsigned count = 0;

	(void)state;
	begin();
	put_ds(300, 3, 32, &sound);
	assert_int_equal(read_with(&referral, &keys), ODDITY_NONE);
	wire = (struct wire){ referral.ds.bytes,
	    referral.ds.bytes + referral.ds.length, false };
	while (wire.at < wire.end && ds_get(&wire, &record)) {
		assert_int_equal(record.tag, 300 + count++);
		assert_int_equal(record.algorithm, 13);
		assert_int_equal(record.digest_type, 2);
		assert_int_equal(record.digest_length, 32);
		assert_int_equal(record.digest[0], record.tag & 0xff);
		assert_int_equal(record.digest[31], record.tag & 0xff);
	}
	assert_false(wire.failed);
	assert_int_equal(count, 3);
	referral_fini(&referral);
}

/* L23: the received TTL of 7200, the original one, the time to expiration. */
static void
ttl_of_ds(void **state)
{
	static const struct { uint32_t original, left, ttl; } rows[] = {
		{ 86400, 86400, 7200 }, { 3600, 86400, 3600 },
		{ 86400, 100, 100 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct signing signing = sound;
		struct referral referral;

		signing.ttl = rows[i].original;
		signing.expiration = SIGNER_NOW + rows[i].left;
		begin();
		put_ds(1, 1, 32, &signing);
		assert_int_equal(read_with(&referral, &keys), ODDITY_NONE);
		assert_int_equal(referral.ds_ttl, rows[i].ttl);
		referral_fini(&referral);
	}
}

/* L47: below an insecure zone DS do not count, signed or not. */
static void
insecure_parent(void **state)
{
	(void)state;
	begin();
	put_ds(1, 1, 32, &sound);
	assert_servers("ns.d.example");
	begin();
	put_ds(1, 9, 32, NULL);
	assert_servers("ns.d.example");
	begin();
	assert_servers("ns.d.example");
}

/* L22, L47. */
static void
signature_of_ds(void **state)
{
	struct signing bad[8];
	struct zone_signer other;

	(void)state;
	for (size_t i = 0; i < 8; i++)
		bad[i] = sound;
	zone_signer_make(&other, 13, 0, 257, 3);
	bad[0].is_broken = true;
	bad[1].expiration = SIGNER_NOW - 1;
	bad[2].inception = SIGNER_NOW + 1;
	bad[3].name = NAME;		/* the child vouches for itself */
	bad[4].name = ".";
	bad[5].signer = &other;
	bad[6].covered = DNS_TXT;
	bad[7].labels = -1;		/* of a wildcard */
	for (size_t i = 0; i < 8; i++) {
		begin();
		put_ds(1, 1, 32, &bad[i]);
		if (judge(&keys) != ODDITY_UNPROVEN)
			fail_msg("signature %zu", i);
	}
	begin();
	put_ds(1, 1, 32, NULL);
	assert_int_equal(judge(&keys), ODDITY_UNPROVEN);
	begin();
	put_ds(1, 1, 32, &sound);
	assert_int_equal(judge(&keys), ODDITY_NONE);
	zone_signer_fini(&other);
}

/* L34: more than 8, or a digest of more than 48 bytes; none is cut off. */
static void
ds_that_do_not_fit(void **state)
{
	static const struct {
		unsigned	 count;
		size_t		 length;
		enum oddity	 oddity;
	} rows[] = {
		{ 8, 32, ODDITY_NONE }, { 9, 32, ODDITY_CRYPTO_LIMIT },
		{ 1, 48, ODDITY_NONE }, { 1, 49, ODDITY_CRYPTO_LIMIT },
		{ 1, 1, ODDITY_NONE }, { 1, 0, ODDITY_CRYPTO_LIMIT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		begin();
		put_ds(1, rows[i].count, rows[i].length, &sound);
		if (judge(&keys) != rows[i].oddity)
			fail_msg("row %zu", i);
	}
}

/* L24: at most 4 signatures over the DS. */
static void
signatures_of_ds(void **state)
{
	(void)state;
	for (unsigned count = 4; count <= 5; count++) {
		struct signing broken = sound;
		struct rdata_list none = { .count = 0 };

		broken.is_broken = true;
		begin();
		for (unsigned i = 1; i < count; i++) {
			struct buffer rrsig = { 0 };

			zone_sign(&rrsig, &broken, NAME, DNS_DS, &none);
			answer_record(&packet, DNS_AUTHORITY, NAME, DNS_RRSIG,
			    7200, rrsig.bytes, rrsig.length);
			buffer_fini(&rrsig);
		}
		put_ds(1, 1, 32, &sound);
		assert_int_equal(judge(&keys), count == 4 ? ODDITY_NONE
		    : ODDITY_CRYPTO_LIMIT);
	}
}

/* The DS of another name say nothing about this one. */
static void
ds_of_another_name(void **state)
{
	struct rdata_list ds = { .count = 0 };
	static const uint8_t rdata[36] = { 0, 1, 13, 2 };

	(void)state;
	rdata_add(&ds, rdata, sizeof rdata);
	begin();
	answer_set(&packet, DNS_AUTHORITY, "e.example", DNS_DS, 7200, &ds,
	    &sound);
	assert_int_equal(judge(&keys), ODDITY_UNPROVEN);
	/* So do DS in another section. */
	rdata_add(&ds, rdata, sizeof rdata);
	begin();
	answer_set(&packet, DNS_ADDITIONAL, NAME, DNS_DS, 7200, &ds, &sound);
	assert_int_equal(judge(&keys), ODDITY_UNPROVEN);
}

/* No DS ******************************************************************* */

static const uint16_t cut[] = { DNS_NS, DNS_RRSIG, DNS_NSEC, 0 };
static const uint16_t cut_with_ds[] = { DNS_NS, DNS_DS, DNS_RRSIG, DNS_NSEC,
	0 };
static const uint16_t host[] = { DNS_A, DNS_RRSIG, 0 };
static const uint16_t apex[] = { DNS_NS, DNS_SOA, DNS_RRSIG, DNS_DNSKEY, 0 };

static void
assert_unsigned(void)
{
	struct referral referral;

	assert_int_equal(read_with(&referral, &keys), ODDITY_NONE);
	assert_int_equal(referral.ds.length, 0);
	referral_fini(&referral);
}

static void
nsec_denies_ds(void **state)
{
	struct signing broken = sound, of_child = sound;

	(void)state;
	broken.is_broken = true;
	of_child.name = NAME;
	begin();
	put_nsec(NAME, "e.example", cut, &sound);
	assert_unsigned();
	begin();
	put_nsec(NAME, "e.example", cut_with_ds, &sound);
	assert_int_equal(judge(&keys), ODDITY_UNPROVEN);
	begin();
	put_nsec(NAME, "e.example", cut, NULL);
	assert_int_equal(judge(&keys), ODDITY_UNPROVEN);
	begin();
	put_nsec(NAME, "e.example", cut, &broken);
	assert_int_equal(judge(&keys), ODDITY_UNPROVEN);
	begin();
	put_nsec(NAME, "e.example", cut, &of_child);
	assert_int_equal(judge(&keys), ODDITY_UNPROVEN);
	/* Nothing is said about DS. */
	begin();
	assert_int_equal(judge(&keys), ODDITY_UNPROVEN);
	/* Nothing has to be. */
	assert_int_equal(judge(NULL), ODDITY_NONE);
}

/* All NSEC and NSEC3 are signed, whether the proof needs them or not. */
static void
all_are_signed(void **state)
{
	(void)state;
	for (int twin = 0; twin < 2; twin++) {
		begin();
		put_nsec(NAME, "e.example", cut, &sound);
		put_nsec("x.example", "y.example", host,
		    twin ? &sound : NULL);
		assert_int_equal(judge(&keys), twin ? ODDITY_NONE
						    : ODDITY_UNPROVEN);
	}
}

/* One owner has one NSEC (RFC 4034 4): of two that are signed together, neither
 * is a proof. */
static void
two_records(void **state)
{
	(void)state;
	for (int twin = 0; twin < 2; twin++) {
		struct rdata_list nsec = { .count = 0 };

		rdata_add_nsec(&nsec, "e.example", cut);
		if (!twin)
			rdata_add_nsec(&nsec, "f.example", cut);
		begin();
		answer_set(&packet, DNS_AUTHORITY, NAME, DNS_NSEC, 3600, &nsec,
		    &sound);
		assert_int_equal(judge(&keys), twin ? ODDITY_NONE
						    : ODDITY_UNPROVEN);
	}
}

static void
nsec3_denies_ds(void **state)
{
	(void)state;
	begin();
	put_nsec3(NAME, 0, 1, 0, cut, &sound);
	assert_unsigned();
	begin();
	put_nsec3(NAME, 0, 1, 0, cut, NULL);
	assert_int_equal(judge(&keys), ODDITY_UNPROVEN);
	begin();
	put_nsec3(NAME, 0, 1, 0, cut_with_ds, &sound);
	assert_int_equal(judge(&keys), ODDITY_UNPROVEN);
}

static void
opt_out_denies_ds(void **state)
{
	(void)state;
	begin();
	put_nsec3(ZONE, 0, 1, 1, apex, &sound);
	put_nsec3(NAME, -1, 1, 1, host, &sound);
	assert_unsigned();
	/* Without opt-out; and either record without a signature. */
	begin();
	put_nsec3(ZONE, 0, 1, 1, apex, &sound);
	put_nsec3(NAME, -1, 1, 0, host, &sound);
	assert_int_equal(judge(&keys), ODDITY_UNPROVEN);
	begin();
	put_nsec3(ZONE, 0, 1, 1, apex, &sound);
	put_nsec3(NAME, -1, 1, 1, host, NULL);
	assert_int_equal(judge(&keys), ODDITY_UNPROVEN);
	begin();
	put_nsec3(ZONE, 0, 1, 1, apex, NULL);
	put_nsec3(NAME, -1, 1, 1, host, &sound);
	assert_int_equal(judge(&keys), ODDITY_UNPROVEN);
}

/* Name servers ************************************************************ */

static void
whose_servers(void **state)
{
	(void)state;
	begin();
	put_ns("ns2.host.test");
	put_ns("NS.D.Example");		/* once more, in other letters */
	assert_servers("ns.d.example, ns2.host.test");
	/* NS of another name, whatever else there is. */
	begin();
	put_ns_of("e.example", "ns.d.example");
	assert_int_equal(judge(NULL), ODDITY_REFERRAL);
	begin();
	put_ns_of("x.d.example", "ns.d.example");
	assert_int_equal(judge(NULL), ODDITY_REFERRAL);
	begin();
	put_ns_of(ZONE, "ns.d.example");
	assert_int_equal(judge(NULL), ODDITY_REFERRAL);
	/* The owner is the name in any case of its letters. */
	answer_begin(&packet, NAME, DNS_NS, 0);
	put_ns_of("D.Example", "ns.d.example");
	assert_servers("ns.d.example");
	answer_begin(&packet, NAME, DNS_NS, 0);
	assert_int_equal(judge(NULL), ODDITY_OTHER_ZONE);
	/* NS in another section are no referral. */
	answer_begin(&packet, NAME, DNS_NS, 0);
	answer_record(&packet, DNS_ADDITIONAL, NAME, DNS_NS, 3600, name,
	    sizeof name);
	assert_int_equal(judge(NULL), ODDITY_OTHER_ZONE);
}

/* L48: at or below the parent zone. */
static void
whose_glue(void **state)
{
	(void)state;
	answer_begin(&packet, NAME, DNS_NS, 0);
	put_ns("ns.d.example");		/* below the name */
	put_ns("ns.e.example");		/* beside it */
	put_ns("example");		/* the zone itself */
	put_ns("ns.xexample");		/* elsewhere */
	put_ns("ns.host.test");
	put_ns("ns.f.example");		/* without glue */
	put_address(DNS_ADDITIONAL, "ns.host.test", "192.0.2.9");
	put_address(DNS_ADDITIONAL, "ns.xexample", "192.0.2.8");
	put_address(DNS_ADDITIONAL, "example", "192.0.2.7");
	put_address(DNS_ADDITIONAL, "NS.E.example", "2001:db8::2");
	put_address(DNS_ADDITIONAL, "ns.d.example", "192.0.2.1");
	put_address(DNS_ADDITIONAL, "ns.d.example", "2001:db8::1");
	put_address(DNS_ADDITIONAL, "ns.g.example", "192.0.2.6");
	assert_servers("ns.d.example 192.0.2.1 2001:db8::1, "
	    "ns.e.example 2001:db8::2, example 192.0.2.7, ns.xexample, "
	    "ns.host.test, ns.f.example");
}

/* An address in another section, of another class, or that is none. */
static void
what_is_no_glue(void **state)
{
	(void)state;
	begin();
	put_address(DNS_AUTHORITY, "ns.d.example", "192.0.2.1");
	assert_servers("ns.d.example");
	begin();
	put_address(DNS_ADDITIONAL, "ns.d.example", "192.0.2.1");
	assert_servers("ns.d.example 192.0.2.1");
	packet.bytes[packet.length - 11] = 3;	/* the low byte of its class */
	assert_servers("ns.d.example");
	begin();
	answer_record(&packet, DNS_ADDITIONAL, "ns.d.example", DNS_A, 3600,
	    "\300\0\2", 3);
	answer_record(&packet, DNS_ADDITIONAL, "ns.d.example", DNS_AAAA, 3600,
	    "\300\0\2\1", 4);
	answer_record(&packet, DNS_ADDITIONAL, "ns.d.example", DNS_TXT, 3600,
	    "\3abc", 4);
	assert_servers("ns.d.example");
}

/* At most 8 addresses of a server; those of the next one are all there. */
static void
much_glue(void **state)
{
	(void)state;
	begin();
	put_ns("ns.e.example");
	for (int i = 1; i <= 10; i++) {
		char text[32];

		snprintf(text, sizeof text, "192.0.2.%d", i);
		put_address(DNS_ADDITIONAL, "ns.d.example", text);
	}
	put_address(DNS_ADDITIONAL, "ns.e.example", "192.0.2.11");
	assert_servers("ns.d.example 192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4 "
	    "192.0.2.5 192.0.2.6 192.0.2.7 192.0.2.8, "
	    "ns.e.example 192.0.2.11");
}

static void
many_servers(void **state)
{
	(void)state;
	for (int count = REFERRAL_SERVERS_MAX; count <=
	    REFERRAL_SERVERS_MAX + 1; count++) {
		answer_begin(&packet, NAME, DNS_NS, 0);
		for (int i = 0; i < count; i++) {
			char server[32];

			snprintf(server, sizeof server, "ns%d.host.test", i);
			put_ns(server);
		}
		assert_int_equal(judge(NULL), count == REFERRAL_SERVERS_MAX
		    ? ODDITY_NONE : ODDITY_CRYPTO_LIMIT);
	}
}

/* L24: 96 records of the authority section. */
static void
many_records(void **state)
{
	(void)state;
	for (int count = 95; count <= 96; count++) {
		begin();
		for (int i = 0; i < count; i++)
			answer_record(&packet, DNS_AUTHORITY, NAME, DNS_TXT,
			    3600, "\1a", 2);
		assert_int_equal(judge(NULL), count == 95 ? ODDITY_NONE
		    : ODDITY_CRYPTO_LIMIT);
	}
}

/* A name of bytes that are no letters. */
static void
odd_names(void **state)
{
	static const uint8_t rdata[] = "\4a.\0\303\7example";

	(void)state;
	answer_begin(&packet, NAME, DNS_NS, 0);
	put_ns(".");
	answer_record(&packet, DNS_AUTHORITY, NAME, DNS_NS, 3600, rdata,
	    sizeof rdata);
	assert_servers("., a\\046\\000\\195.example");
}

static void
classes(void **state)
{
	(void)state;
	begin();
	put_ns("ns2.d.example");
	assert_servers("ns.d.example, ns2.d.example");
	/* Type, class, TTL, length, and the name of 15 bytes. */
	packet.bytes[packet.length - 15 - 2 - 4 - 1] = 3;
	assert_int_equal(judge(NULL), ODDITY_CLASS);
}

/* Every end of the packet, and NS records that are no name. */
static void
malformed(void **state)
{
	size_t length;

	(void)state;
	answer_begin(&packet, NAME, DNS_NS, 0);
	answer_record(&packet, DNS_AUTHORITY, NAME, DNS_NS, 3600, "\2ns", 3);
	assert_int_equal(judge(NULL), ODDITY_MALFORMED);
	answer_begin(&packet, NAME, DNS_NS, 0);
	answer_record(&packet, DNS_AUTHORITY, NAME, DNS_NS, 3600, "\2ns\0x",
	    5);
	assert_int_equal(judge(NULL), ODDITY_MALFORMED);
	begin();
	put_ds(1, 1, 32, &sound);
	put_address(DNS_ADDITIONAL, "ns.d.example", "192.0.2.1");
	assert_int_equal(judge(&keys), ODDITY_NONE);
	for (length = packet.length; packet.length > 0;) {
		packet.length--;
		assert_int_equal(judge(&keys), ODDITY_MALFORMED);
		assert_int_equal(judge(NULL), ODDITY_MALFORMED);
	}
	packet.length = length;
	assert_int_equal(judge(&keys), ODDITY_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signed_ds), cmocka_unit_test(ttl_of_ds),
		cmocka_unit_test(insecure_parent),
		cmocka_unit_test(signature_of_ds),
		cmocka_unit_test(ds_that_do_not_fit),
		cmocka_unit_test(signatures_of_ds),
		cmocka_unit_test(ds_of_another_name),
		cmocka_unit_test(nsec_denies_ds),
		cmocka_unit_test(all_are_signed),
		cmocka_unit_test(two_records),
		cmocka_unit_test(nsec3_denies_ds),
		cmocka_unit_test(opt_out_denies_ds),
		cmocka_unit_test(whose_servers), cmocka_unit_test(whose_glue),
		cmocka_unit_test(what_is_no_glue),
		cmocka_unit_test(much_glue), cmocka_unit_test(many_servers),
		cmocka_unit_test(many_records), cmocka_unit_test(odd_names),
		cmocka_unit_test(classes), cmocka_unit_test(malformed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
