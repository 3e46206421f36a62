#include "scanner/coordinator/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/coordinator.h"

#define FILE_SECONDS	10
#define PLAIN_SECONDS	60
#define RATE_SECONDS	30	/* the rate is that of so long */

struct progress {
	struct coordinator *coordinator;
	bool		 shown, live;
	FILE		*file;
	unsigned	 ticks;
	uint64_t	 past[RATE_SECONDS];	/* domains done, by second */
	size_t		 width;			/* of the line on the terminal */
};

struct progress *
progress_new(struct coordinator *coordinator)
{
	struct progress *progress = xcalloc(1, sizeof *progress);
	int mode = coordinator->options->progress;
	int descriptor = openat(coordinator->folder.descriptor,
	    "progress.jsonl", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

	progress->coordinator = coordinator;
	progress->live = isatty(STDERR_FILENO);
	progress->shown = mode != ANSWER_NEVER &&
	    !coordinator->options->quiet;
	if (mode == ANSWER_ALWAYS)
		progress->live = true;
	progress->file = descriptor < 0 ? NULL : fdopen(descriptor, "a");
	return progress;
}

struct figures {
	uint64_t	done, total, in_flight, sessions, undetermined;
	double		share, rate, seconds_left;
};

static void
gather(struct progress *progress, struct figures *figures)
{
	const struct coordinator *coordinator = progress->coordinator;
	const struct tally *tally = &coordinator->tally;
	unsigned span = progress->ticks < RATE_SECONDS ? progress->ticks
						       : RATE_SECONDS;
	uint64_t before = progress->past[progress->ticks % RATE_SECONDS];

	*figures = (struct figures){
		.done = tally->domains,
		.total = coordinator->plan.counts.domains,
		.sessions = pace_in_flight(coordinator->pace),
		.undetermined = tally->tls_class[TLS_CLASS_UNDETERMINED],
	};
	for (unsigned i = 0; i < coordinator->worker_count; i++)
		figures->in_flight += coordinator->workers[i].in_flight;
	if (span < RATE_SECONDS)
		before = progress->past[0];
	figures->rate = span == 0 ? 0
	    : (double)(figures->done - before) / span;
	figures->share = figures->total == 0 ? 1
	    : (double)figures->done / (double)figures->total;
	figures->seconds_left = figures->rate > 0
	    ? (double)(figures->total - figures->done) / figures->rate : -1;
}

static void
time_left(double seconds, char text[16])
{
	if (seconds < 0)
		snprintf(text, 16, "-");
	else if (seconds < 3600)
		snprintf(text, 16, "%u:%02u", (unsigned)seconds / 60,
		    (unsigned)seconds % 60);
	else
		snprintf(text, 16, "%uh%02um", (unsigned)(seconds / 3600),
		    (unsigned)seconds / 60 % 60);
}

static void
show(struct progress *progress, const struct figures *figures)
{
	const struct coordinator *coordinator = progress->coordinator;
	const struct tally *tally = &coordinator->tally;
	struct winsize size = { .ws_col = 0 };
	char line[256], left[16];
	int length;

	time_left(figures->seconds_left, left);
	length = snprintf(line, sizeof line, "%" PRIu64 "/%" PRIu64
	    " domains %.1f%%, %.0f/s, left %s | hosts %" PRIu64 " | probes %"
	    PRIu64 ", %" PRIu64 " waiting, %" PRIu64 " now | asking %" PRIu64
	    " | undetermined %" PRIu64, figures->done, figures->total,
	    100 * figures->share, figures->rate, left, tally->hosts,
	    tally->probes, pace_waiting(coordinator->pace), figures->sessions,
	    figures->in_flight, figures->undetermined);
	if (!progress->live) {
		fprintf(stderr, "mxcensus: %s\n", line);
		return;
	}
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 &&
	    length >= size.ws_col)
		length = size.ws_col - 1;
	fprintf(stderr, "\r%.*s%*s", length, line,
	    progress->width > (size_t)length
	    ? (int)(progress->width - (size_t)length) : 0, "");
	progress->width = (size_t)length;
}

static void
write_line(struct progress *progress, const struct figures *figures)
{
	const struct coordinator *coordinator = progress->coordinator;
	char now[CLOCK_TEXT_MAX];

	clock_text(clock_ms(), now);
	fprintf(progress->file, "{\"at\":\"%s\",\"domains\":%" PRIu64
	    ",\"total\":%" PRIu64 ",\"rate\":%.1f,\"hosts\":%" PRIu64
	    ",\"probes\":%" PRIu64 ",\"waiting\":%" PRIu64
	    ",\"sessions\":%" PRIu64 ",\"asking\":%" PRIu64
	    ",\"undetermined\":%" PRIu64 "}\n", now, figures->done,
	    figures->total, figures->rate, coordinator->tally.hosts,
	    coordinator->tally.probes, pace_waiting(coordinator->pace),
	    figures->sessions, figures->in_flight, figures->undetermined);
	fflush(progress->file);
}

void
progress_tick(struct progress *progress)
{
	struct figures figures;

	gather(progress, &figures);
	if (progress->shown && (progress->live ||
	    progress->ticks % PLAIN_SECONDS == PLAIN_SECONDS - 1))
		show(progress, &figures);
	if (progress->file != NULL &&
	    progress->ticks % FILE_SECONDS == FILE_SECONDS - 1)
		write_line(progress, &figures);
	progress->past[progress->ticks % RATE_SECONDS] = figures.done;
	progress->ticks++;
}

void
progress_end(struct progress *progress)
{
	struct figures figures;

	if (progress == NULL)
		return;
	if (progress->file != NULL) {
		gather(progress, &figures);
		write_line(progress, &figures);
		fclose(progress->file);
	}
	if (progress->shown && progress->live && progress->width > 0)
		fprintf(stderr, "\r%*s\r", (int)progress->width, "");
	free(progress);
}
