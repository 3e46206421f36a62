#include "scanner/coordinator/work/shares.h"

#include <stdlib.h>

#include "scanner/base/memory.h"

#define EQUAL_PART	0.2	/* of the rate */
/* A change of less than this part of an equal share is not worth a message. */
#define CHANGE_LEAST	0.1

struct shares {
	unsigned	workers;
	double		rate;
	bool		are_lowered;	/* the rising ones were not sent yet */
	int64_t		lowered_ms;
	int64_t		waited_ms;	/* when a name last waited */
	struct worker_share {
		uint64_t	waiting;
		int64_t		noted_ms;
		double		now, next;
	}		of[];
};

double
share_by_demand(double rate, unsigned workers, double waiting, double all)
{
	if (!(all > 0))
		return rate / workers;
	return rate * EQUAL_PART / workers +
	    rate * (1 - EQUAL_PART) * (waiting / all);
}

struct shares *
shares_new(unsigned workers, double rate)
{
	struct shares *shares = xcalloc(1, sizeof *shares +
	    workers * sizeof shares->of[0]);

	shares->workers = workers;
	shares->rate = rate;
	for (unsigned i = 0; i < workers; i++)
		shares->of[i].now = shares->of[i].next = rate / workers;
	return shares;
}

void
shares_free(struct shares *shares)
{
	free(shares);
}

void
shares_note(struct shares *shares, unsigned worker, uint64_t waiting,
    int64_t now_ms)
{
	shares->of[worker].waiting = waiting;
	shares->of[worker].noted_ms = now_ms;
	if (waiting > 0)
		shares->waited_ms = now_ms;
}

void
shares_set_rate(struct shares *shares, double rate)
{
	double factor = rate / shares->rate;

	shares->rate = rate;
	for (unsigned i = 0; i < shares->workers; i++) {
		shares->of[i].now *= factor;
		shares->of[i].next *= factor;
	}
}

double
shares_of(const struct shares *shares, unsigned worker)
{
	return shares->of[worker].now;
}

static double
waiting_at(const struct worker_share *of, int64_t now_ms)
{
	return now_ms - of->noted_ms > SHARES_SILENT_MS ? 0
	    : (double)of->waiting;
}

static double
all_waiting(const struct shares *shares, int64_t now_ms)
{
	double all = 0;

	for (unsigned i = 0; i < shares->workers; i++)
		all += waiting_at(&shares->of[i], now_ms);
	return all;
}

/* Sets the next shares. Returns whether one of them differs from the present
 * one by more than `least`. */
static bool
choose(struct shares *shares, double all, double least, int64_t now_ms)
{
	bool differs = false;

	for (unsigned i = 0; i < shares->workers; i++) {
		struct worker_share *of = &shares->of[i];

		of->next = share_by_demand(shares->rate, shares->workers,
		    waiting_at(of, now_ms), all);
		differs = differs || of->next > of->now + least ||
		    of->next < of->now - least;
	}
	return differs;
}

/* Sends the shares that fall, or those that rise. */
static void
change(struct shares *shares, bool falls, void (*tell)(void *, unsigned),
    void *tag)
{
	for (unsigned i = 0; i < shares->workers; i++) {
		struct worker_share *of = &shares->of[i];

		if (falls ? of->next >= of->now : of->next <= of->now)
			continue;
		of->now = of->next;
		tell(tag, i);
	}
}

bool
shares_look(struct shares *shares, int64_t now_ms,
    void (*tell)(void *, unsigned), void *tag)
{
	double all = all_waiting(shares, now_ms);

	if (shares->are_lowered) {
		if (now_ms - shares->lowered_ms < SHARES_SETTLE_MS)
			return true;
		shares->are_lowered = false;
		change(shares, false, tell, tag);
		return true;
	}
	if (!(all > 0) && !choose(shares, 0, 0, now_ms))
		return false;
	if (!(all > 0) && now_ms - shares->waited_ms < SHARES_IDLE_MS)
		return true;
	if (!choose(shares, all, all > 0 ? CHANGE_LEAST * shares->rate /
	    shares->workers : 0, now_ms))
		return true;
	shares->are_lowered = true;
	shares->lowered_ms = now_ms;
	change(shares, true, tell, tag);
	return true;
}
