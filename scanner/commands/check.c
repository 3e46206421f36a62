/*
 * check: the scan of a few domains into a folder that is gone afterwards, read
 * back and explained. The coordinator runs in a child, so that the folder goes
 * however that ends.
 */
#include "scanner/commands/check.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parsers/name.h"
#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/commands/check_print.h"
#include "scanner/coordinator/coordinator.h"
#include "scanner/coordinator/folder.h"
#include "scanner/coordinator/input.h"

struct check {
	struct options	 options;
	char		**names;	/* canonical, distinct */
	size_t		 count;
	char		*place;		/* the folder that goes */
	char		*run, *list;	/* in it */
	char		**argv;		/* of the scan, for its workers */
};

/* Domains ***************************************************************** */

static bool
add_name(struct check *check, const char *text)
{
	uint8_t wire[NAME_WIRE_MAX];
	char name[NAME_TEXT_MAX];
	size_t length;
	enum name_error error = name_from_input(text, strlen(text), wire,
	    &length);

	if (error != NAME_OK || name_labels(wire) == 0) {
		fputs("mxcensus: ", stderr);
		check_print_escaped(stderr, text);
		fprintf(stderr, ": not a domain name (%s)\n",
		    name_error_text(error == NAME_OK ? NAME_SYNTAX : error));
		return false;
	}
	name_to_text(wire, name);
	for (size_t i = 0; i < check->count; i++)
		if (strcmp(check->names[i], name) == 0)
			return true;
	check->names[check->count++] = xstrdup(name);
	return true;
}

static bool
take_names(struct check *check)
{
	const struct options *options = &check->options;

	check->names = xcalloc(options->argument_count, sizeof *check->names);
	for (size_t i = 0; i < options->argument_count; i++)
		if (!add_name(check, options->arguments[i]))
			return false;
	return true;
}

/* The folder ************************************************************** */

static bool
write_list(const struct check *check)
{
	FILE *file = fopen(check->list, "w");
	bool good = file != NULL;

	for (size_t i = 0; good && i < check->count; i++)
		good = fprintf(file, "%s\n", check->names[i]) > 0;
	if (file != NULL && fclose(file) != 0)
		good = false;
	if (!good)
		log_line("%s: %s", check->list, strerror(errno));
	return good;
}

static bool
make_folder(struct check *check)
{
	const char *parent = getenv("TMPDIR");

	check->place = xasprintf("%s/mxcensus-XXXXXX",
	    parent != NULL && parent[0] != '\0' ? parent : "/tmp");
	if (mkdtemp(check->place) == NULL) {
		log_line("%s: %s", check->place, strerror(errno));
		free(check->place);
		check->place = NULL;
		return false;
	}
	check->run = xasprintf("%s/run", check->place);
	check->list = xasprintf("%s/list", check->place);
	return write_list(check);
}

static void
remove_folder(const struct check *check)
{
	struct folder parent = { .descriptor = AT_FDCWD };

	if (check->place != NULL && !folder_remove_tree(&parent, check->place))
		log_line("%s: %s", check->place, strerror(errno));
}

/* The scan **************************************************************** */

/* As a command line of scan: what check presets, what was typed (the options
 * stand first after getopt), the list. */
static void
compose(struct check *check, char **argv)
{
	static const char *const presets[] = {
		"--attempts", "1", "--probe-implicit",
	};
	struct options *options = &check->options;
	const char *const last[] = {
		"--format", "list", "--workers", "1", "--grace", "0s",
		"--progress", "never", "--quiet", "-o", check->run, "--",
		check->list,
	};
	size_t typed = (size_t)(options->arguments - argv), count = 0;

	if (typed > 1 && strcmp(argv[typed - 1], "--") == 0)
		typed--;
	check->argv = xcalloc(typed + 24, sizeof *check->argv);
	for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++)
		check->argv[count++] = (char *)(uintptr_t)presets[i];
	for (size_t i = 1; i < typed; i++)
		check->argv[count++] = argv[i];
	for (size_t i = 0; i < sizeof last / sizeof last[0]; i++)
		check->argv[count++] = (char *)(uintptr_t)last[i];
	options->argv = check->argv;
	options->argc = (int)count;
	options->format = INPUT_LIST;
	options->probe_implicit = true;
	options->workers = 1;
	options->grace_ms = 0;
	options->progress = ANSWER_NEVER;
	options->quiet = true;
	options->run = check->run;
	options->arguments = &check->argv[count - 1];
	options->argument_count = 1;
}

