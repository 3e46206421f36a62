#include "scanner/base/own_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/log.h"

/* A path in a folder, up to its last part. */
struct place {
	const char	*path;		/* the path as it was given */
	const char	*name;		/* its last part */
	int		 parent;	/* the folder that has the last part */
	uid_t		 owner;		/* the owner of the run's folder */
};

static int
refuse(const char *path, const char *why, int error)
{
	log_line("%s: %s: it is not written", path, why);
	errno = error;
	return -1;
}

static void
close_keeping_errno(int descriptor)
{
	int error = errno;

	close(descriptor);
	errno = error;
}

/* Opens the next folder of the path. */
static bool
step(struct place *place, const char *name)
{
	int next = openat(place->parent, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	close_keeping_errno(place->parent);
	place->parent = next;
	if (next < 0 && (errno == ELOOP || errno == ENOTDIR))
		(void)refuse(place->path, "a link or a file is in the place "
		    "of one of its folders", ELOOP);
	return next >= 0;
}

static bool
find(struct place *place, int folder, const char *path)
{
	struct stat status;
	const char *slash;
	char part[NAME_MAX + 1];

	*place = (struct place){ .path = path, .name = path };
	place->parent = openat(folder, ".",
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (place->parent < 0)
		return false;
	if (fstat(place->parent, &status) != 0) {
		close_keeping_errno(place->parent);
		return false;
	}
	place->owner = status.st_uid;
	for (; (slash = strchr(place->name, '/')) != NULL;
	    place->name = slash + 1) {
		size_t length = (size_t)(slash - place->name);

		if (length > NAME_MAX) {
			close(place->parent);
			errno = ENAMETOOLONG;
			return false;
		}
		memcpy(part, place->name, length);
		part[length] = '\0';
		if (!step(place, part))
			return false;
	}
	return true;
}

/* Returns 0, or -1 after a message. */
static int
check(const struct place *place, const struct stat *status)
{
	if (S_ISLNK(status->st_mode))
		return refuse(place->path, "a link is in its place", ELOOP);
	if (!S_ISREG(status->st_mode))
		return refuse(place->path, "no regular file is in its place",
		    EINVAL);
	if (status->st_uid != geteuid() && status->st_uid != place->owner)
		return refuse(place->path, "a file of another user is in its "
		    "place", EPERM);
	return 0;
}

static bool
remove_older(const struct place *place)
{
	struct stat status;

	if (fstatat(place->parent, place->name, &status,
	    AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT;
	return check(place, &status) == 0 &&
	    unlinkat(place->parent, place->name, 0) == 0;
}

bool
own_file_can_be_replaced(int folder, const char *path)
{
	struct place place;
	struct stat status;
	bool good;

	if (!find(&place, folder, path))
		return false;
	if (fstatat(place.parent, place.name, &status,
	    AT_SYMLINK_NOFOLLOW) == 0)
		good = check(&place, &status) == 0;
	else
		good = errno == ENOENT;
	close_keeping_errno(place.parent);
	return good;
}

int
own_file_create(int folder, const char *path)
{
	struct place place;
	int descriptor = -1;

	if (!find(&place, folder, path))
		return -1;
	if (remove_older(&place))
		descriptor = openat(place.parent, place.name, O_RDWR |
		    O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	close_keeping_errno(place.parent);
	return descriptor;
}

/* Without O_NONBLOCK the open of a pipe would wait. */
static int
open_kept(const struct place *place, int flags)
{
	struct stat status;
	int descriptor = openat(place->parent, place->name, O_RDWR | O_CREAT |
	    O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags, 0666);
	int result;

	if (descriptor < 0 && errno == ELOOP)
		return refuse(place->path, "a link is in its place", ELOOP);
	if (descriptor < 0)
		return -1;
	result = fstat(descriptor, &status) != 0 ? -1 : check(place, &status);
	if (result == 0)
		return descriptor;
	close_keeping_errno(descriptor);
	return -1;
}

static int
find_kept(int folder, const char *path, int flags)
{
	struct place place;
	int descriptor;

	if (!find(&place, folder, path))
		return -1;
	descriptor = open_kept(&place, flags);
	close_keeping_errno(place.parent);
	return descriptor;
}

int
own_file_append(int folder, const char *path)
{
	return find_kept(folder, path, O_APPEND);
}

int
own_file_lock(int folder, const char *path)
{
	return find_kept(folder, path, 0);
}

bool
own_folder_make(int folder, const char *path)
{
	struct place place;
	bool good;

	if (!find(&place, folder, path))
		return false;
	good = mkdirat(place.parent, place.name, 0777) == 0 || errno == EEXIST;
	good = good && step(&place, place.name);
	if (place.parent >= 0)
		close_keeping_errno(place.parent);
	return good;
}
