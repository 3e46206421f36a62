#include "scanner/coordinator/resume.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/coordinator/part.h"
#include "scanner/coordinator/stage.h"
#include "scanner/coordinator/work/server_hosts.h"
#include "scanner/run/empty_parts.h"

/* Hosts follow from domains, and probes from hosts. */
static const enum job_kind order[] = {
	JOB_DOMAINS, JOB_HOSTS, JOB_PROBES, JOB_POLICIES,
};
#define KINDS (sizeof order / sizeof order[0])

/* Takes up one committed batch. */
static bool
read_batch(struct work *work, enum job_kind kind, uint64_t number)
{
	struct harvest *harvest = part_read(work, &work->run->folder, kind,
	    number);
	bool good;

	if (harvest == NULL)
		return false;
	tally_add(&work->run->tally, &harvest->tally);
	good = work_kind_of(kind)->read_back(work, number, harvest);
	harvest_free(harvest);
	return good;
}

static bool
read_parts(struct work *work, enum job_kind kind)
{
	uint64_t *numbers;
	size_t count;
	bool good = part_numbers(&work->run->folder, kind, &numbers, &count);

	for (size_t i = 0; i < count && good; i++)
		good = read_batch(work, kind, numbers[i]);
	free(numbers);
	if (good && work_kind_of(kind)->all_read_back != NULL)
		good = work_kind_of(kind)->all_read_back(work);
	return good;
}

static bool
has_key_part(struct folder *folder, enum job_kind kind, uint64_t number)
{
	const struct job_outputs *outputs = job_outputs_of(kind);
	char name[PART_NAME_MAX];

	batch_output_name(outputs, number, job_outputs_key(outputs), name);
	return folder_exists(folder, name);
}

/* Does the part belong to a committed batch? A folder may have parts of several
 * kinds (`tlsa`). */
static bool
is_committed(struct folder *folder, const char *outputs_folder,
    uint64_t number)
{
	for (size_t k = 0; k < KINDS; k++) {
		const struct job_outputs *outputs = job_outputs_of(order[k]);

		for (unsigned i = 0; i < outputs->count; i++)
			if (strcmp(outputs->outputs[i].folder,
			    outputs_folder) == 0 &&
			    has_key_part(folder, order[k], number))
				return true;
	}
	return false;
}

/* A dependent part without its key part was never committed. */
static bool
remove_uncommitted(struct folder *folder, const struct job_outputs *outputs,
    unsigned output)
{
	const char *path = outputs->outputs[output].folder;
	char name[PART_NAME_MAX];
	uint64_t *numbers;
	size_t count;
	bool good = folder_parts(folder, path, &numbers, &count);

	for (size_t n = 0; n < count && good; n++) {
		if (is_committed(folder, path, numbers[n]))
			continue;
		batch_output_name(outputs, numbers[n], output, name);
		good = folder_remove(folder, name);
	}
	free(numbers);
	return good;
}

static bool
remove_all_uncommitted(struct folder *folder)
{
	for (size_t k = 0; k < KINDS; k++) {
		const struct job_outputs *outputs = job_outputs_of(order[k]);

		for (unsigned i = 0; i < outputs->count; i++)
			if (!remove_uncommitted(folder, outputs, i)) {
				log_line("%s: %s", folder->path,
				    strerror(errno));
				return false;
			}
	}
	return true;
}

bool
resume_run(struct work *work)
{
	if (!empty_parts_remove(&work->run->folder) ||
	    !remove_all_uncommitted(&work->run->folder) ||
	    !stage_read_before(work))
		return false;
	for (size_t k = 0; k < KINDS; k++)
		if (!read_parts(work, order[k]))
			return false;
	return server_hosts_read_back(work);
}
