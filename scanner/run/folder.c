#include "scanner/run/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/base/read_all.h"
#include "scanner/out/replacement.h"

#define OPEN_FOLDER ".work/open"
#define LOCK_FILE ".lock"
#define RUN_FILE "run.json"

static const char *const folders[] = {
	"domains", "mx", "hosts", "addresses", "tlsa", "probes",
	"host_results", "chains", "certificates", "policies", "outcomes",
	"rejects", ".work", OPEN_FOLDER, ".work/plan", ".work/deferred",
	".work/deferred/domains",
	".work/deferred/hosts", ".work/servers", ".work/certificates", ".work/chains",
};

/* An OFD lock of fcntl() belongs to the open file, as a lock of flock() does,
 * and ends with its last descriptor. Unlike flock(), fcntl() can ask whether it
 * is held without taking it. So a command that asks never blocks a scan that
 * starts. */
static bool
take_lock(int descriptor)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(descriptor, F_OFD_SETLK, &lock) == 0;
}

int
folder_is_locked(int folder)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	/* Without O_NONBLOCK, opening a pipe would block. */
	int descriptor = openat(folder, LOCK_FILE,
	    O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int result;

	if (descriptor < 0)
		return errno == ENOENT ? 0 : -1;
	result = fcntl(descriptor, F_OFD_GETLK, &lock);
	close(descriptor);
	return result < 0 ? -1 : lock.l_type != F_UNLCK;
}

/* Is it something that a run has, or that a run can leave if it is killed at
 * its very beginning? */
