/* json: prints the answer for a program. It is a part of print. */
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/commands/check/conditions.h"
#include "scanner/commands/check/print.h"

/* Null for a missing value. */
static json_t *
word(const char *text)
{
	return text != NULL && text[0] != '\0' ? json_string(text)
					       : json_null();
}

static json_t *
enumerated(const struct enumeration *values, int value)
{
	return value >= 0 ? word(values->texts[value]) : json_null();
}

static json_t *
flags(const struct enumeration *values, unsigned bits)
{
	json_t *array = json_array();

	for (size_t i = 0; i < values->count; i++)
		if ((bits & 1u << i) != 0)
			json_array_append_new(array,
			    json_string(values->texts[i]));
	return array;
}

/* "a b c" */
static json_t *
list(const char *text)
{
	json_t *array = json_array();

	while (text != NULL && *text != '\0') {
		size_t length = strcspn(text, " ");

		json_array_append_new(array, json_stringn(text, length));
		text += length + (text[length] == ' ');
	}
	return array;
}

static json_t *
lines(const struct check_lines *from)
{
	json_t *array = json_array();

	for (size_t i = 0; i < from->count; i++)
		json_array_append_new(array, json_string(from->items[i]));
	return array;
}

static json_t *
moment(int64_t ms)
{
	char text[CLOCK_TEXT_MAX];

	if (ms == INT64_MIN)
		return json_null();
	clock_text(ms, text);
	return json_string(text);
}

static json_t *
certificate(const struct check_session *session, bool name_match,
    int64_t now_ms)
{
	const struct check_certificate *leaf = session == NULL ||
	    session->chain == NULL ? NULL : session->chain->certificates[0];

	if (leaf == NULL || leaf->issuer == NULL)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, "
	    "s:o}",
	    "subject", word(leaf->subject), "issuer", word(leaf->issuer),
	    "names", list(leaf->san), "not_before", moment(leaf->not_before),
	    "not_after", moment(leaf->not_after),
	    "days_left", leaf->not_after == INT64_MIN ? json_null()
	    : json_integer((json_int_t)check_days(now_ms, leaf->not_after)),
	    "sha256", leaf->sha256, "spki_sha256", word(leaf->spki_sha256),
	    "trusted", session->chain_truncated ? json_null()
	    : json_boolean(session->chain_trusted),
	    "chain_error", word(session->chain_error),
	    "name_match", leaf->spki_sha256[0] == '\0' ? json_null()
	    : json_boolean(name_match));
}

static json_t *
address(const struct check_address *from, int64_t now_ms)
{
	const struct check_result *mx = &from->mx, *base = &from->base;
	const struct check_session *session = mx->session;

	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "address", from->text,
	    "class", enumerated(&address_class_texts, (int)from->class),
	    "outcome", enumerated(&outcome_texts,
	    mx->is_made ? (int)mx->outcome : -1),
	    "phase", enumerated(&phase_texts,
	    session != NULL ? (int)session->phase : -1),
	    "greeting", word(session != NULL ? session->greeting : NULL),
	    "tls_class", enumerated(&tls_class_texts,
	    mx->is_made ? (int)mx->tls_class : (int)TLS_CLASS_NOT_PROBED),
	    "tls_version", word(session != NULL ? session->tls_version : NULL),
	    "cipher", word(session != NULL ? session->cipher : NULL),
	    "certificate", certificate(session, mx->name_match, now_ms),
	    "dane", enumerated(&dane_verdict_texts,
	    base->is_made ? (int)base->dane : -1));
}

static json_t *
records(const struct check_host *host)
{
	json_t *array = json_array();

	for (const struct check_record *record = host->records;
	    record != NULL; record = record->next)
		json_array_append_new(array, json_pack(
		    "{s:i, s:i, s:i, s:s, s:b, s:o, s:b}",
		    "usage", (int)record->usage,
		    "selector", (int)record->selector,
		    "matching_type", (int)record->matching_type,
		    "data", record->hex, "usable", record->is_usable,
		    "unusable_reason", word(record->unusable_reason),
		    "matches", record->matches));
	return array;
}

