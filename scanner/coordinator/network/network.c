#include "scanner/coordinator/network/network.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/suffix.h"
#include "scanner/base/clock.h"
#include "scanner/base/list.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/network/dns_proof.h"
#include "scanner/coordinator/network/face.h"
#include "scanner/run/vantage.h"

#define ROOTS_A_FAMILY	6
#define RECENT_MAX	5
#define RECENT_MS	600000	/* how long a server that answered counts */
#define RECENT_EVERY_MS	30000	/* between two candidates */
#define SECOND_LOOK_MS	5000	/* after the first look at mail servers */
#define LOOK_LEAST_MS	2000	/* between looks while the network is down */
#define LOOK_MOST_MS	30000
#define CANARY_EVERY_MS	60000	/* while the network is not down */
#define REASON_MAX	320

/* Why the run pauses. */
enum trouble { TROUBLE_NONE, TROUBLE_DNS, TROUBLE_MAIL, TROUBLE_MIDDLEBOX,
	TROUBLE_OWN };

struct network {
	const struct options *options;
	const struct opt_out *opt_out;
	struct vantage	 vantage;	/* of the start: a route that goes
					 * away is a fault */
	struct network_events events;
	struct face	 faces[FACE_KINDS];
	struct reach	*reach;
	/* Name servers. */
	struct dns_proof proof;
	struct address	 roots[2 * ROOTS_A_FAMILY];
	size_t		 root_count;
	struct recent {
		struct address	address;
		int64_t		answered_ms;
	}		 recent[RECENT_MAX];
	size_t		 next_recent;
	int64_t		 candidate_ms;		/* the latest candidate */
	int64_t		 proof_ms;		/* the latest proof */
	int		 dns_ms;		/* round trip; -1: unknown */
	/* Mail servers. */
	bool		 is_looking;
	unsigned	 failed_looks;
	int64_t		 look_ms;		/* the next look is allowed */
	bool		 told_no_canary;
	struct middlebox *middlebox;
	struct suffix_list *suffixes;	/* NULL: there is no list */
	char		*canary_identity;	/* the first one that it showed */
	/* The pause. */
	enum trouble	 trouble;
	enum remedy	 remedy;		/* of TROUBLE_OWN */
	char		 reason[REASON_MAX];
	int64_t		 down_ms;		/* the trouble began */
	int64_t		 next_look_ms;
	unsigned	 looks;
	bool		 is_on_trial;		/* the run goes on, to see
						 * whether own errors stay */
	int64_t		 paused_ms;		/* earlier pauses */
	bool		 has_given_up;
};

/* The servers that are asked *********************************************** */

/* May we ask this address? (RULES 11: conduct) */
static bool
may_ask(const struct network *network, const struct address *address)
{
	const struct options *options = network->options;

	if (options->only_allowed_networks &&
	    !prefix_set_contains(&options->allow_network, address))
		return false;
	return !address_is_special(address, &options->allow_network) &&
	    !opt_out_has_address(network->opt_out, address);
}

static void
add_root(void *tag, const struct address *address)
{
	struct network *network = tag;
	size_t of_family = 0;

	for (size_t i = 0; i < network->root_count; i++)
		of_family += network->roots[i].family == address->family;
	if (of_family < ROOTS_A_FAMILY)
		network->roots[network->root_count++] = *address;
}

/* The forwarder alone, if there is one; otherwise root name servers. With
 * --resolver-conf nobody knows whom the resolver asks. */
static void
choose_roots(struct network *network)
{
	const struct options *options = network->options;
	struct address forwarder;

	if (options->resolver_conf != NULL)
		return;
	if (options->forward == NULL) {
		vantage_roots(options, add_root, network);
		return;
	}
	if (address_from_text(options->forward, strcspn(options->forward, "@"),
	    &forwarder) && strchr(options->forward, '@') == NULL)
		add_root(network, &forwarder);
}

static void
add_target(struct network *network, const struct address *address,
    bool is_recent)
{
	struct dns_proof *proof = &network->proof;
	const struct vantage *vantage = &network->vantage;

	if (proof->count == DNS_PROOF_MAX || !may_ask(network, address) ||
	    !(address->family == 4 ? vantage->route_ipv4
	    : vantage->route_ipv6))
		return;
	proof->targets[proof->count++] = (struct dns_proof_target){
		.address = *address, .is_recent = is_recent,
	};
}

