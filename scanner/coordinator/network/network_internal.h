/*
 * network_internal: private to network. It shows the states as its sources see
 * them.
 *
 *	network.c		the states: it works, it is asked, it is down
 *	name_servers_proof.c	which name servers are asked, and what follows
 *	mail_servers_proof.c	the same for mail servers
 *	middlebox_proof.c	whether a suspect identity is forged
 *
 * A proof changes the state only through network_go_down, network_come_up and
 * network_give_up.
 */
#ifndef MXCENSUS_COORDINATOR_NETWORK_NETWORK_INTERNAL_H
#define MXCENSUS_COORDINATOR_NETWORK_NETWORK_INTERNAL_H

#include "parsers/suffix.h"
#include "scanner/coordinator/network/dns_proof.h"
#include "scanner/coordinator/network/face.h"
#include "scanner/coordinator/network/network.h"
#include "scanner/run/vantage.h"

#define ROOTS_A_FAMILY	6
#define RECENT_MAX	5
#define REASON_MAX	320

struct network {
	const struct options *options;
	const struct opt_out *opt_out;
	struct vantage	 vantage;	/* of the start: a route that goes
					 * away is a fault */
	struct network_events events;
	struct face	 faces[FACE_KINDS];
	struct reach	*reach;
	/* Name servers. */
	struct dns_proof proof;
	struct address	 roots[2 * ROOTS_A_FAMILY];
	size_t		 root_count;
	struct recent {
		struct address	address;
		int64_t		answered_ms;
	}		 recent[RECENT_MAX];
	size_t		 next_recent;
	int64_t		 candidate_ms;		/* the latest candidate */
	int64_t		 proof_ms;		/* the latest proof */
	int64_t		 doubt_ms;		/* the latest one that sessions
						 * which failed asked for */
	int		 dns_ms;		/* round trip; -1: unknown */
	/* Mail servers. */
	bool		 is_looking;
	unsigned	 failed_looks;
	int64_t		 look_ms;		/* the next look is allowed */
	bool		 told_no_canary;
	bool		 lacks_canary;		/* none could be asked */
	struct middlebox *middlebox;
	struct suffix_list *suffixes;	/* NULL: there is no list */
	char		*canary_identity;	/* the first that it showed */
	/* The pause. */
	enum trouble	 trouble;
	enum remedy	 remedy;		/* of TROUBLE_OWN */
	char		 reason[REASON_MAX];
	int64_t		 down_ms;		/* the trouble began */
	int64_t		 next_look_ms;
	unsigned	 looks;
	bool		 is_on_trial;		/* the run continues, to see
						 * whether its own errors
						 * persist */
	int64_t		 paused_ms;		/* earlier pauses */
	bool		 has_given_up;
};

/* The states (network.c). */
/* Sets network->reason, for the lines of the pause. */
void	network_say(struct network *, const char *format, ...)
	    __attribute__((format(printf, 2, 3)));
/* Pauses the run, or keeps it paused. The reason is set. */
void	network_go_down(struct network *, enum trouble, int64_t now_ms);
/* Resumes the run, if it was paused. */
void	network_come_up(struct network *, int64_t now_ms);
/* Ends the run. The reason is set. */
void	network_give_up(struct network *, const char *what_helps);
/* Does so much fail on the face that it is suspect, and can that be proven? */
bool	network_is_suspect(struct network *, enum face_kind, int64_t now_ms);

/* Name servers (name_servers_proof.c). */
/* Chooses the servers of all proofs. */
void	network_choose_roots(struct network *);
void	network_ask_name_servers(struct network *, int64_t now_ms);
/* The `done` of the proof. */
void	network_on_proof(struct dns_proof *);
/* Is the round trip to name servers wanted, and unknown? */
bool	network_lacks_round_trip(const struct network *, int64_t now_ms);
/* Do so many sessions fail that they are suspect, while no mail server can
 * prove anything (RULES F25), or has none succeeded lately (F24)? Name servers are
 * then asked whether the network is there. Returns true until that is known. */
bool	network_doubts_sessions(struct network *, int64_t now_ms);

/* Mail servers (mail_servers_proof.c). */
/* Asks these servers; with count 0, the canary. */
void	network_ask_mail_servers(struct network *, const struct reach_server *,
	    size_t count, int64_t now_ms);
/* Asks the servers that have answered before, or the canary. */
void	network_look_at_mail(struct network *, int64_t now_ms);
bool	network_can_prove_mail(const struct network *);
/* Sets the reason. */
void	network_describe_mail(struct network *);

/* Middleboxes (middlebox_proof.c). */
/* Is this a run with --canary none? */
bool	network_asks_no_canary(const struct network *);
/* Asks the canary about an identity that is suspect. */
void	network_look_at_suspect(struct network *, int64_t now_ms);
/* The canary was asked: is the suspect forged? Goes down if so. */
void	network_judge_suspect(struct network *, const struct look_result *,
	    int64_t now_ms);
/* The same while the network is down because of a middlebox. */
void	network_look_past_middlebox(struct network *,
	    const struct look_result *, int64_t now_ms);

#endif
