/* Names: RFC 1035 3.1 and 5.1, RFC 4343, RULES I7, I8, and the text form of
 * docs/schema.md. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "parsers/name.h"

#define LABEL_63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define LABEL_62 "bcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define LABEL_61 "cdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define LABELS_192 LABEL_63 "." LABEL_63 "." LABEL_63 "."
#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* A name as it is typed, and its expected text form. */
struct row {
	const char	*rule, *input, *text;
};
/* And one that must be refused. */
struct refused {
	const char	*rule, *input;
	enum name_error	 error;
};

static const struct row texts[] = {
	{ "plain", "example.com", "example.com" },
	{ "one final dot", "example.com.", "example.com" },
	{ "the root", ".", "." },
	{ "one label", "com", "com" },
	{ "RFC 4343 case", "eXaMPLE.COM", "example.com" },
	{ "RFC 4343 escaped letter", "\\069xample.com", "example.com" },
	{ "underscore", "_25._tcp.mx.example.com", "_25._tcp.mx.example.com" },
	{ "wildcard", "*.example.com", "\\042.example.com" },
	{ "dot in a label, \\X", "a\\.b.example", "a\\046b.example" },
	{ "dot in a label, \\DDD", "a\\046b.example", "a\\046b.example" },
	{ "backslash", "a\\\\b", "a\\092b" },
	{ "escaped NUL", "a\\000b.c", "a\\000b.c" },
	{ "escaped space", "a\\ b.c", "a\\032b.c" },
	{ "escaped, behind a digit", "\\0461", "\\0461" },
	{ "highest byte", "\\255", "\\255" },
	{ "bytes above 0x7f as they are", "\303\274", "\\195\\188" },
	{ "leading hyphen", "-a.example", "\\045a.example" },
	{ "leading hyphen, escaped", "\\045a.example", "\\045a.example" },
	{ "hyphen elsewhere", "a-.-b.example", "a-.-b.example" },
	{ "at sign, quote, slash", "a@b\"/", "a\\064b\\034\\047" },
	{ "I8 label of 63", LABEL_63 ".com", LABEL_63 ".com" },
	{ "I8 name of 255 in wire form", LABELS_192 LABEL_61,
	    LABELS_192 LABEL_61 },
	{ "the same, with a dot", LABELS_192 LABEL_61 ".",
	    LABELS_192 LABEL_61 },
};

static const struct refused refused_texts[] = {
	{ "nothing", "", NAME_SYNTAX },
	{ "escape, cut", "a\\", NAME_SYNTAX },
	{ "escape, one digit", "a\\1", NAME_SYNTAX },
	{ "escape, two digits", "a\\12", NAME_SYNTAX },
	{ "escape, two digits and a letter", "a\\12b", NAME_SYNTAX },
	{ "escape, a digit and a letter", "a\\1b2", NAME_SYNTAX },
	{ "escape, over 255", "a\\256", NAME_SYNTAX },
	{ "I8 empty label", "a..b", NAME_EMPTY_LABEL },
	{ "I8 empty first label", ".a", NAME_EMPTY_LABEL },
	{ "I8 two final dots", "a..", NAME_EMPTY_LABEL },
	{ "I8 two dots", "..", NAME_EMPTY_LABEL },
	{ "I8 space", "a b", NAME_CONTROL_BYTE },
	{ "I8 tab", "a\tb", NAME_CONTROL_BYTE },
	{ "I8 DEL", "a\177", NAME_CONTROL_BYTE },
	{ "I8 line end", "a\n", NAME_CONTROL_BYTE },
	{ "I8 label of 64", LABEL_63 "x.com", NAME_LABEL_TOO_LONG },
	{ "I8 last label of 64", "a." LABEL_63 "x", NAME_LABEL_TOO_LONG },
	{ "I8 label of 64 by escape", LABEL_63 "\\120", NAME_LABEL_TOO_LONG },
	{ "I8 name of 254 in text, 256 in wire", LABELS_192 LABEL_62,
	    NAME_TOO_LONG },
	{ "I8 the last label too many", LABELS_192 LABEL_61 ".a",
	    NAME_TOO_LONG },
	{ "I8 empty label behind 255", LABELS_192 LABEL_61 "..",
	    NAME_EMPTY_LABEL },
};

