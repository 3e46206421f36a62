#include "scanner/coordinator/full_disk.h"

#include <stdio.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/run/room.h"

static bool
look_for_room(void *tag)
{
	struct full_disk *disk = tag;

	return room_is_there(disk->folder, ROOM_BYTES);
}

static void
on_room_made(void *tag, int64_t paused_ms)
{
	struct full_disk *disk = tag;

	log_info("%s: there is room again, after %g s: the run resumes",
	    disk->folder->path, (double)paused_ms / 1000);
	disk->events.room_made(disk->events.tag);
}

static void
tell_no_room(const struct full_disk *disk, const char *why)
{
	log_line("%s: %s, and no room was made within %g s (--grace-disk): "
	    "once there is room, the same command resumes the run",
	    disk->folder->path, why, (double)disk->options->grace_disk_ms / 1000);
}

static void
on_no_room(void *tag)
{
	struct full_disk *disk = tag;

	tell_no_room(disk, disk->pause.reason);
	disk->events.passed(disk->events.tag);
}

void
full_disk_init(struct full_disk *disk, const struct options *options,
    struct folder *folder, const struct full_disk_events *events)
{
	*disk = (struct full_disk){
		.options = options, .folder = folder, .events = *events,
		.pause.events = { disk, look_for_room, on_room_made,
		    on_no_room },
	};
}

bool
full_disk_wait(struct full_disk *disk, const char *what, int error)
{
	struct pause *pause = &disk->pause;
	char why[PAUSE_REASON_MAX];

	if (pause->is_active)
		return true;
	snprintf(why, sizeof why, "%s: %s", what, strerror(error));
	if (!pause_begin(pause, why, (int64_t)disk->options->grace_disk_ms,
	    clock_monotonic_ms())) {
		tell_no_room(disk, why);
		return false;
	}
	log_line("%s: %s: the run waits until there is room, for at most %g s "
	    "(--grace-disk)", disk->folder->path, why,
	    (double)(pause->grace_ms - pause->used_ms) / 1000);
	return true;
}
