/*
 * plan: the names to measure, distinct over all inputs and in the order of
 * their hash. So the load is spread over servers and networks, the total is
 * known before the first question, and a restart need not read a pipe again.
 * The coordinator owns it.
 *
 * Memory does not grow with names: they go to bucket files by hash, and each bucket is
 * sorted by itself; a large bucket is split first. The
 * result is RUN/.work/plan/names (items in the form of item.h), an index of
 * chunks of CHUNK_NAMES names, and the name servers of all delegations
 * (servers.h). Only for these does memory grow: with distinct hosts of name
 * servers and distinct sets of them.
 */
#ifndef MXCENSUS_PLAN_PLAN_H
#define MXCENSUS_PLAN_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "scanner/message/item.h"
#include "scanner/options/options.h"
#include "scanner/plan/servers.h"
#include "scanner/run/folder.h"
#include "scanner/run/run_json.h"

#define CHUNK_NAMES 4096
/* In the environment: how many, for tests. */
#define CHUNK_NAMES_ENVIRONMENT "MXCENSUS_TEST_CHUNK_NAMES"
#define PLAN_FILES 3

struct chunk {
	uint64_t	offset, length;		/* in bytes of the names file */
	uint32_t	items;
	/* All of its names have this set of name servers, which is heavy; 0:
	 * the names have sets that are not heavy, or none. Heavy chunks come
	 * last, and those of one set are together (heavy.h). */
	uint32_t	set_id;
};

/* RULES I11: records = domains + duplicates + rejected + opted_out, plus what
 * --sample and --limit leave out (not_sampled), always. */
struct plan_counts {
	uint64_t	records, domains, duplicates, rejected, opted_out;
	uint64_t	not_sampled;
};

/* An input, or a file of --delegations. */
struct source {
	char		*name;			/* as given, also "-" */
	uint8_t		 sha256[32];
	uint64_t	 bytes;			/* raw */
	int64_t		 changed_ns;		/* Unix time of the file itself;
						 * 0: unknown */
	/* Of a file of --delegations, `records` are the domains whose
	 * delegation it has; its names are not records of the plan. */
	uint64_t	 records, rejected;
	bool		 is_delegations;
	int		 format;		/* enum input_format */
	bool		 is_whole;
	/* Of a zone file; "" if it has no SOA. */
	char		*apex;
	uint32_t	 serial;
	struct zonemd	 zonemd;
	int64_t		 modified_s;		/* Unix time of the oldest file
						 * of it; 0: unknown */
};

struct plan {
	int		 names;			/* the descriptor of the names
						 * file */
	struct chunk	*chunks;
	uint64_t	 chunk_count;
	struct plan_counts counts;
	struct source	*sources;	/* inputs, then files of --delegations */
	size_t		 source_count;
	/* Names, servers and sets, as a restart found them in the marker. */
	uint8_t		 sha256[PLAN_FILES][32];
	struct plan_servers *servers;
	bool		 input_is_whole;	/* false: an input was truncated */
	bool		 told_no_sandbox;	/* this was reported */
};

enum plan_result {
	PLAN_OK,
	PLAN_BAD_INPUT,		/* after a message: exit 65 */
	PLAN_OTHER_INPUTS,	/* other inputs than at the start of the run:
				 * exit 2 */
	PLAN_UNUSABLE,		/* no reader process, or no sandbox: exit 69 */
	PLAN_STOPPED,		/* by a signal (interrupt.h): exit 75 */
	PLAN_READER_DIED,	/* or it sent an invalid packet: exit 70 */
	PLAN_OUTPUT_FAILED,	/* after a message with errno: exit 74 */
};

/* Reads the sources that the options name, or takes up the plan of an earlier
 * process, if it was made of these. */
enum plan_result plan_make(struct plan *, struct folder *,
	    const struct options *);
/* Takes up the plan of another process, which only is read. */
enum plan_result plan_take(struct plan *, struct folder *);
/* Says which chunks are of this shard: own[i]. Ordinary chunks go round. A heavy
 * set with all of its chunks is in one shard. A scan of a whole run has all
 * chunks, and a stage that asks no domains has none. Returns the number of the
 * names in them. */
uint64_t plan_own_chunks(const struct plan *, const struct options *,
	    bool own[]);
int	plan_exit_status(enum plan_result);
/* RULES I19: do the options name these sources? If the result is
 * PLAN_OTHER_INPUTS, messages have named both. */
enum plan_result plan_inputs_hold(const struct source *, size_t count,
	    const struct options *);
/* Does the same for a sealed run, whose plan no longer exists: run.json has its
 * inputs. */
enum plan_result plan_sealed_inputs_hold(const struct run_json *,
	    const struct options *);
/* Appends the items of a chunk. Returns false with errno. */
bool	plan_read_chunk(const struct plan *, const struct chunk *,
	    struct buffer *);
/* Appends the zones of the sources whose delegations may be asked at their own
 * name servers (RULES 13): either none, or all of them, each with the time
 * until which this is allowed. */
void	plan_direct_zones(const struct plan *, const struct options *,
	    int64_t now_s, struct buffer *zones);
/* May the parent zone of each name be asked for its delegation (L46)? */
bool	plan_asks_parents(const struct plan *, const struct options *);
/* Returns the Unix time in an SOA serial, written as YYYYMMDDnn or as a Unix
 * time of the last year; 0 if it has none. */
int64_t	zone_serial_time(uint32_t serial, int64_t now_s);
/* Returns what run.json says about the inputs. `opted_out` is how many domains
 * of the plan are left out because they opted out. */
json_t	*plan_to_json(const struct plan *, uint64_t opted_out);
/* --dry-run: reads the lists, makes the plan in a folder that it removes
 * afterwards, and prints what would be measured. Returns the exit status. */
int	plan_dry_run(const struct options *, FILE *);
void	plan_fini(struct plan *);

#endif
