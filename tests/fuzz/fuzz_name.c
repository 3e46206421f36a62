/*
 * fuzz_name: names and prefixes as text, as in lists and options; and the same
 * bytes as a name in wire form.
 */
#include <assert.h>
#include <string.h>

#include "parsers/name.h"
#include "parsers/prefix.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* A name that was read is well-formed, lower case, and the same when its text
 * form is read. */
static void
check_wire(const uint8_t *wire, size_t length)
{
	uint8_t again[NAME_WIRE_MAX];
	char text[NAME_TEXT_MAX];
	size_t text_length, again_length;

	assert(name_wire_length(wire, length) == length);
	assert(name_wire_length(wire, length - 1) == 0);
	text_length = name_to_text(wire, text);
	assert(text_length < NAME_TEXT_MAX && text_length > 0);
	assert(strlen(text) == text_length);
	assert(strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_.\\") ==
	    text_length && text[0] != '-');
	assert(name_from_text(text, text_length, again, &again_length) ==
	    NAME_OK);
	assert(again_length == length && memcmp(again, wire, length) == 0);
	assert(name_from_input(text, text_length, again, &again_length) ==
	    NAME_OK);
	assert(again_length == length && memcmp(again, wire, length) == 0);
	name_lower(again);
	assert(memcmp(again, wire, length) == 0);
	assert(name_labels(wire) < length);
	assert(strchr(name_tld(text), '.') == NULL || length == 1);
}

static void
check_prefix(const char *text, size_t length)
{
	char written[ADDRESS_TEXT_MAX + 4];
	struct prefix_set special = { 0 };
	struct prefix prefix, again;
	bool is_listed;

	if (!prefix_from_text(text, length, &prefix))
		return;
	assert(prefix_contains(&prefix, &prefix.base));
	length = prefix_to_text(&prefix, written);
	assert(length == strlen(written) && length < sizeof written);
	assert(prefix_from_text(written, length, &again));
	assert(again.length == prefix.length);
	assert(address_compare(&again.base, &prefix.base) == 0);
	prefix_set_add_special(&special);
	is_listed = prefix_set_contains(&special, &prefix.base);
	prefix_set_fini(&special);
	assert(is_listed == address_is_special(&prefix.base, NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = (const char *)bytes;
	uint8_t wire[NAME_WIRE_MAX], input[NAME_WIRE_MAX];
	size_t wire_length, input_length;
	enum name_error error, input_error;
	bool is_ascii = true;

	for (size_t i = 0; i < length; i++)
		is_ascii &= bytes[i] < 0x80;
	error = name_from_text(text, length, wire, &wire_length);
	if (error == NAME_OK)
		check_wire(wire, wire_length);
	input_error = name_from_input(text, length, input, &input_length);
	if (input_error == NAME_OK)
		check_wire(input, input_length);
	if (is_ascii) {
		assert(input_error == error);
		assert(error != NAME_OK || (input_length == wire_length &&
		    memcmp(input, wire, wire_length) == 0));
	}
	check_prefix(text, length);

	wire_length = name_wire_length(bytes, length);
	assert(wire_length <= length && wire_length <= NAME_WIRE_MAX);
	if (wire_length > 0) {
		memcpy(wire, bytes, wire_length);
		name_lower(wire);
		check_wire(wire, wire_length);
	}
	return 0;
}
