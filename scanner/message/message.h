/*
 * message: the messages between the coordinator and a worker, over a socket
 * pair of sequenced packets. A JOB and an OPT_OUT carry descriptors.
 *
 * A message is one packet of at most MESSAGE_MAX bytes. Neither side trusts the
 * other: a packet that does not decode exactly is refused.
 */
#ifndef MXCENSUS_MESSAGE_MESSAGE_H
#define MXCENSUS_MESSAGE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/base/buffer.h"
#include "scanner/base/latency.h"

#define MESSAGE_MAX		2048
#define MESSAGE_TEXT_MAX	1024
#define MESSAGE_DESCRIPTORS_MAX	8
/* In place of an errno: the worker was stopped meanwhile (RULES F23). */
#define MESSAGE_ERROR_AWAY	4096

enum message_type {
	/* To the worker. */
	MESSAGE_JOB = 1,	/* kind, number, attempt, offset, length, items,
				 * code (1: the name servers set the pace, so
				 * that items start only as these can be asked);
				 * descriptors: the input, then the outputs of
				 * the kind in their order (item.h) */
	MESSAGE_STOP,		/* finish what is in flight, take no more, and
				 * exit */
	MESSAGE_OPT_OUT,	/* length; descriptor: the opt-out list in force
				 * from now on (parsers/opt_out.h). It is the
				 * first message of all; the list is empty if
				 * there is none */
	MESSAGE_BUDGET,		/* text: a name server; rate: how often all
				 * workers together may ask it; share: how often
				 * this worker may */
	MESSAGE_ZONES,		/* length; descriptor: the zones whose
				 * delegations may be asked directly, as items
				 * (struct zone_item); code: 1 if the parent
				 * zones of names may be asked for theirs. It is
				 * the second message of all */
	/* To the coordinator. */
	MESSAGE_READY,		/* text: why there is no sandbox, if one was
				 * wanted */
	MESSAGE_UNUSABLE,	/* text: why this vantage point cannot measure;
				 * code: the exit status */
	MESSAGE_BEGUN,		/* kind, number: every item has been started */
	MESSAGE_ENDED,		/* kind, number, item, code (greeting), error:
				 * a probe's sessions are over */
	MESSAGE_DONE,		/* kind, number, code: errno of writing, or 0;
				 * error: of a policy */
	MESSAGE_GAUGE,		/* asked, in_flight, waiting */
	MESSAGE_SERVER,		/* text: a name server; asked, lost: since the
				 * last report; waiting: names that wait for it
				 * now */
	MESSAGE_LANE,		/* kind (domains or hosts), code (enum oddity),
				 * asked, lost: names that fell back for it
				 * since the last report. With ODDITY_NONE, all
				 * names that were asked directly, and those
				 * whose servers failed */
	MESSAGE_SAMPLED,	/* code (enum sample_group); asked, lost,
				 * waiting: names that were asked both ways
				 * since the last report and for which the lanes
				 * agreed, disagreed, or changed */
	MESSAGE_LATENCY,	/* code (enum latency_kind); latency: of what
				 * has ended since the last report */
	MESSAGE_SOURCE,		/* number: the family, 4 or 6; code (enum
				 * source_name); text: an address that this
				 * machine connects from, and its name */
	MESSAGE_ASK_SOURCE,	/* To the worker: look up the reverse names of
				 * these addresses */
};

enum job_kind { JOB_DOMAINS, JOB_HOSTS, JOB_PROBES, JOB_POLICIES, JOB_KINDS };

struct message {
	enum message_type	type;
	enum job_kind		kind;
	uint64_t		number;		/* the number of the part */
	uint8_t			attempt;	/* 1, or 2 for deferred items */
	uint64_t		offset, length;	/* of the items in the input */
	uint32_t		items;
	uint32_t		item;		/* index in the job */
	uint32_t		code;
	uint32_t		error;		/* errno of a fault of our own;
						 * 0: none */
	uint64_t		asked, in_flight, waiting, lost;
	uint32_t		rate, share;	/* questions in 1,000 s */
	struct latency		latency;
	char			text[MESSAGE_TEXT_MAX];
};

/* Appends the packet of a message to `packet`. */
void	message_encode(const struct message *, struct buffer *packet);
/* Returns false if the packet is not exactly a message. */
bool	message_decode(const uint8_t *packet, size_t length, struct message *);

/* Sends without blocking. Returns false with errno (EAGAIN: the peer is too
 * slow). */
bool	message_send(int socket, const struct message *, const int *descriptors,
	    size_t count);

enum message_status {
	MESSAGE_OK,
	MESSAGE_NONE,		/* nothing is there now */
	MESSAGE_CLOSED,		/* the peer is gone */
	MESSAGE_BAD,		/* not a message; descriptors are closed */
};

/* Receives without blocking. The caller owns the descriptors
 * (close-on-exec). */
enum message_status message_receive(int socket, struct message *,
	    int descriptors[MESSAGE_DESCRIPTORS_MAX], size_t *count);

#endif
