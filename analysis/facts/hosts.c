#include "analysis/facts/hosts_internal.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/facts/parts.h"
#include "scanner/base/memory.h"

/* From rows to pairs ****************************************************** */

static struct combined
combine(const struct hosts *hosts, const struct result *const *results)
{
	struct attempt_facts attempts[VERDICT_ATTEMPTS] = { 0 };

	for (int i = 0; i < VERDICT_ATTEMPTS; i++)
		if (results[i] != NULL)
			attempts[i] = results[i]->facts;
	return verdict_combine(attempts, hosts->retry_after_ms);
}

/* Judges an address for which no row has an attempt. */
static struct combined
without_rows(enum address_class class)
{
	return (struct combined){ class == CLASS_SPECIAL ? PAIR_UNREACHABLE
	    : PAIR_UNDETERMINED, -1 };
}

static const char *
why(const struct gathered *gathered, const struct result *const *results,
    struct combined combined)
{
	if (combined.attempt >= 0)
		return outcome_texts.texts[
		    results[combined.attempt]->facts.outcome];
	return gathered->class == CLASS_PUBLIC
	    ? tls_class_texts.texts[TLS_CLASS_NOT_PROBED]
	    : address_class_texts.texts[gathered->class];
}

/* Asks for the names of the chain that the session presented, to be read later,
 * for one pair of a host. */
static void
want_names(struct hosts *hosts, const struct known_host *host,
    const struct leaf_names ***names, unsigned index,
    const struct session *session)
{
	void **place;

	if (session->chain_id == NULL)
		return;
	if (*names == NULL)
		*names = arena_take(&hosts->arena,
		    host->verdict.pair_count * sizeof **names);
	place = map_place(hosts->leaves, session->chain_id, NULL);
	if (*place == NULL)
		*place = arena_take(&hosts->arena, sizeof(struct leaf_names));
	(*names)[index] = *place;
}

static void
judge_mx(struct hosts *hosts, struct known_host *host, unsigned index,
    struct pair_facts *pair)
{
	const struct gathered *gathered = &host->gathered[index];
	const struct result *const *results = gathered->results[SERIES_MX];
	const struct result *result;
	struct combined combined = combine(hosts, results);

	if (combined.attempt < 0)
		combined = without_rows(gathered->class);
	pair->class = combined.class;
	pair->why = why(gathered, results, combined);
	pair->chain_error = "unspecified";
	if (combined.class != PAIR_TLS)
		return;
	result = results[combined.attempt];
	pair->is_legacy = result->profile == PROFILE_LEGACY;
	pair->name_match = result->name_match;
	pair->is_tls_1_2 = result->session->is_tls_1_2;
	pair->chain_trusted = result->session->chain_trusted;
	pair->in_dates = result->session->in_dates;
	pair->chain_truncated = result->session->chain_truncated;
	pair->chain_error = result->session->chain_error;
	if (hosts->has_chains)
		pair->chain_id = result->session->chain_id;
	if (host->is_listed)
		want_names(hosts, host, &host->mx_names, index,
		    result->session);
}

static bool
is_failure(enum tlsa_status status)
{
	return status == TLSA_STATUS_SERVFAIL ||
	    status == TLSA_STATUS_TIMEOUT;
}

/* Counts the passes in which TLSA failed. The host's own row counts them, or
 * else the askings before a connection do (T16). */
static unsigned
failing_passes(const struct known_host *host,
    const struct result *const *results)
{
	unsigned count = 0;

	if (is_failure(host->tlsa_status))
		return host->attempts;
	for (int i = 0; i < VERDICT_ATTEMPTS; i++)
		count += results[i] != NULL &&
		    is_failure(results[i]->tlsa_status);
	return count;
}

static void
show(struct hosts *hosts, struct known_host *host, unsigned index,
    const struct result *result)
{
	struct shown_pair *pair;

	if (host->shown->pairs == NULL)
		host->shown->pairs = arena_take(&hosts->arena,
		    host->verdict.pair_count * sizeof *pair);
	pair = &host->shown->pairs[index];
	pair->address = arena_text(&hosts->arena,
	    host->gathered[index].address);
	pair->tlsa_asked_at = INT64_MIN;
	pair->tlsa_status = TLSA_STATUS_NOT_ASKED;
	pair->verdict = DANE_NOT_APPLICABLE;
	pair->matching = "";
	if (result == NULL)
		return;
	pair->chain_id = result->session != NULL ? result->session->chain_id
	    : NULL;
	pair->measured_at = result->facts.measured_at;
	pair->tlsa_status = result->tlsa_status;
	pair->verdict = result->dane;
	pair->tlsa_asked_at = result->held->tlsa_asked_at;
	pair->asking = result->held->asking;
	pair->matching = result->held->matching;
}

