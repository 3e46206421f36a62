#include "scanner/options.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/name.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/commands/policy.h"
#include "scanner/refused_option.h"
#include "scanner/version.h"

enum kind {
	KIND_TEXT, KIND_COUNT, KIND_TIME, KIND_FLAG, KIND_CHOICE,
	KIND_PREFIXES, KIND_SAMPLE, KIND_HELP, KIND_VERSION,
};

/* In the order of enum input_format. */
static const char *const formats[] = {
	"auto", "zone", "list", "csv", "policy", NULL,
};
static const char *const yes_no[] = { "yes", "no", NULL };
static const char *const three_ways[] = { "auto", "always", "never", NULL };

/* The one table (STYLE): parser, --help, the man page and run.json. */
static const struct option_entry {
	const char	*group, *name;
	char		 letter;
	enum kind	 kind;
	size_t		 offset;	/* in struct options */
	const char	*value;		/* what help calls the argument */
	const char	*preset;	/* default, as it would be typed */
	const char *const *choices;
	uint64_t	 least, most;	/* of counts; ms of times */
	bool		 changes_facts;
	const char	*help;
} entries[] = {
#define AT(member) offsetof(struct options, member)
	{ "input", "format", 0, KIND_CHOICE, AT(format), "FORMAT", "auto",
	    formats, 0, 0, true,
	    "what the inputs are: auto (by content), zone, list, csv, policy" },
	{ "input", "origin", 0, KIND_TEXT, AT(origin), "NAME", NULL, NULL,
	    0, 0, true, "origin of zone files that do not say it" },
	{ "input", "allow-include", 0, KIND_FLAG, AT(allow_include), NULL,
	    NULL, NULL, 0, 0, true,
	    "follow $INCLUDE of zone files, within the folder of the file" },
	{ "input", "limit", 0, KIND_COUNT, AT(limit), "N", "0", NULL,
	    0, UINT64_MAX, true,
	    "measure N distinct names at most, in the order of the plan "
	    "(0: all)" },
	{ "input", "sample", 0, KIND_SAMPLE, AT(sample), "1/N", "1/1", NULL,
	    1, UINT32_MAX, true,
	    "measure one name in N, the same ones in every run" },
	{ "input", "seed", 0, KIND_TEXT, AT(seed), "TEXT", "mxcensus", NULL,
	    0, 0, true, "what the order of the names is drawn from" },
	{ "input", "dry-run", 0, KIND_FLAG, AT(dry_run), NULL, NULL, NULL,
	    0, 0, false,
	    "read the inputs and every file that an option names, say what "
	    "would be measured, send nothing" },
	{ "output", "output", 'o', KIND_TEXT, AT(run), "RUN", NULL, NULL,
	    0, 0, false, "folder of the run; a run that was stopped goes on" },
	{ "output", "level", 0, KIND_COUNT, AT(level), "N", "4", NULL,
	    1, 9, false, "gzip level of the part files" },
	{ "output", "notes", 0, KIND_TEXT, AT(notes), "TEXT", NULL, NULL,
	    0, 0, false, "a sentence for run.json" },
	{ "output", "force-resume", 0, KIND_FLAG, AT(force_resume), NULL,
	    NULL, NULL, 0, 0, false,
	    "go on although options differ from those of the first start" },
	{ "resolver", "root-hints", 0, KIND_TEXT, AT(root_hints), "FILE",
	    NULL, NULL, 0, 0, true,
	    "root name servers (default: those libunbound knows)" },
	{ "resolver", "trust-anchor", 0, KIND_TEXT, AT(trust_anchor), "FILE",
	    NULL, NULL, 0, 0, true,
	    "DS or DNSKEY of the root (default: 20326 and 38696)" },
	{ "resolver", "forward", 0, KIND_TEXT, AT(forward), "ADDRESS", NULL,
	    NULL, 0, 0, true,
	    "ask this resolver; the validation stays ours" },
	{ "resolver", "resolver-conf", 0, KIND_TEXT, AT(resolver_conf),
	    "FILE", NULL, NULL, 0, 0, true, "further unbound.conf settings" },
	{ "resolver", "window", 0, KIND_COUNT, AT(window), "N", "4000", NULL,
	    1, 100000, false, "questions in flight at most, for each worker; "
	    "as many as it can keep up with" },
	{ "resolver", "dns-rate", 0, KIND_COUNT, AT(dns_rate), "N", "500",
	    NULL, 1, 1000000, false,
	    "questions a second to a name server of a zone file's delegation; "
	    "halved where it loses more than one in twenty" },
	{ "resolver", "dns-inflight", 0, KIND_COUNT, AT(dns_inflight), "N",
	    "200", NULL, 1, 100000, false,
	    "names at a time that such a server is asked for" },
	{ "resolver", "tlsa", 0, KIND_CHOICE, AT(tlsa), "WHEN", "auto",
	    three_ways, 0, 0, true,
	    "auto: ask for TLSA where the host is secure (RFC 7672 2.2); "
	    "always; never" },
	{ "probe", "ca-file", 0, KIND_TEXT, AT(ca_file), "FILE", NULL, NULL,
	    0, 0, true, "trusted certificates, PEM (default: the system's)" },
	{ "probe", "port", 0, KIND_COUNT, AT(port), "N", "25", NULL,
	    1, 65535, true, "port of the mail servers" },
	{ "probe", "probes", 0, KIND_COUNT, AT(probes), "N", "500", NULL,
	    0, 100000, false, "sessions in flight; 0: no probing" },
	{ "probe", "rate", 0, KIND_COUNT, AT(rate), "N", "0", NULL,
	    0, 1000000, false, "sessions started a second (0: no limit)" },
	{ "probe", "attempts", 0, KIND_COUNT, AT(attempts), "N", "2", NULL,
	    1, 2, true, "how often what fails is tried" },
	{ "probe", "retry-after", 0, KIND_TIME, AT(retry_after_ms), "TIME",
	    "30m", NULL, 0, 604800000, true,
	    "between the first and the second attempt" },
	{ "probe", "timeout", 0, KIND_TIME, AT(timeout_ms), "TIME", "30s",
	    NULL, 100, 600000, true,
	    "for each phase of a session; a session has four times that" },
	{ "probe", "probe-implicit", 0, KIND_FLAG, AT(probe_implicit), NULL,
	    NULL, NULL, 0, 0, true,
	    "probe domains that have addresses and no MX as well" },
	{ "probe", "mta-sts", 0, KIND_CHOICE, AT(mta_sts), "ANSWER", "yes",
	    yes_no, 0, 0, true,
	    "ask for MTA-STS and TLSRPT records, and fetch the policies: yes, "
	    "no" },
	{ "probe", "policy-fetches", 0, KIND_COUNT, AT(policy_fetches), "N",
	    "64", NULL, 1, 10000, false,
	    "policies fetched over HTTPS at a time" },
	{ "probe", "policy-list", 0, KIND_TEXT, AT(policy_list), "FILE",
	    NULL, NULL, 0, 0, true,
	    "policy list (STARTTLS Everywhere v0.1) that outcomes are judged "
	    "by; the run keeps a copy" },
	{ "probe", "ipv4-only", '4', KIND_FLAG, AT(ipv4_only), NULL, NULL,
	    NULL, 0, 0, true, "do not connect over IPv6" },
	{ "probe", "ipv6-only", '6', KIND_FLAG, AT(ipv6_only), NULL, NULL,
	    NULL, 0, 0, true, "do not connect over IPv4" },
	{ "probe", "source-address", 0, KIND_TEXT, AT(source_address),
	    "ADDRESS", NULL, NULL, 0, 0, false,
	    "connect to servers of its family from this address" },
	{ "conduct", "ehlo", 0, KIND_TEXT, AT(ehlo), "NAME", NULL, NULL,
	    0, 0, true, "fully qualified name of this machine, said in EHLO" },
	{ "conduct", "contact", 0, KIND_TEXT, AT(contact), "URL", NULL, NULL,
	    0, 0, false,
	    "https URL or mailbox where an operator finds you" },
	{ "conduct", "opt-out", 0, KIND_TEXT, AT(opt_out), "FILE", NULL, NULL,
	    0, 0, false,
	    "names (with all below), addresses and prefixes to leave out; "
	    "read again at SIGHUP" },
	{ "conduct", "sni-per-address", 0, KIND_COUNT, AT(sni_per_address),
	    "N", "8", NULL, 1, 1000000, true,
	    "names that an address is probed with before one chain for all "
	    "of them is believed" },
	{ "conduct", "max-per-address", 0, KIND_COUNT, AT(max_per_address),
	    "N", "1000", NULL, 1, 1000000, true,
	    "names that an address is probed with where they differ" },
	{ "conduct", "allow-network", 0, KIND_PREFIXES, AT(allow_network),
	    "PREFIX", NULL, NULL, 0, 0, true,
	    "a special-purpose network that may be contacted all the same; "
	    "can be given several times" },
	{ "conduct", "per-address", 0, KIND_COUNT, AT(per_address), "N", "1",
	    NULL, 1, 1000, false, "sessions at a time to an address" },
	{ "conduct", "per-prefix", 0, KIND_COUNT, AT(per_prefix), "N", "2",
	    NULL, 1, 10000, false, "sessions at a time to a /24 or /48" },
	{ "conduct", "pause", 0, KIND_TIME, AT(pause_ms), "TIME", "1s", NULL,
	    0, 3600000, false, "between two starts in a /24 or /48" },
	{ "run", "workers", 0, KIND_COUNT, AT(workers), "N", NULL, NULL,
	    1, 256, false, "worker processes (default: one for each core)" },
	{ "run", "grace", 0, KIND_TIME, AT(grace_ms), "TIME", "20s", NULL,
	    0, 3600000, false, "for what is in flight, at Ctrl-C" },
	{ "run", "max-runtime", 0, KIND_TIME, AT(max_runtime_ms), "TIME", "0",
	    NULL, 0, 31536000000, false,
	    "stop after so long, as at Ctrl-C (0: never)" },
	{ "run", "sandbox", 0, KIND_CHOICE, AT(sandbox), "WHEN", "auto",
	    three_ways, 0, 0, false,
	    "workers, and readers of inputs, may open and execute nothing once "
	    "they are ready: auto, where the kernel can; always; never" },
	{ "run", "progress", 0, KIND_CHOICE, AT(progress), "WHEN", "auto",
	    three_ways, 0, 0, false,
	    "a live line on a terminal, a line a minute elsewhere" },
	{ "run", "quiet", 'q', KIND_FLAG, AT(quiet), NULL, NULL, NULL, 0, 0,
	    false, "no progress, no summary" },
	{ "run", "help", 'h', KIND_HELP, 0, NULL, NULL, NULL, 0, 0, false,
	    "this text" },
	{ "run", "version", 'V', KIND_VERSION, 0, NULL, NULL, NULL, 0, 0,
	    false, "the version of the program and of its libraries" },
	/* Behind what run.json has. */
	{ "check", "json", 0, KIND_FLAG, AT(json), NULL, NULL, NULL, 0, 0,
	    false, "all of it as JSON, for programs" },
#undef AT
};
#define ENTRIES (sizeof entries / sizeof entries[0])

