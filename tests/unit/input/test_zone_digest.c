/* The digest of a zone, RFC 8976: the examples of its appendix A, and twins that
 * differ in one fact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/base/buffer.h"
#include "scanner/input/zone_digest.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* RFC 8976 A.1. */
#define SOA								\
	"example. 86400 IN SOA ns1 admin 2018031900 (\n"		\
	"  1800 900 604800 86400 )\n"
#define NS								\
	" 86400 IN NS ns1\n"						\
	" 86400 IN NS ns2\n"
#define ZONEMD_OF(serial, scheme, algorithm)				\
	" 86400 IN ZONEMD " serial " " scheme " " algorithm " (\n"	\
	"   c68090d90a7aed71 6bc459f9340e3d7c\n"			\
	"   1370d4d24b7e2fc3 a1ddc0b9a87153b9\n"			\
	"   a9713b3c9ae5cc27 777f98b8e730044c )\n"
#define ZONEMD	ZONEMD_OF("2018031900", "1", "1")
#define NS1	"ns1 3600 IN A 203.0.113.63\n"
#define NS2	"ns2 3600 IN AAAA 2001:db8::63\n"

/* RFC 8976 A.2, whose owners are not in canonical order; here they are. */
#define COMPLEX_ZONEMD							\
	" 86400 IN ZONEMD 2018031900 1 1 (\n"				\
	"   a3b69bad980a3504 e1cffcb0fd6397f9\n"			\
	"   3848071c93151f55 2ae2f6b1711d4bd2\n"			\
	"   d8b39808226d7b9d b71e34b72077f8fe )\n"
#define WILDCARD "* 777 IN PTR dont-forget-about-wildcards\n"
#define DUPLICATE "duplicate 300 IN TXT \"I must be digested just once\"\n"
#define OUTSIDE	"foo.test. 555 IN TXT \"out-of-zone data must be excluded\"\n"
#define MAIL	"mail 3600 IN MX 20 MAIL1\nmail 3600 IN MX 10 Mail2.Example.\n"
#define NON_APEX							\
	"non-apex 900 IN ZONEMD 2018031900 1 1 (\n"			\
	"   616c6c6f77656420 6275742069676e6f\n"			\
	"   7265642e20616c6c 6f77656420627574\n"			\
	"   2069676e6f726564 2e20616c6c6f7765 )\n"
#define NS2_UPPER "NS2 3600 IN AAAA 2001:db8::63\n"
#define SORTME								\
	"sortme 3600 IN AAAA 2001:db8::5:61\n"				\
	"sortme 3600 IN AAAA 2001:db8::3:62\n"				\
	"sortme 3600 IN AAAA 2001:db8::4:63\n"				\
	"sortme 3600 IN AAAA 2001:db8::1:65\n"				\
	"sortme 3600 IN AAAA 2001:db8::2:64\n"
#define SUB	"sub 7200 IN NS ns1\n"
#define OCCLUDED							\
	"occluded.sub 7200 IN TXT \"I'm occluded but must be digested\"\n"
#define UPPER	"UPPERCASE 3600 IN TXT \"canonicalize uppercase owner names\"\n"
#define BELOW	DUPLICATE DUPLICATE OUTSIDE MAIL NON_APEX NS1 NS2_UPPER	\
	SORTME SUB OCCLUDED UPPER

