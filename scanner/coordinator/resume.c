/*
 * resume: the output is the checkpoint. What is committed is read back in the
 * order in which it came to be; what is not is removed, and is left to do.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/name.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/coordinator.h"
#include "scanner/out/table_reader.h"

#define STARTS_FILE ".work/starts"

static const struct {
	enum job_kind	kind;
	unsigned	key;		/* the output whose link commits */
	const char	*table;
} keys[] = {
	{ JOB_DOMAINS, DOMAINS_TO_DOMAINS, "domains" },
	{ JOB_HOSTS, HOSTS_TO_HOSTS, "hosts" },
	{ JOB_PROBES, PROBES_TO_PROBES, "probes" },
	{ JOB_POLICIES, POLICIES_TO_POLICIES, "policies" },
};

static const unsigned output_counts[JOB_KINDS] = {
	[JOB_DOMAINS] = DOMAINS_OUTPUTS, [JOB_HOSTS] = HOSTS_OUTPUTS,
	[JOB_PROBES] = PROBES_OUTPUTS, [JOB_POLICIES] = POLICIES_OUTPUTS,
};

/* Reads one committed batch back. */
static bool
read_batch(struct coordinator *coordinator, enum job_kind kind,
    uint64_t number)
{
	int descriptors[JOB_OUTPUTS_MAX] = { -1, -1, -1, -1, -1 };
	char name[PART_NAME_MAX], why[256] = "";
	struct harvest *harvest;

	for (unsigned i = 0; i < output_counts[kind]; i++) {
		batch_output_name(kind, number, i, name);
		descriptors[i] = folder_read(&coordinator->folder, name);
	}
	harvest = harvest_read(coordinator, kind, descriptors, NULL, why);
	for (unsigned i = 0; i < output_counts[kind]; i++)
		if (descriptors[i] >= 0)
			close(descriptors[i]);
	if (harvest == NULL) {
		log_line("%s: part %" PRIu64 " of %s cannot be read back: %s",
		    coordinator->folder.path, number, keys[kind].table, why);
		return false;
	}
	if (kind == JOB_DOMAINS && number < coordinator->plan.chunk_count)
		coordinator->opted_out +=
		    coordinator->plan.chunks[number].items -
		    harvest_count(harvest, DOMAINS_TO_DOMAINS) -
		    harvest_count(harvest, DOMAINS_TO_DEFERRED);
	absorb(coordinator, harvest, kind, number);
	harvest_free(harvest);
	return true;
}

/* A name may have been deferred several times, each time from a later part: the
 * last one counts, unless its row has come since. */
static void
sort_out_domains(struct coordinator *coordinator, struct map *done)
{
	struct item_line line = coordinator->failed_domains;
	struct wire wire = { line.items.bytes,
	    line.items.bytes + line.items.length, false };
	struct domain_item item;
	uintptr_t ordinal = 0;

	coordinator->failed_domains = (struct item_line){ 0 };
	while (wire.at < wire.end && domain_item_get(&wire, &item)) {
		void **last = map_place(done, item.name, NULL);

		ordinal++;
		if (*last != done)
			*last = (void *)ordinal;
	}
	wire.at = line.items.bytes;
	ordinal = 0;
	while (wire.at < wire.end && domain_item_get(&wire, &item))
		if (map_get(done, item.name) == (void *)++ordinal)
			absorb_deferred(coordinator, &item);
	item_line_fini(&line);
}

static void
sort_out_hosts(struct coordinator *coordinator)
{
	struct item_line line = coordinator->failed_hosts;
	struct wire wire = { line.items.bytes,
	    line.items.bytes + line.items.length, false };
	struct host_item item;

	coordinator->failed_hosts = (struct item_line){ 0 };
	while (wire.at < wire.end && host_item_get(&wire, &item))
		if (registry_host(&coordinator->registry, item.name)->phase !=
		    HOST_KNOWN)
			item_line_put_host(&coordinator->failed_hosts, &item);
	item_line_fini(&line);
}

/* The domains of second-pass batches: their rows are there. */
static bool
note_second_pass(struct coordinator *coordinator, uint64_t number,
    struct map *done)
{
	char name[PART_NAME_MAX];
	struct table_reader *row;
	int descriptor, result = -1;

