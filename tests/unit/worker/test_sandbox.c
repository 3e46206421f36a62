/* Which system calls a worker can make once it is ready (docs/architecture.md,
 * "Processes"): it opens, renames and executes nothing any more. Each case runs
 * in a child of its own, in the sandbox and, as its twin, outside. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <seccomp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "scanner/process/landlock.h"
#include "scanner/worker/sandbox.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* What a worker has opened before: a folder to name files in, an epoll, sockets
 * that somebody listens on. */
static struct world {
	char	 folder[1024];
	int	 file, epoll, pair[2];
	int	 tcp, udp;
	struct sockaddr_in tcp_address, udp_address;
} world;

static char *
in_folder(const char *name)
{
	static char path[2][1100];
	static unsigned turn;

	turn ^= 1;
	snprintf(path[turn], sizeof path[turn], "%s/%s", world.folder, name);
	return path[turn];
}

static int
listener(int type, struct sockaddr_in *address)
{
	int descriptor = socket(AF_INET, type, 0);
	socklen_t length = sizeof *address;

	*address = (struct sockaddr_in){ .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	assert_true(descriptor >= 0);
	assert_int_equal(bind(descriptor, (struct sockaddr *)address,
	    sizeof *address), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(descriptor, 4), 0);
	assert_int_equal(getsockname(descriptor, (struct sockaddr *)address,
	    &length), 0);
	return descriptor;
}

static int
set_up(void **state)
{
	(void)state;
	snprintf(world.folder, sizeof world.folder, "%s/mxcensus-XXXXXX",
	    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : P_tmpdir);
	assert_non_null(mkdtemp(world.folder));
	world.file = open(in_folder("file"), O_RDWR | O_CREAT, 0600);
	world.epoll = epoll_create1(0);
	world.tcp = listener(SOCK_STREAM, &world.tcp_address);
	world.udp = listener(SOCK_DGRAM, &world.udp_address);
	assert_true(world.file >= 0 && world.epoll >= 0);
	assert_int_equal(ftruncate(world.file, 4096), 0);
	return socketpair(AF_UNIX, SOCK_SEQPACKET, 0, world.pair);
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(in_folder("file"));
	return rmdir(world.folder);
}

/* 0, or errno. */
static int
outcome(long result)
{
	return result == -1 ? errno : 0;
}

/* How a child ends that does `act`: its exit status, or -signal. */
static int
end_of(int (*act)(void), bool in_sandbox)
{
	const struct rlimit none = { 0, 0 };
	char why[256];
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &none);
		if (in_sandbox && !sandbox_enter(why))
			_exit(255);
		_exit(act());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* What must not be possible ************************************************ */

#ifndef __SANITIZE_ADDRESS__
/* The sanitizers read /proc and symbols, and ask who may trace them. */
static int
opens_to_read(void)
{
	return outcome(open("/dev/null", O_RDONLY));
}

static int
controls_itself(void)
{
	return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) < 0 ? errno : 0;
}
#endif

static int
opens(void)
{
	return outcome(open("/dev/null", O_WRONLY));
}

static int
opens_by_its_old_name(void)
{
#ifdef SYS_open
	return outcome(syscall(SYS_open, "/dev/null", O_WRONLY));
#else
	return outcome(openat(AT_FDCWD, "/dev/null", O_WRONLY));
#endif
}

static int
creates(void)
{
	char *path = in_folder("new");
	int result = outcome(creat(path, 0600));

	unlink(path);
	return result;
}

static int
renames(void)
{
	if (rename(in_folder("file"), in_folder("other")) != 0)
		return errno;
	return outcome(rename(in_folder("other"), in_folder("file")));
}

static int
renames_with_flags(void)
{
	char *path = in_folder("file");

	return outcome(renameat2(AT_FDCWD, path, AT_FDCWD, path, 0));
}

