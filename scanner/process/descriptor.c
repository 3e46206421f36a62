#include "scanner/process/descriptor.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* Room for one descriptor, with the alignment that it needs. */
union control {
	struct cmsghdr	header;
	char		bytes[CMSG_SPACE(sizeof(int))];
};

bool
descriptor_send(int socket, int descriptor)
{
	union control control = { 0 };
	/* An empty packet would look like the end. */
	struct iovec piece = { (char[]){ 0 }, 1 };
	struct msghdr header = { .msg_iov = &piece, .msg_iovlen = 1 };
	ssize_t sent;

	if (descriptor >= 0) {
		header.msg_control = control.bytes;
		header.msg_controllen = sizeof control.bytes;
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &descriptor, sizeof(int));
	}
	do
		sent = sendmsg(socket, &header, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == 1;
}

int
descriptor_receive(int socket)
{
	union control control = { 0 };
	char byte;
	struct iovec piece = { &byte, 1 };
	struct msghdr header = {
		.msg_iov = &piece, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof control.bytes,
	};
	const struct cmsghdr *got;
	ssize_t length;
	int descriptor;

	do
		length = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
	while (length < 0 && errno == EINTR);
	got = length == 1 ? CMSG_FIRSTHDR(&header) : NULL;
	if (got == NULL || got->cmsg_level != SOL_SOCKET ||
	    got->cmsg_type != SCM_RIGHTS ||
	    got->cmsg_len != CMSG_LEN(sizeof(int)))
		return -1;
	memcpy(&descriptor, CMSG_DATA(got), sizeof(int));
	return descriptor;
}
