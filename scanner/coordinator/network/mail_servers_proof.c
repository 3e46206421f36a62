#include "scanner/coordinator/network/network_internal.h"

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

void
network_look_at_mail(struct network *network, int64_t now_ms)
{
	struct reach_server known[REACH_KNOWN_MAX];
	size_t count = reach_known(network->reach, known);

	network_ask_mail_servers(network, known,
	    network->trouble != TROUBLE_MIDDLEBOX &&
	    count >= REACH_KNOWN_LEAST ? REACH_KNOWN_LEAST : 0, now_ms);
}

bool
network_can_prove_mail(const struct network *network)
{
	struct reach_server known[REACH_KNOWN_MAX];

	return reach_known(network->reach, known) >= REACH_KNOWN_LEAST ||
	    (!network_asks_no_canary(network) &&
	    reach_is_blocked(network->reach, network->dns_ms));
}

void
network_describe_mail(struct network *network)
{
	struct reach_server known[REACH_KNOWN_MAX];
	size_t failed = reach_failed_networks(network->reach);

	if (reach_known(network->reach, known) >= REACH_KNOWN_LEAST)
		network_say(network, "mail servers that answered before do not "
		    "answer any more on port %llu",
		    (unsigned long long)network->options->port);
	else
		network_say(network, "no mail server of %zu %s answers on port "
		    "%llu: it may be blocked on the way out of here", failed,
		    plural(failed, "network", "networks"),
		    (unsigned long long)network->options->port);
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
			network_come_up(network, now_ms);
		network->events.settled(network->events.tag);
		return;
	}
	if (network->trouble != TROUBLE_NONE &&
	    network->trouble != TROUBLE_MAIL)
		return;
	network_describe_mail(network);
	if (!is_possible) {
		if (network->trouble == TROUBLE_NONE)
			network->down_ms = now_ms;
		network->trouble = TROUBLE_MAIL;
		network_give_up(network, ", since no canary can be asked "
		    "(--canary with an MX host of yours would decide, "
		    "--canary none measures without)");
		return;
	}
	if (network->trouble == TROUBLE_MAIL || ++network->failed_looks >= 2)
		network_go_down(network, TROUBLE_MAIL, now_ms);
}

void
network_looked(struct network *network, const struct look_result *result,
    int64_t now_ms)
{
	network->is_looking = false;
	if (network->trouble == TROUBLE_MIDDLEBOX) {
		network_look_past_middlebox(network, result, now_ms);
		return;
	}
	network_judge_suspect(network, result, now_ms);
	if (network->trouble == TROUBLE_MIDDLEBOX)
		return;
	if (result->identity != NULL && network->canary_identity == NULL)
		network->canary_identity = xstrdup(result->identity);
	/* No server could be asked about a suspect, and nothing else is
	 * suspect. */
	if (!result->is_possible && !network_is_suspect(network,
	    FACE_MAIL_SERVERS, now_ms))
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
