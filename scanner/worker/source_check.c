#include "scanner/worker/source_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "parsers/name.h"
#include "scanner/base/memory.h"
#include "scanner/base/source_name.h"
#include "scanner/dns/lookup.h"
#include "scanner/run/vantage.h"
#include "scanner/worker/worker.h"

#define FAMILIES	2

struct source_check {
	struct worker	*worker;
	struct source {
		struct source_check *check;
		bool		 is_used, is_public;
		struct address	 address;
		struct lookup	 lookup;
		char		 name[NAME_TEXT_MAX];	/* the first; "" */
	}		 sources[FAMILIES];
	bool		 is_started;
};

void
source_check_open(struct worker *worker)
{
	struct source_check *check = xcalloc(1, sizeof *check);
	const bool used[FAMILIES] = { worker->has_ipv4, worker->has_ipv6 };
	const char *test = getenv(SOURCE_ADDRESS);

	check->worker = worker;
	worker->source_check = check;
	for (int i = 0; i < FAMILIES; i++) {
		struct source *source = &check->sources[i];

		source->check = check;
		source->is_used = used[i] && vantage_source(worker->options,
		    i == 0 ? 4 : 6, &source->address);
		source->is_public = source->is_used &&
		    !address_is_special(&source->address, NULL);
	}
	if (test != NULL) {
		struct address address;

		if (!address_from_text(test, strlen(test), &address))
			return;
		check->sources[address.family == 6].address = address;
		check->sources[address.family == 6].is_used = true;
		check->sources[address.family == 6].is_public = true;
		check->sources[address.family == 4].is_used = false;
	}
}

static void
tell(struct source *source, enum source_name state)
{
	struct message message = {
		.type = MESSAGE_SOURCE, .number = source->address.family,
		.code = state,
	};
	char address[ADDRESS_TEXT_MAX];

	address_to_text(&source->address, address);
	snprintf(message.text, sizeof message.text, "%s %.255s", address,
	    source->name);
	worker_tell(source->check->worker, &message);
}

static bool
has_address(const struct source *source)
{
	size_t length = source->address.family == 4 ? 4 : 16;
	struct answer_walk walk = { 0 };

	if (!answer_open(&source->lookup, &walk))
		return false;
	while (answer_next(&source->lookup, &walk))
		if (walk.record.rdata_length == length && memcmp(
		    walk.record.rdata, source->address.bytes, length) == 0)
			return true;
	return false;
}

/* What a lookup that found nothing says; SOURCE_AGREES if it has found. */
static enum source_name
state_of(const struct lookup *lookup, enum source_name none)
{
	switch (lookup->answer->status) {
	case LOOKUP_FOUND:
		return SOURCE_AGREES;
	case LOOKUP_NODATA:
	case LOOKUP_NXDOMAIN:
		return none;
	default:
		return SOURCE_NOT_KNOWN;
	}
}

static void
on_addresses(struct lookup *lookup)
{
	struct source *source = list_entry(lookup, struct source, lookup);
	enum source_name state = state_of(lookup, SOURCE_NOT_CONFIRMED);

	if (state == SOURCE_AGREES && !has_address(source))
		state = SOURCE_NOT_CONFIRMED;
	tell(source, state);
}

/* Does a PTR record have the name? Keeps the first name, or that one. */
static bool
has_name(struct source *source, const char *ehlo)
{
	struct answer_walk walk = { 0 };
	uint8_t target[NAME_WIRE_MAX];
	char name[NAME_TEXT_MAX];
	bool found = false;

	if (!answer_open(&source->lookup, &walk))
		return false;
	while (!found && answer_next(&source->lookup, &walk)) {
		if (!dns_record_name(&walk.message, &walk.record, target))
			continue;
		name_to_text(target, name);
		found = strcasecmp(name, ehlo) == 0;
		if (found || source->name[0] == '\0')
			strcpy(source->name, name);
	}
	return found;
}

static bool
read_ehlo(const struct worker *worker, uint8_t wire[NAME_WIRE_MAX])
{
	const char *text = worker->options->ehlo;
	size_t length;

	return name_from_text(text, strlen(text), wire, &length) == NAME_OK;
}

static struct lane *
patient_lane(const struct source *source)
{
	return worker_lane(source->check->worker, ASK_AGAIN);
}

static void
on_names(struct lookup *lookup)
{
	struct source *source = list_entry(lookup, struct source, lookup);
	enum source_name state = state_of(lookup, SOURCE_NO_NAME);
	uint8_t wire[NAME_WIRE_MAX];
	char ehlo[NAME_TEXT_MAX];

	if (state == SOURCE_AGREES && read_ehlo(source->check->worker, wire)) {
		name_to_text(wire, ehlo);
		if (has_name(source, ehlo)) {
			lookup_start(&source->lookup, patient_lane(source),
			    NULL, wire, source->address.family == 4 ? DNS_A
			    : DNS_AAAA, on_addresses);
			return;
		}
		state = source->name[0] != '\0' ? SOURCE_DIFFERS
		    : SOURCE_NO_NAME;
	}
	tell(source, state);
}

/* RFC 1035 section 3.5, RFC 3596 section 2.5. */
static void
reverse_name(const struct address *address, uint8_t wire[NAME_WIRE_MAX])
{
	size_t bytes = address->family == 4 ? 4 : 16, length = 0;
	char text[96];

	for (size_t i = bytes; i-- > 0;)
		length += (size_t)snprintf(text + length, sizeof text - length,
		    address->family == 4 ? "%u." : "%x.%x.",
		    address->family == 4 ? address->bytes[i]
		    : address->bytes[i] & 15u, address->bytes[i] >> 4);
	snprintf(text + length, sizeof text - length, "%s",
	    address->family == 4 ? "in-addr.arpa" : "ip6.arpa");
	(void)name_from_text(text, strlen(text), wire, &length);
}

void
source_check_start(struct worker *worker)
{
	struct source_check *check = worker->source_check;

	for (int i = 0; i < FAMILIES && !check->is_started; i++) {
		struct source *source = &check->sources[i];
		uint8_t wire[NAME_WIRE_MAX];

		if (!source->is_used)
			continue;
		if (!source->is_public) {
			tell(source, SOURCE_NOT_PUBLIC);
			continue;
		}
		reverse_name(&source->address, wire);
		lookup_start(&source->lookup, patient_lane(source), NULL, wire,
		    DNS_PTR, on_names);
	}
	check->is_started = true;
}

void
source_check_close(struct worker *worker)
{
	struct source_check *check = worker->source_check;

	if (check == NULL)
		return;
	for (int i = 0; i < FAMILIES; i++)
		lookup_cancel(&check->sources[i].lookup);
	free(check);
	worker->source_check = NULL;
}
