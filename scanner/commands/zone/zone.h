/*
 * zone: prints what zone files contain: delegations, signed share, DS
 * algorithms and digests, name servers and their operators.
 */
#ifndef MXCENSUS_COMMANDS_ZONE_ZONE_H
#define MXCENSUS_COMMANDS_ZONE_ZONE_H

struct options;

/* Returns the exit status. */
int	zone_command(const struct options *);

#endif
