#include "scanner/coordinator/batch/item_line.h"

#include <stdlib.h>

#include "scanner/base/memory.h"

static size_t
part_bytes(const struct item_part *part)
{
	return part->items.length - part->at;
}

static void
part_fini(struct item_part *part)
{
	buffer_fini(&part->items);
	*part = (struct item_part){ 0 };
}

/* The last items are written to the file if there are enough of them and memory
 * is short. */
static void
spill_last(struct item_line *line)
{
	struct item_part *last = &line->last;
	struct item_block block = {
		.length = part_bytes(last), .count = last->count,
	};

	if (!spill_wants(line->spill, block.length) ||
	    !spill_write(line->spill, last->items.bytes + last->at,
	    block.length, &block.offset))
		return;
	GROW(line->blocks, line->block_count, line->block_size);
	line->blocks[line->block_count++] = block;
	spill_note(line->spill, block.length, 0);
	part_fini(last);
}

static void
note_put(struct item_line *line, size_t before)
{
	line->last.count++;
	line->count++;
	spill_note(line->spill, before, line->last.items.length);
	spill_last(line);
}

void
item_line_put_domain(struct item_line *line, const struct domain_item *item)
{
	size_t before = line->last.items.length;

	domain_item_put(&line->last.items, item);
	note_put(line, before);
}

void
item_line_put_host(struct item_line *line, const struct host_item *item)
{
	size_t before = line->last.items.length;

	host_item_put(&line->last.items, item);
	note_put(line, before);
}

/* The first items are gone, so the following ones take their place. Returns
 * false if they cannot be read. */
static bool
refill(struct item_line *line)
{
	struct item_part *first = &line->first;
	struct item_block block;

	if (line->block_at == line->block_count) {
		*first = line->last;
		line->last = (struct item_part){ 0 };
		return true;
	}
	block = line->blocks[line->block_at++];
	if (line->block_at == line->block_count) {
		free(line->blocks);
		line->blocks = NULL;
		line->block_at = line->block_count = line->block_size = 0;
	}
	if (!spill_read(line->spill, block.offset, buffer_reserve(
	    &first->items, block.length), block.length)) {
		line->count -= block.count;
		return false;
	}
	first->items.length = block.length;
	first->count = block.count;
	spill_note(line->spill, 0, block.length);
	return true;
}

static uint32_t
take_first(struct item_line *line, uint32_t most, struct buffer *input,
    const char *(*next)(struct wire *))
{
	struct item_part *first = &line->first;
	const uint8_t *from = first->items.bytes + first->at;
	struct wire wire = { from, first->items.bytes + first->items.length,
	    false };
	uint32_t taken = 0;

	while (taken < most && wire.at < wire.end && next(&wire) != NULL)
		taken++;
	buffer_append(input, from, (size_t)(wire.at - from));
	spill_note(line->spill, (size_t)(wire.at - from), 0);
	first->at += (size_t)(wire.at - from);
	first->count -= taken;
	line->count -= taken;
	/* Frees the consumed part once it is the larger part. */
	if (first->count == 0)
		part_fini(first);
	else if (first->at > first->items.length / 2) {
		buffer_consume(&first->items, first->at);
		first->at = 0;
	}
	return taken;
}

static uint32_t
take(struct item_line *line, uint32_t most, struct buffer *input,
    const char *(*next)(struct wire *))
{
	uint32_t taken = 0;

	while (taken < most && line->count > 0) {
		if (line->first.count == 0 && !refill(line))
			break;
		taken += take_first(line, most - taken, input, next);
	}
	return taken;
}

uint32_t
item_line_take_domains(struct item_line *line, uint32_t most,
    struct buffer *input)
{
	return take(line, most, input, domain_item_next_name);
}

uint32_t
item_line_take_hosts(struct item_line *line, uint32_t most,
    struct buffer *input)
{
	return take(line, most, input, host_item_next_name);
}

void
item_line_fini(struct item_line *line)
{
	struct spill *spill = line->spill;

	for (size_t i = line->block_at; i < line->block_count; i++)
		spill_forget(spill, line->blocks[i].length);
	free(line->blocks);
	spill_note(spill, part_bytes(&line->first) + part_bytes(&line->last),
	    0);
	part_fini(&line->first);
	part_fini(&line->last);
	*line = (struct item_line){ .spill = spill };
}
