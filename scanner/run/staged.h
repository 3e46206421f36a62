/*
 * staged: reads the certificates that probe batches left in RUN/.work, part by
 * part. They are used to judge a host without a connection, and by the seal.
 * The caller owns it. It keeps the last part that it read.
 */
#ifndef MXCENSUS_RUN_STAGED_H
#define MXCENSUS_RUN_STAGED_H

#include "scanner/message/item.h"
#include "scanner/run/folder.h"

/* The part that was read last; .part is UINT64_MAX if none was. */
struct staged {
	uint64_t	 part;
	struct staged_link {		/* one row of chains */
		uint8_t	chain_id[32], certificate[32];
	}		*links;
	size_t		 link_count;
	struct staged_certificate {
		uint8_t	 sha256[32];
		uint8_t	*der;
		size_t	 length;
	}		*certificates;
	size_t		 certificate_count;
};

/* Sets the certificates of the item. They point into `staged`, and are valid
 * until the next call. Returns false if the part cannot be read or lacks the
 * chain. */
bool	staged_chain(struct staged *, struct folder *, uint64_t part,
	    const uint8_t chain_id[32], struct probe_item *);
void	staged_fini(struct staged *);

#endif
