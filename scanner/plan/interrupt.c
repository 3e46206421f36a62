#include "scanner/plan/interrupt.h"

#include <signal.h>

static volatile sig_atomic_t has_come;

static void
on_signal(int number)
{
	(void)number;
	has_come = 1;
}

void
interrupt_watch(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	/* There is no SA_RESTART, since opening a pipe that nobody writes to
	 * would then not be interrupted. */
	struct sigaction action = { .sa_handler = on_signal };

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		(void)sigaction(numbers[i], &action, NULL);
}

bool
interrupt_has_come(void)
{
	return has_come != 0;
}
