/*
 * fakemx_session: one dialogue, driven by the scripts of its server's behaviour.
 *
 * session_run() continues until it has to wait for the socket or for a timer.
 * It first sends what is buffered, then runs the next step of the script, then
 * reads a command.
 */
#include "fakemx.h"

#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* How long a client may take to close after us. */
#define LINGER_SECONDS	5.0

enum progress { GO_ON, WAIT_READ, WAIT_WRITE, WAIT_TIMER, ENDED };

static const struct {
	const char	*verb;
	enum phase	 phase;
} commands[] = {
	{ "EHLO", PHASE_EHLO }, { "HELO", PHASE_HELO },
	{ "STARTTLS", PHASE_STARTTLS }, { "QUIT", PHASE_QUIT },
};

/* RULES S16: a survey must never send one of these. */
static const char *const forbidden[] = {
	"MAIL", "RCPT", "VRFY", "EXPN", "AUTH", "DATA", "BDAT", "ETRN",
};

static void
session_end(struct session *session, const char *how)
{
	struct server *server = session->server;

	log_end(session, how);
	if (session->newer != NULL)
		session->newer->older = session->older;
	else
		server->sessions = session->older;
	if (session->older != NULL)
		session->older->newer = session->newer;
	ev_io_stop(server->fakemx->ev, &session->io);
	ev_timer_stop(server->fakemx->ev, &session->timer);
	SSL_free(session->ssl);
	close(session->fd);
	free(session->output);
	free(session);
}

static void
play(struct session *session, enum phase phase)
{
	const struct behaviour *behaviour = session->server->behaviour;

	session->script = session->is_odd && behaviour->odd[phase].count > 0
	    ? &behaviour->odd[phase] : &behaviour->scripts[phase];
	session->step = 0;
	if (phase != PHASE_OTHER)
		session->reached = phase_names[phase];
}

static void
queue(struct session *session, const char *bytes, size_t length, long times)
{
	size_t total = length * (size_t)times;
	char *grown = realloc(session->output, session->output_length + total +
	    1);

	if (grown == NULL)
		err(71, "realloc");
	session->output = grown;
	for (long i = 0; i < times; i++) {
		memcpy(session->output + session->output_length, bytes, length);
		session->output_length += length;
	}
}

/* What OpenSSL or the socket wants; ENDED where the connection is over. */
static enum progress
wants(struct session *session, int result)
{
	if (session->ssl == NULL) {
		if (result < 0 && (errno == EAGAIN || errno == EINTR))
			return WAIT_READ;
		return ENDED;
	}
	switch (SSL_get_error(session->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		return WAIT_READ;
	case SSL_ERROR_WANT_WRITE:
		return WAIT_WRITE;
	default:
		return ENDED;
	}
}

static const char *
end_of_stream(int result)
{
	return result < 0 && errno == ECONNRESET ? "reset" : "client";
}

static enum progress
flush_output(struct session *session)
{
	size_t left = session->output_length - session->output_sent;
	const char *from = session->output + session->output_sent;
	enum progress progress;
	int sent;

	if (session->drip_ms > 0)
		left = 1;
	ERR_clear_error();
	sent = session->ssl != NULL ? SSL_write(session->ssl, from, (int)left)
				    : (int)write(session->fd, from, left);
	if (sent <= 0) {
		progress = wants(session, sent);
		if (progress == ENDED)
			session_end(session, end_of_stream(sent));
		return progress == WAIT_READ && session->ssl == NULL
		    ? WAIT_WRITE : progress;
	}
	session->output_sent += (size_t)sent;
	if (session->output_sent == session->output_length)
		session->output_length = session->output_sent = 0;
	else if (session->drip_ms > 0) {
		ev_timer_set(&session->timer, (double)session->drip_ms / 1000,
		    0);
		return WAIT_TIMER;
	}
	return GO_ON;
}

static void
reset(struct session *session)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(session->fd, SOL_SOCKET, SO_LINGER, &linger,
	    sizeof linger) != 0)
		warn("SO_LINGER");
	session_end(session, "server");
}