static int
links(void)
{
	char *path = in_folder("link");
	int result = outcome(link(in_folder("file"), path));

	unlink(path);
	return result;
}

static int
unlinks(void)
{
	/* Not there: outside, the kernel looks and says so. */
	return unlink(in_folder("none")) != 0 && errno == ENOENT ? 0 : errno;
}

static int
makes_a_folder(void)
{
	char *path = in_folder("sub");
	int result = outcome(mkdir(path, 0700));

	rmdir(path);
	return result;
}

static int
talks_to_the_machine(void)
{
	return outcome(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int
talks_to_the_kernel(void)
{
	return outcome(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
}

static int
listens(void)
{
	return outcome(listen(world.tcp, 4));
}

static int
sets_another_option(void)
{
	int one = 1;

	return outcome(setsockopt(world.tcp, SOL_SOCKET, SO_KEEPALIVE, &one,
	    sizeof one));
}

static int
maps_code(void)
{
	void *map = mmap(NULL, 4096, PROT_READ | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return map == MAP_FAILED ? errno : 0;
}

static int
makes_code(void)
{
	void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return map == MAP_FAILED ? 254
	    : outcome(mprotect(map, 4096, PROT_READ | PROT_EXEC));
}

static int
duplicates(void)
{
	return outcome(fcntl(world.file, F_DUPFD, 100));
}

static int
controls_a_descriptor(void)
{
	int bytes;

	return outcome(ioctl(world.udp, FIONREAD, &bytes));
}

static int
signals_others(void)
{
	return outcome(kill(getppid(), 0));
}

static int
signals_itself_otherwise(void)
{
	signal(SIGUSR1, SIG_IGN);
	return outcome(syscall(SYS_tgkill, getpid(), gettid(), SIGUSR1));
}

static int
ends_others(void)
{
	/* The signal of abort(), at a thread that is none of ours: outside, the
	 * kernel looks and finds that the two do not belong together. */
	return syscall(SYS_tgkill, 1, getpid(), SIGABRT) != 0 &&
	    errno == ESRCH ? 0 : errno;
}

static void
is_refused(void **state)
{
	static const struct { const char *name; int (*act)(void); } cases[] = {
#ifndef __SANITIZE_ADDRESS__
		{ "open to read", opens_to_read },
		{ "prctl", controls_itself },
#endif
		{ "open", opens },
		{ "open by its old name", opens_by_its_old_name },
		{ "creat", creates },
		{ "rename", renames },
		{ "renameat2", renames_with_flags },
		{ "link", links },
		{ "unlink", unlinks },
		{ "mkdir", makes_a_folder },
		{ "socket AF_UNIX", talks_to_the_machine },
		{ "socket AF_NETLINK", talks_to_the_kernel },
		{ "listen", listens },
		{ "setsockopt SO_KEEPALIVE", sets_another_option },
		{ "mmap PROT_EXEC", maps_code },
		{ "mprotect PROT_EXEC", makes_code },
		{ "fcntl F_DUPFD", duplicates },
		{ "ioctl", controls_a_descriptor },
		{ "kill", signals_others },
		{ "tgkill SIGUSR1", signals_itself_otherwise },
		{ "tgkill another", ends_others },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int outside = end_of(cases[i].act, false);
		int inside = end_of(cases[i].act, true);

		if (outside != 0 || inside != EPERM)
			fail_msg("%s: outside %d, in the sandbox %d",
			    cases[i].name, outside, inside);
	}
}

static int
opens_raw(void)
{
	return outcome(socket(AF_INET, SOCK_RAW, IPPROTO_TCP));
}

/* A user other than root is refused without a sandbox, too. */
static void
raw_socket_is_refused(void **state)
{
	(void)state;
	if (end_of(opens_raw, false) != 0)
		skip();
	assert_int_equal(end_of(opens_raw, true), EPERM);
}

/* What must end the process ************************************************ */

static char *const words[] = { (char[]){ "true" }, NULL };
static char *const no_words[] = { NULL };

static int
executes(void)
{
	return outcome(execve("/bin/true", words, no_words));
}

static int
executes_at(void)
{
	return outcome(syscall(SYS_execveat, AT_FDCWD, "/bin/true", words,
	    no_words, 0));
}

static int
wait_for(pid_t pid)
{
	int status;

	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0
	    ? 0 : 254;
}

static int
forks(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return wait_for(pid);
}

static int
spawns(void)
{
	pid_t pid = -1;
	int error = posix_spawn(&pid, "/bin/true", NULL, NULL, words,
	    no_words);

	return error != 0 ? error : wait_for(pid);
}

static void *
do_nothing(void *argument)
{
	return argument;
}

static int
starts_a_thread(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, do_nothing, NULL);

	return error != 0 ? error : pthread_join(thread, NULL);
}

static void
ends_the_process(void **state)
{
	static const struct { const char *name; int (*act)(void); } cases[] = {
		{ "execve", executes }, { "execveat", executes_at },
		{ "fork", forks }, { "posix_spawn", spawns },
		{ "pthread_create", starts_a_thread },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int outside = end_of(cases[i].act, false);
		int inside = end_of(cases[i].act, true);

		if (outside != 0 || inside != -SIGSYS)
			fail_msg("%s: outside %d, in the sandbox %d",
			    cases[i].name, outside, inside);
	}
}

static int
traces(void)
{
	return outcome(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

/* Who may trace nobody (another sandbox, a debugger) has no twin. */
static void
ptrace_ends_the_process(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	/* LeakSanitizer traces: sandbox.c leaves it ptrace. */
	skip();
#endif
	if (end_of(traces, false) != 0)
		skip();
	assert_int_equal(end_of(traces, true), -SIGSYS);
}

/* What must work *********************************************************** */

/* As net/stream and libunbound do it; 0, or where it failed. */
static int
connects(void)
{
	int one = 1, error = -1;
	socklen_t size = sizeof error;
	struct epoll_event event = { .events = EPOLLOUT };
	int descriptor = socket(AF_INET,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (descriptor < 0 || setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY,
	    &one, sizeof one) != 0)
		return 1;
	if (connect(descriptor, (struct sockaddr *)&world.tcp_address,
	    sizeof world.tcp_address) != 0 && errno != EINPROGRESS)
		return 2;
	if (epoll_ctl(world.epoll, EPOLL_CTL_ADD, descriptor, &event) != 0 ||
	    epoll_wait(world.epoll, &event, 1, 10000) != 1)
		return 3;
	if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0 ||
	    error != 0)
		return 4;
	if (send(descriptor, "x", 1, MSG_NOSIGNAL) != 1)
		return 5;
	return close(descriptor) == 0 ? 0 : 6;
}

static int
asks(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	int omit = IP_PMTUDISC_OMIT, descriptor;
	char byte = 0;

	descriptor = socket(AF_INET, SOCK_DGRAM, 0);
	if (descriptor < 0 || setsockopt(descriptor, IPPROTO_IP,
	    IP_MTU_DISCOVER, &omit, sizeof omit) != 0 ||
	    bind(descriptor, (struct sockaddr *)&any, sizeof any) != 0)
		return 1;
	if (fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) |
	    O_NONBLOCK) != 0)
		return 2;
	if (connect(descriptor, (struct sockaddr *)&world.udp_address,
	    sizeof world.udp_address) != 0 ||
	    send(descriptor, "x", 1, 0) != 1)
		return 3;
	if (recv(world.udp, &byte, 1, 0) != 1 || byte != 'x')
		return 4;
	return close(descriptor) == 0 ? 0 : 5;
}

static int
has_both_families(void)
{
	static const int protocols[][2] = {
		{ SOCK_DGRAM, 0 }, { SOCK_DGRAM, IPPROTO_UDP },
		{ SOCK_STREAM, 0 }, { SOCK_STREAM, IPPROTO_TCP },
	};

	for (size_t i = 0; i < COUNT(protocols); i++)
		if (socket(AF_INET, protocols[i][0], protocols[i][1]) < 0 ||
		    (socket(AF_INET6, protocols[i][0] | SOCK_NONBLOCK,
		    protocols[i][1]) < 0 && errno != EAFNOSUPPORT))
			return 1;
	return 0;
}

/* A message of the coordinator brings a descriptor, as a job does. */
static int
receives_a_descriptor(void)
{
	union {
		struct cmsghdr	header;
		char		bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char byte = 'x';
	struct iovec piece = { &byte, 1 };
	struct msghdr header = {
		.msg_iov = &piece, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof control.bytes,
	};
	int descriptor = -1;

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &world.file, sizeof(int));
	if (sendmsg(world.pair[0], &header, MSG_NOSIGNAL) != 1)
		return 1;
	memset(&control, 0, sizeof control);
	if (recvmsg(world.pair[1], &header, MSG_CMSG_CLOEXEC) != 1 ||
	    control.header.cmsg_type != SCM_RIGHTS)
		return 2;
	memcpy(&descriptor, CMSG_DATA(&control.header), sizeof(int));
	return pread(descriptor, &byte, 1, 0) == 1 &&
	    write(descriptor, "x", 1) == 1 && close(descriptor) == 0 ? 0 : 3;
}

/* The direct lane: two datagrams in one call, to this machine and back, and
 * what the kernel says about the socket. */
static int
asks_in_batches(void)
{
	int one = 1, bytes = 1 << 16, descriptor = socket(AF_INET,
	    SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct sockaddr_in own = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof own;
	struct mmsghdr headers[2] = { 0 };
	char text[2] = "ab";
	struct iovec vectors[2] = { { text, 1 }, { text + 1, 1 } };
	uint32_t memory[16];

	if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&own,
	    sizeof own) != 0 || getsockname(descriptor,
	    (struct sockaddr *)&own, &length) != 0)
		return 1;
	length = sizeof bytes;
	if (setsockopt(descriptor, SOL_SOCKET, SO_RXQ_OVFL, &one,
	    sizeof one) != 0 || setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF,
	    &bytes, sizeof bytes) != 0 || getsockopt(descriptor, SOL_SOCKET,
	    SO_RCVBUF, &bytes, &length) != 0)
		return 2;
	length = sizeof memory;
	if (getsockopt(descriptor, SOL_SOCKET, SO_MEMINFO, memory,
	    &length) != 0)
		return 3;
	for (int i = 0; i < 2; i++)
		headers[i].msg_hdr = (struct msghdr){
			.msg_name = &own, .msg_namelen = sizeof own,
			.msg_iov = &vectors[i], .msg_iovlen = 1,
		};
	if (sendmmsg(descriptor, headers, 2, 0) != 2)
		return 4;
	return recvmmsg(descriptor, headers, 2, 0, NULL) == 2 ? 0 : 5;
}

