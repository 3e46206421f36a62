/* RULES 4 (U1 to U8, U11, U12), each in both directions, and OpenSSL's own DANE
 * verification as an oracle that knows nothing of ours. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/crypto/dane.h"
#include "tests/unit/certificate_builder.h"

#define MX	"mx.example.com"
#define OTHER	"mx.example.net"

/* Certificates by letter. A chain is a word, "LIR" the leaf, its issuer, the
 * root; a record is "211I": usage, selector, matching type, of which
 * certificate, then '-' to drop its last byte, '+' to add one. */
static X509 *world[128];
/* A leaf each, in its variants; then CAs; then chains of all sorts. */
#define LETTERS "ALXFNCDEWSOVBYZHTIJKGMRQUab"
static const char *const chains[] = {
	"L", "LI", "LIR", "LRI", "LQIR", "LR", "LL", "LLIR", "XIR", "FIR", "NIR",
	"CIR", "DIR", "EIR", "WIR", "S", "SS", "SI", "SIR", "OS", "BIR", "YIR",
	"ZIR", "VJR", "LJR", "LKR", "LGR", "LIJR", "LJIR", "HR", "H", "HIR",
	"TMIR", "TM", "IR", "R", "RL", "I", "QR", "LIQ", "LIU", "LIUR", "LIRU",
	"SO", "LIIR", "LIA", "LIAR", "XI", "LJ", "aIR", "aI", "bIR", "a",
};

static X509 *
make(char letter, struct certificate_request request, const char *key,
    unsigned number, char issuer, unsigned issuer_number)
{
	request.key = builder_key(key, number);
	world[(unsigned char)letter] = certificate_build(&request,
	    issuer != 0 ? world[(unsigned char)issuer] : NULL,
	    issuer != 0 ? builder_key("P-256", issuer_number) : NULL);
	return world[(unsigned char)letter];
}

#define REQUEST(...) (struct certificate_request){ __VA_ARGS__ }

enum { KEY_LEAF = 1, KEY_INTERMEDIATE, KEY_ROOT, KEY_OTHER_ROOT, KEY_BELOW };

static void
make_authorities(void)
{
	const int64_t past = BUILDER_NOW - BUILDER_DAY;

	make('R', REQUEST(.common_name = "root", .is_ca = true),
	    "P-256", KEY_ROOT, 0, 0);
	make('Q', REQUEST(.common_name = "other root", .is_ca = true),
	    "P-256", KEY_OTHER_ROOT, 0, 0);
	make('A', REQUEST(.common_name = "root", .is_ca = true,
	    .not_after = past), "P-256", KEY_ROOT, 0, 0);
	/* Four certificates of the intermediate's name and key. */
	make('I', REQUEST(.common_name = "intermediate", .is_ca = true),
	    "P-256", KEY_INTERMEDIATE, 'R', KEY_ROOT);
	make('J', REQUEST(.common_name = "intermediate", .is_ca = true,
	    .not_after = past), "P-256", KEY_INTERMEDIATE, 'R', KEY_ROOT);
	make('K', REQUEST(.common_name = "intermediate",
	    .constraints = "critical,CA:FALSE"),
	    "P-256", KEY_INTERMEDIATE, 'R', KEY_ROOT);
	make('G', REQUEST(.common_name = "intermediate", .is_ca = true,
	    .key_usage = "critical,cRLSign"),
	    "P-256", KEY_INTERMEDIATE, 'R', KEY_ROOT);
	make('U', REQUEST(.common_name = "root", .is_ca = true),
	    "P-256", KEY_ROOT, 'Q', KEY_OTHER_ROOT);	/* cross-signed */
	make('M', REQUEST(.common_name = "below", .is_ca = true),
	    "P-256", KEY_BELOW, 'I', KEY_INTERMEDIATE);
}

