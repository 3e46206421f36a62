/* said: makes records of what the inputs say about names. */
#include <stdlib.h>
#include <string.h>

#include "scanner/plan/cuts.h"
#include "scanner/plan/ds_set.h"
#include "scanner/plan/ns_sets.h"
#include "scanner/plan/planner.h"
#include "scanner/plan/wanted.h"

#define SOURCE_BYTES	4
#define RANK_BYTES	8

/* Appends a name as a counted text. The text is made where it stays: a copy
 * would have to wait until its bytes, which are stored one by one, are there. */
static void
put_name(struct buffer *record, const uint8_t *wire)
{
	uint32_t length, count;
	uint8_t *at = buffer_reserve(record, sizeof count + NAME_TEXT_MAX);

	length = (uint32_t)name_to_text(wire, (char *)at + sizeof count) + 1;
	count = htole32(length);
	memcpy(at, &count, sizeof count);
	record->length += sizeof count + length;
}

/* Returns the record, which is the planner's. */
static struct buffer *
start_hashed(struct planner *planner, uint64_t hash, const uint8_t *wire,
    int kind, uint32_t source)
{
	struct buffer *record = &planner->record;

	record->length = 0;
	wire_put_number(record, hash, 8);
	put_name(record, wire);
	wire_put_number(record, (uint64_t)kind, 1);
	wire_put_number(record, source, SOURCE_BYTES);
	return record;
}

static struct buffer *
start_record(struct planner *planner, const uint8_t *wire, size_t length,
    int kind, uint32_t source)
{
	return start_hashed(planner, siphash(&planner->order, wire, length),
	    wire, kind, source);
}

/* Does --sample leave the name out? */
static bool
is_left_out(const struct planner *planner, const uint8_t *wire, size_t length)
{
	return planner->options->sample > 1 && siphash(&planner->sample, wire,
	    length) % planner->options->sample != 0;
}

/* The name is in the plan, so files of --delegations may say something about
 * it. */
static void
want(struct planner *planner, const uint8_t *wire, size_t length)
{
	if (planner->wanted != NULL)
		wanted_add(planner->wanted, &planner->order, wire, length);
}

void
planner_name(struct planner *planner, const uint8_t *wire, size_t length,
    uint64_t rank)
{
	struct buffer *record;

	planner->plan->counts.records++;
	planner->plan->sources[planner->source].records++;
	if (is_left_out(planner, wire, length)) {
		planner->plan->counts.not_sampled++;
		return;
	}
	/* The first input that has a name counts. */
	planner_flush(planner);
	record = start_record(planner, wire, length, IS_NAMED,
	    planner->source);
	wire_put_number(record, rank, RANK_BYTES);
	/* The rank and source of the first input count (docs/schema.md), so
	 * what follows the kind makes no difference. */
	if (bucket_put(planner, record, record->length - SOURCE_BYTES -
	    RANK_BYTES))
		want(planner, wire, length);
	else
		planner->plan->counts.duplicates++;
}

static size_t
apex_length(const struct delegation_record *found)
{
	return found->apex == NULL ? 1
	    : name_wire_length(found->apex, NAME_WIRE_MAX);
}

/* An address counts for all delegations of its file that name its server
 * (ns_sets_write). */
static void
on_glue(struct planner *planner, const struct delegation_record *found)
{
	struct address address = { .family = found->family };
	struct buffer *record = &planner->record;

	memcpy(address.bytes, found->address, found->family == 4 ? 4 : 16);
	record->length = 0;
	wire_put_number(record, planner->source, SOURCE_BYTES);
	wire_put_bytes(record, found->owner, found->owner_length);
	address_put(record, &address);
	file_put(planner, record, planner->glue);
}

static void
on_ds(struct planner *planner, const struct delegation_record *found)
{
	struct buffer *record;

	if (is_left_out(planner, found->owner, found->owner_length))
		return;
	record = start_record(planner, found->owner, found->owner_length,
	    HAS_DS, planner->source);
	ds_set_put_record(record, found->ttl, &found->ds);
	(void)bucket_put(planner, record, record->length);
}

static void
on_ds_signature(struct planner *planner, const struct delegation_record *found)
{
	struct buffer *record;

	if (planner->options->ds == CHOOSE_DS_TRUST ||
	    is_left_out(planner, found->owner, found->owner_length))
		return;
	record = start_record(planner, found->owner, found->owner_length,
	    HAS_DS_SIGNATURE, planner->source);
	ds_set_put_signature(record, found->signature,
	    found->signature_length);
	(void)bucket_put(planner, record, record->length);
}

