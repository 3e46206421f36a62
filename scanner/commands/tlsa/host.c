/*
 * tlsa_host: the record of what a live MX host shows, measured as a scan does
 * (brief_run.h): the same manners, the same limits. Part of tlsa.
 */
#include "scanner/commands/tlsa/tlsa_internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/facts.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/commands/brief_run.h"
#include "scanner/options/options.h"
#include "scanner/out/table_reader.h"

#define LINE_BYTES	64	/* of base64 in PEM (RFC 7468) */
#define CHAIN_MOST	16

/* What was shown, the best of its addresses. */
struct shown {
	enum outcome	outcome;
	bool		has_session;
	char		chain_id[65];		/* "" none */
};

static struct table_reader *
open_table(const char *run, enum table_id table, int *descriptor)
{
	char *path = xasprintf("%s/%s/part-000000.csv.gz", run,
	    table_schemas[table].name);
	struct table_reader *row;

	*descriptor = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	row = *descriptor < 0 ? NULL : table_reader_open(table, *descriptor);
	return row;
}

static void
close_table(struct table_reader *row, int descriptor)
{
	table_reader_close(row);
	if (descriptor >= 0)
		close(descriptor);
}

/* Probe batches are numbered behind the host batch, which is the first. */
static void
read_sessions(const char *run, struct shown *shown)
{
	for (unsigned part = 1; part < 64 && shown->chain_id[0] == '\0';
	    part++) {
		char *path = xasprintf("%s/probes/part-%06u.csv.gz", run,
		    part);
		int descriptor = open(path, O_RDONLY | O_CLOEXEC);
		struct table_reader *row = descriptor < 0 ? NULL
		    : table_reader_open(TABLE_PROBES, descriptor);

		free(path);
		while (row != NULL && table_reader_next(row) == 1) {
			if (shown->chain_id[0] != '\0')
				continue;
			shown->has_session = true;
			shown->outcome = (enum outcome)table_get_enum(row,
			    PROBES_OUTCOME);
			snprintf(shown->chain_id, sizeof shown->chain_id, "%s",
			    table_get(row, PROBES_CHAIN_ID));
		}
		close_table(row, descriptor);
	}
}

/* Hashes of the chain's certificates by position; how many. */
static size_t
read_chain(const char *run, const struct shown *shown,
    char hashes[CHAIN_MOST][65])
{
	int descriptor;
	struct table_reader *row = open_table(run, TABLE_CHAINS, &descriptor);
	size_t count = 0;

	while (row != NULL && table_reader_next(row) == 1) {
		int64_t position = table_get_number(row, CHAINS_POSITION);

		if (strcmp(table_get(row, CHAINS_CHAIN_ID),
		    shown->chain_id) != 0 || position >= CHAIN_MOST)
			continue;
		snprintf(hashes[position], 65, "%s",
		    table_get(row, CHAINS_CERTIFICATE_SHA256));
		if ((size_t)position + 1 > count)
			count = (size_t)position + 1;
	}
	close_table(row, descriptor);
	return count;
}

static void
write_pem(FILE *file, const char *base64)
{
	fputs("-----BEGIN CERTIFICATE-----\n", file);
	for (size_t at = 0, length = strlen(base64); at < length;
	    at += LINE_BYTES)
		fprintf(file, "%.*s\n", LINE_BYTES, base64 + at);
	fputs("-----END CERTIFICATE-----\n", file);
}

static bool
write_certificate(const char *run, const char *sha256, FILE *file)
{
	int descriptor;
	struct table_reader *row = open_table(run, TABLE_CERTIFICATES,
	    &descriptor);
	bool found = false;

	while (row != NULL && table_reader_next(row) == 1) {
		if (found || strcmp(table_get(row, CERTIFICATES_SHA256),
		    sha256) != 0)
			continue;
		found = true;
		write_pem(file, table_get(row, CERTIFICATES_DER_BASE64));
	}
	close_table(row, descriptor);
	return found;
}

/* The chain as a file beside the run, as a person would have it. */
static char *
write_chain(const struct brief_run *brief, const struct shown *shown)
{
	char hashes[CHAIN_MOST][65] = { "" };
	size_t count = read_chain(brief->run, shown, hashes);
	char *path = xasprintf("%s/chain.pem", brief->place);
	FILE *file = fopen(path, "w");
	bool good = file != NULL && count > 0;

	for (size_t i = 0; good && i < count; i++)
		good = write_certificate(brief->run, hashes[i], file);
	if (file != NULL && fclose(file) != 0)
		good = false;
	if (good)
		return path;
	log_line("%s: %s", path, "the chain is not to be had");
	free(path);
	return NULL;
}

