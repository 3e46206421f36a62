/* What an input is, by its first bytes (RULES I6, I10, I16 to I18). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "scanner/input/input_kinds.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static const struct {
	const char		*text;
	enum input_format	 format;
} formats[] = {
	{ "", INPUT_LIST }, { "# x\n", INPUT_LIST },
	{ "a.example\n", INPUT_LIST }, { "1,a.example\n", INPUT_LIST },
	{ "1,\"a.example\"\n2,\"b.example\"\n", INPUT_CSV },
	{ "1,a.example,x\n2,b.example,y\n", INPUT_CSV },
	{ "Rank,Domain,Open Page Rank\n", INPUT_CSV },
	{ "Domain,Has an MX record\na.example,yes\n", INPUT_CSV },
	/* The type of a record is in front of the first comma or semicolon. */
	{ "a.example. TXT a,domain\n", INPUT_ZONE },
	{ "a NS b ; domain\n", INPUT_ZONE },
	{ "domain;a NS b\n", INPUT_CSV },
	{ "; comment\n", INPUT_ZONE }, { "$ORIGIN a.\n", INPUT_ZONE },
	{ "@ SOA a. b.\n", INPUT_ZONE }, { "a.\t9\tin\tns\tb.\n", INPUT_ZONE },
	{ "{\"policies\": {}}", INPUT_POLICY },
	{ "{\"author\": \"a\", \"policies\": {\"a.example\": {}}}",
	    INPUT_POLICY },
	{ "{\"domain\": \"a.example\"}\n", INPUT_JSON },
	{ "{\"x\": {\"policies\": 1}, \"name\": \"a.example\"}\n",
	    INPUT_JSON },
	{ "{\"x\": [\"domain\"], \"y\": \"\\\"domain\"}", INPUT_POLICY },
	/* Cut off inside a string. */
	{ "{\"domain", INPUT_POLICY }, { "{\"x\\", INPUT_POLICY },
	{ "[\"a.example\"]", INPUT_JSON }, { "[\n {", INPUT_JSON },
	{ "[]", INPUT_JSON }, { "[2001:db8::1]\n", INPUT_LIST },
	{ "[192.0.2.1]\n", INPUT_LIST }, { "\"a.example\"\n", INPUT_LIST },
};

static void
formats_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(formats); i++) {
		enum input_format format = input_tell(formats[i].text,
		    strlen(formats[i].text), true);

		if (format != formats[i].format)
			fail_msg("%s: %s", formats[i].text,
			    input_format_text(format));
	}
}

/* `command` makes it readable; NULL: it may be. */
static const struct {
	const char	*bytes;
	size_t		 length;
	const char	*command;
} others[] = {
#define RAW(literal) literal, sizeof literal - 1
	{ RAW("\3757zXZ\0\0"), "xz -dk" },
	{ RAW("\050\265\057\375"), "zstd -dk" },
	{ RAW("BZh91AY&SY"), "bzip2 -dk" }, { RAW("PK\3\4"), "unzip" },
	{ RAW("\37\213\10"), "gzip -dk" },
	{ RAW("\377\376a\0"), "iconv -f UTF-16 -t" },
	{ RAW("\376\377\0a"), "iconv -f UTF-16 -t" },
	{ RAW("\377\376\0\0a\0\0\0"), "iconv -f UTF-32 -t" },
	{ RAW("a\0.\0"), "iconv -f UTF-16LE -t" },
	{ RAW("\0a\0."), "iconv -f UTF-16BE -t" },
	{ RAW(""), NULL }, { RAW("\3757zX"), NULL },
	{ RAW("BZh9.example"), NULL },
	{ RAW("PK.example"), NULL }, { RAW("\357\273\277a"), NULL },
	{ RAW("a\0.example"), NULL }, { RAW("\0\0\0\0"), NULL },
};

/* In a tar file and in a list that has the same letters there. */
static void
tar_is_named(void **state)
{
	uint8_t bytes[512] = "a.example";

	(void)state;
	memcpy(bytes + 257, "ustar", 5);
	assert_non_null(strstr(input_refuse(bytes, sizeof bytes), "tar -xf"));
	assert_null(input_refuse(bytes, 261));
	bytes[256] = '\n';
	assert_null(input_refuse(bytes, sizeof bytes));
}

static void
others_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(others); i++) {
		const char *refusal = input_refuse(
		    (const uint8_t *)others[i].bytes, others[i].length);

		assert_int_equal(refusal != NULL, others[i].command != NULL);
		if (refusal != NULL)
			assert_non_null(strstr(refusal, others[i].command));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_are_told),
		cmocka_unit_test(others_are_named),
		cmocka_unit_test(tar_is_named),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
