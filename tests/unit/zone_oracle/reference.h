/*
 * reference: the records of a text as libzscanner sees them, as events.
 */
#ifndef MXCENSUS_TESTS_ZONE_REFERENCE_H
#define MXCENSUS_TESTS_ZONE_REFERENCE_H

#include <libzscanner/scanner.h>
#include <stdbool.h>
#include <stdlib.h>

#include "tests/unit/zone_oracle/events.h"

struct reference {
	struct events	events;
	/* Known difference "recovery", below: what follows means nothing. */
	bool		is_lost;
	size_t		good;		/* bytes of records before that */
};

static inline uint32_t
number_of(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	    (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Known difference "rdata": as \# and with the type as TYPEnnn, libzscanner
 * takes an A of seven bytes, or an NS that is no name. RFC 3597 5: such RDATA
 * is that of the type, so RFC 1035 3.3.11 and 3.4.1 hold for it. */
static inline bool
is_rdata(unsigned type, const uint8_t *data, size_t length)
{
	size_t name = type == TYPE_SOA ? name_wire_length(data, length) : 0;

	switch (type) {
	case TYPE_A:
		return length == 4;
	case TYPE_AAAA:
		return length == 16;
	case TYPE_NS:
		return name_wire_length(data, length) == length;
	case TYPE_DS:
		return length > 4;
	case TYPE_RRSIG:
		if (length <= 18 || data[0] != 0 || data[1] != TYPE_DS)
			return false;
		name = name_wire_length(data + 18, length - 18);
		return name != 0 && length > 18 + name;
	default:
		return name != 0 && length - name > 20 && length == name + 20 +
		    name_wire_length(data + name, length - name);
	}
}

static inline void
reference_record(zs_scanner_t *scanner)
{
	struct reference *reference = scanner->process.data;
	struct buffer *to = &reference->events.records;
	unsigned type = scanner->r_type;
	size_t length = scanner->r_data_length;
	uint8_t *data = scanner->r_data;

	if (scanner->r_class != 1 || (type != TYPE_A && type != TYPE_NS &&
	    type != TYPE_SOA && type != TYPE_AAAA && type != TYPE_DS &&
	    type != TYPE_RRSIG) ||
	    !is_rdata(type, data, length))
		return;
	put_name(to, scanner->r_owner);
	/* RFC 2181 8: with the highest bit set it counts as 0. */
	buffer_printf(to, " %s %u ", type_text(type),
	    scanner->r_ttl > INT32_MAX ? 0 : scanner->r_ttl);
	if (type == TYPE_NS) {
		put_name(to, data);
	} else if (type == TYPE_DS) {
		length -= 4;
		put_ds(to, (unsigned)(data[0] << 8 | data[1]), data[2],
		    data[3], data + 4, length < 64 ? length : 64);
	} else if (type == TYPE_RRSIG) {
		name_lower(data + 18);
		put_bytes(to, data, length);
	} else if (type == TYPE_SOA) {
		buffer_printf(to, "%u", number_of(data + length - 20));
	} else {
		put_address(to, type, data);
	}
	buffer_append_byte(to, '\n');
}

static inline void
reference_error(zs_scanner_t *scanner)
{
	struct reference *reference = scanner->process.data;

	if (!reference->is_lost && (scanner->error.fatal ||
	    scanner->multiline)) {
		reference->is_lost = true;
		reference->good = reference->events.records.length;
	}
	buffer_printf(&reference->events.errors, "! %s %u\n",
	    zs_errorname(scanner->error.code),
	    (unsigned)scanner->line_counter);
}

static inline bool
reference_read(struct reference *reference, const char *text, size_t length,
    const char *origin)
{
	zs_scanner_t *scanner = calloc(1, sizeof *scanner);
	bool is_ready = scanner != NULL &&
	    zs_init(scanner, origin, 1, 0) == 0 &&
	    zs_set_input_string(scanner, text, length) == 0 &&
	    zs_set_processing(scanner, reference_record, reference_error,
	    reference) == 0;

	reference->is_lost = false;
	if (is_ready)
		zs_parse_all(scanner);
	if (!reference->is_lost)
		reference->good = reference->events.records.length;
	zs_deinit(scanner);
	free(scanner);
	return is_ready;
}

#endif
