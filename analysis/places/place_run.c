#include "analysis/places/place_run.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/facts/parts.h"
#include "scanner/base/arena.h"
#include "scanner/base/buffer.h"
#include "scanner/base/log.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"

#define SERIES		2	/* the MX name, and the TLSA base domain */

/* From a row of probes. */
struct session {
	enum outcome	 outcome;
	enum phase	 phase;
	int64_t		 measured_at;
	bool		 is_intercepted;
	const char	*chain_id;
};

/* The rows of host_results of a pair, until it is judged. */
struct gathered {
	struct attempt_facts attempts[SERIES][VERDICT_ATTEMPTS];
	bool		 intercepted[SERIES][VERDICT_ATTEMPTS];
	const char	*chain_ids[SERIES][VERDICT_ATTEMPTS];
	enum dane_verdict dane[SERIES][VERDICT_ATTEMPTS];
};

struct place_run {
	int64_t		 retry_after_ms;
	struct siphash_key key;
	struct map	*by_name, *texts;
	struct arena	 arena;
	struct place_host *first, *last;
	struct place_host *present;	/* whose row came last */
	/* Until all rows are read. */
	struct map	*sessions;
	struct arena	 rows;
	struct buffer	 text;
};

static bool
broken(const char *table, const char *key, const char *what)
{
	log_line("%s: %s: %s", table, key, what);
	return false;
}

/* One copy of a text that occurs often. */
static const char *
intern(struct place_run *run, const char *text)
{
	const char *copy;

	*map_place(run->texts, text, &copy) = run;
	return copy;
}

/* The fields of some columns as one text; valid until the next call. */
static const char *
fields_of(struct place_run *run, const struct table_reader *row,
    const unsigned *columns, unsigned count)
{
	run->text.length = 0;
	for (unsigned i = 0; i < count; i++) {
		buffer_append(&run->text, table_get(row, columns[i]),
		    table_get_length(row, columns[i]));
		buffer_append_byte(&run->text, ' ');
	}
	return buffer_text(&run->text);
}

/* Rows ******************************************************************** */

static int
enum_or_none(const struct table_reader *row, unsigned column)
{
	return table_is_null(row, column) ? -1 : table_get_enum(row, column);
}

static bool
take_host(void *tag, const struct table_reader *row)
{
	struct place_run *run = tag;
	const char *name;
	void **place = map_place(run->by_name, table_get(row, HOSTS_HOST),
	    &name);
	struct place_host *host;

	if (*place != NULL)
		return broken("hosts", name, "two rows");
	*place = host = arena_take(&run->arena, sizeof *host);
	*(run->last == NULL ? &run->first : &run->last->next) = host;
	run->last = host;
	host->name = name;
	host->registrable_domain = intern(run, table_get(row,
	    HOSTS_REGISTRABLE_DOMAIN));
	host->tlsa_base = intern(run, table_get(row, HOSTS_TLSA_BASE));
	host->status = (enum host_status)table_get_enum(row,
	    HOSTS_HOST_STATUS);
	host->tlsa_status = (enum tlsa_status)table_get_enum(row,
	    HOSTS_TLSA_STATUS);
	host->sight = sight_of_host(host->status, host->tlsa_status,
	    enum_or_none(row, HOSTS_IPV4_STATUS),
	    enum_or_none(row, HOSTS_IPV6_STATUS),
	    (unsigned)table_get_number(row, HOSTS_ATTEMPTS));
	return true;
}

/* The rows of a host come one after the other, and hosts mostly in the order of
 * `hosts`. */
static struct place_host *
find_host(struct place_run *run, const char *name)
{
	struct place_host *host = run->present;

	if (host == NULL || strcmp(host->name, name) != 0)
		host = map_get(run->by_name, name);
	if (host != NULL)
		run->present = host;
	return host;
}

static bool
take_address(void *tag, const struct table_reader *row)
{
	struct place_run *run = tag;
	const char *name = table_get(row, ADDRESSES_HOST);
	struct place_host *host = find_host(run, name);
	unsigned count;
	struct place_pair *more;

	if (host == NULL)
		return broken("addresses", name, "not in hosts");
	count = host->pair_count;
	/* The array grows by powers of two. */
	if ((count & (count - 1)) == 0) {
		more = arena_take(&run->arena,
		    (count == 0 ? 1 : 2 * (size_t)count) * sizeof *more);
		if (count > 0)
			memcpy(more, host->pairs, count * sizeof *more);
		host->pairs = more;
	}
	more = &host->pairs[host->pair_count++];
	*more = (struct place_pair){
		.address = intern(run, table_get(row, ADDRESSES_ADDRESS)),
		.class = (enum address_class)table_get_enum(row,
		    ADDRESSES_CLASS),
		.obstacle = OBSTACLE_NOT_TRIED,
		.pair_class = PAIR_UNDETERMINED, .dane = DANE_NOT_APPLICABLE,
	};
	if (more->class == CLASS_SPECIAL)
		more->sight = SIGHT_FAILED;
	return true;
}

