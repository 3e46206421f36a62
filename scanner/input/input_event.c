#include "scanner/input/input_event.h"

#include <string.h>

#include "parsers/dns_message.h"
#include "parsers/zone/zone.h"

#define SIGNER_AT	18	/* in the RDATA of an RRSIG (RFC 4034 3.1) */
/* Behind the kinds of a delegation: an NS record of the same owner as the NS
 * record before it. */
#define ANOTHER_NS	(DELEGATION_DS_SIGNATURE + 1)

/* Writing ***************************************************************** */

static void
put_name(struct buffer *buffer, const uint8_t *wire, size_t length)
{
	buffer_append_byte(buffer, (uint8_t)length);
	buffer_append(buffer, wire, length);
}

static void
put_delegation(struct buffer *buffer, const struct delegation_record *found)
{
	if (found->owner == NULL) {
		buffer_append_byte(buffer, ANOTHER_NS);
		put_name(buffer, found->server, found->server_length);
		return;
	}
	buffer_append_byte(buffer, (uint8_t)found->kind);
	put_name(buffer, found->owner, found->owner_length);
	switch (found->kind) {
	case DELEGATION_NS:
		/* The apex is the end of the owner. */
		buffer_append_byte(buffer, found->apex == NULL ? 0 :
		    (uint8_t)name_wire_length(found->apex, NAME_WIRE_MAX));
		put_name(buffer, found->server, found->server_length);
		break;
	case DELEGATION_DS:
		wire_put_number(buffer, found->ttl, 4);
		ds_put(buffer, &found->ds);
		break;
	case DELEGATION_DS_SIGNATURE:
		wire_put_bytes(buffer, found->signature,
		    found->signature_length);
		break;
	case DELEGATION_GLUE:
		buffer_append_byte(buffer, found->family);
		buffer_append(buffer, found->address,
		    found->family == 4 ? 4 : 16);
		break;
	}
}

static void
put_facts(struct buffer *buffer, const struct input_facts *facts)
{
	wire_put_number(buffer, facts->format, 1);
	wire_put_number(buffer, facts->is_gzip, 1);
	wire_put_number(buffer, facts->bytes, 8);
	buffer_append(buffer, facts->sha256, sizeof facts->sha256);
	wire_put_number(buffer, facts->serial, 4);
	wire_put_number(buffer, facts->entries, 8);
	zonemd_put(buffer, &facts->zonemd);
	put_name(buffer, facts->apex, facts->has_apex
	    ? name_wire_length(facts->apex, NAME_WIRE_MAX) : 0);
}

void
input_event_put(struct buffer *buffer, const struct input_event *event)
{
	buffer_append_byte(buffer, (uint8_t)event->type);
	switch (event->type) {
	case INPUT_EVENT_READY:
		wire_put_text(buffer, event->is.why);
		break;
	case INPUT_EVENT_NAME:
		wire_put_number(buffer, event->is.name.rank, 8);
		put_name(buffer, event->is.name.wire, event->is.name.length);
		break;
	case INPUT_EVENT_DELEGATION:
		put_delegation(buffer, &event->is.delegation);
		break;
	case INPUT_EVENT_REJECT:
		wire_put_number(buffer, event->is.reject.reason, 1);
		wire_put_number(buffer, event->is.reject.line, 8);
		wire_put_number(buffer, event->is.reject.column, 4);
		wire_put_bytes(buffer, event->is.reject.text,
		    event->is.reject.length);
		break;
	case INPUT_EVENT_INCLUDE:
		wire_put_text(buffer, event->is.include);
		break;
	case INPUT_EVENT_END:
		wire_put_number(buffer, event->is.end.result, 1);
		put_facts(buffer, &event->is.end.facts);
		wire_put_text(buffer, event->is.end.why);
		break;
	}
}

/* Reading ***************************************************************** */

/* Takes `length` bytes of the input; NULL after a fault. */
static const uint8_t *
get_bytes(struct wire *wire, size_t length)
{
	const uint8_t *bytes = wire->at;

	if (wire->failed || (size_t)(wire->end - wire->at) < length) {
		wire->failed = true;
		return NULL;
	}
	wire->at += length;
	return bytes;
}

/* Is one of the eight bytes a capital letter? Each byte is looked at without its
 * highest bit, so that no sum carries into the next byte: a byte from 'A' on
 * sets the highest bit of the first sum, a byte behind 'Z' that of the second. */
