/* opt_out: opt-out lists, and the names and addresses that they contain (RULES
 * K11, K12). An entry is honoured or refused: none is accepted that never
 * matches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "parsers/opt_out.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static void
reading(void **state)
{
	static const struct {
		const char	*what, *text;
		size_t		entries, bad_line;	/* 0: none */
	} rows[] = {
		{ "nothing", "", 0, 0 },
		{ "comments and blanks", "# a\n\n  \t\r\n#b", 0, 0 },
		{ "one of each", "example.com\n192.0.2.1\n192.0.2.0/24\n"
		    "2001:db8::/32\n", 4, 0 },
		{ "no last newline, CRLF, comment behind",
		    "a.com\r\nb.com # why", 2, 0 },
		{ "a comment behind without a blank", "a.com#b c\n", 1, 0 },
		{ "CRLF, and no line feed at the end", "a.com\r\nb.com\r", 2,
		    0 },
		{ "final dot, upper case", "A.com.\n", 1, 0 },
		{ "U-label", "b\303\274cher.example\n", 1, 0 },
		{ "the same twice", "a.com\na.com\n", 2, 0 },
		{ "a blank between", "a.com b.com\n", 2, 0 },
		{ "blanks", "\ta.com \t 192.0.2.1 \n", 2, 0 },
		{ "commas", "a.com,b.com, 192.0.2.1 ,2001:db8::1\n", 4, 0 },
		{ "empty entries", ",, a.com,\n,\n", 1, 0 },
		{ "a range is one", "192.0.2.8 - 192.0.2.9, a.com\n", 2, 0 },
		{ "a byte order mark", "\357\273\277192.0.2.1\n", 1, 0 },
		{ "and a comment", "\357\273\277# a b\n", 0, 0 },
		{ "a mark elsewhere", "a.com\n\357\273\277192.0.2.1\n", 1, 2 },
		{ "the second of a line", "a.com, 192.0.2.1/24\n", 1, 1 },
		{ "bits behind the prefix", "a.com\n192.0.2.1/24\n", 1, 2 },
		{ "the root would be every domain", ".\n", 0, 1 },
		{ "empty label", "# x\n\na..b\n", 0, 3 },
		{ "UTF-16, little endian", "\377\376a", 0, 1 },
		{ "UTF-16, big endian", "\376\377a", 0, 1 },
		{ "line ends of old: a comment would swallow the rest",
		    "# who\ra.com\r", 0, 1 },
		{ "of one line", "a.com\n# who\rb.com\n", 0, 2 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct opt_out opt_out = { 0 };
		struct entry_fault fault = { 0 };
		bool good = opt_out_read(&opt_out, rows[i].text,
		    strlen(rows[i].text), &fault);

		if (good != (rows[i].bad_line == 0) ||
		    (!good && fault.line != rows[i].bad_line) ||
		    opt_out.count != rows[i].entries)
			fail_msg("%s: %s, line %zu, %zu entries",
			    rows[i].what, good ? "good" : "bad", fault.line,
			    opt_out.count);
		if (good != (fault.why[0] == '\0'))
			fail_msg("%s: says '%s'", rows[i].what, fault.why);
		opt_out_fini(&opt_out);
	}
}

/* UTF-16 without a mark. */
static void
nul_bytes(void **state)
{
	static const char text[] = "a.com\nb\0.\0c\0o\0m\0\n\0";
	struct opt_out opt_out = { 0 };
	struct entry_fault fault;

	(void)state;
	assert_false(opt_out_read(&opt_out, text, sizeof text - 1, &fault));
	assert_int_equal(fault.line, 2);
	assert_non_null(strstr(fault.why, "UTF-8"));
	opt_out_fini(&opt_out);
}

static bool
holds(const struct opt_out *opt_out, const char *text)
{
	struct address address;

	return address_from_text(text, strlen(text), &address)
	    ? opt_out_has_address(opt_out, &address)
	    : opt_out_has_name(opt_out, text);
}

