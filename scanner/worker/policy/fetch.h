/*
 * fetch: fetches the policy of a domain from its policy host (RFC 8461 3.3;
 * RULES P3 to P8). Our own resolver looks up the addresses. HTTPS then tries
 * one after the other until one can be connected to.
 *
 * A fetch is embedded in its owner; done() runs once, from the loop. Fetches
 * wait for each other: their number is bounded, over all and to two for a /24
 * or /48.
 */
#ifndef MXCENSUS_WORKER_POLICY_FETCH_H
#define MXCENSUS_WORKER_POLICY_FETCH_H

#include "parsers/mta_sts.h"
#include "scanner/dns/lookup.h"
#include "scanner/worker/policy/https.h"

#define POLICY_ADDRESSES_MAX	4	/* the most that are tried */

struct policy_hosts;
struct policy_network;

struct policy_fetch {
	/* The result: valid, fetch_failed, invalid_policy; not_asked if the
	 * host may not be contacted; error if the fault was ours. */
	enum mta_sts_status	 status;
	enum mta_sts_fault	 fault;		/* of fetch_failed and
						 * invalid_policy */
	struct fault		 whose;		/* whose fault a failure is */
	int			 tls_error;	/* of the certificate
						 * (trust.h) */
	long			 code;		/* HTTP status; 0: none */
	unsigned		 flags;		/* bits of enum policy_flag */
	struct mta_sts_policy	 policy;	/* if the status is valid */
	char			 host[NAME_TEXT_MAX];
	void			(*done)(struct policy_fetch *);
	/* Private. */
	struct policy_hosts	*hosts;
	struct lookup		 ipv4, ipv6;
	enum lookup_status	 ipv4_status, ipv6_status;
	struct address		 addresses[POLICY_ADDRESSES_MAX];
	unsigned		 address_count, tried;
	unsigned		 classes;	/* bits of enum address_class */
	bool			 is_opted_out;	/* the name of the host opted
						 * out */
	int64_t			 started_ms;	/* clock; of the transfer */
	int64_t			 used_ms;	/* that earlier ones took */
	struct https_transfer	 transfer;
	struct policy_network	*network;	/* the network of the address */
	struct list		 link;		/* while it waits for its
						 * turn */
};

/* `at_a_time` is --policy-fetches. One worker fetches all policies of a run. */
struct policy_hosts *policy_hosts_new(struct worker *, struct https *,
	    unsigned at_a_time);
void	policy_hosts_free(struct policy_hosts *);

/* Fetches the policy of a domain (wire form) into a zeroed fetch. `slot` is the
 * slot of the item (worker_mark_in_flight). Returns false if there is nothing
 * to ask; then the result is set, and done() does not run. */
bool	policy_fetch_start(struct policy_fetch *, struct policy_hosts *,
	    const uint8_t *domain, uint32_t slot,
	    void (*done)(struct policy_fetch *));
void	policy_fetch_fini(struct policy_fetch *);

#endif
