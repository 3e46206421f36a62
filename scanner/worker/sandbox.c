#include "scanner/worker/sandbox.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <time.h>

#include "scanner/process/filter.h"
#include "scanner/process/landlock.h"

/* Sockets of these families, types and protocols, and no others: not raw, not
 * AF_UNIX, AF_NETLINK or AF_PACKET, and no protocol for which the kernel would
 * load a module. */
#define SOCKET(family, type, protocol)					\
	{ CALL(socket), .when = { IS(0, family),			\
	  BITS(1, ~(scmp_datum_t)(SOCK_NONBLOCK | SOCK_CLOEXEC), type),	\
	  IS(2, protocol) } }
#define SET_OPTION(level, name)						\
	{ CALL(setsockopt), .when = { IS(1, level), IS(2, name) } }

/* The calls that a worker needs besides those of every process (filter.c), and
 * what needs them. They were found by tracing workers over UDP and TCP, and by
 * reading the fallbacks of the libraries. libseccomp leaves out calls that
 * another architecture has (arm64 has no epoll_wait and no time). */
static const struct filter_rule allowed[] = {
	/* libcurl: is the connection made, and between which addresses?
	 * net/icmp_error: is it made (getpeername)? */
	{ CALL(poll) },
	{ CALL(ppoll) },
	{ CALL(getpeername) },
	{ CALL(getsockname) },
	/* libunbound over UDP, and net/stream: send(), recv() */
	{ CALL(recvfrom) },
	{ CALL(sendto) },
	/* dns/direct: many questions and responses in one call; has the kernel
	 * dropped any, and how large is the receive buffer that it gave? */
	{ CALL(sendmmsg) },
	{ CALL(recvmmsg) },
	SET_OPTION(SOL_SOCKET, SO_RXQ_OVFL),
	{ CALL(getsockopt), .when = { IS(1, SOL_SOCKET), IS(2, SO_RCVBUF) } },
	{ CALL(getsockopt), .when = { IS(1, SOL_SOCKET), IS(2, SO_MEMINFO) } },
	/* libev: epoll; arm64 has epoll_pwait */
	{ CALL(epoll_ctl) },
	{ CALL(epoll_wait) },
	{ CALL(epoll_pwait) },
	/* libunbound: a new UDP socket for each question, bound to a random
	 * port, and connected to the only server that may answer; dns/direct:
	 * the same, for many questions, and not connected */
	SOCKET(AF_INET, SOCK_DGRAM, 0),
	SOCKET(AF_INET6, SOCK_DGRAM, 0),
	SOCKET(AF_INET, SOCK_DGRAM, IPPROTO_UDP),
	SOCKET(AF_INET6, SOCK_DGRAM, IPPROTO_UDP),
	/* libunbound after a truncated answer; net/stream: a session */
	SOCKET(AF_INET, SOCK_STREAM, 0),
	SOCKET(AF_INET6, SOCK_STREAM, 0),
	SOCKET(AF_INET, SOCK_STREAM, IPPROTO_TCP),
	SOCKET(AF_INET6, SOCK_STREAM, IPPROTO_TCP),
	{ CALL(connect) },
	{ CALL(bind) },
	{ CALL(close) },
	/* libunbound makes its sockets non-blocking with F_SETFL; libev asks
	 * for F_GETFD whether a descriptor is one */
	{ CALL(fcntl), .when = { IS(1, F_GETFL) } },
	{ CALL(fcntl), .when = { IS(1, F_SETFL) } },
	{ CALL(fcntl), .when = { IS(1, F_GETFD) } },
	{ CALL(fcntl), .when = { IS(1, F_SETFD) } },
	/* libunbound over UDP: no fragments, no IPv4 on a socket of IPv6, and
	 * the settings ip-dscp and so-rcvbuf, so-sndbuf */
	SET_OPTION(IPPROTO_IP, IP_MTU_DISCOVER),
	SET_OPTION(IPPROTO_IPV6, IPV6_V6ONLY),
	SET_OPTION(IPPROTO_IPV6, IPV6_MTU_DISCOVER),
	SET_OPTION(IPPROTO_IPV6, IPV6_MTU),
	SET_OPTION(IPPROTO_IP, IP_TOS),
	SET_OPTION(IPPROTO_IPV6, IPV6_TCLASS),
	SET_OPTION(SOL_SOCKET, SO_RCVBUF),
	SET_OPTION(SOL_SOCKET, SO_SNDBUF),
	/* libunbound over TCP; net/stream sets TCP_NODELAY, too */
	SET_OPTION(IPPROTO_TCP, TCP_NODELAY),
	SET_OPTION(SOL_SOCKET, SO_REUSEADDR),
	SET_OPTION(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT),
	SET_OPTION(IPPROTO_TCP, TCP_MAXSEG),
	/* net/icmp_error: who sends ICMP messages while a session, or libcurl,
	 * connects */
	SET_OPTION(IPPROTO_IP, IP_RECVERR),
	SET_OPTION(IPPROTO_IPV6, IPV6_RECVERR),
	/* net/stream and libunbound: how a connect has ended */
	{ CALL(getsockopt), .when = { IS(1, SOL_SOCKET), IS(2, SO_ERROR) } },
	/* The messages to and from the coordinator, with descriptors; libunbound
	 * over TCP: writev for length and question; net/icmp_error: recvmsg for
	 * the error queue */
	{ CALL(sendmsg) },
	{ CALL(recvmsg) },
	{ CALL(writev) },
	/* Items of a job, the parts (zlib), lines on standard error; read and
	 * write are what OpenSSL does to a socket for DNS over TLS */
	{ CALL(pread64) },
	{ CALL(write) },
	{ CALL(read) },
	/* glibc qsort: how much memory is there to sort in? */
	{ CALL(sysinfo) },
	/* OpenSSL and libunbound: seeds, which they renew from time to time */
	{ CALL(getrandom) },
	/* Clocks, where the kernel's vDSO passes the call on (a virtual machine
	 * without a usable clock source): ours, libev's, libunbound's */
	{ CALL(clock_gettime), .when = { IS(0, CLOCK_REALTIME) } },
	{ CALL(clock_gettime), .when = { IS(0, CLOCK_MONOTONIC) } },
	{ CALL(clock_gettime), .when = { IS(0, CLOCK_BOOTTIME) } },
	{ CALL(gettimeofday) },
	{ CALL(time) },
};

bool
sandbox_enter(char why[256])
{
	/* gmtime() would read the time zone at its first use. Everything else
	 * that is loaded late is compiled in: OpenSSL's default provider and
	 * error texts, libidn2's tables. Random numbers come from
	 * getrandom(). */
	tzset();
	(void)landlock_enter(true);
	return filter_enter(allowed, sizeof allowed / sizeof allowed[0], why);
}
