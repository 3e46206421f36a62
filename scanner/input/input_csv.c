/* input_csv: reads CSV, with the separator and the columns of its layout (RULES
 * I6, I16). */
#include <string.h>

#include "parsers/csv.h"
#include "scanner/input/input_kinds.h"

static void
begin_csv(struct input *input)
{
	input->csv = csv_new(LAYOUT_RECORD_MAX);
	csv_separate(input->csv, input->layout.separator);
}

static uint64_t
rank_of(const struct csv_field *field)
{
	size_t length = field->length;
	const char *text = layout_trim(field->text, &length);
	uint64_t rank = 0;

	for (size_t i = 0; i < length && text[i] >= '0' && text[i] <= '9' &&
	    rank < UINT64_MAX / 100; i++)
		rank = rank * 10 + (uint64_t)(text[i] - '0');
	return rank;
}

static void
on_record(struct input *input)
{
	const struct layout *layout = &input->layout;
	size_t count, length;
	const struct csv_field *fields = csv_fields(input->csv, &count);
	const char *text;
	bool is_header = layout->has_header && !input->had_record;

	/* An empty line, or a comment. */
	if (count == 1 && (fields[0].length == 0 || fields[0].text[0] == '#'))
		return;
	input->had_record = true;
	if (is_header)
		return;
	if (layout->name_column >= count) {
		input->sink->on_reject(input->sink->tag, REJECT_SYNTAX,
		    csv_line(input->csv), 1, fields[0].text,
		    fields[0].length);
		return;
	}
	length = fields[layout->name_column].length;
	text = layout_trim(fields[layout->name_column].text, &length);
	input_take_entry(input, text, length, csv_line(input->csv),
	    layout->rank_column < count
	    ? rank_of(&fields[layout->rank_column]) : 0);
}

static void
on_csv(struct input *input, enum csv_status status)
{
	if (status == CSV_RECORD)
		on_record(input);
	else if (status == CSV_ERROR)
		input->sink->on_reject(input->sink->tag, REJECT_SYNTAX,
		    csv_line(input->csv), 1, "", 0);
}

/* Comments before the first record can contain quotes, which have no meaning
 * there. They are complete, since they are in the first bytes of the input. */
static size_t
pass_comments(struct input *input, const char *bytes, size_t length)
{
	size_t lines = 0, taken = layout_skip_comments(bytes, length, &lines);

	input->has_begun = true;
	while (lines-- > 0)
		csv_pass_line(input->csv);
	return taken;
}

static void
push_csv(struct input *input, const char *bytes, size_t length)
{
	size_t taken = input->has_begun ? 0
	    : pass_comments(input, bytes, length);

	for (bytes += taken, length -= taken; length > 0; length -= taken) {
		enum csv_status status = csv_push(input->csv, bytes, length,
		    &taken);

		on_csv(input, status);
		bytes += taken;
	}
}

static bool
end_csv(struct input *input)
{
	on_csv(input, csv_finish(input->csv));
	csv_free(input->csv);
	return true;
}

const struct input_kind input_csv = { begin_csv, push_csv, end_csv };