static int
by_value(const void *a, const void *b)
{
	unsigned one = *(const unsigned *)a, other = *(const unsigned *)b;

	return (one > other) - (one < other);
}

/* From the heap and past it, grown, sorted, given back. */
static int
has_memory(void)
{
	size_t count = 1 << 20;
	unsigned *numbers = NULL;
	void *small[1000];

	for (size_t i = 0; i < COUNT(small); i++)
		small[i] = malloc(4096);
	for (size_t have = 1024; have <= count; have *= 4) {
		void *more = realloc(numbers, have * sizeof *numbers);

		if (more == NULL)
			return 1;
		numbers = more;
	}
	for (size_t i = 0; i < count; i++)
		numbers[i] = (unsigned)(i * 2654435761u);
	qsort(numbers, count, sizeof *numbers, by_value);
	for (size_t i = 1; i < count; i++)
		if (numbers[i - 1] > numbers[i])
			return 2;
	free(numbers);
	for (size_t i = 0; i < COUNT(small); i++)
		free(small[i]);
	return 0;
}

static int
has_random_numbers_and_clocks(void)
{
	static const clockid_t clocks[] = {
		CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME,
	};
	struct timespec now;
	char bytes[32];
	struct tm utc;

	/* The calls themselves, as where the vDSO does not serve. */
	for (size_t i = 0; i < COUNT(clocks); i++)
		if (syscall(SYS_clock_gettime, clocks[i], &now) != 0)
			return 1;
	if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
		return 2;
	return gmtime_r(&(time_t){ 0 }, &utc) != NULL && utc.tm_year == 70
	    ? 0 : 3;
}

