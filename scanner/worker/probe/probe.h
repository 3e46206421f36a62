/*
 * probe: what one item of a probe batch finds out, and who judges it.
 *
 * probe.c drives the session (loop, socket, TLS); session.c says what one calls
 * for; judge.c writes the rows.
 */
#ifndef MXCENSUS_WORKER_PROBE_PROBE_H
#define MXCENSUS_WORKER_PROBE_PROBE_H

#include "scanner/crypto/certificate.h"
#include "scanner/crypto/trust.h"
#include "scanner/message/item.h"
#include "scanner/net/tls.h"
#include "scanner/worker/host/tlsa_set.h"
#include "scanner/worker/job.h"
#include "scanner/worker/probe/smtp.h"

/* What a session showed, one for each profile that was tried. */
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

/* A host of the item, with the TLSA records that it is judged by. */
struct judged_host {
	struct probe_host	 host;		/* texts inside job->input */
	struct tlsa_set		 set;
	enum tlsa_status	 tlsa_status;
	int64_t			 tlsa_asked_at;
	unsigned		 asking;
	bool			 has_changed;	/* since it was handed out */
};

/* Takes an item off job->next and starts it; false if it is not legal. */
bool	probe_start(struct job *);

void	session_free(struct session *);
/* S15: it failed in the handshake, as it does with an old server: one more, with
 * the legacy profile. */
bool	session_wants_legacy(const struct session *);
/* T16, U10: its TLSA records are to be asked again before the session, since they
 * are older than their TTL at `now`, or a mismatch is looked at once more. */
bool	judged_host_is_stale(const struct judged_host *, int64_t now);
/* Rows of `probes`, and the staged certificates and chain. */
void	judge_session(struct job *, const struct probe_item *,
	    const struct session *);
/* The row of `host_results`. `session` is the last of the item; NULL where no
 * session took place (RULES 11: `outcome` of the item is the reason). */
void	judge_host(struct job *, const struct probe_item *,
	    const struct session *, const struct judged_host *);

#endif
