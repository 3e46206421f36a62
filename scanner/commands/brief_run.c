#include "scanner/commands/brief_run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/coordinator.h"
#include "scanner/input/input.h"
#include "scanner/run/folder.h"

/* The folder ************************************************************** */

static bool
write_list(const struct brief_run *brief)
{
	FILE *file = fopen(brief->list, "w");
	bool good = file != NULL;

	for (size_t i = 0; good && i < brief->count; i++)
		good = fprintf(file, "%s\n", brief->names[i]) > 0;
	if (file != NULL && fclose(file) != 0)
		good = false;
	if (!good)
		log_line("%s: %s", brief->list, strerror(errno));
	return good;
}

static bool
make_folder(struct brief_run *brief)
{
	const char *parent = getenv("TMPDIR");

	brief->place = xasprintf("%s/mxcensus-XXXXXX",
	    parent != NULL && parent[0] != '\0' ? parent : "/tmp");
	if (mkdtemp(brief->place) == NULL) {
		log_line("%s: %s", brief->place, strerror(errno));
		free(brief->place);
		brief->place = NULL;
		return false;
	}
	brief->run = xasprintf("%s/run", brief->place);
	brief->list = xasprintf("%s/list", brief->place);
	return write_list(brief);
}

static void
remove_folder(const struct brief_run *brief)
{
	struct folder parent = { .descriptor = AT_FDCWD };

	if (brief->place != NULL && !folder_remove_tree(&parent, brief->place))
		log_line("%s: %s", brief->place, strerror(errno));
}

/* The scan **************************************************************** */

/* The command line of the scan, which its workers get: the presets of check,
 * the options that were typed (getopt has put them first), and the list. */
static void
compose(struct brief_run *brief)
{
	static const char *const presets[] = {
		"--attempts", "1", "--probe-implicit", "--lane", "recursive",
	};
	struct options *options = brief->options;
	const char *const last[] = {
		"--format", "list", "--workers", "1", "--grace", "0s",
		"--progress", "never", "--quiet", "-o", brief->run, "--",
		brief->list,
	};
	size_t typed = (size_t)(options->arguments - options->argv), count = 0;

	if (typed > 0 && strcmp(options->argv[typed - 1], "--") == 0)
		typed--;
	brief->argv = xcalloc(typed + 24, sizeof *brief->argv);
	for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++)
		brief->argv[count++] = (char *)(uintptr_t)presets[i];
	for (size_t i = 0; i < typed; i++)
		brief->argv[count++] = options->argv[i];
	for (size_t i = 0; i < sizeof last / sizeof last[0]; i++)
		brief->argv[count++] = (char *)(uintptr_t)last[i];
	options->argv = brief->argv;
	options->argc = (int)count;
	options->format = INPUT_LIST;
	options->probe_implicit = true;
	options->lane = CHOOSE_LANE_RECURSIVE;
	options->workers = 1;
	options->grace_ms = 0;
	options->progress = CHOICE_NEVER;
	options->quiet = true;
	options->run = brief->run;
	options->arguments = &brief->argv[count - 1];
	options->argument_count = 1;
}

/* Waits for the scan. The first signal is passed on to it, and the second one
 * kills it. Returns its exit status. */
static int
await(pid_t scan, const sigset_t *signals, int *stopped_by)
{
	int status, signal_number, sent = 0;

	while (waitpid(scan, &status, WNOHANG) == 0) {
		signal_number = sigwaitinfo(signals, NULL);
		if (signal_number < 0 || signal_number == SIGCHLD)
			continue;
		*stopped_by = signal_number;
		kill(scan, sent++ == 0 ? SIGTERM : SIGKILL);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_BUG;
}

static int
measure(const struct brief_run *brief, int *stopped_by)
{
	sigset_t signals, before;
	pid_t scan;
	int status;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, &before);
	fflush(NULL);
	scan = fork();
	if (scan == 0) {
		/* Ctrl-C on the terminal goes to the parent, which passes it
		 * on. */
		(void)setpgid(0, 0);
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		sigprocmask(SIG_SETMASK, &before, NULL);
		_exit(coordinator_run(brief->options));
	}
	status = scan < 0 ? EXIT_VANTAGE : await(scan, &signals, stopped_by);
	if (scan < 0)
		log_line("fork: %s", strerror(errno));
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

int
brief_run_scan(struct brief_run *brief)
{
	if (!make_folder(brief))
		return EXIT_OUTPUT;
	compose(brief);
	return measure(brief, &brief->stopped_by);
}

void
brief_run_end(struct brief_run *brief)
{
	int stopped_by = brief->stopped_by;

	remove_folder(brief);
	free(brief->argv);
	free(brief->place);
	free(brief->run);
	free(brief->list);
	*brief = (struct brief_run){ 0 };
	/* The caller must see which signal it was. */
	if (stopped_by != 0) {
		signal(stopped_by, SIG_DFL);
		raise(stopped_by);
	}
}
