/*
 * unbound_loop: implements libunbound's pluggable event base on a libev loop
 * (unbound-event.h). libunbound makes events; we make watchers.
 */
#ifndef MXCENSUS_DNS_RECURSIVE_UNBOUND_LOOP_H
#define MXCENSUS_DNS_RECURSIVE_UNBOUND_LOOP_H

#include <ev.h>

struct ub_event_base;

/* The base must outlive the context that is made on it. */
struct ub_event_base *unbound_loop_new(struct ev_loop *);
void	unbound_loop_free(struct ub_event_base *);

#endif
