/*
 * options: what the operator asked for. One table (name, kind, default, help)
 * makes the parser, --help and the man page; the struct is passed down as const.
 */
#ifndef MXCENSUS_OPTIONS_OPTIONS_H
#define MXCENSUS_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/prefix.h"

/* The values of options that are one of a few words. */
enum yes_no { CHOICE_YES, CHOICE_NO };
enum three_way { CHOICE_AUTO, CHOICE_ALWAYS, CHOICE_NEVER };

struct options {
	/* Input. */
	int		 format;		/* enum input_format */
	const char	*origin;
	bool		 allow_include;
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
	uint64_t	 window, dns_rate, dns_inflight;
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
	/* Derived: something is connected to, and nobody has said who we are. Then
	 * no address outside allow_network is contacted (RULES 11). */
	bool		 only_allowed_networks;
	uint64_t	 per_address, per_prefix, pause_ms;
	uint64_t	 sni_per_address, max_per_address;
	/* Run. */
	uint64_t	 workers, grace_ms, max_runtime_ms;
	int		 sandbox;		/* enum three_way */
	int		 progress;		/* enum three_way */
	bool		 quiet;
	/* Check. */
	bool		 json;
	/* What is left: inputs, runs, domains. */
	char		**arguments;
	size_t		 argument_count;
	/* The names are MX hosts, not domains (tlsa --host). */
	bool		 are_hosts;
	/* As given, for a worker's command line. */
	char		**argv;
	int		 argc;
};

enum options_result { OPTIONS_OK, OPTIONS_DONE, OPTIONS_WRONG };

/* Parses argv[1..] for the subcommand argv[0]: a worker takes every option of
 * the table, scan and check the groups that are theirs. DONE: help or version
 * was printed. WRONG: a line that says what and how was printed on standard
 * error. */
enum options_result options_parse(struct options *, int argc, char **argv);
void	options_fini(struct options *);
/* A time as options take it ("30s", "14d"), in milliseconds. */
bool	options_time(const char *text, uint64_t *ms);
/* Walks the options in force as name and text, for run.json: false past the end.
 * `changes_facts`: it must be that of the first start (DESIGN). */
bool	options_in_force(const struct options *, size_t index,
	    const char **name, char value[1024], bool *changes_facts);

#endif
