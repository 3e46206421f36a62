#include "scanner/dns/direct/denial.h"

#include <string.h>

#include "parsers/dnssec.h"
#include "scanner/crypto/zone_digest.h"

#define SHA1_ALGORITHM	1	/* RFC 5155 11 */
#define HASH_TEXT	NSEC3_HASH_TEXT

/* Both forms ************************************************************** */

static bool
is_apex(const struct denial *denial)
{
	return name_find(denial->name, denial->zone) == denial->name;
}

/* Does a record of exactly this name say that the zone has the name, but
 * neither the type nor an alias? NS without SOA is the parent's side of a zone
 * cut, and SOA occurs only at the apex. A name without any type is an empty
 * non-terminal. */
static bool
lacks_type(const struct denial *denial, const struct type_bitmap *types)
{
	if (types->length == 0 || type_bitmap_has(types, denial->type) ||
	    type_bitmap_has(types, DNS_CNAME))
		return false;
	return is_apex(denial) ? type_bitmap_has(types, DNS_SOA)
			       : !type_bitmap_has(types, DNS_SOA) &&
				 !type_bitmap_has(types, DNS_NS);
}

/* Are names below a name with these types not in this zone: are they in another
 * zone (RFC 4035 5.4, RFC 6840 4.1), or redirected by a DNAME? */
static bool
leads_away(const struct type_bitmap *types)
{
	return type_bitmap_has(types, DNS_DNAME) ||
	    (type_bitmap_has(types, DNS_NS) &&
	    !type_bitmap_has(types, DNS_SOA));
}

/* The parent's side of a zone cut. */
static bool
is_cut_without_ds(const struct type_bitmap *types)
{
	return type_bitmap_has(types, DNS_NS) &&
	    !type_bitmap_has(types, DNS_SOA) &&
	    !type_bitmap_has(types, DNS_DS);
}

static size_t
length_of(const uint8_t *name)
{
	return name_wire_length(name, NAME_WIRE_MAX);
}

/* Writes "*." and the name. Returns false if that is too long. */
static bool
wildcard_of(const uint8_t *name, uint8_t wildcard[NAME_WIRE_MAX])
{
	size_t length = length_of(name);

	if (length + 2 > NAME_WIRE_MAX)
		return false;
	wildcard[0] = 1;
	wildcard[1] = '*';
	memcpy(wildcard + 2, name, length);
	return true;
}

/* NSEC ******************************************************************** */

/* Is the name in the gap between the record's owner and the next name? The next
 * name of the last record is the apex. */
static bool
nsec_covers(const struct denial *denial, const uint8_t *owner,
    const struct nsec *nsec, const uint8_t *name)
{
	if (name_order(owner, name) >= 0 ||
	    (name_find(name, owner) != NULL && leads_away(&nsec->types)))
		return false;
	if (name_order(owner, nsec->next) < 0)
		return name_order(name, nsec->next) < 0;
	return name_order(nsec->next, denial->zone) == 0;
}

/* Returns the record that covers a name, or whose owner is the name. */
static bool
nsec_find(const struct denial *denial, const uint8_t *name, bool covers,
    const struct dns_record **found, struct nsec *nsec)
{
	for (unsigned i = 0; i < denial->count; i++) {
		const struct dns_record *record = &denial->records[i];

		if (record->type != DNS_NSEC ||
		    name_find(record->owner, denial->zone) == NULL ||
		    !nsec_read(record->rdata, record->rdata_length, nsec))
			continue;
		*found = record;
		if (covers ? nsec_covers(denial, record->owner, nsec, name)
			   : name_order(record->owner, name) == 0)
			return true;
	}
	return false;
}

/* RFC 4035 5.4: neither the name exists nor the wildcard at its closest
 * encloser. The closest encloser is the longest ancestor that the name shares
 * with either end of the gap. If the gap ends below the name, the name is an
 * empty non-terminal. */
static bool
nsec_denies_name(const struct denial *denial)
{
	const struct dns_record *record;
	const uint8_t *encloser = denial->name;
	uint8_t wildcard[NAME_WIRE_MAX];
	struct nsec nsec;

	if (!nsec_find(denial, denial->name, true, &record, &nsec) ||
	    name_find(nsec.next, denial->name) != NULL)
		return false;
	while (name_find(record->owner, encloser) == NULL &&
	    name_find(nsec.next, encloser) == NULL)
		encloser += 1 + *encloser;
	return wildcard_of(encloser, wildcard) &&
	    nsec_find(denial, wildcard, true, &record, &nsec) &&
	    name_find(nsec.next, wildcard) == NULL;
}

/* NSEC3 ******************************************************************* */

