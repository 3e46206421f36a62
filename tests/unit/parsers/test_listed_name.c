/* Entries of lists (RULES I14, I15): a domain has letters, digits, hyphens and
 * underscores, and does not end in a number (RFC 1123 2.1, RFC 5321 4.1.2).
 * Whatever else people write is told apart, and a name in it is found. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "parsers/listed_name.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static const struct {
	const char	*text, *name;
} names[] = {
	{ "a.example", "a.example" }, { "A.Example.", "a.example" },
	{ "_dmarc.a.example", "_dmarc.a.example" },
	{ "xn--bcher-kva.example", "xn--bcher-kva.example" },
	{ "b\303\274cher.example", "xn--bcher-kva.example" },
	{ "com", "com" }, { "4.example", "4.example" },
	{ "127.0.0.1.example", "127.0.0.1.example" },
	{ "a.4x", "a.4x" }, { "1and1.com", "1and1.com" },
	{ "a--b.example", "a--b.example" },
	/* The text form of a name that begins with a hyphen. */
	{ "\\045a.example", "\\045a.example" },
};

/* `name` is what is in it; NULL: nothing. `is_certain`: --lenient takes it. */
static const struct {
	const char	*text;
	enum reject	 reason;
	const char	*name;
	bool		 is_certain;
} others[] = {
	{ "https://a.example/", REJECT_URL, "a.example", true },
	{ "HTTP://A.example", REJECT_URL, "a.example", true },
	{ "https://a.example:8443/b?c=d@e#f", REJECT_URL, "a.example", true },
	{ "https://post:word@a.example/", REJECT_URL, "a.example", true },
	{ "https://b\303\274cher.example/", REJECT_URL,
	    "xn--bcher-kva.example", true },
	{ "//a.example/b", REJECT_URL, "a.example", true },
	{ "a.example/", REJECT_URL, "a.example", true },
	{ "a.example/b/c", REJECT_URL, "a.example", true },
	{ "https://a.example/ b", REJECT_URL, "a.example", false },
	{ "://a.example/", REJECT_URL, "a.example", false },
	{ "https://192.0.2.1/", REJECT_URL, NULL, false },
	{ "https://[2001:db8::1]/", REJECT_URL, NULL, false },
	{ "https://", REJECT_URL, NULL, false },
	{ "user@a.example", REJECT_MAILBOX, "a.example", true },
	{ "<user@a.example>", REJECT_MAILBOX, "a.example", true },
	{ "mailto:user@a.example?subject=b", REJECT_MAILBOX, "a.example",
	    true },
	{ "@a.example", REJECT_MAILBOX, "a.example", false },
	{ "user@b@a.example", REJECT_MAILBOX, NULL, false },
	{ "user@[192.0.2.1]", REJECT_MAILBOX, NULL, false },
	{ "*.a.example", REJECT_WILDCARD, "a.example", false },
	{ "*", REJECT_WILDCARD, NULL, false },
	{ "a*.example", REJECT_SYNTAX, NULL, false },
	{ "127.0.0.1", REJECT_ADDRESS, NULL, false },
	{ "127.0.0.1.", REJECT_ADDRESS, NULL, false },
	{ "127.1", REJECT_ADDRESS, NULL, false },
	{ "300.1.1.1", REJECT_ADDRESS, NULL, false },
	{ "127.0.0.1:25", REJECT_ADDRESS, NULL, false },
	{ "[127.0.0.1]", REJECT_ADDRESS, NULL, false },
	{ "192.0.2.0/24", REJECT_ADDRESS, NULL, false },
	{ "2001:db8::1", REJECT_ADDRESS, NULL, false },
	{ "2001:db8::/32", REJECT_ADDRESS, NULL, false },
	{ "fe80::1%eth0", REJECT_ADDRESS, NULL, false },
	{ "::ffff:192.0.2.1", REJECT_ADDRESS, NULL, false },
	{ "[2001:db8::1]", REJECT_ADDRESS, NULL, false },
	{ "[2001:db8::1]:25", REJECT_ADDRESS, NULL, false },
	{ "[IPv6:2001:db8::1]", REJECT_ADDRESS, NULL, false },
	/* No address, and no domain: the last label is a number. */
	{ "a.example.1", REJECT_SYNTAX, NULL, false },
	{ "12", REJECT_SYNTAX, NULL, false },
	{ "1.2.3.4.5", REJECT_SYNTAX, NULL, false },
	{ "[a.example]", REJECT_SYNTAX, NULL, false },
	{ "a.example,", REJECT_SYNTAX, "a.example", true },
	{ "a.example,,", REJECT_SYNTAX, "a.example", false },
	{ "\"a.example\"", REJECT_SYNTAX, "a.example", true },
	{ "'a.example'", REJECT_SYNTAX, "a.example", true },
	{ "\"a.example\",", REJECT_SYNTAX, "a.example", true },
	{ "\"a.example", REJECT_SYNTAX, NULL, false },
	{ "\"https://a.example/\",", REJECT_URL, "a.example", true },
	{ "\"user@a.example\"", REJECT_MAILBOX, "a.example", true },
	{ "\"127.0.0.1\"", REJECT_ADDRESS, NULL, false },
	{ "a.example;A-1;B-2", REJECT_SYNTAX, "a.example", false },
	{ "a.example,A-1", REJECT_SYNTAX, "a.example", false },
	{ "a.example:25", REJECT_SYNTAX, "a.example", false },
	{ "a!b.example", REJECT_SYNTAX, NULL, false },
	{ "a\\.b.example", REJECT_SYNTAX, NULL, false },
	{ ".", REJECT_SYNTAX, NULL, false },
	{ "", REJECT_SYNTAX, NULL, false },
	/* RULES I7, I8. */
	{ "a..b", REJECT_EMPTY_LABEL, NULL, false },
	{ "1..2", REJECT_EMPTY_LABEL, NULL, false },
	{ "a b", REJECT_CONTROL_BYTE, NULL, false },
	{ "\360\237\230\200.example", REJECT_IDNA, NULL, false },
	/* U+FF0F is a slash after UTS 46, and no byte of a host name. */
	{ "a\357\274\217b.example", REJECT_SYNTAX, NULL, false },
};