static bool
has_capital(const uint8_t bytes[8])
{
	const uint64_t each = 0x0101010101010101;
	uint64_t word, low;

	memcpy(&word, bytes, sizeof word);
	low = word & 0x7f * each;
	return (((low + (0x80 - 'A') * each) ^ (low + (0x7f - 'Z') * each)) &
	    ~word & 0x80 * each) != 0;
}

/* The length of a label is never a capital letter: it is at most 63. */
static bool
is_lower(const uint8_t *name, size_t length)
{
	size_t at = 0;

	for (; at + 8 <= length; at += 8)
		if (has_capital(name + at))
			return false;
	/* The last eight bytes overlap those before. */
	if (length >= 8)
		return !has_capital(name + length - 8);
	for (; at < length; at++)
		if (name[at] >= 'A' && name[at] <= 'Z')
			return false;
	return true;
}

/* Are exactly these bytes a name in wire form and lower case? */
static bool
is_canonical(const uint8_t *name, size_t length)
{
	size_t at = 0;

	while (at < length && name[at] != 0) {
		if (name[at] > NAME_LABEL_MAX)
			return false;
		at += 1 + name[at];
	}
	return at + 1 == length && is_lower(name, length);
}

/* NULL after a fault. */
static const uint8_t *
get_name(struct wire *wire, size_t *length)
{
	const uint8_t *name;

	*length = (size_t)wire_number(wire, 1);
	name = get_bytes(wire, *length);
	if (name != NULL && is_canonical(name, *length))
		return name;
	wire->failed = true;
	return NULL;
}

/* Reads the name of a domain, which is not the root. */
static const uint8_t *
get_domain(struct wire *wire, size_t *length)
{
	const uint8_t *name = get_name(wire, length);

	if (name != NULL && *length == 1)
		wire->failed = true;
	return name;
}

/* Reads a text for the terminal, which must not contain control characters. */
static const char *
get_text(struct wire *wire, size_t most)
{
	const char *text = wire_text(wire);
	size_t length = 0;

	for (; text[length] != '\0'; length++)
		if ((unsigned char)text[length] < ' ' || text[length] == 0x7f)
			wire->failed = true;
	if (length > most)
		wire->failed = true;
	return wire->failed ? "" : text;
}

/* The apex is the end of the owner, from a label on, and not the whole
 * owner. */
static bool
get_apex(struct wire *wire, struct delegation_record *found)
{
	size_t length = (size_t)wire_number(wire, 1), at = 0;

	found->apex = NULL;
	if (wire->failed || length == 0)
		return !wire->failed;
	while (found->owner_length - at > length)
		at += 1 + found->owner[at];
	if (at == 0 || found->owner_length - at != length)
		return false;
	found->apex = found->owner + at;
	return true;
}

/* Is it an RRSIG over DS (RFC 4034 3.1), with a canonical name of the signer and
 * a signature? */
static bool
is_signature(const uint8_t *rdata, size_t length)
{
	size_t signer;

	if (length <= SIGNER_AT || length > ZONE_SIGNATURE_MAX ||
	    rdata[0] != 0 || rdata[1] != DNS_DS)
		return false;
	signer = name_wire_length(rdata + SIGNER_AT, length - SIGNER_AT);
	return signer != 0 && signer < length - SIGNER_AT &&
	    is_canonical(rdata + SIGNER_AT, signer);
}

/* Its digest can be longer than any that is used. */
static bool
get_ds(struct wire *wire, struct ds_record *ds)
{
	ds->tag = (uint16_t)wire_number(wire, 2);
	ds->algorithm = (uint8_t)wire_number(wire, 1);
	ds->digest_type = (uint8_t)wire_number(wire, 1);
	ds->digest = wire_bytes(wire, &ds->digest_length);
	return !wire->failed && ds->digest_length > 0 &&
	    ds->digest_length <= INPUT_DIGEST_MAX;
}

static bool
get_another(struct wire *wire, struct delegation_record *found)
{
	found->kind = DELEGATION_NS;
	found->owner = NULL;
	found->owner_length = 0;
	found->server = get_name(wire, &found->server_length);
	return !wire->failed;
}

