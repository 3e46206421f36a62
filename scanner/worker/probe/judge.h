/*
 * judge: decides what a session says about its target and, with the TLSA
 * records of a host, about the host. Its functions are pure: they turn facts
 * into facts, and use no table, no clock and no lookup.
 */
#ifndef MXCENSUS_WORKER_PROBE_JUDGE_H
#define MXCENSUS_WORKER_PROBE_JUDGE_H

#include "scanner/crypto/dane.h"
#include "scanner/crypto/trust.h"
#include "scanner/message/item.h"
#include "scanner/worker/host/tlsa_set.h"
#include "scanner/worker/probe/session.h"

/* A host of the item, with the TLSA records that it is judged by. */
struct judged_host {
	struct probe_host	 host;		/* texts inside job->input */
	struct tlsa_set		 set;
	enum tlsa_status	 tlsa_status;
	int64_t			 tlsa_asked_at;
	unsigned		 asking;
	bool			 has_changed;	/* it, or its status, since the
						 * item was handed out */
};

/* Must the host's TLSA records be asked for again before the session? They must
 * if they are older than their TTL at `now` (T16), or if a mismatch is looked
 * at twice (U10). */
bool	judged_host_is_stale(const struct judged_host *, int64_t now);

struct session_judgement {
	unsigned		 flags;		/* bits of enum probe_flag */
	bool			 has_pkix;	/* there is a whole chain */
	struct pkix_facts	 pkix;
};

/* `sni` is the server name that the session sent. */
void	session_judge(const struct session *, const char *sni, struct trust *,
	    struct session_judgement *);

struct host_judgement {
	enum basis		 basis;
	bool			 has_reason;	/* no session could take
						 * place */
	enum outcome		 reason;
	enum tls_class		 tls_class;
	bool			 has_name_match, name_match;
	struct dane_facts	 dane;
	unsigned		 flags;		/* bits of enum result_flag */
	bool			 has_confirmed, confirmed;	/* U10 */
	int64_t			 measured_at;
};

/* `session` is the last session of the item. Returns NULL if there was none;
 * then the item's `outcome` is the reason (RULES 11: conduct). */
void	host_judge(const struct probe_item *, const struct session *,
	    const struct judged_host *, struct host_judgement *);

#endif
