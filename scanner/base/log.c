#include "scanner/base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/clock.h"

/* The environment variable with the form, for processes that are started by
 * exec. */
#define LOG_FORM	"MXCENSUS_LOG_FORM"

#define MESSAGE_MAX	2048
#define LINE_MAX_BYTES	4096	/* that a pipe takes as a whole (PIPE_BUF) */

enum level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_INFO };
static const char *const levels[] = { "error", "warning", "info" };

static enum log_form form;
static const char *process_name = "mxcensus";
static long process_id;
/* How many columns of the terminal's last line log_live() has written. */
static int live_columns;

int
exit_status_unread(int error)
{
	return error == ENOENT || error == ENOTDIR ? EXIT_INPUT : EXIT_OUTPUT;
}

/* The form ***************************************************************** */

/* systemd says which file the journal reads (JOURNAL_STREAM, systemd.exec(5)):
 * a service may have sent standard error elsewhere. */
static bool
is_journal(void)
{
	const char *text = getenv("JOURNAL_STREAM");
	uintmax_t device, inode;
	struct stat status;

	return text != NULL && sscanf(text, "%ju:%ju", &device, &inode) == 2 &&
	    fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device &&
	    status.st_ino == inode;
}

enum log_form
log_form_for_people(void)
{
	return isatty(STDERR_FILENO) || is_journal() ? LOG_PLAIN : LOG_TIMES;
}

void
log_begin(enum log_form wanted, const char *process)
{
	static const char *const texts[] = { "plain", "times", "json" };

	form = wanted;
	process_name = process;
	process_id = (long)getpid();
	/* Without memory the lines of workers stay plain. */
	(void)setenv(LOG_FORM, texts[form], 1);
}

void
log_become(const char *process)
{
	const char *text = getenv(LOG_FORM);

	if (text != NULL && strcmp(text, "times") == 0)
		form = LOG_TIMES;
	else if (text != NULL && strcmp(text, "json") == 0)
		form = LOG_JSON;
	process_name = process;
	process_id = (long)getpid();
}

/* Lines ******************************************************************** */

/* A line that is being made. What has no room is cut off. */
struct line {
	char	bytes[LINE_MAX_BYTES];
	size_t	length, most;
};

/* All of it or nothing, so that no character is cut. */
static void
put(struct line *line, const char *bytes, size_t length)
{
	if (length > line->most - line->length) {
		line->most = line->length;
		return;
	}
	memcpy(line->bytes + line->length, bytes, length);
	line->length += length;
}

static void
put_text(struct line *line, const char *text)
{
	put(line, text, strlen(text));
}

/* How many bytes the character takes that begins here; 0: it is not UTF-8
 * (RFC 3629), or it is a control character. */
static size_t
character(const unsigned char *at)
{
	size_t more = at[0] >= 0xf0 ? 3 : at[0] >= 0xe0 ? 2 : 1;
	uint32_t code = at[0] & (0x3fu >> more);

	if (at[0] < 0x80)
		return at[0] >= ' ' && at[0] != 0x7f;
	if (at[0] < 0xc2 || at[0] > 0xf4)
		return 0;
	for (size_t i = 1; i <= more; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (at[i] & 0x3fu);
	}
	/* C1 controls, overlong forms, surrogates, beyond Unicode. */
	if (code < 0xa0 || (more == 2 && code < 0x800) ||
	    (more == 3 && code < 0x10000) || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return more + 1;
}

static void
put_message(struct line *line, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at != '\0') {
		size_t length = character(at);
		char hex[8];

		if (length == 0) {
			snprintf(hex, sizeof hex, form == LOG_JSON ? "\\\\x%02x"
			    : "\\x%02x", *at);
			put_text(line, hex);
			length = 1;
		} else if (form == LOG_JSON && (*at == '"' || *at == '\\')) {
			put(line, (const char[]){ '\\', (char)*at }, 2);
		} else {
			put(line, (const char *)at, length);
		}
		at += length;
	}
}

static void
make_json(struct line *line, enum level level, const char *text)
{
	char at[CLOCK_TEXT_MAX], head[160];

	clock_text(clock_wall_ms(), at);
	snprintf(head, sizeof head, "{\"time\":\"%s\",\"level\":\"%s\","
	    "\"process\":\"%s\",\"pid\":%ld,\"message\":\"", at, levels[level],
	    process_name, process_id);
	put_text(line, head);
	line->most = sizeof line->bytes - sizeof "\"}\n";
	put_message(line, text);
	line->most = sizeof line->bytes;
	put_text(line, "\"}\n");
}

static void
make_text(struct line *line, enum level level, const char *text)
{
	char at[CLOCK_TEXT_MAX];

	if (live_columns > 0) {
		snprintf(line->bytes, sizeof line->bytes, "\r%*s\r",
		    live_columns < 1024 ? live_columns : 1024, "");
		line->length = strlen(line->bytes);
	}
	if (form == LOG_TIMES) {
		clock_text(clock_wall_ms(), at);
		put_text(line, at);
		put_text(line, " ");
	}
	put_text(line, "mxcensus: ");
	if (level == LEVEL_WARNING)
		put_text(line, "warning: ");
	line->most = sizeof line->bytes - 1;
	put_message(line, text);
	line->most = sizeof line->bytes;
	put_text(line, "\n");
}

/* Each line is one write, since several processes share standard error. */
static void
tell(enum level level, const char *format, va_list arguments)
{
	struct line line = { .most = sizeof line.bytes };
	char text[MESSAGE_MAX];

	vsnprintf(text, sizeof text, format, arguments);
	if (form == LOG_JSON)
		make_json(&line, level, text);
	else
		make_text(&line, level, text);
	(void)fwrite(line.bytes, 1, line.length, stderr);
	live_columns = 0;
}

void
log_line(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	tell(LEVEL_ERROR, format, arguments);
	va_end(arguments);
}

void
log_warning(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	tell(LEVEL_WARNING, format, arguments);
	va_end(arguments);
}

void
log_info(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	tell(LEVEL_INFO, format, arguments);
	va_end(arguments);
}

void
log_live(const char *line)
{
	int columns = (int)strlen(line);
	int rest = live_columns > columns ? live_columns - columns : 0;

	if (columns > 0)
		fprintf(stderr, "\r%s%*s", line, rest, "");
	else if (live_columns > 0)
		fprintf(stderr, "\r%*s\r", live_columns, "");
	live_columns = columns;
}
