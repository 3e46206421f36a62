/*
 * item: the unit of which a job consists. The coordinator writes items one
 * after the other into the input of a job, and the worker reads them. The
 * worker writes a deferred item in the same form, and the coordinator reads it.
 *
 * The texts of a decoded item point into the input.
 */
#ifndef MXCENSUS_MESSAGE_ITEM_H
#define MXCENSUS_MESSAGE_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/address_wire.h"
#include "parsers/name.h"
#include "parsers/zonemd.h"
#include "scanner/base/buffer.h"
#include "scanner/base/facts.h"
#include "scanner/base/wire.h"
#include "scanner/message/message.h"
#include "scanner/message/servers.h"

/* The outputs of a job, in the order of their descriptors, which follow the
 * input. The key table is the last: its link commits the batch. */
enum { DOMAINS_TO_MX, DOMAINS_TO_DEFERRED, DOMAINS_TO_DOMAINS,
	DOMAINS_OUTPUTS };
enum { HOSTS_TO_TLSA, HOSTS_TO_ADDRESSES, HOSTS_TO_DEFERRED, HOSTS_TO_HOSTS,
	HOSTS_OUTPUTS };
enum { PROBES_TO_CERTIFICATES, PROBES_TO_CHAINS, PROBES_TO_TLSA,
	PROBES_TO_RESULTS, PROBES_TO_PROBES, PROBES_OUTPUTS };
enum { POLICIES_TO_POLICIES, POLICIES_OUTPUTS };
#define JOB_OUTPUTS_MAX 5

/* Why an item is handed out; in a list of deferred items, why it is there. */
enum item_state {
	ITEM_NEW,
	ITEM_HELD,	/* not asked yet: its name server's budget was used up */
	ITEM_FAILED,	/* asked once: the MX lookup failed, or the address
			 * lookups of the host failed, so that it is not
			 * usable */
	ITEM_SUSPECT,	/* was in flight when a worker crashed */
	ITEM_ASIDE,	/* is deferred as a suspect, and is not asked */
	ITEM_CRASHED,	/* crashed a worker when it was alone: gets its row
			 * without being asked */
	ITEM_TLSA_FAILED,	/* asked once: the TLSA lookup failed */
	ITEM_PARTLY,	/* asked once: another lookup failed */
	ITEM_STATES,
};

#define ITEM_SIGNATURES_MAX	4	/* over the DS records of a domain */

/* The DS records of a delegation; none: it is unsigned, or they do not fit (RULES
 * L34), or they are not in force. */
struct item_ds {
	/* parsers/ds_wire.h, in canonical order (RFC 4034 6.3) and without
	 * duplicates, and the lowest of their TTLs. */
	const uint8_t	*records;
	size_t		 length;
	uint32_t	 ttl;		/* seconds */
	/* The signatures over these records: for each the counted bytes of its
	 * RDATA (wire.h), with the signer's name in lower case. */
	const uint8_t	*signatures;
	size_t		 signatures_length;
};

/* A domain of the plan. */
struct domain_item {
	const char	*name;		/* canonical text form */
	uint64_t	 rank;		/* 0: none */
	enum item_state	 state;
	uint32_t	 source_id;
	/* What the zone file says about it; unknown for other inputs. */
	const char	*parent_ds_algorithms;	/* "8 13", or "" */
	/* Its DS records (parsers/ds_wire.h), in canonical order (RFC 4034 6.3)
	 * and without duplicates, and the lowest of their TTLs. None: it is
	 * unsigned, or they do not fit (RULES L34), which parent_ds tells. */
	const uint8_t	*ds;
	uint32_t	 ds_length;
	uint32_t	 ds_ttl;	/* seconds */
	/* The signatures over these records: for each the counted bytes of its
	 * RDATA (wire.h), with the signer's name in lower case. */
	const uint8_t	*ds_signatures;
	uint32_t	 ds_signatures_length;
	/* The set of its name servers in the plan (plan/servers.h); 0:
	 * none. */
	uint32_t	 set_id;
	const char	*dns_operator;		/* registrable domain, or "" */
	/* Its name servers in the zone file. Each is a counted text, then the
	 * number of its addresses there in one byte, then these (address_put).
	 * The plan has the set instead; the coordinator writes these into the
	 * items of a chunk when it hands the chunk out. */
	const uint8_t	*servers;
	uint32_t	 servers_length;
	uint8_t		 parent_ds;	/* enum parent_ds */
	/* It is below another delegation of its zone file, so what the file
	 * says about it does not apply. */
	bool		 is_occluded;
};

static inline struct item_servers
domain_item_servers(const struct domain_item *item)
{
	return (struct item_servers){ item->servers, item->servers_length };
}

static inline struct item_ds
domain_item_ds(const struct domain_item *item)
{
	return (struct item_ds){
		item->ds, item->ds_length, item->ds_ttl, item->ds_signatures,
		item->ds_signatures_length,
	};
}

/* How many questions a name costs its name server: MX, and, if they are wanted,
 * the records of MTA-STS and TLSRPT. */
