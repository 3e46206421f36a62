/* names: decides for which names a public CA issues certificates. It is a part
 * of advice. */
#include <string.h>
#include <strings.h>

#include "scanner/commands/check/advice.h"

/* Top-level names that do not exist in the public DNS (RFC 2606, 6761, 6762,
 * 7686, 8375, and internal, which ICANN has reserved for private use). */
static bool
is_private(const char *host)
{
	static const char *const tops[] = {
		"local", "localhost", "test", "invalid", "example", "onion",
		"internal", "home.arpa", "alt", "localdomain", "lan", "home",
		"corp", "mail",
	};
	size_t length = strlen(host);

	for (size_t i = 0; i < sizeof tops / sizeof tops[0]; i++) {
		size_t of_top = strlen(tops[i]);

		if (length >= of_top && strcasecmp(host + length - of_top,
		    tops[i]) == 0 && (length == of_top ||
		    host[length - of_top - 1] == '.'))
			return true;
	}
	return strchr(host, '.') == NULL;
}

static bool
is_host_name(const char *name)
{
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") ==
	    strlen(name);
}

bool
check_has_public_ca(const char *host)
{
	return !is_private(host) && is_host_name(host);
}

/* Writes "dns:a ip:192.0.2.1" as "a, the address 192.0.2.1". */
void
check_put_names(const char *names, struct buffer *text)
{
	const char *between = "";

	while (*names != '\0') {
		size_t length = strcspn(names, " ");
		bool is_address = strncmp(names, "ip:", 3) == 0;
		size_t prefix = is_address ? 3
		    : strncmp(names, "dns:", 4) == 0 ? 4 : 0;

		buffer_printf(text, "%s%s%.*s", between,
		    is_address ? "the address " : "", (int)(length - prefix),
		    names + prefix);
		between = ", ";
		names += length + (names[length] == ' ');
	}
}

void
check_put_certificate(const char *host, struct buffer *text)
{
	const char *dot = strchr(host, '.');

	if (check_has_public_ca(host)) {
		buffer_printf(text, "Get one for %s from a public CA", host);
	} else if (!is_private(host) && dot != NULL && is_host_name(dot) &&
	    strchr(dot + 1, '.') != NULL) {
		/* RFC 6125 6.4.3: the wildcard replaces the whole label. */
		buffer_printf(text, "No public CA issues one for %s, since an "
		    "underscore is in no host name: give the MX host another "
		    "name, or get one for *%s", host, dot);
	} else {
		buffer_printf(text, "No public CA issues one for %s: give the "
		    "MX host a public name first", host);
	}
}
