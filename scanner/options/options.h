/*
 * options: what the operator asked for, for every command. One table (table.h)
 * makes the parser, --help and the man page. main owns the struct and passes it
 * down as const.
 */
#ifndef MXCENSUS_OPTIONS_OPTIONS_H
#define MXCENSUS_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/prefix.h"
#include "scanner/options/command.h"

/* The values of options that are one of a few words. */
enum yes_no { CHOICE_YES, CHOICE_NO };
enum lane_choice { CHOOSE_LANE_AUTO, CHOOSE_LANE_RECURSIVE };
enum ds_choice { CHOOSE_DS_AUTO, CHOOSE_DS_VERIFY, CHOOSE_DS_TRUST };
enum three_way { CHOICE_AUTO, CHOICE_ALWAYS, CHOICE_NEVER };

/* What a scan does: all of a run, or one of its stages. Those from
 * STAGE_DOMAINS on have shards. */
enum stage { STAGE_ALL, STAGE_PLAN, STAGE_DOMAINS, STAGE_HOSTS, STAGE_PROBES,
	STAGE_COUNT };

/* One of the parts that a stage is divided into: I of N, from 1 on. N is 0 if
 * there is none. */
struct shard {
	uint64_t	number, count;
};

/* How an answer is printed. */
enum answer_form { FORM_TEXT, FORM_JSON, FORM_CSV, FORM_NAMES,
	FORM_MARKDOWN, FORM_NAGIOS, FORM_MISSING };

/* Of the policy commands. */
struct policy_options {
	const char	*reasons, *previous, *opt_in, *author;
	uint64_t	 valid_for_ms;
	bool		 as_postfix;
	const char	*as_mta_sts;		/* a domain */
};

/* Of tlsa. */
struct record_options {
	uint64_t	 usage, selector, matching_type;
	const char	*name, *host;
	uint64_t	 ttl;			/* seconds */
	bool		 generic, is_new, is_rollover;
	uint64_t	 rsa_bits;		/* 0: ECDSA */
	const char	*key, *certificate;	/* files to write */
};

/* The values of an option that can be given several times, in their order. */
struct path_list {
	const char	**paths;
	size_t		 count;
};

/* What is said in EHLO without --ehlo. */
#define EHLO_OF_NOBODY	"mxcensus.localdomain"

/* The largest N of --shard. */
#define SHARDS_MAX	10000

/* The table has no more. */
#define OPTIONS_MAX	112

/* The largest --window and --probes. */
#define WINDOW_MAX	100000
#define PROBES_MAX	100000

struct options {
	/* Input. */
	int		 format;		/* enum input_format */
	const char	*origin;
	bool		 allow_include, is_lenient;
	struct path_list delegations;
	uint64_t	 limit;			/* 0: none */
	uint64_t	 sample;		/* 1/N; 1: all */
	const char	*seed;
	bool		 dry_run;
	/* Output. */
	const char	*run;
	uint64_t	 level;			/* of gzip, 1 to 9 */
	const char	*notes;
	bool		 force_resume;
	/* Resolver. */
	const char	*root_hints, *trust_anchor, *forward, *resolver_conf;
	int		 lane;			/* enum lane_choice */
	int		 ds;			/* enum ds_choice */
	uint64_t	 zone_max_age_ms;
	uint64_t	 window, dns_rate, dns_prefix_rate, dns_inflight;
	int		 tlsa;			/* enum three_way */
	/* Probe. */
	const char	*ca_file;
	uint64_t	 port, probes, rate, attempts;
	uint64_t	 retry_after_ms, timeout_ms;
	bool		 probe_implicit;
	int		 mta_sts;		/* enum yes_no */
	uint64_t	 policy_fetches;
	const char	*policy_list;
	bool		 ipv4_only, ipv6_only;
	const char	*source_address;
	/* Conduct. */
	const char	*ehlo, *contact, *opt_out;
	struct prefix_set allow_network;
	/* Derived: the command connects to servers, and nobody has said who we
	 * are. Then no address outside allow_network is contacted (RULES 11:
	 * conduct). */
	bool		 only_allowed_networks;
	uint64_t	 per_address, per_prefix, pause_ms;
	uint64_t	 sni_per_address, max_per_address;
	/* Run. */
	uint64_t	 workers, grace_ms, max_runtime_ms;
	uint64_t	 grace_network_ms, grace_disk_ms;
	const char	*canary;		/* host, "none", or NULL */
	int		 sandbox;		/* enum three_way */
	int		 progress;		/* enum three_way */
	bool		 quiet;
	/* Stages of a run that several machines share. */
	int		 stage;			/* enum stage */
	struct shard	 shard;
	/* Derived: the run that the shard is a part of, while `run` is the
	 * shard's own folder; NULL: `run` is the whole run. */
	const char	*whole_run;
	/* Derived: the option whose value is less than the number of shards, so
	 * that it cannot be divided; or NULL. */
	const char	*undivided;
	/* Options that only other commands have. */
	int		 form;			/* enum answer_form */
	const char	*csv;			/* diff, policy audit */
	const char	*output;		/* export, policy candidates */
	bool		 force;			/* conclude */
	bool		 partial;		/* summary */
	bool		 is_anonymous;		/* export */
	int		 sender;		/* enum sender; diff */
	struct policy_options policy;
	struct record_options record;
	/* The arguments: inputs, runs, domains. */
	char		**arguments;
	size_t		 argument_count;
	/* The names are MX hosts, not domains (tlsa --host). */
	bool		 are_hosts;
	/* As given, for a worker's command line. */
	char		**argv;
	int		 argc;
	const struct command *command;
	bool		 given[OPTIONS_MAX];	/* options_have() */
};

enum options_result { OPTIONS_OK, OPTIONS_DONE, OPTIONS_WRONG };

/* Parses argv[1..] for a command. DONE: help or the version was printed. WRONG:
 * a line on standard error has said what is wrong. */
enum options_result options_parse(struct options *, const struct command *,
	    int argc, char **argv);
void	options_fini(struct options *);
/* Does the scan do one shard of a stage? */
bool	options_have_shard(const struct options *);
/* The word of a stage: "domains". */
const char *stage_text(enum stage);
/* Was the option given on the command line? */
bool	options_have(const struct options *, const char *name);
/* Walks the options of a scan in force, as name and text, for run.json. False
 * past the end. `changes_facts` says that the option must stay that of the
 * first start (docs/architecture.md). */
bool	options_in_force(const struct options *, size_t index,
	    const char **name, char value[1024], bool *changes_facts);

#endif
