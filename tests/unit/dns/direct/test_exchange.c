/* Which responses of a delegated name server are believed (exchange.h): RFC
 * 1034 4.3.2, RFC 1035 4.1.1, RFC 2308 2, RFC 6891. The rows of a table come in
 * pairs, a case and its twin, which differ in one fact. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/dns/answer.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/exchange.h"
#include "tests/unit/answer_builder.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define ID	0x1234
#define APEX	"d.example"
#define BELOW	"_mta-sts.d.example"
/* Authoritative; with a bit more or less. */
#define AA	0x8400
#define NO_AA	0x8000
#define TC	0x0200
enum { FORMERR = 1, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED, YXDOMAIN };

/* A record of a response. The RDATA of MX, NS, CNAME and DNAME are the name
 * `data`, of TXT it is the text. */
struct row_record {
	enum dns_section section;
	const char	*owner;
	enum dns_type	 type;
	const char	*data;
	uint32_t	 ttl;		/* 0: 3600 */
};

#define RECORDS 7
struct row {
	const char	*rule;
	const char	*name;
	enum dns_type	 type;
	unsigned	 flags;		/* the second word of the header */
	struct row_record records[RECORDS];
	enum exchange_end end;
	enum oddity	 oddity;
};

#define MX(owner)	{ DNS_ANSWER, owner, DNS_MX, "mx.example", 0 }
#define ALIAS(owner, target) { DNS_ANSWER, owner, DNS_CNAME, target, 0 }
#define TXT(owner)	{ DNS_ANSWER, owner, DNS_TXT, "v=STSv1; id=1", 0 }
#define SOA(owner)	{ DNS_AUTHORITY, owner, DNS_SOA, NULL, 0 }
#define NS(owner, target) { DNS_AUTHORITY, owner, DNS_NS, target, 0 }
#define NS_1		NS(APEX, "ns1.d.example")
#define NS_2		NS(APEX, "ns2.host.example")

