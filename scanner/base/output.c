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
	log_line("standard output: %s", errno != 0 ? strerror(errno)
	    : "not all of it was written");
	/* A failure is reported once. */
	__fpurge(stdout);
	clearerr(stdout);
	return false;
}
