/* The zone parser against RULES 8 (I1 to I4, I8): rows of text and what it
 * must say of them, each read in one piece and in pieces of 1, 2, 3 and 7
 * bytes; and 10,000 random zones beside libzscanner, a sample beside
 * ldns-read-zone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <malloc.h>
#include <stdlib.h>
#include <zlib.h>

#include "tests/unit/zone_oracle/compare.h"
#include "tests/unit/zone_oracle/generate.h"
#include "tests/unit/zone_oracle/rows.h"
#include "tests/unit/zone_oracle/tool.h"

/* "records errors", as the rows have them. */
static char *
read_text(const char *text, size_t length, size_t cut, const uint8_t *origin)
{
	struct events events = { .has_lines = true };
	char *said;

	events_read(&events, text, length, cut, origin);
	buffer_append(&events.records, events.errors.bytes,
	    events.errors.length);
	said = strdup(buffer_text(&events.records));
	events_fini(&events);
	return said;
}

/* The fast path takes a line only if bytes follow it; here a comment
 * follows. */
static const char padding[] = "; so that the last line is not the end\n";

static void
every_row_at_every_cut(void **state)
{
	static const size_t cuts[] = { 0, 1, 2, 3, 7 };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i / 2];
		char text[8192];
		size_t length = strlen(row->text);

		snprintf(text, sizeof text, "%s%s", row->text, padding);
		if (i % 2 == 1 && row->text[length - 1] == '\n' &&
		    strstr(row->expected, "unfinished") == NULL)
			length = strlen(text);
		for (size_t j = 0; j < sizeof cuts / sizeof cuts[0]; j++) {
			char *said = read_text(text, length, cuts[j], COM);

			if (strcmp(said, row->expected) != 0)
				fail_msg("%s, %s, cut %zu:\n%s", row->rule,
				    row->name, cuts[j], said);
			free(said);
		}
	}
}

/* I8 and RFC 1035 2.3.4: labels of 63 bytes, names of 255. */
static void
lengths(void **state)
{
	static const struct {
		unsigned label, labels, last;
		const char *origin, *error;
	} cases[] = {
		{ 63, 3, 61, "", NULL }, { 63, 3, 62, "", "name_too_long" },
		{ 63, 3, 57, "\3com", NULL },
		{ 63, 3, 58, "\3com", "name_too_long" },
		{ 63, 1, 63, "", NULL }, { 64, 1, 1, "", "label_too_long" },
		{ 1, 3, 64, "", "label_too_long" },
		{ 63, 4, 63, "", "name_too_long" },
		{ 63, 9, 63, "", "name_too_long" },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
		struct buffer text = { 0 };
		bool is_long = cases[i / 2].error != NULL;
		char *said;

		for (unsigned j = 0; j < cases[i / 2].labels; j++)
			buffer_printf(&text, "%0*d.",
			    (int)cases[i / 2].label, 0);
		buffer_printf(&text, "%0*d%s NS x.\n%s",
		    (int)cases[i / 2].last, 0,
		    cases[i / 2].origin[0] == '\0' ? "." : "", padding);
		said = read_text((char *)text.bytes, text.length, i % 2,
		    (const uint8_t *)cases[i / 2].origin);
		if (is_long ? strncmp(said, "! ", 2) != 0 ||
		    strstr(said, cases[i / 2].error) == NULL :
		    strstr(said, "NS 0 x") == NULL)
			fail_msg("case %zu: %s", i / 2, said);
		free(said);
		buffer_fini(&text);
	}
}

static void
no_origin(void **state)
{
	static const char text[] = "a NS b.\n@ NS b.\na. NS b\nc. NS d.\n"
	    "$ORIGIN e\n$ORIGIN f.\ng NS h\n";
	char *said = read_text(text, strlen(text), 0, NULL);

	(void)state;
	assert_string_equal(said, "4: c NS 0 d\n7: g.f NS 0 h.f\n"
	    "! no_origin 1:1\n! no_origin 2:1\n! no_origin 3:7\n"
	    "! no_origin 5:9\n");
	free(said);
}

/* `before` bytes of an entry, then a line that must be read. */
static void
check_large(size_t comment, size_t cut, const char *expected)
{
	struct buffer text = { 0 };
	char *said;

	buffer_append_text(&text, "a NS b\n NS ( c ;");
	memset(buffer_reserve(&text, comment), 'x', comment);
	text.length += comment;
	buffer_append_text(&text, "\n )\n NS d\ne NS f\n");
	said = read_text((char *)text.bytes, text.length, cut, COM);
	assert_string_equal(said, expected);
	free(said);
	buffer_fini(&text);
}

