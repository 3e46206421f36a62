#include "scanner/process/landlock.h"

#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* linux/landlock.h of Debian 12 has version 2. These constants are part of the
 * kernel's interface, and never change. */
#define CREATE_RULESET_VERSION	1u
#define BIND_TCP		((uint64_t)1 << 0)
#define CONNECT_TCP		((uint64_t)1 << 1)

/* An older kernel takes a larger struct if the rest of it is zero. */
struct ruleset {
	uint64_t	handled_access_fs;
	uint64_t	handled_access_net;
};

int
landlock_version(void)
{
#ifdef __SANITIZE_ADDRESS__
	/* AddressSanitizer opens files for its report. */
	return 0;
#else
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    CREATE_RULESET_VERSION);

	return version > 0 ? (int)version : 0;
#endif
}

/* All file rights that the version knows, as the lowest bits: to execute,
 * write, read, list, remove and make (13 bits); to link or rename to elsewhere
 * (version 2), to truncate (3), to send ioctls to devices (5). */
static uint64_t
file_rights(int version)
{
	unsigned count = version >= 5 ? 16 : version >= 3 ? 15
	    : version == 2 ? 14 : 13;

	return ((uint64_t)1 << count) - 1;
}

/* There are no rules, so no handled right is allowed. */
bool
landlock_enter(bool allows_tcp)
{
	int version = landlock_version(), ruleset;
	struct ruleset rights = {
		.handled_access_fs = file_rights(version),
	};
	bool good;

	if (version == 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	if (!allows_tcp && version >= LANDLOCK_KNOWS_TCP)
		rights.handled_access_net = BIND_TCP | CONNECT_TCP;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &rights,
	    sizeof rights, 0);
	if (ruleset < 0)
		return false;
	good = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	close(ruleset);
	return good;
}
