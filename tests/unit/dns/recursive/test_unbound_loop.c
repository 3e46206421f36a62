/* unbound_loop: the events of libunbound on libev. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <ev.h>
#include <unbound.h>
#include <unbound-event.h>

#include "scanner/dns/recursive/unbound_loop.h"

#define EVENTS	8

struct socket {
	int		 ends[2];
	struct ub_event	*event;
	short		 came;		/* what was told first */
	unsigned	 calls;
};

/* What libunbound does when a question is answered or given up: it frees the
 * event. */
static void
on_event(int descriptor, short bits, void *argument)
{
	struct socket *socket = argument;

	assert_int_equal(descriptor, socket->ends[0]);
	if (socket->calls++ == 0)
		socket->came = bits;
	socket->event->vmt->del(socket->event);
}

/* Opens pipes, some of which have something to read, with timers that run out
 * while the loop is busy. */
static void
run(struct socket sockets[EVENTS], unsigned readable)
{
	struct ev_loop *ev = ev_loop_new(EVFLAG_NOENV | EVBACKEND_EPOLL);
	struct ub_event_base *base = unbound_loop_new(ev);
	struct timeval soon = { .tv_usec = 1000 };
	const struct timespec busy = { .tv_nsec = 20000000 };

	for (unsigned i = 0; i < EVENTS; i++) {
		struct socket *socket = &sockets[i];

		*socket = (struct socket){ 0 };
		assert_int_equal(pipe(socket->ends), 0);
		socket->event = base->vmt->new_event(base, socket->ends[0],
		    UB_EV_READ | UB_EV_PERSIST | UB_EV_TIMEOUT, on_event,
		    socket);
		assert_int_equal(socket->event->vmt->add(socket->event, &soon),
		    0);
		if (i < readable)
			assert_int_equal(write(socket->ends[1], "", 1), 1);
	}
	nanosleep(&busy, NULL);
	/* One turn tells of all. */
	ev_run(ev, 0);
	for (unsigned i = 0; i < EVENTS; i++) {
		sockets[i].event->vmt->free(sockets[i].event);
		close(sockets[i].ends[0]);
		close(sockets[i].ends[1]);
	}
	unbound_loop_free(base);
	ev_loop_destroy(ev);
}

static void
answers_before_timers(void **state)
{
	struct socket sockets[EVENTS];

	(void)state;
	run(sockets, EVENTS / 2);
	for (unsigned i = 0; i < EVENTS; i++) {
		assert_int_equal(sockets[i].calls, 1);
		assert_int_equal(sockets[i].came, i < EVENTS / 2 ? UB_EV_READ
		    : UB_EV_TIMEOUT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_before_timers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