/* The commands that have groups of the table. */
static const struct command_options {
	const char	*name;
	const char	*groups;	/* with a space around each */
	bool		 writes_run;	/* -o, and inputs instead of domains */
	const char	*attempts;	/* default, where it is another */
	const char	*synopsis, *end;	/* of its help */
} commands[] = {
	{ "scan", " input output resolver probe conduct run ", true, NULL,
	    "usage: mxcensus scan INPUT... -o RUN [options]\n\n"
	    "Measures the mail transport security of every domain in the "
	    "inputs (zone files,\nlists, CSV, policy lists, plain or gzip; - is "
	    "standard input) and writes gzip CSV\ninto the folder RUN.\n",
	    "Exit status: 0 complete, 2 usage, 65 bad input, 69 this machine "
	    "cannot measure\n(clock, trust anchor, network), 70 a bug, 74 "
	    "output failed, 75 stopped; the same\ncommand goes on.\n" },
	{ "check", " check resolver probe conduct ", false, "1",
	    "usage: mxcensus check DOMAIN... [options]\n\n"
	    "Measures these domains now, says what mail for them meets, and "
	    "what to mend, most\nurgent first, with the record to publish.\n",
	    "Exit status: 0 all is well, 1 something to mend, 2 usage, 69 this "
	    "machine cannot\nmeasure (clock, trust anchor, network), 70 a bug, "
	    "74 output failed, 75 something\ncould not be determined.\n" },
	/* As scan and check start it. */
	{ "worker", " check input output resolver probe conduct run ", true,
	    NULL, "", "" },
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static const struct command_options *
command_of(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return &commands[0];
}

static bool
has_entry(const struct command_options *command,
    const struct option_entry *entry)
{
	char word[32];

	snprintf(word, sizeof word, " %s ", entry->group);
	return strstr(command->groups, word) != NULL ||
	    entry->kind == KIND_HELP || entry->kind == KIND_VERSION;
}

static const char *
preset_of(const struct command_options *command,
    const struct option_entry *entry)
{
	return command->attempts != NULL &&
	    strcmp(entry->name, "attempts") == 0 ? command->attempts
	    : entry->preset;
}

static void *
member(const struct options *options, const struct option_entry *entry)
{
	return (char *)(uintptr_t)options + entry->offset;
}

/* `12`, `12k`, `3M`. */
static bool
parse_count(const char *text, uint64_t *count)
{
	uint64_t factor = 1;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*count = strtoull(text, &end, 10);
	if (*end == 'k')
		factor = 1000;
	else if (*end == 'M')
		factor = 1000000;
	if (factor != 1)
		end++;
	if (errno != 0 || *end != '\0' || *count > UINT64_MAX / factor)
		return false;
	*count *= factor;
	return true;
}

/* `30`, `30s`, `5m`, `2h`, `1d`, `250ms`; milliseconds. */
static bool
parse_time(const char *text, uint64_t *ms)
{
	static const struct { const char *unit; uint64_t ms; } units[] = {
		{ "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 },
		{ "h", 3600000 }, { "d", 86400000 },
	};
	char *end;
	uint64_t number;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	number = strtoull(text, &end, 10);
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (errno == 0 && strcmp(end, units[i].unit) == 0 &&
		    number <= UINT64_MAX / units[i].ms) {
			*ms = number * units[i].ms;
			return true;
		}
	return false;
}

bool
options_time(const char *text, uint64_t *ms)
{
	return parse_time(text, ms);
}

static bool
wrong_value(const struct option_entry *entry, const char *text,
    const char *wanted)
{
	log_line("--%s %s: %s", entry->name, text, wanted);
	return false;
}

static bool
set_bounded(const struct options *options, const struct option_entry *entry,
    const char *text, uint64_t value)
{
	char wanted[128];

	if (value < entry->least || value > entry->most) {
		if (entry->kind == KIND_TIME)
			snprintf(wanted, sizeof wanted, "from %g s to %g s",
			    (double)entry->least / 1000,
			    (double)entry->most / 1000);
		else
			snprintf(wanted, sizeof wanted, "from %" PRIu64
			    " to %" PRIu64, entry->least, entry->most);
		return wrong_value(entry, text, wanted);
	}
	*(uint64_t *)member(options, entry) = value;
	return true;
}

static bool
set_choice(const struct options *options, const struct option_entry *entry,
    const char *text)
{
	char wanted[128] = "one of";

	for (int i = 0; entry->choices[i] != NULL; i++) {
		size_t length = strlen(wanted);

		if (strcmp(entry->choices[i], text) == 0) {
			*(int *)member(options, entry) = i;
			return true;
		}
		snprintf(wanted + length, sizeof wanted - length, " %s",
		    entry->choices[i]);
	}
	return wrong_value(entry, text, wanted);
}

static bool
set(struct options *options, const struct option_entry *entry,
    const char *text)
{
	struct prefix prefix;
	uint64_t value;

	switch (entry->kind) {
	case KIND_TEXT:
		*(const char **)member(options, entry) = text;
		return true;
	case KIND_FLAG:
		*(bool *)member(options, entry) = true;
		return true;
	case KIND_COUNT:
		return parse_count(text, &value)
		    ? set_bounded(options, entry, text, value)
		    : wrong_value(entry, text, "a number, or with k or M");
	case KIND_TIME:
		return parse_time(text, &value)
		    ? set_bounded(options, entry, text, value)
		    : wrong_value(entry, text, "a time: 30s, 5m, 2h, 1d");
	case KIND_SAMPLE:
		return strncmp(text, "1/", 2) == 0 &&
		    parse_count(text + 2, &value)
		    ? set_bounded(options, entry, text, value)
		    : wrong_value(entry, text, "one name in N is 1/N");
	case KIND_CHOICE:
		return set_choice(options, entry, text);
	case KIND_PREFIXES:
		if (!prefix_from_text(text, strlen(text), &prefix))
			return wrong_value(entry, text,
			    "a prefix, as 198.18.0.0/15");
		prefix_set_add(&options->allow_network, &prefix);
		return true;
	default:
		return true;
	}
}

/* Help ******************************************************************** */

static void
print_wrapped(FILE *out, const char *text, int indent, int column)
{
	while (*text != '\0') {
		int word = (int)strcspn(text, " ");

		if (column + 1 + word > 79) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		}
		column += fprintf(out, " %.*s", word, text);
		text += word;
		text += strspn(text, " ");
	}
	putc('\n', out);
}

static void
print_entry(FILE *out, const struct option_entry *entry, const char *preset)
{
	char left[64], help[512];
	int length = snprintf(left, sizeof left, "  %c%c --%s%s%s",
	    entry->letter ? '-' : ' ', entry->letter ? entry->letter : ' ',
	    entry->name, entry->value != NULL ? " " : "",
	    entry->value != NULL ? entry->value : "");

	fprintf(out, "%-27s", left);
	if (preset != NULL)
		snprintf(help, sizeof help, "%s (default: %s)", entry->help,
		    preset);
	print_wrapped(out, preset != NULL ? help : entry->help, 27,
	    length > 27 ? length : 27);
}

static void
print_help(FILE *out, const struct command_options *command)
{
	const char *group = "";

	fputs(command->synopsis, out);
	for (size_t i = 0; i < ENTRIES; i++) {
		const struct option_entry *entry = &entries[i];

		if (!has_entry(command, entry))
			continue;
		if (strcmp(group, entry->group) != 0) {
			group = entry->group;
			fprintf(out, "\n%c%s\n", toupper(group[0]), group + 1);
		}
		print_entry(out, entry, preset_of(command, entry));
	}
	fputs("\nTimes take s, m, h, d; counts take k, M.\n", out);
	fputs(command->end, out);
}

void
options_man(FILE *out)
{
	const char *group = "";

	fputs(".Dd $Mdocdate$\n.Dt MXCENSUS 1\n.Os\n.Sh NAME\n.Nm mxcensus\n"
	    ".Nd census of mail transport security\n.Sh SYNOPSIS\n"
	    ".Nm mxcensus scan\n.Ar input ...\n.Fl o Ar run\n.Op options\n"
	    ".Nm mxcensus check\n.Ar domain ...\n.Op options\n"
	    ".Nm mxcensus zone\n.Ar file ...\n"
	    ".Nm mxcensus status\n.Ar run\n.Op Fl -json\n"
	    ".Nm mxcensus diff\n.Ar old new\n.Op Fl -sender Ar name\n"
	    ".Op Fl -csv Ar folder\n"
	    ".Nm mxcensus export\n.Ar run\n.Fl o Ar folder\n"
	    ".Op Fl -anonymous\n"
	    ".Nm mxcensus verify\n.Ar run\n"
	    ".Nm mxcensus policy\n.Cm candidates | audit | export\n"
	    ".Nm mxcensus schema\n"
	    ".Nm mxcensus tlsa\n.Ar file ...\n.Op options\n"
	    ".Nm mxcensus tlsa\n.Fl -new\n.Ar name ...\n"
	    ".Op Fl -rsa Ns Op = Ns Ar bits\n.Op Fl -key Ar file\n"
	    ".Op Fl -certificate Ar file\n"
	    ".Nm mxcensus tlsa\n.Fl -rollover\n.Ar old new\n.Op options\n"
	    ".Sh DESCRIPTION\n"
	    "Reads domain names, resolves their MX hosts and TLSA records with "
	    "DNSSEC validation of its own, probes STARTTLS and certificates "
	    "once for each host, and writes gzip CSV into the folder\n"
	    ".Ar run .\n"
	    "A run that was stopped goes on with the same command.\n"
	    ".Pp\n.Cm check\nmeasures single domains now and explains them to "
	    "a person: each MX host and address with DNSSEC, TLSA, STARTTLS "
	    "and certificate, what each kind of sender meets, and what to "
	    "mend, most urgent first, with the record to publish. It takes "
	    "the options of the groups check, resolver, probe and conduct; "
	    "what fails is tried once there unless\n.Fl -attempts\nsays "
	    "otherwise. It writes nothing but its answer, in colour on a "
	    "terminal where\n.Ev NO_COLOR\nis not set.\n"
	    ".Pp\n.Cm tlsa\nprints TLSA records of certificates, certificate "
	    "requests and keys in PEM files, of any usage, selector and "
	    "matching type (default: 3 1 1). With\n.Fl -new\nit makes a key "
	    "and a self-signed certificate of three years and never overwrites "
	    "a file; with\n.Fl -rollover\nit tells the steps from one key to "
	    "the next. It sends nothing;\n.Cm tlsa Fl -help\nhas its "
	    "options.\n"
	    ".Pp\n.Cm diff\ncompares two sealed runs: domains born and gone, "
	    "what a sender meets in those of both, by provider, and how "
	    "certificates, keys and TLSA records changed; with\n.Fl -csv\n"
	    "as lists, for all senders.\n"
	    ".Pp\n.Cm export\nverifies a sealed run and copies it for "
	    "publication; with\n.Fl -anonymous\nwithout addresses, greetings "
	    "and EHLO replies, and certificates that name an address.\n",
	    out);
	for (size_t i = 0; i < ENTRIES; i++) {
		const struct option_entry *entry = &entries[i];

		if (strcmp(group, entry->group) != 0) {
			if (group[0] != '\0')
				fputs(".El\n", out);
			group = entry->group;
			fprintf(out, ".Ss Options: %s\n.Bl -tag -width Ds\n",
			    group);
		}
		fprintf(out, ".It Fl -%s", entry->name);
		if (entry->letter)
			fprintf(out, " , Fl %c", entry->letter);
		if (entry->value != NULL)
			fprintf(out, " Ar %s", entry->value);
		fprintf(out, "\n%c%s.\n", toupper(entry->help[0]),
		    entry->help + 1);
		if (entry->preset != NULL)
			fprintf(out, "Default:\n.Li %s .\n", entry->preset);
	}
	fputs(".El\n", out);
	policy_man(out);
	fputs(".Sh EXIT STATUS\n.Bl -tag -width Ds\n"
	    ".It 0\nComplete; of\n.Cm check\n: all is well.\n.It 1\n"
	    ".Cm check\nor\n.Cm policy audit\nfound something to mend.\n"
	    ".It 2\nUsage.\n.It 65\nBad input, or "
	    ".Cm verify\nfound a violation.\n.It 69\nThis machine cannot "
	    "measure: clock, trust anchor, network.\n.It 70\nA bug.\n"
	    ".It 74\nOutput failed.\n.It 75\nStopped; the same command goes "
	    "on. Of\n.Cm check\n: something could not be determined.\n"
	    ".El\n.Sh STANDARDS\nRFC 5321, 3207, 6698, 7671, 7672, 4035, "
	    "7505, 8460, 8461.\n", out);
}

/* Parsing ***************************************************************** */

static void
set_presets(struct options *options, const struct command_options *command)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	for (size_t i = 0; i < ENTRIES; i++) {
		const char *preset = preset_of(command, &entries[i]);

		if (preset != NULL && !set(options, &entries[i], preset))
			assert(!"a preset of the table is legal");
	}
	options->workers = cores > 0 ? (uint64_t)cores : 1;
}

