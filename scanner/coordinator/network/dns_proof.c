#include "scanner/coordinator/network/dns_proof.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/base/clock.h"

#define ROUNDS		3
#define ROUND_SECONDS	1.
#define LAST_SECONDS	2.	/* after the last round */
#define PORT		53
#define HEADER_BYTES	12

static void
finish(struct dns_proof *proof)
{
	dns_proof_cancel(proof);
	proof->done(proof);
}

/* Asking ******************************************************************* */

static socklen_t
name_address(const struct address *address, struct sockaddr_storage *name)
{
	struct sockaddr_in *in = (void *)name;
	struct sockaddr_in6 *in6 = (void *)name;

	memset(name, 0, sizeof *name);
	if (address->family == 4) {
		in->sin_family = AF_INET;
		in->sin_port = htons(PORT);
		memcpy(&in->sin_addr, address->bytes, 4);
		return sizeof *in;
	}
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(PORT);
	memcpy(&in6->sin6_addr, address->bytes, 16);
	return sizeof *in6;
}

/* RFC 1035 4.1: one question, `. NS`, class IN. */
static size_t
write_question(const struct dns_proof *proof, uint16_t id, uint8_t packet[17])
{
	static const uint8_t rest[] = {
		0, 1, 0, 0, 0, 0, 0, 0,		/* counts */
		0, 0, 2, 0, 1,			/* root, NS, IN */
	};

	packet[0] = (uint8_t)(id >> 8);
	packet[1] = (uint8_t)id;
	packet[2] = proof->recursive ? 1 : 0;
	packet[3] = 0;
	memcpy(packet + 4, rest, sizeof rest);
	return 4 + sizeof rest;
}

static void
ask(struct dns_proof *proof, struct dns_proof_target *target)
{
	int descriptor = proof->sockets[target->address.family == 6];
	struct sockaddr_storage name;
	socklen_t length = name_address(&target->address, &name);
	uint8_t packet[17];
	size_t size = write_question(proof, target->id, packet);

	/* Without a socket `error` is set already. */
	if (descriptor < 0)
		return;
	target->error = sendto(descriptor, packet, size, 0,
	    (struct sockaddr *)&name, length) == (ssize_t)size ? 0 : errno;
}

static void
ask_all(struct dns_proof *proof)
{
	proof->rounds++;
	proof->sent_ms = clock_ms();
	for (size_t i = 0; i < proof->count; i++)
		if (!proof->targets[i].answered)
			ask(proof, &proof->targets[i]);
	ev_timer_stop(proof->ev, &proof->again);
	ev_timer_set(&proof->again, proof->rounds < ROUNDS ? ROUND_SECONDS
	    : LAST_SECONDS, 0);
	ev_timer_start(proof->ev, &proof->again);
}

static void
on_again(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct dns_proof *proof = watcher->data;

	(void)ev;
	(void)revents;
	if (proof->count > 0 && proof->rounds < ROUNDS)
		ask_all(proof);
	else
		finish(proof);
}

/* Answers ****************************************************************** */

static bool
is_from(const struct sockaddr_storage *name, const struct address *address)
{
	const struct sockaddr_in *in = (const void *)name;
	const struct sockaddr_in6 *in6 = (const void *)name;

	if (address->family == 4)
		return name->ss_family == AF_INET && in->sin_port ==
		    htons(PORT) && memcmp(&in->sin_addr, address->bytes,
		    4) == 0;
	return name->ss_family == AF_INET6 && in6->sin6_port == htons(PORT) &&
	    memcmp(&in6->sin6_addr, address->bytes, 16) == 0;
}

static void
take(struct dns_proof *proof, const struct sockaddr_storage *from,
    const uint8_t *packet)
{
	uint16_t id = (uint16_t)(packet[0] << 8 | packet[1]);

	for (size_t i = 0; i < proof->count; i++) {
		struct dns_proof_target *target = &proof->targets[i];

		if (target->answered || target->id != id ||
		    !is_from(from, &target->address))
			continue;
		target->answered = true;
		target->error = 0;
		target->milliseconds = (int)(clock_ms() - proof->sent_ms);
	}
}

static bool
all_answered(const struct dns_proof *proof)
{
	for (size_t i = 0; i < proof->count; i++)
		if (!proof->targets[i].answered)
			return false;
	return true;
}

static void
on_readable(struct ev_loop *ev, ev_io *watcher, int revents)
{
	struct dns_proof *proof = watcher->data;
	struct sockaddr_storage from;
	uint8_t packet[4096];
	socklen_t size = sizeof from;
	ssize_t length;

	(void)ev;
	(void)revents;
	while ((length = recvfrom(watcher->fd, packet, sizeof packet,
	    MSG_DONTWAIT, (struct sockaddr *)&from, &size)) >= 0) {
		/* The QR bit: it is a response. */
		if (length >= HEADER_BYTES && (packet[2] & 0x80) != 0)
			take(proof, &from, packet);
		size = sizeof from;
	}
	if (all_answered(proof))
		finish(proof);
}

/* Life ********************************************************************* */

static void
open_socket(struct dns_proof *proof, int family)
{
	int index = family == 6, error;

	proof->sockets[index] = socket(family == 4 ? AF_INET : AF_INET6,
	    SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	error = errno;
	for (size_t i = 0; i < proof->count; i++)
		if (proof->sockets[index] < 0 &&
		    proof->targets[i].address.family == family)
			proof->targets[i].error = error;
	if (proof->sockets[index] < 0)
		return;
	ev_io_init(&proof->readable[index], on_readable,
	    proof->sockets[index], EV_READ);
	proof->readable[index].data = proof;
	ev_io_start(proof->ev, &proof->readable[index]);
}

void
dns_proof_start(struct dns_proof *proof)
{
	proof->is_busy = true;
	proof->rounds = 0;
	ev_timer_init(&proof->again, on_again, 0, 0);
	proof->again.data = proof;
	for (size_t i = 0; i < proof->count; i++) {
		struct dns_proof_target *target = &proof->targets[i];

		target->answered = false;
		target->error = 0;
		if (getrandom(&target->id, sizeof target->id, 0) !=
		    sizeof target->id)
			target->id = (uint16_t)i;
	}
	open_socket(proof, 4);
	open_socket(proof, 6);
	if (proof->count > 0)
		ask_all(proof);
	else
		ev_timer_start(proof->ev, &proof->again);
}

void
dns_proof_cancel(struct dns_proof *proof)
{
	if (!proof->is_busy)
		return;
	proof->is_busy = false;
	ev_timer_stop(proof->ev, &proof->again);
	for (int i = 0; i < 2; i++) {
		if (proof->sockets[i] < 0)
			continue;
		ev_io_stop(proof->ev, &proof->readable[i]);
		close(proof->sockets[i]);
		proof->sockets[i] = -1;
	}
}

struct dns_proof_count
dns_proof_count(const struct dns_proof *proof, int family)
{
	struct dns_proof_count count = { .milliseconds = -1 };

	for (size_t i = 0; i < proof->count; i++) {
		const struct dns_proof_target *target = &proof->targets[i];

		if (target->address.family != family)
			continue;
		count.asked++;
		count.answered += target->answered;
		if (target->answered &&
		    target->milliseconds > count.milliseconds)
			count.milliseconds = target->milliseconds;
		if (target->error != 0)
			count.error = target->error;
	}
	return count;
}

bool
dns_proof_fails(const struct dns_proof_count *count)
{
	return 3 * count->answered < 2 * count->asked;
}
