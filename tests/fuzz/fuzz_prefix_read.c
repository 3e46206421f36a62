/*
 * fuzz_prefix_read: an address, a prefix or a range as a person wrote it; and
 * the same bytes as the first and the last address of a range.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "parsers/prefix_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
check_why(const char *why)
{
	size_t length = strnlen(why, PREFIX_WHY_MAX);

	assert(length > 0 && length < PREFIX_WHY_MAX);
}

/* Both read the text of a prefix in the same way; a text that only one of them
 * reads is an address. */
static void
check_prefix(const char *text, size_t length)
{
	char why[PREFIX_WHY_MAX] = "";
	struct prefix prefix, plain;
	bool is_plain = prefix_from_text(text, length, &plain);

	if (!prefix_read(text, length, &prefix, why)) {
		check_why(why);
		assert(!is_plain);
	} else if (is_plain) {
		assert(prefix.length == plain.length);
		assert(address_compare(&prefix.base, &plain.base) == 0);
	} else {
		assert(text[0] == '[' && text[length - 1] == ']');
		assert(prefix.length == (prefix.base.family == 4 ? 32 : 128));
		assert(prefix_is_meant(text, length));
	}
}

static void
check_range(const char *text, size_t length)
{
	char why[PREFIX_WHY_MAX] = "";
	struct prefix_set set = { 0 };

	if (!range_read(text, length, &set, why)) {
		check_why(why);
		assert(set.count == 0);
	} else {
		assert(range_is_meant(text, length));
		assert(set.count >= 1 && set.count <= 2 * 128);
	}
	prefix_set_fini(&set);
}

/* The prefixes contain both ends, and are in order without overlap. */
static void
check_ends(const struct address *first, const struct address *last)
{
	char text[2 * ADDRESS_TEXT_MAX], why[PREFIX_WHY_MAX] = "";
	struct prefix_set set = { 0 };
	size_t length = address_to_text(first, text);

	text[length++] = '-';
	length += address_to_text(last, text + length);
	if (address_compare(first, last) > 0) {
		assert(!range_read(text, length, &set, why));
		return;
	}
	assert(range_read(text, length, &set, why));
	assert(address_compare(&set.prefixes[0].base, first) == 0);
	assert(prefix_contains(&set.prefixes[set.count - 1], last));
	for (size_t i = 0; i < set.count; i++) {
		assert(address_compare(&set.prefixes[i].base, last) <= 0);
		assert(i == 0 || (address_compare(&set.prefixes[i - 1].base,
		    &set.prefixes[i].base) < 0 && !prefix_contains(
		    &set.prefixes[i - 1], &set.prefixes[i].base)));
	}
	prefix_set_fini(&set);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct address first = { .family = 6 }, last = { .family = 6 };

	check_prefix((const char *)bytes, length);
	check_range((const char *)bytes, length);
	if (length == 8)
		first.family = last.family = 4;
	if (length == 8 || length == 32) {
		memcpy(first.bytes, bytes, length / 2);
		memcpy(last.bytes, bytes + length / 2, length / 2);
		check_ends(&first, &last);
	}
	return 0;
}
