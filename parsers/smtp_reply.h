/*
 * smtp_reply: a push parser of SMTP replies (RFC 5321 section 4.2).
 *
 * Bytes go in as they come. It says when it has one whole (multi-line) reply,
 * and takes no byte after it. Bounds (RULES S1 to S4): 4,096 bytes per line,
 * 100 lines and 64 KiB per reply. Its only memory is this struct, which does
 * not grow.
 */
#ifndef MXCENSUS_PARSERS_SMTP_REPLY_H
#define MXCENSUS_PARSERS_SMTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SMTP_REPLY_LINE_MAX	4096	/* bytes with the line end */
#define SMTP_REPLY_LINES_MAX	100	/* this many are an error (S3) */
#define SMTP_REPLY_BYTES_MAX	65536	/* likewise */
#define SMTP_REPLY_TEXT_MAX	1024	/* of the text kept for the tables */

enum smtp_reply_status {
	SMTP_REPLY_MORE,	/* not whole yet */
	SMTP_REPLY_DONE,
	SMTP_REPLY_ERROR,	/* not a reply, or over a bound */
};

enum smtp_reply_flag {		/* what is odd about the reply: bits */
	SMTP_REPLY_LONG		= 1 << 0,	/* a line over 512 bytes */
	SMTP_REPLY_BARE_LF	= 1 << 1,
	SMTP_REPLY_HOSTILE	= 1 << 2,	/* NUL, control or 8-bit byte */
};

/* EHLO keywords that matter here, or-ed; never from the first line (S7). */
enum smtp_capability {
	SMTP_STARTTLS		= 1 << 0,	/* S8: case-insensitive, whole word */
	SMTP_STRIPPED		= 1 << 1,	/* S9: XXXXXXXA, or X's in its place */
	SMTP_PIPELINING		= 1 << 2,
	SMTP_REQUIRETLS		= 1 << 3,
};

struct smtp_reply {
	unsigned	code;		/* 200 to 599 */
	unsigned	lines;
	unsigned	flags;
	unsigned	capabilities;	/* of a reply to EHLO; otherwise without
					 * meaning */
	size_t		bytes;
	/* Text of the lines without codes, joined by '\n', raw bytes. */
	size_t		text_length;
	uint8_t		text[SMTP_REPLY_TEXT_MAX];
	/* The line being read: private. */
	size_t		line_length;
	uint8_t		line[SMTP_REPLY_LINE_MAX];
};

void	smtp_reply_init(struct smtp_reply *);
/* Takes bytes up to the end of the reply. *taken says how many. After DONE or
 * ERROR call smtp_reply_init before the next reply. */
enum smtp_reply_status smtp_reply_push(struct smtp_reply *,
	    const uint8_t *bytes, size_t length, size_t *taken);

#endif