static void
make_leaves(void)
{
	const int64_t past = BUILDER_NOW - BUILDER_DAY;
	const int64_t future = BUILDER_NOW + BUILDER_DAY;
	const char *kind = "P-256";

	make('L', REQUEST(.common_name = "leaf", .names = "DNS:" MX),
	    kind, KEY_LEAF, 'I', KEY_INTERMEDIATE);
	make('X', REQUEST(.names = "DNS:" MX, .not_after = past),
	    kind, KEY_LEAF, 'I', KEY_INTERMEDIATE);
	make('F', REQUEST(.names = "DNS:" MX, .not_before = future),
	    kind, KEY_LEAF, 'I', KEY_INTERMEDIATE);
	make('N', REQUEST(.names = "DNS:" OTHER),
	    kind, KEY_LEAF, 'I', KEY_INTERMEDIATE);
	make('Y', REQUEST(.names = "DNS:" OTHER, .not_after = past),
	    kind, KEY_LEAF, 'I', KEY_INTERMEDIATE);
	make('C', REQUEST(.common_name = MX),
	    kind, KEY_LEAF, 'I', KEY_INTERMEDIATE);
	make('D', REQUEST(.common_name = MX, .names = "DNS:" OTHER),
	    kind, KEY_LEAF, 'I', KEY_INTERMEDIATE);
	make('W', REQUEST(.names = "DNS:*.example.com"),
	    kind, KEY_LEAF, 'I', KEY_INTERMEDIATE);
	make('E', REQUEST(.names = "DNS:" MX,
	    .extended_key_usage = "clientAuth"),
	    kind, KEY_LEAF, 'I', KEY_INTERMEDIATE);
	make('V', REQUEST(.names = "DNS:" MX,
	    .extended_key_usage = "serverAuth"),
	    kind, KEY_LEAF, 'I', KEY_INTERMEDIATE);
	/* Signed by a key that is not the intermediate's. */
	make('B', REQUEST(.names = "DNS:" MX),
	    kind, KEY_LEAF, 'I', KEY_OTHER_ROOT);
	make('Z', REQUEST(.names = "DNS:" OTHER, .not_after = past),
	    kind, KEY_LEAF, 'I', KEY_OTHER_ROOT);
	make('H', REQUEST(.names = "DNS:" MX), kind, KEY_LEAF, 'R', KEY_ROOT);
	make('T', REQUEST(.names = "DNS:" MX), kind, KEY_LEAF, 'M', KEY_BELOW);
	/* A signature of SHA-1; a date besides. */
	make('a', REQUEST(.names = "DNS:" MX, .hash = EVP_sha1()),
	    kind, KEY_LEAF, 'I', KEY_INTERMEDIATE);
	make('b', REQUEST(.names = "DNS:" MX, .hash = EVP_sha1(),
	    .not_after = past), kind, KEY_LEAF, 'I', KEY_INTERMEDIATE);
	make('S', REQUEST(.common_name = "self", .names = "DNS:" MX),
	    kind, KEY_LEAF, 0, 0);
	make('O', REQUEST(.common_name = "self", .names = "DNS:" MX),
	    kind, KEY_LEAF, 0, 0);		/* S, renewed with its key */
}

static int
set_up(void **state)
{
	(void)state;
	make_authorities();
	make_leaves();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < 128; i++)
		X509_free(world[i]);
	builder_fini();
	return 0;
}

static void
chain_of(const char *word, struct chain *chain)
{
	X509 *certificates[17] = { NULL };

	for (size_t i = 0; word[i] != '\0'; i++) {
		certificates[i] = world[(unsigned char)word[i]];
		assert_non_null(certificates[i]);
	}
	chain_build(chain, certificates);
}

/* One record; its bytes are the caller's to free. */
static struct tlsa
record_of(const char *word)
{
	struct tlsa record = {
		(uint8_t)(word[0] - '0'), (uint8_t)(word[1] - '0'),
		(uint8_t)(word[2] - '0'), NULL, 0,
	};
	X509 *x509 = world[(unsigned char)word[3]];
	unsigned char *der = NULL;
	uint8_t *bytes;
	unsigned size = 0;
	int length;

	assert_non_null(x509);
	length = record.selector == 0 ? i2d_X509(x509, &der) :
	    i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &der);
	assert_true(length > 0);
	bytes = xcalloc(1, (size_t)length + 65);
	if (record.matching_type == 1 || record.matching_type == 2) {
		assert_int_equal(EVP_Digest(der, (size_t)length, bytes, &size,
		    record.matching_type == 1 ? EVP_sha256() : EVP_sha512(),
		    NULL), 1);
		length = (int)size;
	} else
		memcpy(bytes, der, (size_t)length);
	OPENSSL_free(der);
	record.bytes = bytes;
	record.length = (size_t)length;
	if (word[4] == '-')
		record.length--;
	else if (word[4] == '+')
		record.length++;
	return record;
}

static size_t
records_of(const char *words, struct tlsa *records)
{
	size_t count = 0;

	while (*words != '\0') {
		records[count++] = record_of(words);
		words += strcspn(words, " ");
		words += strspn(words, " ");
	}
	return count;
}

static void
records_free(struct tlsa *records, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free((void *)(uintptr_t)records[i].bytes);
}

static void
judge_words(const char *chain_word, const char *record_words, const char *name,
    struct dane_facts *facts)
{
	struct tlsa records[DANE_RECORDS_MAX + 8];
	const char *names[] = { "unrelated.example", name };
	struct chain chain;
	size_t count;

	chain_of(chain_word, &chain);
	count = records_of(record_words, records);
	dane_judge(&chain, records, count, names, 2, BUILDER_NOW, facts);
	assert_int_equal(ERR_peek_error(), 0);
	records_free(records, count);
	chain_fini(&chain);
}

