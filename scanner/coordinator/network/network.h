/*
 * network: is a failure ours? It counts what batches met on each face of the
 * network, suspects this machine and its network when a large share fails, asks
 * for a proof that does not come from the input, and decides when the run must
 * pause and when it must stop (docs/rules.md, "Whose fault").
 *
 *	face.c		whether a failing share makes a face suspect
 *	reach.c		which networks answered on port 25
 *	middlebox.c	whether one server answers in the place of many
 *	dns_proof.c	asks name servers straight
 *	network.c	the states: it works, it is asked, it is down
 *
 * Name servers are asked from here. Mail servers are asked by a worker, with a
 * whole session of a run that says who it is: events.look asks for that, and
 * network_looked gives the result.
 *
 * The coordinator's work owns it. Times are those of clock_ms().
 */
#ifndef MXCENSUS_COORDINATOR_NETWORK_NETWORK_H
#define MXCENSUS_COORDINATOR_NETWORK_NETWORK_H

#include <ev.h>

#include "parsers/opt_out.h"
#include "scanner/base/faces.h"
#include "scanner/base/fault.h"
#include "scanner/coordinator/network/middlebox.h"
#include "scanner/coordinator/network/reach.h"
#include "scanner/options/options.h"

struct network;

/* The callbacks run inside functions of network, and from the loop. */
struct network_events {
	void	*tag;
	/* Have sessions with these servers; with count 0, with the canary. */
	void	(*look)(void *tag, const struct reach_server *, size_t count);
	/* The run pauses. A message has said why. With `ends_workers`, what the
	 * workers have in flight is useless, and so is what their resolvers
	 * have learned about name servers. */
	void	(*down)(void *tag, bool ends_workers);
	/* The run continues. A message has said so. */
	void	(*up)(void *tag);
	/* The run ends with this status. A message has said why. */
	void	(*give_up)(void *tag, int status);
	/* Too many sockets are open (errno), and others succeed. */
	void	(*fewer)(void *tag, int error);
	/* A question is answered: held batches can be looked at. */
	void	(*settled)(void *tag);
};

enum network_state {
	NETWORK_WORKS,		/* failures are findings */
	NETWORK_ASKED,		/* not known yet */
	NETWORK_DOWN,		/* failures are ours */
};

/* Why the run pauses. */
enum trouble {
	TROUBLE_NONE, TROUBLE_DNS, TROUBLE_MAIL, TROUBLE_MIDDLEBOX,
	TROUBLE_OWN,		/* calls of this machine fail */
};

struct network *network_new(const struct options *, struct ev_loop *,
	    const struct opt_out *, const struct network_events *);
void	network_free(struct network *);

/* A batch is done. */
void	network_note(struct network *, const struct face_counts *,
	    int64_t now_ms);
/* A session has ended (reach.h). */
void	network_note_session(struct network *, const struct address *,
	    const char *sni, enum reach_result, int milliseconds);
/* A session at this address showed this identity (middlebox.h). */
void	network_note_identity(struct network *, const char *identity,
	    const struct address *, const char *sni);
/* This address is said to be a name server of a domain that was just resolved.
 * It is asked, and if it answers, it is one of the servers of later proofs. */
void	network_note_server(struct network *, const struct address *);
/* Is another address wanted by network_note_server? */
bool	network_wants_server(const struct network *, int64_t now_ms);
/* A call on this machine failed with this errno, and its item is queued
 * again. */
void	network_note_own_error(struct network *, int error, enum remedy,
	    int64_t now_ms);

/* Asks what is to be asked; the coordinator calls it every second and after a
 * note. */
void	network_look(struct network *, int64_t now_ms);
/* The result of events.look. */
struct look_result {
	bool		 is_possible;	/* a server could be asked */
	bool		 answered;	/* there was a connection */
	/* What the canary showed; NULL: no chain, or no canary. It is trusted
	 * if its certificate matches its name or its TLSA records. */
	const char	*identity;
	bool		 is_trusted;
};
void	network_looked(struct network *, const struct look_result *,
	    int64_t now_ms);

/* Returns how failures on the faces (bits of enum face_kind) are counted
 * now. */
enum network_state network_state(struct network *, unsigned faces,
	    int64_t now_ms);
enum identity_state network_identity(const struct network *,
	    const char *identity);
/* With --canary none sessions that are forged are recorded with a flag. */
bool	network_flags_forged(const struct network *);
bool	network_is_down(const struct network *);
/* Why it is down; TROUBLE_NONE if it is not. */
enum trouble network_trouble(const struct network *);
/* Returns how long the run has been paused in total. */
int64_t	network_paused_ms(const struct network *, int64_t now_ms);

#endif
