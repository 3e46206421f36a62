/* hosts_rows: reads the rows of hosts, addresses, probes and host_results, and
 * gathers them by host. It is a part of hosts. */
#include <string.h>

#include "analysis/facts/hosts_internal.h"
#include "analysis/facts/parts.h"
#include "scanner/base/log.h"

/* One copy of a text that occurs often. */
static const char *
intern(struct hosts *hosts, const char *text)
{
	const char *copy;

	*map_place(hosts->texts, text, &copy) = hosts;
	return copy;
}

static void
keep_shown_host(struct hosts *hosts, struct known_host *host,
    const struct table_reader *row)
{
	host->shown = arena_take(&hosts->arena, sizeof *host->shown);
	host->shown->registrable_domain = intern(hosts, table_get(row,
	    HOSTS_REGISTRABLE_DOMAIN));
	host->shown->measured_at = table_get_time(row, HOSTS_MEASURED_AT);
	host->shown->tlsa_ttl_s = table_is_null(row, HOSTS_TLSA_TTL_S) ? -1
	    : table_get_number(row, HOSTS_TLSA_TTL_S);
}

static const struct held *
keep_held(struct hosts *hosts, const struct table_reader *row)
{
	struct held *held = arena_take(&hosts->sessions_arena, sizeof *held);

	held->tlsa_asked_at = table_get_time(row, RESULTS_TLSA_ASKED_AT);
	held->asking = (unsigned)table_get_number(row, RESULTS_ASKING);
	held->matching = intern(hosts, table_get(row,
	    RESULTS_DANE_MATCHING_POSITIONS));
	return held;
}

static bool
broken(const char *table, const char *key, const char *what)
{
	log_line("%s: %s: %s", table, key, what);
	return false;
}

static bool
take_host(void *tag, const struct table_reader *row)
{
	struct hosts *hosts = tag;
	const char *name;
	void **place = map_place(hosts->by_name, table_get(row, HOSTS_HOST),
	    &name);
	const char *base = table_get(row, HOSTS_TLSA_BASE);
	struct known_host *host;

	if (*place != NULL)
		return broken("hosts", name, "twice");
	*place = host = arena_take(&hosts->arena, sizeof *host);
	if (hosts->present == NULL)
		hosts->first = host;
	else
		hosts->present->next = host;
	hosts->present = host;
	host->verdict.name = name;
	host->status = (enum host_status)table_get_enum(row,
	    HOSTS_HOST_STATUS);
	host->tlsa_status = (enum tlsa_status)table_get_enum(row,
	    HOSTS_TLSA_STATUS);
	host->attempts = (unsigned)table_get_number(row, HOSTS_ATTEMPTS);
	host->tlsa_base = strcmp(base, name) == 0 ? name
	    : arena_text(&hosts->arena, base);
	if (hosts->is_shown)
		keep_shown_host(hosts, host, row);
	return true;
}

static bool
is_named(const struct known_host *host, const char *name)
{
	return host != NULL && strcmp(host->verdict.name, name) == 0;
}

/* Returns NULL if there is no such host. In a table by host the rows of a host
 * come one after the other, and the hosts are mostly in the order of
 * `hosts`. */
static struct known_host *
find_host(struct hosts *hosts, const char *name)
{
	struct known_host *host = hosts->present, *next = host == NULL ? NULL
	    : host->next;

	if (is_named(host, name))
		return host;
	host = is_named(next, name) ? next : map_get(hosts->by_name, name);
	if (host != NULL)
		hosts->present = host;
	return host;
}

/* Makes room for one more. The array grows by powers of two. */
static struct gathered *
add_gathered(struct hosts *hosts, struct known_host *host)
{
	unsigned count = host->gathered_count;
	struct gathered *more;

	if ((count & (count - 1)) == 0) {
		more = arena_take(&hosts->sessions_arena,
		    (count == 0 ? 1 : 2 * count) * sizeof *more);
		if (count > 0)
			memcpy(more, host->gathered, count * sizeof *more);
		host->gathered = more;
	}
	return &host->gathered[host->gathered_count++];
}

static bool
take_address(void *tag, const struct table_reader *row)
{
	struct hosts *hosts = tag;
	const char *name = table_get(row, ADDRESSES_HOST);
	struct known_host *host = find_host(hosts, name);
	enum address_class class = (enum address_class)table_get_enum(row,
	    ADDRESSES_CLASS);
	struct gathered *gathered;

	/* A part of addresses is linked before its part of hosts. */
	if (host == NULL)
		return hosts->is_partial ||
		    broken("addresses", name, "not in hosts");
	/* RULES 9 leaves it out of the pairs. */
	if (class == CLASS_NO_ROUTE)
		return true;
	if (host->gathered_count == VERDICT_PAIRS_MAX)
		return broken("addresses", name, "too many");
	gathered = add_gathered(hosts, host);
	*gathered = (struct gathered){ .class = class, .address =
	    arena_text(&hosts->sessions_arena,
	    table_get(row, ADDRESSES_ADDRESS)) };
	return true;
}

/* The columns of a table that hold address, server name, profile and
 * attempt. */
