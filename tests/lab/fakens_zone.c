/*
 * fakens_zone: answers from zones that are computed (fakens.h).
 *
 * A zone delegates the domains of its groups and holds the addresses of its own
 * name servers. A domain has the records of its group. A server that serves
 * both answers from the domain, as any server does.
 */
#include "fakens.h"

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* That of all zones of the lab (zones.py). */
#define HOSTMASTER	"hostmaster.nameservers.sec."

/* A domain of a group. */
struct domain {
	const struct group *group;
	unsigned long	 numbers[2];
	struct name	 name;
};

/* The decimal of a number below a count, without leading zeros. */
static bool
read_number(unsigned long count, const char *digits, size_t length,
    unsigned long *number)
{
	*number = 0;
	if (length == 0 || length > 10 || (digits[0] == '0' && length > 1))
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!isdigit((unsigned char)digits[i]))
			return false;
		*number = *number * 10 + (unsigned long)(digits[i] - '0');
	}
	return *number < count;
}

/* "12" or, with a second number, "12-3". */
static bool
read_numbers(const struct group *group, const char *digits, size_t length,
    unsigned long numbers[2])
{
	const char *dash = group->second_count == 0 ? NULL
	    : memchr(digits, '-', length);
	size_t first = dash != NULL ? (size_t)(dash - digits) : length;

	if (group->second_count > 0 && (dash == NULL ||
	    !read_number(group->second_count, dash + 1, length - first - 1,
	    &numbers[1])))
		return false;
	return read_number(group->count, digits, first, &numbers[0]);
}

/* Is the name at or below a domain of the group? */
static bool
find_domain(const struct group *group, const struct name *name,
    struct domain *domain)
{
	const struct name *zone = &group->zone->name;
	size_t prefix = strlen(group->label), at = 0, length;
	const char *label;

	if (!name_is_below(name, zone) || name->length == zone->length)
		return false;
	while (at + 1 + name->bytes[at] < name->length - zone->length)
		at += 1 + (size_t)name->bytes[at];
	label = (const char *)name->bytes + at + 1;
	length = name->bytes[at];
	domain->group = group;
	domain->numbers[0] = domain->numbers[1] = 0;
	domain->name.length = name->length - at;
	memcpy(domain->name.bytes, name->bytes + at, domain->name.length);
	if (length < prefix || memcmp(label, group->label, prefix) != 0)
		return false;
	return group->is_numbered ? read_numbers(group, label + prefix,
	    length - prefix, domain->numbers) : length == prefix;
}

static void
expand(struct name *name, const char *pattern, const struct domain *domain)
{
	static const unsigned long none[2];
	bool good = pattern_expand(name, pattern,
	    domain == NULL ? none : domain->numbers,
	    domain == NULL ? NULL : &domain->name);

	assert(good);	/* the table has seen to it */
}

static void
write_name_record(struct answer *answer, enum section section,
    const struct name *owner, uint16_t type, const struct name *target)
{
	size_t start = record_start(answer, section, owner, type);

	answer_name(answer, target);
	record_end(answer, start);
}

static void
write_soa(struct answer *answer, enum section section, const struct name *zone,
    const struct name_server *server, const struct domain *domain)
{
	static const uint32_t numbers[] = { 1, 7200, 3600, 1209600, 300 };
	size_t start = record_start(answer, section, zone, TYPE_SOA);
	struct name primary, hostmaster;
	bool good = name_parse(&hostmaster, HOSTMASTER);

	assert(good);
	expand(&primary, server->pattern, domain);
	answer_name(answer, &primary);
	answer_name(answer, &hostmaster);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		answer_number(answer, numbers[i], 4);
	record_end(answer, start);
}

static void
write_ip(struct answer *answer, enum section section, const struct name *owner,
    const struct ip *ip)
{
	size_t start = record_start(answer, section, owner,
	    ip->family == AF_INET ? TYPE_A : TYPE_AAAA);

	answer_bytes(answer, ip->bytes, ip->family == AF_INET ? 4 : 16);
	record_end(answer, start);
}

