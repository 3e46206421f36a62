/* From texts to pointers (map), sets of byte strings (keyset) and their numbers
 * (keymap), over several doublings of their tables. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "scanner/base/keymap.h"
#include "scanner/base/keyset.h"
#include "scanner/base/map.h"

#define KEYS 5000

static unsigned numbers[KEYS];

static void
places(void **state)
{
	struct map *map = map_new();
	char key[] = "a.example";
	const char *copy, *again;
	void **place;

	(void)state;
	assert_int_equal(map_count(map), 0);
	assert_null(map_get(map, key));
	/* Asking makes nothing. */
	assert_int_equal(map_count(map), 0);
	place = map_place(map, key, &copy);
	assert_null(*place);
	*place = &numbers[1];
	assert_ptr_not_equal(copy, key);
	assert_string_equal(copy, "a.example");
	/* The key is the map's own. */
	key[0] = 'b';
	assert_string_equal(copy, "a.example");
	assert_null(map_get(map, key));
	assert_ptr_equal(map_get(map, "a.example"), &numbers[1]);
	assert_ptr_equal(*map_place(map, "a.example", &again), &numbers[1]);
	assert_ptr_equal(again, copy);
	assert_int_equal(map_count(map), 1);
	/* The empty text is a key; a prefix is another one. */
	*map_place(map, "", NULL) = &numbers[2];
	*map_place(map, "a.exampl", NULL) = &numbers[3];
	assert_ptr_equal(map_get(map, ""), &numbers[2]);
	assert_ptr_equal(map_get(map, "a.exampl"), &numbers[3]);
	assert_ptr_equal(map_get(map, "a.example"), &numbers[1]);
	assert_int_equal(map_count(map), 3);
	map_free(map);
	map_free(NULL);
}

static void
many(void **state)
{
	struct map *map = map_new();
	static const char *copies[KEYS];
	bool seen[KEYS] = { false };
	size_t index = 0, walked = 0;
	const char *name;
	void *value;
	char key[32];

	(void)state;
	for (unsigned i = 0; i < KEYS; i++) {
		snprintf(key, sizeof key, "mx%u.example", i);
		*map_place(map, key, &copies[i]) = &numbers[i];
	}
	assert_int_equal(map_count(map), KEYS);
	for (unsigned i = 0; i < KEYS; i++) {
		snprintf(key, sizeof key, "mx%u.example", i);
		assert_ptr_equal(map_get(map, key), &numbers[i]);
		/* Copies stay where they are while the table grows. */
		assert_string_equal(copies[i], key);
		snprintf(key, sizeof key, "mx%u.exampl", i);
		assert_null(map_get(map, key));
	}
	while (map_next(map, &index, &name, &value)) {
		size_t i = (size_t)((unsigned *)value - numbers);

		assert_true(i < KEYS);
		assert_false(seen[i]);
		seen[i] = true;
		assert_ptr_equal(name, copies[i]);
		walked++;
	}
	assert_int_equal(walked, KEYS);
	assert_false(map_next(map, &index, &name, &value));
	map_free(map);
}

/* Each map has a key of its own, which a stranger cannot know. */
static void
keyed(void **state)
{
	struct map *one = map_new(), *other = map_new();

	(void)state;
	assert_true(map_hash(one, "a") == map_hash(one, "a"));
	assert_true(map_hash(one, "a") != map_hash(one, "b"));
	assert_true(map_hash(one, "a") != map_hash(other, "a"));
	map_free(one);
	map_free(other);
}

static void
members(void **state)
{
	struct keyset *set = keyset_new();

	(void)state;
	assert_false(keyset_has(set, "a", 1));
	assert_true(keyset_add(set, "a", 1));
	assert_false(keyset_add(set, "a", 1));
	assert_true(keyset_has(set, "a", 1));
	/* Bytes, not texts: a NUL counts, and so does the length. */
	assert_true(keyset_add(set, "a\0b", 3));
	assert_true(keyset_add(set, "a\0c", 3));
	assert_true(keyset_add(set, "a\0", 2));
	assert_false(keyset_has(set, "", 0));
	assert_true(keyset_add(set, "", 0));
	assert_false(keyset_add(set, "", 0));
	assert_int_equal(keyset_count(set), 5);
	keyset_free(set);
	keyset_free(NULL);
}

static void
many_members(void **state)
{
	struct keyset *set = keyset_new();

	(void)state;
	for (unsigned i = 0; i < KEYS; i++)
		assert_true(keyset_add(set, &i, sizeof i));
	assert_int_equal(keyset_count(set), KEYS);
	for (unsigned i = 0; i < 2 * KEYS; i++)
		assert_int_equal(keyset_has(set, &i, sizeof i), i < KEYS);
	for (unsigned i = 0; i < KEYS; i++)
		assert_false(keyset_add(set, &i, sizeof i));
	assert_int_equal(keyset_count(set), KEYS);
	keyset_free(set);
}

/* Enough that each part has grown beyond the size from which on it asks for huge
 * pages: 2 MiB, 131,072 places, of 16 parts. */
static void
numbers_of_keys(void **state)
{
	enum { MANY = 1700000 };
	struct keymap *map = keymap_new();

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t *place = keymap_place(map, &i, sizeof i);

		assert_int_equal(*place, 0);
		*place = ~i;
	}
	assert_int_equal(keymap_count(map), MANY);
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(*keymap_place(map, &i, sizeof i), ~i);
	assert_int_equal(keymap_count(map), MANY);
	/* Bytes, not texts. */
	assert_int_equal(*keymap_place(map, "", 0), 0);
	assert_int_equal(*keymap_place(map, "\0", 1), 0);
	assert_int_equal(keymap_count(map), MANY + 2);
	keymap_free(map);
	keymap_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places), cmocka_unit_test(many),
		cmocka_unit_test(keyed), cmocka_unit_test(members),
		cmocka_unit_test(many_members),
		cmocka_unit_test(numbers_of_keys),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
