/*
 * other_clock: the wall clock of the processes that load it (LD_PRELOAD) is wrong
 * by the number of seconds that the file OTHER_CLOCK has: eight bytes, which may
 * change at any time. The other clocks stay as they are. The file is mapped at the
 * start, since a worker of a scan opens nothing later.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *wrong_by;
static int (*real_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void
map_file(void)
{
	const char *path = getenv("OTHER_CLOCK");
	int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	void *mapped;

	*(void **)&real_gettime = dlsym(RTLD_NEXT, "clock_gettime");
	if (file < 0 || real_gettime == NULL)
		abort();
	mapped = mmap(NULL, sizeof *wrong_by, PROT_READ, MAP_SHARED, file, 0);
	close(file);
	if (mapped == MAP_FAILED)
		abort();
	wrong_by = mapped;
}

int
clock_gettime(clockid_t id, struct timespec *now)
{
	int result = real_gettime(id, now);

	if (result == 0 && id == CLOCK_REALTIME)
		now->tv_sec += *wrong_by;
	return result;
}

int
gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	struct timespec precise;

	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &precise) != 0)
		return -1;
	now->tv_sec = precise.tv_sec;
	now->tv_usec = precise.tv_nsec / 1000;
	return 0;
}

time_t
time(time_t *to)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return -1;
	if (to != NULL)
		*to = now.tv_sec;
	return now.tv_sec;
}
