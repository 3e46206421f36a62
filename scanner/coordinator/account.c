#include "scanner/coordinator/account.h"

#include <inttypes.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/plural.h"
#include "scanner/coordinator/work/domains.h"
#include "scanner/coordinator/work/mx_hosts.h"
#include "scanner/coordinator/work/name_servers.h"

/* NULL: failures are not judged yet. */
static const struct network *
network_of(const struct account *account)
{
	return account->work == NULL ? NULL : account->work->network;
}

static int64_t
paused_ms(const struct account *account)
{
	const struct network *network = network_of(account);

	return account->paused_before_ms + pause_total_ms(account->for_room,
	    clock_monotonic_ms()) + (network == NULL ? 0
	    : network_paused_ms(network, clock_ms()));
}

void
account_take_up(struct account *account)
{
	account->paused_before_ms = json_integer_value(json_object_get(
	    account->run->file.root, "paused_ms"));
	lane_tally_take_up(&account->run->lanes, json_object_get(
	    account->run->file.root, "lanes"));
	account->given_back_before = (uint64_t)json_integer_value(
	    json_object_get(account->run->file.root, "given_back"));
}

/* Our own faults *********************************************************** */

#define TRIED_LEAST	100	/* with fewer items, a share means nothing */

static uint64_t
given_back(const struct account *account)
{
	uint64_t count = account->given_back_before;

	for (int i = 0; i < JOB_KINDS && account->work != NULL; i++)
		count += account->work->given_back[i];
	return count;
}

static void
warn_of_own_faults(struct account *account)
{
	const struct tally *tally = &account->run->tally;
	uint64_t own = given_back(account) +
	    tally->outcome[OUTCOME_LOCAL_ERROR];
	uint64_t tried = given_back(account) + tally->domains + tally->hosts +
	    tally->probes + tally->policies;

	if (account->told_own_faults || tried < TRIED_LEAST ||
	    100 * own <= tried)
		return;
	account->told_own_faults = true;
	log_warning("%" PRIu64 " of %" PRIu64 " %s failed through faults of "
	    "this machine or its network, and %s asked again", own, tried,
	    plural(tried, "item", "items"), plural(own, "is", "are"));
}

/* L13. */
static void
warn_of_lanes(struct account *account, enum sample_group group)
{
	const struct lane_tally *lanes = &account->run->lanes;
	uint64_t sampled = lane_tally_sampled(lanes, group);

	if (account->told_doubt[group] ||
	    !lane_tally_is_doubtful(lanes, group))
		return;
	account->told_doubt[group] = true;
	log_warning("of %" PRIu64 " %s%s asked both ways, name servers "
	    "of the zone and full recursion disagree about %" PRIu64 ": do not "
	    "rely on rows with the lane \"direct\" (--lane recursive asks "
	    "nobody directly)", sampled, plural(sampled, "domain", "domains"),
	    group == SAMPLED_DIFFERING ? " with the flag delegation_differs"
	    : "", lanes->sampled[group][SAMPLE_DISAGREED]);
}

void
account_warn(struct account *account)
{
	warn_of_own_faults(account);
	for (int i = 0; i < SAMPLE_GROUPS; i++)
		warn_of_lanes(account, (enum sample_group)i);
}

/* run.json ***************************************************************** */

void
account_describe(const struct account *account)
{
	struct run *run = account->run;

	run_json_set(&run->file, "inputs", plan_to_json(account->plan,
	    run->opted_out));
	run_json_set(&run->file, "counts", tally_to_json(&run->tally));
	run_json_set(&run->file, "lanes", lane_tally_to_json(&run->lanes));
	run_json_set(&run->file, "paused_ms", json_integer(
	    (json_int_t)paused_ms(account)));
	run_json_set(&run->file, "given_back", json_integer(
	    (json_int_t)given_back(account)));
	if (account->work != NULL)
		run_json_set(&run->file, "name_servers", name_servers_to_json(
		    account->work->name_servers));
}

bool
account_write(const struct account *account)
{
	account_describe(account);
	return run_file_write(&account->run->file, &account->run->folder);
}

/* Figures ****************************************************************** */

static uint64_t
failed_lookups(const struct account *account)
{
	static const enum mx_status failures[] = {
		MX_SERVFAIL, MX_TIMEOUT, MX_BOGUS, MX_RESOLVER_CRASHED,
	};
	const struct tally *tally = &account->run->tally;
	uint64_t count = domains_failed(account->work) +
	    crew_second_items(account->work->crew, JOB_DOMAINS);

	for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++)
		for (int j = 0; j < DNSSEC_COUNT; j++)
			count += tally->mx_status[failures[i]][j];
	return count;
}

