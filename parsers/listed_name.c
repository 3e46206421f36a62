#include "parsers/listed_name.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "parsers/prefix.h"

/* A piece of an entry. */
struct piece {
	const char	*text;
	size_t		 length;
};

static bool
has(const struct piece *piece, char byte)
{
	return memchr(piece->text, byte, piece->length) != NULL;
}

static bool
has_blank(const struct piece *piece)
{
	for (size_t i = 0; i < piece->length; i++)
		if ((unsigned char)piece->text[i] <= ' ')
			return true;
	return false;
}

/* Counts the bytes at the beginning for which `is` holds. */
static size_t
span(const struct piece *piece, int (*is)(int))
{
	size_t i = 0;

	while (i < piece->length && is((unsigned char)piece->text[i]))
		i++;
	return i;
}

static void
skip(struct piece *piece, size_t bytes)
{
	piece->text += bytes;
	piece->length -= bytes;
}

/* Cuts the piece before the first of these bytes. Returns true if there is
 * one. */
static bool
cut_at(struct piece *piece, const char *bytes)
{
	for (size_t i = 0; i < piece->length; i++)
		if (piece->text[i] != '\0' &&
		    strchr(bytes, piece->text[i]) != NULL) {
			piece->length = i;
			return true;
		}
	return false;
}

static bool
is_wrapped_in(const struct piece *piece, char first, char last)
{
	return piece->length >= 2 && piece->text[0] == first &&
	    piece->text[piece->length - 1] == last;
}

static void
unwrap(struct piece *piece)
{
	piece->text++;
	piece->length -= 2;
}

/* Names ******************************************************************* */

static enum reject
reject_of(enum name_error error)
{
	switch (error) {
	case NAME_TOO_LONG:
		return REJECT_NAME_TOO_LONG;
	case NAME_LABEL_TOO_LONG:
		return REJECT_LABEL_TOO_LONG;
	case NAME_EMPTY_LABEL:
		return REJECT_EMPTY_LABEL;
	case NAME_CONTROL_BYTE:
		return REJECT_CONTROL_BYTE;
	case NAME_IDNA:
		return REJECT_IDNA;
	default:
		return REJECT_SYNTAX;
	}
}

/* Is the piece a domain by itself? If so its name is in `listed`. */
static bool
take_name(const struct piece *piece, struct listed_name *listed)
{
	enum name_error error = name_from_input(piece->text, piece->length,
	    listed->wire, &listed->length);

	if (error == NAME_OK && name_is_host(listed->wire))
		return true;
	listed->reason = reject_of(error);
	listed->length = 0;
	return false;
}

/* Takes the name from an entry of this kind, if it has one. */
static void
take_inside(const struct piece *piece, enum reject reason, bool is_certain,
    struct listed_name *listed)
{
	listed->has_name = take_name(piece, listed);
	listed->is_certain = listed->has_name && is_certain;
	listed->reason = reason;
}

/* Addresses *************************************************************** */

static int
is_number_byte(int byte)
{
	return isdigit(byte) || byte == '.';
}

static int
is_address_byte(int byte)
{
	return isxdigit(byte) || byte == ':' || byte == '.';
}

/* Is it 127.0.0.1 or, as inet_aton() takes it, 127.1? */
static bool
is_dotted(const struct piece *piece)
{
	size_t dots = 0, length = piece->length;

	if (length > 1 && piece->text[length - 1] == '.')
		length--;
	if (span(piece, is_number_byte) != piece->length)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (piece->text[i] != '.')
			continue;
		if (i == 0 || piece->text[i - 1] == '.' || i + 1 == length)
			return false;
		dots++;
	}
	return dots >= 1 && dots <= 3;
}

static size_t
count(const struct piece *piece, char byte)
{
	size_t found = 0;

	for (size_t i = 0; i < piece->length; i++)
		found += piece->text[i] == byte;
	return found;
}

/* Cuts the digits that follow the last colon. */
static void
cut_port(struct piece *piece)
{
	size_t end = piece->length;

	while (end > 0 && isdigit((unsigned char)piece->text[end - 1]))
		end--;
	if (end > 0 && piece->text[end - 1] == ':')
		piece->length = end - 1;
}

/* An address by itself, in brackets, with a port, a zone (RFC 4007 11) or the
 * length of a prefix. */
static bool
is_address(struct piece piece)
{
	struct address address;

	if (piece.length > 0 && piece.text[0] == '[') {
		cut_at(&piece, "]");
		skip(&piece, 1);
		if (piece.length > 5 && strncasecmp(piece.text, "IPv6:",
		    5) == 0)
			skip(&piece, 5);
	}
	cut_at(&piece, "%/");
	if (address_from_text(piece.text, piece.length, &address))
		return true;
	if (count(&piece, ':') >= 2)
		return span(&piece, is_address_byte) == piece.length;
	cut_port(&piece);
	return is_dotted(&piece);
}

/* What else there is ****************************************************** */

static int
is_scheme_byte(int byte)
{
	return isalnum(byte) || byte == '+' || byte == '-' || byte == '.';
}