/* What a line contains, and what it does not; words separated by blanks. */
static void
honoured(void **state)
{
	static const struct { const char *line, *in, *out; } rows[] = {
		{ "a.example", "a.example x.a.example",
		    "b.example xa.example example" },
		{ "a.example.", "a.example x.a.example", "example" },
		{ ".a.example", "a.example x.a.example", "example" },
		{ "*.a.example", "a.example x.a.example y.x.a.example",
		    "example b.example" },
		{ "@a.example", "a.example mx.a.example", "example" },
		{ "post@a.example", "a.example mx.a.example",
		    "post.a.example.org example" },
		{ "<post@a.example>", "a.example mx.a.example", "example" },
		{ "mailto:post@a.example", "a.example mx.a.example",
		    "example" },
		{ "MailTo:post@a.example", "a.example", "example" },
		{ "<mailto:post@a.example>", "a.example", "example" },
		{ "x/y=z+tag@a.example", "a.example", "example" },
		{ "j\303\266rg@a.example", "a.example", "example" },
		{ "post@[192.0.2.9]", "192.0.2.9", "192.0.2.8" },
		{ "post@[IPv6:2001:db8::1]", "2001:db8::1", "2001:db8::2" },
		{ "192.0.2.9", "192.0.2.9", "192.0.2.8 192.0.2.10" },
		/* NAT64 (RFC 6052) and 6to4 (RFC 3056): a connection to the one
		 * reaches the other. */
		{ "8.8.8.0/24", "8.8.8.9 64:ff9b::808:809 2002:808:809::1",
		    "8.8.9.9 64:ff9b::808:909 2002:808:909::1" },
		{ "[192.0.2.9]", "192.0.2.9", "192.0.2.8 192.0.2.10" },
		{ "[2001:db8::1]", "2001:db8::1", "2001:db8::2" },
		{ "[IPv6:2001:db8::1]", "2001:db8::1", "2001:db8::2" },
		{ "[ipv6:2001:DB8::1]", "2001:db8::1", "2001:db8::2" },
		{ "192.0.2.8-192.0.2.9", "192.0.2.8 192.0.2.9",
		    "192.0.2.7 192.0.2.10" },
		{ "192.0.2.8 - 192.0.2.9", "192.0.2.8 192.0.2.9",
		    "192.0.2.7 192.0.2.10" },
		{ "192.0.2.8\t-192.0.2.9", "192.0.2.8 192.0.2.9",
		    "192.0.2.7 192.0.2.10" },
		{ "192.0.2.8-  192.0.2.9,a.example", "192.0.2.9 a.example",
		    "192.0.2.10" },
		{ "192.0.2.7-192.0.2.9", "192.0.2.7 192.0.2.8 192.0.2.9",
		    "192.0.2.6 192.0.2.10" },
		{ "2001:db8::1-2001:db8::ffff",
		    "2001:db8::1 2001:db8::8000 2001:db8::ffff",
		    "2001:db8:: 2001:db8::1:0" },
		{ "a.example,b.example", "a.example b.example", "c.example" },
		{ "a.example  192.0.2.9", "a.example 192.0.2.9", "192.0.2.8" },
		/* Labels of digits are legal but for the last. */
		{ "163.example", "163.example", "example" },
		{ "4-7.example", "4-7.example", "7.example" },
		{ "192.0.2.9-static.a.example", "192.0.2.9-static.a.example",
		    "192.0.2.9 a.example" },
		{ "1.0.0.127.in-addr.arpa", "1.0.0.127.in-addr.arpa",
		    "127.0.0.1" },
		{ "_dmarc.a.example", "_dmarc.a.example", "a.example" },
		{ "-a.example", "\\045a.example", "a.example" },
		/* UTS 46: full-width letters and an ideographic full stop. */
		{ "\357\275\201.example", "a.example", "example" },
		{ "a\343\200\202example", "a.example", "example" },
		{ "b\303\274cher.example", "xn--bcher-kva.example",
		    "bcher.example" },
		/* A top-level domain, which one word is not. */
		{ "example.", "example a.example", "org" },
		{ "0.0.0.0/1", "127.255.255.255", "128.0.0.0" },
		{ "0.0.0.1-0.0.0.1", "0.0.0.1", "0.0.0.2" },
		{ "255.255.255.254-255.255.255.255", "255.255.255.255",
		    "255.255.255.253" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct opt_out opt_out = { 0 };
		struct entry_fault fault = { 0 };
		char words[128], *rest;

		if (!opt_out_read(&opt_out, rows[i].line,
		    strlen(rows[i].line), &fault))
			fail_msg("%s: %s", rows[i].line, fault.why);
		snprintf(words, sizeof words, "%s", rows[i].in);
		for (char *word = strtok_r(words, " ", &rest); word != NULL;
		    word = strtok_r(NULL, " ", &rest))
			if (!holds(&opt_out, word))
				fail_msg("%s: not %s", rows[i].line, word);
		snprintf(words, sizeof words, "%s", rows[i].out);
		for (char *word = strtok_r(words, " ", &rest); word != NULL;
		    word = strtok_r(NULL, " ", &rest))
			if (holds(&opt_out, word))
				fail_msg("%s: %s", rows[i].line, word);
		opt_out_fini(&opt_out);
	}
}

/* Refused lines, and the hint about what is probably meant. */
static void
refused(void **state)
{
	static const struct { const char *line, *why; } rows[] = {
		{ "192.0.2.9:25", "port here; write 192.0.2.9" },
		{ "[192.0.2.9]:25", "port here; write 192.0.2.9" },
		{ "[2001:db8::1]:25", "port here; write 2001:db8::1" },
		{ "a.example:25", "port here; write a.example" },
		{ "https://a.example/",
		    "a URL is not an entry; write a.example" },
		{ "https://post@a.example:443/x?y@z", "; write a.example" },
		{ "https://192.0.2.9/",
		    "a URL is not an entry; write only the" },
		{ "www.a.example/page", "path here; write www.a.example" },
		{ "a.example/24", "path here; write a.example" },
		{ "010.1.2.3", "octal; did you mean 10.1.2.3?" },
		{ "192.0.2", "did you mean the prefix 192.0.2.0/24?" },
		{ "192.0.2.", "did you mean the prefix 192.0.2.0/24?" },
		{ "10", "did you mean the prefix 10.0.0.0/8?" },
		{ "192.0.2.*", "did you mean the prefix 192.0.2.0/24?" },
		{ "192.0.*.*", "did you mean the prefix 192.0.0.0/16?" },
		{ "192.0.2.x", "did you mean the prefix 192.0.2.0/24?" },
		{ "192.0.2.256", "at most 255" },
		{ "192.0.2.9.1", "four parts" },
		{ "192..2.9", "four parts" },
		{ "192.0.2.9.", "did you mean 192.0.2.9?" },
		{ "0x7f.0.0.1", "cannot end in a number" },
		{ "a.example.7", "cannot end in a number" },
		{ "192.0.2.1/24", "host bits are set; did you mean "
		    "192.0.2.0/24?" },
		{ "192.0.2.0/33", "from 0 to 32" },
		{ "2001:db8::/129", "from 0 to 128" },
		{ "2001:db8::1/32", "did you mean 2001:db8::/32?" },
		{ "10.0.0.0/255.0.0.0", "netmask; did you mean 10.0.0.0/8?" },
		{ "10.0.0.0/0.255.255.255", "did you mean 10.0.0.0/8?" },
		{ "10.0.0.0/255.0.255.0", "from 0 to 32" },
		{ "10.0.0.0/08", "did you mean 10.0.0.0/8?" },
		{ "10/8", "did you mean 10.0.0.0/8?" },
		{ "192.0.2.0/", "from 0 to 32" },
		{ "[2001:db8::/32]", "only an address can be in brackets" },
		{ "[2001:db8::]/32", "only an address can be in brackets" },
		{ "[2001:db8::1", "no matching ]" },
		{ "[IPv6:192.0.2.9]", "write 192.0.2.9" },
		{ "fe80::1%eth0", "zone here; write fe80::1" },
		{ "2001:db8::1::2", "neither an address nor a prefix" },
		{ "192.0.2.9-192.0.2.8", "192.0.2.8-192.0.2.9?" },
		{ "192.0.2.8-9", "two whole addresses" },
		{ "192.0.2.8-", "two whole addresses" },
		{ "192.0.2.8 -", "two whole addresses" },
		{ "192.0.2.8-,192.0.2.9", "two whole addresses" },
		{ "192.0.2.8-2001:db8::1", "IPv4 address, the other an IPv6" },
		{ "192.0.2.8\342\200\223192.0.2.9", "has a hyphen" },
		{ "192.0.2.8 \342\200\224 192.0.2.9", "has a hyphen" },
		{ "0.0.0.0/0", "every IPv4 address; --ipv6-only" },
		{ "::/0", "every IPv6 address; --ipv4-only" },
		{ "0.0.0.0-255.255.255.255", "every IPv4 address" },
		{ "192.0.2.0 255.255.255.0", "write a prefix" },
		{ "0.0.0.0 a.example", "nobody has this address" },
		{ "::ffff:192.0.2.9", "write 192.0.2.9/32" },
		{ "::ffff:192.0.2.0/120", "write 192.0.2.0/24" },
		/* Full-width digits. */
		{ "\357\274\221.\357\274\222.\357\274\223.\357\274\224",
		    "a number, and this is not an address: 1.2.3.4" },
		{ "post\357\274\240a.example", "letters, digits" },
		{ "a.example\357\274\214b.example", "letters, digits" },
		{ "AS64496", "write the prefixes" },
		{ "example", "final dot" },
		{ "a.example asked on Monday", "asked: this is a single word" },
		{ "Post <post@a.example>", "a single word" },
		{ "a.example;b.example", "commas or blanks" },
		{ "; a.example", "begins with #" },
		{ "// a.example", "begins with #" },
		{ "a.example // why", "begins with #" },
		{ "*", "in front of a whole domain" },
		{ "*a.example", "in front of a whole domain" },
		{ "mx.*.example", "in front of a whole domain" },
		{ "*.", "whole domain" }, { ".", "every domain" },
		{ "..", "every domain" },
		{ "a..b", "empty" }, { "..a.example", "empty" },
		{ "\"a.example\"", "letters, digits" },
		{ "a!.example", "letters, digits" },
		{ "a\\.b.example", "letters, digits" },
		{ "a\\032b.example", "letters, digits" },
		{ "b\374cher.example", "UTF-8" },
		{ "a\001.example", "control" },
		{ "mailto:a.example", "not a mailbox" },
		{ "mailto:post@a.example?subject=x", "write a.example" },
		{ "a@b@c.example", "letters, digits" },
		{ "post@", "not a name" },
		{ "post@192.0.2.9", "a number" },
		{ "a.example - b.example", "blanks" },
		{ "- a.example", "blanks" },
		{ "a23456789012345678901234567890123456789012345678901234567"
		    "8901234.example", "63 bytes" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct opt_out opt_out = { 0 };
		struct entry_fault fault = { 0 };
		char text[256];

		snprintf(text, sizeof text, "# head\nb.example\n%s\n",
		    rows[i].line);
		if (opt_out_read(&opt_out, text, strlen(text), &fault))
			fail_msg("%s: taken", rows[i].line);
		if (fault.line != 3 || strstr(fault.why, rows[i].why) == NULL)
			fail_msg("%s: line %zu: %s", rows[i].line, fault.line,
			    fault.why);
		for (const char *at = fault.why; *at != '\0'; at++)
			assert_in_range(*at, ' ', '~');
		opt_out_fini(&opt_out);
	}
}

static void
holding(void **state)
{
	static const char text[] = "example.com\nmx.example.net\nxn--bcher-kva"
	    ".example\n192.0.2.128/25\n198.51.100.7\n2001:db8:1::/48\n"
	    "b.org\n192.0.2.200\n192.0.2.64/26\n2001:db8:1:2::/64\n";
	static const struct { const char *name; bool is_held; } rows[] = {
		{ "example.com", true }, { "mx.example.com", true },
		{ "a.b.c.example.com", true }, { "example.com.org", false },
		{ "badexample.com", false }, { "com", false },
		{ "mx.example.net", true }, { "example.net", false },
		{ "xn--bcher-kva.example", true }, { ".", false },
		/* A dot inside a label parts nothing. */
		{ "a\\046b.org", false }, { "a.b.org", true },
		{ "x\\046example.com", false }, { "\\046.b.org", true },
		{ "192.0.2.63", false }, { "192.0.2.64", true },
		{ "192.0.2.128", true }, { "192.0.2.127", true },
		{ "192.0.2.199", true }, { "192.0.2.201", true },
		{ "192.0.2.255", true }, { "192.0.3.0", false },
		{ "198.51.100.7", true }, { "198.51.100.8", false },
		{ "198.51.100.6", false }, { "2001:db8:1:ffff::1", true },
		{ "2001:db8:1:2::1", true }, { "2001:db8:1:3::1", true },
		{ "2001:db8:2::1", false }, { "2001:db8::1", false },
	};
	struct opt_out opt_out = { 0 };
	struct entry_fault fault;

	(void)state;
	assert_true(opt_out_read(&opt_out, text, sizeof text - 1, &fault));
	for (size_t i = 0; i < COUNT(rows); i++)
		if (holds(&opt_out, rows[i].name) != rows[i].is_held)
			fail_msg("%s", rows[i].name);
	/* None inside another. */
	assert_int_equal(opt_out.prefixes.count, 4);
	opt_out_fini(&opt_out);
}

/* An empty list contains nothing, and may be asked. */
static void
empty(void **state)
{
	struct opt_out opt_out = { 0 };
	struct address address = { .family = 4 };

	(void)state;
	assert_true(opt_out_is_empty(&opt_out));
	assert_false(opt_out_has_name(&opt_out, "example.com"));
	assert_false(opt_out_has_address(&opt_out, &address));
	opt_out_fini(&opt_out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading),
		cmocka_unit_test(nul_bytes),
		cmocka_unit_test(honoured),
		cmocka_unit_test(refused),
		cmocka_unit_test(holding),
		cmocka_unit_test(empty),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
