/* fakemx: listens at every address of the table. */
#include "fakemx.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND	78	/* linux/in6.h, which clashes with netinet/in.h */
#endif
#define PORT		25
#define BACKLOG		512

static void
on_incoming(struct ev_loop *ev, ev_io *watcher, int events)
{
	struct server *server = watcher->data;
	int fd;

	(void)ev;
	(void)events;
	while ((fd = accept4(watcher->fd, NULL, NULL,
	    SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
		session_start(server, fd);
	if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
		warn("accept at %s", server->text);
}

static int
make_socket(const struct server *server)
{
	int fd = socket(server->address.ss_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		err(74, "socket for %s", server->text);
	return fd;
}

/* The kernel drops SYN packets while the queue of a listener is full. With a
 * backlog of 0, one connection that is not accepted fills it. */
static void
fill_queue(const struct server *server)
{
	for (int i = 0; i < 2; i++) {
		int fd = make_socket(server);

		if (connect(fd, (const struct sockaddr *)&server->address,
		    server->address_length) != 0 && errno != EINPROGRESS)
			err(74, "connect to %s", server->text);
	}
}

static void
server_listen(struct server *server)
{
	struct behaviour *behaviour = server->behaviour;
	int yes = 1, fd = make_socket(server);

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0)
		err(74, "SO_REUSEADDR");
	/* The address is routed to this machine and on no interface. */
	if (server->address.ss_family == AF_INET6 && (setsockopt(fd,
	    IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) != 0 || setsockopt(fd,
	    IPPROTO_IPV6, IPV6_FREEBIND, &yes, sizeof yes) != 0))
		err(74, "IPv6 socket");
	if (bind(fd, (const struct sockaddr *)&server->address,
	    server->address_length) != 0)
		err(74, "bind %s port %d", server->text, PORT);
	if (listen(fd, behaviour->is_deaf ? 0 : BACKLOG) != 0)
		err(74, "listen at %s", server->text);
	if (behaviour->is_deaf) {
		fill_queue(server);
		return;
	}
	ev_io_init(&server->incoming, on_incoming, fd, EV_READ);
	server->incoming.data = server;
	ev_io_start(server->fakemx->ev, &server->incoming);
}

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

/* The program executes itself to read the new table, so nothing of the old one
 * is left; every old socket is closed. */
static void
on_hangup(struct ev_loop *ev, ev_signal *watcher, int events)
{
	(void)ev;
	(void)events;
	execv("/proc/self/exe", watcher->data);
	err(71, "exec");
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
	struct fakemx fakemx = { .log = -1 };
	ev_signal terminate, hangup;
	unsigned count = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: fakemx TABLE LOG\n");
		return 2;
	}
	/* The host's openssl.cnf must not decide what a server of the lab
	 * supports. */
	if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		errx(70, "OpenSSL does not start");
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		err(71, "signal");
	raise_file_limit();
	fakemx.ev = ev_default_loop(EVFLAG_NOENV | EVBACKEND_EPOLL);
	if (fakemx.ev == NULL)
		errx(71, "no event loop");
	fakemx.log = open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
	    0644);
	if (fakemx.log < 0)
		err(74, "%s", argv[2]);
	table_read(&fakemx, argv[1]);
	for (struct server *server = fakemx.servers; server != NULL;
	    server = server->next) {
		server_listen(server);
		count++;
	}
	ev_signal_init(&terminate, on_terminate, SIGTERM);
	ev_signal_start(fakemx.ev, &terminate);
	ev_signal_init(&hangup, on_hangup, SIGHUP);
	hangup.data = argv;
	ev_signal_start(fakemx.ev, &hangup);
	printf("fakemx ready: %u addresses\n", count);
	if (fflush(stdout) != 0)
		err(74, "standard output");
	ev_run(fakemx.ev, 0);
	return 0;
}
