/* print: prints what a zone holds, as text, JSON and CSV. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/base/plural.h"
#include "scanner/commands/zone/holdings.h"

#define TOP_OPERATORS	20

static double
share(uint64_t part, size_t whole)
{
	return whole == 0 ? 0 : 100. * (double)part / (double)whole;
}

static void
print_numbers(FILE *out, const char *what, const uint64_t counts[256])
{
	bool any = false;

	fprintf(out, "  %-14s", what);
	for (unsigned i = 0; i < 256; i++)
		if (counts[i] > 0) {
			fprintf(out, "%s%u: %" PRIu64, any ? ", " : "", i,
			    counts[i]);
			any = true;
		}
	fputs(any ? "\n" : "none\n", out);
}

struct operator {
	const char	*name;
	uint64_t	 count;
};

static int
compare_operators(const void *a, const void *b)
{
	const struct operator *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->name, y->name);
}

static struct operator *
sort_operators(const struct holdings *holdings, size_t *count)
{
	struct operator *sorted = xcalloc(map_count(holdings->operators),
	    sizeof *sorted);
	void *value;
	size_t index = 0;

	*count = 0;
	while (map_next(holdings->operators, &index, &sorted[*count].name,
	    &value))
		sorted[(*count)++].count = *(uint64_t *)value;
	qsort(sorted, *count, sizeof *sorted, compare_operators);
	return sorted;
}

void
holdings_print_text(FILE *out, const struct holdings *holdings, bool with_zone)
{
	size_t delegations = keyset_count(holdings->delegations), count;
	size_t servers = keyset_count(holdings->servers);
	struct operator *operators = sort_operators(holdings, &count);
	char apex[NAME_TEXT_MAX] = "?";

	if (holdings->facts.has_apex)
		name_to_text(holdings->facts.apex, apex);
	fprintf(out, "%s", holdings->name);
	if (with_zone)
		fprintf(out, ": zone %s, serial %" PRIu32 ", %" PRIu64
		    " %s%s", apex, holdings->facts.serial,
		    holdings->facts.entries, plural(holdings->facts.entries,
		    "record", "records"),
		    holdings->whole ? "" : ", not whole");
	fprintf(out, "\n  delegations   %zu\n  with DS       %" PRIu64
	    " (%.2f %%)\n", delegations, holdings->signed_count,
	    share(holdings->signed_count, delegations));
	print_numbers(out, "DS algorithms", holdings->algorithms);
	print_numbers(out, "DS digests", holdings->digests);
	fprintf(out, "  name servers  %zu %s\n  operators     %zu, the "
	    "largest by delegations:\n", servers, plural(servers, "host",
	    "hosts"), count);
	for (size_t i = 0; i < count && i < TOP_OPERATORS; i++)
		fprintf(out, "    %-40s %10" PRIu64 " %6.2f %%\n",
		    operators[i].name, operators[i].count,
		    share(operators[i].count, delegations));
	if (holdings->errors > 0)
		fprintf(out, "  errors        %" PRIu64 "\n",
		    holdings->errors);
	free(operators);
}

static json_t *
numbers_in_json(const uint64_t counts[256])
{
	json_t *object = json_object();
	char key[8];

	for (unsigned i = 0; i < 256; i++) {
		snprintf(key, sizeof key, "%u", i);
		if (counts[i] > 0)
			json_object_set_new(object, key,
			    json_integer((json_int_t)counts[i]));
	}
	return object;
}

json_t *
holdings_in_json(const struct holdings *holdings, bool with_zone)
{
	size_t count;
	struct operator *operators = sort_operators(holdings, &count);
	json_t *top = json_array(), *object;
	char apex[NAME_TEXT_MAX] = "";

	for (size_t i = 0; i < count && i < TOP_OPERATORS; i++)
		json_array_append_new(top, json_pack("{s:s, s:I}",
		    "operator", operators[i].name,
		    "delegations", (json_int_t)operators[i].count));
	object = json_pack("{s:s, s:I, s:I, s:o, s:o, s:I, s:I, s:o, s:I}",
	    "input", holdings->name, "delegations",
	    (json_int_t)keyset_count(holdings->delegations),
	    "with_ds", (json_int_t)holdings->signed_count,
	    "ds_algorithms", numbers_in_json(holdings->algorithms),
	    "ds_digests", numbers_in_json(holdings->digests),
	    "name_servers", (json_int_t)keyset_count(holdings->servers),
	    "operators", (json_int_t)count, "top_operators", top,
	    "errors", (json_int_t)holdings->errors);
	if (with_zone) {
		if (holdings->facts.has_apex)
			name_to_text(holdings->facts.apex, apex);
		json_object_set_new(object, "zone", json_string(apex));
		json_object_set_new(object, "soa_serial",
		    json_integer(holdings->facts.serial));
		json_object_set_new(object, "records", json_integer(
		    (json_int_t)holdings->facts.entries));
		json_object_set_new(object, "whole",
		    json_boolean(holdings->whole));
	}
	free(operators);
	return object;
}

void
holdings_print_csv_head(FILE *out)
{
	fputs("input,zone,soa_serial,records,delegations,with_ds,"
	    "name_servers,operators,errors,whole\n", out);
}

void
holdings_print_csv_row(FILE *out, const struct holdings *holdings)
{
	char apex[NAME_TEXT_MAX] = "";
	const char *name = holdings->name;

	if (holdings->facts.has_apex)
		name_to_text(holdings->facts.apex, apex);
	putc('"', out);
	for (; *name != '\0'; name++) {
		if (*name == '"')
			putc('"', out);
		putc(*name, out);
	}
	fprintf(out, "\",%s,%" PRIu32 ",%" PRIu64 ",%zu,%" PRIu64 ",%zu,%zu,%"
	    PRIu64 ",%d\n", apex, holdings->facts.serial,
	    holdings->facts.entries, keyset_count(holdings->delegations),
	    holdings->signed_count, keyset_count(holdings->servers),
	    map_count(holdings->operators), holdings->errors,
	    holdings->whole);
}
