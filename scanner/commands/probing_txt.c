#include "scanner/commands/probing_txt.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "parsers/name.h"
#include "scanner/base/buffer.h"
#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/output.h"
#include "scanner/options/contact.h"
#include "scanner/options/options.h"

/* The fields are those of RFC 9116 (section 2.5), and Description of RFC 9511
 * (section 2.2), which is one line. */
#define TEXT_MAX	1000
static const char usual_description[] =
    "A survey of mail transport security (mxcensus). It looks up MX, TLSA, "
    "MTA-STS and TLSRPT records, fetches MTA-STS policies, and connects to mail "
    "servers to see whether they offer STARTTLS, and with which certificate. "
    "It sends no mail. The contact leaves out whoever asks for it.";

static bool
refuse(const char *option, const char *text, const char *why)
{
	log_line("--%s %s: %s", option, text, why);
	return false;
}

/* What has a meaning in a mailto URI is encoded (RFC 6068 section 2). */
static void
put_mailbox(struct buffer *out, const char *text)
{
	buffer_append_text(out, "mailto:");
	for (; *text != '\0'; text++)
		if (isalnum((unsigned char)*text) ||
		    strchr("-._~!$'()*+,:@", *text) != NULL)
			buffer_append_byte(out, (uint8_t)*text);
		else
			buffer_printf(out, "%%%02X", (unsigned char)*text);
}

static bool
put_contact(struct buffer *out, const char *text)
{
	if (!contact_is_good(text, 2))
		return refuse("contact", text,
		    "give an https URL or a mailbox");
	buffer_append_text(out, "Contact: ");
	if (contact_is_url(text))
		buffer_append_text(out, text);
	else
		put_mailbox(out, text);
	buffer_append_byte(out, '\n');
	return true;
}

/* RFC 5646 section 2.1, as far as tags look alike: subtags of one to eight
 * letters and digits, the first of two or three letters. */
static bool
is_language(const char *text, size_t length)
{
	size_t subtag = 0, first = 0;

	for (size_t i = 0; i <= length; i++) {
		if (i < length && isalnum((unsigned char)text[i])) {
			if (first == 0 && !isalpha((unsigned char)text[i]))
				return false;
			subtag++;
			continue;
		}
		if ((i < length && text[i] != '-') || subtag == 0 || subtag > 8)
			return false;
		if (first == 0 && (subtag < 2 || subtag > 3))
			return false;
		first = i;
		subtag = 0;
	}
	return true;
}

static bool
put_languages(struct buffer *out, const char *text)
{
	const char *at = text;

	buffer_append_text(out, "Preferred-Languages: ");
	for (;;) {
		size_t length;

		at += strspn(at, " ");
		length = strcspn(at, ", ");
		if (!is_language(at, length))
			return refuse("languages", text,
			    "give language tags, such as en, de");
		buffer_append(out, at, length);
		at += length;
		at += strspn(at, " ");
		if (*at == '\0')
			break;
		if (*at++ != ',')
			return refuse("languages", text,
			    "separate language tags by commas");
		buffer_append_text(out, ", ");
	}
	buffer_append_byte(out, '\n');
	return true;
}

/* jansson takes nothing else. */
static bool
is_utf8(const char *text)
{
	json_t *string = json_string(text);
	bool good = string != NULL;

	json_decref(string);
	return good;
}

static bool
put_description(struct buffer *out, const char *text)
{
	size_t length = strlen(text);

	if (length == 0 || length > TEXT_MAX ||
	    strspn(text, " ") == length)
		return refuse("description", text, "give a line of text, of "
		    "at most 1000 bytes");
	for (const char *at = text; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return refuse("description", text,
			    "give one line, without control characters");
	if (!is_utf8(text))
		return refuse("description", text, "give text in UTF-8");
	buffer_printf(out, "Description: %s\n", text);
	return true;
}

static bool
put_canonical(struct buffer *out, const char *ehlo)
{
	if (!name_is_smtp_domain(ehlo))
		return refuse("ehlo", ehlo, "give a fully qualified name of "
		    "this machine, such as scan.example.org");
	buffer_printf(out, "Canonical: https://%s/.well-known/probing.txt\n",
	    ehlo);
	return true;
}

/* Whole seconds, as the examples of the RFCs have it. */
static void
put_expires(struct buffer *out, int64_t ms)
{
	char text[CLOCK_TEXT_MAX];

	clock_text(ms, text);
	buffer_printf(out, "Expires: %.19sZ\n", text);
}

int
probing_txt_command(const struct options *options)
{
	const struct probing_options *probing = &options->probing;
	struct buffer out = { 0 };
	bool good = false;

	if (options->ehlo == NULL || options->contact == NULL) {
		log_line("say who you are: --ehlo NAME and --contact URL");
		return EXIT_USAGE;
	}
	buffer_append_text(&out,
	    "# Who sends these packets, and why (RFC 9511)\n");
	if (put_canonical(&out, options->ehlo) &&
	    put_contact(&out, options->contact)) {
		put_expires(&out, clock_wall_ms() +
		    (int64_t)probing->valid_for_ms);
		good = put_languages(&out, probing->languages) &&
		    put_description(&out, probing->description != NULL
		    ? probing->description : usual_description);
	}
	if (good)
		fputs(buffer_text(&out), stdout);
	buffer_fini(&out);
	if (!good)
		return EXIT_USAGE;
	return output_flush() ? EXIT_COMPLETE : EXIT_OUTPUT;
}
