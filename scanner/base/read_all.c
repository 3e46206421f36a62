#include "scanner/base/read_all.h"

#include <errno.h>
#include <unistd.h>

bool
read_all_at(int descriptor, void *bytes, size_t length, uint64_t offset)
{
	char *at = bytes;

	while (length > 0) {
		ssize_t got = pread(descriptor, at, length, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			if (got == 0)
				errno = EIO;
			return false;
		}
		at += got;
		offset += (uint64_t)got;
		length -= (size_t)got;
	}
	return true;
}
