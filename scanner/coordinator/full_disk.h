/*
 * full_disk: makes the run wait while its disk or quota is full, for at most
 * --grace-disk, and reports it. Meanwhile the owner holds the work back. The
 * owner also ticks, cancels and settles `pause` (pause.h).
 */
#ifndef MXCENSUS_COORDINATOR_FULL_DISK_H
#define MXCENSUS_COORDINATOR_FULL_DISK_H

#include "scanner/coordinator/pause.h"
#include "scanner/options/options.h"
#include "scanner/run/folder.h"

/* The callbacks run inside pause_tick. A message has said why. */
struct full_disk_events {
	void	*tag;
	void	(*room_made)(void *tag);
	void	(*passed)(void *tag);	/* --grace-disk has passed */
};

struct full_disk {
	const struct options *options;
	struct folder *folder;
	struct full_disk_events events;
	struct pause	 pause;
};

void	full_disk_init(struct full_disk *, const struct options *,
	    struct folder *, const struct full_disk_events *);
/* Says that `what` could not be written (errno). Returns true if the run waits;
 * false after a message if there is no time left to wait. */
bool	full_disk_wait(struct full_disk *, const char *what, int error);

#endif
