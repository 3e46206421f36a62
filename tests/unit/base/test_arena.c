/* Allocations that are freed together, and lists whose links are inside. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "scanner/base/arena.h"
#include "scanner/base/list.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* Around the sizes of blocks; each is zeroed, aligned and its own. */
static void
sizes(void **state)
{
	static const size_t rows[] = {
		0, 1, 15, 16, 255, 256, 257, 767, 1024, 16383, 16384, 16385,
		65535, 65536, 65537, 1000000, 3,
	};
	struct arena arena = { 0 };
	uint8_t *taken[COUNT(rows)];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		taken[i] = arena_take(&arena, rows[i]);
		assert_int_equal((uintptr_t)taken[i] % alignof(max_align_t),
		    0);
		for (size_t j = 0; j < rows[i]; j++)
			if (taken[i][j] != 0)
				fail_msg("%zu of %zu bytes", j, rows[i]);
		memset(taken[i], (int)i + 1, rows[i]);
		/* The next must not be aligned by chance. */
		assert_string_equal(arena_text(&arena, "ab"), "ab");
	}
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t j = 0; j < rows[i]; j++)
			if (taken[i][j] != i + 1)
				fail_msg("row %zu was written over", i);
	arena_fini(&arena);
	assert_null(arena.blocks);
	arena_fini(&arena);
}

static void
copies(void **state)
{
	static char texts[3000][8];
	static char *copied[COUNT(texts)];
	struct arena arena = { 0 };
	char *bytes;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		memset(texts[i], 'a' + (int)(i % 26), i % 8);
		copied[i] = arena_text(&arena, texts[i]);
	}
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_string_equal(copied[i], texts[i]);
	bytes = arena_copy(&arena, "a\0b", 3);
	assert_memory_equal(bytes, "a\0b", 3);
	assert_int_equal((uintptr_t)bytes % alignof(max_align_t), 0);
	assert_non_null(arena_copy(&arena, NULL, 0));
	arena_fini(&arena);
}

struct element {
	int		number;
	struct list	link;
};

static void
lists(void **state)
{
	struct element elements[4] = {
		{ .number = 0 }, { .number = 1 }, { .number = 2 },
		{ .number = 3 },
	};
	struct list list;

	(void)state;
	list_init(&list);
	assert_true(list_is_empty(&list));
	for (size_t i = 0; i < COUNT(elements); i++) {
		list_init(&elements[i].link);
		/* Legal for an element that is in no list. */
		list_remove(&elements[i].link);
		list_append(&list, &elements[i].link);
	}
	/* Out of the middle, again, and back in at the end. */
	list_remove(&elements[1].link);
	assert_true(list_is_empty(&elements[1].link));
	list_remove(&elements[1].link);
	list_append(&list, &elements[1].link);
	for (size_t i = 0; i < COUNT(elements); i++) {
		static const int order[] = { 0, 2, 3, 1 };
		struct list *first = list_take(&list);

		assert_int_equal(list_entry(first, struct element,
		    link)->number, order[i]);
		assert_true(list_is_empty(first));
	}
	assert_true(list_is_empty(&list));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes), cmocka_unit_test(copies),
		cmocka_unit_test(lists),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
