/*
 * shares: the headline figures of a run (summary.json), for domains and for
 * distinct MX hosts, each with numerator and denominator; what could not be
 * determined is counted apart. They are counted while outcomes are made.
 */
#ifndef MXCENSUS_ANALYSIS_OUTCOMES_SHARES_H
#define MXCENSUS_ANALYSIS_OUTCOMES_SHARES_H

#include <jansson.h>
#include <stdint.h>

#include "analysis/facts/hosts.h"
#include "analysis/verdict/verdict.h"

/* X(NAME, key in summary.json, what it counts, what it is a share of) */
#define DOMAIN_SHARES(X)						\
	X(SHARE_DELEGATION_SIGNED, "delegation_signed",			\
	    "DS in the zone file", "domains of zone files")		\
	X(SHARE_ANSWER_SECURE, "answer_secure",				\
	    "MX answer or denial secure", "domains")			\
	X(SHARE_MAIL, "mail_capable", "accepts mail", "domains")		\
	X(SHARE_SECURE_MX, "secure_mx", "secure MX",			\
	    "mail-capable domains")					\
	X(SHARE_TLSA, "tlsa", "usable TLSA at an MX host",		\
	    "mail-capable domains")					\
	X(SHARE_TLSA_ALL, "tlsa_all", "usable TLSA at every MX host",	\
	    "mail-capable domains")					\
	X(SHARE_DANE, "dane_domain", "DANE at the best MX hosts",	\
	    "mail-capable domains")					\
	X(SHARE_DANE_ALL, "dane_domain_all", "DANE at every MX host",	\
	    "mail-capable domains")					\
	X(SHARE_MTA_STS, "mta_sts", "valid MTA-STS policy",		\
	    "mail-capable domains")					\
	X(SHARE_MTA_STS_ENFORCE, "mta_sts_enforce",			\
	    "MTA-STS policy in mode enforce", "mail-capable domains")	\
	X(SHARE_TLSRPT, "tlsrpt", "valid TLSRPT record",		\
	    "mail-capable domains")					\
	X(SHARE_LISTED, "policy_list", "in force in the policy list",	\
	    "mail-capable domains")					\
	X(SHARE_STARTTLS, "starttls", "STARTTLS at the best MX hosts",	\
	    "reachable domains")					\
	X(SHARE_STARTTLS_ALL, "starttls_all", "STARTTLS at every MX host", \
	    "reachable domains")					\
	X(SHARE_CERTIFICATE, "certificate",				\
	    "valid certificate at the best", "reachable domains")	\
	X(SHARE_CERTIFICATE_ALL, "certificate_all",			\
	    "valid certificate at every one", "reachable domains")	\
	X(SHARE_MTA_STS_HOLDS, "mta_sts_holds",				\
	    "authenticated at the best",				\
	    "reachable domains that enforce MTA-STS")			\
	X(SHARE_LIST_HOLDS, "policy_list_holds",			\
	    "authenticated at the best",				\
	    "reachable domains that the list enforces")

#define HOST_SHARES(X)							\
	X(HOST_SHARE_CONNECTS, "connects", "accepts connections",	\
	    "MX hosts")							\
	X(HOST_SHARE_TLSA, "tlsa", "usable secure TLSA",		\
	    "MX hosts with an address")					\
	X(HOST_SHARE_DANE, "dane_match", "TLSA matches at every address", \
	    "connecting MX hosts with TLSA")				\
	X(HOST_SHARE_STARTTLS, "starttls", "STARTTLS at every address",	\
	    "connecting MX hosts")					\
	X(HOST_SHARE_CERTIFICATE, "certificate",			\
	    "valid certificate at every address", "connecting MX hosts")

#define SHARE_NAME(name, key, what, of) name,
enum domain_share { DOMAIN_SHARES(SHARE_NAME) DOMAIN_SHARE_COUNT };
enum host_share { HOST_SHARES(SHARE_NAME) HOST_SHARE_COUNT };
#undef SHARE_NAME

struct share {
	uint64_t	 answers[3];		/* by enum answer_of_three */
};

/* Bits of a certificate: is this true at every address with TLS? */
#define PROVES_CHAIN	1u
#define PROVES_NAME	2u
#define PROVES_DATES	4u
#define PROVES_COUNT	8

/* Only counters, each of 64 bits. */
struct shares {
	uint64_t	 domains, hosts;
	struct share	 of_domains[DOMAIN_SHARE_COUNT];
	struct share	 of_hosts[HOST_SHARE_COUNT];
	uint64_t	 domain_certificates[PROVES_COUNT];
	uint64_t	 host_certificates[PROVES_COUNT];
	/* Each by enum delivery: first, deliver, worst. */
	uint64_t	 domain_outcomes[SENDER_COUNT][3][DELIVERY_COUNT];
	/* As for a domain that has a secure MX RRset, no policy, and only this
	 * host. */
	uint64_t	 host_outcomes[SENDER_COUNT][3][DELIVERY_COUNT];
};

/* Facts on which no verdict depends. */
struct domain_records {
	int		 parent_ds;	/* -1 if no zone file says so */
	enum answer_of_three tlsrpt;
	bool		 list_is_given;
};

void	shares_add_domain(struct shares *, const struct domain_facts *,
	    const struct verdict *, const struct domain_records *);
/* Counts `count` domains with these facts. */
void	shares_add_domains(struct shares *, uint64_t times,
	    const struct domain_facts *, const struct verdict *,
	    const struct domain_records *);
/* Counts `count` hosts with this status and these pairs. */
void	shares_add_hosts(struct shares *, uint64_t times,
	    const struct known_host *);
/* Returns the content of summary.json; the caller releases it. */
json_t	*shares_to_json(const struct shares *);

#endif
