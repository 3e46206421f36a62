#include "scanner/commands/scan.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/output.h"
#include "scanner/commands/scan_shard.h"
#include "scanner/commands/summary.h"
#include "scanner/coordinator/coordinator.h"
#include "scanner/coordinator/monitoring/metrics_file.h"
#include "scanner/crypto/trust.h"
#include "scanner/dns/recursive/resolver.h"
#include "scanner/net/tls.h"
#include "scanner/options/options.h"
#include "scanner/plan/plan.h"
#include "scanner/run/folder.h"
#include "scanner/run/vantage.h"

/* Checks the files that a worker opens before its first question: is every file
 * that an option names usable? If one is not, the run does not begin. */
static bool
files_are_good(const struct options *options)
{
	const struct resolver_options wanted = {
		.root_hints = options->root_hints,
		.trust_anchor = options->trust_anchor,
		.forward = options->forward,
		.resolver_conf = options->resolver_conf,
		.use_ipv4 = true, .use_ipv6 = true, .window = 1, .sockets = 1,
		.allowed = &options->allow_network,
		.only_allowed = options->only_allowed_networks,
	};
	struct ev_loop *ev = ev_loop_new(EVFLAG_NOENV | EVBACKEND_EPOLL);
	struct resolver *resolver = NULL;
	struct trust *trust;
	char why[256] = "libev: no epoll here";
	bool good;

	tls_library_init();
	trust = trust_open(vantage_ca_file(options), why);
	if (ev != NULL && trust != NULL)
		resolver = resolver_new(ev, &wanted, why);
	good = resolver != NULL;
	if (!good)
		log_line("%s", why);
	resolver_free(resolver);
	trust_free(trust);
	if (ev != NULL)
		ev_loop_destroy(ev);
	return good;
}

/* Can the file of --metrics-file be written, as a scan finds out at its start?
 * Nothing is left of the attempt. */
static bool
metrics_can_be_written(const struct options *options)
{
	struct metrics_file file;
	bool good = metrics_file_open(&file, options->metrics_file);

	metrics_file_close(&file);
	return good;
}

/* The run itself is complete, even if the summary cannot be read. */
static void
tell_summary(const char *run)
{
	char *path = xasprintf("%s/summary.json", run);

	/* Bad input may have ended the run before there was any file. */
	if (access(path, F_OK) == 0 && summary_print(run, FORM_TEXT,
	    stdout))
		(void)output_flush();
	free(path);
}

/* A scan that is refused because another one is running has not stopped
 * anything. */
static bool
is_taken(const char *run)
{
	int folder = open(run, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool taken = folder >= 0 && folder_is_locked(folder) == 1;

	if (folder >= 0)
		close(folder);
	return taken;
}

/* A dry run is over soon, and its operator waits for it. */
static enum log_form
form_of_lines(const struct options *options)
{
	if (options->log_format == LOG_FORMAT_JSON)
		return LOG_JSON;
	return options->dry_run ? LOG_PLAIN : log_form_for_people();
}

static int
scan(const struct options *options)
{
	int status;

	log_begin(form_of_lines(options), "scan");
	if (!files_are_good(options))
		return EXIT_VANTAGE;
	if (options->dry_run)
		return metrics_can_be_written(options)
		    ? plan_dry_run(options, stdout) : EXIT_OUTPUT;
	status = coordinator_run(options);
	if (status == EXIT_STOPPED && is_taken(options->run))
		return status;
	if (status == EXIT_STOPPED)
		log_info("stopped; the same command resumes %s",
		    options->run);
	else if ((status == EXIT_COMPLETE || status == EXIT_INPUT) &&
	    !options->quiet && options->stage == STAGE_ALL)
		tell_summary(options->run);
	return status;
}

int
scan_command(const struct options *options)
{
	return options_have_shard(options) ? scan_shard(options, scan)
	    : scan(options);
}
