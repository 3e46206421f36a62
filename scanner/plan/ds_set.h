/* ds_set: the DS records of one delegation and the signatures over them,
 * gathered from its records in a bucket. It is private to plan. */
#ifndef MXCENSUS_PLAN_DS_SET_H
#define MXCENSUS_PLAN_DS_SET_H

#include "parsers/ds_wire.h"
#include "parsers/zone/zone.h"
#include "scanner/message/item.h"

struct ds_rdata {
	uint8_t		 bytes[ZONE_SIGNATURE_MAX];
	size_t		 length;
};

struct ds_set {
	bool		 algorithms[256];
	unsigned	 algorithms_end;	/* behind the last of them */
	bool		 fits;		/* RULES L34 */
	uint32_t	 ttl;		/* the lowest */
	/* Both in canonical order (RFC 4034 6.3), without duplicates. */
	size_t		 record_count, signature_count;
	struct ds_rdata	 records[DS_RECORDS_MAX];
	struct ds_rdata	 signatures[ITEM_SIGNATURES_MAX];
	struct buffer	 text, written;	/* what the item points into */
};

void	ds_set_clear(struct ds_set *);
void	ds_set_fini(struct ds_set *);
/* How they are stored in a record of a bucket, after its source. */
void	ds_set_put_record(struct buffer *, uint32_t ttl,
	    const struct ds_record *);
void	ds_set_put_signature(struct buffer *, const uint8_t *rdata,
	    size_t length);
void	ds_set_take_record(struct ds_set *, struct wire *);
void	ds_set_take_signature(struct ds_set *, struct wire *);
/* Puts the content of the set into the item, which is valid until the set
 * changes. */
void	ds_set_tell(struct ds_set *, struct domain_item *);

#endif
