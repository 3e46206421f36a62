#include "scanner/message/message.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/base/wire.h"

/* The fields that each type carries, in the order of this enum. */
enum field {
	KIND	= 1 << 0, NUMBER = 1 << 1, ATTEMPT = 1 << 2, OFFSET = 1 << 3,
	LENGTH	= 1 << 4, ITEMS	 = 1 << 5, ITEM	   = 1 << 6, CODE   = 1 << 7,
	GAUGES	= 1 << 8, TEXT	 = 1 << 9, RATE	   = 1 << 10, COUNTS = 1 << 11,
	ERROR	= 1 << 12, SHARE = 1 << 13, LATENCY = 1 << 14,
};

static const unsigned fields[] = {
	[MESSAGE_JOB] = KIND | NUMBER | ATTEMPT | OFFSET | LENGTH | ITEMS |
	    CODE,
	[MESSAGE_STOP] = 0,
	[MESSAGE_OPT_OUT] = LENGTH,
	[MESSAGE_BUDGET] = RATE | SHARE | TEXT,
	[MESSAGE_ZONES] = LENGTH | CODE,
	[MESSAGE_READY] = TEXT,
	[MESSAGE_UNUSABLE] = CODE | TEXT,
	[MESSAGE_BEGUN] = KIND | NUMBER,
	[MESSAGE_ENDED] = KIND | NUMBER | ITEM | CODE | ERROR,
	[MESSAGE_DONE] = KIND | NUMBER | CODE | ERROR,
	[MESSAGE_GAUGE] = GAUGES,
	[MESSAGE_SERVER] = COUNTS | TEXT,
	[MESSAGE_LANE] = KIND | CODE | COUNTS,
	[MESSAGE_SAMPLED] = CODE | COUNTS,
	[MESSAGE_SOURCE] = NUMBER | CODE | TEXT,
	[MESSAGE_ASK_SOURCE] = 0,
	[MESSAGE_LATENCY] = CODE | LATENCY,
};

static void
put_latency(const struct latency *latency, struct buffer *packet)
{
	for (int i = 0; i < LATENCY_CLASSES; i++)
		wire_put_number(packet, latency->count[i], 8);
	wire_put_number(packet, latency->sum_ms, 8);
}

static void
read_latency(struct wire *wire, struct latency *latency)
{
	for (int i = 0; i < LATENCY_CLASSES; i++)
		latency->count[i] = wire_number(wire, 8);
	latency->sum_ms = wire_number(wire, 8);
}

void
message_encode(const struct message *message, struct buffer *packet)
{
	unsigned has = fields[message->type];

	wire_put_number(packet, message->type, 1);
	if (has & KIND)
		wire_put_number(packet, message->kind, 1);
	if (has & NUMBER)
		wire_put_number(packet, message->number, 8);
	if (has & ATTEMPT)
		wire_put_number(packet, message->attempt, 1);
	if (has & OFFSET)
		wire_put_number(packet, message->offset, 8);
	if (has & LENGTH)
		wire_put_number(packet, message->length, 8);
	if (has & ITEMS)
		wire_put_number(packet, message->items, 4);
	if (has & ITEM)
		wire_put_number(packet, message->item, 4);
	if (has & CODE)
		wire_put_number(packet, message->code, 4);
	if (has & ERROR)
		wire_put_number(packet, message->error, 4);
	if (has & GAUGES) {
		wire_put_number(packet, message->asked, 8);
		wire_put_number(packet, message->in_flight, 8);
		wire_put_number(packet, message->waiting, 8);
	}
	if (has & RATE)
		wire_put_number(packet, message->rate, 4);
	if (has & SHARE)
		wire_put_number(packet, message->share, 4);
	if (has & COUNTS) {
		wire_put_number(packet, message->asked, 8);
		wire_put_number(packet, message->lost, 8);
		wire_put_number(packet, message->waiting, 8);
	}
	if (has & LATENCY)
		put_latency(&message->latency, packet);
	if (has & TEXT)
		wire_put_text(packet, message->text);
}

