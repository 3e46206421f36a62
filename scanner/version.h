/* version: what this program is, and what it is linked with. */
#ifndef MXCENSUS_VERSION_H
#define MXCENSUS_VERSION_H

#include <stddef.h>
#include <stdio.h>

/* The index-th of program, commit and libraries; false past the last. The texts
 * are static. */
struct version { const char *name, *text; };
int	version_of(size_t index, struct version *);
void	version_print(FILE *);
/* Of the program: its number, and the day on which it was released, as man pages
 * have it. */
const char *version_number(void);
const char *version_released(void);

#endif
