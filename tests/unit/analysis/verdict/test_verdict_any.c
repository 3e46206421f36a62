/* What RULES 9 has hold for any facts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>

#include "tests/unit/verdict_world.h"

static unsigned
dice(unsigned sides)
{
	return (unsigned)random() % sides;
}

static void
random_world(struct world *world, bool any_tlsa)
{
	static const char classes[] = "tttngub", tlsas[] = "--mmxnuf?";
	char text[128];
	size_t at = 0;
	unsigned hosts_count = 1 + dice(MOST - 1);

	for (unsigned h = 0; h < hosts_count; h++) {
		unsigned pairs = 1 + dice(MOST - 1);

		if (h > 0)
			text[at++] = dice(2) != 0 ? ' ' : '/';
		if (dice(4) == 0)
			text[at++] = '!';
		for (unsigned p = 0; p < pairs; p++) {
			if (p > 0)
				text[at++] = '+';
			text[at++] = classes[dice(sizeof classes - 1)];
			text[at++] = any_tlsa
			    ? tlsas[dice(sizeof tlsas - 1)] : '-';
			for (const char *c = "chlo"; *c != '\0'; c++)
				if (dice(4) == 0)
					text[at++] = *c;
		}
	}
	text[at] = '\0';
	make_world(world, text);
	world->domain.mx_dnssec = dice(3) != 0 ? DNSSEC_SECURE
					       : DNSSEC_INSECURE;
	world->domain.mta_sts = (enum sts_policy)dice(STS_UNDETERMINED + 1);
	world->domain.mta_sts_status = "status";
	world->domain.policy_list = (enum list_entry_mode)dice(
	    LISTED_ENFORCE + 1);
}

static void
assert_ordered(const struct verdict *verdict)
{
	for (int s = 0; s < SENDER_COUNT; s++) {
		const struct deliveries *got = &verdict->senders[s];
		bool usable = delivery_is_usable(got->worst);

		/* Neither the best nor the first is below the least. */
		if (usable && delivery_is_usable(got->deliver))
			assert_true(got->worst <= got->deliver);
		if (usable && delivery_is_usable(got->first))
			assert_true(got->worst <= got->first &&
			    got->first <= got->deliver);
		if (got->first == DELIVERY_MIXED)
			assert_true(got->worst < got->deliver ||
			    got->deliver == DELIVERY_UNDETERMINED ||
			    got->worst == DELIVERY_UNDETERMINED);
		assert_true(got->deliver != DELIVERY_MIXED &&
		    got->worst != DELIVERY_MIXED);
		/* The others are all three of one kind. */
		if (got->deliver == DELIVERY_REFUSED ||
		    got->deliver == DELIVERY_UNREACHABLE)
			assert_true(got->first == got->deliver &&
			    got->worst == got->deliver);
	}
	if (verdict->dane_domain_all == ANSWER_YES)
		assert_int_equal(verdict->dane_domain, ANSWER_YES);
	/* It asks nothing of a host that does not connect; a sender whose lookup
	 * of TLSA fails there does not come so far. */
	if (verdict->dane_domain == ANSWER_YES) {
		assert_int_equal(verdict->senders[SENDER_DANE].deliver,
		    DELIVERY_AUTHENTICATED);
		assert_true(verdict->senders[SENDER_DANE].first ==
		    DELIVERY_AUTHENTICATED ||
		    verdict->senders[SENDER_DANE].first ==
		    DELIVERY_UNDETERMINED);
	}
}

/* From something to the same or to undetermined; or to refused, where an enforced
 * policy does not list the host, whatever is found there. */
static void
assert_no_better(enum delivery before, enum delivery after)
{
	assert_true(after == before || after == DELIVERY_UNDETERMINED ||
	    (before == DELIVERY_UNREACHABLE && after == DELIVERY_REFUSED));
}

static void
properties(void **state)
{
	(void)state;
	srandom(9);
	for (int round = 0; round < 50000; round++) {
		struct reasons reasons = { 0 };
		struct verdict before, after;
		struct world world;
		size_t host;

		random_world(&world, round % 2 == 0);
		verdict_of(&world.domain, &before, &reasons);
		assert_ordered(&before);
		/* DANE is as opportunistic for a domain without TLSA. */
		if (round % 2 != 0)
			assert_memory_equal(&before.senders[SENDER_DANE],
			    &before.senders[SENDER_OPPORTUNISTIC],
			    sizeof before.senders[SENDER_DANE]);
		/* One pair more that is undetermined. */
		host = dice((unsigned)world.domain.mx_count);
		set_pair(&world, host, dice(2) != 0 ? "um" : "u-", 2);
		verdict_of(&world.domain, &after, &reasons);
		assert_ordered(&after);
		for (int s = 0; s < SENDER_COUNT; s++) {
			assert_no_better(before.senders[s].first,
			    after.senders[s].first);
			assert_no_better(before.senders[s].deliver,
			    after.senders[s].deliver);
			assert_no_better(before.senders[s].worst,
			    after.senders[s].worst);
		}
		assert_true(after.dane_domain == before.dane_domain ||
		    after.dane_domain == ANSWER_UNDETERMINED);
		assert_true(after.dane_domain_all == before.dane_domain_all ||
		    after.dane_domain_all == ANSWER_UNDETERMINED);
		reasons_fini(&reasons);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(properties),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
