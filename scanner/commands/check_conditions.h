/* check_conditions: what the rules of check_rules.c ask of the facts. Those of
 * a host or an address are asked in a case that has one. */
#ifndef MXCENSUS_COMMANDS_CHECK_CONDITIONS_H
#define MXCENSUS_COMMANDS_CHECK_CONDITIONS_H

#include "scanner/commands/check_advice.h"

#define CHECK_CONDITION(name) bool check_##name(const struct check_case *);
#define CHECK_CONDITIONS(X)						\
	/* MX of the domain. */						\
	X(opted_out) X(mx_bogus) X(mx_nxdomain) X(mx_servfail)		\
	X(mx_timeout) X(mx_crashed) X(mx_implicit) X(null_mx_mixed)	\
	X(null_mx_preference) X(signed_without_ds) X(mx_insecure)	\
	X(mx_is_cname) X(mx_is_address) X(mx_is_localhost) X(mx_is_tld)	\
	/* Hosts. */							\
	X(host_nxdomain) X(host_no_address) X(host_bogus)		\
	X(host_servfail) X(host_timeout) X(host_special)		\
	X(host_opted_out) X(host_crashed)				\
	X(tlsa_bogus) X(tlsa_servfail) X(tlsa_timeout)			\
	X(tlsa_unusable) X(tlsa_some_unusable) X(tlsa_insecure)		\
	X(tlsa_unmatched) X(tlsa_alone)					\
	/* Addresses. */						\
	X(special_address) X(no_starttls) X(stripped) X(refused)	\
	X(handshake_failed) X(undecodable) X(injected)			\
	X(legacy_tls)							\
	X(not_reached) X(rejected) X(not_seen)				\
	X(tls_is_demanded)						\
	X(mismatch) X(differs) X(ta_not_presented) X(ta_expired)	\
	X(ta_broken) X(ta_name)						\
	X(certificate_expired) X(certificate_early)			\
	X(certificate_ends) X(no_intermediate) X(self_signed)		\
	X(untrusted) X(other_name) X(weak) X(is_enforced)		\
	/* Policies. */							\
	X(sts_multiple) X(sts_invalid_record) X(sts_unfetched)		\
	X(sts_invalid) X(sts_unlisted) X(sts_error) X(sts_testing)	\
	X(sts_none) X(sts_max_age) X(sts_content_type)			\
	X(unprotected) X(tlsrpt_multiple) X(tlsrpt_invalid)		\
	X(tlsrpt_absent) X(tlsrpt_error)				\
	/* What is left, after all others. */				\
	X(otherwise_refused) X(otherwise_unknown)
CHECK_CONDITIONS(CHECK_CONDITION)
#undef CHECK_CONDITION

/* Whole days from now to then; negative in the past. */
int64_t	check_days(int64_t now_ms, int64_t then_ms);

#endif