static const struct row {
	const char	*rule, *chain, *records;
	enum dane_verdict verdict, no_agility;
	int		 depth;
	const char	*matching;	/* digits */
	bool		 expired;
	const char	*name;		/* NULL: MX */
} rows[] = {
#define V(x) DANE_##x, DANE_##x
	{ "U1", "LIR", "311L", V(MATCH), 0, "0", false, NULL },
	{ "U1 short", "LIR", "311L-", V(NONE_USABLE), -1, "", false, NULL },
	{ "U1 long", "LIR", "311L+", V(NONE_USABLE), -1, "", false, NULL },
	{ "U1 sha512", "LIR", "312L", V(MATCH), 0, "0", false, NULL },
	{ "U1 sha512 short", "LIR", "312L-", V(NONE_USABLE), -1, "", false, NULL },
	{ "U1 full", "LIR", "300L", V(MATCH), 0, "0", false, NULL },
	{ "U1 full short", "LIR", "300L-", V(NONE_USABLE), -1, "", false, NULL },
	{ "U1 full trailing", "LIR", "300L+", V(NONE_USABLE), -1, "", false, NULL },
	{ "U1 key", "LIR", "310L", V(MATCH), 0, "0", false, NULL },
	{ "U1 key trailing", "LIR", "310L+", V(NONE_USABLE), -1, "", false, NULL },
	{ "U1 unusable beside", "LIR", "311L- 311L", V(MATCH), 0, "1", false, NULL },
	{ "U1 mismatch beside", "LIR", "311L- 311Q", V(MISMATCH), -1, "", false, NULL },
	{ "U2 usage 1", "LIR", "111L", V(NONE_USABLE), -1, "", false, NULL },
	{ "U2 usage 0", "LIR", "011I", V(NONE_USABLE), -1, "", false, NULL },
	{ "U2 beside", "LIR", "111L 311Q", V(MISMATCH), -1, "", false, NULL },
	{ "U2 beside a match", "LIR", "011I 311L", V(MATCH), 0, "1", false, NULL },
	{ "U1 selector", "LIR", "321L", V(NONE_USABLE), -1, "", false, NULL },
	{ "U1 matching type", "LIR", "313L", V(NONE_USABLE), -1, "", false, NULL },
	{ "U3", "LIR", "311L 312Q", DANE_MISMATCH, DANE_MATCH, -1, "0", false, NULL },
	{ "U3 stronger good", "LIR", "311Q 312L", V(MATCH), 0, "1", false, NULL },
	{ "U3 both good", "LIR", "311L 312L", V(MATCH), 0, "01", false, NULL },
	{ "U3 other selector", "LIR", "311L 302Q", V(MATCH), 0, "0", false, NULL },
	{ "U3 other usage", "LIR", "311L 212I", V(MATCH), 0, "01", false, NULL },
	{ "U3 full stays", "LIR", "310L 312Q", V(MATCH), 0, "0", false, NULL },
	{ "U3 full does not outdo", "LIR", "310Q 311L", V(MATCH), 0, "1", false, NULL },
	{ "U3 unusable", "LIR", "311L 312Q-", V(MATCH), 0, "0", false, NULL },
	{ "U3 anchors", "LIR", "211I 212Q", DANE_TA_NOT_PRESENTED, DANE_MATCH, -1,
	    "0", false, NULL },
	{ "U4 expired", "XIR", "311X", V(MATCH), 0, "0", true, NULL },
	{ "U4 not yet", "FIR", "311F", V(MATCH), 0, "0", true, NULL },
	{ "U4 name", "NIR", "301N", V(MATCH), 0, "0", false, NULL },
	{ "U4 chain", "BIR", "301B", V(MATCH), 0, "0", false, NULL },
	{ "U4 purpose", "E", "301E", V(MATCH), 0, "0", false, NULL },
	{ "U4 leaf alone", "L", "301L", V(MATCH), 0, "0", false, NULL },
	{ "U4 self-signed", "S", "301S", V(MATCH), 0, "0", false, NULL },
	{ "U4 no match at 1", "LIR", "301I", V(MISMATCH), -1, "", false, NULL },
	{ "U4 expired, no match", "XIR", "301L", V(MISMATCH), -1, "", false, NULL },
	{ "U4 expired, usage 2", "XIR", "201I", V(EXPIRED), 1, "", false, NULL },
	{ "U5", "LIR", "211I", V(MATCH), 1, "0", false, NULL },
	{ "U5 root", "LIR", "201R", V(MATCH), 2, "0", false, NULL },
	{ "U5 leaf", "LIR", "211L", V(MISMATCH), -1, "", false, NULL },
	{ "U5 leaf's certificate", "LIR", "201L", V(MISMATCH), -1, "", false, NULL },
	{ "U5 leaf in full", "LIR", "200L", V(MISMATCH), -1, "", false, NULL },
	{ "U5 leaf's key in full", "LIR", "210L", V(MISMATCH), -1, "", false, NULL },
	{ "U5 leaf twice", "LLIR", "201L", V(MISMATCH), -1, "", false, NULL },
	{ "U5 self-signed", "S", "201S", V(MISMATCH), -1, "", false, NULL },
	{ "U5 self-signed twice", "SS", "211S", V(MISMATCH), -1, "", false, NULL },
	{ "U5 order", "LRI", "211I", V(MATCH), 2, "0", false, NULL },
	{ "U5 strangers", "LQIR", "211R", V(MATCH), 3, "0", false, NULL },
	{ "U5 cross-signed", "LIU", "211R", V(MATCH), 2, "0", false, NULL },
	{ "U5 expired", "XIR", "211I", V(EXPIRED), 1, "", false, NULL },
	{ "U5 not yet", "FIR", "211I", V(EXPIRED), 1, "", false, NULL },
	{ "U5 issuer expired", "LJR", "211R", V(EXPIRED), 2, "", false, NULL },
	{ "U5 anchor expired", "LJR", "211J", V(MATCH), 1, "0", false, NULL },
	{ "U5 root expired", "LIA", "211A", V(EXPIRED), 2, "", false, NULL },
	{ "U5 name", "NIR", "211I", V(NAME_MISMATCH), 1, "", false, NULL },
	{ "U5 other name", "NIR", "211I", V(MATCH), 1, "0", false, OTHER },
	{ "U5 wildcard", "WIR", "211I", V(MATCH), 1, "0", false, NULL },
	{ "U5 wildcard, two labels", "WIR", "211I", V(NAME_MISMATCH), 1, "", false,
	    "a.mx.example.com" },
	{ "U5 CN", "CIR", "211I", V(MATCH), 1, "0", false, NULL },
	{ "U5 CN beside a SAN", "DIR", "211I", V(NAME_MISMATCH), 1, "", false, NULL },
	{ "U5 signature", "BIR", "211I", V(CHAIN_BROKEN), 1, "", false, NULL },
	{ "U5 gap", "LR", "211R", V(CHAIN_BROKEN), 1, "", false, NULL },
	{ "U5 unrelated", "LIQ", "211Q", V(CHAIN_BROKEN), 2, "", false, NULL },
	{ "U5 no CA", "LKR", "211R", V(CHAIN_BROKEN), 2, "", false, NULL },
	{ "U5 anchor no CA", "LKR", "201K", V(CHAIN_BROKEN), 1, "", false, NULL },
	{ "U5 key usage", "LGR", "211R", V(CHAIN_BROKEN), 2, "", false, NULL },
	{ "U5 purpose", "EIR", "211I", V(CHAIN_BROKEN), 1, "", false, NULL },
	{ "U5 purpose served", "VIR", "211I", V(MATCH), 1, "0", false, NULL },
	{ "U12 SHA-1", "aIR", "211I", V(CHAIN_BROKEN), 1, "", false, NULL },
	{ "U12 SHA-1, usage 3", "aIR", "311a", V(MATCH), 0, "0", false, NULL },
	{ "U12 SHA-1, brought", "a", "200I", V(CHAIN_BROKEN), -1, "", false, NULL },
	{ "U12 SHA-1, brought key", "a", "210I", V(MATCH_TA_FROM_DNS), 1, "0",
	    false, NULL },
	{ "U12 SHA-1 below", "aI", "210R", V(CHAIN_BROKEN), -1, "", false, NULL },
	{ "U6", "LI", "211R", V(TA_NOT_PRESENTED), -1, "", false, NULL },
	{ "U6 presented", "LIR", "211R", V(MATCH), 2, "0", false, NULL },
	{ "U6 nothing known", "LIR", "201Q", V(TA_NOT_PRESENTED), -1, "", false, NULL },
	{ "U7 certificate", "LI", "200R", V(MATCH_TA_FROM_DNS), 2, "0", false, NULL },
	{ "U7 key", "LI", "210R", V(MATCH_TA_FROM_DNS), 2, "0", false, NULL },
	{ "U7 leaf alone", "L", "200I", V(MATCH_TA_FROM_DNS), 1, "0", false, NULL },
	{ "U7 leaf alone, key", "L", "210I", V(MATCH_TA_FROM_DNS), 1, "0", false,
	    NULL },
	{ "U7 presented", "LIR", "200R", V(MATCH), 2, "0", false, NULL },
	{ "U7 key presented", "LIR", "210R", V(MATCH), 2, "0", false, NULL },
	{ "U7 gap", "L", "200R", V(CHAIN_BROKEN), -1, "", false, NULL },
	{ "U7 gap, key", "L", "210R", V(CHAIN_BROKEN), -1, "", false, NULL },
	{ "U7 unrelated", "LIR", "200Q", V(CHAIN_BROKEN), -1, "", false, NULL },
	{ "U7 unrelated key", "LIR", "210Q", V(CHAIN_BROKEN), -1, "", false, NULL },
	{ "U7 expired", "XI", "200R", V(EXPIRED), 2, "", false, NULL },
	{ "U7 expired, key", "XI", "210R", V(EXPIRED), 2, "", false, NULL },
	{ "U7 anchor expired", "L", "200J", V(MATCH_TA_FROM_DNS), 1, "0",
	    false, NULL },
	{ "U7 root expired", "LI", "200A", V(EXPIRED), 2, "", false, NULL },
	{ "U7 top expired, key", "LJ", "210R", V(EXPIRED), 2, "", false, NULL },
	{ "U7 name", "NI", "200R", V(NAME_MISMATCH), 2, "", false, NULL },
	{ "U7 name, key", "NI", "210R", V(NAME_MISMATCH), 2, "", false, NULL },
	{ "U7 no CA", "LK", "210R", V(CHAIN_BROKEN), -1, "", false, NULL },
	{ "U7 own key signs", "S", "210S", V(MATCH_TA_FROM_DNS), 1, "0", false,
	    NULL },
	{ "U7 own key, renewed", "OS", "210S", V(MATCH_TA_FROM_DNS), 1, "0",
	    false, NULL },
	{ "U5 same key above", "OS", "211S", V(MISMATCH), -1, "", false, NULL },
	{ "U8 stale beside", "LIR", "311Q 311L", V(MATCH), 0, "1", false, NULL },
	{ "U8 stale alone", "LIR", "311Q", V(MISMATCH), -1, "", false, NULL },
	/* One RRset, and addresses that show different things: each its own. */
	{ "U9 one address", "LIR", "301L 211R", V(MATCH), 0, "01", false, NULL },
	{ "U9 another leaf", "HR", "301L 211R", V(MATCH), 1, "1", false, NULL },
	{ "U9 without chain", "L", "301L 211R", V(MATCH), 0, "0", false, NULL },
	{ "U9 neither", "H", "301L 211R", V(TA_NOT_PRESENTED), -1, "", false, NULL },
	{ "U11 worst of one", "YIR", "211I", V(EXPIRED), 1, "", false, NULL },
	{ "U11 broken, expired, named", "ZIR", "211I", V(CHAIN_BROKEN), 1, "", false,
	    NULL },
	{ "U11 match over all", "LIR", "211Q 210Q 211R 311Q", V(MATCH), 2, "2",
	    false, NULL },
	{ "U11 match over from dns", "LI", "200R 211I", V(MATCH), 1, "01", false,
	    NULL },
	{ "U11 from dns over name", "HIR", "211I 200R", V(MATCH), 2, "1", false,
	    NULL },
	{ "U11 from dns over not presented", "LI", "211R 200R",
	    V(MATCH_TA_FROM_DNS), 2, "1", false, NULL },
	{ "U11 name over broken", "NIQ", "211Q 211I", V(NAME_MISMATCH), 1, "",
	    false, NULL },
	{ "U11 expired over broken", "XIQ", "211Q 211I", V(EXPIRED), 1, "", false,
	    NULL },
	{ "U11 broken over not presented", "LIQ", "211R 211Q", V(CHAIN_BROKEN), 2,
	    "", false, NULL },
	{ "U11 not presented over mismatch", "LI", "311Q 211R",
	    V(TA_NOT_PRESENTED), -1, "", false, NULL },
	{ "empty chain", "", "311L", V(MISMATCH), -1, "", false, NULL },
	{ "empty chain, none usable", "", "111L", V(NONE_USABLE), -1, "", false,
	    NULL },
	{ "no record", "LIR", "", V(NONE_USABLE), -1, "", false, NULL },
};

