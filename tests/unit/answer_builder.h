/*
 * answer_builder: responses of a name server in wire form, without compression,
 * for tests. Names are texts that name_from_text reads.
 */
#ifndef MXCENSUS_TESTS_ANSWER_BUILDER_H
#define MXCENSUS_TESTS_ANSWER_BUILDER_H

#include "scanner/base/buffer.h"
#include "scanner/dns/lookup.h"

/* Header and question of class IN; records follow, section by section. */
void	answer_begin(struct buffer *, const char *question, uint16_t type,
	    unsigned rcode);
void	answer_name(struct buffer *, const char *text);
void	answer_record(struct buffer *, enum dns_section, const char *owner,
	    uint16_t type, uint32_t ttl, const void *rdata, size_t length);
/* With a ttl of 3600, in the answer section. */
void	answer_cname(struct buffer *, const char *owner, const char *target);
void	answer_mx(struct buffer *, const char *owner, uint16_t preference,
	    const char *exchange);
void	answer_rrsig(struct buffer *, const char *owner, uint16_t covered,
	    uint8_t labels);
/* In the authority section. */
void	answer_soa(struct buffer *, const char *owner, uint32_t ttl,
	    uint32_t minimum);

/* The lookup at done(), as answer_read fills it. Its packet is a copy at the
 * end of fresh memory, so that a sanitizer sees an overread. */
bool	lookup_answered(struct lookup *, const struct buffer *,
	    const char *question, uint16_t type);
void	lookup_answered_fini(struct lookup *);

#endif