static const struct row rows[] = {
	{ "(a) the type at the owner", APEX, DNS_MX, AA,
	    { MX(APEX) }, EXCHANGE_CLEAN, 0 },
	{ "twin: of another owner", APEX, DNS_MX, AA,
	    { MX("e.example") }, EXCHANGE_ODD, ODDITY_STRAY },
	{ "twin: of another type", APEX, DNS_MX, AA,
	    { TXT(APEX) }, EXCHANGE_ODD, ODDITY_STRAY },
	{ "twin: in the additional section", APEX, DNS_MX, AA,
	    { { DNS_ADDITIONAL, APEX, DNS_MX, "mx.example", 0 } },
	    EXCHANGE_ODD, ODDITY_NO_SOA },
	{ "(b) NODATA with SOA", APEX, DNS_MX, AA,
	    { SOA(APEX) }, EXCHANGE_CLEAN, 0 },
	{ "twin: without SOA", APEX, DNS_MX, AA,
	    { { 0 } }, EXCHANGE_ODD, ODDITY_NO_SOA },
	{ "twin: SOA of the zone above", APEX, DNS_MX, AA,
	    { SOA("example") }, EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "twin: SOA of a name below", BELOW, DNS_TXT, AA,
	    { SOA(BELOW) }, EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "twin: SOA in the answer section", APEX, DNS_MX, AA,
	    { { DNS_ANSWER, APEX, DNS_SOA, NULL, 0 } },
	    EXCHANGE_ODD, ODDITY_STRAY },
	{ "twin: SOA in the additional section", APEX, DNS_MX, AA,
	    { { DNS_ADDITIONAL, APEX, DNS_SOA, NULL, 0 } },
	    EXCHANGE_ODD, ODDITY_NO_SOA },
	{ "twin: two SOA", APEX, DNS_MX, AA,
	    { SOA(APEX), SOA(APEX) }, EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "(b) NXDOMAIN with SOA", BELOW, DNS_TXT, AA | NXDOMAIN,
	    { SOA(APEX) }, EXCHANGE_CLEAN, 0 },
	{ "twin: without SOA", BELOW, DNS_TXT, AA | NXDOMAIN,
	    { { 0 } }, EXCHANGE_ODD, ODDITY_NO_SOA },
	{ "twin: with the records that it denies", BELOW, DNS_TXT,
	    AA | NXDOMAIN, { TXT(BELOW), SOA(APEX) },
	    EXCHANGE_ODD, ODDITY_STRAY },
	{ "(c) a chain to records", BELOW, DNS_TXT, AA,
	    { ALIAS(BELOW, "a.d.example"), TXT("a.d.example") },
	    EXCHANGE_CLEAN, 0 },
	{ "twin: a chain out of the zone", BELOW, DNS_TXT, AA,
	    { ALIAS(BELOW, "a.e.example"), TXT("a.e.example") },
	    EXCHANGE_ODD, ODDITY_ALIAS_OUTSIDE },
	{ "twin: to a name that only ends like the zone", BELOW, DNS_TXT, AA,
	    { ALIAS(BELOW, "xd.example"), TXT("xd.example") },
	    EXCHANGE_ODD, ODDITY_ALIAS_OUTSIDE },
	{ "twin: out of the zone and back", BELOW, DNS_TXT, AA,
	    { ALIAS(BELOW, "a.example"), ALIAS("a.example", "b.d.example"),
	    TXT("b.d.example") }, EXCHANGE_ODD, ODDITY_ALIAS_OUTSIDE },
	{ "twin: only the owner is outside", BELOW, DNS_TXT, AA,
	    { TXT(BELOW), ALIAS("a.example", "b.d.example") },
	    EXCHANGE_ODD, ODDITY_ALIAS_OUTSIDE },
	{ "twin: the chain is not continued", BELOW, DNS_TXT, AA,
	    { ALIAS(BELOW, "a.d.example"), TXT("b.d.example") },
	    EXCHANGE_ODD, ODDITY_STRAY },
	{ "twin: the records are at the alias as well", BELOW, DNS_TXT, AA,
	    { ALIAS(BELOW, "a.d.example"), TXT("a.d.example"), TXT(BELOW) },
	    EXCHANGE_ODD, ODDITY_STRAY },
	{ "twin: an alias with two targets", BELOW, DNS_TXT, AA,
	    { ALIAS(BELOW, "a.d.example"), ALIAS(BELOW, "b.d.example"),
	    TXT("a.d.example") }, EXCHANGE_ODD, ODDITY_STRAY },
	{ "twin: an alias that nothing leads to", BELOW, DNS_TXT, AA,
	    { TXT(BELOW), ALIAS("a.d.example", "b.d.example") },
	    EXCHANGE_ODD, ODDITY_STRAY },
	{ "(c) a chain to the delegated name", BELOW, DNS_TXT, AA,
	    { ALIAS(BELOW, APEX), TXT(APEX) }, EXCHANGE_CLEAN, 0 },
	{ "twin: which goes on from there", BELOW, DNS_TXT, AA,
	    { ALIAS(BELOW, APEX), ALIAS(APEX, "a.d.example"),
	    TXT("a.d.example") }, EXCHANGE_ODD, ODDITY_ALIAS_AT_APEX },
	{ "(c) a chain of three to NODATA", BELOW, DNS_TXT, AA,
	    { ALIAS("b.d.example", "c.d.example"),
	    ALIAS(BELOW, "a.d.example"), ALIAS("a.d.example", "b.d.example"),
	    SOA(APEX) }, EXCHANGE_CLEAN, 0 },
	{ "twin: without SOA", BELOW, DNS_TXT, AA,
	    { ALIAS("b.d.example", "c.d.example"),
	    ALIAS(BELOW, "a.d.example"), ALIAS("a.d.example", "b.d.example") },
	    EXCHANGE_ODD, ODDITY_NO_SOA },
	{ "twin: in a circle", BELOW, DNS_TXT, AA,
	    { ALIAS("b.d.example", BELOW),
	    ALIAS(BELOW, "a.d.example"), ALIAS("a.d.example", "b.d.example"),
	    SOA(APEX) }, EXCHANGE_ODD, ODDITY_ALIAS_LOOP },
	{ "(c) a chain to NXDOMAIN", BELOW, DNS_TXT, AA | NXDOMAIN,
	    { ALIAS(BELOW, "a.d.example"), SOA(APEX) }, EXCHANGE_CLEAN, 0 },
	{ "twin: without SOA", BELOW, DNS_TXT, AA | NXDOMAIN,
	    { ALIAS(BELOW, "a.d.example") }, EXCHANGE_ODD, ODDITY_NO_SOA },
	{ "CNAME at the apex", APEX, DNS_MX, AA,
	    { ALIAS(APEX, "a.d.example"), MX("a.d.example") },
	    EXCHANGE_ODD, ODDITY_ALIAS_AT_APEX },
	{ "twin: below it", "b.d.example", DNS_MX, AA,
	    { ALIAS("b.d.example", "a.d.example"), MX("a.d.example") },
	    EXCHANGE_CLEAN, 0 },
	{ "DNAME", BELOW, DNS_TXT, AA,
	    { { DNS_ANSWER, APEX, DNS_DNAME, "e.d.example", 0 },
	    ALIAS(BELOW, "_mta-sts.e.d.example"),
	    TXT("_mta-sts.e.d.example") }, EXCHANGE_ODD, ODDITY_DNAME },
	{ "twin: its CNAME alone", BELOW, DNS_TXT, AA,
	    { ALIAS(BELOW, "_mta-sts.e.d.example"),
	    TXT("_mta-sts.e.d.example") }, EXCHANGE_CLEAN, 0 },
	{ "signed", APEX, DNS_MX, AA,
	    { MX(APEX), { DNS_ANSWER, APEX, DNS_RRSIG, NULL, 0 } },
	    EXCHANGE_ODD, ODDITY_SIGNED },
	{ "twin: not signed", APEX, DNS_MX, AA,
	    { MX(APEX) }, EXCHANGE_CLEAN, 0 },
	{ "twin: a signature that is no part of the answer", APEX, DNS_MX, AA,
	    { MX(APEX), { DNS_ADDITIONAL, "mx.example", DNS_RRSIG, NULL, 0 } },
	    EXCHANGE_CLEAN, 0 },
	{ "a signed denial", APEX, DNS_MX, AA,
	    { SOA(APEX), { DNS_AUTHORITY, APEX, DNS_RRSIG, NULL, 0 } },
	    EXCHANGE_ODD, ODDITY_SIGNED },
	{ "a referral", BELOW, DNS_TXT, NO_AA,
	    { NS(BELOW, "ns.e.example") }, EXCHANGE_ODD, ODDITY_REFERRAL },
	{ "twin: of the delegated name itself, which is lame", BELOW, DNS_TXT,
	    NO_AA, { NS_1 }, EXCHANGE_LAME, 0 },
	{ "twin: upwards, which is lame", BELOW, DNS_TXT, NO_AA,
	    { NS(".", "a.root-servers.net") }, EXCHANGE_LAME, 0 },
	{ "twin: with AA", BELOW, DNS_TXT, AA,
	    { NS(BELOW, "ns.e.example") }, EXCHANGE_ODD, ODDITY_REFERRAL },
	{ "lame: an answer without AA", APEX, DNS_MX, NO_AA,
	    { MX(APEX) }, EXCHANGE_LAME, 0 },
	{ "lame: a denial without AA", APEX, DNS_MX, NO_AA | NXDOMAIN,
	    { SOA(APEX) }, EXCHANGE_LAME, 0 },
	{ "name servers of another zone", APEX, DNS_MX, AA,
	    { MX(APEX), NS("example", "ns1.d.example") },
	    EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "twin: of the zone", APEX, DNS_MX, AA,
	    { MX(APEX), NS_1, NS_2 }, EXCHANGE_CLEAN, 0 },
	{ "none of the delegation's name servers", APEX, DNS_MX, AA,
	    { MX(APEX), NS(APEX, "ns3.d.example"),
	    NS(APEX, "ns4.d.example") }, EXCHANGE_ODD, ODDITY_OTHER_SERVERS },
	{ "twin: one of them", APEX, DNS_MX, AA,
	    { MX(APEX), NS(APEX, "NS1.D.Example"),
	    NS(APEX, "ns4.d.example") }, EXCHANGE_CLEAN, 0 },
	{ "truncated", APEX, DNS_MX, AA | TC,
	    { MX(APEX) }, EXCHANGE_ODD, ODDITY_TRUNCATED },
	{ "twin: truncated and refused", APEX, DNS_MX, AA | TC | REFUSED,
	    { { 0 } }, EXCHANGE_REFUSED, 0 },
	{ "SERVFAIL", APEX, DNS_MX, NO_AA | SERVFAIL,
	    { { 0 } }, EXCHANGE_SERVFAIL, 0 },
	{ "SERVFAIL, whatever else it says", APEX, DNS_MX, AA | SERVFAIL,
	    { MX(APEX) }, EXCHANGE_SERVFAIL, 0 },
	{ "REFUSED", APEX, DNS_MX, NO_AA | REFUSED,
	    { { 0 } }, EXCHANGE_REFUSED, 0 },
	{ "FORMERR", APEX, DNS_MX, NO_AA | FORMERR,
	    { { 0 } }, EXCHANGE_WITHOUT_EDNS, 0 },
	{ "NOTIMP", APEX, DNS_MX, NO_AA | NOTIMP,
	    { { 0 } }, EXCHANGE_WITHOUT_EDNS, 0 },
	{ "another rcode", APEX, DNS_MX, AA | YXDOMAIN,
	    { SOA(APEX) }, EXCHANGE_ODD, ODDITY_RCODE },
	{ "another opcode", APEX, DNS_MX, AA | 0x2000,
	    { MX(APEX) }, EXCHANGE_MISMATCH, 0 },
	{ "a question, not a response", APEX, DNS_MX, 0x0400,
	    { MX(APEX) }, EXCHANGE_MISMATCH, 0 },
	{ "RA, RD, AD, CD and Z say nothing", APEX, DNS_MX, AA | 0x01f0,
	    { MX(APEX) }, EXCHANGE_CLEAN, 0 },
};

