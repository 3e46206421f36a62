/*
 * fuzz_csv: lists that people bring. However the bytes are cut, the records are
 * the same; a record that is written again is read again as it was; and with
 * semicolons for commas, and commas for semicolons, there are as many records.
 * The first byte of the input sets the bound, the second the cuts.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/csv.h"
#include "scanner/base/buffer.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
note_fields(struct buffer *story, const struct csv *csv, size_t record_max)
{
	size_t count, bytes = 0;
	const struct csv_field *fields = csv_fields(csv, &count);

	assert(count > 0);
	for (size_t i = 0; i < count; i++) {
		assert(fields[i].text[fields[i].length] == '\0');
		bytes += fields[i].length + 1;
		buffer_append(story, &fields[i].length,
		    sizeof fields[i].length);
		buffer_append(story, fields[i].text, fields[i].length);
	}
	assert(bytes - 1 <= record_max);
}

/* The same record in quotes throughout is the same record. */
static void
write_again(struct buffer *text, const struct csv *csv)
{
	size_t count;
	const struct csv_field *fields = csv_fields(csv, &count);

	for (size_t i = 0; i < count; i++) {
		buffer_append_byte(text, '"');
		for (size_t j = 0; j < fields[i].length; j++) {
			if (fields[i].text[j] == '"')
				buffer_append_byte(text, '"');
			buffer_append_byte(text, (uint8_t)fields[i].text[j]);
		}
		buffer_append_text(text, i + 1 < count ? "\"," : "\"\r\n");
	}
}

/* Writes the records, and with `with_faults` also lines and errors, one after
 * the other. */
static void
note(struct buffer *story, struct buffer *text, const struct csv *csv,
    enum csv_status status, size_t record_max, bool with_faults)
{
	uint64_t line = csv_line(csv);

	if (status == CSV_MORE)
		return;
	if (with_faults) {
		buffer_append(story, &status, sizeof status);
		buffer_append(story, &line, sizeof line);
	}
	if (status == CSV_ERROR)
		return;
	note_fields(story, csv, record_max);
	if (text != NULL)
		write_again(text, csv);
}

static void
read_all(struct buffer *story, struct buffer *text, const char *bytes,
    size_t length, size_t piece, size_t record_max, bool with_faults,
    char separator)
{
	struct csv *csv = csv_new(record_max);

	csv_separate(csv, separator);

	while (length > 0) {
		size_t taken, step = piece < length ? piece : length;
		enum csv_status status = csv_push(csv, bytes, step, &taken);

		assert(taken > 0 && taken <= step);
		assert(status != CSV_MORE || taken == step);
		note(story, text, csv, status, record_max, with_faults);
		bytes += taken;
		length -= taken;
	}
	note(story, text, csv, csv_finish(csv), record_max, with_faults);
	assert(csv_finish(csv) == CSV_MORE);
	csv_free(csv);
}

static void
must_be_same(const struct buffer *a, const struct buffer *b)
{
	assert(a->length == b->length);
	assert(a->length == 0 || memcmp(a->bytes, b->bytes, a->length) == 0);
}

static void
swap_separators(uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] == ',' || bytes[i] == ';')
			bytes[i] = bytes[i] == ',' ? ';' : ',';
}

/* As many records, with as many fields, which are as long. */
static void
must_be_same_swapped(const char *input, size_t length, size_t record_max)
{
	struct buffer commas = { 0 }, semicolons = { 0 }, text = { 0 };
	struct buffer again = { 0 }, other = { 0 };

	read_all(&commas, &text, input, length, length, record_max, false,
	    ',');
	buffer_append(&other, input, length);
	swap_separators(other.bytes, other.length);
	read_all(&semicolons, &again, buffer_text(&other), length, length,
	    record_max, false, ';');
	assert(text.length == again.length);
	assert(commas.length == semicolons.length);
	buffer_fini(&commas);
	buffer_fini(&semicolons);
	buffer_fini(&text);
	buffer_fini(&again);
	buffer_fini(&other);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct buffer whole = { 0 }, single = { 0 }, cut = { 0 };
	struct buffer records = { 0 }, again = { 0 }, text = { 0 };
	const char *input = (const char *)bytes + 2;
	size_t record_max, piece;

	if (length < 2)
		return 0;
	record_max = (size_t)bytes[0] + 1;
	piece = (size_t)bytes[1] + 1;
	length -= 2;
	read_all(&whole, NULL, input, length, length, record_max, true,
	    ',');
	read_all(&single, NULL, input, length, 1, record_max, true,
	    ',');
	read_all(&cut, NULL, input, length, piece, record_max, true,
	    ',');
	must_be_same(&whole, &single);
	must_be_same(&whole, &cut);

	read_all(&records, &text, input, length, piece, record_max, false,
	    ',');
	read_all(&again, NULL, buffer_text(&text), text.length, piece,
	    record_max, false, ',');
	must_be_same_swapped(input, length, record_max);
	must_be_same(&records, &again);
	buffer_fini(&whole);
	buffer_fini(&single);
	buffer_fini(&cut);
	buffer_fini(&records);
	buffer_fini(&again);
	buffer_fini(&text);
	return 0;
}
