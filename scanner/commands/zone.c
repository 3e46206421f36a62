#include "scanner/commands/zone.h"

#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/suffix.h"
#include "scanner/base/keyset.h"
#include "scanner/base/log.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/input.h"

#define TOP_OPERATORS	20
#define ERRORS_SHOWN	10

/* What one zone holds, or all of them together. */
struct holdings {
	char		*name;			/* of the file; "all" */
	struct input_facts facts;
	bool		 whole;
	uint64_t	 errors;
	struct keyset	*delegations;		/* owners of NS */
	struct keyset	*owners_of_ds;
	uint64_t	 signed_count;
	struct keyset	*servers;
	uint64_t	 algorithms[256], digests[256];	/* DS records */
	struct map	*operators;		/* uint64_t counts */
	struct keyset	*operated;		/* (owner, operator) counted */
	/* A DS that stands before the NS of its owner: looked at in the end. */
	uint64_t	 early_ds;
};

struct zone_reader {
	struct holdings	 *one, *all;
	struct suffix_list *suffixes;
	bool		  print_names;
};

static void
holdings_init(struct holdings *holdings, const char *name)
{
	*holdings = (struct holdings){
		.name = xstrdup(name), .whole = true,
		.delegations = keyset_new(), .owners_of_ds = keyset_new(),
		.servers = keyset_new(), .operators = map_new(),
		.operated = keyset_new(),
	};
}

static void
holdings_fini(struct holdings *holdings)
{
	const char *key;
	void *value;
	size_t index = 0;

	while (map_next(holdings->operators, &index, &key, &value))
		free(value);
	free(holdings->name);
	keyset_free(holdings->delegations);
	keyset_free(holdings->owners_of_ds);
	keyset_free(holdings->servers);
	keyset_free(holdings->operated);
	map_free(holdings->operators);
}

static void
count_operator(struct holdings *holdings, const uint8_t *owner, size_t length,
    const char *operator)
{
	uint8_t key[NAME_WIRE_MAX + NAME_TEXT_MAX];
	size_t size = strlen(operator);
	void **place;

	memcpy(key, owner, length);
	memcpy(key + length, operator, size);
	if (!keyset_add(holdings->operated, key, length + size))
		return;
	place = map_place(holdings->operators, operator, NULL);
	if (*place == NULL)
		*place = xcalloc(1, sizeof(uint64_t));
	++*(uint64_t *)*place;
}

/* True where the owner is a delegation that was not seen before. */
static bool
take_server(struct holdings *holdings, const struct delegation_record *found,
    const char *operator)
{
	bool is_new = keyset_add(holdings->delegations, found->owner,
	    found->owner_length);

	(void)keyset_add(holdings->servers, found->server,
	    found->server_length);
	count_operator(holdings, found->owner, found->owner_length, operator);
	/* Its DS stood before it. */
	if (is_new && holdings->early_ds > 0 && keyset_has(
	    holdings->owners_of_ds, found->owner, found->owner_length)) {
		holdings->early_ds--;
		holdings->signed_count++;
	}
	return is_new;
}

static void
take_ds(struct holdings *holdings, const struct delegation_record *found)
{
	holdings->algorithms[found->algorithm]++;
	holdings->digests[found->digest_type]++;
	if (!keyset_add(holdings->owners_of_ds, found->owner,
	    found->owner_length))
		return;
	if (keyset_has(holdings->delegations, found->owner,
	    found->owner_length))
		holdings->signed_count++;
	else
		holdings->early_ds++;
}

static void
on_delegation(void *tag, const struct delegation_record *found)
{
	struct zone_reader *reader = tag;
	char server[NAME_TEXT_MAX], owner[NAME_TEXT_MAX];
	const char *operator;

	if (found->kind == DELEGATION_DS) {
		take_ds(reader->one, found);
		take_ds(reader->all, found);
		return;
	}
	if (found->kind != DELEGATION_NS)
		return;
	name_to_text(found->server, server);
	operator = suffix_registrable(reader->suffixes, server);
	if (operator == NULL)
		operator = server;
	(void)take_server(reader->one, found, operator);
	if (take_server(reader->all, found, operator) && reader->print_names) {
		name_to_text(found->owner, owner);
		puts(owner);
	}
}

static void
on_name(void *tag, const char *text, size_t length, uint64_t line,
    uint64_t rank)
{
	(void)tag;
	(void)text;
	(void)length;
	(void)line;
	(void)rank;
}

