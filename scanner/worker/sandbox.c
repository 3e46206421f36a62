#include "scanner/worker/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONDITIONS	3

/* A call, and what its arguments must be (all of it; another rule of the same
 * call is an alternative). A condition of operator 0 is none. */
struct rule {
	int			call;
	struct scmp_arg_cmp	when[CONDITIONS];
};

#define CALL(name)	.call = SCMP_SYS(name)
#define IS(n, value)	{ .arg = (n), .op = SCMP_CMP_EQ, .datum_a = (value) }
#define BITS(n, mask, value)						\
	{ .arg = (n), .op = SCMP_CMP_MASKED_EQ, .datum_a = (mask),	\
	  .datum_b = (value) }

/* A socket of these families, types and protocols and no others: not raw, not
 * AF_UNIX, AF_NETLINK or AF_PACKET, and no protocol whose module the kernel would
 * load for it. */
#define SOCKET(family, type, protocol)					\
	{ CALL(socket), .when = { IS(0, family),			\
	  BITS(1, ~(scmp_datum_t)(SOCK_NONBLOCK | SOCK_CLOEXEC), type),	\
	  IS(2, protocol) } }
#define SET_OPTION(level, name)						\
	{ CALL(setsockopt), .when = { IS(1, level), IS(2, name) } }
#define NO_EXEC(call)							\
	{ call, .when = { BITS(2, PROT_EXEC, 0) } }

/* Who needs what, found by tracing workers over UDP and TCP and reading what the
 * libraries fall back to. Calls of one architecture alone (epoll_wait and time
 * are not on arm64) are left out on the others by libseccomp. */
static const struct rule allowed[] = {
	/* libcurl: has a connection come about, and between whom? */
	{ CALL(poll) },
	{ CALL(ppoll) },
	{ CALL(getpeername) },
	{ CALL(getsockname) },
	/* libunbound over UDP, and net/stream: send(), recv() */
	{ CALL(recvfrom) },
	{ CALL(sendto) },
	/* libev: epoll; epoll_pwait is what arm64 has */
	{ CALL(epoll_ctl) },
	{ CALL(epoll_wait) },
	{ CALL(epoll_pwait) },
	/* libunbound: a fresh UDP socket for each question; bound to a port
	 * drawn at random, connected to the one server it may hear from */
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
	/* libunbound over TCP; TCP_NODELAY is net/stream's too */
	SET_OPTION(IPPROTO_TCP, TCP_NODELAY),
	SET_OPTION(SOL_SOCKET, SO_REUSEADDR),
	SET_OPTION(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT),
	SET_OPTION(IPPROTO_TCP, TCP_MAXSEG),
	/* net/stream and libunbound: how a connect has ended */
	{ CALL(getsockopt), .when = { IS(1, SOL_SOCKET), IS(2, SO_ERROR) } },
	/* libunbound, OpenSSL and glibc: is this still the process that seeded
	 * the random numbers? */
	{ CALL(getpid) },
	/* The messages to and from the coordinator, with descriptors; libunbound
	 * over TCP: writev for length and question */
	{ CALL(sendmsg) },
	{ CALL(recvmsg) },
	{ CALL(writev) },
	/* Items of a job, the parts (zlib), lines on standard error; read and
	 * write are what OpenSSL does to a socket for DNS over TLS */
	{ CALL(pread64) },
	{ CALL(write) },
	{ CALL(read) },
	/* glibc malloc: memory, none of it from a file, none to be executed */
	{ CALL(brk) },
	{ CALL(mmap), .when = { BITS(2, PROT_EXEC, 0),
	  BITS(3, MAP_ANONYMOUS, MAP_ANONYMOUS) } },
	NO_EXEC(CALL(mprotect)),
	{ CALL(munmap) },
	{ CALL(mremap) },
	{ CALL(madvise), .when = { IS(2, MADV_DONTNEED) } },
	/* glibc qsort: how much memory is there to sort in? */
	{ CALL(sysinfo) },
	/* libunbound and OpenSSL: locks and once-only initializers */
	{ CALL(futex) },
	/* OpenSSL and libunbound: seeds, of which new ones are taken in time */
	{ CALL(getrandom) },
	/* Clocks, where the kernel's vDSO passes the call on (a virtual machine
	 * without a usable clock source): ours, libev's, libunbound's */
	{ CALL(clock_gettime), .when = { IS(0, CLOCK_REALTIME) } },
	{ CALL(clock_gettime), .when = { IS(0, CLOCK_MONOTONIC) } },
	{ CALL(clock_gettime), .when = { IS(0, CLOCK_BOOTTIME) } },
	{ CALL(gettimeofday) },
	{ CALL(time) },
	/* The kernel's own, after a stop and SIGCONT, and out of a handler */
	{ CALL(restart_syscall) },
	{ CALL(rt_sigreturn) },
	/* glibc abort() of an assert: see allow_abort() for tgkill */
	{ CALL(rt_sigaction) },
	{ CALL(rt_sigprocmask) },
	{ CALL(gettid) },
	{ CALL(exit) },
	{ CALL(exit_group) },
#ifdef __SANITIZE_ADDRESS__
	/* AddressSanitizer's own memory, and what it reads to name the places
	 * of a report (files are mapped) */
	NO_EXEC(CALL(mmap)),
	{ CALL(madvise) },
	{ CALL(open), .when = { BITS(1, O_ACCMODE | O_CREAT, O_RDONLY) } },
	{ CALL(openat), .when = { BITS(2, O_ACCMODE | O_CREAT, O_RDONLY) } },
	{ CALL(stat) }, { CALL(fstat) }, { CALL(newfstatat) }, { CALL(lseek) },
	{ CALL(readlink) }, { CALL(readlinkat) }, { CALL(pipe2) },
	{ CALL(pipe) },
	/* LeakSanitizer at exit: a process on the same memory stops this one
	 * and looks for pointers */
	{ CALL(clone), .when = { BITS(0, CLONE_UNTRACED, CLONE_UNTRACED) } },
	{ CALL(ptrace) }, { CALL(prctl) }, { CALL(wait4) }, { CALL(getppid) },
	{ CALL(getdents) }, { CALL(getdents64) }, { CALL(sigaltstack) },
	{ CALL(sched_yield) },
#endif
};

