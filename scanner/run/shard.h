/*
 * shard: the shards of a run's stages (docs/architecture.md, "Stages and
 * shards"). Shard I of N of a stage has a folder of its own in the run,
 * .work/shards/STAGE-I-of-N, which is like that of a run, with a lock, parts and
 * run.json. Only the process that holds that lock writes there; all others
 * read. .work/shards/STAGE says how many shards the stage has: its first shard
 * links that file.
 *
 * What a shard has is decided by hashes and numbers alone, so every machine
 * decides it alike.
 */
#ifndef MXCENSUS_RUN_SHARD_H
#define MXCENSUS_RUN_SHARD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "parsers/prefix.h"
#include "scanner/crypto/digest.h"
#include "scanner/options/options.h"
#include "scanner/run/folder.h"

#define SHARDS_FOLDER ".work/shards"

enum shard_state {
	SHARD_NOT_STARTED, SHARD_STOPPED, SHARD_RUNNING, SHARD_COMPLETE,
};

/* ".work/shards/domains-3-of-16" */
void	shard_folder(char name[PART_NAME_MAX], enum stage, const struct shard *);
/* How many shards the stage has in this run; 0: none of them has begun. False
 * with errno. */
bool	shard_count(struct folder *run, enum stage, uint64_t *count);
/* Makes it `*count`, unless it is decided. Then *count becomes what is decided.
 * False with errno. */
bool	shard_fix_count(struct folder *run, enum stage, uint64_t *count);
/* Reads only. A shard that cannot be read has not started. */
enum shard_state shard_state(struct folder *run, enum stage,
	    const struct shard *);
/* Opens the folder of a shard to read what it has committed. The caller closes
 * it in any case. False with errno. */
bool	shard_look(struct folder *, struct folder *run, enum stage,
	    const struct shard *);

/* The numbers of the parts that a complete shard has in a folder, as folder_parts
 * gives them. False after a line: also if there are not as many as the shard
 * has written, for example in an old listing of a network file system. */
bool	shard_parts(struct folder *shard, const char *table,
	    uint64_t **numbers, size_t *count);

/* The SHA-256 of the plan's marker, in hex. False with errno: there is no whole
 * plan. */
bool	shard_plan(struct folder *run, char hex[SHA256_HEX]);
/* The member `shard` of the run.json of a shard. Of a complete shard it says how
 * many parts each folder has. NULL with errno. */
json_t	*shard_to_json(const struct options *, const char *plan,
	    struct folder *complete);
/* Is it of this plan? */
bool	shard_is_of_plan(const json_t *shard, const char *plan);

/* Does this scan resolve the host? A stage without shards has all. */
bool	shard_has_host(const struct options *, const char *host);
/* Does it probe the address? All addresses of a /24 or /48 are in one shard. */
bool	shard_has_address(const struct options *, const struct address *);

#endif
