#include "scanner/worker/domain/txt_record.h"

#include <string.h>

#include "parsers/mta_sts.h"
#include "parsers/tlsrpt.h"

#define TXT_MAX 65536	/* RDATA is no longer */

bool
txt_record_owner(enum txt_kind kind, const uint8_t *domain,
    uint8_t owner[NAME_WIRE_MAX])
{
	static const char *const labels[] = {
		[TXT_MTA_STS] = "\010_mta-sts",
		[TXT_TLSRPT] = "\005_smtp\004_tls",
	};
	size_t front = strlen(labels[kind]);
	size_t length = name_wire_length(domain, NAME_WIRE_MAX);

	if (front + length > NAME_WIRE_MAX)
		return false;
	memcpy(owner, labels[kind], front);
	memcpy(owner + front, domain, length);
	return true;
}

static bool
is_of_kind(enum txt_kind kind, const char *text, size_t length)
{
	return kind == TXT_MTA_STS ? mta_sts_is_record(text, length)
	    : tlsrpt_is_record(text, length);
}

static bool
is_valid(enum txt_kind kind, const char *text, size_t length)
{
	char id[MTA_STS_ID_MAX + 1];
	struct buffer rua = { 0 };
	bool valid = kind == TXT_MTA_STS
	    ? mta_sts_record_read(text, length, id)
	    : tlsrpt_read(text, length, &rua);

	buffer_fini(&rua);
	return valid;
}

static bool
is_same(const struct dns_record *record, const uint8_t *rdata, size_t length)
{
	return rdata != NULL && record->rdata_length == length &&
	    memcmp(record->rdata, rdata, length) == 0;
}

/* Records of another kind are discarded. A server may send a record twice, but a
 * set has it once (RFC 2181 5). */
static enum txt_status
read_records(enum txt_kind kind, const struct lookup *lookup,
    struct buffer *text)
{
	enum txt_status status = TXT_ABSENT;
	struct answer_walk walk;
	const uint8_t *first = NULL;
	size_t first_length = 0;
	char record[TXT_MAX];

	if (!answer_open(lookup, &walk))
		return TXT_ABSENT;
	while (answer_next(lookup, &walk)) {
		long length = dns_record_txt(&walk.record, (uint8_t *)record,
		    sizeof record);

		if (length < 0 ||
		    !is_of_kind(kind, record, (size_t)length) ||
		    is_same(&walk.record, first, first_length))
			continue;
		if (status != TXT_ABSENT) {
			if (text != NULL)
				text->length = 0;
			return TXT_MULTIPLE;
		}
		first = walk.record.rdata;
		first_length = walk.record.rdata_length;
		status = is_valid(kind, record, (size_t)length) ? TXT_FOUND
		    : TXT_INVALID;
		if (text != NULL)
			buffer_append(text, record, (size_t)length);
	}
	return status;
}

enum txt_status
txt_record_read(enum txt_kind kind, const struct lookup *lookup,
    struct buffer *text)
{
	switch (lookup->answer->status) {
	case LOOKUP_FOUND:
		return read_records(kind, lookup, text);
	case LOOKUP_NODATA:
	case LOOKUP_NXDOMAIN:
		return TXT_ABSENT;
	default:
		return TXT_ERROR;
	}
}
