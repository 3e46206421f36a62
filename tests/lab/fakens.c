/* fakens: listens at every address of the table. */
#include "fakens.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND	78	/* linux/in6.h, which clashes with netinet/in.h */
#endif
#define BACKLOG		512
/* A loss that is not in the table would make every count wrong. */
#define RECEIVE_BYTES	(8 * 1024 * 1024)
#define QUESTIONS_AT_ONCE 256

static void
on_incoming(struct ev_loop *ev, ev_io *watcher, int events)
{
	struct server *server = watcher->data;
	int fd;

	(void)ev;
	(void)events;
	while ((fd = accept4(watcher->fd, NULL, NULL,
	    SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
		connection_start(server, fd);
	if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
		warn("accept at %s", server->text);
}

static void
on_datagram(struct ev_loop *ev, ev_io *watcher, int events)
{
	static uint8_t message[MESSAGE_MAX];
	struct server *server = watcher->data;

	(void)ev;
	(void)events;
	for (int i = 0; i < QUESTIONS_AT_ONCE; i++) {
		struct client client = { .length = sizeof client.address };
		ssize_t got = recvfrom(watcher->fd, message, sizeof message, 0,
		    (struct sockaddr *)&client.address, &client.length);

		if (got < 0 && errno != EAGAIN && errno != EINTR)
			warn("recvfrom at %s", server->text);
		if (got < 0)
			return;
		question_start(server, &client, message, (size_t)got);
	}
}

static int
make_socket(const struct server *server, int kind)
{
	int yes = 1, fd = socket(server->address.ss_family,
	    kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		err(74, "socket for %s", server->text);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0)
		err(74, "SO_REUSEADDR");
	/* The address is routed to this machine and on no interface. */
	if (server->address.ss_family == AF_INET6 && (setsockopt(fd,
	    IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) != 0 || setsockopt(fd,
	    IPPROTO_IPV6, IPV6_FREEBIND, &yes, sizeof yes) != 0))
		err(74, "IPv6 socket");
	if (bind(fd, (const struct sockaddr *)&server->address,
	    server->address_length) != 0)
		err(74, "bind %s port 53", server->text);
	return fd;
}

/* The kernel drops SYN packets while the queue of a listener is full. With a
 * backlog of 0, one connection that is not accepted fills it. */
static void
fill_queue(const struct server *server)
{
	for (int i = 0; i < 2; i++) {
		int fd = socket(server->address.ss_family,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		if (fd < 0 || (connect(fd,
		    (const struct sockaddr *)&server->address,
		    server->address_length) != 0 && errno != EINPROGRESS))
			err(74, "connect to %s", server->text);
	}
}

static void
listen_tcp(struct server *server)
{
	bool is_deaf = server->tcp == TCP_DEAF;
	int fd;

	if (server->tcp == TCP_REFUSED)
		return;
	fd = make_socket(server, SOCK_STREAM);
	if (listen(fd, is_deaf ? 0 : BACKLOG) != 0)
		err(74, "listen at %s", server->text);
	if (is_deaf) {
		fill_queue(server);
		return;
	}
	ev_io_init(&server->incoming, on_incoming, fd, EV_READ);
	server->incoming.data = server;
	ev_io_start(server->fakens->ev, &server->incoming);
}

static void
listen_udp(struct server *server)
{
	int fd = make_socket(server, SOCK_DGRAM), size = RECEIVE_BYTES;

	/* Beyond the limit of the system where we may, else up to it. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0
	    && setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size) != 0)
		err(74, "SO_RCVBUF");
	ev_io_init(&server->udp, on_datagram, fd, EV_READ);
	server->udp.data = server;
	ev_io_start(server->fakens->ev, &server->udp);
}

/* A relayed question and a connection have a descriptor each. */
static void
raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		err(71, "getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		warn("setrlimit");
}

static void
on_second(struct ev_loop *ev, ev_timer *watcher, int events)
{
	(void)ev;
	(void)events;
	log_second(watcher->data);
}

static void
on_terminate(struct ev_loop *ev, ev_signal *watcher, int events)
{
	(void)watcher;
	(void)events;
	ev_break(ev, EVBREAK_ALL);
}

int
main(int argc, char **argv)
{
	struct fakens fakens = { .log = -1 };
	ev_signal terminate;
	ev_timer second;
	unsigned count = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: fakens TABLE LOG\n");
		return 2;
	}
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		err(71, "signal");
	raise_file_limit();
	fakens.ev = ev_default_loop(EVFLAG_NOENV | EVBACKEND_EPOLL);
	if (fakens.ev == NULL)
		errx(71, "no event loop");
	fakens.log = open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
	    0644);
	if (fakens.log < 0)
		err(74, "%s", argv[2]);
	table_read(&fakens, argv[1]);
	for (struct server *server = fakens.servers; server != NULL;
	    server = server->next) {
		listen_udp(server);
		listen_tcp(server);
		count++;
	}
	networks_listen(&fakens);
	ev_signal_init(&terminate, on_terminate, SIGTERM);
	ev_signal_start(fakens.ev, &terminate);
	ev_timer_init(&second, on_second, 1, 1);
	second.data = &fakens;
	ev_timer_start(fakens.ev, &second);
	printf("fakens ready: %u addresses\n", count);
	if (fflush(stdout) != 0)
		err(74, "standard output");
	ev_run(fakens.ev, 0);
	log_second(&fakens);
	return 0;
}
