/* input_zone: reads the delegations of a zone file (RULES I1 to I5: zone
 * files). */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "parsers/dns_message.h"
#include "parsers/zone/zone.h"
#include "scanner/base/plural.h"
#include "scanner/input/input_kinds.h"
#include "scanner/input/zone_digest.h"

#define INCLUDE_BYTES (64 * 1024)

/* True for a name below the apex, or for any name if no apex is known. */
static bool
is_below(const uint8_t *name, size_t length, const uint8_t *apex)
{
	size_t apex_length;

	if (apex == NULL)
		return length > 1;
	apex_length = name_wire_length(apex, NAME_WIRE_MAX);
	if (length <= apex_length)
		return false;
	/* The tail must begin at a label. */
	for (size_t at = 0; at + apex_length <= length; at += 1 + name[at])
		if (at + apex_length == length)
			return memcmp(name + at, apex, apex_length) == 0;
	return false;
}

static void
on_record(void *tag, const struct zone_record *record)
{
	struct input *input = tag;
	const uint8_t *apex = zone_apex(input->zone);
	struct delegation_record found = {
		.line = record->line,
		.owner = record->owner, .owner_length = record->owner_length,
		.apex = apex != NULL ? apex : input->options->origin,
	};

	switch (record->type) {
	case DNS_NS:
		found.kind = DELEGATION_NS;
		found.server = record->rdata.ns.name;
		found.server_length = record->rdata.ns.length;
		break;
	case DNS_DS:
		found.kind = DELEGATION_DS;
		found.ttl = record->ttl;
		found.ds = (struct ds_record){
			.tag = record->rdata.ds.key_tag,
			.algorithm = record->rdata.ds.algorithm,
			.digest_type = record->rdata.ds.digest_type,
			.digest = record->rdata.ds.digest,
			.digest_length = record->rdata.ds.digest_length,
		};
		break;
	case DNS_RRSIG:
		found.kind = DELEGATION_DS_SIGNATURE;
		found.signature = record->rdata.signature.bytes;
		found.signature_length = record->rdata.signature.length;
		break;
	case DNS_A:
	case DNS_AAAA:
		found.kind = DELEGATION_GLUE;
		found.family = record->type == DNS_A ? 4 : 6;
		found.address = record->rdata.address;
		break;
	default:
		if (record->type == 6 && zone_soa_count(input->zone) <= 1)
			input->facts->serial = record->rdata.soa.serial;
		return;
	}
	if (is_below(found.owner, found.owner_length, found.apex))
		input->sink->on_delegation(input->sink->tag, &found);
}

static void
on_data(void *tag, const struct zone_data *found)
{
	struct input *input = tag;

	zone_digest_add(input->zone_digest, found);
}

static enum reject
reject_of(enum zone_error error)
{
	switch (error) {
	case ZONE_NAME_TOO_LONG:
		return REJECT_NAME_TOO_LONG;
	case ZONE_LABEL_TOO_LONG:
		return REJECT_LABEL_TOO_LONG;
	case ZONE_EMPTY_LABEL:
		return REJECT_EMPTY_LABEL;
	case ZONE_CONTROL_BYTE:
		return REJECT_CONTROL_BYTE;
	case ZONE_INCLUDE_REFUSED:
		return REJECT_INCLUDE_REFUSED;
	case ZONE_GENERATE_LIMIT:
		return REJECT_GENERATE_LIMIT;
	case ZONE_TOO_LARGE:
		return REJECT_TOO_LARGE;
	default:
		return REJECT_SYNTAX;
	}
}

static void
on_error(void *tag, enum zone_error error, uint64_t line, unsigned column,
    const char *text, size_t length)
{
	struct input *input = tag;

	if (input->zone_digest != NULL)
		zone_digest_miss(input->zone_digest);
	input->sink->on_reject(input->sink->tag, reject_of(error), line,
	    column, text, length);
}

static bool
on_include(void *tag, const char *path, size_t length)
{
	struct input *input = tag;
	int descriptor = -1;
	char bytes[INCLUDE_BYTES];
	ssize_t got;

	if (input->options->allow_include && strlen(path) == length)
		descriptor = input->process->open_include(
		    input->process->tag, path);
	if (descriptor < 0)
		return false;
	while ((got = read(descriptor, bytes, sizeof bytes)) > 0 ||
	    (got < 0 && errno == EINTR))
		if (got > 0)
			zone_push(input->zone, bytes, (size_t)got);
	close(descriptor);
	return true;
}

static void
begin(struct input *input)
{
	const struct zone_handler handler = {
		.tag = input, .on_record = on_record, .on_error = on_error,
		.on_include = on_include,
		.on_data = input->options->wants_zonemd ? on_data : NULL,
	};

	if (input->options->wants_zonemd)
		input->zone_digest = zone_digest_new();
	input->zone = zone_parser_new(&handler, input->options->origin);
}

/* A CZDS file begins with `com.<tab>900<tab>in<tab>soa<tab>...`, and ends with
 * the SOA as well. */
static bool
looks_like_czds(const char *bytes, size_t length)
{
	const char *end = memchr(bytes, '\n', length);
	size_t line = end == NULL ? length : (size_t)(end - bytes);

	return memmem(bytes, line, "\tin\tsoa\t", 8) != NULL;
}

static void
push(struct input *input, const char *bytes, size_t length)
{
	if (input->facts->entries == 0 && zone_entries(input->zone) == 0)
		input->is_czds = looks_like_czds(bytes, length);
	zone_push(input->zone, bytes, length);
}

static bool
end(struct input *input)
{
	const uint8_t *apex;
	bool whole;

	zone_finish(input->zone);
	apex = zone_apex(input->zone);
	input->facts->entries = zone_entries(input->zone);
	input->facts->has_apex = apex != NULL;
	if (apex != NULL)
		memcpy(input->facts->apex, apex,
		    name_wire_length(apex, NAME_WIRE_MAX));
	whole = !input->is_czds || zone_soa_count(input->zone) != 1;
	if (!whole)
		snprintf(input->why, 256, "the SOA that ends a CZDS file is "
		    "missing: it is truncated after %" PRIu64 " %s",
		    input->facts->entries, plural(input->facts->entries,
		    "record", "records"));
	zone_parser_free(input->zone);
	if (input->zone_digest != NULL) {
		if (!whole)
			zone_digest_miss(input->zone_digest);
		zone_digest_finish(input->zone_digest,
		    &input->facts->zonemd);
	}
	return whole;
}

const struct input_kind input_zone = { begin, push, end };
