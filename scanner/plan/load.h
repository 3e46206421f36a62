/*
 * load: how long the names of a plan take at the rate that their name servers
 * and the prefixes of these may be asked at (RULES K9: name servers). Pure: it reads the servers of a
 * plan and the options. plan_least_seconds takes memory for each host with an
 * address, and gives it back.
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

/* The time for the names of a set alone: the server that is charged for most of
 * them decides, or the prefix. 0 if there is no set with this number. */
double	plan_set_seconds(const struct plan_servers *, uint32_t set,
	    const struct options *);
/* The time for all names of the plan: the busiest server decides, or the
 * busiest prefix, or the machine. */
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
