/*
 * host: makes the record of what a live MX host shows. It is measured as in a
 * scan (brief_run.h), with the same pace and the same limits. It is a part of
 * tlsa.
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
#include "scanner/commands/domain_argument.h"
#include "scanner/commands/tlsa/tlsa.h"
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
print_record(const struct tlsa_request *request,
    const struct brief_run *brief)
{
	struct shown shown = { .outcome = OUTCOME_TIMEOUT };
	char *path;
	int status;

	read_sessions(brief->run, &shown);
	if (shown.chain_id[0] == '\0') {
		log_line("%s shows no certificate: %s", request->name,
		    shown.has_session ? outcome_texts.texts[shown.outcome]
		    : "no address of it could be asked");
		return shown.has_session && outcome_tls_class(shown.outcome) ==
		    TLS_CLASS_NO_TLS ? EXIT_MEND : EXIT_STOPPED;
	}
	path = write_chain(brief, &shown);
	status = path == NULL ? EXIT_BUG : tlsa_print_file(request, path);
	free(path);
	return status;
}

/* ************************************************************************* */

static int
measure(const struct tlsa_request *request, struct options *options)
{
	char *names[] = { (char *)(uintptr_t)request->name };
	struct brief_run brief = {
		.options = options, .names = names, .count = 1,
	};
	int status = brief_run_scan(&brief);

	if (status == EXIT_COMPLETE)
		status = print_record(request, &brief);
	brief_run_end(&brief);
	return status;
}

int
tlsa_host_command(const struct options *given)
{
	const char *host = given->record.host;
	struct options options = *given;	/* the scan changes them */
	struct tlsa_request request;
	char name[NAME_TEXT_MAX];

	if (host == NULL || host[0] == '\0') {
		log_line("--host needs the name of an MX host");
		return EXIT_USAGE;
	}
	if (!domain_argument_read("--host", host, name) ||
	    !tlsa_request_make(&request, given))
		return EXIT_USAGE;
	memcpy(request.name, name, sizeof request.name);
	options.are_hosts = true;
	return measure(&request, &options);
}
