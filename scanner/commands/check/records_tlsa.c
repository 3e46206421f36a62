/*
 * records_tlsa: the TLSA records to publish and to remove, as lines of a zone
 * file. It is a part of advice.
 *
 * The owner of the records is not always the name of the question: it can be
 * the end of its aliases (RFC 7671 7) or a wildcard. The records are changed
 * where they are. If a wildcard above the host answers, the host's addresses
 * come from the same wildcard, since a wildcard answers only for names that do
 * not exist (RFC 4592 2.2.1). A record below the host would make the host's
 * name exist, and the wildcard would no longer give it an address. So if a
 * wildcard has the addresses but no TLSA record, the advice has both.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/commands/check/conditions.h"

struct owner {
	char		*name;		/* without a final dot */
	bool		 is_alias, is_wildcard;
};

static const struct check_certificate *
leaf_of(const struct check_result *result)
{
	const struct check_chain *chain = result->session != NULL
	    ? result->session->chain : NULL;

	return chain != NULL && chain->count > 0 ? chain->certificates[0]
	    : NULL;
}

const struct check_certificate *
check_base_leaf(const struct check_address *address)
{
	return leaf_of(&address->base);
}

const struct check_certificate *
check_mx_leaf(const struct check_address *address)
{
	return leaf_of(&address->mx);
}

/* Owners ****************************************************************** */

static const char *
base_of(const struct check_host *host)
{
	return host->tlsa_base[0] != '\0' ? host->tlsa_base : host->name;
}

static struct owner
find_owner(const struct check_case *here, const struct check_host *host)
{
	struct owner owner = {
		.is_alias = host->tlsa_target[0] != '\0',
		.is_wildcard = host->wildcard_parent[0] != '\0',
	};

	if (owner.is_wildcard)
		owner.name = xasprintf("*.%s", host->wildcard_parent);
	else if (owner.is_alias)
		owner.name = xstrdup(host->tlsa_target);
	else
		owner.name = xasprintf("_%u._tcp.%s", here->port,
		    base_of(host));
	return owner;
}

static void
say_owner(const struct check_case *here, struct check_advice *advice,
    const struct owner *owner)
{
	const char *base = base_of(here->host);

	if (owner->is_alias)
		check_advice_say(advice, "_%u._tcp.%s is an alias (CNAME) of "
		    "%s: the records are there, and other hosts may use them "
		    "as well.", here->port, base, here->host->tlsa_target);
	if (owner->is_wildcard)
		check_advice_say(advice, "The wildcard %s has the records, and "
		    "other hosts may use them as well.", owner->name);
	check_owner_ask(here, advice, owner->name);
}

/* Lines ******************************************************************* */

static void
publish(struct check_advice *advice, const struct owner *owner,
    const char *parameters, const char *hex)
{
	check_lines_add(&advice->publish, "%s. %d IN TLSA %s %s", owner->name,
	    CHECK_TTL, parameters, hex);
}

static bool
is_same_record(const struct check_record *a, const struct check_record *b)
{
	return a->usage == b->usage && a->selector == b->selector &&
	    a->matching_type == b->matching_type && strcmp(a->hex, b->hex) == 0;
}

/* Hosts that share the records of one owner can show different keys. */
static bool
matches_at_another(const struct check_case *here, const struct owner *owner,
    const struct check_record *record)
{
	bool found = false;

	for (size_t i = 0; i < here->domain->mx_count && !found; i++) {
		const struct check_host *host = here->domain->mx[i].host;
		struct owner other;

		if (host == NULL || host == here->host)
			continue;
		other = find_owner(here, host);
		for (const struct check_record *its = host->records;
		    its != NULL && strcmp(other.name, owner->name) == 0;
		    its = its->next)
			found |= its->matches && is_same_record(its, record);
		free(other.name);
	}
	return found;
}

static bool
is_unusable(const struct check_record *record)
{
	return !record->is_usable;
}

static bool
is_unmatched(const struct check_record *record)
{
	return record->is_usable && !record->matches;
}

static bool
is_none(const struct check_record *record)
{
	(void)record;
	return false;
}

/* "Not seen" is never "not there": a record may be for the key of an address
 * that showed nothing. */
static bool
is_seen(const struct check_host *host)
{
	for (const struct check_address *address = host->addresses;
	    address != NULL; address = address->next)
		if (address->class != CLASS_SPECIAL &&
		    check_base_leaf(address) == NULL)
			return false;
	return true;
}

