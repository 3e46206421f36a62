/* The process that reads an input: what it has, what it cannot do
 * (docs/architecture.md, "Processes"), how it asks for includes, how it
 * dies. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/input/input_event.h"
#include "scanner/input/reader.h"
#include "scanner/input/reader_sandbox.h"
#include "scanner/options/options.h"
#include "scanner/process/descriptor.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* Reading what we have written into a pipe so far. */
static struct reader reader;
static int input[2];
static uint8_t packet[INPUT_PACKET_MAX];
static struct wire events;

static void
start(int sandbox, bool allow_include)
{
	const struct input_options options = { .allow_include = allow_include };

	assert_int_equal(pipe2(input, O_CLOEXEC), 0);
	assert_true(reader_start(&reader, input[0], &options, sandbox));
	close(input[0]);
	events = (struct wire){ packet, packet, false };
}

static void
give(const char *text)
{
	size_t length = strlen(text);

	assert_int_equal(write(input[1], text, length), (ssize_t)length);
}

static void
give_no_more(void)
{
	close(input[1]);
	input[1] = -1;
}

/* The next event, waited for; false where the reader is gone. */
static bool
next(struct input_event *event)
{
	if (events.at == events.end) {
		ssize_t length = recv(reader.channel, packet, sizeof packet, 0);

		if (length <= 0)
			return false;
		events = (struct wire){ packet, packet + length, false };
	}
	assert_true(input_event_get(&events, event));
	return true;
}

static void
expect(enum input_event_type type, struct input_event *event)
{
	assert_true(next(event));
	assert_int_equal(event->type, type);
}

static int
end(void)
{
	int status;

	if (input[1] >= 0)
		close(input[1]);
	status = reader_end(&reader);
	reader_fini(&reader);
	return status;
}

/* A line of its status, as the kernel has it. */
static long
status_of(pid_t pid, const char *field)
{
	char path[64], line[256];
	long value = -1;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, field, strlen(field)) == 0)
			value = strtol(line + strlen(field), NULL, 10);
	fclose(file);
	return value;
}

/* While it reads ********************************************************** */

static void
is_in_a_sandbox(void **state)
{
	struct input_event event;

	(void)state;
	start(CHOICE_ALWAYS, false);
	expect(INPUT_EVENT_READY, &event);
	assert_string_equal(event.is.why, "");
	assert_int_equal(status_of(reader.pid, "Seccomp:"), 2);
	assert_int_equal(status_of(reader.pid, "NoNewPrivs:"), 1);
	give("example.com\n");
	give_no_more();
	expect(INPUT_EVENT_NAME, &event);
	expect(INPUT_EVENT_END, &event);
	assert_int_equal(event.is.end.result, INPUT_WHOLE);
	assert_false(next(&event));
	(void)end();
}

static void
is_in_none_if_so_told(void **state)
{
	long own = status_of(getpid(), "Seccomp_filters:");
	struct input_event event;

	(void)state;
	start(CHOICE_NEVER, false);
	expect(INPUT_EVENT_READY, &event);
	assert_string_equal(event.is.why, "");
	assert_int_equal(status_of(reader.pid, "Seccomp_filters:"), own);
	(void)end();
}

/* The reader has neither the run's folder nor its lock nor other inputs. */
static void
has_three_descriptors(void **state)
{
	int others[] = { open("/", O_RDONLY), open("/dev/null", O_RDWR) };
	struct input_event event;
	struct dirent *entry;
	char path[64];
	unsigned seen = 0;
	DIR *folder;

	(void)state;
	start(CHOICE_ALWAYS, false);
	expect(INPUT_EVENT_READY, &event);
	snprintf(path, sizeof path, "/proc/%d/fd", (int)reader.pid);
	folder = opendir(path);
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			seen |= 1u << (strtoul(entry->d_name, NULL, 10) & 31);
	closedir(folder);
	/* Standard error, the input, the channel. */
	assert_int_equal(seen, 1u << 2 | 1u << 3 | 1u << 4);
	(void)end();
	for (size_t i = 0; i < COUNT(others); i++)
		close(others[i]);
}

