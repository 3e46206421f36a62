#include "parsers/dns_message.h"

#include <string.h>

#define HEADER_BYTES	12
#define POINTERS_MAX	128

static unsigned
read_16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static uint32_t
read_32(const uint8_t *at)
{
	return (uint32_t)read_16(at) << 16 | read_16(at + 2);
}

/* Reads a name at `offset` into canonical wire form. Returns the offset after
 * it in the packet, or 0 if it is malformed. Pointers go only backwards (RFC
 * 1035 4.1.4: "a prior occurance"), so there cannot be a loop. */
static size_t
read_name(const uint8_t *packet, size_t length, size_t offset,
    uint8_t name[NAME_WIRE_MAX])
{
	size_t at = offset, behind = 0, used = 0, limit = offset;

	for (unsigned pointers = 0; at < length;) {
		uint8_t label = packet[at];

		if ((label & 0xc0) == 0xc0) {
			size_t target;

			if (at + 1 >= length || ++pointers > POINTERS_MAX)
				return 0;
			target = read_16(packet + at) & 0x3fff;
			if (behind == 0)
				behind = at + 2;
			if (target < HEADER_BYTES || target >= limit)
				return 0;
			at = limit = target;
			continue;
		}
		if (label > NAME_LABEL_MAX || at + 1 + label > length ||
		    used + 1 + label > NAME_WIRE_MAX)
			return 0;
		memcpy(name + used, packet + at, 1 + (size_t)label);
		used += 1 + (size_t)label;
		at += 1 + (size_t)label;
		if (label != 0)
			continue;
		name_lower(name);
		return behind != 0 ? behind : at;
	}
	return 0;
}

bool
dns_message_open(struct dns_message *message, const uint8_t *packet,
    size_t length)
{
	size_t behind;

	*message = (struct dns_message){
		.packet = packet, .length = length, .malformed = true,
	};
	if (length < HEADER_BYTES)
		return false;
	message->id = (uint16_t)read_16(packet);
	message->is_response = (packet[2] & 0x80) != 0;
	message->is_authoritative = (packet[2] & 0x04) != 0;
	message->is_truncated = (packet[2] & 0x02) != 0;
	message->rcode = packet[3] & 0x0f;
	for (int i = 0; i < 4; i++)
		message->counts[i] = (uint16_t)read_16(packet + 4 + 2 * i);
	if (message->counts[0] != 1)
		return false;
	behind = read_name(packet, length, HEADER_BYTES,
	    message->question);
	if (behind == 0 || length - behind < 4)
		return false;
	message->question_type = (uint16_t)read_16(packet + behind);
	message->question_class = (uint16_t)read_16(packet + behind + 2);
	message->offset = behind + 4;
	message->section = DNS_ANSWER;
	message->left = message->counts[1];
	message->malformed = false;
	return true;
}

bool
dns_message_next(struct dns_message *message, struct dns_record *record)
{
	const uint8_t *fixed;
	size_t behind;

	while (!message->malformed && message->left == 0 &&
	    message->section < DNS_ADDITIONAL)
		message->left = message->counts[1 + ++message->section];
	if (message->malformed || message->left == 0)
		return false;
	message->malformed = true;
	behind = read_name(message->packet, message->length, message->offset,
	    record->owner);
	if (behind == 0 || message->length - behind < 10)
		return false;
	fixed = message->packet + behind;
	record->section = (enum dns_section)message->section;
	record->type = (uint16_t)read_16(fixed);
	record->class = (uint16_t)read_16(fixed + 2);
	record->ttl = read_32(fixed + 4);
	if (record->ttl > INT32_MAX)
		record->ttl = 0;
	record->rdata_length = (uint16_t)read_16(fixed + 8);
	record->rdata = fixed + 10;
	if (message->length - behind - 10 < record->rdata_length)
		return false;
	message->offset = behind + 10 + record->rdata_length;
	message->left--;
	message->malformed = false;
	return true;
}

/* Reads a name that fills the RDATA from `skip` to its end. */
static bool
rdata_name(const struct dns_message *message, const struct dns_record *record,
    size_t skip, uint8_t name[NAME_WIRE_MAX])
{
	size_t start = (size_t)(record->rdata - message->packet);

	return record->rdata_length > skip && read_name(message->packet,
	    start + record->rdata_length, start + skip, name) ==
	    start + record->rdata_length;
}

bool
dns_record_name(const struct dns_message *message,
    const struct dns_record *record, uint8_t target[NAME_WIRE_MAX])
{
	return rdata_name(message, record, 0, target);
}

bool
dns_record_mx(const struct dns_message *message,
    const struct dns_record *record, uint16_t *preference,
    uint8_t exchange[NAME_WIRE_MAX])
{
	if (!rdata_name(message, record, 2, exchange))
		return false;
	*preference = (uint16_t)read_16(record->rdata);
	return true;
}

bool
dns_record_soa_names(const struct dns_message *message,
    const struct dns_record *record, uint8_t mname[NAME_WIRE_MAX],
    uint8_t rname[NAME_WIRE_MAX])
{
	size_t at = (size_t)(record->rdata - message->packet);
	size_t end = at + record->rdata_length;

	return (at = read_name(message->packet, end, at, mname)) != 0 &&
	    (at = read_name(message->packet, end, at, rname)) != 0 &&
	    end - at == DNS_SOA_NUMBERS_BYTES;
}

bool
dns_record_soa(const struct dns_message *message,
    const struct dns_record *record, uint32_t *minimum)
{
	uint8_t mname[NAME_WIRE_MAX], rname[NAME_WIRE_MAX];

	if (!dns_record_soa_names(message, record, mname, rname))
		return false;
	*minimum = read_32(record->rdata + record->rdata_length - 4);
	return true;
}

bool
dns_record_rrsig(const struct dns_record *record, uint16_t *covered,
    uint8_t *labels)
{
	/* An RRSIG has a fixed part, a signer that is at least the root, and a
	 * signature. */
	if (record->rdata_length < 18 + 1 + 1)
		return false;
	*covered = (uint16_t)read_16(record->rdata);
	*labels = record->rdata[3];
	return true;
}

long
dns_record_txt(const struct dns_record *record, uint8_t *text, size_t size)
{
	const uint8_t *at = record->rdata, *end = at + record->rdata_length;
	size_t used = 0;

	if (at == end)
		return -1;
	while (at < end) {
		size_t length = *at++;

		if ((size_t)(end - at) < length || size - used < length)
			return -1;
		memcpy(text + used, at, length);
		used += length;
		at += length;
	}
	return (long)used;
}
