/* What the reader of an input says: what is written is read back, and what is not
 * exactly an event is refused, since the reader met strangers' bytes. Inputs stand
 * at the end of fresh memory, so that a sanitizer sees an overread. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/zone/zone.h"
#include "scanner/input/input_event.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define NAME(literal) (const uint8_t *)literal, sizeof literal
#define ZEROS "\0\0\0\0\0\0\0\0"
#define EXAMPLE "\7example\3com"
#define RAW(literal) literal, sizeof literal - 1

static const uint8_t address[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };

static const uint8_t digest[INPUT_DIGEST_MAX];
/* Its signer is com. */
static const uint8_t signature[ZONE_SIGNATURE_MAX] = {
	0, 43, [18] = 3, 'c', 'o', 'm',
};

/* A name ends in the NUL of its literal. */
static const struct input_event events[] = {
	{ INPUT_EVENT_READY, .is.why = "" },
	{ INPUT_EVENT_READY, .is.why = "seccomp: Operation not permitted" },
	{ INPUT_EVENT_NAME, .is.name = { NAME(EXAMPLE), UINT64_MAX } },
	{ INPUT_EVENT_DELEGATION, .is.delegation = { DELEGATION_NS, 0,
	    NAME(EXAMPLE), .server = (const uint8_t *)"\2ns\3net",
	    .server_length = 8 } },
	{ INPUT_EVENT_DELEGATION, .is.delegation = { DELEGATION_NS, 0,
	    NAME(EXAMPLE), .apex = (const uint8_t *)"\3com",
	    .server = (const uint8_t *)"", .server_length = 1 } },
	/* Of the same owner. */
	{ INPUT_EVENT_DELEGATION, .is.delegation = { DELEGATION_NS, 0,
	    .server = (const uint8_t *)"\2ns\3net", .server_length = 8 } },
	{ INPUT_EVENT_DELEGATION, .is.delegation = { DELEGATION_DS, 0,
	    NAME(EXAMPLE), .ttl = UINT32_MAX, .ds = { 65535, 13, 255,
	    address, 1 } } },
	{ INPUT_EVENT_DELEGATION, .is.delegation = { DELEGATION_DS, 0,
	    NAME(EXAMPLE), .ds = { 0, 0, 0, digest, sizeof digest } } },
	{ INPUT_EVENT_DELEGATION, .is.delegation = { DELEGATION_DS_SIGNATURE,
	    0, NAME(EXAMPLE), .signature = signature,
	    .signature_length = sizeof signature } },
	{ INPUT_EVENT_DELEGATION, .is.delegation = { DELEGATION_DS_SIGNATURE,
	    0, NAME(EXAMPLE), .signature = signature,
	    .signature_length = 18 + 5 + 1 } },
	{ INPUT_EVENT_DELEGATION, .is.delegation = { DELEGATION_GLUE, 0,
	    NAME(EXAMPLE), .family = 4, .address = address } },
	{ INPUT_EVENT_DELEGATION, .is.delegation = { DELEGATION_GLUE, 0,
	    NAME(EXAMPLE), .family = 6, .address = address } },
	{ INPUT_EVENT_REJECT, .is.reject = { REJECT_COUNT - 1, UINT64_MAX,
	    UINT32_MAX, "a\0b", 3 } },
	{ INPUT_EVENT_REJECT, .is.reject = { REJECT_SYNTAX, 1, 1, "", 0 } },
	{ INPUT_EVENT_INCLUDE, .is.include = "more.zone" },
	{ INPUT_EVENT_END, .is.end = { INPUT_WHOLE, { .format = INPUT_ZONE,
	    .is_gzip = true, .bytes = UINT64_MAX, .sha256 = { 1, [31] = 2 },
	    .has_apex = true, .apex = "\3com", .serial = UINT32_MAX,
	    .entries = UINT64_MAX, .zonemd = { .state = ZONEMD_ABSENT } },
	    "" } },
	{ INPUT_EVENT_END, .is.end = { INPUT_WHOLE, { .format = INPUT_ZONE,
	    .zonemd = { .state = ZONEMD_MISMATCH, .ttl = 3600,
	    .records = "\7\0\0\0" "1234\1\1" "d", .records_length = 11,
	    .signatures = "\1\0\0\0s", .signatures_length = 5 } }, "" } },
	{ INPUT_EVENT_END, .is.end = { INPUT_TRUNCATED,
	    { .format = INPUT_POLICY }, "truncated gzip at byte 1" } },
	{ INPUT_EVENT_END, .is.end = { INPUT_UNREADABLE,
	    { .format = INPUT_JSON }, "the file is empty" } },
};

