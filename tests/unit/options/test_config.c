/* config: which options a file gives, what the command line replaces, and what a
 * worker is told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/command.h"
#include "scanner/options/options.h"
#include "scanner/options/table.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define ARGUMENTS_MAX 24

/* A file and a command line, cut at its spaces. FILE in `said` is the file. */
struct parse {
	struct options		options;
	enum options_result	result;
	char			path[32], line[256], said[512];
	char			*argv[ARGUMENTS_MAX + 1];
};

static void
write_file(struct parse *p, const char *text)
{
	FILE *file;

	strcpy(p->path, "/tmp/mxcensus-config-XXXXXX");
	file = fdopen(mkstemp(p->path), "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void
parse(struct parse *p, const char *text, const char *line)
{
	FILE *file = tmpfile();
	int kept = dup(STDERR_FILENO), argc = 0;
	const struct command *found;
	char *rest, **words = p->argv, *place;
	size_t length;

	write_file(p, text);
	snprintf(p->line, sizeof p->line, "%s --config %s", line, p->path);
	for (char *word = strtok_r(p->line, " ", &rest); word != NULL;
	    word = strtok_r(NULL, " ", &rest))
		p->argv[argc++] = word;
	assert_true(argc <= ARGUMENTS_MAX);
	p->argv[argc] = NULL;
	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	found = command_find(&argc, &words);
	assert_non_null(found);
	p->result = options_parse(&p->options, found, argc, words);
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	rewind(file);
	length = fread(p->said, 1, sizeof p->said - 1, file);
	p->said[length] = '\0';
	fclose(file);
	unlink(p->path);
	/* The name of the file differs every time. */
	while ((place = strstr(p->said, p->path)) != NULL) {
		memmove(place + 4, place + strlen(p->path),
		    strlen(place + strlen(p->path)) + 1);
		memcpy(place, "FILE", 4);
	}
}

#define SCAN	"scan list -o RUN --probes 0 --mta-sts no "

/* What is in force, by the names of run.json. */
static void
values(void **state)
{
	static const struct {
		const char *text, *line, *name, *value;
	} rows[] = {
		{ "", "", "limit", "0" },
		{ "limit = 3k", "", "limit", "3000" },
		{ "retry-after = 1h30m", "", "retry-after", "5400000ms" },
		{ "notes = \"a # b\"", "", "notes", "a # b" },
		{ "notes = \"\"", "", "notes", "" },
		{ "quiet", "", "quiet", "yes" },
		{ "quiet = yes", "", "quiet", "yes" },
		{ "quiet = no", "", "quiet", "no" },
		{ "tlsa = never", "", "tlsa", "never" },
		{ "allow-network = ::1\nallow-network = 10.0.0.0/8", "",
		    "allow-network", "::1/128 10.0.0.0/8" },
		{ "delegations = a\ndelegations = b", "", "delegations",
		    "a b" },
		/* The command line wins, on either side of --config. */
		{ "limit = 3", "--limit 4", "limit", "4" },
		{ "limit = 3", "--limit=4", "limit", "4" },
		{ "tlsa = never", "--tlsa auto", "tlsa", "auto" },
		{ "quiet", "--quiet=no", "quiet", "no" },
		{ "quiet = no", "-q", "quiet", "yes" },
		{ "quiet = no", "--quiet", "quiet", "yes" },
		{ "allow-network = ::1\nallow-network = ::2",
		    "--allow-network 10.0.0.0/8", "allow-network",
		    "10.0.0.0/8" },
		/* Others stay. */
		{ "limit = 3\nseed = x", "--limit 4", "seed", "x" },
		/* Options of other commands are left out. */
		{ "sender = dane\njson\nttl = nonsense\nlimit = 3", "",
		    "limit", "3" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char line[128], value[1024];
		const char *name;
		struct parse p;
		bool facts;

		snprintf(line, sizeof line, SCAN "%s", rows[i].line);
		parse(&p, rows[i].text, line);
		if (p.result != OPTIONS_OK)
			fail_msg("%s: %s", rows[i].text, p.said);
		for (size_t at = 0; options_in_force(&p.options, at, &name,
		    value, &facts); at++)
			if (strcmp(name, rows[i].name) == 0)
				break;
		assert_string_equal(name, rows[i].name);
		assert_string_equal(value, rows[i].value);
		options_fini(&p.options);
	}
}

static void
refused(void **state)
{
	static const struct { const char *text, *line, *said; } rows[] = {
		{ "\nlimit = x", SCAN, "FILE:2: limit = x: give a number" },
		{ "limit = 3\nlimit = 4", SCAN,
		    "FILE:2: limit = 4: the option is in line 1 already" },
		{ "limt = 3", SCAN,
		    "FILE:1: unknown option limt: did you mean limit?" },
		{ "xyzzy", SCAN,
		    "FILE:1: unknown option xyzzy: mxcensus scan --help" },
		{ "limit", SCAN, "FILE:1: limit: the option needs a value" },
		{ "limit =", SCAN, "FILE:1: limit: there is no value" },
		{ "limit = a\033[b", SCAN, "FILE:1: limit = a?[b: give" },
		{ "quiet = maybe", SCAN, "FILE:1: quiet = maybe: yes or no" },
		{ "[scan]", SCAN, "FILE:1: [scan]: a line is NAME = VALUE" },
		{ "help", SCAN, "FILE:1: help: give this option on the" },
		{ "config = x", SCAN, "FILE:1: config = x: give this option" },
		{ "allow-network = 10.0.0.1/8", SCAN, "FILE:1: allow-network "
		    "= 10.0.0.1/8: host bits are set; did you mean" },
		{ "seed = x\nehlo = y", SCAN, "FILE:2: ehlo = y: give a fully" },
		{ "contact = y", SCAN, "FILE:1: contact = y: give an https" },
		{ "forward = y", SCAN, "FILE:1: forward = y: not an address" },
		{ "source-address = y", SCAN, "FILE:1: source-address = y:" },
		{ "origin = a..b", "zone list", "FILE:1: origin = a..b: not a" },
		{ "json\ncsv", "summary RUN", "--json and --csv: give only" },
		{ "", SCAN "--config other", "name one file alone" },
		{ "", "verify RUN", "unknown option --config" },
		{ "", "policy", "unknown option --config" },
		/* What is on the command line is said as ever. */
		{ "limit = 3", SCAN "--limit x", "mxcensus: --limit x: give" },
		{ "ehlo = a.example", SCAN "--ehlo y", "mxcensus: --ehlo y:" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct parse p;

		parse(&p, rows[i].text, rows[i].line);
		if (p.result != OPTIONS_WRONG ||
		    strstr(p.said, rows[i].said) == NULL)
			fail_msg("%s: %s", rows[i].text, p.said);
		options_fini(&p.options);
	}
}

/* An answer has one form, also if the file says another. */
static void
forms(void **state)
{
	static const struct { const char *text, *line; int form; } rows[] = {
		{ "csv", "summary RUN", FORM_CSV },
		{ "json = no\ncsv", "summary RUN", FORM_CSV },
		{ "csv", "summary RUN --json", FORM_JSON },
		{ "csv", "summary RUN --csv=no", FORM_TEXT },
		{ "csv", "summary RUN --json=no", FORM_CSV },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct parse p;

		parse(&p, rows[i].text, rows[i].line);
		if (p.result != OPTIONS_OK || p.options.form != rows[i].form)
			fail_msg("%s, %s: %s", rows[i].text, rows[i].line,
			    p.said);
		options_fini(&p.options);
	}
}

/* A worker never reads the file: its words have what was there. */
static void
words(void **state)
{
	static const char *const expected[] = {
		"--seed=x y", "--quiet", "--ipv4-only=no", "--output=RUN",
		"--probes=0", "--mta-sts=no", "--limit=4", "--", "list",
	};
	struct parse p;

	(void)state;
	parse(&p, "limit = 3\nseed = x y\nquiet\nipv4-only = no\njson\n",
	    SCAN "--limit 4");
	assert_int_equal(p.result, OPTIONS_OK);
	assert_int_equal(p.options.argc, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++)
		assert_string_equal(p.options.argv[i], expected[i]);
	assert_int_equal(p.options.argument_count, 1);
	assert_ptr_equal(p.options.arguments, p.options.argv + 8);
	assert_true(options_have(&p.options, "seed"));
	assert_false(options_have(&p.options, "json"));
	options_fini(&p.options);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values), cmocka_unit_test(refused),
		cmocka_unit_test(forms), cmocka_unit_test(words),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
