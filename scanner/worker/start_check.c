/* start_check: finds out whether this machine can measure at all (RULES DS9):
 * `. DNSKEY` and `. SOA` must be secure. After that the worker enters its
 * sandbox and is ready. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/fault.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/dns/lookup.h"
#include "scanner/worker/sandbox.h"
#include "scanner/worker/worker_internal.h"
#include "scanner/worker/zones.h"

/* The last three are asked so that these lanes also open everything that they
 * need. */
enum step { ROOT_KEYS, ROOT, OF_POLICIES, OF_HOSTS, OF_SECOND_PASS, STEPS };

struct start_check {
	struct worker	*worker;
	enum step	 step;
	struct lookup	 lookup;
	int64_t		 asked_ms;	/* monotonic */
};

static void
describe_failure(const struct options *options, const struct lookup *lookup,
    const char *question, char text[MESSAGE_TEXT_MAX])
{
	const struct answer *answer = lookup->answer;
	char now[CLOCK_TEXT_MAX];

	/* Signatures are judged by the clock. */
	clock_text(clock_wall_ms(), now);
	if (answer->status == LOOKUP_BOGUS)
		snprintf(text, MESSAGE_TEXT_MAX, "the root zone does not "
		    "validate (%s): is the clock right (%s), is the trust "
		    "anchor? %s", question, now, answer->bogus_text);
	else if (answer->status == LOOKUP_FOUND)
		snprintf(text, MESSAGE_TEXT_MAX, "%s is not secure: there is "
		    "no trust anchor for the root", question);
	else if (options->only_allowed_networks)
		snprintf(text, MESSAGE_TEXT_MAX, "no answer from the root name "
		    "servers (%s: %s): without --ehlo and --contact only the "
		    "networks of --allow-network are asked, and --root-hints "
		    "or --forward has to name a server there", question,
		    lookup_status_texts.texts[answer->status]);
	else
		snprintf(text, MESSAGE_TEXT_MAX, "no answer from the root name "
		    "servers (%s: %s): is there a network, is port 53 open?",
		    question, lookup_status_texts.texts[answer->status]);
}

/* Can this process open a socket at all? If not, the lookup says nothing about
 * the network (RULES 12). */
static bool
lacks_sockets(struct message *message)
{
	int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct fault fault;

	if (descriptor >= 0) {
		close(descriptor);
		return false;
	}
	fault = fault_of_error(errno, ERROR_OF_CALL, false);
	if (fault.remedy == REMEDY_FEWER)
		message->code = EXIT_STOPPED;
	snprintf(message->text, sizeof message->text, "this machine cannot "
	    "open sockets: %s", strerror(fault.error));
	return true;
}

/* Everything is open. From here on the worker talks to strangers. */
static void
enter_sandbox(const struct options *options, struct message *message)
{
	char why[256];

	if (options->sandbox == CHOICE_NEVER || sandbox_enter(why))
		return;
	if (options->sandbox == CHOICE_AUTO) {
		snprintf(message->text, sizeof message->text, "%s", why);
		return;
	}
	message->type = MESSAGE_UNUSABLE;
	message->code = EXIT_VANTAGE;
	snprintf(message->text, sizeof message->text, "this kernel has no "
	    "sandbox for the workers (%s): --sandbox auto continues without "
	    "it", why);
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
		if (!lacks_sockets(&message))
			describe_failure(worker->options, failed, question,
			    message.text);
	} else {
		enter_sandbox(worker->options, &message);
		worker_window_start(worker);
	}
	free(check);
	worker_tell(worker, &message);
}

static void
on_zones_checked(void *tag)
{
	end_check(tag, NULL, NULL);
}

static void on_answer(struct lookup *);

static void
ask(struct start_check *check)
{
	static const uint8_t root[NAME_WIRE_MAX];
	const struct worker *worker = check->worker;
	static const enum ask asks[STEPS] = {
		[ROOT_KEYS] = ASK_DOMAIN, [ROOT] = ASK_DOMAIN,
		[OF_POLICIES] = ASK_POLICY, [OF_HOSTS] = ASK_HOST,
		[OF_SECOND_PASS] = ASK_AGAIN,
	};

	check->asked_ms = clock_monotonic_ms();
	lookup_start(&check->lookup, worker_lane(worker, asks[check->step]),
	    NULL, root, check->step == ROOT_KEYS ? DNS_DNSKEY : DNS_SOA,
	    on_answer);
}

static void
on_answer(struct lookup *lookup)
{
	struct start_check *check = list_entry(lookup, struct start_check,
	    lookup);

	if (lookup->answer->status >= LOOKUP_SERVFAIL && absence_since(
	    &check->worker->absence, check->asked_ms))
		ask(check);	/* F23: this process was stopped meanwhile */
	else if (lookup->answer->status != LOOKUP_FOUND ||
	    lookup->answer->dnssec != DNSSEC_SECURE)
		end_check(check, lookup, check->step == ROOT_KEYS
		    ? ". DNSKEY" : ". SOA");
	else if (++check->step == STEPS)
		zones_start(check->worker->zones, on_zones_checked, check);
	else
		ask(check);
}

void
worker_start_check(struct worker *worker)
{
	struct start_check *check = xcalloc(1, sizeof *check);

	check->worker = worker;
	ask(check);
}
