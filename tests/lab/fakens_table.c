/* fakens_table: the table of zones, groups and servers (fakens.h). */
#include "fakens_table.h"

#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PORT		53

static const struct { const char *name; uint16_t type; } types[] = {
	{ "A", TYPE_A }, { "NS", TYPE_NS }, { "CNAME", TYPE_CNAME },
	{ "SOA", TYPE_SOA }, { "MX", TYPE_MX }, { "TXT", 16 },
	{ "AAAA", TYPE_AAAA }, { "DS", TYPE_DS }, { "RRSIG", TYPE_RRSIG },
	{ "NSEC", TYPE_NSEC }, { "DNSKEY", 48 }, { "NSEC3", TYPE_NSEC3 },
	{ "TLSA", 52 },
};
#define TYPES	(sizeof types / sizeof types[0])

static const char *const tcp_names[] = {
	[TCP_ANSWERS] = "answers", [TCP_REFUSED] = "refused",
	[TCP_SILENT] = "silent", [TCP_DEAF] = "deaf",
};
#define TCPS	(sizeof tcp_names / sizeof tcp_names[0])

void
line_wrong(const struct line *line, const char *what)
{
	errx(65, "%s:%u: %s", line->path, line->number, what);
}

void *
line_allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (memory == NULL)
		err(71, "calloc");
	return memory;
}

