#include "scanner/process/memory_file.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

int
memory_file_new(const struct buffer *bytes)
{
	int descriptor = memfd_create("mxcensus", MFD_CLOEXEC);
	size_t written = 0;

	while (descriptor >= 0 && written < bytes->length) {
		ssize_t length = write(descriptor, bytes->bytes + written,
		    bytes->length - written);

		if (length < 0 && errno == EINTR)
			continue;
		if (length <= 0) {
			close(descriptor);
			return -1;
		}
		written += (size_t)length;
	}
	return descriptor;
}
