#include "scanner/run/progress.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/run/room.h"

#define FILE_SECONDS	10
#define PLAIN_SECONDS	60
#define RATE_SECONDS	30	/* the time over which rates are measured */
#define COLUMNS		80	/* if the terminal does not say */

struct progress {
	const char	*path;		/* the run's folder */
	bool		 shown, live;
	int		 file;		/* progress.jsonl; -1: none */
	bool		 told_full;	/* the last line did not fit */
	unsigned	 ticks, samples;
	double		 highest;	/* share so far */
	enum figures_phase written;	/* the phase of the last line there */
	struct sample {
		int64_t		at_ms;
		uint64_t	domains, probes;
	}		 past[RATE_SECONDS];	/* of the start and of each
						 * tick */
};

/* Cuts off the line that an earlier process was writing when it was killed, so
 * that every line of the file is whole. */
static bool
drop_torn_line(int file)
{
	char tail[FIGURES_JSON_MAX];
	struct stat status;
	off_t start;
	ssize_t length;
	const char *newline;

	if (fstat(file, &status) != 0)
		return false;
	start = status.st_size > (off_t)sizeof tail
	    ? status.st_size - (off_t)sizeof tail : 0;
	length = pread(file, tail, sizeof tail, start);
	if (length < 0)
		return false;
	newline = memrchr(tail, '\n', (size_t)length);
	if (newline != NULL)
		start += newline - tail + 1;
	return start == status.st_size || ftruncate(file, start) == 0;
}

static int
open_file(struct folder *folder)
{
	int file = own_file_append(folder->descriptor, PROGRESS_FILE);

	if (file < 0 || !drop_torn_line(file))
		log_line("%s/" PROGRESS_FILE ": %s", folder->path,
		    strerror(errno));
	return file;
}

bool
progress_can_begin(struct folder *folder)
{
	int file;

	if (!folder_exists(folder, PROGRESS_FILE))
		return true;
	file = open_file(folder);
	if (file >= 0)
		close(file);
	return file >= 0;
}

/* The share that an earlier process reported. */
static double
last_share(int file)
{
	char tail[4 * FIGURES_JSON_MAX];
	struct figures last;
	struct stat status;
	ssize_t length;

	if (file < 0 || fstat(file, &status) != 0)
		return 0;
	length = pread(file, tail, sizeof tail, status.st_size >
	    (off_t)sizeof tail ? status.st_size - (off_t)sizeof tail : 0);
	if (length <= 0 || !figures_last(tail, (size_t)length, &last))
		return 0;
	/* Nothing of the seal counts before all of it is done. */
	return fmin(last.share, FIGURES_SHARE_MEASURED);
}

static void
set_rates(const struct progress *progress, struct figures *figures)
{
	/* The next sample will replace the oldest. */
	const struct sample *oldest = &progress->past[progress->samples <
	    RATE_SECONDS ? 0 : progress->samples % RATE_SECONDS];
	double seconds = (double)(figures->at_ms - oldest->at_ms) / 1000;

	if (progress->samples == 0 || seconds <= 0)
		return;
	figures->domains_per_s =
	    (double)(figures->domains - oldest->domains) / seconds;
	figures->probes_per_s =
	    (double)(figures->probes - oldest->probes) / seconds;
}

static void
take_sample(struct progress *progress, const struct figures *figures)
{
	progress->past[progress->samples++ % RATE_SECONDS] = (struct sample){
		figures->at_ms, figures->domains, figures->probes,
	};
}

static size_t
terminal_columns(void)
{
	struct winsize size = { .ws_col = 0 };

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return COLUMNS;
	return size.ws_col;
}

static void
show(const struct progress *progress, const struct figures *figures)
{
	char line[FIGURES_LINE_MAX];

	if (progress->live) {
		/* After the last column the cursor would move to the next
		 * line. */
		figures_line(figures, terminal_columns() - 1, line);
		log_live(line);
	} else {
		figures_line(figures, sizeof line, line);
		log_info("%s", line);
	}
}

/* If the disk is full, only lines of progress are lost here. The run pauses when
 * its rows do not fit. */
static void
write_line(struct progress *progress, const struct figures *figures)
{
	char line[FIGURES_JSON_MAX];
	size_t length = figures_to_json(figures, line);

	ssize_t written;
	int error;

	progress->written = figures->phase;
	if (progress->file < 0)
		return;
	written = write(progress->file, line, length);
	if (written == (ssize_t)length) {
		progress->told_full = false;
		return;
	}
	/* A line that was written only in part sets no errno. */
	error = written >= 0 ? ENOSPC : errno;
	if (!progress->told_full)
		log_line("%s/" PROGRESS_FILE ": %s", progress->path,
		    strerror(error));
	if (drop_torn_line(progress->file) && room_lacks(error)) {
		progress->told_full = true;
		return;
	}
	close(progress->file);
	progress->file = -1;
}

struct progress *
progress_new(const struct options *options, struct folder *folder,
    struct figures *figures)
{
	struct progress *progress = xcalloc(1, sizeof *progress);

	progress->path = folder->path;
	progress->shown = options->progress != CHOICE_NEVER && !options->quiet;
	progress->live = options->log_format != LOG_FORMAT_JSON &&
	    (options->progress == CHOICE_ALWAYS || isatty(STDERR_FILENO));
	progress->file = open_file(folder);
	progress->highest = last_share(progress->file);
	figures_keep_share(figures, &progress->highest);
	/* The status command sees at once that the run continues. */
	write_line(progress, figures);
	/* The work of an earlier process does not count towards the speed of
	 * this one. */
	take_sample(progress, figures);
	return progress;
}

void
progress_tick(struct progress *progress, struct figures *figures)
{
	set_rates(progress, figures);
	figures_keep_share(figures, &progress->highest);
	if (progress->shown && (progress->live ||
	    progress->ticks % PLAIN_SECONDS == PLAIN_SECONDS - 1))
		show(progress, figures);
	if (progress->ticks % FILE_SECONDS == FILE_SECONDS - 1 ||
	    figures->phase != progress->written)
		write_line(progress, figures);
	take_sample(progress, figures);
	progress->ticks++;
}

void
progress_step(struct progress *progress, struct figures *figures)
{
	figures_keep_share(figures, &progress->highest);
	/* A file gets these lines only if the run was long enough for others. */
	if (progress->shown && (progress->live ||
	    progress->ticks >= PLAIN_SECONDS))
		show(progress, figures);
	write_line(progress, figures);
}

void
progress_end(struct progress *progress, struct figures *figures)
{
	if (progress == NULL)
		return;
	figures_keep_share(figures, &progress->highest);
	write_line(progress, figures);
	if (progress->file >= 0)
		close(progress->file);
	log_live("");
	free(progress);
}