/* Sends FIN, and then discards what the client still sends: closing with unread
 * bytes would cause a reset, which can overtake what was sent, even an
 * alert. */
static void
begin_close(struct session *session, const char *how)
{
	session->how = how;
	if (session->ssl != NULL && SSL_is_init_finished(session->ssl))
		(void)SSL_shutdown(session->ssl);
	ERR_clear_error();
	(void)shutdown(session->fd, SHUT_WR);
	session->is_closing = session->is_hanging = true;
	ev_timer_set(&session->timer, LINGER_SECONDS, 0);
	ev_timer_start(session->server->fakemx->ev, &session->timer);
}

static enum progress
run_step(struct session *session)
{
	const struct step *step = &session->script->steps[session->step++];

	switch (step->kind) {
	case STEP_SAY:
	case STEP_RAW:
		queue(session, step->text, step->length, 1);
		break;
	case STEP_REPEAT:
		queue(session, step->text, step->length, step->number);
		break;
	case STEP_DRIP:
		session->drip_ms = step->number;
		break;
	case STEP_WAIT:
		ev_timer_set(&session->timer, (double)step->number / 1000, 0);
		return WAIT_TIMER;
	case STEP_TLS:
		session->input_length = 0;
		session->wants_hello = true;
		break;
	case STEP_CLOSE:
		begin_close(session, "server");
		break;
	case STEP_RESET:
		reset(session);
		return ENDED;
	case STEP_HANG:
		session->is_hanging = true;
		break;
	default:
		break;
	}
	return GO_ON;
}

/* The script of `hello` runs when the client has begun its handshake. */
static enum progress
await_hello(struct session *session)
{
	char byte;
	ssize_t length = recv(session->fd, &byte, 1, MSG_PEEK);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return WAIT_READ;
	if (length <= 0) {
		session_end(session, end_of_stream((int)length));
		return ENDED;
	}
	session->wants_hello = false;
	session->in_handshake = true;
	play(session, PHASE_HELLO);
	return GO_ON;
}

static enum progress
shake_hands(struct session *session)
{
	enum progress progress;
	int result;

	if (session->ssl == NULL)
		session->ssl = session_make_tls(session);
	ERR_clear_error();
	result = SSL_accept(session->ssl);
	if (result == 1) {
		session->in_handshake = false;
		play(session, PHASE_TLS);
		return GO_ON;
	}
	progress = wants(session, result);
	if (progress != ENDED)
		return progress;
	begin_close(session, "tls_failed");
	return GO_ON;
}

static bool
is_verb(const char *line, const char *verb)
{
	size_t length = strlen(verb);

	return strncasecmp(line, verb, length) == 0 &&
	    !isalnum((unsigned char)line[length]);
}

static void
note_command(struct session *session, const char *line)
{
	size_t used = strlen(session->commands), verb = 0;

	while (isalnum((unsigned char)line[verb]) && verb < 16)
		verb++;
	(void)snprintf(session->commands + used, sizeof session->commands - used,
	    "%s%.*s", used > 0 ? "," : "", verb > 0 ? (int)verb : 1,
	    verb > 0 ? line : "?");
	if (is_verb(line, "EHLO") && strlen(line) > 5)
		(void)snprintf(session->ehlo, sizeof session->ehlo, "%.79s",
		    line + 5);
	for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
		if (is_verb(line, forbidden[i]))
			log_forbidden(session, line);
}

static void
obey(struct session *session, const char *line)
{
	enum phase phase = PHASE_OTHER;

	note_command(session, line);
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (is_verb(line, commands[i].verb))
			phase = commands[i].phase;
	if (phase == PHASE_EHLO && session->ssl != NULL)
		phase = PHASE_EHLO_TLS;
	if (phase == PHASE_STARTTLS && session->ssl != NULL)
		phase = PHASE_OTHER;
	play(session, phase);
}

