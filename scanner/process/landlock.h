/*
 * landlock: takes the file system away from this process, by the kernel's
 * Landlock. It stands beside the filter of system calls (process/filter): what
 * the filter lets pass by mistake, or what gets around it, still opens, makes,
 * renames and removes no file. What was opened before stays open. It cannot be
 * taken back.
 *
 * A kernel without Landlock (before 5.13, or where it is switched off) is no
 * fault: the filter is there anyway.
 */
#ifndef MXCENSUS_PROCESS_LANDLOCK_H
#define MXCENSUS_PROCESS_LANDLOCK_H

#include <stdbool.h>

/* From this version on Landlock knows of TCP. */
#define LANDLOCK_KNOWS_TCP	4

/* The version of Landlock here; 0: there is none. */
int	landlock_version(void);
/* Enters it, with one thread, before the filter. Without `allows_tcp` no TCP
 * socket can be bound or connected, if Landlock knows of TCP. False if there is
 * none. */
bool	landlock_enter(bool allows_tcp);

#endif
