/* The options: values, their bounds, and when connections are allowed (RULES
 * K10). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "scanner/command.h"
#include "scanner/options/options.h"
#include "scanner/options/table.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define ARGUMENTS_MAX 24
#define WHO "--ehlo scan.example.org --contact https://scan.example.org/"

/* A command line, cut at its spaces. `said` is what came on standard error. */
struct parse {
	struct options		options;
	enum options_result	result;
	char			line[256];
	char			*argv[ARGUMENTS_MAX + 1];
	char			said[512];
};

static void
parse_as(struct parse *parse, const char *command, const char *line)
{
	FILE *file = tmpfile();
	int kept = dup(STDERR_FILENO), argc = 0;
	const struct command *found;
	size_t length;
	char *rest, **words;

	assert_true(file != NULL && kept >= 0);
	snprintf(parse->line, sizeof parse->line, "%s %s", command,
	    line);
	for (char *word = strtok_r(parse->line, " ", &rest); word != NULL;
	    word = strtok_r(NULL, " ", &rest)) {
		assert_true(argc < ARGUMENTS_MAX);
		parse->argv[argc++] = word;
	}
	parse->argv[argc] = NULL;
	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	words = parse->argv;
	found = command_find(&argc, &words);
	assert_non_null(found);
	parse->result = options_parse(&parse->options, found, argc, words);
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	rewind(file);
	length = fread(parse->said, 1, sizeof parse->said - 1, file);
	parse->said[length] = '\0';
	fclose(file);
}

static void
parse(struct parse *to, const char *line)
{
	parse_as(to, "scan", line);
}

/* With an input, a folder, and nothing that connects. */
static void
parse_quiet(struct parse *to, const char *line)
{
	char whole[256];

	snprintf(whole, sizeof whole, "list -o RUN --probes 0 --mta-sts no %s", line);
	parse(to, whole);
}

/* README and RULES say these. */
static void
defaults(void **state)
{
	struct parse p;
	const struct options *o = &p.options;

	(void)state;
	parse_quiet(&p, "");
	assert_int_equal(p.result, OPTIONS_OK);
	assert_string_equal(p.said, "");
	assert_int_equal(o->argument_count, 1);
	assert_string_equal(o->arguments[0], "list");
	assert_string_equal(o->run, "RUN");
	/* RULES K2, K3. */
	assert_int_equal(o->per_address, 1);
	assert_int_equal(o->per_prefix, 2);
	assert_int_equal(o->pause_ms, 1000);
	assert_int_equal(o->retry_after_ms, 30 * 60 * 1000);
	assert_int_equal(o->port, 25);
	/* RULES K9. */
	assert_int_equal(o->dns_rate, 500);
	assert_int_equal(o->dns_prefix_rate, 4 * 500);
	assert_int_equal(o->tlsa, CHOICE_AUTO);
	/* RULES L32. */
	assert_int_equal(o->ds, CHOOSE_DS_AUTO);
	assert_int_equal(o->sample, 1);
	assert_int_equal(o->limit, 0);
	assert_true(o->workers >= 1);
	assert_int_equal(o->allow_network.count, 0);
	options_fini(&p.options);
}

/* RULES L31, L32. */
static void
ds_choices(void **state)
{
	static const struct { const char *line; int ds; } rows[] = {
		{ "--ds auto", CHOOSE_DS_AUTO },
		{ "--ds verify", CHOOSE_DS_VERIFY },
		{ "--ds trust", CHOOSE_DS_TRUST },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct parse p;

		parse_quiet(&p, rows[i].line);
		assert_int_equal(p.result, OPTIONS_OK);
		assert_int_equal(p.options.ds, rows[i].ds);
		options_fini(&p.options);
	}
}

#define FIELD(member) offsetof(struct options, member)

