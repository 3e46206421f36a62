/*
 * conditions: what the rules (rules.c) ask about the facts. A condition on a
 * host is asked only if the case has a host; a condition on an address only if
 * it has both.
 */
#ifndef MXCENSUS_COMMANDS_CHECK_CONDITIONS_H
#define MXCENSUS_COMMANDS_CHECK_CONDITIONS_H

#include "scanner/commands/check/advice.h"

/* conditions.c: conditions on the domain. */
bool	check_opted_out(const struct check_case *);
bool	check_mx_bogus(const struct check_case *);
bool	check_mx_nxdomain(const struct check_case *);
bool	check_mx_servfail(const struct check_case *);
bool	check_mx_timeout(const struct check_case *);
bool	check_mx_crashed(const struct check_case *);
bool	check_mx_implicit(const struct check_case *);
bool	check_null_mx_mixed(const struct check_case *);
bool	check_null_mx_preference(const struct check_case *);
bool	check_signed_without_ds(const struct check_case *);
bool	check_mx_insecure(const struct check_case *);
bool	check_mx_is_cname(const struct check_case *);
bool	check_mx_is_address(const struct check_case *);
bool	check_mx_is_localhost(const struct check_case *);
bool	check_mx_is_tld(const struct check_case *);
/* Its policies. */
bool	check_is_enforced(const struct check_case *);
bool	check_sts_multiple(const struct check_case *);
bool	check_sts_invalid_record(const struct check_case *);
bool	check_sts_unfetched(const struct check_case *);
bool	check_sts_invalid(const struct check_case *);
bool	check_sts_unlisted(const struct check_case *);
bool	check_sts_error(const struct check_case *);
bool	check_sts_testing(const struct check_case *);
bool	check_sts_ready(const struct check_case *);
bool	check_sts_not_ready(const struct check_case *);
bool	check_sts_none(const struct check_case *);
bool	check_sts_max_age(const struct check_case *);
bool	check_sts_content_type(const struct check_case *);
bool	check_unprotected(const struct check_case *);
bool	check_tlsrpt_multiple(const struct check_case *);
bool	check_tlsrpt_invalid(const struct check_case *);
bool	check_tlsrpt_absent(const struct check_case *);
bool	check_tlsrpt_error(const struct check_case *);
/* The other conditions; they come after all of these. */
bool	check_otherwise_refused(const struct check_case *);
bool	check_otherwise_unknown(const struct check_case *);

/* conditions_hosts.c: of a host. */
bool	check_host_nxdomain(const struct check_case *);
bool	check_host_no_address(const struct check_case *);
bool	check_host_bogus(const struct check_case *);
bool	check_host_servfail(const struct check_case *);
bool	check_host_timeout(const struct check_case *);
bool	check_host_special(const struct check_case *);
bool	check_host_opted_out(const struct check_case *);
bool	check_host_crashed(const struct check_case *);
bool	check_tlsa_bogus(const struct check_case *);
bool	check_tlsa_servfail(const struct check_case *);
bool	check_tlsa_timeout(const struct check_case *);
bool	check_tlsa_unusable(const struct check_case *);
bool	check_tlsa_some_unusable(const struct check_case *);
bool	check_tlsa_insecure(const struct check_case *);
bool	check_tlsa_unmatched(const struct check_case *);
bool	check_tlsa_absent(const struct check_case *);
bool	check_tlsa_alone(const struct check_case *);
bool	check_special_address(const struct check_case *);
bool	check_tls_is_demanded(const struct check_case *);

/* conditions_addresses.c: conditions on a host at an address. */
bool	check_no_starttls(const struct check_case *);
bool	check_stripped(const struct check_case *);
bool	check_refused(const struct check_case *);
bool	check_undecodable(const struct check_case *);
bool	check_handshake_failed(const struct check_case *);
bool	check_injected(const struct check_case *);
bool	check_legacy_tls(const struct check_case *);
bool	check_not_reached(const struct check_case *);
bool	check_rejected(const struct check_case *);
bool	check_not_allowed(const struct check_case *);
bool	check_not_seen(const struct check_case *);
bool	check_mismatch(const struct check_case *);
bool	check_differs(const struct check_case *);
bool	check_ta_not_presented(const struct check_case *);
bool	check_ta_expired(const struct check_case *);
bool	check_ta_broken(const struct check_case *);
bool	check_ta_name(const struct check_case *);
bool	check_certificate_expired(const struct check_case *);
bool	check_certificate_early(const struct check_case *);
bool	check_certificate_ends(const struct check_case *);
bool	check_no_intermediate(const struct check_case *);
bool	check_self_signed(const struct check_case *);
bool	check_untrusted(const struct check_case *);
bool	check_other_name(const struct check_case *);
bool	check_weak(const struct check_case *);

/* Would a sender that enforces MTA-STS deliver at every address of the MX
 * host (RFC 8461 4.2)? */
bool	check_mx_is_ready(const struct check_mx *);

/* Does a TLSA record match there; at any address of the host? */
bool	check_matches(const struct check_address *);
bool	check_matches_somewhere(const struct check_host *);

/* RFC 7672 3.2.2: does a TLSA record of usage 2 match there by a name of the
 * mail domain, although the certificate lacks the name of the host? */
bool	check_matches_next_hop(const struct check_domain *,
	    const struct check_mx *, const struct check_address *);

/* Writes "in 3 days" or "1 day ago", in whole units, the largest of which there
 * is at least one. */
void	check_put_when(struct buffer *, int64_t now_ms, int64_t then_ms);
/* print_senders.c: writes the reasons of one sender, or of all (NULL), in
 * words, separated by "; ". */
void	check_append_reasons(struct buffer *, const char *reasons,
	    const char *sender);
/* Returns the whole days from now to then; negative in the past. */
int64_t	check_days(int64_t now_ms, int64_t then_ms);

#endif
