#include "scanner/commands/schema.h"

#include <jansson.h>
#include <stdlib.h>

#include "scanner/base/log.h"
#include "scanner/out/columns.h"

static const struct { const char *text, *type; } kinds[] = {
	[COLUMN_NAME] = { "name", "string" },
	[COLUMN_WORD] = { "word", "string" },
	[COLUMN_TEXT] = { "text", "string" },
	[COLUMN_ENUM] = { "enum", "string" },
	[COLUMN_FLAGS] = { "flags", "string" },
	[COLUMN_NUMBER] = { "number", "integer" },
	[COLUMN_BOOL] = { "bool", "boolean" },
	[COLUMN_TIME] = { "time", "datetime" },
	[COLUMN_HEX] = { "hex", "string" },
	[COLUMN_BASE64] = { "base64", "string" },
	[COLUMN_LIST] = { "list", "string" },
};

static void
print_table(FILE *out, const struct table_schema *schema)
{
	fprintf(out, "%s: %s\n  key", schema->name, schema->description);
	for (unsigned i = 0; i < schema->key_count; i++)
		fprintf(out, "%s %s", i > 0 ? "," : "",
		    schema->columns[schema->key[i]].name);
	for (unsigned i = 0; i < schema->foreign_count; i++)
		fprintf(out, "; %s in %s",
		    schema->columns[schema->foreign[i].columns[0]].name,
		    table_schemas[schema->foreign[i].table].name);
	putc('\n', out);
	for (unsigned i = 0; i < schema->column_count; i++) {
		const struct column *column = &schema->columns[i];

		fprintf(out, "  %-26s %-7s %s\n", column->name,
		    kinds[column->kind].text, column->description);
		if (column->values == NULL)
			continue;
		fprintf(out, "%36s", "");
		for (size_t v = 0; v < column->values->count; v++)
			fprintf(out, " %s", column->values->texts[v]);
		putc('\n', out);
	}
	putc('\n', out);
}

static json_t *
field(const struct column *column)
{
	json_t *object = json_pack("{s:s, s:s, s:s}", "name", column->name,
	    "type", kinds[column->kind].type,
	    "description", column->description);
	json_t *constraints = json_object();

	if (column->kind == COLUMN_BOOL) {
		json_object_set_new(object, "trueValues",
		    json_pack("[s]", "1"));
		json_object_set_new(object, "falseValues",
		    json_pack("[s]", "0"));
	} else if (column->kind == COLUMN_TIME) {
		json_object_set_new(object, "format",
		    json_string("%Y-%m-%dT%H:%M:%S.%fZ"));
	} else if (column->kind == COLUMN_ENUM) {
		json_t *values = json_array();

		for (size_t i = 0; i < column->values->count; i++)
			json_array_append_new(values,
			    json_string(column->values->texts[i]));
		json_object_set_new(constraints, "enum", values);
	}
	if (column->required)
		json_object_set_new(constraints, "required", json_true());
	json_object_set_new(object, "constraints", constraints);
	return object;
}

static json_t *
table(const struct table_schema *schema)
{
	json_t *fields = json_array(), *key = json_array();

	for (unsigned i = 0; i < schema->column_count; i++)
		json_array_append_new(fields, field(&schema->columns[i]));
	for (unsigned i = 0; i < schema->key_count; i++)
		json_array_append_new(key, json_string(
		    schema->columns[schema->key[i]].name));
	return json_pack("{s:s, s:s, s:{s:o, s:o, s:[s]}}",
	    "name", schema->name, "description", schema->description,
	    "schema", "fields", fields, "primaryKey", key,
	    "missingValues", "");
}

int
schema_print(FILE *out, bool as_json)
{
	json_t *resources;

	if (!as_json) {
		for (int i = 0; i < TABLE_COUNT; i++)
			print_table(out, &table_schemas[i]);
		return EXIT_COMPLETE;
	}
	resources = json_array();
	for (int i = 0; i < TABLE_COUNT; i++)
		json_array_append_new(resources, table(&table_schemas[i]));
	resources = json_pack("{s:o}", "resources", resources);
	json_dumpf(resources, out, JSON_INDENT(2));
	putc('\n', out);
	json_decref(resources);
	return EXIT_COMPLETE;
}
