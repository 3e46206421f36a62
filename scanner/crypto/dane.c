#include "scanner/crypto/dane.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/crypto/library.h"
#include "scanner/crypto/path.h"
#include "scanner/crypto/trust.h"

enum { DANE_TA = 2, DANE_EE = 3 };			/* usage */
enum { FULL_CERTIFICATE = 0, PUBLIC_KEY = 1 };		/* selector */
enum { FULL = 0, SHA2_256 = 1, SHA2_512 = 2 };		/* matching type */

/* Each path costs signature verifications, and so does each anchor that a
 * record brings. The owners of zone and server choose how many there are, so
 * they are bounded; further ones are not tried (U13). */
#define BROUGHT_ANCHORS_MAX 4
#define PATHS_MAX 32

/* What records are compared with; each is computed when it is first needed. */
struct material {
	uint8_t		*key;		/* SubjectPublicKeyInfo; OpenSSL's memory */
	size_t		 key_length;
	bool		 has_digest[2][3];
	uint8_t		 digests[2][3][64];	/* by selector, matching type */
};

struct judgement {
	const struct chain	*chain;
	const char *const	*names;
	size_t			 name_count;
	int64_t			 now;
	struct material		*materials;	/* one for each certificate */
	/* By the depth of an anchor. Each anchor is judged once, even if
	 * several records name it. */
	bool			 is_judged[CHAIN_CERTIFICATES_MAX];
	enum dane_verdict	 as_anchor[CHAIN_CERTIFICATES_MAX];
	unsigned		 brought_anchors, paths;
};

/* The result for one record, and for the best one. */
struct finding {
	enum dane_verdict	 verdict;
	int			 depth;
};

static const struct finding nothing = { DANE_MISMATCH, -1 };
static const struct finding undetermined = { DANE_UNDETERMINED, -1 };

/* Returns the certificate of an `x 0 0` record, or NULL if OpenSSL would not
 * take it (SSL_dane_tlsa_add demands a key that it can decode). */
static X509 *
decode_certificate(const struct tlsa *record)
{
	const uint8_t *end = record->bytes;
	X509 *x509 = library_certificate(&end, record->length);

	if (x509 != NULL && (end != record->bytes + record->length ||
	    X509_get0_pubkey(x509) == NULL)) {
		X509_free(x509);
		x509 = NULL;
	}
	return x509;
}

/* Returns the key of an `x 1 0` record. */
static EVP_PKEY *
decode_key(const struct tlsa *record)
{
	const uint8_t *end = record->bytes;
	EVP_PKEY *key = library_key(&end, record->length);

	if (key != NULL && end != record->bytes + record->length) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

enum tlsa_fault
dane_fault(const struct tlsa *record)
{
	enum tlsa_fault fault = tlsa_fault(record);
	EVP_PKEY *key = NULL;
	X509 *x509 = NULL;

	if (fault != TLSA_USABLE || record->matching_type != FULL)
		return fault;
	ERR_clear_error();
	if (record->selector == FULL_CERTIFICATE)
		x509 = decode_certificate(record);
	else
		key = decode_key(record);
	if (x509 == NULL && key == NULL)
		fault = TLSA_UNDECODABLE;
	X509_free(x509);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return fault;
}

bool
dane_rollover_ready(const struct tlsa *records, size_t count)
{
	const struct tlsa *one, *other;

	for (size_t i = 0; i < count; i++) {
		one = &records[i];
		if (one->usage != DANE_EE || dane_fault(one) != TLSA_USABLE)
			continue;
		for (size_t j = 0; j < count; j++) {
			other = &records[j];
			if (j == i || dane_fault(other) != TLSA_USABLE)
				continue;
			if (other->usage == DANE_TA)
				return true;
			if (other->selector == one->selector &&
			    other->matching_type == one->matching_type &&
			    tlsa_compare(one, other) != 0)
				return true;
		}
	}
	return false;
}

static void
digest(const void *bytes, size_t length, unsigned matching_type,
    uint8_t out[64])
{
	int done = EVP_Digest(bytes, length, out, NULL,
	    matching_type == SHA2_256 ? EVP_sha256() : EVP_sha512(), NULL);

	assert(done == 1);
	(void)done;
}

/* Do the record's data match the certificate at this depth? */
static bool
stands_for(struct judgement *judgement, size_t depth,
    const struct tlsa *record)
{
	const struct certificate *certificate =
	    &judgement->chain->certificates[depth];
	struct material *material = &judgement->materials[depth];
	unsigned type = record->matching_type, selector = record->selector;
	const uint8_t *bytes = certificate->der;
	size_t length = certificate->der_length;

	if (selector == PUBLIC_KEY) {
		assert(certificate->x509 != NULL);	/* is_undecided */
		if (material->key == NULL) {
			int got = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(
			    certificate->x509), &material->key);

			material->key_length = got > 0 ? (size_t)got : 0;
		}
		bytes = material->key;
		length = material->key_length;
		if (length == 0)
			return false;
	}
	if (type == FULL)
		return length == record->length &&
		    memcmp(bytes, record->bytes, length) == 0;
	if (!material->has_digest[selector][type]) {
		digest(bytes, length, type, material->digests[selector][type]);
		material->has_digest[selector][type] = true;
	}
	return memcmp(material->digests[selector][type], record->bytes,
	    record->length) == 0;
}

