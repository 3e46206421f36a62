/* command: runs verify_run() for a person. */
#include "scanner/commands/verify.h"
#include "scanner/options/options.h"

int
verify_command(const struct options *options)
{
	return verify_run(options->arguments[0], stdout);
}
