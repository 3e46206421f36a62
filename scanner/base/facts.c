#include "scanner/base/facts.h"

#include <assert.h>
#include <string.h>

#define TEXT(name, text) text,
#define ENUMERATION(variable, label, VALUES)				\
	static const char *const variable##_list[] = { VALUES(TEXT) NULL }; \
	const struct enumeration variable = {				\
		label, variable##_list,					\
		sizeof variable##_list / sizeof variable##_list[0] - 1	\
	}

ENUMERATION(dnssec_texts, "dnssec", DNSSEC_VALUES);
ENUMERATION(bogus_reason_texts, "bogus_reason", BOGUS_REASON_VALUES);
ENUMERATION(lane_texts, "lane", LANE_VALUES);
ENUMERATION(ds_source_texts, "ds_source", DS_SOURCE_VALUES);
ENUMERATION(oddity_texts, "oddity", ODDITY_VALUES);
ENUMERATION(sample_result_texts, "sample_result", SAMPLE_RESULT_VALUES);
ENUMERATION(mx_status_texts, "mx_status", MX_STATUS_VALUES);
ENUMERATION(lookup_status_texts, "address_status", LOOKUP_STATUS_VALUES);
ENUMERATION(host_status_texts, "host_status", HOST_STATUS_VALUES);
ENUMERATION(address_class_texts, "address_class", ADDRESS_CLASS_VALUES);
ENUMERATION(tlsa_status_texts, "tlsa_status", TLSA_STATUS_VALUES);
ENUMERATION(outcome_texts, "outcome", OUTCOME_VALUES);
ENUMERATION(phase_texts, "phase", PHASE_VALUES);
ENUMERATION(profile_texts, "profile", PROFILE_VALUES);
ENUMERATION(tls_class_texts, "tls_class", TLS_CLASS_VALUES);
ENUMERATION(basis_texts, "basis", BASIS_VALUES);
ENUMERATION(dane_verdict_texts, "dane_verdict", DANE_VERDICT_VALUES);
ENUMERATION(txt_status_texts, "txt_status", TXT_STATUS_VALUES);
ENUMERATION(mta_sts_status_texts, "mta_sts_status", MTA_STS_STATUS_VALUES);
ENUMERATION(mta_sts_mode_texts, "mta_sts_mode", MTA_STS_MODE_VALUES);
ENUMERATION(mta_sts_fault_texts, "mta_sts_error", MTA_STS_FAULT_VALUES);
ENUMERATION(tlsrpt_status_texts, "tlsrpt_status", TLSRPT_STATUS_VALUES);
ENUMERATION(reject_texts, "reject_reason", REJECT_VALUES);
ENUMERATION(delivery_texts, "delivery", DELIVERY_VALUES);
ENUMERATION(sender_texts, "sender", SENDER_VALUES);
ENUMERATION(domain_flag_texts, "domain_flags", DOMAIN_FLAG_VALUES);
ENUMERATION(mx_flag_texts, "mx_flags", MX_FLAG_VALUES);
ENUMERATION(host_flag_texts, "host_flags", HOST_FLAG_VALUES);
ENUMERATION(host_result_flag_texts, "host_result_flags",
    HOST_RESULT_FLAG_VALUES);
ENUMERATION(probe_flag_texts, "probe_flags", PROBE_FLAG_VALUES);
ENUMERATION(verdict_flag_texts, "outcomes_flags", VERDICT_FLAG_VALUES);
ENUMERATION(policy_flag_texts, "policy_flags", POLICY_FLAG_VALUES);

int
enumeration_value(const struct enumeration *enumeration, const char *text)
{
	for (size_t i = 0; i < enumeration->count; i++)
		if (enumeration->texts[i][0] == text[0] &&
		    strcmp(enumeration->texts[i], text) == 0)
			return (int)i;
	return -1;
}

bool
txt_status_is_record(enum txt_status status)
{
	return status == TXT_FOUND || status == TXT_MULTIPLE ||
	    status == TXT_INVALID;
}

enum outcome
address_class_outcome(enum address_class class)
{
	switch (class) {
	case CLASS_SPECIAL:
		return OUTCOME_SPECIAL_ADDRESS;
	case CLASS_OPTED_OUT:
		return OUTCOME_OPTED_OUT;
	case CLASS_NOT_ALLOWED:
		return OUTCOME_NOT_ALLOWED;
	default:
		assert(!"nothing bars such an address");
		return OUTCOME_LOCAL_ERROR;
	}
}

enum tls_class
outcome_tls_class(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_TLS_ESTABLISHED:
		return TLS_CLASS_TLS;
	case OUTCOME_STARTTLS_ABSENT:
	case OUTCOME_STARTTLS_STRIPPED:
	case OUTCOME_STARTTLS_REFUSED:
	case OUTCOME_HANDSHAKE_FAILED:
		return TLS_CLASS_NO_TLS;
	case OUTCOME_CONNECT_REFUSED:
	case OUTCOME_CONNECT_TIMEOUT:
	case OUTCOME_UNREACHABLE:
	case OUTCOME_SPECIAL_ADDRESS:
		return TLS_CLASS_UNREACHABLE;
	/* starttls_temporary, and closed or reset during the handshake, mean no
	 * TLS only if both attempts end so. If only one attempt says so, the
	 * result is undetermined. */
	default:
		return TLS_CLASS_UNDETERMINED;
	}
}
