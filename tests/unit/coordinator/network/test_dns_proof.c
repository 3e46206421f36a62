/* How many name servers must answer (RULES F25). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanner/coordinator/network/dns_proof.h"

/* A proof in which `answered` of `asked` servers of the family answered. */
static struct dns_proof
proof_of(int family, size_t asked, size_t answered)
{
	struct dns_proof proof = { .count = asked };

	for (size_t i = 0; i < asked; i++)
		proof.targets[i] = (struct dns_proof_target){
			.address = { .family = (uint8_t)family },
			.answered = i < answered, .milliseconds = (int)i,
		};
	return proof;
}

static bool
fails(size_t asked, size_t answered)
{
	const struct dns_proof proof = proof_of(4, asked, answered);
	const struct dns_proof_count count = dns_proof_count(&proof, 4);

	return dns_proof_fails(&count);
}

static void
two_thirds_must_answer(void **state)
{
	(void)state;
	assert_false(fails(9, 6));
	assert_true(fails(9, 5));
	assert_false(fails(1, 1));
	assert_true(fails(1, 0));
	assert_false(fails(2, 2));
	assert_true(fails(2, 1));
}

static void
nobody_to_ask_is_no_proof(void **state)
{
	(void)state;
	assert_false(fails(0, 0));
}

static void
families_are_apart(void **state)
{
	struct dns_proof proof = proof_of(4, 3, 3);
	struct dns_proof_count count;

	(void)state;
	proof.targets[proof.count++] = (struct dns_proof_target){
		.address = { .family = 6 }, .error = ENETUNREACH,
	};
	count = dns_proof_count(&proof, 6);
	assert_int_equal(count.asked, 1);
	assert_int_equal(count.answered, 0);
	assert_int_equal(count.error, ENETUNREACH);
	assert_int_equal(count.milliseconds, -1);
	assert_true(dns_proof_fails(&count));
	count = dns_proof_count(&proof, 4);
	assert_int_equal(count.asked, 3);
	/* The slowest answer. */
	assert_int_equal(count.milliseconds, 2);
	assert_false(dns_proof_fails(&count));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_thirds_must_answer),
		cmocka_unit_test(nobody_to_ask_is_no_proof),
		cmocka_unit_test(families_are_apart),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
