#include "analysis/facts/domain_policy.h"

#include <string.h>

#include "parsers/mta_sts.h"

/* RULES 9: without a policy, or with a policy that cannot be read or fetched, a
 * sender acts like an opportunistic sender (RFC 8461 3.3, 5). If an answer
 * failed, or if the question was never asked (--mta-sts no, an opt-out, a
 * family that is off), it is not known whether there is a policy: "not seen" is
 * never "not there". */
static const enum sts_policy of_status[MTA_STS_STATUS_COUNT] = {
	[MTA_STS_VALID] = STS_NO_POLICY,	/* by its mode */
	[MTA_STS_ABSENT] = STS_NO_POLICY, [MTA_STS_MULTIPLE] = STS_NO_POLICY,
	[MTA_STS_INVALID_RECORD] = STS_NO_POLICY,
	[MTA_STS_FETCH_FAILED] = STS_NO_POLICY,
	[MTA_STS_INVALID_POLICY] = STS_NO_POLICY,
	[MTA_STS_ERROR] = STS_UNDETERMINED,
	[MTA_STS_NOT_ASKED] = STS_UNDETERMINED,
};
static const enum sts_policy of_mode[MTA_STS_MODE_COUNT] = {
	[MTA_STS_ENFORCE] = STS_ENFORCE, [MTA_STS_TESTING] = STS_TESTING,
	[MTA_STS_NONE] = STS_NONE,
};

bool
domain_policy_has_row(const struct table_reader *domain)
{
	return txt_status_is_record((enum txt_status)table_get_enum(domain,
	    DOMAINS_MTA_STS_RECORD)) || txt_status_is_record(
	    (enum txt_status)table_get_enum(domain, DOMAINS_TLSRPT_RECORD));
}

static bool
is_unknown(int record)
{
	return record == TXT_ERROR || record == TXT_NOT_ASKED;
}

/* No record was found, so only the answers themselves count. */
static void
read_records(struct domain_policy *policy, const struct table_reader *domain)
{
	int record = table_get_enum(domain, DOMAINS_MTA_STS_RECORD);

	policy->mta_sts = is_unknown(record) ? STS_UNDETERMINED
	    : STS_NO_POLICY;
	policy->mta_sts_status = txt_status_texts.texts[record];
	policy->tlsrpt = is_unknown(table_get_enum(domain,
	    DOMAINS_TLSRPT_RECORD)) ? ANSWER_UNDETERMINED : ANSWER_NO;
}

/* Turns a list of patterns that are separated by spaces into one text for each
 * pattern. */
static void
read_patterns(struct domain_policy *policy, const struct table_reader *row)
{
	struct buffer *patterns = &policy->patterns;

	buffer_append(patterns, table_get(row, POLICIES_MTA_STS_MX),
	    table_get_length(row, POLICIES_MTA_STS_MX));
	if (patterns->length == 0)
		return;
	buffer_append_byte(patterns, 0);
	for (size_t i = 0; i < patterns->length; i++)
		if (patterns->bytes[i] == ' ')
			patterns->bytes[i] = 0;
}

void
domain_policy_read(struct domain_policy *policy,
    const struct table_reader *domain, const struct table_reader *row)
{
	int status, mode, report;

	policy->patterns.length = 0;
	if (row == NULL) {
		read_records(policy, domain);
		return;
	}
	status = table_get_enum(row, POLICIES_MTA_STS_STATUS);
	mode = table_get_enum(row, POLICIES_MTA_STS_MODE);
	report = table_get_enum(row, POLICIES_TLSRPT_STATUS);
	policy->mta_sts = of_status[status];
	policy->mta_sts_status = mta_sts_status_texts.texts[status];
	policy->tlsrpt = report == TLSRPT_VALID ? ANSWER_YES
	    : report == TLSRPT_ERROR || report == TLSRPT_NOT_ASKED
	    ? ANSWER_UNDETERMINED : ANSWER_NO;
	if (status != MTA_STS_VALID || mode < 0)
		return;
	policy->mta_sts = of_mode[mode];
	policy->mta_sts_status = mta_sts_mode_texts.texts[mode];
	read_patterns(policy, row);
}

bool
domain_policy_read_pending(struct domain_policy *policy,
    const struct table_reader *domain)
{
	policy->patterns.length = 0;
	read_records(policy, domain);
	if (txt_status_is_record((enum txt_status)table_get_enum(domain,
	    DOMAINS_MTA_STS_RECORD)))
		policy->mta_sts = STS_UNDETERMINED;
	if (txt_status_is_record((enum txt_status)table_get_enum(domain,
	    DOMAINS_TLSRPT_RECORD)))
		policy->tlsrpt = ANSWER_UNDETERMINED;
	return domain_policy_has_row(domain);
}

bool
domain_policy_lists(const struct domain_policy *policy, const char *host)
{
	const char *patterns = (const char *)policy->patterns.bytes;

	for (size_t at = 0; at < policy->patterns.length;
	    at += strlen(patterns + at) + 1)
		if (mta_sts_pattern_matches(patterns + at, host))
			return true;
	return false;
}

void
domain_policy_fini(struct domain_policy *policy)
{
	buffer_fini(&policy->patterns);
}
