/*
 * run_json: RUN/run.json, which says what a run was, how it was made and how far
 * it is (docs/schema.md). This is the one module that reads and writes the
 * file: the scan that makes a run owns one, and every command that reads a run
 * opens one.
 *
 * The file may come from a stranger. It is bounded in size, a member that is there
 * twice is refused, and each member below is checked before anybody uses it. What
 * a run needs depends on who asks: `run_json_check` says what is missing.
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

enum run_state { RUN_MEASURING, RUN_SEALED };

/* The members that are read; a bit of each in `wrong` and `missing`. */
enum run_member {
	RUN_MEMBER_STATE, RUN_MEMBER_STARTED_AT,
	RUN_MEMBER_PROBING, RUN_MEMBER_PROBE_IMPLICIT,
	RUN_MEMBER_RETRY_AFTER, RUN_MEMBER_LEVEL,
	RUN_MEMBER_RECORDS, RUN_MEMBER_DUPLICATES, RUN_MEMBER_REJECTED,
	RUN_MEMBER_OPTED_OUT,
	RUN_MEMBER_COUNT,
};

/* What the tables of a run cannot be judged without. */
#define RUN_MEMBERS_OF_A_VERDICT	(1u << RUN_MEMBER_STATE |	\
	1u << RUN_MEMBER_STARTED_AT | 1u << RUN_MEMBER_PROBING |	\
	1u << RUN_MEMBER_PROBE_IMPLICIT | 1u << RUN_MEMBER_RETRY_AFTER)

/* Zeroed, it is empty. A member that is wrong or missing is 0. */
struct run_json {
	json_t		*root;		/* all of it; NULL: nothing was read */
	struct buffer	 text;		/* the bytes that were read */
	unsigned	 wrong, missing;
	enum run_state	 state;
	int64_t		 started_ms;	/* Unix time */
	/* Options in force. */
	bool		 probing, probe_implicit;
	int64_t		 retry_after_ms;
	int64_t		 level;		/* 1 to 9 */
	/* inputs, which are missing until the plan is made. */
	int64_t		 records, duplicates, rejected, opted_out;
	char		 why[RUN_JSON_WHY_MAX];	/* printable */
};

/* An input file, for people: texts are the file's own, NULL where it has none. */
struct run_input {
	const char	*name, *format;
	int64_t		 records;
};

/* Reading ***************************************************************** */

enum run_json_result {
	RUN_JSON_READ,
	RUN_JSON_UNREAD,	/* errno, and why */
	RUN_JSON_BROKEN,	/* too large or no JSON: why */
	RUN_JSON_WRONG,		/* a member is not what it may be: why */
};

/* Reads run.json of the run whose folder it is. What was read before is closed.
 * With RUN_JSON_WRONG the other members are good, and the object can be used by
 * those who look at each of them. */
enum run_json_result run_json_read(struct run_json *, int folder);
/* The same of the bytes of a file. */
enum run_json_result run_json_parse(struct run_json *, const char *bytes,
	    size_t length);
void	run_json_close(struct run_json *);
/* Is a member there and what it may be? */
bool	run_json_has(const struct run_json *, enum run_member);
/* What it must be: "options.probing: neither true nor false". */
const char *run_member_fault(enum run_member);
/* NULL if all of them are good, given as bits (1u << RUN_MEMBER_...), else what is
 * wrong with the first that is not. */
const char *run_json_check(const struct run_json *, unsigned members);

/* The text of a member, of an option in force; NULL where there is none. Valid
 * until the member is set, or the object closed. */
const char *run_json_text(const struct run_json *, const char *name);
const char *run_json_option(const struct run_json *, const char *name);
/* False past the end. */
bool	run_json_input(const struct run_json *, size_t index,
	    struct run_input *);

/* Writing: by the scan, which holds the lock ******************************* */

/* Begins the run.json of a new run: its members, which it takes; the state is
 * RUN_MEASURING. Asserts that they are those of a run. */
void	run_json_begin(struct run_json *, json_t *members);
/* Sets a member, and takes its value. */
void	run_json_set(struct run_json *, const char *name, json_t *value);
/* Sets the state, and `written_at` to now. */
void	run_json_set_state(struct run_json *, enum run_state);
/* All of it, as it is to stand in the file; the caller's. NULL without memory. */
char	*run_json_dump(const struct run_json *);
/* Writes it beside and swaps it in (out/replacement.h). False with errno. */
bool	run_json_write(const struct run_json *, int folder);

#endif
