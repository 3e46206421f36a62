#include "analysis/verdict/reason_list.h"

#include <stdlib.h>
#include <string.h>

static const char *
host_text(const struct reason *reason)
{
	return reason->host != NULL ? reason->host : "-";
}

int
reason_list_compare(const char *a, const char *b)
{
	while (*a == *b && *a != '\0')
		a++, b++;
	return (*a != '\0' ? (unsigned char)*a : ':') -
	    (*b != '\0' ? (unsigned char)*b : ':');
}

static int
compare_reasons(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;
	int order = x->sender == y->sender ? 0 : reason_list_compare(
	    sender_texts.texts[x->sender], sender_texts.texts[y->sender]);

	if (order == 0)
		order = reason_list_compare(host_text(x), host_text(y));
	return order != 0 ? order : strcmp(x->value, y->value);
}

void
reason_list_sort(struct reasons *reasons)
{
	if (reasons->count > 1)
		qsort(reasons->items, reasons->count, sizeof *reasons->items,
		    compare_reasons);
}

void
reason_list_spell(const struct reasons *reasons, struct buffer *text)
{
	text->length = 0;
	for (size_t i = 0; i < reasons->count; i++) {
		const struct reason *reason = &reasons->items[i];
		const char *sender = sender_texts.texts[reason->sender];
		const char *host = host_text(reason);

		if (text->length + strlen(sender) + strlen(host) +
		    strlen(reason->value) + 3 > REASON_LIST_MAX)
			break;
		if (i > 0)
			buffer_append_byte(text, ' ');
		buffer_append_text(text, sender);
		buffer_append_byte(text, ':');
		buffer_append_text(text, host);
		buffer_append_byte(text, ':');
		buffer_append_text(text, reason->value);
	}
}
