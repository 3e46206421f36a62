#include "scanner/run/run_json.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/escape.h"
#include "scanner/base/regular_file.h"
#include "scanner/out/field.h"
#include "scanner/out/replacement.h"

#define BYTES_MAX	((size_t)64 << 20)
#define PIECE		65536
#define COUNT_MAX	((json_int_t)1 << 53)	/* of integers in a double */

static const char *const states[] = {
	[RUN_MEASURING] = "measuring", [RUN_SEALED] = "sealed",
};

/* Members ***************************************************************** */

static bool
read_state(const json_t *value, void *to)
{
	const char *text = json_string_value(value);

	for (int i = 0; text != NULL && i <= RUN_SEALED; i++)
		if (strcmp(text, states[i]) == 0) {
			*(enum run_state *)to = (enum run_state)i;
			return true;
		}
	return false;
}

static bool
read_format(const json_t *value, void *to)
{
	*(int64_t *)to = json_integer_value(value);
	return *(int64_t *)to == RUN_FORMAT;
}

/* A time is written as in the tables. */
static bool
read_time(const json_t *value, void *to)
{
	const char *text = json_string_value(value);

	return text != NULL && field_read_time(text, to);
}

static bool
read_boolean(const json_t *value, void *to)
{
	if (!json_is_boolean(value))
		return false;
	*(bool *)to = json_is_true(value);
	return true;
}

/* A flag among the options in force. */
static bool
read_flag(const json_t *value, void *to)
{
	const char *text = json_string_value(value);

	if (text == NULL || (strcmp(text, "yes") != 0 &&
	    strcmp(text, "no") != 0))
		return false;
	*(bool *)to = strcmp(text, "yes") == 0;
	return true;
}