static void
rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		struct dane_facts facts;
		char matching[DANE_RECORDS_MAX + 1] = "";

		judge_words(row->chain, row->records,
		    row->name != NULL ? row->name : MX, &facts);
		for (size_t m = 0; m < facts.matching_count; m++)
			matching[m] = (char)('0' + facts.matching[m]);
		if (facts.verdict != row->verdict ||
		    facts.verdict_no_agility != row->no_agility ||
		    facts.depth != row->depth || facts.expired != row->expired ||
		    strcmp(matching, row->matching) != 0)
			fail_msg("%s: %s %s: verdict %d, without agility %d, "
			    "depth %d, matching %s, expired %d", row->rule,
			    row->chain, row->records, facts.verdict,
			    facts.verdict_no_agility, facts.depth, matching,
			    facts.expired);
	}
}

/* The curve's OID (1.2.840.10045.3.1.7) becomes an unknown one. */
static void
break_key(struct tlsa *record)
{
	static const uint8_t p256[] = {
		0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07
	};
	uint8_t *at = memmem(record->bytes, record->length, p256, sizeof p256);

	assert_non_null(at);
	at[sizeof p256 - 1] = 0x70;
}

static void
faults(void **state)
{
	static const struct { const char *record; enum tlsa_fault fault; } table[] = {
		{ "311L", TLSA_USABLE }, { "111L", TLSA_USAGE },
		{ "321L", TLSA_SELECTOR }, { "314L", TLSA_MATCHING_TYPE },
		{ "311L-", TLSA_LENGTH }, { "311L+", TLSA_LENGTH },
		{ "312L", TLSA_USABLE }, { "312L-", TLSA_LENGTH },
		{ "200R", TLSA_USABLE }, { "200R-", TLSA_UNDECODABLE },
		{ "200R+", TLSA_UNDECODABLE }, { "210R", TLSA_USABLE },
		{ "210R-", TLSA_UNDECODABLE }, { "210R+", TLSA_UNDECODABLE },
		{ "300R", TLSA_USABLE }, { "310R+", TLSA_UNDECODABLE },
	};
	struct tlsa record;

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		record = record_of(table[i].record);
		assert_int_equal(dane_fault(&record), table[i].fault);
		records_free(&record, 1);
	}
	record = record_of("300O");		/* a sound one, and its twin */
	assert_int_equal(dane_fault(&record), TLSA_USABLE);
	break_key(&record);
	assert_int_equal(dane_fault(&record), TLSA_UNDECODABLE);
	records_free(&record, 1);
	/* A certificate where a key should be, and the other way round. */
	record = record_of("200R");
	record.selector = 1;
	assert_int_equal(dane_fault(&record), TLSA_UNDECODABLE);
	records_free(&record, 1);
	record = record_of("210R");
	record.selector = 0;
	assert_int_equal(dane_fault(&record), TLSA_UNDECODABLE);
	records_free(&record, 1);
}

