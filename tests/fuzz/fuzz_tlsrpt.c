/* fuzz_tlsrpt: a TXT record at `_smtp._tls.`. */
#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "parsers/tlsrpt.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = (const char *)bytes, *rua;
	size_t rua_length;

	if (!tlsrpt_is_record(text, length)) {
		assert(length < 11 || memcmp(text, "v=TLSRPTv1;", 11) != 0);
		return 0;
	}
	if (!tlsrpt_read(text, length, &rua, &rua_length))
		return 0;
	assert(rua >= text + 15 && rua + rua_length <= text + length);
	assert(memcmp(rua - 4, "rua=", 4) == 0);
	assert(rua_length > 6 && memchr(rua, ';', rua_length) == NULL);
	assert(strncasecmp(rua, "mailto:", 7) == 0 ||
	    strncasecmp(rua, "https:", 6) == 0);
	return 0;
}
