/* session: what one session showed, one for each profile that was tried. */
#ifndef MXCENSUS_WORKER_PROBE_SESSION_H
#define MXCENSUS_WORKER_PROBE_SESSION_H

#include "scanner/crypto/certificate.h"
#include "scanner/net/tls.h"
#include "scanner/worker/probe/smtp.h"

struct session {
	struct smtp		 smtp;
	enum profile		 profile;
	struct chain		 chain;
	bool			 has_tls;
	struct tls_facts	 tls;
	int			 connect_ms, tls_ms, total_ms;	/* -1: not reached */
	uint64_t		 received_bytes;
	int64_t			 measured_at;	/* start of the connection */
};

void	session_free(struct session *);
/* S15: it failed in the handshake, as it does with an old server: one more, with
 * the legacy profile. */
bool	session_wants_legacy(const struct session *);

#endif