static void
rollover(void **state)
{
	static const struct { const char *records; bool ready; } table[] = {
		{ "311L", false }, { "311L 311R", true }, { "301L 301X", true },
		{ "311L 311L", false }, { "311L 311R-", false },
		{ "311L 312R", false }, { "311L 301R", false },
		{ "311L 211I", true }, { "311L 211I-", false },
		{ "211I 311L", true }, { "211I 211R", false }, { "", false },
		{ "311L- 311R-", false }, { "111L 311R", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct tlsa records[4];
		size_t count = records_of(table[i].records, records);

		if (dane_rollover_ready(records, count) != table[i].ready)
			fail_msg("%s", table[i].records);
		records_free(records, count);
	}
}

/* Does OpenSSL, with these records and nothing else to trust, accept? */
static bool
oracle(SSL_CTX *context, const char *chain_word, const struct tlsa *records,
    size_t count, const char *name)
{
	X509_STORE_CTX *verification = X509_STORE_CTX_new();
	X509_STORE *store = X509_STORE_new();
	STACK_OF(X509) *presented = sk_X509_new_null();
	SSL *ssl = SSL_new(context);
	X509_VERIFY_PARAM *parameters;
	int accepted, added = 0;

	assert_true(SSL_dane_enable(ssl, name) == 1);
	SSL_dane_set_flags(ssl, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
	for (size_t i = 0; i < count; i++)
		added += SSL_dane_tlsa_add(ssl, records[i].usage,
		    records[i].selector, records[i].matching_type,
		    records[i].bytes, records[i].length) == 1;
	assert_true(added > 0);
	for (size_t i = 0; chain_word[i] != '\0'; i++)
		sk_X509_push(presented, world[(unsigned char)chain_word[i]]);
	assert_int_equal(X509_STORE_CTX_init(verification, store,
	    sk_X509_value(presented, 0), presented), 1);
	assert_int_equal(X509_STORE_CTX_set_default(verification,
	    "ssl_server"), 1);
	X509_STORE_CTX_set0_dane(verification, SSL_get0_dane(ssl));
	parameters = X509_STORE_CTX_get0_param(verification);
	X509_VERIFY_PARAM_set_time(parameters, BUILDER_NOW);
	X509_VERIFY_PARAM_set_auth_level(parameters, 1);	/* U12 */
	X509_VERIFY_PARAM_set_hostflags(parameters,
	    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	assert_int_equal(X509_VERIFY_PARAM_set1_host(parameters, name, 0), 1);
	accepted = X509_verify_cert(verification);
	ERR_clear_error();
	X509_STORE_CTX_free(verification);
	X509_STORE_free(store);
	sk_X509_free(presented);
	SSL_free(ssl);
	return accepted == 1;
}

static SSL_CTX *
oracle_context(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	assert_non_null(context);
	assert_int_equal(SSL_CTX_dane_enable(context), 1);
	return context;
}

/* Two certificates of one name and key, among the presented and `brought`:
 * OpenSSL follows the first one that it finds and does not backtrack, so it can
 * miss an existing path. */
static bool
has_rivals(const char *chain_word, char brought)
{
	char letters[20];

	snprintf(letters, sizeof letters, "%s%c", chain_word, brought);
	for (const char *a = letters; *a != '\0'; a++) {
		for (const char *b = a + 1; *b != '\0'; b++) {
			const X509 *one = world[(unsigned char)*a];
			const X509 *other = world[(unsigned char)*b];

			if (*a != *b && X509_NAME_cmp(X509_get_subject_name(one),
			    X509_get_subject_name(other)) == 0 &&
			    EVP_PKEY_eq(X509_get0_pubkey(one),
			    X509_get0_pubkey(other)) == 1)
				return true;
		}
	}
	return false;
}

static void
compare(SSL_CTX *context, const char *chain_word, const char *record_words)
{
	struct tlsa records[8];
	size_t count = records_of(record_words, records);
	struct dane_facts facts;
	bool accepted, ours, rivals = false;

	judge_words(chain_word, record_words, MX, &facts);
	ours = facts.verdict <= DANE_MATCH_TA_FROM_DNS;
	accepted = oracle(context, chain_word, records, count, MX);
	for (size_t i = 0; i < count; i++)
		rivals |= has_rivals(chain_word,
		    strncmp(record_words + 5 * i, "200", 3) == 0 ?
		    record_words[5 * i + 3] : '\0');
	records_free(records, count);
	if (accepted != ours && (accepted || !rivals))
		fail_msg("%s %s: OpenSSL %s, we say %s", chain_word,
		    record_words, accepted ? "accepts" : "refuses",
		    dane_verdict_texts.texts[facts.verdict]);
}

/* Every chain with every record of every certificate. */
static void
agrees_with_openssl(void **state)
{
	SSL_CTX *context = oracle_context();

	(void)state;
	for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++) {
		for (const char *letter = LETTERS; *letter != '\0'; letter++) {
			for (unsigned kind = 0; kind < 12; kind++) {
				char word[] = { (char)('2' + kind / 6),
				    (char)('0' + kind / 3 % 2),
				    (char)('0' + kind % 3), *letter, '\0' };

				compare(context, chains[i], word);
			}
		}
	}
	SSL_CTX_free(context);
}

/* RRsets of three, at random from a fixed seed: agility and the best of many. */
static void
agrees_on_sets(void **state)
{
	static const char certificates[] = "LLLIIRRQXJ";
	SSL_CTX *context = oracle_context();
	unsigned random = 20261124;

	(void)state;
	for (unsigned round = 0; round < 4000; round++) {
		const char *chain = chains[round %
		    (sizeof chains / sizeof chains[0])];
		char words[32] = "";

		for (unsigned i = 0; i < 3; i++) {
			random = random * 1103515245 + 12345;
			snprintf(words + strlen(words), 8, "%s%u%u%u%c",
			    i > 0 ? " " : "", 2 + (random >> 16) % 2,
			    (random >> 18) % 2, (random >> 20) % 3,
			    certificates[(random >> 24) % 10]);
		}
		compare(context, chain, words);
	}
	SSL_CTX_free(context);
}

/* docs/pitfalls.md: with no record that OpenSSL takes, its DANE verification of
 * a chain that the store trusts succeeds as plain PKIX. Ours never does. */
static void
empty_is_not_pkix(void **state)
{
	X509_STORE_CTX *verification = X509_STORE_CTX_new();
	X509_STORE *store = X509_STORE_new();
	SSL_CTX *context = oracle_context();
	STACK_OF(X509) *presented = sk_X509_new_null();
	SSL *ssl = SSL_new(context);
	struct tlsa record = record_of("311L-");
	struct dane_facts facts;

	(void)state;
	assert_int_equal(SSL_dane_enable(ssl, MX), 1);
	assert_true(SSL_dane_tlsa_add(ssl, 3, 1, 1, record.bytes,
	    record.length) == 0);
	X509_STORE_add_cert(store, world['R']);
	sk_X509_push(presented, world['I']);
	X509_STORE_CTX_init(verification, store, world['L'], presented);
	X509_STORE_CTX_set_default(verification, "ssl_server");
	X509_STORE_CTX_set0_dane(verification, SSL_get0_dane(ssl));
	X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(verification),
	    BUILDER_NOW);
	assert_int_equal(X509_verify_cert(verification), 1);	/* the trap */
	ERR_clear_error();
	judge_words("LI", "311L-", MX, &facts);
	assert_int_equal(facts.verdict, DANE_NONE_USABLE);
	judge_words("LI", "", MX, &facts);
	assert_int_equal(facts.verdict, DANE_NONE_USABLE);
	records_free(&record, 1);
	X509_STORE_CTX_free(verification);
	X509_STORE_free(store);
	sk_X509_free(presented);
	SSL_free(ssl);
	SSL_CTX_free(context);
}

/* The chain, with the certificate at `broken` replaced by one that cannot be
 * decoded, whose hash goes to `sha256`. */
static void
broken_chain(const char *word, size_t broken, struct chain *chain,
    uint8_t sha256[32])
{
	*chain = (struct chain){ 0 };
	for (size_t i = 0; word[i] != '\0'; i++) {
		X509 *x509 = world[(unsigned char)word[i]];
		uint8_t *der = NULL;
		size_t length = i == broken ? undecodable_build(x509, &der) :
		    (size_t)i2d_X509(x509, &der);

		if (i == broken)
			assert_int_equal(EVP_Digest(der, length, sha256, NULL,
			    EVP_sha256(), NULL), 1);
		assert_true(chain_add_der(chain, der, length));
		OPENSSL_free(der);
	}
	chain_close(chain);
}

/* RFC 6698 2.1.2: selector 0 is the whole certificate, whose bytes are known in
 * any case. Of a key that cannot be read, it is unknown whether it matches. */
static void
undecodable(void **state)
{
	static const struct {
		const char	*chain;
		size_t		 broken;
		const char	*record;	/* '!': the broken one, 3 0 1 */
		enum dane_verdict verdict;
	} table[] = {
		{ "LI", 0, "!", DANE_MATCH },
		{ "LI", 0, "301L", DANE_MISMATCH },
		{ "LI", 0, "302L", DANE_MISMATCH },
		{ "LI", 0, "311L", DANE_CHAIN_BROKEN },
		{ "LI", 0, "310L", DANE_CHAIN_BROKEN },
		{ "LI", 0, "311Q", DANE_CHAIN_BROKEN },
		{ "LI", 0, "201I", DANE_CHAIN_BROKEN },
		{ "LI", 0, "200R", DANE_CHAIN_BROKEN },
		{ "LI", 1, "!", DANE_MISMATCH },
		{ "LI", 1, "301L", DANE_MATCH },
		{ "LI", 1, "311L", DANE_MATCH },
		{ "LI", 1, "311Q", DANE_MISMATCH },
		{ "LI", 1, "211I", DANE_CHAIN_BROKEN },
		{ "LI", 1, "211Q", DANE_CHAIN_BROKEN },
		{ "LIR", 2, "211I", DANE_CHAIN_BROKEN },
		{ "LIR", 2, "210R", DANE_CHAIN_BROKEN },
	};
	const char *names[] = { MX };

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct tlsa record = { 3, 0, 1, NULL, 32 };
		struct dane_facts facts;
		struct chain chain;
		uint8_t sha256[32];
		bool is_own = table[i].record[0] != '!';

		broken_chain(table[i].chain, table[i].broken, &chain, sha256);
		record.bytes = sha256;
		if (is_own)
			record = record_of(table[i].record);
		dane_judge(&chain, &record, 1, names, 1, BUILDER_NOW, &facts);
		if (facts.verdict != table[i].verdict)
			fail_msg("%s, %zu broken, %s: %s", table[i].chain,
			    table[i].broken, table[i].record,
			    dane_verdict_texts.texts[facts.verdict]);
		assert_int_equal(facts.verdict_no_agility, facts.verdict);
		assert_int_equal(facts.matching_count,
		    facts.verdict == DANE_MATCH);
		assert_int_equal(facts.depth, facts.verdict == DANE_MATCH ? 0 :
		    -1);
		assert_false(facts.expired);
		assert_int_equal(ERR_peek_error(), 0);
		if (is_own)
			records_free(&record, 1);
		chain_fini(&chain);
	}
}