static void
write_data(void *tag, const struct zone_data *found)
{
	struct buffer *said = tag;
	char owner[NAME_TEXT_MAX], origin[NAME_TEXT_MAX] = "-";

	name_to_text(found->owner, owner);
	if (found->origin != NULL)
		name_to_text(found->origin, origin);
	buffer_printf(said, "%s/%s %u %u <%.*s>\n", owner, origin, found->ttl,
	    found->type, found->text != NULL ? (int)found->length : 4,
	    found->text != NULL ? found->text : "none");
}

static void
drop_record(void *tag, const struct zone_record *record)
{
	(void)tag;
	(void)record;
}

static void
drop_error(void *tag, enum zone_error error, uint64_t line, unsigned column,
    const char *text, size_t length)
{
	(void)tag;
	(void)error;
	(void)line;
	(void)column;
	(void)text;
	(void)length;
}

/* on_data: all records of class IN, whatever their type. */
static void
data(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "a 5 IN NS b\n", "a.com/com 5 2 <b>\n" },
		{ "a 5 IN NS b \r\n", "a.com/com 5 2 <b>\n" },
		{ "a 5 NSEC b.com. A RRSIG\n",
		    "a.com/com 5 47 <b.com. A RRSIG>\n" },
		{ "$ORIGIN org.\n$TTL 9\na MX 10 b\n",
		    "a.org/org 9 15 <10 b>\n" },
		{ "a 5 TXT \"x;y\" z ; w\n",
		    "a.com/com 5 16 <\"x;y\" z>\n" },
		{ "a 5 TXT \"\" \"(\" \"\\\"\"\n",
		    "a.com/com 5 16 <\"\" \"(\" \"\\\"\">\n" },
		{ "a 5 TXT \"x\ny\"\n", "a.com/com 5 16 <none>\n" },
		{ "a 5 ( MX ; x\n 10\n b )\n", "a.com/com 5 15 <10 b>\n" },
		{ "a 5 IN TYPE65280 \\# 1 00\n",
		    "a.com/com 5 65280 <\\# 1 00>\n" },
		{ "$GENERATE 1-2 a$ 5 PTR b$\n", "a1.com/com 5 12 <b1>\n"
		    "a2.com/com 5 12 <b2>\n" },
		{ "a 5 CH TXT x\n", "" },
		{ "a 5 IN A 192.0.2\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
		struct buffer said = { 0 }, text = { 0 };
		const struct zone_handler handler = {
			.tag = &said, .on_record = drop_record,
			.on_error = drop_error, .on_data = write_data,
		};
		struct zone_parser *parser = zone_parser_new(&handler, COM);
		size_t cut;

		buffer_append_text(&text, cases[i / 2].text);
		buffer_append_text(&text, padding);
		cut = i % 2 == 0 ? text.length : 1;
		for (size_t at = 0; at < text.length; at += cut)
			zone_push(parser, (char *)text.bytes + at, cut);
		zone_finish(parser);
		zone_parser_free(parser);
		assert_string_equal(buffer_text(&said), cases[i / 2].expected);
		buffer_fini(&said);
		buffer_fini(&text);
	}
}

/* The entry before the limit is " NS ( c ;" and "\n )", 12 bytes. */
static void
large_entries(void **state)
{
	static const size_t cuts[] = { 0, 1000, 65536, 262143 };
	static const char good[] = "1: a.com NS 0 b.com\n2: a.com NS 0 c.com\n"
	    "4: a.com NS 0 d.com\n5: e.com NS 0 f.com\n";

	(void)state;
	for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
		check_large(ZONE_ENTRY_MAX - 12, cuts[i], good);
		/* The limit falls on the line end after " )", and nobody owns
		 * the line behind it. */
		check_large(ZONE_ENTRY_MAX - 11, cuts[i],
		    "1: a.com NS 0 b.com\n5: e.com NS 0 f.com\n"
		    "! too_large 2:1\n! syntax 4:2\n");
		check_large(ZONE_ENTRY_MAX * 3, cuts[i],
		    "1: a.com NS 0 b.com\n5: e.com NS 0 f.com\n"
		    "! too_large 2:1\n! syntax 3:2\n! syntax 4:2\n");
	}
}

