/* fakens_table: the table of zones, groups and servers (fakens.h). */
#include "fakens.h"

#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX	1024
#define PORT		53

static const struct { const char *name; uint16_t type; } types[] = {
	{ "A", TYPE_A }, { "NS", TYPE_NS }, { "CNAME", TYPE_CNAME },
	{ "SOA", TYPE_SOA }, { "MX", TYPE_MX }, { "TXT", 16 },
	{ "AAAA", TYPE_AAAA }, { "DS", TYPE_DS }, { "RRSIG", TYPE_RRSIG },
	{ "NSEC", 47 }, { "DNSKEY", 48 }, { "NSEC3", 50 }, { "TLSA", 52 },
};
#define TYPES	(sizeof types / sizeof types[0])

static const char *const tcp_names[] = {
	[TCP_ANSWERS] = "answers", [TCP_REFUSED] = "refused",
	[TCP_SILENT] = "silent", [TCP_DEAF] = "deaf",
};
#define TCPS	(sizeof tcp_names / sizeof tcp_names[0])

/* A line, cut into words, and what the lines before it have begun. */
struct line {
	struct fakens	*fakens;
	const char	*path;
	unsigned	 number;
	unsigned	 count;
	char		*words[WORDS_MAX];
	struct zone	*zone;
	struct group	*group;
	struct server	*server;
};

static void __attribute__((noreturn))
wrong(const struct line *line, const char *what)
{
	errx(65, "%s:%u: %s", line->path, line->number, what);
}

static void *
allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (memory == NULL)
		err(71, "calloc");
	return memory;
}

static char *
copy(const char *text)
{
	return strcpy(allocate(strlen(text) + 1, 1), text);
}

const char *
type_print(uint16_t type, char *text, size_t size)
{
	for (size_t i = 0; i < TYPES; i++)
		if (types[i].type == type)
			return types[i].name;
	(void)snprintf(text, size, "TYPE%u", type);
	return text;
}

static unsigned long
read_count(const struct line *line, const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0')
		wrong(line, "no number");
	return number;
}

static uint16_t
read_type(const struct line *line, const char *text)
{
	if (strcmp(text, "any") == 0)
		return 0;
	for (size_t i = 0; i < TYPES; i++)
		if (strcmp(types[i].name, text) == 0)
			return types[i].type;
	if (strncmp(text, "TYPE", 4) != 0)
		wrong(line, "no such type");
	return (uint16_t)read_count(line, text + 4);
}

static void
read_name(const struct line *line, struct name *name, const char *text)
{
	if (!name_parse(name, text) || name->length == 0 ||
	    name->bytes[name->length - 1] != 0)
		wrong(line, "no absolute name");
}

/* A name with {n} must be one for the largest number too. */
static char *
read_pattern(const struct line *line, const char *text, const struct name *zone)
{
	struct name name;

	if (!pattern_expand(&name, text, 0, zone) ||
	    !pattern_expand(&name, text, UINT32_MAX, zone))
		wrong(line, "no name");
	return copy(text);
}