/* A record of each type that is known, with the digests of dnspython 2.3. */
#define MANY								\
	"x00 60 NS NS.Example.COM.\n"					\
	"x01 60 DNSKEY 257 3 13 nDQBQvivUBpTQacHl8bn1k31sh7ZDwPKvUo"	\
	    "o/8GJgHnFR5U+kefJWbC+OoXEHnzG5PXWvxhxyMbmCnR43yxo6w==\n"	\
	"x02 60 CDS 35562 13 2 7c534241a3f4a7c5730ca0d0e6d263c8c97d"	\
	    "29172159ac511ddd84893d50317b\n"				\
	"x03 60 CDNSKEY 257 3 13 nDQBQvivUBpTQacHl8bn1k31sh7ZDwPKvU"	\
	    "oo/8GJgHnFR5U+kefJWbC+OoXEHnzG5PXWvxhxyMbmCnR43yxo6w==\n"	\
	"x04 60 CSYNC 66 3 A NS AAAA\n"					\
	"x05 60 NSEC3PARAM 1 0 10 AABB\n"				\
	"x06 60 CAA 0 issue \"ca.example.net; policy=ev\"\n"		\
	"x07 60 TXT \"a;b\" \"c d\" e\\;f \"quo\\\"te\" \"\\255\\00"	\
	    "0\" \"\"\n"						\
	"x08 60 HINFO \"PC\" \"Unix\"\n"				\
	"x09 60 RP Admin.X. Txt.Y.\n"					\
	"x10 60 AFSDB 1 AFS.Example.\n"					\
	"x11 60 LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000"	\
	    "m 10m\n"							\
	"x12 60 URI 10 1 \"ftp://ftp1.example.com/public\"\n"		\
	"x13 60 NAPTR 100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:info@Exa"	\
	    "mple.com!\" .\n"						\
	"x14 60 NAPTR 100 11 \"s\" \"SIP+D2U\" \"\" _sip._UDP.Examp"	\
	    "le.\n"							\
	"x15 60 SPF \"v=spf1 -all\"\n"					\
	"x16 60 CERT PKIX 1 RSASHA256 AAAA\n"				\
	"x17 60 CNAME Foo.Bar\n"					\
	"x18 60 DNAME X.Y.Z.\n"						\
	"x19 60 TYPE1 \\# 4 c0000201\n"					\
	"x20 60 NSEC Host.zt. A NS SOA MX TXT TYPE1234 RRSIG\n"		\
	"x21 60 RRSIG NS 13 1 3600 20261230153821 20261129153821 35"	\
	    "562 ZT. qr6WOdCEwPXCubEp1Pla3Phs+sfjQFDwm+rRiTxUiiDLlYrcIv" \
	    "8LGuEZftkCt1RQl4mNuC2j+YuL0pm1JyJTLA==\n"			\
	"x22 60 NSEC3 1 1 0 - 17pq5do24ua7mo2fl7a7cpdfa4vo1mcg NS S"	\
	    "OA RRSIG DNSKEY NSEC3PARAM\n"				\
	"x23 60 TLSA 3 1 1 65c2ee33d03b845a5bea6f2e828dc27f2c77949f"	\
	    "dfc3d5db1f2524c7716ad88c\n"				\
	"x24 60 SRV 0 5 5060 SIP.Server.Example.\n"			\
	"x25 60 MX 10 MX.B\n"						\
	"x26 60 SSHFP 1 1 123456789abcdef67890123456789abcdef67890\n"	\
	"x27 60 PTR Ptr.C\n"						\
	"x28 60 AAAA 2001:db8::1\n"					\
	"x29 60 A 192.0.2.1\n"						\
	"x30 60 TXT unquoted\n"						\
	"x31 60 DS 35562 13 2 7C534241A3F4A7C5730CA0D0E6D263C8C97D2"	\
	    "9172159AC511DDD84893D50317B\n"				\
	"x32 60 RRSIG DS 13 2 60 20261230153821 20261129153821 3556"	\
	    "2 ZT. qr6WOdCEwPXCubEp1Pla3Phs+sfjQFDwm+rRiTxUiiDLlYrcIv8L" \
	    "GuEZftkCt1RQl4mNuC2j+YuL0pm1JyJTLA==\n"
#define MANY_HEAD							\
	"$ORIGIN zt.\n"							\
	"@ 3600 SOA ns admin 7 1 2 3 4\n"				\
	"@ 60 NS ns\n"
#define MANY_384							\
	"@ 60 ZONEMD 7 1 1 d38031559f8ad2f0665346bf0e0e55ca81958b93"	\
	"6232ad85e2551a1bbcbcb49290a2453526c8fc7b89147401f6b041f5\n"
#define MANY_512							\
	"@ 60 ZONEMD 7 1 2 e0dab6022f6a3a0cf1904968377fe5d942aaaf0c"	\
	"bd6e986a6b811587fca439117f7192791cc997d08e98ef37da481f3358"	\
	"00853220158a4d375563b233a05838\n"