/* A delegation and its servers ********************************************* */

void
planner_flush(struct planner *planner)
{
	struct buffer *owner = &planner->last_owner, *record;

	if (planner->server_count > 0) {
		record = start_hashed(planner, planner->last_hash,
		    owner->bytes, HAS_SERVER, planner->last_source);
		ns_sets_put(planner->sets, planner->servers.bytes,
		    planner->servers.length, record);
		(void)bucket_put(planner, record, record->length);
	}
	planner->servers.length = planner->server_count = 0;
	owner->length = 0;
}

static bool
is_delegations(const struct planner *planner)
{
	return planner->plan->sources[planner->source].is_delegations;
}

/* --sample may leave out the delegation above a name that it takes. */
static void
on_left_out(struct planner *planner, const struct delegation_record *found)
{
	struct buffer *record;

	if (!is_delegations(planner)) {
		planner->plan->counts.records++;
		planner->plan->sources[planner->source].records++;
		planner->plan->counts.not_sampled++;
	}
	record = start_record(planner, found->owner, found->owner_length,
	    IS_OWNER, planner->source);
	file_put(planner, record, planner->owners);
}

/* Most of a file of --delegations is about names that are not measured. */
static bool
may_be_needed(const struct planner *planner,
    const struct delegation_record *found)
{
	return !is_delegations(planner) || wanted_has(planner->wanted,
	    &planner->order, found->owner, found->owner_length);
}

/* Its servers follow. They do not count if --sample leaves it out. */
static void
begin_delegation(struct planner *planner,
    const struct delegation_record *found)
{
	size_t apex = apex_length(found);

	planner_flush(planner);
	planner->last_source = planner->source;
	buffer_append(&planner->last_owner, found->owner,
	    found->owner_length);
	planner->is_left_out = true;
	if (!may_be_needed(planner, found))
		return;
	/* A reader that an input has taken over may claim any apex. */
	if (found->owner_length > apex)
		cuts_note(planner->cuts, planner->source, found->owner,
		    found->owner_length - apex);
	planner->is_left_out = is_left_out(planner, found->owner,
	    found->owner_length);
	if (planner->is_left_out) {
		on_left_out(planner, found);
		return;
	}
	planner->last_hash = siphash(&planner->order, found->owner,
	    found->owner_length);
	bucket_prefetch(planner, planner->last_hash);
	if (!is_delegations(planner))
		want(planner, found->owner, found->owner_length);
}

static bool
has_server(const struct planner *planner, const uint8_t *server,
    size_t length)
{
	const uint8_t *at = planner->servers.bytes;

	for (unsigned i = 0; i < planner->server_count; i++) {
		if (planner->server_lengths[i] == length &&
		    memcmp(at, server, length) == 0)
			return true;
		at += planner->server_lengths[i];
	}
	return false;
}

static bool
is_last_owner(const struct planner *planner,
    const struct delegation_record *found)
{
	const struct buffer *last = &planner->last_owner;

	return planner->last_source == planner->source &&
	    last->length == found->owner_length &&
	    memcmp(last->bytes, found->owner, last->length) == 0;
}

/* The lines of a delegation are usually together, so most delegations have one
 * record. Servers that follow SERVERS_MAX others never count (ns_sets_get). */
static bool
on_server(struct planner *planner, const struct delegation_record *found)
{
	if (found->owner != NULL && !is_last_owner(planner, found))
		begin_delegation(planner, found);
	if (planner->last_owner.length == 0 ||
	    planner->last_source != planner->source)
		return false;
	if (planner->is_left_out || planner->server_count == SERVERS_MAX ||
	    has_server(planner, found->server, found->server_length))
		return true;
	planner->server_lengths[planner->server_count++] =
	    (uint8_t)found->server_length;
	buffer_append(&planner->servers, found->server,
	    found->server_length);
	return true;
}

bool
planner_delegation(struct planner *planner,
    const struct delegation_record *found)
{
	/* Which addresses are wanted is known only at the end. */
	if (found->kind == DELEGATION_GLUE)
		on_glue(planner, found);
	else if (found->kind == DELEGATION_NS)
		return on_server(planner, found);
	else if (!may_be_needed(planner, found))
		return true;
	else if (found->kind == DELEGATION_DS)
		on_ds(planner, found);
	else
		on_ds_signature(planner, found);
	return true;
}
