/*
 * other_unbound: libunbound has another version (LD_PRELOAD), the text of the
 * environment variable OTHER_UNBOUND.
 */
#include <stdlib.h>

const char *ub_version(void);

const char *
ub_version(void)
{
	const char *text = getenv("OTHER_UNBOUND");

	return text != NULL ? text : "";
}
