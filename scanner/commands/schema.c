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

int
schema_command(const struct options *options)
{
	schema_print(stdout, options->form == FORM_JSON);
	return EXIT_COMPLETE;
}