struct asked {
	struct exchange	 exchange;
	struct delegation delegation;
	struct buffer	 servers, name;
};

static void
put_server(struct buffer *servers, const char *name)
{
	wire_put_text(servers, name);
	wire_put_number(servers, 0, 1);
}

/* The delegation of d.example has two name servers. */
static void
asked_init(struct asked *asked, const char *name, uint16_t type)
{
	*asked = (struct asked){ 0 };
	put_server(&asked->servers, "ns1.d.example");
	put_server(&asked->servers, "ns2.host.example");
	answer_name(&asked->name, name);
	asked->delegation = (struct delegation){
		.name = APEX, .servers = asked->servers.bytes,
		.length = asked->servers.length,
	};
	asked->exchange = (struct exchange){
		.delegation = &asked->delegation, .name = asked->name.bytes,
		.zone = exchange_zone(asked->name.bytes, APEX),
		.type = type, .id = ID, .has_edns = true,
	};
	memset(asked->exchange.upper, 0xa5, EXCHANGE_CASE_BYTES);
	assert_non_null(asked->exchange.zone);
}

static void
asked_fini(struct asked *asked)
{
	buffer_fini(&asked->servers);
	buffer_fini(&asked->name);
}

/* The response so far: header and the question as it was sent. */
static void
respond(struct buffer *packet, const struct asked *asked, unsigned flags)
{
	uint8_t sent[EXCHANGE_QUESTION_MAX];
	char name[NAME_TEXT_MAX];

	name_to_text(asked->name.bytes, name);
	answer_begin(packet, name, asked->exchange.type, 0);
	exchange_write(&asked->exchange, sent);
	memcpy(packet->bytes, sent, 2);
	packet->bytes[2] = (uint8_t)(flags >> 8);
	packet->bytes[3] = (uint8_t)flags;
	memcpy(packet->bytes + 12, sent + 12, packet->length - 12);
}

static void
add_record(struct buffer *packet, const struct row_record *record)
{
	struct buffer rdata = { 0 };
	uint32_t ttl = record->ttl != 0 ? record->ttl : 3600;

	switch (record->type) {
	case DNS_MX:
		buffer_append(&rdata, "\0\12", 2);
		/* Fall through. */
	case DNS_NS:
	case DNS_CNAME:
	case DNS_DNAME:
		answer_name(&rdata, record->data);
		break;
	case DNS_TXT:
		buffer_append_byte(&rdata, (uint8_t)strlen(record->data));
		buffer_append_text(&rdata, record->data);
		break;
	case DNS_SOA:
		buffer_append(&rdata, "\0\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4"
		    "\0\0\1\54", 22);		/* a MINIMUM of 300 */
		break;
	default:
		/* RRSIG: over MX, algorithm 13, two labels. */
		buffer_append(&rdata, "\0\17\15\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		    "xy", 21);
		break;
	}
	answer_record(packet, record->section, record->owner, record->type,
	    ttl, rdata.bytes, rdata.length);
	buffer_fini(&rdata);
}

/* An OPT record with the upper bits of an rcode, at an owner. */
static void
add_opt(struct buffer *packet, const char *owner, uint8_t rcode)
{
	answer_record(packet, DNS_ADDITIONAL, owner, DNS_OPT,
	    (uint32_t)rcode << 24 | 0x8000, "", 0);
	/* The size in place of the class. */
	packet->bytes[packet->length - 8] = 1232 >> 8;
	packet->bytes[packet->length - 7] = 1232 & 0xff;
}

/* Judges a copy at the end of fresh memory, so that a sanitizer sees an
 * overread. The caller frees answer->packet. */
static enum exchange_end
judge(const struct asked *asked, const struct buffer *packet,
    struct answer *answer)
{
	uint8_t *copy = xmemdup(packet->bytes, packet->length);
	enum exchange_end end;

	*answer = (struct answer){
		.dnssec = DNSSEC_UNCHECKED, .lane = LANE_DIRECT,
	};
	end = exchange_read(&asked->exchange, NULL, copy, packet->length, answer);
	free(copy);
	assert_int_equal(answer->packet != NULL, end == EXCHANGE_CLEAN);
	assert_int_equal(answer->oddity != ODDITY_NONE, end == EXCHANGE_ODD);
	assert_int_equal(answer->verdict, end == EXCHANGE_ODD ? VERDICT_ODD
	    : VERDICT_ANSWERED);
	assert_int_equal(answer->dnssec, end == EXCHANGE_CLEAN
	    ? DNSSEC_INSECURE : DNSSEC_UNCHECKED);
	assert_int_equal(answer->lane, LANE_DIRECT);
	return end;
}

/* The same, where the answer does not matter. */
static enum exchange_end
end_of(const struct asked *asked, const struct buffer *packet,
    enum oddity *oddity)
{
	struct answer answer;
	enum exchange_end end = judge(asked, packet, &answer);

	free(answer.packet);
	*oddity = answer.oddity;
	return end;
}

static void
respond_row(struct buffer *packet, const struct asked *asked,
    const struct row *row)
{
	respond(packet, asked, row->flags);
	for (size_t i = 0; i < RECORDS && row->records[i].owner != NULL; i++)
		add_record(packet, &row->records[i]);
}

static void
rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer packet = { 0 };
		struct asked asked;
		enum exchange_end end;
		enum oddity oddity;

		asked_init(&asked, rows[i].name, rows[i].type);
		respond_row(&packet, &asked, &rows[i]);
		end = end_of(&asked, &packet, &oddity);
		if (end != rows[i].end || oddity != rows[i].oddity)
			fail_msg("row %zu, %s: end %d, oddity %d", i,
			    rows[i].rule, end, oddity);
		buffer_fini(&packet);
		asked_fini(&asked);
	}
}