	part_name(name, "domains", number, ".csv.gz");
	descriptor = folder_read(&coordinator->folder, name);
	row = descriptor < 0 ? NULL
	    : table_reader_open(TABLE_DOMAINS, descriptor);
	while (row != NULL && (result = table_reader_next(row)) == 1)
		*map_place(done, table_get(row, DOMAINS_DOMAIN), NULL) = done;
	table_reader_close(row);
	if (descriptor >= 0)
		close(descriptor);
	return result == 0;
}

static bool
read_domain_parts(struct coordinator *coordinator)
{
	struct map *done = map_new();
	uint64_t *numbers, chunks = coordinator->plan.chunk_count;
	size_t count;
	bool good = folder_parts(&coordinator->folder, "domains", &numbers,
	    &count);

	coordinator->next_domain_part = chunks;
	for (size_t i = 0; i < count && good; i++) {
		good = read_batch(coordinator, JOB_DOMAINS, numbers[i]);
		if (numbers[i] < chunks) {
			coordinator->chunk_done[numbers[i]] = true;
			coordinator->chunks_committed++;
			continue;
		}
		coordinator->next_domain_part = numbers[i] + 1;
		good = good && note_second_pass(coordinator, numbers[i], done);
	}
	sort_out_domains(coordinator, done);
	map_free(done);
	free(numbers);
	return good;
}

static bool
read_parts(struct coordinator *coordinator, enum job_kind kind)
{
	uint64_t *numbers;
	size_t count;
	bool good = folder_parts(&coordinator->folder, keys[kind].table,
	    &numbers, &count);

	for (size_t i = 0; i < count && good; i++) {
		good = read_batch(coordinator, kind, numbers[i]);
		/* Policies have the numbers of their domains. */
		if (kind != JOB_POLICIES &&
		    numbers[i] >= coordinator->next_part)
			coordinator->next_part = numbers[i] + 1;
	}
	free(numbers);
	return good;
}

/* A dependent part without its key part was never committed. */
static bool
remove_uncommitted(struct coordinator *coordinator, enum job_kind kind)
{
	char name[PART_NAME_MAX], key[PART_NAME_MAX], folder[PART_NAME_MAX];
	bool good = true;

	for (unsigned i = 0; i < output_counts[kind] && good; i++) {
		uint64_t *numbers;
		size_t count;

		batch_output_name(kind, 0, i, folder);
		*strrchr(folder, '/') = '\0';
		good = folder_parts(&coordinator->folder, folder, &numbers,
		    &count);
		for (size_t n = 0; n < count && good; n++) {
			batch_output_name(kind, numbers[n], keys[kind].key,
			    key);
			/* `tlsa` has parts of host and of probe batches. */
			if (folder_exists(&coordinator->folder, key))
				continue;
			if (strcmp(folder, "tlsa") == 0) {
				batch_output_name(kind == JOB_HOSTS
				    ? JOB_PROBES : JOB_HOSTS, numbers[n],
				    kind == JOB_HOSTS
				    ? (unsigned)PROBES_TO_PROBES
				    : (unsigned)HOSTS_TO_HOSTS, key);
				if (folder_exists(&coordinator->folder, key))
					continue;
			}
			batch_output_name(kind, numbers[n], i, name);
			good = folder_remove(&coordinator->folder, name);
		}
		free(numbers);
	}
	return good;
}

/* Attempts that were started and not committed: "address sni attempt ms". */
static void
read_starts(struct coordinator *coordinator)
{
	int descriptor = folder_read(&coordinator->folder, STARTS_FILE);
	FILE *starts = descriptor < 0 ? NULL : fdopen(descriptor, "r");
	char line[ADDRESS_TEXT_MAX + NAME_TEXT_MAX + 64];

	if (starts == NULL)
		return;
	coordinator->started_before = map_new();
	while (fgets(line, sizeof line, starts) != NULL) {
		char *space = strrchr(line, ' ');
		int64_t *when;
		void **place;

		if (space == NULL)
			continue;
		*space = '\0';
		place = map_place(coordinator->started_before, line, NULL);
		if (*place == NULL)
			*place = arena_take(&coordinator->registry.arena,
			    sizeof *when);
		when = *place;
		*when = strtoll(space + 1, NULL, 10);
	}
	fclose(starts);
}

