/*
 * bogus_reason: why an answer is bogus, from what libunbound says of it in English
 * (ub_result.why_bogus). The texts are those of 1.17 to 1.26; one that is not known,
 * or does not tell, is OTHER.
 */
#ifndef MXCENSUS_DNS_BOGUS_REASON_H
#define MXCENSUS_DNS_BOGUS_REASON_H

#include <stdbool.h>

#include "scanner/base/facts.h"

enum bogus_reason bogus_reason_of(const char *why_bogus);
/* libunbound also calls an answer bogus if the DNSKEY or DS records that it needs did
 * not arrive. True for that; false if they arrived, whatever is wrong with them. */
bool	bogus_is_unanswered(const char *why_bogus);

#endif