/* A question for NS of d.example at the servers of its parent zone, "example"
 * (RULES L47). */
static const struct row referral_rows[] = {
	{ "a referral", APEX, DNS_NS, NO_AA, { NS_1, NS_2 },
	    EXCHANGE_CLEAN, 0 },
	{ "twin: authoritative", APEX, DNS_NS, AA, { NS_1, NS_2 },
	    EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "twin: NXDOMAIN", APEX, DNS_NS, NO_AA | NXDOMAIN, { NS_1, NS_2 },
	    EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "twin: with SOA", APEX, DNS_NS, NO_AA, { NS_1, SOA("example") },
	    EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "twin: with SOA of the name", APEX, DNS_NS, NO_AA,
	    { NS_1, SOA(APEX) }, EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "twin: with NS of the parent zone", APEX, DNS_NS, NO_AA,
	    { NS_1, NS("example", "ns.example") },
	    EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "twin: with NS of a zone elsewhere", APEX, DNS_NS, NO_AA,
	    { NS_1, NS("test", "ns.test") }, EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "twin: NS as an answer", APEX, DNS_NS, NO_AA,
	    { { DNS_ANSWER, APEX, DNS_NS, "ns1.d.example", 0 }, NS_1 },
	    EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "twin: another answer", APEX, DNS_NS, NO_AA,
	    { { DNS_ANSWER, APEX, DNS_TXT, "a", 0 }, NS_1 },
	    EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "twin: an alias", APEX, DNS_NS, NO_AA,
	    { ALIAS(APEX, "e.example"), NS_1 },
	    EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "twin: truncated", APEX, DNS_NS, NO_AA | TC, { NS_1, NS_2 },
	    EXCHANGE_ODD, ODDITY_TRUNCATED },
	{ "twin: signed, which referral.h judges", APEX, DNS_NS, NO_AA,
	    { NS_1, { DNS_AUTHORITY, APEX, DNS_RRSIG, NULL, 0 } },
	    EXCHANGE_CLEAN, 0 },
	{ "twin: of a name beside, which referral.h judges", APEX, DNS_NS,
	    NO_AA, { NS("e.example", "ns.e.example") }, EXCHANGE_CLEAN, 0 },
	{ "no NS is lame", APEX, DNS_NS, NO_AA, { { 0 } }, EXCHANGE_LAME, 0 },
	{ "a denial without AA is lame", APEX, DNS_NS, NO_AA | NXDOMAIN,
	    { SOA("example") }, EXCHANGE_LAME, 0 },
	{ "NS as an answer alone are lame", APEX, DNS_NS, NO_AA,
	    { { DNS_ANSWER, APEX, DNS_NS, "ns1.d.example", 0 } },
	    EXCHANGE_LAME, 0 },
	{ "upwards is lame", APEX, DNS_NS, NO_AA,
	    { NS(".", "a.root-servers.net") }, EXCHANGE_LAME, 0 },
	{ "NXDOMAIN of the parent", APEX, DNS_NS, AA | NXDOMAIN,
	    { SOA("example") }, EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "NODATA of the parent", APEX, DNS_NS, AA, { SOA("example") },
	    EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "an answer of a server that has both zones", APEX, DNS_NS, AA,
	    { { DNS_ANSWER, APEX, DNS_NS, "ns1.d.example", 0 } },
	    EXCHANGE_ODD, ODDITY_OTHER_ZONE },
	{ "SERVFAIL", APEX, DNS_NS, NO_AA | SERVFAIL, { NS_1 },
	    EXCHANGE_SERVFAIL, 0 },
	{ "REFUSED", APEX, DNS_NS, NO_AA | REFUSED, { NS_1 },
	    EXCHANGE_REFUSED, 0 },
	{ "another rcode", APEX, DNS_NS, NO_AA | YXDOMAIN, { NS_1 },
	    EXCHANGE_ODD, ODDITY_RCODE },
};

static void
asked_for_referral(struct asked *asked, const char *name)
{
	asked_init(asked, name, DNS_NS);
	asked->delegation.name = "example";
	asked->exchange.zone = exchange_zone(asked->name.bytes, "example");
	asked->exchange.is_for_referral = true;
	assert_non_null(asked->exchange.zone);
}

/* Judges a copy, as judge() does. A referral says nothing about security. */
static enum exchange_end
judge_referral(const struct asked *asked, const struct buffer *packet,
    enum oddity *oddity)
{
	struct answer answer = {
		.dnssec = DNSSEC_UNCHECKED, .lane = LANE_DIRECT,
	};
	uint8_t *copy = xmemdup(packet->bytes, packet->length);
	enum exchange_end end = exchange_read(&asked->exchange, NULL, copy,
	    packet->length, &answer);

	free(copy);
	assert_int_equal(answer.packet != NULL, end == EXCHANGE_CLEAN);
	assert_int_equal(answer.verdict, end == EXCHANGE_ODD ? VERDICT_ODD
	    : VERDICT_ANSWERED);
	assert_int_equal(answer.dnssec, DNSSEC_UNCHECKED);
	assert_int_equal(answer.count, 0);
	if (end == EXCHANGE_CLEAN) {
		assert_int_equal(answer.packet_length, packet->length);
		assert_memory_equal(answer.packet, packet->bytes,
		    packet->length);
	}
	free(answer.packet);
	*oddity = answer.oddity;
	return end;
}

static void
referrals(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(referral_rows); i++) {
		const struct row *row = &referral_rows[i];
		struct buffer packet = { 0 };
		struct asked asked;
		enum exchange_end end;
		enum oddity oddity;

		asked_for_referral(&asked, row->name);
		respond_row(&packet, &asked, row);
		end = judge_referral(&asked, &packet, &oddity);
		if (end != row->end || oddity != row->oddity)
			fail_msg("row %zu, %s: end %d, oddity %d", i,
			    row->rule, end, oddity);
		buffer_fini(&packet);
		asked_fini(&asked);
	}
}

