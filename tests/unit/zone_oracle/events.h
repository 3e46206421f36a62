/*
 * events: what a zone parser says of a text, as text: one line for a record
 * ("a.com NS 3600 ns.net"), one for an error ("! syntax 3:7").
 */
#ifndef MXCENSUS_TESTS_ZONE_EVENTS_H
#define MXCENSUS_TESTS_ZONE_EVENTS_H

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "parsers/name.h"
#include "parsers/zone/zone.h"
#include "scanner/base/buffer.h"

#define TYPE_A		1
#define TYPE_NS		2
#define TYPE_SOA	6
#define TYPE_AAAA	28
#define TYPE_DS		43
#define TYPE_RRSIG	46

struct events {
	struct buffer	 records, errors;
	bool		 has_lines;	/* each record with its line */
	/* A fault in an entry of several lines, and the bytes of records
	 * before the first such. */
	bool		 is_lost;
	size_t		 good;
	struct zone_parser *parser;	/* while it reads, for on_include */
};

static inline void
events_fini(struct events *events)
{
	buffer_fini(&events->records);
	buffer_fini(&events->errors);
}

static inline void
put_name(struct buffer *buffer, const uint8_t *wire)
{
	char text[NAME_TEXT_MAX];

	name_to_text(wire, text);
	buffer_append_text(buffer, text);
}

static inline void
put_bytes(struct buffer *buffer, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		buffer_printf(buffer, "%02x", bytes[i]);
}

static inline void
put_ds(struct buffer *buffer, unsigned key_tag, unsigned algorithm,
    unsigned digest_type, const uint8_t *digest, size_t length)
{
	buffer_printf(buffer, "%u %u %u ", key_tag, algorithm, digest_type);
	put_bytes(buffer, digest, length);
}

static inline void
put_address(struct buffer *buffer, unsigned type, const uint8_t *address)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(type == TYPE_A ? AF_INET : AF_INET6, address, text,
	    sizeof text);
	buffer_append_text(buffer, text);
}

static inline const char *
type_text(unsigned type)
{
	return type == TYPE_NS ? "NS" : type == TYPE_DS ? "DS" :
	    type == TYPE_A ? "A" : type == TYPE_AAAA ? "AAAA" :
	    type == TYPE_RRSIG ? "RRSIG" : "SOA";
}

static inline void
events_record(void *tag, const struct zone_record *record)
{
	struct events *events = tag;
	struct buffer *to = &events->records;

	if (events->has_lines)
		buffer_printf(to, "%u: ", (unsigned)record->line);
	put_name(to, record->owner);
	buffer_printf(to, " %s %u ", type_text(record->type), record->ttl);
	switch (record->type) {
	case TYPE_NS:
		put_name(to, record->rdata.ns.name);
		break;
	case TYPE_DS:
		put_ds(to, record->rdata.ds.key_tag,
		    record->rdata.ds.algorithm, record->rdata.ds.digest_type,
		    record->rdata.ds.digest, record->rdata.ds.digest_length);
		break;
	case TYPE_RRSIG:
		put_bytes(to, record->rdata.signature.bytes,
		    record->rdata.signature.length);
		break;
	case TYPE_SOA:
		buffer_printf(to, "%u", record->rdata.soa.serial);
		break;
	default:
		put_address(to, record->type, record->rdata.address);
	}
	buffer_append_byte(to, '\n');
}

static inline void
events_error(void *tag, enum zone_error error, uint64_t line, unsigned column,
    const char *text, size_t length)
{
	struct events *events = tag;

	if (!events->is_lost && memchr(text, '\n', length) != NULL) {
		events->is_lost = true;
		events->good = events->records.length;
	}
	buffer_printf(&events->errors, "! %s %u:%u\n", zone_error_text(error),
	    (unsigned)line, column);
}

/* `text` in pieces of `cut` bytes; 0: in one. */
static inline void
events_read(struct events *events, const char *text, size_t length,
    size_t cut, const uint8_t *origin)
{
	const struct zone_handler handler = {
		.tag = events, .on_record = events_record,
		.on_error = events_error
	};
	struct zone_parser *parser = zone_parser_new(&handler, origin);

	cut = cut == 0 ? length : cut;
	for (size_t at = 0; at < length; at += cut)
		zone_push(parser, text + at,
		    length - at < cut ? length - at : cut);
	zone_finish(parser);
	if (!events->is_lost)
		events->good = events->records.length;
	zone_parser_free(parser);
}

#endif