static void
judge_dane(struct hosts *hosts, struct known_host *host, unsigned index,
    struct pair_facts *pair)
{
	const struct gathered *gathered = &host->gathered[index];
	bool own = gathered->results[SERIES_BASE][0] != NULL ||
	    gathered->results[SERIES_BASE][1] != NULL;
	const struct result *const *results = gathered->results[own
	    ? SERIES_BASE : SERIES_MX];
	struct combined combined = combine(hosts, results);
	enum tlsa_status status = host->tlsa_status;

	if (hosts->is_shown)
		show(hosts, host, index, combined.attempt < 0 ? NULL
		    : results[combined.attempt]);
	if (combined.attempt < 0)
		combined = without_rows(gathered->class);
	else
		status = results[combined.attempt]->tlsa_status;
	pair->dane = combined.attempt < 0 ? DANE_NOT_APPLICABLE
	    : results[combined.attempt]->dane;
	pair->tlsa = verdict_tlsa_class(status, failing_passes(host, results));
	pair->tlsa_status = tlsa_status_texts.texts[status];
	/* The records were not compared with any session, so nothing is
	 * known. */
	if (pair->tlsa == TLSA_CLASS_USABLE && combined.class == PAIR_TLS &&
	    pair->dane == DANE_NOT_APPLICABLE)
		combined = without_rows(CLASS_PUBLIC);
	pair->dane_class = combined.class;
	pair->dane_why = why(gathered, results, combined);
	for (int i = 0; i < VERDICT_ATTEMPTS; i++)
		pair->tlsa_changed |= results[i] != NULL &&
		    results[i]->tlsa_changed;
	if (combined.class == PAIR_TLS && pair->dane == DANE_NAME_MISMATCH)
		want_names(hosts, host, &host->names, index,
		    results[combined.attempt]->session);
}

/* A host without pairs counts as one. */
static void
judge_alone(const struct known_host *host, struct pair_facts *pair)
{
	pair->class = pair->dane_class = verdict_host_class(host->status,
	    host->attempts);
	/* It has addresses, but there is a route for none of their families. */
	pair->why = host->status == HOST_USABLE
	    ? address_class_texts.texts[CLASS_NO_ROUTE]
	    : host_status_texts.texts[host->status];
	pair->dane_why = pair->why;
	pair->chain_error = "unspecified";
	pair->tlsa = verdict_tlsa_class(host->tlsa_status, host->attempts);
	pair->tlsa_status = tlsa_status_texts.texts[host->tlsa_status];
	pair->dane = DANE_NOT_APPLICABLE;
}

/* Pending ***************************************************************** */

static const char not_yet[] = "not_measured_yet";
static const struct pair_facts unknown_pair = {
	.class = PAIR_UNDETERMINED, .why = not_yet,
	.dane_class = PAIR_UNDETERMINED, .dane_why = not_yet,
	.chain_error = "unspecified",
	.tlsa = TLSA_CLASS_UNDETERMINED, .tlsa_status = not_yet,
	.dane = DANE_NOT_APPLICABLE,
};

const struct host_verdict *
host_verdict_unknown(void)
{
	static const struct host_verdict unknown = { "", &unknown_pair, 1 };

	return &unknown;
}

/* Is an attempt still to come? Which sessions have a second one is decided as in
 * the coordinator's schedule. */
static bool
is_awaited(const struct hosts *hosts, const struct result *const *results)
{
	const struct result *first = results[0];
	enum tls_class class;

	if (first == NULL)
		return true;
	if (!hosts->second_look || results[1] != NULL ||
	    first->session == NULL)
		return false;
	class = outcome_tls_class(first->facts.outcome);
	return first->facts.outcome == OUTCOME_STARTTLS_ABSENT ||
	    (class != TLS_CLASS_TLS && class != TLS_CLASS_NO_TLS) ||
	    first->dane == DANE_MISMATCH;
}