static void
make_getopt(const struct command_options *command,
    struct option longs[ENTRIES + 1], char letters[2 * ENTRIES + 2])
{
	size_t at = 0, count = 0;

	letters[at++] = ':';
	for (size_t i = 0; i < ENTRIES; i++) {
		bool takes = entries[i].value != NULL;

		if (!has_entry(command, &entries[i]))
			continue;
		longs[count++] = (struct option){ entries[i].name,
		    takes ? required_argument : no_argument, NULL,
		    LONG_OPTION_BASE + (int)i };
		if (entries[i].letter == 0)
			continue;
		letters[at++] = entries[i].letter;
		if (takes)
			letters[at++] = ':';
	}
	letters[at] = '\0';
	longs[count] = (struct option){ NULL, 0, NULL, 0 };
}

static const struct option_entry *
entry_of(int value)
{
	if (value >= LONG_OPTION_BASE)
		return &entries[value - LONG_OPTION_BASE];
	for (size_t i = 0; i < ENTRIES; i++)
		if (entries[i].letter == value)
			return &entries[i];
	return NULL;
}

/* RULES 11: who we are, or nothing that connects starts; a network of one's own
 * alone is exempt. */
static bool
check_conduct(struct options *options)
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t length;
	bool own = options->allow_network.count > 0;

	if (options->ehlo != NULL && (name_from_text(options->ehlo,
	    strlen(options->ehlo), wire, &length) != NAME_OK ||
	    name_labels(wire) < 2)) {
		log_line("--ehlo %s: a fully qualified name of this machine, "
		    "as scan.example.org", options->ehlo);
		return false;
	}
	if (options->contact != NULL && strchr(options->contact, '@') == NULL &&
	    strncmp(options->contact, "https://", 8) != 0) {
		log_line("--contact %s: an https URL or a mailbox",
		    options->contact);
		return false;
	}
	if ((options->probes > 0 || options->mta_sts == ANSWER_YES) && !own &&
	    (options->ehlo == NULL ||
	    options->contact == NULL)) {
		log_line("say who you are before you connect to strangers: "
		    "--ehlo NAME (of this machine, with reverse DNS) and "
		    "--contact URL; or --probes 0 --mta-sts no");
		return false;
	}
	if (options->ehlo == NULL)
		options->ehlo = "mxcensus.localdomain";
	return true;
}

