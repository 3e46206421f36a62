/*
 * generate: random master files. A clean one uses all of the grammar that
 * libzscanner reads too, and has no faults; mutate() makes some.
 */
#ifndef MXCENSUS_TESTS_ZONE_GENERATE_H
#define MXCENSUS_TESTS_ZONE_GENERATE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "scanner/base/buffer.h"

struct dice {
	uint64_t state;
};

static inline unsigned
roll(struct dice *dice, unsigned below)
{
	dice->state = dice->state * 6364136223846793005u +
	    1442695040888963407u;
	return (unsigned)(dice->state >> 33) % below;
}

#define PICK(dice, array) \
	((array)[roll(dice, sizeof (array) / sizeof (array)[0])])

struct maker {
	struct dice	*dice;
	struct buffer	*to;
	bool		 is_open;	/* inside parentheses */
	bool		 was_opened;	/* once an entry: they do not nest */
	bool		 is_plain;	/* what ldns reads too */
	/* libzscanner takes no blank inside four digits of base64 ("pieces"),
	 * and a mutation may make one. */
	bool		 has_signatures;
};

static inline void
put_label(struct maker *maker)
{
	static const char *const odd[] = {
		"\\065b", "x\\.y", "\\032", "q\\;r", "\\200\\255", "\\\"",
		"\\(a\\)", "a\\\\", "_tcp", "xn--bcher-kva", "*", "UPPER",
		"123", "-a", "\\$x", "\\@", "in", "NS", "3600", "a/b",
	};
	unsigned length = 1 + roll(maker->dice, 12);

	if (roll(maker->dice, 5) == 0 && !maker->is_plain) {
		buffer_append_text(maker->to, PICK(maker->dice, odd));
		return;
	}
	if (roll(maker->dice, 40) == 0)
		length = 60 + roll(maker->dice, 4);
	for (unsigned i = 0; i < length; i++)
		buffer_append_byte(maker->to,
		    (uint8_t)('a' + roll(maker->dice, 26)));
}

static inline void
put_zone_name(struct maker *maker)
{
	static const char *const ends[] = { "", "", ".com.", ".net.", "." };

	if (roll(maker->dice, 12) == 0) {
		buffer_append_byte(maker->to, '@');
		return;
	}
	put_label(maker);
	for (unsigned i = roll(maker->dice, 3); i > 0; i--) {
		buffer_append_byte(maker->to, '.');
		put_label(maker);
	}
	buffer_append_text(maker->to, PICK(maker->dice, ends));
}

/* What stands between two tokens. */
static inline void
put_space(struct maker *maker)
{
	static const char *const blanks[] = { " ", "\t", "  \t " };
	static const char *const breaks[] = {
		"\n", "\n\t", " ; (comment\" \\ \n", "\n\n ;x\n ",
	};

	buffer_append_text(maker->to, PICK(maker->dice, blanks));
	if (!maker->was_opened && roll(maker->dice, 15) == 0) {
		buffer_append_byte(maker->to, '(');
		maker->is_open = maker->was_opened = true;
	}
	if (maker->is_open && roll(maker->dice, 3) == 0)
		buffer_append_text(maker->to, PICK(maker->dice, breaks));
	if (maker->is_open && roll(maker->dice, 6) == 0) {
		buffer_append_text(maker->to, ") ");
		maker->is_open = false;
	}
}

static inline void
put_ttl(struct maker *maker)
{
	static const char *const ttls[] = {
		"0", "3600", "86400", "1h", "1H30M", "2d", "1w2D3h4m5s",
		"2147483647",
	};

	buffer_append_text(maker->to, PICK(maker->dice, ttls));
	put_space(maker);
}

static inline void
put_class(struct maker *maker)
{
	static const char *const classes[] = { "IN", "in", "In", "iN" };

	buffer_append_text(maker->to, PICK(maker->dice, classes));
	put_space(maker);
}

static inline void
put_hex(struct maker *maker, unsigned bytes)
{
	while (bytes-- > 0) {
		unsigned byte = roll(maker->dice, 256);

		buffer_printf(maker->to, roll(maker->dice, 2) ? "%02x" :
		    "%02X", byte);
		if (bytes > 0 && roll(maker->dice, 25) == 0)
			put_space(maker);
	}
}

static inline void
put_ds_rdata(struct maker *maker)
{
	static const char *const algorithms[] = {
		"5", "8", "13", "ECDSAP256SHA256", "rsasha256", "255",
	};
	unsigned type = 1 + roll(maker->dice, 4);

	buffer_printf(maker->to, "%u", roll(maker->dice, 65536));
	put_space(maker);
	buffer_append_text(maker->to, PICK(maker->dice, algorithms));
	put_space(maker);
	buffer_printf(maker->to, "%u", type);
	put_space(maker);
	put_hex(maker, type == 1 ? 20 : type == 4 ? 48 : 32);
}

