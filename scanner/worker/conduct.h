/*
 * conduct: decides whether a worker may contact an address (RULES 11: conduct).
 * The coordinator grants no other address; the worker refuses it as well, in
 * SMTP and in HTTPS. The resolvers get the name servers that the worker may ask
 * at its start (resolver.h).
 */
#ifndef MXCENSUS_WORKER_CONDUCT_H
#define MXCENSUS_WORKER_CONDUCT_H

#include "parsers/prefix.h"
#include "scanner/base/facts.h"

struct worker;

/* CLASS_PUBLIC if the address may be contacted. Otherwise the first reason
 * against it: we have not said who we are, and it is in no network of
 * --allow-network; it is special-purpose; it has opted out; its family has no
 * route from here. */
enum address_class conduct_class_of(const struct worker *,
	    const struct address *);

/* The same for a name server. */
bool	conduct_may_ask(const struct worker *, const struct address *);

#endif
