/*
 * denial: what NSEC and NSEC3 records prove (RFC 4035 5.4, RFC 5155 8). It is a
 * part of secure.h. A proof counts only if the signatures of all records are
 * valid, too; these are verified afterwards.
 */
#ifndef MXCENSUS_DNS_DIRECT_DENIAL_H
#define MXCENSUS_DNS_DIRECT_DENIAL_H

#include "parsers/dns_message.h"
#include "scanner/base/facts.h"

/* libunbound takes as many, with its default val-nsec3-keysize-iterations and
 * keys of any size. */
#define DENIAL_ITERATIONS_MAX	150
/* The most hashes that one denial needs: each name from the denied one up to
 * the apex, and a wildcard. */
#define DENIAL_HASHES_MAX	16

struct denial {
	const uint8_t	*zone;
	const uint8_t	*name;		/* at or below the zone */
	uint16_t	 type;
	/* All records of the authority section; those that are neither NSEC nor
	 * NSEC3 are skipped. */
	const struct dns_record *records;
	unsigned	 count;
};

/* ODDITY_NONE: an NSEC or NSEC3 of exactly this name says that it has neither a
 * record of the type nor a CNAME. The zone has the name: it is the apex, or a
 * name below that is not a zone cut. */
enum oddity denial_of_type(const struct denial *);
/* ODDITY_NONE: neither the name exists nor a wildcard from which it could be
 * expanded. CRYPTO_LIMIT: the proof would need too many hashes. */
enum oddity denial_of_name(const struct denial *);
/* ODDITY_NONE: the zone delegates this name without DS records: a record of
 * exactly this name has NS, and neither DS nor SOA, or a gap with opt-out covers
 * the next closer name (RFC 4035 5.2, RFC 5155 8.9). `type` is not read. */
enum oddity denial_of_ds(const struct denial *);

#endif
