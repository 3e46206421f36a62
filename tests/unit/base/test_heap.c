/* The order of a heap: by key, equal keys in the order in which they were
 * pushed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "scanner/base/heap.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

struct event {
	int64_t key;
	bool	waiting;
};

static void
empty(void **state)
{
	struct heap heap = { 0 };
	int value;

	(void)state;
	assert_null(heap_first(&heap));
	heap_push(&heap, 5, &value);
	assert_int_equal(heap_first(&heap)->key, 5);
	assert_ptr_equal(heap_first(&heap)->value, &value);
	assert_ptr_equal(heap_pop(&heap), &value);
	assert_null(heap_first(&heap));
	heap_fini(&heap);
	assert_null(heap_first(&heap));
	heap_fini(&heap);
}

static void
bounds_of_keys(void **state)
{
	static const int64_t keys[] = { 0, INT64_MAX, -1, INT64_MIN, 1 };
	static const int64_t sorted[] = { INT64_MIN, -1, 0, 1, INT64_MAX };
	struct heap heap = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++)
		heap_push(&heap, keys[i], (void *)(uintptr_t)&keys[i]);
	for (size_t i = 0; i < COUNT(sorted); i++) {
		const int64_t *key = heap_pop(&heap);

		assert_true(*key == sorted[i]);
	}
	heap_fini(&heap);
}

/* The earliest of all that wait, found by looking at each. */
static struct event *
earliest(struct event *events, size_t count)
{
	struct event *best = NULL;

	for (size_t i = 0; i < count; i++)
		if (events[i].waiting && (best == NULL ||
		    events[i].key < best->key))
			best = &events[i];
	return best;
}

/* Pushes and pops in random order, few distinct keys; events stand in the order
 * of their pushing, so the first of equal keys is the first found. */
static void
against_a_plain_search(void **state)
{
	static struct event events[2000];
	struct heap heap = { 0 };
	size_t pushed = 0, popped = 0;

	(void)state;
	srandom(1);
	while (popped < COUNT(events)) {
		if (pushed < COUNT(events) && (random() % 5 < 3 ||
		    pushed == popped)) {
			events[pushed] = (struct event){ random() % 40, true };
			heap_push(&heap, events[pushed].key, &events[pushed]);
			pushed++;
		} else {
			struct event *best = earliest(events, pushed);

			assert_true(heap_first(&heap)->key == best->key);
			assert_ptr_equal(heap_pop(&heap), best);
			best->waiting = false;
			popped++;
		}
		assert_int_equal(heap.count, pushed - popped);
	}
	heap_fini(&heap);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty), cmocka_unit_test(bounds_of_keys),
		cmocka_unit_test(against_a_plain_search),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
