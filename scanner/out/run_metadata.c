#include "scanner/out/run_metadata.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

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
	[COLUMN_NUMBERS] = { "numbers", "array" },
};

const char *
schema_kind_text(enum column_kind kind)
{
	return kinds[kind].text;
}

/* jansson fails only if there is no memory, or on text that is not UTF-8; our
 * text is ASCII. */
static json_t *
made(json_t *value)
{
	assert(value != NULL);
	return value;
}

static void
set(json_t *object, const char *name, json_t *value)
{
	int result = json_object_set_new(object, name, made(value));

	assert(result == 0);
	(void)result;
}

static void
append(json_t *array, json_t *value)
{
	int result = json_array_append_new(array, made(value));

	assert(result == 0);
	(void)result;
}

static json_t *
constraints_of(const struct column *column)
{
	json_t *constraints = made(json_object());

	if (column->required)
		set(constraints, "required", json_true());
	if (column->kind == COLUMN_NUMBER && column->limit != 0) {
		set(constraints, "minimum", json_integer(0));
		set(constraints, "maximum", json_integer(column->limit));
	} else if (column->kind == COLUMN_HEX && column->limit != 0) {
		set(constraints, "minLength", json_integer(2 * column->limit));
		set(constraints, "maxLength", json_integer(2 * column->limit));
	} else if (column->kind == COLUMN_ENUM) {
		json_t *values = made(json_array());

		for (size_t i = 0; i < column->values->count; i++)
			if (column->values->texts[i][0] != '\0')
				append(values, json_string(
				    column->values->texts[i]));
		set(constraints, "enum", values);
	}
	return constraints;
}

static json_t *
field_of(const struct column *column)
{
	json_t *field = made(json_pack("{s:s, s:s, s:s}",
	    "name", column->name, "type", kinds[column->kind].type,
	    "description", column->description));

	if (column->kind == COLUMN_BOOL) {
		set(field, "trueValues", json_pack("[s]", "1"));
		set(field, "falseValues", json_pack("[s]", "0"));
	} else if (column->kind == COLUMN_TIME) {
		set(field, "format", json_string("%Y-%m-%dT%H:%M:%S.%fZ"));
	} else if (column->kind == COLUMN_NUMBERS) {
		set(field, "arrayItem", json_pack("{s:s}", "type", "integer"));
	}
	set(field, "constraints", constraints_of(column));
	return field;
}

static json_t *
names_of(const struct table_schema *schema, const unsigned *columns,
    unsigned count)
{
	json_t *names = made(json_array());

	for (unsigned i = 0; i < count; i++)
		append(names, json_string(schema->columns[columns[i]].name));
	return names;
}

/* A foreign key refers to as many columns of the other table's key as it has
 * itself, from the first one on. Foreign keys with exceptions are left out,
 * since Table Schema cannot express them. */
static json_t *
foreign_keys_of(const struct table_schema *schema, const bool *is_there)
{
	json_t *foreign_keys = made(json_array());

	for (unsigned i = 0; i < schema->foreign_count; i++) {
		const struct foreign_key *foreign = &schema->foreign[i];
		const struct table_schema *other =
		    &table_schemas[foreign->table];

		if (is_there[foreign->table] && !foreign->has_exceptions)
			append(foreign_keys, json_pack("{s:o, s:{s:s, s:o}}",
			    "fields", names_of(schema, foreign->columns,
			    foreign->count),
			    "reference", "resource", other->name,
			    "fields", names_of(other, other->key,
			    foreign->count)));
	}
	return foreign_keys;
}

static json_t *
schema_of(const struct table_schema *table, const bool *is_there)
{
	json_t *fields = made(json_array()), *schema;
	json_t *foreign_keys = foreign_keys_of(table, is_there);

	for (unsigned i = 0; i < table->column_count; i++)
		append(fields, field_of(&table->columns[i]));
	schema = made(json_pack("{s:o, s:[s], s:o}", "fields", fields,
	    "missingValues", "", "primaryKey", names_of(table, table->key,
	    table->key_count)));
	if (json_array_size(foreign_keys) > 0)
		set(schema, "foreignKeys", foreign_keys);
	else
		json_decref(foreign_keys);
	return schema;
}

static json_t *
hash_of(const struct run_part *part)
{
	assert(strlen(part->sha256) == 64);
	return json_sprintf("sha256:%s", part->sha256);
}

/* `bytes` and `hash` of a resource describe its file (Data Resource v1). A
 * resource of several files has neither, and each of its `parts` has its
 * own. */
static void
add_files(json_t *resource, enum table_id id, const struct run_part *parts,
    size_t count)
{
	json_t *paths = made(json_array()), *files = made(json_array());
	const struct run_part *last = NULL;

	for (size_t i = 0; i < count; i++) {
		if (parts[i].table != id)
			continue;
		last = &parts[i];
		append(paths, json_string(last->path));
		append(files, json_pack("{s:s, s:I, s:o}", "path", last->path,
		    "bytes", (json_int_t)last->bytes, "hash",
		    made(hash_of(last))));
	}
	assert(last != NULL);
	if (json_array_size(paths) == 1) {
		set(resource, "path", json_string(last->path));
		set(resource, "bytes", json_integer((json_int_t)last->bytes));
		set(resource, "hash", hash_of(last));
		json_decref(paths);
		json_decref(files);
	} else {
		set(resource, "path", paths);
		set(resource, "parts", files);
	}
}

json_t *
schema_datapackage(const struct run_part *parts, size_t count)
{
	json_t *resources = made(json_array());
	bool is_there[TABLE_COUNT] = { false };

	for (size_t i = 0; i < count; i++)
		is_there[parts[i].table] = true;
	for (int i = 0; i < TABLE_COUNT; i++) {
		const struct table_schema *table = &table_schemas[i];
		json_t *resource;

		if (!is_there[i])
			continue;
		resource = made(json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}",
		    "name", table->name, "description", table->description,
		    "profile", "tabular-data-resource", "format", "csv",
		    "mediatype", "text/csv", "compression", "gz",
		    "encoding", "utf-8"));
		set(resource, "dialect", json_pack("{s:s, s:s}",
		    "delimiter", ",", "lineTerminator", "\n"));
		add_files(resource, (enum table_id)i, parts, count);
		set(resource, "schema", schema_of(table, is_there));
		append(resources, resource);
	}
	return made(json_pack("{s:s, s:s, s:s, s:o}",
	    "profile", "tabular-data-package", "name", "mxcensus-run",
	    "title", "A census of mail transport security",
	    "resources", resources));
}

json_t *
schema_resources(void)
{
	json_t *resources = made(json_array());
	bool is_there[TABLE_COUNT];

	memset(is_there, true, sizeof is_there);
	for (int i = 0; i < TABLE_COUNT; i++)
		append(resources, json_pack("{s:s, s:s, s:o}",
		    "name", table_schemas[i].name,
		    "description", table_schemas[i].description,
		    "schema", schema_of(&table_schemas[i], is_there)));
	return made(json_pack("{s:o}", "resources", resources));
}