static bool
get_delegation(struct wire *wire, struct delegation_record *found)
{
	unsigned kind = (unsigned)wire_number(wire, 1);

	found->line = 0;
	found->apex = NULL;
	if (kind == ANOTHER_NS)
		return get_another(wire, found);
	found->owner = get_domain(wire, &found->owner_length);
	if (wire->failed)
		return false;
	switch (kind) {
	case DELEGATION_NS:
		found->kind = DELEGATION_NS;
		if (!get_apex(wire, found))
			return false;
		found->server = get_name(wire, &found->server_length);
		return !wire->failed;
	case DELEGATION_DS:
		found->kind = DELEGATION_DS;
		found->ttl = (uint32_t)wire_number(wire, 4);
		return get_ds(wire, &found->ds);
	case DELEGATION_DS_SIGNATURE:
		found->kind = DELEGATION_DS_SIGNATURE;
		found->signature = wire_bytes(wire, &found->signature_length);
		return !wire->failed && is_signature(found->signature,
		    found->signature_length);
	case DELEGATION_GLUE:
		found->kind = DELEGATION_GLUE;
		found->family = (uint8_t)wire_number(wire, 1);
		found->address = get_bytes(wire, found->family == 4 ? 4 : 16);
		return !wire->failed &&
		    (found->family == 4 || found->family == 6);
	default:
		return false;
	}
}

static bool
get_reject(struct wire *wire, struct input_event *event)
{
	unsigned reason = (unsigned)wire_number(wire, 1);

	event->is.reject.line = wire_number(wire, 8);
	event->is.reject.column = (uint32_t)wire_number(wire, 4);
	event->is.reject.text = (const char *)wire_bytes(wire,
	    &event->is.reject.length);
	if (wire->failed || reason >= REJECT_COUNT ||
	    event->is.reject.length > INPUT_REJECT_TEXT_MAX)
		return false;
	event->is.reject.reason = (enum reject)reason;
	return true;
}

static bool
get_flag(struct wire *wire)
{
	unsigned flag = (unsigned)wire_number(wire, 1);

	if (flag > 1)
		wire->failed = true;
	return flag == 1;
}

static bool
get_facts(struct wire *wire, struct input_facts *facts)
{
	unsigned format = (unsigned)wire_number(wire, 1);
	const uint8_t *bytes;
	size_t length = 0;

	*facts = (struct input_facts){ 0 };
	facts->is_gzip = get_flag(wire);
	facts->bytes = wire_number(wire, 8);
	bytes = get_bytes(wire, sizeof facts->sha256);
	if (bytes != NULL)
		memcpy(facts->sha256, bytes, sizeof facts->sha256);
	facts->serial = (uint32_t)wire_number(wire, 4);
	facts->entries = wire_number(wire, 8);
	if (!zonemd_get(wire, &facts->zonemd) || format == INPUT_AUTO ||
	    format > INPUT_JSON)
		return false;
	facts->format = (enum input_format)format;
	if (wire->at < wire->end && *wire->at == 0) {
		wire->at++;
		return true;
	}
	bytes = get_name(wire, &length);
	if (bytes == NULL)
		return false;
	memcpy(facts->apex, bytes, length);
	facts->has_apex = true;
	return true;
}

static bool
get_end(struct wire *wire, struct input_event *event)
{
	unsigned result = (unsigned)wire_number(wire, 1);

	if (result > INPUT_UNREADABLE)
		return false;
	event->is.end.result = (enum input_result)result;
	if (!get_facts(wire, &event->is.end.facts))
		return false;
	event->is.end.why = get_text(wire, INPUT_WHY_MAX - 1);
	return !wire->failed;
}

static bool
get_event(struct wire *wire, struct input_event *event)
{
	unsigned type = (unsigned)wire_number(wire, 1);

	event->type = (enum input_event_type)type;
	switch (type) {
	case INPUT_EVENT_READY:
		event->is.why = get_text(wire, INPUT_WHY_MAX - 1);
		return !wire->failed;
	case INPUT_EVENT_NAME:
		event->is.name.rank = wire_number(wire, 8);
		event->is.name.wire = get_domain(wire,
		    &event->is.name.length);
		return !wire->failed;
	case INPUT_EVENT_DELEGATION:
		return get_delegation(wire, &event->is.delegation);
	case INPUT_EVENT_REJECT:
		return get_reject(wire, event);
	case INPUT_EVENT_INCLUDE:
		event->is.include = wire_text(wire);
		return !wire->failed && event->is.include[0] != '\0' &&
		    strlen(event->is.include) <= INPUT_INCLUDE_MAX;
	case INPUT_EVENT_END:
		return get_end(wire, event);
	default:
		return false;
	}
}

bool
input_event_get(struct wire *wire, struct input_event *event)
{
	if (!get_event(wire, event))
		wire->failed = true;
	return !wire->failed;
}
