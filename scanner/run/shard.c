#include "scanner/run/shard.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/base/siphash.h"
#include "scanner/base/write_all.h"
#include "scanner/run/run_json.h"

#define PLAN_MARKER ".work/plan/done"

void
shard_folder(char name[PART_NAME_MAX], enum stage stage,
    const struct shard *shard)
{
	snprintf(name, PART_NAME_MAX, SHARDS_FOLDER "/%s-%" PRIu64 "-of-%"
	    PRIu64, stage_text(stage), shard->number, shard->count);
}

/* How many there are ******************************************************* */

static void
count_file(char name[PART_NAME_MAX], enum stage stage)
{
	snprintf(name, PART_NAME_MAX, SHARDS_FOLDER "/%s", stage_text(stage));
}

bool
shard_count(struct folder *run, enum stage stage, uint64_t *count)
{
	char name[PART_NAME_MAX];
	struct buffer text = { 0 };
	bool good;

	*count = 0;
	count_file(name, stage);
	good = folder_read_all(run, name, &text);
	if (good)
		*count = strtoull(buffer_text(&text), NULL, 10);
	else
		good = errno == ENOENT;
	if (good && text.length > 0 && (*count == 0 || *count > SHARDS_MAX)) {
		errno = EINVAL;
		good = false;
	}
	buffer_fini(&text);
	return good;
}

/* Links a file with the number. The name of the file is used by nobody else, and
 * its link is there with all of its bytes. False with errno. */
static bool
link_count(struct folder *run, const char *name, uint64_t count)
{
	char open[PART_NAME_MAX], text[24];
	uint64_t token;
	int descriptor;
	bool good;

	if (getrandom(&token, sizeof token, 0) != sizeof token)
		return false;
	snprintf(open, sizeof open, "shards-%016" PRIx64, token);
	snprintf(text, sizeof text, "%" PRIu64 "\n", count);
	descriptor = folder_create(run, open);
	if (descriptor < 0)
		return false;
	good = write_all(descriptor, text, strlen(text)) &&
	    folder_commit(run, descriptor, open, name);
	if (!good) {
		int error = errno;

		folder_discard(run, open);
		errno = error;
	}
	close(descriptor);
	return good;
}

bool
shard_fix_count(struct folder *run, enum stage stage, uint64_t *count)
{
	char name[PART_NAME_MAX];
	uint64_t decided;

	if (!own_folder_make(run->descriptor, SHARDS_FOLDER) ||
	    !shard_count(run, stage, &decided))
		return false;
	count_file(name, stage);
	if (decided == 0 && !link_count(run, name, *count) &&
	    errno != EEXIST)
		return false;
	return shard_count(run, stage, count);
}

/* How far they are ********************************************************* */

bool
shard_look(struct folder *folder, struct folder *run, enum stage stage,
    const struct shard *shard)
{
	char name[PART_NAME_MAX], *path;
	bool good;

	shard_folder(name, stage, shard);
	path = xasprintf("%s/%s", run->path, name);
	good = folder_look(folder, path);
	free(path);
	return good;
}

enum shard_state
shard_state(struct folder *run, enum stage stage, const struct shard *shard)
{
	enum shard_state state = SHARD_NOT_STARTED;
	struct run_json file = { 0 };
	struct folder folder;

	if (!shard_look(&folder, run, stage, shard)) {
		folder_close(&folder);
		return state;
	}
	if (run_json_read(&file, folder.descriptor) == RUN_JSON_READ)
		state = json_is_true(json_object_get(json_object_get(file.root,
		    "shard"), "is_complete")) ? SHARD_COMPLETE : SHARD_STOPPED;
	if (state != SHARD_COMPLETE &&
	    folder_is_locked(folder.descriptor) == 1)
		state = SHARD_RUNNING;
	run_json_close(&file);
	folder_close(&folder);
	return state;
}

bool
shard_plan(struct folder *run, char hex[SHA256_HEX])
{
	uint8_t sha256[SHA256_BYTES];
	int descriptor = folder_read(run, PLAN_MARKER);
	bool good = descriptor >= 0 &&
	    digest_of_descriptor(descriptor, sha256);

	if (descriptor >= 0)
		close(descriptor);
	if (good)
		digest_to_hex(sha256, hex);
	return good;
}

/* The folders that the stage after it, or the seal, reads. */
static const char *const part_folders[] = {
	"domains", "mx", "policies", "hosts", "addresses", "tlsa", "probes",
	"host_results", ".work/certificates", ".work/chains",
};

/* NULL with errno. */
static json_t *
count_parts(struct folder *shard)
{
	json_t *object = json_object();

	for (size_t i = 0; i < sizeof part_folders / sizeof part_folders[0];
	    i++) {
		uint64_t *numbers;
		size_t count;

		if (!folder_parts(shard, part_folders[i], &numbers, &count)) {
			json_decref(object);
			return NULL;
		}
		free(numbers);
		json_object_set_new(object, part_folders[i],
		    json_integer((json_int_t)count));
	}
	return object;
}

json_t *
shard_to_json(const struct options *options, const char *plan,
    struct folder *complete)
{
	json_t *parts = complete == NULL ? NULL : count_parts(complete);

	if (complete != NULL && parts == NULL)
		return NULL;
	return json_pack("{s:s, s:I, s:I, s:s, s:b, s:o*}",
	    "stage", stage_text((enum stage)options->stage),
	    "number", (json_int_t)options->shard.number,
	    "count", (json_int_t)options->shard.count,
	    "plan", plan, "is_complete", complete != NULL, "parts", parts);
}

bool
shard_parts(struct folder *shard, const char *table, uint64_t **numbers,
    size_t *count)
{
	struct run_json file = { 0 };
	json_int_t wanted = -1;

	if (!folder_parts(shard, table, numbers, count)) {
		log_line("%s/%s: %s", shard->path, table, strerror(errno));
		return false;
	}
	if (run_json_read(&file, shard->descriptor) == RUN_JSON_READ)
		wanted = json_integer_value(json_object_get(json_object_get(
		    json_object_get(file.root, "shard"), "parts"), table));
	run_json_close(&file);
	if (wanted == (json_int_t)*count)
		return true;
	log_line("%s/%s has %zu parts, and had %lld when the shard was "
	    "complete: if the file system is slow to show them, the same "
	    "command succeeds later", shard->path, table, *count,
	    (long long)wanted);
	return false;
}

bool
shard_is_of_plan(const json_t *shard, const char *plan)
{
	const char *made_for = json_string_value(json_object_get(shard,
	    "plan"));

	return made_for != NULL && strcmp(made_for, plan) == 0;
}

/* What they have *********************************************************** */

/* The key never changes: shards of one run may be of different days. */
static bool
has_hash(const struct options *options, const char *text)
{
	static const struct siphash_key key = {
		0x6d7863656e737573, 0x7368617264730000,
	};

	return siphash(&key, text, strlen(text)) % options->shard.count ==
	    options->shard.number - 1;
}

bool
shard_has_host(const struct options *options, const char *host)
{
	return options->stage != STAGE_HOSTS || has_hash(options, host);
}

bool
shard_has_address(const struct options *options,
    const struct address *address)
{
	const struct prefix network = address_network(address);
	char text[ADDRESS_TEXT_MAX + 4];

	if (options->stage != STAGE_PROBES)
		return true;
	(void)prefix_to_text(&network, text);
	return has_hash(options, text);
}
