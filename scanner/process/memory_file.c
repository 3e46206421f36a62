#include "scanner/process/memory_file.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scanner/base/write_all.h"

int
memory_file_new(const struct buffer *bytes)
{
	int descriptor = memfd_create("mxcensus", MFD_CLOEXEC);
	int error;

	if (descriptor < 0 || write_all(descriptor, bytes->bytes,
	    bytes->length))
		return descriptor;
	error = errno;
	close(descriptor);
	errno = error;
	return -1;
}
