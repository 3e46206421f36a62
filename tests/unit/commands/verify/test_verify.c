/* verify on a small run made by hand: whole, and with one change at a time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/buffer.h"
#include "scanner/commands/verify.h"
#include "scanner/crypto/digest.h"
#include "scanner/out/gzip.h"
#include "scanner/out/table.h"
#include "scanner/out/table_reader.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])
#define FILES_MAX 16
#define T "2026-11-24T03:00:00.000Z"
#define A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B32 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C32 "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

#define DOMAIN(name, status) RECORDED(name, status, "absent,absent")
#define RECORDED(name, status, records) name ",0,,com,,,,,recursive,," status \
	",secure,,,,,1,0," records ",,,5,1," T ",\n"
#define POLICY(name) name ",,multiple,valid,,,,,,,,,,,,," T ",\n"
#define HOST(name) name ",,usable,,,found,secure,nodata,secure,2,0,,usable" \
	",,,,,,,,,,,,,,,recursive,,1," T ",\n"
#define PROBE(address, profile, chain) address ",25,mx.a.com," profile \
	",1,tls_established,done,,,,,,,,,,," chain ",,,,,,,,," T ",\n"
#define RESULT(host, address, profile, basis, reason) host "," address \
	",mx.a.com,1," profile ",mx.a.com," basis "," reason \
	",tls,,usable,,,match,match,,,,," T ",\n"

#define THRICE(value) value "," value "," value
#define OUTCOMES(name, value) name "," THRICE(value) "," THRICE(value) "," \
	THRICE(value) "," THRICE(value) "," THRICE(value) "," THRICE(value) \
	",0,0,,\n"

static const char outcomes_part[] = "outcomes/part-000000.csv.gz";
static const char mx_part[] = "mx/part-000000.csv.gz";
static const char policies_part[] = "policies/part-000000.csv.gz";
static const char run_file[] = "run.json";

/* Domain a.com has the MX host mx.a.com and a TLSRPT record, b.com an implicit MX. One address of
 * mx.a.com was probed, another is special. */
static const struct world_file {
	const char	*path;
	const char	*text;		/* rows, or the file itself */
} world[] = {
	{ "domains/part-000000.csv.gz",
	    RECORDED("a.com", "mx", "multiple,found")
	    DOMAIN("b.com", "implicit") },
	{ mx_part, "a.com,10,1,mx.a.com,\nb.com,0,1,b.com,implicit\n" },
	{ "hosts/part-000000.csv.gz", HOST("mx.a.com") },
	{ "addresses/part-000000.csv.gz", "mx.a.com,10.0.0.1,4,special\n"
	    "mx.a.com,192.0.2.1,4,public\n" },
	{ "tlsa/part-000000.csv.gz",
	    "mx.a.com,1,mx.a.com,0,3,1,1,00,0,length\n" },
	{ "tlsa/part-000001.csv.gz",
	    "mx.a.com,2,mx.a.com,0,3,1,1,00,0,length\n" },
	{ "probes/part-000001.csv.gz", PROBE("192.0.2.1", "modern", C32) },
	{ "host_results/part-000001.csv.gz",
	    RESULT("mx.a.com", "192.0.2.1", "modern", "own", "") },
	{ "chains/part-000000.csv.gz", C32 ",0," A32 "\n" C32 ",1," B32 "\n" },
	{ "certificates/part-000000.csv.gz", A32 ",,,,,,,,,,,0,0,0,0,,Zg==\n"
	    B32 ",,,,,,,,,,,1,1,0,0,,Zm8=\n" },
	{ outcomes_part, OUTCOMES("a.com", "encrypted")
	    OUTCOMES("b.com", "not_probed") },
	{ policies_part, POLICY("a.com") },
	{ "rejects/part-000000.csv.gz", "0,3,syntax,a b\n" },
	{ run_file, "{\"format\": 2, \"state\": \"sealed\", \"options\": {\"probing\": true, "
	    "\"probe-implicit\": \"no\"}, \"inputs\": {\"records\": 5, "
	    "\"duplicates\": 1, \"rejected\": 1, \"opted_out\": 1}}\n" },
};

enum when {
	REPLACE,	/* `from` by `to`, before the seal */
	REMOVE,		/* the file, before the seal */
	ADD,		/* a part, or another file, before the seal */
	ADD_LATE,	/* behind it */
	REPLACE_LATE,	/* the file by `to` as it is */
	REMOVE_LATE,
};

struct change {
	enum when	 when;
	const char	*path, *from, *to;
	const char	*lines;		/* what verify says, run path apart */
};