static void
asks_for_includes(void **state)
{
	struct input_event event;
	int more[2];

	(void)state;
	assert_int_equal(pipe2(more, O_CLOEXEC), 0);
	assert_int_equal(write(more[1], "b NS ns.z.\n", 11), 11);
	close(more[1]);
	start(CHOICE_ALWAYS, true);
	give("$ORIGIN com.\na NS ns.z.\n$INCLUDE more\n$INCLUDE none\n");
	expect(INPUT_EVENT_READY, &event);
	/* The format is told from more bytes than these, or the end. */
	give_no_more();
	expect(INPUT_EVENT_DELEGATION, &event);
	expect(INPUT_EVENT_INCLUDE, &event);
	assert_string_equal(event.is.include, "more");
	assert_true(descriptor_send(reader.channel, more[0]));
	close(more[0]);
	expect(INPUT_EVENT_DELEGATION, &event);
	assert_memory_equal(event.is.delegation.owner, "\1b\3com", 7);
	expect(INPUT_EVENT_INCLUDE, &event);
	assert_string_equal(event.is.include, "none");
	assert_true(descriptor_send(reader.channel, -1));
	expect(INPUT_EVENT_REJECT, &event);
	assert_int_equal(event.is.reject.reason, REJECT_INCLUDE_REFUSED);
	assert_int_equal(event.is.reject.line, 4);
	expect(INPUT_EVENT_END, &event);
	(void)end();
}

/* The apex comes with each owner: without it the names above an owner would all
 * count as names between the two. */
static void
says_an_owner_once(void **state)
{
	static const struct {
		const char *owner, *server;
	} expected[] = {
		{ "\1a\3com", "\3ns1\1z" }, { NULL, "\3ns2\1z" },
		{ "\1b\3com", "\3ns2\1z" }, { "\1a\3com", "\3ns3\1z" },
	};
	struct input_event event;
	const struct delegation_record *found = &event.is.delegation;

	(void)state;
	start(CHOICE_ALWAYS, false);
	give("$ORIGIN com.\n@ SOA a b 1 1 1 1 1\na NS ns1.z.\na NS ns2.z.\n"
	    "b NS ns2.z.\na NS ns3.z.\n");
	give_no_more();
	expect(INPUT_EVENT_READY, &event);
	for (size_t i = 0; i < COUNT(expected); i++) {
		expect(INPUT_EVENT_DELEGATION, &event);
		assert_int_equal(found->kind, DELEGATION_NS);
		assert_string_equal((const char *)found->server,
		    expected[i].server);
		assert_int_equal(found->owner == NULL,
		    expected[i].owner == NULL);
		if (found->owner == NULL)
			continue;
		assert_string_equal((const char *)found->owner,
		    expected[i].owner);
		assert_non_null(found->apex);
		assert_string_equal((const char *)found->apex, "\3com");
	}
	expect(INPUT_EVENT_END, &event);
	(void)end();
}

/* I2: not without --allow-include. */
static void
asks_for_none_unless_it_may(void **state)
{
	struct input_event event;

	(void)state;
	start(CHOICE_ALWAYS, false);
	give("$ORIGIN com.\n$INCLUDE more\n");
	give_no_more();
	expect(INPUT_EVENT_READY, &event);
	expect(INPUT_EVENT_REJECT, &event);
	assert_int_equal(event.is.reject.reason, REJECT_INCLUDE_REFUSED);
	expect(INPUT_EVENT_END, &event);
	(void)end();
}

/* A bug in a parser; a test makes one by the environment. */
static void
dies_at_a_name(void **state)
{
	struct rlimit core;
	struct input_event event;
	int status;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_CORE, &core), 0);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, core.rlim_max });
	setenv(READER_CRASH, "Bad.Example", 1);
	start(CHOICE_ALWAYS, false);
	give("good.example\n\nbad.example\nnever.example\n");
	give_no_more();
	expect(INPUT_EVENT_READY, &event);
	assert_false(next(&event));
	assert_int_equal(reader.reached->line, 3);
	assert_int_equal(reader.reached->bytes, 40);
	status = end();
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	unsetenv(READER_CRASH);
	setrlimit(RLIMIT_CORE, &core);
}