/* Any record of another class than IN, in any section. */
static void
classes_of_referral(void **state)
{
	const struct row_record records[] = {
		NS_1, { DNS_ADDITIONAL, "ns1.d.example", DNS_TXT, "a", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(records); i++) {
		struct buffer packet = { 0 };
		struct asked asked;
		enum oddity oddity;
		size_t at;

		asked_for_referral(&asked, APEX);
		respond(&packet, &asked, NO_AA);
		add_record(&packet, &records[0]);
		at = packet.length;
		add_record(&packet, &records[i]);
		assert_int_equal(judge_referral(&asked, &packet, &oddity),
		    EXCHANGE_CLEAN);
		/* Behind the owner and the type. */
		at += strlen(records[i].owner) + 2 + 2;
		packet.bytes[at + 1] = 3;
		assert_int_equal(judge_referral(&asked, &packet, &oddity),
		    EXCHANGE_ODD);
		assert_int_equal(oddity, ODDITY_CLASS);
		buffer_fini(&packet);
		asked_fini(&asked);
	}
}

/* A clean answer has the fields that the recursive lane reads from the same
 * packet. */
static void
same_fields(void **state)
{
	unsigned clean = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer packet = { 0 };
		struct lookup lookup;
		struct answer answer;
		struct asked asked;

		if (rows[i].end != EXCHANGE_CLEAN)
			continue;
		asked_init(&asked, rows[i].name, rows[i].type);
		respond_row(&packet, &asked, &rows[i]);
		assert_int_equal(judge(&asked, &packet, &answer),
		    EXCHANGE_CLEAN);
		assert_true(lookup_answered(&lookup, &packet, rows[i].name,
		    rows[i].type));
		assert_int_equal(answer.status, lookup.answer->status);
		assert_int_equal(answer.count, lookup.answer->count);
		assert_int_equal(answer.ttl, lookup.answer->ttl);
		assert_int_equal(answer.has_cname, lookup.answer->has_cname);
		assert_false(answer.has_signature || answer.is_wildcard);
		assert_memory_equal(answer.canonical, lookup.answer->canonical,
		    name_wire_length(answer.canonical, NAME_WIRE_MAX));
		assert_int_equal(answer.packet_length, packet.length);
		assert_memory_equal(answer.packet, packet.bytes,
		    packet.length);
		clean++;
		lookup_answered_fini(&lookup);
		free(answer.packet);
		buffer_fini(&packet);
		asked_fini(&asked);
	}
	assert_true(clean > 10);
}

/* The asker finds the records of the answer as always. */
static void
records(void **state)
{
	struct buffer packet = { 0 };
	struct answer_walk walk;
	struct answer answer;
	struct lookup lookup = { .type = DNS_TXT, .answer = &answer };
	struct asked asked;
	uint8_t text[64];

	(void)state;
	asked_init(&asked, BELOW, DNS_TXT);
	respond(&packet, &asked, AA);
	add_record(&packet, &(struct row_record)ALIAS(BELOW, "a.D.example"));
	add_record(&packet, &(struct row_record)TXT("A.d.example"));
	assert_int_equal(judge(&asked, &packet, lookup.answer),
	    EXCHANGE_CLEAN);
	assert_int_equal(lookup.answer->status, LOOKUP_FOUND);
	assert_true(lookup.answer->has_cname);
	assert_int_equal(lookup.answer->count, 1);
	assert_memory_equal(lookup.answer->canonical, "\1a\1d\7example", 11);
	assert_true(answer_open(&lookup, &walk));
	assert_true(answer_next(&lookup, &walk));
	assert_int_equal(dns_record_txt(&walk.record, text, sizeof text), 13);
	assert_memory_equal(text, "v=STSv1; id=1", 13);
	assert_false(answer_next(&lookup, &walk));
	free(lookup.answer->packet);
	buffer_fini(&packet);
	asked_fini(&asked);
}

/* libunbound's cache-max-ttl is 86400, and its cache-max-negative-ttl, for SOA
 * records in the authority section, is 3600 (measured: docs/pitfalls.md). */
static void
ttl(void **state)
{
	static const struct {
		struct row_record records[2];
		uint32_t ttl;
	} cases[] = {
		{ { { DNS_ANSWER, APEX, DNS_MX, "m.example", 86399 } }, 86399 },
		{ { { DNS_ANSWER, APEX, DNS_MX, "m.example", 86401 } }, 86400 },
		{ { { DNS_ANSWER, APEX, DNS_MX, "m.example", 86401 },
		    { DNS_ANSWER, APEX, DNS_MX, "n.example", 60 } }, 60 },
		/* MINIMUM is 300. */
		{ { { DNS_AUTHORITY, APEX, DNS_SOA, NULL, 7200 } }, 300 },
		{ { { DNS_AUTHORITY, APEX, DNS_SOA, NULL, 299 } }, 299 },
	};
	struct buffer packet = { 0 };
	struct answer answer;
	struct asked asked;

	(void)state;
	asked_init(&asked, APEX, DNS_MX);
	for (size_t i = 0; i < COUNT(cases); i++) {
		respond(&packet, &asked, AA);
		for (size_t r = 0; r < 2 &&
		    cases[i].records[r].owner != NULL; r++)
			add_record(&packet, &cases[i].records[r]);
		assert_int_equal(judge(&asked, &packet, &answer),
		    EXCHANGE_CLEAN);
		assert_int_equal(answer.ttl, cases[i].ttl);
		free(answer.packet);
	}
	/* The same denial with a MINIMUM of 0x0100012c. */
	packet.bytes[packet.length - 4] = 1;
	memcpy(packet.bytes + packet.length - 22 - 2 - 4, "\0\0\x1c\x20", 4);
	assert_int_equal(judge(&asked, &packet, &answer), EXCHANGE_CLEAN);
	assert_int_equal(answer.ttl, 3600);
	free(answer.packet);
	buffer_fini(&packet);
	asked_fini(&asked);
}

/* The NS RRset of the delegated name against the delegation: ns1.d.example and
 * ns2.host.example. */
