/* Messages between coordinator and worker: neither side trusts the other, so a
 * packet that is not exactly a message is refused, and no descriptor is lost
 * with it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/message/message.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* One of each type, with every field that message.h names for it. */
static const struct message messages[] = {
	{ .type = MESSAGE_JOB, .kind = JOB_PROBES,
	    .number = 0x0102030405060708, .attempt = 2, .offset = UINT64_MAX,
	    .length = 1, .items = UINT32_MAX },
	{ .type = MESSAGE_STOP },
	{ .type = MESSAGE_OPT_OUT, .length = UINT64_MAX },
	{ .type = MESSAGE_BUDGET, .rate = UINT32_MAX, .share = 1,
	    .text = "192.0.2.53" },
	{ .type = MESSAGE_ZONES, .length = UINT64_MAX },
	{ .type = MESSAGE_READY, .text = "unbound 1.17, OpenSSL 3.0" },
	{ .type = MESSAGE_UNUSABLE, .code = 69, .text = "no anchor" },
	{ .type = MESSAGE_BEGUN, .kind = JOB_HOSTS, .number = 9 },
	{ .type = MESSAGE_ENDED, .kind = JOB_PROBES, .number = 9, .item = 4095,
	    .code = 554 },
	{ .type = MESSAGE_DONE, .kind = JOB_DOMAINS, .number = UINT64_MAX,
	    .code = ENOSPC },
	{ .type = MESSAGE_GAUGE, .asked = 1, .in_flight = UINT64_MAX,
	    .waiting = 1ull << 40 },
	{ .type = MESSAGE_LANE, .kind = JOB_HOSTS, .code = UINT32_MAX, .asked = UINT64_MAX,
	    .lost = 2 },
	{ .type = MESSAGE_SAMPLED, .code = 1, .asked = 3,
	    .lost = UINT64_MAX, .waiting = 4 },
	{ .type = MESSAGE_SOURCE, .number = 6, .code = 5,
	    .text = "2001:db8::1 scan.example" },
	{ .type = MESSAGE_ASK_SOURCE },
	{ .type = MESSAGE_LATENCY, .code = 2, .latency = {
	    .count = { [0] = 1, [7] = UINT64_MAX,
	    [LATENCY_CLASSES - 1] = 3 }, .sum_ms = 1ull << 40 } },
	{ .type = MESSAGE_SERVER, .asked = 3, .lost = UINT64_MAX,
	    .waiting = 2, .text = "ns.example" },
};

/* Decoded from the end of fresh memory: a sanitizer sees an overread. */
static bool
decode(const void *packet, size_t length, struct message *message)
{
	uint8_t *copy = malloc(length != 0 ? length : 1);
	bool good;

	assert_non_null(copy);
	memcpy(copy, packet, length);
	good = message_decode(copy, length, message);
	free(copy);
	return good;
}

static void
assert_same(const struct message *a, const struct message *b)
{
	/* Both were made zeroed; there is nothing else to a message. */
	assert_memory_equal(a, b, sizeof *a);
}

static void
round_trips(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(messages); i++) {
		struct buffer packet = { 0 };
		struct message back;

		message_encode(&messages[i], &packet);
		assert_in_range(packet.length, 1, MESSAGE_MAX);
		assert_true(decode(packet.bytes, packet.length, &back));
		assert_same(&back, &messages[i]);
		/* Every prefix is too short, a byte more is too long. */
		for (size_t length = 0; length < packet.length; length++)
			if (decode(packet.bytes, length, &back))
				fail_msg("type %d of %zu bytes",
				    messages[i].type, length);
		for (unsigned byte = 0; byte < 256; byte++) {
			buffer_append_byte(&packet, (uint8_t)byte);
			assert_false(decode(packet.bytes, packet.length,
			    &back));
			packet.length--;
		}
		buffer_fini(&packet);
	}
}

/* A type is in the table above, or it is none. */
static void
types(void **state)
{
	struct message back;
	uint8_t packet[64] = { 0 };

	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		bool known = false;

		for (size_t i = 0; i < COUNT(messages); i++)
			known = known || (unsigned)messages[i].type == type;
		if (known)
			continue;
		packet[0] = (uint8_t)type;
		for (size_t length = 1; length <= sizeof packet; length++)
			if (decode(packet, length, &back))
				fail_msg("type %u", type);
	}
}