static bool
check_arguments(const struct options *options,
    const struct command_options *command)
{
	if (options->argument_count == 0) {
		log_line(command->writes_run
		    ? "name an input: a list of domains, or - for standard "
		    "input (mxcensus scan --help)"
		    : "name a domain (mxcensus check --help)");
		return false;
	}
	if (command->writes_run && options->run == NULL && !options->dry_run) {
		log_line("name a folder for the run: -o RUN");
		return false;
	}
	return true;
}

static bool
check(struct options *options, const struct command_options *command)
{
	struct address address;
	uint8_t wire[NAME_WIRE_MAX];
	size_t length;

	if (!check_arguments(options, command))
		return false;
	if (options->origin != NULL && name_from_text(options->origin,
	    strlen(options->origin), wire, &length) != NAME_OK) {
		log_line("--origin %s: not a domain name", options->origin);
		return false;
	}
	if (options->ipv4_only && options->ipv6_only) {
		log_line("--ipv4-only and --ipv6-only leave nothing");
		return false;
	}
	if (options->source_address != NULL && !address_from_text(
	    options->source_address, strlen(options->source_address),
	    &address)) {
		log_line("--source-address %s: not an address",
		    options->source_address);
		return false;
	}
	return options->dry_run || check_conduct(options);
}

enum options_result
options_parse(struct options *options, int argc, char **argv)
{
	const struct command_options *command = command_of(argv[0]);
	struct option longs[ENTRIES + 1];
	char letters[2 * ENTRIES + 2];
	int value;

	*options = (struct options){ .argv = argv + 1, .argc = argc - 1 };
	set_presets(options, command);
	make_getopt(command, longs, letters);
	opterr = 0;
	optind = 0;	/* glibc: begin anew, whatever was parsed before */
	while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct option_entry *entry;

		if (value == '?' || value == ':') {
			refused_option_tell(command->name, longs, value,
			    argv[optind - 1]);
			return OPTIONS_WRONG;
		}
		entry = entry_of(value);
		if (entry->kind == KIND_HELP) {
			print_help(stdout, command);
			return OPTIONS_DONE;
		}
		if (entry->kind == KIND_VERSION) {
			version_print(stdout);
			return OPTIONS_DONE;
		}
		if (!set(options, entry, optarg))
			return OPTIONS_WRONG;
	}
	options->arguments = argv + optind;
	options->argument_count = (size_t)(argc - optind);
	return check(options, command) ? OPTIONS_OK : OPTIONS_WRONG;
}

