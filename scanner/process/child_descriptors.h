/*
 * child_descriptors: the numbers under which a worker finds the descriptors
 * that the coordinator gives it at its start.
 */
#ifndef MXCENSUS_PROCESS_CHILD_DESCRIPTORS_H
#define MXCENSUS_PROCESS_CHILD_DESCRIPTORS_H

/* After the standard descriptors come the socket for messages, and the page
 * that says what is in flight (message/in_flight.h). */
enum { CHILD_SOCKET = 3, CHILD_IN_FLIGHT = 4 };

#endif
