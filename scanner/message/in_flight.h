/*
 * in_flight: a page that a worker shares with its coordinator: which items it is
 * working on now. When the worker crashes these are the suspects.
 *
 * The worker writes, the coordinator reads once the worker is dead, and trusts
 * nothing of it. The memory is sealed, so that its size cannot change.
 */
#ifndef MXCENSUS_MESSAGE_IN_FLIGHT_H
#define MXCENSUS_MESSAGE_IN_FLIGHT_H

#include <stdint.h>

/* A worker with more in flight is not tracked beyond; it has no more windows
 * and sessions than that by far. */
#define IN_FLIGHT_SLOTS 16384

struct in_flight {
	/* The slot (from 1) of the only item that is being worked on at this
	 * moment; 0 where it may be any of them. */
	uint32_t	acting;
	struct in_flight_slot {
		uint64_t	number;		/* of the job */
		uint32_t	item;		/* index in it */
		uint32_t	kind;		/* enum job_kind + 1; 0: free */
	}		slots[IN_FLIGHT_SLOTS];
};

/* A descriptor of a fresh page (close-on-exec); -1 with errno. */
int	in_flight_create(void);
/* NULL with errno. */
struct in_flight *in_flight_map(int descriptor);
void	in_flight_unmap(struct in_flight *);

#endif