/* No library does these by chance: the process is no longer ours. */
static const struct rule ends[] = {
	{ CALL(execve) }, { CALL(execveat) },
	{ CALL(fork) }, { CALL(vfork) }, { CALL(clone3) },
#ifdef __SANITIZE_ADDRESS__
	{ CALL(clone), .when = { BITS(0, CLONE_UNTRACED, 0) } },
#else
	{ CALL(clone) }, { CALL(ptrace) },
#endif
};

static int
add_rule(scmp_filter_ctx filter, uint32_t action, const struct rule *rule)
{
	unsigned count = 0;

	while (count < CONDITIONS && rule->when[count].op != 0)
		count++;
	return seccomp_rule_add_array(filter, action, rule->call, count,
	    rule->when);
}

/* An assert must end this process as it always does, and no other one. */
static int
allow_abort(scmp_filter_ctx filter)
{
	const struct rule rule = { CALL(tgkill), .when = {
		IS(0, (scmp_datum_t)getpid()), IS(2, SIGABRT),
	} };

	return add_rule(filter, SCMP_ACT_ALLOW, &rule);
}

static int
add_rules(scmp_filter_ctx filter)
{
	int error = allow_abort(filter);

	for (size_t i = 0; i < sizeof allowed / sizeof allowed[0] &&
	    error == 0; i++)
		error = add_rule(filter, SCMP_ACT_ALLOW, &allowed[i]);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0] && error == 0; i++)
		error = add_rule(filter, SCMP_ACT_KILL_PROCESS, &ends[i]);
	return error;
}

bool
sandbox_enter(char why[256])
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int error = filter == NULL ? -ENOMEM : 0;

	/* gmtime() would read the time zone at its first use. All else that is
	 * loaded late is compiled in: OpenSSL's default provider and error
	 * texts, libidn2's tables; random numbers come from getrandom(). */
	tzset();
	/* The kernel's own errno, for the reason. */
	if (error == 0)
		error = seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);
	if (error == 0)
		error = add_rules(filter);
	/* Sets no_new_privs first (SCMP_FLTATR_CTL_NNP is on unless asked). */
	if (error == 0)
		error = seccomp_load(filter);
	if (error != 0)
		snprintf(why, 256, "seccomp: %s", strerror(-error));
	seccomp_release(filter);
	return error == 0;
}
