#include "scanner/run/tally.h"

/* Adds counts that stand one after the other. */
static void
add_each(void *counts, const void *more, size_t bytes)
{
	uint64_t *to = counts;
	const uint64_t *from = more;

	for (size_t i = 0; i < bytes / sizeof *to; i++)
		to[i] += from[i];
}

_Static_assert(sizeof(struct tally) % sizeof(uint64_t) == 0 &&
    sizeof(struct lane_tally) % sizeof(uint64_t) == 0, "counts alone");

void
tally_add(struct tally *tally, const struct tally *more)
{
	add_each(tally, more, sizeof *tally);
}

void
lane_tally_add(struct lane_tally *lanes, const struct lane_tally *more)
{
	add_each(lanes, more, sizeof *lanes);
}

static void
count_by(json_t *object, const char *name, const struct enumeration *values,
    const uint64_t *counts)
{
	json_t *inner = json_object();

	for (size_t i = 0; i < values->count; i++)
		if (counts[i] != 0)
			json_object_set_new(inner, values->texts[i],
			    json_integer((json_int_t)counts[i]));
	json_object_set_new(object, name, inner);
}

json_t *
tally_to_json(const struct tally *tally)
{
	json_t *object = json_object();
	uint64_t mx[MX_STATUS_COUNT] = { 0 }, dnssec[DNSSEC_COUNT] = { 0 };

	for (int i = 0; i < MX_STATUS_COUNT; i++)
		for (int j = 0; j < DNSSEC_COUNT; j++) {
			mx[i] += tally->mx_status[i][j];
			dnssec[j] += tally->mx_status[i][j];
		}
	json_object_set_new(object, "domains",
	    json_integer((json_int_t)tally->domains));
	count_by(object, "mx_status", &mx_status_texts, mx);
	count_by(object, "mx_dnssec", &dnssec_texts, dnssec);
	json_object_set_new(object, "hosts",
	    json_integer((json_int_t)tally->hosts));
	count_by(object, "host_status", &host_status_texts,
	    tally->host_status);
	count_by(object, "tlsa_status", &tlsa_status_texts,
	    tally->tlsa_status);
	count_by(object, "address_class", &address_class_texts,
	    tally->addresses);
	json_object_set_new(object, "probes",
	    json_integer((json_int_t)tally->probes));
	count_by(object, "outcome", &outcome_texts, tally->outcome);
	json_object_set_new(object, "certificates", json_pack(
	    "{s:I, s:I, s:I}", "presented",
	    (json_int_t)tally->trusted[0] + (json_int_t)tally->trusted[1],
	    "trusted", (json_int_t)tally->trusted[1],
	    "in_dates", (json_int_t)tally->in_dates[1]));
	json_object_set_new(object, "host_results",
	    json_integer((json_int_t)tally->results));
	count_by(object, "tls_class", &tls_class_texts, tally->tls_class);
	count_by(object, "dane_verdict", &dane_verdict_texts,
	    tally->dane_verdict);
	json_object_set_new(object, "policies",
	    json_integer((json_int_t)tally->policies));
	count_by(object, "mta_sts_status", &mta_sts_status_texts,
	    tally->mta_sts_status);
	count_by(object, "tlsrpt_status", &tlsrpt_status_texts,
	    tally->tlsrpt_status);
	return object;
}

/* In a smaller sample, a single name would already exceed the acceptable
 * share. */
#define SAMPLED_LEAST		100
#define DISAGREED_PERCENT	1

static const char *const sample_names[SAMPLE_GROUPS] = {
	[SAMPLED_NAMES] = "sampled",
	[SAMPLED_DIFFERING] = "sampled_delegation_differs",
};

uint64_t
lane_tally_sampled(const struct lane_tally *lanes, enum sample_group group)
{
	uint64_t names = 0;

	for (int i = 0; i < SAMPLE_RESULT_COUNT; i++)
		names += lanes->sampled[group][i];
	return names;
}

bool
lane_tally_is_doubtful(const struct lane_tally *lanes, enum sample_group group)
{
	uint64_t names = lane_tally_sampled(lanes, group);

	return names >= SAMPLED_LEAST && 100 *
	    lanes->sampled[group][SAMPLE_DISAGREED] > DISAGREED_PERCENT * names;
}

static json_t *
sample_to_json(const struct lane_tally *lanes, enum sample_group group)
{
	json_t *object = json_pack("{s:I}", "names",
	    (json_int_t)lane_tally_sampled(lanes, group));

	for (size_t i = 0; i < SAMPLE_RESULT_COUNT; i++)
		json_object_set_new(object, sample_result_texts.texts[i],
		    json_integer((json_int_t)lanes->sampled[group][i]));
	json_object_set_new(object, "is_doubtful", json_boolean(
	    lane_tally_is_doubtful(lanes, group)));
	return object;
}

static json_t *
fates_to_json(const struct lane_fates *fates)
{
	json_t *object = json_pack("{s:I, s:I}", "asked_directly",
	    (json_int_t)fates->asked, "servers_failed",
	    (json_int_t)fates->failed);

	count_by(object, "fell_back", &oddity_texts, fates->odd);
	return object;
}

json_t *
lane_tally_to_json(const struct lane_tally *lanes)
{
	json_t *object = fates_to_json(&lanes->domains);

	json_object_set_new(object, "hosts", fates_to_json(&lanes->hosts));
	for (int i = 0; i < SAMPLE_GROUPS; i++)
		json_object_set_new(object, sample_names[i], sample_to_json(
		    lanes, (enum sample_group)i));
	return object;
}

static uint64_t
count_of(const json_t *object, const char *name)
{
	json_int_t count = json_integer_value(json_object_get(object, name));

	return count > 0 ? (uint64_t)count : 0;
}

static void
fates_take_up(struct lane_fates *fates, const json_t *object)
{
	const json_t *odd = json_object_get(object, "fell_back");

	fates->asked = count_of(object, "asked_directly");
	fates->failed = count_of(object, "servers_failed");
	for (size_t i = 0; i < ODDITY_COUNT; i++)
		fates->odd[i] = count_of(odd, oddity_texts.texts[i]);
}

void
lane_tally_take_up(struct lane_tally *lanes, const json_t *object)
{
	fates_take_up(&lanes->domains, object);
	fates_take_up(&lanes->hosts, json_object_get(object, "hosts"));
	for (int i = 0; i < SAMPLE_GROUPS; i++)
		for (size_t j = 0; j < SAMPLE_RESULT_COUNT; j++)
			lanes->sampled[i][j] = count_of(json_object_get(object,
			    sample_names[i]), sample_result_texts.texts[j]);
}
