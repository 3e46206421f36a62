#include "parsers/policy_list.h"

#include <string.h>

#include "scanner/base/calendar.h"

#define NAME_BYTES_MAX	253
#define LABEL_BYTES_MAX	63

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
}

/* RFC 1123 2.1. */
static bool
is_label(const char *label, size_t length)
{
	if (length == 0 || length > LABEL_BYTES_MAX ||
	    label[0] == '-' || label[length - 1] == '-')
		return false;
	for (size_t i = 0; i < length; i++)
		if (!is_letter_or_digit(label[i]) && label[i] != '-')
			return false;
	return true;
}

const char *
policy_list_name_fault(const char *name)
{
	const char *label = name;
	size_t length, labels = 1;

	if (strlen(name) > NAME_BYTES_MAX)
		return "longer than a host name can be";
	for (;; label += length + 1, labels++) {
		length = strcspn(label, ".");
		if (!is_label(label, length))
			return "not a host name";
		if (label[length] == '\0')
			break;
	}
	/* The schema allows no hyphen in the top-level domain, so it cannot be
	 * an IDN. */
	if (memchr(label, '-', length) != NULL)
		return "a hyphen in the top-level domain";
	if (labels < 2 || length < 2)
		return "not a domain below a top-level domain";
	return NULL;
}

const char *
policy_list_pattern_fault(const char *pattern)
{
	if (pattern[0] == '*')
		return "a wildcard: a suffix begins with a dot";
	return policy_list_name_fault(pattern + (pattern[0] == '.'));
}

/* Times ******************************************************************* */

/* Reads this many digits and the byte after them, and advances past them. */
static bool
take_number(const char **text, int digits, const char *behind, int *number)
{
	*number = 0;
	for (; digits > 0; digits--) {
		if (!is_digit(**text))
			return false;
		*number = *number * 10 + (*(*text)++ - '0');
	}
	if (behind[0] == '\0')
		return true;
	if (**text == '\0' || strchr(behind, **text) == NULL)
		return false;
	(*text)++;
	return true;
}

/* Reads "Z", or how far local time is ahead. */
static bool
take_offset(const char **text, int64_t *seconds)
{
	int sign = **text == '-' ? -1 : 1, hours, minutes;

	*seconds = 0;
	if (**text == 'Z' || **text == 'z') {
		(*text)++;
		return true;
	}
	if (**text != '+' && **text != '-')
		return false;
	(*text)++;
	if (!take_number(text, 2, ":", &hours) ||
	    !take_number(text, 2, "", &minutes) || hours > 23 || minutes > 59)
		return false;
	*seconds = sign * (int64_t)(hours * 3600 + minutes * 60);
	return true;
}

bool
policy_list_time(const char *text, int64_t *seconds)
{
	int year, month, day, hour, minute, second;
	int64_t offset;

	if (!take_number(&text, 4, "-", &year) ||
	    !take_number(&text, 2, "-", &month) || month < 1 || month > 12 ||
	    !take_number(&text, 2, "Tt", &day) || day < 1 ||
	    day > calendar_days_in_month(year, month) ||
	    !take_number(&text, 2, ":", &hour) || hour > 23 ||
	    !take_number(&text, 2, ":", &minute) || minute > 59 ||
	    !take_number(&text, 2, "", &second) || second > 60)
		return false;
	if (*text == '.') {
		if (!is_digit(*++text))
			return false;
		while (is_digit(*text))
			text++;
	}
	if (!take_offset(&text, &offset) || *text != '\0')
		return false;
	*seconds = calendar_days(year, month, day) * 86400 + hour * 3600 +
	    minute * 60 + second - offset;
	return true;
}
