/* version: what this program is, and what it is linked with. */
#ifndef MXCENSUS_VERSION_H
#define MXCENSUS_VERSION_H

#include <stddef.h>
#include <stdio.h>

/* The index-th of program, commit and libraries; false past the last. The texts
 * are static. */
struct version { const char *name, *text; };
int	version_of(size_t index, struct version *);
/* The identifier of the index-th flaw that the linked libunbound may have, by its
 * version alone; NULL past the last. */
const char *version_flaw(size_t index);
/* How such a list is to be read: one sentence. */
#define VERSION_FLAWS_MEANING \
	"fixed in later versions of libunbound; a distribution may have " \
	"backported the fixes (Debian: https://security-tracker.debian.org/" \
	"tracker/source-package/unbound)"
void	version_print(FILE *);
/* Of the program: its number, and the day on which it was released, as man pages
 * have it. */
const char *version_number(void);
const char *version_released(void);

#endif
