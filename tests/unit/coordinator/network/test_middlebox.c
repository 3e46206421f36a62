/* When one key with one greeting is a suspect (RULES F30). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "scanner/coordinator/network/middlebox.h"

/* The identity is shown at address 1 of so many networks, for names below so
 * many registrable domains. */
static struct middlebox *
shown(const char *identity, unsigned networks, unsigned domains)
{
	struct middlebox *box = middlebox_new();

	for (unsigned i = 0; i < networks; i++) {
		struct address address = { .family = 4, .bytes = {
			10, (uint8_t)(i >> 8), (uint8_t)i, 1,
		} };
		char domain[32];

		snprintf(domain, sizeof domain, "domain-%u.example",
		    i % domains);
		middlebox_note(box, identity, &address, domain);
	}
	return box;
}

static enum identity_state
state_after(unsigned networks, unsigned domains)
{
	struct middlebox *box = shown("key greeting", networks, domains);
	enum identity_state state = middlebox_state(box, "key greeting");

	middlebox_free(box);
	return state;
}

static void
twenty_networks_of_ten_domains_suspect(void **state)
{
	(void)state;
	assert_int_equal(state_after(20, 10), IDENTITY_SUSPECT);
	assert_int_equal(state_after(19, 10), IDENTITY_ALONE);
	/* A provider with its own names. */
	assert_int_equal(state_after(20, 9), IDENTITY_ALONE);
	assert_int_equal(state_after(200, 1), IDENTITY_USUAL);
}

static void
a_second_identity_ends_being_alone(void **state)
{
	struct middlebox *box = shown("key greeting", 5, 5);
	struct address address = { .family = 4, .bytes = { 10, 9, 9, 9 } };

	(void)state;
	assert_int_equal(middlebox_state(box, "key greeting"),
	    IDENTITY_ALONE);
	middlebox_note(box, "other greeting", &address, "other.example");
	assert_int_equal(middlebox_state(box, "key greeting"),
	    IDENTITY_USUAL);
	middlebox_free(box);
}

static void
addresses_of_one_network_do_not_suspect(void **state)
{
	struct middlebox *box = middlebox_new();

	(void)state;
	for (unsigned i = 1; i <= 200; i++) {
		struct address address = { .family = 4, .bytes = {
			10, 0, 0, (uint8_t)i,
		} };
		char domain[32];

		snprintf(domain, sizeof domain, "domain-%u.example", i);
		middlebox_note(box, "key greeting", &address, domain);
	}
	assert_null(middlebox_suspect(box));
	middlebox_free(box);
}

static void
a_judgement_stands(void **state)
{
	struct middlebox *box = shown("key greeting", 20, 10);

	(void)state;
	assert_string_equal(middlebox_suspect(box), "key greeting");
	middlebox_judge(box, "key greeting", false);
	assert_null(middlebox_suspect(box));
	assert_int_equal(middlebox_state(box, "key greeting"),
	    IDENTITY_CLEARED);
	middlebox_judge(box, "key greeting", true);
	assert_int_equal(middlebox_state(box, "key greeting"),
	    IDENTITY_FORGED);
	middlebox_free(box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twenty_networks_of_ten_domains_suspect),
		cmocka_unit_test(a_second_identity_ends_being_alone),
		cmocka_unit_test(addresses_of_one_network_do_not_suspect),
		cmocka_unit_test(a_judgement_stands),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
