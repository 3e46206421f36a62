#include "analysis/reason_list.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"

/* Of one row: a stranger's hundred names must not make a record that no reader
 * takes (table_reader.h). Cut between two reasons. */
#define REASONS_MAX	(64 * 1024)

static int
compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "<sender>:<host>:<value>", each ended by NUL; sorted in `lines`. */
static void
spell(struct reason_list *list, const struct reasons *reasons)
{
	struct buffer *bytes = &list->bytes;
	size_t at = 0;

	bytes->length = 0;
	for (size_t i = 0; i < reasons->count; i++) {
		const struct reason *reason = &reasons->items[i];

		buffer_append_text(bytes, sender_texts.texts[reason->sender]);
		buffer_append_byte(bytes, ':');
		buffer_append_text(bytes, reason->host != NULL ? reason->host
		    : "-");
		buffer_append_byte(bytes, ':');
		buffer_append_text(bytes, reason->value);
		buffer_append_byte(bytes, 0);
	}
	if (list->size < reasons->count) {
		list->size = reasons->count;
		list->lines = xreallocarray(list->lines,
		    list->size, sizeof *list->lines);
	}
	/* The bytes do not move any more. */
	for (size_t i = 0; i < reasons->count; i++) {
		list->lines[i] = (char *)bytes->bytes + at;
		at += strlen(list->lines[i]) + 1;
	}
	if (reasons->count > 1)
		qsort(list->lines, reasons->count,
		    sizeof *list->lines, compare_lines);
}

const char *
reason_list_text(struct reason_list *list, const struct reasons *reasons)
{
	struct buffer *text = &list->text;

	spell(list, reasons);
	text->length = 0;
	for (size_t i = 0; i < reasons->count; i++) {
		const char *line = list->lines[i];

		if (text->length + strlen(line) + 1 > REASONS_MAX)
			break;
		if (i > 0)
			buffer_append_byte(text, ' ');
		buffer_append_text(text, line);
	}
	return buffer_text(text);
}

void
reason_list_fini(struct reason_list *list)
{
	free(list->lines);
	buffer_fini(&list->bytes);
	buffer_fini(&list->text);
}
