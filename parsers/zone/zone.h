/*
 * zone: master files (RFC 1035 section 5, RFC 2308 $TTL, RFC 3597) and the
 * files of CZDS, a push parser: bytes in, records out.
 *
 * One parser reads one stream. Its memory is bounded and does not depend on the
 * input; it allocates when it is made and never for a record. It reports a
 * fault to on_error, with line and column, and continues at the next entry, so
 * that one bad line costs one line (RULES I8).
 *
 * The default class is IN; entries of other classes are skipped. After an entry
 * that is TOO_LARGE, reading continues at the next line, with no owner in
 * force; after a bad $ORIGIN no origin is known.
 *
 * To be fast on large zone files, it only checks the grammar of entries of
 * types that nobody asked for (NSEC, NSEC3, RRSIG of types other than DS, ...),
 * and does not decode them.
 */
#ifndef MXCENSUS_PARSERS_ZONE_ZONE_H
#define MXCENSUS_PARSERS_ZONE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/name.h"

#define ZONE_ENTRY_MAX		(256 * 1024)	/* bytes; over it: TOO_LARGE */
#define ZONE_GENERATE_MAX	65536		/* RULES I3 */
#define ZONE_INCLUDE_MAX	8		/* files deep, RULES I2 */
#define ZONE_ERROR_TEXT_MAX	256		/* bytes of an entry in on_error */
/* Bytes of an RRSIG: 18, the signer, and a signature of RSA of 4096 bits. */
#define ZONE_SIGNATURE_MAX	(18 + NAME_WIRE_MAX + 512)

enum zone_error {
	ZONE_SYNTAX,
	ZONE_NAME_TOO_LONG,
	ZONE_LABEL_TOO_LONG,
	ZONE_EMPTY_LABEL,
	ZONE_CONTROL_BYTE,
	ZONE_INCLUDE_REFUSED,	/* no on_include, or it said no (I2) */
	ZONE_GENERATE_LIMIT,	/* I3 */
	ZONE_TOO_LARGE,
	ZONE_NO_ORIGIN,		/* a relative name, and no origin known */
	ZONE_UNFINISHED,	/* end of input inside quotes or parentheses */
};

/* The RDATA of the decoded types. `type` says which member is set. */
struct zone_record {
	const uint8_t	*owner;		/* canonical wire form */
	size_t		 owner_length;
	uint16_t	 type;		/* the decoded ones: NS DS A AAAA SOA,
					 * and RRSIG that covers DS */
	uint32_t	 ttl;		/* seconds: its own TTL, else $TTL, else
					 * the last one stated, else 0 */
	uint64_t	 line;		/* on which the entry begins, from 1 */
	union {
		struct {
			const uint8_t	*name;		/* wire form */
			size_t		 length;
		} ns;
		struct {
			uint16_t	 key_tag;
			uint8_t		 algorithm, digest_type;
			uint8_t		 digest[64];
			size_t		 digest_length;	/* over 64: cut */
		} ds;
		struct {
			const uint8_t	*bytes;		/* RDATA, canonical */
			size_t		 length;	/* over
							 * ZONE_SIGNATURE_MAX:
							 * cut */
		} signature;
		uint8_t		 address[16];		/* A: 4 bytes, AAAA: 16 */
		struct {
			uint32_t	 serial;
		} soa;
	} rdata;
};

/* A record of class IN and of any type, with its RDATA as text. */
struct zone_data {
	const uint8_t	*owner;		/* canonical wire form */
	size_t		 owner_length;
	const uint8_t	*origin;	/* in wire form, of names in the text; NULL:
					 * none is known */
	uint16_t	 type;
	uint32_t	 ttl;		/* as in struct zone_record */
	/* Words with blanks between them, on one line and without comments and
	 * parentheses; they have quotes where the file has them. NULL: a line
	 * end is inside quotes. */
	const char	*text;
	size_t		 length;
	const struct zone_record *record;	/* the same, decoded; NULL: it
						 * is not */
};

struct zone_handler {
	void	*tag;
	/* A record of a decoded type and class IN. Valid until it returns. */
	void	(*on_record)(void *tag, const struct zone_record *);
	/* Reports an entry that was dropped. `text` is the beginning of the
	 * entry, raw. Line and column count from 1 and say where the fault
	 * is. */
	void	(*on_error)(void *tag, enum zone_error, uint64_t line,
		    unsigned column, const char *text, size_t length);
	/* Handles $INCLUDE: hands the file's bytes to zone_push of the same
	 * parser, from inside this call, and returns true. If it returns false,
	 * before it has pushed anything, the file is refused. If this is NULL,
	 * every file is refused; so is a file that is more than
	 * ZONE_INCLUDE_MAX deep. Lines count from 1 in the file, which ends
	 * when the function returns. Then origin, owner and TTL of the
	 * including file are in force again (RFC 1035 5.1). `path` is
	 * unescaped, ends in a NUL (not counted), and is valid throughout. */
	bool	(*on_include)(void *tag, const char *path, size_t length);
	/* Gets every good record of class IN, also those that on_record gets.
	 * Valid until it returns. It may be NULL. */
	void	(*on_data)(void *tag, const struct zone_data *);
};

struct zone_parser;

/* `origin` is in wire form. It is NULL if the file must say it ($ORIGIN, or
 * only absolute names). If the first owner of an SOA record in the file is
 * absolute, it gives the apex. */
struct zone_parser *zone_parser_new(const struct zone_handler *,
	    const uint8_t *origin);
void	zone_parser_free(struct zone_parser *);
/* Takes bytes as they come, cut anywhere. */
void	zone_push(struct zone_parser *, const char *bytes, size_t length);
/* Ends the input: reads a last entry without a line end, and reports an
 * unfinished entry. */
void	zone_finish(struct zone_parser *);

/* Return what is known so far. The apex is the owner of the first SOA record,
 * and NULL before that record. */
const uint8_t *zone_apex(const struct zone_parser *);
/* Counts the good entries that are records, of all types and classes. */
uint64_t zone_entries(const struct zone_parser *);
/* Counts the SOA records of class IN. A CZDS file begins and ends with one
 * (I5). */
uint64_t zone_soa_count(const struct zone_parser *);

/* "syntax", "name_too_long", ...: the values of rejects.reason in
 * docs/schema.md, where it has one. */
const char *zone_error_text(enum zone_error);

#endif
