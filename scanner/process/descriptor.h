/*
 * descriptor: passes an open file, or the message that there is none, to
 * another process over a socket pair of sequenced packets.
 */
#ifndef MXCENSUS_PROCESS_DESCRIPTOR_H
#define MXCENSUS_PROCESS_DESCRIPTOR_H

#include <stdbool.h>

/* Sends a descriptor, or -1 for none. The caller keeps it. Returns false with
 * errno. */
bool	descriptor_send(int socket, int descriptor);
/* Waits for a descriptor, which the caller owns (close-on-exec). Returns -1 if
 * there is none, or the peer is gone. */
int	descriptor_receive(int socket);

#endif
