#include "scanner/coordinator/input.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/buffer.h"

#define READ_BYTES	(64 * 1024)
#define LINE_MAX_BYTES	(64 * 1024)

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* `12,example.com` gives 12 and moves *text behind the comma. */
static uint64_t
take_rank(const char **text, size_t *length)
{
	uint64_t rank = 0;
	size_t i = 0;

	while (i < *length && i < 18 && isdigit((unsigned char)(*text)[i]))
		rank = rank * 10 + (uint64_t)((*text)[i++] - '0');
	if (i == 0 || i == *length || (*text)[i] != ',')
		return 0;
	*text += i + 1;
	*length -= i + 1;
	return rank;
}

static void
on_line(const struct input_sink *sink, const char *text, size_t length,
    uint64_t line)
{
	uint64_t rank;

	while (length > 0 && is_blank(text[0])) {
		text++;
		length--;
	}
	while (length > 0 && is_blank(text[length - 1]))
		length--;
	if (length == 0 || text[0] == '#')
		return;
	rank = take_rank(&text, &length);
	sink->on_name(sink->tag, text, length, line, rank);
}

bool
input_read(int descriptor, const struct input_sink *sink)
{
	struct buffer left = { 0 };
	uint64_t line = 1;
	bool too_long = false;
	ssize_t got;

	for (;;) {
		char *start, *end, *newline;

		got = read(descriptor, buffer_reserve(&left, READ_BYTES),
		    READ_BYTES);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		left.length += (size_t)got;
		start = (char *)left.bytes;
		end = start + left.length;
		while ((newline = memchr(start, '\n',
		    (size_t)(end - start))) != NULL) {
			if (!too_long)
				on_line(sink, start, (size_t)(newline - start),
				    line);
			too_long = false;
			line++;
			start = newline + 1;
		}
		buffer_consume(&left, (size_t)(start - (char *)left.bytes));
		if (left.length > LINE_MAX_BYTES) {
			if (!too_long)
				sink->on_reject(sink->tag, REJECT_TOO_LARGE,
				    line, (char *)left.bytes, 256);
			too_long = true;
			left.length = 0;
		}
	}
	if (got == 0 && left.length > 0 && !too_long)
		on_line(sink, (char *)left.bytes, left.length, line);
	buffer_fini(&left);
	return got == 0;
}