static struct wire
open_wire(const void *bytes, size_t length)
{
	uint8_t *copy = malloc(length != 0 ? length : 1);

	assert_non_null(copy);
	memcpy(copy, bytes, length);
	return (struct wire){ copy, copy + length, false };
}

static bool
is_event(const void *bytes, size_t length)
{
	struct wire wire = open_wire(bytes, length);
	uint8_t *copy = (uint8_t *)(uintptr_t)wire.at;
	struct input_event event;
	bool good = input_event_get(&wire, &event);

	assert_int_equal(good, !wire.failed);
	good = good && wire.at == wire.end;
	free(copy);
	return good;
}

static void
assert_same_delegation(const struct delegation_record *a,
    const struct delegation_record *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->owner_length, b->owner_length);
	assert_int_equal(a->owner == NULL, b->owner == NULL);
	if (a->owner != NULL)
		assert_memory_equal(a->owner, b->owner, a->owner_length);
	if (a->kind == DELEGATION_NS) {
		assert_int_equal(a->apex == NULL, b->apex == NULL);
		if (a->apex != NULL)
			assert_string_equal((const char *)a->apex,
			    (const char *)b->apex);
		assert_int_equal(a->server_length, b->server_length);
		assert_memory_equal(a->server, b->server, a->server_length);
	} else if (a->kind == DELEGATION_DS) {
		assert_int_equal(a->ttl, b->ttl);
		assert_int_equal(a->ds.tag, b->ds.tag);
		assert_int_equal(a->ds.algorithm, b->ds.algorithm);
		assert_int_equal(a->ds.digest_type, b->ds.digest_type);
		assert_int_equal(a->ds.digest_length, b->ds.digest_length);
		assert_memory_equal(a->ds.digest, b->ds.digest,
		    a->ds.digest_length);
	} else if (a->kind == DELEGATION_DS_SIGNATURE) {
		assert_int_equal(a->signature_length, b->signature_length);
		assert_memory_equal(a->signature, b->signature,
		    a->signature_length);
	} else {
		assert_int_equal(a->family, b->family);
		assert_memory_equal(a->address, b->address,
		    a->family == 4 ? 4 : 16);
	}
}

static void
assert_same_facts(const struct input_facts *a, const struct input_facts *b)
{
	assert_int_equal(a->format, b->format);
	assert_int_equal(a->is_gzip, b->is_gzip);
	assert_int_equal(a->bytes, b->bytes);
	assert_memory_equal(a->sha256, b->sha256, sizeof a->sha256);
	assert_int_equal(a->has_apex, b->has_apex);
	assert_memory_equal(a->apex, b->apex, sizeof a->apex);
	assert_int_equal(a->serial, b->serial);
	assert_int_equal(a->entries, b->entries);
	assert_memory_equal(&a->zonemd, &b->zonemd, sizeof a->zonemd);
}

