#include "scanner/coordinator/network/network_internal.h"

#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/list.h"

#define RECENT_MS	600000	/* how long a server that answered counts */
#define RECENT_EVERY_MS	30000	/* between two candidates */

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

/* Only the forwarder, if there is one; otherwise root name servers. With
 * --resolver-conf it is unknown which servers the resolver asks. */
void
network_choose_roots(struct network *network)
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

void
network_ask_name_servers(struct network *network, int64_t now_ms)
{
	if (network_doubts_sessions(network, now_ms))
		network->doubt_ms = now_ms;
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

/* What they answer ********************************************************* */

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
		network_say(network, "this machine cannot ask name servers "
		    "over %s (%s)", family, strerror(count->error));
	else
		network_say(network, "name servers do not answer this machine "
		    "over %s (%zu of %zu did)", family, count->answered,
		    count->asked);
}

/* A proof that was asked for another face says nothing about what fails on this
 * one from now on. */
static void
clear_if_suspect(struct face *face, int64_t now_ms)
{
	if (face_is_suspect(face, now_ms))
		face_clear(face, now_ms);
}

void
network_on_proof(struct dns_proof *proof)
{
	struct network *network = list_entry(proof, struct network, proof);
	const struct dns_proof_count ipv4 = dns_proof_count(proof, 4);
	const struct dns_proof_count ipv6 = dns_proof_count(proof, 6);
	int64_t now_ms = clock_ms();
	bool ipv4_fails = dns_proof_fails(&ipv4);
	int error = ipv4_fails ? ipv4.error : ipv6.error;

	take_answers(network, now_ms);
	/* A single candidate proves nothing. */
	if (proof->count == 1 && proof->targets[0].is_recent)
		return;
	if (ipv4_fails || dns_proof_fails(&ipv6)) {
		describe_silence(network, ipv4_fails ? &ipv4 : &ipv6,
		    ipv4_fails ? "IPv4" : "IPv6");
		network->remedy = error == 0 ? REMEDY_BACK
		    : fault_of_error(error, ERROR_OF_CALL, false).remedy;
		network_go_down(network, network->remedy == REMEDY_FEWER
		    ? TROUBLE_OWN : TROUBLE_DNS, now_ms);
		return;
	}
	clear_if_suspect(&network->faces[FACE_NAME_SERVERS], now_ms);
	clear_if_suspect(&network->faces[FACE_WEB_SERVERS], now_ms);
	if (network->trouble == TROUBLE_DNS)
		network_come_up(network, now_ms);
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

/* Refusals can only be judged by comparison with the round trip to name
 * servers. */
bool
network_lacks_round_trip(const struct network *network, int64_t now_ms)
{
	return network->dns_ms < 0 && network->root_count > 0 &&
	    now_ms - network->proof_ms >= FACE_CLEARED_MS &&
	    reach_failed_networks(network->reach) >= REACH_NETWORKS_LEAST;
}

bool
network_doubts_sessions(struct network *network, int64_t now_ms)
{
	struct face *face = &network->faces[FACE_MAIL_SERVERS];

	return network->root_count > 0 && (network->proof.is_busy ||
	    now_ms - network->doubt_ms >= FACE_CLEARED_MS) &&
	    (face_has_stalled(face, now_ms) || face_is_suspect(face,
	    now_ms)) && !network_is_suspect(network, FACE_MAIL_SERVERS,
	    now_ms);
}
