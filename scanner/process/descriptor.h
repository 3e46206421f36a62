/*
 * descriptor: an open file, or the word that there is none, handed to another
 * process over a socket pair of sequenced packets.
 */
#ifndef MXCENSUS_PROCESS_DESCRIPTOR_H
#define MXCENSUS_PROCESS_DESCRIPTOR_H

#include <stdbool.h>

/* -1: there is none. False with errno; it stays the caller's. */
bool	descriptor_send(int socket, int descriptor);
/* Waits for it: the caller's, close-on-exec; -1 if there is none, or the peer is
 * gone. */
int	descriptor_receive(int socket);

#endif