static void
assert_same(const struct input_event *a, const struct input_event *b)
{
	assert_int_equal(a->type, b->type);
	switch (a->type) {
	case INPUT_EVENT_READY:
		assert_string_equal(a->is.why, b->is.why);
		break;
	case INPUT_EVENT_NAME:
		assert_int_equal(a->is.name.rank, b->is.name.rank);
		assert_int_equal(a->is.name.length, b->is.name.length);
		assert_memory_equal(a->is.name.wire, b->is.name.wire,
		    a->is.name.length);
		break;
	case INPUT_EVENT_DELEGATION:
		assert_same_delegation(&a->is.delegation, &b->is.delegation);
		break;
	case INPUT_EVENT_REJECT:
		assert_int_equal(a->is.reject.reason, b->is.reject.reason);
		assert_int_equal(a->is.reject.line, b->is.reject.line);
		assert_int_equal(a->is.reject.column, b->is.reject.column);
		assert_int_equal(a->is.reject.length, b->is.reject.length);
		assert_memory_equal(a->is.reject.text, b->is.reject.text,
		    a->is.reject.length);
		break;
	case INPUT_EVENT_INCLUDE:
		assert_string_equal(a->is.include, b->is.include);
		break;
	case INPUT_EVENT_END:
		assert_int_equal(a->is.end.result, b->is.end.result);
		assert_same_facts(&a->is.end.facts, &b->is.end.facts);
		assert_string_equal(a->is.end.why, b->is.end.why);
		break;
	}
}

static void
round_trips(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(events); i++) {
		struct buffer packet = { 0 };
		struct input_event back;
		struct wire wire;
		uint8_t *copy;

		input_event_put(&packet, &events[i]);
		assert_in_range(packet.length, 1, INPUT_EVENT_MAX);
		wire = open_wire(packet.bytes, packet.length);
		copy = (uint8_t *)(uintptr_t)wire.at;
		assert_true(input_event_get(&wire, &back));
		assert_ptr_equal(wire.at, wire.end);
		assert_same(&events[i], &back);
		free(copy);
		for (size_t length = 0; length < packet.length; length++)
			if (is_event(packet.bytes, length))
				fail_msg("event %zu in %zu bytes", i, length);
		buffer_fini(&packet);
	}
}

/* As many as there are in a packet, in their order. */
static void
come_one_behind_the_other(void **state)
{
	struct buffer packet = { 0 };
	struct input_event event;
	struct wire wire;

	(void)state;
	for (size_t i = 0; i < COUNT(events); i++)
		input_event_put(&packet, &events[i]);
	wire = (struct wire){ packet.bytes, packet.bytes + packet.length,
	    false };
	for (size_t i = 0; i < COUNT(events); i++) {
		assert_true(input_event_get(&wire, &event));
		assert_same(&events[i], &event);
	}
	assert_ptr_equal(wire.at, wire.end);
	buffer_fini(&packet);
}

/* Capital letters are found at any place of a name of any length. Bytes next to
 * them in ASCII are no letters, and neither are letters with the highest bit
 * set. */
static void
capitals(void **state)
{
	(void)state;
	for (unsigned length = 1; length <= NAME_LABEL_MAX; length++)
		for (unsigned at = 0; at < length; at++)
			for (unsigned byte = 0; byte < 256; byte++) {
				uint8_t event[11 + NAME_LABEL_MAX + 1];

				event[0] = INPUT_EVENT_NAME;
				memset(event + 1, 0, 8);
				event[9] = (uint8_t)(length + 2);
				event[10] = (uint8_t)length;
				memset(event + 11, 'a', length);
				event[11 + at] = (uint8_t)byte;
				event[11 + length] = 0;
				if (is_event(event, 12 + length) !=
				    !(byte >= 'A' && byte <= 'Z'))
					fail_msg("byte %u at %u of %u", byte,
					    at, length);
			}
}

