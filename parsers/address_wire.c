#include "parsers/address_wire.h"

#include <string.h>

void
address_put(struct buffer *buffer, const struct address *address)
{
	wire_put_number(buffer, address->family, 1);
	buffer_append(buffer, address->bytes, sizeof address->bytes);
}

bool
address_get(struct wire *wire, struct address *address)
{
	*address = (struct address){
		.family = (uint8_t)wire_number(wire, 1)
	};
	if (wire->failed || (address->family != 4 && address->family != 6) ||
	    (size_t)(wire->end - wire->at) < sizeof address->bytes) {
		wire->failed = true;
		return false;
	}
	memcpy(address->bytes, wire->at, sizeof address->bytes);
	wire->at += sizeof address->bytes;
	/* Bytes after an IPv4 address would make it a different address. */
	for (size_t i = 4; address->family == 4 && i < sizeof address->bytes;
	    i++)
		wire->failed = wire->failed || address->bytes[i] != 0;
	return !wire->failed;
}
