/*
 * room: does the disk of a run take more? A full disk (or quota) is no fault of
 * the run: it can wait until somebody has made room.
 */
#ifndef MXCENSUS_RUN_ROOM_H
#define MXCENSUS_RUN_ROOM_H

#include <stdbool.h>

#include "scanner/run/folder.h"

/* What a few workers write in a batch each. With less the disk is full again
 * before anything is committed. */
#define ROOM_BYTES	(8 << 20)

/* Does errno say that the disk or the quota is full? */
bool	room_lacks(int error);
/* Writes that many bytes into RUN/.work/open, syncs them and takes them back.
 * The free space of a file system alone would say nothing of quotas, of inodes
 * and of what is reserved. */
bool	room_is_there(struct folder *, size_t bytes);

#endif