/* Each differs from its twin, which is an event, in one thing. */
static void
refuses(void **state)
{
#define NAME_EVENT(name) RAW("\2" ZEROS name)
#define GLUE(rest) RAW("\3\2\15" EXAMPLE "\0" rest)
#define NS(rest) RAW("\3\0\15" EXAMPLE "\0" rest)
#define ANOTHER(rest) RAW("\3\4" rest)
#define DS_HEAD "\1\0\0\0" "\2\0\15\2"
#define DS(digest) RAW("\3\1\3\1a\0" DS_HEAD digest)
#define OF_64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define COM "\3com\0"
#define SIGNATURE(length, covered, rest)				\
	RAW("\3\3\3\1a\0" length "\0\0\0" covered ZEROS ZEROS rest)
#define REASON(reason) RAW("\4" reason ZEROS "\1\0\0\0" "\1\0\0\0x")
#define SHA "01234567890123456789012345678901"
#define END(result, format, is_gzip, apex, why)				\
	END_OF(result, format, is_gzip, "\0", apex, why)
#define END_OF(result, format, is_gzip, zonemd, apex, why)		\
	RAW("\6" result format is_gzip ZEROS SHA "\0\0\0\0" ZEROS zonemd \
	    apex why)
#define ZONEMD(state, records, signatures)				\
	END_OF("\0", "\1", "\0", state "\0\0\0\0" records signatures,	\
	    "\0", "\1\0\0\0\0")
#define OF_7 "\13\0\0\0\7\0\0\0xxxx\1\1d"
#define NONE "\0\0\0\0"
	static const struct {
		const char *what;
		const char *good; size_t good_length;
		const char *bad; size_t bad_length;
	} cases[] = {
		{ "a type", NAME_EVENT("\15" EXAMPLE "\0"),
		  RAW("\7" ZEROS "\15" EXAMPLE "\0") },
		{ "no type 0", RAW("\1\1\0\0\0\0"), RAW("\0\1\0\0\0\0") },
		{ "a capital", NAME_EVENT("\3\1a\0"), NAME_EVENT("\3\1A\0") },
		{ "the root", NAME_EVENT("\3\1a\0"), NAME_EVENT("\1\0") },
		{ "no name", NAME_EVENT("\3\1a\0"), NAME_EVENT("\0") },
		{ "no root label", NAME_EVENT("\3\1a\0"),
		  NAME_EVENT("\2\1a") },
		{ "a label past the end", NAME_EVENT("\3\1a\0"),
		  NAME_EVENT("\3\2a\0") },
		{ "behind the root label", NAME_EVENT("\3\1a\0"),
		  NAME_EVENT("\4\1a\0\0") },
		{ "a compression pointer", NAME_EVENT("\3\1a\0"),
		  NAME_EVENT("\3\300\1\0") },
		{ "a kind of record", DS("\1\0\0\0x"),
		  RAW("\3\5\3\1a\0" DS_HEAD "\1\0\0\0x") },
		{ "no digest", DS("\1\0\0\0x"), DS("\0\0\0\0") },
		{ "a digest past the end", DS("\1\0\0\0x"),
		  DS("\2\0\0\0x") },
		{ "a digest of 65 bytes", DS("\100\0\0\0" OF_64),
		  DS("\101\0\0\0" OF_64 "x") },
		{ "an RRSIG of NSEC", SIGNATURE("\30", "\0\53", COM "x"),
		  SIGNATURE("\30", "\0\57", COM "x") },
		{ "of type 256 and more", SIGNATURE("\30", "\0\53", COM "x"),
		  SIGNATURE("\30", "\1\53", COM "x") },
		{ "no signature", SIGNATURE("\30", "\0\53", COM "x"),
		  SIGNATURE("\27", "\0\53", COM) },
		{ "a capital in a signer", SIGNATURE("\30", "\0\53", COM "x"),
		  SIGNATURE("\30", "\0\53", "\3coM\0x") },
		{ "a signer past the end", SIGNATURE("\30", "\0\53", COM "x"),
		  SIGNATURE("\30", "\0\53", "\6com\0x") },
		{ "no signer", SIGNATURE("\24", "\0\53", "\0x"),
		  SIGNATURE("\22", "\0\53", "") },
		{ "a capital in a server", NS("\5\3\1b\0"),
		  NS("\5\3\1B\0") },
		{ "an apex inside a label", NS("\5\3\1b\0"),
		  NS("\4\3\1b\0") },
		{ "an apex that is the owner", NS("\5\3\1b\0"),
		  NS("\15\3\1b\0") },
		{ "an apex longer than it", NS("\5\3\1b\0"),
		  NS("\16\3\1b\0") },
		{ "a capital in another server", ANOTHER("\3\1b\0"),
		  ANOTHER("\3\1B\0") },
		{ "another server that ends early", ANOTHER("\3\1b\0"),
		  ANOTHER("\3\1b") },
		{ "no server", ANOTHER("\1\0"), ANOTHER("\0") },
		{ "a family", GLUE("\6abcdefghijklmnop"),
		  GLUE("\5abcdefghijklmnop") },
		{ "a reason", REASON("\14"), REASON("\15") },
		{ "an include without a name", RAW("\5\2\0\0\0x\0"),
		  RAW("\5\1\0\0\0\0") },
		{ "a NUL in an include", RAW("\5\3\0\0\0xy\0"),
		  RAW("\5\3\0\0\0x\0\0") },
		{ "a result", END("\1", "\1", "\0", "\0", "\1\0\0\0\0"),
		  END("\3", "\1", "\0", "\0", "\1\0\0\0\0") },
		{ "no format", END("\1", "\1", "\0", "\0", "\1\0\0\0\0"),
		  END("\1", "\0", "\0", "\0", "\1\0\0\0\0") },
		{ "a format", END("\1", "\5", "\0", "\0", "\1\0\0\0\0"),
		  END("\1", "\6", "\0", "\0", "\1\0\0\0\0") },
		{ "a flag", END("\1", "\1", "\1", "\0", "\1\0\0\0\0"),
		  END("\1", "\1", "\2", "\0", "\1\0\0\0\0") },
		{ "a state of ZONEMD",
		  END_OF("\0", "\1", "\0", "\6", "\0", "\1\0\0\0\0"),
		  END_OF("\0", "\1", "\0", "\7", "\0", "\1\0\0\0\0") },
		{ "no ZONEMD record", ZONEMD("\2", OF_7, NONE),
		  ZONEMD("\2", NONE, NONE) },
		{ "a ZONEMD record without a digest",
		  ZONEMD("\3", OF_7, NONE),
		  ZONEMD("\3", "\12\0\0\0\6\0\0\0xxxx\1\1", NONE) },
		{ "a ZONEMD record past the end", ZONEMD("\3", OF_7, NONE),
		  ZONEMD("\3", "\13\0\0\0\10\0\0\0xxxx\1\1d", NONE) },
		{ "an empty signature",
		  ZONEMD("\2", OF_7, "\5\0\0\0\1\0\0\0s"),
		  ZONEMD("\2", OF_7, "\4\0\0\0\0\0\0\0") },
		{ "an apex with a capital",
		  END("\0", "\1", "\0", "\5\3com\0", "\1\0\0\0\0"),
		  END("\0", "\1", "\0", "\5\3Com\0", "\1\0\0\0\0") },
		{ "an escape for the terminal",
		  END("\1", "\1", "\0", "\0", "\3\0\0\0[m\0"),
		  END("\1", "\1", "\0", "\0", "\3\0\0\0\33m\0") },
		{ "a line break in a reason", RAW("\1\2\0\0\0x\0"),
		  RAW("\1\2\0\0\0\n\0") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool good = is_event(cases[i].good, cases[i].good_length);
		bool bad = is_event(cases[i].bad, cases[i].bad_length);

		if (!good || bad)
			fail_msg("%s: %d, its twin: %d", cases[i].what, bad,
			    good);
	}
}

#define LABEL "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"
#define LONGEST LABEL "." LABEL "." LABEL "." \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abc"

/* The longest that there may be, and one byte more. */
static void
is_bounded(void **state)
{
	static const struct { enum input_event_type type; size_t most; } cases[]
	    = {
		{ INPUT_EVENT_READY, INPUT_WHY_MAX - 1 },
		{ INPUT_EVENT_REJECT, INPUT_REJECT_TEXT_MAX },
		{ INPUT_EVENT_INCLUDE, INPUT_INCLUDE_MAX },
		{ INPUT_EVENT_END, INPUT_WHY_MAX - 1 },
	};

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(cases); i++) {
		char text[1024] = "";
		size_t length = cases[i / 2].most + i % 2;
		struct input_event event = { .type = cases[i / 2].type };
		struct buffer packet = { 0 };

		memset(text, 'x', length);
		if (event.type == INPUT_EVENT_REJECT) {
			event.is.reject.text = text;
			event.is.reject.length = length;
		} else if (event.type == INPUT_EVENT_END) {
			event.is.end.facts.format = INPUT_LIST;
			event.is.end.why = text;
		} else {
			event.is.why = event.is.include = text;
		}
		input_event_put(&packet, &event);
		assert_int_equal(is_event(packet.bytes, packet.length),
		    i % 2 == 0);
		assert_true(i % 2 != 0 || packet.length <= INPUT_EVENT_MAX);
		buffer_fini(&packet);
	}
}

