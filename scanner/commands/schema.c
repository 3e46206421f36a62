#include "scanner/commands/schema.h"

#include "scanner/base/log.h"
#include "scanner/options/options.h"
#include "scanner/out/run_metadata.h"

static void
print_columns(FILE *out, const struct table_schema *schema,
    const unsigned *columns, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "%s %s", i > 0 ? "," : "",
		    schema->columns[columns[i]].name);
}

static void
print_column(FILE *out, const struct column *column)
{
	fprintf(out, "  %-26s %-7s%s %s\n", column->name,
	    schema_kind_text(column->kind), column->required ? "*" : " ",
	    column->description);
	if (column->values == NULL)
		return;
	fprintf(out, "%36s", "");
	for (size_t i = 0; i < column->values->count; i++)
		if (column->values->texts[i][0] != '\0')
			fprintf(out, " %s", column->values->texts[i]);
	putc('\n', out);
}

static void
print_table(FILE *out, const struct table_schema *schema)
{
	fprintf(out, "%s: %s\n  key", schema->name, schema->description);
	print_columns(out, schema, schema->key, schema->key_count);
	for (unsigned i = 0; i < schema->foreign_count; i++) {
		const struct foreign_key *foreign = &schema->foreign[i];

		putc(';', out);
		print_columns(out, schema, foreign->columns, foreign->count);
		fprintf(out, " in %s%s", table_schemas[foreign->table].name,
		    foreign->has_exceptions ? ", with exceptions" : "");
	}
	putc('\n', out);
	for (unsigned i = 0; i < schema->column_count; i++)
		print_column(out, &schema->columns[i]);
	putc('\n', out);
}

void
schema_print(FILE *out, bool as_datapackage)
{
	json_t *resources;

	if (!as_datapackage) {
		for (int i = 0; i < TABLE_COUNT; i++)
			print_table(out, &table_schemas[i]);
		fprintf(out, "* is never empty\n");
	} else {
		resources = schema_resources();
		json_dumpf(resources, out, JSON_INDENT(2));
		putc('\n', out);
		json_decref(resources);
	}
}

static void
print_markdown_columns(FILE *out, const struct table_schema *schema,
    const unsigned *columns, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "%s `%s`", i > 0 ? "," : "",
		    schema->columns[columns[i]].name);
}

static void
print_markdown_column(FILE *out, const struct column *column)
{
	fprintf(out, "| `%s` | %s", column->name,
	    schema_kind_text(column->kind));
	if (column->values != NULL)
		fprintf(out, " [%s](#enum-%s)", column->values->name,
		    column->values->name);
	fprintf(out, " | %s | %s |\n", column->required ? "never" : "",
	    column->description);
}

static void
print_markdown_table(FILE *out, const struct table_schema *schema)
{
	fprintf(out, "<a id=\"%s\"></a>\n### `%s`: %s\n\nKey:",
	    schema->name, schema->name, schema->description);
	print_markdown_columns(out, schema, schema->key, schema->key_count);
	fprintf(out, ".");
	for (unsigned i = 0; i < schema->foreign_count; i++) {
		const struct foreign_key *foreign = &schema->foreign[i];
		const char *name = table_schemas[foreign->table].name;

		fprintf(out, "%s", i > 0 ? ";" : " Foreign keys:");
		print_markdown_columns(out, schema, foreign->columns,
		    foreign->count);
		fprintf(out, " in [`%s`](#%s)%s", name, name,
		    foreign->has_exceptions ? ", with exceptions" : "");
	}
	fprintf(out, "%s\n\n| column | kind | null | meaning |\n"
	    "|---|---|---|---|\n", schema->foreign_count > 0 ? "." : "");
	for (unsigned i = 0; i < schema->column_count; i++)
		print_markdown_column(out, &schema->columns[i]);
	putc('\n', out);
}

/* Does an earlier column, in any table, have the same enumeration? */
static bool
is_repeated(const struct column *column)
{
	for (int i = 0; i < TABLE_COUNT; i++)
		for (unsigned j = 0; j < table_schemas[i].column_count; j++) {
			const struct column *other =
			    &table_schemas[i].columns[j];

			if (other == column)
				return false;
			if (other->values == column->values)
				return true;
		}
	return false;
}

static void
print_markdown_enumeration(FILE *out, const struct enumeration *values)
{
	fprintf(out, "| <a id=\"enum-%s\"></a>%s |", values->name,
	    values->name);
	for (size_t i = 0; i < values->count; i++)
		if (values->texts[i][0] != '\0')
			fprintf(out, " `%s`", values->texts[i]);
	fprintf(out, " |\n");
}

/* The tables and enumerations of docs/schema.md. */
static void
print_markdown(FILE *out)
{
	for (int i = 0; i < TABLE_COUNT; i++)
		print_markdown_table(out, &table_schemas[i]);
	fprintf(out, "### Enumerations\n\n| enumeration | values |\n"
	    "|---|---|\n");
	for (int i = 0; i < TABLE_COUNT; i++)
		for (unsigned j = 0; j < table_schemas[i].column_count; j++) {
			const struct column *column =
			    &table_schemas[i].columns[j];

			if (column->values != NULL && !is_repeated(column))
				print_markdown_enumeration(out,
				    column->values);
		}
}

int
schema_command(const struct options *options)
{
	if (options->form == FORM_MARKDOWN)
		print_markdown(stdout);
	else
		schema_print(stdout, options->form == FORM_JSON);
	return EXIT_COMPLETE;
}
