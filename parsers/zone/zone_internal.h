/*
 * zone_internal: what the sources of the zone parser share.
 *
 *	zone.c		bytes to entries: cuts, bounds, the parser's life
 *	fast.c		the common line, in place and in one pass
 *	entry.c		any other entry: owner, TTL, class, type, directives
 *	token.c		tokens, numbers
 *	rdata.c		RDATA of the decoded types
 *	signature.c	RDATA of RRSIG
 *	data.c		RDATA of any type, as text
 *	generate.c	$GENERATE
 *	type.c		mnemonics of types
 *
 * An *entry* is a line, or the lines that parentheses or quotes hold together.
 */
#ifndef MXCENSUS_PARSERS_ZONE_ZONE_INTERNAL_H
#define MXCENSUS_PARSERS_ZONE_ZONE_INTERNAL_H

#include "parsers/zone/zone.h"

enum {
	ZONE_NS = 2, ZONE_A = 1, ZONE_SOA = 6, ZONE_AAAA = 28, ZONE_DS = 43,
	ZONE_RRSIG = 46,
};

#define ZONE_BLOCK		16	/* bytes, the fast path reads at once */
#define ZONE_DATE_DIGITS	14	/* YYYYMMDDHHmmSS */
#define ZONE_CLASS_IN		1
#define ZONE_GENERATED_MAX	(16 * 1024)	/* bytes, one generated entry */
/* Bytes of the words of an entry, with blanks: `""""` becomes `"" ""`. */
#define ZONE_WORDS_MAX		(2 * (size_t)ZONE_ENTRY_MAX)

/* A wire name. If the length is 0 it is not known. The fast path stores whole
 * blocks, so there is more room than a name needs. */
struct zone_name {
	uint8_t	bytes[NAME_WIRE_MAX + 2 * ZONE_BLOCK + 1];
	size_t	length;
};

/* The state of the search for the end of an entry. At its start all are
 * false. */
struct zone_frame {
	bool	in_quotes, in_parentheses, in_comment, is_escaped;
};

struct zone_ttl {
	uint32_t default_ttl;		/* $TTL */
	bool	 has_default;
	uint32_t last;			/* the last explicit one */
};

struct zone_parser {
	struct zone_handler	 handler;
	struct zone_name	 origin, apex;
	/* The owner in force, and room to read the next one beside it. */
	struct zone_name	 owners[2];
	unsigned		 owner;
	struct zone_name	 target;	/* NS, SOA: the name in the RDATA */
	uint8_t			 signature[ZONE_SIGNATURE_MAX];	/* RRSIG */
	struct zone_ttl		 ttl;
	uint64_t		 line;		/* where the next entry
						 * begins */
	uint64_t		 entry_line;	/* of the entry being read */
	uint64_t		 entries, soa_count;
	unsigned		 depth;		/* of $INCLUDE */
	bool			 is_skipping;	/* to the next line end */
	struct zone_frame	 frame;
	char			*pending;	/* the entry that a cut divides */
	size_t			 pending_length;
	char			*generated;
	char			*words;		/* of RDATA; NULL: not wanted */
};

/* A place in the text of one entry, and the fault found there, if any. */
struct zone_cursor {
	const char	*at, *end;
	bool		 in_parentheses;
	const char	*token;			/* without quotes */
	size_t		 length;
	bool		 is_quoted;
	enum zone_error	 error;
	const char	*fault;
};

enum zone_next { ZONE_TOKEN, ZONE_END, ZONE_FAULT };

/* entry.c */
void	zone_entry(struct zone_parser *, const char *text, size_t length);
/* Reads one entry that is not a directive. If it returns false, the cursor has
 * the fault. */
bool	zone_read_record(struct zone_parser *, struct zone_cursor *,
	    bool has_owner);
/* [TTL] [class] type, in any order that RFC 1035 allows. */
struct zone_fields {
	uint32_t ttl;
	bool	 has_ttl, has_class;
	uint16_t class, type;
};
bool	zone_read_fields(struct zone_cursor *, struct zone_fields *);
/* Reads the present token as a name below the origin. */
bool	zone_read_name(const struct zone_parser *, struct zone_cursor *,
	    struct zone_name *);
