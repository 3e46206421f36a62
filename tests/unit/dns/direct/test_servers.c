/* Which addresses of a delegation are asked, and in which order (servers.h). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "scanner/dns/direct/servers.h"

/* Servers are written as "4a 6b | 4c": addresses by family and last byte. */
static void
put_servers(struct buffer *servers, const char *text)
{
	const char *end;

	for (; text != NULL; text = *end == '|' ? end + 1 : NULL) {
		struct buffer glue = { 0 };
		unsigned count = 0;

		end = text + strcspn(text, "|");
		for (; text < end; text++) {
			struct address address = { 0 };

			if (*text != '4' && *text != '6')
				continue;
			address.family = (uint8_t)(*text - '0');
			address.bytes[address.family == 4 ? 3 : 15] =
			    (uint8_t)text[1];
			address_put(&glue, &address);
			count++;
		}
		wire_put_text(servers, "ns.example");
		wire_put_number(servers, count, 1);
		buffer_append(servers, glue.bytes, glue.length);
		buffer_fini(&glue);
	}
}

/* The tag has the last bytes that may not be asked. */
static bool
may_ask(void *tag, const struct address *address)
{
	return strchr(tag, address->bytes[address->family == 4 ? 3 : 15]) ==
	    NULL;
}

static void
order(void **state)
{
	static const struct {
		const char *servers;
		unsigned first;
		char forbidden[4];
		const char *chosen;
	} cases[] = {
		{ "4a|4b", 0, "", "ab" },
		{ "4a|4b", 1, "", "ba" },
		{ "4a|4b|4c", 1, "", "bca" },
		/* One of each server, then the further ones. */
		{ "4a 4b|4c", 0, "", "acb" },
		{ "4a 4b|4c 4d|4e", 2, "", "eacb" },
		/* IPv4 of a server before its IPv6. */
		{ "6a 4b|4c", 0, "", "bca" },
		{ "6a|4b", 0, "", "ab" },
		/* At most four. */
		{ "4a|4b|4c|4d|4e", 0, "", "abcd" },
		{ "4a 4b 4c 4d 4e", 0, "", "abcd" },
		/* What may not be asked does not count. */
		{ "4a|4b", 0, "a", "b" },
		{ "4a 4b|4c", 0, "a", "bc" },
		{ "4a 6b", 0, "a", "b" },
		{ "4a|4b", 0, "ab", "" },
		/* Two names of one address. */
		{ "4a|4a|4b", 0, "", "ab" },
		/* Without glue. */
		{ "|", 0, "", "" },
		{ "|4b", 0, "", "b" },
		{ "4a||4c", 1, "", "ca" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buffer servers = { 0 };
		struct address chosen[SERVERS_ASKED_MAX];
		struct delegation delegation = { .first = cases[i].first };
		char text[SERVERS_ASKED_MAX + 1] = "";
		char forbidden[4];
		unsigned count;

		memcpy(forbidden, cases[i].forbidden, sizeof forbidden);
		put_servers(&servers, cases[i].servers);
		delegation.servers = servers.bytes;
		delegation.length = servers.length;
		count = servers_choose(&delegation, may_ask, forbidden,
		    chosen);
		for (unsigned c = 0; c < count; c++)
			text[c] = (char)chosen[c].bytes[chosen[c].family == 4
			    ? 3 : 15];
		if (strcmp(text, cases[i].chosen) != 0)
			fail_msg("%s: %s", cases[i].servers, text);
		buffer_fini(&servers);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
