#include "scanner/worker/asking.h"

#include <assert.h>
#include <string.h>

#include "scanner/worker/job.h"
#include "scanner/worker/worker.h"
#include "scanner/worker/zones.h"

static void on_answer(struct lookup *);

/* Is it asked by the patient resolver, which minimises? */
static bool
is_patient(const struct asking *asking)
{
	return asking->job->attempt > 1 ||
	    asking->way == ASKING_RECURSIVE_AGAIN;
}

/* How many questions a lookup of the recursive lane costs the name server. If
 * the lane minimises, a record below the domain that does not exist
 * takes two more questions (RFC 9156 2.3); this was counted at a server. */
static unsigned
cost_of(const struct asking *asking, uint16_t type)
{
	return type == DNS_TXT && is_patient(asking) ? 3 : 1;
}

/* The addresses of a domain are often elsewhere, behind aliases, so the time
 * that the recursive lane takes for them says nothing about its name server. */
static bool
is_of_name_server(uint16_t type)
{
	return type != DNS_A && type != DNS_AAAA;
}

static void
judge(struct asking *asking, const struct lookup *lookup, unsigned exchanges,
    bool lost)
{
	const struct worker *worker = asking->job->worker;

	budget_judge(worker->budget, &asking->claim, lookup->answer->lane,
	    exchanges, lookup->answer->milliseconds, worker->window.lag_ms,
	    lost);
}

static struct item_servers
servers_of(const struct asking *asking)
{
	return (struct item_servers){
		asking->delegation.servers, asking->delegation.length,
	};
}

/* Returns how many of these questions went to the server that is charged for
 * the name. Another server pays for its own. */
static unsigned
settle_server(const struct asking *asking, const struct asked_server *asked)
{
	const struct item_servers servers = servers_of(asking);
	const char *name = asking->name;
	char charged[NAME_TEXT_MAX] = "", server[NAME_TEXT_MAX];

	if (servers_are_charged_at(servers, name, &asked->address))
		return asked->questions;
	if (!servers_at(servers, &asked->address, server))
		return 0;
	/* The server may have more than one address. */
	(void)servers_charged(servers, name, charged);
	if (strcmp(server, charged) == 0)
		return asked->questions;
	budget_charge(asking->job->worker->budget, server, asked->questions);
	return 0;
}

/* L7: each server is charged for what it was asked, and the one that is charged
 * for the name is judged. */
static void
settle_direct(struct asking *asking, const struct lookup *lookup)
{
	const struct answer *answer = lookup->answer;
	unsigned questions = 0;

	for (unsigned i = 0; i < answer->asked_count; i++)
		questions += settle_server(asking, &answer->asked[i]);
	asking->questions += questions;
	if (questions > 0)
		judge(asking, lookup, questions,
		    answer->verdict == VERDICT_SERVERS_FAILED);
}

static void
ask_recursive(struct asking *asking, struct asking_question *question,
    const uint8_t *name, uint16_t type)
{
	struct lane *lane = asking->way == ASKING_RECURSIVE_AGAIN
	    ? worker_lane(asking->job->worker, ASK_AGAIN)
	    : job_lane(asking->job);

	asking->questions += cost_of(asking, type);
	if (asking->needs_keys)
		asking->questions += DOMAIN_KEY_QUESTIONS;
	asking->needs_keys = false;
	lookup_start(&question->lookup, lane,
	    asking->delegation.length > 0 ? &asking->delegation : NULL, name,
	    type, on_answer);
}

/* L6: if the direct lane has no answer, the name is asked again: by the
 * recursive lane at once if the answer is odd, or in the second pass, if there
 * is one, if the servers failed. */
static bool
must_fall_back(const struct asking *asking, const struct answer *answer)
{
	return answer->verdict == VERDICT_ODD ||
	    (answer->verdict == VERDICT_SERVERS_FAILED &&
	    !job_may_defer(asking->job));
}

static struct lane_fates *
fates_of(const struct asking *asking)
{
	return &asking->job->worker->lane_counts.fates[asking->job->kind];
}

/* A name counts once, by what happened first. What happens when it is asked the
 * second time for the sample does not count. */
static void
count_unanswered(struct asking *asking, const struct answer *answer)
{
	struct lane_fates *fates = fates_of(asking);

	if (answer->verdict == VERDICT_ANSWERED || asking->is_counted ||
	    asking->way != ASKING_FIRST)
		return;
	asking->is_counted = true;
	if (answer->verdict == VERDICT_ODD)
		fates->odd[answer->oddity]++;
	else
		fates->failed++;
}

/* L39: a resolver that minimises continues if the name is there, or the servers
 * fail. At a denial it stops, so what is odd about it is not for us to
 * judge. */
static void
end_trial(struct asking *asking, const struct answer *answer)
{
	if (answer->verdict != VERDICT_ODD || answer->status == LOOKUP_FOUND ||
	    answer->status == LOOKUP_NODATA)
		return;
	count_unanswered(asking, answer);
	asking->is_direct = false;
}

static void
on_answer(struct lookup *lookup)
{
	struct asking_question *question = list_entry(lookup,
	    struct asking_question, lookup);
	struct asking *asking = question->asking;
	const struct answer *answer = lookup->answer;

	if (answer->lane != LANE_DIRECT) {
		if (is_of_name_server(lookup->type))
			judge(asking, lookup, cost_of(asking, lookup->type),
			    answer->verdict != VERDICT_ANSWERED);
		question->done(question);
		return;
	}
	settle_direct(asking, lookup);
	if (asking->is_trying) {
		asking->is_trying = false;
		end_trial(asking, answer);
		question->done(question);
		return;
	}
	count_unanswered(asking, answer);
	if (must_fall_back(asking, answer)) {
		asking->is_direct = false;
		ask_recursive(asking, question, lookup->name, lookup->type);
	} else {
		question->done(question);
	}
}