/* The sum does not depend on the order of the rows. */
static bool
take_tlsa(void *tag, const struct table_reader *row)
{
	static const unsigned columns[] = { TLSA_ASKING, TLSA_BASE,
		TLSA_POSITION, TLSA_COLUMN_USAGE, TLSA_COLUMN_SELECTOR,
		TLSA_COLUMN_MATCHING_TYPE, TLSA_DATA_HEX };
	struct place_run *run = tag;
	const char *name = table_get(row, TLSA_HOST);
	struct place_host *host = find_host(run, name);

	if (host == NULL)
		return broken("tlsa", name, "not in hosts");
	(void)fields_of(run, row, columns, sizeof columns / sizeof columns[0]);
	host->tlsa_print += siphash(&run->key, run->text.bytes,
	    run->text.length);
	return true;
}

static bool
take_probe(void *tag, const struct table_reader *row)
{
	static const unsigned key[] = { PROBES_ADDRESS, PROBES_SNI,
		PROBES_PROFILE, PROBES_ATTEMPT };
	struct place_run *run = tag;
	struct session *session = arena_take(&run->rows, sizeof *session);
	unsigned flags = table_get_flags(row, PROBES_FLAGS);

	*session = (struct session){
		.outcome = (enum outcome)table_get_enum(row, PROBES_OUTCOME),
		.phase = (enum phase)table_get_enum(row, PROBES_PHASE),
		.measured_at = table_get_time(row, PROBES_MEASURED_AT),
		.is_intercepted = (flags & 1u << PROBE_INTERCEPTED) != 0,
		.chain_id = table_is_null(row, PROBES_CHAIN_ID) ? NULL
		    : intern(run, table_get(row, PROBES_CHAIN_ID)),
	};
	*map_place(run->sessions, fields_of(run, row, key, 4), NULL) =
	    session;
	return true;
}

/* Results ***************************************************************** */

/* False after a line: the row names a session that does not exist. */
static bool
find_session(struct place_run *run, const struct table_reader *row,
    struct session *session)
{
	static const unsigned key[] = { RESULTS_ADDRESS, RESULTS_SESSION_SNI,
		RESULTS_PROFILE, RESULTS_ATTEMPT };
	const struct session *found;

	if (table_get_enum(row, RESULTS_BASIS) == BASIS_NONE) {
		*session = (struct session){
			.outcome = (enum outcome)table_get_enum(row,
			    RESULTS_REASON),
			.phase = PHASE_CONNECT,
			.measured_at = table_get_time(row,
			    RESULTS_MEASURED_AT),
		};
		return !table_is_null(row, RESULTS_REASON) ||
		    broken("host_results", table_get(row, RESULTS_HOST),
		    "neither a session nor a reason");
	}
	found = map_get(run->sessions, fields_of(run, row, key, 4));
	if (found == NULL)
		return broken("host_results", table_get(row, RESULTS_HOST),
		    "its session is not in probes");
	*session = *found;
	return true;
}

static void
add_session(struct place_pair *pair, const char *name)
{
	for (unsigned i = 0; i < pair->session_count; i++)
		if (strcmp(pair->sessions[i], name) == 0)
			return;
	if (pair->session_count < SESSIONS_MAX)
		pair->sessions[pair->session_count++] = name;
}

static bool
take_result(void *tag, const struct table_reader *row)
{
	struct place_run *run = tag;
	const char *name = table_get(row, RESULTS_HOST);
	struct place_host *host = find_host(run, name);
	struct place_pair *pair = host == NULL ? NULL : place_host_pair(host,
	    table_get(row, RESULTS_ADDRESS));
	int64_t attempt = table_get_number(row, RESULTS_ATTEMPT) - 1;
	bool is_base = strcmp(table_get(row, RESULTS_SNI), name) != 0;
	struct session session;
	struct gathered *gathered;

	if (pair == NULL)
		return broken("host_results", name, "not in addresses");
	if (attempt < 0 || attempt >= VERDICT_ATTEMPTS || (is_base &&
	    strcmp(table_get(row, RESULTS_SNI), host->tlsa_base) != 0))
		return broken("host_results", name, "not an attempt");
	if (!find_session(run, row, &session))
		return false;
	if (!table_is_null(row, RESULTS_SESSION_SNI))
		add_session(pair, intern(run, table_get(row,
		    RESULTS_SESSION_SNI)));
	if (pair->gathered == NULL)
		pair->gathered = arena_take(&run->rows, sizeof *gathered);
	gathered = pair->gathered;
	gathered->attempts[is_base][attempt] = (struct attempt_facts){ true,
		session.outcome, session.phase, session.measured_at };
	gathered->intercepted[is_base][attempt] = session.is_intercepted;
	gathered->chain_ids[is_base][attempt] = session.chain_id;
	gathered->dane[is_base][attempt] = (enum dane_verdict)table_get_enum(
	    row, RESULTS_DANE_VERDICT);
	return true;
}

