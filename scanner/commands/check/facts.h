/*
 * facts: collects what a run says about a few domains. It joins the tables of
 * the run, and judges nothing. Its texts live as long as the facts.
 */
#ifndef MXCENSUS_COMMANDS_CHECK_FACTS_H
#define MXCENSUS_COMMANDS_CHECK_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/base/facts.h"

struct check_certificate {
	const char	*sha256, *spki_sha256;	/* hex */
	const char	*der_base64;
	const char	*subject, *issuer, *san;	/* as in _text */
	int64_t		 not_before, not_after;	/* Unix ms; INT64_MIN unknown */
	bool		 is_ca, self_signed, weak_key, weak_signature;
};

#define CHECK_CHAIN_MAX 100

struct check_chain {
	const char	*id;
	/* The CA that issued the leaf, if it is in the chain. */
	const struct check_certificate *issuer;
	/* By position, leaf first; NULL if the run lacks the certificate. */
	struct check_certificate *certificates[CHECK_CHAIN_MAX];
	unsigned	 count;
};

struct check_session {
	enum outcome	 outcome;
	enum phase	 phase;
	const char	*tls_version, *cipher, *chain_error;
	const char	*greeting;	/* escaped */
	int		 greeting_code, starttls_code;	/* 0: none */
	bool		 chain_trusted, in_dates, chain_truncated;
	struct check_chain *chain;	/* NULL: nothing presented */
};

/* The most informative attempt at a host's address with one server name. */
struct check_result {
	bool		 is_made;
	enum outcome	 outcome;	/* or why no session took place */
	enum tls_class	 tls_class;
	enum profile	 profile;
	const struct check_session *session;	/* NULL: none */
	bool		 name_match;
	enum tlsa_status tlsa_status;
	enum dane_verdict dane;
	const char	*positions;	/* of the records that match */
	unsigned	 flags;		/* bits of enum host_result_flag */
};

struct check_address {
	const char	*text;
	enum address_class class;
	/* The results with the MX name and with the TLSA base domain; they are
	 * the same unless the names differ. */
	struct check_result mx, base;
	struct check_address *next;
};

struct check_record {
	unsigned	 usage, selector, matching_type, position;
	const char	*hex;
	bool		 is_usable;
	const char	*unusable_reason;
	bool		 matches;	/* at some address */
	struct check_record *next;
};

struct check_host {
	const char	*name;
	enum host_status status;
	enum dnssec	 dnssec;	/* of the addresses found */
	const char	*bogus_text, *tlsa_bogus_text;	/* escaped */
	const char	*canonical, *tlsa_base;		/* "" none */
	/* The owner of its TLSA records if that is not the name below
	 * tlsa_base: the end of that name's CNAMEs, or the wildcard below this
	 * parent; "" otherwise. */
	const char	*tlsa_target, *wildcard_parent;
	bool		 is_wildcard;	/* its addresses come from a wildcard */
	enum tlsa_status tlsa_status;
	bool		 rollover_ready;
	struct check_address *addresses;	/* in order */
	struct check_record *records;		/* of the last asking */
	unsigned	 asking;		/* whose they are */
};

struct check_mx {
	unsigned	 preference, tier;
	unsigned	 flags;		/* bits of enum mx_flag */
	const char	*name;
	const struct check_host *host;	/* NULL: not looked up */
};

struct check_policy {
	enum mta_sts_status status;
	enum tlsrpt_status tlsrpt;
	/* Where the CNAMEs of _mta-sts and _smtp._tls end; "" none. */
	const char	*sts_target, *tlsrpt_target;
	int		 mode, fault;	/* enums; -1: none */
	const char	*txt, *id, *mx, *tls_error;
	int64_t		 max_age_s;
	int		 http_code;	/* 0: none */
	const char	*rua;
	unsigned	 flags;
};

struct check_outcome {
	enum delivery	 first, deliver, worst;
};

struct check_domain {
	const char	*name, *registrable;
	bool		 is_measured;	/* no: it has opted out */
	enum mx_status	 mx_status;
	enum dnssec	 mx_dnssec;
	const char	*bogus_text, *cname_target;
	bool		 mx_is_wildcard;	/* its MX RRset was expanded */
	unsigned	 flags;		/* bits of enum domain_flag */
	enum txt_status	 mta_sts_record, tlsrpt_record;
	struct check_mx	*mx;		/* by preference, then by name */
	size_t		 mx_count;
	const struct check_policy *policy;	/* NULL: no record of either */
	struct check_outcome outcomes[SENDER_COUNT];
	const char	*reasons;
	unsigned	 outcome_flags;	/* bits of enum verdict_flag */
};

struct check_facts;

/* Reads the run in a folder; `names` are the domains in the order of the answer
 * (canonical text form). Returns NULL after a message. */
struct check_facts *check_facts_read(int folder, const char *const *names,
	    size_t count);
void	check_facts_free(struct check_facts *);
const struct check_domain *check_facts_domain(const struct check_facts *,
	    size_t index);

#endif
