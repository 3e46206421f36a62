#include "scanner/commands/zone/zone.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "parsers/suffix.h"
#include "scanner/base/log.h"
#include "scanner/commands/zone/holdings.h"
#include "scanner/options/options.h"

#define ERRORS_SHOWN	10

struct zone_reader {
	/* `all` is NULL if there is one file: `one` holds all. */
	struct holdings	 *one, *all;
	bool		  print_names;
};

static void
on_delegation(void *tag, const struct delegation_record *found)
{
	struct zone_reader *reader = tag;
	char owner[NAME_TEXT_MAX];
	bool is_new;

	if (found->kind == DELEGATION_DS) {
		holdings_take_ds(reader->one, found);
		if (reader->all != NULL)
			holdings_take_ds(reader->all, found);
		return;
	}
	if (found->kind != DELEGATION_NS)
		return;
	is_new = holdings_take_server(reader->one, found);
	if (reader->all != NULL)
		is_new = holdings_take_server(reader->all, found);
	if (is_new && reader->print_names) {
		name_to_text(found->owner, owner);
		puts(owner);
	}
}

static void
on_name(void *tag, const uint8_t *wire, size_t length, uint64_t line,
    uint64_t rank)
{
	(void)tag;
	(void)wire;
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

	if (reader->all != NULL)
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

/* Reads one file into `one` and `all`. It reads in this process, in which a
 * hostile file can do little harm; a scan, which has a run to lose, reads in a
 * separate process. */
static enum input_result
read_zone(struct zone_reader *reader, const struct input_options *options,
    const char *path)
{
	const struct input_sink sink = {
		reader, on_name, on_delegation, on_reject,
	};
	char why[256] = "";
	enum input_result result = input_read(path, options, &sink,
	    &reader->one->facts, why);

	if (result != INPUT_WHOLE) {
		log_line("%s: %s", path, why);
		reader->one->whole = false;
		if (reader->all != NULL)
			reader->all->whole = false;
	}
	return result;
}

static void
print_one(int form, const struct holdings *one, json_t *zones, bool is_first)
{
	if (form == FORM_CSV && is_first)
		holdings_print_csv_head(stdout);
	if (form == FORM_TEXT)
		holdings_print_text(stdout, one, true);
	else if (form == FORM_CSV)
		holdings_print_csv_row(stdout, one);
	else if (form == FORM_JSON)
		json_array_append_new(zones, holdings_in_json(one, true));
}

static void
print_all(int form, const struct holdings *all, json_t *zones, int files)
{
	json_t *object;

	if (form == FORM_TEXT && files > 1) {
		putchar('\n');
		holdings_print_text(stdout, all, false);
	}
	if (form != FORM_JSON || files == 0) {
		json_decref(zones);
		return;
	}
	object = json_pack("{s:o, s:o}", "zones", zones, "all",
	    holdings_in_json(all, false));
	json_dumpf(object, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(object);
}

/* Prepares the input as a scan would; the origin's name is written to
 * `origin`. */
static struct input_options
input_options_of(const struct options *options, uint8_t origin[NAME_WIRE_MAX])
{
	struct input_options input = {
		.format = INPUT_ZONE, .allow_include = options->allow_include,
	};
	size_t length;

	if (options->origin != NULL) {
		(void)name_from_input(options->origin, strlen(options->origin),
		    origin, &length);
		input.origin = origin;
	}
	return input;
}

static int
read_zones(const struct options *options, const struct suffix_list *suffixes)
{
	uint8_t origin[NAME_WIRE_MAX];
	struct input_options input = input_options_of(options, origin);
	struct holdings one, all;
	bool is_single = options->argument_count == 1, good = true;
	struct zone_reader reader = {
		.one = &one, .all = is_single ? NULL : &all,
		.print_names = options->form == FORM_NAMES,
	};
	json_t *zones = json_array();
	int files = 0;

	holdings_init(&all, "all", suffixes);
	for (size_t i = 0; i < options->argument_count; i++) {
		const char *path = options->arguments[i];
		enum input_result result;

		holdings_init(&one, path, suffixes);
		result = read_zone(&reader, &input, path);
		good = result == INPUT_WHOLE && good;
		/* A file that cannot be read is not known to be empty. */
		if (result != INPUT_UNREADABLE)
			print_one(options->form, &one, zones, files++ == 0);
		if (is_single)
			print_all(options->form, &one, zones, files);
		holdings_fini(&one);
	}
	if (!is_single)
		print_all(options->form, &all, zones, files);
	holdings_fini(&all);
	return good ? EXIT_COMPLETE : EXIT_INPUT;
}

int
zone_command(const struct options *options)
{
	struct suffix_list *suffixes = suffix_list_open();
	int status;

	if (suffixes == NULL) {
		log_line("there is no public suffix list: install publicsuffix");
		return EXIT_VANTAGE;
	}
	status = read_zones(options, suffixes);
	suffix_list_free(suffixes);
	return status;
}
