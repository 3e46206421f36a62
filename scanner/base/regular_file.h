/*
 * regular_file: opens for reading a file in a folder that a stranger may have
 * made.
 */
#ifndef MXCENSUS_BASE_REGULAR_FILE_H
#define MXCENSUS_BASE_REGULAR_FILE_H

/* A descriptor of the regular file at that path below the folder, close-on-exec; -1 with
 * errno: EISDIR for a folder, EINVAL for a pipe or a device. It never waits for a writer
 * of a pipe. */
int	regular_file_open(int folder, const char *path);

#endif
