#include "scanner/base/whole_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "scanner/base/log.h"

#define PIECE	65536

static bool
complain(const char *path, const char *option, const char *why)
{
	log_line("%s%s%s: %s", option != NULL ? option : "",
	    option != NULL ? " " : "", path, why);
	return false;
}

bool
whole_file_read(const char *path, const char *option, unsigned mib_max,
    struct buffer *text)
{
	const size_t most = (size_t)mib_max << 20;
	FILE *file = fopen(path, "re");
	char too_large[40];
	size_t length;
	bool good;

	if (file == NULL)
		return complain(path, option, strerror(errno));
	do {
		length = fread(buffer_reserve(text, PIECE), 1, PIECE, file);
		text->length += length;
	} while (length > 0 && text->length <= most);
	snprintf(too_large, sizeof too_large, "larger than %u MiB", mib_max);
	good = !ferror(file) || complain(path, option, strerror(errno));
	if (good && text->length > most)
		good = complain(path, option, too_large);
	fclose(file);
	if (!good)
		buffer_fini(text);
	return good;
}
