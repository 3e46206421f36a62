/* mdoc: writes texts in the language of man pages, mdoc(7). */
#include <ctype.h>
#include <string.h>

#include "scanner/base/buffer.h"
#include "scanner/manual/manual_internal.h"

/* Text as it is: roff's own characters, and hyphens that are to be typed, are
 * escaped. */
static void
put(FILE *out, const char *text, size_t length)
{
	if (length > 0 && (*text == '.' || *text == '\''))
		fputs("\\&", out);
	for (; length > 0; length--, text++) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			putc(*text, out);
	}
}

/* Each sentence has a line of its own, as mdoc(7) wants it. */
static void
put_paragraph(FILE *out, const char *text, size_t length)
{
	size_t start = 0;

	for (size_t i = 0; i < length; i++) {
		bool is_end = i + 1 == length || (strchr(".:?", text[i]) !=
		    NULL && isspace((unsigned char)text[i + 1]) &&
		    i + 2 < length && isupper((unsigned char)text[i + 2]));

		if (!is_end && text[i] != '\n')
			continue;
		put(out, text + start, i + (text[i] != '\n') - start);
		putc('\n', out);
		start = i + 1;
		while (start < length && text[start] == ' ')
			start++;
	}
}

void
mdoc_text(FILE *out, const char *text)
{
	while (*text != '\0') {
		const char *stop = strstr(text, "\n\n");
		size_t length = stop != NULL ? (size_t)(stop - text)
		    : strlen(text);

		put_paragraph(out, text, length);
		text += length + strspn(text + length, "\n");
		if (*text != '\0')
			fputs(".Pp\n", out);
	}
}

void
mdoc_sentence(FILE *out, const char *text)
{
	size_t length = strlen(text), first = strcspn(text, " ");
	bool is_value = first > 0 && text[first - 1] == ':';
	char letter = text[0];

	if (!is_value)
		letter = (char)toupper((unsigned char)letter);
	put(out, &letter, 1);
	put(out, text + 1, length - 1);
	fputs(text[length - 1] == '.' ? "\n" : ".\n", out);
}

void
mdoc_literal(FILE *out, const char *text)
{
	fputs(".Bd -literal -offset indent\n", out);
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		put(out, text, length);
		putc('\n', out);
		text += length;
		text += *text == '\n';
	}
	fputs(".Ed\n", out);
}

void
mdoc_list(FILE *out, const char *macro, const struct manual_item *items)
{
	fputs(".Bl -tag -width Ds\n", out);
	for (; items->word != NULL; items++) {
		fprintf(out, ".It %s", macro);
		put(out, items->word, strlen(items->word));
		putc('\n', out);
		mdoc_text(out, items->text);
	}
	fputs(".El\n", out);
}

/* One word of a synopsis: `--json`, `RUN...`, `options`, `bash`. */
static void
put_word(struct buffer *line, const char *word, size_t length)
{
	bool has_dots = length > 3 && strncmp(word + length - 3, "...", 3) == 0;
	bool is_argument = isupper((unsigned char)word[0]) ||
	    (length == 7 && strncmp(word, "options", 7) == 0);

	if (length == 1 && *word == '|') {
		buffer_append_text(line, " |");
		return;
	}
	buffer_append_text(line, word[0] == '-' ? " Fl " : is_argument
	    ? " Ar " : " Cm ");
	if (word[0] == '-')
		word++, length--;
	buffer_append(line, word, length - (has_dots ? 3 : 0));
	if (has_dots)
		buffer_append_text(line, " ...");
}

/* One line of macros, the first of which begins with a full stop. */
static void
put_way(FILE *out, const char *way, const char *stop)
{
	struct buffer line = { 0 };

	while (way < stop) {
		size_t length = strcspn(way, " []\n");

		if (*way == '[')
			buffer_append_text(&line, " Oo");
		else if (*way == ']')
			buffer_append_text(&line, " Oc");
		else if (length > 0)
			put_word(&line, way, length);
		way += length > 0 ? length : 1;
	}
	if (line.length > 0)
		fprintf(out, ".%s\n", buffer_text(&line) + 1);
	buffer_fini(&line);
}

void
mdoc_synopsis(FILE *out, const struct command *command)
{
	const char *way = command->arguments;

	do {
		const char *stop = way + strcspn(way, "\n");

		fprintf(out, ".Nm mxcensus %s\n", command->name);
		put_way(out, way, stop);
		way = stop + (*stop == '\n');
	} while (*way != '\0');
}

void
mdoc_see_also(FILE *out, const char *names)
{
	while (*names != '\0') {
		size_t name = strcspn(names, " ");
		size_t section = strcspn(names + name + 1, " ");

		fprintf(out, ".Xr %.*s", (int)(name + 1 + section), names);
		names += name + 1 + section;
		fputs(*names == ' ' ? " ,\n" : "\n", out);
		names += *names == ' ';
	}
}
