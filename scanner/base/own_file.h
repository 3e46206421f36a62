/*
 * own_file: files that a run writes, opened below the descriptor of its folder.
 * Someone who can write into that folder could plant a link there, and so have
 * another file of ours overwritten. So no link is followed, neither at the end
 * of the path nor before it, and an existing file must be a regular file that
 * belongs to this process's user or to the owner of the folder.
 *
 * A refusal is reported in a message that names the path in the folder and says
 * why.
 */
#ifndef MXCENSUS_BASE_OWN_FILE_H
#define MXCENSUS_BASE_OWN_FILE_H

#include <stdbool.h>

/* All return a descriptor, or -1 with errno. */

/* Makes a new and empty file for reading and writing. It removes an older file
 * of ours first. If that file has another link, its content survives there. */
int	own_file_create(int folder, const char *path);
/* Opens a file for reading and appending, and makes it if there is none. */
int	own_file_append(int folder, const char *path);
/* Is there nothing in its place, or a file of ours? False with errno. */
bool	own_file_can_be_replaced(int folder, const char *path);
/* Opens a file for reading and writing that is only locked and never
 * written. */
int	own_file_lock(int folder, const char *path);
/* Makes a folder, if there is none. Returns false with errno; also if a link is
 * in its place. */
bool	own_folder_make(int folder, const char *path);

#endif
