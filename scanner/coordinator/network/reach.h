/*
 * reach: records which networks (/24 and /48) of mail servers this run has
 * reached on port 25, and which it has not. It remembers a few servers that
 * have answered, which can be asked again when everything seems to fail.
 *
 * A refused connection is an answer of the target, unless a filter near to this
 * machine may have sent it: if nothing ever answered otherwise, if all refusals
 * take the same time, and if that is below a tenth of the round trip to name
 * servers.
 *
 * Pure: it touches no socket and no clock.
 */
#ifndef MXCENSUS_COORDINATOR_NETWORK_REACH_H
#define MXCENSUS_COORDINATOR_NETWORK_REACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/name.h"
#include "parsers/prefix.h"

#define REACH_KNOWN_MAX		8	/* servers, each in its own network */
#define REACH_KNOWN_LEAST	3	/* fewer prove nothing */
#define REACH_NETWORKS_LEAST	100	/* that fail before the first answer */

struct reach;

struct reach_server {
	struct address	address;
	char		sni[NAME_TEXT_MAX];
};

enum reach_result {
	REACH_ANSWERED,		/* a connection */
	REACH_REFUSED,		/* RST for the first packet */
	REACH_SILENT,		/* no connection, for another reason */
};

struct reach *reach_new(void);
void	reach_free(struct reach *);
/* Says that a session has ended. `milliseconds` is the time to the refusal. */
void	reach_note(struct reach *, const struct address *, const char *sni,
	    enum reach_result, int milliseconds);
/* The servers that have answered. Returns their number. */
size_t	reach_known(const struct reach *, struct reach_server
	    known[REACH_KNOWN_MAX]);
/* Has nothing answered, and have REACH_NETWORKS_LEAST networks failed?
 * `dns_ms` is the round trip to name servers; negative: unknown. */
bool	reach_is_blocked(const struct reach *, int dns_ms);
/* Have one or two networks answered, and are REACH_NETWORKS_LEAST others silent?
 * A refusal is an answer here. */
bool	reach_is_silent(const struct reach *);
size_t	reach_failed_networks(const struct reach *);

#endif
