/* table: every option of every command. */
#include <string.h>

#include "scanner/base/facts.h"
#include "scanner/options/table.h"

/* In the order of enum input_format. */
static const char *const formats[] = {
	"auto", "zone", "list", "csv", "policy", "json", NULL,
};
static const char *const yes_no[] = { "yes", "no", NULL };
/* In the order of enum lane_choice. */
static const char *const lanes[] = { "auto", "recursive", NULL };
/* In the order of enum ds_choice. */
static const char *const ds_choices[] = { "auto", "verify", "trust", NULL };
/* In the order of enum log_format. */
static const char *const log_formats[] = { "text", "json", NULL };
static const char *const three_ways[] = { "auto", "always", "never", NULL };
/* In the order of enum stage. */
static const char *const stages[STAGE_COUNT + 1] = {
	"all", "plan", "domains", "hosts", "probes", NULL,
};
#define TEXT_OF(value, text) text,
static const char *const senders[] = { SENDER_VALUES(TEXT_OF) NULL };
#undef TEXT_OF

/* Commands that have the same options. */
#define SCANS		COMMAND_SCAN
#define MEASURES	(COMMAND_SCAN | COMMAND_CHECK | COMMAND_TLSA_HOST)
#define ZONE		COMMAND_ZONE
#define DRAWS		COMMAND_POLICY_CANDIDATES
#define RECORD		(COMMAND_TLSA | COMMAND_TLSA_HOST)
#define EVERY		(~0u)
/* These have options of their own. */
#define CONFIGURABLE	(EVERY & ~(unsigned)(COMMAND_VERIFY | COMMAND_POLICY | \
			    COMMAND_COMPLETION))

