#include "scanner/commands/verify.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/buffer.h"
#include "scanner/base/keyset.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/crypto/digest.h"
#include "scanner/out/table_reader.h"

#define VIOLATIONS_SHOWN 1000

struct verifier {
	FILE		*out;
	int		 folder;
	json_t		*run;
	bool		 is_sealed, probing, probe_implicit;
	uint64_t	 violations;
	uint64_t	 rows[TABLE_COUNT];
	struct keyset	*keys[TABLE_COUNT];
	/* Prefixes of keys that others refer to. */
	struct keyset	*chain_ids, *judged;
};

static void violate(struct verifier *, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void
violate(struct verifier *verifier, const char *format, ...)
{
	va_list arguments;

	if (verifier->violations++ >= VIOLATIONS_SHOWN)
		return;
	va_start(arguments, format);
	vfprintf(verifier->out, format, arguments);
	va_end(arguments);
	putc('\n', verifier->out);
}

/* The values of columns as one key; lengths keep "a","bc" from "ab","c". */
static void
make_key(const struct table_reader *row, const unsigned *columns,
    unsigned count, struct buffer *key)
{
	key->length = 0;
	for (unsigned i = 0; i < count; i++) {
		buffer_append(key, table_get(row, columns[i]),
		    table_get_length(row, columns[i]));
		buffer_append_byte(key, 0);
	}
}

static void
add_key(struct keyset **set, const struct buffer *key)
{
	if (*set == NULL)
		*set = keyset_new();
	(void)keyset_add(*set, key->bytes, key->length);
}

static bool
has_key(const struct keyset *set, const struct buffer *key)
{
	return set != NULL && keyset_has(set, key->bytes, key->length);
}

/* Walking parts *********************************************************** */

typedef void on_row(struct verifier *, enum table_id, struct table_reader *);

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in a folder that do not begin with a dot, sorted; the caller frees. */
static char **
list_folder(int parent, const char *name, size_t *count)
{
	int descriptor = openat(parent, name,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = descriptor < 0 ? NULL : fdopendir(descriptor);
	struct dirent *entry;
	char **names = NULL;

	*count = 0;
	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		names = xreallocarray(names, *count + 1, sizeof *names);
		names[(*count)++] = xstrdup(entry->d_name);
	}
	if (stream != NULL)
		closedir(stream);
	if (*count > 0)
		qsort(names, *count, sizeof *names, compare_names);
	return names;
}

static void
walk_part(struct verifier *verifier, enum table_id id, const char *path,
    on_row *take)
{
	int descriptor = openat(verifier->folder, path, O_RDONLY | O_CLOEXEC);
	struct table_reader *row = table_reader_open(id, descriptor);
	int result = -1;

	while (row != NULL && (result = table_reader_next(row)) == 1)
		take(verifier, id, row);
	if (result != 0)
		violate(verifier, "%s: %s", path, row != NULL
		    ? table_reader_why(row) : strerror(errno));
	table_reader_close(row);
	if (descriptor >= 0)
		close(descriptor);
}

static void
walk_table(struct verifier *verifier, enum table_id id, on_row *take)
{
	const char *table = table_schemas[id].name;
	size_t count;
	char **names = list_folder(verifier->folder, table, &count);

	for (size_t i = 0; i < count; i++) {
		char *path = xasprintf("%s/%s", table, names[i]);

		walk_part(verifier, id, path, take);
		free(path);
		free(names[i]);
	}
	free(names);
}

/* Keys ******************************************************************** */

static void
print_key(const struct table_reader *row, const unsigned *columns,
    unsigned count, struct buffer *text)
{
	text->length = 0;
	for (unsigned i = 0; i < count; i++)
		buffer_printf(text, "%s%s", i > 0 ? " " : "",
		    table_get(row, columns[i]));
	(void)buffer_text(text);
}

static void
take_key(struct verifier *verifier, enum table_id id, struct table_reader *row)
{
	const struct table_schema *schema = &table_schemas[id];
	struct buffer key = { 0 }, text = { 0 };

	verifier->rows[id]++;
	if (verifier->keys[id] == NULL)
		verifier->keys[id] = keyset_new();
	make_key(row, schema->key, schema->key_count, &key);
	if (!keyset_add(verifier->keys[id], key.bytes, key.length)) {
		print_key(row, schema->key, schema->key_count, &text);
		violate(verifier, "%s: two rows for %s", schema->name,
		    (char *)text.bytes);
	}
	if (id == TABLE_CHAINS) {
		make_key(row, schema->key, 1, &key);
		add_key(&verifier->chain_ids, &key);
	} else if (id == TABLE_HOST_RESULTS) {
		make_key(row, schema->key, 2, &key);
		add_key(&verifier->judged, &key);
	}
	buffer_fini(&key);
	buffer_fini(&text);
}

/* The keys that a foreign key looks among. */
static const struct keyset *
referred(const struct verifier *verifier, const struct foreign_key *foreign)
{
	return foreign->table == TABLE_CHAINS ? verifier->chain_ids
					      : verifier->keys[foreign->table];
}

/* An implicit MX is a host only with --probe-implicit (SCHEMA). */
static bool
is_exempt(const struct verifier *verifier, enum table_id id,
    const struct foreign_key *foreign, const struct table_reader *row)
{
	if (id == TABLE_MX && foreign->table == TABLE_HOSTS &&
	    (table_get_flags(row, MX_FLAGS) & 1u << MX_FLAG_IMPLICIT) != 0)
		return !verifier->probe_implicit;
	/* While the run goes on, hosts are resolved and chains gathered. */
	if (verifier->is_sealed)
		return false;
	return foreign->table == TABLE_HOSTS || foreign->table == TABLE_CHAINS;
}

static void
check_session(struct verifier *verifier, struct table_reader *row,
    struct buffer *key)
{
	static const unsigned session[] = { RESULTS_ADDRESS, RESULTS_SNI,
		RESULTS_PROFILE, RESULTS_ATTEMPT };
	bool own = table_get_enum(row, RESULTS_BASIS) == BASIS_OWN;

	make_key(row, session, 4, key);
	if (own && !has_key(verifier->keys[TABLE_PROBES], key))
		violate(verifier, "host_results: %s at %s as %s has a session "
		    "that is not in probes", table_get(row, RESULTS_HOST),
		    table_get(row, RESULTS_ADDRESS),
		    table_get(row, RESULTS_SNI));
	if (table_get_enum(row, RESULTS_BASIS) == BASIS_NONE &&
	    table_is_null(row, RESULTS_REASON))
		violate(verifier, "host_results: %s at %s has neither a session "
		    "nor a reason", table_get(row, RESULTS_HOST),
		    table_get(row, RESULTS_ADDRESS));
}

static void
take_foreign(struct verifier *verifier, enum table_id id,
    struct table_reader *row)
{
	const struct table_schema *schema = &table_schemas[id];
	struct buffer key = { 0 }, text = { 0 };

	for (unsigned i = 0; i < schema->foreign_count; i++) {
		const struct foreign_key *foreign = &schema->foreign[i];

		if (table_is_null(row, foreign->columns[0]) ||
		    is_exempt(verifier, id, foreign, row))
			continue;
		make_key(row, foreign->columns, foreign->count, &key);
		if (has_key(referred(verifier, foreign), &key))
			continue;
		print_key(row, foreign->columns, foreign->count, &text);
		violate(verifier, "%s: %s is not in %s", schema->name,
		    (char *)text.bytes, table_schemas[foreign->table].name);
	}
	if (id == TABLE_HOST_RESULTS)
		check_session(verifier, row, &key);
	if (id == TABLE_ADDRESSES && verifier->is_sealed &&
	    verifier->probing &&
	    table_get_enum(row, ADDRESSES_CLASS) == CLASS_PUBLIC) {
		make_key(row, schema->key, 2, &key);
		if (!has_key(verifier->judged, &key))
			violate(verifier, "addresses: %s at %s has no result",
			    table_get(row, ADDRESSES_HOST),
			    table_get(row, ADDRESSES_ADDRESS));
	}
	buffer_fini(&key);
	buffer_fini(&text);
}

/* Counts and hashes ******************************************************* */

static json_int_t
count_of(const struct verifier *verifier, const char *name)
{
	return json_integer_value(json_object_get(json_object_get(
	    verifier->run, "inputs"), name));
}

static void
check_counts(struct verifier *verifier)
{
	json_int_t records = count_of(verifier, "records");
	json_int_t duplicates = count_of(verifier, "duplicates");
	json_int_t rejected = count_of(verifier, "rejected");
	json_int_t opted_out = count_of(verifier, "opted_out");
	json_int_t domains = (json_int_t)verifier->rows[TABLE_DOMAINS];

	if (rejected != (json_int_t)verifier->rows[TABLE_REJECTS])
		violate(verifier, "rejects: %" PRIu64 " rows, %" PRId64
		    " rejected in run.json", verifier->rows[TABLE_REJECTS],
		    (int64_t)rejected);
	if (verifier->is_sealed &&
	    records != domains + duplicates + rejected + opted_out)
		violate(verifier, "domains: %" PRId64 " records were read, "
		    "%" PRId64 " domains + %" PRId64 " duplicates + %" PRId64
		    " rejected + %" PRId64 " opted out are not as many",
		    (int64_t)records, (int64_t)domains, (int64_t)duplicates,
		    (int64_t)rejected, (int64_t)opted_out);
}

static void
check_sum(struct verifier *verifier, const char *line, struct keyset *listed)
{
	char path[256], hex[SHA256_HEX], expected[SHA256_HEX];
	uint8_t sha256[SHA256_BYTES];
	int descriptor;

	if (sscanf(line, "%64s  %255s", expected, path) != 2 ||
	    strstr(path, "..") != NULL || path[0] == '/') {
		violate(verifier, "SHA256SUMS: %.80s", line);
		return;
	}
	(void)keyset_add(listed, path, strlen(path));
	descriptor = openat(verifier->folder, path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0 || !digest_of_descriptor(descriptor, sha256)) {
		violate(verifier, "%s: %s", path, strerror(errno));
	} else {
		digest_to_hex(sha256, hex);
		if (strcmp(hex, expected) != 0)
			violate(verifier, "%s: not the bytes that were sealed",
			    path);
	}
	if (descriptor >= 0)
		close(descriptor);
}

static void
check_listed(struct verifier *verifier, const char *folder,
    const struct keyset *listed)
{
	size_t count;
	char **names = list_folder(verifier->folder,
	    folder != NULL ? folder : ".", &count);

	for (size_t i = 0; i < count; i++) {
		char *path = folder == NULL ? xstrdup(names[i])
		    : xasprintf("%s/%s", folder, names[i]);
		struct stat status;

		if (fstatat(verifier->folder, path, &status, 0) == 0 &&
		    S_ISDIR(status.st_mode) && folder == NULL)
			check_listed(verifier, path, listed);
		else if (strcmp(path, "SHA256SUMS") != 0 &&
		    strcmp(path, "progress.jsonl") != 0 &&
		    !keyset_has(listed, path, strlen(path)))
			violate(verifier, "%s: not in SHA256SUMS", path);
		free(path);
		free(names[i]);
	}
	free(names);
}

static void
check_sums(struct verifier *verifier)
{
	int descriptor = openat(verifier->folder, "SHA256SUMS",
	    O_RDONLY | O_CLOEXEC);
	FILE *sums = descriptor < 0 ? NULL : fdopen(descriptor, "r");
	struct keyset *listed;
	char line[512];

	if (sums == NULL) {
		violate(verifier, "SHA256SUMS: %s", strerror(errno));
		return;
	}
	listed = keyset_new();
	while (fgets(line, sizeof line, sums) != NULL)
		check_sum(verifier, line, listed);
	fclose(sums);
	check_listed(verifier, NULL, listed);
	keyset_free(listed);
}

/* ************************************************************************* */

static bool
read_run(struct verifier *verifier, const char *run)
{
	int descriptor = openat(verifier->folder, "run.json",
	    O_RDONLY | O_CLOEXEC);
	json_error_t error = { .text = "there is none" };
	const json_t *options;
	const char *state, *implicit;

	if (descriptor >= 0) {
		verifier->run = json_loadfd(descriptor,
		    JSON_REJECT_DUPLICATES, &error);
		close(descriptor);
	}
	if (verifier->run == NULL) {
		log_line("%s/run.json: %s", run, error.text);
		return false;
	}
	state = json_string_value(json_object_get(verifier->run, "state"));
	options = json_object_get(verifier->run, "options");
	implicit = json_string_value(json_object_get(options,
	    "probe-implicit"));
	verifier->is_sealed = state != NULL && strcmp(state, "sealed") == 0;
	verifier->probing = json_is_true(json_object_get(options, "probing"));
	verifier->probe_implicit = implicit != NULL &&
	    strcmp(implicit, "yes") == 0;
	return true;
}

static void
report(const struct verifier *verifier, const char *run)
{
	if (verifier->violations > VIOLATIONS_SHOWN)
		fprintf(verifier->out, "and %" PRIu64 " more\n",
		    verifier->violations - VIOLATIONS_SHOWN);
	fprintf(verifier->out, "%s: %s", run, verifier->violations > 0
	    ? "violated" : verifier->is_sealed ? "whole" :
	    "not sealed; what is there is whole");
	for (int i = 0; i < TABLE_COUNT; i++)
		fprintf(verifier->out, "%s %s %" PRIu64, i > 0 ? "," : ":",
		    table_schemas[i].name, verifier->rows[i]);
	putc('\n', verifier->out);
}

int
verify_run(const char *run, FILE *out)
{
	struct verifier verifier = { .out = out };
	int status;

	verifier.folder = open(run, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (verifier.folder < 0) {
		log_line("%s: %s", run, strerror(errno));
		return EXIT_OUTPUT;
	}
	if (!read_run(&verifier, run)) {
		close(verifier.folder);
		return EXIT_OUTPUT;
	}
	for (int i = 0; i < TABLE_COUNT; i++)
		walk_table(&verifier, (enum table_id)i, take_key);
	for (int i = 0; i < TABLE_COUNT; i++)
		if (table_schemas[i].foreign_count > 0)
			walk_table(&verifier, (enum table_id)i, take_foreign);
	check_counts(&verifier);
	if (verifier.is_sealed)
		check_sums(&verifier);
	report(&verifier, run);
	status = verifier.violations > 0 ? EXIT_INPUT
	    : verifier.is_sealed ? EXIT_COMPLETE : EXIT_STOPPED;
	for (int i = 0; i < TABLE_COUNT; i++)
		keyset_free(verifier.keys[i]);
	keyset_free(verifier.chain_ids);
	keyset_free(verifier.judged);
	json_decref(verifier.run);
	close(verifier.folder);
	return status;
}
