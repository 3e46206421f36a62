/* fakens_table_zones: zones, groups and records of the table (fakens.h). */
#include "fakens_table.h"

#include <arpa/inet.h>
#include <err.h>
#include <stdlib.h>
#include <string.h>

/* A name with {n} or {m} must be one for the largest number too. */
static char *
read_pattern(const struct line *line, const char *text, const struct name *zone)
{
	static const unsigned long least[2], most[2] = { UINT32_MAX,
	    UINT32_MAX };
	struct name name;

	if (!pattern_expand(&name, text, least, zone) ||
	    !pattern_expand(&name, text, most, zone))
		line_wrong(line, "no name");
	return line_copy(text);
}

static void
read_ip(const struct line *line, struct ip *ip, const char *text)
{
	ip->family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	if (inet_pton(ip->family, text, ip->bytes) != 1)
		line_wrong(line, "no address");
}

static void
add_ip(const struct line *line, struct address_set *set, const char *text)
{
	struct ip *grown = realloc(set->ips, (set->count + 1) * sizeof *grown);

	if (grown == NULL)
		err(71, "realloc");
	set->ips = grown;
	memset(&grown[set->count], 0, sizeof *grown);
	read_ip(line, &grown[set->count++], text);
}

/* IP+COUNT */
static void
read_range(const struct line *line, struct address_set *set)
{
	char *plus = strchr(line->words[2], '+');
	struct in_addr first;

	*plus = '\0';
	if (line->count != 3 || set->count > 0 ||
	    inet_pton(AF_INET, line->words[2], &first) != 1 ||
	    first.s_addr == 0)
		line_wrong(line, "addresses SET IP+COUNT, of IPv4");
	set->first = ntohl(first.s_addr);
	set->count = line_count(line, plus + 1);
	if (set->count == 0 || set->count > UINT32_MAX - set->first)
		line_wrong(line, "no such range");
}

void
read_addresses(struct line *line)
{
	struct address_set *set = line->fakens->sets;

	if (line->count < 3)
		line_wrong(line, "addresses SET IP...");
	while (set != NULL && strcmp(set->name, line->words[1]) != 0)
		set = set->next;
	if (set == NULL) {
		set = line_allocate(1, sizeof *set);
		set->name = line_copy(line->words[1]);
		set->next = line->fakens->sets;
		line->fakens->sets = set;
	}
	if (strchr(line->words[2], '+') != NULL) {
		read_range(line, set);
		return;
	}
	if (set->first != 0)
		line_wrong(line, "a range has no further addresses");
	for (unsigned i = 2; i < line->count; i++)
		add_ip(line, set, line->words[i]);
}

void
read_zone(struct line *line)
{
	struct zone *zone = line_allocate(1, sizeof *zone);

	if (line->count != 2)
		line_wrong(line, "zone NAME");
	line_name(line, &zone->name, line->words[1]);
	zone->text = line_copy(line->words[1]);
	zone->next = line->fakens->zones;
	line->fakens->zones = line->zone = zone;
	line->group = NULL;
}

/* "d{n}.bare." is the label "d" and the zone "bare."; with a second count the
 * label ends with "{n}-{m}". */
static void
read_group_pattern(const struct line *line, struct group *group, char *text)
{
	char *dot = strchr(text, '.'), *braces;

	if (dot == NULL)
		line_wrong(line, "no pattern");
	*dot = '\0';
	braces = strstr(text, "{n}");
	group->is_numbered = braces != NULL;
	if (braces != NULL && strcmp(braces + 3,
	    group->second_count > 0 ? "-{m}" : "") == 0)
		*braces = '\0';
	else if (group->second_count > 0)
		line_wrong(line, "{n}-{m} ends the first label");
	if (strlen(text) + 10 >= sizeof group->label ||
	    strpbrk(text, "{}") != NULL)
		line_wrong(line, "{n} may end the first label");
	for (size_t i = 0; text[i] != '\0'; i++)
		group->label[i] = (char)(text[i] >= 'A' && text[i] <= 'Z'
		    ? text[i] - 'A' + 'a' : text[i]);
	group->zone = line->fakens->zones;
	while (group->zone != NULL && strcmp(group->zone->text, dot + 1) != 0)
		group->zone = group->zone->next;
	if (group->zone == NULL)
		line_wrong(line, "no such zone");
}