/* Waits for the scan; a signal is passed on to it once, and the second time it
 * is ended. The status that it ended with. */
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
measure(const struct check *check, int *stopped_by)
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
		/* A terminal's Ctrl-C is the parent's, to be passed on. */
		(void)setpgid(0, 0);
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		sigprocmask(SIG_SETMASK, &before, NULL);
		_exit(coordinator_run(&check->options));
	}
	status = scan < 0 ? EXIT_VANTAGE : await(scan, &signals, stopped_by);
	if (scan < 0)
		log_line("fork: %s", strerror(errno));
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

/* The answer ************************************************************** */

static bool
is_in_colour(void)
{
	const char *no_colour = getenv("NO_COLOR"), *kind = getenv("TERM");

	return isatty(STDOUT_FILENO) && (no_colour == NULL ||
	    no_colour[0] == '\0') && (kind == NULL ||
	    strcmp(kind, "dumb") != 0);
}

/* Something to mend outweighs what is not known. */
static int
worse(int status, int other)
{
	if (status == EXIT_MEND || other == EXIT_MEND)
		return EXIT_MEND;
	return status == EXIT_COMPLETE ? other : status;
}

static int
explain(const struct check *check, const struct check_facts *facts)
{
	json_t *domains = json_array(), *whole;
	int64_t now_ms = clock_ms();
	int status = EXIT_COMPLETE;

	for (size_t i = 0; i < check->count; i++) {
		const struct check_domain *domain =
		    check_facts_domain(facts, i);
		struct check_advice_list list;

		check_advise(domain, now_ms, (unsigned)check->options.port,
		    &list);
		status = worse(status, check_advice_status(&list));
		if (check->options.json) {
			json_array_append_new(domains, check_to_json(domain,
			    &list, now_ms));
		} else {
			if (i > 0)
				putchar('\n');
			check_print(stdout, is_in_colour(), domain, &list,
			    now_ms, (unsigned)check->options.port);
		}
		check_advice_fini(&list);
	}
	whole = json_pack("{s:i, s:o}", "status", status, "domains", domains);
	if (check->options.json) {
		json_dumpf(whole, stdout, JSON_INDENT(1) | JSON_ENSURE_ASCII);
		putchar('\n');
	}
	json_decref(whole);
	return fflush(stdout) == 0 ? status : EXIT_OUTPUT;
}

static int
read_and_explain(const struct check *check)
{
	int folder = open(check->run, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct check_facts *facts = folder < 0 ? NULL
	    : check_facts_read(folder, (const char *const *)check->names,
	    check->count);
	int status = facts == NULL ? EXIT_BUG : explain(check, facts);

	if (folder < 0)
		log_line("%s: %s", check->run, strerror(errno));
	else
		close(folder);
	check_facts_free(facts);
	return status;
}

/* ************************************************************************* */

static int
run(struct check *check, char **argv, int *stopped_by)
{
	int status;

	if (!take_names(check))
		return EXIT_USAGE;
	if (!make_folder(check))
		return EXIT_OUTPUT;
	compose(check, argv);
	status = measure(check, stopped_by);
	if (status == EXIT_COMPLETE)
		status = read_and_explain(check);
	return status;
}

static void
fini(struct check *check)
{
	for (size_t i = 0; i < check->count; i++)
		free(check->names[i]);
	free(check->names);
	free(check->argv);
	free(check->place);
	free(check->run);
	free(check->list);
	options_fini(&check->options);
}

int
check_command(int argc, char **argv)
{
	struct check check = { 0 };
	int status = EXIT_USAGE, stopped_by = 0;

	switch (options_parse(&check.options, argc, argv)) {
	case OPTIONS_DONE:
		status = EXIT_COMPLETE;
		break;
	case OPTIONS_WRONG:
		break;
	case OPTIONS_OK:
		status = run(&check, argv, &stopped_by);
		remove_folder(&check);
		break;
	}
	fini(&check);
	/* Whoever called shall see what it was. */
	if (stopped_by != 0) {
		signal(stopped_by, SIG_DFL);
		raise(stopped_by);
	}
	return status;
}