/* The byte at `offset` of a good packet may be below `limit` and no more. */
static void
check_limit(const struct message *message, size_t offset, unsigned limit)
{
	struct buffer packet = { 0 };
	struct message back;

	message_encode(message, &packet);
	for (unsigned byte = 0; byte < 256; byte++) {
		packet.bytes[offset] = (uint8_t)byte;
		assert_int_equal(decode(packet.bytes, packet.length, &back),
		    byte < limit);
	}
	buffer_fini(&packet);
}

static void
limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(messages); i++)
		if (messages[i].type == MESSAGE_JOB ||
		    messages[i].type == MESSAGE_BEGUN ||
		    messages[i].type == MESSAGE_ENDED ||
		    messages[i].type == MESSAGE_DONE)
			check_limit(&messages[i], 1, JOB_KINDS);
}

/* The longest text with its NUL fills the field. */
static void
texts(void **state)
{
	struct message message = { .type = MESSAGE_READY }, back;
	struct buffer packet = { 0 };

	(void)state;
	memset(message.text, 't', MESSAGE_TEXT_MAX - 1);
	message_encode(&message, &packet);
	assert_true(decode(packet.bytes, packet.length, &back));
	assert_same(&back, &message);
	/* One byte longer: count, a byte before the NUL. */
	assert_int_equal(packet.length, 1 + 4 + MESSAGE_TEXT_MAX);
	packet.length--;
	buffer_append_text(&packet, "t");
	buffer_append_byte(&packet, '\0');
	packet.bytes[1]++;
	assert_false(decode(packet.bytes, packet.length, &back));
	/* A NUL inside would hide what is behind it. */
	packet.length--;
	packet.bytes[1]--;
	packet.bytes[packet.length - 1] = '\0';
	assert_true(decode(packet.bytes, packet.length, &back));
	packet.bytes[10] = '\0';
	assert_false(decode(packet.bytes, packet.length, &back));
	buffer_fini(&packet);
}

/* Over a socket pair ****************************************************** */

static size_t
open_descriptors(void)
{
	size_t count = 0;

	for (int i = 0; i < 256; i++)
		count += fcntl(i, F_GETFD) >= 0;
	return count;
}

static int
make_pair(void **state)
{
	int *pair = malloc(2 * sizeof *pair);

	if (pair == NULL || socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0)
		return -1;
	*state = pair;
	return 0;
}

static int
close_pair(void **state)
{
	int *pair = *state;

	for (int i = 0; i < 2; i++)
		if (pair[i] >= 0)
			close(pair[i]);
	free(pair);
	return 0;
}

static void
exchange(void **state)
{
	int *pair = *state, taken[MESSAGE_DESCRIPTORS_MAX];
	struct message back;
	size_t count = 7;

	assert_int_equal(message_receive(pair[1], &back, taken, &count),
	    MESSAGE_NONE);
	assert_int_equal(count, 0);
	for (size_t i = 0; i < COUNT(messages); i++)
		assert_true(message_send(pair[0], &messages[i], NULL, 0));
	for (size_t i = 0; i < COUNT(messages); i++) {
		assert_int_equal(message_receive(pair[1], &back, taken,
		    &count), MESSAGE_OK);
		assert_int_equal(count, 0);
		assert_same(&back, &messages[i]);
	}
	assert_int_equal(message_receive(pair[1], &back, taken, &count),
	    MESSAGE_NONE);
}

/* As many as may travel, in their order, closed on exec. */
static void
descriptors(void **state)
{
	int *pair = *state, taken[MESSAGE_DESCRIPTORS_MAX];
	size_t before = open_descriptors();

	for (size_t sent = 1; sent <= MESSAGE_DESCRIPTORS_MAX; sent++) {
		int ends[MESSAGE_DESCRIPTORS_MAX][2];
		int given[MESSAGE_DESCRIPTORS_MAX];
		struct message back;
		size_t count;

		for (size_t i = 0; i < sent; i++) {
			assert_int_equal(pipe(ends[i]), 0);
			given[i] = ends[i][1];
		}
		assert_true(message_send(pair[0], &messages[0], given, sent));
		for (size_t i = 0; i < sent; i++)
			close(given[i]);
		assert_int_equal(message_receive(pair[1], &back, taken,
		    &count), MESSAGE_OK);
		assert_int_equal(count, sent);
		assert_same(&back, &messages[0]);
		for (size_t i = 0; i < sent; i++) {
			char byte = (char)('a' + i), read_byte;

			assert_true(fcntl(taken[i], F_GETFD) & FD_CLOEXEC);
			assert_int_equal(write(taken[i], &byte, 1), 1);
			assert_int_equal(read(ends[i][0], &read_byte, 1), 1);
			assert_int_equal(read_byte, byte);
			close(taken[i]);
			close(ends[i][0]);
		}
	}
	assert_int_equal(open_descriptors(), before);
}

