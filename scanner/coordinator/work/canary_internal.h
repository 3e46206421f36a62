/*
 * canary_internal: private to canary. It shows the look that is under way.
 *
 *	canary.c		who is asked, and the batches that ask
 *	canary_results.c	what the batches say, and who is asked next
 */
#ifndef MXCENSUS_COORDINATOR_WORK_CANARY_INTERNAL_H
#define MXCENSUS_COORDINATOR_WORK_CANARY_INTERNAL_H

#include "scanner/coordinator/work/canary.h"

#define CANARY_ADDRESSES	4

enum canary_step {
	CANARY_IDLE,
	CANARY_DOMAIN,		/* the MX of the domain of --ehlo is asked */
	CANARY_HOST,		/* its addresses */
	CANARY_SESSION,
};

struct canary {
	enum canary_step step;
	bool		 is_out;	/* a worker has the batch of the step */
	bool		 asks_canary;	/* not servers that are known */
	char		 domain[NAME_TEXT_MAX];	/* the next to be asked for */
	char		 host[NAME_TEXT_MAX];	/* "": not known yet */
	struct reach_server servers[REACH_KNOWN_MAX];
	size_t		 count;
	struct reach_server own[CANARY_ADDRESSES];	/* of the canary */
	size_t		 own_count;
	/* Its TLSA records (registry.h: host). */
	char		 tlsa_base[NAME_TEXT_MAX];
	enum tlsa_status tlsa_status;
	struct buffer	 records;
	uint32_t	 record_count;
	uint64_t	 next_number;
};

/* Continues the look with this step. */
void	canary_go_on(struct work *, enum canary_step);
/* Ends the look. */
void	canary_finish(struct work *, const struct look_result *);
/* Ends the look without an answer: no server answered, or none could be
 * asked. */
void	canary_fail(struct work *, bool is_possible);

#endif
