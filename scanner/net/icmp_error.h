/*
 * icmp_error: where an error comes from that ends a TCP connection while it is
 * being made (RULES 12): the kernel keeps ICMP messages, with their senders, in
 * the error queue of the socket (ip(7), IP_RECVERR).
 *
 * On an established connection IP_RECVERR would turn each ICMP message into an
 * error of the socket, also one that the connection would survive (RFC 1122
 * 4.2.3.9). So it is on only while the connection is being made.
 */
#ifndef MXCENSUS_NET_ICMP_ERROR_H
#define MXCENSUS_NET_ICMP_ERROR_H

#include <stdbool.h>

#include "scanner/base/fault.h"
#include "scanner/net/own_addresses.h"

/* Before connect(), on a socket of AF_INET or AF_INET6. */
void	icmp_error_on(int descriptor, int family);
/* Once the connection is made: drops the messages that have come, and an error
 * that one of them left. */
void	icmp_error_off(int descriptor, int family);
/* Is the connection made, and not ended by an error since? */
bool	icmp_error_is_survived(int descriptor);
/* Where `error` comes from, which ended the connection later than any call. It
 * is to be asked once, after SO_ERROR has been read: reading the queue takes the
 * error away. */
enum error_origin icmp_error_origin(int descriptor, int error,
	    const struct own_addresses *);

#endif
