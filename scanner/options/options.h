/*
 * options: what the operator asked for, for every command, on the command line
 * and in a configuration file. One table (table.h) makes the parsers, --help and
 * the man pages. main owns the struct and passes it
 * down as const.
 */
#ifndef MXCENSUS_OPTIONS_OPTIONS_H
#define MXCENSUS_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/prefix.h"
#include "scanner/base/buffer.h"
#include "scanner/options/command.h"

/* The values of options that are one of a few words. */
enum yes_no { CHOICE_YES, CHOICE_NO };
enum lane_choice { CHOOSE_LANE_AUTO, CHOOSE_LANE_RECURSIVE };
enum ds_choice { CHOOSE_DS_AUTO, CHOOSE_DS_VERIFY, CHOOSE_DS_TRUST };
/* The lines on standard error. */
enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };
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

/* Of probing-txt. */
struct probing_options {
	const char	*languages, *description;
	uint64_t	 valid_for_ms;
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
#define OPTIONS_MAX	128

/* An option as it was given. */
struct option_entry;
struct given {
	const struct option_entry *entry;
	const char	*text;		/* its value; NULL: none */
	size_t		 line;		/* in the configuration file; 0: it is
					 * on the command line */
};

/* In the order in which they take effect: the command line comes last. */
struct given_list {
	struct given	*all;
	size_t		 count;
};

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
	const char	*vantage;		/* the name of this place */
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
	/* Derived: the command connects to servers, and the options do not say
	 * who we are. Then no address outside allow_network is contacted (RULES
	 * 11: conduct). */
	bool		 only_allowed_networks;
	uint64_t	 per_address, per_prefix, pause_ms;
	uint64_t	 sni_per_address, max_per_address;
	/* Run. */
	uint64_t	 workers, grace_ms, max_runtime_ms;
	uint64_t	 grace_network_ms, grace_disk_ms;
	const char	*canary;		/* host, "none", or NULL */
	int		 sandbox;		/* enum three_way */
	int		 progress;		/* enum three_way */
	const char	*metrics_file;
	int		 log_format;		/* enum log_format */
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
	const char	*output;		/* export, merge, policy
						 * candidates */
	bool		 force;			/* conclude */
	bool		 partial;		/* summary */
	bool		 is_anonymous;		/* export */
	int		 sender;		/* enum sender; diff */
	bool		 places;		/* diff */
	struct policy_options policy;
	struct record_options record;
	struct probing_options probing;
	/* The arguments: inputs, runs, domains. */
	char		**arguments;
	size_t		 argument_count;
	/* The names are MX hosts, not domains (tlsa --host). */
	bool		 are_hosts;
	/* What was given, as words of a worker's command line: first the
	 * options, those of the configuration file among them. */
	char		**argv;
	int		 argc;
	const struct command *command;
	/* Of the program itself. */
	const char	*config;		/* a file; NULL: none */
	bool		 show_config;
	/* Owned: what was given, the text of the file, and the words that argv
	 * has at first. */
	struct given_list given;
	struct buffer	 config_text;
	char		**words;
	size_t		 word_count;
};

enum options_result { OPTIONS_OK, OPTIONS_DONE, OPTIONS_WRONG };

/* Parses argv[1..] for a command, and the configuration file that it names.
 * DONE: help, the version or the options in force were printed. WRONG: a line on
 * standard error has said what is wrong. */
enum options_result options_parse(struct options *, const struct command *,
	    int argc, char **argv);
void	options_fini(struct options *);
/* Does the scan do one shard of a stage? */
bool	options_have_shard(const struct options *);
/* The word of a stage: "domains". */
const char *stage_text(enum stage);
/* Was the option given, on the command line or in the configuration file? */
bool	options_have(const struct options *, const char *name);
/* Walks the options of a scan in force, as name and text, for run.json. False
 * past the end. `changes_facts` says that the option must stay that of the
 * first start (docs/architecture.md). */
bool	options_in_force(const struct options *, size_t index,
	    const char **name, char value[1024], bool *changes_facts);

#endif
