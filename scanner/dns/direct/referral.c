#include "scanner/dns/direct/referral.h"

#include <string.h>

#include "parsers/ds_wire.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/denial.h"
#include "scanner/dns/direct/rrset.h"

#define CLASS_IN	1
#define DS_FIXED_BYTES	4	/* RFC 4034 5.1: before the digest */
#define GLUE_MAX	8	/* addresses of one server */

struct reading {
	const uint8_t	*name, *zone;
	struct dns_message message;
	/* Of the authority section. */
	struct dns_record records[RRSET_RECORDS_MAX];
	unsigned	 count;
	unsigned	 servers;
};

static bool
is_name(const uint8_t *a, const uint8_t *b)
{
	return name_order(a, b) == 0;
}

/* NS records of another name than that of the question are a referral to
 * another zone. */
static enum oddity
collect(struct reading *reading, const uint8_t *packet, size_t length)
{
	struct dns_record record;

	if (!dns_message_open(&reading->message, packet, length))
		return ODDITY_MALFORMED;
	while (dns_message_next(&reading->message, &record)) {
		if (record.section != DNS_AUTHORITY)
			continue;
		if (record.class != CLASS_IN)
			return ODDITY_CLASS;
		if (reading->count == RRSET_RECORDS_MAX)
			return ODDITY_CRYPTO_LIMIT;
		if (record.type == DNS_NS && !is_name(record.owner,
		    reading->name))
			return ODDITY_REFERRAL;
		reading->servers += record.type == DNS_NS;
		reading->records[reading->count++] = record;
	}
	if (reading->message.malformed)
		return ODDITY_MALFORMED;
	return reading->servers > 0 ? ODDITY_NONE : ODDITY_OTHER_ZONE;
}

/* Name servers ************************************************************ */

/* The addresses of a server. What the parent says about names elsewhere is not
 * its business (RFC 5452 6). */
static void
put_glue(const struct reading *reading, const uint8_t *server,
    struct buffer *servers)
{
	struct dns_message message;
	struct dns_record record;
	size_t count_at = servers->length;

	wire_put_number(servers, 0, 1);
	if (name_find(server, reading->zone) == NULL ||
	    !dns_message_open(&message, reading->message.packet,
	    reading->message.length))
		return;
	while (servers->bytes[count_at] < GLUE_MAX &&
	    dns_message_next(&message, &record)) {
		bool is_ipv4 = record.type == DNS_A && record.rdata_length == 4;
		struct address address = { .family = is_ipv4 ? 4 : 6 };

		if (record.section != DNS_ADDITIONAL ||
		    record.class != CLASS_IN ||
		    !is_name(record.owner, server) || (!is_ipv4 &&
		    (record.type != DNS_AAAA || record.rdata_length != 16)))
			continue;
		memcpy(address.bytes, record.rdata, record.rdata_length);
		address_put(servers, &address);
		servers->bytes[count_at]++;
	}
}

static bool
has_server(const struct buffer *servers, const char *text)
{
	struct delegation_walk walk;

	delegation_open(&(struct delegation){
	    .servers = servers->bytes, .length = servers->length }, &walk);
	while (delegation_next(&walk))
		if (strcmp(walk.server, text) == 0)
			return true;
	return false;
}

static enum oddity
read_servers(const struct reading *reading, struct buffer *servers)
{
	if (reading->servers > REFERRAL_SERVERS_MAX)
		return ODDITY_CRYPTO_LIMIT;
	for (unsigned i = 0; i < reading->count; i++) {
		uint8_t server[NAME_WIRE_MAX];
		char text[NAME_TEXT_MAX];

		if (reading->records[i].type != DNS_NS)
			continue;
		if (!dns_record_name(&reading->message, &reading->records[i],
		    server))
			return ODDITY_MALFORMED;
		name_to_text(server, text);
		if (has_server(servers, text))
			continue;
		wire_put_text(servers, text);
		put_glue(reading, server, servers);
	}
	return ODDITY_NONE;
}

/* DS ********************************************************************** */

