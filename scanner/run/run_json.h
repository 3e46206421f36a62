/*
 * run_json: RUN/run.json, which says what a run is, how it was made and how far
 * it is (docs/schema.md). This is the only module that reads and writes the
 * file. The scan that makes a run owns one; every command that reads a run
 * opens one.
 *
 * The file may come from a stranger. Its size is bounded, a duplicate member is
 * refused, and each member below is checked before anything uses it. Different
 * callers need different members: `run_json_check` says which one is missing or
 * wrong.
 */
#ifndef MXCENSUS_RUN_RUN_JSON_H
#define MXCENSUS_RUN_RUN_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/base/buffer.h"

#define RUN_JSON_FILE		"run.json"
#define RUN_JSON_WHY_MAX	512

/* The format of runs that this version writes, and the only one that it reads
 * (docs/upgrade.md). Runs of 0.1.0 have none. */
#define RUN_FORMAT		2

enum run_state { RUN_MEASURING, RUN_SEALED };

/* The members that are read. Each has a bit in `wrong` and in `missing`. */
enum run_member {
	RUN_MEMBER_FORMAT, RUN_MEMBER_STATE, RUN_MEMBER_STARTED_AT,
	RUN_MEMBER_PROBING, RUN_MEMBER_PROBE_IMPLICIT,
	RUN_MEMBER_RETRY_AFTER, RUN_MEMBER_LEVEL,
	RUN_MEMBER_RECORDS, RUN_MEMBER_DUPLICATES, RUN_MEMBER_REJECTED,
	RUN_MEMBER_OPTED_OUT,
	RUN_MEMBER_COUNT,
};

/* The members that are needed to judge the tables of a run. */
#define RUN_MEMBERS_OF_A_VERDICT	(1u << RUN_MEMBER_FORMAT |	\
	1u << RUN_MEMBER_STATE | 1u << RUN_MEMBER_STARTED_AT |		\
	1u << RUN_MEMBER_PROBING | 1u << RUN_MEMBER_PROBE_IMPLICIT |	\
	1u << RUN_MEMBER_RETRY_AFTER)

/* Zeroed, it is empty. A member that is wrong or missing is 0. */
struct run_json {
	json_t		*root;		/* the whole file; NULL: nothing was
					 * read */
	struct buffer	 text;		/* the bytes that were read; empty once
					 * a member is set */
	unsigned	 wrong, missing;
	int64_t		 format;	/* RUN_FORMAT */
	enum run_state	 state;
	int64_t		 started_ms;	/* Unix time */
	/* Options in force. */
	bool		 probing, probe_implicit;
	int64_t		 retry_after_ms;
	int64_t		 level;		/* 1 to 9 */
	/* Of `inputs`, which are missing until the plan is made. */
	int64_t		 records, duplicates, rejected, opted_out;
	char		 why[RUN_JSON_WHY_MAX];	/* printable */
};

/* An input, or a file of --delegations. The texts are owned by run.json; NULL if
 * it has none. */
struct run_input {
	const char	*name, *format, *sha256;
	/* Of a file of --delegations, `records` are the domains whose delegation
	 * it has. */
	int64_t		 records, bytes;
	bool		 is_delegations;
};

/* What --sample 1/N took of the records of the inputs. The counts are 0 until
 * the plan is made. */
struct run_sample {
	uint64_t	 one_of;		/* N */
	uint64_t	 drawn, not_drawn;	/* records */
};

/* Reading ***************************************************************** */

enum run_json_result {
	RUN_JSON_READ,
	RUN_JSON_UNREAD,	/* errno, and why */
	RUN_JSON_BROKEN,	/* too large, or not JSON: why */
	RUN_JSON_WRONG,		/* a member has a value that it must not have:
				 * why */
};

/* Reads run.json in the folder of a run. What was read before is closed. After
 * RUN_JSON_WRONG the other members are good, and a caller that checks each
 * member may use the object. */
enum run_json_result run_json_read(struct run_json *, int folder);
/* Does the same with the bytes of a file. */
enum run_json_result run_json_parse(struct run_json *, const char *bytes,
	    size_t length);
void	run_json_close(struct run_json *);
/* Does the member exist, with a value that it may have? */
bool	run_json_has(const struct run_json *, enum run_member);
/* Says what is wrong with a bad member: "options.probing: neither true nor
 * false". */
const char *run_member_fault(enum run_member);
/* Returns NULL if all these members (bits, 1u << RUN_MEMBER_...) are good;
 * otherwise says what is wrong with the first bad one. */
const char *run_json_check(const struct run_json *, unsigned members);

/* Return the text of a member, or of an option in force; NULL if there is none.
 * It is valid until the member is set or the object is closed. */
const char *run_json_text(const struct run_json *, const char *name);
const char *run_json_option(const struct run_json *, const char *name);
/* Gives first the inputs, then the files of --delegations. Returns false after
 * the last. */
bool	run_json_input(const struct run_json *, size_t index,
	    struct run_input *);
/* Returns false if the run has every name of its inputs. */
bool	run_json_sample(const struct run_json *, struct run_sample *);

/* Writing: by the scan, which holds the lock ******************************* */

/* Begins the run.json of a new run, with these members, which it owns from now
 * on. The format is RUN_FORMAT and the state RUN_MEASURING. Asserts that the
 * members are good. */
void	run_json_begin(struct run_json *, json_t *members);
/* Sets a member, and owns the value from now on. */
void	run_json_set(struct run_json *, const char *name, json_t *value);
/* Sets the state, and `written_at` to now. */
void	run_json_set_state(struct run_json *, enum run_state);
/* Returns the whole text of the file; the caller frees it. Returns NULL if
 * there is no memory. */
char	*run_json_dump(const struct run_json *);
/* Writes the file to a new place and moves it into its own (out/replacement.h).
 * Returns false with errno. */
bool	run_json_write(const struct run_json *, int folder);

#endif
