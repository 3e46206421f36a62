/* landlock: what a process can do with files and TCP under it, and its twin
 * without it. The filter of system calls is not used, since it would hide the
 * effect. Each case runs in a separate child. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/process/landlock.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define NOT_ENTERED 200		/* no errno */

enum place { OUTSIDE, WITH_TCP, WITHOUT_TCP };

static struct world {
	char	folder[64];
	int	file, listener;
	struct sockaddr_in address;
} world;

static int
set_up(void **state)
{
	socklen_t length = sizeof world.address;

	(void)state;
	strcpy(world.folder, "/tmp/mxcensus-landlock-XXXXXX");
	world.address = (struct sockaddr_in){ .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	world.listener = socket(AF_INET, SOCK_STREAM, 0);
	if (mkdtemp(world.folder) == NULL || chdir(world.folder) != 0)
		return -1;
	world.file = open("file", O_RDWR | O_CREAT, 0600);
	return world.file >= 0 && write(world.file, "x", 1) == 1 &&
	    bind(world.listener, (struct sockaddr *)&world.address,
	    sizeof world.address) == 0 && listen(world.listener, 8) == 0
	    ? getsockname(world.listener, (struct sockaddr *)&world.address,
	    &length) : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	return unlink("file") + rmdir(world.folder);
}

/* 0 or errno. */
static int
outcome(int result)
{
	return result < 0 ? errno : 0;
}

/* Each undoes what it tries. */
static int
open_to_read(void)
{
	return outcome(open("file", O_RDONLY));
}

static int
open_to_write(void)
{
	return outcome(open("file", O_WRONLY));
}

static int
list(void)
{
	return outcome(open(".", O_RDONLY | O_DIRECTORY));
}

static int
of_system(void)
{
	return outcome(open("/etc/passwd", O_RDONLY));
}

static int
rename_it(void)
{
	int result = outcome(rename("file", "other"));

	(void)rename("other", "file");
	return result;
}

static int
make_folder(void)
{
	int result = outcome(mkdir("folder", 0700));

	(void)rmdir("folder");
	return result;
}

static int
make_file(void)
{
	int result = outcome(open("new", O_WRONLY | O_CREAT, 0600));

	(void)unlink("new");
	return result;
}
static int
execute(void)
{
	return outcome(execl("/bin/true", "true", (char *)NULL));
}

static int
use_open_file(void)
{
	char byte;

	return pread(world.file, &byte, 1, 0) == 1 &&
	    pwrite(world.file, "y", 1, 0) == 1 &&
	    ftruncate(world.file, 1) == 0 ? 0 : errno;
}

static int
connect_tcp(void)
{
	return outcome(connect(socket(AF_INET, SOCK_STREAM, 0),
	    (struct sockaddr *)&world.address, sizeof world.address));
}

static int
bind_tcp(void)
{
	const struct sockaddr_in any = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	return outcome(bind(socket(AF_INET, SOCK_STREAM, 0),
	    (const struct sockaddr *)&any, sizeof any));
}

static int
connect_udp(void)
{
	return outcome(connect(socket(AF_INET, SOCK_DGRAM, 0),
	    (struct sockaddr *)&world.address, sizeof world.address));
}

static int
end_of(int (*act)(void), enum place place)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(place != OUTSIDE && !landlock_enter(place == WITH_TCP)
		    ? NOT_ENTERED : act());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Outside each works, which shows that the case is good. */
static void
files(void **state)
{
	static const struct { const char *what; int (*act)(void); } rows[] = {
		{ "open to read", open_to_read },
		{ "open to write", open_to_write }, { "list", list },
		{ "open a file of the system", of_system },
		{ "rename", rename_it }, { "make a folder", make_folder },
		{ "make a file", make_file }, { "execute", execute },
	};

	(void)state;
	if (landlock_version() == 0) {
		print_message("# this kernel, or this build, has no Landlock\n");
		skip();
	}
	for (size_t i = 0; i < COUNT(rows); i++) {
		int outside = end_of(rows[i].act, OUTSIDE);
		int with_tcp = end_of(rows[i].act, WITH_TCP);
		int without_tcp = end_of(rows[i].act, WITHOUT_TCP);

		if (outside != 0 || with_tcp != EACCES ||
		    without_tcp != EACCES)
			fail_msg("%s: %d outside, %d and %d behind it",
			    rows[i].what, outside, with_tcp, without_tcp);
	}
	assert_int_equal(end_of(use_open_file, WITH_TCP), 0);
	assert_int_equal(end_of(use_open_file, WITHOUT_TCP), 0);
}

static void
sockets(void **state)
{
	int (*const tcp[])(void) = { connect_tcp, bind_tcp };

	(void)state;
	if (landlock_version() < LANDLOCK_KNOWS_TCP) {
		print_message("# Landlock knows of no TCP here\n");
		skip();
	}
	for (size_t i = 0; i < COUNT(tcp); i++) {
		assert_int_equal(end_of(tcp[i], OUTSIDE), 0);
		assert_int_equal(end_of(tcp[i], WITH_TCP), 0);
		assert_int_equal(end_of(tcp[i], WITHOUT_TCP), EACCES);
	}
	assert_int_equal(end_of(connect_udp, WITH_TCP), 0);
}

/* If there is no Landlock, that is reported, and nothing happens. */
static void
lacking(void **state)
{
	(void)state;
	assert_int_equal(end_of(open_to_read, WITH_TCP),
	    landlock_version() == 0 ? NOT_ENTERED : EACCES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files),
		cmocka_unit_test(sockets),
		cmocka_unit_test(lacking),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
