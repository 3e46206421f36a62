/*
 * middlebox: does one server answer in the place of many? It counts at how many
 * addresses, networks (/24, /48) and registrable domains of MX hosts one key
 * was shown with one greeting. A large provider looks the same, so a high count
 * only makes it suspect. A canary decides (docs/rules.md, "Whose fault").
 *
 * An identity is the SHA-256 of the leaf's public key in hex, a blank, and the
 * greeting. Pure: it touches no socket and no clock.
 */
#ifndef MXCENSUS_COORDINATOR_NETWORK_MIDDLEBOX_H
#define MXCENSUS_COORDINATOR_NETWORK_MIDDLEBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/prefix.h"

#define MIDDLEBOX_ADDRESSES	20
#define MIDDLEBOX_NETWORKS	20
#define MIDDLEBOX_DOMAINS	10

struct middlebox;

enum identity_state {
	IDENTITY_USUAL,
	/* It is the only identity that this run has met, at more than one
	 * domain, so it may become a suspect soon. */
	IDENTITY_ALONE,
	IDENTITY_SUSPECT,
	IDENTITY_CLEARED,	/* it is a provider */
	IDENTITY_FORGED,	/* it answers in the place of others */
};

struct middlebox *middlebox_new(void);
void	middlebox_free(struct middlebox *);
/* Says that a server showed the identity. `domain` is the registrable domain of
 * its name. */
void	middlebox_note(struct middlebox *, const char *identity,
	    const struct address *, const char *domain);
enum identity_state middlebox_state(const struct middlebox *,
	    const char *identity);
/* An identity that is suspect and was not judged; NULL: none. */
const char *middlebox_suspect(const struct middlebox *);
/* The suspect, or every later one that becomes it, is judged. */
void	middlebox_judge(struct middlebox *, const char *identity,
	    bool is_forged);

#endif