static void
write_address(struct answer *answer, enum section section,
    const struct name *owner, const struct address_set *set,
    unsigned long number)
{
	struct ip ip = { .family = AF_INET };
	uint32_t address = htonl(set->first + (uint32_t)(number % set->count));

	if (set->ips != NULL)
		ip = set->ips[number % set->count];
	else
		memcpy(ip.bytes, &address, sizeof address);
	write_ip(answer, section, owner, &ip);
}

static void
write_name_servers(struct answer *answer, enum section section,
    const struct name *zone, const struct name_server *servers,
    const struct domain *domain)
{
	struct name name;

	for (const struct name_server *server = servers; server != NULL;
	    server = server->next) {
		expand(&name, server->pattern, domain);
		write_name_record(answer, section, zone, TYPE_NS, &name);
	}
	for (const struct name_server *server = servers; server != NULL;
	    server = server->next) {
		expand(&name, server->pattern, domain);
		for (const struct ip *ip = server->glue; ip != NULL;
		    ip = ip->next)
			write_ip(answer, ADDITIONAL, &name, ip);
		if (server->set != NULL)
			write_address(answer, ADDITIONAL, &name, server->set,
			    domain->numbers[0]);
	}
}

static void
write_record(struct answer *answer, const struct record *record,
    const struct domain *domain)
{
	struct name target;
	size_t start;

	if (record->set != NULL) {
		write_address(answer, ANSWER, &answer->query->name,
		    record->set, domain->numbers[0]);
		return;
	}
	expand(&target, record->pattern, domain);
	start = record_start(answer, ANSWER, &answer->query->name,
	    record->type);
	if (record->type == TYPE_MX)
		answer_number(answer, record->preference, 2);
	answer_name(answer, &target);
	record_end(answer, start);
}

/* The records at an owner that answer a question, CNAME among them (RFC 1034
 * 3.6.2). */
static bool
write_records(struct answer *answer, const struct name *owner,
    const struct domain *domain)
{
	uint16_t type = answer->query->type;
	bool found = false;

	for (const struct record *record = domain->group->records;
	    record != NULL; record = record->next) {
		if ((record->type != type && record->type != TYPE_CNAME) ||
		    !name_equal(&record->owner, owner))
			continue;
		write_record(answer, record, domain);
		found = true;
	}
	return found;
}

/* Names exist too if only names below them have records (RFC 8020). */
static bool
name_exists(const struct group *group, const struct name *owner)
{
	bool exists = owner->length == 0;

	for (const struct record *record = group->records; record != NULL;
	    record = record->next)
		exists |= name_is_below(&record->owner, owner);
	return exists;
}

/* Is the name covered by "*" of the domain (RFC 4592 3.3.1)? The label before
 * the domain must not be there. */
static bool
is_wild(const struct group *group, const struct name *owner)
{
	static const struct name star = { 2, "\1*" };
	struct name last;
	size_t at = 0;

	while (at + 1 + owner->bytes[at] < owner->length)
		at += 1 + (size_t)owner->bytes[at];
	last.length = owner->length - at;
	memcpy(last.bytes, owner->bytes + at, last.length);
	return name_exists(group, &star) && !name_exists(group, &last);
}

static void
write_authority(struct answer *answer, const struct domain *domain, bool found)
{
	const struct group *group = domain->group;

	if (!found)
		write_soa(answer, AUTHORITY, &domain->name, group->servers,
		    domain);
	else if (group->names_servers)
		write_name_servers(answer, AUTHORITY, &domain->name,
		    group->servers, domain);
}