static void
delegations(void **state)
{
	static const struct {
		struct row_record records[3];
		bool differs;
	} cases[] = {
		{ { { 0 } }, false },		/* the server does not say */
		{ { NS_1, NS_2 }, false },
		{ { NS_2, NS_1 }, false },
		{ { NS_1 }, true },
		{ { NS_2, NS(APEX, "ns3.d.example") }, true },
		{ { NS_1, NS_2, NS(APEX, "ns3.d.example") }, true },
	};
	struct buffer packet = { 0 };
	struct answer answer;
	struct asked asked;

	(void)state;
	asked_init(&asked, APEX, DNS_MX);
	for (size_t i = 0; i < COUNT(cases); i++) {
		respond(&packet, &asked, AA);
		add_record(&packet, &(struct row_record)MX(APEX));
		for (size_t r = 0; r < 3 &&
		    cases[i].records[r].owner != NULL; r++)
			add_record(&packet, &cases[i].records[r]);
		assert_int_equal(judge(&asked, &packet, &answer),
		    EXCHANGE_CLEAN);
		if (answer.delegation_differs != cases[i].differs)
			fail_msg("case %zu", i);
		free(answer.packet);
	}
	buffer_fini(&packet);
	asked_fini(&asked);
}

/* RFC 1035 4.1, RFC 6891 6.1: byte by byte. */
static void
question(void **state)
{
	static const uint8_t expected[] = "\x12\x34\0\0\0\1\0\0\0\0\0\1"
	    "\1d\7eXaMpLe\0\0\17\0\1"
	    "\0\0\51\4\320\0\0\200\0\0\0";
	uint8_t packet[EXCHANGE_QUESTION_MAX];
	struct asked asked;

	(void)state;
	asked_init(&asked, APEX, DNS_MX);
	memset(asked.exchange.upper, 0, EXCHANGE_CASE_BYTES);
	/* Bytes 4, 6 and 8 of the name; and those of its lengths, which do not
	 * change: 0 and 2. */
	asked.exchange.upper[0] = 0x55;
	asked.exchange.upper[1] = 0x01;
	assert_int_equal(exchange_write(&asked.exchange, packet),
	    sizeof expected - 1);
	assert_memory_equal(packet, expected, sizeof expected - 1);
	asked.exchange.has_edns = false;
	assert_int_equal(exchange_write(&asked.exchange, packet),
	    sizeof expected - 1 - 11);
	assert_int_equal(packet[11], 0);
	assert_memory_equal(packet + 12, expected + 12,
	    sizeof expected - 1 - 12 - 11);
	asked_fini(&asked);
}

/* The longest name that there is. */
static void
longest(void **state)
{
	uint8_t packet[EXCHANGE_QUESTION_MAX], name[NAME_WIRE_MAX];
	struct exchange exchange = {
		.name = name, .zone = name + NAME_WIRE_MAX - 1, .type = DNS_MX,
		.has_edns = true,
	};

	(void)state;
	memset(name, 'a', sizeof name);
	name[0] = name[64] = name[128] = 63;
	name[192] = 61;
	name[254] = 0;
	assert_int_equal(name_wire_length(name, NAME_WIRE_MAX), 255);
	memset(exchange.upper, 0xff, EXCHANGE_CASE_BYTES);
	assert_int_equal(exchange_write(&exchange, packet), sizeof packet);
	assert_int_equal(packet[12 + 253], 'A');
}

/* Id and question are the question's, bit by bit; letters in their case. */
static void
matching(void **state)
{
	struct buffer packet = { 0 };
	struct asked asked;
	enum oddity oddity;
	size_t end;

	(void)state;
	asked_init(&asked, APEX, DNS_MX);
	respond(&packet, &asked, AA);
	end = packet.length;
	add_record(&packet, &(struct row_record)MX(APEX));
	assert_int_equal(end_of(&asked, &packet, &oddity), EXCHANGE_CLEAN);
	/* Each bit of id, name, type and class; between id and name are flags
	 * and counts. */
	for (size_t bit = 0; bit < end * 8; bit++) {
		uint8_t *byte = packet.bytes + bit / 8;
		enum exchange_end got;

		if (bit >= 2 * 8 && bit < 12 * 8)
			continue;
		*byte ^= (uint8_t)(1 << bit % 8);
		got = end_of(&asked, &packet, &oddity);
		/* With another length of a label it may be malformed; bit 5 is
		 * the case of a letter. */
		if (got != EXCHANGE_MISMATCH && (got != EXCHANGE_ODD ||
		    (oddity != ODDITY_MALFORMED &&
		    (oddity != ODDITY_CASE || bit % 8 != 5))))
			fail_msg("bit %zu: %d, %d", bit, got, oddity);
		*byte ^= (uint8_t)(1 << bit % 8);
	}
	/* A server that lower-cases; and its twin, asked in lower case. */
	memcpy(packet.bytes + 12, "\1d\7example", 11);
	assert_int_equal(end_of(&asked, &packet, &oddity), EXCHANGE_ODD);
	assert_int_equal(oddity, ODDITY_CASE);
	memset(asked.exchange.upper, 0, EXCHANGE_CASE_BYTES);
	assert_int_equal(end_of(&asked, &packet, &oddity), EXCHANGE_CLEAN);
	buffer_fini(&packet);
	asked_fini(&asked);
}

/* An error without the question, as some servers send it; and its twin, an
 * answer without the question. */
static void
bare_header(void **state)
{
	static const struct {
		unsigned flags;
		enum exchange_end end;
		enum oddity oddity;
	} cases[] = {
		{ NO_AA | FORMERR, EXCHANGE_WITHOUT_EDNS, 0 },
		{ NO_AA | NOTIMP, EXCHANGE_WITHOUT_EDNS, 0 },
		{ NO_AA | SERVFAIL, EXCHANGE_SERVFAIL, 0 },
		{ NO_AA | REFUSED, EXCHANGE_REFUSED, 0 },
		{ AA, EXCHANGE_ODD, ODDITY_MALFORMED },
		{ AA | NXDOMAIN, EXCHANGE_ODD, ODDITY_MALFORMED },
	};
	struct buffer packet = { 0 };
	struct asked asked;
	enum oddity oddity;

	(void)state;
	asked_init(&asked, APEX, DNS_MX);
	for (size_t i = 0; i < COUNT(cases); i++) {
		respond(&packet, &asked, cases[i].flags);
		packet.bytes[5] = 0;
		packet.length = 12;
		assert_int_equal(end_of(&asked, &packet, &oddity),
		    cases[i].end);
		assert_int_equal(oddity, cases[i].oddity);
		packet.bytes[1] ^= 1;
		assert_int_equal(end_of(&asked, &packet, &oddity),
		    EXCHANGE_MISMATCH);
	}
	buffer_fini(&packet);
	asked_fini(&asked);
}

