/*
 * landlock: takes away this process's access to the file system, with the
 * kernel's Landlock. It complements the filter of system calls
 * (process/filter): even a call that the filter allows by mistake, or that
 * bypasses it, cannot open, create, rename or remove a file. Files that are
 * open stay open. It cannot be undone.
 *
 * A kernel without Landlock (before 5.13, or with Landlock disabled) is not an
 * error: the filter is in force anyway.
 */
#ifndef MXCENSUS_PROCESS_LANDLOCK_H
#define MXCENSUS_PROCESS_LANDLOCK_H

#include <stdbool.h>

/* From this version on, Landlock handles TCP. */
#define LANDLOCK_KNOWS_TCP	4

/* Returns the version of Landlock on this machine, or 0 if there is none. */
int	landlock_version(void);
/* Enters it. The process must have one thread and no filter yet. Without
 * `allows_tcp`, no TCP socket can be bound or connected, if Landlock handles
 * TCP. Returns false if there is no Landlock. */
bool	landlock_enter(bool allows_tcp);

#endif
