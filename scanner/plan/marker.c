/* marker: the file that says that a plan is complete. It has the plan's counts,
 * its sources, and the positions of its chunks. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/base/wire.h"
#include "scanner/crypto/digest.h"
#include "scanner/plan/planner.h"

#define DONE_FILE	".work/plan/done"
#define CHUNK_BYTES	24	/* of a chunk in it */

static bool
hash_file(struct folder *folder, const char *path,
    uint8_t sha256[SHA256_BYTES])
{
	int descriptor = folder_read(folder, path);
	bool good = descriptor >= 0 &&
	    digest_of_descriptor(descriptor, sha256);

	if (descriptor >= 0)
		close(descriptor);
	return good;
}

static bool
hash_files(struct folder *folder, uint8_t sha256[PLAN_FILES][SHA256_BYTES])
{
	static const char *const paths[PLAN_FILES] = {
		NAMES_FILE, SERVERS_FILE, SETS_FILE,
	};

	for (size_t i = 0; i < PLAN_FILES; i++)
		if (!hash_file(folder, paths[i], sha256[i]))
			return false;
	return true;
}

bool
plan_files_hold(const struct plan *plan, struct folder *folder)
{
	uint8_t sha256[PLAN_FILES][SHA256_BYTES];

	return hash_files(folder, sha256) &&
	    memcmp(sha256, plan->sha256, sizeof sha256) == 0;
}

bool
plan_write_done(const struct plan *plan, struct folder *folder)
{
	struct buffer buffer = { 0 };
	uint8_t sha256[PLAN_FILES][SHA256_BYTES];
	bool good;

	if (!hash_files(folder, sha256))
		return false;
	wire_put_number(&buffer, plan->counts.records, 8);
	wire_put_number(&buffer, plan->counts.domains, 8);
	wire_put_number(&buffer, plan->counts.duplicates, 8);
	wire_put_number(&buffer, plan->counts.rejected, 8);
	wire_put_number(&buffer, plan->counts.opted_out, 8);
	wire_put_number(&buffer, plan->counts.not_sampled, 8);
	wire_put_number(&buffer, plan->input_is_whole, 1);
	wire_put_number(&buffer, plan->source_count, 4);
	for (size_t i = 0; i < plan->source_count; i++) {
		const struct source *source = &plan->sources[i];

		wire_put_text(&buffer, source->name);
		wire_put_bytes(&buffer, source->sha256, 32);
		wire_put_number(&buffer, source->bytes, 8);
		wire_put_number(&buffer, (uint64_t)source->changed_ns, 8);
		wire_put_number(&buffer, source->records, 8);
		wire_put_number(&buffer, source->rejected, 8);
		wire_put_number(&buffer, source->is_delegations, 1);
		wire_put_number(&buffer, source->format, 1);
		wire_put_number(&buffer, source->is_whole, 1);
		wire_put_text(&buffer, source->apex);
		wire_put_number(&buffer, source->serial, 4);
		wire_put_number(&buffer, (uint64_t)source->modified_s, 8);
		zonemd_put(&buffer, &source->zonemd);
	}
	wire_put_number(&buffer, plan->chunk_count, 8);
	for (uint64_t i = 0; i < plan->chunk_count; i++) {
		wire_put_number(&buffer, plan->chunks[i].offset, 8);
		wire_put_number(&buffer, plan->chunks[i].length, 8);
		wire_put_number(&buffer, plan->chunks[i].items, 4);
		wire_put_number(&buffer, plan->chunks[i].set_id, 4);
	}
	wire_put_bytes(&buffer, sha256, sizeof sha256);
	good = folder_replace(folder, DONE_FILE, buffer.bytes, buffer.length);
	buffer_fini(&buffer);
	return good;
}

static void
read_sources(struct plan *plan, struct wire *wire)
{
	const uint8_t *hash;
	size_t length;

	plan->source_count = (size_t)wire_number(wire, 4);
	if (plan->source_count > 65536)
		wire->failed = true;
	if (wire->failed)
		plan->source_count = 0;
	plan->sources = xcalloc(plan->source_count, sizeof *plan->sources);
	for (size_t i = 0; i < plan->source_count; i++) {
		struct source *source = &plan->sources[i];

		source->name = xstrdup(wire_text(wire));
		hash = wire_bytes(wire, &length);
		if (length == 32)
			memcpy(source->sha256, hash, 32);
		source->bytes = wire_number(wire, 8);
		source->changed_ns = (int64_t)wire_number(wire, 8);
		source->records = wire_number(wire, 8);
		source->rejected = wire_number(wire, 8);
		source->is_delegations = wire_number(wire, 1);
		source->format = (int)wire_number(wire, 1);
		source->is_whole = wire_number(wire, 1);
		source->apex = xstrdup(wire_text(wire));
		source->serial = (uint32_t)wire_number(wire, 4);
		source->modified_s = (int64_t)wire_number(wire, 8);
		(void)zonemd_get(wire, &source->zonemd);
	}
}

bool
plan_read_done(struct plan *plan, struct folder *folder)
{
	int descriptor = folder_read(folder, DONE_FILE);
	struct stat status;
	struct wire wire;
	const uint8_t *hash;
	size_t length;
	uint8_t *bytes;
	bool good;

	if (descriptor < 0)
		return false;
	if (fstat(descriptor, &status) != 0) {
		close(descriptor);
		return false;
	}
	bytes = xmalloc((size_t)status.st_size);
	good = read(descriptor, bytes, (size_t)status.st_size) ==
	    status.st_size;
	close(descriptor);
	wire = (struct wire){ bytes, bytes + status.st_size, !good };
	plan->counts.records = wire_number(&wire, 8);
	plan->counts.domains = wire_number(&wire, 8);
	plan->counts.duplicates = wire_number(&wire, 8);
	plan->counts.rejected = wire_number(&wire, 8);
	plan->counts.opted_out = wire_number(&wire, 8);
	plan->counts.not_sampled = wire_number(&wire, 8);
	plan->input_is_whole = wire_number(&wire, 1);
	read_sources(plan, &wire);
	plan->chunk_count = wire_number(&wire, 8);
	if (plan->chunk_count > (uint64_t)status.st_size / CHUNK_BYTES)
		wire.failed = true;
	if (wire.failed)
		plan->chunk_count = 0;
	plan->chunks = xcalloc(plan->chunk_count, sizeof *plan->chunks);
	for (uint64_t i = 0; i < plan->chunk_count; i++) {
		plan->chunks[i].offset = wire_number(&wire, 8);
		plan->chunks[i].length = wire_number(&wire, 8);
		plan->chunks[i].items = (uint32_t)wire_number(&wire, 4);
		plan->chunks[i].set_id = (uint32_t)wire_number(&wire, 4);
	}
	hash = wire_bytes(&wire, &length);
	if (length == sizeof plan->sha256)
		memcpy(plan->sha256, hash, length);
	free(bytes);
	return !wire.failed && wire.at == wire.end;
}
