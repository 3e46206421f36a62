/*
 * host: one item of a batch of hosts: finds out the addresses and TLSA records
 * of an MX host, and writes its rows. host.c asks and decides, row.c writes.
 * The job owns it. It ends with job_item_ended().
 */
#ifndef MXCENSUS_WORKER_HOST_HOST_H
#define MXCENSUS_WORKER_HOST_HOST_H

#include "parsers/name.h"
#include "scanner/dns/answer_facts.h"
#include "scanner/worker/asking.h"
#include "scanner/worker/host/tlsa_set.h"
#include "scanner/worker/job.h"

#define ADDRESSES_MAX 64	/* of one host; the rest is counted:
				 * addresses_truncated */

struct host {
	struct job	*job;
	const char	*name;			/* inside job->input */
	uint32_t	 index;			/* of the item in the job */
	uint32_t	 slot;			/* while it is in flight */
	uint8_t		 wire[NAME_WIRE_MAX];
	int64_t		 started_ms;
	int64_t		 asked_ms;		/* monotonic */
	enum item_state	 first_failure;		/* in the second pass */
	bool		 is_name_server;	/* only its addresses count */
	unsigned	 attempts;		/* when it is written */
	struct asking	 asking;
	struct parent_question *parent;	/* owned; NULL: nobody is asked */
	struct asking_question ipv4, ipv6, tlsa;
	struct lookup	 cname;
	struct lookup	 early;			/* TLSA, in the second pass */
	unsigned	 open;			/* its lookups under way */
	struct answer_facts answers[2];		/* of ipv4 and ipv6 */
	struct address	 addresses[2 * ADDRESSES_MAX];
	size_t		 address_count, addresses_found;
	enum host_status status;
	enum dnssec	 cname_dnssec;
	uint8_t		 canonical[NAME_WIRE_MAX];
	bool		 has_cname;
	bool		 is_asked;		/* there are answers */
	/* T2: the expanded name is asked first, then the original name. */
	bool		 original_is_next;
	uint8_t		 base[NAME_WIRE_MAX];
	bool		 has_base;
	enum tlsa_status tlsa_status;
	struct answer_facts tlsa_answer;
	int64_t		 tlsa_asked_at;
	struct tlsa_set	 set;
	/* The result of the early question for the host's own name. */
	bool		 has_early;
	enum tlsa_status early_status;
	struct answer_facts early_answer;
	int64_t		 early_asked_at;
	struct tlsa_set	 early_set;
};

/* Takes an item off job->next and starts it. Returns false if the item is not
 * legal. */
bool	host_start(struct job *);
/* row.c: writes all rows of the host. */
void	host_write(const struct host *);

#endif
