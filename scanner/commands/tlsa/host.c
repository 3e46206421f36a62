/*
 * host: makes the records of the keys that a live MX host shows. It is measured
 * as in a scan (brief_run.h), with the same pace and the same limits. It is a
 * part of tlsa.
 */
#include "scanner/commands/tlsa/tlsa_internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/prefix.h"
#include "scanner/base/facts.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/commands/brief_run.h"
#include "scanner/commands/domain_argument.h"
#include "scanner/commands/tlsa/tlsa.h"
#include "scanner/commands/words.h"
#include "scanner/out/table_reader.h"
#include "scanner/worker/domain/mx_set.h"

#define LINE_BYTES	64	/* of base64 in PEM (RFC 7468) */
#define CHAIN_MOST	16

#define SHOWN_MOST	128	/* addresses: of each family 64 are kept */

/* The session at an address that got furthest. */
struct shown {
	char		address[ADDRESS_TEXT_MAX];
	enum outcome	outcome;
	char		chain_id[65];		/* "" none */
	struct buffer	rdata;			/* of the record; empty: none */
};

struct shown_list {
	struct shown	 items[SHOWN_MOST];
	size_t		 count;
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

/* NULL: there are more addresses than a host has. */
static struct shown *
shown_at(struct shown_list *list, const char *address)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].address, address) == 0)
			return &list->items[i];
	if (list->count == SHOWN_MOST)
		return NULL;
	snprintf(list->items[list->count].address, ADDRESS_TEXT_MAX, "%s",
	    address);
	return &list->items[list->count++];
}

