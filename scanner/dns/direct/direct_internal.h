/*
 * direct_internal: what the parts of the direct lane share.
 *
 *	direct.c	lookups that wait, the window, sending, timers
 *	question.c	a lookup that is asked: its servers and what they say
 *	signed.c	the keys that a question about a signed delegation needs
 */
#ifndef MXCENSUS_DNS_DIRECT_DIRECT_INTERNAL_H
#define MXCENSUS_DNS_DIRECT_DIRECT_INTERNAL_H

#include "scanner/dns/direct/direct.h"
#include "scanner/dns/direct/exchange.h"
#include "scanner/dns/direct/keys.h"
#include "scanner/dns/direct/randomness.h"
#include "scanner/dns/direct/servers.h"
#include "scanner/dns/direct/sockets.h"
#include "scanner/dns/lane.h"

#define FAMILIES	2

/* A question that is sent waits in the first; when it is late, in the second; and
 * if a server was silent before, in the third. */
enum waits { WAITS_SOON, WAITS_FIRST, WAITS_LATER, WAITS };

/* A lookup that is being asked. First it may be in the list of those that wait
 * for the keys of their zone; then it is in `sending`, or, while it is in
 * flight, in the chain of a socket. */
struct question {
	struct list	 link;		/* chain of the socket */
	struct list	 waits;		/* of the fifo, in `sending`, or of the
					 * keys */
	struct direct	*direct;
	struct lookup	*lookup;
	struct keys_entry *keys;	/* held; NULL: it needs none */
	struct udp_socket *socket;	/* NULL: in `sending` */
	struct exchange	 exchange;
	int64_t		 sent_ms;
	struct address	 servers[SERVERS_ASKED_MAX];
	uint8_t		 questions[SERVERS_ASKED_MAX];	/* to each */
	uint8_t		 server_count;
	uint8_t		 server;	/* that is asked */
	uint8_t		 struck;	/* a bit for each that has failed */
	uint8_t		 silences;
	uint8_t		 mismatches, lost;
	bool		 was_asked;
	bool		 is_late;	/* takes no room in the window */
	bool		 is_cut_off;	/* from some server */
	bool		 has_failed;	/* some server said so */
};

/* Questions with the same waiting time since they were sent, so the oldest is due
 * first. */
struct fifo {
	struct list	 questions;
	ev_timer	 timer;
	enum waits	 waits;
};

struct direct {
	struct lane	 lane;		/* first: what lookups see */
	struct ev_loop	*ev;
	struct sockets	*sockets;
	struct randomness randomness;
	unsigned	 window;
	bool		(*may_ask)(void *, const struct address *);
	void		*tag;
	struct list	 waiting;	/* lookups */
	struct list	 answered;	/* lookups */
	struct list	 sending[FAMILIES];	/* questions */
	struct fifo	 fifos[WAITS];
	struct keys	*keys;
	struct lane	 key_lane;	/* of the questions for keys */
	struct lane	 referral_lane;	/* of those for referrals */
	struct list	 key_questions;
	struct direct_counts counts;
	ev_timer	 deliver;	/* defers done() and sending */
	ev_timer	 full;		/* tries to send again */
	struct outgoing	 batch[SOCKETS_BATCH];
};

/* Sends questions and delivers answers from the loop. */
void	direct_wake(struct direct *);

/* Takes a lookup over. The loop sends it, or answers it if it cannot be
 * asked. */
void	question_start(struct direct *, struct lookup *);
/* Sends it later, to the address that question->server says. */
void	question_send(struct question *);
/* Ends its lookup without an answer. */
void	question_end_without(struct question *, enum answer_verdict,
	    enum lookup_status, enum oddity);
/* Forgets the lookup. */
void	question_free(struct question *);
/* Assigns the question to a socket, with an id that no other question has
 * there. */
void	question_enter_socket(struct question *, struct udp_socket *);
void	question_leave_socket(struct question *);
/* The server cannot be reached from here (no route, our own packet filter, no
 * socket), so it is not asked again. */
void	question_unreachable(struct question *);
/* No response came soon. */
void	question_is_late(struct question *);
/* No response came in time. */
void	question_silent(struct question *);
/* The callbacks of sockets (struct sockets_owner). */
void	question_received(void *tag, struct udp_socket *,
	    const struct address *from, const uint8_t *packet, size_t length);
void	question_lost(void *tag, struct udp_socket *);

void	key_questions_init(struct direct *);
/* Drops the questions for keys, and those that wait for them. */
void	key_questions_drop(struct direct *);
/* Sends the question as soon as the keys of its zone are known. */
void	question_await_keys(struct question *);
/* Is it a question for keys? It is not counted as in flight, since a question
 * that waits for it is counted already. */
bool	question_is_for_keys(const struct question *);
/* The question for keys is late, and so are those that wait for it. */
void	key_question_is_late(struct question *);

/* direct.c */
bool	question_is_for_referral(const struct question *);

#endif
