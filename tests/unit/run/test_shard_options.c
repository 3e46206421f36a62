/* The command line of a shard: what the plan says, and then what was typed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "scanner/command.h"
#include "scanner/run/shard_options.h"

#define WORDS_MAX 32

/* A command line, cut at its blanks, in `kept`. */
static bool
parse(struct options *options, char *kept)
{
	char *argv[WORDS_MAX + 1], *rest, **words = argv;
	const struct command *command;
	int argc = 0;

	for (char *word = strtok_r(kept, " ", &rest); word != NULL;
	    word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	argv[argc] = NULL;
	command = command_find(&argc, &words);
	assert_non_null(command);
	if (options_parse(options, command, argc, words) != OPTIONS_OK)
		return false;
	/* The words are on our stack. */
	options->argc = 0;
	return true;
}

/* The plan that this command line makes. */
static void
plan(struct run_json *file, const char *line)
{
	json_t *texts = json_object();
	char kept[512], value[1024];
	struct options options;
	const char *name;
	bool changes_facts;

	snprintf(kept, sizeof kept, "scan list -o RUN --stage plan %s", line);
	assert_true(parse(&options, kept));
	for (size_t i = 0; options_in_force(&options, i, &name, value,
	    &changes_facts); i++)
		json_object_set_new(texts, name, json_string(value));
	*file = (struct run_json){ .root = json_pack("{s:o}", "options",
	    texts) };
	options_fini(&options);
}

#define SHARD "scan -o RUN --stage hosts --shard 1/1"

static void
inherits(void **state)
{
	char typed[] = SHARD;
	struct shard_line line;
	struct run_json file;
	struct options given;
	bool has_rate = false, has_network = false, has_opt_out = false;

	(void)state;
	plan(&file, "--ehlo scan.example.org --contact a@b.example --pause 3s "
	    "--dns-rate 77 --opt-out barred --sample 1/9 --workers 5 --quiet "
	    "--allow-network 198.18.0.0/15 --allow-network 2001:db8::/32");
	assert_true(parse(&given, typed));
	assert_true(shard_line_compose(&line, &file, &given));
	for (int i = 0; i < line.argc; i++) {
		const char *word = line.argv[i];

		has_rate = has_rate || strcmp(word, "--dns-rate=77") == 0;
		has_opt_out = has_opt_out ||
		    strcmp(word, "--opt-out=barred") == 0;
		has_network = has_network ||
		    strcmp(word, "--allow-network=2001:db8::/32") == 0;
		/* These are of the machine that made the plan. */
		assert_null(strstr(word, "--workers"));
		assert_null(strstr(word, "--quiet"));
		assert_null(strstr(word, "--output"));
	}
	assert_true(has_rate && has_network && has_opt_out);
	shard_line_free(&line);
	options_fini(&given);
	json_decref(file.root);
}

/* Without --ehlo nobody has said who we are, in a shard as in the plan. */
static void
nobody(void **state)
{
	char typed[] = SHARD;
	struct shard_line line;
	struct run_json file;
	struct options given;

	(void)state;
	plan(&file, "--allow-network 198.18.0.0/15");
	assert_true(parse(&given, typed));
	assert_true(shard_line_compose(&line, &file, &given));
	for (int i = 0; i < line.argc; i++)
		assert_null(strstr(line.argv[i], "--ehlo"));
	shard_line_free(&line);
	options_fini(&given);
	json_decref(file.root);
}

/* Options that change facts are those of the plan; others may differ. */
static void
other_values(void **state)
{
	static const struct { bool good; const char *typed; } rows[] = {
		{ true, SHARD }, { true, SHARD " --timeout 5s" },
		{ false, SHARD " --timeout 6s" },
		{ false, SHARD " --ehlo other.example.org" },
		{ true, SHARD " --contact c@d.example" },
		{ true, SHARD " --workers 9 --pause 9s --dns-rate 9" },
		{ false, SHARD " --lane recursive" },
		{ false, SHARD " --limit 3" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct shard_line line;
		struct run_json file;
		struct options given;
		char typed[256];

		plan(&file, "--ehlo scan.example.org --contact a@b.example "
		    "--timeout 5s");
		snprintf(typed, sizeof typed, "%s", rows[i].typed);
		assert_true(parse(&given, typed));
		if (shard_line_compose(&line, &file, &given) != rows[i].good)
			fail_msg("%s", rows[i].typed);
		shard_line_free(&line);
		options_fini(&given);
		json_decref(file.root);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inherits), cmocka_unit_test(nobody),
		cmocka_unit_test(other_values),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