/* The worst fault of a path counts, so name_mismatch means that nothing else is
 * wrong (U11). */
static enum dane_verdict
judge_path(const struct judgement *judgement, const struct path *path)
{
	bool hostile = false;

	if (path->error != X509_V_OK)
		return DANE_CHAIN_BROKEN;
	if (path->date_error != X509_V_OK)
		return DANE_EXPIRED;
	for (size_t i = 0; i < judgement->name_count; i++) {
		if (certificate_has_name(&judgement->chain->certificates[0],
		    judgement->names[i], true, &hostile))
			return DANE_MATCH;
	}
	return DANE_NAME_MISMATCH;
}

static bool
may_try(struct judgement *judgement)
{
	return judgement->paths++ < PATHS_MAX;
}

static void
keep_better(struct finding *best, enum dane_verdict verdict, int depth)
{
	if (verdict < best->verdict)
		*best = (struct finding){ verdict, depth };
}

static enum dane_verdict
judge_anchor_at(struct judgement *judgement, size_t depth)
{
	struct path path;

	if (!judgement->is_judged[depth]) {
		judgement->is_judged[depth] = true;
		judgement->as_anchor[depth] = DANE_UNDETERMINED;
		if (may_try(judgement)) {
			path_to_anchor(judgement->chain,
			    judgement->chain->certificates[depth].x509,
			    judgement->now, &path);
			judgement->as_anchor[depth] = judge_path(judgement,
			    &path);
		}
	}
	return judgement->as_anchor[depth];
}

/* Judges an anchor that was presented, at depth 1 or more; a second copy of the
 * leaf does not count (U5). Returns false if none was presented. */
static bool
judge_presented(struct judgement *judgement, const struct tlsa *record,
    struct finding *best)
{
	const struct certificate *presented = judgement->chain->certificates;
	bool is_presented = false;

	for (size_t depth = 1; depth < judgement->chain->count; depth++) {
		if (memcmp(presented[depth].sha256, presented[0].sha256,
		    SHA256_BYTES) == 0 || !stands_for(judgement, depth, record))
			continue;
		is_presented = true;
		keep_better(best, judge_anchor_at(judgement, depth),
		    (int)depth);
	}
	return is_presented;
}

/* Of the certificates in the path, `length` were presented. */
static void
keep_brought(struct finding *best, const struct judgement *judgement,
    const struct path *path, size_t length)
{
	enum dane_verdict verdict = judge_path(judgement, path);

	if (verdict == DANE_MATCH)
		verdict = DANE_MATCH_TA_FROM_DNS;
	keep_better(best, verdict, verdict == DANE_CHAIN_BROKEN ? -1 :
	    (int)length);
}

/* `2 0 0`: the path ends in the record's certificate, which was not
 * presented. */
static void
judge_brought_certificate(struct judgement *judgement,
    const struct tlsa *record, struct finding *best)
{
	X509 *anchor;
	struct path path;

	if (!may_try(judgement)) {
		keep_better(best, DANE_UNDETERMINED, -1);
		return;
	}
	anchor = decode_certificate(record);
	assert(anchor != NULL);		/* the record is usable */
	path_to_anchor(judgement->chain, anchor, judgement->now, &path);
	keep_brought(best, judgement, &path, path.length - 1);
	X509_free(anchor);
}

/* `2 1 0`: the path ends in a presented certificate that the record's key has
 * signed. This may be the leaf. */
static void
judge_brought_key(struct judgement *judgement,
    const struct tlsa *record, struct finding *best)
{
	EVP_PKEY *key = decode_key(record);
	struct path path;

	assert(key != NULL);
	keep_better(best, DANE_CHAIN_BROKEN, -1);
	for (size_t i = 0; i < judgement->chain->count; i++) {
		X509 *top = judgement->chain->certificates[i].x509;

		if (X509_verify(top, key) != 1)
			continue;
		if (!may_try(judgement)) {
			keep_better(best, DANE_UNDETERMINED, -1);
			break;
		}
		path_to_top(judgement->chain, top, judgement->now, &path);
		keep_brought(best, judgement, &path, path.length);
	}
	EVP_PKEY_free(key);
}

/* U7: a record that brings its anchor does not need a presented one. */
static void
judge_brought(struct judgement *judgement, const struct tlsa *record,
    struct finding *best)
{
	if (judgement->brought_anchors++ >= BROUGHT_ANCHORS_MAX)
		keep_better(best, DANE_UNDETERMINED, -1);
	else if (record->selector == FULL_CERTIFICATE)
		judge_brought_certificate(judgement, record, best);
	else
		judge_brought_key(judgement, record, best);
}

