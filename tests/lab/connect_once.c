/*
 * connect_once ADDRESS PORT: connects as a session does, in the sandbox of a
 * worker, and prints the result on one line: the end, its errno, whose fault it
 * is. If the connection is made, it reports that, waits for a line on standard
 * input, sends it, and waits for bytes or the end.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/net/stream.h"
#include "scanner/worker/sandbox.h"

static ev_io input;

static void
say_end(const struct stream *stream, enum stream_event event)
{
	static const char *const events[] = {
		[STREAM_CLOSED] = "closed", [STREAM_RESET] = "reset",
		[STREAM_REFUSED] = "refused",
		[STREAM_CONNECT_TIMEOUT] = "connect_timeout",
		[STREAM_UNREACHABLE] = "unreachable",
		[STREAM_TLS_FAILED] = "tls_failed",
		[STREAM_LOCAL_ERROR] = "local_error",
	};
	static const char *const blames[] = {
		[BLAME_NOBODY] = "nobody", [BLAME_THEIRS] = "theirs",
		[BLAME_SUSPECTED] = "suspected", [BLAME_OURS] = "ours",
	};
	int error = stream->fault.error;

	printf("%s %s %s\n", events[event],
	    error != 0 ? strerrorname_np(error) : "-",
	    blames[stream->fault.blame]);
}

static void
on_event(struct stream *stream, enum stream_event event)
{
	if (event == STREAM_CONNECTED) {
		printf("connected\n");
		fflush(stdout);
		ev_io_start(stream->ev, &input);
		return;
	}
	if (event == STREAM_BYTES)
		printf("bytes\n");
	else
		say_end(stream, event);
	ev_break(stream->ev, EVBREAK_ALL);
}

static void
on_input(struct ev_loop *ev, ev_io *watcher, int revents)
{
	char line[64];
	ssize_t length = read(STDIN_FILENO, line, sizeof line);

	(void)revents;
	ev_io_stop(ev, watcher);
	if (length > 0)
		stream_send(watcher->data, line, (size_t)length);
}

int
main(int argc, char **argv)
{
	struct stream stream = { .descriptor = -1 };
	struct own_addresses own = { 0 };
	struct ev_loop *ev = ev_loop_new(EVFLAG_NOENV | EVBACKEND_EPOLL);
	struct address address;
	char why[256];

	if (argc != 3 || ev == NULL || !address_from_text(argv[1],
	    strlen(argv[1]), &address))
		errx(2, "connect_once ADDRESS PORT");
	own_addresses_read(&own);
	setvbuf(stdout, NULL, _IOLBF, 256);
	printf("from %zu addresses\n", own.count);
	ev_io_init(&input, on_input, STDIN_FILENO, EV_READ);
	input.data = &stream;
	/* As a worker, which opens its first socket outside. */
	if (!sandbox_enter(why))
		errx(77, "%s", why);
	stream_connect(&stream, ev, &own, &address,
	    (uint16_t)strtoul(argv[2], NULL, 10), NULL, on_event);
	ev_run(ev, 0);
	stream_fini(&stream);
	own_addresses_fini(&own);
	fflush(stdout);
	return 0;
}
