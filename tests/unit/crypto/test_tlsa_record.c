/* TLSA records from certificates, requests and keys (RFC 6698 2.1, RFC 3597 5),
 * compared with digests that openssl made from the files in this source:
 *
 *   openssl x509 -in LEAF -outform DER | openssl dgst -sha256
 *   openssl x509 -in LEAF -noout -pubkey | openssl pkey -pubin -outform DER |
 *       openssl dgst -sha256
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scanner/crypto/dane.h"
#include "scanner/crypto/self_signed.h"
#include "scanner/crypto/tlsa_record.h"
#include "tests/unit/pem_samples.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static struct pem_file
parse(const char *text)
{
	struct pem_file file;
	char why[PEM_WHY_MAX] = "";

	if (!pem_file_parse(&file, text, strlen(text), why))
		fail_msg("%s", why);
	return file;
}

static void
assert_line(const char *text, struct tlsa_parameters parameters,
    const char *wanted)
{
	struct pem_file file = parse(text);
	struct buffer rdata = { 0 }, line = { 0 };
	char why[PEM_WHY_MAX];

	assert_int_equal(tlsa_record_make(&rdata, &file, &parameters, why),
	    TLSA_RECORD_MADE);
	tlsa_record_data_text(&line, &rdata);
	assert_string_equal(buffer_text(&line), wanted);
	buffer_fini(&rdata);
	buffer_fini(&line);
	pem_file_fini(&file);
}

static void
digests(void **state)
{
	static const char *const sources[] = {
		LEAF_PEM, LEAF_PEM CA_PEM, KEY_PEM LEAF_PEM CA_PEM,
		"words before\n" LEAF_PEM "words behind\n",
	};
	static const char *const keys[] = {
		LEAF_PEM, REQUEST_PEM, KEY_PEM, SEC1_KEY_PEM, PUBLIC_KEY_PEM,
		ENCRYPTED_KEY_PEM LEAF_PEM, KEY_PEM REQUEST_PEM,
	};

	(void)state;
	for (size_t i = 0; i < COUNT(sources); i++) {
		assert_line(sources[i], (struct tlsa_parameters){ 3, 0, 1 },
		    "3 0 1 " LEAF_SHA256);
		assert_line(sources[i], (struct tlsa_parameters){ 1, 0, 2 },
		    "1 0 2 " LEAF_SHA512);
		assert_line(sources[i], (struct tlsa_parameters){ 3, 0, 0 },
		    "3 0 0 " LEAF_HEX);
	}
	for (size_t i = 0; i < COUNT(keys); i++) {
		assert_line(keys[i], (struct tlsa_parameters){ 3, 1, 1 },
		    "3 1 1 " LEAF_KEY_SHA256);
		assert_line(keys[i], (struct tlsa_parameters){ 3, 1, 2 },
		    "3 1 2 " LEAF_KEY_SHA512);
		assert_line(keys[i], (struct tlsa_parameters){ 3, 1, 0 },
		    "3 1 0 " LEAF_KEY_HEX);
	}
	assert_line(RSA_PUBLIC_KEY_PEM, (struct tlsa_parameters){ 3, 1, 1 },
	    "3 1 1 " RSA_KEY_SHA256);
}

/* RFC 6698 2.1.1: usage 0 and 2 name a CA. */
static void
issuer(void **state)
{
	static const char *const with_ca[] = {
		LEAF_PEM CA_PEM, CA_PEM, CA_PEM LEAF_PEM,
		LEAF_PEM OTHER_CA_PEM CA_PEM,
	};
	static const char *const without[] = {
		LEAF_PEM, LEAF_PEM OTHER_CA_PEM, LEAF_PEM LEAF_PEM,
	};
	struct tlsa_parameters parameters = { 2, 0, 1 };
	char why[PEM_WHY_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(with_ca); i++) {
		assert_line(with_ca[i], (struct tlsa_parameters){ 2, 0, 1 },
		    "2 0 1 " CA_SHA256);
		assert_line(with_ca[i], (struct tlsa_parameters){ 0, 1, 1 },
		    "0 1 1 " CA_KEY_SHA256);
	}
	for (size_t i = 0; i < COUNT(without); i++) {
		struct pem_file file = parse(without[i]);
		struct buffer rdata = { 0 };

		assert_int_equal(tlsa_record_make(&rdata, &file, &parameters,
		    why), TLSA_RECORD_NO_ISSUER);
		buffer_fini(&rdata);
		pem_file_fini(&file);
	}
}

