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

/* Reads the next one, and looks for an address (or NULL) in its glue. */
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

bool
servers_index(struct item_servers servers, const char *name, unsigned *index)
{
	struct wire wire = open_servers(servers);
	struct server server;
	uint32_t count = 0;

	while (wire.at < wire.end && !wire.failed) {
		take_server(&wire, &server, NULL);
		count++;
	}
	if (count == 0 || wire.failed)
		return false;
	*index = hash_of(name) % count;
	return true;
}

bool
servers_charged(struct item_servers servers, const char *name,
    char text[NAME_TEXT_MAX])
{
	struct wire wire = open_servers(servers);
	struct server server;
	unsigned index;

	if (!servers_index(servers, name, &index))
		return false;
	for (unsigned i = 0; i <= index; i++)
		take_server(&wire, &server, NULL);
	name_server(&server, text);
	return true;
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
