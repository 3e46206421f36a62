#include "scanner/options/wrapped_text.h"

#include <string.h>

void
wrapped_text_print(FILE *out, const char *text, int indent, int column)
{
	while (*text != '\0') {
		int word = (int)strcspn(text, " ");

		if (column + 1 + word > 79) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		}
		column += fprintf(out, " %.*s", word, text);
		text += word;
		text += strspn(text, " ");
	}
	putc('\n', out);
}