static bool
is_pending(const struct hosts *hosts, const struct known_host *host)
{
	bool has_base = host->tlsa_status == TLSA_STATUS_USABLE &&
	    host->tlsa_base[0] != '\0' &&
	    strcmp(host->tlsa_base, host->verdict.name) != 0;

	for (unsigned i = 0; i < host->gathered_count; i++) {
		const struct gathered *gathered = &host->gathered[i];

		if (gathered->class == CLASS_PUBLIC && (is_awaited(hosts,
		    gathered->results[SERIES_MX]) || (has_base &&
		    is_awaited(hosts, gathered->results[SERIES_BASE]))))
			return true;
	}
	return false;
}

/* A pair that is judged without the others would claim more than is known. */
static void
forget_sessions(struct pair_facts *pairs, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct pair_facts known = pairs[i];

		pairs[i] = unknown_pair;
		pairs[i].tlsa = known.tlsa;
		pairs[i].tlsa_status = known.tlsa_status;
	}
}

/* Takes over the pairs; hosts that are alike share an array of pairs. */
static void
share_pairs(struct hosts *hosts, struct known_host *host,
    const struct pair_facts *pairs, unsigned count)
{
	struct pair_set *set = pair_sets_place(hosts->pair_sets, host->status,
	    pairs, count);

	set->host = host;
	set->host_count++;
	host->verdict.pairs = set->pairs;
	host->verdict.pair_count = count;
}

static void
judge(struct hosts *hosts, struct known_host *host)
{
	unsigned count = host->gathered_count > 0 ? host->gathered_count : 1;
	struct pair_facts pairs[VERDICT_PAIRS_MAX];

	for (unsigned i = 0; i < count; i++)
		pairs[i] = (struct pair_facts){ 0 };
	host->verdict.pair_count = count;
	if (host->gathered_count == 0)
		judge_alone(host, pairs);
	for (unsigned i = 0; i < host->gathered_count; i++) {
		judge_mx(hosts, host, i, &pairs[i]);
		judge_dane(hosts, host, i, &pairs[i]);
	}
	host->is_pending = hosts->is_partial && hosts->probing &&
	    is_pending(hosts, host);
	if (host->is_pending) {
		forget_sessions(pairs, count);
		hosts->pending++;
	}
	share_pairs(hosts, host, pairs, count);
	host->gathered = NULL;
	host->gathered_count = 0;
}

/* Leaves ****************************************************************** */

/* Two chains may begin with the same certificate, so each leaf has a list. */
struct wanted {
	struct leaf_names *names;
	struct wanted	*next;
};

static bool
take_chain(void *tag, const struct table_reader *row)
{
	struct hosts *hosts = tag;
	struct leaf_names *names = map_get(hosts->leaves,
	    table_get(row, CHAINS_CHAIN_ID));
	struct wanted *wanted;
	void **place;

	if (names == NULL || table_get_number(row, CHAINS_POSITION) != 0)
		return true;
	place = map_place(hosts->certificates,
	    table_get(row, CHAINS_CERTIFICATE_SHA256), NULL);
	wanted = arena_take(&hosts->sessions_arena, sizeof *wanted);
	*wanted = (struct wanted){ names, *place };
	*place = wanted;
	return true;
}

static bool
take_certificate(void *tag, const struct table_reader *row)
{
	struct hosts *hosts = tag;
	const struct wanted *wanted = map_get(hosts->certificates,
	    table_get(row, CERTIFICATES_SHA256));
	const char *san, *common_name;

	if (wanted == NULL)
		return true;
	san = arena_text(&hosts->arena, table_get(row, CERTIFICATES_SAN_TEXT));
	common_name = arena_text(&hosts->arena,
	    table_get(row, CERTIFICATES_COMMON_NAME_TEXT));
	for (; wanted != NULL; wanted = wanted->next)
		*wanted->names = (struct leaf_names){ san, common_name };
	return true;
}