/* U13: the part that was cut off may contain the anchor or the rest of a path,
 * but neither another leaf nor another name. */
static void
truncated(void **state)
{
	static const struct {
		const char	*chain, *records;
		enum dane_verdict whole, cut;
	} table[] = {
		{ "LI", "211R", DANE_TA_NOT_PRESENTED, DANE_UNDETERMINED },
		{ "LR", "211R", DANE_CHAIN_BROKEN, DANE_UNDETERMINED },
		{ "LI", "210Q", DANE_CHAIN_BROKEN, DANE_UNDETERMINED },
		{ "XI", "211I", DANE_EXPIRED, DANE_UNDETERMINED },
		{ "LI", "211L", DANE_MISMATCH, DANE_UNDETERMINED },
		{ "LI", "211R 311Q", DANE_TA_NOT_PRESENTED, DANE_UNDETERMINED },
		{ "LI", "211I", DANE_MATCH, DANE_MATCH },
		{ "LI", "200R", DANE_MATCH_TA_FROM_DNS, DANE_MATCH_TA_FROM_DNS },
		{ "LI", "211R 311L", DANE_MATCH, DANE_MATCH },
		{ "NI", "211I", DANE_NAME_MISMATCH, DANE_NAME_MISMATCH },
		{ "LI", "311Q", DANE_MISMATCH, DANE_MISMATCH },
		{ "LI", "111L", DANE_NONE_USABLE, DANE_NONE_USABLE },
		{ "", "311L", DANE_MISMATCH, DANE_UNDETERMINED },
	};
	const char *names[] = { MX };

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct tlsa records[4];
		size_t count = records_of(table[i].records, records);
		struct dane_facts facts;
		struct chain chain;

		chain_of(table[i].chain, &chain);
		dane_judge(&chain, records, count, names, 1, BUILDER_NOW,
		    &facts);
		assert_int_equal(facts.verdict, table[i].whole);
		chain.is_truncated = true;
		dane_judge(&chain, records, count, names, 1, BUILDER_NOW,
		    &facts);
		if (facts.verdict != table[i].cut)
			fail_msg("%s, %s: %s", table[i].chain,
			    table[i].records,
			    dane_verdict_texts.texts[facts.verdict]);
		records_free(records, count);
		chain_fini(&chain);
	}
}

