/* own_chunks: which chunks of the plan are of this shard. */
#include "scanner/plan/plan.h"

uint64_t
plan_own_chunks(const struct plan *plan, const struct options *options,
    bool own[])
{
	uint64_t names = 0, sets = 0;
	uint32_t last = 0;

	for (uint64_t i = 0; i < plan->chunk_count; i++) {
		const struct chunk *chunk = &plan->chunks[i];
		uint64_t turn;

		if (chunk->set_id != last)
			sets++;
		last = chunk->set_id;
		turn = chunk->set_id == 0 ? i : sets - 1;
		own[i] = options->stage < STAGE_DOMAINS ||
		    (options->stage == STAGE_DOMAINS && turn %
		    options->shard.count == options->shard.number - 1);
		names += own[i] ? chunk->items : 0;
	}
	return names;
}
