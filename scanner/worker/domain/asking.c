#include "scanner/worker/domain/asking.h"

#include "scanner/message/item.h"
#include "scanner/worker/job.h"
#include "scanner/worker/worker.h"

/* How many questions a lookup costs the domain's name server. If the lane
 * minimises, as in the second attempt, a record below the domain that does not
 * exist takes two more questions (RFC 9156 2.3); this was counted at a
 * server. */
static unsigned
cost_of(const struct asking *asking, uint16_t type)
{
	return type == DNS_TXT && asking->job->attempt > 1 ? 3 : 1;
}

/* The addresses of a domain are often elsewhere, behind aliases, so their time
 * says nothing about its name server. */
static bool
is_of_name_server(uint16_t type)
{
	return type != DNS_A && type != DNS_AAAA;
}

/* There is only one lane to ask, so its answer stands, whatever its verdict. */
static void
on_answer(struct lookup *lookup)
{
	struct asking_question *question = list_entry(lookup,
	    struct asking_question, lookup);
	struct asking *asking = question->asking;
	const struct worker *worker = asking->job->worker;

	if (is_of_name_server(lookup->type))
		budget_judge(worker->budget, &asking->claim,
		    cost_of(asking, lookup->type), lookup->answer.milliseconds,
		    worker->window.lag_ms,
		    lookup->answer.verdict != VERDICT_ANSWERED);
	question->done(question);
}

void
asking_ask(struct asking *asking, struct asking_question *question,
    const uint8_t *name, uint16_t type,
    void (*done)(struct asking_question *))
{
	question->asking = asking;
	question->done = done;
	asking->questions += cost_of(asking, type);
	lookup_start(&question->lookup, job_lane(asking->job),
	    asking->delegation.length > 0 ? &asking->delegation : NULL, name,
	    type, on_answer);
}

static void
on_turn(struct budget_claim *claim, enum budget_answer answer)
{
	struct asking *asking = list_entry(claim, struct asking, claim);

	worker_item_goes_on(asking->job->worker, asking->job);
	asking->turn(asking, answer == BUDGET_GO);
}

void
asking_begin(struct asking *asking, struct job *job,
    const struct domain_item *item, void (*turn)(struct asking *, bool))
{
	char server[NAME_TEXT_MAX];
	enum budget_answer answer = BUDGET_GO;

	*asking = (struct asking){
		.job = job, .turn = turn,
		.delegation = {
			.name = item->name, .servers = item->servers,
			.length = item->servers_length,
		},
	};
	/* Which server is asked first has to be the one that is charged. */
	(void)domain_item_server_index(item, &asking->delegation.first);
	if (domain_item_server(item, server))
		answer = budget_claim(job->worker->budget, &asking->claim,
		    server, job->attempt > 1, on_turn);
	if (answer == BUDGET_WAIT)
		worker_item_waits(job->worker, job);
	else
		turn(asking, answer == BUDGET_GO);
}

void
asking_end(struct asking *asking)
{
	if (asking->job != NULL)
		budget_end(asking->job->worker->budget, &asking->claim,
		    asking->questions);
}
