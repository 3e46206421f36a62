/*
 * parent_question: asks the parent zone of a name from a list for the delegation
 * of the name (RULES L46 to L48), so that its own name servers can be asked: for
 * the name servers, the DS records, and, where the parent does not have them, the
 * addresses of these servers.
 */
#ifndef MXCENSUS_WORKER_PARENT_QUESTION_H
#define MXCENSUS_WORKER_PARENT_QUESTION_H

#include <stdbool.h>

#include "scanner/message/item.h"

struct parent_question;
struct worker;

/* Asks about a name (canonical text form), which outlives the question. done()
 * runs once, from the loop. Returns NULL if there is nobody to ask: the name is
 * not a registrable domain (RULES L46), or its parent may not be asked. */
struct parent_question *parent_question_new(struct worker *, const char *name,
	    void (*done)(void *tag), void *tag);
/* At any time; done() does not run any more. NULL is legal. */
void	parent_question_free(struct parent_question *);
/* After done(): does the parent delegate the name to a server with a known
 * address, with DS records or a proof that there are none? These are valid as
 * long as the question. */
bool	parent_question_has_delegation(const struct parent_question *,
	    struct item_servers *, struct item_ds *);

#endif
