#include "scanner/dns/direct/sockets.h"

#include <assert.h>
#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/memory.h"

#define PORT		53
#define FAMILIES	2
/* How long a socket takes new questions. */
#define SOCKET_MS	4000
/* Responses should be no longer than what EDNS offers, but a server may ignore
 * that. */
#define PACKET_MAX	4096
/* What the kernel counts for a packet of 1,232 bytes. */
#define PACKET_COST	2304
#define ROOM_MIN	16
#define PORT_MIN	1024
#define PORT_TRIES	16
/* The bound keeps a flood from starving the rest of the loop. */
#define BATCHES_AT_ONCE	64


struct incoming {
	struct sockaddr_in6 from;
	uint8_t		 bytes[PACKET_MAX];
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(uint32_t))];
};

struct sockets {
	struct ev_loop	*ev;
	struct sockets_owner owner;
	struct randomness *randomness;
	int		 receive_bytes;
	unsigned	 count;			/* of a family */
	struct udp_socket **open[FAMILIES];	/* owned; NULL: not open */
	struct list	 retired;
	struct incoming	 incoming[SOCKETS_BATCH];
};

static socklen_t
put_address(struct sockaddr_in6 *to, const struct address *address,
    uint16_t port)
{
	struct sockaddr_in v4 = {
		.sin_family = AF_INET, .sin_port = htons(port),
	};

	memset(to, 0, sizeof *to);
	if (address->family == 4) {
		memcpy(&v4.sin_addr, address->bytes, 4);
		memcpy(to, &v4, sizeof v4);
		return sizeof v4;
	}
	to->sin6_family = AF_INET6;
	to->sin6_port = htons(port);
	memcpy(&to->sin6_addr, address->bytes, 16);
	return sizeof *to;
}

/* Returns false if it is not port 53. */
static bool
get_address(const struct sockaddr_in6 *from, struct address *address)
{
	struct sockaddr_in v4;

	*address = (struct address){ 0 };
	if (from->sin6_family == AF_INET) {
		memcpy(&v4, from, sizeof v4);
		address->family = 4;
		memcpy(address->bytes, &v4.sin_addr, 4);
		return v4.sin_port == htons(PORT);
	}
	address->family = 6;
	memcpy(address->bytes, &from->sin6_addr, 16);
	return from->sin6_family == AF_INET6 && from->sin6_port == htons(PORT);
}

/* SO_RXQ_OVFL: how many packets were dropped before this one. */
static void
read_drops(struct udp_socket *socket, struct msghdr *header)
{
	for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control != NULL;
	    control = CMSG_NXTHDR(header, control)) {
		uint32_t dropped;

		if (control->cmsg_level != SOL_SOCKET ||
		    control->cmsg_type != SO_RXQ_OVFL)
			continue;
		memcpy(&dropped, CMSG_DATA(control), sizeof dropped);
		/* It may have come before udp_socket_has_lost(). */
		if ((int32_t)(dropped - socket->dropped) <= 0)
			continue;
		socket->dropped = dropped;
		socket->has_lost = true;
	}
}

static int
receive(struct udp_socket *socket)
{
	struct sockets *sockets = socket->sockets;
	struct mmsghdr headers[SOCKETS_BATCH];
	struct iovec vectors[SOCKETS_BATCH];
	struct address from;
	int count;

	for (unsigned i = 0; i < SOCKETS_BATCH; i++) {
		struct incoming *incoming = &sockets->incoming[i];

		vectors[i] = (struct iovec){ incoming->bytes, PACKET_MAX };
		headers[i].msg_hdr = (struct msghdr){
			.msg_name = &incoming->from,
			.msg_namelen = sizeof incoming->from,
			.msg_iov = &vectors[i], .msg_iovlen = 1,
			.msg_control = incoming->control,
			.msg_controllen = sizeof incoming->control,
		};
	}
	do
		count = recvmmsg(socket->descriptor, headers, SOCKETS_BATCH, 0,
		    NULL);
	while (count < 0 && errno == EINTR);
	for (int i = 0; i < count; i++) {
		read_drops(socket, &headers[i].msg_hdr);
		if (get_address(&sockets->incoming[i].from, &from))
			sockets->owner.received(sockets->owner.tag, socket,
			    &from, sockets->incoming[i].bytes,
			    headers[i].msg_len);
	}
	return count;
}