/* RFC 4034 3.2: base64 in one piece or several. */
static inline void
put_signature_rdata(struct maker *maker)
{
	const char *const dates[] = {
		"20250102030405", "20240229235959", "21060207062816",
		"1735787045", "0",
		/* ldns would print it as a date of 1969. */
		maker->is_plain ? "1" : "4294967295",
	};
	static const char *const ends[] = { "AA==", "AAA=", "Zm9v", "+/09" };

	buffer_append_text(maker->to, "DS");
	put_space(maker);
	buffer_append_text(maker->to, roll(maker->dice, 2) ? "13" : "RSASHA256");
	put_space(maker);
	buffer_printf(maker->to, "%u", roll(maker->dice, 256));
	put_space(maker);
	buffer_printf(maker->to, "%u", roll(maker->dice, 100000));
	for (unsigned i = 0; i < 2; i++) {
		put_space(maker);
		buffer_append_text(maker->to, PICK(maker->dice, dates));
	}
	put_space(maker);
	buffer_printf(maker->to, "%u", roll(maker->dice, 65536));
	put_space(maker);
	put_zone_name(maker);
	put_space(maker);
	for (unsigned left = roll(maker->dice, 8); left > 0; left--) {
		buffer_append_text(maker->to, "aB9+");
		if (roll(maker->dice, 3) == 0)
			put_space(maker);
	}
	buffer_append_text(maker->to, PICK(maker->dice, ends));
}

/* \# length hex, for each of the decoded types. */
static inline void
put_unknown_rdata(struct maker *maker)
{
	static const char *const records[] = {
		"NS \\# 3 01 6100", "TYPE2 \\# 7 01420363 6F4D00",
		"type43 \\# 6 0001080201ff", "DS \\# 5 0001080201",
		"A \\# 4 C0000201", "TYPE1 \\# 4 c000 0202",
		"AAAA \\# 16 20010DB8000000000000000000000001",
		"SOA \\# 24 016100 00 0000000700000002000000030000000400000005",
		"RRSIG \\# 22 002B0D0200000001 00000002 00000003 000401 610001",
		"TYPE65280 \\# 0", "TYPE65281 \\# 2 abcd", "TXT \\# 3 026162",
	};

	buffer_append_text(maker->to, PICK(maker->dice, records));
}

static inline void
put_other_rdata(struct maker *maker)
{
	static const char *const records[] = {
		"MX 10 mail", "CNAME x.y.", "TXT \"a;b(c\\\"d\" e \"\"",
		"TXT \"NS\" \"a NS b\"", "TXT a\\;b\\ c", "HINFO \"x\" y",
		"SRV 0 0 25 @", "CAA 0 issue \"ca.net; x=(\"",
		"DNSKEY 256 3 8 AwEAAaDJd0KOMYGC EF0=",
		"RRSIG NS 8 1 60 20250102030405 20250101000000 1 A.com. AA==",
		"NSEC b.com. NS DS RRSIG", "PTR \\.x", "TLSA 3 1 1 ab",
		"nsec3param 1 0 1 -", "SPF \"v=spf1 -all\"",
	};

	buffer_append_text(maker->to, PICK(maker->dice, records));
}

static inline void
put_typed_rdata(struct maker *maker)
{
	unsigned number = roll(maker->dice, 65536);

	if (maker->has_signatures && roll(maker->dice, 10) == 0) {
		buffer_append_text(maker->to,
		    roll(maker->dice, 2) ? "RRSIG" : "Rrsig");
		put_space(maker);
		put_signature_rdata(maker);
		return;
	}
	switch (roll(maker->dice, maker->is_plain ? 8 : 10)) {
	case 0: case 1: case 2: case 3:
		buffer_append_text(maker->to,
		    roll(maker->dice, 2) ? "NS" : "ns");
		put_space(maker);
		put_zone_name(maker);
		break;
	case 4: case 5:
		buffer_append_text(maker->to,
		    roll(maker->dice, 2) ? "DS" : "Ds");
		put_space(maker);
		put_ds_rdata(maker);
		break;
	case 6:
		buffer_printf(maker->to, "A 192.0.%u.%u", number >> 8,
		    number & 255);
		break;
	case 7:
		buffer_printf(maker->to, "AAAA 2001:db8::%x", number);
		break;
	case 8:
		put_unknown_rdata(maker);
		break;
	default:
		put_other_rdata(maker);
	}
}