/* RFC 6891 6.1.3: BADVERS is 16, of which the OPT record has the upper bits.
 * Without EDNS, none of these can be sent again. */
static void
edns(void **state)
{
	struct buffer packet = { 0 };
	struct asked asked;
	enum oddity oddity;

	(void)state;
	asked_init(&asked, APEX, DNS_MX);
	for (unsigned with = 0; with < 2; with++) {
		enum exchange_end refused = with ? EXCHANGE_WITHOUT_EDNS
		    : EXCHANGE_FORMERR;

		asked.exchange.has_edns = with;
		respond(&packet, &asked, NO_AA);
		add_opt(&packet, ".", 1);
		assert_int_equal(end_of(&asked, &packet, &oddity), refused);
		respond(&packet, &asked, NO_AA | FORMERR);
		assert_int_equal(end_of(&asked, &packet, &oddity), refused);
		respond(&packet, &asked, NO_AA | NOTIMP);
		assert_int_equal(end_of(&asked, &packet, &oddity), refused);
		/* 17 is another rcode. */
		respond(&packet, &asked, AA | 1);
		packet.bytes[3] = 7;
		add_opt(&packet, ".", 1);
		assert_int_equal(end_of(&asked, &packet, &oddity),
		    EXCHANGE_ODD);
		assert_int_equal(oddity, ODDITY_RCODE);
	}
	/* 32: only the OPT record says that there is no answer. */
	respond(&packet, &asked, AA);
	add_record(&packet, &(struct row_record)MX(APEX));
	add_opt(&packet, ".", 2);
	assert_int_equal(end_of(&asked, &packet, &oddity), EXCHANGE_ODD);
	assert_int_equal(oddity, ODDITY_RCODE);
	buffer_fini(&packet);
	asked_fini(&asked);
}

/* RFC 6891 6.1.1: one OPT record, owned by the root, in the additional
 * section. */
static void
opt_records(void **state)
{
	struct buffer packet = { 0 };
	struct asked asked;
	enum oddity oddity;

	(void)state;
	asked_init(&asked, APEX, DNS_MX);
	respond(&packet, &asked, AA);
	add_record(&packet, &(struct row_record)MX(APEX));
	add_opt(&packet, ".", 0);
	assert_int_equal(end_of(&asked, &packet, &oddity), EXCHANGE_CLEAN);
	add_opt(&packet, ".", 0);
	assert_int_equal(end_of(&asked, &packet, &oddity), EXCHANGE_ODD);
	assert_int_equal(oddity, ODDITY_MALFORMED);
	respond(&packet, &asked, AA);
	add_record(&packet, &(struct row_record)MX(APEX));
	add_opt(&packet, APEX, 0);
	assert_int_equal(end_of(&asked, &packet, &oddity), EXCHANGE_ODD);
	assert_int_equal(oddity, ODDITY_MALFORMED);
	respond(&packet, &asked, AA);
	add_record(&packet, &(struct row_record)MX(APEX));
	add_opt(&packet, ".", 0);
	/* Two records of the answer section. */
	packet.bytes[7]++;
	packet.bytes[11]--;
	assert_int_equal(end_of(&asked, &packet, &oddity), EXCHANGE_ODD);
	assert_int_equal(oddity, ODDITY_MALFORMED);
	buffer_fini(&packet);
	asked_fini(&asked);
}

/* A record of class CH in each section; its twin is of class IN. */
static void
classes(void **state)
{
	static const struct row_record third[] = {
		MX(APEX), NS_1, { DNS_ADDITIONAL, "m.example", DNS_TXT, "", 0 },
	};
	struct asked asked;

	(void)state;
	asked_init(&asked, APEX, DNS_MX);
	for (size_t i = 0; i < COUNT(third); i++) {
		struct buffer packet = { 0 };
		enum oddity oddity;
		size_t class;

		respond(&packet, &asked, AA);
		add_record(&packet, &(struct row_record)MX(APEX));
		class = packet.length;
		add_record(&packet, &third[i]);
		assert_int_equal(end_of(&asked, &packet, &oddity),
		    EXCHANGE_CLEAN);
		class += name_wire_length(packet.bytes + class,
		    NAME_WIRE_MAX) + 3;
		assert_int_equal(packet.bytes[class], 1);
		packet.bytes[class] = 3;
		assert_int_equal(end_of(&asked, &packet, &oddity),
		    EXCHANGE_ODD);
		assert_int_equal(oddity, ODDITY_CLASS);
		buffer_fini(&packet);
	}
	asked_fini(&asked);
}

/* RDATA that libunbound could not read either; the twin has one byte less or
 * more. */
