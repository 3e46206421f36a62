#include "scanner/input/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/input/input_event.h"
#include "scanner/input/reader_sandbox.h"
#include "scanner/options/options.h"
#include "scanner/process/descriptor.h"

/* The descriptors of the child, besides standard error. */
#define INPUT	3
#define CHANNEL	4

/* Runs in the child. */
struct reading {
	struct buffer		 packet;
	volatile struct reached	*reached;
	uint8_t			 crash_at[NAME_WIRE_MAX];
	size_t			 crash_length;	/* 0: nowhere */
	/* Of the last NS record, if no name came after it. */
	uint8_t			 owner[NAME_WIRE_MAX];
	size_t			 owner_length;	/* 0: there is none */
};

/* The child *************************************************************** */

static void
send_packet(struct reading *reading)
{
	ssize_t sent;

	if (reading->packet.length == 0)
		return;
	do
		sent = write(CHANNEL, reading->packet.bytes,
		    reading->packet.length);
	while (sent < 0 && errno == EINTR);
	/* If the coordinator is gone, the child has nothing to do. */
	if (sent != (ssize_t)reading->packet.length)
		_exit(EXIT_BUG);
	reading->packet.length = 0;
}

static void
say(struct reading *reading, const struct input_event *event)
{
	input_event_put(&reading->packet, event);
	if (reading->packet.length > INPUT_PACKET_MAX - INPUT_EVENT_MAX)
		send_packet(reading);
}

static void
crash_if_asked(const struct reading *reading, const uint8_t *name,
    size_t length)
{
	if (length == reading->crash_length &&
	    memcmp(name, reading->crash_at, length) == 0)
		abort();
}

static void
on_reject(void *tag, enum reject reason, uint64_t line, unsigned column,
    const char *text, size_t length)
{
	struct reading *reading = tag;
	struct input_event event;

	reading->reached->line = line;
	event.type = INPUT_EVENT_REJECT;
	event.is.reject.reason = reason;
	event.is.reject.line = line;
	event.is.reject.column = column;
	event.is.reject.text = text;
	event.is.reject.length = length < INPUT_REJECT_TEXT_MAX ? length
	    : INPUT_REJECT_TEXT_MAX;
	say(reading, &event);
}

static void
on_name(void *tag, const uint8_t *wire, size_t length, uint64_t line,
    uint64_t rank)
{
	struct reading *reading = tag;
	struct input_event event;

	reading->reached->line = line;
	crash_if_asked(reading, wire, length);
	reading->owner_length = 0;
	event.type = INPUT_EVENT_NAME;
	event.is.name.wire = wire;
	event.is.name.length = length;
	event.is.name.rank = rank;
	say(reading, &event);
}

/* Most delegations have several name servers, and the owner is sent once. */
static bool
is_of_last_owner(struct reading *reading, const struct delegation_record *found)
{
	if (found->owner_length == reading->owner_length &&
	    memcmp(found->owner, reading->owner, found->owner_length) == 0)
		return true;
	reading->owner_length = found->owner_length;
	memcpy(reading->owner, found->owner, found->owner_length);
	return false;
}

static void
on_delegation(void *tag, const struct delegation_record *found)
{
	struct reading *reading = tag;
	struct input_event event;

	reading->reached->line = found->line;
	crash_if_asked(reading, found->owner, found->owner_length);
	event.type = INPUT_EVENT_DELEGATION;
	event.is.delegation = *found;
	if (found->kind == DELEGATION_NS && is_of_last_owner(reading, found)) {
		event.is.delegation.owner = NULL;
		event.is.delegation.owner_length = 0;
	}
	say(reading, &event);
}

static void
on_bytes(void *tag, uint64_t bytes)
{
	struct reading *reading = tag;

	reading->reached->bytes = bytes;
}

static int
open_include(void *tag, const char *name)
{
	struct reading *reading = tag;
	const struct input_event event = {
		.type = INPUT_EVENT_INCLUDE, .is.include = name,
	};

	/* No file has a name of this length. */
	if (name[0] == '\0' || strlen(name) > INPUT_INCLUDE_MAX)
		return -1;
	input_event_put(&reading->packet, &event);
	send_packet(reading);
	return descriptor_receive(CHANNEL);
}

