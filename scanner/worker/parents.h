/*
 * parents: the zones above the names of lists (RULES L46): their name servers,
 * which are asked for delegations, and their keys. The recursive lane is asked
 * about a zone when its first name comes, and every ten minutes as long as names
 * come. The worker owns it.
 */
#ifndef MXCENSUS_WORKER_PARENTS_H
#define MXCENSUS_WORKER_PARENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/base/buffer.h"
#include "scanner/base/list.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/secure.h"

struct parent;
struct parents;
struct worker;

/* What the recursive lane has said about a zone. It does not change, and lives
 * as long as somebody holds it. */
struct parent_view {
	struct delegation delegation;	/* its name and its name servers */
	uint8_t		 apex[NAME_WIRE_MAX];
	/* Its data are secure, and these are its keys. Below an insecure zone
	 * nothing can be secure. */
	bool		 is_signed;
	struct secure_keys keys;
	/* Private. */
	unsigned	 holders;
	struct buffer	 servers;
};

/* Somebody who waits until it is known whether a zone may be asked; embedded
 * there. Zeroed: does not wait. */
struct parent_wait {
	struct list	 link;
	void		(*done)(struct parent_wait *);	/* from the loop, once */
};

enum parent_state {
	PARENT_OPEN,		/* its name servers may be asked */
	PARENT_CLOSED,		/* only the recursive lane */
	PARENT_ASKED,		/* it is not known yet */
};

struct parents *parents_new(struct worker *);
/* The lanes still exist, nobody waits, and no view is held. Legal for NULL. */
void	parents_free(struct parents *);
/* Returns the zone that may delegate this name (canonical text form): the name
 * without its first label, or the zone around that. NULL: there are too many
 * zones. */
struct parent *parents_of(struct parents *, const char *name);
enum parent_state parent_state(const struct parent *);
void	parent_await(struct parent *, struct parent_wait *);	/* if ASKED */
void	parent_wait_cancel(struct parent_wait *);	/* legal at any time */
struct parent_view *parent_hold(struct parent *);	/* if OPEN */
void	parent_release(struct parent_view *);		/* legal for NULL */

#endif
