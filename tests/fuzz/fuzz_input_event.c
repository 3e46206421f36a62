/*
 * fuzz_input_event: a packet from the reader of an input. Each event that
 * decodes encodes to the bytes that were read, and its names are canonical, as
 * the coordinator assumes.
 */
#include <assert.h>
#include <string.h>

#include "parsers/zone/zone.h"
#include "scanner/input/input_event.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
check_name(const uint8_t *name, size_t length)
{
	uint8_t lower[NAME_WIRE_MAX];

	assert(name_wire_length(name, length) == length);
	memcpy(lower, name, length);
	name_lower(lower);
	assert(memcmp(lower, name, length) == 0);
}

static void
check_delegation(const struct delegation_record *found)
{
	if (found->owner == NULL) {
		assert(found->kind == DELEGATION_NS);
		check_name(found->server, found->server_length);
		return;
	}
	assert(found->owner_length > 1);
	check_name(found->owner, found->owner_length);
	if (found->kind == DELEGATION_NS)
		check_name(found->server, found->server_length);
	if (found->kind == DELEGATION_DS)
		assert(found->ds.digest_length >= 1 &&
		    found->ds.digest_length <= INPUT_DIGEST_MAX);
	if (found->kind == DELEGATION_DS_SIGNATURE) {
		size_t signer = name_wire_length(found->signature + 18,
		    found->signature_length - 18);

		assert(found->signature_length <= ZONE_SIGNATURE_MAX);
		assert(found->signature_length > 18 + signer);
		check_name(found->signature + 18, signer);
	}
	if (found->kind == DELEGATION_GLUE)
		assert(found->family == 4 || found->family == 6);
	if (found->apex != NULL) {
		assert(found->kind == DELEGATION_NS);
		assert(found->apex > found->owner);
		check_name(found->apex, (size_t)(found->owner +
		    found->owner_length - found->apex));
	}
}

static void
check(const struct input_event *event)
{
	switch (event->type) {
	case INPUT_EVENT_READY:
		assert(strlen(event->is.why) < INPUT_WHY_MAX);
		break;
	case INPUT_EVENT_NAME:
		assert(event->is.name.length > 1);
		check_name(event->is.name.wire, event->is.name.length);
		break;
	case INPUT_EVENT_DELEGATION:
		check_delegation(&event->is.delegation);
		break;
	case INPUT_EVENT_REJECT:
		assert(event->is.reject.reason < REJECT_COUNT);
		assert(event->is.reject.length <= INPUT_REJECT_TEXT_MAX);
		break;
	case INPUT_EVENT_INCLUDE:
		assert(strlen(event->is.include) <= INPUT_INCLUDE_MAX);
		break;
	case INPUT_EVENT_END:
		assert(event->is.end.result <= INPUT_UNREADABLE);
		assert(strlen(event->is.end.why) < INPUT_WHY_MAX);
		assert(input_format_text(event->is.end.facts.format) != NULL);
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct wire wire = { bytes, bytes + length, false };
	struct buffer written = { 0 };
	struct input_event event;

	while (wire.at < wire.end) {
		const uint8_t *from = wire.at;

		if (!input_event_get(&wire, &event))
			break;
		check(&event);
		written.length = 0;
		input_event_put(&written, &event);
		assert(written.length <= INPUT_EVENT_MAX);
		assert(written.length == (size_t)(wire.at - from));
		assert(memcmp(written.bytes, from, written.length) == 0);
	}
	assert(wire.at <= wire.end);
	assert(wire.failed || wire.at == wire.end);
	buffer_fini(&written);
	return 0;
}
