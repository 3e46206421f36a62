#include "scanner/run/vantage.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SYSTEM_CA_FILE "/etc/ssl/certs/ca-certificates.crt"

/* Connecting a datagram socket asks the routing table and sends nothing. */
static bool
has_route(const struct address *address)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET, .sin_port = htons(53),
	};
	struct sockaddr_in6 in6 = {
		.sin6_family = AF_INET6, .sin6_port = htons(53),
	};
	bool is_ipv4 = address->family == 4;
	int descriptor = socket(is_ipv4 ? AF_INET : AF_INET6,
	    SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool routed;

	if (descriptor < 0)
		return false;
	memcpy(&in.sin_addr, address->bytes, 4);
	memcpy(&in6.sin6_addr, address->bytes, 16);
	routed = is_ipv4
	    ? connect(descriptor, (struct sockaddr *)&in, sizeof in) == 0
	    : connect(descriptor, (struct sockaddr *)&in6, sizeof in6) == 0;
	close(descriptor);
	return routed;
}

static void
look_at(const struct address *address, struct vantage *vantage)
{
	bool *route = address->family == 4 ? &vantage->route_ipv4
					   : &vantage->route_ipv6;

	*route = *route || has_route(address);
}

/* Every word of the hints that is an address. */
static void
look_at_hints(const char *file, struct vantage *vantage)
{
	FILE *hints = fopen(file, "r");
	char word[256];
	struct address address;

	if (hints == NULL)
		return;
	while (fscanf(hints, "%255s", word) == 1)
		if (address_from_text(word, strlen(word), &address))
			look_at(&address, vantage);
	fclose(hints);
}

void
vantage_look(const struct options *options, struct vantage *vantage)
{
	/* Two of the root name servers, both families (a and k). */
	static const char *const roots[] = {
		"198.41.0.4", "193.0.14.129",
		"2001:503:ba3e::2:30", "2001:7fd::1",
	};
	struct address address;

	*vantage = (struct vantage){ 0 };
	if (options->root_hints != NULL)
		look_at_hints(options->root_hints, vantage);
	else
		for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
			if (address_from_text(roots[i], strlen(roots[i]),
			    &address))
				look_at(&address, vantage);
	for (size_t i = 0; i < options->allow_network.count; i++)
		look_at(&options->allow_network.prefixes[i].base, vantage);
	vantage->has_ipv4 = vantage->route_ipv4 && !options->ipv6_only;
	vantage->has_ipv6 = vantage->route_ipv6 && !options->ipv4_only;
}

const char *
vantage_ca_file(const struct options *options)
{
	return options->ca_file != NULL ? options->ca_file : SYSTEM_CA_FILE;
}
