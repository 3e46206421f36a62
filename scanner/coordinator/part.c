#include "scanner/coordinator/part.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"

const char *
part_folder(enum job_kind kind)
{
	const struct job_outputs *outputs = job_outputs_of(kind);

	return outputs->outputs[job_outputs_key(outputs)].folder;
}

bool
part_numbers(struct folder *folder, enum job_kind kind, uint64_t **numbers,
    size_t *count)
{
	bool good = folder_parts(folder, part_folder(kind), numbers, count);

	if (!good)
		log_line("%s: %s", folder->path, strerror(errno));
	return good;
}

struct harvest *
part_read(struct work *work, struct folder *folder, enum job_kind kind,
    uint64_t number)
{
	const struct job_outputs *outputs = job_outputs_of(kind);
	int descriptors[JOB_OUTPUTS_MAX];
	char name[PART_NAME_MAX], why[256] = "";
	struct harvest *harvest;

	for (unsigned i = 0; i < outputs->count; i++) {
		batch_output_name(outputs, number, i, name);
		descriptors[i] = folder_read(folder, name);
	}
	harvest = harvest_read(work_kind_of(kind)->read, descriptors, NULL,
	    true, work->options->probe_implicit, why);
	for (unsigned i = 0; i < outputs->count; i++)
		if (descriptors[i] >= 0)
			close(descriptors[i]);
	if (harvest == NULL)
		log_line("%s: part %" PRIu64 " of %s cannot be read back: %s",
		    folder->path, number, outputs->name, why);
	return harvest;
}
