#include "scanner/commands/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/plural.h"
#include "scanner/base/regular_file.h"
#include "scanner/commands/verify/verify_internal.h"
#include "scanner/out/table_reader.h"

/* Keys ******************************************************************** */

void
verify_make_key(struct verifier *verifier, const struct table_reader *row,
    const unsigned *columns, unsigned count)
{
	struct buffer *key = &verifier->key;

	key->length = 0;
	for (unsigned i = 0; i < count; i++) {
		buffer_append(key, table_get(row, columns[i]),
		    table_get_length(row, columns[i]));
		buffer_append_byte(key, 0);
	}
}

bool
verify_add_key(struct keyset **set, const struct buffer *key)
{
	if (*set == NULL)
		*set = keyset_new();
	return keyset_add(*set, key->bytes, key->length);
}

bool
verify_has_key(const struct keyset *set, const struct buffer *key)
{
	return set != NULL && keyset_has(set, key->bytes, key->length);
}

static void
drop_keys(struct keyset **set)
{
	keyset_free(*set);
	*set = NULL;
}

static void
append_columns(struct buffer *text, const struct table_reader *row,
    const unsigned *columns, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		buffer_printf(text, "%s%s", i > 0 ? " " : "",
		    table_get(row, columns[i]));
}

const char *
verify_shown_key(struct verifier *verifier, enum table_id id,
    const struct table_reader *row)
{
	verifier->text.length = 0;
	append_columns(&verifier->text, row, table_schemas[id].key,
	    table_schemas[id].key_count);
	return buffer_text(&verifier->text);
}

/* Rows ******************************************************************** */

static void
take_key(struct verifier *verifier, enum table_id id,
    const struct table_reader *row)
{
	const struct table_schema *schema = &table_schemas[id];

	verifier->rows[id]++;
	verify_make_key(verifier, row, schema->key, schema->key_count);
	if (!verify_add_key(&verifier->keys[id], &verifier->key))
		verify_violate(verifier, "%s: %s: two rows", schema->name,
		    verify_shown_key(verifier, id, row));
	if (id == TABLE_CHAINS) {
		verify_make_key(verifier, row, schema->key, 1);
		(void)verify_add_key(&verifier->chain_ids, &verifier->key);
	} else if (id == TABLE_HOST_RESULTS) {
		verify_make_key(verifier, row, schema->key, 2);
		(void)verify_add_key(&verifier->judged, &verifier->key);
	}
}

static bool
is_exempt(const struct verifier *verifier, enum table_id id,
    const struct foreign_key *foreign, const struct table_reader *row)
{
	if (table_is_null(row, foreign->columns[0]))
		return true;
	/* While the run continues, hosts are asked for and chains gathered; the
	 * seal writes chains before certificates. */
	if (!verifier->is_sealed && (foreign->table == TABLE_CHAINS ||
	    foreign->table == TABLE_CERTIFICATES ||
	    (id == TABLE_MX && foreign->table == TABLE_HOSTS)))
		return true;
	/* An implicit MX is a host only with --probe-implicit
	 * (docs/schema.md). */
	return id == TABLE_MX && foreign->table == TABLE_HOSTS &&
	    (table_get_flags(row, MX_FLAGS) & 1u << MX_FLAG_IMPLICIT) != 0 &&
	    !verifier->probe_implicit;
}

static void
check_foreign(struct verifier *verifier, enum table_id id,
    const struct table_reader *row)
{
	const struct table_schema *schema = &table_schemas[id];

	for (unsigned i = 0; i < schema->foreign_count; i++) {
		const struct foreign_key *foreign = &schema->foreign[i];
		const struct keyset *keys = foreign->table == TABLE_CHAINS
		    ? verifier->chain_ids : verifier->keys[foreign->table];
		struct buffer value = { 0 };

		if (is_exempt(verifier, id, foreign, row))
			continue;
		verify_make_key(verifier, row, foreign->columns, foreign->count);
		if (verify_has_key(keys, &verifier->key))
			continue;
		append_columns(&value, row, foreign->columns, foreign->count);
		verify_violate(verifier, "%s: %s: %s is not in %s",
		    schema->name, verify_shown_key(verifier, id, row),
		    buffer_text(&value), table_schemas[foreign->table].name);
		buffer_fini(&value);
	}
}

