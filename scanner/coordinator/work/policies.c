/*
 * batch_policies: the policies of the domains of a committed part: batch N has
 * those of part N of `domains` that have a record (DESIGN, Batches and
 * restart).
 *
 * What stands in line is the number of the part alone; the names are read from
 * it when a worker has room, so that memory does not grow with the domains, and
 * a restart makes the line anew from what is committed.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/coordinator.h"
#include "scanner/out/table_reader.h"

static char suspect[1], convict[1];	/* values of policies.suspects */

bool
batch_wants_policy(const struct table_reader *row)
{
	return txt_status_is_record((enum txt_status)table_get_enum(row,
	    DOMAINS_MTA_STS_RECORD)) || txt_status_is_record(
	    (enum txt_status)table_get_enum(row, DOMAINS_TLSRPT_RECORD));
}

static void
stand_in_line(struct policy_parts *parts, uint64_t number)
{
	if (parts->taken > 0 && parts->taken == parts->count)
		parts->taken = parts->count = 0;
	if (parts->count == parts->size) {
		parts->size = parts->size * 2 + 64;
		parts->numbers = xreallocarray(parts->numbers, parts->size,
		    sizeof *parts->numbers);
	}
	parts->numbers[parts->count++] = number;
}

void
batch_want_policies(struct coordinator *coordinator, uint64_t number)
{
	char name[PART_NAME_MAX];

	batch_output_name(JOB_POLICIES, number, POLICIES_TO_POLICIES, name);
	if (!coordinator->resuming ||
	    !folder_exists(&coordinator->folder, name))
		stand_in_line(&coordinator->policies, number);
}

size_t
batch_policies_waiting(const struct coordinator *coordinator)
{
	const struct policy_parts *parts = &coordinator->policies;

	return parts->count - parts->taken + parts->suspected_count;
}

static enum item_state
state_of(const struct coordinator *coordinator, const char *name)
{
	const struct map *suspects = coordinator->policies.suspects;
	const void *value = suspects != NULL ? map_get(suspects, name) : NULL;

	if (opt_out_has_name(&coordinator->opt_out, name))
		return ITEM_ASIDE;
	return value == suspect ? ITEM_SUSPECT : value == convict
	    ? ITEM_CRASHED : ITEM_NEW;
}

static void
take_rows(struct coordinator *coordinator, struct batch *batch,
    struct table_reader *row, int *result)
{
	while ((*result = table_reader_next(row)) == 1) {
		struct policy_item item = {
			.name = table_get(row, DOMAINS_DOMAIN),
			.mta_sts = (enum txt_status)table_get_enum(row,
			    DOMAINS_MTA_STS_RECORD),
			.tlsrpt = (enum txt_status)table_get_enum(row,
			    DOMAINS_TLSRPT_RECORD),
		};

		if (!batch_wants_policy(row))
			continue;
		item.state = state_of(coordinator, item.name);
		policy_item_put(&batch->input, &item);
		batch->items++;
	}
}

/* Reads the part; false after a line that says why it cannot be. */
static bool
read_part(struct coordinator *coordinator, struct batch *batch)
{
	char name[PART_NAME_MAX];
	struct table_reader *row;
	int descriptor, result = -1;

	batch_output_name(JOB_DOMAINS, batch->number, DOMAINS_TO_DOMAINS,
	    name);
	descriptor = folder_read(&coordinator->folder, name);
	row = table_reader_open(TABLE_DOMAINS, descriptor);
	if (row != NULL)
		take_rows(coordinator, batch, row, &result);
	if (result != 0) {
		log_line("%s/%s: %s", coordinator->folder.path, name,
		    row != NULL ? table_reader_why(row) : "cannot be read");
		coordinator_fail(coordinator, EXIT_OUTPUT);
	}
	table_reader_close(row);
	if (descriptor >= 0)
		close(descriptor);
	return result == 0;
}

static void
send_part(struct coordinator *coordinator, uint64_t number,
    struct worker_process *worker)
{
	struct batch *batch = batch_new(JOB_POLICIES, number, 1, 0);

	if (!read_part(coordinator, batch)) {
		batch_free(batch);
		return;
	}
	batch_send(coordinator, worker, batch);
}

void
batch_policies(struct coordinator *coordinator)
{
	struct policy_parts *parts = &coordinator->policies;
	struct worker_process *worker;

	while (parts->taken < parts->count && (worker =
	    supervise_choose(coordinator, JOB_POLICIES)) != NULL)
		send_part(coordinator, parts->numbers[parts->taken++],
		    worker);
}

/* Suspects **************************************************************** */

/* In the examiner suspects are asked one at a time: who is accused there a
 * second time did it. */
static void
accuse(struct coordinator *coordinator, const char *name, bool is_convicted)
{
	struct policy_parts *parts = &coordinator->policies;
	void **place;

	if (parts->suspects == NULL)
		parts->suspects = map_new();
	place = map_place(parts->suspects, name, NULL);
	if (*place == suspect && is_convicted) {
		*place = convict;
		/* That is progress, as a commit is. */
		coordinator->deaths = 0;
	} else if (*place == NULL) {
		*place = suspect;
	}
}

void
batch_policies_lost(struct coordinator *coordinator, const struct batch *batch)
{
	struct policy_parts *parts = &coordinator->policies;
	struct wire wire = { batch->input.bytes,
	    batch->input.bytes + batch->input.length, false };
	struct policy_item item;
	bool has_suspect = false;

	for (uint32_t i = 0; i < batch->items &&
	    policy_item_get(&wire, &item); i++) {
		if (batch->accused != NULL && batch->accused[i])
			accuse(coordinator, item.name, batch->is_convicted);
		has_suspect = has_suspect ||
		    state_of(coordinator, item.name) == ITEM_SUSPECT;
	}
	if (!has_suspect) {
		stand_in_line(parts, batch->number);
		return;
	}
	parts->suspected = xreallocarray(parts->suspected,
	    parts->suspected_count + 1, sizeof *parts->suspected);
	parts->suspected[parts->suspected_count++] = batch->number;
}

bool
batch_policies_has_suspect(const struct coordinator *coordinator)
{
	return coordinator->policies.suspected_count > 0;
}

bool
batch_policies_suspect(struct coordinator *coordinator,
    struct worker_process *examiner)
{
	struct policy_parts *parts = &coordinator->policies;

	if (parts->suspected_count == 0)
		return false;
	send_part(coordinator, parts->suspected[--parts->suspected_count],
	    examiner);
	return true;
}

void
batch_policies_fini(struct coordinator *coordinator)
{
	struct policy_parts *parts = &coordinator->policies;

	free(parts->numbers);
	free(parts->suspected);
	if (parts->suspects != NULL)
		map_free(parts->suspects);
}