static json_t *
mx(const struct check_mx *from, int64_t now_ms)
{
	const struct check_host *host = from->host;
	json_t *object = json_pack("{s:s, s:i, s:i, s:o}",
	    "host", from->name, "preference", (int)from->preference,
	    "tier", (int)from->tier, "flags", flags(&mx_flag_texts,
	    from->flags)), *addresses;

	if (host == NULL)
		return object;
	addresses = json_array();
	for (const struct check_address *at = host->addresses; at != NULL;
	    at = at->next)
		json_array_append_new(addresses, address(at, now_ms));
	json_object_update_new(object, json_pack(
	    "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "tlsa_cname_target", word(host->tlsa_target),
	    "status", enumerated(&host_status_texts, (int)host->status),
	    "dnssec", enumerated(&dnssec_texts, (int)host->dnssec),
	    "canonical_name", word(host->canonical),
	    "tlsa_base", word(host->tlsa_base),
	    "tlsa_status", enumerated(&tlsa_status_texts,
	    (int)host->tlsa_status),
	    "tlsa", records(host), "addresses", addresses));
	return object;
}

static json_t *
policy(const struct check_domain *domain)
{
	const struct check_policy *from = domain->policy;
	json_t *sts = json_pack("{s:o}", "record",
	    enumerated(&txt_status_texts, (int)domain->mta_sts_record));

	if (from != NULL)
		json_object_update_new(sts, json_pack(
		    "{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:i, s:o}",
		    "status", enumerated(&mta_sts_status_texts,
		    (int)from->status),
		    "txt", word(from->txt), "id", word(from->id),
		    "mode", enumerated(&mta_sts_mode_texts, from->mode),
		    "mx", list(from->mx),
		    "error", enumerated(&mta_sts_fault_texts, from->fault),
		    "max_age_s", (json_int_t)from->max_age_s,
		    "http_code", from->http_code,
		    "tls_error", word(from->tls_error)));
	return sts;
}

static json_t *
senders(const struct check_domain *domain)
{
	json_t *object = json_object();

	for (int i = 0; i < SENDER_COUNT; i++) {
		const struct check_outcome *outcome = &domain->outcomes[i];

		json_object_set_new(object, sender_texts.texts[i], json_pack(
		    "{s:s, s:s, s:s}",
		    "first", delivery_texts.texts[outcome->first],
		    "deliver", delivery_texts.texts[outcome->deliver],
		    "worst", delivery_texts.texts[outcome->worst]));
	}
	return object;
}

static json_t *
replaced(const struct check_records *records)
{
	if (records->owner == NULL)
		return json_null();
	return json_pack("{s:s, s:s, s:s}", "owner", records->owner,
	    "type", records->type, "begins", records->begins);
}

static json_t *
advice(const struct check_advice *from)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, "
	    "s:o}",
	    "id", from->id, "urgency", check_urgency_text(from->urgency),
	    "host", word(from->host), "addresses", lines(&from->addresses),
	    "text", from->text, "publish", lines(&from->publish),
	    "remove", lines(&from->remove),
	    "replace", replaced(&from->replace),
	    "ask", word(from->ask), "compare", word(from->compare),
	    "policy", from->policy.length == 0 ? json_null()
	    : json_stringn((const char *)from->policy.bytes,
	    from->policy.length));
}

json_t *
check_to_json(const struct check_domain *domain,
    const struct check_advice_list *list_of, int64_t now_ms)
{
	json_t *object = json_pack("{s:s, s:i, s:s, s:b}",
	    "domain", domain->name, "status", check_advice_status(list_of),
	    "says", check_status_text(check_advice_status(list_of)),
	    "measured", domain->is_measured);
	json_t *hosts = json_array(), *items = json_array();

	for (size_t i = 0; i < domain->mx_count; i++)
		json_array_append_new(hosts, mx(&domain->mx[i], now_ms));
	for (size_t i = 0; i < list_of->count; i++)
		json_array_append_new(items, advice(&list_of->items[i]));
	if (domain->is_measured)
		json_object_update_new(object, json_pack(
		    "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		    "mx_status", enumerated(&mx_status_texts,
		    (int)domain->mx_status),
		    "mx_dnssec", enumerated(&dnssec_texts,
		    (int)domain->mx_dnssec),
		    "cname_target", word(domain->cname_target),
		    "flags", flags(&domain_flag_texts, domain->flags),
		    "mta_sts", policy(domain),
		    "tlsrpt", json_pack("{s:o, s:o}", "record",
		    enumerated(&txt_status_texts, (int)domain->tlsrpt_record),
		    "rua", word(domain->policy != NULL ? domain->policy->rua
		    : NULL)),
		    "senders", senders(domain),
		    "reasons", list(domain->reasons)));
	json_object_set_new(object, "mx", hosts);
	json_object_set_new(object, "advice", items);
	return object;
}
