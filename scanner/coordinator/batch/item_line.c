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

uint32_t
item_line_take(struct item_line *line, enum job_kind kind, uint32_t most,
    struct buffer *input)
{
	const uint8_t *first = line->items.bytes + line->at;
	struct wire wire = { first, line->items.bytes + line->items.length,
	    false };
	struct domain_item domain;
	struct host_item host;
	uint32_t taken = 0;

	while (taken < most && wire.at < wire.end && (kind == JOB_DOMAINS
	    ? domain_item_get(&wire, &domain) : host_item_get(&wire, &host)))
		taken++;
	buffer_append(input, first, (size_t)(wire.at - first));
	line->at += (size_t)(wire.at - first);
	line->count -= taken;
	/* What has gone is given up when it is the larger part. */
	if (line->count == 0)
		item_line_fini(line);
	else if (line->at > line->items.length / 2) {
		buffer_consume(&line->items, line->at);
		line->at = 0;
	}
	return taken;
}

void
item_line_fini(struct item_line *line)
{
	buffer_fini(&line->items);
	*line = (struct item_line){ 0 };
}
