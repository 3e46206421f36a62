#include "scanner/coordinator/monitoring/service_manager.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "scanner/base/clock.h"

#define SOCKET_VARIABLE		"NOTIFY_SOCKET"
#define WATCHDOG_VARIABLE	"WATCHDOG_USEC"
#define WATCHDOG_PID_VARIABLE	"WATCHDOG_PID"
#define STATE_MAX		2048
#define WAIT_US			200000

/* A path, or an abstract socket whose name is written with an @. */
static bool
set_address(struct service_manager *manager, const char *text)
{
	size_t length = strlen(text);

	if ((text[0] != '/' && text[0] != '@') || length < 2 ||
	    length >= sizeof manager->address.sun_path)
		return false;
	manager->address.sun_family = AF_UNIX;
	memcpy(manager->address.sun_path, text, length);
	manager->address_length = (socklen_t)(offsetof(struct sockaddr_un,
	    sun_path) + length);
	if (text[0] == '@')
		manager->address.sun_path[0] = '\0';
	else
		manager->address_length++;	/* its NUL */
	return true;
}

/* 0: there is no watchdog, or it is another process's. */
static int64_t
watchdog_ms(void)
{
	const char *text = getenv(WATCHDOG_VARIABLE);
	const char *pid = getenv(WATCHDOG_PID_VARIABLE);
	unsigned long long us;
	char *end;

	if (text == NULL || text[0] < '0' || text[0] > '9' ||
	    (pid != NULL && strtoll(pid, NULL, 10) != (long long)getpid()))
		return 0;
	errno = 0;
	us = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0' || us == 0 || us > SERVICE_DAY_US)
		return 0;
	return us < 1000 ? 1 : (int64_t)(us / 1000);
}

/* A queue holds few datagrams, and the manager may be busy; but a run does not
 * wait long for it. */
static int
open_socket(void)
{
	const struct timeval most = { .tv_usec = WAIT_US };
	int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (descriptor < 0 || setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO,
	    &most, sizeof most) == 0)
		return descriptor;
	close(descriptor);
	return -1;
}

static void
say(const struct service_manager *manager, const char *state)
{
	if (manager->socket < 0)
		return;
	(void)sendto(manager->socket, state, strlen(state),
	    MSG_NOSIGNAL,
	    (const struct sockaddr *)&manager->address,
	    manager->address_length);
}

void
service_manager_open(struct service_manager *manager)
{
	const char *text = getenv(SOCKET_VARIABLE);
	char state[128];

	*manager = (struct service_manager){ .socket = -1 };
	if (text != NULL && set_address(manager, text)) {
		manager->socket = open_socket();
		manager->watchdog_ms = watchdog_ms();
	}
	(void)unsetenv(SOCKET_VARIABLE);
	(void)unsetenv(WATCHDOG_VARIABLE);
	(void)unsetenv(WATCHDOG_PID_VARIABLE);
	snprintf(state, sizeof state, "EXTEND_TIMEOUT_USEC=%" PRIu64
	    "\nSTATUS=reading the inputs", SERVICE_DAY_US);
	say(manager, state);
}

void
service_manager_close(struct service_manager *manager)
{
	if (manager->socket >= 0)
		close(manager->socket);
	manager->socket = -1;
}

void
service_manager_ready(struct service_manager *manager)
{
	if (!manager->is_ready)
		say(manager, "READY=1");
	manager->is_ready = true;
}

/* A line break would begin another variable. */
void
service_manager_tell(const struct service_manager *manager, const char *status)
{
	char state[STATE_MAX];

	snprintf(state, sizeof state, "STATUS=%s", status);
	for (char *at = state; *at != '\0'; at++)
		if ((unsigned char)*at < ' ')
			*at = '?';
	say(manager, state);
}

void
service_manager_feed(const struct service_manager *manager)
{
	if (manager->watchdog_ms > 0)
		say(manager, "WATCHDOG=1");
}

void
service_manager_reloading(const struct service_manager *manager)
{
	char state[128];

	if (!manager->is_ready)
		return;
	snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
	    1000 * clock_monotonic_ms());
	say(manager, state);
}

void
service_manager_reloaded(const struct service_manager *manager)
{
	if (manager->is_ready)
		say(manager, "READY=1");
}

void
service_manager_stopping(const struct service_manager *manager,
    uint64_t grace_ms)
{
	char state[128];

	/* Then the workers end, and the last files are written. */
	snprintf(state, sizeof state, "STOPPING=1\nEXTEND_TIMEOUT_USEC=%"
	    PRIu64 "\nSTATUS=stopping", 1000 * (grace_ms + 60000));
	say(manager, state);
}

void
service_manager_leave_loop(const struct service_manager *manager)
{
	char state[128];

	if (manager->watchdog_ms == 0)
		return;
	snprintf(state, sizeof state, "WATCHDOG_USEC=%" PRIu64
	    "\nWATCHDOG=1", SERVICE_DAY_US);
	say(manager, state);
}
