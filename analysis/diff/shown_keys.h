/*
 * shown_keys: the leaf certificate of each chain of a run, and the TLSA RRsets
 * of each host. Memory grows with distinct chains, certificates and MX hosts.
 */
#ifndef MXCENSUS_ANALYSIS_DIFF_SHOWN_KEYS_H
#define MXCENSUS_ANALYSIS_DIFF_SHOWN_KEYS_H

#include <stdbool.h>
#include <stddef.h>

struct shown_keys;

struct leaf {
	const char	*certificate_sha256;
	const char	*spki_sha256;	/* "" if the key cannot be read */
};

/* The records by position, in presentation format: "3 1 1 c0ff..". */
struct rrset {
	const char	**records;
	size_t		 count;
};

/* Returns NULL after a message. */
struct shown_keys *shown_keys_read(int folder);
void	shown_keys_free(struct shown_keys *);
/* Returns NULL if there is no such leaf, or no chain. */
const struct leaf *shown_leaf(const struct shown_keys *, const char *chain_id);
/* Empty if there is no such RRset. */
struct rrset shown_rrset(const struct shown_keys *, const char *host,
	    unsigned asking);
bool	rrset_has(const struct rrset *, const char *record);

#endif