int64_t
resume_not_before(const struct coordinator *coordinator,
    const struct target *target, uint8_t attempt)
{
	char key[ADDRESS_TEXT_MAX + NAME_TEXT_MAX + 8];
	char address[ADDRESS_TEXT_MAX];
	const int64_t *when;

	if (coordinator->started_before == NULL)
		return 0;
	address_to_text(&target->peer->address, address);
	snprintf(key, sizeof key, "%s %s %u", address, target->sni, attempt);
	when = map_get(coordinator->started_before, key);
	return when == NULL ? 0
	    : *when + (int64_t)coordinator->options->retry_after_ms;
}

/* What was shared before takes the address's facts again where a host still
 * lacks its row; where there are none any more it is decided anew. */
static void
take_up_shared(struct target *target, uint8_t attempt)
{
	struct attempt *result = &target->attempts[attempt - 1];
	const struct target *shown = target->peer->evidence[attempt - 1].shown;
	bool lacks = false;

	for (uint32_t i = 0; i < target->host_count; i++)
		lacks = lacks || registry_lacks_row(target, &target->hosts[i],
		    attempt);
	if (result->basis != BASIS_SHARED || !lacks)
		return;
	if (shown == NULL) {
		result->state = ATTEMPT_NONE;
		return;
	}
	*result = shown->attempts[attempt - 1];
	result->basis = BASIS_SHARED;
}

/* Now that all is known: what is left to probe and to judge. */
static void
schedule_units(struct coordinator *coordinator)
{
	struct map *targets = coordinator->registry.targets;
	const char *key;
	void *value;

	if (coordinator->options->probes == 0)
		return;
	for (size_t index = 0; map_next(targets, &index, &key, &value);)
		for (uint8_t attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
			struct target *target = value;

			if (target->attempts[attempt - 1].state !=
			    ATTEMPT_DONE || target->attempts[attempt - 1].basis
			    != BASIS_OWN)
				continue;
			target->peer->evidence[attempt - 1].released++;
			schedule_weigh(coordinator, target, attempt);
		}
	for (size_t index = 0; map_next(targets, &index, &key, &value);) {
		for (uint8_t attempt = 1; attempt <= ATTEMPTS_MAX; attempt++)
			take_up_shared(value, attempt);
		schedule_target(coordinator, value);
		registry_want_judged(&coordinator->registry, value);
	}
}

/* A process that was killed while it wrote may have left half a line. */
static FILE *
open_starts(struct coordinator *coordinator)
{
	int descriptor = openat(coordinator->folder.descriptor, STARTS_FILE,
	    O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	FILE *starts = descriptor < 0 ? NULL : fdopen(descriptor, "a");
	off_t end = descriptor < 0 ? 0 : lseek(descriptor, 0, SEEK_END);
	char last;

	if (starts != NULL && end > 0 &&
	    pread(descriptor, &last, 1, end - 1) == 1 && last != '\n')
		fputc('\n', starts);
	return starts;
}

bool
resume(struct coordinator *coordinator)
{
	bool good = true;

	coordinator->chunk_done = xcalloc(coordinator->plan.chunk_count,
	    sizeof *coordinator->chunk_done);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		good = good && remove_uncommitted(coordinator, keys[i].kind);
	if (!good) {
		log_line("%s: %s", coordinator->folder.path, strerror(errno));
		return false;
	}
	coordinator->resuming = true;
	read_starts(coordinator);
	good = read_domain_parts(coordinator) &&
	    read_parts(coordinator, JOB_HOSTS);
	sort_out_hosts(coordinator);
	good = good && read_parts(coordinator, JOB_PROBES) &&
	    read_parts(coordinator, JOB_POLICIES);
	coordinator->resuming = false;
	if (!good)
		return false;
	schedule_units(coordinator);
	coordinator->starts = open_starts(coordinator);
	if (coordinator->starts == NULL)
		log_line("%s/%s: %s", coordinator->folder.path, STARTS_FILE,
		    strerror(errno));
	return coordinator->starts != NULL;
}