static struct finding
judge_anchor(struct judgement *judgement, const struct tlsa *record)
{
	bool is_leaf = stands_for(judgement, 0, record);
	struct finding best = nothing;
	bool is_presented = judge_presented(judgement, record, &best);

	if (record->matching_type == FULL && best.verdict >= DANE_CHAIN_BROKEN &&
	    (record->selector == PUBLIC_KEY || (!is_presented && !is_leaf)))
		judge_brought(judgement, record, &best);
	else if (!is_presented)
		best.verdict = DANE_TA_NOT_PRESENTED;
	/* A record that matches the leaf but leads to no path does not name an
	 * anchor (U5). */
	return is_leaf && best.verdict >= DANE_CHAIN_BROKEN ? nothing : best;
}

/* If a certificate is undecodable, no path can be judged, and that certificate
 * may be the anchor. DANE-EE looks only at the leaf (RFC 7671 5.1): the leaf's
 * bytes are always known, but its key is not. */
static bool
is_undecided(const struct judgement *judgement, const struct tlsa *record)
{
	const struct chain *chain = judgement->chain;

	if (record->usage == DANE_TA)
		return !chain_is_decoded(chain);
	return record->selector == PUBLIC_KEY &&
	    chain->certificates[0].x509 == NULL;
}

static struct finding
judge_record(struct judgement *judgement, const struct tlsa *record)
{
	struct finding finding;

	if (is_undecided(judgement, record))
		return (struct finding){ DANE_CHAIN_BROKEN, -1 };
	if (record->usage == DANE_TA) {
		finding = judge_anchor(judgement, record);
		/* U13: the anchor, or the rest of its path, may be among the
		 * certificates that were cut off. They could not change the
		 * names. */
		return judgement->chain->is_truncated &&
		    finding.verdict > DANE_NAME_MISMATCH ? undetermined
		    : finding;
	}
	if (stands_for(judgement, 0, record))
		return (struct finding){ DANE_MATCH, 0 };
	return nothing;
}

/* U3: a record counts if no usable record with its usage and selector has a
 * stronger digest. A Full record always counts. */
static bool
counts(const struct tlsa *records, const bool *usable, size_t count, size_t at)
{
	const struct tlsa *record = &records[at];

	if (record->matching_type == FULL)
		return true;
	for (size_t i = 0; i < count; i++) {
		if (usable[i] && records[i].usage == record->usage &&
		    records[i].selector == record->selector &&
		    records[i].matching_type > record->matching_type)
			return false;
	}
	return true;
}

static void
judge_records(struct judgement *judgement, const struct tlsa *records,
    const bool *usable, size_t count, struct dane_facts *facts)
{
	struct finding best = nothing, best_no_agility = nothing, finding;
	const X509 *leaf = judgement->chain->certificates[0].x509;

	for (size_t i = 0; i < count; i++) {
		if (!usable[i])
			continue;
		finding = judge_record(judgement, &records[i]);
		keep_better(&best_no_agility, finding.verdict, finding.depth);
		if (counts(records, usable, count, i))
			keep_better(&best, finding.verdict, finding.depth);
		if (finding.verdict > DANE_MATCH_TA_FROM_DNS)
			continue;
		facts->matching[facts->matching_count++] = (uint8_t)i;
		if (records[i].usage == DANE_EE && leaf != NULL &&
		    !path_dates_hold(leaf, judgement->now))
			facts->expired = true;
	}
	facts->verdict = best.verdict;
	facts->depth = best.depth;
	facts->verdict_no_agility = best_no_agility.verdict;
}

void
dane_judge(const struct chain *chain, const struct tlsa *records, size_t count,
    const char *const *names, size_t name_count, int64_t now,
    struct dane_facts *facts)
{
	struct judgement judgement = {
		.chain = chain, .names = names, .name_count = name_count,
		.now = now,
	};
	bool usable[DANE_RECORDS_MAX], any_usable = false;

	*facts = (struct dane_facts){
		.verdict = DANE_NONE_USABLE,
		.verdict_no_agility = DANE_NONE_USABLE, .depth = -1,
	};
	if (count > DANE_RECORDS_MAX)
		count = DANE_RECORDS_MAX;
	ERR_clear_error();
	for (size_t i = 0; i < count; i++) {
		usable[i] = dane_fault(&records[i]) == TLSA_USABLE;
		any_usable |= usable[i];
	}
	/* This is decided here and never left to OpenSSL: without a record,
	 * OpenSSL silently verifies as for WebPKI. */
	if (!any_usable)
		return;
	facts->verdict = facts->verdict_no_agility = chain->is_truncated
	    ? DANE_UNDETERMINED : DANE_MISMATCH;
	if (chain->count > 0) {
		judgement.materials = xcalloc(chain->count,
		    sizeof *judgement.materials);
		judge_records(&judgement, records, usable, count, facts);
	}
	for (size_t i = 0; i < chain->count; i++)
		OPENSSL_free(judgement.materials[i].key);
	free(judgement.materials);
	ERR_clear_error();
}