static void
answer_domain(struct answer *answer, const struct domain *domain,
    const uint8_t *question)
{
	const struct query *query = answer->query;
	const struct group *group = domain->group;
	struct name owner = { .length = query->name.length -
	    domain->name.length };
	bool is_apex = owner.length == 0 && !group->is_gone, found = false;
	bool exists;

	if (group->is_truncated) {
		answer_start(answer, query, question, FLAG_AA | FLAG_TC,
		    NOERROR);
		return;
	}
	memcpy(owner.bytes, query->name.bytes, owner.length);
	exists = name_exists(group, &owner) && !group->is_gone;
	if (!exists && !group->is_gone && is_wild(group, &owner)) {
		owner = (struct name){ 2, "\1*" };
		exists = true;
	}
	answer_start(answer, query, question, FLAG_AA, NOERROR);
	if (is_apex && query->type == TYPE_SOA) {
		write_soa(answer, ANSWER, &domain->name, group->servers,
		    domain);
		found = true;
	} else if (is_apex && query->type == TYPE_NS) {
		write_name_servers(answer, ANSWER, &domain->name,
		    group->servers, domain);
		found = true;
	}
	if (!found && exists)
		found = write_records(answer, &owner, domain);
	if (!exists)
		answer_start(answer, query, question, FLAG_AA, NXDOMAIN);
	write_authority(answer, domain, found);
}

/* The addresses of the zone's own name servers, where they are asked for. */
static bool
answer_host(struct answer *answer, const struct zone *zone, bool *found)
{
	const struct query *query = answer->query;
	bool exists = false;

	for (const struct name_server *server = zone->servers; server != NULL;
	    server = server->next) {
		struct name name;

		expand(&name, server->pattern, NULL);
		exists |= name_is_below(&name, &query->name);
		if (!name_equal(&name, &query->name))
			continue;
		for (const struct ip *ip = server->glue; ip != NULL;
		    ip = ip->next) {
			if (query->type != (ip->family == AF_INET ? TYPE_A
			    : TYPE_AAAA))
				continue;
			write_ip(answer, ANSWER, &name, ip);
			*found = true;
		}
	}
	return exists;
}

static void
answer_apex(struct answer *answer, const struct zone *zone, bool *found)
{
	const struct query *query = answer->query;

	if (query->type == TYPE_SOA)
		write_soa(answer, ANSWER, &zone->name, zone->servers, NULL);
	else if (query->type == TYPE_NS)
		write_name_servers(answer, ANSWER, &zone->name, zone->servers,
		    NULL);
	*found |= query->type == TYPE_SOA || query->type == TYPE_NS;
}

/* DS belongs to the delegating side (RFC 4035 3.1.4.1): here there is none. */
static void
answer_zone(struct answer *answer, const struct zone *zone,
    const struct group *groups, const uint8_t *question)
{
	const struct query *query = answer->query;
	bool is_apex = name_equal(&query->name, &zone->name), exists = is_apex;
	bool found = false;

	for (const struct group *group = groups; group != NULL;
	    group = group->next) {
		struct domain domain;

		if (group->zone != zone ||
		    !find_domain(group, &query->name, &domain))
			continue;
		exists = true;
		if (query->type == TYPE_DS &&
		    name_equal(&query->name, &domain.name))
			break;
		answer_start(answer, query, question, 0, NOERROR);
		write_name_servers(answer, AUTHORITY, &domain.name,
		    group->servers, &domain);
		return;
	}
	answer_start(answer, query, question, FLAG_AA, NOERROR);
	if (is_apex)
		answer_apex(answer, zone, &found);
	exists |= answer_host(answer, zone, &found);
	if (!exists)
		answer_start(answer, query, question, FLAG_AA, NXDOMAIN);
	if (!found)
		write_soa(answer, AUTHORITY, &zone->name, zone->servers, NULL);
}

bool
zone_answer(const struct server *server, struct answer *answer,
    const uint8_t *question)
{
	const struct name *name = &answer->query->name;
	const struct zone *zone = NULL;

	for (const struct served *served = server->served; served != NULL;
	    served = served->next) {
		struct domain domain;

		if (served->zone != NULL && name_is_below(name,
		    &served->zone->name))
			zone = served->zone;
		if (served->group != NULL &&
		    find_domain(served->group, name, &domain) &&
		    !(answer->query->type == TYPE_DS && zone != NULL &&
		    name_equal(name, &domain.name))) {
			answer_domain(answer, &domain, question);
			return true;
		}
	}
	if (zone == NULL)
		return false;
	answer_zone(answer, zone, server->fakens->groups, question);
	return true;
}