static inline unsigned
domain_questions(bool with_records)
{
	return with_records ? 3 : 1;
}

/* What a name with DS costs it besides, in either lane: its DNSKEY records. */
#define DOMAIN_KEY_QUESTIONS	1

enum parent_ds { PARENT_DS_UNKNOWN, PARENT_DS_NO, PARENT_DS_YES };

/* A zone whose delegations may be asked at their own name servers. */
struct zone_item {
	const char	*name;		/* canonical text form */
	int64_t		 until_s;	/* Unix time: from then on its file is
					 * too old */
	struct zonemd	 zonemd;	/* of its file */
};

struct host_item {
	const char	*name;
	enum item_state	 state;
	/* It is a name server of the plan: no TLSA records are asked for, and
	 * it is never deferred. */
	bool		 is_name_server;
	/* It is at or below a delegation of a zone file, whose name servers may
	 * be asked about it. This many of its first labels are below the
	 * delegated name. Without such a hint there are no servers. They have
	 * the same form as the servers of a domain. */
	uint8_t		 labels_below;
	const char	*delegation;	/* inside the name; only when read */
	struct item_ds	 ds;		/* of the delegation */
	const uint8_t	*servers;
	size_t		 servers_length;
};

/* A domain of a committed chunk that has a record of MTA-STS or TLSRPT. */
struct policy_item {
	const char	*name;
	/* NEW; SUSPECT: is asked alone, after all others of its batch; CRASHED:
	 * gets its row without being asked; ASIDE: has opted out, and also gets
	 * its row without being asked. */
	enum item_state	 state;
	enum txt_status	 mta_sts, tlsrpt;	/* as its row of domains says */
};

/* What to do about an (address, SNI, attempt). */
enum probe_action {
	PROBE_CONNECT,		/* have a session, then judge it */
	PROBE_JUDGE,		/* judge what an earlier session presented */
	PROBE_NONE,		/* no session takes place; `outcome` says why */
};

#define ITEM_HOSTS_MAX		65536
#define ITEM_RECORDS_MAX	100
#define ITEM_CERTIFICATES_MAX	100

/* A host for which the result of a session is judged. */
struct probe_host {
	const char		*name;
	const char		*tlsa_base;	/* "": there is none */
	bool			 judge_dane;	/* the SNI is the TLSA base */
	enum tlsa_status	 tlsa_status;
	int64_t			 tlsa_asked_at;	/* Unix ms */
	uint32_t		 tlsa_ttl_s;
	uint32_t		 asking;	/* the asking that gave these
						 * records */
	uint32_t		 next_asking;	/* its number if they are asked
						 * again (T16) */
	bool			 ask_again;	/* ask again, to confirm a
						 * mismatch (U10) */
	uint32_t		 record_count;	/* TLSA RDATA, canonical order */
	struct { const uint8_t *bytes; size_t length; }
				 records[ITEM_RECORDS_MAX];
};

struct probe_item {
	enum probe_action	 action;
	struct address		 address;
	uint16_t		 port;
	const char		*sni;		/* canonical text form */
	const char		*session_sni;	/* of the session: the same, or
						 * for JUDGE another name */
	uint8_t			 attempt;
	enum basis		 basis;		/* for JUDGE: own or shared */
	/* For JUDGE: what the earlier session saw. For NONE: only the
	 * outcome. */
	enum profile		 profile;
	enum outcome		 outcome;
	int64_t			 measured_at;
	bool			 is_truncated;	/* more was presented than
						 * these */
	uint32_t		 certificate_count;
	struct { const uint8_t *bytes; size_t length; }
				 certificates[ITEM_CERTIFICATES_MAX];
	uint32_t		 host_count;
	/* The hosts follow. Read each with probe_host_get. */
};

/* The form of DS records in an item. */
void	item_ds_put(struct buffer *, const struct item_ds *);
void	domain_item_put(struct buffer *, const struct domain_item *);
void	zone_item_put(struct buffer *, const struct zone_item *);
void	host_item_put(struct buffer *, const struct host_item *);
void	policy_item_put(struct buffer *, const struct policy_item *);
/* Puts the item without its hosts. Then put host_count hosts. */
void	probe_item_put(struct buffer *, const struct probe_item *);
void	probe_host_put(struct buffer *, const struct probe_host *);

/* Returns false after a fault (wire->failed is set), or if a value is not
 * legal. */
bool	item_ds_get(struct wire *, struct item_ds *);
bool	domain_item_get(struct wire *, struct domain_item *);
bool	zone_item_get(struct wire *, struct zone_item *);
bool	host_item_get(struct wire *, struct host_item *);
bool	policy_item_get(struct wire *, struct policy_item *);
bool	probe_item_get(struct wire *, struct probe_item *);
bool	probe_host_get(struct wire *, struct probe_host *);

/* Read the next item, and return its name, or NULL if there is no legal
 * item. */
const char *domain_item_next_name(struct wire *);
const char *host_item_next_name(struct wire *);
const char *policy_item_next_name(struct wire *);

#endif
