/*
 * fuzz_presented_name: names of a certificate, as a peer presents them and as the
 * tables keep them. The first line is the reference identifier, the second the
 * common name, the rest the names.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/presented_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Up to the end of the line; "" where there is none. */
static char *
line_of(const uint8_t **at, const uint8_t *end)
{
	const uint8_t *stop = *at == end ? NULL
	    : memchr(*at, '\n', (size_t)(end - *at));
	size_t length = (size_t)((stop != NULL ? stop : end) - *at);
	char *text = malloc(length + 1);

	assert(text != NULL);
	if (length > 0)
		memcpy(text, *at, length);
	text[length] = '\0';
	*at = stop != NULL ? stop + 1 : end;
	return text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const uint8_t *at = bytes, *end = bytes + length;
	char *name = line_of(&at, end), *common_name = line_of(&at, end);
	char *names = line_of(&at, end);
	const char *raw = (const char *)bytes;
	bool with, without;

	if (presented_name_matches(raw, length, name))
		assert(!presented_name_is_hostile(raw, length));
	without = presented_names_match(names, NULL, name);
	with = presented_names_match(names, common_name, name);
	/* The common name only ever adds, and not beside a dNSName. */
	assert(with || !without);
	if (with != without)
		assert(strstr(names, "dns:") != names);
	/* N3, N1: what matches has as many bytes, or a wildcard and a dot. */
	if (presented_name_matches(names, strlen(names), name))
		assert(strlen(names) <= strlen(name) + 2);
	/* One label is any number of them. */
	if (presented_names_below(names, name, SUFFIX_ONE_LABEL))
		assert(presented_names_below(names, name, SUFFIX_ANY_DEPTH));
	free(name);
	free(common_name);
	free(names);
	return 0;
}
