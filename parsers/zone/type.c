/*
 * type: mnemonics of resource record types, in the spelling of IANA. Types that
 * occur only in questions (AXFR, ANY, OPT, ...) are left out: in a master file
 * they are an error.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "parsers/zone/zone_internal.h"

/* The order is the order of strcasecmp, for bsearch. */
static const struct mnemonic {
	char	 name[11];
	uint16_t type;
} mnemonics[] = {
	{ "A", 1 }, { "A6", 38 }, { "AAAA", 28 }, { "AFSDB", 18 },
	{ "AMTRELAY", 260 }, { "APL", 42 }, { "ATMA", 34 }, { "AVC", 258 },
	{ "BRID", 68 }, { "CAA", 257 }, { "CDNSKEY", 60 }, { "CDS", 59 },
	{ "CERT", 37 }, { "CLA", 263 }, { "CNAME", 5 }, { "CSYNC", 62 },
	{ "DHCID", 49 }, { "DLV", 32769 }, { "DNAME", 39 }, { "DNSKEY", 48 },
	{ "DOA", 259 }, { "DS", 43 }, { "DSYNC", 66 }, { "EID", 31 },
	{ "EUI48", 108 }, { "EUI64", 109 }, { "GID", 102 }, { "GPOS", 27 },
	{ "HHIT", 67 }, { "HINFO", 13 }, { "HIP", 55 }, { "HTTPS", 65 },
	{ "IPN", 264 }, { "IPSECKEY", 45 }, { "ISDN", 20 }, { "KEY", 25 },
	{ "KX", 36 }, { "L32", 105 }, { "L64", 106 }, { "LOC", 29 },
	{ "LP", 107 }, { "MB", 7 }, { "MD", 3 }, { "MF", 4 }, { "MG", 8 },
	{ "MINFO", 14 }, { "MR", 9 }, { "MX", 15 }, { "NAPTR", 35 },
	{ "NID", 104 }, { "NIMLOC", 32 }, { "NINFO", 56 },
	{ "NS", 2 }, { "NSAP", 22 }, { "NSAP-PTR", 23 }, { "NSEC", 47 },
	{ "NSEC3", 50 }, { "NSEC3PARAM", 51 }, { "NULL", 10 },
	{ "NXT", 30 }, { "OPENPGPKEY", 61 },
	{ "PTR", 12 }, { "PX", 26 }, { "RESINFO", 261 }, { "RKEY", 57 },
	{ "RP", 17 }, { "RRSIG", 46 }, { "RT", 21 }, { "SIG", 24 },
	{ "SINK", 40 }, { "SMIMEA", 53 }, { "SOA", 6 }, { "SPF", 99 },
	{ "SRV", 33 }, { "SSHFP", 44 }, { "SVCB", 64 }, { "TA", 32768 },
	{ "TALINK", 58 }, { "TLSA", 52 }, { "TXT", 16 }, { "UID", 101 },
	{ "UINFO", 100 }, { "UNSPEC", 103 }, { "URI", 256 },
	{ "WALLET", 262 }, { "WKS", 11 }, { "X25", 19 }, { "ZONEMD", 63 },
};

static int
compare(const void *key, const void *member)
{
	return strcasecmp(key, ((const struct mnemonic *)member)->name);
}

uint16_t
zone_type(const char *text, size_t length)
{
	const struct mnemonic *found;
	char name[sizeof found->name];
	uint32_t number;

	if (length > 4 && strncasecmp(text, "TYPE", 4) == 0)
		return zone_number(text + 4, length - 4, UINT16_MAX, &number) ?
		    (uint16_t)number : 0;
	if (length >= sizeof name || memchr(text, '\0', length) != NULL)
		return 0;
	memcpy(name, text, length);
	name[length] = '\0';
	found = bsearch(name, mnemonics,
	    sizeof mnemonics / sizeof mnemonics[0], sizeof mnemonics[0],
	    compare);
	return found != NULL ? found->type : 0;
}
