/* start_check: whether this machine can measure at all (RULES 2): `. DNSKEY` and
 * `. SOA` are secure. A worker is ready after that, and in its sandbox. */
#include <stdio.h>
#include <stdlib.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/dns/lookup.h"
#include "scanner/worker/sandbox.h"
#include "scanner/worker/worker_internal.h"

struct start_check {
	struct worker	*worker;
	struct lookup	 dnskey, soa, host, patient;
};

static void
describe_failure(const struct lookup *lookup, const char *question,
    char text[MESSAGE_TEXT_MAX])
{
	const struct answer *answer = &lookup->answer;
	char now[CLOCK_TEXT_MAX];

	clock_text(clock_ms(), now);
	if (answer->status == ADDRESS_BOGUS)
		snprintf(text, MESSAGE_TEXT_MAX, "the root zone does not "
		    "validate (%s): is the clock right (%s), is the trust "
		    "anchor? %s", question, now, answer->bogus_text);
	else if (answer->status == ADDRESS_FOUND)
		snprintf(text, MESSAGE_TEXT_MAX, "%s is not secure: there is "
		    "no trust anchor for the root", question);
	else
		snprintf(text, MESSAGE_TEXT_MAX, "no answer from the root name "
		    "servers (%s: %s): is there a network, is port 53 open?",
		    question, address_status_texts.texts[answer->status]);
}

/* All is open: from here on strangers are met. */
static void
enter_sandbox(const struct options *options, struct message *message)
{
	char why[256];

	if (options->sandbox == ANSWER_NEVER || sandbox_enter(why))
		return;
	if (options->sandbox == ANSWER_AUTO) {
		snprintf(message->text, sizeof message->text, "%s", why);
		return;
	}
	message->type = MESSAGE_UNUSABLE;
	message->code = EXIT_VANTAGE;
	snprintf(message->text, sizeof message->text, "this kernel has no "
	    "sandbox for the workers (%s): --sandbox auto does without", why);
}

static void
end_check(struct start_check *check, const struct lookup *failed,
    const char *question)
{
	struct worker *worker = check->worker;
	struct message message = { .type = MESSAGE_READY };

	if (failed != NULL) {
		message.type = MESSAGE_UNUSABLE;
		message.code = EXIT_VANTAGE;
		describe_failure(failed, question, message.text);
	} else {
		enter_sandbox(worker->options, &message);
		ev_timer_start(worker->ev, &worker->gauge);
		worker_window_start(worker);
	}
	free(check);
	worker_tell(worker, &message);
}

static bool
is_secure(const struct lookup *lookup)
{
	return lookup->answer.status == ADDRESS_FOUND &&
	    lookup->answer.dnssec == DNSSEC_SECURE;
}

/* The others are asked so that they have opened all they need. */
static void
on_patient(struct lookup *lookup)
{
	struct start_check *check = list_entry(lookup,
	    struct start_check, patient);

	end_check(check, is_secure(lookup) ? NULL : lookup, ". SOA");
}

static void
on_host(struct lookup *lookup)
{
	struct start_check *check = list_entry(lookup,
	    struct start_check, host);

	if (is_secure(lookup))
		lookup_start(&check->patient, check->worker->patient,
		    lookup->name, 6, on_patient);
	else
		end_check(check, lookup, ". SOA");
}

static void
on_soa(struct lookup *lookup)
{
	struct start_check *check = list_entry(lookup,
	    struct start_check, soa);

	if (is_secure(lookup))
		lookup_start(&check->host, check->worker->host_resolver,
		    lookup->name, 6, on_host);
	else
		end_check(check, lookup, ". SOA");
}

static void
on_dnskey(struct lookup *lookup)
{
	struct start_check *check = list_entry(lookup,
	    struct start_check, dnskey);

	if (is_secure(lookup))
		lookup_start(&check->soa, check->worker->resolver,
		    lookup->name, 6, on_soa);
	else
		end_check(check, lookup, ". DNSKEY");
}

void
worker_start_check(struct worker *worker)
{
	struct start_check *check = xcalloc(1, sizeof *check);
	static const uint8_t root[NAME_WIRE_MAX];

	check->worker = worker;
	lookup_start(&check->dnskey, worker->resolver, root, DNS_DNSKEY,
	    on_dnskey);
}