/* GO_ON where a command has been taken. */
static enum progress
take_command(struct session *session)
{
	char *end = memchr(session->input, '\n', session->input_length);
	char line[sizeof session->input];
	size_t length, used;

	if (end == NULL)
		return WAIT_READ;
	length = (size_t)(end - session->input);
	used = length + 1;
	memcpy(line, session->input, length);
	if (length > 0 && line[length - 1] == '\r')
		length--;
	line[length] = '\0';
	session->input_length -= used;
	memmove(session->input, session->input + used, session->input_length);
	obey(session, line);
	return GO_ON;
}

static enum progress
receive(struct session *session)
{
	size_t room = sizeof session->input - 1 - session->input_length;
	char *to = session->input + session->input_length;
	enum progress progress;
	int got;

	if (session->is_hanging) {
		to = session->input;
		room = sizeof session->input - 1;
	} else if (room == 0) {
		session_end(session, "too_long");
		return ENDED;
	}
	ERR_clear_error();
	/* A server that hangs or closes reads below TLS: it only waits for the
	 * end. */
	got = session->ssl != NULL && !session->is_hanging
	    ? SSL_read(session->ssl, to, (int)room)
	    : (int)read(session->fd, to, room);
	if (got <= 0) {
		progress = got < 0 && session->is_hanging ? (errno == EAGAIN ||
		    errno == EINTR ? WAIT_READ : ENDED)
		    : session->is_hanging ? ENDED : wants(session, got);
		if (progress == ENDED)
			session_end(session, session->is_closing
			    ? session->how : end_of_stream(got));
		return progress;
	}
	if (!session->is_hanging)
		session->input_length += (size_t)got;
	return GO_ON;
}

static enum progress
session_advance(struct session *session)
{
	enum progress progress;

	if (session->output_sent < session->output_length)
		return flush_output(session);
	if (session->is_hanging)
		return receive(session);
	if (session->script != NULL && session->step < session->script->count)
		return run_step(session);
	if (session->wants_hello)
		return await_hello(session);
	if (session->in_handshake)
		return shake_hands(session);
	progress = take_command(session);
	return progress == GO_ON ? GO_ON : receive(session);
}

static void
session_run(struct session *session)
{
	struct ev_loop *ev = session->server->fakemx->ev;
	enum progress progress;

	do
		progress = session_advance(session);
	while (progress == GO_ON);
	if (progress == ENDED)
		return;
	ev_io_stop(ev, &session->io);
	if (progress == WAIT_TIMER) {
		ev_timer_start(ev, &session->timer);
		return;
	}
	ev_io_set(&session->io, session->fd,
	    progress == WAIT_READ ? EV_READ : EV_WRITE);
	ev_io_start(ev, &session->io);
}

static void
on_ready(struct ev_loop *ev, ev_io *watcher, int events)
{
	(void)ev;
	(void)events;
	session_run(watcher->data);
}

static void
on_timer(struct ev_loop *ev, ev_timer *watcher, int events)
{
	struct session *session = watcher->data;

	(void)ev;
	(void)events;
	if (session->is_closing)
		session_end(session, session->how);
	else
		session_run(session);
}

void
session_start(struct server *server, int fd)
{
	struct session *session = calloc(1, sizeof *session);

	if (session == NULL)
		err(71, "calloc");
	session->server = server;
	session->fd = fd;
	session->number = ++server->fakemx->session_count;
	session->is_odd = ++server->session_count % 2 == 1;
	session->started = ev_time();
	session->older = server->sessions;
	if (session->older != NULL)
		session->older->newer = session;
	server->sessions = session;
	ev_io_init(&session->io, on_ready, fd, EV_READ);
	ev_timer_init(&session->timer, on_timer, 0, 0);
	session->io.data = session->timer.data = session;
	play(session, PHASE_GREETING);
	log_open(session);
	session_run(session);
}
