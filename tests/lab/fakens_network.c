/*
 * fakens_network: a server at every address of a network (fakens.h).
 *
 * A million domains have a hundred thousand name servers. One socket serves all
 * of them: the kernel tells to which address a question came, and the answer is
 * sent from there. Questions and answers are handled in batches, so that little
 * of a benchmark's CPU time is spent here.
 */
#include "fakens.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BATCH		64
#define ROUNDS		16	/* until others have their turn */
#define QUESTION_MAX	512
#define ANSWER_MAX	512	/* what every client takes (RFC 1035 4.2.1) */
#define RECEIVE_BYTES	(32 * 1024 * 1024)
#define PORT		53

/* An answer on its way. */
struct reply {
	struct reply	*next;
	ev_tstamp	 due;
	struct sockaddr_in to;
	struct in_addr	 from;
	size_t		 length;
	uint8_t		 bytes[];
};

/* Of the kernel's: where a datagram came to, or leaves from. */
struct control {
	_Alignas(struct cmsghdr) uint8_t
			 bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

static int sock = -1;
static ev_io readable;

static void
prepare(struct mmsghdr *message, struct iovec *piece, struct control *control,
    struct sockaddr_in *address)
{
	message->msg_hdr = (struct msghdr){ .msg_name = address,
	    .msg_namelen = sizeof *address, .msg_iov = piece, .msg_iovlen = 1,
	    .msg_control = control, .msg_controllen = sizeof *control };
}

static void
set_source(struct control *control, struct in_addr from)
{
	struct in_pktinfo where = { .ipi_spec_dst = from };
	struct cmsghdr *head = (struct cmsghdr *)control->bytes;

	memset(control, 0, sizeof *control);
	head->cmsg_level = IPPROTO_IP;
	head->cmsg_type = IP_PKTINFO;
	head->cmsg_len = CMSG_LEN(sizeof where);
	memcpy(CMSG_DATA(head), &where, sizeof where);
}

/* The answers that are due, up to a batch. Returns how many. */
static unsigned
send_batch(struct network *network, ev_tstamp until)
{
	struct mmsghdr messages[BATCH];
	struct iovec pieces[BATCH];
	struct control controls[BATCH];
	struct reply *reply = network->replies;
	unsigned count = 0, sent = 0;

	for (; reply != NULL && count < BATCH && reply->due <= until;
	    reply = reply->next) {
		prepare(&messages[count], &pieces[count], &controls[count],
		    &reply->to);
		pieces[count] = (struct iovec){ reply->bytes, reply->length };
		set_source(&controls[count++], reply->from);
	}
	while (sent < count) {
		int done = sendmmsg(sock, messages + sent, count - sent, 0);

		/* Not sent: its client's fault, and yet no answer. */
		network->server.answered += done > 0 ? (unsigned)done : 0;
		network->server.dropped += done <= 0;
		sent += done > 0 ? (unsigned)done : 1;
	}
	for (unsigned i = 0; i < count; i++) {
		reply = network->replies;
		network->replies = reply->next;
		free(reply);
	}
	if (network->replies == NULL)
		network->last = &network->replies;
	return count;
}

/* A timer is exact to a millisecond, so answers that are due within it are
 * sent, too. */
static void
send_due(struct network *network)
{
	struct ev_loop *ev = network->server.fakens->ev;
	ev_tstamp now = ev_time();

	while (network->replies != NULL &&
	    send_batch(network, now + 0.001) > 0)
		;
	ev_timer_stop(ev, &network->timer);
	if (network->replies == NULL)
		return;
	ev_timer_set(&network->timer, network->replies->due - now, 0);
	ev_timer_start(ev, &network->timer);
}

static void
on_due(struct ev_loop *ev, ev_timer *watcher, int events)
{
	(void)ev;
	(void)events;
	send_due(watcher->data);
}

static struct network *
find_network(const struct fakens *fakens, struct in_addr address)
{
	struct network *network = fakens->networks;

	while (network != NULL && (ntohl(address.s_addr) & network->mask) !=
	    network->first)
		network = network->next;
	return network;
}

static void
write_answer(struct network *network, const struct query *query,
    struct answer *answer, const uint8_t *question)
{
	answer->query = query;
	if (!zone_answer(&network->server, answer, question))
		answer_start(answer, query, question, 0, REFUSED);
	answer_end(answer);
	if (answer->length <= ANSWER_MAX)
		return;
	answer_start(answer, query, question, FLAG_TC, NOERROR);
	answer_end(answer);
}

/* Returns whether an answer waits to be sent. */
static bool
take_question(struct network *network, const struct sockaddr_in *client,
    struct in_addr here, const uint8_t *question, size_t length)
{
	static struct answer answer;
	struct query query;
	struct reply *reply;