static void
signature_is_bounded(void **state)
{
	static const uint8_t longest[ZONE_SIGNATURE_MAX + 1] = {
		0, 43, [18] = 3, 'c', 'o', 'm',
	};

	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct input_event event = { .type = INPUT_EVENT_DELEGATION };
		struct buffer packet = { 0 };
		uint8_t owner[NAME_WIRE_MAX];
		size_t length;

		/* With the longest owner. */
		assert_int_equal(name_from_text(LONGEST, strlen(LONGEST),
		    owner, &length), NAME_OK);
		assert_int_equal(length, NAME_WIRE_MAX);
		event.is.delegation = (struct delegation_record){
			.kind = DELEGATION_DS_SIGNATURE, .owner = owner,
			.owner_length = length, .signature = longest,
			.signature_length = ZONE_SIGNATURE_MAX + more,
		};
		input_event_put(&packet, &event);
		assert_int_equal(is_event(packet.bytes, packet.length),
		    more == 0);
		assert_true(packet.length <= INPUT_EVENT_MAX);
		buffer_fini(&packet);
	}
}

/* The most that there may be of ZONEMD, with the longest apex and reason, and a
 * byte more. */
static void
zonemd_is_bounded(void **state)
{
	(void)state;
	for (size_t more = 0; more < 3; more++) {
		struct input_event event = { .type = INPUT_EVENT_END };
		struct zonemd *zonemd = &event.is.end.facts.zonemd;
		struct buffer packet = { 0 };
		char why[INPUT_WHY_MAX] = "";
		size_t length, at;

		memset(why, 'x', sizeof why - 1);
		event.is.end.why = why;
		event.is.end.facts.format = INPUT_ZONE;
		event.is.end.facts.has_apex = true;
		assert_int_equal(name_from_text(LONGEST, strlen(LONGEST),
		    event.is.end.facts.apex, &length), NAME_OK);
		zonemd->state = ZONEMD_MATCH;
		zonemd->records_length = ZONEMD_RECORDS_BYTES;
		zonemd->records[0] = (ZONEMD_RECORDS_BYTES - 4) & 255;
		zonemd->records[1] = (ZONEMD_RECORDS_BYTES - 4) >> 8;
		zonemd->signatures_length = ZONEMD_SIGNATURES_BYTES;
		zonemd->signatures[0] = (ZONEMD_SIGNATURES_BYTES - 4) & 255;
		zonemd->signatures[1] = (ZONEMD_SIGNATURES_BYTES - 4) >> 8;
		input_event_put(&packet, &event);
		assert_true(packet.length <= INPUT_EVENT_MAX);
		/* One byte more of the records, then of the signatures. */
		at = 1 + 1 + 2 + 8 + 32 + 4 + 8 + 1 + 4 +
		    (more == 2 ? 4 + ZONEMD_RECORDS_BYTES : 0);
		assert_int_equal(packet.bytes[at + 1],
		    (more == 2 ? ZONEMD_SIGNATURES_BYTES
		    : ZONEMD_RECORDS_BYTES) >> 8);
		if (more > 0) {
			buffer_append_byte(&packet, 0);
			memmove(packet.bytes + at + 5, packet.bytes + at + 4,
			    packet.length - at - 5);
			packet.bytes[at]++;
			packet.bytes[at + 4]++;
		}
		assert_int_equal(is_event(packet.bytes, packet.length),
		    more == 0);
		buffer_fini(&packet);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trips),
		cmocka_unit_test(come_one_behind_the_other),
		cmocka_unit_test(capitals), cmocka_unit_test(refuses),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test(signature_is_bounded),
		cmocka_unit_test(zonemd_is_bounded),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