static void
close_socket(struct udp_socket *socket)
{
	ev_io_stop(socket->sockets->ev, &socket->readable);
	close(socket->descriptor);
	list_remove(&socket->link);
	free(socket);
}

static void
on_readable(struct ev_loop *ev, ev_io *watcher, int revents)
{
	struct udp_socket *socket = watcher->data;

	(void)ev;
	(void)revents;
	for (unsigned i = 0; i < BATCHES_AT_ONCE &&
	    receive(socket) == SOCKETS_BATCH; i++)
		;
	/* Packets that arrived in spite of that have been read by now. */
	if (socket->has_lost) {
		socket->has_lost = false;
		socket->sockets->owner.lost(socket->sockets->owner.tag,
		    socket);
	}
	if (socket->is_retired && socket->count == 0)
		close_socket(socket);
}

bool
udp_socket_has_lost(struct udp_socket *socket)
{
	uint32_t values[SK_MEMINFO_DROPS + 1];
	socklen_t length = sizeof values;

	if (getsockopt(socket->descriptor, SOL_SOCKET, SO_MEMINFO, values,
	    &length) != 0 || length < sizeof values ||
	    values[SK_MEMINFO_DROPS] == socket->dropped)
		return false;
	socket->dropped = values[SK_MEMINFO_DROPS];
	return true;
}

static bool
bind_random(struct sockets *sockets, int descriptor, uint8_t family)
{
	const struct address any = { .family = family };
	struct sockaddr_in6 name;

	for (int i = 0; i < PORT_TRIES; i++) {
		uint16_t port;
		socklen_t length;

		do
			port = randomness_16(sockets->randomness);
		while (port < PORT_MIN);
		length = put_address(&name, &any, port);
		if (bind(descriptor, (struct sockaddr *)&name, length) == 0)
			return true;
	}
	return false;
}

/* The kernel gives what net.core.rmem_max allows, and doubles it for its own
 * use, which PACKET_COST counts. */
static unsigned
room_of(const struct sockets *sockets, int descriptor)
{
	int bytes = sockets->receive_bytes;
	socklen_t length = sizeof bytes;

	if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes,
	    sizeof bytes) != 0 || getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF,
	    &bytes, &length) != 0 || bytes < ROOM_MIN * PACKET_COST)
		return ROOM_MIN;
	return (unsigned)bytes / PACKET_COST;
}

static struct udp_socket *
open_socket(struct sockets *sockets, uint8_t family)
{
	int yes = 1, descriptor = socket(family == 4 ? AF_INET : AF_INET6,
	    SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct udp_socket *made;

	if (descriptor < 0)
		return NULL;
	if ((family == 6 && setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY,
	    &yes, sizeof yes) != 0) || setsockopt(descriptor, SOL_SOCKET,
	    SO_RXQ_OVFL, &yes, sizeof yes) != 0 ||
	    !bind_random(sockets, descriptor, family)) {
		close(descriptor);
		return NULL;
	}
	made = xcalloc(1, sizeof *made);
	made->sockets = sockets;
	made->descriptor = descriptor;
	made->opened_ms = clock_ms();
	made->room = room_of(sockets, descriptor);
	list_init(&made->link);
	for (unsigned i = 0; i < SOCKET_CHAINS; i++)
		list_init(&made->chains[i]);
	ev_io_init(&made->readable, on_readable, descriptor, EV_READ);
	/* Packets that have arrived are read before a timer declares them
	 * missing. */
	ev_set_priority(&made->readable, EV_MAXPRI);
	made->readable.data = made;
	ev_io_start(sockets->ev, &made->readable);
	return made;
}

static void
retire(struct udp_socket *socket)
{
	socket->is_retired = true;
	if (socket->count == 0)
		close_socket(socket);
	else
		list_append(&socket->sockets->retired, &socket->link);
}

