/* nagios: prints the answer in one line, like a Nagios plugin. */
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/commands/check/print.h"

int
check_nagios_status(const struct check_advice_list *list)
{
	/* Most urgent first. */
	if (list->count == 0 || list->items[0].urgency == URGENCY_SUGGESTION)
		return NAGIOS_OK;
	switch (list->items[0].urgency) {
	case URGENCY_NOW:
		return NAGIOS_CRITICAL;
	case URGENCY_MEND:
		return NAGIOS_WARNING;
	default:
		return NAGIOS_UNKNOWN;
	}
}

int
check_nagios_worse(int one, int other)
{
	/* A problem outweighs something that is not known. */
	static const int weights[] = {
		[NAGIOS_OK] = 0, [NAGIOS_UNKNOWN] = 1, [NAGIOS_WARNING] = 2,
		[NAGIOS_CRITICAL] = 3,
	};

	return weights[other] > weights[one] ? other : one;
}

/* For Nagios, a bar begins performance data and a line feed begins another
 * line. */
static void
append_plain(struct buffer *line, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		buffer_append_byte(line, c == '|' || c < ' ' || c > '~' ? '?'
		    : c);
	}
}

void
check_nagios_add(struct buffer *line, const char *domain,
    const struct check_advice_list *list)
{
	size_t more = 0;

	buffer_append_text(line, line->length > 0 ? "; " : "");
	append_plain(line, domain);
	buffer_append_text(line, ": ");
	if (check_nagios_status(list) == NAGIOS_OK) {
		buffer_append_text(line, check_status_text(EXIT_COMPLETE));
		return;
	}
	append_plain(line, list->items[0].text);
	for (size_t i = 1; i < list->count; i++)
		more += list->items[i].urgency != URGENCY_SUGGESTION;
	if (more > 0)
		buffer_printf(line, " (and %zu more)", more);
}

void
check_nagios_print(FILE *out, int status, const char *line)
{
	static const char *const words[] = {
		[NAGIOS_OK] = "OK", [NAGIOS_WARNING] = "WARNING",
		[NAGIOS_CRITICAL] = "CRITICAL", [NAGIOS_UNKNOWN] = "UNKNOWN",
	};

	fprintf(out, "MXCENSUS %s - %s\n", words[status], line);
}