/* Ending it does not wait for its input. */
static void
is_ended_while_it_waits(void **state)
{
	struct input_event event;
	int status;

	(void)state;
	start(CHOICE_ALWAYS, false);
	expect(INPUT_EVENT_READY, &event);
	status = end();
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

/* In the sandbox, and as the twin outside ********************************** */

static int channel, file;

static int
opens(void)
{
	return open("/dev/null", O_WRONLY) < 0 ? errno : 0;
}

static int
has_a_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0) < 0 ? errno : 0;
}

static int
has_a_pair(void)
{
	int pair[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 ? errno : 0;
}

static int
connects(void)
{
	const struct sockaddr address = { .sa_family = AF_UNSPEC };

	return connect(channel, &address, sizeof address) < 0 &&
	    errno == EPERM ? EPERM : 0;
}

static int
sends_a_descriptor(void)
{
	return descriptor_send(channel, file) ? 0 : errno;
}

static int
writes_elsewhere(void)
{
	return write(file, "x", 1) < 0 ? errno : 0;
}

static int
receives_elsewhere(void)
{
	struct msghdr header = { 0 };

	return recvmsg(file, &header, 0) < 0 && errno == EPERM ? EPERM : 0;
}

static int
unlinks(void)
{
	return unlink("/nowhere/none") < 0 && errno == EPERM ? EPERM : 0;
}

static int
duplicates(void)
{
	return dup2(file, 100) < 0 ? errno : 0;
}

static int
seeks(void)
{
	return pwrite(file, "x", 1, 0) < 0 ? errno : 0;
}

static int
signals(void)
{
	return kill(getppid(), 0) < 0 ? errno : 0;
}

static int
end_of(int (*act)(void), bool in_sandbox)
{
	char why[256];
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (in_sandbox && !reader_sandbox_enter(channel, why))
			_exit(255);
		_exit(act());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void
is_refused(void **state)
{
	static const struct { const char *name; int (*act)(void); } cases[] = {
		{ "open", opens }, { "socket", has_a_socket },
		{ "socketpair", has_a_pair }, { "connect", connects },
		{ "sendmsg", sends_a_descriptor },
		{ "write to another", writes_elsewhere },
		{ "recvmsg from another", receives_elsewhere },
		{ "unlink", unlinks }, { "dup2", duplicates },
		{ "pwrite", seeks }, { "kill", signals },
	};
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	channel = pair[0];
	file = open("/dev/null", O_RDWR);
	for (size_t i = 0; i < COUNT(cases); i++) {
		int outside = end_of(cases[i].act, false);
		int inside = end_of(cases[i].act, true);

		if (outside != 0 || inside != EPERM)
			fail_msg("%s: outside %d, in the sandbox %d",
			    cases[i].name, outside, inside);
	}
	close(file);
	close(pair[0]);
	close(pair[1]);
}

static int
forks(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0 ? 0 : errno;
}

static void
fork_ends_the_process(void **state)
{
	(void)state;
	assert_int_equal(end_of(forks, false), 0);
	assert_int_equal(end_of(forks, true), -SIGSYS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_in_a_sandbox),
		cmocka_unit_test(is_in_none_if_so_told),
		cmocka_unit_test(has_three_descriptors),
		cmocka_unit_test(asks_for_includes),
		cmocka_unit_test(says_an_owner_once),
		cmocka_unit_test(asks_for_none_unless_it_may),
		cmocka_unit_test(dies_at_a_name),
		cmocka_unit_test(is_ended_while_it_waits),
		cmocka_unit_test(is_refused),
		cmocka_unit_test(fork_ends_the_process),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
