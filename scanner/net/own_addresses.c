#include "scanner/net/own_addresses.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "scanner/base/memory.h"

#define LINE_MAX_BYTES 512

bool
own_addresses_contains(const struct own_addresses *own,
    const struct address *address)
{
	for (size_t i = 0; i < own->count; i++)
		if (address_compare(&own->addresses[i], address) == 0)
			return true;
	return false;
}

static void
add(struct own_addresses *own, uint8_t family, const void *bytes)
{
	struct address address = { .family = family };

	memcpy(address.bytes, bytes, family == 4 ? 4 : 16);
	if (own_addresses_contains(own, &address))
		return;
	own->addresses = xrealloc(own->addresses,
	    (own->count + 1) * sizeof *own->addresses);
	own->addresses[own->count++] = address;
}

static void
add_interfaces(struct own_addresses *own)
{
	struct ifaddrs *all = NULL;

	if (getifaddrs(&all) != 0)
		return;
	for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next)
	{
		const void *any = one->ifa_addr;

		if (any == NULL)
			continue;
		if (one->ifa_addr->sa_family == AF_INET)
			add(own, 4, &((const struct sockaddr_in *)any)->
			    sin_addr);
		else if (one->ifa_addr->sa_family == AF_INET6)
			add(own, 6, &((const struct sockaddr_in6 *)any)->
			    sin6_addr);
	}
	freeifaddrs(all);
}

/* Interface, destination, gateway, flags, more; numbers are hexadecimal. The
 * kernel prints a gateway as the number that its four bytes are in memory. */
void
own_addresses_add_ipv4(struct own_addresses *own, FILE *routes)
{
	char line[LINE_MAX_BYTES];

	while (fgets(line, sizeof line, routes) != NULL) {
		unsigned gateway, flags;
		uint32_t bytes;

		if (sscanf(line, "%*s %*x %x %x", &gateway, &flags) != 2 ||
		    (flags & RTF_GATEWAY) == 0)
			continue;
		bytes = gateway;
		add(own, 4, &bytes);
	}
}

/* Destination and length, source and length, gateway, metric, two counts,
 * flags, interface; hexadecimal. */
void
own_addresses_add_ipv6(struct own_addresses *own, FILE *routes)
{
	char line[LINE_MAX_BYTES];

	while (fgets(line, sizeof line, routes) != NULL) {
		char gateway[33];
		uint8_t bytes[16];
		unsigned flags;

		if (sscanf(line, "%*s %*x %*s %*x %32[0-9a-f] %*x %*x %*x %x",
		    gateway, &flags) != 2 || (flags & RTF_GATEWAY) == 0 ||
		    strlen(gateway) != 32)
			continue;
		for (size_t i = 0; i < sizeof bytes; i++) {
			const char digits[3] = {
				gateway[2 * i], gateway[2 * i + 1], '\0',
			};

			bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
		}
		add(own, 6, bytes);
	}
}

static void
add_routes(struct own_addresses *own, const char *path,
    void (*add_from)(struct own_addresses *, FILE *))
{
	FILE *routes = fopen(path, "re");

	if (routes == NULL)
		return;
	add_from(own, routes);
	fclose(routes);
}

void
own_addresses_read(struct own_addresses *own)
{
	add_interfaces(own);
	add_routes(own, "/proc/net/route", own_addresses_add_ipv4);
	add_routes(own, "/proc/net/ipv6_route", own_addresses_add_ipv6);
}

void
own_addresses_fini(struct own_addresses *own)
{
	free(own->addresses);
	*own = (struct own_addresses){ 0 };
}
