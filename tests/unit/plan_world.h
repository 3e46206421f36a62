/*
 * plan_world: a plan that is made from what a test says about names, in a folder
 * of its own.
 */
#ifndef MXCENSUS_TEST_PLAN_WORLD_H
#define MXCENSUS_TEST_PLAN_WORLD_H

#include "scanner/plan/planner.h"

#define PLAN_WORLD_SOURCES 3

struct plan_world {
	char		path[64];
	struct folder	folder;
	struct options	options;
	struct plan	plan;
	struct planner	planner;
	struct source	sources[PLAN_WORLD_SOURCES];
	char		apexes[PLAN_WORLD_SOURCES][64];
	struct buffer	items;		/* of the plan, after plan_world_end */
};

void	plan_world_begin(struct plan_world *, uint64_t bucket_bytes);
/* What is said from now on is of this zone file. */
void	plan_world_file(struct plan_world *, uint32_t source, const char *apex,
	    uint32_t serial);
/* The same of a file of --delegations. The first such call stands before all
 * names. */
void	plan_world_delegations(struct plan_world *, uint32_t source,
	    const char *apex, uint32_t serial);
void	plan_world_name(struct plan_world *, const char *name, uint64_t rank);
void	plan_world_ns(struct plan_world *, const char *owner,
	    const char *server);
void	plan_world_ds(struct plan_world *, const char *owner,
	    uint8_t algorithm);
void	plan_world_ds_record(struct plan_world *, const char *owner,
	    uint32_t ttl, const struct ds_record *);
void	plan_world_ds_signature(struct plan_world *, const char *owner,
	    const uint8_t *rdata, size_t length);
void	plan_world_glue(struct plan_world *, const char *owner,
	    const char *address);
/* Makes the plan. */
void	plan_world_end(struct plan_world *);
/* The item of a name. False if it is not in the plan. */
bool	plan_world_find(const struct plan_world *, const char *name,
	    struct domain_item *);
/* The same; the name must be there. */
struct domain_item plan_world_item(const struct plan_world *,
	    const char *name);
/* The servers of a name as its item will have them, "ns1.a=192.0.2.1 ns2.a", in
 * the order of the hosts' numbers, so that tests sort nothing. Valid until the
 * next call. */
const char *plan_world_servers(const struct plan_world *, const char *name);
/* How many names are delegated to the host; 0 if the plan has no such host. */
uint32_t plan_world_names_of_host(const struct plan_world *,
	    const char *name);
void	plan_world_free(struct plan_world *);

#endif
