/*
 * fuzz_dns_message: a packet of a name server. Every record is read as every
 * type, whatever its own type is.
 */
#include <assert.h>
#include <string.h>

#include "parsers/dns_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* In canonical wire form: well-formed and lower case. */
static void
check_name(const uint8_t name[NAME_WIRE_MAX])
{
	uint8_t lowered[NAME_WIRE_MAX];
	size_t length = name_wire_length(name, NAME_WIRE_MAX);

	assert(length > 0);
	memcpy(lowered, name, length);
	name_lower(lowered);
	assert(memcmp(lowered, name, length) == 0);
}

static void
check_txt(const struct dns_record *record)
{
	uint8_t text[UINT16_MAX];
	long length = dns_record_txt(record, text, sizeof text);

	assert(length >= -1 && length < (long)sizeof text);
	if (length < 0)
		return;
	/* Each string costs a byte; it fits exactly, and not in less. */
	assert(length < record->rdata_length);
	assert(dns_record_txt(record, text, (size_t)length) == length);
	if (length > 0)
		assert(dns_record_txt(record, text, (size_t)length - 1) == -1);
}

static void
check_record(const struct dns_message *message,
    const struct dns_record *record)
{
	uint8_t name[NAME_WIRE_MAX], labels;
	uint16_t number;
	uint32_t minimum;

	check_name(record->owner);
	assert(record->section <= DNS_ADDITIONAL);
	assert(record->ttl <= INT32_MAX);
	assert(record->rdata >= message->packet + 23);
	assert(record->rdata + record->rdata_length <=
	    message->packet + message->length);
	if (dns_record_name(message, record, name))
		check_name(name);
	if (dns_record_mx(message, record, &number, name))
		check_name(name);
	/* Two names of a byte or more. */
	assert(!dns_record_soa(message, record, &minimum) ||
	    record->rdata_length >= 22);
	assert(dns_record_rrsig(record, &number, &labels) ==
	    (record->rdata_length >= 20));
	check_txt(record);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct dns_message message;
	struct dns_record record;
	size_t records = 0;
	enum dns_section section = DNS_ANSWER;
	size_t offset;

	if (!dns_message_open(&message, bytes, length)) {
		assert(message.malformed);
		assert(!dns_message_next(&message, &record));
		return 0;
	}
	check_name(message.question);
	offset = message.offset;
	while (dns_message_next(&message, &record)) {
		assert(record.section >= section);
		section = record.section;
		assert(message.offset >= offset + 11);
		offset = message.offset;
		check_record(&message, &record);
		records++;
	}
	assert(message.malformed || records == (size_t)message.counts[1] +
	    message.counts[2] + message.counts[3]);
	assert(!dns_message_next(&message, &record));
	return 0;
}