static void
large_plain_line(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct buffer text = { 0 };
		size_t length = ZONE_ENTRY_MAX - 2 + more;
		char *said;

		buffer_append_text(&text, "a ");
		memset(buffer_reserve(&text, length), ' ', length);
		text.length += length;
		memcpy(text.bytes + text.length - 4, "NS b", 4);
		buffer_printf(&text, "\nc NS d\n%s", padding);
		for (size_t cut = 0; cut <= 100000; cut += 50000) {
			said = read_text((char *)text.bytes, text.length, cut,
			    COM);
			assert_string_equal(said, more == 0 ?
			    "1: a.com NS 0 b.com\n2: c.com NS 0 d.com\n" :
			    "2: c.com NS 0 d.com\n! too_large 1:1\n");
			free(said);
		}
		buffer_fini(&text);
	}
}

/* RDATA, paths and generated entries beyond what is kept. */
static void
long_rdata(void **state)
{
	static const struct {
		const char *head;
		unsigned bytes;
		const char *tail, *expected;
	} cases[] = {
		{ "a DS 1 8 2 ", 100, "", "1: a.com DS 0 1 8 2 000000" },
		{ "a DS \\# 600 ", 600, "", "1: a.com DS 0 0 0 0 000000" },
		{ "a DS \\# 100 ", 100, "", "1: a.com DS 0 0 0 0 000000" },
		{ "a RRSIG DS 13 2 60 0 0 1 com. ", 1000, "",
		    "1: a.com RRSIG 0 002b0d02" },
		{ "a RRSIG \\# 1022 002b0d020000003c00000000000000000001"
		    "03636f6d00", 999, "", "1: a.com RRSIG 0 002b0d02" },
		{ "a NS \\# 256 ", 256, "", "! syntax 1:6\n" },
		{ "a NS \\# 600 ", 600, "", "! syntax 1:6\n" },
		{ "$INCLUDE ", 3000, "", "! syntax 1:10\n" },
		{ "$GENERATE 1-1 a TXT ", 9000, "", "! syntax 1:11\n" },
		{ "$GENERATE 1-1 a TXT ", 8189, "$", "! syntax 1:11\n" },
		{ "$GENERATE 1-1 a TXT ", 8189, "$$", "! syntax 1:11\n" },
		{ "$GENERATE 1-1 a TXT ", 8189, "\\.", "! syntax 1:11\n" },
		{ "$GENERATE 1-1 ", 9000, " TXT a", "! syntax 1:11\n" },
		{ "$GENERATE 1-1 ", 8190, " IN NS a", "! syntax 1:11\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buffer text = { 0 };
		char *said;

		buffer_printf(&text, "%s%0*d%s\n%s", cases[i].head,
		    (int)cases[i].bytes * 2, 0, cases[i].tail, padding);
		said = read_text((char *)text.bytes, text.length, i % 2, COM);
		if (strncmp(said, cases[i].expected,
		    strlen(cases[i].expected)) != 0)
			fail_msg("case %zu: %s", i, said);
		free(said);
		buffer_fini(&text);
	}
}

static void
nul_bytes(void **state)
{
	static const char text[] = "a\0b NS c\na NS b\0\na NS\0 b\n"
	    "$INCLUDE a\0b\na AAAA :\0:\n$GENERATE 1-1 ${0,1,\0} NS b\n"
	    "a TXT \0\nb NS c\n";
	char *said = read_text(text, sizeof text - 1, 0, COM);

	(void)state;
	assert_string_equal(said, "8: b.com NS 0 c.com\n"
	    "! control_byte 1:1\n! control_byte 2:6\n! syntax 3:3\n"
	    "! syntax 4:10\n! syntax 5:8\n! syntax 6:11\n");
	free(said);
}

/* I2: a file that includes itself, `depth` deep; "no" is refused. */
static bool
include_self(void *tag, const char *path, size_t length)
{
	struct events *events = tag;
	static const char file[] = "$TTL 9\ni NS x\n$ORIGIN deep\n"
	    "$INCLUDE self\n NS y\nu NS (";

	assert_int_equal(strlen(path), length);
	if (strcmp(path, "no") == 0)
		return false;
	for (size_t i = 0; i < strlen(file); i += 5)
		zone_push(events->parser, file + i,
		    strlen(file) - i < 5 ? strlen(file) - i : 5);
	return true;
}

static void
includes(void **state)
{
	static const char text[] = "a 1 NS b\n$INCLUDE \"s\\elf\" net.\n NS c\n"
	    "$INCLUDE no\nd NS e\n";
	struct events events = { .has_lines = true };
	const struct zone_handler handler = { .tag = &events,
	    .on_record = events_record, .on_error = events_error,
	    .on_include = include_self };

	(void)state;
	for (size_t cut = 1; cut < sizeof text; cut++) {
		const char *said;

		events.parser = zone_parser_new(&handler, COM);
		for (size_t at = 0; at < sizeof text - 1; at += cut)
			zone_push(events.parser, text + at,
			    sizeof text - 1 - at < cut ?
			    sizeof text - 1 - at : cut);
		zone_finish(events.parser);
		assert_int_equal(zone_entries(events.parser), 3 + 2 * 8);
		zone_parser_free(events.parser);
		said = buffer_text(&events.records);
		assert_non_null(strstr(said, "1: a.com NS 1 b.com\n"
		    "2: i.net NS 9 x.net\n2: i.deep.net NS 9 x.deep.net\n"));
		assert_non_null(strstr(said, "5: i.net NS 9 y.deep.net\n"
		    "3: a.com NS 1 c.com\n5: d.com NS 1 e.com\n"));
		said = buffer_text(&events.errors);
		assert_non_null(strstr(said, "! include_refused 4:10\n"
		    "! unfinished 6:1\n"));
		said = strstr(said + 40, "! include_refused");
		assert_string_equal(said, "! include_refused 4:10\n");
		events.records.length = events.errors.length = 0;
	}
	events_fini(&events);
}

static void
count_record(void *tag, const struct zone_record *record)
{
	(void)record;
	(*(unsigned *)tag)++;
}

static void
count_error(void *tag, enum zone_error error, uint64_t line, unsigned column,
    const char *text, size_t length)
{
	(void)tag;
	(void)error;
	(void)line;
	(void)column;
	(void)text;
	(void)length;
}

/* I3: 65,536 names are allowed. And the facts, and memory: nothing is
 * allocated between new and free, whatever is pushed. */
static void
facts_and_memory(void **state)
{
	static const char text[] = "$ORIGIN net.\nx CH SOA y z 1 2 3 4 5\n"
	    "@ SOA a b 1 2 3 4 5\nb SOA a b 1 2 3 4 5\nx MX 1 y\nx..y NS z\n"
	    "$GENERATE 0-65535 n$ NS m\n";
	unsigned count = 0;
	const struct zone_handler handler = { .tag = &count,
	    .on_record = count_record, .on_error = count_error };
	struct zone_parser *parser = zone_parser_new(&handler, NULL);
	struct mallinfo2 before = mallinfo2(), after;

	(void)state;
	assert_null(zone_apex(parser));
	for (unsigned i = 0; i < 10; i++)
		zone_push(parser, text, strlen(text));
	zone_push(parser, NULL, 0);
	zone_finish(parser);
	after = mallinfo2();
	assert_true(after.uordblks == before.uordblks);
	assert_int_equal(count, 10 * (65536 + 2));
	assert_int_equal(zone_entries(parser), 10 * (65536 + 4));
	assert_int_equal(zone_soa_count(parser), 20);
	assert_string_equal((const char *)zone_apex(parser), "\3net");
	zone_parser_free(parser);
	zone_parser_free(NULL);
	assert_string_equal(zone_error_text(ZONE_UNFINISHED), "unfinished");
}

/* The root zone of 2018-03-12: 1,544 delegations, 1,399 with DS. */
struct root_count {
	unsigned delegations, with_ds;
	char owner[256], ds_owner[256];
};

static void
count_root(void *tag, const struct zone_record *record)
{
	struct root_count *count = tag;
	const char *owner = (const char *)record->owner;

	if (record->owner_length == 1)
		return;
	if (record->type == TYPE_NS && strcmp(count->owner, owner) != 0) {
		strcpy(count->owner, owner);
		count->delegations++;
	}
	if (record->type == TYPE_DS && strcmp(count->ds_owner, owner) != 0) {
		strcpy(count->ds_owner, owner);
		count->with_ds++;
	}
}

static void
root_zone(void **state)
{
	struct root_count count = { .owner = "" };
	const struct zone_handler handler = { .tag = &count,
	    .on_record = count_root, .on_error = events_error };
	struct zone_parser *parser = zone_parser_new(&handler, NULL);
	gzFile file = gzopen("datasets/samples/root-2018-03-12.zone.gz", "rb");
	char chunk[10007];
	int length;

	(void)state;
	assert_non_null(file);
	while ((length = gzread(file, chunk, sizeof chunk)) > 0)
		zone_push(parser, chunk, (size_t)length);
	zone_finish(parser);
	assert_int_equal(gzclose(file), Z_OK);
	assert_int_equal(count.delegations, 1544);
	assert_int_equal(count.with_ds, 1399);
	assert_int_equal(zone_entries(parser), 19598);
	assert_int_equal(zone_soa_count(parser), 2);
	assert_string_equal((const char *)zone_apex(parser), "");
	zone_parser_free(parser);
}

static void
known_differences(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof differences / sizeof differences[0];
	    i++) {
		struct events ours = { 0 };
		struct reference theirs = { 0 };
		size_t length = strlen(differences[i].text);

		events_read(&ours, differences[i].text, length, 0, COM);
		assert_true(reference_read(&theirs, differences[i].text,
		    length, "com."));
		if (strcmp(buffer_text(&ours.records),
		    differences[i].ours) != 0 ||
		    strcmp(buffer_text(&theirs.events.records),
		    differences[i].theirs) != 0)
			fail_msg("%s: %s: ours\n%stheirs\n%s",
			    differences[i].name, differences[i].section,
			    buffer_text(&ours.records),
			    buffer_text(&theirs.events.records));
		events_fini(&ours);
		events_fini(&theirs.events);
	}
}