static void
selector_of_keys(void **state)
{
	static const char *const keys[] = {
		REQUEST_PEM, KEY_PEM, PUBLIC_KEY_PEM,
	};
	struct tlsa_parameters parameters = { 3, 0, 1 };
	char why[PEM_WHY_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct pem_file file = parse(keys[i]);
		struct buffer rdata = { 0 };

		assert_int_equal(tlsa_record_make(&rdata, &file, &parameters,
		    why), TLSA_RECORD_NO_CERTIFICATE);
		buffer_fini(&rdata);
		pem_file_fini(&file);
	}
}

static void
names(void **state)
{
	static const struct { const char *text, *name; } rows[] = {
		/* *.example.com, MX.example.com */
		{ LEAF_PEM, "mx.example.com" },
		{ LEAF_PEM CA_PEM, "mx.example.com" },
		{ REQUEST_PEM, "mx.example.com" },
		{ CA_PEM, "" },
		{ KEY_PEM, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct pem_file file = parse(rows[i].text);

		assert_string_equal(file.name, rows[i].name);
		pem_file_fini(&file);
	}
}

/* RFC 3597 section 5: the number of octets, then these in hex. */
static void
lines(void **state)
{
	uint8_t bytes[] = { 3, 1, 1, 0xab, 0x0c };
	const struct buffer rdata = { bytes, sizeof bytes, sizeof bytes };
	struct buffer line = { 0 };

	(void)state;
	tlsa_record_line(&line, "_25._tcp.a.example.", 300, &rdata, false);
	tlsa_record_line(&line, "_25._tcp", 0, &rdata, true);
	assert_string_equal(buffer_text(&line),
	    "_25._tcp.a.example. 300 IN TLSA 3 1 1 ab0c\n"
	    "_25._tcp 0 IN TYPE52 \\# 5 030101ab0c\n");
	buffer_fini(&line);
}

static void
assert_refused(const char *bytes, size_t length, const char *reason)
{
	struct pem_file file;
	char why[PEM_WHY_MAX] = "";

	assert_false(pem_file_parse(&file, bytes, length, why));
	if (strstr(why, reason) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why, reason);
	assert_int_equal(ERR_peek_error(), 0);
}

static void
refused(void **state)
{
	static const struct { const char *text, *reason; } rows[] = {
		{ "", "empty" },
		{ "no such thing\n", "not PEM" },
		{ "-----BEGIN CERTIFICATE-----\n", "broken PEM" },
		{ "-----BEGIN CERTIFICATE-----\nAAAA\n"
		    "-----END CERTIFICATE-----\n", "not an X.509 certificate" },
		{ "-----BEGIN PUBLIC KEY-----\nAAAA\n"
		    "-----END PUBLIC KEY-----\n", "not a key" },
		{ "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"
		    "-----END CERTIFICATE REQUEST-----\n", "not a certificate "
		    "request" },
		{ "-----BEGIN NOTHING-----\nAAAA\n-----END NOTHING-----\n",
		    "no certificate" },
		{ LEAF_PEM "-----BEGIN CERTIFICATE-----\n", "block 2" },
		{ ENCRYPTED_KEY_PEM, "encrypted" },
		{ ENCRYPTED_SEC1_KEY_PEM, "encrypted" },
		{ FORGED_REQUEST_PEM, "not signed by its own key" },
	};
	char *large = malloc(PEM_FILE_MAX + 1);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_refused(rows[i].text, strlen(rows[i].text),
		    rows[i].reason);
	assert_refused("\x30\x82\x01\x01", 4, "DER");
	assert_refused("\0\xff\n\0", 4, "not PEM");
	assert_non_null(large);
	memset(large, '\n', PEM_FILE_MAX + 1);
	assert_refused(large, PEM_FILE_MAX, "not PEM");
	assert_refused(large, PEM_FILE_MAX + 1, "more than");
	free(large);
}

/* One more than CHAIN_CERTIFICATES_MAX, and its twin. */
static void
many_certificates(void **state)
{
	struct buffer text = { 0 };
	struct pem_file file;
	char why[PEM_WHY_MAX];

	(void)state;
	for (int i = 0; i < CHAIN_CERTIFICATES_MAX; i++)
		buffer_append_text(&text, LEAF_PEM);
	assert_true(pem_file_parse(&file, text.bytes, text.length, why));
	pem_file_fini(&file);
	buffer_append_text(&text, LEAF_PEM);
	assert_refused((char *)text.bytes, text.length, "more than 100");
	buffer_fini(&text);
}

static void
self_signed(void **state)
{
	static const char *const both[] = { "mx.example.com", "b.example" };
	const int64_t leap_day = INT64_C(1709164800);	/* 2024-02-29 */
	struct tlsa_parameters parameters = { 3, 1, 1 };
	struct certificate_facts facts;
	struct self_signed made;
	struct pem_file file, key;
	struct buffer of_key = { 0 }, of_certificate = { 0 };
	char why[PEM_WHY_MAX];

	(void)state;
	self_signed_make(&made, both, COUNT(both), 0, leap_day);
	file = parse(buffer_text(&made.certificate_pem));
	key = parse(buffer_text(&made.key_pem));
	assert_int_equal(file.kind, PEM_CERTIFICATES);
	assert_int_equal(key.kind, PEM_KEY);
	tlsa_record_make(&of_key, &key, &parameters, why);
	tlsa_record_make(&of_certificate, &file, &parameters, why);
	assert_int_equal(of_key.length, 3 + 32);
	assert_memory_equal(of_key.bytes, of_certificate.bytes, 3 + 32);
	certificate_facts_read(&file.chain.certificates[0], &facts);
	assert_string_equal(buffer_text(&facts.common_name), both[0]);
	assert_string_equal(buffer_text(&facts.san),
	    "dns:mx.example.com dns:b.example");
	assert_string_equal(facts.key_type, "ec");
	assert_int_equal(facts.key_bits, 256);
	assert_true(facts.self_signed);
	assert_false(facts.is_ca || facts.weak_key || facts.weak_signature);
	assert_true(facts.not_before_ms == leap_day * 1000);
	/* 2027-03-01 */
	assert_true(facts.not_after_ms == INT64_C(1803859200000));
	/* 64 bits at least: 16 digits. */
	assert_true(strlen(facts.serial) >= 16);
	certificate_facts_fini(&facts);
	buffer_fini(&of_key);
	buffer_fini(&of_certificate);
	pem_file_fini(&file);
	pem_file_fini(&key);
	self_signed_fini(&made);
}

/* ub-common-name is 64: the whole name is in the SAN alone. */
static void
long_name(void **state)
{
#define LABEL "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
	static const char *const name[] = { LABEL "." LABEL ".example" };
	struct certificate_facts facts;
	struct self_signed made;
	struct pem_file file;

	(void)state;
	self_signed_make(&made, name, 1, SELF_SIGNED_RSA_MIN, 0);
	file = parse(buffer_text(&made.certificate_pem));
	certificate_facts_read(&file.chain.certificates[0], &facts);
	assert_string_equal(buffer_text(&facts.common_name), LABEL ".example");
	assert_string_equal(file.name, name[0]);
	assert_string_equal(facts.key_type, "rsa");
	assert_int_equal(facts.key_bits, SELF_SIGNED_RSA_MIN);
	certificate_facts_fini(&facts);
	pem_file_fini(&file);
	self_signed_fini(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests),
		cmocka_unit_test(issuer),
		cmocka_unit_test(selector_of_keys),
		cmocka_unit_test(names),
		cmocka_unit_test(lines),
		cmocka_unit_test(refused),
		cmocka_unit_test(many_certificates),
		cmocka_unit_test(self_signed),
		cmocka_unit_test(long_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