static void
check_basis(struct verifier *verifier, const struct table_reader *row)
{
	static const unsigned session[] = { RESULTS_ADDRESS,
		RESULTS_SESSION_SNI, RESULTS_PROFILE, RESULTS_ATTEMPT };
	int basis = table_get_enum(row, RESULTS_BASIS);

	verify_make_key(verifier, row, session, 4);
	if (basis != BASIS_NONE &&
	    !verify_has_key(verifier->keys[TABLE_PROBES], &verifier->key))
		verify_violate(verifier, "host_results: %s: its session is not "
		    "in probes", verify_shown_key(verifier, TABLE_HOST_RESULTS, row));
	if (basis == BASIS_NONE && table_is_null(row, RESULTS_REASON))
		verify_violate(verifier, "host_results: %s: has neither a "
		    "session nor a "
		    "reason", verify_shown_key(verifier, TABLE_HOST_RESULTS,
		    row));
}

static bool
is_recorded(const struct table_reader *row)
{
	return table_get_enum(row, DOMAINS_MTA_STS_RECORD) == TXT_FOUND ||
	    table_get_enum(row, DOMAINS_TLSRPT_RECORD) == TXT_FOUND;
}

static void
take_row(struct verifier *verifier, enum table_id id,
    const struct table_reader *row)
{
	take_key(verifier, id, row);
	check_foreign(verifier, id, row);
	verify_take_place(verifier, id, row);
	if (id == TABLE_HOST_RESULTS)
		check_basis(verifier, row);
	if (id == TABLE_DOMAINS && is_recorded(row))
		verifier->has_records = true;
}

/* Reads addresses a second time, when the results are known. */
static void
take_judged(struct verifier *verifier, enum table_id id,
    const struct table_reader *row)
{
	if (table_get_enum(row, ADDRESSES_CLASS) != CLASS_PUBLIC)
		return;
	verify_make_key(verifier, row, table_schemas[id].key, 2);
	if (!verify_has_key(verifier->judged, &verifier->key))
		verify_violate(verifier, "addresses: %s: has no row in "
		    "host_results",
		    verify_shown_key(verifier, id, row));
}

/* Reads domains a second time if there are fewer outcomes. */
static void
take_concluded(struct verifier *verifier, enum table_id id,
    const struct table_reader *row)
{
	verify_make_key(verifier, row, table_schemas[id].key, 1);
	if (!verify_has_key(verifier->keys[TABLE_OUTCOMES], &verifier->key))
		verify_violate(verifier, "domains: %s: has no row in outcomes",
		    verify_shown_key(verifier, id, row));
}

/* Reads domains a second time, when the policies are known. */
static void
take_recorded(struct verifier *verifier, enum table_id id,
    const struct table_reader *row)
{
	if (!is_recorded(row))
		return;
	verify_make_key(verifier, row, table_schemas[id].key, 1);
	if (!verify_has_key(verifier->keys[TABLE_POLICIES], &verifier->key))
		verify_violate(verifier, "domains: %s: has an MTA-STS or "
		    "TLSRPT record, but no row in "
		    "policies", verify_shown_key(verifier, id, row));
}

/* Tables ****************************************************************** */

typedef void on_row(struct verifier *, enum table_id,
    const struct table_reader *);

static void
walk_part(struct verifier *verifier, enum table_id id, const char *path,
    on_row *take)
{
	int descriptor = regular_file_open(verifier->folder, path);
	struct table_reader *row = table_reader_open(id, descriptor);
	int result = -1;

	while (row != NULL && (result = table_reader_next(row)) == 1)
		take(verifier, id, row);
	if (result != 0)
		verify_violate(verifier, "%s: %s", path, row != NULL
		    ? table_reader_why(row) : strerror(errno));
	table_reader_close(row);
	if (descriptor >= 0)
		close(descriptor);
}

/* A part counts once the key part of its batch is there
 * (docs/architecture.md). */
static bool
is_committed(const struct verifier *verifier, enum table_id id,
    const char *part)
{
	const struct names *parts = verifier->parts;

	switch (id) {
	case TABLE_MX:
		return names_have(&parts[TABLE_DOMAINS], part);
	case TABLE_ADDRESSES:
		return names_have(&parts[TABLE_HOSTS], part);
	case TABLE_TLSA:
		return names_have(&parts[TABLE_HOSTS], part) ||
		    names_have(&parts[TABLE_PROBES], part);
	case TABLE_HOST_RESULTS:
		return names_have(&parts[TABLE_PROBES], part);
	default:
		return true;
	}
}

static void
walk_table(struct verifier *verifier, enum table_id id, on_row *take)
{
	const struct names *parts = &verifier->parts[id];

	for (size_t i = 0; i < parts->count; i++) {
		char *path = xasprintf("%s/%s", table_schemas[id].name,
		    parts->names[i]);

		if (is_committed(verifier, id, parts->names[i]))
			walk_part(verifier, id, path, take);
		else if (verifier->is_sealed && take == take_row)
			verify_violate(verifier, "%s: the key part of its "
			    "batch is missing", path);
		free(path);
	}
}