static void
works(void **state)
{
	static const struct { const char *name; int (*act)(void); } cases[] = {
		{ "TCP", connects }, { "UDP", asks },
		{ "UDP in batches", asks_in_batches },
		{ "sockets of both families", has_both_families },
		{ "a descriptor in a message", receives_a_descriptor },
		{ "memory", has_memory },
		{ "random numbers, clocks", has_random_numbers_and_clocks },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int outside = end_of(cases[i].act, false);
		int inside = end_of(cases[i].act, true);

		if (outside != 0 || inside != 0)
			fail_msg("%s: outside %d, in the sandbox %d",
			    cases[i].name, outside, inside);
	}
}

static int
aborts(void)
{
	/* It is not the sanitizer's to report. */
	signal(SIGABRT, SIG_DFL);
	abort();
}

/* A bug is an assert, and must be seen as one. */
static void
abort_is_sigabrt(void **state)
{
	(void)state;
	assert_int_equal(end_of(aborts, true), -SIGABRT);
}

/* The sandbox itself ******************************************************* */

/* A child's own status, as the kernel has it: opened before, read after. */
static int
status_says(const char *line)
{
	char text[8192];
	char path[] = "/proc/self/status", why[256];
	int descriptor = open(path, O_RDONLY);
	ssize_t length;

	if (descriptor < 0 || !sandbox_enter(why))
		return 254;
	length = pread(descriptor, text, sizeof text - 1, 0);
	text[length > 0 ? length : 0] = '\0';
	return strstr(text, line) != NULL ? 0 : 1;
}

