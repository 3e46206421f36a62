/*
 * fakens_tcp: a client's connection (RFC 7766): questions one after the other
 * or at once, answered in the order in which the answers come.
 */
#include "fakens.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IDLE_SECONDS	30.0
#define QUESTIONS_MAX	256

struct connection {
	struct server	*server;
	int		 fd;
	ev_io		 readable, writable;
	ev_timer	 idle;
	struct question	*questions[QUESTIONS_MAX];	/* not yet answered */
	size_t		 question_count;
	uint8_t		*output;	/* owned */
	size_t		 output_length;
	size_t		 input_length;
	uint8_t		 input[2 + MESSAGE_MAX];
};

static void
connection_end(struct connection *connection)
{
	struct ev_loop *ev = connection->server->fakens->ev;

	for (size_t i = 0; i < connection->question_count; i++)
		question_forget(connection->questions[i]);
	ev_io_stop(ev, &connection->readable);
	ev_io_stop(ev, &connection->writable);
	ev_timer_stop(ev, &connection->idle);
	close(connection->fd);
	free(connection->output);
	free(connection);
}

void
connection_add(struct connection *connection, struct question *question)
{
	connection->questions[connection->question_count++] = question;
}

void
connection_remove(struct connection *connection, struct question *question)
{
	for (size_t i = 0; i < connection->question_count; i++)
		if (connection->questions[i] == question) {
			connection->questions[i] = connection->questions[
			    --connection->question_count];
			return;
		}
}

/* Never ends the connection, which the caller still uses. */
void
connection_send(struct connection *connection, const uint8_t *message,
    size_t length)
{
	size_t total = connection->output_length + 2 + length;
	uint8_t *grown = realloc(connection->output, total);

	if (grown == NULL)
		err(71, "realloc");
	connection->output = grown;
	write16(grown + connection->output_length, (uint16_t)length);
	memcpy(grown + connection->output_length + 2, message, length);
	connection->output_length = total;
	ev_io_start(connection->server->fakens->ev, &connection->writable);
}

static void
on_writable(struct ev_loop *ev, ev_io *watcher, int events)
{
	struct connection *connection = watcher->data;
	ssize_t sent = send(connection->fd, connection->output,
	    connection->output_length, MSG_NOSIGNAL);

	(void)events;
	if (sent < 0 && errno != EAGAIN && errno != EINTR) {
		connection_end(connection);
		return;
	}
	if (sent <= 0)
		return;
	connection->output_length -= (size_t)sent;
	memmove(connection->output, connection->output + sent,
	    connection->output_length);
	if (connection->output_length == 0)
		ev_io_stop(ev, &connection->writable);
}

/* No client of this lab asks this much at once. */
static bool
take_questions(struct connection *connection)
{
	struct client client = { .connection = connection };
	size_t at = 0, length;

	while (at + 2 <= connection->input_length) {
		length = read16(connection->input + at);
		if (at + 2 + length > connection->input_length)
			break;
		if (connection->question_count == QUESTIONS_MAX)
			return false;
		question_start(connection->server, &client,
		    connection->input + at + 2, length);
		at += 2 + length;
	}
	connection->input_length -= at;
	memmove(connection->input, connection->input + at,
	    connection->input_length);
	return true;
}

static void
on_readable(struct ev_loop *ev, ev_io *watcher, int events)
{
	struct connection *connection = watcher->data;
	ssize_t got = recv(connection->fd,
	    connection->input + connection->input_length,
	    sizeof connection->input - connection->input_length, 0);

	(void)events;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	ev_timer_again(ev, &connection->idle);
	if (got > 0)
		connection->input_length += (size_t)got;
	if (got <= 0 || !take_questions(connection))
		connection_end(connection);
}

static void
on_idle(struct ev_loop *ev, ev_timer *watcher, int events)
{
	(void)ev;
	(void)events;
	connection_end(watcher->data);
}

void
connection_start(struct server *server, int fd)
{
	struct connection *connection = calloc(1, sizeof *connection);
	struct ev_loop *ev = server->fakens->ev;

	if (connection == NULL)
		err(71, "calloc");
	connection->server = server;
	connection->fd = fd;
	ev_io_init(&connection->readable, on_readable, fd, EV_READ);
	ev_io_init(&connection->writable, on_writable, fd, EV_WRITE);
	ev_timer_init(&connection->idle, on_idle, 0, IDLE_SECONDS);
	connection->readable.data = connection->writable.data =
	    connection->idle.data = connection;
	ev_timer_again(ev, &connection->idle);
	/* Silent: the received bytes stay in the kernel. */
	if (server->tcp != TCP_SILENT)
		ev_io_start(ev, &connection->readable);
}
