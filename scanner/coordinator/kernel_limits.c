#include "scanner/coordinator/kernel_limits.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "scanner/base/log.h"
#include "scanner/dns/direct/direct.h"
#include "scanner/message/item.h"

#define NUMBER_MOST	((int64_t)1 << 40)
/* The share of a buffer that a response takes: the kernel counts everything
 * that it allocates for a packet of 1,232 bytes (docs/pitfalls.md). */
#define RESPONSE_BYTES	2304
/* A tracked question is forgotten after this time, if the kernel does not say
 * otherwise. */
#define TRACKED_SECONDS	30
/* What a worker can ask in a second (docs/pitfalls.md: 2.24 packets take 110 us
 * of one processor), and less if its window is small: at 100 ms for an answer. */
#define RATE_MOST	20000
#define ROUND_TRIPS	10

static int64_t
read_number(const char *root, const char *file)
{
	char path[4096], text[32], *end;
	FILE *from;
	long long number = KERNEL_UNKNOWN;

	if ((size_t)snprintf(path, sizeof path, "%s/proc/sys/net/%s", root,
	    file) >= sizeof path || (from = fopen(path, "re")) == NULL)
		return KERNEL_UNKNOWN;
	errno = 0;
	if (fgets(text, sizeof text, from) != NULL) {
		number = strtoll(text, &end, 10);
		if (errno != 0 || end == text || (*end != '\n' &&
		    *end != '\0') || number < 0 || number > NUMBER_MOST)
			number = KERNEL_UNKNOWN;
	}
	fclose(from);
	return number;
}

void
kernel_limits_read(const char *root, struct kernel_limits *limits)
{
	*limits = (struct kernel_limits){
		.receive_bytes = read_number(root, "core/rmem_max"),
		.tracked = read_number(root, "netfilter/nf_conntrack_count"),
		.tracked_most = read_number(root,
		    "netfilter/nf_conntrack_max"),
		.tracked_seconds = read_number(root,
		    "netfilter/nf_conntrack_udp_timeout"),
	};
}

static uint64_t
lower(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t
questions_of(const struct kernel_demand *demand)
{
	return demand->names * domain_questions(demand->with_records);
}

/* The kernel allows twice what is asked for. A buffer is large enough if it
 * takes all responses of a worker, on whatever socket they come. */
static int64_t
judge_buffers(const struct kernel_limits *limits,
    const struct kernel_demand *demand)
{
	uint64_t responses = lower(demand->window, questions_of(demand));

	if (!demand->is_direct || limits->receive_bytes == KERNEL_UNKNOWN ||
	    limits->receive_bytes >= DIRECT_RECEIVE_BYTES ||
	    responses * RESPONSE_BYTES <= 2 * (uint64_t)limits->receive_bytes)
		return 0;
	return DIRECT_RECEIVE_BYTES;
}

/* How much of this run is tracked at a time. */
static uint64_t
tracked_of(const struct kernel_limits *limits,
    const struct kernel_demand *demand)
{
	uint64_t seconds = limits->tracked_seconds == KERNEL_UNKNOWN
	    ? TRACKED_SECONDS : (uint64_t)limits->tracked_seconds;
	uint64_t rate = demand->workers * lower(demand->window * ROUND_TRIPS,
	    RATE_MOST);

	/* The product can overflow. */
	if (seconds > 0 && rate > UINT64_MAX / seconds)
		return questions_of(demand);
	return lower(rate * seconds, questions_of(demand));
}

struct kernel_verdict
kernel_limits_judge(const struct kernel_limits *limits,
    const struct kernel_demand *demand)
{
	struct kernel_verdict verdict = {
		.receive_bytes = judge_buffers(limits, demand),
	};
	int64_t more = (int64_t)tracked_of(limits, demand);

	if (limits->tracked > 0 && limits->tracked_most != KERNEL_UNKNOWN &&
	    limits->tracked + more > limits->tracked_most) {
		verdict.tracked_more = more;
		verdict.tracked_most = limits->tracked + more;
	}
	return verdict;
}

void
kernel_limits_warn(const struct kernel_demand *demand)
{
	struct kernel_limits limits;
	struct kernel_verdict verdict;

	kernel_limits_read("", &limits);
	verdict = kernel_limits_judge(&limits, demand);
	if (verdict.receive_bytes > 0)
		log_warning("the kernel gives a socket a buffer of %"
		    PRId64 " bytes at most, and %" PRId64 " are wanted: answers "
		    "of name servers may be lost and asked for again (sysctl -w "
		    "net.core.rmem_max=%" PRId64 ")", limits.receive_bytes,
		    verdict.receive_bytes, verdict.receive_bytes);
	if (verdict.tracked_most > 0)
		log_warning("the kernel tracks %" PRId64 " of at most %"
		    PRId64 " connections, and this run may add %" PRId64 ": when "
		    "no more fit, packets are lost (sysctl -w net.netfilter."
		    "nf_conntrack_max=%" PRId64 ", or do not track port 53)",
		    limits.tracked, limits.tracked_most, verdict.tracked_more,
		    verdict.tracked_most);
}