/* A table comes after the tables to which it refers. Then keys are freed, so
 * that the keys of only two large tables are held at a time. */
static void
walk_tables(struct verifier *verifier)
{
	struct keyset **keys = verifier->keys;

	walk_table(verifier, TABLE_DOMAINS, take_row);
	walk_table(verifier, TABLE_OUTCOMES, take_row);
	/* Each outcome belongs to a domain, and no domain has two. So if the
	 * counts are equal, each domain has one. */
	if (verifier->is_sealed &&
	    verifier->rows[TABLE_OUTCOMES] != verifier->rows[TABLE_DOMAINS])
		walk_table(verifier, TABLE_DOMAINS, take_concluded);
	drop_keys(&keys[TABLE_OUTCOMES]);
	walk_table(verifier, TABLE_POLICIES, take_row);
	if (verifier->is_sealed && verifier->has_records)
		walk_table(verifier, TABLE_DOMAINS, take_recorded);
	drop_keys(&keys[TABLE_POLICIES]);
	walk_table(verifier, TABLE_HOSTS, take_row);
	walk_table(verifier, TABLE_MX, take_row);
	drop_keys(&keys[TABLE_DOMAINS]);
	drop_keys(&keys[TABLE_MX]);
	walk_table(verifier, TABLE_ADDRESSES, take_row);
	walk_table(verifier, TABLE_TLSA, take_row);
	drop_keys(&keys[TABLE_HOSTS]);
	drop_keys(&keys[TABLE_TLSA]);
	walk_table(verifier, TABLE_CERTIFICATES, take_row);
	walk_table(verifier, TABLE_CHAINS, take_row);
	drop_keys(&keys[TABLE_CERTIFICATES]);
	drop_keys(&keys[TABLE_CHAINS]);
	walk_table(verifier, TABLE_PROBES, take_row);
	drop_keys(&verifier->chain_ids);
	walk_table(verifier, TABLE_HOST_RESULTS, take_row);
	drop_keys(&keys[TABLE_ADDRESSES]);
	drop_keys(&keys[TABLE_PROBES]);
	drop_keys(&keys[TABLE_HOST_RESULTS]);
	drop_keys(&verifier->placed_sessions);
	drop_keys(&verifier->placed_names);
	drop_keys(&verifier->placed_pairs);
	if (verifier->is_sealed && verifier->probing)
		walk_table(verifier, TABLE_ADDRESSES, take_judged);
	drop_keys(&verifier->judged);
	walk_table(verifier, TABLE_REJECTS, take_row);
	drop_keys(&keys[TABLE_REJECTS]);
}

/* run.json **************************************************************** */

static bool
check_member(struct verifier *verifier, enum run_member member)
{
	if (run_json_has(&verifier->run, member))
		return true;
	verify_violate(verifier, RUN_JSON_FILE ": %s",
	    run_member_fault(member));
	return false;
}

static void
check_counts(struct verifier *verifier)
{
	static const enum run_member counts[] = {
		RUN_MEMBER_RECORDS, RUN_MEMBER_DUPLICATES, RUN_MEMBER_REJECTED,
		RUN_MEMBER_OPTED_OUT,
	};
	const struct run_json *run = &verifier->run;
	int64_t domains = (int64_t)verifier->rows[TABLE_DOMAINS];
	bool good = true;

	/* A run that was stopped while planning has no counts yet. */
	if (!verifier->is_sealed &&
	    json_object_get(run->root, "inputs") == NULL)
		return;
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		good = check_member(verifier, counts[i]) && good;
	if (!good)
		return;
	if (run->rejected != (int64_t)verifier->rows[TABLE_REJECTS])
		verify_violate(verifier, "rejects: all: %" PRIu64 " %s, %"
		    PRId64 " in run.json", verifier->rows[TABLE_REJECTS],
		    plural(verifier->rows[TABLE_REJECTS], "row", "rows"),
		    run->rejected);
	if (verifier->is_sealed && run->records != domains + run->duplicates +
	    run->rejected + run->opted_out)
		verify_violate(verifier, "domains: all: %" PRId64 " %s read, "
		    "not %" PRId64 " %s + %" PRId64 " %s + %" PRId64
		    " rejected + %" PRId64 " opted out", run->records,
		    plural(run->records, "record was", "records were"),
		    domains, plural(domains, "domain", "domains"),
		    run->duplicates, plural(run->duplicates, "duplicate",
		    "duplicates"), run->rejected, run->opted_out);
}

