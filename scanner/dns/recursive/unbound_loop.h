/*
 * unbound_loop: libunbound's pluggable event base on a libev loop
 * (unbound-event.h). libunbound makes events, we make watchers.
 */
#ifndef MXCENSUS_DNS_RECURSIVE_UNBOUND_LOOP_H
#define MXCENSUS_DNS_RECURSIVE_UNBOUND_LOOP_H

#include <ev.h>

struct ub_event_base;

/* Must outlive the context that is made on it. */
struct ub_event_base *unbound_loop_new(struct ev_loop *);
void	unbound_loop_free(struct ub_event_base *);

#endif
