/* input_list: reads lists: one name per line, `rank,name` (Tranco, Umbrella),
 * and the domains of a policy list (RULES I6: lists; RULES 10: policy
 * lists). */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "scanner/input/input_kinds.h"

#define LINE_BYTES_MAX	(64 * 1024)
#define POLICY_BYTES_MAX ((size_t)64 << 20)

/* Lists ******************************************************************* */

/* For `12,example.com` returns 12 and moves *text to the byte after the
 * comma. */
static uint64_t
take_rank(const char **text, size_t *length)
{
	uint64_t rank = 0;
	size_t i = 0;

	while (i < *length && i < 18 && isdigit((unsigned char)(*text)[i]))
		rank = rank * 10 + (uint64_t)((*text)[i++] - '0');
	if (i == 0 || i == *length || (*text)[i] != ',')
		return 0;
	*text += i + 1;
	*length -= i + 1;
	return rank;
}

static void
on_line(struct input *input, const char *text, size_t length)
{
	uint64_t rank;

	text = layout_trim(text, &length);
	if (length == 0 || text[0] == '#')
		return;
	rank = take_rank(&text, &length);
	text = layout_trim(text, &length);
	input_take_entry(input, text, length, input->line, rank);
}

static void
end_line(struct input *input, const char *text, size_t length)
{
	if (!input->too_long)
		on_line(input, text, length);
	input->too_long = false;
	input->line++;
}

static void
begin_list(struct input *input)
{
	input->line = 1;
}

static void
keep_rest(struct input *input, const char *text, size_t length)
{
	buffer_append(&input->left, text, length);
	if (input->left.length <= LINE_BYTES_MAX)
		return;
	if (!input->too_long)
		input->sink->on_reject(input->sink->tag, REJECT_TOO_LARGE,
		    input->line, 1, (char *)input->left.bytes, 256);
	input->too_long = true;
	input->left.length = 0;
}

static void
push_list(struct input *input, const char *bytes, size_t length)
{
	const char *end = bytes + length, *newline;

	while ((newline = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
		if (input->left.length > 0) {
			buffer_append(&input->left, bytes,
			    (size_t)(newline - bytes));
			end_line(input, (char *)input->left.bytes,
			    input->left.length);
			input->left.length = 0;
		} else {
			end_line(input, bytes, (size_t)(newline - bytes));
		}
		bytes = newline + 1;
	}
	if (bytes < end)
		keep_rest(input, bytes, (size_t)(end - bytes));
}

static bool
end_list(struct input *input)
{
	if (input->left.length > 0)
		end_line(input, (char *)input->left.bytes, input->left.length);
	return true;
}

const struct input_kind input_list = { begin_list, push_list, end_list };

/* Policy lists ************************************************************ */

static void
push_policy(struct input *input, const char *bytes, size_t length)
{
	if (input->left.length + length > POLICY_BYTES_MAX)
		input->too_long = true;
	else
		buffer_append(&input->left, bytes, length);
}

/* The keys of `policies` (STARTTLS Everywhere v0.1), numbered as they come. */
static bool
end_policy(struct input *input)
{
	json_error_t error;
	json_t *list, *policies;
	uint64_t number = 0;
	void *entry;

	if (input->too_long) {
		snprintf(input->why, 256, "larger than any policy list");
		return false;
	}
	list = json_loadb((char *)input->left.bytes, input->left.length,
	    JSON_REJECT_DUPLICATES, &error);
	policies = json_object_get(list, "policies");
	if (!json_is_object(policies)) {
		if (list == NULL)
			snprintf(input->why, 256, "line %d, column %d: %s",
			    error.line, error.column, error.text);
		else
			snprintf(input->why, 256, "there is no object "
			    "`policies` in it");
		json_decref(list);
		return false;
	}
	for (entry = json_object_iter(policies); entry != NULL;
	    entry = json_object_iter_next(policies, entry)) {
		const char *name = json_object_iter_key(entry);

		input_take_entry(input, name, strlen(name), ++number, 0);
	}
	json_decref(list);
	return true;
}

const struct input_kind input_policy = {
	begin_list, push_policy, end_policy
};