/* Making a run ************************************************************ */

static char folder[64];

static void
path_in(char path[256], const char *name)
{
	snprintf(path, 256, "%s/%s", folder, name);
}

static void
write_raw(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	path_in(path, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

/* Rows as text, through reader and writer. */
static void
write_part(enum table_id id, const char *name, const char *rows)
{
	const struct table_schema *schema = &table_schemas[id];
	struct table *table = table_new(id);
	FILE *plain = tmpfile(), *part;
	struct table_reader *row;
	struct gzip_writer *gzip;
	char path[256];
	int result;

	gzip = gzip_writer_new(fileno(plain), 1);
	for (unsigned i = 0; i < schema->column_count; i++) {
		assert_true(i == 0 || gzip_write(gzip, ",", 1));
		assert_true(gzip_write(gzip, schema->columns[i].name,
		    strlen(schema->columns[i].name)));
	}
	assert_true(gzip_write(gzip, "\n", 1) &&
	    gzip_write(gzip, rows, strlen(rows)) && gzip_finish(gzip));
	row = table_reader_open(id, fileno(plain));
	while ((result = table_reader_next(row)) == 1)
		table_copy_row(table, row);
	if (result != 0)
		fail_msg("%s: %s", name, table_reader_why(row));
	table_reader_close(row);
	fclose(plain);
	path_in(path, name);
	part = fopen(path, "w");
	assert_non_null(part);
	assert_true(table_write(table, fileno(part), 6, false));
	fclose(part);
	table_free(table);
}

static void
write_file(const char *name, const char *text)
{
	char path[256];
	size_t length = strcspn(name, "/");

	path_in(path, name);
	path[strlen(folder) + 1 + length] = '\0';
	if (name[length] == '/')
		assert_true(mkdir(path, 0777) == 0 || errno == EEXIST);
	for (int i = 0; i < TABLE_COUNT; i++)
		if (strlen(table_schemas[i].name) == length &&
		    strncmp(name, table_schemas[i].name, length) == 0) {
			write_part((enum table_id)i, name, text);
			return;
		}
	write_raw(name, text);
}

static FILE *sums;

static int
add_sum(const char *path, const struct stat *status, int kind,
    struct FTW *place)
{
	uint8_t sha256[SHA256_BYTES];
	char hex[SHA256_HEX];
	FILE *file;

	(void)status;
	if (kind != FTW_F || path[place->base] == '.' ||
	    strcmp(path + place->base, "SHA256SUMS") == 0)
		return 0;
	file = fopen(path, "r");
	assert_non_null(file);
	assert_true(digest_of_descriptor(fileno(file), sha256));
	fclose(file);
	digest_to_hex(sha256, hex);
	fprintf(sums, "%s  %s\n", hex, path + strlen(folder) + 1);
	return 0;
}

static void
write_sums(void)
{
	char path[256];

	path_in(path, "SHA256SUMS");
	sums = fopen(path, "w");
	assert_non_null(sums);
	assert_int_equal(nftw(folder, add_sum, 8, FTW_PHYS), 0);
	assert_int_equal(fclose(sums), 0);
}

static int
remove_one(const char *path, const struct stat *status, int kind,
    struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

static void
remove_run(void)
{
	assert_int_equal(nftw(folder, remove_one, 8, FTW_PHYS | FTW_DEPTH), 0);
}

static void
replace(char text[4096], const char *from, const char *to)
{
	char *at = strstr(text, from);
	size_t left;

	if (at == NULL)
		fail_msg("no '%s' in the file", from);
	left = strlen(at + strlen(from));
	memmove(at + strlen(to), at + strlen(from), left + 1);
	memcpy(at, to, strlen(to));
}

static void
remove_file(const char *name)
{
	char path[256];

	path_in(path, name);
	assert_int_equal(unlink(path), 0);
}

static void
make_run(const struct change *changes, size_t count)
{
	snprintf(folder, sizeof folder, "/tmp/mxcensus-verify-XXXXXX");
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < ROWS_OF(world); i++) {
		char text[4096];

		snprintf(text, sizeof text, "%s", world[i].text);
		for (size_t c = 0; c < count; c++)
			if (changes[c].when == REPLACE &&
			    strcmp(changes[c].path, world[i].path) == 0)
				replace(text, changes[c].from, changes[c].to);
		write_file(world[i].path, text);
	}
	for (size_t c = 0; c < count; c++) {
		if (changes[c].when == REMOVE)
			remove_file(changes[c].path);
		else if (changes[c].when == ADD)
			write_file(changes[c].path, changes[c].to);
	}
	write_sums();
	for (size_t c = 0; c < count; c++) {
		if (changes[c].when == REMOVE_LATE)
			remove_file(changes[c].path);
		else if (changes[c].when == ADD_LATE)
			write_file(changes[c].path, changes[c].to);
		else if (changes[c].when == REPLACE_LATE)
			write_raw(changes[c].path, changes[c].to);
	}
}

/* Runs verify. Returns the status, and the output before its last line. */
static int
said(char **text)
{
	size_t length;
	FILE *out = open_memstream(text, &length);
	int status;
	char *last;

	assert_non_null(out);
	status = verify_run(folder, out);
	assert_int_equal(fclose(out), 0);
	last = strstr(*text, folder);
	/* There is no run at all. */
	if ((*text)[0] == '\0')
		return status;
	assert_non_null(last);
	assert_true(last == *text || last[-1] == '\n');
	assert_string_equal(strchr(last, '\n'), "\n");
	*last = '\0';
	return status;
}

static void
assert_verify(const struct change *changes, size_t count, int status,
    const char *lines)
{
	char *text;

	make_run(changes, count);
	assert_int_equal(said(&text), status);
	assert_string_equal(text, lines);
	free(text);
	remove_run();
}

static void
assert_each(const struct change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_verify(&changes[i], 1, changes[i].lines[0] == '\0' ? 0
		    : 65, changes[i].lines);
}

/* ************************************************************************* */

static void
whole(void **state)
{
	(void)state;
	assert_verify(NULL, 0, 0, "");
}

static void
foreign_keys(void **state)
{
	static const struct change rows[] = {
		{ ADD, "policies/part-000001.csv.gz", NULL, POLICY("c.com"),
		    "policies: c.com: c.com is not in domains\n" },
		{ REPLACE, mx_part, "b.com,0", "c.com,0",
		    "mx: c.com b.com: c.com is not in domains\n" },
		{ REPLACE, mx_part, "mx.a.com", "mx.b.com",
		    "mx: a.com mx.b.com: mx.b.com is not in hosts\n" },
		/* An implicit MX is a host only with --probe-implicit. */
		{ REPLACE, run_file, "implicit\": \"no", "implicit\": \"yes",
		    "mx: b.com b.com: b.com is not in hosts\n" },
		{ REPLACE, mx_part, "implicit", "mx_cname",
		    "mx: b.com b.com: b.com is not in hosts\n" },
		{ REPLACE, "addresses/part-000000.csv.gz", "mx.a.com,10",
		    "mx.b.com,10", "addresses: mx.b.com 10.0.0.1: mx.b.com is "
		    "not in hosts\n" },
		{ REPLACE, "tlsa/part-000000.csv.gz", "mx.a.com,1",
		    "mx.b.com,1",
		    "tlsa: mx.b.com 1 0: mx.b.com is not in hosts\n" },
		{ REPLACE, "tlsa/part-000001.csv.gz", "mx.a.com,2",
		    "mx.b.com,2",
		    "tlsa: mx.b.com 2 0: mx.b.com is not in hosts\n" },
		{ REPLACE, "probes/part-000001.csv.gz", C32, A32,
		    "probes: 192.0.2.1 mx.a.com modern 1: " A32
		    " is not in chains\n" },
		/* Without a chain there is nothing to look up. */
		{ REPLACE, "probes/part-000001.csv.gz", C32, "", "" },
		{ REPLACE, "chains/part-000000.csv.gz", B32, C32,
		    "chains: " C32 " 1: " C32 " is not in certificates\n" },
		{ REPLACE, "host_results/part-000001.csv.gz", "192.0.2.1",
		    "192.0.2.2", "host_results: mx.a.com 192.0.2.2 mx.a.com 1: "
		    "mx.a.com 192.0.2.2 is not in addresses\n"
		    "host_results: mx.a.com 192.0.2.2 mx.a.com 1: its session "
		    "is not in probes\n"
		    "addresses: mx.a.com 192.0.2.1: has no row in "
		    "host_results\n" },
	};

	(void)state;
	assert_each(rows, ROWS_OF(rows));
}

static void
sessions(void **state)
{
	static const char results[] = "host_results/part-000001.csv.gz";
	static const struct change rows[] = {
		{ REPLACE, results, ",own,", ",shared,", "" },
		{ REPLACE, results, ",own,", ",none,",
		    "host_results: mx.a.com 192.0.2.1 mx.a.com 1: has "
		    "neither a session nor a reason\n" },
		{ REPLACE, results, "modern,mx.a.com,own,", ",,none,paced_out",
		    "" },
		{ REPLACE, results, "mx.a.com,own,", "mx.b.com,shared,",
		    "host_results: mx.a.com 192.0.2.1 mx.a.com 1: its session "
		    "is not in probes\n" },
		{ REPLACE, results, "modern", "legacy",
		    "host_results: mx.a.com 192.0.2.1 mx.a.com 1: its session "
		    "is not in probes\n" },
		{ REPLACE, results, ",1,modern", ",2,modern",
		    "host_results: mx.a.com 192.0.2.1 mx.a.com 2: its session "
		    "is not in probes\n" },
		{ REPLACE, "addresses/part-000000.csv.gz", "special", "public",
		    "addresses: mx.a.com 10.0.0.1: has no row in "
		    "host_results\n" },
		{ REPLACE, "addresses/part-000000.csv.gz", "special",
		    "no_route", "" },
	};
	static const struct change no_probes[] = {
		{ REPLACE, run_file, "true", "false", NULL },
		{ REPLACE, "addresses/part-000000.csv.gz", "special", "public",
		    NULL },
	};

	(void)state;
	assert_each(rows, ROWS_OF(rows));
	assert_verify(no_probes, 2, 0, "");
}

/* Each domain with a record of MTA-STS or TLSRPT has its row of policies. */
static void
policies(void **state)
{
	static const char domains[] = "domains/part-000000.csv.gz";
	static const struct change rows[] = {
		{ REMOVE, policies_part, NULL, NULL,
		    "domains: a.com: has an MTA-STS or TLSRPT "
		    "record, but no row in policies\n" },
		{ REPLACE, domains, "multiple,found", "found,absent", "" },
		{ REPLACE, domains, "0,absent,absent", "0,found,error",
		    "domains: b.com: has an MTA-STS or TLSRPT "
		    "record, but no row in policies\n" },
		{ REPLACE, domains, "0,absent,absent", "0,error,not_asked",
		    "" },
	};
	static const struct change none[] = {
		{ REMOVE, policies_part, NULL, NULL, NULL },
		{ REPLACE, domains, "multiple,found", "invalid,multiple",
		    NULL },
	};

	(void)state;
	assert_each(rows, ROWS_OF(rows));
	assert_verify(none, 2, 0, "");
}

/* The second row of a key is in a separate part. */
static void
keys(void **state)
{
	static const struct change rows[][2] = {
		{ { ADD, "domains/part-000001.csv.gz", NULL,
		    DOMAIN("b.com", "mx"), "domains: b.com: two rows\n" },
		  { REPLACE, run_file, "\"records\": 5", "\"records\": 6",
		    NULL } },
		{ { ADD, "mx/part-000001.csv.gz", NULL,
		    "a.com,20,2,mx.a.com,\n",
		    "mx: a.com mx.a.com: two rows\n" },
		  { ADD, "domains/part-000001.csv.gz", NULL, "", NULL } },
		{ { ADD, "hosts/part-000002.csv.gz", NULL, HOST("mx.a.com"),
		    "hosts: mx.a.com: two rows\n" } },
		{ { ADD, "addresses/part-000002.csv.gz", NULL,
		    "mx.a.com,192.0.2.1,4,public\n",
		    "addresses: mx.a.com 192.0.2.1: two rows\n" },
		  { ADD, "hosts/part-000002.csv.gz", NULL, "", NULL } },
		{ { REPLACE, "tlsa/part-000001.csv.gz", "mx.a.com,2",
		    "mx.a.com,1", "tlsa: mx.a.com 1 0: two rows\n" } },
		{ { ADD, "probes/part-000002.csv.gz", NULL,
		    PROBE("192.0.2.1", "modern", ""),
		    "probes: 192.0.2.1 mx.a.com modern 1: two rows\n" } },
		{ { ADD, "host_results/part-000002.csv.gz", NULL,
		    RESULT("mx.a.com", "192.0.2.1", "modern", "shared", ""),
		    "host_results: mx.a.com 192.0.2.1 mx.a.com 1: two rows\n" },
		  { ADD, "probes/part-000002.csv.gz", NULL, "", NULL } },
		{ { ADD, "chains/part-000001.csv.gz", NULL,
		    C32 ",1," A32 "\n", "chains: " C32 " 1: two rows\n" } },
		{ { ADD, "certificates/part-000001.csv.gz", NULL,
		    A32 ",,,,,,,,,,,0,0,0,0,,Zg==\n",
		    "certificates: " A32 ": two rows\n" } },
		{ { ADD, "rejects/part-000001.csv.gz", NULL,
		    "0,3,idna,\n", "rejects: 0 3: two rows\n" },
		  { REPLACE, run_file, "5, \"duplicates\": 1, \"rejected\": 1",
		    "6, \"duplicates\": 1, \"rejected\": 2", NULL } },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		assert_verify(rows[i], rows[i][1].path != NULL ? 2 : 1, 65,
		    rows[i][0].lines);
}

/* One outcome for each domain and sender. */
static void
outcomes(void **state)
{
	static const struct change rows[] = {
		{ REPLACE, outcomes_part, OUTCOMES("b.com", "not_probed"), "",
		    "domains: b.com: has no row in outcomes\n" },
		{ REPLACE, outcomes_part, "b.com,", "c.com,",
		    "outcomes: c.com: c.com is not in domains\n" },
		{ REMOVE, outcomes_part, NULL, NULL,
		    "domains: a.com: has no row in outcomes\n"
		    "domains: b.com: has no row in outcomes\n" },
		{ ADD, "outcomes/part-000001.csv.gz", NULL,
		    OUTCOMES("c.com", "encrypted"),
		    "outcomes: c.com: c.com is not in domains\n" },
		{ ADD, "outcomes/part-000001.csv.gz", NULL,
		    OUTCOMES("a.com", "encrypted"),
		    "outcomes: a.com: two rows\n" },
	};

	(void)state;
	assert_each(rows, ROWS_OF(rows));
}

#define NOT_AS_MANY(records, duplicates, opted_out) \
	"domains: all: " records " records were read, not 2 domains + " \
	duplicates " + 1 rejected + " opted_out " opted out\n"

/* RULES I11: records = domains + duplicates + rejected + opted out. */
static void
counts(void **state)
{
	static const struct change rows[] = {
		{ REPLACE, run_file, "\"records\": 5", "\"records\": 6",
		    NOT_AS_MANY("6", "1 duplicate", "1") },
		{ REPLACE, run_file, "\"duplicates\": 1", "\"duplicates\": 0",
		    NOT_AS_MANY("5", "0 duplicates", "1") },
		{ REPLACE, run_file, "\"opted_out\": 1", "\"opted_out\": 2",
		    NOT_AS_MANY("5", "1 duplicate", "2") },
		{ REPLACE, run_file, "5, \"duplicates\": 1, \"rejected\": 1",
		    "6, \"duplicates\": 1, \"rejected\": 2",
		    "rejects: all: 1 row, 2 in run.json\n" },
		{ REPLACE, run_file, "\"records\": 5", "\"records\": \"5\"",
		    "run.json: inputs.records: not a count\n" },
		{ REPLACE, run_file, "\"records\": 5", "\"records\": 5.0",
		    "run.json: inputs.records: not a count\n" },
		{ REPLACE, run_file, "\"records\": 5, ", "",
		    "run.json: inputs.records: not a count\n" },
		{ REPLACE, run_file, "\"opted_out\": 1", "\"opted_out\": -1",
		    "run.json: inputs.opted_out: not a count\n" },
		{ REPLACE, run_file, "\"duplicates\": 1",
		    "\"duplicates\": 9223372036854775807",
		    "run.json: inputs.duplicates: not a count\n" },
		{ REPLACE, run_file, "\"inputs\"", "\"outputs\"",
		    "run.json: inputs.records: not a count\n"
		    "run.json: inputs.duplicates: not a count\n"
		    "run.json: inputs.rejected: not a count\n"
		    "run.json: inputs.opted_out: not a count\n" },
		{ REPLACE, run_file, "true", "\"yes\"", "run.json: "
		    "options.probing: neither true nor false\n" },
		{ REPLACE, run_file, "\"sealed\"", "\"closed\"", "run.json: "
		    "state: neither measuring nor sealed\n" },
	};

	(void)state;
	assert_each(rows, ROWS_OF(rows));
}

static void
files(void **state)
{
	static const char part[] = "certificates/part-000000.csv.gz";
	static const struct change rows[] = {
		{ ADD_LATE, "note.txt", NULL, "x",
		    "SHA256SUMS: note.txt: is not listed\n" },
		{ ADD, "note.txt", NULL, "x", "" },
		{ REPLACE_LATE, run_file, NULL, "{\"format\": 2, \"state\": \"sealed\", "
		    "\"options\": {\"probing\": true}, \"inputs\": "
		    "{\"records\": 5, \"duplicates\": 1, \"rejected\": 1, "
		    "\"opted_out\": 1}}\n",
		    "SHA256SUMS: run.json: differs from what was sealed\n" },
		{ ADD_LATE, "rejects/part-000001.csv.gz", NULL, "",
		    "SHA256SUMS: rejects/part-000001.csv.gz: is not listed\n" },
		{ ADD_LATE, "rejects/.part", NULL, "",
		    "SHA256SUMS: rejects/.part: is not listed\n" },
		{ ADD_LATE, ".hidden", NULL, "",
		    "SHA256SUMS: .hidden: is not listed\n" },
		{ ADD_LATE, "more/file", NULL, "",
		    "SHA256SUMS: more/file: is not listed\n" },
		{ ADD_LATE, "a\nb", NULL, "",
		    "SHA256SUMS: a?b: is not listed\n" },
		{ ADD_LATE, ".lock", NULL, "", "" },
		{ ADD_LATE, ".work/starts", NULL, "x", "" },
		{ ADD_LATE, "progress.jsonl", NULL, "{}\n", "" },
		{ REMOVE_LATE, "SHA256SUMS", NULL, NULL,
		    "SHA256SUMS: No such file or directory\n" },
		{ REMOVE_LATE, part, NULL, NULL,
		    "chains: " C32 " 0: " A32 " is not in certificates\n"
		    "chains: " C32 " 1: " B32 " is not in certificates\n"
		    "SHA256SUMS: certificates/part-000000.csv.gz: "
		    "No such file or directory\n" },
		{ REPLACE_LATE, "rejects/part-000000.csv.gz", NULL, "x",
		    "rejects/part-000000.csv.gz: line 1: truncated gzip\n"
		    "rejects: all: 0 rows, 1 in run.json\n"
		    "SHA256SUMS: rejects/part-000000.csv.gz: differs from "
		    "what was sealed\n" },
		{ REMOVE, "probes/part-000001.csv.gz", NULL, NULL,
		    "tlsa/part-000001.csv.gz: the key part of its batch is "
		    "missing\n"
		    "host_results/part-000001.csv.gz: the key part of its "
		    "batch is missing\n"
		    "addresses: mx.a.com 192.0.2.1: has no row in "
		    "host_results\n" },
	};

	(void)state;
	assert_each(rows, ROWS_OF(rows));
}

/* SHA256SUMS, with a line before, or its first sum, changed. */
static void
sum_lines(void **state)
{
	static const struct { const char *line, *said; } rows[] = {
		{ "", NULL },
		{ "nonsense\n", "nonsense" },
		{ A32 " run.json\n", A32 " run.json" },
		{ A32 "  \n", A32 "  " },
		{ A32 "  /etc/passwd\n", A32 "  /etc/passwd" },
		{ A32 "  ../x\n", A32 "  ../x" },
		{ A32 "  mx/../../x\n", A32 "  mx/../../x" },
		{ A32 "  mx//x\n", A32 "  mx//x" },
		{ "A" A32 "  mx\n", "A" A32 "  mx" },
	};
	char text[8192], path[256], expected[256], *out;
	FILE *file;
	size_t length;

	(void)state;
	make_run(NULL, 0);
	path_in(path, "SHA256SUMS");
	file = fopen(path, "r");
	assert_non_null(file);
	length = fread(text, 1, sizeof text - 1, file);
	text[length] = '\0';
	fclose(file);
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		char line[8192 + 128];

		snprintf(line, sizeof line, "%s%s", rows[i].line, text);
		write_raw("SHA256SUMS", line);
		expected[0] = '\0';
		if (rows[i].said != NULL)
			snprintf(expected, sizeof expected,
			    "SHA256SUMS: %s: not a hash and a file name\n",
			    rows[i].said);
		assert_int_equal(said(&out), rows[i].said == NULL ? 0 : 65);
		assert_string_equal(out, expected);
		free(out);
	}
	/* A pipe would hold a careless reader. */
	path_in(path, "pipe");
	assert_int_equal(mkfifo(path, 0666), 0);
	snprintf(text + length, sizeof text - length, A32 "  pipe\n");
	write_raw("SHA256SUMS", text);
	assert_int_equal(said(&out), 65);
	assert_string_equal(out, "SHA256SUMS: pipe: Invalid argument\n");
	free(out);
	/* A line twice. */
	memcpy(text + length, text, strcspn(text, "\n") + 1);
	text[length + strcspn(text, "\n") + 1] = '\0';
	unlink(path);
	write_raw("SHA256SUMS", text);
	assert_int_equal(said(&out), 65);
	assert_non_null(strstr(out, ": is listed twice\n"));
	free(out);
	remove_run();
}

static void
not_sealed(void **state)
{
	static const struct change measuring = { REPLACE, run_file,
		"\"sealed\"", "\"measuring\"", NULL };
	static const struct {
		struct change	 change;
		int		 status;
		const char	*lines;
	} rows[] = {
		/* The hosts of a chunk come later; so do chains, and results. */
		{ { REPLACE, mx_part, "mx.a.com", "mx.b.com", NULL }, 75, "" },
		{ { REMOVE, policies_part, NULL, NULL, NULL }, 75, "" },
		{ { REMOVE, "chains/part-000000.csv.gz", NULL, NULL, NULL }, 75,
		    "" },
		{ { REMOVE, "certificates/part-000000.csv.gz", NULL, NULL,
		    NULL }, 75, "" },
		{ { REPLACE, "addresses/part-000000.csv.gz", "special",
		    "public", NULL }, 75, "" },
		{ { REPLACE, run_file, "\"records\": 5", "\"records\": 9",
		    NULL }, 75, "" },
		{ { REPLACE, run_file, "\"inputs\"", "\"outputs\"", NULL }, 75,
		    "" },
		{ { REMOVE_LATE, "SHA256SUMS", NULL, NULL, NULL }, 75, "" },
		/* Parts of a batch whose key part is not there do not count. */
		{ { ADD, "mx/part-000001.csv.gz", NULL,
		    "z.com,1,1,mx.z.com,\n", NULL }, 75, "" },
		{ { ADD, "host_results/part-000002.csv.gz", NULL,
		    RESULT("mx.z.com", "192.0.2.1", "modern", "own", ""),
		    NULL }, 75, "" },
		{ { REMOVE, "probes/part-000001.csv.gz", NULL, NULL, NULL }, 75,
		    "" },
		/* The existing files are checked. */
		{ { REPLACE, mx_part, "b.com,0", "c.com,0", NULL }, 65,
		    "mx: c.com b.com: c.com is not in domains\n" },
		{ { REPLACE, "addresses/part-000000.csv.gz", "mx.a.com,10",
		    "mx.b.com,10", NULL }, 65, "addresses: mx.b.com 10.0.0.1: "
		    "mx.b.com is not in hosts\n" },
		{ { REPLACE, "host_results/part-000001.csv.gz", "modern",
		    "legacy", NULL }, 65, "host_results: mx.a.com 192.0.2.1 "
		    "mx.a.com 1: its session is not in probes\n" },
		{ { REPLACE, run_file, "\"rejected\": 1", "\"rejected\": 2",
		    NULL }, 65, "rejects: all: 1 row, 2 in run.json\n" },
	};

	(void)state;
	assert_verify(&measuring, 1, 75, "");
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct change both[] = { measuring, rows[i].change };

		assert_verify(both, 2, rows[i].status, rows[i].lines);
	}
}

static void
unreadable(void **state)
{
	static const struct change rows[] = {
		{ REMOVE_LATE, run_file, NULL, NULL, NULL },
		{ REPLACE_LATE, run_file, NULL, "{", NULL },
		{ REPLACE_LATE, run_file, NULL, "{\"a\": 1, \"a\": 2}", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		assert_verify(&rows[i], 1, 65, "");
	/* The folder is gone. */
	assert_int_equal(verify_run(folder, stderr), 65);
}

/* A thousand lines, then how many more. */
static void
bounded(void **state)
{
	struct buffer rows = { 0 };
	struct change change = { ADD, "mx/part-000001.csv.gz", NULL, NULL,
		NULL };
	struct change both[2] = { change,
		{ ADD, "domains/part-000001.csv.gz", NULL, "", NULL } };
	size_t lines = 0;
	char *text, *at;

	(void)state;
	for (int i = 0; i < 1005; i++)
		buffer_printf(&rows, "a.com,1,1,mx%d,\n", i);
	both[0].to = buffer_text(&rows);
	make_run(both, 2);
	assert_int_equal(said(&text), 65);
	for (at = text; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_int_equal(lines, 1001);
	assert_non_null(strstr(text, "\nand 5 more\n"));
	free(text);
	buffer_fini(&rows);
	remove_run();
}

/* V1: the world above as two places have seen it. */
#define FRA ",fra\n"
#define NYC ",nyc\n"
#define MERGED(rest) REPLACE, run_file, "{\"format\"", "{\"merged\": [" rest	\
	"], \"format\"", ""
#define PLACED(path, from, to) REPLACE, path, from, to, ""

static const char domains_part[] = "domains/part-000000.csv.gz";
static const char hosts_part[] = "hosts/part-000000.csv.gz";
static const char probes_part[] = "probes/part-000001.csv.gz";
static const char results_part[] = "host_results/part-000001.csv.gz";

static void
places(void **state)
{
	static const struct change merged[] = {
		{ MERGED("{\"name\": \"fra\"}, {\"name\": \"nyc\"}") },
		{ PLACED(domains_part, T ",\n", T FRA) },
		{ PLACED(domains_part, T ",\n", T NYC) },
		{ PLACED(hosts_part, T ",\n", T NYC) },
		{ PLACED(policies_part, T ",\n", T FRA) },
		{ PLACED(probes_part, T ",\n", T FRA) },
		{ PLACED(results_part, T ",\n", T FRA) },
	};
	static const struct change wrong[] = {
		{ PLACED(domains_part, T FRA, T ",oslo\n") },
		{ PLACED(hosts_part, T NYC, T ",\n") },
		{ PLACED(results_part, T FRA, T NYC) },
	};
	static const char *const lines[] = {
		"domains: a.com: its place is not that of a merged run\n",
		"hosts: mx.a.com: its place is not that of a merged run\n",
		"host_results: mx.a.com 192.0.2.1 mx.a.com 1: its session is of "
		    "another place\n",
	};
	struct change changes[ROWS_OF(merged) + 1];

	(void)state;
	assert_verify(merged, ROWS_OF(merged), 0, "");
	for (size_t i = 0; i < ROWS_OF(lines); i++) {
		memcpy(changes, merged, sizeof merged);
		changes[ROWS_OF(merged)] = wrong[i];
		assert_verify(changes, ROWS_OF(changes), 65, lines[i]);
	}
}

/* The names in run.json, and a place in a run that is not merged. */
static void
places_of_others(void **state)
{
	static const struct change changes[] = {
		{ REPLACE, domains_part, T ",\n", T FRA, "domains: a.com: it names "
		    "a place, in a run that is not merged\n" },
		{ REPLACE, results_part, T ",\n", T FRA, "host_results: mx.a.com "
		    "192.0.2.1 mx.a.com 1: it names a place, in a run that is "
		    "not merged\n" },
	};
	static const char *const names[] = {
		"1", "{\"name\": \"fra\"}",
		"{\"name\": \"fra\"}, {\"name\": \"fra\"}",
		"{\"name\": \"fra\"}, {\"name\": \"-\"}",
	};

	(void)state;
	assert_each(changes, ROWS_OF(changes));
	for (size_t i = 0; i < ROWS_OF(names); i++) {
		char to[128];
		struct change change = { REPLACE, run_file, "{\"format\"", to,
			"" };
		char *text;

		snprintf(to, sizeof to, "{\"merged\": [%s], \"format\"",
		    names[i]);
		make_run(&change, 1);
		assert_int_equal(said(&text), 65);
		assert_non_null(strstr(text, "run.json: merged: not two runs "
		    "with names of places\n"));
		free(text);
		remove_run();
	}
}

/* Two places must not meet in one pair, or in the sessions with one name. */
static void
places_that_meet(void **state)
{
	static const struct change changes[] = {
		{ MERGED("{\"name\": \"fra\"}, {\"name\": \"nyc\"}") },
		{ PLACED(domains_part, T ",\n", T FRA) },
		{ PLACED(domains_part, T ",\n", T FRA) },
		{ PLACED(hosts_part, T ",\n", T FRA) },
		{ PLACED(policies_part, T ",\n", T FRA) },
		{ PLACED(probes_part, T ",\n", T FRA
		    "192.0.2.1,25,mx.a.com,legacy,1,tls_established,done,,,,,,,,,"
		    ",," C32 ",,,,,,,,," T NYC) },
		{ PLACED(results_part, T ",\n", T FRA "mx.a.com,192.0.2.1,"
		    "mx.a.com,2,,mx.a.com,none,paced_out,undetermined,,usable,,"
		    ",no_tls,no_tls,,,,," T NYC) },
	};

	(void)state;
	assert_verify(changes, ROWS_OF(changes), 65,
	    "probes: 192.0.2.1 mx.a.com modern 1: sessions of two places\n"
	    "host_results: mx.a.com 192.0.2.1 mx.a.com 2: results of two "
	    "places\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places), cmocka_unit_test(places_of_others),
		cmocka_unit_test(places_that_meet),
		cmocka_unit_test(whole), cmocka_unit_test(foreign_keys),
		cmocka_unit_test(sessions), cmocka_unit_test(policies),
		cmocka_unit_test(keys), cmocka_unit_test(outcomes),
		cmocka_unit_test(counts), cmocka_unit_test(files),
		cmocka_unit_test(sum_lines), cmocka_unit_test(not_sealed),
		cmocka_unit_test(unreadable), cmocka_unit_test(bounded),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
