/*
 * rows: texts and what the zone parser must say of them, and the texts of which
 * libzscanner says something else.
 */
#ifndef MXCENSUS_TESTS_ZONE_ROWS_H
#define MXCENSUS_TESTS_ZONE_ROWS_H

/* The text is under origin com; errors stand behind the records. */
static const struct row {
	const char *rule, *name, *text, *expected;
} rows[] = {
	{ "I1", "blank owner", "a NS b\n NS c\n\tNS d\n",
	    "1: a.com NS 0 b.com\n2: a.com NS 0 c.com\n3: a.com NS 0 d.com\n" },
	{ "I1", "blank owner after a type that is passed over",
	    "a NS b\nc TXT x\n NS d\n",
	    "1: a.com NS 0 b.com\n3: c.com NS 0 d.com\n" },
	{ "I1", "blank owner, none in force", " NS b\n", "! syntax 1:2\n" },
	{ "I1", "blank owner after a bad one", "a NS b\na..b NS c\n NS d\n",
	    "1: a.com NS 0 b.com\n! empty_label 2:1\n! syntax 3:2\n" },
	{ "I1", "a lone word is no owner", "a NS b\nx\n NS d\n",
	    "1: a.com NS 0 b.com\n! syntax 2:2\n! syntax 3:2\n" },
	{ "I1", "@ and the root", "@ NS b\n. NS .\n",
	    "1: com NS 0 b.com\n2: . NS 0 .\n" },
	{ "I1", "$ORIGIN", "$ORIGIN net.\na NS b\n$origin x\nc NS @\n",
	    "2: a.net NS 0 b.net\n4: c.x.net NS 0 x.net\n" },
	{ "I1", "bad $ORIGIN leaves none", "$ORIGIN a..b\nc NS d.\nc. NS d.\n",
	    "3: c NS 0 d\n! empty_label 1:9\n! no_origin 2:1\n" },
	{ "I1", "$ORIGIN with more", "$ORIGIN a. b\n@ NS c.\n",
	    "! syntax 1:12\n! no_origin 2:1\n" },
	{ "I1", "$TTL; an entry's own does not replace it",
	    "$TTL 1h\na NS b\na 5 NS c\na NS d\n",
	    "2: a.com NS 3600 b.com\n3: a.com NS 5 c.com\n"
	    "4: a.com NS 3600 d.com\n" },
	{ "I1", "no $TTL: the last stated (RFC 1035 5.1)",
	    "a 5 NS b\na NS c\n", "1: a.com NS 5 b.com\n2: a.com NS 5 c.com\n" },
	{ "I1", "class and TTL in either order",
	    "a 5 IN NS b\na IN 6 NS b\na in NS b\na 7 NS b\n",
	    "1: a.com NS 5 b.com\n2: a.com NS 6 b.com\n3: a.com NS 6 b.com\n"
	    "4: a.com NS 7 b.com\n" },
	{ "I1", "one class, one TTL",
	    "a IN IN NS b\na 5 5 NS b\na IN 5 IN NS b\n",
	    "! syntax 1:6\n! syntax 2:5\n! syntax 3:8\n" },
	{ "I1", "TTL units", "a 1w2D3h4M5s NS b\na 1h30 NS b\na 1x NS b\n",
	    "1: a.com NS 788645 b.com\n! syntax 2:3\n! syntax 3:3\n" },
	{ "I1", "TTL over 2^31 - 1 is 0 (RFC 2181 8), over 2^32 - 1 none",
	    "a 2147483648 NS b\na 4294967296 NS b\na 9999999w NS b\n"
	    "a 4000w NS b\n",
	    "1: a.com NS 0 b.com\n4: a.com NS 0 b.com\n! syntax 2:3\n"
	    "! syntax 3:3\n" },
	{ "I1", "\\DDD and \\X", "\\097\\.b NS \\\\.c\n\\A NS x\n",
	    "1: a\\046b.com NS 0 \\092.c.com\n2: a.com NS 0 x.com\n" },
	{ "I1", "a final dot that is escaped", "a NS b\\.\na NS b\\\\.\n",
	    "1: a.com NS 0 b\\046.com\n2: a.com NS 0 b\\092\n" },
	{ "I1", "parentheses over lines, comments, blank lines",
	    "a ( 5 ; (x\n\n\tNS\n b ) ; y )\n (NS)c\na(NS d)\n",
	    "1: a.com NS 5 b.com\n5: a.com NS 5 c.com\n6: a.com NS 5 d.com\n" },
	{ "I1", "parentheses do not nest", "a ((NS b))\na NS c\n",
	    "2: a.com NS 0 c.com\n! syntax 1:4\n" },
	{ "I1", "a parenthesis too many", "a NS b)\na NS )\n",
	    "! syntax 1:7\n! syntax 2:6\n" },
	{ "I1", "a fault costs its entry, all lines of it",
	    "a NS ( b\nc NS d )\ne NS f\n",
	    "3: e.com NS 0 f.com\n! syntax 2:1\n" },
	{ "I1", "quoted strings",
	    "a TXT \"; ( \\\" )\" \"\nb NS c\n\"\nd NS e\n",
	    "4: d.com NS 0 e.com\n" },
	{ "I1", "a quoted name is none", "a NS \"b\"\n\"a\" NS b\n NS c\n",
	    "! syntax 1:6\n! syntax 2:1\n! syntax 3:2\n" },
	{ "I1", "comments", ";\n; a NS b\na NS b;c\n;d\\\ne NS f ;g\"(\n",
	    "3: a.com NS 0 b.com\n5: e.com NS 0 f.com\n" },
	{ "I1", "a backslash does not join lines", "a NS b\\\nc NS d\n",
	    "2: c.com NS 0 d.com\n! syntax 1:7\n" },
	{ "I1", "a backslash at the end", "a NS b\\", "! syntax 1:7\n" },
	{ "I1", "blank lines", "\n \n\t\n  ; x\n(\n)\n", "" },
	{ "I1", "no line end at the end", "a NS b", "1: a.com NS 0 b.com\n" },
	{ "I1", "CRLF", "a NS b\r\n\r\nc ( NS\r\n d )\r\ne NS f \r\n",
	    "1: a.com NS 0 b.com\n3: c.com NS 0 d.com\n5: e.com NS 0 f.com\n" },
	{ "I1", "CRLF, the last line", "a NS b\r", "1: a.com NS 0 b.com\n" },
	{ "I1", "case", "A.CoM. iN nS B.Net.\n", "1: a.com NS 0 b.net\n" },
	{ "I1", "TYPEnnn, CLASSnn", "a CLASS1 TYPE2 b\na class3 NS b\n"
	    "a CLASS1 type43 1 8 2 ab\na TYPE65536 x\na CLASS65536 NS x\n",
	    "1: a.com NS 0 b.com\n3: a.com DS 0 1 8 2 ab\n! syntax 4:3\n"
	    "! syntax 5:3\n" },
	{ "I1", "\\# for the decoded types", "a NS \\# 3 01 4200\n"
	    "a DS \\# 6 00010802 ABcd\na A \\# 4 c0000201\n"
	    "a AAAA \\# 16 20010db8000000000000000000000001\n"
	    "a SOA \\# 24 016100 00 0000000700000002000000030000000400000005\n",
	    "1: a.com NS 0 b\n2: a.com DS 0 1 8 2 abcd\n"
	    "3: a.com A 0 192.0.2.1\n4: a.com AAAA 0 2001:db8::1\n"
	    "5: a.com SOA 0 7\n" },
	{ "I1", "\\# that is not RDATA of the type", "a NS \\# 3 026100\n"
	    "a NS \\# 0\na DS \\# 4 00010802\na A \\# 3 c00002\n"
	    "a AAAA \\# 4 c0000201\na SOA \\# 3 016100\na NS \\# 4 016100\n"
	    "a A \\# 4 c000020\na A \\#\na A \\# x\na A \\# 4 \"c0000201\"\n"
	    "a SOA \\# 22 6100 00 0000000700000002000000030000000400000005\n",
	    "! syntax 1:6\n! syntax 2:6\n! syntax 3:6\n! syntax 4:5\n"
	    "! syntax 5:8\n! syntax 6:7\n! syntax 7:6\n! syntax 8:10\n"
	    "! syntax 9:7\n! syntax 10:8\n! syntax 11:11\n! syntax 12:7\n" },
	{ "I1", "DS", "a DS 1 RSASHA256 2 AB cd\na DS 65535 255 255 00 ; x\n"
	    "a DS 1 8 2 ab",
	    "1: a.com DS 0 1 8 2 abcd\n2: a.com DS 0 65535 255 255 00\n"
	    "3: a.com DS 0 1 8 2 ab\n" },
	{ "I1", "DS, bad", "a DS 65536 8 2 ab\na DS 1 256 2 ab\n"
	    "a DS 1 8 256 ab\na DS 1 8 2\na DS 1 8 2 abc\na DS 1 8 2 xy\n"
	    "a DS 1 NOPE 2 ab\na DS 1 8 2 a b\na DS 1 8 2 \"ab\"\n"
	    "a DS 1\na DS 1 8 2 ag\n",
	    "! syntax 1:6\n! syntax 2:8\n! syntax 3:10\n! syntax 4:11\n"
	    "! syntax 5:12\n! syntax 6:12\n! syntax 7:8\n! syntax 8:12\n"
	    "! syntax 9:13\n! syntax 10:7\n! syntax 11:12\n" },
	{ "L33", "RRSIG over DS, dates",
	    "a 60 RRSIG DS ECDSAP256SHA256 2 86400 20250102030405 20241231235959 65535 Com. AAEC\n",
	    "1: a.com RRSIG 60 002b0d0200015180677602256774857fffff03636f6d00000102\n" },
	{ "L33", "RRSIG over DS, as registries write it",
	    "a 60 RRSIG DS 13 2 86400 20250102030405 20241231235959 65535 Com. AAEC\n"
	    "a\t60\tin\trrsig\tds 13 2 86400 20250102030405 20241231235959 65535 @ AAEC\n"
	    "a 60 RRSIG DS 13 2 86400 20250102030405 20241231235959 65535 com. AAEC \t\r\n"
	    "a 60 RRSIG DS 13 2 86400 20250102030405 20241231235959 65535 com. AAEC ; x\n"
	    "a 60 RRSIG DS 13 2 86400 20250102030405 20241231235959 65535 com. AA EC\n"
	    "a 60 RRSIG DS 013 02 86400 20250102030405 1735689599 65535 com. AAEC\n",
	    "1: a.com RRSIG 60 002b0d0200015180677602256774857fffff03636f6d00000102\n"
	    "2: a.com RRSIG 60 002b0d0200015180677602256774857fffff03636f6d00000102\n"
	    "3: a.com RRSIG 60 002b0d0200015180677602256774857fffff03636f6d00000102\n"
	    "4: a.com RRSIG 60 002b0d0200015180677602256774857fffff03636f6d00000102\n"
	    "5: a.com RRSIG 60 002b0d0200015180677602256774857fffff03636f6d00000102\n"
	    "6: a.com RRSIG 60 002b0d0200015180677602256774857fffff03636f6d00000102\n" },
	{ "L33", "RRSIG over DS, numbers that are too large, and no dates",
	    "a RRSIG DS 13 256 60 20250102030405 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 65536 com. AAAA\n"
	    "a RRSIG DS 13 2 60 20250229030405 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 2 60 20250102030405 2024123123595 1 com. AAAA\n"
	    "a RRSIG DS 13 2 60 20250102030405 202412312359590 1 com. AAAA\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 1 com AAAA B\n",
	    "! syntax 1:15\n! syntax 2:50\n! syntax 3:20\n! syntax 4:35\n"
	    "! syntax 5:35\n! syntax 6:62\n" },
	{ "L33", "RRSIG over DS, seconds",
	    "a RRSIG TYPE43 8 2 4294967295 1735787045 0 0 A AA==\n"
	    "a rrsig ds 15 0 0 0 4294967295 1 . AAA=\n",
	    "1: a.com RRSIG 0 002b0802ffffffff67760225000000000000016103636f6d0000\n"
	    "2: a.com RRSIG 0 002b0f000000000000000000ffffffff0001000000\n" },
	{ "L33", "RRSIG over DS, in pieces",
	    "a RRSIG DS 13 2 60 ( 21060207062816 ; 2^32 and beyond\n"
	    " 20240229000000 1 @ Zm\n"
	    " 9vY mFy )\n",
	    "1: a.com RRSIG 0 002b0d020000003c0000000065dfc900000103636f6d00666f6f626172\n" },
	{ "L33", "RRSIG over DS, in hexadecimal digits",
	    "a RRSIG \\# 22 002B0D02 00000001 00000002 00000003 0004 014100 01\n"
	    "a TYPE46 \\# 22 00 2b 0d02 000000010000000200000003 0004 014100 01\n",
	    "1: a.com RRSIG 0 002b0d02000000010000000200000003000401610001\n"
	    "2: a.com RRSIG 0 002b0d02000000010000000200000003000401610001\n" },
	{ "L33", "RRSIG over DS, bad",
	    "a RRSIG DS\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 1 com.\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 1 com. AA\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 1 com. A===\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 1 com. AB==\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 1 com. AAB=\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 1 com. AA==AAAA\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 1 com. AA== AAAA\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 1 com. AA=A\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 1 com. AA-_\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 1 com. \"AAAA\"\n"
	    "a RRSIG DS 256 2 60 20250102030405 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 256 60 20250102030405 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 2 1h 20250102030405 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 2 4294967296 20250102030405 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 2 60 20250229000000 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 2 60 20251301000000 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 2 60 20250101240000 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 2 60 20250101006000 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 2 60 20250101000060 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 2 60 19691231235959 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 2 60 4294967296 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 2 60 202501020304 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 2 60 1d 20241231235959 1 com. AAAA\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 65536 com. AAAA\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 1 c..m. AAAA\n"
	    "a RRSIG DS 13 2 60 20250102030405 20241231235959 1 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx. AAAA\n"
	    "a RRSIG \\# 21 002b0d02 00000001 00000002 00000003 0004 016100\n"
	    "a RRSIG \\# 19 002b0d02 00000001 00000002 00000003 0004 01\n"
	    "a RRSIG \\# 22 002b0d02 00000001 00000002 00000003 0004 016100\n",
	    "! syntax 1:11\n"
	    "! syntax 2:56\n"
	    "! syntax 3:59\n"
	    "! syntax 4:57\n"
	    "! syntax 5:57\n"
	    "! syntax 6:57\n"
	    "! syntax 7:57\n"
	    "! syntax 8:62\n"
	    "! syntax 9:57\n"
	    "! syntax 10:57\n"
	    "! syntax 11:58\n"
	    "! syntax 12:12\n"
	    "! syntax 13:15\n"
	    "! syntax 14:17\n"
	    "! syntax 15:17\n"
	    "! syntax 16:20\n"
	    "! syntax 17:20\n"
	    "! syntax 18:20\n"
	    "! syntax 19:20\n"
	    "! syntax 20:20\n"
	    "! syntax 21:20\n"
	    "! syntax 22:20\n"
	    "! syntax 23:20\n"
	    "! syntax 24:20\n"
	    "! syntax 25:50\n"
	    "! empty_label 26:52\n"
	    "! label_too_long 27:52\n"
	    "! syntax 28:9\n"
	    "! syntax 29:9\n"
	    "! syntax 30:9\n" },
	{ "L33", "an empty text in quotes",
	    "a RRSIG DS 8 1 2 3 4 5 . AAAA \"\"\n", "! syntax 1:32\n" },
	{ "L33", "RRSIG over NSEC, the same: walked over",
	    "a RRSIG NSEC\n"
	    "a RRSIG NSEC 13 2 60 20250102030405 20241231235959 1 com.\n"
	    "a RRSIG NSEC 13 2 60 20250102030405 20241231235959 1 com. AA\n"
	    "a RRSIG NSEC 13 2 60 20250102030405 20241231235959 1 com. A===\n"
	    "a RRSIG NSEC 13 2 60 20250102030405 20241231235959 1 com. AB==\n"
	    "a RRSIG NSEC 13 2 60 20250102030405 20241231235959 1 com. AAB=\n"
	    "a RRSIG NSEC 13 2 60 20250102030405 20241231235959 1 com. AA==AAAA\n"
	    "a RRSIG NSEC 13 2 60 20250102030405 20241231235959 1 com. AA== AAAA\n"
	    "a RRSIG NSEC 13 2 60 20250102030405 20241231235959 1 com. AA=A\n"
	    "a RRSIG NSEC 13 2 60 20250102030405 20241231235959 1 com. AA-_\n"
	    "a RRSIG NSEC 256 2 60 20250102030405 20241231235959 1 com. AAAA\n"
	    "a RRSIG NSEC 13 256 60 20250102030405 20241231235959 1 com. AAAA\n"
	    "a RRSIG NSEC 13 2 1h 20250102030405 20241231235959 1 com. AAAA\n"
	    "a RRSIG NSEC 13 2 4294967296 20250102030405 20241231235959 1 com. AAAA\n"
	    "a RRSIG NSEC 13 2 60 20250229000000 20241231235959 1 com. AAAA\n"
	    "a RRSIG NSEC 13 2 60 20251301000000 20241231235959 1 com. AAAA\n"
	    "a RRSIG NSEC 13 2 60 20250101240000 20241231235959 1 com. AAAA\n"
	    "a RRSIG NSEC 13 2 60 20250101006000 20241231235959 1 com. AAAA\n"
	    "a RRSIG NSEC 13 2 60 20250101000060 20241231235959 1 com. AAAA\n"
	    "a RRSIG NSEC 13 2 60 19691231235959 20241231235959 1 com. AAAA\n"
	    "a RRSIG NSEC 13 2 60 4294967296 20241231235959 1 com. AAAA\n"
	    "a RRSIG NSEC 13 2 60 202501020304 20241231235959 1 com. AAAA\n"
	    "a RRSIG NSEC 13 2 60 1d 20241231235959 1 com. AAAA\n"
	    "a RRSIG NSEC 13 2 60 20250102030405 20241231235959 65536 com. AAAA\n"
	    "a RRSIG NSEC 13 2 60 20250102030405 20241231235959 1 c..m. AAAA\n"
	    "a RRSIG NSEC 13 2 60 20250102030405 20241231235959 1 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx. AAAA\n"
	    "a RRSIG \\# 21 002f0d02 00000001 00000002 00000003 0004 016100\n"
	    "a RRSIG \\# 19 002f0d02 00000001 00000002 00000003 0004 01\n"
	    "a RRSIG \\# 22 002f0d02 00000001 00000002 00000003 0004 016100\n"
	    "b NS c\n",
	    "30: b.com NS 0 c.com\n" },
	{ "I1", "A, AAAA", "a A 192.0.2.1\na AAAA 2001:DB8::1\na A 1.2.3\n"
	    "a A 01.2.3.4\na A 1.2.3.256\na A 1.2.3.4.\na A 1.2.3.4 5\n"
	    "a AAAA 2001::1::2\na A\na A 1..2.3\na A 1.2.3.1234\n"
	    "a AAAA 2001:db8:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:1\n",
	    "1: a.com A 0 192.0.2.1\n2: a.com AAAA 0 2001:db8::1\n"
	    "! syntax 3:5\n! syntax 4:5\n! syntax 5:5\n! syntax 6:5\n"
	    "! syntax 7:13\n! syntax 8:8\n! syntax 9:4\n! syntax 10:5\n"
	    "! syntax 11:5\n! syntax 12:8\n" },
	{ "I1", "SOA", "@ 1 IN SOA a b 4294967295 1h 2 3 4\n"
	    "@ SOA a b 1 2 3 4\n@ SOA a b 1x 2 3 4 5\n@ SOA a b 1 2 3 4 5 6\n"
	    "@ SOA a..b c 1 2 3 4 5\n@ SOA a b 1 2 3 4 x\n",
	    "1: com SOA 1 4294967295\n! syntax 2:18\n! syntax 3:11\n"
	    "! syntax 4:21\n! empty_label 5:7\n! syntax 6:19\n" },
	{ "I1", "NS, bad", "a NS\na NS b c\na NS b..c\na NS (b c)\n",
	    "! syntax 1:5\n! syntax 2:8\n! empty_label 3:6\n! syntax 4:9\n" },
	{ "I1", "classes other than IN are passed over",
	    "a CH NS b\na HS NS b\na cs A x\nb NS c\n", "4: b.com NS 0 c.com\n" },
	{ "I1", "a class left out is IN, whatever came before (RFC 1035 5.2)",
	    "a CH NS b\na NS b\n", "2: a.com NS 0 b.com\n" },
	{ "I1", "other types are walked over, not decoded",
	    "a RRSIG NS ( x ; y\n z )\na NSEC3 1 0\na MX x y z\na WKS\n"
	    "a TXT ((\na TXT )\na TXT x(y \nz)\na TXT \"\"\"\n\"\n",
	    "! syntax 6:8\n" },
	{ "I1", "an unknown type, meta types", "a FOO x\na ANY x\na AXFR x\n"
	    "a TYPE0 x\na LONGERTHANANY x\na N\1S x\n",
	    "! syntax 1:3\n! syntax 2:3\n! syntax 3:3\n! syntax 4:3\n"
	    "! syntax 5:3\n! syntax 6:3\n" },
	{ "I1", "an unknown directive", "$DATE 1\n$x NS b\na NS b\n $TTL 1\n",
	    "3: a.com NS 0 b.com\n! syntax 1:1\n! syntax 2:1\n! syntax 4:2\n" },
	{ "I1", "$TTL, bad", "$TTL\n$TTL x\n$TTL 1 2\na NS b\n",
	    "4: a.com NS 0 b.com\n! syntax 1:5\n! syntax 2:6\n! syntax 3:8\n" },
	{ "I1", "a parenthesis before the owner", "(a NS b)\n)\n",
	    "1: a.com NS 0 b.com\n! syntax 2:1\n" },
	{ "I1", "unfinished parentheses, quotes", "a NS b\nc NS (d\ne NS f\n",
	    "1: a.com NS 0 b.com\n! unfinished 2:1\n" },
	{ "I1", "unfinished quotes", "a NS b\nc TXT \"d\ne NS f\n",
	    "1: a.com NS 0 b.com\n! unfinished 2:1\n" },
	{ "I2", "$INCLUDE without a handler", "a NS b\n$INCLUDE x\nc NS d\n"
	    "$INCLUDE \"x y\" net.\n$INCLUDE x a..b\n$INCLUDE\n"
	    "$INCLUDE x y z\n$INCLUDE x )\n$INCLUDE x \"\"\n",
	    "1: a.com NS 0 b.com\n3: c.com NS 0 d.com\n"
	    "! include_refused 2:10\n! include_refused 4:11\n"
	    "! empty_label 5:12\n! syntax 6:9\n! syntax 7:14\n"
	    "! syntax 8:12\n! syntax 9:12\n" },
	{ "I3", "$GENERATE", "x NS y\n$GENERATE 1-3 a$ 5 IN NS ns$.b$\n NS z\n",
	    "1: x.com NS 0 y.com\n2: a1.com NS 5 ns1.b1.com\n"
	    "2: a2.com NS 5 ns2.b2.com\n2: a3.com NS 5 ns3.b3.com\n"
	    "3: x.com NS 5 z.com\n" },
	{ "I3", "step, stop not met", "$generate 0-5/3 $ NS n\n",
	    "1: 0.com NS 0 n.com\n1: 3.com NS 0 n.com\n" },
	{ "I3", "offset, width, base",
	    "$GENERATE 10-10 ${5}.${-3,4}.${+0,3,o}.${0,4,x}.${1,0,X} NS n\n",
	    "1: 15.0007.012.000a.b.com NS 0 n.com\n" },
	{ "I3", "nibbles", "$GENERATE 26-26 ${0,7,n}.${0,1,N}.${0,3,n} A 192.0.2.$\n",
	    "1: a.1.0.0.a.1.a.1.com A 0 192.0.2.26\n" },
	{ "I3", "$$ and \\$, no number",
	    "$GENERATE 1-1 a\\$$$b NS c ; ${\n",
	    "1: a\\036\\036b.com NS 0 c.com\n" },
	{ "I3", "DS, quotes, parentheses", "$GENERATE 1-2 a$ ( DS 1 8 $\n ab )\n"
	    "$GENERATE 1-1 a$ TXT \"$ ; (\"\n",
	    "1: a1.com DS 0 1 8 1 ab\n1: a2.com DS 0 1 8 2 ab\n" },
	{ "I3", "bad ranges", "$GENERATE 2-1 a NS b\n$GENERATE 1 a NS b\n"
	    "$GENERATE 1-2/0 a NS b\n$GENERATE 1-2x a NS b\n"
	    "$GENERATE 1-2147483648 a NS b\n$GENERATE\n$GENERATE -1-2 a NS b\n",
	    "! syntax 1:11\n! syntax 2:11\n! syntax 3:11\n! syntax 4:11\n"
	    "! syntax 5:11\n! syntax 6:10\n! syntax 7:11\n" },
	{ "I3", "bad forms", "$GENERATE 1-1 ${x} NS b\n$GENERATE 1-1 ${1 NS b\n"
	    "$GENERATE 1-1 ${0,200} NS b\n$GENERATE 1-1 ${0,1,z} NS b\n"
	    "$GENERATE 1-1 ${-9,1,x} NS b\n$GENERATE 1-1 ${0,1, NS b\n"
	    "$GENERATE 1-1 ${2147483647} NS b\n$GENERATE 1-1 a NS ${\n",
	    "! syntax 1:11\n! syntax 2:11\n! syntax 3:11\n! syntax 4:11\n"
	    "! syntax 5:11\n! syntax 6:11\n! syntax 7:11\n! syntax 8:11\n" },
	{ "I3", "bad patterns", "$GENERATE 1-1\n$GENERATE 1-1 a\n"
	    "$GENERATE 1-1 a FOO b\n$GENERATE 1-9 a$ NS b..c\n"
	    "$GENERATE 1-1 a NS b )\n$GENERATE 1-1 a$..$ NS c\n",
	    "! syntax 1:14\n! syntax 2:16\n! syntax 3:17\n"
	    "! empty_label 4:11\n! syntax 5:22\n! empty_label 6:11\n" },
	{ "I3", "over 65,536 names", "$GENERATE 0-65536 a$ NS b\na NS b\n",
	    "2: a.com NS 0 b.com\n! generate_limit 1:11\n" },
	{ "I1", "a carriage return that ends no line", "a NS b\r\r\na \rb NS c\n"
	    "a NS ( b\\\n c )\na NS b\r ; x\n",
	    "! control_byte 1:6\n! syntax 2:3\n! syntax 3:9\n"
	    "! control_byte 5:6\n" },
	{ "I1", "parentheses and quotes where none can be",
	    "$TTL )\n )\n)\n$TTL \"1\"\n$ORIGIN \"a\"\n$ORIGIN\n"
	    "$INCLUDE )\n$ORIGIN )\n",
	    "! syntax 1:6\n! syntax 2:2\n! syntax 3:1\n! syntax 4:6\n"
	    "! syntax 5:9\n! syntax 6:8\n! syntax 7:10\n! syntax 8:9\n" },
	{ "I1", "entries that end early, or are no RDATA",
	    "a DS 1 8 2 )\na DS )\na SOA )\na SOA a\na SOA a b\n"
	    "a SOA a b x 1 2 3 4\na SOA a b 1 2 3 4 \"5\"\na A )\n"
	    "a A 256.1.1.1\na A 1,2.3.4\na A \"1.2.3.4\"\na A\t.1.2.3\n"
	    "a NS \\# )\na NS \\# 1 )\na DS 1 x\na DS 1 8\n",
	    "! syntax 1:12\n! syntax 2:6\n! syntax 3:7\n! syntax 4:8\n"
	    "! syntax 5:10\n! syntax 6:11\n! syntax 7:19\n! syntax 8:5\n"
	    "! syntax 9:5\n! syntax 10:5\n! syntax 11:5\n! syntax 12:5\n"
	    "! syntax 13:9\n! syntax 14:11\n! syntax 15:8\n! syntax 16:9\n" },
	{ "I1", "\\# of a SOA",
	    "a SOA \\# 24 4061000000000007000000020000000300000004"
	    "00000005\n"
	    "a SOA \\# 22 0000 0000000700000002000000030000000400000005\n"
	    "a SOA \\# 21 00 0000000700000002000000030000000400000005\n",
	    "2: a.com SOA 0 7\n! syntax 1:7\n! syntax 3:7\n" },
	{ "I1", "words that look like a class or a type",
	    "a IN\na 5\na 5 )\na IN 5 TYPE\na CLASS\na CLASSx NS b\n"
	    "a CLASS0 NS b\nINN NS b\nb INX NS c\nc IX NS d\n",
	    "8: inn.com NS 0 b.com\n! syntax 1:5\n! syntax 2:4\n"
	    "! syntax 3:5\n! syntax 4:8\n! syntax 5:3\n! syntax 6:3\n"
	    "! syntax 7:3\n! syntax 9:3\n! syntax 10:3\n" },
	{ "I3", "below zero", "$GENERATE 1-2 a${-9} NS b\n",
	    "1: a-8.com NS 0 b.com\n1: a-7.com NS 0 b.com\n" },
	{ "I3", "worse bad ranges", "$GENERATE 1x2 a NS b\n"
	    "$GENERATE 1-4/2x a NS b\n$GENERATE 1-1 ${0,1,dx} NS b\n",
	    "! syntax 1:11\n! syntax 2:11\n! syntax 3:11\n" },
	{ "I3", "more bad lines", "$GENERATE 1-2-3 a NS b\n"
	    "$GENERATE x-2 a NS b\n$GENERATE 1- a NS b\n"
	    "$GENERATE 1-2/ a NS b\n$GENERATE 1-1 ${0,x} NS b\n"
	    "$GENERATE 1-1 ${0 NS b\n$GENERATE 1-1 ${ NS b\n"
	    "$GENERATE 1-1 a NS ${0,1,\n$GENERATE 1-1 a NS b$\n"
	    "$GENERATE 1-1 a\\ NS b\\\n$GENERATE 1-1 a NS b) \n"
	    "$GENERATE 1-1 $;\n$GENERATE )\n$GENERATE 1-1 )\n"
	    "$GENERATE 1-1 a$ )\n$GENERATE 1-1 \"a$\" NS b\n"
	    "$GENERATE 1-1 a$(NS b)\n",
	    "9: a.com NS 0 b1.com\n17: a1.com NS 0 b.com\n! syntax 1:11\n"
	    "! syntax 2:11\n! syntax 3:11\n! syntax 4:11\n! syntax 5:11\n"
	    "! syntax 6:11\n! syntax 7:11\n! syntax 8:11\n! syntax 10:22\n"
	    "! syntax 11:21\n! syntax 12:17\n! syntax 13:11\n"
	    "! syntax 14:15\n! syntax 15:18\n! syntax 16:15\n" },
	{ "I4", "CZDS", "com.\t900\tin\tsoa\ta.b. c.d. 7 1 2 3 4\n"
	    "a.com.\t172800\tin\tns\tns1.b.net.\n"
	    "a.com.\t86400\tin\tds\t1 8 2 ABCD\n"
	    "a.com.\t86400\tin\trrsig\tDS 8 2 86400 20 19 3 com. AAA=\n"
	    "com.\t900\tin\tsoa\ta.b. c.d. 7 1 2 3 4\n",
	    "1: com SOA 900 7\n2: a.com NS 172800 ns1.b.net\n"
	    "3: a.com DS 86400 1 8 2 abcd\n4: a.com RRSIG 86400 002b0802000151800000001400000013000303636f6d000000\n"
	    "5: com SOA 900 7\n" },
	{ "I8", "empty labels", ".a NS b\na..b NS c\na NS b..\n",
	    "! empty_label 1:1\n! empty_label 2:1\n! empty_label 3:6\n" },
	{ "I8", "control bytes", "a\1b NS c\na NS b\177\na\rb NS c\nd NS e\n",
	    "4: d.com NS 0 e.com\n! control_byte 1:1\n! control_byte 2:6\n"
	    "! control_byte 3:1\n" },
	{ "I8", "bytes above 127 are taken", "a\303\251 NS b\n",
	    "1: a\\195\\169.com NS 0 b.com\n" },
	{ "I8", "bad escapes", "a\\25 NS b\na\\999 NS b\na\\2x5 NS b\n",
	    "! syntax 1:1\n! syntax 2:1\n! syntax 3:1\n" },
};

