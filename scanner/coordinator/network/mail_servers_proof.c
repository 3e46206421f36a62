#include "scanner/coordinator/network/network_internal.h"

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/plural.h"

#define SECOND_LOOK_MS	5000	/* after the first look at mail servers */
#define CANARY_EVERY_MS	60000	/* while the network is not down */

void
network_ask_mail_servers(struct network *network,
    const struct reach_server *servers, size_t count, int64_t now_ms)
{
	network->is_looking = true;
	network->look_ms = now_ms + SECOND_LOOK_MS;
	network->events.look(network->events.tag, servers, count);
}

/* Is it the canary's turn? Where too few servers are known, it is asked by
 * turns with them. */
static bool
asks_canary(const struct network *network, size_t known)
{
	unsigned looks = network->trouble == TROUBLE_NONE
	    ? network->failed_looks : network->looks;

	if (network->trouble == TROUBLE_MIDDLEBOX || known == 0)
		return true;
	return known < REACH_KNOWN_LEAST && looks % 2 == 1 &&
	    !network->lacks_canary;
}

void
network_look_at_mail(struct network *network, int64_t now_ms)
{
	struct reach_server known[REACH_KNOWN_MAX];
	size_t count = reach_known(network->reach, known);

	if (asks_canary(network, count))
		count = 0;
	network_ask_mail_servers(network, known, count < REACH_KNOWN_LEAST
	    ? count : REACH_KNOWN_LEAST, now_ms);
}

static size_t
count_known(const struct network *network)
{
	struct reach_server known[REACH_KNOWN_MAX];

	return reach_known(network->reach, known);
}

bool
network_can_prove_mail(const struct network *network)
{
	if (count_known(network) >= REACH_KNOWN_LEAST)
		return true;
	return !network_asks_no_canary(network) &&
	    (reach_is_blocked(network->reach, network->dns_ms) ||
	    (reach_is_silent(network->reach) && !network->lacks_canary));
}

void
network_describe_mail(struct network *network)
{
	size_t failed = reach_failed_networks(network->reach);

	if (count_known(network) > 0)
		network_say(network, "mail servers that answered before do not "
		    "answer any more on port %llu",
		    (unsigned long long)network->options->port);
	else
		network_say(network, "no mail server of %zu %s answers on port "
		    "%llu: it may be blocked on the way out of here", failed,
		    plural(failed, "network", "networks"),
		    (unsigned long long)network->options->port);
}

/* Failures are findings. */
static void
clear_mail(struct network *network, int64_t now_ms)
{
	network->failed_looks = 0;
	network->look_ms = now_ms + CANARY_EVERY_MS;
	face_clear(&network->faces[FACE_MAIL_SERVERS], now_ms);
}

/* The few servers that are known may have died by themselves; but if nothing
 * has ever answered, nothing speaks for this machine. */
static void
go_without_canary(struct network *network, int64_t now_ms)
{
	if (count_known(network) > 0) {
		log_warning("%s, and no canary (--canary) can be asked whether "
		    "that is a fault of this machine: the run continues",
		    network->reason);
		clear_mail(network, now_ms);
		network->events.settled(network->events.tag);
		return;
	}
	if (network->trouble == TROUBLE_NONE)
		network->down_ms = now_ms;
	network->trouble = TROUBLE_MAIL;
	network_give_up(network, ", since no canary can be asked "
	    "(--canary with an MX host of yours would decide, "
	    "--canary none measures without)");
}

static void
look_at_result(struct network *network, bool is_possible, bool answered,
    int64_t now_ms)
{
	if (answered) {
		network->failed_looks = 0;
		/* If the canary was asked about an identity alone, sessions
		 * that fail from now on need a proof of their own. */
		if (network_is_suspect(network, FACE_MAIL_SERVERS, now_ms))
			clear_mail(network, now_ms);
		if (network->trouble == TROUBLE_MAIL)
			network_come_up(network, now_ms);
		network->events.settled(network->events.tag);
		return;
	}
	if (network->trouble != TROUBLE_NONE &&
	    network->trouble != TROUBLE_MAIL)
		return;
	network_describe_mail(network);
	if (!is_possible && (network->trouble == TROUBLE_NONE ||
	    count_known(network) == 0)) {
		go_without_canary(network, now_ms);
		return;
	}
	if (network->trouble == TROUBLE_MAIL || ++network->failed_looks >= 2)
		network_go_down(network, TROUBLE_MAIL, now_ms);
}

void
network_looked(struct network *network, const struct look_result *result,
    int64_t now_ms)
{
	bool is_about_mail = network_is_suspect(network, FACE_MAIL_SERVERS,
	    now_ms) && count_known(network) < REACH_KNOWN_LEAST;

	network->is_looking = false;
	network->lacks_canary = network->lacks_canary || !result->is_possible;
	if (network->trouble == TROUBLE_MIDDLEBOX) {
		network_look_past_middlebox(network, result, now_ms);
		return;
	}
	network_judge_suspect(network, result, now_ms);
	if (network->trouble == TROUBLE_MIDDLEBOX)
		return;
	if (result->identity != NULL && network->canary_identity == NULL)
		network->canary_identity = xstrdup(result->identity);
	/* No canary could be asked about a suspect, and nothing else needs
	 * it. */
	if (!result->is_possible && !is_about_mail)
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
