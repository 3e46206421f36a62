#include "scanner/coordinator/work/second_pass.h"

#include <stdlib.h>

#include "scanner/base/memory.h"

#define PART_LEAST	64	/* if there are that many */
#define PART_MOST	1024
#define GROUP_MS	1000
#define CACHED_MS	60000	/* docs/pitfalls.md: how long a resolver keeps
				 * what is bogus */

/* Items that failed within a second are due together, with the last of them: a
 * line of millions has few groups. */
struct group {
	struct list	 link;
	int64_t		 first_ms, last_ms;	/* due */
	uint64_t	 count;
};

void
second_pass_init(struct second_pass *pass)
{
	*pass = (struct second_pass){ 0 };
	list_init(&pass->groups);
}

void
second_pass_fini(struct second_pass *pass)
{
	while (!list_is_empty(&pass->groups))
		free(list_entry(list_take(&pass->groups), struct group, link));
	item_line_fini(&pass->line);
}

/* What the patient resolver kept of an earlier item must also be --retry-after
 * later. */
static int64_t
due_after(const struct options *options, int64_t failed_ms)
{
	int64_t wait = (int64_t)options->retry_after_ms;

	return failed_ms + wait + (wait < CACHED_MS ? wait : CACHED_MS);
}

static void
note(struct second_pass *pass, const struct options *options,
    int64_t failed_ms)
{
	int64_t due_ms = due_after(options, failed_ms);
	struct group *last = list_is_empty(&pass->groups) ? NULL
	    : list_entry(pass->groups.previous, struct group, link);

	if (last == NULL || due_ms < last->first_ms ||
	    due_ms >= last->first_ms + GROUP_MS) {
		last = xcalloc(1, sizeof *last);
		last->first_ms = last->last_ms = due_ms;
		list_append(&pass->groups, &last->link);
	}
	if (due_ms > last->last_ms)
		last->last_ms = due_ms;
	last->count++;
}

void
second_pass_put_domain(struct second_pass *pass, const struct options *options,
    const struct domain_item *item, int64_t failed_ms)
{
	item_line_put_domain(&pass->line, item);
	note(pass, options, failed_ms);
}

void
second_pass_put_host(struct second_pass *pass, const struct options *options,
    const struct host_item *item, int64_t failed_ms)
{
	item_line_put_host(&pass->line, item);
	note(pass, options, failed_ms);
}

/* Returns how many items go into a batch. */
static uint32_t
part(const struct second_pass *pass, const struct options *options)
{
	uint64_t share = pass->line.count / options->workers + 1;

	return share < PART_LEAST ? PART_LEAST : share > PART_MOST ? PART_MOST
	    : (uint32_t)share;
}

/* Takes as many due items out of their groups, from the first on. */
static uint32_t
take_due(struct second_pass *pass, const struct options *options,
    int64_t now_ms)
{
	uint32_t most = part(pass, options), count = 0;

	while (count < most && now_ms >= second_pass_due_ms(pass)) {
		struct group *group = list_entry(pass->groups.next,
		    struct group, link);
		uint32_t left = most - count;
		uint32_t taken = group->count < left ? (uint32_t)group->count
		    : left;

		count += taken;
		group->count -= taken;
		if (group->count == 0) {
			list_remove(&group->link);
			free(group);
		}
	}
	return count;
}

uint32_t
second_pass_take_domains(struct second_pass *pass,
    const struct options *options, int64_t now_ms, struct buffer *input)
{
	return item_line_take_domains(&pass->line, take_due(pass, options,
	    now_ms), input);
}

uint32_t
second_pass_take_hosts(struct second_pass *pass, const struct options *options,
    int64_t now_ms, struct buffer *input)
{
	return item_line_take_hosts(&pass->line, take_due(pass, options,
	    now_ms), input);
}

int64_t
second_pass_due_ms(const struct second_pass *pass)
{
	return list_is_empty(&pass->groups) ? INT64_MAX
	    : list_entry(pass->groups.next, struct group, link)->last_ms;
}
