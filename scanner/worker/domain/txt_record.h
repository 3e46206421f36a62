/*
 * txt_record: reads the records of MTA-STS and TLSRPT in DNS (RFC 8461 3.1, RFC
 * 8460 3; RULES P1, P2, P10). Its functions are pure.
 */
#ifndef MXCENSUS_WORKER_DOMAIN_TXT_RECORD_H
#define MXCENSUS_WORKER_DOMAIN_TXT_RECORD_H

#include "scanner/base/buffer.h"
#include "scanner/dns/lookup.h"

enum txt_kind { TXT_MTA_STS, TXT_TLSRPT };

/* The name of the question: `_mta-sts` or `_smtp._tls` below a domain in wire
 * form. Returns false if it would be too long. */
bool	txt_record_owner(enum txt_kind, const uint8_t *domain,
	    uint8_t owner[NAME_WIRE_MAX]);
/* What the answer to that question says. `text` (may be NULL) gets the record,
 * if there is one, legal or not. */
enum txt_status txt_record_read(enum txt_kind, const struct lookup *,
	    struct buffer *text);

#endif
