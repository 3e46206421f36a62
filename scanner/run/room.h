/*
 * room: is there room on the disk of a run? A full disk (or quota) does not end
 * the run: it can wait until somebody has made room.
 */
#ifndef MXCENSUS_RUN_ROOM_H
#define MXCENSUS_RUN_ROOM_H

#include <stdbool.h>

#include "scanner/run/folder.h"

/* As much as a few workers write in one batch each. With less room, the disk
 * would be full again before anything is committed. */
#define ROOM_BYTES	(8 << 20)

/* Does errno say that the disk or the quota is full? */
bool	room_lacks(int error);
/* Writes that many bytes into RUN/.work/open, syncs them and removes them. The
 * free space of a file system would say nothing about quotas, inodes and
 * reserved blocks. */
bool	room_is_there(struct folder *, size_t bytes);

#endif