void	zone_report(struct zone_parser *, const struct zone_cursor *,
	    const char *text, size_t length);

/* token.c */
enum zone_next zone_next(struct zone_cursor *);
/* zone_word demands a next token without quotes; zone_end demands that there is
 * no further token. */
bool	zone_word(struct zone_cursor *);
bool	zone_end(struct zone_cursor *);
bool	zone_fail(struct zone_cursor *, enum zone_error, const char *fault);
bool	zone_ttl_value(const char *text, size_t length, uint32_t *);
bool	zone_number(const char *text, size_t length, uint32_t max, uint32_t *);

/* zone.c */
bool	zone_include(struct zone_parser *, const char *path, size_t length,
	    const struct zone_name *origin);

/* rdata.c: reads the rest of the entry and calls on_record. */
bool	zone_read_rdata(struct zone_parser *, struct zone_cursor *,
	    uint16_t type, uint32_t ttl, struct zone_record *);
void	zone_emit(struct zone_parser *, struct zone_record *, uint16_t type,
	    uint32_t ttl);
bool	zone_ipv4(const char *text, size_t length, uint8_t address[4]);
bool	zone_ipv6(const char *text, size_t length, uint8_t address[16]);
/* Reads pairs of hexadecimal digits; at most `room` bytes are stored, all are
 * counted. Returns false if a byte is not a digit, or one digit is left
 * over. */
bool	zone_hex(const char *text, size_t length, uint8_t *bytes, size_t room);

bool	zone_read_number(struct zone_cursor *, uint32_t max, uint32_t *);
bool	zone_read_algorithm(struct zone_cursor *, uint32_t *number);
/* Is the present token the mark of RDATA in hexadecimal digits (RFC 3597
 * 5)? */
bool	zone_is_unknown(const struct zone_cursor *);
/* Reads the words that are left in the entry as one hexadecimal text. The bytes
 * that do not fit are counted and dropped. */
bool	zone_read_hex(struct zone_cursor *, uint8_t *bytes, size_t room,
	    size_t *length);

/* signature.c: says whether the RRSIG whose RDATA comes next covers DS. */
bool	zone_covers_ds(struct zone_cursor);
/* Read its RDATA, as text and in wire form. */
/* The numbers of an RRSIG that covers DS. */
struct zone_signature {
	uint32_t	algorithm, labels, ttl, expiration, inception, tag;
};
/* Reads a date of 14 digits. False if it is none. */
bool	zone_read_date(const char *text, uint32_t *time);
/* Makes RDATA of these numbers, the signer in parser->target, and one word of
 * base64. False if the word is wrong. */
bool	zone_make_signature(struct zone_parser *, const struct zone_signature *,
	    const char *word, size_t length, struct zone_record *);
bool	zone_read_signature(struct zone_parser *, struct zone_cursor *,
	    struct zone_record *);
bool	zone_take_signature(struct zone_parser *, struct zone_record *,
	    const uint8_t *bytes, size_t length);

/* data.c: hand RDATA to on_data, which is not NULL: as it is on a simple line,
 * or from the cursor on, once the entry has been read and is good. The record
 * is NULL if it is not decoded. */
void	zone_emit_text(const struct zone_parser *, uint16_t type, uint32_t ttl,
	    const char *text, size_t length, const struct zone_record *);
void	zone_emit_words(struct zone_parser *, struct zone_cursor,
	    uint16_t type, uint32_t ttl, const struct zone_record *);

/* generate.c */
bool	zone_generate(struct zone_parser *, struct zone_cursor *);

/* fast.c: reads the simple lines from `at` on, but none after the line end
 * `last`, after which ZONE_BLOCK bytes can be read. Returns where it stopped:
 * the start of a line that is not simple, or past `last`. */
const char *zone_fast_lines(struct zone_parser *, const char *at,
	    const char *last);
/* Returns the first byte in [at, end) that is a line end, quote, parenthesis,
 * semicolon or backslash; `end` if there is none. */
const char *zone_find_special(const char *at, const char *end);

/* type.c: returns 0 if the text is not a type. Takes mnemonics in any case, and
 * TYPEnnn. */
uint16_t zone_type(const char *text, size_t length);

static inline bool
zone_is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static inline bool
zone_is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

#endif
