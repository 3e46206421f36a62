#include "parsers/root_files.h"

#include <string.h>
#include <strings.h>

#include "parsers/dns_message.h"
#include "parsers/zone/zone.h"
#include "scanner/base/keyset.h"

/* Hints ******************************************************************* */

struct hints {
	struct keyset	*servers;	/* of the root */
	bool		 has_server, has_address;
};

static void
on_server(void *tag, const struct zone_record *record)
{
	struct hints *hints = tag;

	if (record->type != DNS_NS || record->owner_length != 1)
		return;
	hints->has_server = true;
	(void)keyset_add(hints->servers, record->rdata.ns.name,
	    record->rdata.ns.length);
}

static void
on_address(void *tag, const struct zone_record *record)
{
	struct hints *hints = tag;

	if ((record->type == DNS_A || record->type == DNS_AAAA) &&
	    keyset_has(hints->servers, record->owner, record->owner_length))
		hints->has_address = true;
}

static void
on_error(void *tag, enum zone_error error, uint64_t line, unsigned column,
    const char *text, size_t length)
{
	(void)tag;
	(void)error;
	(void)line;
	(void)column;
	(void)text;
	(void)length;
}

static void
read_hints(struct hints *hints, const char *text, size_t length,
    void (*on_record)(void *, const struct zone_record *))
{
	static const uint8_t root[] = { 0 };
	const struct zone_handler handler = {
		.tag = hints, .on_record = on_record, .on_error = on_error,
	};
	struct zone_parser *parser = zone_parser_new(&handler, root);

	zone_push(parser, text, length);
	zone_finish(parser);
	zone_parser_free(parser);
}

const char *
root_hints_lack(const char *text, size_t length)
{
	struct hints hints = { .servers = keyset_new() };

	/* An address can come before the NS record that it belongs to. */
	read_hints(&hints, text, length, on_server);
	read_hints(&hints, text, length, on_address);
	keyset_free(hints.servers);
	if (!hints.has_server)
		return "no NS record of the root";
	return hints.has_address ? NULL
	    : "no A or AAAA record of a name server of the root";
}

/* Anchors ***************************************************************** */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts the next word off the front of a line. Returns false at its end. */
static bool
take_word(const char **at, const char *end, const char **word, size_t *length)
{
	while (*at < end && is_blank(**at))
		++*at;
	*word = *at;
	while (*at < end && !is_blank(**at))
		++*at;
	*length = (size_t)(*at - *word);
	return *length > 0;
}

static bool
is_word(const char *word, size_t length, const char *wanted)
{
	return length == strlen(wanted) &&
	    strncasecmp(word, wanted, length) == 0;
}

/* `. 172800 IN DS 20326 8 2 E06D...`: root, type, and four fields of data. */
static bool
is_anchor(const char *at, const char *end)
{
	const char *word;
	size_t length, fields = 0;
	bool has_type = false;

	if (at == end || is_blank(*at) || !take_word(&at, end, &word, &length)
	    || !is_word(word, length, "."))
		return false;
	while (take_word(&at, end, &word, &length)) {
		fields += has_type;
		has_type = has_type || is_word(word, length, "DS") ||
		    is_word(word, length, "DNSKEY");
	}
	return fields >= 4;
}

const char *
trust_anchors_lack(const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		const char *line_end = stop != NULL ? stop : end;
		const char *comment = memchr(text, ';',
		    (size_t)(line_end - text));

		if (is_anchor(text, comment != NULL ? comment : line_end))
			return NULL;
		text = line_end + (stop != NULL);
	}
	return "no DS or DNSKEY record of the root";
}

bool
trust_anchors_are_of_root(const char *text, size_t length)
{
	bool at_start = true;

	for (size_t i = 0; i < length; i++) {
		bool is_root = text[i] == '.' && i + 1 < length &&
		    (text[i + 1] == ' ' || text[i + 1] == '\t');

		if (at_start && !is_root && strchr("; \t\r\n", text[i]) == NULL)
			return false;
		at_start = text[i] == '\n';
	}
	return true;
}
