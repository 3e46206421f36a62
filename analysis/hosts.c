#include "analysis/hosts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/parts.h"
#include "parsers/name.h"
#include "scanner/base/arena.h"
#include "scanner/base/log.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"

#define ADDRESS_TEXT	48
#define SESSION_KEY_MAX (ADDRESS_TEXT + NAME_TEXT_MAX + 32)
#define SHA256_TEXT	64

struct session {
	enum outcome	 outcome;
	enum phase	 phase;
	int64_t		 measured_at;
	bool		 is_tls_1_2, chain_trusted, in_dates;
	const char	*chain_error;
	const char	*chain_id;	/* NULL: nothing was presented */
};

/* What one row of host_results says. */
struct result {
	struct attempt_facts facts;
	const struct session *session;	/* NULL: none took place */
	enum profile	 profile;
	bool		 name_match;
	enum tlsa_status tlsa_status;
	enum dane_verdict dane;
	bool		 tlsa_changed;
};

/* Server names: the MX name, and the TLSA base where that is another (N6). */
enum series { SERIES_MX, SERIES_BASE, SERIES_COUNT };

struct gathered {
	const char	*address;
	enum address_class class;
	struct result	 results[SERIES_COUNT][VERDICT_ATTEMPTS];
};

struct hosts {
	int64_t		 retry_after_ms;
	struct map	*by_name;
	struct arena	 arena;
	/* While rows are read. */
	struct map	*sessions, *texts;
	struct arena	 sessions_arena;
	struct map	*leaves;	/* by chain, then by certificate */
	struct map	*certificates;
};

/* One copy of a text that occurs often. */
static const char *
intern(struct hosts *hosts, const char *text)
{
	const char *copy;

	*map_place(hosts->texts, text, &copy) = hosts;
	return copy;
}

/* Rows ******************************************************************** */

static bool
take_host(void *tag, const struct table_reader *row)
{
	struct hosts *hosts = tag;
	const char *name;
	void **place = map_place(hosts->by_name, table_get(row, HOSTS_HOST),
	    &name);
	const char *base = table_get(row, HOSTS_TLSA_BASE);
	struct known_host *host = arena_take(&hosts->arena, sizeof *host);

	*place = host;
	host->verdict.name = name;
	host->status = (enum host_status)table_get_enum(row,
	    HOSTS_HOST_STATUS);
	host->tlsa_status = (enum tlsa_status)table_get_enum(row,
	    HOSTS_TLSA_STATUS);
	host->attempts = (unsigned)table_get_number(row, HOSTS_ATTEMPTS);
	host->tlsa_base = strcmp(base, name) == 0 ? name
	    : arena_text(&hosts->arena, base);
	return true;
}

static bool
broken(const char *table, const char *key, const char *what)
{
	log_line("%s: %s: %s", table, key, what);
	return false;
}

static bool
take_address(void *tag, const struct table_reader *row)
{
	struct hosts *hosts = tag;
	const char *name = table_get(row, ADDRESSES_HOST);
	struct known_host *host = map_get(hosts->by_name, name);
	enum address_class class = (enum address_class)table_get_enum(row,
	    ADDRESSES_CLASS);
	struct gathered *gathered;

	if (host == NULL)
		return broken("addresses", name, "not in hosts");
	/* RULES 9: left out of the pairs. */
	if (class == CLASS_NO_ROUTE)
		return true;
	if (host->gathered_count == VERDICT_PAIRS_MAX)
		return broken("addresses", name, "too many");
	/* Grows by powers of two. */
	if ((host->gathered_count & (host->gathered_count - 1)) == 0)
		host->gathered = xreallocarray(host->gathered,
		    host->gathered_count == 0 ? 1 : 2 * host->gathered_count,
		    sizeof *host->gathered);
	gathered = &host->gathered[host->gathered_count++];
	*gathered = (struct gathered){ .class = class, .address =
	    arena_text(&hosts->sessions_arena,
	    table_get(row, ADDRESSES_ADDRESS)) };
	return true;
}

static void
session_key(char key[SESSION_KEY_MAX], const char *address, const char *sni,
    const char *profile, const char *attempt)
{
	snprintf(key, SESSION_KEY_MAX, "%s %s %s %s", address, sni, profile,
	    attempt);
}

