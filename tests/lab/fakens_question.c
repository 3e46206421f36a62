/*
 * fakens_question: one question, from its arrival to its answer.
 *
 * A relayed question has a socket of its own to the upstream server, so that
 * neither its ID nor a table says whose an answer is. Every question is counted
 * as answered or as dropped, once.
 */
#include "fakens.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UPSTREAM_SECONDS	5.0
#define HEADER			12

struct question {
	struct server	*server;
	struct client	 client;
	enum transport	 transport;
	struct query	 query;
	struct outcome	 outcome;
	int		 fd;		/* to the upstream server, or -1 */
	ev_io		 upstream;
	ev_timer	 timer;		/* of the upstream, then of the delay */
	bool		 is_ready;	/* message is the answer */
	uint8_t		*message;	/* owned; the question before */
	size_t		 length;
	uint8_t		*input;		/* owned; from the upstream */
	size_t		 input_length;
};

static void
close_upstream(struct question *question)
{
	if (question->fd < 0)
		return;
	ev_io_stop(question->server->fakens->ev, &question->upstream);
	close(question->fd);
	question->fd = -1;
}

static void
question_free(struct question *question)
{
	close_upstream(question);
	ev_timer_stop(question->server->fakens->ev, &question->timer);
	free(question->message);
	free(question->input);
	free(question);
}

void
question_forget(struct question *question)
{
	question->server->dropped++;
	question_free(question);
}

static void
question_drop(struct question *question)
{
	if (question->client.connection != NULL)
		connection_remove(question->client.connection, question);
	question_forget(question);
}

static bool
send_datagram(const struct question *question)
{
	return sendto(question->server->udp.fd, question->message,
	    question->length, 0,
	    (const struct sockaddr *)&question->client.address,
	    question->client.length) >= 0;
}

/* Each has another ID. */
static void
send_wrong_ids(struct question *question)
{
	uint16_t id = read16(question->message);

	for (unsigned long i = 1; i <= question->outcome.wrong_ids; i++) {
		write16(question->message, (uint16_t)(id ^ i));
		(void)send_datagram(question);
	}
	write16(question->message, id);
}

static void
question_send(struct question *question)
{
	struct server *server = question->server;
	bool is_sent = true;

	if (question->client.connection != NULL) {
		connection_send(question->client.connection, question->message,
		    question->length);
		connection_remove(question->client.connection, question);
	} else {
		send_wrong_ids(question);
		is_sent = send_datagram(question);
	}
	/* Not sent: its client's fault, and yet no answer. */
	server->answered += is_sent;
	server->dropped += !is_sent;
	question_free(question);
}

static void
hold_message(struct question *question, const uint8_t *message, size_t length)
{
	uint8_t *copy = malloc(length);

	if (copy == NULL)
		err(71, "malloc");
	memcpy(copy, message, length);
	free(question->message);
	question->message = copy;
	question->length = length;
}

/* An answer that does not fit into the client's datagram is sent without
 * records. */
static void
fit(struct question *question)
{
	static struct answer answer;

	if (question->transport == TCP ||
	    question->length <= question->query.udp_max)
		return;
	answer_start(&answer, &question->query, question->message,
	    FLAG_TC | (read16(question->message + 2) & FLAG_AA),
	    read16(question->message + 2) & 15);
	answer_end(&answer);
	hold_message(question, answer.bytes, answer.length);
}

static void
question_answer(struct question *question, const uint8_t *message,
    size_t length)
{
	static struct answer stripped;
	const struct outcome *outcome = &question->outcome;

	close_upstream(question);
	if (outcome->strips_rrsig) {
		strip_rrsig(&stripped, &question->query, message, length);
		message = stripped.bytes;
		length = stripped.length;
	}
	hold_message(question, message, length);
	if (outcome->preference >= 0)
		change_preference(question->message, length, &question->query,
		    (uint16_t)outcome->preference);
	fit(question);
	if (outcome->has_wrong_id)
		question->message[1] ^= 1;
	if (outcome->has_wrong_question)
		change_question(question->message, question->length);
	if (outcome->is_lower)
		lower_question(question->message, question->query.end);
	question->is_ready = true;
	ev_timer_stop(question->server->fakens->ev, &question->timer);
	if (outcome->delay_ms == 0) {
		question_send(question);
		return;
	}
	ev_timer_set(&question->timer, (double)outcome->delay_ms / 1000, 0);
	ev_timer_start(question->server->fakens->ev, &question->timer);
}

static void
on_timer(struct ev_loop *ev, ev_timer *watcher, int events)
{
	struct question *question = watcher->data;

	(void)ev;
	(void)events;
	if (question->is_ready)
		question_send(question);
	else
		question_drop(question);
}

/* Over TCP the answer may come in pieces, its length first. */
static void
on_upstream_readable(struct question *question)
{
	size_t head = question->transport == TCP ? 2 : 0;
	ssize_t got;

	if (question->input == NULL &&
	    (question->input = malloc(2 + MESSAGE_MAX)) == NULL)
		err(71, "malloc");
	got = recv(question->fd, question->input + question->input_length,
	    2 + MESSAGE_MAX - question->input_length, 0);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		question_drop(question);
		return;
	}
	question->input_length += (size_t)got;
	if (head == 2 && (question->input_length < head ||
	    question->input_length < head + read16(question->input)))
		return;
	if (question->input_length < head + question->query.end)
		question_drop(question);
	else
		question_answer(question, question->input + head,
		    question->input_length - head);
}