/* Fills the set with the records of a type, or that cover it, of one owner. */
static void
fill(const struct reading *reading, struct rrset *set)
{
	for (unsigned i = 0; i < reading->count; i++) {
		const struct dns_record *record = &reading->records[i];
		uint16_t type = record->type;
		uint8_t labels;

		if (type == DNS_RRSIG && !dns_record_rrsig(record, &type,
		    &labels))
			continue;
		if (type == set->type && is_name(record->owner, set->owner))
			rrset_add(set, &reading->message, record);
	}
}

static enum oddity
put_ds(const struct rrset *set, struct buffer *ds)
{
	if (set->count > DS_RECORDS_MAX)
		return ODDITY_CRYPTO_LIMIT;
	for (unsigned i = 0; i < set->count; i++) {
		const uint8_t *rdata = set->bytes.bytes + set->rdata[i].at;
		size_t length = set->rdata[i].length;

		if (length <= DS_FIXED_BYTES ||
		    length > DS_FIXED_BYTES + DS_DIGEST_MAX)
			return ODDITY_CRYPTO_LIMIT;
		ds_put(ds, &(struct ds_record){
			.tag = (uint16_t)(rdata[0] << 8 | rdata[1]),
			.algorithm = rdata[2], .digest_type = rdata[3],
			.digest = rdata + DS_FIXED_BYTES,
			.digest_length = length - DS_FIXED_BYTES,
		});
	}
	return ODDITY_NONE;
}

/* Each NSEC and NSEC3 record must have a signature: the proof may rest on any of
 * them. */
static enum oddity
verify_denials(const struct reading *reading, struct secure_check *check,
    const struct secure_keys *keys)
{
	enum oddity oddity = ODDITY_NONE;

	for (unsigned i = 0; i < reading->count && oddity == ODDITY_NONE;
	    i++) {
		const struct dns_record *record = &reading->records[i];
		struct rrset set;

		if (record->type != DNS_NSEC && record->type != DNS_NSEC3)
			continue;
		rrset_init(&set, record->owner, record->type);
		fill(reading, &set);
		oddity = set.count > 1 ? ODDITY_UNPROVEN
		    : rrset_verify(&set, keys, check, reading->zone);
		rrset_fini(&set);
	}
	return oddity;
}

/* RFC 4035 5.2 and RFC 5155 8.9: the delegation has DS records, or it is proven
 * that it has none. */
static enum oddity
read_ds(const struct reading *reading, struct secure_check *check,
    const struct secure_keys *keys, struct referral *referral)
{
	const struct denial denial = {
		.zone = reading->zone, .name = reading->name, .type = DNS_DS,
		.records = reading->records, .count = reading->count,
	};
	struct rrset set;
	enum oddity oddity;

	rrset_init(&set, reading->name, DNS_DS);
	fill(reading, &set);
	if (set.count > 0) {
		oddity = rrset_verify(&set, keys, check, reading->zone);
		if (oddity == ODDITY_NONE)
			oddity = put_ds(&set, &referral->ds);
		referral->ds_ttl = set.ttl;
	} else {
		oddity = denial_of_ds(&denial);
		if (oddity == ODDITY_NONE)
			oddity = verify_denials(reading, check, keys);
	}
	rrset_fini(&set);
	return oddity;
}

enum oddity
referral_read(struct referral *referral, struct secure_check *check,
    const struct secure_keys *keys, const uint8_t *name,
    const uint8_t *packet, size_t length)
{
	struct reading reading;
	enum oddity oddity;

	reading.name = name;
	reading.zone = check->zone;
	reading.count = reading.servers = 0;
	*referral = (struct referral){ 0 };
	oddity = collect(&reading, packet, length);
	if (oddity == ODDITY_NONE)
		oddity = read_servers(&reading, &referral->servers);
	if (oddity == ODDITY_NONE && keys != NULL)
		oddity = read_ds(&reading, check, keys, referral);
	if (oddity != ODDITY_NONE)
		referral_fini(referral);
	return oddity;
}

void
referral_fini(struct referral *referral)
{
	buffer_fini(&referral->servers);
	buffer_fini(&referral->ds);
	*referral = (struct referral){ 0 };
}
