/* answer: private to dns/. It reads what the packet of a lookup says. */
#ifndef MXCENSUS_DNS_ANSWER_H
#define MXCENSUS_DNS_ANSWER_H

#include "scanner/dns/lookup.h"

/* Fills status, canonical, has_cname, is_wildcard, wildcard_labels, count and ttl from
 * answer->packet. False with the oddity of the answer if the packet is
 * malformed, its aliases form a circle, or it has another rcode. */
bool	answer_read(struct answer *, const uint8_t *question, uint16_t type);

#endif