static void
change(const struct check_case *here, struct check_advice *advice,
    const struct owner *owner, bool (*goes)(const struct check_record *))
{
	if (goes == is_unmatched && !is_seen(here->host)) {
		check_advice_say(advice, "Not every address of %s showed a "
		    "certificate: remove a record only if none of them has its "
		    "key.", here->host->name);
		return;
	}
	for (const struct check_record *record = here->host->records;
	    record != NULL; record = record->next) {
		bool is_to_go = goes(record) &&
		    !matches_at_another(here, owner, record);
		char parameters[16];

		snprintf(parameters, sizeof parameters, "%u %u %u",
		    record->usage & 255, record->selector & 255,
		    record->matching_type & 255);
		if (is_to_go)
			check_lines_add(&advice->remove, "%s. IN TLSA %s %s",
			    owner->name, parameters, record->hex);
	}
}

/* If the key of an attacker in between is published, the attacker gets the
 * mail. */
static void
say_compare(struct check_advice *advice)
{
	if (advice->compare == NULL)
		advice->compare = xstrdup("openssl x509 -in CERTIFICATE "
		    "-noout -pubkey | openssl pkey -pubin -outform DER | "
		    "openssl dgst -sha256");
}

static void
add_addresses(const struct check_case *here, struct check_advice *advice,
    const struct owner *owner)
{
	const char *name = base_of(here->host);

	/* An alias is an existing name that has no address itself. */
	if (!here->host->is_wildcard || owner->is_alias || owner->is_wildcard ||
	    advice->publish.count == 0 || (here->host->canonical[0] != '\0' &&
	    strcmp(name, here->host->canonical) != 0))
		return;
	for (const struct check_address *address = here->host->addresses;
	    address != NULL; address = address->next)
		check_lines_add(&advice->publish, "%s. %d IN %s %s",
		    name, CHECK_TTL, strchr(address->text, ':') != NULL
		    ? "AAAA" : "A", address->text);
	check_advice_say(advice, "The addresses of %s come from a wildcard, "
	    "which no longer answers for a name that has a record below it "
	    "(RFC 4592 2.2.1): publish them with the TLSA record.", name);
}

static void
add_keys(const struct check_case *here, struct check_advice *advice,
    const struct owner *owner)
{
	for (const struct check_address *address = here->host->addresses;
	    address != NULL; address = address->next) {
		const struct check_certificate *leaf =
		    check_base_leaf(address);

		if (leaf == NULL || leaf->spki_sha256 == NULL ||
		    leaf->spki_sha256[0] == '\0' || check_matches(address))
			continue;
		publish(advice, owner, "3 1 1", leaf->spki_sha256);
		say_compare(advice);
	}
}

/* ************************************************************************* */

static void
change_host(const struct check_case *here, struct check_advice *advice,
    bool (*goes)(const struct check_record *), bool adds_keys)
{
	struct owner owner = find_owner(here, here->host);

	if (adds_keys)
		add_keys(here, advice, &owner);
	add_addresses(here, advice, &owner);
	change(here, advice, &owner, goes);
	if (advice->publish.count > 0 || advice->remove.count > 0)
		say_owner(here, advice, &owner);
	free(owner.name);
}

void
check_publish_keys(const struct check_case *here, struct check_advice *advice)
{
	change_host(here, advice, is_none, true);
}

void
check_replace_keys(const struct check_case *here, struct check_advice *advice)
{
	change_host(here, advice, is_unmatched, true);
}

void
check_replace_unusable(const struct check_case *here,
    struct check_advice *advice)
{
	change_host(here, advice, is_unusable, true);
}

void
check_remove_unusable(const struct check_case *here,
    struct check_advice *advice)
{
	change_host(here, advice, is_unusable, false);
}

void
check_remove_unmatched(const struct check_case *here,
    struct check_advice *advice)
{
	change_host(here, advice, is_unmatched, false);
}

void
check_publish_issuer(const struct check_case *here,
    struct check_advice *advice)
{
	struct owner owner = find_owner(here, here->host);

	for (const struct check_address *address = here->host->addresses;
	    address != NULL; address = address->next) {
		const struct check_session *session = address->base.session;

		if (session != NULL && session->chain != NULL &&
		    session->chain->issuer != NULL && session->chain_trusted)
			publish(advice, &owner, "2 1 1",
			    session->chain->issuer->spki_sha256);
	}
	if (advice->publish.count > 0)
		say_owner(here, advice, &owner);
	free(owner.name);
}
