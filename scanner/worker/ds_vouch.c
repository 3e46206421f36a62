#include "scanner/worker/ds_vouch.h"

#include <string.h>

#include "parsers/ds_wire.h"
#include "parsers/name.h"
#include "scanner/base/clock.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/secure.h"
#include "scanner/worker/worker.h"
#include "scanner/worker/zones.h"

/* RFC 4509, RFC 6605 2 */
enum { DIGEST_SHA256 = 2, DIGEST_SHA384 = 4 };

/* One record is enough (RFC 6840 5.11): the key that it identifies signs all
 * others. */
static bool
has_usable(const struct item_ds *ds)
{
	struct wire wire = { ds->records, ds->records + ds->length, false };
	struct ds_record record;

	while (wire.at < wire.end && ds_get(&wire, &record))
		if (secure_knows_algorithm(record.algorithm) &&
		    (record.digest_type == DIGEST_SHA256 ||
		    record.digest_type == DIGEST_SHA384))
			return true;
	return false;
}

static bool
are_signed(const struct worker *worker, const struct item_ds *ds,
    struct delegation *delegation)
{
	const uint8_t *apex;
	const struct secure_keys *keys = zones_keys(worker->zones,
	    delegation->name, &apex);
	struct secure_check check = { .now_s = clock_wall_ms() / 1000 };
	uint8_t name[NAME_WIRE_MAX];
	size_t length;

	/* The lane gets DS records only from here, and keeps their keys no
	 * longer than the records are valid. */
	if (worker_has_keys(worker, delegation))
		return true;
	if (keys == NULL || ds->signatures_length == 0 ||
	    name_from_text(delegation->name, strlen(delegation->name), name,
	    &length) != NAME_OK)
		return false;
	check.zone = name;
	return secure_ds_is_signed(keys, &check, apex, delegation,
	    ds->signatures, ds->signatures_length, &delegation->ds_ttl);
}

enum ds_source
ds_vouch_of_parent(const struct item_ds *ds, struct delegation *delegation)
{
	if (!has_usable(ds))
		return DS_SOURCE_COUNT;
	delegation->ds = ds->records;
	delegation->ds_length = ds->length;
	delegation->ds_ttl = ds->ttl;
	return DS_SOURCE_PARENT;
}

enum ds_source
ds_vouch(const struct worker *worker, const struct item_ds *ds,
    struct delegation *delegation)
{
	enum ds_choice choice = (enum ds_choice)worker->options->ds;
	struct delegation with_ds = *delegation;

	if (!has_usable(ds))
		return DS_SOURCE_COUNT;
	with_ds.ds = ds->records;
	with_ds.ds_length = ds->length;
	with_ds.ds_ttl = ds->ttl;
	if (choice != CHOOSE_DS_TRUST && zones_vouches(worker->zones,
	    delegation->name, &with_ds.ds_ttl)) {
		*delegation = with_ds;
		return DS_SOURCE_ZONEMD;
	}
	if (choice == CHOOSE_DS_VERIFY ||
	    (choice == CHOOSE_DS_AUTO && ds->signatures_length > 0)) {
		if (!are_signed(worker, ds, &with_ds))
			return DS_SOURCE_COUNT;
		*delegation = with_ds;
		return DS_SOURCE_FILE_SIGNED;
	}
	*delegation = with_ds;
	return DS_SOURCE_FILE;
}
