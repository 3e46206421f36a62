#include "scanner/run/vantage.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/base/log.h"

#define SYSTEM_CA_FILE "/etc/ssl/certs/ca-certificates.crt"

union address_name {
	struct sockaddr		any;
	struct sockaddr_in	in;
	struct sockaddr_in6	in6;
};

/* Returns the length of the socket address. */
static socklen_t
name_address(const struct address *address, uint16_t port,
    union address_name *name)
{
	*name = (union address_name){ 0 };
	if (address->family == 4) {
		name->in.sin_family = AF_INET;
		name->in.sin_port = htons(port);
		memcpy(&name->in.sin_addr, address->bytes, 4);
		return sizeof name->in;
	}
	name->in6.sin6_family = AF_INET6;
	name->in6.sin6_port = htons(port);
	memcpy(&name->in6.sin6_addr, address->bytes, 16);
	return sizeof name->in6;
}

/* Connecting a datagram socket asks the routing table and sends nothing. */
static bool
has_route(const struct address *address)
{
	union address_name name;
	int descriptor = socket(address->family == 4 ? AF_INET : AF_INET6,
	    SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool routed = descriptor >= 0 && connect(descriptor, &name.any,
	    name_address(address, 53, &name)) == 0;

	if (descriptor >= 0)
		close(descriptor);
	return routed;
}

static void
look_at(const struct options *options, const struct address *address,
    struct vantage *vantage)
{
	bool *route = address->family == 4 ? &vantage->route_ipv4
					   : &vantage->route_ipv6;

	if (options->only_allowed_networks &&
	    !prefix_set_contains(&options->allow_network, address))
		return;
	*route = *route || has_route(address);
}

/* Looks at each word of the root hints that is an address. */
static void
look_at_hints(const struct options *options, struct vantage *vantage)
{
	FILE *hints = fopen(options->root_hints, "r");
	char word[256];
	struct address address;

	if (hints == NULL)
		return;
	while (fscanf(hints, "%255s", word) == 1)
		if (address_from_text(word, strlen(word), &address))
			look_at(options, &address, vantage);
	fclose(hints);
}

void
vantage_look(const struct options *options, struct vantage *vantage)
{
	/* Two of the root name servers (a and k), in both families. */
	static const char *const roots[] = {
		"198.41.0.4", "193.0.14.129",
		"2001:503:ba3e::2:30", "2001:7fd::1",
	};
	struct address address;

	*vantage = (struct vantage){ 0 };
	if (options->root_hints != NULL)
		look_at_hints(options, vantage);
	else
		for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
			if (address_from_text(roots[i], strlen(roots[i]),
			    &address))
				look_at(options, &address, vantage);
	for (size_t i = 0; i < options->allow_network.count; i++)
		look_at(options, &options->allow_network.prefixes[i].base,
		    vantage);
	vantage->has_ipv4 = vantage->route_ipv4 && !options->ipv6_only;
	vantage->has_ipv6 = vantage->route_ipv6 && !options->ipv4_only;
}

bool
vantage_has_source(const struct options *options)
{
	const char *text = options->source_address;
	struct address source;
	union address_name name;
	int descriptor;
	bool bound;

	if (text == NULL || !address_from_text(text, strlen(text), &source))
		return true;
	descriptor = socket(source.family == 4 ? AF_INET : AF_INET6,
	    SOCK_STREAM | SOCK_CLOEXEC, 0);
	bound = descriptor >= 0 && bind(descriptor, &name.any,
	    name_address(&source, 0, &name)) == 0;
	if (!bound)
		log_line("--source-address %s: this machine cannot send from "
		    "there: %s", text, strerror(errno));
	if (descriptor >= 0)
		close(descriptor);
	return bound;
}

const char *
vantage_ca_file(const struct options *options)
{
	return options->ca_file != NULL ? options->ca_file : SYSTEM_CA_FILE;
}