static bool
is_made(const struct gathered *gathered, int series)
{
	return gathered->attempts[series][0].is_made ||
	    gathered->attempts[series][1].is_made;
}

static void
judge_pair(const struct place_run *run, struct place_pair *pair,
    const struct gathered *gathered)
{
	bool is_first = true;

	for (int i = 0; i < SERIES; i++) {
		struct pair_sight seen;

		if (!is_made(gathered, i))
			continue;
		seen = sight_of_attempts(gathered->attempts[i],
		    gathered->intercepted[i], run->retry_after_ms);
		if (is_first || seen.sight < pair->sight) {
			pair->sight = seen.sight;
			pair->obstacle = seen.obstacle;
		}
		if (is_first) {
			pair->pair_class = seen.class;
			if (seen.attempt >= 0)
				pair->chain_id = gathered->chain_ids[i][
				    seen.attempt];
		}
		if (seen.attempt >= 0)
			pair->dane = gathered->dane[i][seen.attempt];
		is_first = false;
	}
}

static void
judge_pairs(struct place_run *run)
{
	for (struct place_host *host = run->first; host != NULL;
	    host = host->next)
		for (unsigned i = 0; i < host->pair_count; i++) {
			struct place_pair *pair = &host->pairs[i];

			if (pair->gathered != NULL)
				judge_pair(run, pair, pair->gathered);
			pair->gathered = NULL;
		}
}

/* Runs ******************************************************************** */

static bool
walk(struct place_run *run, int folder, enum table_id table,
    bool (*take)(void *, const struct table_reader *))
{
	run->present = run->first;
	return parts_walk(folder, table, run, take);
}

static bool
read_rows(struct place_run *run, int folder)
{
	return walk(run, folder, TABLE_HOSTS, take_host) &&
	    walk(run, folder, TABLE_ADDRESSES, take_address) &&
	    walk(run, folder, TABLE_TLSA, take_tlsa) &&
	    walk(run, folder, TABLE_PROBES, take_probe) &&
	    walk(run, folder, TABLE_HOST_RESULTS, take_result);
}

struct place_run *
place_run_read(int folder, int64_t retry_after_ms,
    const struct siphash_key *key)
{
	struct place_run *run = xcalloc(1, sizeof *run);
	bool good;

	run->retry_after_ms = retry_after_ms;
	run->key = *key;
	run->by_name = map_new();
	run->texts = map_new();
	run->sessions = map_new();
	good = read_rows(run, folder);
	if (good)
		judge_pairs(run);
	map_free(run->sessions);
	arena_fini(&run->rows);
	buffer_fini(&run->text);
	if (good)
		return run;
	place_run_free(run);
	return NULL;
}

void
place_run_free(struct place_run *run)
{
	if (run == NULL)
		return;
	map_free(run->by_name);
	map_free(run->texts);
	arena_fini(&run->arena);
	free(run);
}

struct place_host *
place_run_host(const struct place_run *run, const char *name)
{
	return map_get(run->by_name, name);
}

struct place_host *
place_run_first(const struct place_run *run)
{
	return run->first;
}

size_t
place_run_hosts(const struct place_run *run)
{
	return map_count(run->by_name);
}

struct place_pair *
place_host_pair(const struct place_host *host, const char *address)
{
	for (unsigned i = 0; i < host->pair_count; i++)
		if (strcmp(host->pairs[i].address, address) == 0)
			return &host->pairs[i];
	return NULL;
}

bool
place_host_same_tlsa(const struct place_host *a, const struct place_host *b)
{
	return a->tlsa_status == b->tlsa_status &&
	    a->tlsa_print == b->tlsa_print &&
	    strcmp(a->tlsa_base, b->tlsa_base) == 0;
}

bool
place_host_same(const struct place_host *a, const struct place_host *b)
{
	if (a->status != b->status || a->pair_count != b->pair_count ||
	    !place_host_same_tlsa(a, b))
		return false;
	for (unsigned i = 0; i < a->pair_count; i++)
		if (strcmp(a->pairs[i].address, b->pairs[i].address) != 0)
			return false;
	return true;
}