bool
message_decode(const uint8_t *packet, size_t length, struct message *message)
{
	struct wire wire = { packet, packet + length, false };
	unsigned has, type = (unsigned)wire_number(&wire, 1);
	const char *text;

	*message = (struct message){ 0 };
	if (type == 0 || type >= sizeof fields / sizeof fields[0])
		return false;
	message->type = (enum message_type)type;
	has = fields[type];
	if (has & KIND) {
		unsigned kind = (unsigned)wire_number(&wire, 1);

		if (kind >= JOB_KINDS)
			return false;
		message->kind = (enum job_kind)kind;
	}
	if (has & NUMBER)
		message->number = wire_number(&wire, 8);
	if (has & ATTEMPT)
		message->attempt = (uint8_t)wire_number(&wire, 1);
	if (has & OFFSET)
		message->offset = wire_number(&wire, 8);
	if (has & LENGTH)
		message->length = wire_number(&wire, 8);
	if (has & ITEMS)
		message->items = (uint32_t)wire_number(&wire, 4);
	if (has & ITEM)
		message->item = (uint32_t)wire_number(&wire, 4);
	if (has & CODE)
		message->code = (uint32_t)wire_number(&wire, 4);
	if (has & ERROR)
		message->error = (uint32_t)wire_number(&wire, 4);
	if (has & GAUGES) {
		message->asked = wire_number(&wire, 8);
		message->in_flight = wire_number(&wire, 8);
		message->waiting = wire_number(&wire, 8);
	}
	if (has & RATE)
		message->rate = (uint32_t)wire_number(&wire, 4);
	if (has & SHARE)
		message->share = (uint32_t)wire_number(&wire, 4);
	if (has & COUNTS) {
		message->asked = wire_number(&wire, 8);
		message->lost = wire_number(&wire, 8);
		message->waiting = wire_number(&wire, 8);
	}
	if (has & LATENCY)
		read_latency(&wire, &message->latency);
	if (has & TEXT) {
		text = wire_text(&wire);
		if (strlen(text) >= sizeof message->text)
			return false;
		strcpy(message->text, text);
	}
	return !wire.failed && wire.at == wire.end;
}

bool
message_send(int socket, const struct message *message, const int *descriptors,
    size_t count)
{
	struct buffer packet = { 0 };
	union {
		struct cmsghdr	header;
		char		bytes[CMSG_SPACE(sizeof(int) *
				    MESSAGE_DESCRIPTORS_MAX)];
	} control = { 0 };
	struct iovec piece;
	struct msghdr header = { .msg_iov = &piece, .msg_iovlen = 1 };
	ssize_t sent;

	assert(count <= MESSAGE_DESCRIPTORS_MAX);
	message_encode(message, &packet);
	assert(packet.length <= MESSAGE_MAX);
	piece = (struct iovec){ packet.bytes, packet.length };
	if (count > 0) {
		header.msg_control = control.bytes;
		header.msg_controllen = CMSG_SPACE(sizeof(int) * count);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int) * count);
		memcpy(CMSG_DATA(&control.header), descriptors,
		    sizeof(int) * count);
	}
	do
		sent = sendmsg(socket, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	buffer_fini(&packet);
	return sent >= 0;
}

/* Takes the descriptors out of the control part. If the part is wrong, closes
 * them and returns false. */
static bool
take_descriptors(struct msghdr *header, int *descriptors, size_t *count)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(header);
	bool good = (header->msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0;

	*count = 0;
	for (; control != NULL; control = CMSG_NXTHDR(header, control)) {
		if (control->cmsg_level != SOL_SOCKET ||
		    control->cmsg_type != SCM_RIGHTS)
			continue;
		size_t here = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		for (size_t i = 0; i < here; i++) {
			int descriptor;

			memcpy(&descriptor, CMSG_DATA(control) +
			    i * sizeof(int), sizeof(int));
			if (*count < MESSAGE_DESCRIPTORS_MAX) {
				descriptors[(*count)++] = descriptor;
			} else {
				close(descriptor);
				good = false;
			}
		}
	}
	if (!good) {
		for (size_t i = 0; i < *count; i++)
			close(descriptors[i]);
		*count = 0;
	}
	return good;
}

enum message_status
message_receive(int socket, struct message *message,
    int descriptors[MESSAGE_DESCRIPTORS_MAX], size_t *count)
{
	uint8_t packet[MESSAGE_MAX];
	union {
		struct cmsghdr	header;
		char		bytes[CMSG_SPACE(sizeof(int) *
				    MESSAGE_DESCRIPTORS_MAX)];
	} control;
	struct iovec piece = { packet, sizeof packet };
	struct msghdr header = {
		.msg_iov = &piece, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof control.bytes,
	};
	ssize_t length;

	*count = 0;
	do
		length = recvmsg(socket, &header,
		    MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return errno == EAGAIN ? MESSAGE_NONE : MESSAGE_CLOSED;
	if (length == 0)
		return MESSAGE_CLOSED;
	if (!take_descriptors(&header, descriptors, count))
		return MESSAGE_BAD;
	if (message_decode(packet, (size_t)length, message))
		return MESSAGE_OK;
	for (size_t i = 0; i < *count; i++)
		close(descriptors[i]);
	*count = 0;
	return MESSAGE_BAD;
}
