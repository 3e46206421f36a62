#include "parsers/ds_wire.h"

void
ds_put(struct buffer *buffer, const struct ds_record *record)
{
	wire_put_number(buffer, record->tag, 2);
	wire_put_number(buffer, record->algorithm, 1);
	wire_put_number(buffer, record->digest_type, 1);
	wire_put_bytes(buffer, record->digest, record->digest_length);
}

bool
ds_get(struct wire *wire, struct ds_record *record)
{
	record->tag = (uint16_t)wire_number(wire, 2);
	record->algorithm = (uint8_t)wire_number(wire, 1);
	record->digest_type = (uint8_t)wire_number(wire, 1);
	record->digest = wire_bytes(wire, &record->digest_length);
	if (record->digest_length == 0 ||
	    record->digest_length > DS_DIGEST_MAX)
		wire->failed = true;
	return !wire->failed;
}
