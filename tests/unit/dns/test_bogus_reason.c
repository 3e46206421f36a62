/* DS2: the reason of each text that libunbound has for a bogus answer. The texts are
 * those of 1.17.1, and of 1.26 where they are new; what they mean is in RFC 4035 5
 * and, where a text is found in RFC 8914 as well, there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "scanner/dns/bogus_reason.h"

static const struct {
	const char		*text;
	enum bogus_reason	 reason;
} rows[] = {
	/* RFC 4035 5.3.1: the time is not after expiration, not before
	 * inception */
	{ "signature expired", BOGUS_EXPIRED },
	{ "signature before inception date", BOGUS_NOT_YET_VALID },
	/* RFC 8914 4.11 */
	{ "no signatures", BOGUS_NO_SIGNATURE },
	{ "no signatures with algorithm ECDSAP256SHA256", BOGUS_NO_SIGNATURE },
	{ "no signatures over NSECs", BOGUS_NO_SIGNATURE },
	{ "no signatures over NSEC3s", BOGUS_NO_SIGNATURE },
	{ "signature missing", BOGUS_NO_SIGNATURE },
	{ "signature for expected key and algorithm missing",
	  BOGUS_NO_SIGNATURE },					/* 1.26 */
	{ "DS got unsigned CNAME answer", BOGUS_NO_SIGNATURE },
	/* RFC 4035 5.2 */
	{ "DS hash mismatches key", BOGUS_DS_MISMATCH },
	{ "no keys have a DS", BOGUS_DS_MISMATCH },
	{ "no keys have a DS with algorithm RSASHA256", BOGUS_DS_MISMATCH },
	{ "keyset not secured by DNSKEY that matches DS",
	  BOGUS_BAD_SIGNATURE },
	/* RFC 4035 5.3.1 and 5.3.3 */
	{ "signatures from unknown keys", BOGUS_BAD_SIGNATURE },
	{ "RSA signature verification failed", BOGUS_BAD_SIGNATURE },
	{ "ECDSA signature verification failed", BOGUS_BAD_SIGNATURE },
	{ "ED25519 signature verification failed", BOGUS_BAD_SIGNATURE },
	{ "ECDSA signature verification failed for CNAME",
	  BOGUS_BAD_SIGNATURE },
	{ "signature crypto failed", BOGUS_BAD_SIGNATURE },	/* 1.26 */
	{ "signature inception after expiration", BOGUS_BAD_SIGNATURE },
	{ "signature covers wrong type", BOGUS_BAD_SIGNATURE },
	{ "signature has wrong keytag", BOGUS_BAD_SIGNATURE },
	{ "signature has wrong algorithm", BOGUS_BAD_SIGNATURE },
	{ "signature labelcount out of range", BOGUS_BAD_SIGNATURE },
	{ "signature labelcount lower than signature signer",
	  BOGUS_BAD_SIGNATURE },				/* 1.26 */
	{ "signature too short, no signature data", BOGUS_BAD_SIGNATURE },
	{ "null signature", BOGUS_BAD_SIGNATURE },
	{ "bad signer name", BOGUS_BAD_SIGNATURE },
	{ "signer name malformed", BOGUS_BAD_SIGNATURE },
	{ "signer name mismatches key name", BOGUS_BAD_SIGNATURE },
	{ "signer name off-tree", BOGUS_BAD_SIGNATURE },
	{ "dnskey without ZSK flag", BOGUS_BAD_SIGNATURE },
	{ "dnskey has wrong protocolnumber", BOGUS_BAD_SIGNATURE },
	/* RFC 4035 5.3.4 and 5.4, RFC 5155 8 */
	{ "wildcard proof failed", BOGUS_BAD_DENIAL },
	{ "nodata proof failed", BOGUS_BAD_DENIAL },
	{ "nameerror proof failed", BOGUS_BAD_DENIAL },
	{ "cname proof failed", BOGUS_BAD_DENIAL },
	{ "no DNSSEC records", BOGUS_BAD_DENIAL },
	{ "no DS but also no proof of that", BOGUS_BAD_DENIAL },
	{ "NSEC does not prove absence of DS", BOGUS_BAD_DENIAL },
	{ "NSEC for wildcard does not prove absence of DS",
	  BOGUS_BAD_DENIAL },
	{ "no NSEC3 records", BOGUS_BAD_DENIAL },
	{ "no NSEC3 closest encloser", BOGUS_BAD_DENIAL },
	{ "no NSEC3 next closer", BOGUS_BAD_DENIAL },
	{ "NSEC3 from child zone", BOGUS_BAD_DENIAL },
	{ "NSEC3 has DS in bitmap", BOGUS_BAD_DENIAL },
	{ "no valid NSEC3s", BOGUS_BAD_DENIAL },
	{ "not all NSEC3 records secure", BOGUS_BAD_DENIAL },
	{ "covering NSEC3 was not opt-out in an opt-out DS NOERROR/NODATA case",
	  BOGUS_BAD_DENIAL },
	/* These do not tell: a DNSKEY RRset may be denied or not have come, an
	 * algorithm be missing or its signatures not hold. */
	{ "No DNSKEY record", BOGUS_OTHER },
	{ "missing verification of DNSKEY signature with algorithm RSASHA256",
	  BOGUS_OTHER },
	{ "DS got DNAME answer", BOGUS_OTHER },
	{ "algorithm refused by cryptolib", BOGUS_OTHER },
	{ "too many RRSIG validations", BOGUS_OTHER },
	{ "something new", BOGUS_OTHER }, { "", BOGUS_OTHER },
	/* A reason is at the beginning, and whole. */
	{ "what a signature expired", BOGUS_OTHER },
	{ "signature", BOGUS_OTHER }, { "proof failed", BOGUS_OTHER },
};

