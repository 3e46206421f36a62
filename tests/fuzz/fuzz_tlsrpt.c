/* fuzz_tlsrpt: a TXT record at `_smtp._tls.`. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parsers/tlsrpt.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = (const char *)bytes, *read;
	struct buffer rua = { 0 };

	if (!tlsrpt_is_record(text, length)) {
		assert(length < 11 || memcmp(text, "v=TLSRPTv1;", 11) != 0);
	} else if (!tlsrpt_read(text, length, &rua)) {
		assert(rua.length == 0);
	} else {
		read = buffer_text(&rua);
		assert(rua.length > 6 && rua.length < length);
		assert(strlen(read) == rua.length);
		assert(strpbrk(read, "; \t!") == NULL);
		assert(strcasestr(read, "mailto:") != NULL ||
		    strcasestr(read, "https:") != NULL);
	}
	buffer_fini(&rua);
	return 0;
}