struct udp_socket *
sockets_choose(struct sockets *sockets, uint8_t family, bool *is_full)
{
	struct udp_socket **open = sockets->open[family == 6];
	unsigned start = randomness_16(sockets->randomness) % sockets->count;

	*is_full = false;
	for (unsigned i = 0; i < sockets->count; i++) {
		struct udp_socket **place =
		    &open[(start + i) % sockets->count], *fresh;

		if (*place == NULL ||
		    clock_ms() - (*place)->opened_ms > SOCKET_MS) {
			/* If no new socket can be opened, the old one stays in
			 * use. */
			fresh = open_socket(sockets, family);
			if (fresh != NULL && *place != NULL)
				retire(*place);
			if (fresh != NULL)
				*place = fresh;
		}
		if (*place != NULL && (*place)->count < (*place)->room)
			return *place;
		*is_full = *is_full || *place != NULL;
	}
	return NULL;
}

void
udp_socket_begin(struct udp_socket *socket, uint16_t id, struct list *link)
{
	list_append(&socket->chains[id % SOCKET_CHAINS], link);
	socket->count++;
}

/* A retired socket may be in the midst of receive(): it is closed from the
 * loop. */
void
udp_socket_end(struct udp_socket *socket, struct list *link)
{
	list_remove(link);
	assert(socket->count > 0);
	if (--socket->count == 0 && socket->is_retired)
		ev_feed_event(socket->sockets->ev, &socket->readable, EV_READ);
}

unsigned
udp_socket_send(struct udp_socket *socket, const struct outgoing *outgoing,
    unsigned count, int *error)
{
	struct mmsghdr headers[SOCKETS_BATCH];
	struct iovec vectors[SOCKETS_BATCH];
	struct sockaddr_in6 names[SOCKETS_BATCH];
	unsigned sent = 0;
	bool is_second = false;

	assert(count <= SOCKETS_BATCH);
	for (unsigned i = 0; i < count; i++) {
		vectors[i] = (struct iovec){
			(uint8_t *)(uintptr_t)outgoing[i].bytes,
			outgoing[i].length,
		};
		headers[i].msg_hdr = (struct msghdr){
			.msg_name = &names[i],
			.msg_namelen = put_address(&names[i], &outgoing[i].to,
			    PORT),
			.msg_iov = &vectors[i], .msg_iovlen = 1,
		};
	}
	*error = 0;
	while (sent < count) {
		int done = sendmmsg(socket->descriptor, headers + sent,
		    count - sent, 0);

		if (done > 0) {
			sent += (unsigned)done;
			is_second = false;
			continue;
		}
		*error = errno == ENOBUFS || errno == EINTR ? EAGAIN : errno;
		/* The error may belong to an earlier question; a second try
		 * shows whether it belongs to this one. */
		if (*error == EAGAIN || is_second)
			return sent;
		is_second = true;
	}
	*error = 0;
	return sent;
}

struct sockets *
sockets_new(struct ev_loop *ev, unsigned count, int receive_bytes,
    struct sockets_owner owner, struct randomness *randomness)
{
	struct sockets *sockets = xcalloc(1, sizeof *sockets);

	assert(count > 0);
	sockets->ev = ev;
	sockets->owner = owner;
	sockets->randomness = randomness;
	sockets->count = count;
	sockets->receive_bytes = receive_bytes;
	list_init(&sockets->retired);
	for (unsigned family = 0; family < FAMILIES; family++)
		sockets->open[family] = xcalloc(count,
		    sizeof sockets->open[family][0]);
	return sockets;
}

void
sockets_free(struct sockets *sockets)
{
	if (sockets == NULL)
		return;
	for (unsigned family = 0; family < FAMILIES; family++) {
		for (unsigned i = 0; i < sockets->count; i++)
			if (sockets->open[family][i] != NULL)
				close_socket(sockets->open[family][i]);
		free(sockets->open[family]);
	}
	while (!list_is_empty(&sockets->retired))
		close_socket(list_entry(sockets->retired.next,
		    struct udp_socket, link));
	free(sockets);
}
