/*
 * child_descriptors: where a worker finds what the coordinator gives it when it
 * starts it.
 */
#ifndef MXCENSUS_PROCESS_CHILD_DESCRIPTORS_H
#define MXCENSUS_PROCESS_CHILD_DESCRIPTORS_H

/* After the standard descriptors: the socket that messages pass through, and the
 * page that says what is in flight (message/in_flight.h). */
enum { CHILD_SOCKET = 3, CHILD_IN_FLIGHT = 4 };

#endif
