#include "scanner/coordinator/network/network_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"

#define LOOK_LEAST_MS	2000	/* between looks while the network is down */
#define LOOK_MOST_MS	30000

/* Down and up ************************************************************** */

void
network_say(struct network *network, const char *format, ...)
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
void
network_go_down(struct network *network, enum trouble trouble, int64_t now_ms)
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
		log_line("%s: the run pauses, and resumes by itself when this "
		    "is over; otherwise it stops in %g s", network->reason,
		    (double)(network->options->grace_network_ms) / 1000);
	network->events.down(network->events.tag, trouble != TROUBLE_MAIL &&
	    trouble != TROUBLE_MIDDLEBOX);
}

void
network_come_up(struct network *network, int64_t now_ms)
{
	if (network->trouble == TROUBLE_NONE)
		return;
	log_info("the network works again after %lld s: the run resumes",
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

void
network_give_up(struct network *network, const char *what_helps)
{
	int status = network->trouble == TROUBLE_OWN &&
	    network->remedy == REMEDY_FEWER ? EXIT_STOPPED : EXIT_VANTAGE;

	if (network->has_given_up)
		return;
	network->has_given_up = true;
	log_line("%s: the run stops, and nothing of this is recorded%s; the "
	    "same command resumes it", network->reason, what_helps);
	network->events.give_up(network->events.tag, status);
}

/* Our own calls ************************************************************ */

void
network_note_own_error(struct network *network, int error,
    enum remedy remedy, int64_t now_ms)
{
	const struct face *mail = &network->faces[FACE_MAIL_SERVERS];

	if (network->trouble != TROUBLE_NONE && !network->is_on_trial)
		return;
	/* Other calls succeed, so one network is unreachable, or there are too
	 * many sockets. */
	if (mail->good[0] + mail->good[1] > 0) {
		if (remedy == REMEDY_FEWER)
			network->events.fewer(network->events.tag, error);
		return;
	}
	network->remedy = remedy;
	network_say(network, "this machine cannot open connections (%s)",
	    strerror(error));
	network_go_down(network, TROUBLE_OWN, now_ms);
}

/* Continues with the work, to see whether the errors persist. */
static void
try_again(struct network *network)
{
	network->is_on_trial = true;
	network->events.up(network->events.tag);
}

/* The state **************************************************************** */

bool
network_is_suspect(struct network *network, enum face_kind face, int64_t now_ms)
{
	return face_is_suspect(&network->faces[face], now_ms) &&
	    (face == FACE_MAIL_SERVERS ? network_can_prove_mail(network)
	    : network->root_count > 0);
}

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
		network_come_up(network, now_ms);
}

static void
look_while_down(struct network *network, int64_t now_ms)
{
	if (now_ms - network->down_ms >=
	    (int64_t)network->options->grace_network_ms) {
		network_give_up(network, "");
		return;
	}
	if (now_ms < network->next_look_ms)
		return;
	if (network->trouble == TROUBLE_OWN && !network->is_on_trial)
		try_again(network);
	else if (network->trouble == TROUBLE_DNS && !network->proof.is_busy)
		network_ask_name_servers(network, now_ms);
	else if ((network->trouble == TROUBLE_MAIL ||
	    network->trouble == TROUBLE_MIDDLEBOX) && !network->is_looking)
		network_look_at_mail(network, now_ms);
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
	if (!network->proof.is_busy &&
	    (network_lacks_round_trip(network, now_ms) ||
	    network_is_suspect(network, FACE_NAME_SERVERS, now_ms) ||
	    network_is_suspect(network, FACE_WEB_SERVERS, now_ms) ||
	    network_doubts_sessions(network, now_ms)))
		network_ask_name_servers(network, now_ms);
	if (!network->is_looking && now_ms >= network->look_ms &&
	    network_is_suspect(network, FACE_MAIL_SERVERS, now_ms))
		network_look_at_mail(network, now_ms);
	network_look_at_suspect(network, now_ms);
	if (network_asks_no_canary(network) && !network->told_no_canary &&
	    reach_is_blocked(network->reach, network->dns_ms)) {
		network->told_no_canary = true;
		network_describe_mail(network);
		log_line("%s; the run continues because of --canary none",
		    network->reason);
	}
}

enum network_state
network_state(struct network *network, unsigned faces, int64_t now_ms)
{
	if (network->trouble != TROUBLE_NONE)
		return NETWORK_DOWN;
	for (int face = 0; face < FACE_KINDS; face++)
		if ((faces & 1u << face) != 0 && network_is_suspect(network,
		    (enum face_kind)face, now_ms))
			return NETWORK_ASKED;
	return (faces & 1u << FACE_MAIL_SERVERS) != 0 &&
	    network_doubts_sessions(network, now_ms) ? NETWORK_ASKED
	    : NETWORK_WORKS;
}

bool
network_is_down(const struct network *network)
{
	return network->trouble != TROUBLE_NONE && !network->is_on_trial;
}

enum trouble
network_trouble(const struct network *network)
{
	return network_is_down(network) ? network->trouble : TROUBLE_NONE;
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
		.done = network_on_proof, .sockets = { -1, -1 },
	};
	vantage_look(options, &network->vantage);
	network_choose_roots(network);
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
