/* What files of root hints and trust anchors must hold (RULES DS10). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "parsers/root_files.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define NO_SERVER "no NS record of the root"
#define NO_ADDRESS "no A or AAAA record of a name server of the root"
#define NO_ANCHOR "no DS or DNSKEY record of the root"
#define DIGEST "E06D44B80B8F1D39A95C0B0D7C65D084" \
	"58E880409BBC683457104237C7F8EC8D"

struct row {
	const char	*text, *lack;
};

static const struct row hints[] = {
	{ ". 3600000 NS a.root.\na.root. 3600000 A 192.0.2.1\n", NULL },
	{ ". NS a.root.\na.root. AAAA 2001:db8::1\n", NULL },
	{ "a.root. A 192.0.2.1\n. NS a.root.\n", NULL },
	{ ". NS A.Root.\na.root. A 192.0.2.1\n", NULL },
	{ "@ NS a.root\na.root A 192.0.2.1\n", NULL },
	{ "", NO_SERVER }, { "; comment\n", NO_SERVER },
	{ "example. NS a.root.\na.root. A 192.0.2.1\n", NO_SERVER },
	{ ". A 192.0.2.1\n", NO_SERVER }, { "192.0.2.1\n", NO_SERVER },
	{ ". NS a.root.\n", NO_ADDRESS },
	{ ". NS a.root.\nb.root. A 192.0.2.1\n", NO_ADDRESS },
	{ ". NS a.root.\na.root. A 192.0.2\n", NO_ADDRESS },
};

static const struct row anchors[] = {
	{ ". IN DS 20326 8 2 " DIGEST "\n", NULL },
	{ ". 172800 IN DS 20326 8 2 " DIGEST, NULL },
	{ ".\tIN\tDNSKEY\t257 3 8 AwEAAaz/tAm8 ; comment\n", NULL },
	{ "; comment\n\n. in ds 20326 8 2 " DIGEST "\r\n", NULL },
	{ "a. DS 1 8 2 " DIGEST "\n. DS 20326 8 2 " DIGEST "\n", NULL },
	/* The key continues in the next line. */
	{ ". IN DNSKEY 257 3 8 (\n AwEAAaz/tAm8 )\n", NULL },
	{ "", NO_ANCHOR },
	{ "; . IN DS 20326 8 2 " DIGEST "\n", NO_ANCHOR },
	{ "a. IN DS 20326 8 2 " DIGEST "\n", NO_ANCHOR },
	{ ". IN DS 20326 8 2\n", NO_ANCHOR },
	{ ". IN NS a.root. b c d e\n", NO_ANCHOR },
	{ "example.com\n", NO_ANCHOR },
	{ "<TrustAnchor><Zone>.</Zone><KeyTag>20326</KeyTag>\n", NO_ANCHOR },
};

static void
must_lack(const char *(*read)(const char *, size_t), const struct row *row)
{
	const char *lack = read(row->text, strlen(row->text));

	if (strcmp(lack != NULL ? lack : "", row->lack != NULL ? row->lack
	    : "") != 0)
		fail_msg("%s: %s", row->text, lack != NULL ? lack : "good");
}

static void
root_hints(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hints); i++)
		must_lack(root_hints_lack, &hints[i]);
}

static void
trust_anchors(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(anchors); i++)
		must_lack(trust_anchors_lack, &anchors[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root_hints),
		cmocka_unit_test(trust_anchors),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
