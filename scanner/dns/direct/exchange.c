#include "scanner/dns/direct/exchange.h"

#include <assert.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/dns/answer.h"
#include "scanner/dns/direct/secure.h"
#include "scanner/dns/direct/survey.h"

#define HEADER_BYTES	12
#define CLASS_IN	1
#define EDNS_DO		0x80

/* RFC 1035 4.1.1, RFC 6891 9 */
enum { FORMERR = 1, SERVFAIL = 2, NXDOMAIN = 3, NOTIMP = 4, REFUSED = 5,
	BADVERS = 16 };

/* The recursive lane has these upper limits for TTLs, and for that of an SOA
 * record in the authority section: libunbound's cache-max-ttl and
 * cache-max-negative-ttl. */
#define TTL_MAX		86400
#define SOA_TTL_MAX	3600

static size_t
put(uint8_t *at, uint16_t number)
{
	at[0] = (uint8_t)(number >> 8);
	at[1] = (uint8_t)number;
	return 2;
}

/* Writes the name as it is sent; returns its length. The length byte of a label
 * is below 'a', so only letters change. */
static size_t
put_name(const struct exchange *exchange, uint8_t *at)
{
	size_t length = name_wire_length(exchange->name, NAME_WIRE_MAX);

	for (size_t i = 0; i < length; i++) {
		uint8_t byte = exchange->name[i];

		if (byte >= 'a' && byte <= 'z' &&
		    exchange->upper[i / 8] >> i % 8 & 1)
			byte -= 'a' - 'A';
		at[i] = byte;
	}
	return length;
}

static size_t
put_question(const struct exchange *exchange, uint8_t *at)
{
	size_t length = put_name(exchange, at);

	length += put(at + length, exchange->type);
	return length + put(at + length, CLASS_IN);
}

size_t
exchange_write(const struct exchange *exchange,
    uint8_t packet[EXCHANGE_QUESTION_MAX])
{
	/* RFC 6891 6.1.2: the root, the type, our size, extended RCODE and
	 * version 0, DO, no options. */
	static const uint8_t opt[11] = { 0, 0, DNS_OPT,
		EXCHANGE_RESPONSE_MAX >> 8, EXCHANGE_RESPONSE_MAX & 0xff,
		0, 0, EDNS_DO, 0, 0, 0 };
	size_t length;

	memset(packet, 0, HEADER_BYTES);
	put(packet, exchange->id);
	packet[5] = 1;
	packet[11] = exchange->has_edns;
	length = HEADER_BYTES + put_question(exchange, packet + HEADER_BYTES);
	if (!exchange->has_edns)
		return length;
	memcpy(packet + length, opt, sizeof opt);
	return length + sizeof opt;
}

static enum exchange_end
odd(struct answer *answer, enum oddity oddity)
{
	answer->status = LOOKUP_SERVFAIL;
	answer->verdict = VERDICT_ODD;
	answer->oddity = oddity;
	return EXCHANGE_ODD;
}

/* RFC 1035 4.1.1: id, QR, opcode. Some servers omit the question from an error
 * response; in all other responses it must be present. */
static bool
is_response_to(const struct exchange *exchange, const uint8_t *packet,
    size_t length)
{
	return length >= HEADER_BYTES && packet[0] == exchange->id >> 8 &&
	    packet[1] == (exchange->id & 0xff) &&
	    (packet[2] & 0xf8) == 0x80;
}

static bool
is_signed(const struct exchange *exchange)
{
	return exchange->delegation->ds_length > 0;
}

/* Without EDNS there are no signatures (RFC 3225 3). */
static enum exchange_end
without_edns(const struct exchange *exchange)
{
	return exchange->has_edns && !is_signed(exchange)
	    ? EXCHANGE_WITHOUT_EDNS : EXCHANGE_FORMERR;
}

/* Reads an error of the server about itself or about the message. The rest of
 * such a response is not read. CLEAN: there is no error. */