static void
on_upstream(struct ev_loop *ev, ev_io *watcher, int events)
{
	struct question *question = watcher->data;
	uint8_t head[2];

	if (events & EV_READ) {
		on_upstream_readable(question);
		return;
	}
	/* Connected. A question is small enough for the first window. */
	write16(head, (uint16_t)question->length);
	if (send(question->fd, head, 2, MSG_NOSIGNAL | MSG_MORE) != 2 ||
	    send(question->fd, question->message, question->length,
	    MSG_NOSIGNAL) != (ssize_t)question->length) {
		question_drop(question);
		return;
	}
	ev_io_stop(ev, watcher);
	ev_io_set(watcher, question->fd, EV_READ);
	ev_io_start(ev, watcher);
}

static void
question_relay(struct question *question)
{
	const struct server *server = question->server;
	struct ev_loop *ev = server->fakens->ev;
	bool is_tcp = question->transport == TCP;

	question->fd = socket(server->upstream.ss_family, (is_tcp ? SOCK_STREAM
	    : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (question->fd < 0)
		err(74, "socket to the upstream of %s", server->text);
	ev_io_init(&question->upstream, on_upstream, question->fd,
	    is_tcp ? EV_WRITE : EV_READ);
	question->upstream.data = question;
	ev_timer_set(&question->timer, UPSTREAM_SECONDS, 0);
	if ((connect(question->fd, (const struct sockaddr *)&server->upstream,
	    server->upstream_length) != 0 && errno != EINPROGRESS) ||
	    (!is_tcp && send(question->fd, question->message,
	    question->length, 0) != (ssize_t)question->length)) {
		question_drop(question);
		return;
	}
	ev_io_start(ev, &question->upstream);
	ev_timer_start(ev, &question->timer);
}

/* Writes what the table says, after the ID and around the question. */
static void
answer_as_told(struct question *question, struct answer *answer)
{
	const struct rule *rule = question->outcome.rule;

	answer->query = &question->query;
	answer_raw(answer, question->message, rule->bytes, rule->length);
}

/* The answer of a rule. FORMERR and NOTIMP are those of a server that has
 * never heard of EDNS (RFC 6891 7). */
static void
answer_by_rule(struct question *question, struct answer *answer)
{
	static const struct { unsigned flags; enum rcode rcode; } heads[] = {
		[DO_SERVFAIL] = { 0, SERVFAIL }, [DO_REFUSED] = { 0, REFUSED },
		[DO_NOTIMP] = { 0, NOTIMP }, [DO_FORMERR] = { 0, FORMERR },
		[DO_NXDOMAIN] = { FLAG_AA, NXDOMAIN },
		[DO_REFERRAL] = { 0, NOERROR },
		[DO_TRUNCATE] = { FLAG_AA | FLAG_TC, NOERROR },
	};
	enum action action = question->outcome.decided;
	struct name root, server;

	if (action == DO_ANSWER || action == DO_ANSWER_EDNS) {
		answer_as_told(question, answer);
		return;
	}
	answer_start(answer, &question->query, question->message,
	    heads[action].flags, heads[action].rcode);
	if (action == DO_REFERRAL && name_parse(&root, ".") &&
	    name_parse(&server, "a.root-servers.lab.")) {
		size_t start = record_start(answer, AUTHORITY, &root, TYPE_NS);

		answer_name(answer, &server);
		record_end(answer, start);
	}
	if (action != DO_NOTIMP && action != DO_FORMERR)
		answer_end(answer);
}

static void
question_decide(struct question *question)
{
	static struct answer answer;
	const struct server *server = question->server;
	enum action decided = question->outcome.decided;
	const char *what = decided == DO_RELAY ? "relay"
	    : action_names[decided];

	answer.query = &question->query;
	if (decided == DO_DROP) {
		log_question(server, &question->query, question->transport,
		    what);
		question_drop(question);
		return;
	}
	if (decided != DO_RELAY) {
		answer_by_rule(question, &answer);
	} else if (server->book != NULL) {
		if (book_answer(server->book, &answer, question->message)) {
			what = "book";
		} else {
			what = "unlisted";
			question->outcome.decided = DO_REFUSED;
			answer_by_rule(question, &answer);
		}
	} else if (zone_answer(server, &answer, question->message)) {
		what = "zone";
		answer_end(&answer);
	} else if (server->upstream_length > 0) {
		log_question(server, &question->query, question->transport,
		    what);
		question_relay(question);
		return;
	} else {
		what = action_names[DO_REFUSED];
		question->outcome.decided = DO_REFUSED;
		answer_by_rule(question, &answer);
	}
	log_question(server, &question->query, question->transport, what);
	question_answer(question, answer.bytes, answer.length);
}

void
question_start(struct server *server, const struct client *client,
    const uint8_t *message, size_t length)
{
	enum transport transport = client->connection != NULL ? TCP : UDP;
	struct question *question;
	struct query query;
	bool is_query = query_read(&query, message, length);

	server->asked++;
	if (!is_query || !server_may_answer(server)) {
		log_question(server, &query, transport,
		    is_query ? "rate" : "malformed");
		server->dropped++;
		return;
	}
	question = calloc(1, sizeof *question);
	if (question == NULL)
		err(71, "calloc");
	question->server = server;
	question->client = *client;
	question->transport = transport;
	question->query = query;
	question->fd = -1;
	ev_timer_init(&question->timer, on_timer, 0, 0);
	question->timer.data = question;
	hold_message(question, message, length);
	if (client->connection != NULL)
		connection_add(client->connection, question);
	question->outcome = rules_apply(server, &query, transport);
	question_decide(question);
}
