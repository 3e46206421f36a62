/*
 * zone_signer: a signer of zones inside the test, on libcrypto: keys, RRSIG
 * records, and responses of signed zones. It has its own canonical form (RFC
 * 4034 6), which tests compare with ours by way of the signatures.
 *
 * Every failure is an assert: a test that cannot build its world is wrong.
 */
#ifndef MXCENSUS_TESTS_ZONE_SIGNER_H
#define MXCENSUS_TESTS_ZONE_SIGNER_H

#include <openssl/evp.h>

#include "tests/unit/answer_builder.h"

/* The time that signatures are made for; they hold a day before and after. */
#define SIGNER_NOW	INT64_C(1780272000)
#define SIGNER_DAY	86400

struct zone_signer {
	uint8_t		 algorithm;
	EVP_PKEY	*key;
	/* The RDATA of DNSKEY and its tag. */
	struct buffer	 dnskey;
	uint16_t	 tag;
};

/* What a signature says; NULL and 0 are as a sound one has it. */
struct signing {
	const struct zone_signer *signer;
	const char	*name;		/* of the signer */
	const char	*owner;		/* that is signed; NULL: the owner */
	int		 labels;	/* more than the owner has */
	uint32_t	 ttl;		/* original; 0: 3600 */
	int64_t		 inception, expiration;
	uint16_t	 covered;	/* type */
	uint16_t	 tag;
	uint8_t		 algorithm;
	uint16_t	 class;
	bool		 is_broken;	/* one bit of the signature is wrong */
};

/* RDATA of records of a set; the signer sorts them. */
struct rdata_list {
	struct buffer	 list[128];
	size_t		 count;
};

/* Keys of algorithm 8, 10 (of `bits`), 13, 14 and 15; `flags` and `protocol` are
 * those of DNSKEY. */
void	zone_signer_make(struct zone_signer *, uint8_t algorithm, int bits,
	    uint16_t flags, uint8_t protocol);
/* The same key with other flags. */
void	zone_signer_copy(struct zone_signer *, const struct zone_signer *,
	    uint16_t flags, uint8_t protocol);
void	zone_signer_fini(struct zone_signer *);
/* A record of DS in the form of ds_wire.h. */
void	zone_signer_ds(const struct zone_signer *, const char *zone,
	    uint8_t digest_type, struct buffer *);

/* The RDATA of an RRSIG over records in canonical form, in any order. */
void	zone_sign(struct buffer *rrsig, const struct signing *,
	    const char *owner, uint16_t type, struct rdata_list *);

/* RDATA in canonical form. */
void	rdata_add(struct rdata_list *, const void *bytes, size_t length);
void	rdata_add_name(struct rdata_list *, const char *name);
void	rdata_add_mx(struct rdata_list *, uint16_t preference,
	    const char *exchange);
void	rdata_add_soa(struct rdata_list *, const char *zone, uint32_t minimum);
/* `types` ends in 0, and rises. */
void	rdata_add_nsec(struct rdata_list *, const char *next,
	    const uint16_t *types);
void	rdata_add_nsec3(struct rdata_list *, uint8_t flags,
	    uint16_t iterations, const uint8_t next[20],
	    const uint16_t *types);
void	rdata_fini(struct rdata_list *);

/* Appends the records of the set, each with this TTL, and without `signing` NULL
 * a signature over them. Frees the list. */
void	answer_set(struct buffer *packet, enum dns_section, const char *owner,
	    uint16_t type, uint32_t ttl, struct rdata_list *,
	    const struct signing *);

#endif