char *
line_copy(const char *text)
{
	return strcpy(line_allocate(strlen(text) + 1, 1), text);
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

unsigned long
line_count(const struct line *line, const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0')
		line_wrong(line, "no number");
	return number;
}

uint16_t
line_type(const struct line *line, const char *text)
{
	if (strcmp(text, "any") == 0)
		return 0;
	for (size_t i = 0; i < TYPES; i++)
		if (strcmp(types[i].name, text) == 0)
			return types[i].type;
	if (strncmp(text, "TYPE", 4) != 0)
		line_wrong(line, "no such type");
	return (uint16_t)line_count(line, text + 4);
}

void
line_name(const struct line *line, struct name *name, const char *text)
{
	if (!name_parse(name, text) || name->length == 0 ||
	    name->bytes[name->length - 1] != 0)
		line_wrong(line, "no absolute name");
}

static void
read_questions(struct line *line)
{
	line->fakens->logs_questions = true;
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
		line_wrong(line, "no address");
	ipv6->sin6_family = AF_INET6;
	ipv6->sin6_port = htons(PORT);
	return sizeof *ipv6;
}

static void
read_address(struct line *line)
{
	struct server *server = line_allocate(1, sizeof *server);

	if (line->count != 2)
		line_wrong(line, "address IP");
	server->fakens = line->fakens;
	server->address_length = read_socket_address(line, &server->address,
	    line->words[1]);
	(void)snprintf(server->text, sizeof server->text, "%s",
	    line->words[1]);
	server->next = line->fakens->servers;
	line->fakens->servers = line->server = server;
	line->network = NULL;
}

static void
read_network(struct line *line)
{
	struct network *network = line_allocate(1, sizeof *network);
	char *slash = line->count == 2 ? strchr(line->words[1], '/') : NULL;
	struct in_addr first;
	unsigned long length;

	if (slash == NULL)
		line_wrong(line, "network IP/LENGTH");
	(void)snprintf(network->server.text, sizeof network->server.text,
	    "%s", line->words[1]);
	*slash = '\0';
	length = line_count(line, slash + 1);
	if (inet_pton(AF_INET, line->words[1], &first) != 1 || length < 1 ||
	    length > 32)
		line_wrong(line, "no network of IPv4");
	network->mask = UINT32_MAX << (32 - length);
	network->first = ntohl(first.s_addr);
	if ((network->first & ~network->mask) != 0)
		line_wrong(line, "bits beyond the length");
	network->server.fakens = line->fakens;
	network->next = line->fakens->networks;
	line->fakens->networks = line->network = network;
	line->server = &network->server;
}

static void
read_late(struct line *line)
{
	if (line->count != 2 || line->network == NULL)
		line_wrong(line, "late MS, of a network");
	line->network->late_ms = line_count(line, line->words[1]);
}

static void
read_silent(struct line *line)
{
	if (line->count != 1 || line->network == NULL)
		line_wrong(line, "silent, of a network");
	line->network->is_silent = true;
}

static const struct book *
find_book(const struct line *line, const char *name)
{
	const struct book *book = line->fakens->books;

	while (book != NULL && strcmp(book->name, name) != 0)
		book = book->next;
	if (book == NULL)
		line_wrong(line, "no such zone, group or book");
	if (line->network != NULL)
		line_wrong(line, "a network has no book");
	return book;
}

static void
read_serve(struct line *line)
{
	for (unsigned i = 1; i < line->count; i++) {
		struct zone *zone = line->fakens->zones;
		struct group *group = line->fakens->groups;
		struct served *served;

		while (zone != NULL &&
		    strcmp(zone->text, line->words[i]) != 0)
			zone = zone->next;
		while (group != NULL &&
		    strcmp(group->name, line->words[i]) != 0)
			group = group->next;
		if (zone == NULL && group == NULL) {
			line->server->book = find_book(line, line->words[i]);
			continue;
		}
		served = line_allocate(1, sizeof *served);
		served->zone = zone;
		served->group = zone != NULL ? NULL : group;
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
		line_wrong(line, "tcp answers|refused|silent|deaf");
	line->server->tcp = tcp;
}

static void
read_upstream(struct line *line)
{
	if (line->count != 2)
		line_wrong(line, "upstream IP");
	line->server->upstream_length = read_socket_address(line,
	    &line->server->upstream, line->words[1]);
}

static void
read_rate(struct line *line)
{
	if (line->count != 2)
		line_wrong(line, "rate N");
	line->server->rate = line_count(line, line->words[1]);
	line->server->tokens = (double)line->server->rate;
}

static bool
has_number(enum action action)
{
	return action == DO_LOSE || action == DO_DELAY ||
	    action == DO_DROP_FIRST || action == DO_STRIP_FIRST ||
	    action == DO_DROP_AFTER || action == DO_STRIP_EARLY ||
	    action == DO_PREFER_CAPITAL || action == DO_PREFER_ODD ||
	    action == DO_WRONG_IDS;
}

/* Flags and counts at least. */
static void
read_bytes(struct line *line, struct rule *rule, const char *hex)
{
	unsigned byte;

	rule->length = strlen(hex) / 2;
	rule->bytes = line_allocate(rule->length + 1, 1);
	if (rule->length < 8 || strlen(hex) % 2 != 0)
		line_wrong(line, "8 bytes at least");
	for (size_t i = 0; i < rule->length; i++) {
		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			line_wrong(line, "no bytes in hexadecimal");
		rule->bytes[i] = (uint8_t)byte;
	}
}

static void
read_argument(struct line *line, struct rule *rule)
{
	bool is_answer = rule->action == DO_ANSWER ||
	    rule->action == DO_ANSWER_EDNS;

	if (line->count != 6U + (is_answer || has_number(rule->action)))
		line_wrong(line, "wrong number of arguments");
	if (is_answer)
		read_bytes(line, rule, line->words[6]);
	if (!has_number(rule->action))
		return;
	rule->number = line_count(line, line->words[6]);
	if (rule->number == 0)
		line_wrong(line, "not 0");
}

/* on at|below NAME TYPE TRANSPORT ACTION [NUMBER|HEX] */
static void
read_on(struct line *line)
{
	struct rule *rule = line_allocate(1, sizeof *rule), **last;
	unsigned action = 0;

	if (line->count < 6)
		line_wrong(line, "on at|below NAME TYPE TRANSPORT ACTION [NUMBER]");
	rule->is_below = strcmp(line->words[1], "below") == 0;
	if (!rule->is_below && strcmp(line->words[1], "at") != 0)
		line_wrong(line, "at or below");
	line_name(line, &rule->name, line->words[2]);
	rule->type = line_type(line, line->words[3]);
	rule->over[UDP] = strcmp(line->words[4], "tcp") != 0;
	rule->over[TCP] = strcmp(line->words[4], "udp") != 0;
	if (rule->over[UDP] && rule->over[TCP] &&
	    strcmp(line->words[4], "any") != 0)
		line_wrong(line, "udp, tcp or any");
	while (action < ACTION_COUNT &&
	    strcmp(action_names[action], line->words[5]) != 0)
		action++;
	if (action == ACTION_COUNT)
		line_wrong(line, "no such action");
	rule->action = action;
	read_argument(line, rule);
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
	{ "names", false, read_habit }, { "truncated", false, read_habit },
	{ "gone", false, read_habit }, { "record", false, read_record },
	{ "book", false, read_book }, { "address", false, read_address },
	{ "network", false, read_network }, { "late", true, read_late },
	{ "silent", true, read_silent },
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
			line_wrong(line, "too many words");
		line->words[line->count++] = word;
	}
	if (line->count == 0)
		return;
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		if (strcmp(readers[i].word, line->words[0]) != 0)
			continue;
		if (readers[i].is_of_server && line->server == NULL)
			line_wrong(line, "no address yet");
		if (readers[i].is_of_server && line->network != NULL &&
		    readers[i].read != read_serve &&
		    readers[i].read != read_late &&
		    readers[i].read != read_silent)
			line_wrong(line, "not of a network");
		readers[i].read(line);
		return;
	}
	line_wrong(line, "unknown word");
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
	zones_check(&line);
}
