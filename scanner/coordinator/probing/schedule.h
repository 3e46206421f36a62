/*
 * schedule: which (address, SNI) has a session of its own, when, and which take
 * the facts of another (RULES N6, K2, K5 to K7).
 *
 * Hosted mail gives each customer an MX name on shared addresses. So an address
 * is asked for two names first; where both end the same way before the
 * ClientHello, no name makes a difference. Else it is asked for --sni-per-address
 * names; where all of them show one chain, every other name is judged by that. Where
 * they differ, each name has its session, up to --max-per-address.
 *
 * It decides; pace lets go, and whoever makes the batches asks pace.
 */
#ifndef MXCENSUS_COORDINATOR_PROBING_SCHEDULE_H
#define MXCENSUS_COORDINATOR_PROBING_SCHEDULE_H

#include "parsers/opt_out.h"
#include "scanner/coordinator/probing/pace.h"
#include "scanner/coordinator/probing/registry.h"
#include "scanner/options/options.h"
#include "scanner/run/starts.h"

struct schedule {
	const struct options	*options;
	struct registry		*registry;
	struct pace		*pace;
	const struct starts	*starts;	/* NULL: nothing was started */
	const struct opt_out	*opt_out;	/* in force */
};

/* The targets of a host whose row is committed. They are attached, and barred where
 * the class says so; schedule_host decides what each is to do next, too. */
void	schedule_attach(struct schedule *, struct host *,
	    const struct address *addresses, const enum address_class *classes,
	    size_t count);
void	schedule_host(struct schedule *, struct host *,
	    const struct address *addresses, const enum address_class *classes,
	    size_t count);
/* What the target is to do next, unless it is under way. */
void	schedule_target(struct schedule *, struct target *);
/* A session of the target's own is committed: it is evidence about its peer. */
void	schedule_ended(struct schedule *, struct target *, uint8_t attempt);
/* An attempt that was let go has no session, for that reason. */
void	schedule_bar(struct schedule *, struct target *, uint8_t attempt,
	    enum outcome reason);
/* At a restart, when all that is committed is in the registry: what is left. */
void	schedule_resume(struct schedule *);
bool	schedule_is_opted_out(const struct schedule *, const struct target *);

#endif