static void
must_have(const struct listed_name *listed, const char *text, const char *name)
{
	char found[NAME_TEXT_MAX] = "";

	if (listed->length > 0)
		name_to_text(listed->wire, found);
	if (strcmp(found, name != NULL ? name : "") != 0)
		fail_msg("%s: the name is '%s'", text, found);
}

static void
domains(void **state)
{
	struct listed_name listed;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		listed_name_read(names[i].text, strlen(names[i].text),
		    &listed);
		if (!listed.is_name)
			fail_msg("%s is no domain", names[i].text);
		must_have(&listed, names[i].text, names[i].name);
	}
}

static void
what_is_no_domain(void **state)
{
	struct listed_name listed;

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++) {
		const char *text = others[i].text;

		listed_name_read(text, strlen(text), &listed);
		if (listed.is_name || listed.reason != others[i].reason)
			fail_msg("%s is %s", text, listed.is_name ? "a domain"
			    : reject_texts.texts[listed.reason]);
		must_have(&listed, text, others[i].name);
		assert_int_equal(listed.has_name, others[i].name != NULL);
		if (listed.is_certain != others[i].is_certain)
			fail_msg("%s: certain is %d", text,
			    listed.is_certain);
	}
}

/* Only `length` bytes are read, and a NUL ends nothing. */
static void
bytes(void **state)
{
	struct listed_name listed;

	(void)state;
	listed_name_read("a.example,", 9, &listed);
	assert_true(listed.is_name);
	listed_name_read("a.example\0b", 11, &listed);
	assert_false(listed.is_name);
	assert_int_equal(listed.reason, REJECT_CONTROL_BYTE);
	listed_name_read("http://a.example\0b/", 19, &listed);
	assert_int_equal(listed.reason, REJECT_URL);
	assert_false(listed.has_name);
}

static void
explained(void **state)
{
	static const struct { const char *text, *why; } cases[] = {
		{ "https://a.example/", "a URL; did you mean a.example?" },
		{ "user@a.example", "a mailbox; did you mean a.example?" },
		{ "*.a.example", "a wildcard; did you mean a.example?" },
		{ "a.example,", "no domain name; did you mean a.example?" },
		{ "127.0.0.1", "an address, not a domain name" },
		{ "a!b.example", "no domain name" },
		{ "a..b", "not a domain name: a label is empty" },
	};
	char why[LISTED_NAME_WHY_MAX];
	struct listed_name listed;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		listed_name_read(cases[i].text, strlen(cases[i].text),
		    &listed);
		listed_name_explain(&listed, why);
		assert_string_equal(why, cases[i].why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domains),
		cmocka_unit_test(what_is_no_domain),
		cmocka_unit_test(bytes),
		cmocka_unit_test(explained),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
