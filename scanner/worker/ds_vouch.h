/*
 * ds_vouch: may the direct lane begin its chain of trust at the DS records that
 * a zone file has for a delegation, and who vouches for them (RULES L31, L32,
 * L37, L44)? With `--ds verify` the parent zone must have signed them, with
 * keys that the recursive lane has validated; with `--ds trust` the file is
 * believed.
 */
#ifndef MXCENSUS_WORKER_DS_VOUCH_H
#define MXCENSUS_WORKER_DS_VOUCH_H

#include "scanner/base/facts.h"
#include "scanner/message/item.h"

struct delegation;
struct worker;

/* Puts the records into the delegation if they are usable and somebody vouches
 * for them. If not, the delegation has none. */
enum ds_source ds_vouch(const struct worker *, const struct item_ds *,
	    struct delegation *);
/* Does the same for records that the servers of the parent zone gave, and whose
 * signatures are verified (RULES L47). */
enum ds_source ds_vouch_of_parent(const struct item_ds *, struct delegation *);

#endif
