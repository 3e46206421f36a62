/* fakemx_table: the table of chains, behaviours and addresses (fakemx.h). */
#include "fakemx.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A hosting address has a chain for each of its customers. */
#define WORDS_MAX	4096

const char *const phase_names[PHASE_COUNT] = {
	[PHASE_GREETING] = "greeting", [PHASE_EHLO] = "ehlo",
	[PHASE_HELO] = "helo", [PHASE_STARTTLS] = "starttls",
	[PHASE_HELLO] = "hello", [PHASE_TLS] = "tls",
	[PHASE_EHLO_TLS] = "ehlo_tls", [PHASE_QUIT] = "quit",
	[PHASE_OTHER] = "other",
};

static const struct { const char *name; bool has_number, has_text; }
steps[STEP_COUNT] = {
	[STEP_SAY] = { "say", false, true },
	[STEP_RAW] = { "raw", false, true },
	[STEP_REPEAT] = { "repeat", true, true },
	[STEP_DRIP] = { "drip", true, false },
	[STEP_WAIT] = { "wait", true, false },
	[STEP_TLS] = { "tls", false, false },
	[STEP_CLOSE] = { "close", false, false },
	[STEP_RESET] = { "reset", false, false },
	[STEP_HANG] = { "hang", false, false },
};

static const struct { const char *text; int version; } versions[] = {
	{ "1.0", TLS1_VERSION }, { "1.1", TLS1_1_VERSION },
	{ "1.2", TLS1_2_VERSION }, { "1.3", TLS1_3_VERSION },
};

