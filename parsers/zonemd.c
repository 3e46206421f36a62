#include "parsers/zonemd.h"

#include <string.h>

#include "scanner/base/buffer.h"
#include "scanner/base/wire.h"

#define RDATA_MIN	7	/* of ZONEMD: serial, scheme, algorithm, digest */

static bool
has_records(const struct zonemd *zonemd)
{
	return zonemd->state == ZONEMD_MATCH ||
	    zonemd->state == ZONEMD_MISMATCH;
}

void
zonemd_put(struct buffer *buffer, const struct zonemd *zonemd)
{
	wire_put_number(buffer, zonemd->state, 1);
	if (!has_records(zonemd))
		return;
	wire_put_number(buffer, zonemd->ttl, 4);
	wire_put_bytes(buffer, zonemd->records, zonemd->records_length);
	wire_put_bytes(buffer, zonemd->signatures,
	    zonemd->signatures_length);
}

/* Reads counted RDATA, each of at least `least` bytes. Returns all their bytes;
 * 0 after a fault. */
static size_t
get_rdata(struct wire *wire, size_t least, uint8_t *bytes, size_t room)
{
	size_t length, one;
	const uint8_t *all = wire_bytes(wire, &length);
	struct wire inside;

	if (wire->failed || length > room) {
		wire->failed = true;
		return 0;
	}
	inside = (struct wire){ all, all + length, false };
	while (!inside.failed && inside.at < inside.end)
		if (wire_bytes(&inside, &one) != NULL && one < least)
			inside.failed = true;
	if (inside.failed) {
		wire->failed = true;
		return 0;
	}
	memcpy(bytes, all, length);
	return length;
}

bool
zonemd_get(struct wire *wire, struct zonemd *zonemd)
{
	unsigned state = (unsigned)wire_number(wire, 1);

	*zonemd = (struct zonemd){ 0 };
	if (state >= ZONEMD_STATES)
		wire->failed = true;
	if (wire->failed)
		return false;
	zonemd->state = (enum zonemd_state)state;
	if (!has_records(zonemd))
		return true;
	zonemd->ttl = (uint32_t)wire_number(wire, 4);
	zonemd->records_length = get_rdata(wire, RDATA_MIN, zonemd->records,
	    sizeof zonemd->records);
	zonemd->signatures_length = get_rdata(wire, 1, zonemd->signatures,
	    sizeof zonemd->signatures);
	if (zonemd->records_length == 0)
		wire->failed = true;
	return !wire->failed;
}

const char *
zonemd_text(enum zonemd_state state)
{
	static const char *const texts[ZONEMD_STATES] = {
		[ZONEMD_UNASKED] = "", [ZONEMD_ABSENT] = "absent",
		[ZONEMD_MATCH] = "match", [ZONEMD_MISMATCH] = "mismatch",
		[ZONEMD_NOT_CANONICAL_ORDER] = "not_canonical_order",
		[ZONEMD_INCOMPLETE] = "incomplete",
		[ZONEMD_UNSUPPORTED] = "unsupported",
	};

	return texts[state];
}
