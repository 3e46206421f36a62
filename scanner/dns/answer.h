/* answer: reads the packet of a lookup. It is private to dns/. */
#ifndef MXCENSUS_DNS_ANSWER_H
#define MXCENSUS_DNS_ANSWER_H

#include "scanner/dns/lookup.h"

/* Fills status, canonical, has_cname, is_wildcard, wildcard_labels, count and
 * ttl from answer->packet. Returns false and sets the oddity of the answer if
 * the packet is malformed, if its aliases form a loop, or if it has another
 * rcode. */
bool	answer_read(struct answer *, const uint8_t *question, uint16_t type);

#endif