static void
start_proof(struct network *network, int64_t now_ms)
{
	network->proof_ms = now_ms;
	network->proof.count = 0;
	for (size_t i = 0; i < network->root_count; i++)
		add_target(network, &network->roots[i], false);
	for (size_t i = 0; i < RECENT_MAX; i++)
		if (network->recent[i].answered_ms > 0 &&
		    now_ms - network->recent[i].answered_ms < RECENT_MS)
			add_target(network, &network->recent[i].address, true);
	dns_proof_start(&network->proof);
}

/* Down and up ************************************************************** */

static void
say(struct network *network, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
say(struct network *network, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(network->reason, sizeof network->reason, format, arguments);
	va_end(arguments);
}

static int64_t
look_wait(unsigned looks)
{
	int64_t wait = LOOK_LEAST_MS;

	while (looks-- > 0 && wait < LOOK_MOST_MS)
		wait *= 2;
	return wait < LOOK_MOST_MS ? wait : LOOK_MOST_MS;
}

/* network->reason is set. */
static void
go_down(struct network *network, enum trouble trouble, int64_t now_ms)
{
	bool is_new = network->trouble != trouble;

	if (network->trouble == TROUBLE_NONE)
		network->down_ms = now_ms;
	if (is_new)
		network->looks = 0;
	network->trouble = trouble;
	network->is_on_trial = false;
	network->next_look_ms = now_ms + look_wait(network->looks++);
	if (is_new)
		log_line("%s: the run pauses and goes on by itself when this "
		    "is over; it stops in %g s", network->reason,
		    (double)(network->options->grace_network_ms) / 1000);
	network->events.down(network->events.tag, trouble != TROUBLE_MAIL &&
	    trouble != TROUBLE_MIDDLEBOX);
}

static void
come_up(struct network *network, int64_t now_ms)
{
	if (network->trouble == TROUBLE_NONE)
		return;
	log_line("the network works again after %lld s: the run goes on",
	    (long long)((now_ms - network->down_ms) / 1000));
	network->paused_ms += now_ms - network->down_ms;
	network->trouble = TROUBLE_NONE;
	network->is_on_trial = false;
	network->looks = 0;
	network->failed_looks = 0;
	for (int face = 0; face < FACE_KINDS; face++)
		face_clear(&network->faces[face], now_ms);
	network->events.up(network->events.tag);
}

static void
give_up(struct network *network, const char *what_helps)
{
	int status = network->trouble == TROUBLE_OWN &&
	    network->remedy == REMEDY_FEWER ? EXIT_STOPPED : EXIT_VANTAGE;

	if (network->has_given_up)
		return;
	network->has_given_up = true;
	log_line("%s: the run stops, and nothing of this is recorded%s; the "
	    "same command goes on", network->reason, what_helps);
	network->events.give_up(network->events.tag, status);
}

/* Name servers ************************************************************* */

static void
note_recent(struct network *network, const struct address *address,
    int64_t now_ms)
{
	for (size_t i = 0; i < RECENT_MAX; i++)
		if (address_compare(&network->recent[i].address, address) ==
		    0) {
			network->recent[i].answered_ms = now_ms;
			return;
		}
	network->recent[network->next_recent] = (struct recent){
		*address, now_ms,
	};
	network->next_recent = (network->next_recent + 1) % RECENT_MAX;
}

static void
take_answers(struct network *network, int64_t now_ms)
{
	const struct dns_proof *proof = &network->proof;

	for (size_t i = 0; i < proof->count; i++) {
		const struct dns_proof_target *target = &proof->targets[i];

		if (!target->answered)
			continue;
		if (target->is_recent)
			note_recent(network, &target->address, now_ms);
		if (target->milliseconds > network->dns_ms)
			network->dns_ms = target->milliseconds;
	}
}

static void
describe_silence(struct network *network, const struct dns_proof_count *count,
    const char *family)
{
	if (count->error != 0)
		say(network, "this machine cannot ask name servers over %s "
		    "(%s)", family, strerror(count->error));
	else
		say(network, "name servers do not answer this machine over %s "
		    "(%zu of %zu did)", family, count->answered,
		    count->asked);
}

static void
on_proof(struct dns_proof *proof)
{
	struct network *network = list_entry(proof, struct network, proof);
	const struct dns_proof_count ipv4 = dns_proof_count(proof, 4);
	const struct dns_proof_count ipv6 = dns_proof_count(proof, 6);
	int64_t now_ms = clock_ms();
	bool ipv4_fails = dns_proof_fails(&ipv4);
	int error = ipv4_fails ? ipv4.error : ipv6.error;

	take_answers(network, now_ms);
	/* A candidate alone proves nothing. */
	if (proof->count == 1 && proof->targets[0].is_recent)
		return;
	if (ipv4_fails || dns_proof_fails(&ipv6)) {
		describe_silence(network, ipv4_fails ? &ipv4 : &ipv6,
		    ipv4_fails ? "IPv4" : "IPv6");
		network->remedy = error == 0 ? REMEDY_BACK
		    : fault_of_error(error, ERROR_OF_CALL, false).remedy;
		go_down(network, network->remedy == REMEDY_FEWER
		    ? TROUBLE_OWN : TROUBLE_DNS, now_ms);
		return;
	}
	face_clear(&network->faces[FACE_NAME_SERVERS], now_ms);
	face_clear(&network->faces[FACE_WEB_SERVERS], now_ms);
	if (network->trouble == TROUBLE_DNS)
		come_up(network, now_ms);
	network->events.settled(network->events.tag);
}

bool
network_wants_server(const struct network *network, int64_t now_ms)
{
	return !network->proof.is_busy &&
	    now_ms - network->candidate_ms >= RECENT_EVERY_MS;
}

void
network_note_server(struct network *network, const struct address *address)
{
	int64_t now_ms = clock_ms();

	if (!network_wants_server(network, now_ms))
		return;
	network->candidate_ms = now_ms;
	network->proof.count = 0;
	add_target(network, address, true);
	if (network->proof.count > 0)
		dns_proof_start(&network->proof);
}

/* Mail servers ************************************************************* */

static bool
asks_no_canary(const struct network *network)
{
	return network->options->canary != NULL &&
	    strcmp(network->options->canary, "none") == 0;
}

static void
look(struct network *network, const struct reach_server *servers, size_t count,
    int64_t now_ms)
{
	network->is_looking = true;
	network->look_ms = now_ms + SECOND_LOOK_MS;
	network->events.look(network->events.tag, servers, count);
}

static void
look_at_mail(struct network *network, int64_t now_ms)
{
	struct reach_server known[REACH_KNOWN_MAX];
	size_t count = reach_known(network->reach, known);

	look(network, known, network->trouble != TROUBLE_MIDDLEBOX &&
	    count >= REACH_KNOWN_LEAST ? REACH_KNOWN_LEAST : 0, now_ms);
}

static bool
can_prove_mail(const struct network *network)
{
	struct reach_server known[REACH_KNOWN_MAX];

	return reach_known(network->reach, known) >= REACH_KNOWN_LEAST ||
	    (!asks_no_canary(network) &&
	    reach_is_blocked(network->reach, network->dns_ms));
}

static void
describe_mail(struct network *network)
{
	struct reach_server known[REACH_KNOWN_MAX];

	if (reach_known(network->reach, known) >= REACH_KNOWN_LEAST)
		say(network, "mail servers that answered before do not "
		    "answer any more on port %llu",
		    (unsigned long long)network->options->port);
	else
		say(network, "no mail server of %zu networks answers on port "
		    "%llu: it may be blocked on the way out of here",
		    reach_failed_networks(network->reach),
		    (unsigned long long)network->options->port);
}

static bool
is_suspect(struct network *network, enum face_kind face, int64_t now_ms)
{
	return face_is_suspect(&network->faces[face], now_ms) &&
	    (face == FACE_MAIL_SERVERS ? can_prove_mail(network)
	    : network->root_count > 0);
}

static void
look_at_result(struct network *network, bool is_possible, bool answered,
    int64_t now_ms)
{
	if (answered) {
		network->failed_looks = 0;
		network->look_ms = now_ms + CANARY_EVERY_MS;
		face_clear(&network->faces[FACE_MAIL_SERVERS], now_ms);
		if (network->trouble == TROUBLE_MAIL)
			come_up(network, now_ms);
		network->events.settled(network->events.tag);
		return;
	}
	if (network->trouble != TROUBLE_NONE &&
	    network->trouble != TROUBLE_MAIL)
		return;
	describe_mail(network);
	if (!is_possible) {
		network->trouble = TROUBLE_MAIL;
		give_up(network, ", since no canary can be asked (--canary "
		    "with an MX host of yours would decide, --canary none "
		    "measures without)");
		return;
	}
	if (network->trouble == TROUBLE_MAIL || ++network->failed_looks >= 2)
		go_down(network, TROUBLE_MAIL, now_ms);
}

/* Middleboxes ************************************************************** */

/* Servers without TLS, and names of no registrable domain, show nothing. */
void
network_note_identity(struct network *network, const char *identity,
    const struct address *address, const char *sni)
{
	const char *domain = network->suffixes == NULL ? NULL
	    : suffix_registrable(network->suffixes, sni);

	if (domain != NULL)
		middlebox_note(network->middlebox, identity, address, domain);
}

enum identity_state
network_identity(const struct network *network, const char *identity)
{
	return middlebox_state(network->middlebox, identity);
}

bool
network_flags_forged(const struct network *network)
{
	return asks_no_canary(network);
}

/* The canary shows the suspect's identity, and that is not the canary's: it
 * matches neither its name nor its TLSA records, or was another one before. */
static bool
is_forged(const struct network *network, const struct look_result *result,
    const char *identity)
{
	const char *first = network->canary_identity;

	return result->identity != NULL &&
	    strcmp(result->identity, identity) == 0 && (!result->is_trusted ||
	    (first != NULL && strcmp(first, identity) != 0));
}

static void
describe_middlebox(struct network *network)
{
	say(network, "one server answers on port %llu in the place of many",
	    (unsigned long long)network->options->port);
}

static void
judge_suspect(struct network *network, const struct look_result *result,
    int64_t now_ms)
{
	const char *suspect = middlebox_suspect(network->middlebox);
	bool forged;

	if (suspect == NULL || (result->is_possible && !result->answered))
		return;
	forged = is_forged(network, result, suspect);
	if (!result->is_possible)
		log_line("warning: one key and one greeting at many mail "
		    "servers, and no canary (--canary) that could tell a "
		    "provider from a middlebox");
	middlebox_judge(network->middlebox, suspect, forged);
	if (forged) {
		describe_middlebox(network);
		go_down(network, TROUBLE_MIDDLEBOX, now_ms);
	}
}

/* Is the canary's own server to be seen again? */
static bool
is_middlebox_gone(const struct network *network,
    const struct look_result *result)
{
	return result->answered && (result->identity == NULL ||
	    middlebox_state(network->middlebox, result->identity) !=
	    IDENTITY_FORGED);
}

static void
look_past_middlebox(struct network *network, const struct look_result *result,
    int64_t now_ms)
{
	if (is_middlebox_gone(network, result))
		come_up(network, now_ms);
	else
		go_down(network, TROUBLE_MIDDLEBOX, now_ms);
}

void
network_looked(struct network *network, const struct look_result *result,
    int64_t now_ms)
{
	network->is_looking = false;
	if (network->trouble == TROUBLE_MIDDLEBOX) {
		look_past_middlebox(network, result, now_ms);
		return;
	}
	judge_suspect(network, result, now_ms);
	if (network->trouble == TROUBLE_MIDDLEBOX)
		return;
	if (result->identity != NULL && network->canary_identity == NULL)
		network->canary_identity = xstrdup(result->identity);
	/* Nobody could be asked about a suspect, and nothing else is suspect. */
	if (!result->is_possible && !is_suspect(network, FACE_MAIL_SERVERS,
	    now_ms))
		network->events.settled(network->events.tag);
	else
		look_at_result(network, result->is_possible, result->answered,
		    now_ms);
}

void
network_note_session(struct network *network, const struct address *address,
    const char *sni, enum reach_result result, int milliseconds)
{
	reach_note(network->reach, address, sni, result, milliseconds);
}

/* Our own calls ************************************************************ */

void
network_note_own_error(struct network *network, int error,
    enum remedy remedy, int64_t now_ms)
{
	const struct face *mail = &network->faces[FACE_MAIL_SERVERS];

	if (network->trouble != TROUBLE_NONE && !network->is_on_trial)
		return;
	/* Others succeed: it is one network, or there are too many sockets. */
	if (mail->good[0] + mail->good[1] > 0) {
		if (remedy == REMEDY_FEWER)
			network->events.fewer(network->events.tag, error);
		return;
	}
	network->remedy = remedy;
	say(network, "this machine cannot open connections (%s)",
	    strerror(error));
	go_down(network, TROUBLE_OWN, now_ms);
}

/* Goes on with the work, to see whether the errors stay. */
static void
try_again(struct network *network)
{
	network->is_on_trial = true;
	network->events.up(network->events.tag);
}

/* The state **************************************************************** */

void
network_note(struct network *network, const struct face_counts *counts,
    int64_t now_ms)
{
	uint64_t good = 0;

	for (int face = 0; face < FACE_KINDS; face++) {
		face_note(&network->faces[face], counts->good[face],
		    counts->bad[face], now_ms);
		good += counts->good[face];
	}
	if (network->is_on_trial && good > 0)
		come_up(network, now_ms);
}

static void
look_while_down(struct network *network, int64_t now_ms)
{
	if (now_ms - network->down_ms >=
	    (int64_t)network->options->grace_network_ms) {
		give_up(network, "");
		return;
	}
	if (now_ms < network->next_look_ms)
		return;
	if (network->trouble == TROUBLE_OWN && !network->is_on_trial)
		try_again(network);
	else if (network->trouble == TROUBLE_DNS && !network->proof.is_busy)
		start_proof(network, now_ms);
	else if ((network->trouble == TROUBLE_MAIL ||
	    network->trouble == TROUBLE_MIDDLEBOX) && !network->is_looking)
		look_at_mail(network, now_ms);
}

/* Refusals can only be judged beside the round trip to name servers. */
static bool
lacks_round_trip(const struct network *network, int64_t now_ms)
{
	return network->dns_ms < 0 && network->root_count > 0 &&
	    now_ms - network->proof_ms >= FACE_CLEARED_MS &&
	    reach_failed_networks(network->reach) >= REACH_NETWORKS_LEAST;
}

static void
look_at_suspect(struct network *network, int64_t now_ms)
{
	const char *suspect = middlebox_suspect(network->middlebox);

	if (suspect == NULL)
		return;
	if (!asks_no_canary(network)) {
		if (!network->is_looking)
			look(network, NULL, 0, now_ms);
		return;
	}
	describe_middlebox(network);
	log_line("warning: %s, or they are one provider's; the run goes on "
	    "because of --canary none, and flags them as intercepted",
	    network->reason);
	middlebox_judge(network->middlebox, suspect, true);
}

void
network_look(struct network *network, int64_t now_ms)
{
	if (network->has_given_up)
		return;
	if (network->trouble != TROUBLE_NONE) {
		look_while_down(network, now_ms);
		return;
	}
	if (!network->proof.is_busy && (lacks_round_trip(network, now_ms) ||
	    is_suspect(network, FACE_NAME_SERVERS, now_ms) ||
	    is_suspect(network, FACE_WEB_SERVERS, now_ms)))
		start_proof(network, now_ms);
	if (!network->is_looking && now_ms >= network->look_ms &&
	    is_suspect(network, FACE_MAIL_SERVERS, now_ms))
		look_at_mail(network, now_ms);
	look_at_suspect(network, now_ms);
	if (asks_no_canary(network) && !network->told_no_canary &&
	    reach_is_blocked(network->reach, network->dns_ms)) {
		network->told_no_canary = true;
		describe_mail(network);
		log_line("%s; the run goes on because of --canary none",
		    network->reason);
	}
}

enum network_state
network_state(struct network *network, unsigned faces, int64_t now_ms)
{
	if (network->trouble != TROUBLE_NONE)
		return NETWORK_DOWN;
	for (int face = 0; face < FACE_KINDS; face++)
		if ((faces & 1u << face) != 0 && is_suspect(network,
		    (enum face_kind)face, now_ms))
			return NETWORK_ASKED;
	return NETWORK_WORKS;
}

bool
network_is_down(const struct network *network)
{
	return network->trouble != TROUBLE_NONE && !network->is_on_trial;
}

int64_t
network_paused_ms(const struct network *network, int64_t now_ms)
{
	return network->paused_ms + (network->trouble == TROUBLE_NONE ? 0
	    : now_ms - network->down_ms);
}

/* Life ********************************************************************* */

struct network *
network_new(const struct options *options, struct ev_loop *ev,
    const struct opt_out *opt_out, const struct network_events *events)
{
	struct network *network = xcalloc(1, sizeof *network);

	network->options = options;
	network->opt_out = opt_out;
	network->events = *events;
	network->reach = reach_new();
	network->middlebox = middlebox_new();
	network->suffixes = suffix_list_open();
	network->dns_ms = -1;
	network->proof = (struct dns_proof){
		.ev = ev, .recursive = options->forward != NULL,
		.done = on_proof, .sockets = { -1, -1 },
	};
	vantage_look(options, &network->vantage);
	choose_roots(network);
	return network;
}

void
network_free(struct network *network)
{
	if (network == NULL)
		return;
	dns_proof_cancel(&network->proof);
	reach_free(network->reach);
	middlebox_free(network->middlebox);
	suffix_list_free(network->suffixes);
	free(network->canary_identity);
	free(network);
}
