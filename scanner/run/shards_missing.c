#include "scanner/run/shards_missing.h"

#include <errno.h>
#include <inttypes.h>

bool
shards_missing(struct folder *run, enum stage stage, const char *between,
    struct buffer *missing)
{
	struct shard shard = { .number = 1 };
	size_t before = missing->length;

	if (!shard_count(run, stage, &shard.count))
		return false;
	if (shard.count == 0)
		buffer_printf(missing, "%s", stage_text(stage));
	for (; shard.number <= shard.count; shard.number++)
		if (shard_state(run, stage, &shard) != SHARD_COMPLETE)
			buffer_printf(missing, "%s%s %" PRIu64 "/%" PRIu64,
			    missing->length > before ? between : "",
			    stage_text(stage), shard.number, shard.count);
	return true;
}

bool
shards_first_stage(struct folder *run, enum stage *stage)
{
	char plan[SHA256_HEX];

	*stage = STAGE_PLAN;
	if (!shard_plan(run, plan))
		return errno == ENOENT;
	while (++*stage < STAGE_COUNT) {
		struct buffer missing = { 0 };
		bool good = shards_missing(run, *stage, " ", &missing);
		bool is_complete = missing.length == 0;

		buffer_fini(&missing);
		if (!good || !is_complete)
			return good;
	}
	return true;
}