/* 5,000 clean zones must agree to the last record, 5,000 mutated ones as far
 * as compare.h says. */
static void
random_zones(void **state)
{
	unsigned count[DIFFERENT + 1] = { 0 };
	struct buffer zone = { 0 };

	(void)state;
	for (unsigned i = 0, left = 10000; left > 0; i++) {
		struct dice dice = { i };
		enum agreement agreement;

		make_zone(&dice, &zone, false, left > 5000);
		if (left <= 5000) {
			mutate(&dice, &zone);
			if (has_known_difference(&zone))
				continue;
		}
		left--;
		agreement = compare((char *)zone.bytes, zone.length, COM,
		    "com.");
		if (agreement == DIFFERENT || (left >= 5000 &&
		    agreement != SAME))
			fail_msg("seed %u:\n%s", i, buffer_text(&zone));
		count[agreement]++;
	}
	buffer_fini(&zone);
	print_message("# 10000 zones beside libzscanner: %u the same, %u until "
	    "a fault in parentheses, %u until a literal over lines\n",
	    count[SAME], count[SAME_UNTIL_RECOVERY],
	    count[SAME_UNTIL_LITERAL]);
}

/* 200 plain zones; ldns refuses some that hold what it does not know. */
static void
ldns_read_zone(void **state)
{
	struct buffer zone = { 0 };
	unsigned taken = 0;

	(void)state;
	if (!has_program("ldns-read-zone"))
		skip();
	for (unsigned i = 0; i < 200; i++) {
		struct dice dice = { i };

		make_zone(&dice, &zone, true, true);
		taken += check_tool("ldns-read-zone", (char *)zone.bytes,
		    zone.length);
	}
	buffer_fini(&zone);
	print_message("# 200 zones for ldns-read-zone: %u taken and the same, "
	    "%u refused by it\n", taken, 200 - taken);
	assert_true(taken >= 100);
}