static enum exchange_end
read_failure(const struct exchange *exchange, const uint8_t *packet)
{
	switch (packet[3] & 0x0f) {
	case FORMERR:
	case NOTIMP:
		return without_edns(exchange);
	case SERVFAIL:
		return EXCHANGE_SERVFAIL;
	case REFUSED:
		return EXCHANGE_REFUSED;
	default:
		return EXCHANGE_CLEAN;
	}
}

/* Is the question exactly the one that was sent? CLEAN if each bit is the
 * same. */
static enum exchange_end
compare_question(const struct exchange *exchange,
    const struct dns_message *message, struct answer *answer)
{
	uint8_t sent[NAME_WIRE_MAX + 4];
	size_t length = name_wire_length(exchange->name, NAME_WIRE_MAX);

	if (message->question_type != exchange->type ||
	    message->question_class != CLASS_IN ||
	    memcmp(message->question, exchange->name, length) != 0)
		return EXCHANGE_MISMATCH;
	length = put_question(exchange, sent);
	if (memcmp(message->packet + HEADER_BYTES, sent, length) != 0)
		return odd(answer, ODDITY_CASE);
	return EXCHANGE_CLEAN;
}

/* The first oddity in the order in which survey.h has them. */
static enum oddity
oddity_of(const struct exchange *exchange, const struct survey *survey)
{
	if (survey->has_other_class)
		return ODDITY_CLASS;
	if (survey->has_signature && !is_signed(exchange))
		return ODDITY_SIGNED;
	if (survey->has_dname)
		return ODDITY_DNAME;
	if (survey->has_alias_at_apex)
		return ODDITY_ALIAS_AT_APEX;
	if (survey->has_alias_outside)
		return ODDITY_ALIAS_OUTSIDE;
	if (survey->has_referral)
		return ODDITY_REFERRAL;
	if (survey->has_other_zone)
		return ODDITY_OTHER_ZONE;
	if (survey->servers_known == 0 && survey->servers_unknown > 0)
		return ODDITY_OTHER_SERVERS;
	return ODDITY_NONE;
}

/* RFC 1034 4.3.2: apart from signatures, the answer section has only the chain
 * of aliases and the records at its end, and a denial has its SOA record (RFC
 * 2308 2). */
static enum oddity
oddity_of_answer(const struct survey *survey, const struct answer *answer)
{
	if (answer->aliases != survey->aliases ||
	    answer->count != survey->answers - survey->aliases -
	    survey->signatures ||
	    (answer->status == LOOKUP_NXDOMAIN && answer->count > 0))
		return ODDITY_STRAY;
	if (answer->status != LOOKUP_FOUND && !survey->has_soa)
		return ODDITY_NO_SOA;
	return ODDITY_NONE;
}

/* Says how secure the answer is: TXT may be absent without proof (RULES L28). */
static enum oddity
judge(const struct exchange *exchange, const struct exchange_proof *proof,
    struct answer *read)
{
	struct secure_check check = { .zone = exchange->zone };
	bool is_absent_txt = exchange->type == DNS_TXT &&
	    read->status != LOOKUP_FOUND;

	if (!is_signed(exchange)) {
		read->dnssec = DNSSEC_INSECURE;
		return ODDITY_NONE;
	}
	if (proof == NULL)
		return ODDITY_NONE;
	check.now_s = proof->now_s;
	check.verifications = proof->verifications;
	read->dnssec = is_absent_txt ? DNSSEC_UNCHECKED : DNSSEC_SECURE;
	return secure_judge(proof->keys, &check, exchange, read,
	    is_absent_txt, &read->ttl);
}