/* A packet with so many descriptors, as message_send would not send it. */
static void
send_raw(int socket, const void *bytes, size_t length, size_t count)
{
	union {
		struct cmsghdr	header;
		char		bytes[CMSG_SPACE(sizeof(int) * 32)];
	} control = { 0 };
	struct iovec piece = { (void *)(uintptr_t)bytes, length };
	struct msghdr header = { .msg_iov = &piece, .msg_iovlen = 1 };
	int given[32];

	for (size_t i = 0; i < count; i++)
		given[i] = socket;
	if (count > 0) {
		header.msg_control = control.bytes;
		header.msg_controllen = CMSG_SPACE(sizeof(int) * count);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int) * count);
		memcpy(CMSG_DATA(&control.header), given, sizeof(int) * count);
	}
	assert_int_equal(sendmsg(socket, &header, 0), (ssize_t)length);
}

/* What is refused leaves no descriptor open, and the next is read as ever. */
static void
refused(void **state)
{
	static const struct {
		const char	*what;
		size_t		 length, descriptors;
		uint8_t		 type;
	} rows[] = {
		{ "no message", 5, 0, 0xee },
		{ "no message, descriptors", 5, 3, 0xee },
		{ "a descriptor too many", 1, MESSAGE_DESCRIPTORS_MAX + 1,
		    MESSAGE_STOP },
		{ "many too many", 1, 32, MESSAGE_STOP },
		{ "too long", MESSAGE_MAX + 1, 0, MESSAGE_STOP },
		{ "too long, descriptors", MESSAGE_MAX + 1, 2, MESSAGE_STOP },
	};
	int *pair = *state, taken[MESSAGE_DESCRIPTORS_MAX];
	size_t before = open_descriptors();

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t packet[MESSAGE_MAX + 1] = { rows[i].type };
		struct message back;
		size_t count = 7;

		send_raw(pair[0], packet, rows[i].length,
		    rows[i].descriptors);
		if (message_receive(pair[1], &back, taken, &count) !=
		    MESSAGE_BAD || count != 0 || open_descriptors() != before)
			fail_msg("%s", rows[i].what);
		send_raw(pair[0], &(uint8_t){ MESSAGE_STOP }, 1, 0);
		assert_int_equal(message_receive(pair[1], &back, taken,
		    &count), MESSAGE_OK);
		assert_int_equal(back.type, MESSAGE_STOP);
	}
}

/* What a peer said before it went is still read. */
static void
gone(void **state)
{
	int *pair = *state, taken[MESSAGE_DESCRIPTORS_MAX];
	struct message back;
	size_t count;

	assert_true(message_send(pair[0], &messages[1], NULL, 0));
	close(pair[0]);
	pair[0] = -1;
	assert_int_equal(message_receive(pair[1], &back, taken, &count),
	    MESSAGE_OK);
	assert_int_equal(message_receive(pair[1], &back, taken, &count),
	    MESSAGE_CLOSED);
	/* No signal: the test would end here. */
	assert_false(message_send(pair[1], &messages[1], NULL, 0));
	assert_int_equal(errno, EPIPE);
}

/* A peer that does not read: EAGAIN, at once; after a read it continues. */
static void
behind(void **state)
{
	int *pair = *state, taken[MESSAGE_DESCRIPTORS_MAX];
	struct message back;
	size_t sent = 0, count;

	while (message_send(pair[0], &messages[0], NULL, 0))
		assert_true(++sent < 1000000);
	assert_int_equal(errno, EAGAIN);
	assert_true(sent > 0);
	for (size_t i = 0; i < sent; i++)
		assert_int_equal(message_receive(pair[1], &back, taken,
		    &count), MESSAGE_OK);
	assert_int_equal(message_receive(pair[1], &back, taken, &count),
	    MESSAGE_NONE);
	assert_true(message_send(pair[0], &messages[0], NULL, 0));
}

#define over_pair(test) cmocka_unit_test_setup_teardown(test, make_pair, \
	close_pair)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trips), cmocka_unit_test(types),
		cmocka_unit_test(limits), cmocka_unit_test(texts),
		over_pair(exchange), over_pair(descriptors),
		over_pair(refused), over_pair(gone), over_pair(behind),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