static bool
read_leaves(struct hosts *hosts, int folder)
{
	bool good;

	if (map_count(hosts->leaves) == 0)
		return true;
	/* Before the seal they are in folders with the same names in .work. */
	if (hosts->is_partial)
		folder = openat(folder, ".work",
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	good = parts_walk(folder, TABLE_CHAINS, hosts, take_chain) &&
	    parts_walk(folder, TABLE_CERTIFICATES, hosts, take_certificate);
	if (hosts->is_partial && folder >= 0)
		close(folder);
	return good;
}

/* ************************************************************************* */

static void
judge_all(struct hosts *hosts)
{
	for (struct known_host *host = hosts->first; host != NULL;
	    host = host->next)
		judge(hosts, host);
}

static void
drop_rows(struct hosts *hosts)
{
	map_free(hosts->sessions);
	map_free(hosts->leaves);
	map_free(hosts->certificates);
	buffer_fini(&hosts->session_key);
	arena_fini(&hosts->sessions_arena);
}

/* `how` says how to read; the result begins as a copy of it. */
static struct hosts *
read_hosts(struct hosts how, int folder)
{
	struct hosts *hosts = xmalloc(sizeof *hosts);
	bool good;

	*hosts = how;
	hosts->by_name = map_new();
	hosts->texts = map_new();
	hosts->pair_sets = pair_sets_new();
	hosts->sessions = map_new();
	hosts->leaves = map_new();
	hosts->certificates = map_new();
	good = hosts_read_rows(hosts, folder);
	if (good) {
		judge_all(hosts);
		good = read_leaves(hosts, folder);
	}
	drop_rows(hosts);
	if (good)
		return hosts;
	hosts_free(hosts);
	return NULL;
}

struct hosts *
hosts_read(int folder, int64_t retry_after_ms, const struct listing *listing)
{
	return read_hosts((struct hosts){ .retry_after_ms = retry_after_ms,
	    .listing = listing, .has_chains = true }, folder);
}

struct hosts *
hosts_read_alike(int folder, int64_t retry_after_ms,
    const struct listing *listing)
{
	return read_hosts((struct hosts){ .retry_after_ms = retry_after_ms,
	    .listing = listing }, folder);
}

struct hosts *
hosts_read_partial(int folder, const struct run_json *run,
    const struct listing *listing)
{
	const char *attempts = run_json_option(run, "attempts");

	return read_hosts((struct hosts){
	    .retry_after_ms = run->retry_after_ms, .listing = listing,
	    .is_partial = true, .probing = run->probing, .second_look =
	    attempts == NULL || strcmp(attempts, "1") != 0 }, folder);
}

const struct known_host *
hosts_add_pending(struct hosts *hosts, const char *name)
{
	const char *own_name;
	void **place = map_place(hosts->by_name, name, &own_name);
	struct known_host *host = arena_take(&hosts->arena, sizeof *host);

	assert(hosts->is_partial && *place == NULL);
	*place = host;
	host->verdict.name = own_name;
	/* It is not known to have an address. */
	host->status = HOST_RESOLVER_CRASHED;
	host->tlsa_base = "";
	host->is_pending = true;
	share_pairs(hosts, host, &unknown_pair, 1);
	hosts->pending++;
	return host;
}

uint64_t
hosts_pending(const struct hosts *hosts)
{
	return hosts->pending;
}

struct hosts *
hosts_read_shown(int folder, int64_t retry_after_ms)
{
	return read_hosts((struct hosts){ .retry_after_ms = retry_after_ms,
	    .has_chains = true, .is_shown = true }, folder);
}

void
hosts_free(struct hosts *hosts)
{
	if (hosts == NULL)
		return;
	map_free(hosts->by_name);
	map_free(hosts->texts);
	pair_sets_free(hosts->pair_sets);
	arena_fini(&hosts->arena);
	free(hosts);
}

const struct known_host *
hosts_find(const struct hosts *hosts, const char *name)
{
	return map_get(hosts->by_name, name);
}

const struct known_host *
hosts_next(const struct hosts *hosts, size_t *index)
{
	const char *name;
	void *host;

	return map_next(hosts->by_name, index, &name, &host) ? host : NULL;
}

const struct known_host *
hosts_next_alike(const struct hosts *hosts, size_t *index, uint64_t *count)
{
	const struct pair_set *set = pair_sets_next(hosts->pair_sets, index);

	if (set == NULL)
		return NULL;
	*count = set->host_count;
	return set->host;
}
