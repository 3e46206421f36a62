#include "parsers/tlsa.h"

#include <string.h>

bool
tlsa_from_rdata(const uint8_t *rdata, size_t length, struct tlsa *tlsa)
{
	if (length < 3)
		return false;
	*tlsa = (struct tlsa){
		.usage = rdata[0], .selector = rdata[1],
		.matching_type = rdata[2],
		.bytes = rdata + 3, .length = length - 3,
	};
	return true;
}

enum tlsa_fault
tlsa_fault(const struct tlsa *tlsa)
{
	/* RFC 7672 3.1.3: PKIX-TA(0) and PKIX-EE(1) are not for SMTP. */
	if (tlsa->usage != 2 && tlsa->usage != 3)
		return TLSA_USAGE;
	if (tlsa->selector > 1)
		return TLSA_SELECTOR;
	switch (tlsa->matching_type) {
	case 0:
		return tlsa->length > 0 ? TLSA_USABLE : TLSA_LENGTH;
	case 1:
		return tlsa->length == 32 ? TLSA_USABLE : TLSA_LENGTH;
	case 2:
		return tlsa->length == 64 ? TLSA_USABLE : TLSA_LENGTH;
	default:
		return TLSA_MATCHING_TYPE;
	}
}

int
tlsa_compare(const struct tlsa *a, const struct tlsa *b)
{
	size_t shorter = a->length < b->length ? a->length : b->length;
	int order;

	if (a->usage != b->usage)
		return a->usage < b->usage ? -1 : 1;
	if (a->selector != b->selector)
		return a->selector < b->selector ? -1 : 1;
	if (a->matching_type != b->matching_type)
		return a->matching_type < b->matching_type ? -1 : 1;
	order = shorter == 0 ? 0 : memcmp(a->bytes, b->bytes, shorter);
	if (order != 0)
		return order < 0 ? -1 : 1;
	return a->length < b->length ? -1 : a->length > b->length;
}

const char *
tlsa_fault_text(enum tlsa_fault fault)
{
	static const char *const texts[] = {
		[TLSA_USABLE] = NULL, [TLSA_USAGE] = "usage",
		[TLSA_SELECTOR] = "selector",
		[TLSA_MATCHING_TYPE] = "matching_type",
		[TLSA_LENGTH] = "length", [TLSA_UNDECODABLE] = "undecodable",
	};

	return texts[fault];
}