/* Fills the answer as the recursive lane would. */
static enum exchange_end
take_answer(const struct exchange *exchange,
    const struct exchange_proof *proof, const struct survey *survey,
    const uint8_t *packet, size_t length, struct answer *answer)
{
	struct answer read = *answer;
	uint32_t ttl_max = survey->has_soa ? SOA_TTL_MAX : TTL_MAX;

	/* It is only read. */
	read.packet = (uint8_t *)(uintptr_t)packet;
	read.packet_length = length;
	if (!answer_read(&read, exchange->name, exchange->type))
		return odd(answer, read.oddity);
	read.oddity = oddity_of_answer(survey, &read);
	if (read.oddity != ODDITY_NONE)
		return odd(answer, read.oddity);
	read.oddity = judge(exchange, proof, &read);
	if (read.oddity != ODDITY_NONE) {
		odd(answer, read.oddity);
		answer->status = read.status;
		return EXCHANGE_ODD;
	}
	*answer = read;
	answer->packet = xmemdup(packet, length);
	answer->verdict = VERDICT_ANSWERED;
	if (answer->ttl > ttl_max)
		answer->ttl = ttl_max;
	answer->delegation_differs = survey->servers_unknown > 0 ||
	    (survey->servers_known > 0 && survey->is_server_missing);
	return EXCHANGE_CLEAN;
}

/* RFC 1034 4.3.2, step 3b: a zone cut on the way. */
static enum exchange_end
take_referral(const struct survey *survey, const struct dns_message *message,
    struct answer *answer)
{
	if (survey->has_other_class)
		return odd(answer, ODDITY_CLASS);
	if (message->is_authoritative || survey->rcode != 0 ||
	    survey->answers > 0 || survey->has_soa || survey->has_other_zone ||
	    survey->servers_known + survey->servers_unknown > 0)
		return odd(answer, ODDITY_OTHER_ZONE);
	answer->status = LOOKUP_NODATA;
	answer->verdict = VERDICT_ANSWERED;
	answer->packet = xmemdup(message->packet, message->length);
	answer->packet_length = message->length;
	return EXCHANGE_CLEAN;
}

enum exchange_end
exchange_read(const struct exchange *exchange,
    const struct exchange_proof *proof, const uint8_t *packet, size_t length,
    struct answer *answer)
{
	struct dns_message message;
	struct survey survey;
	enum exchange_end end;
	enum oddity oddity;

	assert(exchange->type != DNS_CNAME);
	assert(!is_signed(exchange) || proof != NULL ||
	    exchange->type == DNS_DNSKEY);
	if (!is_response_to(exchange, packet, length))
		return EXCHANGE_MISMATCH;
	if (packet[4] == 0 && packet[5] == 0 &&
	    (end = read_failure(exchange, packet)) != EXCHANGE_CLEAN)
		return end;
	if (!dns_message_open(&message, packet, length))
		return odd(answer, ODDITY_MALFORMED);
	end = compare_question(exchange, &message, answer);
	if (end != EXCHANGE_CLEAN)
		return end;
	end = read_failure(exchange, packet);
	if (end != EXCHANGE_CLEAN)
		return end;
	if (message.is_truncated)
		return odd(answer, ODDITY_TRUNCATED);
	survey_take(&survey, &message, exchange->zone, exchange->delegation);
	if (survey.is_malformed)
		return odd(answer, ODDITY_MALFORMED);
	if (survey.rcode == BADVERS)
		return without_edns(exchange);
	if (survey.rcode != 0 && survey.rcode != NXDOMAIN)
		return odd(answer, ODDITY_RCODE);
	if (!message.is_authoritative && !survey.has_referral)
		return EXCHANGE_LAME;
	if (exchange->is_for_referral)
		return take_referral(&survey, &message, answer);
	oddity = oddity_of(exchange, &survey);
	if (oddity != ODDITY_NONE)
		return odd(answer, oddity);
	return take_answer(exchange, proof, &survey, packet, length, answer);
}

const uint8_t *
exchange_zone(const uint8_t *name, const char *delegated)
{
	uint8_t zone[NAME_WIRE_MAX];
	size_t length;

	if (name_from_text(delegated, strlen(delegated), zone, &length) !=
	    NAME_OK)
		return NULL;
	return name_find(name, zone);
}
