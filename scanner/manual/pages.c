/* pages: what only the man pages say: statuses, files, examples. */
#include <string.h>

#include "scanner/manual/manual_internal.h"

#define ITEMS(...)	(const struct manual_item[]) { __VA_ARGS__,	\
			    { NULL, NULL } }

/* The configuration file of the examples, and a command that uses it. */
#define FROM_CONFIG	" --config scan.conf"

#define BAD_USAGE	{ "2", "The command line or the configuration file " \
	"is wrong." }
#define BUG		{ "70", "The program has a bug." }
#define BAD_RUN(name)	{ "65", name " is not a run, or it is not whole." }
#define READ_OR_WRITE	{ "74", "Reading or writing failed." }
#define WRITE		{ "74", "Writing failed." }
#define UNSEALED	{ "75", "The run is not sealed: it is still being " \
	"measured, or it was stopped." }
#define VANTAGE		{ "69", "This machine cannot measure: its clock, its " \
	"trust anchor or its network is not good." }

const char manual_config_text[] =
    "Each command that has options of its own also reads them from the file of "
    "--config. A line has the name of an option without its hyphens, an equals "
    "sign, and the value. A flag needs no value; yes switches it on, and no "
    "switches it off. Empty lines do not count. A comment begins with # at "
    "the start of a line or after a blank.\n\n"
    "A value stands in double quotes if it is empty, begins with a quote or "
    "#, begins or ends with a blank, or contains a blank and then #. In "
    "quotes, \\\", \\\\, \\n and \\r are a quote, a backslash, a line feed "
    "and a carriage return.\n\n"
    "An option that may be repeated has a line for each value. Any other "
    "option has one line at most. The file has at most 64 KiB, and a line at "
    "most 8 KiB.\n\n"
    "An option on the command line replaces all lines of this option. "
    "There, --quiet=no switches off a flag that the file switches on. Paths "
    "are relative to the current folder, not to the file. Inputs and other "
    "arguments are not options, so the file cannot name them.\n\n"
    "One file may serve several commands. Each command skips the options "
    "that only other commands have, and refuses a name that no command has. "
    "The options output and csv do not mean the same in every command, so they "
    "are better given on the command line.\n\n"
    "With --show-config, a command prints the value of each of its options "
    "in this format, and where each value comes from. For example:";

const char manual_config_example[] =
    "# scan.conf: who we are, and how gently we ask\n"
    "ehlo = scan.example.org\n"
    "contact = https://scan.example.org/\n"
    "opt-out = opt-out.txt\n"
    "retry-after = 1h30m       # times may have several units\n"
    "rate = 50\n"
    "quiet\n";

static const struct manual_item of_program[] = {
	{ "0", "The command has done what it was asked. Of check: there are "
	    "no problems." },
	{ "1", "check or policy audit found problems, policy candidates found "
	    "no candidate, or tlsa --host found no host or no STARTTLS." },
	{ "2", "The command line or the configuration file is wrong, the "
	    "inputs are not those of the run, or the folder belongs to "
	    "something else." },
	{ "3", "Of check --nagios: unknown. With this option 0 is OK, 1 is a "
	    "warning, and 2 is critical." },
	{ "65", "An input is wrong, or a folder is not a run or not whole." },
	VANTAGE, BUG,
	{ "71", "The machine is out of memory. The same command resumes the "
	    "scan." },
	READ_OR_WRITE,
	{ "75", "The scan was stopped, and the same command resumes it; or "
	    "another mxcensus is working on the run. Of commands that take a "
	    "sealed run: it is not sealed. Of check and tlsa --host: "
	    "something could not be determined." },
	{ NULL, NULL },
};