/* What a hostile zone and server can send is bounded: records past the 100th are
 * not looked at, and past the fourth anchor that a record brings, or the 32nd
 * path, none is tried. */
static void
bounds(void **state)
{
	char words[6 * (DANE_RECORDS_MAX + 4)] = "";
	struct dane_facts facts;

	(void)state;
	for (unsigned i = 0; i < DANE_RECORDS_MAX; i++)
		strcat(words, "311Q ");
	strcpy(words + strlen(words) - 5, "311L");
	judge_words("LIR", words, MX, &facts);
	assert_int_equal(facts.verdict, DANE_MATCH);
	assert_int_equal(facts.matching[0], DANE_RECORDS_MAX - 1);
	strcpy(words + strlen(words) - 4, "311Q 311L");
	judge_words("LIR", words, MX, &facts);
	assert_int_equal(facts.verdict, DANE_MISMATCH);
	words[0] = '\0';
	for (unsigned i = 0; i < 3; i++)
		strcat(words, "210Q ");
	strcat(words, "210R");
	judge_words("LI", words, MX, &facts);
	assert_int_equal(facts.verdict, DANE_MATCH_TA_FROM_DNS);
	memcpy(words + strlen(words) - 4, "200Q", 4);
	strcat(words, " 210R");
	judge_words("LI", words, MX, &facts);
	assert_int_equal(facts.verdict, DANE_UNDETERMINED);
}