/* RFC 3986 3: scheme, authority with user and port, path. */
static bool
take_url(struct piece piece, struct listed_name *listed)
{
	const char *mark = memmem(piece.text, piece.length, "://", 3);
	bool is_certain = !has_blank(&piece);
	const char *at;

	if (mark != NULL) {
		struct piece scheme = { piece.text,
		    (size_t)(mark - piece.text) };

		is_certain = is_certain && scheme.length > 0 &&
		    span(&scheme, is_scheme_byte) == scheme.length;
		skip(&piece, scheme.length + 3);
	} else if (piece.length > 2 && memcmp(piece.text, "//", 2) == 0) {
		skip(&piece, 2);
	} else {
		return false;
	}
	cut_at(&piece, "/?#\\");
	at = memrchr(piece.text, '@', piece.length);
	if (at != NULL)
		skip(&piece, (size_t)(at - piece.text) + 1);
	cut_port(&piece);
	take_inside(&piece, REJECT_URL, is_certain, listed);
	return true;
}

/* `post@a.example`, `<post@a.example>`, `mailto:post@a.example?subject=x`. */
static bool
take_mailbox(struct piece piece, struct listed_name *listed)
{
	bool is_certain = !has_blank(&piece);
	const char *at;

	if (!has(&piece, '@'))
		return false;
	if (is_wrapped_in(&piece, '<', '>'))
		unwrap(&piece);
	if (piece.length > 7 && strncasecmp(piece.text, "mailto:", 7) == 0) {
		skip(&piece, 7);
		cut_at(&piece, "?");
	}
	at = memchr(piece.text, '@', piece.length);
	is_certain = is_certain && at != NULL && at > piece.text;
	if (at != NULL)
		skip(&piece, (size_t)(at - piece.text) + 1);
	take_inside(&piece, REJECT_MAILBOX, is_certain, listed);
	return true;
}

static bool
take_wildcard(struct piece piece, struct listed_name *listed)
{
	if (piece.length == 0 || piece.text[0] != '*' ||
	    (piece.length > 1 && piece.text[1] != '.'))
		return false;
	skip(&piece, piece.length > 1 ? 2 : 1);
	take_inside(&piece, REJECT_WILDCARD, false, listed);
	return true;
}

/* `a.example/page`. */
static bool
take_path(struct piece piece, struct listed_name *listed)
{
	bool is_certain = !has_blank(&piece);

	if (!cut_at(&piece, "/") || !take_name(&piece, listed))
		return false;
	take_inside(&piece, REJECT_URL, is_certain, listed);
	return true;
}

/* A name with something after it: `a.example:25`, a record with separators. */
static bool
take_first(struct piece piece, struct listed_name *listed)
{
	if (!cut_at(&piece, ":;,|") || !take_name(&piece, listed))
		return false;
	take_inside(&piece, REJECT_SYNTAX, false, listed);
	return true;
}

/* ************************************************************************* */

/* Strips a comma and quotes around an entry. */
static bool
peel(struct piece *piece)
{
	if (piece->length > 1 && piece->text[piece->length - 1] == ',' &&
	    piece->text[piece->length - 2] != ',')
		piece->length--;
	else if (is_wrapped_in(piece, '"', '"') ||
	    is_wrapped_in(piece, '\'', '\''))
		unwrap(piece);
	else
		return false;
	return true;
}

void
listed_name_read(const char *text, size_t length, struct listed_name *listed)
{
	struct piece whole = { text, length }, piece = whole;
	bool is_peeled = false;

	*listed = (struct listed_name){ 0 };
	listed->is_name = take_name(&whole, listed);
	if (listed->is_name)
		return;
	while (peel(&piece))
		is_peeled = true;
	if (is_peeled && take_name(&piece, listed)) {
		take_inside(&piece, REJECT_SYNTAX, true, listed);
		return;
	}
	if (take_url(piece, listed) || take_mailbox(piece, listed) ||
	    take_wildcard(piece, listed))
		return;
	if (is_address(piece)) {
		listed->reason = REJECT_ADDRESS;
		return;
	}
	if (take_path(piece, listed) || take_first(piece, listed))
		return;
	(void)take_name(&whole, listed);
}

void
listed_name_explain(const struct listed_name *listed,
    char why[LISTED_NAME_WHY_MAX])
{
	static const char *const whats[REJECT_COUNT] = {
		[REJECT_URL] = "a URL", [REJECT_MAILBOX] = "a mailbox",
		[REJECT_WILDCARD] = "a wildcard",
		[REJECT_ADDRESS] = "an address, not a domain name",
		[REJECT_NAME_TOO_LONG] = "not a domain name: it has more than "
		    "253 bytes",
		[REJECT_LABEL_TOO_LONG] = "not a domain name: a label has more "
		    "than 63 bytes",
		[REJECT_EMPTY_LABEL] = "not a domain name: a label is empty",
		[REJECT_CONTROL_BYTE] = "not a domain name: it has a blank or "
		    "a control character",
		[REJECT_IDNA] = "not a domain name: it has no ASCII form (UTS "
		    "46)",
	};
	const char *what = whats[listed->reason];
	char name[NAME_TEXT_MAX];

	if (what == NULL)
		what = "no domain name";
	if (listed->has_name) {
		name_to_text(listed->wire, name);
		snprintf(why, LISTED_NAME_WHY_MAX, "%s; did you mean %s?",
		    what, name);
	} else {
		snprintf(why, LISTED_NAME_WHY_MAX, "%s", what);
	}
}