/* Probe batches are numbered after the host batch, which is the first. */
static void
read_sessions(const char *run, struct shown_list *list)
{
	for (unsigned part = 1; part < 2 * SHOWN_MOST; part++) {
		char *path = xasprintf("%s/probes/part-%06u.csv.gz", run,
		    part);
		int descriptor = open(path, O_RDONLY | O_CLOEXEC);
		struct table_reader *row = descriptor < 0 ? NULL
		    : table_reader_open(TABLE_PROBES, descriptor);

		free(path);
		while (row != NULL && table_reader_next(row) == 1) {
			struct shown *shown = shown_at(list,
			    table_get(row, PROBES_ADDRESS));

			if (shown == NULL || shown->chain_id[0] != '\0')
				continue;
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

/* Writes the chain as a file beside the run, in the form that a person would
 * have it. */
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
	log_line("%s: %s", path, "the chain is not available");
	free(path);
	return NULL;
}

/* Makes the record of each address. Returns the worst status. */
static int
make_records(const struct tlsa_request *request,
    const struct brief_run *brief, struct shown_list *list)
{
	int status = EXIT_COMPLETE;

	for (size_t i = 0; i < list->count; i++) {
		struct shown *shown = &list->items[i];
		struct pem_file file;
		char *path;
		int one = EXIT_BUG;

		if (shown->chain_id[0] == '\0')
			continue;
		path = write_chain(brief, shown);
		if (path != NULL)
			one = tlsa_of_file(&shown->rdata, &file, path,
			    &request->parameters);
		if (one == EXIT_COMPLETE)
			pem_file_fini(&file);
		else
			shown->rdata.length = 0;
		status = one > status ? one : status;
		free(path);
	}
	return status;
}

static bool
is_same_record(const struct shown *a, const struct shown *b)
{
	return a->rdata.length > 0 && a->rdata.length == b->rdata.length &&
	    memcmp(a->rdata.bytes, b->rdata.bytes, a->rdata.length) == 0;
}

/* Only the server itself knows whether the key is its own. */
static void
append_compare(const struct tlsa_request *request, struct buffer *text)
{
	buffer_printf(text, "; Seen over the network, where an attacker can "
	    "replace it. Before you publish\n; it, compare it with the "
	    "server: on %s,\n;   mxcensus tlsa CERTIFICATE --usage %u "
	    "--selector %u --matching-type %u\n; must print the same.\n",
	    request->name, request->parameters.usage,
	    request->parameters.selector, request->parameters.matching_type);
}

/* Writes each distinct record once, and where it was seen. */
static void
append_records(const struct tlsa_request *request,
    const struct shown_list *list, struct buffer *text)
{
	char owner[TLSA_OWNER_MAX];

	tlsa_owner_text(owner, request, request->name);
	for (size_t i = 0; i < list->count; i++) {
		bool is_first = list->items[i].rdata.length > 0;

		for (size_t k = 0; k < i; k++)
			if (is_same_record(&list->items[k], &list->items[i]))
				is_first = false;
		if (!is_first)
			continue;
		buffer_printf(text, "; shown at %s", list->items[i].address);
		for (size_t k = i + 1; k < list->count; k++)
			if (is_same_record(&list->items[k], &list->items[i]))
				buffer_printf(text, ", %s",
				    list->items[k].address);
		buffer_append_byte(text, '\n');
		tlsa_record_line(text, owner, request->ttl,
		    &list->items[i].rdata, request->generic);
	}
}

static enum host_status
read_host_status(const char *run)
{
	int descriptor;
	struct table_reader *row = open_table(run, TABLE_HOSTS, &descriptor);
	enum host_status status = HOST_USABLE;

	if (row != NULL && table_reader_next(row) == 1)
		status = (enum host_status)table_get_enum(row,
		    HOSTS_HOST_STATUS);
	close_table(row, descriptor);
	return status;
}

/* Says why no address was asked. That there is no such host, or that it has no
 * address, is an answer; anything else is not. */
static int
say_not_asked(const struct tlsa_request *request, enum host_status host)
{
	struct buffer why = { 0 };

	if (host == HOST_USABLE)
		buffer_append_text(&why, "no address of it could be asked");
	else
		words_append(&why, WORDS_HOST_STATUS,
		    host_status_texts.texts[host]);
	log_line("%s shows no certificate: %s", request->name,
	    buffer_text(&why));
	buffer_fini(&why);
	return host == HOST_NXDOMAIN || host == HOST_NO_ADDRESS
	    ? EXIT_MEND : EXIT_STOPPED;
}

/* Says which addresses show nothing. Returns the status for the case that none
 * shows anything. */
static int
say_missing(const struct tlsa_request *request, const struct shown_list *list,
    enum host_status host)
{
	int status = EXIT_MEND;

	if (list->count == 0)
		return say_not_asked(request, host);
	for (size_t i = 0; i < list->count; i++) {
		const struct shown *shown = &list->items[i];

		struct buffer why = { 0 };

		if (shown->chain_id[0] != '\0')
			continue;
		words_append(&why, WORDS_OUTCOME,
		    outcome_texts.texts[shown->outcome]);
		log_line("%s at %s shows no certificate: %s",
		    request->name, shown->address, buffer_text(&why));
		buffer_fini(&why);
		if (outcome_tls_class(shown->outcome) != TLS_CLASS_NO_TLS)
			status = EXIT_STOPPED;
	}
	return status;
}

static int
print_records(const struct tlsa_request *request,
    const struct brief_run *brief)
{
	struct shown_list list = { .count = 0 };
	struct buffer text = { 0 }, records = { 0 };
	int missing, status;

	read_sessions(brief->run, &list);
	status = make_records(request, brief, &list);
	missing = say_missing(request, &list, read_host_status(brief->run));
	append_records(request, &list, &records);
	if (records.length == 0) {
		status = status != EXIT_COMPLETE ? status : missing;
	} else {
		append_compare(request, &text);
		buffer_append(&text, records.bytes, records.length);
		if (!tlsa_print(&text))
			status = EXIT_OUTPUT;
	}
	for (size_t i = 0; i < list.count; i++)
		buffer_fini(&list.items[i].rdata);
	buffer_fini(&text);
	buffer_fini(&records);
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
		status = print_records(request, &brief);
	brief_run_end(&brief);
	return status;
}

/* Returns false after a message. RULES MX10: some names are of no host, and are
 * never resolved. */
static bool
host_can_have_records(const struct tlsa_request *request)
{
	char owner[TLSA_OWNER_MAX];

	if (mx_name_flags(request->name) != 0)
		log_line("--host %s: not the name of an MX host, such as "
		    "mx.example.com", request->name);
	else if (!tlsa_owner_text(owner, request, request->name))
		log_line("--host %s: too long for an owner below it",
		    request->name);
	else
		return true;
	return false;
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
	request.is_owner = false;
	if (!host_can_have_records(&request))
		return EXIT_USAGE;
	options.are_hosts = true;
	return measure(&request, &options);
}