static int
is_filtered(void)
{
	return status_says("\nSeccomp:\t2\n");
}

static int
has_no_new_privileges(void)
{
	return status_says("\nNoNewPrivs:\t1\n");
}

static void
kernel_agrees(void **state)
{
	(void)state;
	assert_int_equal(end_of(is_filtered, false), 0);
	assert_int_equal(end_of(has_no_new_privileges, false), 0);
}

/* As in a container that keeps seccomp from its processes. */
static int
is_kept_out(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	char why[256] = "";

	if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES),
	    SCMP_SYS(seccomp), 0) != 0 ||
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(prctl),
	    1, SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP)) != 0 ||
	    seccomp_load(filter) != 0)
		return 254;
	if (sandbox_enter(why))
		return 1;
	if (strncmp(why, "seccomp: ", 9) != 0 || why[9] == '\0')
		return 2;
	/* And then there is none, unless the kernel has Landlock. */
	return opens() == (landlock_version() > 0 ? EACCES : 0) ? 0 : 3;
}

static void
cannot_is_told(void **state)
{
	(void)state;
	assert_int_equal(end_of(is_kept_out, false), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_refused),
		cmocka_unit_test(raw_socket_is_refused),
		cmocka_unit_test(ends_the_process),
		cmocka_unit_test(ptrace_ends_the_process),
		cmocka_unit_test(works),
		cmocka_unit_test(abort_is_sigabrt),
		cmocka_unit_test(kernel_agrees),
		cmocka_unit_test(cannot_is_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
