/* session: what one session showed. There is one for each profile that was
 * tried. The probe owns it. */
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
	int64_t			 measured_at;	/* when the connection
						 * started */
};

void	session_free(struct session *);
/* S15: did the session fail in the handshake, as with an old server? Then there
 * is one more session, with the legacy profile. */
bool	session_wants_legacy(const struct session *);

#endif
