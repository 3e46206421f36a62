/*
 * judge: what a session says of its target, and with TLSA records of a host. Pure
 * functions: facts go in, facts come out; no table, no clock, no question.
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
	bool			 has_changed;	/* since it was handed out */
};

/* T16, U10: its TLSA records are to be asked again before the session, since they
 * are older than their TTL at `now`, or a mismatch is looked at once more. */
bool	judged_host_is_stale(const struct judged_host *, int64_t now);

struct session_judgement {
	unsigned		 flags;		/* bits of enum probe_flag */
	bool			 has_pkix;	/* there is a chain */
	struct pkix_facts	 pkix;
};

/* `sni`: the server name that the session asked for. */
void	session_judge(const struct session *, const char *sni, struct trust *,
	    struct session_judgement *);

struct host_judgement {
	enum basis		 basis;
	bool			 has_reason;	/* no session was to take place */
	enum outcome		 reason;
	enum tls_class		 tls_class;
	bool			 has_name_match, name_match;
	struct dane_facts	 dane;
	unsigned		 flags;		/* bits of enum result_flag */
	bool			 has_confirmed, confirmed;	/* U10 */
	int64_t			 measured_at;
};

/* `session` is the last of the item; NULL where no session took place (RULES 11:
 * `outcome` of the item is the reason). */
void	host_judge(const struct probe_item *, const struct session *,
	    const struct judged_host *, struct host_judgement *);

#endif