/* "TLSv1.2" or "TLSv1.3". */
static bool
is_tls_1_2(const char *version)
{
	return strcmp(version, "TLSv1.2") == 0 ||
	    strcmp(version, "TLSv1.3") == 0;
}

static bool
take_probe(void *tag, const struct table_reader *row)
{
	struct hosts *hosts = tag;
	struct session *session = arena_take(&hosts->sessions_arena,
	    sizeof *session);
	char key[SESSION_KEY_MAX];

	session_key(key, table_get(row, PROBES_ADDRESS),
	    table_get(row, PROBES_SNI), table_get(row, PROBES_PROFILE),
	    table_get(row, PROBES_ATTEMPT));
	*session = (struct session){
		.outcome = (enum outcome)table_get_enum(row, PROBES_OUTCOME),
		.phase = (enum phase)table_get_enum(row, PROBES_PHASE),
		.measured_at = table_get_time(row, PROBES_MEASURED_AT),
		.is_tls_1_2 = is_tls_1_2(table_get(row, PROBES_TLS_VERSION)),
		.chain_trusted = table_get_number(row, PROBES_CHAIN_TRUSTED) !=
		    0,
		.in_dates = table_get_number(row, PROBES_IN_DATES) != 0,
		.chain_error = intern(hosts, table_is_null(row,
		    PROBES_CHAIN_ERROR) ? "unspecified"
		    : table_get(row, PROBES_CHAIN_ERROR)),
		.chain_id = table_is_null(row, PROBES_CHAIN_ID) ? NULL
		    : intern(hosts, table_get(row, PROBES_CHAIN_ID)),
	};
	*map_place(hosts->sessions, key, NULL) = session;
	return true;
}

static struct gathered *
find_gathered(const struct known_host *host, const char *address)
{
	for (unsigned i = 0; i < host->gathered_count; i++)
		if (strcmp(host->gathered[i].address, address) == 0)
			return &host->gathered[i];
	return NULL;
}

/* The session whose facts the row has; NULL with reason NULL: it is missing. */
static bool
find_session(struct hosts *hosts, const struct table_reader *row,
    struct result *result)
{
	char key[SESSION_KEY_MAX];

	if (table_get_enum(row, RESULTS_BASIS) == BASIS_NONE) {
		result->facts.outcome = (enum outcome)table_get_enum(row,
		    RESULTS_REASON);
		result->facts.phase = PHASE_CONNECT;
		result->facts.measured_at = table_get_time(row,
		    RESULTS_MEASURED_AT);
		return !table_is_null(row, RESULTS_REASON);
	}
	session_key(key, table_get(row, RESULTS_ADDRESS),
	    table_get(row, RESULTS_SESSION_SNI),
	    table_get(row, RESULTS_PROFILE), table_get(row, RESULTS_ATTEMPT));
	result->session = map_get(hosts->sessions, key);
	if (result->session == NULL)
		return false;
	result->facts.outcome = result->session->outcome;
	result->facts.phase = result->session->phase;
	result->facts.measured_at = result->session->measured_at;
	return true;
}

static bool
take_result(void *tag, const struct table_reader *row)
{
	struct hosts *hosts = tag;
	const char *name = table_get(row, RESULTS_HOST);
	const char *sni = table_get(row, RESULTS_SNI);
	struct known_host *host = map_get(hosts->by_name, name);
	struct gathered *gathered = host == NULL ? NULL
	    : find_gathered(host, table_get(row, RESULTS_ADDRESS));
	int64_t attempt = table_get_number(row, RESULTS_ATTEMPT);
	enum series series = strcmp(sni, name) == 0 ? SERIES_MX : SERIES_BASE;
	struct result *result;

	if (gathered == NULL)
		return broken("host_results", name, "not in addresses");
	if (attempt < 1 || attempt > VERDICT_ATTEMPTS ||
	    (series == SERIES_BASE && strcmp(sni, host->tlsa_base) != 0))
		return broken("host_results", name, "not an attempt");
	result = &gathered->results[series][attempt - 1];
	result->facts.is_made = true;
	if (!find_session(hosts, row, result))
		return broken("host_results", name,
		    "neither a session nor a reason");
	result->profile = table_is_null(row, RESULTS_PROFILE) ? PROFILE_MODERN
	    : (enum profile)table_get_enum(row, RESULTS_PROFILE);
	result->name_match = table_get_number(row, RESULTS_NAME_MATCH) != 0;
	result->tlsa_status = (enum tlsa_status)table_get_enum(row,
	    RESULTS_TLSA_STATUS);
	result->dane = (enum dane_verdict)table_get_enum(row,
	    RESULTS_DANE_VERDICT);
	result->tlsa_changed = (table_get_flags(row, RESULTS_FLAGS) &
	    1u << RESULT_TLSA_CHANGED) != 0;
	return true;
}