/* Alone, and as in the answers to users; a name of the question, or of a key, has
 * the words of another reason. */
static void
each_text(void **state)
{
	static const struct { const char *before, *behind; } forms[] = {
		{ "", "" },
		{ "validation failure <no-signatures.example. MX IN>: ",
		  " from 198.18.0.3 and 2001:db8::53:3" },
		{ "validation failure <expired. TLSA IN>: ", " from 198.18.0.4 "
		  "for key wildcard.proof. while building chain of trust" },
		{ "validation failure <a.example. MX IN>: key for validation "
		  "example. is marked as invalid because of a previous "
		  "validation failure <b.example. A IN>: ", " from 198.18.0.3" },
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		for (size_t j = 0; j < sizeof forms / sizeof forms[0]; j++) {
			snprintf(text, sizeof text, "%s%s%s", forms[j].before,
			    rows[i].text, forms[j].behind);
			if (bogus_reason_of(text) != rows[i].reason)
				fail_msg("%s: %d", text, bogus_reason_of(text));
		}
	}
}

/* A text that is not from libunbound has no reason, whatever it contains. */
static void
odd_texts(void **state)
{
	(void)state;
	assert_int_equal(bogus_reason_of(">"), BOGUS_OTHER);
	assert_int_equal(bogus_reason_of(">: "), BOGUS_OTHER);
	assert_int_equal(bogus_reason_of("validation failure <a. A IN>:"),
	    BOGUS_OTHER);
	assert_int_equal(bogus_reason_of("<a>: no signatures>"), BOGUS_OTHER);
}

/* MX5: what did not arrive says nothing about the zone; a set that arrived, and lacks
 * the key or the record, does. The texts are those of validator.c in 1.17.1 and, with
 * brackets, in later versions. */
static void
unanswered(void **state)
{
	static const struct { const char *text; bool is_unanswered; } texts[] = {
		{ "No DNSKEY record for key a.example.", true },
		{ "No DNSKEY record from 198.18.0.3 for key a.example.", false },
		{ "No DNSKEY record from 2001:db8::53:3 and 198.18.0.3 for key "
		  "a.example.", false },
		{ "No DNSKEY record from cache for key a.example.", false },
		{ "No DNSKEY record [exceeded the maximum number of sends from "
		  "198.18.0.3] for key a.example.", true },
		{ "No DNSKEY record [x] from 198.18.0.3 for key a.example.",
		  false },
		{ "SERVFAIL no DS for DS a.example.", true },
		{ "SERVFAIL [upstream server timeout] no DS for DS a.example.",
		  true },
		{ "no DS but also no proof of that from 198.18.0.3 for DS "
		  "a.example.", false },
		{ "no keys have a DS from 198.18.0.3 for key a.example.", false },
		{ "DS hash mismatches key from 198.18.0.3 for key a.example.",
		  false },
		{ "no signatures for key a.example.", false },
		{ "signature expired from 198.18.0.3", false },
		{ "SERVFAIL", false }, { "", false },
	};
	static const char *const before[] = {
		"", "validation failure <a.example. MX IN>: ",
		"validation failure <a.example. MX IN>: key for validation "
		"a.example. is marked as invalid because of a previous "
		"validation failure <b.a.example. A IN>: ",
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		for (size_t j = 0; j < sizeof before / sizeof before[0]; j++) {
			snprintf(text, sizeof text, "%s%s while building chain of "
			    "trust", before[j], texts[i].text);
			if (bogus_is_unanswered(text) != texts[i].is_unanswered)
				fail_msg("%s", text);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text), cmocka_unit_test(odd_texts),
		cmocka_unit_test(unanswered),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
