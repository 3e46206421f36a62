#include "scanner/worker/domain/findings.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/name.h"

void
findings_init(struct findings *findings)
{
	*findings = (struct findings){
		.answer = { .dnssec = DNSSEC_UNCHECKED },
		.ds_source = DS_SOURCE_COUNT,
		.mta_sts_record = TXT_NOT_ASKED,
		.tlsrpt_record = TXT_NOT_ASKED,
	};
}

void
findings_fini(struct findings *findings)
{
	answer_facts_fini(&findings->answer);
	mx_set_fini(&findings->set);
	if (findings->texts != NULL) {
		buffer_fini(&findings->texts->mta_sts);
		buffer_fini(&findings->texts->tlsrpt);
		free(findings->texts);
	}
	findings_init(findings);
}

bool
findings_have_failed(const struct findings *findings)
{
	return findings->status == MX_SERVFAIL ||
	    findings->status == MX_TIMEOUT || findings->status == MX_BOGUS;
}

bool
findings_lack_something(const struct findings *findings)
{
	return findings_have_failed(findings) ||
	    findings->mta_sts_record == TXT_ERROR ||
	    findings->tlsrpt_record == TXT_ERROR;
}

static bool
names_equal(const uint8_t *a, const uint8_t *b)
{
	size_t length = name_wire_length(a, NAME_WIRE_MAX);

	return length == name_wire_length(b, NAME_WIRE_MAX) &&
	    memcmp(a, b, length) == 0;
}

static bool
answers_equal(const struct answer_facts *a, const struct answer_facts *b)
{
	return a->dnssec == b->dnssec && a->is_wildcard == b->is_wildcard &&
	    a->has_cname == b->has_cname && (!a->has_cname ||
	    names_equal(a->canonical, b->canonical));
}

static bool
sets_equal(const struct mx_set *a, const struct mx_set *b)
{
	if (a->found != b->found || a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->hosts[i].preference != b->hosts[i].preference ||
		    strcmp(a->hosts[i].name, b->hosts[i].name) != 0)
			return false;
	return true;
}

static bool
buffers_equal(const struct buffer *a, const struct buffer *b)
{
	return a->length == b->length && (a->length == 0 ||
	    memcmp(a->bytes, b->bytes, a->length) == 0);
}

static bool
texts_equal(const struct findings_texts *a, const struct findings_texts *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return buffers_equal(&a->mta_sts, &b->mta_sts) &&
	    buffers_equal(&a->tlsrpt, &b->tlsrpt);
}

/* L40 */
static bool
records_equal(enum txt_status a, bool a_is_unproven, enum txt_status b,
    bool b_is_unproven)
{
	return a == b || (a_is_unproven && b == TXT_ERROR) ||
	    (b_is_unproven && a == TXT_ERROR);
}

bool
findings_equal(const struct findings *a, const struct findings *b)
{
	const unsigned shown = ~(1u << DOMAIN_DELEGATION_DIFFERS);

	if (findings_have_failed(a) || findings_have_failed(b))
		return findings_have_failed(a) && findings_have_failed(b);
	return a->status == b->status &&
	    (a->flags & shown) == (b->flags & shown) &&
	    answers_equal(&a->answer, &b->answer) &&
	    sets_equal(&a->set, &b->set) &&
	    records_equal(a->mta_sts_record, a->mta_sts_is_unproven,
	    b->mta_sts_record, b->mta_sts_is_unproven) &&
	    records_equal(a->tlsrpt_record, a->tlsrpt_is_unproven,
	    b->tlsrpt_record, b->tlsrpt_is_unproven) &&
	    texts_equal(a->texts, b->texts);
}
