/* print: prints the content of a zone as text, JSON and CSV. */
#include <inttypes.h>
#include <string.h>

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

static bool
precedes(const struct operator *a, const struct operator *b)
{
	if (a->delegations != b->delegations)
		return a->delegations > b->delegations;
	return strcmp(a->name, b->name) < 0;
}

/* Finds the largest operators, the largest first. Returns how many there
 * are. */
static size_t
find_top(const struct holdings *holdings, struct operator top[TOP_OPERATORS])
{
	size_t count = 0;

	for (uint32_t i = 1; i <= holdings->operator_count; i++) {
		const struct operator *operator = &holdings->operators[i];
		size_t at = count;

		if (count == TOP_OPERATORS &&
		    !precedes(operator, &top[count - 1]))
			continue;
		if (count < TOP_OPERATORS)
			count++;
		else
			at--;
		for (; at > 0 && precedes(operator, &top[at - 1]); at--)
			top[at] = top[at - 1];
		top[at] = *operator;
	}
	return count;
}

void
holdings_print_text(FILE *out, const struct holdings *holdings, bool with_zone)
{
	struct operator top[TOP_OPERATORS];
	size_t count = find_top(holdings, top);
	char apex[NAME_TEXT_MAX] = "?";

	if (holdings->facts.has_apex)
		name_to_text(holdings->facts.apex, apex);
	fprintf(out, "%s", with_zone ? holdings->name : "all");
	if (with_zone)
		fprintf(out, ": zone %s, serial %" PRIu32 ", %" PRIu64
		    " %s%s", apex, holdings->facts.serial,
		    holdings->facts.entries, plural(holdings->facts.entries,
		    "record", "records"),
		    holdings->whole ? "" : ", not whole");
	fprintf(out, "\n  delegations   %" PRIu64 "\n  with DS       %" PRIu64
	    " (%.2f %%)\n", holdings->delegations, holdings->signed_count,
	    share(holdings->signed_count, holdings->delegations));
	print_numbers(out, "DS algorithms", holdings->algorithms);
	print_numbers(out, "DS digests", holdings->digests);
	fprintf(out, "  name servers  %zu %s\n  operators     %" PRIu32
	    ", the largest by delegations:\n",
	    keymap_count(holdings->servers),
	    plural(keymap_count(holdings->servers), "host", "hosts"),
	    holdings->operator_count);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "    %-40s %10" PRIu64 " %6.2f %%\n",
		    top[i].name, top[i].delegations,
		    share(top[i].delegations, holdings->delegations));
	if (holdings->errors > 0)
		fprintf(out, "  errors        %" PRIu64 "\n",
		    holdings->errors);
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
	struct operator top[TOP_OPERATORS];
	size_t count = find_top(holdings, top);
	json_t *largest = json_array(), *object;
	char apex[NAME_TEXT_MAX] = "";

	for (size_t i = 0; i < count; i++)
		json_array_append_new(largest, json_pack("{s:s, s:I}",
		    "operator", top[i].name,
		    "delegations", (json_int_t)top[i].delegations));
	object = json_pack("{s:s, s:I, s:I, s:o, s:o, s:I, s:I, s:o, s:I}",
	    "input", with_zone ? holdings->name : "all", "delegations",
	    (json_int_t)holdings->delegations,
	    "with_ds", (json_int_t)holdings->signed_count,
	    "ds_algorithms", numbers_in_json(holdings->algorithms),
	    "ds_digests", numbers_in_json(holdings->digests),
	    "name_servers", (json_int_t)keymap_count(holdings->servers),
	    "operators", (json_int_t)holdings->operator_count,
	    "top_operators", largest,
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
	fprintf(out, "\",%s,%" PRIu32 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
	    ",%zu,%" PRIu32 ",%" PRIu64 ",%d\n", apex,
	    holdings->facts.serial, holdings->facts.entries,
	    holdings->delegations, holdings->signed_count,
	    keymap_count(holdings->servers), holdings->operator_count,
	    holdings->errors, holdings->whole);
}
