/*
 * dns_message: a DNS message as bytes (RFC 1035 section 4, RFC 3597, RFC 4034).
 *
 * It reads a packet that its caller owns. Only names are copied: they are
 * decompressed into canonical wire form. Every length is checked, compression
 * pointers only go backwards, and a name has at most 128 labels. A message that
 * breaks one of these rules ends the walk and sets `malformed`.
 */
#ifndef MXCENSUS_PARSERS_DNS_MESSAGE_H
#define MXCENSUS_PARSERS_DNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/name.h"

enum dns_type {
	DNS_A = 1, DNS_NS = 2, DNS_CNAME = 5, DNS_SOA = 6,
	DNS_PTR = 12, DNS_MX = 15,
	DNS_TXT = 16, DNS_AAAA = 28, DNS_DNAME = 39, DNS_OPT = 41, DNS_DS = 43,
	DNS_RRSIG = 46, DNS_NSEC = 47, DNS_DNSKEY = 48, DNS_NSEC3 = 50,
	DNS_TLSA = 52,
};

enum dns_section { DNS_ANSWER, DNS_AUTHORITY, DNS_ADDITIONAL };

struct dns_message {
	const uint8_t	*packet;
	size_t		 length;
	/* The header. */
	uint16_t	 id;
	bool		 is_response, is_authoritative, is_truncated;
	unsigned	 rcode;		/* 0 to 15 */
	uint16_t	 counts[4];	/* question, answer, authority, additional */
	/* The one question (counts[0] is 1, else malformed). */
	uint8_t		 question[NAME_WIRE_MAX];
	uint16_t	 question_type, question_class;
	/* The walk. */
	size_t		 offset;
	unsigned	 section, left;
	bool		 malformed;
};

struct dns_record {
	enum dns_section section;
	uint8_t		 owner[NAME_WIRE_MAX];
	uint16_t	 type, class;
	uint32_t	 ttl;		/* seconds; RFC 2181 8: over 2^31-1 is 0 */
	const uint8_t	*rdata;	/* inside the packet */
	uint16_t	 rdata_length;
};

/* Reads header and question. Returns false if malformed. */
bool	dns_message_open(struct dns_message *, const uint8_t *packet,
	    size_t length);
/* The next record in packet order; false at the end or if malformed. */
bool	dns_message_next(struct dns_message *, struct dns_record *);

/* Reads RDATA. Returns false if it is malformed; then the caller drops the
 * record and continues the walk. */
bool	dns_record_name(const struct dns_message *, const struct dns_record *,
	    uint8_t target[NAME_WIRE_MAX]);		/* CNAME, NS, PTR,
						 * DNAME */
bool	dns_record_mx(const struct dns_message *, const struct dns_record *,
	    uint16_t *preference, uint8_t exchange[NAME_WIRE_MAX]);
/* Reads two names and five numbers, the last of which is MINIMUM (RFC 1035
 * 3.3.13). */
bool	dns_record_soa(const struct dns_message *, const struct dns_record *,
	    uint32_t *minimum);
/* The two names: MNAME and RNAME. The numbers are the last bytes of the RDATA. */
#define DNS_SOA_NUMBERS_BYTES 20
bool	dns_record_soa_names(const struct dns_message *,
	    const struct dns_record *, uint8_t mname[NAME_WIRE_MAX],
	    uint8_t rname[NAME_WIRE_MAX]);
/* Type covered and labels of an RRSIG (RFC 4034 3.1). */
bool	dns_record_rrsig(const struct dns_record *, uint16_t *covered,
	    uint8_t *labels);
/* Joins TXT strings without a space (as in RFC 7208 3.3; RULES P1) into `text`,
 * which has `size` bytes. Returns the length, or -1 if the record is malformed
 * or too long. */
long	dns_record_txt(const struct dns_record *, uint8_t *text, size_t size);

#endif