/* libidn2 knows; the A-labels are those of UTS 46's own tables. */
static const struct row inputs[] = {
	{ "I7 ASCII does not go through", "_a*b.-c.xn--a",
	    "_a\\042b.-c.xn--a" },
	{ "I7 U-label", "b\303\274cher.example", "xn--bcher-kva.example" },
	{ "I7 upper case", "B\303\234CHER.Example.", "xn--bcher-kva.example" },
	{ "I7 NFC", "bu\314\210cher.example", "xn--bcher-kva.example" },
	{ "I7 non-transitional", "fa\303\237.de", "xn--fa-hia.de" },
	{ "I7 ideographic full stop", "b\303\274cher\343\200\202example",
	    "xn--bcher-kva.example" },
	{ "I7 ASCII labels beside", "_dmarc.b\303\274cher.example",
	    "_dmarc.xn--bcher-kva.example" },
	{ "I7 an escape in ASCII", "b\\195\\188cher", "b\\195\\188cher" },
};

static const struct refused refused_inputs[] = {
	{ "I7 not UTF-8", "\374.de", NAME_IDNA },
	{ "I7 surrogate", "a\355\240\200.de", NAME_IDNA },
	{ "I7 leading combining mark", "\314\201a.de", NAME_IDNA },
	{ "I7 A-label without a U-label", "xn--a.\303\274", NAME_IDNA },
	{ "I7 escape beside a U-label", "a\\046b.\303\274", NAME_IDNA },
	{ "I7 full width backslash", "\357\274\274046b.\303\274", NAME_IDNA },
	{ "I8 empty label", "\303\274..de", NAME_EMPTY_LABEL },
	{ "I8 empty after mapping", "\302\255.\303\274", NAME_EMPTY_LABEL },
	{ "I8 space", "\303\274 .de", NAME_CONTROL_BYTE },
	{ "I8 DEL", "\303\274\177.de", NAME_CONTROL_BYTE },
	{ "I8 nothing", "", NAME_SYNTAX },
	{ "I8 ASCII", "a..b", NAME_EMPTY_LABEL },
};

typedef enum name_error read_name(const char *, size_t, uint8_t *, size_t *);

static void
must_be(read_name *read, const struct row *row)
{
	uint8_t wire[NAME_WIRE_MAX], again[NAME_WIRE_MAX];
	char text[NAME_TEXT_MAX];
	size_t length, again_length, text_length;
	enum name_error error = read(row->input, strlen(row->input), wire,
	    &length);

	if (error != NAME_OK)
		fail_msg("%s: %s", row->rule, name_error_text(error));
	assert_int_equal(name_wire_length(wire, sizeof wire), length);
	text_length = name_to_text(wire, text);
	assert_int_equal(text_length, strlen(text));
	if (strcmp(text, row->text) != 0)
		fail_msg("%s: %s, not %s", row->rule, text, row->text);
	/* The text form is canonical: it is read as the same name. */
	assert_int_equal(name_from_text(text, strlen(text), again,
	    &again_length), NAME_OK);
	assert_int_equal(again_length, length);
	assert_memory_equal(again, wire, length);
}

static void
must_fail(read_name *read, const struct refused *row)
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t length = 4711;
	enum name_error error = read(row->input, strlen(row->input), wire,
	    &length);

	if (error != row->error)
		fail_msg("%s: %s, not %s", row->rule, name_error_text(error),
		    name_error_text(row->error));
	assert_int_equal(length, 4711);
}

static void
text_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		must_be(name_from_text, &texts[i]);
		/* What is typed follows the same grammar in ASCII. */
		if ((uint8_t)texts[i].input[0] < 0x80)
			must_be(name_from_input, &texts[i]);
	}
	for (size_t i = 0; i < COUNT(refused_texts); i++) {
		must_fail(name_from_text, &refused_texts[i]);
		must_fail(name_from_input, &refused_texts[i]);
	}
}

static void
internationalized(void **state)
{
	char long_name[NAME_TEXT_MAX + 1] = "\303\274";
	uint8_t wire[NAME_WIRE_MAX];
	size_t length;

	(void)state;
	for (size_t i = 0; i < COUNT(inputs); i++)
		must_be(name_from_input, &inputs[i]);
	for (size_t i = 0; i < COUNT(refused_inputs); i++)
		must_fail(name_from_input, &refused_inputs[i]);
	memset(long_name + 2, 'a', sizeof long_name - 2);
	assert_int_equal(name_from_input(long_name, NAME_TEXT_MAX, wire,
	    &length), NAME_TOO_LONG);
	assert_int_equal(name_from_input(long_name, NAME_TEXT_MAX - 1, wire,
	    &length), NAME_IDNA);
}

