/*
 * zones: which zones have delegations that the direct lane may ask (RULES 13).
 *
 * The coordinator decides which inputs are good enough, and until when. The
 * worker asks the recursive lane for SOA and DNSKEY of each apex, at its start
 * and every ten minutes. A zone whose answers are bogus or missing is closed
 * until they are good; meanwhile its delegations are asked recursively. Keys
 * that the recursive lane has validated are kept, to verify DS records and the
 * digest of the whole file.
 */
#ifndef MXCENSUS_WORKER_ZONES_H
#define MXCENSUS_WORKER_ZONES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct secure_keys;
struct worker;
struct zones;

/* From items (struct zone_item). Returns NULL if they are malformed. */
struct zones *zones_new(struct worker *, const uint8_t *bytes, size_t length);
/* Legal for NULL. The lanes still exist. */
void	zones_free(struct zones *);
/* Asks about each apex, and repeats that from time to time. done() runs once,
 * when the first round is over, possibly at once. */
void	zones_start(struct zones *, void (*done)(void *tag), void *tag);
/* May the delegation of this name be asked directly? The zone that has it is
 * the smallest one around the name. */
bool	zones_is_open(const struct zones *, const char *name);
/* Is the digest of that zone's file right and signed by the zone (RULES L44)?
 * Then *ttl is lowered to what the signature allows. */
bool	zones_vouches(const struct zones *, const char *name, uint32_t *ttl);
/* The keys of that zone, if the recursive lane has validated them, and its name;
 * NULL if not. They are valid until the next answer about them. */
const struct secure_keys *zones_keys(const struct zones *, const char *name,
	    const uint8_t **apex);

#endif
