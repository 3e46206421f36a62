#include "scanner/base/regular_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int
regular_file_open(int folder, const char *path)
{
	/* Without O_NONBLOCK the open of a pipe would wait. */
	int descriptor = openat(folder, path,
	    O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	int error;

	if (descriptor < 0)
		return -1;
	error = fstat(descriptor, &status) != 0 ? errno
	    : S_ISDIR(status.st_mode) ? EISDIR
	    : S_ISREG(status.st_mode) ? 0 : EINVAL;
	if (error == 0)
		return descriptor;
	close(descriptor);
	errno = error;
	return -1;
}