static const struct {
	const char *name, *text;
	enum zonemd_state state;
} cases[] = {
	{ "A.1", SOA NS ZONEMD NS1 NS2, ZONEMD_MATCH },
	{ "the apex in another order", "example. 86400 IN NS ns2\n"
	    ZONEMD " NS ns1\n"
	    " 86400 IN SOA ns1 admin 2018031900 1800 900 604800 86400\n"
	    NS1 NS2, ZONEMD_MATCH },
	{ "signatures of the ZONEMD records",
	    SOA NS ZONEMD " 86400 IN RRSIG ZONEMD 13 1 86400 20300101000000 "
	    "20200101000000 1 example. AAAA\n" NS1 NS2, ZONEMD_MATCH },
	{ "signatures of others",
	    SOA NS ZONEMD " 86400 IN RRSIG NS 13 1 86400 20300101000000 "
	    "20200101000000 1 example. AAAA\n" NS1 NS2, ZONEMD_MISMATCH },
	{ "a record twice", SOA NS ZONEMD NS1 NS1 NS2, ZONEMD_MATCH },
	{ "the SOA at the end", SOA NS ZONEMD NS1 NS2 SOA, ZONEMD_MATCH },
	{ "another SOA at the end", SOA NS ZONEMD NS1 NS2
	    "example. 86400 IN SOA ns1 admin 2018031901 1800 900 604800 "
	    "86400\n", ZONEMD_NOT_CANONICAL_ORDER },
	{ "a record more", SOA NS ZONEMD NS1 NS2 "ns3 3600 IN A 192.0.2.1\n",
	    ZONEMD_MISMATCH },
	{ "a record less", SOA NS ZONEMD NS1, ZONEMD_MISMATCH },
	{ "another TTL", SOA NS ZONEMD "ns1 3601 IN A 203.0.113.63\n" NS2,
	    ZONEMD_MISMATCH },
	{ "another address", SOA NS ZONEMD "ns1 3600 IN A 203.0.113.64\n" NS2,
	    ZONEMD_MISMATCH },
	{ "a record of another class", SOA NS ZONEMD NS1
	    "ns1 3600 CH TXT x\n" NS2, ZONEMD_MATCH },
	{ "owners swapped", SOA NS ZONEMD NS2 NS1,
	    ZONEMD_NOT_CANONICAL_ORDER },
	{ "the apex comes later", NS1 SOA NS ZONEMD NS2,
	    ZONEMD_NOT_CANONICAL_ORDER },
	{ "ZONEMD comes later", SOA NS NS1 NS2 "example." ZONEMD,
	    ZONEMD_NOT_CANONICAL_ORDER },
	{ "another serial", SOA NS ZONEMD_OF("2018031901", "1", "1") NS1 NS2,
	    ZONEMD_MISMATCH },
	{ "another scheme", SOA NS ZONEMD_OF("2018031900", "2", "1") NS1 NS2,
	    ZONEMD_UNSUPPORTED },
	{ "another algorithm", SOA NS ZONEMD_OF("2018031900", "1", "240")
	    NS1 NS2, ZONEMD_UNSUPPORTED },
	{ "SHA-512 of 48 bytes", SOA NS ZONEMD_OF("2018031900", "1", "2")
	    NS1 NS2, ZONEMD_UNSUPPORTED },
	{ "another algorithm beside it", SOA NS ZONEMD
	    ZONEMD_OF("2018031900", "1", "240") NS1 NS2, ZONEMD_MATCH },
	{ "two of an algorithm", SOA NS ZONEMD
	    ZONEMD_OF("2018031901", "1", "1") NS1 NS2, ZONEMD_UNSUPPORTED },
	{ "one twice", SOA NS ZONEMD ZONEMD NS1 NS2, ZONEMD_MATCH },
	{ "none", SOA NS NS1 NS2, ZONEMD_ABSENT },
	{ "none, and in another order", SOA NS NS2 NS1, ZONEMD_ABSENT },
	{ "no record", "; nothing\n", ZONEMD_ABSENT },
	{ "a bad entry", SOA NS ZONEMD NS1 NS2 "ns3 A 192.0.2\n",
	    ZONEMD_INCOMPLETE },
	{ "a type that is not known", SOA NS ZONEMD NS1
	    "ns1 3600 IN TYPE65280 \\# 1 00\n" NS2, ZONEMD_UNSUPPORTED },
	{ "a type that reads files", SOA NS ZONEMD NS1
	    "ns1 3600 IN WKS 203.0.113.63 tcp smtp\n" NS2,
	    ZONEMD_UNSUPPORTED },
	{ "RDATA that is none", SOA NS ZONEMD NS1
	    "ns1 3600 IN MX ten ns1\n" NS2, ZONEMD_UNSUPPORTED },
	{ "A.2", SOA NS COMPLEX_ZONEMD WILDCARD BELOW, ZONEMD_MATCH },
	{ "A.2 as it is printed", SOA NS COMPLEX_ZONEMD NS1 NS2_UPPER
	    OCCLUDED SUB DUPLICATE DUPLICATE OUTSIDE UPPER WILDCARD MAIL
	    SORTME NON_APEX, ZONEMD_NOT_CANONICAL_ORDER },
	{ "A.2 without what is occluded", SOA NS COMPLEX_ZONEMD WILDCARD
	    DUPLICATE DUPLICATE OUTSIDE MAIL NON_APEX NS1 NS2_UPPER SORTME SUB
	    UPPER, ZONEMD_MISMATCH },
	{ "A.2 without the duplicate", SOA NS COMPLEX_ZONEMD WILDCARD
	    DUPLICATE OUTSIDE MAIL NON_APEX NS1 NS2_UPPER SORTME SUB
	    OCCLUDED UPPER, ZONEMD_MATCH },
	{ "A.2 with another label than a wildcard", SOA NS COMPLEX_ZONEMD
	    "\\043 777 IN PTR dont-forget-about-wildcards\n" BELOW,
	    ZONEMD_MISMATCH },
	{ "A.2 with escapes", SOA NS COMPLEX_ZONEMD
	    "\\042 777 IN PTR d\\111nt-forget-about-wildcards\n" BELOW,
	    ZONEMD_MATCH },
	{ "many types, SHA-384", MANY_HEAD MANY_384 MANY, ZONEMD_MATCH },
	{ "many types, SHA-512", MANY_HEAD MANY_512 MANY, ZONEMD_MATCH },
};

