/*
 * in_flight: a page of memory that a worker shares with the coordinator. It
 * says which items the worker is working on. If the worker crashes, these are
 * the suspects.
 *
 * The worker writes it. The coordinator reads it after the worker has died, and
 * does not trust its content. The memory is sealed, so its size cannot change.
 */
#ifndef MXCENSUS_MESSAGE_IN_FLIGHT_H
#define MXCENSUS_MESSAGE_IN_FLIGHT_H

#include <stdint.h>

/* Items beyond this number are not tracked. The largest window, all waiting
 * rooms and the sessions of a worker together are fewer. Memory is only taken
 * for slots that have been used. */
#define IN_FLIGHT_SLOTS 262144

struct in_flight {
	/* The slot (from 1) of the only item that is being worked on at this
	 * moment; 0 if it may be any of them. */
	uint32_t	acting;
	struct in_flight_slot {
		uint64_t	number;		/* the number of the job */
		uint32_t	item;		/* index in the job */
		uint32_t	kind;		/* enum job_kind + 1; 0: free */
	}		slots[IN_FLIGHT_SLOTS];
};

/* Creates a page, and returns its descriptor (close-on-exec); -1 with errno. */
int	in_flight_create(void);
/* Returns NULL with errno. */
struct in_flight *in_flight_map(int descriptor);
void	in_flight_unmap(struct in_flight *);

#endif