static bool
is_ours(const char *name)
{
	/* `lost+found` is in a file system of its own. */
	static const char *const others[] = {
		".", "..", LOCK_FILE, "progress.jsonl", "lost+found",
	};

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcmp(name, others[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		if (strcmp(name, folders[i]) == 0)
			return true;
	return false;
}

/* Does the folder hold a run, or nothing? */
static bool
may_hold_run(struct folder *folder)
{
	int descriptor = openat(folder->descriptor, ".", O_RDONLY |
	    O_DIRECTORY | O_CLOEXEC);
	DIR *stream = descriptor < 0 ? NULL : fdopendir(descriptor);
	struct dirent *entry;
	bool has_run = folder_exists(folder, RUN_FILE), has_other = false;


	/* For a folder that cannot be read, locking reports what is wrong. */
	if (stream == NULL)
		return true;
	while (!has_run && (entry = readdir(stream)) != NULL)
		has_other = has_other || !is_ours(entry->d_name);
	closedir(stream);
	return !has_other;
}

enum folder_result
folder_open(struct folder *folder, const char *path)
{
	/* Until we have the lock, the content is not ours. */
	*folder = (struct folder){
		.descriptor = -1, .lock = -1, .had_run = true,
	};
	folder->is_new = mkdir(path, 0777) == 0;
	if (!folder->is_new && errno != EEXIST)
		return FOLDER_FAILED;
	folder->path = xstrdup(path);
	folder->descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->descriptor < 0)
		return FOLDER_FAILED;
	if (!may_hold_run(folder))
		return FOLDER_OF_OTHERS;
	folder->lock = own_file_lock(folder->descriptor, LOCK_FILE);
	if (folder->lock < 0)
		return FOLDER_FAILED;
	if (!take_lock(folder->lock))
		return errno == EAGAIN || errno == EACCES ? FOLDER_LOCKED
		    : FOLDER_FAILED;
	folder->had_run = folder_exists(folder, RUN_FILE);
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		if (!own_folder_make(folder->descriptor, folders[i]))
			return FOLDER_FAILED;
	return FOLDER_OK;
}

bool
folder_look(struct folder *folder, const char *path)
{
	*folder = (struct folder){
		.path = xstrdup(path), .lock = -1, .had_run = true,
		.descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	};
	return folder->descriptor >= 0;
}

void
folder_close(struct folder *folder)
{
	if (folder->lock >= 0)
		close(folder->lock);
	if (folder->descriptor >= 0)
		close(folder->descriptor);
	free(folder->path);
}

void
folder_abandon(struct folder *folder)
{
	struct folder parent = { .descriptor = AT_FDCWD };

	if (folder->had_run)
		return;
	if (!folder->is_new)
		(void)folder_remove(folder, RUN_FILE);
	else if (!folder_remove_tree(&parent, folder->path))
		log_line("%s: %s", folder->path, strerror(errno));
	folder->had_run = true;
}

static void
open_path(char path[PART_NAME_MAX * 2], const char *name)
{
	snprintf(path, PART_NAME_MAX * 2, OPEN_FOLDER "/%s", name);
}

int
folder_create(struct folder *folder, const char *name)
{
	char path[PART_NAME_MAX * 2];

	open_path(path, name);
	return own_file_create(folder->descriptor, path);
}

void
part_name(char name[PART_NAME_MAX], const char *table, uint64_t number,
    const char *suffix)
{
	snprintf(name, PART_NAME_MAX, "%s/part-%06" PRIu64 "%s", table, number,
	    suffix);
}

bool
folder_commit(struct folder *folder, int descriptor, const char *open_name,
    const char *name)
{
	char path[PART_NAME_MAX * 2];
	int error;

	open_path(path, open_name);
	if (fsync(descriptor) != 0 || linkat(folder->descriptor, path,
	    folder->descriptor, name, 0) != 0)
		return false;
	if (unlinkat(folder->descriptor, path, 0) == 0 &&
	    parent_sync(folder->descriptor, name))
		return true;
	error = errno;
	(void)unlinkat(folder->descriptor, name, 0);
	errno = error;
	return false;
}

void
folder_discard(struct folder *folder, const char *open_name)
{
	char path[PART_NAME_MAX * 2];

	open_path(path, open_name);
	(void)unlinkat(folder->descriptor, path, 0);
}

bool
folder_exists(struct folder *folder, const char *name)
{
	return faccessat(folder->descriptor, name, F_OK,
	    AT_SYMLINK_NOFOLLOW) == 0;
}

int
folder_read(struct folder *folder, const char *name)
{
	return openat(folder->descriptor, name,
	    O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

static bool
read_all(int descriptor, struct buffer *bytes)
{
	struct stat status;
	size_t size;

	if (fstat(descriptor, &status) != 0)
		return false;
	size = (size_t)status.st_size;
	if (!read_all_at(descriptor, buffer_reserve(bytes, size), size, 0))
		return false;
	bytes->length += size;
	return true;
}

bool
folder_read_all(struct folder *folder, const char *name, struct buffer *bytes)
{
	int descriptor = folder_read(folder, name);
	bool good = descriptor >= 0 && read_all(descriptor, bytes);
	int error = errno;

	if (descriptor >= 0)
		close(descriptor);
	errno = error;
	return good;
}

bool
folder_replace(struct folder *folder, const char *name, const void *bytes,
    size_t length)
{
	return replacement_write(folder->descriptor, name, bytes, length);
}

bool
folder_remove(struct folder *folder, const char *name)
{
	return unlinkat(folder->descriptor, name, 0) == 0;
}

bool
folder_remove_tree(struct folder *folder, const char *name)
{
	int descriptor = openat(folder->descriptor, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *stream = descriptor < 0 ? NULL : fdopendir(descriptor);
	struct dirent *entry;
	bool good = true;

	if (stream == NULL)
		return errno == ENOENT;
	while ((entry = readdir(stream)) != NULL) {
		struct folder inner = { .descriptor = dirfd(stream) };

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlinkat(dirfd(stream), entry->d_name, 0) == 0)
			continue;
		good = (errno == EISDIR || errno == EPERM) &&
		    folder_remove_tree(&inner, entry->d_name) && good;
	}
	closedir(stream);
	return good && unlinkat(folder->descriptor, name, AT_REMOVEDIR) == 0;
}

void
folder_remove_work(struct folder *folder)
{
	if (!folder_remove_tree(folder, ".work"))
		log_line("%s/.work: %s", folder->path, strerror(errno));
}

static int
compare_numbers(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Returns the number in a name that part_name makes. Other files that an
 * operator's tools leave in the folder are not parts. */
static bool
part_number(const char *entry, uint64_t *number)
{
	static const char *const suffixes[] = { ".csv.gz", "" };
	char name[PART_NAME_MAX];

	if (sscanf(entry, "part-%" SCNu64, number) != 1)
		return false;
	for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
		part_name(name, "", *number, suffixes[i]);
		if (strcmp(name + 1, entry) == 0)
			return true;
	}
	return false;
}

bool
folder_parts(struct folder *folder, const char *table, uint64_t **numbers,
    size_t *count)
{
	int descriptor = openat(folder->descriptor, table,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = descriptor < 0 ? NULL : fdopendir(descriptor);
	struct dirent *entry;
	size_t size = 0;

	*numbers = NULL;
	*count = 0;
	if (stream == NULL)
		return false;
	while ((entry = readdir(stream)) != NULL) {
		uint64_t number;

		if (!part_number(entry->d_name, &number))
			continue;
		if (*count == size) {
			size = size * 2 + 64;
			*numbers = xreallocarray(*numbers, size,
			    sizeof **numbers);
		}
		(*numbers)[(*count)++] = number;
	}
	closedir(stream);
	if (*count > 0)
		qsort(*numbers, *count, sizeof **numbers, compare_numbers);
	return true;
}