static void
numbers(void **state)
{
	static const struct {
		const char *line;
		size_t offset;
		uint64_t value;
	} rows[] = {
		{ "--limit 12", FIELD(limit), 12 },
		{ "--limit 12k", FIELD(limit), 12000 },
		{ "--limit 3M", FIELD(limit), 3000000 },
		{ "--limit=7", FIELD(limit), 7 },
		{ "--limit 0", FIELD(limit), 0 },
		{ "--limit 18446744073709551615", FIELD(limit), UINT64_MAX },
		{ "--limit 18446744073709551k", FIELD(limit),
		    18446744073709551000u },
		{ "--limit 1 --limit 2", FIELD(limit), 2 },
		{ "--dns-rate 30", FIELD(dns_prefix_rate), 120 },
		{ "--dns-prefix-rate 50", FIELD(dns_prefix_rate), 50 },
		{ "--dns-rate 1M", FIELD(dns_prefix_rate), 4000000 },
		{ "--sample 1/1", FIELD(sample), 1 },
		{ "--sample 1/100", FIELD(sample), 100 },
		{ "--sample 1/1k", FIELD(sample), 1000 },
		{ "--sample 1/4294967295", FIELD(sample), UINT32_MAX },
		{ "--port 1", FIELD(port), 1 },
		{ "--port 65535", FIELD(port), 65535 },
		{ "--level 9", FIELD(level), 9 },
		{ "--pause 30", FIELD(pause_ms), 30000 },
		{ "--pause 30s", FIELD(pause_ms), 30000 },
		{ "--pause 250ms", FIELD(pause_ms), 250 },
		{ "--pause 0", FIELD(pause_ms), 0 },
		{ "--pause 5m", FIELD(pause_ms), 300000 },
		{ "--pause 1h", FIELD(pause_ms), 3600000 },
		{ "--retry-after 1h30m", FIELD(retry_after_ms), 5400000 },
		{ "--retry-after 1d2h3m4s5ms", FIELD(retry_after_ms),
		    86400000 + 2 * 3600000 + 3 * 60000 + 4 * 1000 + 5 },
		{ "--retry-after 1h90m", FIELD(retry_after_ms), 9000000 },
		{ "--retry-after 1d500ms", FIELD(retry_after_ms), 86400500 },
		{ "--pause 0h1s", FIELD(pause_ms), 1000 },
		{ "--retry-after 7d", FIELD(retry_after_ms), 604800000 },
		{ "--timeout 100ms", FIELD(timeout_ms), 100 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct parse p;
		uint64_t value;

		parse_quiet(&p, rows[i].line);
		memcpy(&value, (const char *)&p.options + rows[i].offset,
		    sizeof value);
		if (p.result != OPTIONS_OK || value != rows[i].value)
			fail_msg("%s: %s", rows[i].line, p.said);
		options_fini(&p.options);
	}
}

/* Refused, in a line that names the option and what was given. */
static void
wrong_values(void **state)
{
	static const struct { const char *line, *said; } rows[] = {
		{ "--limit x", "--limit x:" }, { "--limit -1", "--limit -1:" },
		{ "--limit 1g", "--limit 1g:" },
		{ "--limit 1kk", "--limit 1kk:" },
		{ "--limit k", "--limit k:" }, { "--limit 0x10", "--limit " },
		{ "--limit 1.5k", "--limit 1.5k:" },
		{ "--limit +1", "--limit +1:" },
		{ "--limit=", "--limit :" },
		/* One over 64 bits, and so with a unit. */
		{ "--limit 18446744073709551616", "--limit 184" },
		{ "--limit 99999999999999999999", "--limit 999" },
		{ "--limit 18446744073709552k", "--limit 184" },
		{ "--limit 18446744073710M", "--limit 184" },
		{ "--port 0", "from 1 to 65535" },
		{ "--port 65536", "from 1 to 65535" },
		{ "--port 66k", "from 1 to 65535" },
		{ "--level 0", "from 1 to 9" },
		{ "--attempts 3", "from 1 to 2" },
		{ "--sample 1/0", "--sample 1/0:" },
		{ "--sample 2/3", "--sample 2/3:" },
		{ "--sample 10", "--sample 10:" },
		{ "--sample 1/", "--sample 1/:" },
		{ "--sample 1/4294967296", "--sample 1/4294967296:" },
		{ "--pause 1w", "--pause 1w:" }, { "--pause s", "--pause s:" },
		{ "--pause -1s", "--pause -1s:" },
		/* From the largest unit to the smallest, each once. */
		{ "--pause 30s1m", "--pause 30s1m: give a time such as" },
		{ "--pause 1m1m", "--pause 1m1m:" },
		{ "--pause 1ms1ms", "--pause 1ms1ms:" },
		{ "--pause 5ms1s", "--pause 5ms1s:" },
		{ "--pause 1m30", "--pause 1m30:" },
		{ "--pause 30s1", "--pause 30s1:" },
		{ "--pause 1m-1s", "--pause 1m-1s:" },
		{ "--pause 1m+1s", "--pause 1m+1s:" },
		{ "--pause 1m0x1s", "--pause 1m0x1s:" },
		{ "--pause 1.5m", "--pause 1.5m:" },
		{ "--pause 1mm", "--pause 1mm:" },
		{ "--pause 1sm", "--pause 1sm:" },
		{ "--pause 1M", "--pause 1M:" },
		{ "--pause=", "--pause :" },
		/* Each part has room in 64 bits, and their sum has not. */
		{ "--pause 213503982334d14h25m51s616ms", "--pause 213" },
		{ "--pause 213503982335d", "--pause 213" },
		{ "--pause 61m", "from 0 s to 3600 s" },
		{ "--pause 18446744073709551616ms", "--pause 184" },
		{ "--pause 18446744073709551615s", "--pause 184" },
		{ "--timeout 99ms", "from 0.1 s to 600 s" },
		{ "--tlsa maybe", "one of auto always never" },
		{ "--tlsa aut", "one of auto always never" },
		{ "--ds yes", "one of auto verify trust" },
		{ "--format txt", "one of auto zone list csv policy" },
		{ "--allow-network 198.18.0.0/33", "--allow-network 198" },
		{ "--allow-network 198.18.0.1/15", "--allow-network 198" },
		{ "--allow-network x", "--allow-network x:" },
		{ "--allow-network 8.1.2.3/8",
		    "host bits are set; did you mean 8.0.0.0/8?" },
		{ "--allow-network 198.18.0.0/255.254.0.0",
		    "did you mean 198.18.0.0/15?" },
		{ "--allow-network 198.18/15", "did you mean 198.18.0.0/15?" },
		{ "--allow-network 198.18.0.1:25", "write 198.18.0.1" },
		{ "--allow-network 198.018.0.1", "did you mean 198.18.0.1?" },
		{ "--origin a..b", "--origin a..b:" },
		{ "--source-address x", "--source-address x:" },
		/* A letter first, no more than 32 bytes and two dots. */
		{ "--vantage -fra", "--vantage -fra:" },
		{ "--vantage 1fra", "--vantage 1fra:" },
		{ "--vantage fra,1", "--vantage fra,1:" },
		{ "--vantage a.b.c.d", "--vantage a.b.c.d:" },
		{ "--vantage a23456789a23456789a23456789a23456",
		    "--vantage a2345" },
		{ "-4 -6", "--ipv4-only and --ipv6-only" },
		{ "--limit", "--limit needs a value" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct parse p;

		parse_quiet(&p, rows[i].line);
		if (p.result != OPTIONS_WRONG ||
		    strstr(p.said, rows[i].said) == NULL)
			fail_msg("%s: %s", rows[i].line, p.said);
		options_fini(&p.options);
	}
}

static void
words(void **state)
{
	struct parse p;

	(void)state;
	parse_quiet(&p, "--tlsa always --format csv --progress never -q -4 "
	    "--seed x --allow-network 198.18.0.0/15 --allow-network ::1");
	assert_int_equal(p.result, OPTIONS_OK);
	assert_int_equal(p.options.tlsa, CHOICE_ALWAYS);
	assert_int_equal(p.options.progress, CHOICE_NEVER);
	/* The fourth of auto, zone, list, csv, policy. */
	assert_int_equal(p.options.format, 3);
	assert_true(p.options.quiet);
	assert_true(p.options.ipv4_only);
	assert_false(p.options.ipv6_only);
	assert_string_equal(p.options.seed, "x");
	assert_int_equal(p.options.allow_network.count, 2);
	options_fini(&p.options);
	/* Options and inputs in any order; behind "--" all are inputs. */
	parse(&p, "one --probes 0 two --mta-sts no -oRUN -- -three");
	assert_int_equal(p.result, OPTIONS_OK);
	assert_int_equal(p.options.argument_count, 3);
	assert_string_equal(p.options.arguments[0], "one");
	assert_string_equal(p.options.arguments[2], "-three");
	assert_string_equal(p.options.run, "RUN");
	options_fini(&p.options);
}

static void
unknown(void **state)
{
	static const struct { const char *line, *said; } rows[] = {
		{ "--limt 3", "unknown option --limt: did you mean --limit?" },
		{ "--ipv4only", "did you mean --ipv4-only?" },
		{ "--pauze=3s", "unknown option --pauze: did you mean "
		    "--pause?" },
		{ "--xyzzy", "unknown option --xyzzy: mxcensus scan --help" },
		{ "-Z", "unknown option -Z:" },
		/* Inside a bundle: the letter, not what stands before. */
		{ "-qZ4", "unknown option -Z:" },
		{ "--help=yes", "--help takes no value" },
		{ "--quiet=maybe", "--quiet maybe: yes or no" },
		/* An abbreviation of more than one. */
		{ "--per 3", "unknown option --per" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct parse p;

		parse_quiet(&p, rows[i].line);
		if (p.result != OPTIONS_WRONG ||
		    strstr(p.said, rows[i].said) == NULL)
			fail_msg("%s: %s", rows[i].line, p.said);
		options_fini(&p.options);
	}
}

/* A shard has one number of N, takes its inputs from the plan, and need not say
 * who we are: the plan has said it. */
static void
shards(void **state)
{
	static const struct { const char *line, *said; } rows[] = {
		{ "--stage domains --shard 1/1 -o RUN", NULL },
		{ "--stage hosts --shard 16/16 -o RUN", NULL },
		{ "--stage probes --shard 3/10000 -o RUN", NULL },
		{ "--stage plan -o RUN list " WHO, NULL },
		{ "--stage all -o RUN list " WHO, NULL },
		{ "--stage plan -o RUN list", "say who you are" },
		{ "--stage plan -o RUN " WHO, "name an input" },
		{ "--stage domains --shard 1/2", "-o RUN" },
		{ "--stage domains -o RUN", "--shard I/N" },
		{ "--stage hosts --shard 0/2 -o RUN", "from 1 to N" },
		{ "--stage hosts --shard 3/2 -o RUN", "from 1 to N" },
		{ "--stage hosts --shard 1/0 -o RUN", "from 1 to N" },
		{ "--stage hosts --shard 1 -o RUN", "give I/N" },
		{ "--stage hosts --shard 1/ -o RUN", "give I/N" },
		{ "--stage hosts --shard /2 -o RUN", "give I/N" },
		{ "--stage hosts --shard 1/2/3 -o RUN", "give I/N" },
		{ "--stage hosts --shard 1/10001 -o RUN", "to 10000" },
		{ "--stage host --shard 1/2 -o RUN", "one of all plan domains "
		    "hosts probes" },
		{ "--stage domains --shard 1/2 -o RUN list", "name none" },
		{ "--stage domains --shard 1/2 -o RUN --delegations zone",
		    "name none" },
		{ "--stage plan --shard 1/2 -o RUN list " WHO,
		    "--shard is for the stages" },
		{ "--shard 1/2 -o RUN list " WHO, "--shard is for the stages" },
		{ "--stage plan --dry-run list", "leave out --stage" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct parse p;

		parse(&p, rows[i].line);
		if (rows[i].said == NULL ? p.result != OPTIONS_OK
		    : p.result != OPTIONS_WRONG ||
		    strstr(p.said, rows[i].said) == NULL)
			fail_msg("%s: %s", rows[i].line, p.said);
		options_fini(&p.options);
	}
}

/* RULES K15: N shards together have no more than what a run has. */
static void
budgets_of_shards(void **state)
{
	static const struct {
		const char *line;
		uint64_t rate, prefix_rate, in_flight, policies, sessions;
		const char *undivided;
	} rows[] = {
		{ "--stage domains --shard 1/3", 166, 666, 66, 21, 9, NULL },
		{ "--stage domains --shard 3/3", 166, 666, 66, 21, 9, NULL },
		{ "--stage domains --shard 1/1", 500, 2000, 200, 64, 9, NULL },
		{ "--stage domains --shard 1/64", 7, 31, 3, 1, 9, NULL },
		{ "--stage domains --shard 1/65", 7, 30, 3, 1, 9,
		    "policy-fetches" },
		{ "--stage hosts --shard 1/65", 7, 30, 3, 64, 9, NULL },
		{ "--stage hosts --shard 1/201", 2, 9, 1, 64, 9,
		    "dns-inflight" },
		{ "--stage hosts --shard 1/501", 1, 3, 1, 64, 9, "dns-rate" },
		{ "--stage probes --shard 1/3", 500, 2000, 200, 64, 3, NULL },
		{ "--stage probes --shard 1/10", 500, 2000, 200, 64, 1, "rate" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct parse p;
		char line[128];

		snprintf(line, sizeof line, "%s -o RUN --rate 9", rows[i].line);
		parse(&p, line);
		assert_int_equal(p.result, OPTIONS_OK);
		if (p.options.dns_rate != rows[i].rate ||
		    p.options.dns_prefix_rate != rows[i].prefix_rate ||
		    p.options.dns_inflight != rows[i].in_flight ||
		    p.options.policy_fetches != rows[i].policies ||
		    p.options.rate != rows[i].sessions ||
		    (p.options.undivided == NULL) !=
		    (rows[i].undivided == NULL) ||
		    (rows[i].undivided != NULL && strcmp(rows[i].undivided,
		    p.options.undivided) != 0))
			fail_msg("%s", rows[i].line);
		options_fini(&p.options);
	}
}

/* RULES K10: nothing that connects starts without a name and a contact;
 * networks of one's own, neither probes nor policies, and a dry run are
 * exempt. */
static void
conduct(void **state)
{
	static const struct { bool good; const char *line; } rows[] = {
		{ true, "list -o RUN " WHO },
		{ true, "list -o RUN --ehlo scan.example.org "
		    "--contact scan@example.org" },
		{ false, "list -o RUN" },
		{ false, "list -o RUN --ehlo scan.example.org" },
		{ false, "list -o RUN --contact https://scan.example.org/" },
		{ false, "list -o RUN --probes 1" },
		/* Policies are fetched over HTTPS, which is a connection. */
		{ false, "list -o RUN --probes 0" },
		{ false, "list -o RUN --mta-sts no" },
		{ true, "list -o RUN --probes 0 --mta-sts no" },
		{ true, "list -o RUN --allow-network 198.18.0.0/15" },
		{ true, "list --dry-run" },
		/* Fully qualified; what is said must be so where nothing is
		 * demanded, too. */
		{ false, "list -o RUN --contact a@b.example --ehlo scan" },
		{ false, "list -o RUN --contact a@b.example --ehlo a..b" },
		{ false, "list -o RUN --probes 0 --mta-sts no --ehlo scan" },
		/* A page or a mailbox. */
		{ false, "list -o RUN --ehlo scan.example.org --contact me" },
		{ false, "list -o RUN --ehlo scan.example.org "
		    "--contact http://scan.example.org/" },
		{ false, "list -o RUN --probes 0 --mta-sts no --contact me" },
		{ true, "list -o RUN --ehlo scan.example.org "
		    "--contact https://192.0.2.1:8443/?x#y" },
		{ true, "list -o RUN --ehlo scan.example.org "
		    "--contact https://Example.org" },
		{ false, "list -o RUN --ehlo scan.example.org "
		    "--contact https://" },
		{ true, "list -o RUN --ehlo scan.example.org "
		    "--contact https://localhost/" },
		{ false, "list -o RUN --ehlo scan.example.org "
		    "--contact https://me@example.org/" },
		{ false, "list -o RUN --ehlo scan.example.org "
		    "--contact scan@" },
		{ false, "list -o RUN --ehlo scan.example.org "
		    "--contact @example.org" },
		{ false, "list -o RUN --ehlo scan.example.org "
		    "--contact scan@example.org." },
		{ false, "list -o RUN --ehlo scan.example.org "
		    "--contact scan@192.0.2.1" },
		/* Something to read, somewhere to write. */
		{ false, "-o RUN " WHO }, { false, "list " WHO },
		{ false, "--dry-run" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct parse p;

		parse(&p, rows[i].line);
		if (p.result != (rows[i].good ? OPTIONS_OK : OPTIONS_WRONG) ||
		    (p.said[0] == '\0') != rows[i].good)
			fail_msg("%s: %s", rows[i].line, p.said);
		options_fini(&p.options);
	}
}

/* RULES 11: only private networks are exempt. Without both name and contact,
 * nothing outside these networks is contacted; a run that only resolves needs
 * neither. */
static void
own_networks(void **state)
{
#define OWN	"list -o RUN --allow-network 10.0.0.0/8 "
	static const struct { bool only_allowed; const char *line; } rows[] = {
		{ true, OWN },
		{ true, OWN "--ehlo scan.example.org" },
		{ true, OWN "--contact https://scan.example.org/" },
		{ true, OWN "--probes 0" }, { true, OWN "--mta-sts no" },
		{ false, OWN WHO },
		{ false, OWN "--probes 0 --mta-sts no" },
		{ false, "list -o RUN " WHO },
		{ false, "list -o RUN --probes 0 --mta-sts no" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct parse p;

		parse(&p, rows[i].line);
		if (p.result != OPTIONS_OK ||
		    p.options.only_allowed_networks != rows[i].only_allowed)
			fail_msg("%s", rows[i].line);
		options_fini(&p.options);
	}
#undef OWN
}

/* What run.json has: each option once, with what is in force. */
static void
in_force(void **state)
{
	static const struct { const char *name, *value; bool facts; } rows[] = {
		{ "limit", "3000", true }, { "pause", "250ms", false },
		{ "tlsa", "never", true }, { "ipv4-only", "yes", true },
		{ "ipv6-only", "no", true }, { "seed", "mxcensus", true },
		{ "vantage", "fra-1.a_B.x", true },
		{ "notes", "", false }, { "probes", "0", false },
		{ "allow-network", "198.18.0.0/15 2001:db8::/32", true },
	};
	bool found[COUNT(rows)] = { false };
	const char *name;
	char value[1024];
	bool facts;
	struct parse p;

	(void)state;
	parse_quiet(&p, "--limit 3k --pause 250ms --tlsa never -4 "
	    "--vantage fra-1.a_B.x "
	    "--allow-network 198.18.0.0/15 --allow-network 2001:db8::/32");
	assert_int_equal(p.result, OPTIONS_OK);
	for (size_t i = 0; options_in_force(&p.options, i, &name, value,
	    &facts); i++)
		for (size_t j = 0; j < COUNT(rows); j++)
			if (strcmp(rows[j].name, name) == 0) {
				assert_false(found[j]);
				found[j] = true;
				assert_string_equal(value, rows[j].value);
				assert_int_equal(facts, rows[j].facts);
			}
	for (size_t j = 0; j < COUNT(rows); j++)
		assert_true(found[j]);
	options_fini(&p.options);
}

/* docs/architecture.md: check has the groups resolver, probe and conduct, and
 * its own; who is started by it is told by the words of scan. */
static void
of_check(void **state)
{
	static const struct { const char *command, *line, *said; } rows[] = {
		{ "check", "a.example " WHO, "" },
		{ "check", "a.example b.example --json -4 " WHO, "" },
		{ "check", "a.example --root-hints F --ca-file F "
		    "--per-prefix 9 " WHO, "" },
		{ "check", WHO, "name a domain" },
		{ "check", "a.example", "--ehlo" },
		{ "check", "a.example --limit 3 " WHO, "unknown option" },
		{ "check", "a.example -o RUN " WHO, "unknown option -o" },
		{ "check", "a.example --workers 3 " WHO, "unknown option" },
		{ "check", "a.example --jsn " WHO, "did you mean --json?" },
		{ "check", "a.example --quietly-please " WHO,
		    "mxcensus check --help" },
		{ "scan", "list -o RUN --json " WHO, "unknown option" },
		{ "worker", "list -o RUN --json --limit 3 " WHO, "" },
		{ "worker", "list -o RUN --host a --usage 2 " WHO, "" },
	};
	struct parse p;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		parse_as(&p, rows[i].command, rows[i].line);
		if ((p.result == OPTIONS_OK) != (rows[i].said[0] == '\0') ||
		    strstr(p.said, rows[i].said) == NULL)
			fail_msg("%s: %s", rows[i].line, p.said);
		options_fini(&p.options);
	}
	/* It is a scan, also by the options that it cannot be given. */
	parse_as(&p, "check", "a.example " WHO);
	assert_string_equal(p.options.seed, "mxcensus");
	assert_int_equal(p.options.sample, 1);
	assert_int_equal(p.options.level, 4);
	options_fini(&p.options);
	/* What fails is tried once, unless asked for. */
	parse_as(&p, "check", "a.example " WHO);
	assert_int_equal(p.options.attempts, 1);
	options_fini(&p.options);
	parse_as(&p, "check", "a.example --attempts 2 " WHO);
	assert_int_equal(p.options.attempts, 2);
	options_fini(&p.options);
	parse_as(&p, "worker", "list -o RUN " WHO);
	assert_int_equal(p.options.attempts, 2);
	options_fini(&p.options);
}

/* The options of other commands, and what is said of their arguments. */
static void
of_others(void **state)
{
	static const struct { const char *command, *line, *said; } rows[] = {
		{ "zone", "a.zone --origin example --allow-include", "" },
		{ "zone", "a.zone --limit 3", "unknown option --limit" },
		{ "zone", "a.zone --orign x", "did you mean --origin?" },
		{ "zone", "", "name a zone file" },
		{ "status", "RUN --json", "" },
		{ "status", "RUN --csv", "unknown option --csv" },
		{ "status", "", "name the folder of a run" },
		{ "status", "A B", "name one run alone" },
		{ "summary", "RUN --csv", "" },
		{ "conclude", "RUN", "" },
		{ "conclude", "RUN --force", "" },
		{ "conclude", "RUN --json", "unknown option --json" },
		{ "schema", "--json", "" },
		{ "schema", "RUN", "schema takes no argument" },
		{ "diff", "A B --sender webpki --csv F", "" },
		{ "diff", "A", "name two runs" }, { "diff", "A B C", "two runs" },
		{ "diff", "A B --sender nobody", "--sender nobody: one of" },
		{ "diff", "A B --sendr dane", "did you mean --sender?" },
		{ "export", "RUN -o F --anonymous", "" },
		{ "export", "RUN --anonymus", "did you mean --anonymous?" },
		{ "policy", "", "name one of candidates, audit and export" },
		{ "policy candidates", "A B C -o F --valid-for 3650d", "" },
		{ "policy candidates", "A -o F --valid-for 0",
		    "--valid-for 0: from 0.001 s to 315360000 s" },
		{ "policy candidates", "A -o F --valid-for 3651d", "from " },
		{ "policy candidates", "-o F",
		    "usage: mxcensus policy candidates RUN" },
		{ "policy audit", "A B C", "usage: mxcensus policy audit" },
		{ "policy export", "A --mta-sts example.com", "" },
		{ "policy export", "A --mta-sts no --frobnicate",
		    "mxcensus policy export --help" },
		{ "tlsa", "FILE --usage 2 --ttl 0", "" },
		{ "tlsa", "FILE --ttl 1h", "" },
		{ "tlsa", "FILE --ttl 1h500ms", "in whole seconds" },
		{ "tlsa", "FILE --ttl 3k", "--ttl 3k: give a time" },
		{ "tlsa", "FILE --ttl 2147483648", "from 0 s to 2147483647 s" },
		{ "tlsa", "FILE --usage 4", "--usage 4: from 0 to 3" },
		{ "tlsa", "--new a.example --rsa", "" },
		{ "tlsa", "--new a.example --rsa=4096", "" },
		{ "tlsa", "--new a.example --rsa=2047", "from 2048 to 8192" },
		/* Only with --host it is measured. */
		{ "tlsa", "FILE " WHO, "unknown option --ehlo" },
		{ "tlsa", "--host mx.example --usage 2 " WHO, "" },
		{ "tlsa", WHO " --port 26 --host=mx.example", "" },
		{ "tlsa", "--hos mx.example " WHO, "" },
		{ "tlsa", "--host mx.example", "--ehlo" },
		{ "tlsa", "--host mx.example FILE " WHO, "and no file" },
		{ "tlsa", "--host mx.example --new " WHO, "unknown option" },
		{ "tlsa", "FILE -- --host", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct parse p;

		parse_as(&p, rows[i].command, rows[i].line);
		if ((p.result == OPTIONS_OK) != (rows[i].said[0] == '\0') ||
		    strstr(p.said, rows[i].said) == NULL)
			fail_msg("%s %s: %s", rows[i].command, rows[i].line,
			    p.said);
		options_fini(&p.options);
	}
}

/* The defaults that the man page has, and what was typed. */
static void
values_of_others(void **state)
{
	struct parse p;

	(void)state;
	parse_as(&p, "tlsa", "FILE");
	assert_int_equal(p.options.record.usage, 3);
	assert_int_equal(p.options.record.selector, 1);
	assert_int_equal(p.options.record.matching_type, 1);
	assert_int_equal(p.options.record.ttl, 3600);
	options_fini(&p.options);
	parse_as(&p, "tlsa", "FILE --ttl 1d1h");
	assert_int_equal(p.options.record.ttl, 90000);
	options_fini(&p.options);
	parse_as(&p, "tlsa", "FILE --ttl 600");
	assert_int_equal(p.options.record.ttl, 600);
	options_fini(&p.options);
	parse_as(&p, "tlsa", "FILE");
	assert_int_equal(p.options.record.rsa_bits, 0);
	assert_int_equal(p.options.port, 25);
	assert_false(options_have(&p.options, "usage"));
	options_fini(&p.options);
	parse_as(&p, "tlsa", "--new a.example --rsa --usage 3");
	assert_int_equal(p.options.record.rsa_bits, 2048);
	assert_true(options_have(&p.options, "usage"));
	options_fini(&p.options);
	parse_as(&p, "tlsa", "--new a.example --rsa=3072");
	assert_int_equal(p.options.record.rsa_bits, 3072);
	options_fini(&p.options);
	parse_as(&p, "policy candidates", "A -o F");
	assert_int_equal(p.options.policy.valid_for_ms, 14 * 86400000LL);
	assert_string_equal(p.options.output, "F");
	options_fini(&p.options);
	/* The last value counts. */
	parse_as(&p, "zone", "a --json --names");
	assert_int_equal(p.options.form, FORM_NAMES);
	options_fini(&p.options);
	parse_as(&p, "zone", "a");
	assert_int_equal(p.options.form, FORM_TEXT);
	options_fini(&p.options);
	/* A flag is switched off, as a form is. */
	parse_as(&p, "summary", "a --json --csv=no --partial --partial=no");
	assert_int_equal(p.result, OPTIONS_OK);
	assert_int_equal(p.options.form, FORM_JSON);
	assert_false(p.options.partial);
	options_fini(&p.options);
}

/* --delegations is given as often as there are zones; run.json has all paths. */
static void
paths(void **state)
{
	static const struct {
		const char	*line;
		const char	*text;	/* NULL: it is refused */
	} rows[] = {
		{ "", "" },
		{ "--delegations a.zone", "a.zone" },
		{ "--delegations b.zone --delegations=a.zone",
		    "b.zone a.zone" },
		{ "--delegations -", "-" },
		{ "-o R2 - --delegations b.zone", "b.zone" },
		/* Standard input can be read once. */
		{ "--delegations - --delegations -", NULL },
		{ "- --delegations -", NULL },
	};
	char value[1024];
	const char *name;
	bool changes;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct parse p;

		parse_quiet(&p, rows[i].line);
		if (rows[i].text == NULL) {
			assert_int_equal(p.result, OPTIONS_WRONG);
			assert_string_equal(p.said, "mxcensus: --delegations "
			    "-: standard input is named twice\n");
			options_fini(&p.options);
			continue;
		}
		assert_int_equal(p.result, OPTIONS_OK);
		for (size_t at = 0; options_in_force(&p.options, at, &name,
		    value, &changes); at++)
			if (strcmp(name, "delegations") == 0)
				break;
		assert_string_equal(name, "delegations");
		assert_true(changes);
		assert_string_equal(value, rows[i].text);
		options_fini(&p.options);
	}
}

/* No command, the worker among them, has two options of one name or letter. */
static void
distinct(void **state)
{
	(void)state;
	for (const struct command *command = commands; command->name != NULL;
	    command++)
		for (const struct option_entry *a = option_entries;
		    a->name != NULL; a++)
			for (const struct option_entry *b = a + 1;
			    b->name != NULL; b++) {
				if (!command_has_option(command, a) ||
				    !command_has_option(command, b))
					continue;
				assert_string_not_equal(a->name, b->name);
				if (a->letter != 0)
					assert_int_not_equal(a->letter,
					    b->letter);
			}
}

/* A command is told by its bit, so no two have the same one. The worker has those
 * of the commands that start it. */
static void
bits(void **state)
{
	unsigned all = 0;

	(void)state;
	for (const struct command *command = commands; command->name != NULL;
	    command++) {
		/* The options of a stage are those of scan alone. */
		unsigned own = command->options & ~(unsigned)COMMAND_STAGE;

		if (command->summary == NULL)
			continue;
		assert_int_equal(own & (own - 1), 0);
		assert_int_equal(all & own, 0);
		all |= own;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults), cmocka_unit_test(ds_choices),
		cmocka_unit_test(numbers),
		cmocka_unit_test(wrong_values), cmocka_unit_test(words),
		cmocka_unit_test(unknown), cmocka_unit_test(conduct),
		cmocka_unit_test(own_networks),
		cmocka_unit_test(shards), cmocka_unit_test(budgets_of_shards),
		cmocka_unit_test(in_force), cmocka_unit_test(of_check),
		cmocka_unit_test(of_others),
		cmocka_unit_test(values_of_others), cmocka_unit_test(paths),
		cmocka_unit_test(distinct), cmocka_unit_test(bits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