void
asking_ask(struct asking *asking, struct asking_question *question,
    const uint8_t *name, uint16_t type,
    void (*done)(struct asking_question *))
{
	question->asking = asking;
	question->done = done;
	if (asking->is_direct)
		lookup_start(&question->lookup, worker_lane(
		    asking->job->worker, ASK_DIRECT), &asking->delegation,
		    name, type, on_answer);
	else
		ask_recursive(asking, question, name, type);
}

bool
asking_is_secure(const struct asking *asking)
{
	return asking->is_direct && asking->delegation.ds_length > 0;
}

void
asking_try(struct asking *asking, struct asking_question *question,
    const uint8_t *name, uint16_t type,
    void (*done)(struct asking_question *))
{
	assert(asking_is_secure(asking));
	asking_ask(asking, question, name, type, done);
	asking->is_trying = true;
}

static bool
has_glue(const struct delegation *delegation)
{
	struct delegation_walk walk;
	struct address address;

	delegation_open(delegation, &walk);
	while (delegation_next(&walk))
		if (delegation_next_glue(&walk, &address))
			return true;
	return false;
}

/* L37, L47. Puts the DS of the subject into the delegation. */
static bool
is_vouched_for(struct asking *asking, const struct asking_subject *subject)
{
	if (subject->ds.length == 0)
		return subject->is_unsigned;
	asking->ds_source = subject->is_of_parent
	    ? ds_vouch_of_parent(&subject->ds, &asking->delegation)
	    : ds_vouch(asking->job->worker, &subject->ds, &asking->delegation);
	return asking->ds_source != DS_SOURCE_COUNT;
}

/* L5: does what is known of the delegation still hold? */
static bool
is_in_force(const struct asking *asking)
{
	return asking->is_of_parent || zones_is_open(
	    asking->job->worker->zones, asking->delegation.name);
}

/* L1 to L5. Verifying signatures takes time, so it is done last. */
static bool
may_ask_directly(struct asking *asking, const struct asking_subject *subject)
{
	const struct job *job = asking->job;

	return job->attempt == 1 && (asking->way == ASKING_FIRST ||
	    asking->way == ASKING_DIRECT_AGAIN) &&
	    (subject->is_unsigned || subject->ds.length > 0) &&
	    has_glue(&asking->delegation) &&
	    is_in_force(asking) && is_vouched_for(asking, subject);
}

/* It is the name's turn. */
static void
begin(struct asking *asking)
{
	if (asking->way == ASKING_FIRST)
		fates_of(asking)->asked += asking->is_direct;
	asking->turn(asking, true);
}

static void
on_turn(struct budget_claim *claim, enum budget_answer answer)
{
	struct asking *asking = list_entry(claim, struct asking, claim);

	worker_item_goes_on(asking->job->worker, asking->job);
	/* The zone may have been closed meanwhile. */
	asking->is_direct = asking->is_direct && is_in_force(asking);
	if (answer == BUDGET_GO)
		begin(asking);
	else
		asking->turn(asking, false);
}

static enum budget_patience
patience_of(const struct asking *asking)
{
	const struct job *job = asking->job;

	if (asking->way != ASKING_FIRST || job->attempt > 1)
		return BUDGET_PATIENT;
	if (asking->is_of_parent)
		return BUDGET_AT_ONCE;
	return job->waiting_most > 0 ? BUDGET_PACED : BUDGET_HURRIED;
}

/* L49: the direct lane is not for this name from a list after all. */
static void
forget_delegation(struct asking *asking)
{
	asking->is_direct = asking->needs_keys = false;
	asking->delegation.length = 0;
}

/* The server that is charged; false if the name waits for none. */
static bool
charged_server(const struct asking *asking, char server[NAME_TEXT_MAX])
{
	return servers_charged(servers_of(asking), asking->name, server);
}

void
asking_begin(struct asking *asking, struct job *job,
    const struct asking_subject *subject, enum asking_way way,
    void (*turn)(struct asking *, bool))
{
	char server[NAME_TEXT_MAX];
	enum budget_answer answer = BUDGET_GO;

	*asking = (struct asking){
		.job = job, .name = subject->name, .way = way, .turn = turn,
		.needs_keys = subject->ds.length > 0,
		.is_of_parent = subject->is_of_parent,
		.ds_source = DS_SOURCE_COUNT,
		.delegation = {
			.name = subject->delegation,
			.servers = subject->servers.bytes,
			.length = subject->servers.length,
		},
	};
	/* The server that is asked first must be the one that is charged. */
	(void)servers_index(subject->servers, subject->name,
	    &asking->delegation.first);
	asking->is_direct = may_ask_directly(asking, subject);
	if (asking->is_of_parent && !asking->is_direct)
		forget_delegation(asking);
	if (charged_server(asking, server))
		answer = budget_claim(job->worker->budget, &asking->claim,
		    server, patience_of(asking), on_turn);
	if (answer == BUDGET_FULL && asking->is_of_parent) {
		forget_delegation(asking);
		answer = BUDGET_GO;
	}
	if (answer == BUDGET_WAIT)
		worker_item_waits(job->worker, job);
	else if (answer == BUDGET_GO)
		begin(asking);
	else
		turn(asking, false);
}

void
asking_end(struct asking *asking)
{
	if (asking->job != NULL)
		budget_end(asking->job->worker->budget, &asking->claim,
		    asking->questions);
}
