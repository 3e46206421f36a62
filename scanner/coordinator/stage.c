#include "scanner/coordinator/stage.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/part.h"
#include "scanner/coordinator/work/domains.h"
#include "scanner/coordinator/work/mx_hosts.h"
#include "scanner/coordinator/work/server_hosts.h"
#include "scanner/run/shard.h"

/* The plan ***************************************************************** */

/* A shard of another plan has other names. False after a line. */
static bool
bind(struct run *run, const struct options *options, struct folder *whole)
{
	const json_t *shard = json_object_get(run->file.root, "shard");
	char plan[SHA256_HEX];

	if (!shard_plan(whole, plan)) {
		log_line("%s/.work: %s", whole->path, strerror(errno));
		return false;
	}
	if (shard == NULL)
		run_json_set(&run->file, "shard", shard_to_json(options, plan,
		    NULL));
	else if (!shard_is_of_plan(shard, plan)) {
		log_line("%s is of another plan: remove it, or start another "
		    "run (-o)", run->folder.path);
		return false;
	}
	return true;
}

static void
keep_own(struct plan *plan, const struct options *options)
{
	bool *own = xcalloc(plan->chunk_count + 1, sizeof *own);

	plan->counts.domains = plan_own_chunks(plan, options, own);
	free(own);
}

static enum plan_result
take_plan(struct plan *plan, struct run *run, const struct options *options)
{
	enum plan_result result = PLAN_OUTPUT_FAILED;
	struct folder whole;

	if (!folder_look(&whole, options->whole_run))
		log_line("%s: %s", options->whole_run, strerror(errno));
	else
		result = plan_take(plan, &whole);
	if (result == PLAN_OK && !bind(run, options, &whole))
		result = PLAN_BAD_INPUT;
	folder_close(&whole);
	if (result == PLAN_OK)
		keep_own(plan, options);
	return result;
}

enum plan_result
stage_plan(struct plan *plan, struct run *run, const struct options *options)
{
	return options_have_shard(options) ? take_plan(plan, run, options)
	    : plan_make(plan, &run->folder, options);
}

bool
stage_complete(struct run *run, const struct options *options)
{
	const json_t *shard = json_object_get(run->file.root, "shard");
	char plan[SHA256_HEX];
	json_t *complete;

	snprintf(plan, sizeof plan, "%s", json_string_value(
	    json_object_get(shard, "plan")));
	complete = shard_to_json(options, plan, &run->folder);
	if (complete == NULL) {
		log_line("%s: %s", run->folder.path, strerror(errno));
		return false;
	}
	run_json_set(&run->file, "shard", complete);
	return run_file_write(&run->file, &run->folder);
}

/* The stage before ********************************************************* */

/* What a shard of the stage before has for this one. */
struct source_of_stage {
	enum job_kind	kind;
	bool		(*take)(struct work *, uint64_t number,
			    const struct harvest *);
};

static bool
take_domains(struct work *work, uint64_t number, const struct harvest *harvest)
{
	domains_take_hosts(work, number, harvest);
	return true;
}

static bool
take_hosts(struct work *work, uint64_t number, const struct harvest *harvest)
{
	(void)number;
	mx_hosts_take_before(work, harvest);
	return true;
}

static const struct source_of_stage sources[STAGE_COUNT] = {
	[STAGE_HOSTS] = { JOB_DOMAINS, take_domains },
	[STAGE_PROBES] = { JOB_HOSTS, take_hosts },
};

static bool
read_shard(struct work *work, struct folder *shard)
{
	const struct source_of_stage *source = &sources[work->options->stage];
	uint64_t *numbers, next_part = 0;
	size_t count;
	bool good = shard_parts(shard, part_folder(source->kind), &numbers,
	    &count);

	for (size_t i = 0; i < count && good; i++) {
		struct harvest *harvest = part_read(work, shard, source->kind,
		    numbers[i]);

		good = harvest != NULL && source->take(work, numbers[i],
		    harvest);
		harvest_free(harvest);
	}
	free(numbers);
	/* The name servers of hosts have the addresses that were learned. */
	return good && server_hosts_read(work, shard, &next_part);
}

bool
stage_read_before(struct work *work)
{
	enum stage before = (enum stage)(work->options->stage - 1);
	struct shard shard = { .number = 1 };
	struct folder whole, folder;
	bool good;

	if (work->options->stage < STAGE_HOSTS)
		return true;
	good = folder_look(&whole, work->options->whole_run) &&
	    shard_count(&whole, before, &shard.count);
	if (!good)
		log_line("%s: %s", work->options->whole_run, strerror(errno));
	for (; good && shard.number <= shard.count; shard.number++) {
		good = shard_look(&folder, &whole, before, &shard);
		if (!good)
			log_line("%s: %s", folder.path, strerror(errno));
		good = good && read_shard(work, &folder);
		folder_close(&folder);
	}
	folder_close(&whole);
	return good;
}
