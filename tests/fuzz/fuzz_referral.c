/*
 * fuzz_referral: referrals of the zone example, whose one key signs with
 * algorithm 13. The first byte says whether the zone is signed; the rest is the
 * response. Signatures of the corpus are valid in the year 2026.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/ds_wire.h"
#include "scanner/base/memory.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/referral.h"

#define NOW	INT64_C(1780272000)
#define TAG	55648
#define GLUE_MAX	8

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const uint8_t zone[] = "\7example";
static const uint8_t ordinary[] = "\1d\7example";
/* The key of RFC 6605 6.1, whose private half is there, too. */
static const uint8_t public_key[] = {
	0x1a, 0x88, 0xc8, 0x86, 0x15, 0xd4, 0x37, 0xfb,
	0xb8, 0xbf, 0x9e, 0x19, 0x42, 0xa1, 0x92, 0x9f,
	0x28, 0x56, 0x27, 0x06, 0xae, 0x6c, 0x2b, 0xd3,
	0x99, 0xe7, 0xb1, 0xbf, 0xb6, 0xd1, 0xe9, 0xe7,
	0x5b, 0x92, 0xb4, 0xaa, 0x42, 0x91, 0x7a, 0xe1,
	0xc6, 0x1b, 0x70, 0x1e, 0xf0, 0x35, 0xc3, 0xfe,
	0x7b, 0xe3, 0x00, 0x9c, 0xba, 0xfe, 0x5a, 0x2f,
	0x71, 0x31, 0x6c, 0x90, 0x2d, 0xcf, 0x0d, 0x00,
};

static const struct secure_keys *
keys_of_zone(void)
{
	static struct secure_keys keys;

	if (keys.count == 0) {
		keys.keys[0].tag = TAG;
		keys.keys[0].algorithm = 13;
		keys.keys[0].key = zone_key_new(13, public_key,
		    sizeof public_key);
		keys.count = 1;
		assert(keys.keys[0].key != NULL);
	}
	return &keys;
}

/* Each name server once, in canonical text form, with a few addresses at most;
 * one that is outside the zone has none. */
static void
check_servers(const struct buffer *servers)
{
	const struct delegation delegation = {
		.servers = servers->bytes, .length = servers->length,
	};
	struct delegation_walk walk, before;
	struct address address;
	unsigned count = 0;

	delegation_open(&delegation, &walk);
	while (delegation_next(&walk)) {
		uint8_t wire[NAME_WIRE_MAX];
		char text[NAME_TEXT_MAX];
		size_t length;

		assert(name_from_text(walk.server, strlen(walk.server), wire,
		    &length) == NAME_OK);
		name_to_text(wire, text);
		assert(strcmp(text, walk.server) == 0);
		assert(walk.glue <= GLUE_MAX);
		assert(walk.glue == 0 || name_find(wire, zone) != NULL);
		delegation_open(&delegation, &before);
		for (unsigned i = 0; i < count; i++)
			assert(delegation_next(&before) &&
			    strcmp(before.server, walk.server) != 0);
		while (delegation_next_glue(&walk, &address))
			;
		count++;
	}
	assert(!walk.wire.failed);
	assert(count > 0 && count <= REFERRAL_SERVERS_MAX);
}

/* Returns the number of DS records. */
static unsigned
check_ds(const struct buffer *ds)
{
	struct wire wire = { ds->bytes, ds->bytes + ds->length, false };
	struct ds_record record;
	unsigned count = 0;

	for (; wire.at < wire.end; count++) {
		assert(ds_get(&wire, &record));
		assert(record.digest_length > 0 &&
		    record.digest_length <= DS_DIGEST_MAX);
	}
	assert(!wire.failed && count <= DS_RECORDS_MAX);
	return count;
}

/* Reads it; fills the servers if it is a referral. */
static enum oddity
judge(const struct secure_keys *keys, const uint8_t *name,
    const uint8_t *packet, size_t length, struct buffer *servers,
    unsigned *ds)
{
	struct secure_check check = { .zone = zone, .now_s = NOW };
	uint8_t *copy = xmemdup(packet, length);
	struct referral referral;
	enum oddity oddity = referral_read(&referral, &check, keys, name, copy,
	    length);

	free(copy);
	assert(check.verifications <=
	    (keys != NULL ? SECURE_VERIFICATIONS_MAX : 0));
	*ds = 0;
	if (oddity == ODDITY_NONE) {
		check_servers(&referral.servers);
		*ds = check_ds(&referral.ds);
		assert(*ds == 0 || keys != NULL);
		buffer_append(servers, referral.servers.bytes,
		    referral.servers.length);
	} else {
		assert(referral.servers.length == 0 &&
		    referral.ds.length == 0);
	}
	referral_fini(&referral);
	return oddity;
}

/* DS records and proofs are no longer believed if a bit of one is changed. */
static void
judge_changed(const uint8_t *name, const uint8_t *packet, size_t length,
    bool has_ds)
{
	struct dns_message message;
	struct dns_record record;

	if (!dns_message_open(&message, packet, length))
		return;
	while (dns_message_next(&message, &record)) {
		struct buffer servers = { 0 };
		uint8_t *copy;
		unsigned ds;

		if (record.section != DNS_AUTHORITY || (has_ds
		    ? record.type != DNS_DS || name_order(record.owner, name)
		    != 0 : record.type != DNS_NSEC &&
		    record.type != DNS_NSEC3) || record.rdata_length == 0)
			continue;
		copy = xmemdup(packet, length);
		copy[record.rdata + record.rdata_length - 1 - packet] ^= 1;
		assert(judge(keys_of_zone(), name, copy, length, &servers,
		    &ds) != ODDITY_NONE);
		free(copy);
		buffer_fini(&servers);
		return;
	}
	assert(!"something was signed");
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct buffer with = { 0 }, without = { 0 };
	struct dns_message message;
	const uint8_t *name = ordinary, *packet = bytes + 1, *zone_at;
	unsigned ds;

	if (length < 1)
		return 0;
	length--;
	if (dns_message_open(&message, packet, length) &&
	    (zone_at = name_find(message.question, zone)) != NULL &&
	    zone_at != message.question)
		name = message.question;
	if (bytes[0] % 2 == 0) {
		judge(NULL, name, packet, length, &without, &ds);
	} else if (judge(keys_of_zone(), name, packet, length, &with, &ds) ==
	    ODDITY_NONE) {
		judge_changed(name, packet, length, ds > 0);
		/* The name servers do not depend on the keys. */
		assert(judge(NULL, name, packet, length, &without, &ds) ==
		    ODDITY_NONE);
		assert(with.length == without.length && memcmp(with.bytes,
		    without.bytes, with.length) == 0);
	}
	buffer_fini(&with);
	buffer_fini(&without);
	return 0;
}
