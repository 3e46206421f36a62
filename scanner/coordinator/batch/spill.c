#include "scanner/coordinator/batch/spill.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/base/read_all.h"

struct spill {
	int		 descriptor;
	uint64_t	 memory_most, memory;
	size_t		 block;
	uint64_t	 end;		/* of the file */
	uint64_t	 on_disk;	/* bytes that are still to be read */
	int		 error;
};

struct spill *
spill_new(int descriptor, uint64_t memory, size_t block)
{
	struct spill *spill = xcalloc(1, sizeof *spill);

	spill->descriptor = descriptor;
	spill->memory_most = memory;
	spill->block = block;
	return spill;
}

void
spill_free(struct spill *spill)
{
	if (spill == NULL)
		return;
	close(spill->descriptor);
	free(spill);
}

uint64_t
spill_memory(const struct spill *spill)
{
	return spill->memory;
}

int
spill_error(const struct spill *spill)
{
	return spill->error;
}

void
spill_note(struct spill *spill, size_t before, size_t now)
{
	if (spill != NULL)
		spill->memory += now - before;
}

bool
spill_wants(const struct spill *spill, size_t bytes)
{
	return spill != NULL && spill->memory > spill->memory_most &&
	    bytes >= spill->block;
}

bool
spill_write(struct spill *spill, const uint8_t *bytes, size_t length,
    uint64_t *offset)
{
	size_t done = 0;

	while (done < length) {
		ssize_t wrote = pwrite(spill->descriptor, bytes + done,
		    length - done, (off_t)(spill->end + done));

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return false;
		done += (size_t)wrote;
	}
	*offset = spill->end;
	spill->end += length;
	spill->on_disk += length;
	return true;
}

/* Once nothing is left to be read, the file is truncated. */
void
spill_forget(struct spill *spill, size_t bytes)
{
	spill->on_disk -= bytes;
	if (spill->on_disk == 0 && ftruncate(spill->descriptor, 0) == 0)
		spill->end = 0;
}

bool
spill_read(struct spill *spill, uint64_t offset, uint8_t *bytes,
    size_t length)
{
	bool good = read_all_at(spill->descriptor, bytes, length, offset);

	if (!good && spill->error == 0)
		spill->error = errno;
	spill_forget(spill, length);
	return good;
}
