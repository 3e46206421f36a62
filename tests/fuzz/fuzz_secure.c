/*
 * fuzz_secure: responses of a signed delegation, d.example, whose one key signs
 * with algorithm 13; DNSKEY responses; denials without regard to their
 * signatures; and public keys. The first byte says which of these follows, and
 * the second one is the type that was asked for or the algorithm. Signatures of
 * the corpus are valid in the year 2026.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/dnssec.h"
#include "scanner/base/memory.h"
#include "scanner/dns/answer.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/denial.h"
#include "scanner/dns/direct/secure.h"

#define NOW	INT64_C(1780272000)
#define RECORDS	96

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const uint8_t zone[] = "\1d\7example";
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
/* Its DS record of type 2 with this owner, and its tag. */
static const uint8_t ds[] = {
	0x60, 0xd9, 0x0d, 0x02, 0x20, 0x00, 0x00, 0x00,
	0x07, 0xc2, 0xee, 0x57, 0x2d, 0xf8, 0x0e, 0xe4,
	0x83, 0xb0, 0xb8, 0x5c, 0xfd, 0x34, 0x94, 0x12,
	0xcd, 0x03, 0xab, 0x68, 0x62, 0x00, 0x34, 0x6a,
	0xaa, 0xf9, 0xd7, 0x5f, 0x85, 0xf2, 0x00, 0xf6,
};
#define TAG	55648

static enum oddity
judge(const struct secure_keys *keys, const uint8_t *packet, size_t length,
    uint16_t type, bool absent_txt)
{
	struct secure_check check = { .zone = zone, .now_s = NOW };
	uint8_t *copy = xmemdup(packet, length);
	struct answer answer = { .packet = copy, .packet_length = length };
	struct exchange exchange = { .type = type };
	struct dns_message message;
	uint32_t ttl = 86400;
	enum oddity oddity = ODDITY_MALFORMED;

	if (dns_message_open(&message, packet, length) &&
	    answer_read(&answer, message.question, type)) {
		exchange.name = message.question;
		oddity = secure_judge(keys, &check, &exchange, &answer,
		    absent_txt, &ttl);
	}
	assert(check.verifications <= SECURE_VERIFICATIONS_MAX);
	assert(ttl == 86400 || (oddity == ODDITY_NONE && ttl < 86400));
	free(copy);
	return oddity;
}

/* A secure response is no longer secure if a bit of its data is changed. */
static void
judge_changed(const struct secure_keys *keys, const uint8_t *packet,
    size_t length, uint16_t type)
{
	struct dns_message message;
	struct dns_record record;

	if (!dns_message_open(&message, packet, length))
		return;
	while (dns_message_next(&message, &record) &&
	    record.section == DNS_ANSWER) {
		uint8_t *copy;

		if (record.type == DNS_RRSIG || record.rdata_length < 2 ||
		    record.type == DNS_CNAME)
			continue;
		copy = xmemdup(packet, length);
		copy[record.rdata + 1 - packet] ^= 1;
		assert(judge(keys, copy, length, type, false) != ODDITY_NONE);
		free(copy);
		return;
	}
}

static void
fuzz_judge(const uint8_t *packet, size_t length, uint16_t type)
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
	if (judge(&keys, packet, length, type, false) == ODDITY_NONE) {
		assert(judge(&keys, packet, length, type, true) ==
		    ODDITY_NONE);
		judge_changed(&keys, packet, length, type);
	}
	judge(&keys, packet, length, DNS_TXT, true);
}

static void
fuzz_keys(const uint8_t *packet, size_t length)
{
	struct secure_check check = { .zone = zone, .now_s = NOW };
	const struct delegation delegation = {
		.name = "d.example", .ds = ds, .ds_length = sizeof ds,
		.ds_ttl = 7200,
	};
	struct secure_keys keys;
	enum oddity oddity = secure_keys_read(&keys, &check, &delegation,
	    packet, length);

	assert(check.verifications <= SECURE_SIGNATURES_MAX);
	assert(keys.count <= SECURE_KEYS_MAX);
	assert((oddity == ODDITY_NONE) == (keys.count > 0));
	assert(oddity != ODDITY_NONE || keys.ttl <= 7200);
	secure_keys_free(&keys);
	if (secure_keys_take(&keys, packet, length, zone))
		assert(keys.count > 0);
	else
		assert(oddity != ODDITY_NONE && keys.count == 0);
	secure_keys_free(&keys);
}

static void
fuzz_denial(const uint8_t *packet, size_t length, uint16_t type)
{
	static struct dns_record records[RECORDS];
	struct denial denial = { .zone = zone, .type = type,
		.records = records };
	struct dns_message message;
	enum oddity of_type, of_name;

	if (!dns_message_open(&message, packet, length) ||
	    name_find(message.question, zone) == NULL)
		return;
	while (denial.count < RECORDS &&
	    dns_message_next(&message, &records[denial.count]))
		denial.count++;
	denial.name = message.question;
	of_type = denial_of_type(&denial);
	of_name = denial_of_name(&denial);
	assert(of_type != ODDITY_NONE || denial.count > 0);
	assert(of_name != ODDITY_NONE ||
	    name_find(message.question, zone) != message.question);
	/* It takes one hash. */
	assert(of_type == ODDITY_NONE || of_type == ODDITY_UNPROVEN);
}

static void
fuzz_key(const uint8_t *bytes, size_t length, uint8_t algorithm)
{
	struct zone_key *key = zone_key_new(algorithm, bytes, length);
	uint8_t zeros[512] = { 0 };

	if (key == NULL)
		return;
	for (size_t signature = 0; signature <= sizeof zeros; signature += 32)
		assert(!zone_key_verifies(key, bytes, length, zeros,
		    signature));
	zone_key_free(key);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	if (length < 2)
		return 0;
	switch (bytes[0] % 4) {
	case 0:
		fuzz_judge(bytes + 2, length - 2, bytes[1]);
		break;
	case 1:
		fuzz_keys(bytes + 2, length - 2);
		break;
	case 2:
		fuzz_denial(bytes + 2, length - 2, bytes[1]);
		break;
	default:
		fuzz_key(bytes + 2, length - 2, bytes[1]);
		break;
	}
	return 0;
}
