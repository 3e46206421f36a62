#include "scanner/dns/bogus_reason.h"

#include <string.h>

/* How the reason begins, or how it continues after one arbitrary word (*). The
 * first match counts. */
static const struct {
	const char		*text;
	enum bogus_reason	 reason;
} texts[] = {
	{ "signature expired", BOGUS_EXPIRED },
	{ "signature before inception date", BOGUS_NOT_YET_VALID },
	{ "no signatures", BOGUS_NO_SIGNATURE },
	{ "signature missing", BOGUS_NO_SIGNATURE },
	{ "signature for expected key and algorithm missing",
	  BOGUS_NO_SIGNATURE },
	{ "DS got unsigned CNAME answer", BOGUS_NO_SIGNATURE },
	{ "DS hash mismatches key", BOGUS_DS_MISMATCH },
	{ "no keys have a DS", BOGUS_DS_MISMATCH },
	/* There is a key for a DS, but its signature is not valid. */
	{ "keyset not secured by DNSKEY that matches DS",
	  BOGUS_BAD_SIGNATURE },
	{ "signatures from unknown keys", BOGUS_BAD_SIGNATURE },
	{ "* signature verification failed", BOGUS_BAD_SIGNATURE },
	{ "signature crypto failed", BOGUS_BAD_SIGNATURE },
	{ "signature inception after expiration", BOGUS_BAD_SIGNATURE },
	{ "signature covers wrong type", BOGUS_BAD_SIGNATURE },
	{ "signature has wrong", BOGUS_BAD_SIGNATURE },
	{ "signature labelcount", BOGUS_BAD_SIGNATURE },
	{ "signature too short", BOGUS_BAD_SIGNATURE },
	{ "null signature", BOGUS_BAD_SIGNATURE },
	{ "bad signer name", BOGUS_BAD_SIGNATURE },
	{ "signer name", BOGUS_BAD_SIGNATURE },
	/* RFC 4035 5.3.1: a key without the zone key flag cannot sign the
	 * zone. */
	{ "dnskey without ZSK flag", BOGUS_BAD_SIGNATURE },
	{ "dnskey has wrong protocolnumber", BOGUS_BAD_SIGNATURE },
	{ "* proof failed", BOGUS_BAD_DENIAL },
	{ "no DNSSEC records", BOGUS_BAD_DENIAL },
	{ "no DS but also no proof of that", BOGUS_BAD_DENIAL },
	{ "NSEC does not prove absence of DS", BOGUS_BAD_DENIAL },
	{ "NSEC for wildcard does not prove absence of DS",
	  BOGUS_BAD_DENIAL },
	{ "NSEC3 from child zone", BOGUS_BAD_DENIAL },
	{ "NSEC3 has DS in bitmap", BOGUS_BAD_DENIAL },
	{ "no NSEC3", BOGUS_BAD_DENIAL },
	{ "no valid NSEC3s", BOGUS_BAD_DENIAL },
	{ "not all NSEC3 records secure", BOGUS_BAD_DENIAL },
	{ "covering NSEC3 was not opt-out", BOGUS_BAD_DENIAL },
};

/* The reason follows the question, which is in angle brackets; if an earlier
 * failure is repeated, it follows the question of that failure, too. Names that
 * libunbound writes contain no brackets. */
static const char *
reason_in(const char *why)
{
	const char *bracket = strrchr(why, '>');

	if (bracket == NULL || strncmp(bracket, ">: ", 3) != 0)
		return why;
	return bracket + 3;
}

static bool
begins_with(const char *reason, const char *text)
{
	if (text[0] == '*') {
		reason += strcspn(reason, " ");
		text++;
	}
	return strncmp(reason, text, strlen(text)) == 0;
}

enum bogus_reason
bogus_reason_of(const char *why_bogus)
{
	const char *reason = reason_in(why_bogus);

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (begins_with(reason, texts[i].text))
			return texts[i].reason;
	return BOGUS_OTHER;
}

/* "No DNSKEY record from 192.0.2.1 for key a.example.": that server answered,
 * but without a key. If no server answered, there is no address; later versions
 * say why in brackets. */
static bool
names_no_server(const char *behind)
{
	const char *bracket = strrchr(behind, ']');

	if (strncmp(behind, " [", 2) == 0 && bracket != NULL)
		behind = bracket + 1;
	return strncmp(behind, " from ", 6) != 0;
}

bool
bogus_is_unanswered(const char *why_bogus)
{
	static const char no_key[] = "No DNSKEY record";
	const char *reason = reason_in(why_bogus);

	/* The rcode with which the question for DS ended, and perhaps the
	 * reason. */
	if (strncmp(reason, "SERVFAIL ", 9) == 0)
		return strstr(reason, "no DS") != NULL;
	return strncmp(reason, no_key, strlen(no_key)) == 0 &&
	    names_no_server(reason + strlen(no_key));
}
