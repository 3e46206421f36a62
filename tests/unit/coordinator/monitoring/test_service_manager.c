/* What systemd is told, as sd_notify(3) has it: to a path and to an abstract
 * socket, in datagrams; and to nobody, where the environment makes no sense. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "scanner/coordinator/monitoring/service_manager.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static int
listen_at(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(descriptor >= 0);
	strcpy(address.sun_path, name);
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	/* The name of an abstract socket has no NUL at its end. */
	assert_int_equal(bind(descriptor, (struct sockaddr *)&address,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name) +
	    (name[0] == '/'))), 0);
	return descriptor;
}

/* The next datagram; "" if there is none. */
static const char *
hear(int descriptor)
{
	static char text[4096];
	ssize_t length = recv(descriptor, text, sizeof text - 1, MSG_DONTWAIT);

	text[length > 0 ? length : 0] = '\0';
	return text;
}

static void
open_with(struct service_manager *manager, const char *socket,
    const char *watchdog, const char *pid)
{
	setenv("NOTIFY_SOCKET", socket, 1);
	if (watchdog != NULL)
		setenv("WATCHDOG_USEC", watchdog, 1);
	if (pid != NULL)
		setenv("WATCHDOG_PID", pid, 1);
	service_manager_open(manager);
	assert_null(getenv("NOTIFY_SOCKET"));
	assert_null(getenv("WATCHDOG_USEC"));
	assert_null(getenv("WATCHDOG_PID"));
}

static void
words(void **state)
{
	char path[64], name[64];
	const char *const addresses[] = { path, name };

	(void)state;
	snprintf(path, sizeof path, "/tmp/mxcensus-test-%ld", (long)getpid());
	snprintf(name, sizeof name, "@mxcensus-test-%ld", (long)getpid());
	for (size_t i = 0; i < COUNT(addresses); i++) {
		struct service_manager manager;
		int heard = listen_at(addresses[i]);

		open_with(&manager, addresses[i], "3000000", NULL);
		assert_int_equal(manager.watchdog_ms, 3000);
		assert_string_equal(hear(heard), "EXTEND_TIMEOUT_USEC="
		    "86400000000\nSTATUS=reading the inputs");
		/* There is nothing to reload before it is ready. */
		service_manager_reloading(&manager);
		service_manager_reloaded(&manager);
		assert_string_equal(hear(heard), "");
		service_manager_ready(&manager);
		assert_string_equal(hear(heard), "READY=1");
		service_manager_ready(&manager);
		assert_string_equal(hear(heard), "");
		service_manager_feed(&manager);
		assert_string_equal(hear(heard), "WATCHDOG=1");
		/* A line break would begin another variable. */
		service_manager_tell(&manager, "half\nMAINPID=1");
		assert_string_equal(hear(heard), "STATUS=half?MAINPID=1");
		service_manager_reloading(&manager);
		assert_int_equal(strncmp(hear(heard),
		    "RELOADING=1\nMONOTONIC_USEC=", 27), 0);
		service_manager_reloaded(&manager);
		assert_string_equal(hear(heard), "READY=1");
		service_manager_leave_loop(&manager);
		assert_string_equal(hear(heard),
		    "WATCHDOG_USEC=86400000000\nWATCHDOG=1");
		service_manager_stopping(&manager, 20000);
		assert_string_equal(hear(heard), "STOPPING=1\n"
		    "EXTEND_TIMEOUT_USEC=80000000\nSTATUS=stopping");
		service_manager_close(&manager);
		close(heard);
	}
	unlink(path);
}

/* sd_watchdog_enabled(3): the variables may be another process's. */
static void
watchdogs(void **state)
{
	char own[32];
	const struct { const char *us, *pid; int64_t ms; } rows[] = {
		{ NULL, NULL, 0 }, { "30000000", NULL, 30000 },
		{ "30000000", own, 30000 }, { "30000000", "1", 0 },
		{ "500", NULL, 1 }, { "0", NULL, 0 }, { "", NULL, 0 },
		{ "-1", NULL, 0 }, { "1s", NULL, 0 },
		{ "18446744073709551616", NULL, 0 },
		{ "18446744073709551615", NULL, 0 },
	};

	(void)state;
	snprintf(own, sizeof own, "%ld", (long)getpid());
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct service_manager manager;

		open_with(&manager, "@mxcensus-nobody", rows[i].us,
		    rows[i].pid);
		assert_int_equal(manager.watchdog_ms, rows[i].ms);
		service_manager_feed(&manager);
		service_manager_leave_loop(&manager);
		service_manager_close(&manager);
	}
}

static void
nobody(void **state)
{
	static const char *const wrong[] = { "", "/", "@", "relative",
		"vsock:2:1" };
	char text[256];
	struct service_manager manager;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		open_with(&manager, wrong[i], NULL, NULL);
		assert_int_equal(manager.socket, -1);
		service_manager_ready(&manager);
		service_manager_close(&manager);
	}
	/* One byte more than sun_path takes with its NUL. */
	memset(text, 'x', sizeof text);
	text[0] = '/';
	text[sizeof manager.address.sun_path] = '\0';
	open_with(&manager, text, NULL, NULL);
	assert_int_equal(manager.socket, -1);
	text[sizeof manager.address.sun_path - 1] = '\0';
	open_with(&manager, text, NULL, NULL);
	assert_true(manager.socket >= 0);
	service_manager_close(&manager);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(watchdogs),
		cmocka_unit_test(nobody),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
