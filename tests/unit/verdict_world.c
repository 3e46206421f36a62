#include "tests/unit/verdict_world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static const struct pair_facts good = {
	.class = PAIR_TLS, .why = "rejected", .is_tls_1_2 = true,
	.chain_trusted = true, .in_dates = true, .name_match = true,
	.chain_error = "ok", .dane_class = PAIR_TLS, .dane_why = "rejected",
	.tlsa = TLSA_CLASS_NONE, .tlsa_status = "absent",
	.dane = DANE_NOT_APPLICABLE,
};

struct pair_facts
pair_of(enum pair_class class, enum tlsa_class tlsa, enum dane_verdict dane)
{
	struct pair_facts pair = good;

	pair.class = pair.dane_class = class;
	pair.tlsa = tlsa;
	pair.dane = dane;
	if (tlsa == TLSA_CLASS_USABLE)
		pair.tlsa_status = "usable";
	if (tlsa == TLSA_CLASS_FAILING)
		pair.tlsa_status = "bogus";
	if (class == PAIR_NO_TLS)
		pair.why = pair.dane_why = "starttls_absent";
	return pair;
}

void
set_pair(struct world *world, size_t host, const char *letters, size_t length)
{
	static const char classes[] = "tngub";
	unsigned index = world->hosts[host].pair_count++;
	struct mx_facts *mx = &world->mxs[host];
	struct pair_facts *pair = &world->pairs[host][index];
	char tlsa = letters[1];

	assert_true(length >= 2 && index < MOST);
	*pair = pair_of((enum pair_class)(strchr(classes, letters[0]) -
	    classes), tlsa == '-' ? TLSA_CLASS_NONE
	    : strchr("mxnk", tlsa) != NULL ? TLSA_CLASS_USABLE
	    : tlsa == 'u' ? TLSA_CLASS_UNUSABLE
	    : tlsa == 'f' ? TLSA_CLASS_FAILING : TLSA_CLASS_UNDETERMINED,
	    tlsa == 'm' ? DANE_MATCH : tlsa == 'x' ? DANE_MISMATCH
	    : tlsa == 'n' ? DANE_NAME_MISMATCH : tlsa == 'k' ? DANE_UNDETERMINED : DANE_NOT_APPLICABLE);
	for (size_t i = 2; i < length; i++) {
		switch (letters[i]) {
		case 'c':
			pair->chain_trusted = false;
			pair->chain_error = "depth_zero_self_signed_cert";
			break;
		case 'k':
			pair->chain_truncated = true;
			pair->chain_trusted = pair->in_dates = false;
			pair->chain_error = "unspecified";
			break;
		case 'h':
			mx->next_hop_matches |= UINT64_C(1) << index;
			break;
		case 'l':
			mx->in_policy_list |= UINT64_C(1) << index;
			break;
		case 'o':
			pair->is_legacy = true;
			pair->is_tls_1_2 = false;
			break;
		default:
			fail_msg("%c", letters[i]);
		}
	}
}

void
make_world(struct world *world, const char *text)
{
	static const char *const names[MOST] = { "mx1", "mx2", "mx3", "mx4" };
	unsigned tier = 1;
	size_t count = 0;

	*world = (struct world){ .domain = { .mx_status = MX_FOUND,
	    .mx_dnssec = DNSSEC_SECURE, .attempts = 1, .is_probed = true } };
	while (*text != '\0') {
		struct mx_facts *mx = &world->mxs[count];

		assert_true(count < MOST);
		mx->tier = tier;
		mx->in_mta_sts = *text != '!';
		mx->host = &world->hosts[count];
		world->hosts[count].name = names[count];
		world->hosts[count].pairs = world->pairs[count];
		text += *text == '!';
		for (;;) {
			size_t length = strcspn(text, "+ /");

			set_pair(world, count, text, length);
			text += length;
			if (*text != '+')
				break;
			text++;
		}
		count++;
		tier += *text == '/';
		text += *text != '\0';
	}
	world->domain.mxs = world->mxs;
	world->domain.mx_count = count;
}

void
assert_deliveries(const char *what, const struct deliveries *got,
    const char *expected)
{
	char text[128];

	snprintf(text, sizeof text, "%s %s %s",
	    delivery_texts.texts[got->first],
	    delivery_texts.texts[got->deliver],
	    delivery_texts.texts[got->worst]);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: %s, not %s", what, text, expected);
}