/* Digits, and the unit that ends them. */
static bool
read_digits(const json_t *value, const char *unit, int64_t *number)
{
	const char *text = json_string_value(value);
	long long read;
	char *end;

	if (text == NULL || text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	read = strtoll(text, &end, 10);
	if (errno != 0 || strcmp(end, unit) != 0)
		return false;
	*number = read;
	return true;
}

/* "1800000ms", as options_in_force writes it. */
static bool
read_ms(const json_t *value, void *to)
{
	return read_digits(value, "ms", to);
}

static bool
read_level(const json_t *value, void *to)
{
	int64_t level;

	if (!read_digits(value, "", &level) || level < 1 || level > 9)
		return false;
	*(int64_t *)to = level;
	return true;
}

static bool
read_count(const json_t *value, void *to)
{
	json_int_t count = json_integer_value(value);

	if (!json_is_integer(value) || count < 0 || count > COUNT_MAX)
		return false;
	*(int64_t *)to = count;
	return true;
}

#define MEMBER(where, name, field, read, fault)				\
	{ where, name, offsetof(struct run_json, field), read, fault }

static const struct {
	const char	*inside;	/* NULL: the member is at the top
					 * level */
	const char	*name;
	size_t		 offset;
	bool		(*read)(const json_t *, void *to);
	const char	*fault;
} members[RUN_MEMBER_COUNT] = {
	[RUN_MEMBER_FORMAT] = MEMBER(NULL, "format", format, read_format,
	    "format: not 2; another version of mxcensus made this run "
	    "(docs/upgrade.md)"),
	[RUN_MEMBER_STATE] = MEMBER(NULL, "state", state, read_state,
	    "state: neither measuring nor sealed"),
	[RUN_MEMBER_STARTED_AT] = MEMBER(NULL, "started_at", started_ms,
	    read_time, "started_at: not a time"),
	[RUN_MEMBER_PROBING] = MEMBER("options", "probing", probing,
	    read_boolean, "options.probing: neither true nor false"),
	[RUN_MEMBER_PROBE_IMPLICIT] = MEMBER("options", "probe-implicit",
	    probe_implicit, read_flag,
	    "options.probe-implicit: neither yes nor no"),
	[RUN_MEMBER_RETRY_AFTER] = MEMBER("options", "retry-after",
	    retry_after_ms, read_ms, "options.retry-after: not a number of ms"),
	[RUN_MEMBER_LEVEL] = MEMBER("options", "level", level, read_level,
	    "options.level: not from 1 to 9"),
	[RUN_MEMBER_RECORDS] = MEMBER("inputs", "records", records, read_count,
	    "inputs.records: not a count"),
	[RUN_MEMBER_DUPLICATES] = MEMBER("inputs", "duplicates", duplicates,
	    read_count, "inputs.duplicates: not a count"),
	[RUN_MEMBER_REJECTED] = MEMBER("inputs", "rejected", rejected,
	    read_count, "inputs.rejected: not a count"),
	[RUN_MEMBER_OPTED_OUT] = MEMBER("inputs", "opted_out", opted_out,
	    read_count, "inputs.opted_out: not a count"),
};

/* A member inside something that is not an object is wrong. */
static void
read_member(struct run_json *run, unsigned i)
{
	const json_t *object = members[i].inside == NULL ? run->root
	    : json_object_get(run->root, members[i].inside);
	const json_t *value = json_object_get(object, members[i].name);

	if (value == NULL && (object == NULL || json_is_object(object)))
		run->missing |= 1u << i;
	else if (!members[i].read(value, (char *)run + members[i].offset))
		run->wrong |= 1u << i;
}

static void
read_members(struct run_json *run)
{
	run->wrong = run->missing = 0;
	for (unsigned i = 0; i < RUN_MEMBER_COUNT; i++)
		read_member(run, i);
}

bool
run_json_has(const struct run_json *run, enum run_member member)
{
	return ((run->wrong | run->missing) >> member & 1) == 0;
}

const char *
run_member_fault(enum run_member member)
{
	return members[member].fault;
}

const char *
run_json_check(const struct run_json *run, unsigned wanted)
{
	for (unsigned i = 0; i < RUN_MEMBER_COUNT; i++)
		if ((wanted >> i & 1) != 0 &&
		    !run_json_has(run, (enum run_member)i))
			return members[i].fault;
	return NULL;
}

/* Reading ***************************************************************** */

/* The text may quote bytes of the file. */
static void
set_why(struct run_json *run, const char *text)
{
	struct buffer shown = { 0 };

	escape_append(&shown, text, strlen(text));
	snprintf(run->why, sizeof run->why, "%s", buffer_text(&shown));
	buffer_fini(&shown);
}

static bool
read_text(struct buffer *text, int folder)
{
	int descriptor = regular_file_open(folder, RUN_JSON_FILE), error;
	ssize_t length = -1;

	while (descriptor >= 0 && text->length <= BYTES_MAX &&
	    (length = read(descriptor, buffer_reserve(text, PIECE),
	    PIECE)) != 0) {
		if (length < 0 && errno != EINTR)
			break;
		text->length += length > 0 ? (size_t)length : 0;
	}
	error = errno;
	if (descriptor >= 0)
		close(descriptor);
	errno = error;
	return length >= 0;
}

static enum run_json_result
parse(struct run_json *run)
{
	json_error_t error = { .text = "too large" };

	if (run->text.length <= BYTES_MAX)
		run->root = json_loadb(buffer_text(&run->text),
		    run->text.length, JSON_REJECT_DUPLICATES, &error);
	if (run->root == NULL) {
		set_why(run, error.text);
		return RUN_JSON_BROKEN;
	}
	read_members(run);
	for (unsigned i = 0; i < RUN_MEMBER_COUNT; i++)
		if ((run->wrong >> i & 1) != 0 || (i <= RUN_MEMBER_STATE &&
		    !run_json_has(run, (enum run_member)i))) {
			set_why(run, members[i].fault);
			return RUN_JSON_WRONG;
		}
	return RUN_JSON_READ;
}

enum run_json_result
run_json_read(struct run_json *run, int folder)
{
	run_json_close(run);
	if (!read_text(&run->text, folder)) {
		int number = errno;

		set_why(run, strerror(number));
		errno = number;
		return RUN_JSON_UNREAD;
	}
	return parse(run);
}

enum run_json_result
run_json_parse(struct run_json *run, const char *bytes, size_t length)
{
	run_json_close(run);
	buffer_append(&run->text, bytes, length);
	return parse(run);
}

void
run_json_close(struct run_json *run)
{
	json_decref(run->root);
	buffer_fini(&run->text);
	*run = (struct run_json){ 0 };
}

const char *
run_json_text(const struct run_json *run, const char *name)
{
	return json_string_value(json_object_get(run->root, name));
}

const char *
run_json_option(const struct run_json *run, const char *name)
{
	return json_string_value(json_object_get(json_object_get(run->root,
	    "options"), name));
}

bool
run_json_input(const struct run_json *run, size_t index,
    struct run_input *input)
{
	const json_t *inputs = json_object_get(run->root, "inputs");
	const json_t *files = json_object_get(inputs, "files");
	bool is_delegations = index >= json_array_size(files);
	const json_t *file = !is_delegations ? json_array_get(files, index)
	    : json_array_get(json_object_get(inputs, "delegations"),
	    index - json_array_size(files));

	if (file == NULL)
		return false;
	*input = (struct run_input){
		json_string_value(json_object_get(file, "name")),
		json_string_value(json_object_get(file, "format")),
		json_string_value(json_object_get(file, "sha256")),
		json_integer_value(json_object_get(file, is_delegations
		    ? "delegated" : "records")),
		json_integer_value(json_object_get(file, "bytes")),
		is_delegations,
	};
	return true;
}

static uint64_t
count_of(const json_t *object, const char *name)
{
	json_int_t count = json_integer_value(json_object_get(object, name));

	return count > 0 ? (uint64_t)count : 0;
}

bool
run_json_sample(const struct run_json *run, struct run_sample *sample)
{
	const json_t *inputs = json_object_get(run->root, "inputs");
	const char *given = run_json_option(run, "sample");

	*sample = (struct run_sample){
		.one_of = given != NULL ? strtoull(given, NULL, 10) : 1,
		.drawn = count_of(inputs, "records"),
		.not_drawn = count_of(inputs, "not_sampled"),
	};
	return sample->one_of > 1;
}

/* Writing ***************************************************************** */

void
run_json_begin(struct run_json *run, json_t *root)
{
	int result;

	run_json_close(run);
	run->root = root;
	result = json_object_set_new(root, "format",
	    json_integer(RUN_FORMAT)) | json_object_set_new(root, "state",
	    json_string(states[RUN_MEASURING]));
	read_members(run);
	assert(result == 0 && run->wrong == 0 &&
	    run_json_check(run, RUN_MEMBERS_OF_A_VERDICT) == NULL);
	(void)result;
}

void
run_json_set(struct run_json *run, const char *name, json_t *value)
{
	int result = json_object_set_new(run->root, name, value);

	buffer_fini(&run->text);
	assert(result == 0);
	(void)result;
	read_members(run);
}

void
run_json_set_state(struct run_json *run, enum run_state state)
{
	char now[CLOCK_TEXT_MAX];

	clock_text(clock_ms(), now);
	run_json_set(run, "state", json_string(states[state]));
	run_json_set(run, "written_at", json_string(now));
}

char *
run_json_dump(const struct run_json *run)
{
	return json_dumps(run->root, JSON_INDENT(2));
}

bool
run_json_write(const struct run_json *run, int folder)
{
	char *text = run_json_dump(run);
	bool good = text != NULL && replacement_write(folder, RUN_JSON_FILE,
	    text, strlen(text));

	free(text);
	return good;
}
