/*
 * survey: classifies the records of a response in one walk over all sections.
 * It collects facts for exchange.c, which judges them. Only A, AAAA, NS, CNAME,
 * SOA, MX and DNAME records in the answer and authority sections are checked
 * for sound RDATA: libunbound drops a response if a name in these cannot be
 * read.
 */
#ifndef MXCENSUS_DNS_DIRECT_SURVEY_H
#define MXCENSUS_DNS_DIRECT_SURVEY_H

#include "parsers/dns_message.h"
#include "scanner/dns/delegation.h"

struct survey {
	/* A record or a count is wrong, bytes follow the last record, or there
	 * is more than one OPT record (RFC 6891 6.1.1). Everything else is
	 * unknown then. */
	bool		 is_malformed;
	unsigned	 rcode;		/* with the bits of the OPT record */
	bool		 has_other_class;
	/* RRSIG in the answer or authority section: a denial has its signatures
	 * there. */
	bool		 has_signature;
	/* The answer section. */
	unsigned	 answers;	/* records */
	unsigned	 aliases;	/* of these, CNAME */
	unsigned	 signatures;	/* of these, RRSIG */
	bool		 has_dname, has_alias_at_apex, has_alias_outside;
	/* The authority section. */
	bool		 has_referral;	/* NS of a name below the delegated */
	/* SOA or NS of another name, or two SOA. */
	bool		 has_other_zone;
	bool		 has_soa;	/* of the delegated name */
	/* NS records of the delegated name: are there servers that the
	 * delegation has, servers that it does not have, and is one of the
	 * delegation missing? */
	unsigned	 servers_known, servers_unknown;
	bool		 is_server_missing;
};

/* The message must be freshly opened; it is not advanced. */
void	survey_take(struct survey *, const struct dns_message *,
	    const uint8_t *zone, const struct delegation *);

#endif