/* RFC 1123 2.1: letters, digits and hyphens; the last label is no number.
 * Underscores occur in names that are in use. */
static void
hosts(void **state)
{
	static const struct { const char *text; bool is_host; } cases[] = {
		{ "a.example", true }, { "_a.example", true },
		{ "-a.example", true }, { "1.example", true },
		{ "com", true }, { "a.1b", true }, { "*.a.example", false },
		{ "a\\.b.example", false }, { "a\\000b.example", false },
		{ "\303\274.example", false }, { "127.0.0.1", false },
		{ "a.1", false }, { "1", false }, { ".", false },
	};
	uint8_t wire[NAME_WIRE_MAX];
	size_t length;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(name_from_text(cases[i].text,
		    strlen(cases[i].text), wire, &length), NAME_OK);
		if (name_is_host(wire) != cases[i].is_host)
			fail_msg("%s", cases[i].text);
	}
}

/* RFC 5321 4.1.2: what EHLO says. */
static void
smtp_domains(void **state)
{
	static const char *const good[] = {
		"scan.example.org", "SCAN.example.org", "a-1.b2", "xn--a.example",
	};
	static const char *const bad[] = {
		"", ".", "localhost", "scan.example.org.", "a..b", "a b.example",
		"192.0.2.1", "a.example:25", "post@a.example", "*.a.example",
		"b\303\274cher.example", "\\097.example", "a.example\\.",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!name_is_smtp_domain(good[i]))
			fail_msg("%s", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (name_is_smtp_domain(bad[i]))
			fail_msg("%s", bad[i]);
}

/* A NUL is a control byte, and ends nothing. */
static void
nul_bytes(void **state)
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t length;

	(void)state;
	assert_int_equal(name_from_text("a\0b", 3, wire, &length),
	    NAME_CONTROL_BYTE);
	assert_int_equal(name_from_input("\303\274\0b", 4, wire, &length),
	    NAME_CONTROL_BYTE);
	/* Only `length` bytes are read. */
	assert_int_equal(name_from_text("ab\\046", 4, wire, &length),
	    NAME_SYNTAX);
	assert_int_equal(name_from_text("ab..", 3, wire, &length), NAME_OK);
	assert_memory_equal(wire, "\2ab", 4);
	assert_int_equal(length, 4);
}

/* The longest text form fits: 250 bytes of labels, all of them escaped. */
static void
longest_text(void **state)
{
	uint8_t wire[NAME_WIRE_MAX];
	char text[NAME_TEXT_MAX + 8];

	(void)state;
	memset(wire, 0xff, sizeof wire);
	wire[0] = wire[64] = wire[128] = 63;
	wire[192] = 61;
	wire[254] = 0;
	memset(text, 'X', sizeof text);
	assert_int_equal(name_wire_length(wire, sizeof wire), 255);
	assert_int_equal(name_to_text(wire, text), 4 * 250 + 3);
	assert_int_equal(text[1003], '\0');
	assert_int_equal(text[NAME_TEXT_MAX], 'X');
}

static void
wire_lengths(void **state)
{
	static const struct {
		const char *rule, *wire;
		size_t limit, length;
	} rows[] = {
		{ "root", "", 1, 1 },
		{ "nothing", "", 0, 0 },
		{ "two labels", "\1a\2bc", 6, 6 },
		{ "more behind it", "\1a\0\1b", 6, 3 },
		{ "no room for the root", "\1a\2bc", 5, 0 },
		{ "label cut", "\5abc", 5, 0 },
		{ "pointer, RFC 1035 4.1.4", "\300\14", 3, 0 },
		{ "label type 01", "\100a", 3, 0 },
		{ "label type 10", "\200a", 3, 0 },
	};
	uint8_t wire[300];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (name_wire_length((const uint8_t *)rows[i].wire,
		    rows[i].limit) != rows[i].length)
			fail_msg("%s", rows[i].rule);
	/* Label types 01 and 10, with all the bytes that a length would take. */
	memset(wire, 0, sizeof wire);
	for (unsigned type = 0x40; type <= 0xc0; type += 0x40) {
		wire[0] = (uint8_t)type;
		assert_int_equal(name_wire_length(wire, sizeof wire), 0);
	}
	wire[0] = NAME_LABEL_MAX;
	assert_int_equal(name_wire_length(wire, sizeof wire), 65);
	/* 256 bytes in wire form, though the limit has room for it. */
	memset(wire, 1, sizeof wire);
	wire[256] = 0;
	assert_int_equal(name_wire_length(wire, sizeof wire), 0);
	wire[254] = 0;
	assert_int_equal(name_wire_length(wire, sizeof wire), 255);
	wire[254] = 1;
	wire[255] = 0;
	assert_int_equal(name_wire_length(wire, sizeof wire), 0);
}

