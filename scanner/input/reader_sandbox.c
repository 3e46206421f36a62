#include "scanner/input/reader_sandbox.h"

#include <jansson.h>
#include <unistd.h>

#include "scanner/process/filter.h"
#include "scanner/process/landlock.h"

/* A descriptor is an int, so the upper half of the argument is ignored. */
#define ON(descriptor)							\
	BITS(0, UINT32_MAX, (scmp_datum_t)(unsigned)(descriptor))

bool
reader_sandbox_enter(int channel, char why[256])
{
	const struct filter_rule allowed[] = {
		/* The input and the files that it includes. Besides these only
		 * the channel and standard error are open */
		{ CALL(read) },
		{ CALL(close) },
		/* Packets of events, and the descriptor of an included file */
		{ CALL(write), .when = { ON(channel) } },
		{ CALL(recvmsg), .when = { ON(channel) } },
		/* The line of an assert, and the line of memory.h */
		{ CALL(write), .when = { ON(STDERR_FILENO) } },
		{ CALL(writev), .when = { ON(STDERR_FILENO) } },
	};

	/* Otherwise the hash tables of jansson would read /dev/urandom at their
	 * first use, or seed themselves from the clock. */
	json_object_seed(0);
	(void)landlock_enter(false);
	return filter_enter(allowed, sizeof allowed / sizeof allowed[0], why);
}
