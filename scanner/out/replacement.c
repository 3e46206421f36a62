#include "scanner/out/replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/base/write_all.h"

#define PLACE ".work/open/replacement"

bool
parent_sync(int folder, const char *name)
{
	const char *slash = strrchr(name, '/');
	char *parent = slash == NULL ? xstrdup(".")
	    : xasprintf("%.*s", (int)(slash - name), name);
	int descriptor = openat(folder, parent,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = descriptor >= 0 && fsync(descriptor) == 0;

	if (descriptor >= 0)
		close(descriptor);
	free(parent);
	return good;
}

int
replacement_open(int folder)
{
	return own_file_create(folder, PLACE);
}

bool
replacement_swap(int folder, int descriptor, const char *name, bool is_whole)
{
	bool good = is_whole && fsync(descriptor) == 0 &&
	    renameat(folder, PLACE, folder, name) == 0 &&
	    parent_sync(folder, name);
	int error = errno;

	close(descriptor);
	errno = error;
	return good;
}

bool
replacement_write(int folder, const char *name, const void *bytes,
    size_t length)
{
	int descriptor = replacement_open(folder);

	return descriptor >= 0 && replacement_swap(folder, descriptor, name,
	    write_all(descriptor, bytes, length));
}