static inline void
put_record(struct maker *maker)
{
	static const char *const ends[] = {
		"", "", "", " ", "\t", " ; it ends (", ";\"",
	};

	maker->is_open = maker->was_opened = false;
	if (roll(maker->dice, 4) != 0) {
		put_zone_name(maker);
		put_space(maker);
	} else {
		buffer_append_byte(maker->to, ' ');
	}
	switch (roll(maker->dice, maker->is_plain ? 1 : 5)) {
	case 0:
		put_ttl(maker);
		put_class(maker);
		break;
	case 1:
		put_class(maker);
		put_ttl(maker);
		break;
	case 2:
		put_class(maker);
		break;
	case 3:
		put_ttl(maker);
		break;
	default:
		break;
	}
	put_typed_rdata(maker);
	if (maker->is_open)
		buffer_append_text(maker->to,
		    roll(maker->dice, 2) ? " )" : "\n)");
	if (!maker->is_plain)
		buffer_append_text(maker->to, PICK(maker->dice, ends));
}

static inline void
put_line(struct maker *maker)
{
	static const char *const lines[] = {
		"", ";", "; a NS b", "$TTL 1d", "$ttl 300 ; x", "$TTL\t7",
		"$ORIGIN sub.com.", "$ORIGIN com.", "$origin net. ; y",
		"$ORIGIN .",
	};
	static const char *const plain[] = {
		"", ";", "$TTL 7", "$ORIGIN sub.com.", "$ORIGIN com.",
	};

	if (roll(maker->dice, 6) == 0)
		buffer_append_text(maker->to, maker->is_plain ?
		    PICK(maker->dice, plain) : PICK(maker->dice, lines));
	else
		put_record(maker);
	buffer_append_byte(maker->to, '\n');
}

/* With $ORIGIN, which ldns must be told, $TTL, which tells libzscanner what
 * the default is, and the first owner stated, so that blanks have one. */
#define FIRST_LINE "$ORIGIN com.\n$TTL 3600\n"

static inline void
make_zone(struct dice *dice, struct buffer *to, bool is_plain,
    bool has_signatures)
{
	struct maker maker = {
		.dice = dice, .to = to, .is_plain = is_plain,
		.has_signatures = has_signatures,
	};

	to->length = 0;
	buffer_append_text(to, FIRST_LINE
	    "@ 900 IN SOA a.nic b.nic 7 1h 2 3 4\n NS x\n");
	for (unsigned lines = 2 + roll(dice, 14); lines > 0; lines--)
		put_line(&maker);
}

/* Known differences that would hide others, and are kept out: they have rows
 * of their own in test_zone.c ("punctuation", "decimal", "backslash",
 * "continuation"). */
static inline bool
is_known_at(const char *text, size_t i)
{
	static const char ends[] = " \t\n();\"";
	size_t start = i;

	switch (text[i]) {
	case '#':
		return text[i - 1] != '\\';
	case '$':
		return text[i - 1] != '\n' && text[i - 1] != '\\';
	case '@':
		return text[i - 1] != '\\' &&
		    (memchr(" \t\n(", text[i - 1], 4) == NULL ||
		    memchr(ends, text[i + 1], sizeof ends - 1) == NULL);
	case '\\':
		return text[i + 1] == '\n' || (text[i + 1] >= '2' &&
		    text[i + 1] <= '9' &&
		    strncmp(text + i + 1, "255", 3) > 0);
	case ':':
		while (start > 0 && strchr(" \t\n", text[start - 1]) == NULL)
			start--;
		return start < 5 || strncmp(text + start - 5, "AAAA", 4) != 0;
	case '\n':
		i++;
		while (text[i] == ' ' || text[i] == '\t')
			i++;
		return text[i] == '(';
	default:
		return false;
	}
}

static inline bool
has_known_difference(struct buffer *zone)
{
	const char *text = buffer_text(zone);

	for (size_t i = 1; i + 1 < zone->length; i++)
		if (is_known_at(text, i))
			return true;
	return false;
}

/* One to three faults: a byte less, more, or another; a piece twice. */
static inline void
mutate(struct dice *dice, struct buffer *zone)
{
	static const char bytes[] = "\n \t();\"\\.-0129aNSD\x01";

	for (unsigned faults = 1 + roll(dice, 3); faults > 0; faults--) {
		size_t first = sizeof FIRST_LINE - 1;
		size_t at = first + roll(dice,
		    (unsigned)(zone->length - first));
		size_t more = 1 + roll(dice, 20);
		uint8_t byte = (uint8_t)bytes[roll(dice, sizeof bytes - 1)];

		switch (roll(dice, 4)) {
		case 0:
			zone->bytes[at] = byte;
			break;
		case 1:
			memmove(zone->bytes + at, zone->bytes + at + 1,
			    zone->length - at - 1);
			zone->length--;
			break;
		case 2:
			buffer_reserve(zone, 1);
			memmove(zone->bytes + at + 1, zone->bytes + at,
			    zone->length - at);
			zone->bytes[at] = byte;
			zone->length++;
			break;
		default:
			if (more > zone->length - at)
				more = zone->length - at;
			buffer_reserve(zone, more);
			memmove(zone->bytes + at + more, zone->bytes + at,
			    zone->length - at);
			zone->length += more;
		}
	}
}

#endif
