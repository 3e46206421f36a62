/* The cache of the keys of signed delegations (RULES L35). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/dns/direct/keys.h"

#define NOW	1800000000
#define TTL	300

static const struct siphash_key hash_key = { 1, 2 };

static struct delegation
delegated(const char *name, const char *ds)
{
	return (struct delegation){
		.name = name, .ds = (const uint8_t *)ds,
		.ds_length = strlen(ds),
	};
}

static struct keys_entry *
hold_at(struct keys *keys, const char *name, const char *ds, int64_t now_s)
{
	const struct delegation delegation = delegated(name, ds);

	return keys_hold(keys, &delegation, now_s);
}

static void
learn(struct keys_entry *entry, uint32_t ttl)
{
	const struct secure_keys found = { .ttl = ttl };

	assert_int_equal(entry->state, KEYS_NEW);
	entry->state = KEYS_ASKED;
	keys_are_known(entry, &found, 3, NOW);
	assert_int_equal(entry->state, KEYS_KNOWN);
	assert_int_equal(entry->verifications, 3);
}

/* Looks the keys up, if they are not there, and needs them no more. */
static bool
use(struct keys *keys, const char *name)
{
	struct keys_entry *entry = hold_at(keys, name, "ds", NOW);
	bool was_known = entry->state == KEYS_KNOWN;

	if (!was_known)
		learn(entry, TTL);
	keys_release(keys, entry);
	return was_known;
}

static void
name_and_ds_count(void **state)
{
	struct keys *keys = keys_new(&hash_key, 10);
	struct keys_entry *first = hold_at(keys, "a.example", "one", NOW);
	struct keys_entry *others[3];

	(void)state;
	learn(first, TTL);
	assert_ptr_equal(hold_at(keys, "a.example", "one", NOW), first);
	assert_ptr_equal(keys_hold_more(first), first);
	others[0] = hold_at(keys, "b.example", "one", NOW);
	others[1] = hold_at(keys, "a.example", "two", NOW);
	others[2] = hold_at(keys, "a.exampl", "eone", NOW);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(others[i]->state, KEYS_NEW);
		learn(others[i], TTL);
		keys_release(keys, others[i]);
	}
	for (size_t i = 0; i < 3; i++)
		keys_release(keys, first);
	assert_int_equal(keys_count(keys), 4);
	keys_free(keys);
}

/* Until its last second, and after it. */
static void
time_ends(void **state)
{
	struct keys *keys = keys_new(&hash_key, 10);
	struct keys_entry *old = hold_at(keys, "a.example", "ds", NOW), *fresh;

	(void)state;
	learn(old, TTL);
	keys_release(keys, old);
	assert_ptr_equal(hold_at(keys, "a.example", "ds", NOW + TTL - 1), old);
	assert_int_equal(keys_count(keys), 0);
	/* It is held, so it does not change for its holder. */
	fresh = hold_at(keys, "a.example", "ds", NOW + TTL);
	assert_ptr_not_equal(fresh, old);
	assert_int_equal(fresh->state, KEYS_NEW);
	assert_int_equal(old->state, KEYS_KNOWN);
	keys_release(keys, old);
	assert_int_equal(keys_count(keys), 0);
	learn(fresh, 2 * TTL);
	keys_release(keys, fresh);
	assert_int_equal(keys_count(keys), 1);
	/* Nobody holds it. */
	fresh = hold_at(keys, "a.example", "ds", NOW + 2 * TTL);
	assert_int_equal(fresh->state, KEYS_NEW);
	assert_int_equal(keys_count(keys), 0);
	keys_release(keys, fresh);
	keys_free(keys);
}

/* A TTL of 0: only for those that wait. */
static void
no_time_at_all(void **state)
{
	struct keys *keys = keys_new(&hash_key, 10);
	struct keys_entry *first = hold_at(keys, "a.example", "ds", NOW);
	struct keys_entry *next;

	(void)state;
	learn(first, 0);
	next = hold_at(keys, "a.example", "ds", NOW);
	assert_int_equal(next->state, KEYS_NEW);
	keys_release(keys, first);
	keys_release(keys, next);
	keys_free(keys);
}

static void
least_recently_used_goes(void **state)
{
	struct keys *keys = keys_new(&hash_key, 2);

	(void)state;
	assert_false(use(keys, "a.example"));
	assert_false(use(keys, "b.example"));
	assert_true(use(keys, "a.example"));
	assert_false(use(keys, "c.example"));
	assert_int_equal(keys_count(keys), 2);
	assert_true(use(keys, "a.example"));
	assert_false(use(keys, "b.example"));
	keys_free(keys);
}

/* What is in use is not counted, and does not go. */
static void
held_stay(void **state)
{
	struct keys *keys = keys_new(&hash_key, 1);
	struct keys_entry *held = hold_at(keys, "a.example", "ds", NOW);

	(void)state;
	learn(held, TTL);
	assert_false(use(keys, "b.example"));
	assert_false(use(keys, "c.example"));
	assert_int_equal(keys_count(keys), 1);
	assert_ptr_equal(hold_at(keys, "a.example", "ds", NOW), held);
	keys_release(keys, held);
	assert_int_equal(keys_count(keys), 1);
	keys_release(keys, held);
	assert_int_equal(keys_count(keys), 1);
	assert_true(use(keys, "a.example"));
	assert_false(use(keys, "c.example"));
	keys_free(keys);
}

/* Those that wait share the failure; the next one asks again. */
static void
failure_is_not_kept(void **state)
{
	struct keys *keys = keys_new(&hash_key, 10);
	struct keys_entry *failed = hold_at(keys, "a.example", "ds", NOW);
	struct keys_entry *next;

	(void)state;
	failed->state = KEYS_ASKED;
	assert_ptr_equal(hold_at(keys, "a.example", "ds", NOW), failed);
	keys_have_failed(failed);
	next = hold_at(keys, "a.example", "ds", NOW);
	assert_ptr_not_equal(next, failed);
	assert_int_equal(next->state, KEYS_NEW);
	keys_release(keys, failed);
	keys_release(keys, failed);
	assert_int_equal(keys_count(keys), 0);
	learn(next, TTL);
	keys_release(keys, next);
	assert_int_equal(keys_count(keys), 1);
	keys_free(keys);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(name_and_ds_count),
		cmocka_unit_test(time_ends),
		cmocka_unit_test(no_time_at_all),
		cmocka_unit_test(least_recently_used_goes),
		cmocka_unit_test(held_stay),
		cmocka_unit_test(failure_is_not_kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