static const struct manual_page pages[] = { {
	.command = "",
	.description = "mxcensus measures the transport security of mail. It "
	    "reads domain names from lists and zone files, resolves their MX "
	    "and TLSA records with its own DNSSEC validation, and probes "
	    "STARTTLS and certificates once for each MX host. It writes the "
	    "facts into a folder of gzip CSV tables, which is called a run. "
	    "From the facts it concludes for each domain, and for six kinds of "
	    "sender, whether DANE, a valid certificate or nothing protects the "
	    "mail on its way.\n\n"
	    "Each command has a man page and --help. A name that begins with "
	    "a hyphen is taken as an argument if it comes after --.",
	.statuses = of_program,
	.files = ITEMS({ "RUN", "The folder of a run. mxcensus-scan(1) says "
	    "what is in it." }),
	.examples = ITEMS(
	    { "mxcensus scan se.zone.gz -o RUN" FROM_CONFIG,
	    "Measure the domains of a zone file:" },
	    { "mxcensus verify RUN && mxcensus summary RUN",
	    "Prove that the run is whole, and print its shares:" },
	    { "mxcensus check example.com" FROM_CONFIG,
	    "Say what is wrong at one domain, and how to fix it:" }),
	.see_also = "mxcensus-check 1 mxcensus-scan 1 mxcensus-schema 1 "
	    "mxcensus-summary 1 mxcensus-tlsa 1",
}, {
	.command = "scan",
	.description = "Each name is measured once, in an order that spreads "
	    "the load over servers and networks. Each MX host is resolved "
	    "once, and each address is probed once for a name, however many "
	    "domains share it. An address whose certificate does not depend on "
	    "the name is probed with a few names. What fails is tried once "
	    "more, later. The run is sealed when everything is measured: then "
	    "outcomes, summary and checksums are written.\n\n"
	    "Nothing is contacted before the scan says who it is (--ehlo and "
	    "--contact), except networks of --allow-network. No packet goes to "
	    "a special-purpose address elsewhere.\n\n"
	    "Ctrl-C, SIGTERM or --max-runtime stop the scan: open sessions "
	    "end within --grace, and a second signal ends them at once. "
	    "SIGHUP reads the file of --opt-out again. If the network, the "
	    "disk or the clock of this machine fails, the scan pauses, and "
	    "goes on by itself when it works again. A resumed scan needs the "
	    "same inputs, and the same values of all options that change "
	    "facts. It does not matter whether they are on the command line "
	    "or in a configuration file.",
	.statuses = ITEMS(
	    { "0", "The run is complete and sealed." },
	    { "2", "The command line or the configuration file is wrong, the "
	    "inputs or options are not those of the run, or the folder "
	    "belongs to something else." },
	    { "65", "An input cannot be read, or has no domain; or RUN is "
	    "damaged." },
	    { "69", "This machine cannot measure: its clock, its trust anchor "
	    "or its network is not good, or the network stayed down for "
	    "--grace-network." }, BUG,
	    { "71", "The machine is out of memory." },
	    { "74", "Writing failed, or the disk stayed full for "
	    "--grace-disk." },
	    { "75", "The scan was stopped, another scan is working on RUN or "
	    "on the shard, or the stage before is not complete." }),
	.files = ITEMS(
	    { "RUN/run.json", "Says how the run was made: version, options, "
	    "trust anchors, times and counts." },
	    { "RUN/domains/*.csv.gz", "The rows of a table. There is such a "
	    "folder for each table that mxcensus-schema(1) describes." },
	    { "RUN/summary.json", "The headline shares." },
	    { "RUN/datapackage.json", "The types of all columns, and the hash "
	    "of each file." },
	    { "RUN/SHA256SUMS", "The hash of each file, for sha256sum(1)." },
	    { "RUN/progress.jsonl", "The progress, a line now and then." },
	    { "/etc/ssl/certs/ca-certificates.crt", "The trusted CA "
	    "certificates, if --ca-file names no others." }),
	.examples = ITEMS(
	    { "mxcensus scan se.zone.gz -o RUN --ehlo scan.example.org \\\n"
	    "    --contact https://scan.example.org/",
	    "Measure the domains of a zone file. The same command resumes the "
	    "scan:" },
	    { "mxcensus scan list.txt --dry-run" FROM_CONFIG,
	    "Say what would be measured, and how long that takes at least:" },
	    { "mxcensus scan se.zone.gz -o RUN --sample 1/100 --rate 20 \\\n"
	    "    --max-runtime 1h30m" FROM_CONFIG,
	    "Measure one domain in a hundred, at a low rate, and stop after "
	    "an hour and a half:" },
	    { "mxcensus scan list.txt -o RUN --delegations se.zone.gz \\\n"
	    "   " FROM_CONFIG,
	    "Measure a list, with what a zone file says about its names:" },
	    { "zcat list.gz | mxcensus scan - -o RUN" FROM_CONFIG,
	    "Measure the names on standard input:" }),
	.see_also = "mxcensus-check 1 mxcensus-conclude 1 mxcensus-status 1 "
	    "mxcensus-summary 1 mxcensus-verify 1 unbound.conf 5",
}, {
	.command = "check",
	.description = "Several domains are measured one after the other. "
	    "With --json or --nagios they are measured together. No file is "
	    "kept.",
	.statuses = ITEMS(
	    { "0", "No problems were found." },
	    { "1", "Problems were found." }, BAD_USAGE,
	    { "65", "A file of --opt-out or --policy-list is wrong." },
	    VANTAGE, BUG,
	    { "74", "Output failed." },
	    { "75", "Something could not be determined." },
	    { "with --nagios", "0 is OK; 1 is a warning: problems were found; "
	    "2 is critical: some senders cannot deliver; 3 is unknown, or a "
	    "wrong command line." }),
	.files = ITEMS({ "/etc/ssl/certs/ca-certificates.crt", "The trusted "
	    "CA certificates, if --ca-file names no others." }),
	.examples = ITEMS(
	    { "mxcensus check example.com --ehlo scan.example.org \\\n"
	    "    --contact https://scan.example.org/",
	    "Explain one domain, and say what to fix:" },
	    { "mxcensus check example.com --attempts 2 --retry-after 5m "
	    "\\\n   " FROM_CONFIG,
	    "Try what fails a second time, five minutes later:" },
	    { "mxcensus check example.com --nagios" FROM_CONFIG,
	    "Answer a monitor:" }),
	.see_also = "mxcensus-scan 1 mxcensus-tlsa 1",
}, {
	.command = "zone",
	.description = "It counts the delegations, those with DS records by "
	    "algorithm and digest, and the name servers, and it names their "
	    "largest operators. Zone files may be compressed with gzip(1).",
	.statuses = ITEMS({ "0", "All files were read." }, BAD_USAGE,
	    { "65", "A file cannot be read completely." }, WRITE),
	.files = ITEMS({ "FILE", "A zone file, as a name server or a registry "
	    "writes it (RFC 1035, section 5)." }),
	.examples = ITEMS(
	    { "mxcensus zone se.zone.gz nu.zone.gz",
	    "Say what two zone files contain:" },
	    { "mxcensus zone se.zone.gz --names > list.txt",
	    "Write the delegated names into a list:" }),
	.see_also = "mxcensus-scan 1",
}, {
	.command = "status",
	.statuses = ITEMS({ "0", "The progress was printed." }, BAD_USAGE,
	    { "65", "RUN is not a run." }, READ_OR_WRITE),
	.files = ITEMS({ "RUN/progress.jsonl", "The progress that the scan "
	    "writes." }),
	.examples = ITEMS({ "mxcensus status RUN",
	    "Say how far a scan is:" },
	    { "mxcensus status RUN --json", "Print it for a program:" }),
	.see_also = "mxcensus-scan 1 mxcensus-summary 1",
}, {
	.command = "summary",
	.statuses = ITEMS({ "0", "The shares were printed." }, BAD_USAGE,
	    BAD_RUN("RUN"), READ_OR_WRITE,
	    { "75", "The run is not sealed, and --partial was not given." }),
	.files = ITEMS({ "RUN/summary.json", "The shares of a sealed run." }),
	.examples = ITEMS({ "mxcensus summary RUN",
	    "Print the shares of a sealed run:" },
	    { "mxcensus summary RUN --csv > shares.csv",
	    "Write them into a table:" },
	    { "mxcensus summary RUN --partial",
	    "Print the shares so far of a run that is being measured:" }),
	.see_also = "mxcensus-conclude 1 mxcensus-diff 1 mxcensus-scan 1",
}, {
	.command = "conclude",
	.description = "This is of use when a new version of mxcensus "
	    "concludes more from the same facts.",
	.statuses = ITEMS({ "0", "Outcomes and summary were written." },
	    BAD_USAGE, { "65", "RUN is not a run, or it is not whole, or its "
	    "facts have changed." }, READ_OR_WRITE,
	    { "75", "The run is not sealed, or another mxcensus is working on "
	    "it." }),
	.files = ITEMS({ "RUN/outcomes/*.csv.gz", "The result for each domain "
	    "and kind of sender." },
	    { "RUN/summary.json", "The headline shares." },
	    { "RUN/SHA256SUMS", "The hashes, written again." }),
	.examples = ITEMS({ "mxcensus conclude RUN",
	    "Recompute what follows from the facts:" }),
	.see_also = "mxcensus-scan 1 mxcensus-summary 1 mxcensus-verify 1",
}, {
	.command = "policy",
	.description = "A policy list names domains whose mail is to be "
	    "delivered only over TLS with a valid certificate. Each command "
	    "has a page of its own.",
	.statuses = ITEMS({ "0", "The help was printed." },
	    { "2", "No command, or a wrong one, was named." }),
	.files = ITEMS({ "LIST", "A policy list: JSON, in the format of "
	    "STARTTLS Everywhere v0.1." }),
	.examples = ITEMS(
	    { "mxcensus policy candidates RUN1 RUN2 RUN3 -o list.json",
	    "Make a list from three runs:" },
	    { "mxcensus policy audit list.json RUN3",
	    "Check it against a run:" },
	    { "mxcensus policy export list.json --postfix > tls_policy",
	    "Print it for Postfix:" }),
	.see_also = "mxcensus-policy-audit 1 mxcensus-policy-candidates 1 "
	    "mxcensus-policy-export 1",
}, {
	.command = "policy candidates",
	.description = "A domain has the mode testing in the list, unless its "
	    "own MTA-STS policy says enforce, or --opt-in names it.",
	.statuses = ITEMS({ "0", "The list was written." },
	    { "1", "There is no candidate, so LIST stays as it is." },
	    BAD_USAGE, { "65", "A file is wrong, or a folder is not a run or "
	    "not whole." }, READ_OR_WRITE, { "75", "A run is not sealed." }),
	.files = ITEMS({ "LIST", "The policy list: JSON, in the format of "
	    "STARTTLS Everywhere v0.1." },
	    { "RUN", "A run of mxcensus-scan(1)." }),
	.examples = ITEMS(
	    { "mxcensus policy candidates RUN1 RUN2 RUN3 -o list.json",
	    "Make a list from three runs:" },
	    { "mxcensus policy candidates RUN1 RUN2 RUN3 -o list.json \\\n"
	    "    --previous old.json --opt-in owners.txt --valid-for 28d \\\n"
	    "    --reasons reasons.csv.gz",
	    "Make the next one, which is valid for four weeks, and say why "
	    "domains were rejected:" }),
	.see_also = "mxcensus-policy-audit 1 mxcensus-policy-export 1",
}, {
	.command = "policy audit",
	.statuses = ITEMS({ "0", "No problems were found." },
	    { "1", "The list has faults or is expired, or an enforced policy "
	    "would lose mail." }, BAD_USAGE,
	    { "65", "The list or the run cannot be read, or RUN has measured "
	    "no domain of the list." }, READ_OR_WRITE, UNSEALED),
	.files = ITEMS({ "LIST", "The policy list: JSON, in the format of "
	    "STARTTLS Everywhere v0.1." },
	    { "RUN", "A run that mxcensus scan LIST made." }),
	.examples = ITEMS(
	    { "mxcensus policy audit list.json", "Check a list by itself:" },
	    { "mxcensus policy audit list.json RUN --csv audit.csv",
	    "Compare it with a run, and write what was found into a table:" }),
	.see_also = "mxcensus-policy-candidates 1 mxcensus-policy-export 1 "
	    "mxcensus-scan 1",
}, {
	.command = "policy export",
	.statuses = ITEMS({ "0", "The list was printed." }, BAD_USAGE,
	    { "65", "The list is wrong, or does not have the domain." },
	    WRITE),
	.files = ITEMS({ "LIST", "The policy list: JSON, in the format of "
	    "STARTTLS Everywhere v0.1." }),
	.examples = ITEMS(
	    { "mxcensus policy export list.json --postfix > tls_policy",
	    "Print a table for Postfix:" },
	    { "mxcensus policy export list.json --mta-sts example.com",
	    "Print what the list says of a domain, as its MTA-STS policy:" }),
	.see_also = "mxcensus-policy-audit 1 mxcensus-policy-candidates 1 "
	    "postconf 5",
}, {
	.command = "diff",
	.description = "What was undetermined in one of the runs is counted "
	    "by itself: it is neither better nor worse. Runs with different "
	    "options can be compared, too; the answer says which options "
	    "differ.",
	.statuses = ITEMS({ "0", "The runs were compared." }, BAD_USAGE,
	    BAD_RUN("OLD or NEW"), READ_OR_WRITE,
	    { "75", "A run is not sealed." }),
	.files = ITEMS({ "OLD, NEW", "Runs of mxcensus-scan(1)." },
	    { "FOLDER/*.csv", "The lists that --csv writes." }),
	.examples = ITEMS({ "mxcensus diff OLD NEW",
	    "Say what changed between two runs:" },
	    { "mxcensus diff --places AMS NYC",
	    "Say what one of two places sees, and the other does not:" },
	    { "mxcensus diff OLD NEW --sender dane --csv changes",
	    "Compare the results for senders with DANE, and write lists into "
	    "a folder:" }),
	.see_also = "mxcensus-scan 1 mxcensus-summary 1",
}, {
	.command = "merge",
	.description = "A run of one plan has the same inputs, options and "
	    "version; the two differ in --vantage. All rows of a domain, of a "
	    "host, or of a host at an address come from one run: from the one "
	    "that determined it, else from A. The outcomes are concluded "
	    "again.",
	.statuses = ITEMS({ "0", "The runs were merged." },
	    { "2", "The command line or the configuration file is wrong, or "
	    "the runs are not of one plan or not from different places." },
	    BAD_RUN("A or B"), READ_OR_WRITE,
	    { "75", "A run is not sealed." }),
	.files = ITEMS({ "A, B", "Runs of mxcensus-scan(1) with --vantage." },
	    { "RUN/run.json", "Says what both runs were, and how many rows "
	    "each of them gave." }),
	.examples = ITEMS({ "mxcensus merge AMS NYC -o BOTH",
	    "Make one run of two:" }),
	.see_also = "mxcensus-diff 1 mxcensus-scan 1 mxcensus-verify 1",
}, {
	.command = "export",
	.description = "With --anonymous addresses are numbers. Names stay, "
	    "and whoever resolves them gets addresses.",
	.statuses = ITEMS({ "0", "The copy was written." }, BAD_USAGE,
	    BAD_RUN("RUN"), READ_OR_WRITE, UNSEALED),
	.files = ITEMS({ "FOLDER/SHA256SUMS", "The hashes of the copy." }),
	.examples = ITEMS({ "mxcensus export RUN -o COPY",
	    "Copy a run for publication:" },
	    { "mxcensus export RUN -o PUBLIC --anonymous",
	    "Copy it without addresses:" }),
	.see_also = "mxcensus-scan 1 mxcensus-verify 1",
}, {
	.command = "verify",
	.statuses = ITEMS({ "0", "The run is whole." },
	    { "2", "The command line is wrong." },
	    { "65", "RUN is not a run, or has violations." }, READ_OR_WRITE,
	    { "75", "The run is not sealed, but has no violations so far." }),
	.files = ITEMS({ "RUN/SHA256SUMS", "The hashes of all files of a "
	    "sealed run." }),
	.examples = ITEMS({ "mxcensus verify RUN",
	    "Prove that a run is whole:" }),
	.see_also = "mxcensus-export 1 mxcensus-scan 1 sha256sum 1",
}, {
	.command = "schema",
	.statuses = ITEMS({ "0", "The tables were printed." }, BAD_USAGE,
	    WRITE),
	.files = ITEMS({ "RUN/datapackage.json", "What --json prints, with "
	    "the hash of each file of a run." }),
	.examples = ITEMS({ "mxcensus schema | less",
	    "Read about the tables:" },
	    { "mxcensus schema --json", "Print them for programs:" }),
	.see_also = "mxcensus-scan 1",
}, {
	.command = "probing-txt",
	.statuses = ITEMS({ "0", "The text was printed." }, BAD_USAGE, WRITE),
	.files = ITEMS({ "/.well-known/probing.txt",
	    "Where the web server of NAME shows the text (RFC 9511)." }),
	.examples = ITEMS({ "mxcensus probing-txt --ehlo scan.example.org "
	    "\\\n    --contact https://scan.example.org/ > probing.txt",
	    "Write the text:" }),
	.see_also = "mxcensus-scan 1",
}, {
	.command = "completion",
	.description = "make install puts both scripts where the shells look "
	    "for them.",
	.statuses = ITEMS({ "0", "The script was printed." },
	    { "2", "The command line is wrong." }, WRITE),
	.files = ITEMS(
	    { "/usr/share/bash-completion/completions/mxcensus",
	    "The script for bash, if it is installed in /usr." },
	    { "/usr/share/zsh/vendor-completions/_mxcensus",
	    "The script for zsh." }),
	.examples = ITEMS(
	    { "eval \"$(mxcensus completion bash)\"",
	    "Complete command lines in this shell, which is bash:" },
	    { "mxcensus completion zsh > _mxcensus",
	    "Write the script for zsh, for a folder of its variable "
	    "fpath:" }),
	.see_also = "bash 1 zshcompsys 1",
}, {
	.command = "tlsa",
	.description = "A certificate or key that --new writes never "
	    "replaces a file. With --host the MX host is contacted as by "
	    "mxcensus-check(1), so --ehlo and --contact are required.",
	.statuses = ITEMS({ "0", "The records were printed." },
	    { "1", "With --host: there is no such host, it has no address, "
	    "or no address offers STARTTLS." }, BAD_USAGE,
	    { "65", "FILE, or with --host a file of --opt-out, is not what it "
	    "should be." },
	    { "69", "With --host: this machine cannot measure." },
	    { "70", "With --host: the program has a bug." },
	    { "74", "Output failed." },
	    { "75", "With --host: something could not be determined." }),
	.files = ITEMS(
	    { "NAME.key", "The private key that --new makes, with mode 0600." },
	    { "NAME.pem", "Its certificate." }),
	.examples = ITEMS({ "mxcensus tlsa chain.pem",
	    "Print the 3 1 1 record of a certificate:" },
	    { "mxcensus tlsa chain.pem --name mx.example.com --ttl 1h",
	    "Print it for a host, with a TTL:" },
	    { "mxcensus tlsa --new mx.example.com",
	    "Make a key and a certificate, and print its record:" },
	    { "mxcensus tlsa --rollover old.pem new.pem --ttl 1h30m",
	    "Say what to publish when, from one certificate to the next:" },
	    { "mxcensus tlsa --host mx.example.com" FROM_CONFIG,
	    "Print a record for each key that a host shows:" }),
	.see_also = "mxcensus-check 1 openssl 1",
} };

const struct manual_page *
manual_page_of(const char *command)
{
	static const struct manual_page none;

	for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
		if (strcmp(pages[i].command, command) == 0)
			return &pages[i];
	return &none;
}