	network->server.asked++;
	if (network->is_silent || !query_read(&query, question, length)) {
		network->server.dropped++;
		return false;
	}
	write_answer(network, &query, &answer, question);
	/* As long as the answer, since many are on their way. */
	reply = malloc(sizeof *reply + answer.length);
	if (reply == NULL)
		err(71, "malloc");
	reply->next = NULL;
	reply->due = ev_now(network->server.fakens->ev) +
	    (double)network->late_ms / 1000;
	reply->to = *client;
	reply->from = here;
	reply->length = answer.length;
	memcpy(reply->bytes, answer.bytes, answer.length);
	*network->last = reply;
	network->last = &reply->next;
	return true;
}

static void
take_message(struct fakens *fakens, const struct mmsghdr *message)
{
	const struct msghdr *head = &message->msg_hdr;
	struct in_pktinfo where;
	struct network *network;
	const struct cmsghdr *control = CMSG_FIRSTHDR(head);

	if (control == NULL || control->cmsg_type != IP_PKTINFO)
		errx(74, "the kernel does not say where a question came to");
	memcpy(&where, CMSG_DATA(control), sizeof where);
	network = find_network(fakens, where.ipi_addr);
	if (network == NULL || !take_question(network, head->msg_name,
	    where.ipi_addr, head->msg_iov->iov_base, message->msg_len))
		return;
	if (network->late_ms > 0 && !ev_is_active(&network->timer)) {
		ev_timer_set(&network->timer,
		    (double)network->late_ms / 1000, 0);
		ev_timer_start(fakens->ev, &network->timer);
	}
}

static void
on_readable(struct ev_loop *ev, ev_io *watcher, int events)
{
	static uint8_t bytes[BATCH][QUESTION_MAX];
	static struct mmsghdr messages[BATCH];
	static struct iovec pieces[BATCH];
	static struct control controls[BATCH];
	static struct sockaddr_in clients[BATCH];
	struct fakens *fakens = watcher->data;
	int got = BATCH;

	(void)ev;
	(void)events;
	for (int round = 0; round < ROUNDS && got == BATCH; round++) {
		for (int i = 0; i < BATCH; i++) {
			pieces[i] = (struct iovec){ bytes[i], QUESTION_MAX };
			prepare(&messages[i], &pieces[i], &controls[i],
			    &clients[i]);
		}
		got = recvmmsg(sock, messages, BATCH, MSG_DONTWAIT, NULL);
		if (got < 0 && errno != EAGAIN && errno != EINTR)
			warn("recvmmsg");
		for (int i = 0; i < got; i++)
			take_message(fakens, &messages[i]);
		for (struct network *network = fakens->networks;
		    network != NULL; network = network->next)
			if (network->late_ms == 0)
				send_due(network);
	}
}

/* All addresses, so that the kernel gives us what nobody else has bound. Other
 * programs at port 53 have to share it (SO_REUSEPORT). */
static void
make_socket(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
	    .sin_port = htons(PORT) };
	int yes = 1, size = RECEIVE_BYTES;

	sock = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (sock < 0)
		err(74, "socket");
	if (setsockopt(sock, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) != 0 ||
	    setsockopt(sock, IPPROTO_IP, IP_PKTINFO, &yes, sizeof yes) != 0)
		err(74, "socket of the networks");
	if (setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) !=
	    0 && setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &size, sizeof size) !=
	    0)
		err(74, "SO_RCVBUF");
	if (bind(sock, (const struct sockaddr *)&any, sizeof any) != 0)
		err(74, "bind all addresses, port 53");
}

void
networks_listen(struct fakens *fakens)
{
	if (fakens->networks == NULL)
		return;
	for (struct network *network = fakens->networks; network != NULL;
	    network = network->next) {
		network->last = &network->replies;
		ev_timer_init(&network->timer, on_due, 0, 0);
		network->timer.data = network;
	}
	make_socket();
	ev_io_init(&readable, on_readable, sock, EV_READ);
	readable.data = fakens;
	ev_io_start(fakens->ev, &readable);
}
