/* The tables as a Data Package: datapackage.json of a run, `schema --json`. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "scanner/commands/schema.h"
#include "scanner/out/run_metadata.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])
#define A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B32 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static const json_t *
resource_of(const json_t *package, size_t index)
{
	return json_array_get(json_object_get(package, "resources"), index);
}

static void
datapackage(void **state)
{
	static const struct run_part parts[] = {
		{ TABLE_DOMAINS, "domains/part-000000.csv.gz", 10, A32 },
		{ TABLE_MX, "mx/part-000000.csv.gz", 20, A32 },
		{ TABLE_DOMAINS, "domains/part-000001.csv.gz", 30, B32 },
	};
	json_t *package = schema_datapackage(parts, ROWS_OF(parts));
	const json_t *domains = resource_of(package, 0);
	const json_t *mx = resource_of(package, 1);
	const json_t *part = json_array_get(json_object_get(domains, "parts"),
	    1);
	const json_t *schema = json_object_get(mx, "schema");

	(void)state;
	assert_int_equal(json_array_size(json_object_get(package,
	    "resources")), 2);
	assert_string_equal(json_string_value(json_object_get(domains,
	    "name")), "domains");
	assert_string_equal(json_string_value(json_array_get(json_object_get(
	    domains, "path"), 1)), "domains/part-000001.csv.gz");
	assert_null(json_object_get(domains, "bytes"));
	assert_null(json_object_get(domains, "hash"));
	assert_int_equal(json_integer_value(json_object_get(part, "bytes")),
	    30);
	assert_string_equal(json_string_value(json_object_get(part, "hash")),
	    "sha256:" B32);
	assert_string_equal(json_string_value(json_object_get(mx, "path")),
	    "mx/part-000000.csv.gz");
	assert_int_equal(json_integer_value(json_object_get(mx, "bytes")), 20);
	assert_string_equal(json_string_value(json_object_get(mx, "hash")),
	    "sha256:" A32);
	assert_int_equal(json_array_size(json_object_get(schema,
	    "primaryKey")), 2);
	assert_int_equal(json_array_size(json_object_get(schema, "fields")),
	    table_schemas[TABLE_MX].column_count);
	json_decref(package);
}

/* Only keys that hold for every row, of existing tables: an implicit MX does
 * not always have a row in hosts, and addresses has no part. */
static void
datapackage_keys(void **state)
{
	static const struct run_part parts[] = {
		{ TABLE_DOMAINS, "domains/part-000000.csv.gz", 10, A32 },
		{ TABLE_MX, "mx/part-000000.csv.gz", 20, A32 },
		{ TABLE_HOSTS, "hosts/part-000000.csv.gz", 30, A32 },
		{ TABLE_TLSA, "tlsa/part-000000.csv.gz", 40, A32 },
		{ TABLE_HOST_RESULTS, "host_results/part-000000.csv.gz", 50,
		    A32 },
	};
	static const char *const expected[] = {
		"null", "[{\"fields\": [\"domain\"], \"reference\": "
		    "{\"resource\": \"domains\", \"fields\": [\"domain\"]}}]",
		"null", "[{\"fields\": [\"host\"], \"reference\": "
		    "{\"resource\": \"hosts\", \"fields\": [\"host\"]}}]",
		"null",
	};
	json_t *package = schema_datapackage(parts, ROWS_OF(parts));

	(void)state;
	for (size_t i = 0; i < ROWS_OF(parts); i++) {
		const json_t *keys = json_object_get(json_object_get(
		    resource_of(package, i), "schema"), "foreignKeys");
		json_t *wanted = json_loads(expected[i], JSON_DECODE_ANY, NULL);

		assert_non_null(wanted);
		if (json_is_null(wanted))
			assert_null(keys);
		else
			assert_true(json_equal(keys, wanted));
		json_decref(wanted);
	}
	json_decref(package);
}

/* A list of numbers is a JSON array of integers. */
static void
schema_of_numbers(void **state)
{
	json_t *resources = schema_resources();
	const json_t *field = json_array_get(json_object_get(json_object_get(
	    resource_of(resources, TABLE_DOMAINS), "schema"), "fields"),
	    DOMAINS_PARENT_DS_ALGORITHMS);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(field, "type")),
	    "array");
	assert_string_equal(json_string_value(json_object_get(json_object_get(
	    field, "arrayItem"), "type")), "integer");
	json_decref(resources);
}

/* No enumeration shows the value that means null. */
static void
schema_as_json(void **state)
{
	json_t *resources, *fields, *reason;
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	schema_print(out, true);
	assert_int_equal(fclose(out), 0);
	resources = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(resources);
	assert_int_equal(json_array_size(json_object_get(resources,
	    "resources")), TABLE_COUNT);
	fields = json_object_get(json_object_get(resource_of(resources,
	    TABLE_TLSA), "schema"), "fields");
	reason = json_array_get(fields, TLSA_UNUSABLE_REASON);
	assert_int_equal(json_array_size(json_object_get(json_object_get(
	    reason, "constraints"), "enum")), 5);
	json_decref(resources);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(datapackage),
		cmocka_unit_test(datapackage_keys),
		cmocka_unit_test(schema_of_numbers),
		cmocka_unit_test(schema_as_json),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
