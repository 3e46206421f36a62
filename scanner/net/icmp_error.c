#include "scanner/net/icmp_error.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <linux/errqueue.h>

#define QUEUE_MAX 64	/* messages; each SYN can have one */

static void
set(int descriptor, int family, int value)
{
	/* If the kernel refuses, every ICMP message counts as one from our own
	 * network. */
	if (family == AF_INET)
		(void)setsockopt(descriptor, IPPROTO_IP, IP_RECVERR, &value,
		    sizeof value);
	else
		(void)setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVERR,
		    &value, sizeof value);
}

void
icmp_error_on(int descriptor, int family)
{
	set(descriptor, family, 1);
}

void
icmp_error_off(int descriptor, int family)
{
	int error;
	socklen_t size = sizeof error;

	set(descriptor, family, 0);
	(void)getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
}

/* On Linux a socket has a peer from the SYN-ACK until it is closed, also by an
 * error (then ENOTCONN). */
bool
icmp_error_is_survived(int descriptor)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof peer;

	return getpeername(descriptor, (struct sockaddr *)&peer, &length) == 0;
}

static bool
is_ours(const struct sockaddr *offender, const struct own_addresses *own)
{
	const void *any = offender;
	struct address address = { 0 };

	if (offender->sa_family == AF_INET) {
		address.family = 4;
		memcpy(address.bytes, &((const struct sockaddr_in *)any)->
		    sin_addr, 4);
	} else if (offender->sa_family == AF_INET6) {
		address.family = 6;
		memcpy(address.bytes, &((const struct sockaddr_in6 *)any)->
		    sin6_addr, 16);
	} else {
		return true;
	}
	return own_addresses_contains(own, &address);
}

/* Reads one message. Returns false if the queue is empty. `sender` is set if
 * the message is one of ICMP with this error. */
static bool
read_message(int descriptor, int error, const struct own_addresses *own,
    bool *is_found, enum error_origin *sender)
{
	union {
		struct cmsghdr	header;
		char		bytes[512];
	} control;
	struct msghdr message = {
		.msg_control = control.bytes,
		.msg_controllen = sizeof control.bytes,
	};

	if (recvmsg(descriptor, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part != NULL;
	    part = CMSG_NXTHDR(&message, part)) {
		const struct sock_extended_err *extended =
		    (const void *)CMSG_DATA(part);

		if (!(part->cmsg_level == IPPROTO_IP &&
		    part->cmsg_type == IP_RECVERR) &&
		    !(part->cmsg_level == IPPROTO_IPV6 &&
		    part->cmsg_type == IPV6_RECVERR))
			continue;
		if (extended->ee_errno != (uint32_t)error)
			continue;
		*is_found = true;
		*sender = is_ours(SO_EE_OFFENDER(extended), own)
		    ? ERROR_FROM_HERE : ERROR_FROM_ELSEWHERE;
	}
	return true;
}

enum error_origin
icmp_error_origin(int descriptor, int error, const struct own_addresses *own)
{
	enum error_origin origin = ERROR_FROM_HERE;
	bool is_found = false;

	for (int i = 0; i < QUEUE_MAX; i++)
		if (!read_message(descriptor, error, own, &is_found, &origin))
			break;
	if (is_found)
		return origin;
	/* There is no ICMP message: the error comes from a TCP segment (RFC
	 * 9293 3.5.2) or a timeout, or from this machine. */
	return error == ECONNREFUSED || error == ECONNRESET ||
	    error == EPIPE || error == ETIMEDOUT
	    ? ERROR_FROM_ELSEWHERE : ERROR_FROM_HERE;
}