/* A line, cut into words; a word in quotes may hold any byte. */
struct line {
	const char	*path;
	unsigned	 number;
	unsigned	 count;
	char		*words[WORDS_MAX];
	size_t		 lengths[WORDS_MAX];
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

static char
unescape(const struct line *line, const char **from)
{
	char hex[3] = "";

	switch (*(*from)++) {
	case 'r':
		return '\r';
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case '\\':
		return '\\';
	case '"':
		return '"';
	case 'x':
		if ((*from)[0] == '\0' || (*from)[1] == '\0')
			break;
		memcpy(hex, *from, 2);
		*from += 2;
		return (char)strtol(hex, NULL, 16);
	default:
		break;
	}
	wrong(line, "unknown escape");
}

/* In place: a text is never longer than it was written. */
static void
cut(struct line *line, char *text)
{
	const char *from = text;
	char *to = text;

	line->count = 0;
	for (;;) {
		bool is_quoted;

		from += strspn(from, " \t\n");
		if (*from == '\0' || *from == '#')
			return;
		if (line->count == WORDS_MAX)
			wrong(line, "too many words");
		is_quoted = *from == '"';
		from += is_quoted;
		line->words[line->count] = to;
		while (*from != '\0' && (is_quoted ? *from != '"' :
		    strchr(" \t\n", *from) == NULL)) {
			if (is_quoted && *from == '\\') {
				from++;
				*to++ = unescape(line, &from);
			} else {
				*to++ = *from++;
			}
		}
		if (is_quoted && *from == '\0')
			wrong(line, "no closing quote");
		line->lengths[line->count] =
		    (size_t)(to - line->words[line->count]);
		line->count++;
		from += *from != '\0';
		*to++ = '\0';
	}
}

static struct chain *
find_chain(const struct fakemx *fakemx, const struct line *line,
    const char *name)
{
	struct chain *chain = fakemx->chains;

	if (strcmp(name, "-") == 0)
		return NULL;
	while (chain != NULL && strcmp(chain->name, name) != 0)
		chain = chain->next;
	if (chain == NULL)
		wrong(line, "no such chain");
	return chain;
}

static void
read_chain(struct fakemx *fakemx, const struct line *line)
{
	static const char option[] = "not_before=";
	struct chain *chain = allocate(1, sizeof *chain);

	if (line->count < 3 || line->count > 4)
		wrong(line, "chain NAME FILE [not_before=TAG:TEXT]");
	chain->name = copy(line->words[1]);
	chain_load(chain, line->words[2]);
	if (line->count == 4) {
		char *text = strchr(line->words[3], ':');

		if (text == NULL || strncmp(line->words[3], option,
		    sizeof option - 1) != 0)
			wrong(line, "not_before=TAG:TEXT");
		chain_set_not_before(chain, atoi(line->words[3] +
		    sizeof option - 1), text + 1);
	}
	chain->next = fakemx->chains;
	fakemx->chains = chain;
}

static void
read_behaviour(struct fakemx *fakemx, const struct line *line)
{
	struct behaviour *behaviour = allocate(1, sizeof *behaviour);

	if (line->count != 2)
		wrong(line, "behaviour NAME");
	behaviour->name = copy(line->words[1]);
	behaviour->tls_min = TLS1_VERSION;
	behaviour->next = fakemx->behaviours;
	fakemx->behaviours = behaviour;
}

static int
version_of(const struct line *line, const char *text)
{
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
		if (strcmp(versions[i].text, text) == 0)
			return versions[i].version;
	wrong(line, "unknown TLS version");
}

static void
read_tls(struct behaviour *behaviour, const struct line *line)
{
	for (unsigned i = 1; i < line->count; i++) {
		const char *word = line->words[i];

		if (strncmp(word, "min=", 4) == 0)
			behaviour->tls_min = version_of(line, word + 4);
		else if (strncmp(word, "max=", 4) == 0)
			behaviour->tls_max = version_of(line, word + 4);
		else if (strncmp(word, "ciphers=", 8) == 0)
			behaviour->ciphers = copy(word + 8);
		else if (strncmp(word, "groups=", 7) == 0)
			behaviour->groups = copy(word + 7);
		else if (strcmp(word, "ask_certificate") == 0)
			behaviour->asks_certificate = true;
		else if (strcmp(word, "require_certificate") == 0)
			behaviour->requires_certificate = true;
		else
			wrong(line, "unknown word after tls");
	}
}

static void
add_step(struct script *script, const struct step *step)
{
	struct step *grown = realloc(script->steps,
	    (script->count + 1) * sizeof *grown);

	if (grown == NULL)
		err(71, "realloc");
	script->steps = grown;
	script->steps[script->count++] = *step;
}

/* `scripts`: by phase. */
static void
read_on(struct script *scripts, const struct line *line)
{
	struct step step = { 0 };
	unsigned phase = 0, kind = 0, next = 3;

	while (line->count > 2 && phase < PHASE_COUNT &&
	    strcmp(phase_names[phase], line->words[1]) != 0)
		phase++;
	while (line->count > 2 && kind < STEP_COUNT &&
	    strcmp(steps[kind].name, line->words[2]) != 0)
		kind++;
	if (line->count < 3 || phase == PHASE_COUNT || kind == STEP_COUNT)
		wrong(line, "on PHASE STEP [ARGUMENT...]");
	if (line->count != next + steps[kind].has_number +
	    steps[kind].has_text)
		wrong(line, "wrong number of arguments");
	step.kind = kind;
	if (steps[kind].has_number)
		step.number = strtol(line->words[next++], NULL, 10);
	if (steps[kind].has_text) {
		step.length = line->lengths[next];
		step.text = allocate(step.length + 3, 1);
		memcpy(step.text, line->words[next], step.length);
		if (kind == STEP_SAY) {
			memcpy(step.text + step.length, "\r\n", 2);
			step.length += 2;
		}
	}
	add_step(&scripts[phase], &step);
}

static struct network *
find_network(struct fakemx *fakemx, const struct sockaddr_storage *address)
{
	struct network key = { .family = address->ss_family }, *network;

	if (key.family == AF_INET)
		memcpy(key.bytes,
		    &((const struct sockaddr_in *)address)->sin_addr, 3);
	else
		memcpy(key.bytes,
		    &((const struct sockaddr_in6 *)address)->sin6_addr, 6);
	for (network = fakemx->networks; network != NULL;
	    network = network->next)
		if (network->family == key.family && memcmp(network->bytes,
		    key.bytes, sizeof key.bytes) == 0)
			return network;
	network = allocate(1, sizeof *network);
	*network = key;
	network->next = fakemx->networks;
	return fakemx->networks = network;
}

static void
read_socket_address(struct server *server, const struct line *line)
{
	struct sockaddr_in *ipv4 = (struct sockaddr_in *)&server->address;
	struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)&server->address;
	const char *text = line->words[1];

