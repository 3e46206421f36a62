#include "scanner/run/room.h"

#include <errno.h>
#include <sys/random.h>
#include <unistd.h>

#define ROOM_FILE	"room"

bool
room_lacks(int error)
{
	return error == ENOSPC || error == EDQUOT;
}

static bool
fill(int descriptor, size_t bytes)
{
	unsigned char piece[65536] = "";

	while (bytes > 0) {
		size_t length = bytes < sizeof piece ? bytes : sizeof piece;
		ssize_t written;

		/* No file system can compress random bytes. */
		if (getrandom(piece, sizeof piece, 0) < 0 && errno != EINTR)
			return false;
		written = write(descriptor, piece, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes -= (size_t)written;
	}
	return fsync(descriptor) == 0;
}

bool
room_is_there(struct folder *folder, size_t bytes)
{
	int descriptor = folder_create(folder, ROOM_FILE);
	bool good;

	if (descriptor < 0)
		return false;
	/* It has no name while it is written, so nothing is left of it if this
	 * process is killed. */
	folder_discard(folder, ROOM_FILE);
	good = fill(descriptor, bytes);
	close(descriptor);
	return good;
}