static const char *
session_key(struct hosts *hosts, const struct table_reader *row,
    const unsigned columns[4])
{
	struct buffer *key = &hosts->session_key;

	key->length = 0;
	for (int i = 0; i < 4; i++) {
		buffer_append(key, table_get(row, columns[i]),
		    table_get_length(row, columns[i]));
		buffer_append_byte(key, ' ');
	}
	return buffer_text(key);
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
	static const unsigned key[] = { PROBES_ADDRESS, PROBES_SNI,
		PROBES_PROFILE, PROBES_ATTEMPT };

	*session = (struct session){
		.outcome = (enum outcome)table_get_enum(row, PROBES_OUTCOME),
		.phase = (enum phase)table_get_enum(row, PROBES_PHASE),
		.measured_at = table_get_time(row, PROBES_MEASURED_AT),
		.is_tls_1_2 = is_tls_1_2(table_get(row, PROBES_TLS_VERSION)),
		.chain_trusted = table_get_number(row, PROBES_CHAIN_TRUSTED) !=
		    0,
		.in_dates = table_get_number(row, PROBES_IN_DATES) != 0,
		.chain_truncated = (table_get_flags(row, PROBES_FLAGS) &
		    1u << PROBE_CHAIN_TRUNCATED) != 0,
		.chain_error = intern(hosts, table_is_null(row,
		    PROBES_CHAIN_ERROR) ? "unspecified"
		    : table_get(row, PROBES_CHAIN_ERROR)),
		.chain_id = table_is_null(row, PROBES_CHAIN_ID) ? NULL
		    : intern(hosts, table_get(row, PROBES_CHAIN_ID)),
	};
	*map_place(hosts->sessions, session_key(hosts, row, key), NULL) =
	    session;
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

/* Finds the session whose facts the row has. Returns NULL with reason NULL: the
 * session is missing. */
static bool
find_session(struct hosts *hosts, const struct table_reader *row,
    struct result *result)
{
	static const unsigned key[] = { RESULTS_ADDRESS, RESULTS_SESSION_SNI,
		RESULTS_PROFILE, RESULTS_ATTEMPT };

	if (table_get_enum(row, RESULTS_BASIS) == BASIS_NONE) {
		result->facts.outcome = (enum outcome)table_get_enum(row,
		    RESULTS_REASON);
		result->facts.phase = PHASE_CONNECT;
		result->facts.measured_at = table_get_time(row,
		    RESULTS_MEASURED_AT);
		return !table_is_null(row, RESULTS_REASON);
	}
	result->session = map_get(hosts->sessions, session_key(hosts, row,
	    key));
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
	struct known_host *host = find_host(hosts, name);
	struct gathered *gathered = host == NULL ? NULL
	    : find_gathered(host, table_get(row, RESULTS_ADDRESS));
	int64_t attempt = table_get_number(row, RESULTS_ATTEMPT);
	enum series series = strcmp(sni, name) == 0 ? SERIES_MX : SERIES_BASE;
	struct result *result;

	if (gathered == NULL && hosts->is_partial)
		return true;
	if (gathered == NULL)
		return broken("host_results", name, "not in addresses");
	if (attempt < 1 || attempt > VERDICT_ATTEMPTS ||
	    (series == SERIES_BASE && strcmp(sni, host->tlsa_base) != 0))
		return broken("host_results", name, "not an attempt");
	result = arena_take(&hosts->sessions_arena, sizeof *result);
	result->facts.is_made = true;
	/* A part of host_results is linked before its part of probes. */
	if (!find_session(hosts, row, result))
		return hosts->is_partial || broken("host_results", name,
		    "neither a session nor a reason");
	gathered->results[series][attempt - 1] = result;
	result->profile = table_is_null(row, RESULTS_PROFILE) ? PROFILE_MODERN
	    : (enum profile)table_get_enum(row, RESULTS_PROFILE);
	result->name_match = table_get_number(row, RESULTS_NAME_MATCH) != 0;
	result->tlsa_status = (enum tlsa_status)table_get_enum(row,
	    RESULTS_TLSA_STATUS);
	result->dane = (enum dane_verdict)table_get_enum(row,
	    RESULTS_DANE_VERDICT);
	result->tlsa_changed = (table_get_flags(row, RESULTS_FLAGS) &
	    1u << RESULT_TLSA_CHANGED) != 0;
	if (hosts->is_shown)
		result->held = keep_held(hosts, row);
	return true;
}

static bool
take_mx(void *tag, const struct table_reader *row)
{
	const struct hosts *hosts = tag;
	struct known_host *host;

	if (listing_find(hosts->listing, table_get(row, MX_DOMAIN)) == NULL)
		return true;
	/* If the host is missing, a message says so where the domain is
	 * concluded. */
	host = map_get(hosts->by_name, table_get(row, MX_HOST));
	if (host != NULL)
		host->is_listed = true;
	return true;
}

bool
hosts_read_rows(struct hosts *hosts, int folder)
{
	if (!parts_walk(folder, TABLE_HOSTS, hosts, take_host))
		return false;
	hosts->present = hosts->first;
	return parts_walk(folder, TABLE_ADDRESSES, hosts, take_address) &&
	    parts_walk(folder, TABLE_PROBES, hosts, take_probe) &&
	    parts_walk(folder, TABLE_HOST_RESULTS, hosts, take_result) &&
	    (listing_is_empty(hosts->listing) ||
	    parts_walk(folder, TABLE_MX, hosts, take_mx));
}
