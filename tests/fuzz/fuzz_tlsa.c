/*
 * fuzz_tlsa: RDATA as zones publish it. The first byte says where the input is
 * cut into two records.
 */
#include <assert.h>
#include <string.h>

#include "parsers/tlsa.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
check_fault(const struct tlsa *tlsa)
{
	enum tlsa_fault fault = tlsa_fault(tlsa);

	assert(fault < TLSA_UNDECODABLE);
	assert((tlsa_fault_text(fault) == NULL) == (fault == TLSA_USABLE));
	assert((fault == TLSA_USAGE) == (tlsa->usage < 2 || tlsa->usage > 3));
	if (fault == TLSA_USABLE) {
		assert(tlsa->selector <= 1 && tlsa->matching_type <= 2);
		assert(tlsa->length > 0);
		assert(tlsa->matching_type == 0 ||
		    tlsa->length == 32u * tlsa->matching_type);
	}
	assert(tlsa_compare(tlsa, tlsa) == 0);
}

/* RFC 4034 6.3, over the RDATA itself. */
static int
compare_rdata(const uint8_t *a, size_t a_length, const uint8_t *b,
    size_t b_length)
{
	int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

	if (order == 0)
		order = (a_length > b_length) - (a_length < b_length);
	return (order > 0) - (order < 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct tlsa first, second;
	size_t cut;

	if (length == 0)
		return 0;
	cut = *bytes++;
	length--;
	if (cut > length)
		cut = length;
	assert(tlsa_from_rdata(bytes, cut, &first) == (cut >= 3));
	assert(tlsa_from_rdata(bytes + cut, length - cut, &second) ==
	    (length - cut >= 3));
	if (cut < 3 || length - cut < 3)
		return 0;
	check_fault(&first);
	check_fault(&second);
	assert(tlsa_compare(&first, &second) == compare_rdata(bytes, cut,
	    bytes + cut, length - cut));
	assert(tlsa_compare(&second, &first) == -tlsa_compare(&first, &second));
	return 0;
}
