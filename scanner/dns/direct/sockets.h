/*
 * sockets: UDP sockets on random ports, for the questions of the direct lane.
 *
 * There are several sockets for each family. They are not connected: any of
 * them can be used for a question to any server. Each is replaced when it is a
 * few seconds old; it then stays open until its last question is over. A socket
 * finds its questions by their id, and takes only as many as its receive buffer
 * has room for responses.
 */
#ifndef MXCENSUS_DNS_DIRECT_SOCKETS_H
#define MXCENSUS_DNS_DIRECT_SOCKETS_H

#include <ev.h>
#include <stdbool.h>

#include "parsers/prefix.h"
#include "scanner/base/list.h"
#include "scanner/dns/direct/exchange.h"
#include "scanner/dns/direct/randomness.h"

#define SOCKETS_BATCH	32
#define SOCKET_CHAINS	256

struct question;
struct sockets;

struct udp_socket {
	struct sockets	*sockets;
	struct list	 link;		/* retired, while it has questions */
	int		 descriptor;
	ev_io		 readable;
	int64_t		 opened_ms;
	uint32_t	 dropped;	/* packets, as the kernel counts */
	bool		 has_lost;	/* the owner does not know yet */
	unsigned	 room;		/* for responses */
	unsigned	 count;		/* questions in flight */
	bool		 is_retired;
	/* Questions in flight, by the low byte of their id. */
	struct list	 chains[SOCKET_CHAINS];
};

struct outgoing {
	struct address	 to;
	size_t		 length;
	uint8_t		 bytes[EXCHANGE_QUESTION_MAX];
};

/* What sockets tell their owner, with its tag. */
struct sockets_owner {
	void	*tag;
	/* A packet came from port 53 of an address. */
	void	(*received)(void *tag, struct udp_socket *,
		    const struct address *from, const uint8_t *packet,
		    size_t length);
	/* The kernel had no room for a packet and dropped it. */
	void	(*lost)(void *tag, struct udp_socket *);
};

/* Makes `count` sockets for each family, with a receive buffer of this many
 * bytes. They are opened when they are needed. */
struct sockets *sockets_new(struct ev_loop *, unsigned count,
	    int receive_bytes, struct sockets_owner, struct randomness *);
/* The questions are gone. */
void	sockets_free(struct sockets *);

/* Returns a random socket that has room for a question. Returns NULL and sets
 * *is_full if all are full; returns NULL without setting it if none could be
 * opened. */
struct udp_socket *sockets_choose(struct sockets *, uint8_t family,
	    bool *is_full);
/* Adds or removes a question that is in one of the chains. */
void	udp_socket_begin(struct udp_socket *, uint16_t id, struct list *link);
void	udp_socket_end(struct udp_socket *, struct list *link);

/* Sends up to SOCKETS_BATCH questions and returns how many went out. If not
 * all did, *error is the errno of the one after these: EAGAIN if the machine
 * has no room for it now. */
unsigned udp_socket_send(struct udp_socket *, const struct outgoing *,
	    unsigned count, int *error);

/* Has the kernel dropped packets that lost() does not know of yet? Asks the
 * kernel, since the count otherwise comes with the next packet. */
bool	udp_socket_has_lost(struct udp_socket *);

#endif
