#include "scanner/dns/recursive/known_flaws.h"

#include <stdbool.h>
#include <stdio.h>

/* By a version: 1.25.1 is 1025001. */
#define V(major, minor, patch)	(1000000u * (major) + 1000u * (minor) + (patch))
#define ALWAYS	0u

/* As the record of each CVE and the release notes say it: the first version that
 * is affected, and the first one that is not any more. */
static const struct flaw {
	unsigned	 since, until;
	const char	*cve;
} flaws[] = {
	{ ALWAYS, V(1, 16, 2), "CVE-2022-30698" },
	{ ALWAYS, V(1, 16, 2), "CVE-2022-30699" },
	{ ALWAYS, V(1, 16, 3), "CVE-2022-3204" },	/* NRDelegation */
	{ ALWAYS, V(1, 19, 1), "CVE-2023-50387" },	/* KeyTrap */
	{ ALWAYS, V(1, 19, 1), "CVE-2023-50868" },	/* NSEC3 */
	{ ALWAYS, V(1, 21, 1), "CVE-2024-8508" },
	{ ALWAYS, V(1, 24, 2), "CVE-2025-11411" },
	{ V(1, 19, 1), V(1, 25, 1), "CVE-2026-33278" },
	{ ALWAYS, V(1, 25, 1), "CVE-2026-42959" },
	{ ALWAYS, V(1, 25, 1), "CVE-2026-42960" },
	{ ALWAYS, V(1, 26, 1), "CVE-2026-81634" },
	{ ALWAYS, V(1, 26, 1), "CVE-2026-81642" },
	{ ALWAYS, V(1, 26, 2), "CVE-2026-96405" },
};

static bool
read_version(const char *text, unsigned *version)
{
	unsigned major, minor, patch;

	if (sscanf(text, "%3u.%3u.%3u", &major, &minor, &patch) != 3)
		return false;
	*version = V(major, minor, patch);
	return true;
}

const char *
known_flaw(const char *text, size_t index)
{
	unsigned version;

	if (!read_version(text, &version))
		return NULL;
	for (size_t i = 0; i < sizeof flaws / sizeof flaws[0]; i++) {
		if (version < flaws[i].since || version >= flaws[i].until)
			continue;
		if (index-- == 0)
			return flaws[i].cve;
	}
	return NULL;
}
