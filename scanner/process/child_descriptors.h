/* child_descriptors: the descriptors that a worker finds when it is started. */
#ifndef MXCENSUS_PROCESS_CHILD_DESCRIPTORS_H
#define MXCENSUS_PROCESS_CHILD_DESCRIPTORS_H

#define WORKER_SOCKET		3	/* to its coordinator (message.h) */
#define WORKER_IN_FLIGHT	4	/* the page that it shares (in_flight.h) */

#endif
