#include "scanner/coordinator/wait_line.h"

#include "scanner/base/clock.h"
#include "scanner/base/log.h"

#define WAIT_LEAST_MS	5000	/* that is worth a line */

void
wait_line_tell(struct wait_line *line, int64_t until_ms)
{
	char text[CLOCK_TEXT_MAX];

	if (until_ms < clock_ms() + WAIT_LEAST_MS ||
	    until_ms < line->until_ms + WAIT_LEAST_MS)
		return;
	line->until_ms = until_ms;
	clock_text(until_ms, text);
	log_info("everything that is left has to wait (--retry-after, "
	    "--pause): the run resumes at %s", text);
}
