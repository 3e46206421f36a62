#include "scanner/commands/zone/zone.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "parsers/suffix.h"
#include "scanner/base/log.h"
#include "scanner/commands/zone/holdings.h"
#include "scanner/options/refused_option.h"

#define ERRORS_SHOWN	10

struct zone_reader {
	struct holdings	 *one, *all;
	struct suffix_list *suffixes;
	bool		  print_names;
};

static void
on_delegation(void *tag, const struct delegation_record *found)
{
	struct zone_reader *reader = tag;
	char server[NAME_TEXT_MAX], owner[NAME_TEXT_MAX];
	const char *operator;

	if (found->kind == DELEGATION_DS) {
		holdings_take_ds(reader->one, found);
		holdings_take_ds(reader->all, found);
		return;
	}
	if (found->kind != DELEGATION_NS)
		return;
	name_to_text(found->server, server);
	operator = suffix_registrable(reader->suffixes, server);
	if (operator == NULL)
		operator = server;
	(void)holdings_take_server(reader->one, found, operator);
	if (holdings_take_server(reader->all, found, operator) &&
	    reader->print_names) {
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

enum {
	OPTION_NAMES = LONG_OPTION_BASE, OPTION_JSON, OPTION_CSV,
	OPTION_ORIGIN, OPTION_ALLOW_INCLUDE, OPTION_HELP,
};

static const struct option longs[] = {
	{ "names", no_argument, NULL, OPTION_NAMES },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "csv", no_argument, NULL, OPTION_CSV },
	{ "origin", required_argument, NULL, OPTION_ORIGIN },
	{ "allow-include", no_argument, NULL, OPTION_ALLOW_INCLUDE },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

enum style { STYLE_TEXT, STYLE_NAMES, STYLE_JSON, STYLE_CSV };

struct zone_options {
	enum style	style;
	struct input_options input;
	uint8_t		origin[NAME_WIRE_MAX];
};

const char zone_usage[] =
    "usage: mxcensus zone FILE... [options]\n\n"
    "What zone files hold: for each file, and over all.\n\n"
    "  --names            the delegated names, one a line\n"
    "  --json             as JSON\n"
    "  --csv              a row for each file\n"
    "  --origin NAME      origin of files that do not say it\n"
    "  --allow-include    follow $INCLUDE, within the folder of the "
    "file\n\n"
    "Exit status: 0 done, 2 usage, 65 a file cannot be read, or not to "
    "its end, 74\nwriting failed.\n";

static bool
set(struct zone_options *options, int option, const char *text)
{
	size_t length;

	switch (option) {
	case OPTION_NAMES:
		options->style = STYLE_NAMES;
		return true;
	case OPTION_JSON:
		options->style = STYLE_JSON;
		return true;
	case OPTION_CSV:
		options->style = STYLE_CSV;
		return true;
	case OPTION_ALLOW_INCLUDE:
		options->input.allow_include = true;
		return true;
	default:
		options->input.origin = options->origin;
		if (name_from_text(text, strlen(text), options->origin,
		    &length) == NAME_OK)
			return true;
		log_line("--origin %s: not a domain name", text);
		return false;
	}
}

/* 0 to go on, else the exit status plus one. */
static int
parse(struct zone_options *options, int argc, char **argv)
{
	int option;

	*options = (struct zone_options){ .input.format = INPUT_ZONE };
	opterr = 0;
	optind = 0;	/* glibc: begin anew */
	while ((option = getopt_long(argc, argv, ":h", longs, NULL)) != -1) {
		if (option == '?' || option == ':') {
			refused_option_tell("zone", longs, option,
			    argv[optind - 1]);
			return EXIT_USAGE + 1;
		}
		if (option == 'h' || option == OPTION_HELP) {
			fputs(zone_usage, stdout);
			return EXIT_COMPLETE + 1;
		}
		if (!set(options, option, optarg))
			return EXIT_USAGE + 1;
	}
	if (optind < argc)
		return 0;
	log_line("name a zone file, or - for standard input (mxcensus zone "
	    "--help)");
	return EXIT_USAGE + 1;
}

/* Reads one file into `one` and `all`: in this process, which has nothing that a
 * broken file could harm; a scan has a run to lose, and reads apart. */
static enum input_result
read_zone(struct zone_reader *reader, const struct zone_options *options,
    const char *path)
{
	const struct input_sink sink = {
		reader, on_name, on_delegation, on_reject,
	};
	char why[256] = "";
	enum input_result result = input_read(path, &options->input, &sink,
	    &reader->one->facts, why);

	if (result != INPUT_WHOLE) {
		log_line("%s: %s", path, why);
		reader->one->whole = reader->all->whole = false;
	}
	return result;
}

static void
print_one(const struct zone_options *options, const struct holdings *one,
    json_t *zones, bool is_first)
{
	if (options->style == STYLE_CSV && is_first)
		holdings_print_csv_head(stdout);
	if (options->style == STYLE_TEXT)
		holdings_print_text(stdout, one, true);
	else if (options->style == STYLE_CSV)
		holdings_print_csv_row(stdout, one);
	else if (options->style == STYLE_JSON)
		json_array_append_new(zones, holdings_in_json(one, true));
}

static void
print_all(const struct zone_options *options, const struct holdings *all,
    json_t *zones, int files)
{
	json_t *object;

	if (options->style == STYLE_TEXT && files > 1) {
		putchar('\n');
		holdings_print_text(stdout, all, false);
	}
	if (options->style != STYLE_JSON || files == 0) {
		json_decref(zones);
		return;
	}
	object = json_pack("{s:o, s:o}", "zones", zones, "all",
	    holdings_in_json(all, false));
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
	int files = 0;

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
	holdings_init(&all, "all");
	for (int i = optind; i < argc; i++) {
		enum input_result result;

		holdings_init(&one, argv[i]);
		result = read_zone(&reader, &options, argv[i]);
		good = result == INPUT_WHOLE && good;
		/* Of what cannot be read it is not known that it is empty. */
		if (result != INPUT_UNREADABLE)
			print_one(&options, &one, zones, files++ == 0);
		holdings_fini(&one);
	}
	print_all(&options, &all, zones, files);
	holdings_fini(&all);
	suffix_list_free(reader.suffixes);
	return good ? EXIT_COMPLETE : EXIT_INPUT;
}