static void
on_reject(void *tag, enum reject reason, uint64_t line, unsigned column,
    const char *text, size_t length)
{
	struct zone_reader *reader = tag;
	char shown[64];
	size_t i;

	reader->all->errors++;
	if (reader->one->errors++ == ERRORS_SHOWN)
		log_line("%s: and more", reader->one->name);
	if (reader->one->errors > ERRORS_SHOWN)
		return;
	for (i = 0; i < length && i < sizeof shown - 1; i++)
		shown[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	shown[i] = '\0';
	log_line("%s:%" PRIu64 ":%u: %s: %s", reader->one->name, line, column,
	    reject_texts.texts[reason], shown);
}

/* Printing **************************************************************** */

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

static void
print_text(FILE *out, const struct holdings *holdings, bool with_zone)
{
	size_t delegations = keyset_count(holdings->delegations), count;
	struct operator *operators = sort_operators(holdings, &count);
	char apex[NAME_TEXT_MAX] = "?";

	if (holdings->facts.has_apex)
		name_to_text(holdings->facts.apex, apex);
	fprintf(out, "%s", holdings->name);
	if (with_zone)
		fprintf(out, ": zone %s, serial %" PRIu32 ", %" PRIu64
		    " records%s", apex, holdings->facts.serial,
		    holdings->facts.entries,
		    holdings->whole ? "" : ", not whole");
	fprintf(out, "\n  delegations   %zu\n  with DS       %" PRIu64
	    " (%.2f %%)\n", delegations, holdings->signed_count,
	    share(holdings->signed_count, delegations));
	print_numbers(out, "DS algorithms", holdings->algorithms);
	print_numbers(out, "DS digests", holdings->digests);
	fprintf(out, "  name servers  %zu hosts\n  operators     %zu, the "
	    "largest by delegations:\n", keyset_count(holdings->servers),
	    count);
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

static json_t *
in_json(const struct holdings *holdings, bool with_zone)
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

static void
print_csv_row(FILE *out, const struct holdings *holdings)
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

/* ************************************************************************* */

enum style { STYLE_TEXT, STYLE_NAMES, STYLE_JSON, STYLE_CSV };

struct zone_options {
	enum style	style;
	struct input_options input;
	uint8_t		origin[NAME_WIRE_MAX];
};

static void
usage(FILE *out)
{
	fputs("usage: mxcensus zone FILE... [options]\n\n"
	    "What zone files hold: for each file, and over all.\n\n"
	    "  --names            the delegated names, one a line\n"
	    "  --json             as JSON\n"
	    "  --csv              a row for each file\n"
	    "  --origin NAME      origin of files that do not say it\n"
	    "  --allow-include    follow $INCLUDE, within the folder of the "
	    "file\n", out);
}

/* 0 to go on, else the exit status plus one. */
static int
parse(struct zone_options *options, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "names", no_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ "csv", no_argument, NULL, 'c' },
		{ "origin", required_argument, NULL, 'o' },
		{ "allow-include", no_argument, NULL, 'i' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	size_t length;
	int value;

	*options = (struct zone_options){ .input.format = INPUT_ZONE };
	opterr = 0;
	optind = 1;
	while ((value = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (value) {
		case 'n':
			options->style = STYLE_NAMES;
			break;
		case 'j':
			options->style = STYLE_JSON;
			break;
		case 'c':
			options->style = STYLE_CSV;
			break;
		case 'i':
			options->input.allow_include = true;
			break;
		case 'o':
			if (name_from_text(optarg, strlen(optarg),
			    options->origin, &length) != NAME_OK) {
				log_line("--origin %s: not a domain name",
				    optarg);
				return EXIT_USAGE + 1;
			}
			options->input.origin = options->origin;
			break;
		case 'h':
			usage(stdout);
			return EXIT_COMPLETE + 1;
		default:
			log_line("unknown option %s: mxcensus zone --help",
			    argv[optind - 1]);
			return EXIT_USAGE + 1;
		}
	}
	if (optind < argc)
		return 0;
	log_line("name a zone file, or - for standard input");
	return EXIT_USAGE + 1;
}

/* Reads one file into `one` and `all`: in this process, which has nothing that a
 * broken file could harm; a scan has a run to lose, and reads apart. */
static bool
read_zone(struct zone_reader *reader, const struct zone_options *options,
    const char *path)
{
	const struct input_sink sink = {
		reader, on_name, on_delegation, on_reject,
	};
	char why[256] = "";
	enum input_result result = input_read(path, &options->input, &sink,
	    &reader->one->facts, why);

	if (result == INPUT_WHOLE)
		return true;
	log_line("%s: %s", path, why);
	reader->one->whole = reader->all->whole = false;
	return false;
}

static void
print_one(const struct zone_options *options, const struct holdings *one,
    json_t *zones)
{
	if (options->style == STYLE_TEXT)
		print_text(stdout, one, true);
	else if (options->style == STYLE_CSV)
		print_csv_row(stdout, one);
	else if (options->style == STYLE_JSON)
		json_array_append_new(zones, in_json(one, true));
}

static void
print_all(const struct zone_options *options, const struct holdings *all,
    json_t *zones, int files)
{
	json_t *object;

	if (options->style == STYLE_TEXT && files > 1) {
		putchar('\n');
		print_text(stdout, all, false);
	}
	if (options->style != STYLE_JSON) {
		json_decref(zones);
		return;
	}
	object = json_pack("{s:o, s:o}", "zones", zones, "all",
	    in_json(all, false));
	json_dumpf(object, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(object);
}

int
zone_command(int argc, char **argv)
{
	struct zone_options options;
	struct holdings one, all;
	struct zone_reader reader = { .one = &one, .all = &all };
	json_t *zones = json_array();
	int status = parse(&options, argc, argv);
	bool good = true;

	if (status != 0) {
		json_decref(zones);
		return status - 1;
	}
	reader.print_names = options.style == STYLE_NAMES;
	reader.suffixes = suffix_list_open();
	if (reader.suffixes == NULL) {
		log_line("there is no public suffix list: install publicsuffix");
		json_decref(zones);
		return EXIT_VANTAGE;
	}
	if (options.style == STYLE_CSV)
		puts("input,zone,soa_serial,records,delegations,with_ds,"
		    "name_servers,operators,errors,whole");
	holdings_init(&all, "all");
	for (int i = optind; i < argc; i++) {
		holdings_init(&one, argv[i]);
		good = read_zone(&reader, &options, argv[i]) && good;
		print_one(&options, &one, zones);
		holdings_fini(&one);
	}
	print_all(&options, &all, zones, argc - optind);
	holdings_fini(&all);
	suffix_list_free(reader.suffixes);
	return good ? EXIT_COMPLETE : EXIT_INPUT;
}