/* Where libzscanner and we differ, and who is right. */
static const struct {
	const char *name, *section, *text, *ours, *theirs;
} differences[] = {
	{ "ttl", "RFC 1035 5.1: omitted TTLs are the last explicit one",
	    "a 5 NS b\na NS c\n", "a.com NS 5 b.com\na.com NS 5 c.com\n",
	    "a.com NS 5 b.com\na.com NS 0 c.com\n" },
	{ "origin", "RFC 1035 5.1: $ORIGIN <domain-name>, which may be relative",
	    "$ORIGIN a\nb NS c\n", "b.a.com NS 0 c.a.com\n", "" },
	{ "class", "RFC 3597 5: CLASS1 is IN", "a CLASS1 NS b\n",
	    "a.com NS 0 b.com\n", "" },
	{ "punctuation", "RFC 1035 3.1, RFC 2181 11: any byte may be in a label",
	    "a#b NS c@\n", "a\\035b.com NS 0 c\\064.com\n", "" },
	{ "crlf", "RFC 1035 5.1 knows lines; DOS line ends are usual",
	    "a NS b\r\n", "a.com NS 0 b.com\n", "" },
	{ "decimal", "RFC 1035 5.1: \\DDD is an octet", "\\999 NS b\n", "",
	    "\\231.com NS 0 b.com\n" },
	{ "backslash", "RFC 1035 5.1: only parentheses join lines",
	    "a NS b\\\nc NS d\n", "c.com NS 0 d.com\n", "" },
	{ "continuation", "RFC 1035 5.1: a blank at the start of the entry is "
	    "the owner; lines inside parentheses start none",
	    "a NS b\n (\n5 NS c)\n", "a.com NS 0 b.com\na.com NS 5 c.com\n",
	    "a.com NS 0 b.com\n5.com NS 0 c.com\n" },
	{ "literal", "RFC 1035 5.1: text literals can contain CRLF",
	    "a TXT \"\nb NS c\n\"\nd NS e\n", "d.com NS 0 e.com\n",
	    "b.com NS 0 c.com\nd.com NS 0 e.com\n" },
	{ "recovery", "RFC 1035 5.1: an entry in parentheses is one entry",
	    "a DS 1 8 2 abc (\n)\nb NS c\n", "b.com NS 0 c.com\n", "" },
	{ "pieces", "RFC 4034 3.2: whitespace is allowed within the text",
	    "a RRSIG DS 8 1 2 3 4 5 . AA AA\n",
	    "a.com RRSIG 0 002b080100000002000000030000000400050"
	    "0000000\n", "" },
	{ "directive", "survey: an unknown directive costs its line (I8)",
	    "$X\na NS b\n", "a.com NS 0 b.com\n", "" },
	{ "unfinished", "RFC 1035 5.1: the entry has not ended",
	    "a NS (b\nc NS d\n", "",
	    "a.com NS 0 b.com\nc.com NS 0 d.com\n" },
	{ "generate", "BIND's extension, RULES I3", "$GENERATE 1-1 $ NS a\n",
	    "1.com NS 0 a.com\n", "" },
	{ "other_types", "survey: RDATA that nobody asked for is not judged",
	    "a MX 1 b ( \nc NS d\n) x y\ne NS f\n", "e.com NS 0 f.com\n",
	    "c.com NS 0 d.com\ne.com NS 0 f.com\n" },
};

#endif
