#include "scanner/dns/recursive/unbound_loop.h"

#include <stdlib.h>
#include <sys/time.h>

#include <unbound.h>
#include <unbound-event.h>

#include "scanner/base/memory.h"

struct loop {
	struct ub_event_base	 base;		/* first: libunbound's view */
	struct ub_event_base_vmt methods;
	struct ev_loop		*ev;
};

typedef void callback(int, short, void *);

struct event {
	struct ub_event	 event;		/* first: libunbound's view */
	struct ev_loop	*ev;
	ev_io		 io;
	ev_timer	 timer;
	short		 bits;
	int		 descriptor;
	callback	*on_event;
	void		*argument;
};

static struct event *
of(struct ub_event *event)
{
	return (struct event *)(void *)event;
}

static void
event_stop(struct event *event)
{
	ev_io_stop(event->ev, &event->io);
	ev_timer_stop(event->ev, &event->timer);
}

/* The callback may free the event. So the event is stopped (or started again)
 * first, the callback is called last, and the event is not touched
 * afterwards. */
static void
event_fire(struct event *event, short bits)
{
	if ((event->bits & UB_EV_PERSIST) == 0)
		event_stop(event);
	else if (event->timer.repeat > 0)
		ev_timer_again(event->ev, &event->timer);
	event->on_event(event->descriptor, bits, event->argument);
}

static void
on_io(struct ev_loop *ev, ev_io *watcher, int revents)
{
	struct event *event = watcher->data;
	short bits = 0;

	(void)ev;
	if (revents & EV_READ)
		bits |= UB_EV_READ;
	if (revents & EV_WRITE)
		bits |= UB_EV_WRITE;
	event_fire(event, bits & event->bits);
}

static void
on_timer(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	(void)ev;
	(void)revents;
	event_fire(watcher->data, UB_EV_TIMEOUT);
}

static int
event_start(struct event *event, const struct timeval *after)
{
	int wanted = 0;

	event_stop(event);
	if (event->bits & UB_EV_READ)
		wanted |= EV_READ;
	if (event->bits & UB_EV_WRITE)
		wanted |= EV_WRITE;
	if (wanted != 0 && event->descriptor >= 0) {
		ev_io_set(&event->io, event->descriptor, wanted);
		ev_io_start(event->ev, &event->io);
	}
	event->timer.repeat = 0;
	if (after != NULL && (event->bits & UB_EV_TIMEOUT)) {
		/* A timer of 0 must still fire. */
		event->timer.repeat = (double)after->tv_sec +
		    (double)after->tv_usec / 1e6 + 1e-6;
		ev_timer_again(event->ev, &event->timer);
	}
	return 0;
}

static void
add_bits(struct ub_event *event, short bits)
{
	of(event)->bits |= bits;
}

static void
del_bits(struct ub_event *event, short bits)
{
	of(event)->bits &= (short)~bits;
}

static void
set_descriptor(struct ub_event *event, int descriptor)
{
	of(event)->descriptor = descriptor;
}

static void
event_free(struct ub_event *event)
{
	event_stop(of(event));
	free(event);
}

static int
add(struct ub_event *event, struct timeval *after)
{
	return event_start(of(event), after);
}

static int
del(struct ub_event *event)
{
	event_stop(of(event));
	return 0;
}

static int
add_timer(struct ub_event *event, struct ub_event_base *base,
    callback *on_event, void *argument, struct timeval *after)
{
	(void)base;
	of(event)->on_event = on_event;
	of(event)->argument = argument;
	of(event)->bits |= UB_EV_TIMEOUT;
	return event_start(of(event), after);
}

/* Only the daemon unbound asks for signals. */
static int
no_signal(struct ub_event *event, struct timeval *after)
{
	(void)event;
	(void)after;
	return -1;
}

static int
del_signal(struct ub_event *event)
{
	(void)event;
	return -1;
}

static void
no_wsaevent(struct ub_event *event)
{
	(void)event;
}

static void
no_wouldblock(struct ub_event *event, int bits)
{
	(void)event;
	(void)bits;
}

static struct ub_event_vmt event_methods = {
	.add_bits = add_bits,
	.del_bits = del_bits,
	.set_fd = set_descriptor,
	.free = event_free,
	.add = add,
	.del = del,
	.add_timer = add_timer,
	.del_timer = del,
	.add_signal = no_signal,
	.del_signal = del_signal,
	.winsock_unregister_wsaevent = no_wsaevent,
	.winsock_tcp_wouldblock = no_wouldblock,
};

static struct ub_event *
new_event(struct ub_event_base *base, int descriptor, short bits,
    callback *on_event, void *argument)
{
	struct loop *loop = (struct loop *)(void *)base;
	struct event *event = xcalloc(1, sizeof *event);

	event->event.magic = UB_EVENT_MAGIC;
	event->event.vmt = &event_methods;
	event->ev = loop->ev;
	event->bits = bits;
	event->descriptor = descriptor;
	event->on_event = on_event;
	event->argument = argument;
	ev_init(&event->io, on_io);
	ev_init(&event->timer, on_timer);
	/* After a busy turn of the loop, both an answer may have arrived and
	 * its timer may have expired: then the answer counts. */
	ev_set_priority(&event->io, 1);
	event->io.data = event->timer.data = event;
	return &event->event;
}

struct ub_event_base *
unbound_loop_new(struct ev_loop *ev)
{
	struct loop *loop = xcalloc(1, sizeof *loop);

	/* The other methods are not called by ub_resolve_event(). */
	loop->methods.new_event = new_event;
	loop->base.magic = UB_EVENT_MAGIC;
	loop->base.vmt = &loop->methods;
	loop->ev = ev;
	return &loop->base;
}

void
unbound_loop_free(struct ub_event_base *base)
{
	free(base);
}