static int
print_record(const struct tlsa_options *options, const char *name,
    const struct brief_run *brief)
{
	struct shown shown = { .outcome = OUTCOME_TIMEOUT };
	char *path;
	int status;

	read_sessions(brief->run, &shown);
	if (shown.chain_id[0] == '\0') {
		log_line("%s shows no certificate: %s", name, shown.has_session
		    ? outcome_texts.texts[shown.outcome]
		    : "no address of it could be asked");
		return shown.has_session && outcome_tls_class(shown.outcome) ==
		    TLS_CLASS_NO_TLS ? EXIT_MEND : EXIT_STOPPED;
	}
	path = write_chain(brief, &shown);
	status = path == NULL ? EXIT_BUG : tlsa_print_file(options, path);
	free(path);
	return status;
}

/* Options ***************************************************************** */

/* Those of the record; all others are the scan's. */
static bool
is_of_record(const char *word, bool *takes_value)
{
	static const char *const names[] = {
		"--usage", "--selector", "--matching-type", "--ttl",
		"--generic",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		size_t length = strlen(names[i]);

		if (strncmp(word, names[i], length) != 0 ||
		    (word[length] != '\0' && word[length] != '='))
			continue;
		*takes_value = word[length] == '\0' &&
		    strcmp(names[i], "--generic") != 0;
		return true;
	}
	return false;
}

struct lines {
	char	**record, **scan;	/* of tlsa, of check */
	int	  record_count, scan_count;
	char	 *host;
};

/* Parts a command line that has --host; false after a line. */
static bool
part(struct lines *lines, int argc, char **argv)
{
	lines->record = xcalloc((size_t)argc + 2, sizeof *lines->record);
	lines->scan = xcalloc((size_t)argc + 2, sizeof *lines->scan);
	lines->record[lines->record_count++] = (char[]){ "tlsa" };
	lines->scan[lines->scan_count++] = (char[]){ "check" };
	for (int i = 1; i < argc; i++) {
		bool takes_value;

		if (strcmp(argv[i], "--host") == 0 && i + 1 < argc) {
			lines->host = argv[++i];
		} else if (strncmp(argv[i], "--host=", 7) == 0) {
			lines->host = argv[i] + 7;
		} else if (is_of_record(argv[i], &takes_value)) {
			lines->record[lines->record_count++] = argv[i];
			if (takes_value && i + 1 < argc)
				lines->record[lines->record_count++] =
				    argv[++i];
		} else {
			lines->scan[lines->scan_count++] = argv[i];
		}
	}
	if (lines->host == NULL || lines->host[0] == '\0') {
		log_line("--host needs the name of an MX host");
		return false;
	}
	lines->record[lines->record_count++] = lines->host;
	lines->scan[lines->scan_count++] = lines->host;
	return true;
}

static int
measure(const struct tlsa_options *record, struct options *options,
    const struct lines *lines)
{
	struct brief_run brief = { .options = options, .count = 1 };
	uint8_t wire[NAME_WIRE_MAX];
	char name[NAME_TEXT_MAX], *names[] = { name };
	size_t length;
	int status;

	if (options->argument_count != 1 || name_from_input(lines->host,
	    strlen(lines->host), wire, &length) != NAME_OK) {
		log_line("--host takes one name of an MX host, and no file");
		return EXIT_USAGE;
	}
	name_to_text(wire, name);
	brief.names = names;
	options->are_hosts = true;
	status = brief_run_scan(&brief, lines->scan);
	if (status == EXIT_COMPLETE) {
		struct tlsa_options own = *record;

		snprintf(own.name, sizeof own.name, "%s", name);
		own.port = (unsigned)options->port;
		status = print_record(&own, name, &brief);
	}
	brief_run_end(&brief);
	return status;
}

int
tlsa_host(int argc, char **argv)
{
	struct lines lines = { 0 };
	struct tlsa_options record;
	struct options options;
	int status = EXIT_USAGE;

	if (part(&lines, argc, argv)) {
		status = tlsa_parse(&record, lines.record_count,
		    lines.record);
		if (status != 0) {
			status -= 1;
		} else {
			switch (options_parse(&options, lines.scan_count,
			    lines.scan)) {
			case OPTIONS_OK:
				status = measure(&record, &options, &lines);
				break;
			case OPTIONS_DONE:
				status = EXIT_COMPLETE;
				break;
			default:
				status = EXIT_USAGE;
			}
			options_fini(&options);
		}
	}
	free(lines.record);
	free(lines.scan);
	return status;
}