void
read_group(struct line *line)
{
	struct group *group = line_allocate(1, sizeof *group);

	if (line->count != 4 && line->count != 5)
		line_wrong(line, "group NAME PATTERN COUNT [COUNT]");
	group->name = line_copy(line->words[1]);
	group->count = line_count(line, line->words[3]);
	if (line->count == 5 && (group->second_count =
	    line_count(line, line->words[4])) == 0)
		line_wrong(line, "not 0");
	read_group_pattern(line, group, line->words[2]);
	group->next = line->fakens->groups;
	line->fakens->groups = line->group = group;
	line->zone = NULL;
}

static struct address_set *
find_set(const struct line *line, const char *name)
{
	struct address_set *set = line->fakens->sets;

	while (set != NULL && strcmp(set->name, name) != 0)
		set = set->next;
	return set;
}

void
read_ns(struct line *line)
{
	struct name_server *server = line_allocate(1, sizeof *server), **last;

	if (line->count < 2 || (line->zone == NULL && line->group == NULL))
		line_wrong(line, "ns HOST [IP...], of a zone or a group");
	server->pattern = read_pattern(line, line->words[1], NULL);
	if (line->count == 3 && line->group != NULL)
		server->set = find_set(line, line->words[2]);
	for (unsigned i = line->count - 1; i >= 2 && server->set == NULL;
	    i--) {
		struct ip *ip = line_allocate(1, sizeof *ip);

		read_ip(line, ip, line->words[i]);
		ip->next = server->glue;
		server->glue = ip;
	}
	last = line->group != NULL ? &line->group->servers
	    : &line->zone->servers;
	while (*last != NULL)
		last = &(*last)->next;
	*last = server;
}

/* The name of a set, or addresses of this record alone. */
static struct address_set *
read_set(const struct line *line, unsigned from)
{
	struct address_set *set = find_set(line, line->words[from]);

	if (set != NULL)
		return set;
	set = line_allocate(1, sizeof *set);
	for (unsigned i = from; i < line->count; i++)
		add_ip(line, set, line->words[i]);
	return set;
}

void
read_record(struct line *line)
{
	struct record *record = line_allocate(1, sizeof *record);

	if (line->group == NULL || line->count < 4)
		line_wrong(line, "record OWNER TYPE ..., of a group");
	record->type = line_type(line, line->words[2]);
	if (strcmp(line->words[1], "@") != 0 && (!name_parse(&record->owner,
	    line->words[1]) || record->owner.bytes[
	    record->owner.length - 1] == 0))
		line_wrong(line, "no relative owner");
	if (record->type == TYPE_MX && line->count == 5) {
		record->preference = (uint16_t)line_count(line,
		    line->words[3]);
		record->pattern = read_pattern(line, line->words[4],
		    &line->group->zone->name);
	} else if (record->type == TYPE_CNAME && line->count == 4) {
		record->pattern = read_pattern(line, line->words[3],
		    &line->group->zone->name);
	} else if (record->type == TYPE_A || record->type == TYPE_AAAA) {
		record->set = read_set(line, 3);
		if (record->set->ips == NULL && record->type != TYPE_A)
			line_wrong(line, "a range is of IPv4");
		for (size_t i = 0; record->set->ips != NULL &&
		    i < record->set->count; i++)
			if (record->set->ips[i].family != (record->type ==
			    TYPE_A ? AF_INET : AF_INET6))
				line_wrong(line, "an address of the other family");
	} else {
		line_wrong(line, "MX PREFERENCE HOST, CNAME HOST, A or AAAA with SET or IP...");
	}
	record->next = line->group->records;
	line->group->records = record;
}

/* What a group does with all answers. */
void
read_habit(struct line *line)
{
	struct group *group = line->group;

	if (group == NULL || line->count != 1)
		line_wrong(line, "names, truncated or gone, of a group");
	if (strcmp(line->words[0], "names") == 0)
		group->names_servers = true;
	else if (strcmp(line->words[0], "truncated") == 0)
		group->is_truncated = true;
	else
		group->is_gone = true;
}

/* Without a name server there is no SOA, nor a delegation. */
void
zones_check(const struct line *line)
{
	for (const struct zone *zone = line->fakens->zones; zone != NULL;
	    zone = zone->next)
		if (zone->servers == NULL)
			errx(65, "%s: %s has no name server", line->path,
			    zone->text);
	for (const struct group *group = line->fakens->groups; group != NULL;
	    group = group->next)
		if (group->servers == NULL)
			errx(65, "%s: group %s has no name server", line->path,
			    group->name);
}