static void
read_ip(const struct line *line, struct ip *ip, const char *text)
{
	ip->family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	if (inet_pton(ip->family, text, ip->bytes) != 1)
		wrong(line, "no address");
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

static void
read_addresses(struct line *line)
{
	struct address_set *set = line->fakens->sets;

	if (line->count < 3)
		wrong(line, "addresses SET IP...");
	while (set != NULL && strcmp(set->name, line->words[1]) != 0)
		set = set->next;
	if (set == NULL) {
		set = allocate(1, sizeof *set);
		set->name = copy(line->words[1]);
		set->next = line->fakens->sets;
		line->fakens->sets = set;
	}
	for (unsigned i = 2; i < line->count; i++)
		add_ip(line, set, line->words[i]);
}

static void
read_questions(struct line *line)
{
	line->fakens->logs_questions = true;
}

static void
read_zone(struct line *line)
{
	struct zone *zone = allocate(1, sizeof *zone);

	if (line->count != 2)
		wrong(line, "zone NAME");
	read_name(line, &zone->name, line->words[1]);
	zone->text = copy(line->words[1]);
	zone->next = line->fakens->zones;
	line->fakens->zones = line->zone = zone;
	line->group = NULL;
}

/* "d{n}.bare." is the label "d" and the zone "bare.". */
static void
read_group_pattern(const struct line *line, struct group *group, char *text)
{
	char *dot = strchr(text, '.'), *braces;

	if (dot == NULL)
		wrong(line, "no pattern");
	*dot = '\0';
	braces = strstr(text, "{n}");
	group->is_numbered = braces != NULL;
	if (braces != NULL && braces[3] == '\0')
		*braces = '\0';
	if (strlen(text) + 10 >= sizeof group->label ||
	    strpbrk(text, "{}") != NULL)
		wrong(line, "{n} may end the first label");
	for (size_t i = 0; text[i] != '\0'; i++)
		group->label[i] = (char)(text[i] >= 'A' && text[i] <= 'Z'
		    ? text[i] - 'A' + 'a' : text[i]);
	group->zone = line->fakens->zones;
	while (group->zone != NULL && strcmp(group->zone->text, dot + 1) != 0)
		group->zone = group->zone->next;
	if (group->zone == NULL)
		wrong(line, "no such zone");
}

static void
read_group(struct line *line)
{
	struct group *group = allocate(1, sizeof *group);

	if (line->count != 4)
		wrong(line, "group NAME PATTERN COUNT");
	group->name = copy(line->words[1]);
	group->count = read_count(line, line->words[3]);
	read_group_pattern(line, group, line->words[2]);
	group->next = line->fakens->groups;
	line->fakens->groups = line->group = group;
	line->zone = NULL;
}

static void
read_ns(struct line *line)
{
	struct name_server *server = allocate(1, sizeof *server), **last;

	if (line->count < 2 || (line->zone == NULL && line->group == NULL))
		wrong(line, "ns HOST [IP...], of a zone or a group");
	server->pattern = read_pattern(line, line->words[1], NULL);
	for (unsigned i = line->count - 1; i >= 2; i--) {
		struct ip *ip = allocate(1, sizeof *ip);

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
	struct address_set *set = line->fakens->sets;

	while (set != NULL && strcmp(set->name, line->words[from]) != 0)
		set = set->next;
	if (set != NULL)
		return set;
	set = allocate(1, sizeof *set);
	for (unsigned i = from; i < line->count; i++)
		add_ip(line, set, line->words[i]);
	return set;
}

static void
read_record(struct line *line)
{
	struct record *record = allocate(1, sizeof *record);

	if (line->group == NULL || line->count < 4)
		wrong(line, "record OWNER TYPE ..., of a group");
	record->type = read_type(line, line->words[2]);
	if (strcmp(line->words[1], "@") != 0 && (!name_parse(&record->owner,
	    line->words[1]) || record->owner.bytes[
	    record->owner.length - 1] == 0))
		wrong(line, "no relative owner");
	if (record->type == TYPE_MX && line->count == 5) {
		record->preference = (uint16_t)read_count(line,
		    line->words[3]);
		record->pattern = read_pattern(line, line->words[4],
		    &line->group->zone->name);
	} else if (record->type == TYPE_A || record->type == TYPE_AAAA) {
		record->set = read_set(line, 3);
		for (size_t i = 0; i < record->set->count; i++)
			if (record->set->ips[i].family != (record->type ==
			    TYPE_A ? AF_INET : AF_INET6))
				wrong(line, "an address of the other family");
	} else {
		wrong(line, "MX PREFERENCE HOST, A or AAAA with SET or IP...");
	}
	record->next = line->group->records;
	line->group->records = record;
}

static socklen_t
read_socket_address(const struct line *line, struct sockaddr_storage *address,
    const char *text)
{
	struct sockaddr_in *ipv4 = (struct sockaddr_in *)address;
	struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)address;

	if (inet_pton(AF_INET, text, &ipv4->sin_addr) == 1) {
		ipv4->sin_family = AF_INET;
		ipv4->sin_port = htons(PORT);
		return sizeof *ipv4;
	}
	if (inet_pton(AF_INET6, text, &ipv6->sin6_addr) != 1)
		wrong(line, "no address");
	ipv6->sin6_family = AF_INET6;
	ipv6->sin6_port = htons(PORT);
	return sizeof *ipv6;
}

static void
read_address(struct line *line)
{
	struct server *server = allocate(1, sizeof *server);

	if (line->count != 2)
		wrong(line, "address IP");
	server->fakens = line->fakens;
	server->address_length = read_socket_address(line, &server->address,
	    line->words[1]);
	(void)snprintf(server->text, sizeof server->text, "%s",
	    line->words[1]);
	server->next = line->fakens->servers;
	line->fakens->servers = line->server = server;
}

static void
read_serve(struct line *line)
{
	for (unsigned i = 1; i < line->count; i++) {
		struct served *served = allocate(1, sizeof *served);

		served->zone = line->fakens->zones;
		while (served->zone != NULL &&
		    strcmp(served->zone->text, line->words[i]) != 0)
			served->zone = served->zone->next;
		served->group = served->zone != NULL ? NULL
		    : line->fakens->groups;
		while (served->group != NULL &&
		    strcmp(served->group->name, line->words[i]) != 0)
			served->group = served->group->next;
		if (served->zone == NULL && served->group == NULL)
			wrong(line, "no such zone or group");
		served->next = line->server->served;
		line->server->served = served;
	}
}

static void
read_tcp(struct line *line)
{
	unsigned tcp = 0;

	while (line->count == 2 && tcp < TCPS &&
	    strcmp(tcp_names[tcp], line->words[1]) != 0)
		tcp++;
	if (line->count != 2 || tcp == TCPS)
		wrong(line, "tcp answers|refused|silent|deaf");
	line->server->tcp = tcp;
}

static void
read_upstream(struct line *line)
{
	if (line->count != 2)
		wrong(line, "upstream IP");
	line->server->upstream_length = read_socket_address(line,
	    &line->server->upstream, line->words[1]);
}

static void
read_rate(struct line *line)
{
	if (line->count != 2)
		wrong(line, "rate N");
	line->server->rate = read_count(line, line->words[1]);
	line->server->tokens = (double)line->server->rate;
}

/* on at|below NAME TYPE TRANSPORT ACTION [NUMBER] */
static void
read_on(struct line *line)
{
	struct rule *rule = allocate(1, sizeof *rule), **last;
	bool has_number;
	unsigned action = 0;

	if (line->count < 6)
		wrong(line, "on at|below NAME TYPE TRANSPORT ACTION [NUMBER]");
	rule->is_below = strcmp(line->words[1], "below") == 0;
	if (!rule->is_below && strcmp(line->words[1], "at") != 0)
		wrong(line, "at or below");
	read_name(line, &rule->name, line->words[2]);
	rule->type = read_type(line, line->words[3]);
	rule->over[UDP] = strcmp(line->words[4], "tcp") != 0;
	rule->over[TCP] = strcmp(line->words[4], "udp") != 0;
	if (rule->over[UDP] && rule->over[TCP] &&
	    strcmp(line->words[4], "any") != 0)
		wrong(line, "udp, tcp or any");
	while (action < ACTION_COUNT &&
	    strcmp(action_names[action], line->words[5]) != 0)
		action++;
	if (action == ACTION_COUNT)
		wrong(line, "no such action");
	rule->action = action;
	has_number = action == DO_LOSE || action == DO_DELAY;
	if (line->count != 6U + has_number)
		wrong(line, "wrong number of arguments");
	if (has_number)
		rule->number = read_count(line, line->words[6]);
	if (has_number && rule->number == 0)
		wrong(line, "not 0");
	for (last = &line->server->rules; *last != NULL; last = &(*last)->next)
		;
	*last = rule;
}

static const struct {
	const char	*word;
	bool		 is_of_server;
	void		(*read)(struct line *);
} readers[] = {
	{ "questions", false, read_questions },
	{ "addresses", false, read_addresses }, { "zone", false, read_zone },
	{ "group", false, read_group }, { "ns", false, read_ns },
	{ "record", false, read_record }, { "address", false, read_address },
	{ "serve", true, read_serve }, { "upstream", true, read_upstream },
	{ "rate", true, read_rate }, { "tcp", true, read_tcp },
	{ "on", true, read_on },
};

static void
read_line(struct line *line, char *text)
{
	char *rest = NULL;

	line->count = 0;
	for (char *word = strtok_r(text, " \t\n", &rest);
	    word != NULL && *word != '#';
	    word = strtok_r(NULL, " \t\n", &rest)) {
		if (line->count == WORDS_MAX)
			wrong(line, "too many words");
		line->words[line->count++] = word;
	}
	if (line->count == 0)
		return;
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		if (strcmp(readers[i].word, line->words[0]) != 0)
			continue;
		if (readers[i].is_of_server && line->server == NULL)
			wrong(line, "no address yet");
		readers[i].read(line);
		return;
	}
	wrong(line, "unknown word");
}

/* Without a name server there is no SOA, nor a delegation. */
static void
check(const struct line *line)
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

void
table_read(struct fakens *fakens, const char *path)
{
	struct line line = { .fakens = fakens, .path = path };
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (file == NULL)
		err(66, "%s", path);
	while (getline(&text, &size, file) != -1) {
		line.number++;
		read_line(&line, text);
	}
	if (ferror(file))
		err(66, "%s", path);
	free(text);
	fclose(file);
	check(&line);
}
