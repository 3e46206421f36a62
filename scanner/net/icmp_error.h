/*
 * icmp_error: finds out who caused the error that ended a TCP connection
 * attempt (RULES 12). The kernel keeps ICMP messages, with their senders, in
 * the error queue of the socket (ip(7), IP_RECVERR).
 *
 * On an established connection IP_RECVERR would turn each ICMP message into an
 * error of the socket, even one that the connection would otherwise survive
 * (RFC 1122 4.2.3.9). So it is only enabled until the connection is made.
 */
#ifndef MXCENSUS_NET_ICMP_ERROR_H
#define MXCENSUS_NET_ICMP_ERROR_H

#include <stdbool.h>

#include "scanner/base/fault.h"
#include "scanner/net/own_addresses.h"

/* Call it before connect(), on a socket of AF_INET or AF_INET6. */
void	icmp_error_on(int descriptor, int family);
/* Call it once the connection is made. It drops the messages that have come,
 * and an error that one of them left. */
void	icmp_error_off(int descriptor, int family);
/* Was the connection made, and has no error ended it since? */
bool	icmp_error_is_survived(int descriptor);
/* Returns the origin of `error`, which ended the connection after the calls had
 * succeeded. Call it once, after SO_ERROR has been read: reading the queue
 * clears the error. */
enum error_origin icmp_error_origin(int descriptor, int error,
	    const struct own_addresses *);

#endif
