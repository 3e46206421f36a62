/*
 * conduct: whether a worker may contact an address (RULES 11). The coordinator
 * grants no other; the worker refuses it all the same, in SMTP and in HTTPS. What
 * name servers the resolver may ask, it is told at its start (resolver.h).
 */
#ifndef MXCENSUS_WORKER_CONDUCT_H
#define MXCENSUS_WORKER_CONDUCT_H

#include "parsers/prefix.h"
#include "scanner/base/facts.h"

struct worker;

/* CLASS_PUBLIC: it may be contacted. Otherwise the first reason against it: nobody
 * has said who we are, and it is not in a network of --allow-network; it is
 * special-purpose; it has opted out; its family has no route from here. */
enum address_class conduct_class_of(const struct worker *,
	    const struct address *);

#endif