/* Many certificates of the anchor's name and key, with a path to none of them
 * but the last. */
static void
many_anchors(void **state)
{
	X509 *certificates[40] = { world['L'] };
	const char *names[] = { MX };
	struct tlsa record = record_of("211R");
	struct dane_facts facts;
	struct chain chain;

	(void)state;
	for (size_t tried = 31; tried <= 32; tried++) {
		/* R leads nowhere without I. */
		for (size_t i = 1; i <= tried; i++)
			certificates[i] = world['R'];
		certificates[tried + 1] = NULL;
		chain_build(&chain, certificates);
		dane_judge(&chain, &record, 1, names, 1, BUILDER_NOW, &facts);
		assert_int_equal(facts.verdict, DANE_CHAIN_BROKEN);
		chain_fini(&chain);
	}
	certificates[33] = world['R'];
	certificates[34] = NULL;
	chain_build(&chain, certificates);
	dane_judge(&chain, &record, 1, names, 1, BUILDER_NOW, &facts);
	assert_int_equal(facts.verdict, DANE_UNDETERMINED);
	chain_fini(&chain);
	records_free(&record, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules),
		cmocka_unit_test(faults),
		cmocka_unit_test(rollover),
		cmocka_unit_test(agrees_with_openssl),
		cmocka_unit_test(agrees_on_sets),
		cmocka_unit_test(empty_is_not_pkix),
		cmocka_unit_test(undecodable),
		cmocka_unit_test(truncated),
		cmocka_unit_test(bounds),
		cmocka_unit_test(many_anchors),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
