#include "scanner/process/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NO_EXEC(call)							\
	{ call, .when = { BITS(2, PROT_EXEC, 0) } }

/* The calls that every process makes. libseccomp leaves out calls that another
 * architecture has. */
static const struct filter_rule always[] = {
	/* glibc malloc: memory that no file backs and that nothing executes */
	{ CALL(brk) },
	{ CALL(mmap), .when = { BITS(2, PROT_EXEC, 0),
	  BITS(3, MAP_ANONYMOUS, MAP_ANONYMOUS) } },
	NO_EXEC(CALL(mprotect)),
	{ CALL(munmap) },
	{ CALL(mremap) },
	{ CALL(madvise), .when = { IS(2, MADV_DONTNEED) } },
	/* Locks and once-only initializers of libraries */
	{ CALL(futex) },
	/* libunbound, OpenSSL and glibc: is this still the process that seeded
	 * the random numbers? */
	{ CALL(getpid) },
	/* The kernel makes these itself, after a stop and SIGCONT, and at the
	 * end of a handler */
	{ CALL(restart_syscall) },
	{ CALL(rt_sigreturn) },
	/* glibc abort() of an assert: see allow_abort() for tgkill */
	{ CALL(rt_sigaction) },
	{ CALL(rt_sigprocmask) },
	{ CALL(gettid) },
	{ CALL(exit) },
	{ CALL(exit_group) },
#ifdef __SANITIZE_ADDRESS__
	/* AddressSanitizer: its own memory, and the files that it maps to name
	 * the places of a report */
	NO_EXEC(CALL(mmap)),
	{ CALL(madvise) },
	{ CALL(open), .when = { BITS(1, O_ACCMODE | O_CREAT, O_RDONLY) } },
	{ CALL(openat), .when = { BITS(2, O_ACCMODE | O_CREAT, O_RDONLY) } },
	{ CALL(stat) }, { CALL(fstat) }, { CALL(newfstatat) }, { CALL(lseek) },
	{ CALL(readlink) }, { CALL(readlinkat) }, { CALL(pipe2) },
	{ CALL(pipe) },
	/* LeakSanitizer at exit: a process in the same memory stops this one
	 * and looks for pointers */
	{ CALL(clone), .when = { BITS(0, CLONE_UNTRACED, CLONE_UNTRACED) } },
	{ CALL(ptrace) }, { CALL(prctl) }, { CALL(wait4) }, { CALL(getppid) },
	{ CALL(getdents) }, { CALL(getdents64) }, { CALL(sigaltstack) },
	{ CALL(sched_yield) },
#endif
};

/* No library makes these calls by accident, so an attacker has taken over the
 * process. */
static const struct filter_rule ends[] = {
	{ CALL(execve) }, { CALL(execveat) },
	{ CALL(fork) }, { CALL(vfork) }, { CALL(clone3) },
#ifdef __SANITIZE_ADDRESS__
	{ CALL(clone), .when = { BITS(0, CLONE_UNTRACED, 0) } },
#else
	{ CALL(clone) }, { CALL(ptrace) },
#endif
};

static int
add_rule(scmp_filter_ctx filter, uint32_t action,
    const struct filter_rule *rule)
{
	unsigned count = 0;

	while (count < FILTER_CONDITIONS && rule->when[count].op != 0)
		count++;
	return seccomp_rule_add_array(filter, action, rule->call, count,
	    rule->when);
}

static int
add_rules(scmp_filter_ctx filter, uint32_t action,
    const struct filter_rule *rules, size_t count)
{
	int error = 0;

	for (size_t i = 0; i < count && error == 0; i++)
		error = add_rule(filter, action, &rules[i]);
	return error;
}

/* An assert must be able to end this process, and no other. */
static int
allow_abort(scmp_filter_ctx filter)
{
	const struct filter_rule rule = { CALL(tgkill), .when = {
		IS(0, (scmp_datum_t)getpid()), IS(2, SIGABRT),
	} };

	return add_rule(filter, SCMP_ACT_ALLOW, &rule);
}

static int
add_all_rules(scmp_filter_ctx filter, const struct filter_rule *rules,
    size_t count)
{
	int error = allow_abort(filter);

	if (error == 0)
		error = add_rules(filter, SCMP_ACT_ALLOW, rules, count);
	if (error == 0)
		error = add_rules(filter, SCMP_ACT_ALLOW, always,
		    sizeof always / sizeof always[0]);
	if (error == 0)
		error = add_rules(filter, SCMP_ACT_KILL_PROCESS, ends,
		    sizeof ends / sizeof ends[0]);
	return error;
}

bool
filter_enter(const struct filter_rule *rules, size_t count, char why[256])
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int error = filter == NULL ? -ENOMEM : 0;

	/* Makes libseccomp return the errno of the kernel, for the reason. */
	if (error == 0)
		error = seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);
	if (error == 0)
		error = add_all_rules(filter, rules, count);
	/* Sets no_new_privs first (SCMP_FLTATR_CTL_NNP is on by default). */
	if (error == 0)
		error = seccomp_load(filter);
	if (error != 0)
		snprintf(why, 256, "seccomp: %s", strerror(-error));
	seccomp_release(filter);
	return error == 0;
}
