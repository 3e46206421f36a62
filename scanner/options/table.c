/* option_table: the options, and the commands that have them. */
#include <string.h>

#include "scanner/options/table.h"

/* In the order of enum input_format. */
static const char *const formats[] = {
	"auto", "zone", "list", "csv", "policy", NULL,
};
static const char *const yes_no[] = { "yes", "no", NULL };
static const char *const three_ways[] = { "auto", "always", "never", NULL };

/* The one table (STYLE): parser, --help, the man page and run.json. */
const struct option_entry option_entries[] = {
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
	    0, 0, true, "fully qualified name of this machine, said in EHLO; "
	    "needed, with --contact, for all that is not in a network of "
	    "--allow-network" },
	{ "conduct", "contact", 0, KIND_TEXT, AT(contact), "URL", NULL, NULL,
	    0, 0, false,
	    "https URL or mailbox where an operator finds you" },
	{ "conduct", "opt-out", 0, KIND_TEXT, AT(opt_out), "FILE", NULL, NULL,
	    0, 0, false,
	    "names (with all below), mailboxes (their domains), addresses, "
	    "prefixes and ranges A-B to leave out; read again at SIGHUP" },
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
	    "can be given several times; without both --ehlo and --contact "
	    "nothing else is contacted" },
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
	{ NULL, NULL, 0, KIND_FLAG, 0, NULL, NULL, NULL, 0, 0, false, NULL },
};
_Static_assert(sizeof option_entries / sizeof option_entries[0] <=
    OPTION_ENTRIES_MAX, "the parser has room for all of them");

static const struct command_options commands[] = {
	{ "scan", " input output resolver probe conduct run ", true, NULL,
	    "usage: mxcensus scan INPUT... -o RUN [options]\n\n"
	    "Measures the mail transport security of every domain in the "
	    "inputs (zone files,\nlists, CSV, policy lists, plain or gzip; - is "
	    "standard input) and writes gzip\nCSV into the folder RUN.\n",
	    "Exit status: 0 complete, 2 usage, 65 bad input, 69 this machine "
	    "cannot measure\n(clock, trust anchor, network), 70 a bug, 74 "
	    "output failed, 75 stopped; the same\ncommand goes on.\n" },
	{ "check", " check resolver probe conduct ", false, "1",
	    "usage: mxcensus check DOMAIN... [options]\n\n"
	    "Measures these domains now, says what mail for them meets, and "
	    "what to mend,\nmost urgent first, with the record to publish.\n",
	    "Exit status: 0 all is well, 1 something to mend, 2 usage, 69 this "
	    "machine cannot\nmeasure (clock, trust anchor, network), 70 a bug, "
	    "74 output failed, 75 something\ncould not be determined.\n" },
	/* As scan and check start it. */
	{ "worker", " check input output resolver probe conduct run ", true,
	    NULL, "", "" },
};
#define COMMANDS (sizeof commands / sizeof commands[0])

const struct command_options *
command_options_of(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return &commands[0];
}

bool
command_has_option(const struct command_options *command,
    const struct option_entry *entry)
{
	char word[32];

	snprintf(word, sizeof word, " %s ", entry->group);
	return strstr(command->groups, word) != NULL ||
	    entry->kind == KIND_HELP || entry->kind == KIND_VERSION;
}

const char *
option_preset(const struct command_options *command,
    const struct option_entry *entry)
{
	return command->attempts != NULL &&
	    strcmp(entry->name, "attempts") == 0 ? command->attempts
	    : entry->preset;
}
