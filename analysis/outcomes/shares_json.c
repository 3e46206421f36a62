/* shares_json: writes shares in the form of summary.json. It is a part of
 * shares. */
#include <assert.h>

#include "analysis/outcomes/shares.h"

struct share_text {
	const char	*key, *what, *of;
};

#define SHARE_TEXT(name, key, what, of) { key, what, of },
static const struct share_text domain_texts[] = { DOMAIN_SHARES(SHARE_TEXT) };
static const struct share_text host_texts[] = { HOST_SHARES(SHARE_TEXT) };

/* jansson fails only if there is no memory, since the texts are ours. */
static json_t *
made(json_t *value)
{
	assert(value != NULL);
	return value;
}

static json_t *
number(uint64_t value)
{
	return made(json_integer((json_int_t)value));
}

static json_t *
shares_in_json(const struct share *shares, const struct share_text *texts,
    size_t length)
{
	json_t *array = made(json_array());

	for (size_t i = 0; i < length; i++) {
		const uint64_t *answers = shares[i].answers;

		json_array_append_new(array, made(json_pack(
		    "{s:s, s:s, s:s, s:o, s:o, s:o}", "name", texts[i].key,
		    "what", texts[i].what, "of", texts[i].of,
		    "numerator", number(answers[ANSWER_YES]),
		    "denominator", number(answers[ANSWER_YES] +
		    answers[ANSWER_NO] + answers[ANSWER_UNDETERMINED]),
		    "undetermined", number(answers[ANSWER_UNDETERMINED]))));
	}
	return array;
}

static json_t *
certificates_in_json(const struct shares *shares)
{
	json_t *array = made(json_array());

	for (unsigned i = PROVES_COUNT; i-- > 0; )
		json_array_append_new(array, made(json_pack(
		    "{s:b, s:b, s:b, s:o, s:o}",
		    "chain", (i & PROVES_CHAIN) != 0,
		    "name", (i & PROVES_NAME) != 0,
		    "dates", (i & PROVES_DATES) != 0,
		    "domains", number(shares->domain_certificates[i]),
		    "hosts", number(shares->host_certificates[i]))));
	return array;
}

/* Has every value, even one that does not occur, so that the files of two runs
 * can be compared. */
static json_t *
outcomes_in_json(uint64_t counts[SENDER_COUNT][3][DELIVERY_COUNT],
    bool of_hosts)
{
	static const char *const kinds[] = { "first", "deliver", "worst" };
	json_t *senders = made(json_object());

	for (int s = 0; s < SENDER_COUNT; s++) {
		json_t *sender;

		/* The other senders depend on the policy of the domain. */
		if (of_hosts && s != SENDER_OPPORTUNISTIC &&
		    s != SENDER_DANE && s != SENDER_WEBPKI)
			continue;
		sender = made(json_object());
		for (int k = 0; k < 3; k++) {
			json_t *kind = made(json_object());

			for (int i = 0; i < DELIVERY_COUNT; i++)
				json_object_set_new(kind,
				    delivery_texts.texts[i],
				    number(counts[s][k][i]));
			json_object_set_new(sender, kinds[k], kind);
		}
		json_object_set_new(senders, sender_texts.texts[s], sender);
	}
	return senders;
}

json_t *
shares_to_json(const struct shares *shares)
{
	/* json_pack takes no const arrays of arrays. */
	struct shares copy = *shares;

	return made(json_pack("{s:{s:o, s:o, s:o}, s:{s:o, s:o, s:o}, s:o}",
	    "domains", "count", number(shares->domains),
	    "shares", shares_in_json(shares->of_domains, domain_texts,
	    DOMAIN_SHARE_COUNT),
	    "outcomes", outcomes_in_json(copy.domain_outcomes, false),
	    "hosts", "count", number(shares->hosts),
	    "shares", shares_in_json(shares->of_hosts, host_texts,
	    HOST_SHARE_COUNT),
	    "outcomes", outcomes_in_json(copy.host_outcomes, true),
	    "certificates", certificates_in_json(shares)));
}
