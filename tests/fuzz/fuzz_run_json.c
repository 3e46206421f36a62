/*
 * fuzz_run_json: a run.json that is read has the same content after it is
 * written and read again, and the reason against a refused one is printable.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/run/run_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
check_why(const struct run_json *run)
{
	assert(run->why[0] != '\0');
	for (const char *at = run->why; *at != '\0'; at++)
		assert(*at >= ' ' && *at <= '~');
}

static void
check_members(const struct run_json *run)
{
	struct run_input input;

	assert((run->wrong & run->missing) == 0);
	for (unsigned i = 0; i < RUN_MEMBER_COUNT; i++)
		assert((run_json_check(run, 1u << i) == NULL) ==
		    run_json_has(run, (enum run_member)i));
	assert(run->retry_after_ms >= 0 && run->records >= 0);
	assert(run->level >= 0 && run->level <= 9);
	for (size_t i = 0; run_json_input(run, i, &input); i++)
		;
}

static void
check_again(const struct run_json *run, enum run_json_result result)
{
	char *text = run_json_dump(run);
	struct run_json again = { 0 };

	/* Some objects are too deep to be written. */
	if (text == NULL)
		return;
	assert(run_json_parse(&again, text, strlen(text)) == result);
	assert(again.wrong == run->wrong && again.missing == run->missing);
	assert(again.state == run->state);
	assert(again.started_ms == run->started_ms);
	assert(again.retry_after_ms == run->retry_after_ms);
	assert(again.records == run->records && again.level == run->level);
	run_json_close(&again);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct run_json run = { 0 };
	enum run_json_result result = run_json_parse(&run, (const char *)bytes,
	    length);

	if (result != RUN_JSON_READ)
		check_why(&run);
	check_members(&run);
	if (run.root != NULL)
		check_again(&run, result);
	run_json_close(&run);
	return 0;
}
