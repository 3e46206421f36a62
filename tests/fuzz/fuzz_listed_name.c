/*
 * fuzz_listed_name: entries of lists. A domain is a host name, and is read again
 * as itself. Any other entry has a reason, and a name in it is a host name.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parsers/listed_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
must_be_read_again(const struct listed_name *listed)
{
	struct listed_name again;
	char text[NAME_TEXT_MAX];
	size_t length = name_to_text(listed->wire, text);

	assert(name_wire_length(listed->wire, NAME_WIRE_MAX) ==
	    listed->length);
	assert(name_is_host(listed->wire));
	listed_name_read(text, length, &again);
	assert(again.is_name && again.length == listed->length);
	assert(memcmp(again.wire, listed->wire, listed->length) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct listed_name listed;
	char why[LISTED_NAME_WHY_MAX];

	listed_name_read((const char *)bytes, length, &listed);
	assert(!listed.is_name || !listed.has_name);
	assert(!listed.is_certain || listed.has_name);
	assert((listed.length > 0) == (listed.is_name || listed.has_name));
	if (listed.length > 0)
		must_be_read_again(&listed);
	if (!listed.is_name) {
		assert(listed.reason < REJECT_COUNT);
		listed_name_explain(&listed, why);
		assert(strlen(why) > 0);
	}
	return 0;
}
