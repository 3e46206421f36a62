#include "scanner/message/servers.h"

#include <string.h>

#include "scanner/base/wire.h"

/* FNV-1a chooses one of several servers, the same in every process. */
static uint32_t
hash_of(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text != '\0'; text++)
		hash = (hash ^ (uint8_t)*text) * 16777619u;
	return hash;
}

/* A server of the list: its name, and its IPv4 glue, else any glue. */
struct server {
	const char	*name;
	struct address	 chosen;	/* family 0: it has no glue */
	bool		 has_address;	/* the one that was looked for */
};

/* Reads the next server, and looks for an address (or NULL) in its glue. */
static void
take_server(struct wire *wire, struct server *server,
    const struct address *wanted)
{
	struct address address;
	uint64_t glue;

	*server = (struct server){ .name = wire_text(wire) };
	glue = wire_number(wire, 1);
	for (uint64_t i = 0; i < glue && address_get(wire, &address); i++) {
		if (server->chosen.family == 0 ||
		    (server->chosen.family == 6 && address.family == 4))
			server->chosen = address;
		if (wanted != NULL && address_compare(&address, wanted) == 0)
			server->has_address = true;
	}
}

static void
name_server(const struct server *server, char text[NAME_TEXT_MAX])
{
	size_t length;

	if (server->chosen.family != 0) {
		address_to_text(&server->chosen, text);
		return;
	}
	length = strnlen(server->name, NAME_TEXT_MAX - 1);
	memcpy(text, server->name, length);
	text[length] = '\0';
}

static struct wire
open_servers(struct item_servers servers)
{
	return (struct wire){ servers.bytes, servers.bytes + servers.length,
	    false };
}

/* Skips the next server. */
static void
skip_server(struct wire *wire)
{
	size_t length, glue;

	(void)wire_bytes(wire, &length);
	glue = (size_t)wire_number(wire, 1) * ADDRESS_WIRE_BYTES;
	if ((size_t)(wire->end - wire->at) < glue)
		wire->failed = true;
	else
		wire->at += glue;
}

bool
servers_index(struct item_servers servers, const char *name, unsigned *index)
{
	struct wire wire = open_servers(servers);
	uint32_t count = 0;

	for (; wire.at < wire.end && !wire.failed; count++)
		skip_server(&wire);
	if (count == 0 || wire.failed)
		return false;
	*index = hash_of(name) % count;
	return true;
}

/* Finds the server that is charged. Returns false if no server is known. */
static bool
find_charged(struct item_servers servers, const char *name,
    struct server *server)
{
	struct wire wire = open_servers(servers);
	unsigned index;

	if (!servers_index(servers, name, &index))
		return false;
	for (unsigned i = 0; i < index; i++)
		skip_server(&wire);
	take_server(&wire, server, NULL);
	return !wire.failed;
}

bool
servers_charged(struct item_servers servers, const char *name,
    char text[NAME_TEXT_MAX])
{
	struct server server;

	if (!find_charged(servers, name, &server))
		return false;
	name_server(&server, text);
	return true;
}

bool
servers_are_charged_at(struct item_servers servers, const char *name,
    const struct address *address)
{
	struct server server;

	return find_charged(servers, name, &server) &&
	    server.chosen.family != 0 &&
	    address_compare(&server.chosen, address) == 0;
}

bool
servers_at(struct item_servers servers, const struct address *address,
    char text[NAME_TEXT_MAX])
{
	struct wire wire = open_servers(servers);
	struct server server;

	while (wire.at < wire.end && !wire.failed) {
		take_server(&wire, &server, address);
		if (!server.has_address)
			continue;
		name_server(&server, text);
		return true;
	}
	return false;
}
