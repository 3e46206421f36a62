/*
 * verdict: decides what each kind of sender would do with mail for a domain,
 * from the recorded facts only (RULES 9; RFC 7672 for `dane`, RFC 8461 for
 * `mta_sts`). It is pure: it uses no file and no clock, and keeps nothing
 * between two calls. The caller owns everything that the facts point to. Texts
 * live as long as the verdict that names them.
 */
#ifndef MXCENSUS_ANALYSIS_VERDICT_VERDICT_H
#define MXCENSUS_ANALYSIS_VERDICT_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/base/facts.h"

#define VERDICT_ATTEMPTS	2
#define VERDICT_PAIRS_MAX	64	/* the most addresses of a host: one bit
					 * each in a word */

/* One attempt at a (host, address), as host_results and its session have it. */
struct attempt_facts {
	bool		 is_made;
	enum outcome	 outcome;	/* of the session, or why there was none */
	enum phase	 phase;
	int64_t		 measured_at;	/* Unix milliseconds */
};

/* TLS class of a (host, address), both attempts together: the columns of the
 * tables of RULES 9. The last is for a host whose address RRset is bogus: no
 * validating sender connects to it. */
enum pair_class {
	PAIR_TLS, PAIR_NO_TLS, PAIR_UNREACHABLE, PAIR_UNDETERMINED,
	PAIR_REFUSED,
	PAIR_CLASS_COUNT,
};

/* TLSA class: the rows of the table of `dane`. */
enum tlsa_class {
	TLSA_CLASS_NONE, TLSA_CLASS_USABLE, TLSA_CLASS_UNUSABLE,
	TLSA_CLASS_FAILING,
	TLSA_CLASS_UNDETERMINED,	/* it failed once only */
	TLSA_CLASS_COUNT,
};

/* A class, and the attempt (0, 1) on which it is based; -1: there is none. */
struct combined {
	enum pair_class	class;
	int		attempt;
};

struct combined verdict_combine(const struct attempt_facts[VERDICT_ATTEMPTS],
	    int64_t retry_after_ms);

/* `passes` says in how many passes the RRset was asked for with that result. */
enum tlsa_class verdict_tlsa_class(enum tlsa_status, unsigned passes);
/* For a host for which no address was found, or whose addresses must not be
 * contacted. */
enum pair_class verdict_host_class(enum host_status, unsigned passes);

/* A (host, address), or a host that counts as one pair. */
struct pair_facts {
	/* From the session whose server name is the MX name. */
	enum pair_class	 class;
	const char	*why;		/* if not tls: the status that says
					 * why */
	bool		 is_tls_1_2;	/* TLS 1.2 or better */
	bool		 chain_trusted, in_dates, name_match;
	bool		 chain_truncated; /* then the first two are not known */
	const char	*chain_error;
	/* As in `chains`, for callers that want the certificates; no verdict
	 * depends on it. NULL: no chain was presented. */
	const char	*chain_id;
	bool		 is_legacy;	/* the profile `modern` failed */
	/* From the session whose server name is the TLSA base domain. */
	enum pair_class	 dane_class;
	const char	*dane_why;
	enum tlsa_class	 tlsa;
	const char	*tlsa_status;
	enum dane_verdict dane;
	bool		 tlsa_changed;
};

/* A host, judged once for all domains that name it. */
struct host_verdict {
	const char	*name;
	const struct pair_facts *pairs;
	unsigned	 pair_count;	/* at least 1 */
};

/* A host as an MX host of the domain. Bit n of a word belongs to pair n. */
struct mx_facts {
	const struct host_verdict *host;
	unsigned	 tier;
	bool		 in_mta_sts;	/* the policy's mx covers its name */
	/* DANE-TA: the certificate has a name of the next hop, which is the
	 * domain or the name of which it is an alias (RFC 7672 3.2.2). It
	 * counts only with a secure MX RRset. */
	uint64_t	 next_hop_matches;
	uint64_t	 in_policy_list;	/* a name is among `mxs` */
};

enum sts_policy {
	STS_NO_POLICY,		/* no policy, an invalid one, or one that could
				 * not be fetched */
	STS_NONE,			/* a valid policy with mode none */
	STS_TESTING, STS_ENFORCE,
	STS_UNDETERMINED,		/* it is not known whether there is a
					 * policy */
};

enum list_entry_mode {
	LISTED_NOT, LISTED_TESTING, LISTED_ENFORCE,
};

struct domain_facts {
	enum mx_status	 mx_status;
	enum dnssec	 mx_dnssec;
	unsigned	 attempts;
	bool		 is_probed;	/* false: an implicit MX, or --probes
					 * 0 */
	enum sts_policy	 mta_sts;
	const char	*mta_sts_status; /* the status of the policy; NULL:
					  * none */
	enum list_entry_mode policy_list;
	const struct mx_facts *mxs;	/* best tier first */
	size_t		 mx_count;
};

/* A reason why a sender has no better outcome. */
struct reason {
	enum sender	 sender;
	const char	*host;		/* NULL: a reason of the domain
					 * itself */
	const char	*value;
};

/* It grows as needed, and later verdicts reuse it. Zeroed, it is empty. */
struct reasons {
	struct reason	*items;
	size_t		 count, size;
};

struct deliveries {
	enum delivery	 first, deliver, worst;
};

enum answer_of_three { ANSWER_NO, ANSWER_YES, ANSWER_UNDETERMINED };

struct verdict {
	struct deliveries senders[SENDER_COUNT];
	enum answer_of_three dane_domain, dane_domain_all;
	unsigned	 flags;			/* bits of enum verdict_flag */
};

/* Empties `reasons` first, and leaves it unsorted. */
void	verdict_of(const struct domain_facts *, struct verdict *,
	    struct reasons *);
void	reasons_fini(struct reasons *);

/* What each sender would do at one pair. */
enum delivery verdict_opportunistic(const struct pair_facts *);
/* Demands TLS 1.2 with a trusted certificate that has the right name. */
enum delivery verdict_certificate(const struct pair_facts *,
	    bool name_matches);
enum delivery verdict_webpki(const struct pair_facts *);
enum delivery verdict_dane(const struct pair_facts *, bool mx_is_secure,
	    bool next_hop_matches);
/* Uses DANE if the host has secure TLSA records, otherwise MTA-STS. It takes
 * what each of them does without the other. */
enum delivery verdict_dane_or(const struct pair_facts *, enum delivery dane,
	    enum delivery mta_sts);
/* Is mail delivered with this outcome? */
bool	delivery_is_usable(enum delivery);

#endif