/* The one table (docs/style.md). */
const struct option_entry option_entries[] = {
#define AT(member) offsetof(struct options, member)
	{ SCANS, "input", "format", 0, KIND_CHOICE, AT(format), "FORMAT",
	    "auto", formats, 0, 0, true,
	    "what the inputs are: auto (by content), zone, list, csv, policy, "
	    "json" },
	{ SCANS | ZONE, "input", "origin", 0, KIND_TEXT, AT(origin), "NAME",
	    NULL, NULL, 0, 0, true,
	    "origin for zone files that do not state one" },
	{ SCANS | ZONE, "input", "allow-include", 0, KIND_FLAG,
	    AT(allow_include), NULL, NULL, NULL, 0, 0, true,
	    "follow $INCLUDE in zone files, within the folder of the file" },
	{ SCANS, "input", "lenient", 0, KIND_FLAG, AT(is_lenient), NULL, NULL,
	    NULL, 0, 0, true,
	    "accept list entries that are URLs, mailboxes, in quotes or "
	    "followed by a comma, and measure their domain; without this "
	    "option they are rejected" },
	{ SCANS, "input", "delegations", 0, KIND_PATHS, AT(delegations),
	    "ZONE", NULL, NULL, 0, 0, true,
	    "zone file that says how the names of the inputs are delegated; it "
	    "adds no names; may be repeated" },
	{ SCANS, "input", "limit", 0, KIND_COUNT, AT(limit), "N", "0", NULL, 0,
	    UINT64_MAX, true,
	    "measure at most N distinct names, in the order of the plan (0: "
	    "all)" },
	{ SCANS, "input", "sample", 0, KIND_SAMPLE, AT(sample), "1/N", "1/1",
	    NULL, 1, UINT32_MAX, true,
	    "measure one name in N, the same names in every run" },
	{ SCANS, "input", "seed", 0, KIND_TEXT, AT(seed), "TEXT", "mxcensus",
	    NULL, 0, 0, true,
	    "seed for the order of the names" },
	{ SCANS, "input", "dry-run", 0, KIND_FLAG, AT(dry_run), NULL, NULL,
	    NULL, 0, 0, false,
	    "read the inputs and every file that an option names, say what "
	    "would be measured and how long it takes at least, and send nothing" },
	{ SCANS, "output", "output", 'o', KIND_TEXT, AT(run), "RUN", NULL,
	    NULL, 0, 0, false,
	    "folder of the run; if it has a stopped run, that is resumed" },
	{ SCANS, "output", "level", 0, KIND_COUNT, AT(level), "N", "4", NULL,
	    1, 9, false, "compression level (gzip) of the part files" },
	{ SCANS, "output", "notes", 0, KIND_TEXT, AT(notes), "TEXT", NULL,
	    NULL, 0, 0, false,
	    "a note to keep in run.json" },
	{ SCANS, "output", "vantage", 0, KIND_TEXT, AT(vantage), "NAME", NULL,
	    NULL, 0, 0, true,
	    "name of the place that this machine measures from, to compare and "
	    "merge runs of several places" },
	{ SCANS, "output", "force-resume", 0, KIND_FLAG, AT(force_resume),
	    NULL, NULL, NULL, 0, 0, false,
	    "resume although options differ from the first start" },
	{ MEASURES, "resolver", "root-hints", 0, KIND_TEXT, AT(root_hints),
	    "FILE", NULL, NULL, 0, 0, true,
	    "list of root name servers (default: the one built into libunbound)" },
	{ MEASURES, "resolver", "trust-anchor", 0, KIND_TEXT, AT(trust_anchor),
	    "FILE", NULL, NULL, 0, 0, true,
	    "DS or DNSKEY of the root (default: keys 20326 and 38696)" },
	{ MEASURES, "resolver", "forward", 0, KIND_TEXT, AT(forward),
	    "ADDRESS", NULL, NULL, 0, 0, true,
	    "send all questions to this resolver; answers are still validated "
	    "here" },
	{ MEASURES, "resolver", "resolver-conf", 0, KIND_TEXT,
	    AT(resolver_conf), "FILE", NULL, NULL, 0, 0, true,
	    "more settings for the resolver, as in unbound.conf" },
	{ SCANS, "resolver", "lane", 0, KIND_CHOICE, AT(lane), "LANE",
	    "auto", lanes, 0, 0, true,
	    "auto: ask the name servers of a domain directly, as a zone file "
	    "or the zone above a name of a list says who they are, and verify "
	    "what is signed (section 13 of docs/rules.md); "
	    "recursive: ask everything through the built-in resolver" },
	{ SCANS, "resolver", "ds", 0, KIND_CHOICE, AT(ds), "HOW", "auto",
	    ds_choices, 0, 0, true,
	    "when to believe the DS records of a zone file (for --lane auto); "
	    "verify: if their signatures in the file are valid; trust: always; "
	    "auto: verify delegations that have signatures, trust the others" },
	{ SCANS, "resolver", "zone-max-age", 0, KIND_TIME,
	    AT(zone_max_age_ms), "TIME", "48h", NULL, 0, 31536000000, true,
	    "maximum age of a zone file for --lane auto, by its modification "
	    "time and its SOA serial" },
	{ MEASURES, "resolver", "window", 0, KIND_COUNT, AT(window), "N",
	    "8000", NULL, 1, WINDOW_MAX, false,
	    "upper limit of questions in flight for each worker, late ones not "
	    "counted; the scan adapts below it" },
	{ MEASURES, "resolver", "dns-rate", 0, KIND_COUNT, AT(dns_rate), "N",
	    "500", NULL, 1, 1000000, false,
	    "questions per second to each name server of a zone file's "
	    "delegations; halved for a server that loses more than one in "
	    "twenty" },
	{ MEASURES, "resolver", "dns-prefix-rate", 0, KIND_COUNT,
	    AT(dns_prefix_rate), "N", NULL, NULL, 1, 4000000, false,
	    "questions per second to all such servers in a /24 or /48 together "
	    "(default: four times --dns-rate)" },
	{ MEASURES, "resolver", "dns-inflight", 0, KIND_COUNT,
	    AT(dns_inflight), "N", "200", NULL, 1, 100000, false,
	    "names that are looked up at such a server at the same time" },
	{ MEASURES, "resolver", "tlsa", 0, KIND_CHOICE, AT(tlsa), "WHEN",
	    "auto", three_ways, 0, 0, true,
	    "look up TLSA records: auto, if the host is secure (RFC 7672 2.2); "
	    "always; never" },
	{ MEASURES, "probe", "ca-file", 0, KIND_TEXT, AT(ca_file), "FILE",
	    NULL, NULL, 0, 0, true,
	    "trusted CA certificates in PEM (default: those of the system)" },
	{ MEASURES, "probe", "port", 0, KIND_COUNT, AT(port), "N", "25", NULL,
	    1, 65535, true, "port of the mail servers" },
	{ MEASURES, "probe", "probes", 0, KIND_COUNT, AT(probes), "N", "500",
	    NULL, 0, PROBES_MAX, false,
	    "maximum number of sessions at a time (0: no probing)" },
	{ MEASURES, "probe", "rate", 0, KIND_COUNT, AT(rate), "N", "0", NULL,
	    0, 1000000, false,
	    "maximum number of sessions started per second (0: no limit)" },
	{ MEASURES, "probe", "attempts", 0, KIND_COUNT, AT(attempts), "N", "2",
	    NULL, 1, 2, true,
	    "how often to try what fails: 1 or 2 times" },
	{ MEASURES, "probe", "retry-after", 0, KIND_TIME, AT(retry_after_ms),
	    "TIME", "30m", NULL, 0, 604800000, true,
	    "time between the first and the second attempt" },
	{ MEASURES, "probe", "timeout", 0, KIND_TIME, AT(timeout_ms), "TIME",
	    "30s", NULL, 100, 600000, true,
	    "time limit for each phase of a session; the whole session has "
	    "four times that" },
	{ MEASURES, "probe", "probe-implicit", 0, KIND_FLAG,
	    AT(probe_implicit), NULL, NULL, NULL, 0, 0, true,
	    "also probe domains that have addresses but no MX" },
	{ MEASURES, "probe", "mta-sts", 0, KIND_CHOICE, AT(mta_sts), "ANSWER",
	    "yes", yes_no, 0, 0, true,
	    "whether to look up MTA-STS and TLSRPT records, and to fetch the "
	    "policies: yes, no" },
	{ MEASURES, "probe", "policy-fetches", 0, KIND_COUNT,
	    AT(policy_fetches), "N", "64", NULL, 1, 10000, false,
	    "maximum number of policies fetched over HTTPS at a time" },
	{ MEASURES, "probe", "policy-list", 0, KIND_TEXT, AT(policy_list),
	    "FILE", NULL, NULL, 0, 0, true,
	    "policy list (STARTTLS Everywhere v0.1) to judge outcomes by; the "
	    "run keeps a copy" },
	{ MEASURES, "probe", "ipv4-only", '4', KIND_FLAG, AT(ipv4_only), NULL,
	    NULL, NULL, 0, 0, true,
	    "connect over IPv4 only" },
	{ MEASURES, "probe", "ipv6-only", '6', KIND_FLAG, AT(ipv6_only), NULL,
	    NULL, NULL, 0, 0, true,
	    "connect over IPv6 only" },
	{ MEASURES, "probe", "source-address", 0, KIND_TEXT,
	    AT(source_address), "ADDRESS", NULL, NULL, 0, 0, false,
	    "connect from this address to servers of its address family" },
	{ MEASURES, "conduct", "ehlo", 0, KIND_TEXT, AT(ehlo), "NAME", NULL,
	    NULL, 0, 0, true,
	    "fully qualified name of this machine, sent in EHLO; required, "
	    "with --contact, to contact anything outside the networks of "
	    "--allow-network" },
	{ MEASURES, "conduct", "contact", 0, KIND_TEXT, AT(contact), "URL",
	    NULL, NULL, 0, 0, false,
	    "page (an https URL) or mailbox where operators can reach you" },
	{ MEASURES, "conduct", "opt-out", 0, KIND_TEXT, AT(opt_out), "FILE",
	    NULL, NULL, 0, 0, false,
	    "list of what to leave out: names (with everything below them), "
	    "mailboxes (their domains), addresses, prefixes, and ranges A-B; "
	    "read again at SIGHUP" },
	{ MEASURES, "conduct", "sni-per-address", 0, KIND_COUNT,
	    AT(sni_per_address), "N", "8", NULL, 1, 1000000, true,
	    "names to probe an address with before one certificate chain is "
	    "assumed for all of its names" },
	{ MEASURES, "conduct", "max-per-address", 0, KIND_COUNT,
	    AT(max_per_address), "N", "1000", NULL, 1, 1000000, true,
	    "maximum number of names to probe an address with if its "
	    "certificate depends on the name" },
	{ MEASURES, "conduct", "allow-network", 0, KIND_PREFIXES,
	    AT(allow_network), "PREFIX", NULL, NULL, 0, 0, true,
	    "special-purpose network that may be contacted anyway; may be "
	    "repeated; nothing else is contacted unless both --ehlo and "
	    "--contact are given" },
	{ MEASURES, "conduct", "per-address", 0, KIND_COUNT, AT(per_address),
	    "N", "1", NULL, 1, 1000, false,
	    "maximum number of sessions at a time to an address" },
	{ MEASURES, "conduct", "per-prefix", 0, KIND_COUNT, AT(per_prefix),
	    "N", "2", NULL, 1, 10000, false,
	    "maximum number of sessions at a time to a /24 or /48" },
	{ MEASURES, "conduct", "pause", 0, KIND_TIME, AT(pause_ms), "TIME",
	    "1s", NULL, 0, 3600000, false,
	    "time between the starts of two sessions in a /24 or /48" },
	{ COMMAND_STAGE, "stage", "stage", 0, KIND_CHOICE, AT(stage), "STAGE",
	    "all", stages, 0, 0, false,
	    "which part of the run to do, so that several machines can share "
	    "it: plan reads the inputs; then domains, hosts and probes measure, "
	    "each in shards; mxcensus conclude seals the run; all does "
	    "everything" },
	{ COMMAND_STAGE, "stage", "shard", 0, KIND_SHARD, AT(shard), "I/N",
	    NULL, NULL, 1, SHARDS_MAX, false,
	    "which of the N shards of the stage to do, from 1/N to N/N; the "
	    "first shard of a stage decides N; the options of the plan hold, "
	    "and rates are divided by N" },
	{ SCANS, "run", "workers", 0, KIND_COUNT, AT(workers), "N", NULL, NULL,
	    1, 256, false,
	    "number of worker processes (default: one for each core)" },
	{ SCANS, "run", "grace", 0, KIND_TIME, AT(grace_ms), "TIME", "20s",
	    NULL, 0, 3600000, false,
	    "time for open sessions and questions to finish after Ctrl-C" },
	{ SCANS, "run", "grace-network", 0, KIND_TIME, AT(grace_network_ms),
	    "TIME", "10m", NULL, 0, 604800000, false,
	    "how long to wait for this machine's network, sockets or clock to "
	    "work again before the run stops" },
	{ SCANS, "run", "grace-disk", 0, KIND_TIME, AT(grace_disk_ms), "TIME",
	    "10m", NULL, 0, 604800000, false,
	    "how long to wait for free space on a full disk before the run "
	    "stops" },
	{ SCANS, "run", "canary", 0, KIND_TEXT, AT(canary), "HOST", NULL, NULL,
	    0, 0, false,
	    "an MX host of yours in another network, which is asked if no mail "
	    "server seems reachable from here (default: the MX of the domain "
	    "of --ehlo); none: measure without a canary" },
	{ SCANS, "run", "max-runtime", 0, KIND_TIME, AT(max_runtime_ms),
	    "TIME", "0", NULL, 0, 31536000000, false,
	    "stop after this time, as at Ctrl-C (0: never)" },
	{ SCANS, "run", "sandbox", 0, KIND_CHOICE, AT(sandbox), "WHEN", "auto",
	    three_ways, 0, 0, false,
	    "once they are ready, workers and readers of inputs can neither "
	    "open nor execute files: auto, if the kernel supports it; always; "
	    "never" },
	{ SCANS, "run", "progress", 0, KIND_CHOICE, AT(progress), "WHEN",
	    "auto", three_ways, 0, 0, false,
	    "auto: a live line on a terminal, elsewhere one line per minute; "
	    "always: a live line; never: no progress" },
	{ SCANS, "run", "metrics-file", 0, KIND_TEXT, AT(metrics_file), "FILE",
	    NULL, NULL, 0, 0, false,
	    "write how the run fares into FILE every few seconds, for the "
	    "textfile collector of Prometheus' node_exporter" },
	{ SCANS, "run", "log-format", 0, KIND_CHOICE, AT(log_format), "FORM",
	    "text", log_formats, 0, 0, false,
	    "lines on standard error; text: with the time before each, unless "
	    "standard error is a terminal or the journal; json: an object with "
	    "time, level, process, pid and message, and no live line" },
	{ SCANS, "run", "quiet", 'q', KIND_FLAG, AT(quiet), NULL, NULL, NULL,
	    0, 0, false,
	    "show neither progress nor the summary" },
	/* Only options of a scan are in run.json; these are not. */
	{ RECORD, "record", "usage", 0, KIND_COUNT, AT(record.usage), "N", "3",
	    NULL, 0, 3, false,
	    "3: the server's own certificate or key; 2: the certificate or key "
	    "of its CA, which the server must then send along; 0 and 1 are not "
	    "for SMTP (RFC 7672 3.1.3)" },
	{ RECORD, "record", "selector", 0, KIND_COUNT, AT(record.selector),
	    "N", "1", NULL, 0, 1, false,
	    "1: the public key; 0: the whole certificate" },
	{ RECORD, "record", "matching-type", 0, KIND_COUNT,
	    AT(record.matching_type), "N", "1", NULL, 0, 2, false,
	    "1: SHA-256; 2: SHA-512; 0: in full" },
	{ COMMAND_TLSA, "record", "name", 0, KIND_TEXT, AT(record.name), "NAME",
	    NULL, NULL, 0, 0, false,
	    "the MX host (default: the first name in the certificate that is "
	    "not a wildcard; if there is none, the owner is _25._tcp, without a "
	    "domain); a name that begins with _ is the owner itself" },
	{ COMMAND_TLSA, "record", "port", 0, KIND_COUNT, AT(port), "N", "25",
	    NULL, 1, 65535, false, "port of the mail server" },
	{ RECORD, "record", "ttl", 0, KIND_SECONDS, AT(record.ttl), "TIME",
	    "1h", NULL, 0, 2147483647 /* RFC 2181 section 8 */, false,
	    "TTL of the record" },
	{ RECORD, "record", "generic", 0, KIND_FLAG, AT(record.generic), NULL,
	    NULL, NULL, 0, 0, false,
	    "print it as TYPE52 (RFC 3597), for software that does not know "
	    "TLSA" },
	{ RECORD, "record", "host", 0, KIND_TEXT, AT(record.host), "NAME", NULL,
	    NULL, 0, 0, false,
	    "ask this MX host for what it shows, as mxcensus check would; "
	    "mxcensus tlsa --host NAME --help lists the options for this" },
	{ COMMAND_TLSA, "new key", "new", 0, KIND_FLAG, AT(record.is_new), NULL,
	    NULL, NULL, 0, 0, false,
	    "make a key (ECDSA P-256) and a certificate, self-signed for three "
	    "years, with these names; print the 3 1 1 record of each" },
	/* The bounds are those of crypto/self_signed.h. */
	{ COMMAND_TLSA, "new key", "rsa", 0, KIND_COUNT, AT(record.rsa_bits),
	    "[BITS]", NULL, NULL, 2048, 8192, false,
	    "make an RSA key instead, of 2048 bits unless BITS says otherwise" },
	{ COMMAND_TLSA, "new key", "key", 0, KIND_TEXT, AT(record.key), "FILE",
	    NULL, NULL, 0, 0, false,
	    "where the key goes (default: NAME.key), with mode 0600" },
	{ COMMAND_TLSA, "new key", "certificate", 0, KIND_TEXT,
	    AT(record.certificate), "FILE", NULL, NULL, 0, 0, false,
	    "where the certificate goes (default: NAME.pem); a file that is "
	    "there is never overwritten" },
	{ COMMAND_TLSA, "rollover", "rollover", 0, KIND_FLAG,
	    AT(record.is_rollover), NULL, NULL, NULL, 0, 0, false,
	    "print the steps from the certificate or key OLD to NEW, and how "
	    "long to wait between them; --ttl is the TTL of the records "
	    "published now" },
	{ COMMAND_DIFF, "", "sender", 0, KIND_CHOICE, AT(sender), "NAME",
	    "dane_or_mta_sts", senders, 0, 0, false,
	    "sender whose mail is compared: opportunistic, dane, mta_sts, "
	    "dane_or_mta_sts, policy_list, webpki" },
	{ COMMAND_DIFF, "", "places", 0, KIND_FLAG, AT(places), NULL, NULL,
	    NULL, 0, 0, false,
	    "compare two runs of one plan from different places (scan "
	    "--vantage): what one saw and the other did not" },
	{ COMMAND_DIFF, "", "csv", 0, KIND_TEXT, AT(csv), "FOLDER", NULL, NULL,
	    0, 0, false,
	    "write lists, for all senders: domains.csv, transitions.csv, "
	    "providers.csv, certificates.csv, tlsa.csv, options.csv; with "
	    "--places, for one sender: domains.csv, addresses.csv, "
	    "networks.csv, providers.csv" },
	{ COMMAND_SUMMARY, "", "partial", 0, KIND_FLAG, AT(partial), NULL, NULL,
	    NULL, 0, 0, false,
	    "also show a run that is not sealed; what it has not measured yet "
	    "is undetermined" },
	{ COMMAND_STATUS, "", "missing", 0, KIND_FORM, AT(form), NULL, NULL,
	    NULL, FORM_MISSING, 0, false,
	    "print only the shards that are not complete and can start, one a "
	    "line, such as: domains 3/16" },
	{ COMMAND_CONCLUDE, "", "force", 0, KIND_FLAG, AT(force), NULL, NULL,
	    NULL, 0, 0, false,
	    "continue although the facts differ from the sealed ones; from "
	    "then on run.json says so (concluded_by_force)" },
	{ COMMAND_MERGE, "", "output", 'o', KIND_TEXT, AT(output), "RUN", NULL,
	    NULL, 0, 0, false,
	    "folder for the merged run, which must not exist yet" },
	{ COMMAND_EXPORT, "", "output", 'o', KIND_TEXT, AT(output), "FOLDER",
	    NULL, NULL, 0, 0, false,
	    "folder for the copy, which must not exist yet" },
	{ COMMAND_EXPORT, "", "anonymous", 0, KIND_FLAG, AT(is_anonymous), NULL,
	    NULL, NULL, 0, 0, false,
	    "leave out addresses and what servers say about themselves: each "
	    "address becomes a number, the same in every table, and the key "
	    "for this is discarded; greetings, EHLO replies, the name of this "
	    "machine, and texts and certificates that contain an address are "
	    "left out; names stay" },
	{ DRAWS, "", "output", 'o', KIND_TEXT, AT(output), "LIST", NULL, NULL,
	    0, 0, false,
	    "the list to write, in JSON" },
	{ DRAWS, "", "reasons", 0, KIND_TEXT, AT(policy.reasons), "FILE", NULL,
	    NULL, 0, 0, false,
	    "write every reason why a domain was rejected, as gzip CSV" },
	{ DRAWS, "", "previous", 0, KIND_TEXT, AT(policy.previous), "LIST",
	    NULL, NULL, 0, 0, false,
	    "the last list: say what has changed, and keep the names of its "
	    "aliases" },
	{ DRAWS, "", "opt-in", 0, KIND_TEXT, AT(policy.opt_in), "FILE", NULL,
	    NULL, 0, 0, false,
	    "domains, one per line, whose owners ask for enforce" },
	/* As in the published list. */
	{ DRAWS, "", "valid-for", 0, KIND_TIME, AT(policy.valid_for_ms), "TIME",
	    "14d", NULL, 1, 3650 * UINT64_C(86400000), false,
	    "how long the list is valid, from the start of the last run" },
	{ DRAWS, "", "author", 0, KIND_TEXT, AT(policy.author), "TEXT", NULL,
	    NULL, 0, 0, false,
	    "who is responsible for the list" },
	{ COMMAND_POLICY_AUDIT, "", "csv", 0, KIND_TEXT, AT(csv), "FILE", NULL,
	    NULL, 0, 0, false,
	    "write a row for each fault, warning and policy" },
	{ COMMAND_POLICY_EXPORT, "", "postfix", 0, KIND_FLAG,
	    AT(policy.as_postfix), NULL, NULL, NULL, 0, 0, false,
	    "print a table for smtp_tls_policy_maps of Postfix; policies in "
	    "testing are comments" },
	{ COMMAND_POLICY_EXPORT, "", "mta-sts", 0, KIND_TEXT,
	    AT(policy.as_mta_sts), "DOMAIN", NULL, NULL, 0, 0, false,
	    "print an MTA-STS policy (RFC 8461) with the names that the list "
	    "has for this domain" },
	{ COMMAND_PROBING_TXT, "", "ehlo", 0, KIND_TEXT, AT(ehlo), "NAME", NULL,
	    NULL, 0, 0, false,
	    "fully qualified name of the machine that scans, as with mxcensus "
	    "scan; its web server shows the file" },
	{ COMMAND_PROBING_TXT, "", "contact", 0, KIND_TEXT, AT(contact), "URL",
	    NULL, NULL, 0, 0, false,
	    "https URL or mailbox where operators can reach you" },
	/* RFC 9116 section 2.5.5 recommends less than a year. */
	{ COMMAND_PROBING_TXT, "", "valid-for", 0, KIND_TIME,
	    AT(probing.valid_for_ms), "TIME", "180d", NULL, 86400000,
	    365 * UINT64_C(86400000), false,
	    "how long the file is valid, from now" },
	{ COMMAND_PROBING_TXT, "", "languages", 0, KIND_TEXT,
	    AT(probing.languages), "TAGS", "en", NULL, 0, 0, false,
	    "languages in which you can be written to, separated by commas" },
	{ COMMAND_PROBING_TXT, "", "description", 0, KIND_TEXT,
	    AT(probing.description), "TEXT", NULL, NULL, 0, 0, false,
	    "what the survey is for, in one line (default: what every scan "
	    "does)" },
	{ ZONE, "", "names", 0, KIND_FORM, AT(form), NULL, NULL, NULL,
	    FORM_NAMES, 0, false,
	    "print the delegated names, one per line" },
	{ COMMAND_CHECK | ZONE | COMMAND_STATUS | COMMAND_SUMMARY, "", "json",
	    0, KIND_FORM, AT(form), NULL, NULL, NULL, FORM_JSON, 0, false,
	    "print everything as JSON, for programs" },
	{ COMMAND_CHECK, "", "nagios", 0, KIND_FORM, AT(form), NULL, NULL, NULL,
	    FORM_NAGIOS, 0, false,
	    "print one line, and end with the exit status of a Nagios plugin" },
	{ COMMAND_SCHEMA, "", "json", 0, KIND_FORM, AT(form), NULL, NULL, NULL,
	    FORM_JSON, 0, false,
	    "print the resources of a Data Package" },
	{ COMMAND_SCHEMA, "", "markdown", 0, KIND_FORM, AT(form), NULL, NULL,
	    NULL, FORM_MARKDOWN, 0, false,
	    "print tables in Markdown, for docs/schema.md" },
	{ ZONE, "", "csv", 0, KIND_FORM, AT(form), NULL, NULL, NULL, FORM_CSV,
	    0, false,
	    "print a row for each file, as CSV" },
	{ COMMAND_SUMMARY, "", "csv", 0, KIND_FORM, AT(form), NULL, NULL, NULL,
	    FORM_CSV, 0, false,
	    "print a row for each share, as CSV" },
	{ CONFIGURABLE, "", "config", 0, KIND_CONFIG, 0, "FILE", NULL, NULL, 0,
	    0, false,
	    "also read options from this file, a line NAME = VALUE for each; "
	    "the command line wins (--NAME=no switches a flag off); - is "
	    "standard input" },
	{ CONFIGURABLE, "", "show-config", 0, KIND_SHOW_CONFIG, 0, NULL, NULL,
	    NULL, 0, 0, false,
	    "print the value of every option as a file for --config, say where "
	    "each value comes from, and do nothing else" },
	{ EVERY, "", "help", 'h', KIND_HELP, 0, NULL, NULL, NULL, 0, 0, false,
	    "show the help of the command" },
	{ EVERY, "", "version", 'V', KIND_VERSION, 0, NULL, NULL, NULL, 0, 0,
	    false,
	    "show the versions of the program and of its libraries" },
#undef AT
	{ 0, NULL, NULL, 0, KIND_FLAG, 0, NULL, NULL, NULL, 0, 0, false, NULL },
};
_Static_assert(sizeof option_entries / sizeof option_entries[0] <=
    OPTIONS_MAX, "the parser has room for all of them");

const char *
stage_text(enum stage stage)
{
	return stages[stage];
}

bool
command_has_option(const struct command *command,
    const struct option_entry *entry)
{
	return (command->options & entry->commands) != 0;
}

bool
option_is_setting(const struct option_entry *entry)
{
	return entry->kind != KIND_HELP && entry->kind != KIND_VERSION &&
	    entry->kind != KIND_CONFIG && entry->kind != KIND_SHOW_CONFIG;
}

bool
option_may_be_bare(const struct option_entry *entry)
{
	return entry->value == NULL || entry->value[0] == '[';
}

bool
option_is_repeatable(const struct option_entry *entry)
{
	return entry->kind == KIND_PATHS || entry->kind == KIND_PREFIXES;
}

const char *
option_preset(const struct command *command, const struct option_entry *entry)
{
	return command->attempts != NULL &&
	    strcmp(entry->name, "attempts") == 0 ? command->attempts
	    : entry->preset;
}