/* The child keeps only standard error, the input and the channel. */
static void
keep(int input, int channel)
{
	/* Neither descriptor may already have the number that the other one
	 * needs. */
	input = fcntl(input, F_DUPFD, CHANNEL + 1);
	channel = fcntl(channel, F_DUPFD, CHANNEL + 1);
	if (input < 0 || channel < 0 || dup2(input, INPUT) < 0 ||
	    dup2(channel, CHANNEL) < 0)
		_exit(EXIT_BUG);
	closefrom(CHANNEL + 1);
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
}

/* No byte of a stranger is read before this. */
static void
enter_sandbox(struct reading *reading, int sandbox)
{
	char why[INPUT_WHY_MAX] = "";
	const struct input_event ready = {
		.type = INPUT_EVENT_READY, .is.why = why,
	};

	if (sandbox != CHOICE_NEVER)
		(void)reader_sandbox_enter(CHANNEL, why);
	input_event_put(&reading->packet, &ready);
	send_packet(reading);
	if (sandbox == CHOICE_ALWAYS && why[0] != '\0')
		_exit(EXIT_VANTAGE);
}

static void
prepare_crash(struct reading *reading)
{
	const char *name = getenv(READER_CRASH);

	if (name != NULL && name_from_text(name, strlen(name),
	    reading->crash_at, &reading->crash_length) != NAME_OK)
		reading->crash_length = 0;
}

/* The reason of a library may quote bytes of a stranger. */
static void
clean(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

static void
read_input(struct reading *reading, const struct input_options *options)
{
	const struct input_process process = {
		reading, open_include, on_bytes,
	};
	const struct input_sink sink = {
		reading, on_name, on_delegation, on_reject,
	};
	char why[INPUT_WHY_MAX] = "";
	struct input_event event = {
		.type = INPUT_EVENT_END, .is.end.why = why,
	};

	event.is.end.result = input_read_open(INPUT, &process, options, &sink,
	    &event.is.end.facts, why);
	clean(why);
	say(reading, &event);
	send_packet(reading);
}

/* The parent ************************************************************** */

static bool
share(struct reader *reader)
{
	void *page = mmap(NULL, sizeof *reader->reached,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	reader->reached = page == MAP_FAILED ? NULL : page;
	return reader->reached != NULL;
}

static void
be_reader(const struct reader *reader, pid_t parent, int input, int channel,
    const struct input_options *options, int sandbox)
{
	struct reading reading = { .reached = reader->reached };

	log_become("reader");
	/* A reader that waits for bytes would not notice the end of the
	 * coordinator. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(EXIT_BUG);
	/* Ctrl-C on the terminal is for the coordinator, which then ends this
	 * process. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	keep(input, channel);
	prepare_crash(&reading);
	(void)buffer_reserve(&reading.packet, INPUT_PACKET_MAX);
	enter_sandbox(&reading, sandbox);
	read_input(&reading, options);
	/* The child must not run the coordinator's exit handlers: the
	 * coordinator's files do not belong to it. */
	_exit(EXIT_COMPLETE);
}

bool
reader_start(struct reader *reader, int input,
    const struct input_options *options, int sandbox)
{
	pid_t parent = getpid();
	int sockets[2], error;

	*reader = (struct reader){ .pid = -1, .channel = -1 };
	if (!share(reader))
		return false;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
	    sockets) == 0) {
		reader->pid = fork();
		if (reader->pid == 0)
			be_reader(reader, parent, input, sockets[1], options,
			    sandbox);
		error = errno;
		close(sockets[1]);
		reader->channel = sockets[0];
		errno = error;
	}
	if (reader->pid > 0)
		return true;
	error = errno;
	reader_fini(reader);
	errno = error;
	return false;
}

int
reader_end(struct reader *reader)
{
	int status = 0;

	close(reader->channel);
	reader->channel = -1;
	/* A child that has ended keeps the status that it ended with. */
	kill(reader->pid, SIGKILL);
	while (waitpid(reader->pid, &status, 0) < 0 && errno == EINTR)
		;
	reader->pid = -1;
	return status;
}

void
reader_fini(struct reader *reader)
{
	if (reader->channel >= 0)
		close(reader->channel);
	if (reader->reached != NULL)
		(void)munmap((void *)reader->reached,
		    sizeof *reader->reached);
	*reader = (struct reader){ .pid = -1, .channel = -1 };
}