static void
rdata(void **state)
{
	static const struct {
		enum dns_section section;
		uint16_t type;
		const char *bytes;
		uint8_t good;		/* length */
	} cases[] = {
		{ DNS_ANSWER, DNS_MX, "\0\12\1m\0\0", 5 },
		{ DNS_ANSWER, DNS_A, "\300\0\2\1\0", 4 },
		{ DNS_ANSWER, DNS_AAAA,
		    "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1\0", 16 },
		{ DNS_ANSWER, DNS_CNAME, "\1a\1d\7example\0\0", 13 },
		{ DNS_AUTHORITY, DNS_NS, "\3ns1\1d\7example\0\0", 15 },
		{ DNS_AUTHORITY, DNS_SOA,
		    "\1n\0\1h\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5\0",
		    26 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		for (int by = -1; by <= 1; by++) {
			struct buffer packet = { 0 };
			struct asked asked;
			enum oddity oddity;
			enum exchange_end end;

			asked_init(&asked, APEX, cases[i].type == DNS_A ||
			    cases[i].type == DNS_AAAA ? cases[i].type : DNS_MX);
			respond(&packet, &asked, AA);
			answer_record(&packet, cases[i].section, APEX,
			    cases[i].type, 60, cases[i].bytes,
			    (size_t)(cases[i].good + by));
			end = end_of(&asked, &packet, &oddity);
			if ((end == EXCHANGE_ODD && oddity ==
			    ODDITY_MALFORMED) != (by != 0))
				fail_msg("case %zu, %d", i, by);
			buffer_fini(&packet);
			asked_fini(&asked);
		}
	}
}

/* Whatever is cut off, or follows; and counts that lie. */
static void
lengths(void **state)
{
	struct buffer packet = { 0 };
	struct asked asked;
	enum oddity oddity;
	size_t whole;

	(void)state;
	asked_init(&asked, BELOW, DNS_TXT);
	respond(&packet, &asked, AA);
	add_record(&packet, &(struct row_record)ALIAS(BELOW, "a.d.example"));
	add_record(&packet, &(struct row_record)TXT("a.d.example"));
	add_record(&packet, &(struct row_record)NS_1);
	add_opt(&packet, ".", 0);
	assert_int_equal(end_of(&asked, &packet, &oddity), EXCHANGE_CLEAN);
	whole = packet.length;
	for (packet.length = 1; packet.length < whole; packet.length++) {
		enum exchange_end end = end_of(&asked, &packet, &oddity);

		if (packet.length < 12 ? end != EXCHANGE_MISMATCH
		    : end != EXCHANGE_ODD || oddity != ODDITY_MALFORMED)
			fail_msg("%zu bytes: %d, %d", packet.length, end,
			    oddity);
	}
	for (unsigned section = 0; section < 4; section++) {
		uint8_t *count = packet.bytes + 4 + 2 * section;

		for (unsigned lie = 0; lie < 2; lie++) {
			count[lie]++;
			assert_int_equal(end_of(&asked, &packet, &oddity),
			    EXCHANGE_ODD);
			assert_int_equal(oddity, ODDITY_MALFORMED);
			count[lie]--;
		}
	}
	packet.bytes[11]--;	/* the OPT record follows uncounted */
	assert_int_equal(end_of(&asked, &packet, &oddity), EXCHANGE_ODD);
	assert_int_equal(oddity, ODDITY_MALFORMED);
	packet.bytes[11]++;
	buffer_append_byte(&packet, 0);
	assert_int_equal(end_of(&asked, &packet, &oddity), EXCHANGE_ODD);
	assert_int_equal(oddity, ODDITY_MALFORMED);
	buffer_fini(&packet);
	asked_fini(&asked);
}

/* RFC 1035 4.1.4 and 2.3.4: compression that leads to itself or forwards, and a
 * name of more than 255 bytes; the twin points to the question. */
static void
compression(void **state)
{
	static const struct {
		const char *owner;
		size_t length;
		bool is_good;
	} cases[] = {
		{ "\xc0\x0c", 2, true },
		{ "\xc0\x1b", 2, false },	/* itself */
		{ "\xc0\x40", 2, false },	/* forwards */
		{ "\xc0\x02", 2, false },	/* into the header */
		{ "\1d\xc0\x0e", 4, true },
		{ "\1d\xc0\x1b", 4, false },	/* d.d.d... */
		{ "\x41" "d\0", 3, false },
	};
	struct asked asked;

	(void)state;
	asked_init(&asked, APEX, DNS_MX);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buffer packet = { 0 };
		enum oddity oddity;
		enum exchange_end end;

		respond(&packet, &asked, AA);
		assert_int_equal(packet.length, 0x1b);
		packet.bytes[7] = 1;
		buffer_append(&packet, cases[i].owner, cases[i].length);
		buffer_append(&packet, "\0\17\0\1\0\0\0\74\0\4\0\12\300\14",
		    14);
		end = end_of(&asked, &packet, &oddity);
		if (end != (cases[i].is_good ? EXCHANGE_CLEAN : EXCHANGE_ODD) ||
		    oddity != (cases[i].is_good ? ODDITY_NONE
		    : ODDITY_MALFORMED))
			fail_msg("case %zu: %d, %d", i, end, oddity);
		buffer_fini(&packet);
	}
	asked_fini(&asked);
}

/* Labels of 63 bytes before a pointer to the question of 11: 244 bytes and the
 * 11 are a name, 245 are not. */
static void
long_names(void **state)
{
	struct asked asked;

	(void)state;
	asked_init(&asked, APEX, DNS_MX);
	for (unsigned last = 51; last <= 52; last++) {
		struct buffer packet = { 0 };
		enum oddity oddity;
		enum exchange_end end;

		respond(&packet, &asked, AA);
		packet.bytes[7] = 1;
		buffer_append(&packet, "\300\14\0\17\0\1\0\0\0\74\0", 11);
		buffer_append_byte(&packet, (uint8_t)(2 + 3 * 64 + 1 + last +
		    2));
		buffer_append(&packet, "\0\12", 2);
		for (unsigned i = 0; i < 4; i++) {
			unsigned length = i < 3 ? 63 : last;

			buffer_append_byte(&packet, (uint8_t)length);
			memset(buffer_reserve(&packet, length), 'x', length);
			packet.length += length;
		}
		buffer_append(&packet, "\300\14", 2);
		end = end_of(&asked, &packet, &oddity);
		assert_int_equal(end, last == 51 ? EXCHANGE_CLEAN
		    : EXCHANGE_ODD);
		assert_int_equal(oddity, last == 51 ? ODDITY_NONE
		    : ODDITY_MALFORMED);
		buffer_fini(&packet);
	}
	asked_fini(&asked);
}

static void
zones(void **state)
{
	const uint8_t name[] = "\1a\1d\7example";

	(void)state;
	assert_ptr_equal(exchange_zone(name, "d.example"), name + 2);
	assert_ptr_equal(exchange_zone(name, "a.d.example"), name);
	assert_ptr_equal(exchange_zone(name, "."), name + 12);
	assert_null(exchange_zone(name, "b.example"));
	assert_null(exchange_zone(name, "b.a.d.example"));
	assert_null(exchange_zone(name, "a..example"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules),
		cmocka_unit_test(referrals),
		cmocka_unit_test(classes_of_referral),
		cmocka_unit_test(same_fields),
		cmocka_unit_test(records),
		cmocka_unit_test(ttl),
		cmocka_unit_test(delegations),
		cmocka_unit_test(question),
		cmocka_unit_test(longest),
		cmocka_unit_test(matching),
		cmocka_unit_test(bare_header),
		cmocka_unit_test(edns),
		cmocka_unit_test(opt_records),
		cmocka_unit_test(classes),
		cmocka_unit_test(rdata),
		cmocka_unit_test(lengths),
		cmocka_unit_test(compression),
		cmocka_unit_test(long_names),
		cmocka_unit_test(zones),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