struct hashes {
	const struct denial *denial;
	/* The one set of parameters. */
	unsigned	 iterations;
	const uint8_t	*salt;
	size_t		 salt_length;
	unsigned	 left;		/* that may still be computed */
};

/* RFC 5155 8.1, 8.2: a record with an unknown algorithm or flag is ignored. The
 * owner is a hash below the apex. */
static bool
nsec3_take(const struct denial *denial, const struct dns_record *record,
    struct nsec3 *nsec3)
{
	return record->type == DNS_NSEC3 &&
	    nsec3_read(record->rdata, record->rdata_length, nsec3) &&
	    nsec3->algorithm == SHA1_ALGORITHM &&
	    (nsec3->flags & ~NSEC3_OPT_OUT) == 0 &&
	    nsec3->next_length == NSEC3_HASH_BYTES &&
	    record->owner[0] == HASH_TEXT &&
	    strspn((const char *)record->owner + 1,
	    "0123456789abcdefghijklmnopqrstuv") >= HASH_TEXT &&
	    name_order(record->owner + 1 + HASH_TEXT, denial->zone) == 0;
}

/* RFC 5155 8.2: all records have the same parameters. */
static bool
hashes_open(struct hashes *hashes, const struct denial *denial)
{
	bool is_first = true;

	*hashes = (struct hashes){
		.denial = denial, .left = DENIAL_HASHES_MAX,
	};
	for (unsigned i = 0; i < denial->count; i++) {
		struct nsec3 nsec3;

		if (!nsec3_take(denial, &denial->records[i], &nsec3))
			continue;
		if (is_first) {
			hashes->iterations = nsec3.iterations;
			hashes->salt = nsec3.salt;
			hashes->salt_length = nsec3.salt_length;
			is_first = false;
		}
		if (nsec3.iterations != hashes->iterations ||
		    nsec3.salt_length != hashes->salt_length ||
		    memcmp(nsec3.salt, hashes->salt, nsec3.salt_length) != 0)
			return false;
	}
	return !is_first && hashes->iterations <= DENIAL_ITERATIONS_MAX;
}

/* Writes the hash as text. Returns false if there were too many hashes. */
static bool
hash_name(struct hashes *hashes, const uint8_t *name, uint8_t text[HASH_TEXT])
{
	uint8_t hash[NSEC3_HASH_BYTES];

	if (hashes->left == 0)
		return false;
	hashes->left--;
	nsec3_hash(name, length_of(name), hashes->iterations, hashes->salt,
	    hashes->salt_length, hash);
	nsec3_hash_text(hash, text);
	return true;
}

/* Is the hash strictly between the owner and the next hash, or, for the last
 * record, after the owner or before the next (RFC 5155 1.3)? */
static bool
nsec3_covers(const struct dns_record *record, const struct nsec3 *nsec3,
    const uint8_t hash[HASH_TEXT])
{
	const uint8_t *owner = record->owner + 1;
	uint8_t next[HASH_TEXT];
	bool is_after, is_before;

	nsec3_hash_text(nsec3->next, next);
	is_after = memcmp(owner, hash, HASH_TEXT) < 0;
	is_before = memcmp(hash, next, HASH_TEXT) < 0;
	if (memcmp(owner, next, HASH_TEXT) < 0)
		return is_after && is_before;
	return memcmp(owner, hash, HASH_TEXT) != 0 && (is_after || is_before);
}

/* Returns the record that covers a hash, or whose owner is that hash. */
static bool
nsec3_find(const struct hashes *hashes, const uint8_t hash[HASH_TEXT],
    bool covers, struct nsec3 *nsec3)
{
	const struct denial *denial = hashes->denial;

	for (unsigned i = 0; i < denial->count; i++) {
		const struct dns_record *record = &denial->records[i];

		if (nsec3_take(denial, record, nsec3) &&
		    (covers ? nsec3_covers(record, nsec3, hash)
			    : memcmp(record->owner + 1, hash, HASH_TEXT) == 0))
			return true;
	}
	return false;
}

/* A gap that can contain delegations without DS (opt-out) is not a denial (RFC
 * 5155 6). */
static bool
nsec3_denies(const struct hashes *hashes, const uint8_t hash[HASH_TEXT])
{
	struct nsec3 nsec3;

	return nsec3_find(hashes, hash, true, &nsec3) &&
	    (nsec3.flags & NSEC3_OPT_OUT) == 0;
}

/* RFC 5155 8.3: finds the closest encloser, the longest ancestor that has a
 * record, which may be the name itself, and writes the hash of the next closer
 * name, which is one label longer. */