/* From rows to pairs ****************************************************** */

static struct combined
combine(const struct hosts *hosts, const struct result *results)
{
	const struct attempt_facts attempts[VERDICT_ATTEMPTS] = {
		results[0].facts, results[1].facts,
	};

	return verdict_combine(attempts, hosts->retry_after_ms);
}

/* An address that no row tells of. */
static struct combined
without_rows(enum address_class class)
{
	return (struct combined){ class == CLASS_SPECIAL ? PAIR_UNREACHABLE
	    : PAIR_UNDETERMINED, -1 };
}

static const char *
why(const struct gathered *gathered, const struct result *results,
    struct combined combined)
{
	if (combined.attempt >= 0)
		return outcome_texts.texts[
		    results[combined.attempt].facts.outcome];
	return gathered->class == CLASS_PUBLIC
	    ? tls_class_texts.texts[TLS_CLASS_NOT_PROBED]
	    : address_class_texts.texts[gathered->class];
}

static void
judge_mx(const struct hosts *hosts, const struct gathered *gathered,
    struct pair_facts *pair)
{
	const struct result *results = gathered->results[SERIES_MX], *result;
	struct combined combined = combine(hosts, results);

	if (combined.attempt < 0)
		combined = without_rows(gathered->class);
	pair->class = combined.class;
	pair->why = why(gathered, results, combined);
	pair->chain_error = "unspecified";
	if (combined.class != PAIR_TLS)
		return;
	result = &results[combined.attempt];
	pair->is_legacy = result->profile == PROFILE_LEGACY;
	pair->name_match = result->name_match;
	pair->is_tls_1_2 = result->session->is_tls_1_2;
	pair->chain_trusted = result->session->chain_trusted;
	pair->in_dates = result->session->in_dates;
	pair->chain_error = result->session->chain_error;
}

static bool
is_failure(enum tlsa_status status)
{
	return status == TLSA_STATUS_SERVFAIL ||
	    status == TLSA_STATUS_TIMEOUT;
}

/* In how many passes TLSA failed: those of the host's own row, or the askings
 * before a connection (T16). */
static unsigned
failing_passes(const struct known_host *host, const struct result *results)
{
	unsigned count = 0;

	if (is_failure(host->tlsa_status))
		return host->attempts;
	for (int i = 0; i < VERDICT_ATTEMPTS; i++)
		count += results[i].facts.is_made &&
		    is_failure(results[i].tlsa_status);
	return count;
}

/* The names of the chain that the session presented, to be read later. */
static void
want_names(struct hosts *hosts, struct known_host *host, unsigned index,
    const struct session *session)
{
	void **place;

	if (session->chain_id == NULL)
		return;
	if (host->names == NULL)
		host->names = arena_take(&hosts->arena,
		    host->verdict.pair_count * sizeof *host->names);
	place = map_place(hosts->leaves, session->chain_id, NULL);
	if (*place == NULL)
		*place = arena_take(&hosts->arena, sizeof(struct leaf_names));
	host->names[index] = *place;
}