static void
labels(void **state)
{
	uint8_t wire[] = "\1*\3Foo\7eXAMPLE";
	char text[NAME_TEXT_MAX];

	(void)state;
	assert_int_equal(name_labels(wire), 3);
	assert_int_equal(name_labels((const uint8_t *)""), 0);
	name_to_text(wire, text);
	assert_string_equal(text, "\\042.foo.example");
	name_lower(wire);
	assert_memory_equal(wire, "\1*\3foo\7example", sizeof wire);
}

static void
find(void **state)
{
	const uint8_t name[] = "\1a\1d\7example";

	(void)state;
	assert_ptr_equal(name_find(name, name), name);
	assert_ptr_equal(name_find(name, name + 2), name + 2);
	assert_ptr_equal(name_find(name, (const uint8_t *)""), name + 12);
	assert_null(name_find(name + 2, name));
	/* The end of a label is no name above it. */
	assert_null(name_find((const uint8_t *)"\2xd\7example", name + 2));
	assert_null(name_find(name, (const uint8_t *)"\1e\7example"));
	/* Bytes of a label that look like the zone. */
	assert_null(name_find((const uint8_t *)"\13\1d\7example\0\1e",
	    name + 2));
}

/* A length byte of 65 to 90 is none: label types are malformed before that; but
 * a byte of a label that looks like a length must be lowered. */
static void
lower_is_ascii(void **state)
{
	uint8_t wire[] = "\5A@[Z\334";

	(void)state;
	name_lower(wire);
	assert_memory_equal(wire, "\5a@[z\334", sizeof wire);
}

static void
words(void **state)
{
	static const char *const reasons[] = {
		"ok", "syntax", "name_too_long", "label_too_long",
		"empty_label", "control_byte", "idna",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(reasons); i++)
		assert_string_equal(name_error_text((enum name_error)i),
		    reasons[i]);
	assert_string_equal(name_tld("a.example.com"), "com");
	assert_string_equal(name_tld("com"), "com");
	assert_string_equal(name_tld("."), ".");
	assert_string_equal(name_tld("a\\046b"), "a\\046b");
}

/* The list of RFC 4034 6.1. */
static void
canonical_order(void **state)
{
	static const char *const names[] = { "example", "a.example",
		"yljkjljk.a.example", "Z.a.example", "zABC.a.EXAMPLE",
		"z.example", "\\001.z.example", "*.z.example",
		"\\200.z.example" };
	const size_t count = sizeof names / sizeof names[0];

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++) {
			uint8_t a[NAME_WIRE_MAX], b[NAME_WIRE_MAX];
			size_t length;
			int order;

			assert_int_equal(name_from_text(names[i],
			    strlen(names[i]), a, &length), NAME_OK);
			assert_int_equal(name_from_text(names[k],
			    strlen(names[k]), b, &length), NAME_OK);
			order = name_order(a, b);
			assert_int_equal((order > 0) - (order < 0),
			    (i > k) - (i < k));
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_forms),
		cmocka_unit_test(internationalized),
		cmocka_unit_test(hosts),
		cmocka_unit_test(smtp_domains),
		cmocka_unit_test(nul_bytes),
		cmocka_unit_test(longest_text),
		cmocka_unit_test(wire_lengths),
		cmocka_unit_test(labels),
		cmocka_unit_test(find),
		cmocka_unit_test(canonical_order),
		cmocka_unit_test(lower_is_ascii),
		cmocka_unit_test(words),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
