#include "scanner/base/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>

#include "scanner/base/log.h"

bool
output_flush(void)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	/* If an earlier write failed, its errno is lost. The output is broken
	 * anyway, so writing another byte does no harm, and fails in the same
	 * way. */
	if (errno == 0) {
		putchar('\n');
		(void)fflush(stdout);
	}
	log_line("standard output: %s", errno != 0 ? strerror(errno)
	    : "not all of it was written");
	/* A failure is reported once. */
	__fpurge(stdout);
	clearerr(stdout);
	return false;
}