	if (inet_pton(AF_INET, text, &ipv4->sin_addr) == 1) {
		ipv4->sin_family = AF_INET;
		ipv4->sin_port = htons(25);
		server->address_length = sizeof *ipv4;
	} else if (inet_pton(AF_INET6, text, &ipv6->sin6_addr) == 1) {
		ipv6->sin6_family = AF_INET6;
		ipv6->sin6_port = htons(25);
		server->address_length = sizeof *ipv6;
	} else {
		wrong(line, "no address");
	}
	(void)snprintf(server->text, sizeof server->text, "%s", text);
}

static void
read_address(struct fakemx *fakemx, const struct line *line)
{
	struct server *server = allocate(1, sizeof *server);

	if (line->count < 4)
		wrong(line, "address IP BEHAVIOUR CHAIN [NAME=CHAIN...]");
	server->fakemx = fakemx;
	read_socket_address(server, line);
	for (server->behaviour = fakemx->behaviours;
	    server->behaviour != NULL &&
	    strcmp(server->behaviour->name, line->words[2]) != 0;
	    server->behaviour = server->behaviour->next)
		;
	if (server->behaviour == NULL)
		wrong(line, "no such behaviour");
	server->chain = find_chain(fakemx, line, line->words[3]);
	server->named = allocate(line->count, sizeof *server->named);
	for (unsigned i = 4; i < line->count; i++) {
		char *equals = strchr(line->words[i], '=');

		if (equals == NULL)
			wrong(line, "NAME=CHAIN");
		*equals = '\0';
		server->named[server->named_count++] = (struct named_chain){
			copy(line->words[i]),
			find_chain(fakemx, line, equals + 1),
		};
	}
	server->network = find_network(fakemx, &server->address);
	server->next = fakemx->servers;
	fakemx->servers = server;
}

static void
read_line(struct fakemx *fakemx, const struct line *line)
{
	const char *word = line->words[0];
	struct behaviour *behaviour = fakemx->behaviours;

	if (strcmp(word, "chain") == 0)
		read_chain(fakemx, line);
	else if (strcmp(word, "behaviour") == 0)
		read_behaviour(fakemx, line);
	else if (strcmp(word, "address") == 0)
		read_address(fakemx, line);
	else if (behaviour == NULL)
		wrong(line, "no behaviour yet");
	else if (strcmp(word, "tls") == 0)
		read_tls(behaviour, line);
	else if (strcmp(word, "on") == 0)
		read_on(behaviour->scripts, line);
	else if (strcmp(word, "odd") == 0)
		read_on(behaviour->odd, line);
	else if (strcmp(word, "deaf") == 0)
		behaviour->is_deaf = true;
	else
		wrong(line, "unknown word");
}

void
table_read(struct fakemx *fakemx, const char *path)
{
	struct line line = { .path = path };
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (file == NULL)
		err(66, "%s", path);
	while (getline(&text, &size, file) != -1) {
		line.number++;
		cut(&line, text);
		if (line.count > 0)
			read_line(fakemx, &line);
	}
	if (ferror(file))
		err(66, "%s", path);
	free(text);
	fclose(file);
	for (struct behaviour *behaviour = fakemx->behaviours;
	    behaviour != NULL; behaviour = behaviour->next)
		behaviour_make_tls(behaviour);
}