static void
judge_dane(struct hosts *hosts, struct known_host *host, unsigned index)
{
	const struct gathered *gathered = &host->gathered[index];
	struct pair_facts *pair = &host->verdict.pairs[index];
	bool own = gathered->results[SERIES_BASE][0].facts.is_made ||
	    gathered->results[SERIES_BASE][1].facts.is_made;
	const struct result *results = gathered->results[own ? SERIES_BASE
							     : SERIES_MX];
	struct combined combined = combine(hosts, results);
	enum tlsa_status status = host->tlsa_status;

	if (combined.attempt < 0)
		combined = without_rows(gathered->class);
	else
		status = results[combined.attempt].tlsa_status;
	pair->dane = combined.attempt < 0 ? DANE_NOT_APPLICABLE
	    : results[combined.attempt].dane;
	pair->tlsa = verdict_tlsa_class(status, failing_passes(host, results));
	pair->tlsa_status = tlsa_status_texts.texts[status];
	/* Its records were held against no session: nothing is known. */
	if (pair->tlsa == TLSA_CLASS_USABLE && combined.class == PAIR_TLS &&
	    pair->dane == DANE_NOT_APPLICABLE)
		combined = without_rows(CLASS_PUBLIC);
	pair->dane_class = combined.class;
	pair->dane_why = why(gathered, results, combined);
	for (int i = 0; i < VERDICT_ATTEMPTS; i++)
		pair->tlsa_changed |= results[i].tlsa_changed;
	if (combined.class == PAIR_TLS && pair->dane == DANE_NAME_MISMATCH)
		want_names(hosts, host, index,
		    results[combined.attempt].session);
}

/* A host without pairs counts as one. */
static void
judge_alone(struct known_host *host)
{
	struct pair_facts *pair = host->verdict.pairs;

	pair->class = pair->dane_class = verdict_host_class(host->status,
	    host->attempts);
	/* It has addresses, none of a family that there is a route for. */
	pair->why = host->status == HOST_USABLE
	    ? address_class_texts.texts[CLASS_NO_ROUTE]
	    : host_status_texts.texts[host->status];
	pair->dane_why = pair->why;
	pair->chain_error = "unspecified";
	pair->tlsa = verdict_tlsa_class(host->tlsa_status, host->attempts);
	pair->tlsa_status = tlsa_status_texts.texts[host->tlsa_status];
	pair->dane = DANE_NOT_APPLICABLE;
}

static void
judge(struct hosts *hosts, struct known_host *host)
{
	unsigned count = host->gathered_count;

	host->verdict.pair_count = count > 0 ? count : 1;
	host->verdict.pairs = arena_take(&hosts->arena,
	    host->verdict.pair_count * sizeof *host->verdict.pairs);
	if (count == 0)
		judge_alone(host);
	for (unsigned i = 0; i < count; i++) {
		judge_mx(hosts, &host->gathered[i], &host->verdict.pairs[i]);
		judge_dane(hosts, host, i);
	}
	free(host->gathered);
	host->gathered = NULL;
	host->gathered_count = 0;
}

/* Leaves ****************************************************************** */

/* Two chains may begin with one certificate: each leaf by its own list. */
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
	return map_count(hosts->leaves) == 0 ||
	    (parts_walk(folder, TABLE_CHAINS, hosts, take_chain) &&
	    parts_walk(folder, TABLE_CERTIFICATES, hosts, take_certificate));
}

/* ************************************************************************* */

static void
judge_all(struct hosts *hosts)
{
	size_t index = 0;
	const char *name;
	void *host;

	while (map_next(hosts->by_name, &index, &name, &host))
		judge(hosts, host);
}

static void
drop_rows(struct hosts *hosts)
{
	size_t index = 0;
	const char *name;
	void *host;

	/* What a broken run has left behind. */
	while (map_next(hosts->by_name, &index, &name, &host))
		free(((struct known_host *)host)->gathered);
	map_free(hosts->sessions);
	map_free(hosts->leaves);
	map_free(hosts->certificates);
	arena_fini(&hosts->sessions_arena);
}

struct hosts *
hosts_read(int folder, int64_t retry_after_ms)
{
	struct hosts *hosts = xcalloc(1, sizeof *hosts);
	bool good;

	hosts->retry_after_ms = retry_after_ms;
	hosts->by_name = map_new();
	hosts->sessions = map_new();
	hosts->texts = map_new();
	hosts->leaves = map_new();
	hosts->certificates = map_new();
	good = parts_walk(folder, TABLE_HOSTS, hosts, take_host) &&
	    parts_walk(folder, TABLE_ADDRESSES, hosts, take_address) &&
	    parts_walk(folder, TABLE_PROBES, hosts, take_probe) &&
	    parts_walk(folder, TABLE_HOST_RESULTS, hosts, take_result);
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

void
hosts_free(struct hosts *hosts)
{
	if (hosts == NULL)
		return;
	map_free(hosts->by_name);
	map_free(hosts->texts);
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