static bool
is_paused(const struct account *account)
{
	const struct network *network = network_of(account);

	return account->for_room->is_active ||
	    (network != NULL && network_is_down(network));
}

static enum figures_phase
phase_of(const struct account *account, int exit_status, bool is_stopping)
{
	if (exit_status == EXIT_COMPLETE)
		return FIGURES_SEALING;
	if (exit_status >= 0)
		return FIGURES_STOPPED;
	if (is_stopping)
		return FIGURES_STOPPING;
	return is_paused(account) ? FIGURES_PAUSED : FIGURES_MEASURING;
}

/* In the stage of probes the hosts are those of the stage before. */
static uint64_t
hosts_known(const struct work *work)
{
	return work->options->stage == STAGE_PROBES ? 0
	    : map_count(work->registry.hosts);
}

struct figures
account_figures(const struct account *account, int exit_status,
    bool is_stopping)
{
	const struct tally *tally = &account->run->tally;
	const struct work *work = account->work;
	struct figures figures = {
		.at_ms = clock_ms(),
		.phase = phase_of(account, exit_status, is_stopping),
		.domains = tally->domains,
		.domains_total = account->plan->counts.domains -
		    account->run->opted_out,
		.hosts = tally->hosts,
		.hosts_total = hosts_known(work),
		.probes = tally->probes,
		.probes_waiting = pace_waiting(work->pace),
		.sessions = pace_in_flight(work->pace),
		.policies = tally->policies,
		.policies_total = tally->with_policy,
		.second_pass = domains_failed(work) + mx_hosts_failed(work) +
		    crew_second_items(work->crew, JOB_DOMAINS) +
		    crew_second_items(work->crew, JOB_HOSTS),
		.questions = crew_questions(work->crew),
		.errors = failed_lookups(account),
		.undetermined = tally->tls_class[TLS_CLASS_UNDETERMINED],
		.paused_ms = (uint64_t)paused_ms(account),
	};

	if (exit_status < 0) {
		figures.waits_until_ms = work_waits_until_ms(work);
		domains_tell_planned(work);
		figures.busy_count = name_servers_busiest(work->name_servers,
		    figures.busy);
	}
	if (exit_status >= 0) {
		/* Nothing continues with them now. */
		figures.probes_waiting += figures.sessions;
		figures.sessions = figures.questions = 0;
	}
	return figures;
}

/* Metrics ****************************************************************** */

static void
set_pauses(const struct account *account, bool pauses[PAUSE_REASONS])
{
	const struct network *network = network_of(account);
	enum trouble trouble = network == NULL ? TROUBLE_NONE
	    : network_trouble(network);

	pauses[PAUSE_DISK] = account->for_room->is_active;
	pauses[PAUSE_NAME_SERVERS] = trouble == TROUBLE_DNS;
	pauses[PAUSE_MAIL_SERVERS] = trouble == TROUBLE_MAIL;
	pauses[PAUSE_MIDDLEBOX] = trouble == TROUBLE_MIDDLEBOX;
	pauses[PAUSE_SOCKETS] = trouble == TROUBLE_OWN;
}

static void
set_of_crew(const struct crew *crew, struct metrics *metrics)
{
	metrics->workers = crew_workers(crew);
	metrics->ready_workers = crew_ready_workers(crew);
	for (int i = 0; i < DEATH_CAUSES; i++)
		metrics->deaths[i] = crew_deaths(crew, (enum death_cause)i);
	for (int i = 0; i < LATENCY_KINDS; i++)
		metrics->latency[i] = *crew_latency(crew,
		    (enum latency_kind)i);
}

void
account_metrics(const struct account *account, const struct figures *figures,
    struct metrics *metrics)
{
	const struct work *work = account->work;
	size_t index = 0;

	metrics->run_started_ms = account->run->file.started_ms;
	metrics->figures = *figures;
	metrics->tally = account->run->tally;
	metrics->lanes = account->run->lanes;
	set_pauses(account, metrics->pauses);
	metrics->held_domains = name_servers_held(work->name_servers);
	metrics->held_hosts = name_servers_held_hosts(work->name_servers);
	metrics->restricted_servers = 0;
	while (name_servers_next(work->name_servers, &index) != NULL)
		metrics->restricted_servers++;
	for (int i = 0; i < JOB_KINDS; i++)
		metrics->given_back[i] = work->given_back[i];
	metrics->written_bytes = work->written_bytes;
	set_of_crew(work->crew, metrics);
}