/* I3 as BIND itself expands it. */
static void
named_compilezone(void **state)
{
	static const char text[] = "$ORIGIN com.\n$TTL 1h\n"
	    "@ 900 IN SOA a.nic b.nic 7 1h 2 3 4\n@ NS ns.x.\n"
	    "$GENERATE 1-3 a$ NS ns${0,3,x}.b.\n"
	    "$GENERATE 26-27 a${0,7,n} 60 IN A 10.0.0.${-1}\n"
	    "$GENERATE 0-9/4 ${1,2}.${0,3,o}.${9,4,X}.$$ NS x\n"
	    "$GENERATE 250-260/5 ${0,1,N}.n AAAA 2001:db8::${0,0,x}\n"
	    "$GENERATE 1-2 e\\$$ NS b\\$$\n"
	    "a.b NS c\n\tNS ( d ; e\n )\n";

	(void)state;
	if (!has_program("named-compilezone"))
		skip();
	assert_true(check_tool("named-compilezone -q -i none -k ignore "
	    "-n ignore -o - com", text, sizeof text - 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_at_every_cut),
		cmocka_unit_test(lengths),
		cmocka_unit_test(no_origin),
		cmocka_unit_test(data),
		cmocka_unit_test(large_entries),
		cmocka_unit_test(large_plain_line),
		cmocka_unit_test(long_rdata),
		cmocka_unit_test(nul_bytes),
		cmocka_unit_test(includes),
		cmocka_unit_test(facts_and_memory),
		cmocka_unit_test(root_zone),
		cmocka_unit_test(known_differences),
		cmocka_unit_test(random_zones),
		cmocka_unit_test(ldns_read_zone),
		cmocka_unit_test(named_compilezone),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
