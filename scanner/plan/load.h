/*
 * load: computes how long the names of a plan take at the rates at which their
 * name servers and the prefixes of these may be asked (RULES K9: name servers).
 * It is pure: it only reads the servers of a plan and the options.
 * plan_least_seconds uses memory for each host with an address, and frees it.
 *
 * A name is charged to one host of its set, chosen by the hash of the name
 * (servers_charged, message/servers.h). So each host gets an equal part of the
 * names, and hosts with one address are one server. A name counts with as many
 * questions as most names take, and one more if it has DS.
 */
#ifndef MXCENSUS_PLAN_LOAD_H
#define MXCENSUS_PLAN_LOAD_H

#include <stddef.h>
#include <stdint.h>

#include "scanner/options/options.h"
#include "scanner/plan/servers.h"

/* No machine is expected to measure more names a second. */
#define PLAN_NAMES_A_SECOND	20000
#define PLAN_SLOW_SETS		5

/* Returns the time for the names of one set: the server that is charged for
 * most of them decides, or the prefix. Returns 0 if there is no set with this
 * number. */
double	plan_set_seconds(const struct plan_servers *, uint32_t set,
	    const struct options *);
/* Returns a time that is not less than that, and does not look at the hosts. */
double	plan_set_most_seconds(const struct plan_servers *, uint32_t set,
	    const struct options *);
/* Returns the time for all names of the plan: the busiest server decides, or
 * the busiest prefix, or the machine. */
double	plan_least_seconds(const struct plan_servers *, uint64_t names,
	    const struct options *);

struct slow_set {
	uint32_t	number;
	double		seconds;
};

/* The sets that take the longest time, the slowest first. Returns how many
 * there are. */
size_t	plan_slow_sets(const struct plan_servers *, const struct options *,
	    struct slow_set slow[PLAN_SLOW_SETS]);

#endif
