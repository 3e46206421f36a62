/*
 * shim: calls of this machine that fail on purpose (LD_PRELOAD).
 *
 * FAULTS, in the environment, has rules that ";" parts:
 *
 *	CALL ERRNO [port=N] [type=stream|dgram] [share=PERCENT]
 *	clock SECONDS		what the clock of the day is set forward by
 *
 * CALL is socket, connect or send (send, sendto, sendmsg and sendmmsg); ERRNO
 * is a name. A port is that of the peer. Only sockets of IPv4 and IPv6 are
 * affected; the program's messages to itself are not.
 *
 * FAULTS_PAGE is a file with struct page, which every process maps. It switches
 * the rules on and off in mid-run, and it proves that faults took place. It is
 * mapped at the start, because a worker in its sandbox may open nothing.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define RULES_MAX	8

enum call { CALL_SOCKET, CALL_CONNECT, CALL_SEND, CALL_CLOCK, CALLS };

/* machine.py reads and writes it. */
struct page {
	_Atomic uint32_t	is_on;
	_Atomic uint32_t	met[CALLS];	/* calls that a rule is about */
	_Atomic uint32_t	injected[CALLS];
};

struct rule {
	enum call	call;
	int		error;
	int		port, type;	/* 0: any */
	uint32_t	share;
	long		seconds;
};

static struct page nowhere;
static struct page *page = &nowhere;
static struct rule rules[RULES_MAX];
static unsigned rule_count;

static const char *const calls[] = { "socket", "connect", "send", "clock" };
static const struct { const char *name; int error; } errors[] = {
	{ "EPERM", EPERM }, { "EACCES", EACCES }, { "ENETUNREACH", ENETUNREACH },
	{ "EMFILE", EMFILE }, { "ENFILE", ENFILE }, { "ENOBUFS", ENOBUFS },
	{ "ENOMEM", ENOMEM }, { "EADDRNOTAVAIL", EADDRNOTAVAIL },
	{ "EHOSTUNREACH", EHOSTUNREACH }, { "ENETDOWN", ENETDOWN },
};

static void
give_up(const char *why)
{
	fprintf(stderr, "shim: %s\n", why);
	_exit(99);
}

static void
read_word(struct rule *rule, const char *word)
{
	if (strncmp(word, "port=", 5) == 0)
		rule->port = atoi(word + 5);
	else if (strcmp(word, "type=stream") == 0)
		rule->type = SOCK_STREAM;
	else if (strcmp(word, "type=dgram") == 0)
		rule->type = SOCK_DGRAM;
	else if (strncmp(word, "share=", 6) == 0)
		rule->share = (uint32_t)atoi(word + 6);
	else
		give_up(word);
}

static void
read_rule(char *text)
{
	struct rule *rule = &rules[rule_count];
	char *rest = NULL, *call = strtok_r(text, " ", &rest);
	char *what = strtok_r(NULL, " ", &rest);

	if (call == NULL || what == NULL || rule_count == RULES_MAX)
		give_up("FAULTS: CALL ERRNO ...");
	rule->share = 100;
	while (rule->call < CALLS && strcmp(calls[rule->call], call) != 0)
		rule->call++;
	if (rule->call == CALLS)
		give_up(call);
	if (rule->call == CALL_CLOCK)
		rule->seconds = atol(what);
	else
		for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
			if (strcmp(errors[i].name, what) == 0)
				rule->error = errors[i].error;
	if (rule->error == 0 && rule->seconds == 0)
		give_up(what);
	for (char *word; (word = strtok_r(NULL, " ", &rest)) != NULL;)
		read_word(rule, word);
	rule_count++;
}

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("FAULTS_PAGE"), *text = getenv("FAULTS");
	char *rest = NULL, *copy;
	int fd;

	if (path == NULL || text == NULL)
		return;
	if ((fd = open(path, O_RDWR | O_CLOEXEC)) == -1)
		give_up("FAULTS_PAGE cannot be opened");
	page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	    0);
	if (page == MAP_FAILED || (copy = strdup(text)) == NULL)
		give_up("no memory");
	close(fd);
	for (char *rule = strtok_r(copy, ";", &rest); rule != NULL;
	    rule = strtok_r(NULL, ";", &rest))
		read_rule(rule);
	free(copy);
}

/* Finds the next function with this name, which is that of libc. */
#define REAL(type, name, ...)						\
	static type (*real)(__VA_ARGS__);				\
	if (real == NULL)						\
		*(void **)&real = dlsym(RTLD_NEXT, name)

