#include "parsers/dnssec.h"

#include <string.h>

#define WINDOW_BYTES_MAX	32

static uint16_t
read_16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t
read_32(const uint8_t *at)
{
	return (uint32_t)read_16(at) << 16 | read_16(at + 2);
}

/* RFC 4034 appendix B. (The obsolete algorithm 1 has another tag.) */
static uint16_t
key_tag(const uint8_t *rdata, size_t length)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < length; i++)
		sum += i % 2 == 0 ? (uint32_t)rdata[i] << 8 : rdata[i];
	return (uint16_t)(sum + (sum >> 16));
}

bool
dnskey_read(const uint8_t *rdata, size_t length, struct dnskey *key)
{
	if (length < 4 + 1)
		return false;
	*key = (struct dnskey){
		.flags = read_16(rdata), .protocol = rdata[2],
		.algorithm = rdata[3], .tag = key_tag(rdata, length),
		.key = rdata + 4, .key_length = length - 4,
	};
	return true;
}

/* Returns the length of the name at the beginning; 0 if there is none. */
static size_t
take_name(const uint8_t *at, size_t left, uint8_t name[NAME_WIRE_MAX])
{
	size_t length = name_wire_length(at, left);

	if (length == 0)
		return 0;
	memcpy(name, at, length);
	name_lower(name);
	return length;
}

bool
rrsig_read(const uint8_t *rdata, size_t length, struct rrsig *rrsig)
{
	size_t signer;

	if (length < RRSIG_FIXED_BYTES)
		return false;
	rrsig->covered = read_16(rdata);
	rrsig->algorithm = rdata[2];
	rrsig->labels = rdata[3];
	rrsig->original_ttl = read_32(rdata + 4);
	rrsig->expiration = read_32(rdata + 8);
	rrsig->inception = read_32(rdata + 12);
	rrsig->tag = read_16(rdata + 16);
	signer = take_name(rdata + RRSIG_FIXED_BYTES,
	    length - RRSIG_FIXED_BYTES, rrsig->signer);
	if (signer == 0 || RRSIG_FIXED_BYTES + signer == length)
		return false;
	rrsig->signer_length = signer;
	rrsig->signature = rdata + RRSIG_FIXED_BYTES + signer;
	rrsig->signature_length = length - RRSIG_FIXED_BYTES - signer;
	return true;
}

/* RFC 4034 4.1.2: each window occurs once, has at least one type, and does not
 * end in a zero byte. */
static bool
take_types(const uint8_t *at, size_t length, struct type_bitmap *types)
{
	int last = -1;

	types->bytes = at;
	types->length = length;
	while (length > 0) {
		size_t bytes;

		if (length < 3 || at[0] <= last)
			return false;
		bytes = at[1];
		if (bytes == 0 || bytes > WINDOW_BYTES_MAX ||
		    length < 2 + bytes || at[1 + bytes] == 0)
			return false;
		last = at[0];
		at += 2 + bytes;
		length -= 2 + bytes;
	}
	return true;
}

bool
nsec_read(const uint8_t *rdata, size_t length, struct nsec *nsec)
{
	size_t next = take_name(rdata, length, nsec->next);

	return next != 0 && take_types(rdata + next, length - next,
	    &nsec->types);
}

bool
nsec3_read(const uint8_t *rdata, size_t length, struct nsec3 *nsec3)
{
	size_t next;

	if (length < 5 || length - 5 < (size_t)rdata[4] + 1)
		return false;
	nsec3->algorithm = rdata[0];
	nsec3->flags = rdata[1];
	nsec3->iterations = read_16(rdata + 2);
	nsec3->salt = rdata + 5;
	nsec3->salt_length = rdata[4];
	next = 5 + nsec3->salt_length;
	nsec3->next = rdata + next + 1;
	nsec3->next_length = rdata[next];
	if (nsec3->next_length == 0 || length - next - 1 < nsec3->next_length)
		return false;
	next += 1 + nsec3->next_length;
	return take_types(rdata + next, length - next, &nsec3->types);
}

bool
type_bitmap_has(const struct type_bitmap *types, uint16_t type)
{
	const uint8_t *at = types->bytes, *end = at + types->length;

	for (; at < end; at += 2 + at[1])
		if (at[0] == type >> 8)
			return (type & 0xff) / 8 < at[1] &&
			    (at[2 + (type & 0xff) / 8] >> (7 - type % 8) & 1);
	return false;
}

void
nsec3_hash_text(const uint8_t hash[NSEC3_HASH_BYTES],
    uint8_t text[NSEC3_HASH_TEXT])
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";

	for (size_t i = 0; i < NSEC3_HASH_TEXT; i++) {
		size_t bit = 5 * i, at = bit / 8;
		unsigned two = (unsigned)hash[at] << 8;

		if (at + 1 < NSEC3_HASH_BYTES)
			two |= hash[at + 1];
		text[i] = (uint8_t)digits[two >> (11 - bit % 8) & 31];
	}
}

bool
dns_record_canonical(const struct dns_message *message,
    const struct dns_record *record, struct buffer *buffer)
{
	uint8_t names[2][NAME_WIRE_MAX];
	uint16_t preference;

	switch (record->type) {
	case DNS_NS:
	case DNS_CNAME:
	case DNS_DNAME:
		if (!dns_record_name(message, record, names[0]))
			return false;
		break;
	case DNS_MX:
		if (!dns_record_mx(message, record, &preference, names[0]))
			return false;
		buffer_append(buffer, record->rdata, 2);
		break;
	case DNS_SOA:
		if (!dns_record_soa_names(message, record, names[0], names[1]))
			return false;
		break;
	case DNS_A:
	case DNS_AAAA:
	case DNS_TXT:
	case DNS_TLSA:
	case DNS_DS:
	case DNS_DNSKEY:
	case DNS_NSEC:
	case DNS_NSEC3:
		buffer_append(buffer, record->rdata, record->rdata_length);
		return true;
	default:
		return false;
	}
	buffer_append(buffer, names[0],
	    name_wire_length(names[0], NAME_WIRE_MAX));
	if (record->type == DNS_SOA) {
		buffer_append(buffer, names[1],
		    name_wire_length(names[1], NAME_WIRE_MAX));
		buffer_append(buffer, record->rdata + record->rdata_length -
		    DNS_SOA_NUMBERS_BYTES, DNS_SOA_NUMBERS_BYTES);
	}
	return true;
}
