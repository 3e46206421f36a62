#include "scanner/coordinator/batch/item_line.h"

void
item_line_put_domain(struct item_line *line, const struct domain_item *item)
{
	domain_item_put(&line->items, item);
	line->count++;
}

void
item_line_put_host(struct item_line *line, const struct host_item *item)
{
	host_item_put(&line->items, item);
	line->count++;
}

static uint32_t
take(struct item_line *line, uint32_t most, struct buffer *input,
    const char *(*next)(struct wire *))
{
	const uint8_t *first = line->items.bytes + line->at;
	struct wire wire = { first, line->items.bytes + line->items.length,
	    false };
	uint32_t taken = 0;

	while (taken < most && wire.at < wire.end && next(&wire) != NULL)
		taken++;
	buffer_append(input, first, (size_t)(wire.at - first));
	line->at += (size_t)(wire.at - first);
	line->count -= taken;
	/* Frees the part that has gone when it is the larger part. */
	if (line->count == 0)
		item_line_fini(line);
	else if (line->at > line->items.length / 2) {
		buffer_consume(&line->items, line->at);
		line->at = 0;
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
	buffer_fini(&line->items);
	*line = (struct item_line){ 0 };
}
