#include "scanner/input/reader_sandbox.h"

#include <jansson.h>
#include <unistd.h>

#include "scanner/process/filter.h"

/* A descriptor is an int: the upper half of the argument is not looked at. */
#define ON(descriptor)							\
	BITS(0, UINT32_MAX, (scmp_datum_t)(unsigned)(descriptor))

bool
reader_sandbox_enter(int channel, char why[256])
{
	const struct filter_rule allowed[] = {
		/* The input, the files that it includes; what is open at all
		 * is theirs, but for the channel and standard error */
		{ CALL(read) },
		{ CALL(close) },
		/* Packets of events; the descriptor of an included file */
		{ CALL(write), .when = { ON(channel) } },
		{ CALL(recvmsg), .when = { ON(channel) } },
		/* An assert's line, and that of memory.h */
		{ CALL(write), .when = { ON(STDERR_FILENO) } },
		{ CALL(writev), .when = { ON(STDERR_FILENO) } },
	};

	/* The hash tables of jansson would read /dev/urandom at their first
	 * use, and else take the clock for a seed. */
	json_object_seed(0);
	return filter_enter(allowed, sizeof allowed / sizeof allowed[0], why);
}
