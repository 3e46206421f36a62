/*
 * bogus_reason: why an answer is bogus, from what libunbound says of it in English
 * (ub_result.why_bogus). The texts are those of 1.17 to 1.26; one that is not known,
 * or does not tell, is OTHER.
 */
#ifndef MXCENSUS_DNS_BOGUS_REASON_H
#define MXCENSUS_DNS_BOGUS_REASON_H

#include "scanner/base/facts.h"

enum bogus_reason bogus_reason_of(const char *why_bogus);

#endif
