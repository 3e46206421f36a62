#include "scanner/dns/bogus_reason.h"

#include <string.h>

/* How the reason begins, or, after one word of another kind (*), goes on. The
 * first that fits counts. */
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
	/* A DS has its key, whose signature does not hold. */
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
	/* RFC 4035 5.3.1: what is no key of a zone signs nothing in it. */
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

/* Behind the question, in angle brackets, and behind that of an earlier failure
 * that is told again. libunbound writes names without brackets. */
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

/* "No DNSKEY record from 192.0.2.1 for key a.example.": that server has answered,
 * without a key. No address stands there if none did; later versions say in brackets
 * why. */
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

	/* The code that the question for DS ended with, and perhaps why. */
	if (strncmp(reason, "SERVFAIL ", 9) == 0)
		return strstr(reason, "no DS") != NULL;
	return strncmp(reason, no_key, strlen(no_key)) == 0 &&
	    names_no_server(reason + strlen(no_key));
}
