/*
 * bogus_reason: finds out why an answer is bogus from the English text of
 * libunbound (ub_result.why_bogus). It knows the texts of versions 1.17 to
 * 1.26. A text that is unknown or says nothing is OTHER.
 */
#ifndef MXCENSUS_DNS_BOGUS_REASON_H
#define MXCENSUS_DNS_BOGUS_REASON_H

#include <stdbool.h>

#include "scanner/base/facts.h"

enum bogus_reason bogus_reason_of(const char *why_bogus);
/* libunbound also calls an answer bogus if the DNSKEY or DS records that it
 * needs did not arrive. Returns true in that case, and false if they arrived,
 * whatever is wrong with them. */
bool	bogus_is_unanswered(const char *why_bogus);

#endif
