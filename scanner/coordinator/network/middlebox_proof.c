#include "scanner/coordinator/network/network_internal.h"

#include <string.h>

#include "scanner/base/log.h"

bool
network_asks_no_canary(const struct network *network)
{
	return network->options->canary != NULL &&
	    strcmp(network->options->canary, "none") == 0;
}

/* Servers without TLS, and names without a registrable domain, show nothing. */
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
	return network_asks_no_canary(network);
}

/* The canary shows the suspect's identity, which is not the canary's own: it
 * matches neither its name nor its TLSA records, or the canary showed another
 * one before. */
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
	network_say(network, "one server answers on port %llu in the place of "
	    "many", (unsigned long long)network->options->port);
}

void
network_judge_suspect(struct network *network, const struct look_result *result,
    int64_t now_ms)
{
	const char *suspect = middlebox_suspect(network->middlebox);
	bool forged;

	if (suspect == NULL || (result->is_possible && !result->answered))
		return;
	forged = is_forged(network, result, suspect);
	if (!result->is_possible)
		log_warning("one key and one greeting at many mail "
		    "servers, and no canary (--canary) that could tell a "
		    "provider from a middlebox");
	middlebox_judge(network->middlebox, suspect, forged);
	if (forged) {
		describe_middlebox(network);
		network_go_down(network, TROUBLE_MIDDLEBOX, now_ms);
	}
}

/* Does the canary answer without the forged identity? */
static bool
is_middlebox_gone(const struct network *network,
    const struct look_result *result)
{
	return result->answered && (result->identity == NULL ||
	    middlebox_state(network->middlebox, result->identity) !=
	    IDENTITY_FORGED);
}

void
network_look_past_middlebox(struct network *network,
    const struct look_result *result, int64_t now_ms)
{
	if (is_middlebox_gone(network, result))
		network_come_up(network, now_ms);
	else
		network_go_down(network, TROUBLE_MIDDLEBOX, now_ms);
}

void
network_look_at_suspect(struct network *network, int64_t now_ms)
{
	const char *suspect = middlebox_suspect(network->middlebox);

	if (suspect == NULL)
		return;
	if (!network_asks_no_canary(network)) {
		if (!network->is_looking)
			network_ask_mail_servers(network, NULL, 0, now_ms);
		return;
	}
	describe_middlebox(network);
	log_warning("%s, or they are one provider's; the run continues "
	    "because of --canary none, and flags them as intercepted",
	    network->reason);
	middlebox_judge(network->middlebox, suspect, true);
}
