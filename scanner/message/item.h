/*
 * item: what a job is made of. The coordinator writes items one behind the other
 * into the input of a job, the worker reads them; a deferred item is written by
 * the worker and read by the coordinator in the same form.
 *
 * Texts of a decoded item point into the input.
 */
#ifndef MXCENSUS_MESSAGE_ITEM_H
#define MXCENSUS_MESSAGE_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/name.h"
#include "parsers/prefix.h"
#include "scanner/base/buffer.h"
#include "scanner/base/facts.h"
#include "scanner/base/wire.h"
#include "scanner/message/message.h"

/* What a job writes, in the order of its descriptors behind the input. The key
 * table is the last: its link commits the batch. */
enum { DOMAINS_TO_MX, DOMAINS_TO_DEFERRED, DOMAINS_TO_DOMAINS,
	DOMAINS_OUTPUTS };
enum { HOSTS_TO_TLSA, HOSTS_TO_ADDRESSES, HOSTS_TO_DEFERRED, HOSTS_TO_HOSTS,
	HOSTS_OUTPUTS };
enum { PROBES_TO_CERTIFICATES, PROBES_TO_CHAINS, PROBES_TO_TLSA,
	PROBES_TO_RESULTS, PROBES_TO_PROBES, PROBES_OUTPUTS };
enum { POLICIES_TO_POLICIES, POLICIES_OUTPUTS };
#define JOB_OUTPUTS_MAX 5

/* Why an item is handed out; in a list of deferred ones, why it stands there. */
enum item_state {
	ITEM_NEW,
	ITEM_HELD,	/* not asked yet: its name server's budget was used up */
	ITEM_FAILED,	/* asked once, without an answer */
	ITEM_SUSPECT,	/* was in flight when a worker crashed */
	ITEM_ASIDE,	/* to be deferred as a suspect, not to be asked */
	ITEM_CRASHED,	/* crashed a worker by itself: has its row, unasked */
	ITEM_STATES,
};

/* A domain of the plan. */
struct domain_item {
	const char	*name;		/* canonical text form */
	enum item_state	 state;
	uint32_t	 source_id;
	uint64_t	 rank;		/* 0: none */
	/* What the zone file says of it; unknown for other inputs. */
	uint8_t		 parent_ds;	/* enum parent_ds */
	const char	*parent_ds_algorithms;	/* "8 13", or "" */
	const char	*dns_operator;		/* registrable domain, or "" */
	/* Its name servers there: for each a counted text, the number of glue
	 * addresses in one byte, and these (address_put). */
	const uint8_t	*servers;
	size_t		 servers_length;
};

/* What a name costs its name server: MX, and where they are wanted its records of
 * MTA-STS and TLSRPT. */
static inline unsigned
domain_questions(bool with_records)
{
	return with_records ? 3 : 1;
}

enum parent_ds { PARENT_DS_UNKNOWN, PARENT_DS_NO, PARENT_DS_YES };

struct host_item {
	const char	*name;
	enum item_state	 state;
};

/* A domain of a committed chunk that has a record of MTA-STS or TLSRPT. */
struct policy_item {
	const char	*name;
	/* NEW; SUSPECT: after all others of its batch, and alone; CRASHED: has
	 * its row, unasked; ASIDE: has opted out, likewise. */
	enum item_state	 state;
	enum txt_status	 mta_sts, tlsrpt;	/* as its row says */
};

/* What is to be done about one (address, SNI, attempt). */
enum probe_action {
	PROBE_CONNECT,		/* a session, then judge */
	PROBE_JUDGE,		/* judge what a session of before presented */
	PROBE_NONE,		/* no session takes place; `outcome` says why */
};

#define ITEM_HOSTS_MAX		65536
#define ITEM_RECORDS_MAX	100
#define ITEM_CERTIFICATES_MAX	16

/* A host for which the result is judged. */
struct probe_host {
	const char		*name;
	const char		*tlsa_base;	/* "": none */
	bool			 judge_dane;	/* the SNI is the TLSA base */
	enum tlsa_status	 tlsa_status;
	int64_t			 tlsa_asked_at;	/* Unix ms */
	uint32_t		 tlsa_ttl_s;
	uint32_t		 asking;	/* which these records are of */
	uint32_t		 next_asking;	/* if they are asked again (T16) */
	bool			 ask_again;	/* they are, to confirm (U10) */
	uint32_t		 record_count;	/* TLSA RDATA, canonical order */
	struct { const uint8_t *bytes; size_t length; }
				 records[ITEM_RECORDS_MAX];
};

struct probe_item {
	enum probe_action	 action;
	struct address		 address;
	uint16_t		 port;
	const char		*sni;		/* canonical text form */
	const char		*session_sni;	/* of the session: sni, or of JUDGE
						 * another's */
	uint8_t			 attempt;
	enum basis		 basis;		/* of JUDGE: own or shared */
	/* Of JUDGE: what was seen then. Of NONE: outcome alone. */
	enum profile		 profile;
	enum outcome		 outcome;
	int64_t			 measured_at;
	uint32_t		 certificate_count;
	struct { const uint8_t *bytes; size_t length; }
				 certificates[ITEM_CERTIFICATES_MAX];
	uint32_t		 host_count;
	/* The hosts follow: read each with probe_host_get. */
};

void	domain_item_put(struct buffer *, const struct domain_item *);
void	host_item_put(struct buffer *, const struct host_item *);
void	policy_item_put(struct buffer *, const struct policy_item *);
/* Puts item and header; then put host_count hosts. */
void	probe_item_put(struct buffer *, const struct probe_item *);
void	probe_host_put(struct buffer *, const struct probe_host *);

/* False at a fault (wire->failed is set) or where a value is not legal. */
bool	domain_item_get(struct wire *, struct domain_item *);
bool	host_item_get(struct wire *, struct host_item *);
bool	policy_item_get(struct wire *, struct policy_item *);
bool	probe_item_get(struct wire *, struct probe_item *);
bool	probe_host_get(struct wire *, struct probe_host *);

/* Read the next item, and give its name; NULL where there is none that is legal. */
const char *domain_item_next_name(struct wire *);
const char *host_item_next_name(struct wire *);
const char *policy_item_next_name(struct wire *);

/* The name server that the questions about a domain are charged to (RULES K9):
 * one of its delegation's, by hash of the name, as its glue address or, without
 * glue, as its name. False where none is known: the name is not of a zone file. */
bool	domain_item_server(const struct domain_item *,
	    char server[NAME_TEXT_MAX]);

void	address_put(struct buffer *, const struct address *);
bool	address_get(struct wire *, struct address *);

#endif
