/*
 * fuzz_root_files: files of root hints and trust anchors. The missing part is
 * added, and then nothing is missing.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parsers/root_files.h"
#include "scanner/base/buffer.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const char anchor[] = ". IN DS 1 8 2 00\n";
	static const char hints[] = ". NS a.root.\na.root. A 192.0.2.1\n";
	struct buffer text = { 0 };
	const char *lack = root_hints_lack((const char *)bytes, length);

	assert(lack == NULL || strlen(lack) > 0);
	lack = trust_anchors_lack((const char *)bytes, length);
	assert(lack == NULL || strlen(lack) > 0);
	/* In front: what follows may be in quotes, or in parentheses. */
	buffer_append_text(&text, anchor);
	buffer_append(&text, bytes, length);
	assert(trust_anchors_lack(buffer_text(&text), text.length) == NULL);
	text.length = 0;
	buffer_append_text(&text, hints);
	buffer_append(&text, bytes, length);
	assert(root_hints_lack(buffer_text(&text), text.length) == NULL);
	buffer_fini(&text);
	return 0;
}
