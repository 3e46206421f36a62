#include "scanner/coordinator/crew/death.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "scanner/base/log.h"

#define FAULTS_MAX	3
#define EARLY_MAX	3	/* if no other worker is ready */
#define EARLY_MOST	12	/* in any case: minutes, with the pauses */
#define MEMORY_MAX	3	/* a worker */
#define PAUSE_MAX_MS	60000

/* Is it a signal that the process can cause itself? A kill from outside accuses
 * no item. */
static bool
is_crash(int number)
{
	static const int signals[] = {
		SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGSYS,
	};

	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		if (number == signals[i])
			return true;
	return false;
}

struct death
death_of(int wait_status, bool was_ready)
{
	struct death death = { .was_ready = was_ready };

	if (WIFSIGNALED(wait_status)) {
		death.number = WTERMSIG(wait_status);
		death.cause = is_crash(death.number) ? DEATH_CRASH
		    : DEATH_KILL;
	} else {
		death.number = WEXITSTATUS(wait_status);
		death.cause = death.number == EXIT_MEMORY ? DEATH_MEMORY
		    : DEATH_EXIT;
	}
	return death;
}

bool
death_accuses(const struct death *death)
{
	return death->cause == DEATH_CRASH || death->cause == DEATH_SPIN;
}

enum death_verdict
death_count_fault(struct death_counts *counts)
{
	return ++counts->faults > FAULTS_MAX ? DEATH_BUG : DEATH_GO_ON;
}

enum death_verdict
death_count(struct death_counts *counts, const struct death *death,
    unsigned workers, bool others_ready)
{
	if (death_accuses(death) || death->cause == DEATH_NONSENSE)
		return death_count_fault(counts);
	if (!death->was_ready) {
		counts->early++;
		return counts->early >= EARLY_MOST ||
		    (counts->early >= EARLY_MAX && !others_ready)
		    ? DEATH_NONE_READY : DEATH_GO_ON;
	}
	switch (death->cause) {
	case DEATH_EXIT:
		return death_count_fault(counts);
	case DEATH_MEMORY:
		return ++counts->memory >= MEMORY_MAX * workers
		    ? DEATH_NO_MEMORY : DEATH_GO_ON;
	default:
		return DEATH_GO_ON;
	}
}

int64_t
death_pause_ms(unsigned deaths)
{
	int64_t pause_ms = 1000;

	if (deaths == 0)
		return 0;
	while (--deaths > 0 && pause_ms < PAUSE_MAX_MS)
		pause_ms *= 2;
	return pause_ms < PAUSE_MAX_MS ? pause_ms : PAUSE_MAX_MS;
}

void
death_text(const struct death *death, char text[DEATH_TEXT_MAX])
{
	switch (death->cause) {
	case DEATH_SPIN:
	case DEATH_MUTE:
		snprintf(text, DEATH_TEXT_MAX, "without a sign of life");
		return;
	case DEATH_NONSENSE:
		snprintf(text, DEATH_TEXT_MAX, "after an invalid message");
		return;
	case DEATH_MEMORY:
		snprintf(text, DEATH_TEXT_MAX, "because it ran out of memory");
		return;
	case DEATH_EXIT:
		snprintf(text, DEATH_TEXT_MAX, "with status %d", death->number);
		return;
	default:
		snprintf(text, DEATH_TEXT_MAX, "by signal %d", death->number);
	}
}
