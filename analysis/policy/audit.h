/*
 * audit: compares a policy list with the results of a run, entry by entry
 * (RULES 10, "Audit of a list"). Only the list is judged, as if it were in
 * force: MTA-STS and an expiry in the past do not count.
 */
#ifndef MXCENSUS_ANALYSIS_POLICY_AUDIT_H
#define MXCENSUS_ANALYSIS_POLICY_AUDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/facts/recorded_run.h"
#include "analysis/policy/list.h"
#include "parsers/suffix.h"

/* `ok` means that none of the classes before it applies. The classes after it
 * need no action. */
#define POLICY_AUDIT_VALUES(X)						\
	X(AUDIT_WOULD_LOSE_MAIL, "would_lose_mail")			\
	X(AUDIT_MX_NOT_IN_POLICY, "mx_not_in_policy")			\
	X(AUDIT_POLICY_MX_UNUSED, "policy_mx_unused")			\
	X(AUDIT_NO_STARTTLS, "no_starttls")				\
	X(AUDIT_CERTIFICATE_UNTRUSTED, "certificate_untrusted")		\
	X(AUDIT_CERTIFICATE_EXPIRED, "certificate_expired")		\
	X(AUDIT_CERTIFICATE_NAME, "certificate_name")			\
	X(AUDIT_TLS_OLD, "tls_old")					\
	X(AUDIT_NXDOMAIN, "nxdomain") X(AUDIT_NO_MAIL, "no_mail")	\
	X(AUDIT_NULL_MX, "null_mx") X(AUDIT_UNREACHABLE, "unreachable")	\
	X(AUDIT_UNDETERMINED, "undetermined")				\
	X(AUDIT_OVERBROAD_SUFFIX, "overbroad_suffix")			\
	X(AUDIT_DEPTH_DIVERGENT, "depth_divergent")			\
	X(AUDIT_MTA_STS_CONFLICT, "mta_sts_conflict")			\
	X(AUDIT_NOT_MEASURED, "not_measured")				\
	X(AUDIT_OK, "ok")						\
	X(AUDIT_MTA_STS_SUPERSEDES, "mta_sts_supersedes")		\
	X(AUDIT_DANE_AVAILABLE, "dane_available")			\
	X(AUDIT_READY_FOR_ENFORCE, "ready_for_enforce")

#define POLICY_AUDIT_VALUE(name, text) name,
enum audit_class { POLICY_AUDIT_VALUES(POLICY_AUDIT_VALUE) AUDIT_COUNT };
#undef POLICY_AUDIT_VALUE
extern const char *const audit_class_texts[AUDIT_COUNT];

struct audit_entry {
	const struct listed_policy *policy;
	unsigned	 classes;	/* bits */
};

struct policy_audit {
	struct audit_entry *entries;	/* in the order of the list */
	size_t		 count;
	const char	**unused_aliases;
	size_t		 unused_count;
	size_t		 measured;	/* entries whose domain is in the run */
};

/* Audits everything that does not need a run. The list must outlive the
 * audit. */
void	policy_audit_init(struct policy_audit *, const struct policy_list *,
	    const struct suffix_list *);
/* Returns false after a message. */
bool	policy_audit_run(struct policy_audit *, const struct recorded_run *);
void	policy_audit_fini(struct policy_audit *);

#endif