struct told {
	struct zone_digest *digest;
};

static void
on_record(void *tag, const struct zone_record *record)
{
	(void)tag;
	(void)record;
}

static void
on_data(void *tag, const struct zone_data *found)
{
	struct told *told = tag;

	zone_digest_add(told->digest, found);
}

static void
on_error(void *tag, enum zone_error error, uint64_t line, unsigned column,
    const char *text, size_t length)
{
	struct told *told = tag;

	(void)error;
	(void)line;
	(void)column;
	(void)text;
	(void)length;
	zone_digest_miss(told->digest);
}

/* In pieces of `cut` bytes. */
static void
digest_of_zone(const char *text, size_t cut, struct zonemd *zonemd)
{
	struct told told = { zone_digest_new() };
	const struct zone_handler handler = {
		.tag = &told, .on_record = on_record, .on_error = on_error,
		.on_data = on_data,
	};
	struct zone_parser *parser = zone_parser_new(&handler,
	    (const uint8_t *)"\7example");
	size_t length = strlen(text);

	for (size_t at = 0; at < length; at += cut)
		zone_push(parser, text + at,
		    length - at < cut ? length - at : cut);
	zone_finish(parser);
	zone_parser_free(parser);
	zone_digest_finish(told.digest, zonemd);
}

/* The fast path takes a line only if bytes follow it; here a comment
 * follows. */
static const char padding[] = "; so that the last line is not the end\n";

static void
test_examples(void **state)
{
	static const size_t cuts[] = { 1, 7, 65536 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases) * COUNT(cuts); i++) {
		const char *name = cases[i / COUNT(cuts)].name;
		struct buffer text = { 0 };
		struct zonemd zonemd;

		buffer_append_text(&text, cases[i / COUNT(cuts)].text);
		buffer_append_text(&text, padding);
		digest_of_zone(buffer_text(&text), cuts[i % COUNT(cuts)],
		    &zonemd);
		if (zonemd.state != cases[i / COUNT(cuts)].state)
			fail_msg("%s: %d", name, zonemd.state);
		buffer_fini(&text);
	}
}

/* The records that must be signed. */
static void
test_records(void **state)
{
	static const char text[] = SOA NS ZONEMD
	    " 86400 IN RRSIG ZONEMD 13 1 86400 20300101000000 20200101000000 "
	    "1 example. AAAA\n";
	static const uint8_t record[] = { 54, 0, 0, 0, 0x78, 0x48, 0xb9, 0x1c,
		1, 1, 0xc6, 0x80 };
	static const uint8_t signature[] = { 30, 0, 0, 0, 0, 63, 13, 1 };
	struct zonemd zonemd;

	(void)state;
	digest_of_zone(text, sizeof text, &zonemd);
	assert_int_equal(zonemd.state, ZONEMD_MISMATCH);
	assert_int_equal(zonemd.ttl, 86400);
	assert_int_equal(zonemd.records_length, 4 + 54);
	assert_memory_equal(zonemd.records, record, sizeof record);
	assert_int_equal(zonemd.signatures_length, 4 + 30);
	assert_memory_equal(zonemd.signatures, signature, sizeof signature);
	digest_of_zone(SOA NS NS1, 1, &zonemd);
	assert_int_equal(zonemd.records_length + zonemd.signatures_length, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_records),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
