/*
 * schedule: decides which (address, SNI) has its own session, when, and which
 * takes the facts of another one (RULES N6: two kinds of names; K2: sessions;
 * K5 to K7: many names, one server).
 *
 * Hosted mail gives each customer an MX name on shared addresses. So an address
 * is first probed with two names. If both end the same way before the
 * ClientHello, the name makes no difference there. Otherwise the address is
 * probed with --sni-per-address names. If all of them show one chain, every
 * other name is judged by that chain. If the chains differ, each name has its
 * own session, up to --max-per-address.
 *
 * The coordinator's work owns it. It decides and starts nothing: pace grants
 * the targets, and the queue of probes asks pace.
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
	const struct opt_out	*opt_out;	/* the list in force */
};

/* schedule_attach makes the targets of a host whose row is committed, attaches
 * the host to them, and bars those whose address class forbids a session.
 * schedule_host does the same, and then decides what each target does next. */
void	schedule_attach(struct schedule *, struct host *,
	    const struct address *addresses, const enum address_class *classes,
	    size_t count);
void	schedule_host(struct schedule *, struct host *,
	    const struct address *addresses, const enum address_class *classes,
	    size_t count);
/* Decides what the target does next, unless it is under way. */
void	schedule_target(struct schedule *, struct target *);
/* A session of the target itself is committed. It is evidence about the
 * peer. */
void	schedule_ended(struct schedule *, struct target *, uint8_t attempt);
/* A granted attempt has no session, for this reason. */
void	schedule_bar(struct schedule *, struct target *, uint8_t attempt,
	    enum outcome reason);
/* At a restart, when everything committed is in the registry: decides what is
 * left to do. */
void	schedule_resume(struct schedule *);
bool	schedule_is_opted_out(const struct schedule *, const struct target *);

#endif