static void
read_state(struct verifier *verifier)
{
	const struct run_json *run = &verifier->run;
	bool has_state = check_member(verifier, RUN_MEMBER_STATE);

	(void)check_member(verifier, RUN_MEMBER_PROBING);
	verifier->is_sealed = has_state && run->state == RUN_SEALED;
	verifier->probing = run->probing;
	verifier->probe_implicit = run->probe_implicit;
	verify_read_places(verifier);
}

/* A member with an illegal value is a violation like any other, but the tables of
 * another format cannot be checked. */
static int
read_run_file(struct verifier *verifier, const char *path)
{
	enum run_json_result result = run_json_read(&verifier->run,
	    verifier->folder);
	int status = result == RUN_JSON_UNREAD ? exit_status_unread(errno)
	    : EXIT_INPUT;

	if (result == RUN_JSON_READ || (result == RUN_JSON_WRONG &&
	    run_json_has(&verifier->run, RUN_MEMBER_FORMAT)))
		return EXIT_COMPLETE;
	log_line("%s/" RUN_JSON_FILE ": %s", path, verifier->run.why);
	return status;
}

/* ************************************************************************* */

/* A batch comes after the batches to which it refers. In a run that continues,
 * tables are listed in the other order. */
static void
list_parts(struct verifier *verifier)
{
	static const enum table_id order[] = {
		TABLE_OUTCOMES, TABLE_PROBES, TABLE_POLICIES, TABLE_HOSTS,
		TABLE_DOMAINS, TABLE_MX, TABLE_ADDRESSES, TABLE_TLSA,
		TABLE_HOST_RESULTS, TABLE_CHAINS, TABLE_CERTIFICATES,
		TABLE_REJECTS,
	};
	_Static_assert(sizeof order / sizeof order[0] == TABLE_COUNT, "order");

	for (size_t i = 0; i < TABLE_COUNT; i++)
		verify_list(verifier, table_schemas[order[i]].name,
		    &verifier->parts[order[i]]);
}

static void
report(const struct verifier *verifier, const char *run)
{
	if (verifier->violations > VERIFY_SHOWN)
		fprintf(verifier->out, "and %" PRIu64 " more\n",
		    verifier->violations - VERIFY_SHOWN);
	fprintf(verifier->out, "%s: %s", run, verifier->violations > 0
	    ? "violated" : verifier->is_sealed ? "whole" :
	    "not sealed; what it has so far is whole");
	for (int i = 0; i < TABLE_COUNT; i++)
		fprintf(verifier->out, "%s %s %" PRIu64, i > 0 ? "," : ":",
		    table_schemas[i].name, verifier->rows[i]);
	putc('\n', verifier->out);
}

static int
verify_tables(struct verifier *verifier, const char *run)
{
	read_state(verifier);
	list_parts(verifier);
	walk_tables(verifier);
	check_counts(verifier);
	if (verifier->is_sealed)
		verify_sums(verifier);
	report(verifier, run);
	for (int i = 0; i < TABLE_COUNT; i++)
		names_fini(&verifier->parts[i]);
	buffer_fini(&verifier->key);
	buffer_fini(&verifier->text);
	if (verifier->violations > 0)
		return EXIT_INPUT;
	return verifier->is_sealed ? EXIT_COMPLETE : EXIT_STOPPED;
}

int
verify_facts(const char *run, FILE *out)
{
	struct verifier verifier = { .out = out, .facts_alone = true };

	verifier.folder = open(run, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (verifier.folder < 0) {
		log_line("%s: %s", run, strerror(errno));
		return EXIT_OUTPUT;
	}
	verify_sums(&verifier);
	if (verifier.violations > VERIFY_SHOWN)
		fprintf(out, "and more violations: %" PRIu64 " in all\n",
		    verifier.violations);
	close(verifier.folder);
	return verifier.violations > 0 ? EXIT_INPUT : EXIT_COMPLETE;
}

int
verify_run(const char *run, FILE *out)
{
	struct verifier verifier = { .out = out };
	int status;

	verifier.folder = open(run, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (verifier.folder < 0) {
		status = exit_status_unread(errno);
		log_line("%s: %s", run, strerror(errno));
		return status;
	}
	status = read_run_file(&verifier, run);
	if (status == EXIT_COMPLETE)
		status = verify_tables(&verifier, run);
	run_json_close(&verifier.run);
	close(verifier.folder);
	return status;
}