static enum oddity
nsec3_find_encloser(struct hashes *hashes, const uint8_t **encloser,
    struct nsec3 *nsec3, uint8_t next_closer[HASH_TEXT])
{
	const uint8_t *name = hashes->denial->name, *zone;
	uint8_t hash[HASH_TEXT];

	for (zone = name_find(name, hashes->denial->zone);;
	    name += 1 + *name) {
		if (!hash_name(hashes, name, hash))
			return ODDITY_CRYPTO_LIMIT;
		if (nsec3_find(hashes, hash, false, nsec3))
			break;
		if (name == zone)
			return ODDITY_UNPROVEN;
		memcpy(next_closer, hash, HASH_TEXT);
	}
	*encloser = name;
	return ODDITY_NONE;
}

/* RFC 5155 8.4: neither the next closer name exists nor the wildcard at the
 * closest encloser. */
static enum oddity
nsec3_denies_name(struct hashes *hashes)
{
	const uint8_t *encloser;
	uint8_t hash[HASH_TEXT], wildcard[NAME_WIRE_MAX];
	struct nsec3 nsec3;
	enum oddity oddity = nsec3_find_encloser(hashes, &encloser, &nsec3,
	    hash);

	if (oddity != ODDITY_NONE)
		return oddity;
	if (encloser == hashes->denial->name || leads_away(&nsec3.types) ||
	    !nsec3_denies(hashes, hash) || !wildcard_of(encloser, wildcard))
		return ODDITY_UNPROVEN;
	if (!hash_name(hashes, wildcard, hash))
		return ODDITY_CRYPTO_LIMIT;
	return nsec3_denies(hashes, hash) ? ODDITY_NONE : ODDITY_UNPROVEN;
}

/* RFC 5155 8.9: the name is a cut without DS, or is in a gap that may have
 * such cuts. */
static enum oddity
nsec3_denies_ds(struct hashes *hashes)
{
	const uint8_t *encloser;
	uint8_t hash[HASH_TEXT];
	struct nsec3 nsec3;
	enum oddity oddity = nsec3_find_encloser(hashes, &encloser, &nsec3,
	    hash);
	bool is_proven;

	if (oddity != ODDITY_NONE)
		return oddity;
	if (encloser == hashes->denial->name)
		is_proven = is_cut_without_ds(&nsec3.types);
	else
		is_proven = !leads_away(&nsec3.types) &&
		    nsec3_find(hashes, hash, true, &nsec3) &&
		    (nsec3.flags & NSEC3_OPT_OUT) != 0;
	return is_proven ? ODDITY_NONE : ODDITY_UNPROVEN;
}

/* The denials ************************************************************* */

static bool
has_nsec(const struct denial *denial)
{
	for (unsigned i = 0; i < denial->count; i++)
		if (denial->records[i].type == DNS_NSEC)
			return true;
	return false;
}

enum oddity
denial_of_type(const struct denial *denial)
{
	const struct dns_record *record;
	uint8_t hash[HASH_TEXT];
	struct hashes hashes;
	struct nsec3 nsec3;
	struct nsec nsec;
	bool is_proven;

	if (has_nsec(denial))
		is_proven = nsec_find(denial, denial->name, false, &record,
		    &nsec) && lacks_type(denial, &nsec.types);
	else
		is_proven = hashes_open(&hashes, denial) &&
		    hash_name(&hashes, denial->name, hash) &&
		    nsec3_find(&hashes, hash, false, &nsec3) &&
		    lacks_type(denial, &nsec3.types);
	return is_proven ? ODDITY_NONE : ODDITY_UNPROVEN;
}

enum oddity
denial_of_name(const struct denial *denial)
{
	struct hashes hashes;

	if (is_apex(denial))
		return ODDITY_UNPROVEN;
	if (has_nsec(denial))
		return nsec_denies_name(denial) ? ODDITY_NONE
						: ODDITY_UNPROVEN;
	if (!hashes_open(&hashes, denial))
		return ODDITY_UNPROVEN;
	return nsec3_denies_name(&hashes);
}

enum oddity
denial_of_ds(const struct denial *denial)
{
	const struct dns_record *record;
	struct hashes hashes;
	struct nsec nsec;

	if (is_apex(denial))
		return ODDITY_UNPROVEN;
	if (has_nsec(denial))
		return nsec_find(denial, denial->name, false, &record, &nsec) &&
		    is_cut_without_ds(&nsec.types) ? ODDITY_NONE
						   : ODDITY_UNPROVEN;
	if (!hashes_open(&hashes, denial))
		return ODDITY_UNPROVEN;
	return nsec3_denies_ds(&hashes);
}
