#include "parsers/smtp_reply.h"

#include <string.h>
#include <strings.h>

void
smtp_reply_init(struct smtp_reply *reply)
{
	reply->code = reply->lines = reply->flags = reply->capabilities = 0;
	reply->bytes = reply->text_length = reply->line_length = 0;
}

static bool
is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
is_letter(uint8_t byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

static bool
is_word(const uint8_t *word, size_t length, const char *keyword)
{
	return length == strlen(keyword) &&
	    strncasecmp((const char *)word, keyword, length) == 0;
}

/* S9: a middlebox can overwrite a keyword that it does not like with X's, with
 * at most one other letter at the end. */
static bool
is_stripped(const uint8_t *word, size_t length)
{
	size_t crosses = 0;

	while (crosses < length && word[crosses] == 'X')
		crosses++;
	return crosses >= 4 && (crosses == length ||
	    (crosses + 1 == length && is_letter(word[crosses])));
}

static void
note_keyword(struct smtp_reply *reply, const uint8_t *text, size_t length)
{
	size_t word = 0;

	while (word < length && text[word] != ' ')
		word++;
	if (is_word(text, word, "STARTTLS"))
		reply->capabilities |= SMTP_STARTTLS;
	else if (is_word(text, word, "PIPELINING"))
		reply->capabilities |= SMTP_PIPELINING;
	else if (is_word(text, word, "REQUIRETLS"))
		reply->capabilities |= SMTP_REQUIRETLS;
	else if (is_stripped(text, word))
		reply->capabilities |= SMTP_STRIPPED;
}

static void
keep_text(struct smtp_reply *reply, const uint8_t *text, size_t length)
{
	size_t room;

	if (reply->lines > 1 && reply->text_length < SMTP_REPLY_TEXT_MAX)
		reply->text[reply->text_length++] = '\n';
	room = SMTP_REPLY_TEXT_MAX - reply->text_length;
	if (length > room)
		length = room;
	memcpy(reply->text + reply->text_length, text, length);
	reply->text_length += length;
}

/* S4: a tab counts as white space, as in all implementations. */
static void
note_bytes(struct smtp_reply *reply, const uint8_t *line, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((line[i] < ' ' && line[i] != '\t') || line[i] >= 0x7f)
			reply->flags |= SMTP_REPLY_HOSTILE;
}

/* Reads a whole line without its end. */
static enum smtp_reply_status
end_line(struct smtp_reply *reply, const uint8_t *line, size_t length)
{
	unsigned code;
	bool is_last;

	note_bytes(reply, line, length);
	if (length < 3 || line[0] < '2' || line[0] > '5' ||
	    !is_digit(line[1]) || !is_digit(line[2]))
		return SMTP_REPLY_ERROR;
	code = (unsigned)(line[0] - '0') * 100 +
	    (unsigned)(line[1] - '0') * 10 + (unsigned)(line[2] - '0');
	if (length > 3 && line[3] != ' ' && line[3] != '-')
		return SMTP_REPLY_ERROR;
	if (reply->lines > 0 && code != reply->code)	/* S2 */
		return SMTP_REPLY_ERROR;
	is_last = length == 3 || line[3] == ' ';
	reply->code = code;
	if (++reply->lines >= SMTP_REPLY_LINES_MAX)	/* S3 */
		return SMTP_REPLY_ERROR;
	if (length > 3) {
		line += 4;
		length -= 4;
	} else {
		length = 0;
	}
	if (reply->lines > 1)				/* S7 */
		note_keyword(reply, line, length);
	keep_text(reply, line, length);
	return is_last ? SMTP_REPLY_DONE : SMTP_REPLY_MORE;
}

static enum smtp_reply_status
push_byte(struct smtp_reply *reply, uint8_t byte)
{
	size_t length;

	if (++reply->bytes >= SMTP_REPLY_BYTES_MAX)	/* S3 */
		return SMTP_REPLY_ERROR;
	if (byte != '\n') {
		/* S1: the line, with its end, fits in the bound. */
		if (reply->line_length >= SMTP_REPLY_LINE_MAX - 1)
			return SMTP_REPLY_ERROR;
		reply->line[reply->line_length++] = byte;
		return SMTP_REPLY_MORE;
	}
	length = reply->line_length;
	if (length + 1 > 512)
		reply->flags |= SMTP_REPLY_LONG;
	if (length > 0 && reply->line[length - 1] == '\r')
		length--;
	else
		reply->flags |= SMTP_REPLY_BARE_LF;
	reply->line_length = 0;
	return end_line(reply, reply->line, length);
}

enum smtp_reply_status
smtp_reply_push(struct smtp_reply *reply, const uint8_t *bytes, size_t length,
    size_t *taken)
{
	enum smtp_reply_status status = SMTP_REPLY_MORE;
	size_t i = 0;

	while (i < length && status == SMTP_REPLY_MORE)
		status = push_byte(reply, bytes[i++]);
	*taken = i;
	return status;
}