void
options_fini(struct options *options)
{
	prefix_set_fini(&options->allow_network);
}

static void
print_prefixes(const struct prefix_set *set, char value[1024])
{
	size_t length = 0;

	value[0] = '\0';
	for (size_t i = 0; i < set->count && length < 900; i++) {
		char text[ADDRESS_TEXT_MAX + 4];

		prefix_to_text(&set->prefixes[i], text);
		length += (size_t)snprintf(value + length, 1024 - length,
		    "%s%s", i > 0 ? " " : "", text);
	}
}

bool
options_in_force(const struct options *options, size_t index,
    const char **name, char value[1024], bool *changes_facts)
{
	const struct option_entry *entry;
	const void *at;
	const char *text;

	if (index >= ENTRIES || entries[index].kind == KIND_HELP ||
	    entries[index].kind == KIND_VERSION)
		return false;
	entry = &entries[index];
	at = member(options, entry);
	*name = entry->name;
	*changes_facts = entry->changes_facts;
	switch (entry->kind) {
	case KIND_TEXT:
		text = *(const char *const *)at;
		snprintf(value, 1024, "%s", text != NULL ? text : "");
		break;
	case KIND_FLAG:
		snprintf(value, 1024, "%s", *(const bool *)at ? "yes" : "no");
		break;
	case KIND_CHOICE:
		snprintf(value, 1024, "%s", entry->choices[*(const int *)at]);
		break;
	case KIND_PREFIXES:
		print_prefixes(at, value);
		break;
	default:
		snprintf(value, 1024, "%" PRIu64 "%s", *(const uint64_t *)at,
		    entry->kind == KIND_TIME ? "ms" : "");
		break;
	}
	return true;
}