static int
port_of(const struct sockaddr *address)
{
	switch (address->sa_family) {
	case AF_INET:
		return ntohs(((const struct sockaddr_in *)
		    (const void *)address)->sin_port);
	case AF_INET6:
		return ntohs(((const struct sockaddr_in6 *)
		    (const void *)address)->sin6_port);
	default:
		return -1;
	}
}

static int
port_of_peer(int fd, const struct sockaddr *address)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof peer;

	if (address != NULL)
		return port_of(address);
	if (getpeername(fd, (struct sockaddr *)&peer, &length) == -1)
		return -1;
	return port_of((const struct sockaddr *)&peer);
}

/* Does the call fail? Then with errno set. */
static bool
fails(enum call call, int port, int type)
{
	for (unsigned i = 0; i < rule_count; i++) {
		const struct rule *rule = &rules[i];
		uint32_t number;

		if (rule->call != call ||
		    (rule->port != 0 && rule->port != port) ||
		    (rule->type != 0 && rule->type != type))
			continue;
		number = atomic_fetch_add(&page->met[call], 1) % 100;
		if (atomic_load(&page->is_on) == 0 ||
		    number * rule->share / 100 ==
		    (number + 1) * rule->share / 100)
			continue;
		atomic_fetch_add(&page->injected[call], 1);
		errno = rule->error;
		return true;
	}
	return false;
}

int
socket(int domain, int type, int protocol)
{
	REAL(int, "socket", int, int, int);

	if ((domain == AF_INET || domain == AF_INET6) && fails(CALL_SOCKET, 0,
	    type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)))
		return -1;
	return real(domain, type, protocol);
}

int
connect(int fd, const struct sockaddr *address, socklen_t length)
{
	int port = port_of(address);
	REAL(int, "connect", int, const struct sockaddr *, socklen_t);

	if (port >= 0 && fails(CALL_CONNECT, port, 0))
		return -1;
	return real(fd, address, length);
}

static bool
send_fails(int fd, const struct sockaddr *address)
{
	int error = errno, port = port_of_peer(fd, address);

	if (port >= 0 && fails(CALL_SEND, port, 0))
		return true;
	errno = error;
	return false;
}

ssize_t
send(int fd, const void *bytes, size_t length, int flags)
{
	REAL(ssize_t, "send", int, const void *, size_t, int);

	return send_fails(fd, NULL) ? -1 : real(fd, bytes, length, flags);
}

ssize_t
sendto(int fd, const void *bytes, size_t length, int flags,
    const struct sockaddr *address, socklen_t address_length)
{
	REAL(ssize_t, "sendto", int, const void *, size_t, int,
	    const struct sockaddr *, socklen_t);

	return send_fails(fd, address) ? -1
	    : real(fd, bytes, length, flags, address, address_length);
}

ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
	REAL(ssize_t, "sendmsg", int, const struct msghdr *, int);

	return send_fails(fd, message->msg_name) ? -1
	    : real(fd, message, flags);
}

int
sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	REAL(int, "sendmmsg", int, struct mmsghdr *, unsigned, int);

	return send_fails(fd, count > 0 ? messages[0].msg_hdr.msg_name : NULL)
	    ? -1 : real(fd, messages, count, flags);
}

/* Only the clock of the day is changed, not the monotonic one. */
static long
seconds_off(void)
{
	for (unsigned i = 0; i < rule_count; i++) {
		if (rules[i].call != CALL_CLOCK)
			continue;
		atomic_fetch_add(&page->met[CALL_CLOCK], 1);
		if (atomic_load(&page->is_on) == 0)
			return 0;
		atomic_fetch_add(&page->injected[CALL_CLOCK], 1);
		return rules[i].seconds;
	}
	return 0;
}

int
clock_gettime(clockid_t clock, struct timespec *time)
{
	int result;
	REAL(int, "clock_gettime", clockid_t, struct timespec *);

	result = real != NULL ? real(clock, time)
	    : (int)syscall(SYS_clock_gettime, clock, time);
	if (result == 0 && (clock == CLOCK_REALTIME ||
	    clock == CLOCK_REALTIME_COARSE))
		time->tv_sec += seconds_off();
	return result;
}

int
gettimeofday(struct timeval *restrict time, void *restrict zone)
{
	int result;
	REAL(int, "gettimeofday", struct timeval *restrict, void *restrict);

	result = real(time, zone);
	if (result == 0)
		time->tv_sec += seconds_off();
	return result;
}

time_t
time(time_t *into)
{
	time_t now;
	REAL(time_t, "time", time_t *);

	now = real(NULL) + seconds_off();
	if (into != NULL)
		*into = now;
	return now;
}
