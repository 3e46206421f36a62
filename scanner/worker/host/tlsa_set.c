#include "scanner/worker/host/tlsa_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"

bool
tlsa_set_owner(const uint8_t *base, uint16_t port, uint8_t owner[NAME_WIRE_MAX])
{
	size_t length = name_wire_length(base, NAME_WIRE_MAX), at;
	char label[8];

	snprintf(label, sizeof label, "_%u", port);
	at = strlen(label);
	owner[0] = (uint8_t)at;
	memcpy(owner + 1, label, at);
	at++;
	memcpy(owner + at, "\004_tcp", 5);
	at += 5;
	if (length == 0 || at + length > NAME_WIRE_MAX)
		return false;
	memcpy(owner + at, base, length);
	return true;
}

const uint8_t *
tlsa_set_parent(const uint8_t owner[NAME_WIRE_MAX])
{
	return owner + 1 + owner[0];
}

static int
compare_records(const void *a, const void *b)
{
	return tlsa_compare(a, b);
}

void
tlsa_set_add(struct tlsa_set *set, const uint8_t *rdata, size_t length)
{
	struct tlsa record;

	if (set->count == DANE_RECORDS_MAX ||
	    !tlsa_from_rdata(rdata, length, &record))
		return;
	if (set->records == NULL) {
		set->records = xcalloc(DANE_RECORDS_MAX, sizeof *set->records);
		set->faults = xcalloc(DANE_RECORDS_MAX, sizeof *set->faults);
	}
	record.bytes = xmemdup(record.bytes, record.length);
	set->faults[set->count] = dane_fault(&record);
	set->usable += set->faults[set->count] == TLSA_USABLE;
	set->records[set->count++] = record;
	set->found++;
}

/* Sorts and removes duplicates before the limit cuts. */
static void
read_records(struct tlsa_set *set, const struct lookup *lookup)
{
	struct answer_walk walk;
	struct tlsa *found;
	size_t count = 0, distinct = 0;

	if (!answer_open(lookup, &walk))
		return;
	found = xcalloc(lookup->answer->count, sizeof *found);
	while (count < lookup->answer->count && answer_next(lookup, &walk))
		if (tlsa_from_rdata(walk.record.rdata,
		    walk.record.rdata_length, &found[count]))
			count++;
	qsort(found, count, sizeof *found, compare_records);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && tlsa_compare(&found[i - 1], &found[i]) == 0)
			continue;
		distinct++;
		/* The data begins three bytes into the RDATA. */
		tlsa_set_add(set, found[i].bytes - 3, found[i].length + 3);
	}
	set->found = distinct;
	free(found);
}

enum tlsa_status
tlsa_set_read(struct tlsa_set *set, const struct lookup *lookup)
{
	bool secure = lookup->answer->dnssec == DNSSEC_SECURE;

	*set = (struct tlsa_set){ 0 };
	switch (lookup->answer->status) {
	case LOOKUP_FOUND:
		read_records(set, lookup);
		if (!secure)
			return TLSA_STATUS_INSECURE;
		return set->usable > 0 ? TLSA_STATUS_USABLE
				       : TLSA_STATUS_UNUSABLE_ONLY;
	case LOOKUP_NODATA:
	case LOOKUP_NXDOMAIN:
		return secure ? TLSA_STATUS_ABSENT
			      : TLSA_STATUS_ABSENT_INSECURE;
	case LOOKUP_SERVFAIL:
		return TLSA_STATUS_SERVFAIL;
	case LOOKUP_TIMEOUT:
		return TLSA_STATUS_TIMEOUT;
	default:
		return TLSA_STATUS_BOGUS;
	}
}

bool
tlsa_set_equals(const struct tlsa_set *a, const struct tlsa_set *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (tlsa_compare(&a->records[i], &b->records[i]) != 0)
			return false;
	return true;
}

bool
tlsa_set_rollover_ready(const struct tlsa_set *set)
{
	return set->count > 0 && dane_rollover_ready(set->records, set->count);
}

void
tlsa_set_write(const struct tlsa_set *set, struct table *table,
    const char *host, unsigned asking, const char *base)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct tlsa *record = &set->records[i];
		const char *fault = tlsa_fault_text(set->faults[i]);

		table_set(table, TLSA_HOST, host);
		table_set_number(table, TLSA_ASKING, asking);
		table_set(table, TLSA_BASE, base);
		table_set_number(table, TLSA_POSITION, (int64_t)i);
		table_set_number(table, TLSA_COLUMN_USAGE, record->usage);
		table_set_number(table, TLSA_COLUMN_SELECTOR, record->selector);
		table_set_number(table, TLSA_COLUMN_MATCHING_TYPE,
		    record->matching_type);
		table_set_hex(table, TLSA_DATA_HEX, record->bytes,
		    record->length);
		table_set_bool(table, TLSA_COLUMN_USABLE, fault == NULL);
		if (fault != NULL)
			table_set_enum(table, TLSA_UNUSABLE_REASON,
			    (int)set->faults[i]);
		table_end_row(table);
	}
}

void
tlsa_set_fini(struct tlsa_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		free((void *)(uintptr_t)set->records[i].bytes);
	free(set->records);
	free(set->faults);
	*set = (struct tlsa_set){ 0 };
}
