#include "parsers/packed_file.h"

#include <stdint.h>
#include <string.h>

#define COUNT(array)	(sizeof (array) / sizeof (array)[0])
#define LITERAL(text)	text, sizeof text - 1

static const struct {
	const char	*mark;
	size_t		 length;
	const char	*what;
} marks[] = {
	{ LITERAL("\3757zXZ\0"), "this is an xz file: unpack it first, with "
	    "xz -dk" },
	{ LITERAL("\050\265\057\375"), "this is a Zstandard file: unpack it "
	    "first, with zstd -dk" },
	{ LITERAL("PK\003\004"), "this is a zip file: unpack it first, with "
	    "unzip" },
	{ LITERAL("PK\005\006"), "this is a zip file, with nothing in it" },
	{ LITERAL("\377\376\0\0"), "this is UTF-32: write it in UTF-8, with "
	    "iconv -f UTF-32 -t UTF-8" },
	{ LITERAL("\377\376"), "this is UTF-16: write it in UTF-8, with "
	    "iconv -f UTF-16 -t UTF-8" },
	{ LITERAL("\376\377"), "this is UTF-16: write it in UTF-8, with "
	    "iconv -f UTF-16 -t UTF-8" },
};

const char *
packed_file_what(const void *file, size_t length)
{
	const uint8_t *bytes = file;

	for (size_t i = 0; i < COUNT(marks); i++)
		if (length >= marks[i].length && memcmp(bytes,
		    marks[i].mark, marks[i].length) == 0)
			return marks[i].what;
	/* BZh, the size of the blocks, and pi. */
	if (length >= 10 && memcmp(bytes, "BZh", 3) == 0 &&
	    memcmp(bytes + 4, "1AY&SY", 6) == 0)
		return "this is a bzip2 file: unpack it first, with "
		    "bzip2 -dk";
	/* POSIX.1-1988: the end of a link's name, which no list has, and the
	 * magic behind it. */
	if (length >= 262 && memcmp(bytes + 256, "\0ustar", 6) == 0)
		return "this is a tar file: unpack it first, with tar -xf";
	/* An ASCII letter in UTF-16 has a NUL before or after it. */
	if (length >= 4 && bytes[1] == 0 && bytes[3] == 0 && bytes[0] != 0 &&
	    bytes[2] != 0)
		return "this is UTF-16: write it in UTF-8, with "
		    "iconv -f UTF-16LE -t UTF-8";
	if (length >= 4 && bytes[0] == 0 && bytes[2] == 0 && bytes[1] != 0 &&
	    bytes[3] != 0)
		return "this is UTF-16: write it in UTF-8, with "
		    "iconv -f UTF-16BE -t UTF-8";
	return NULL;
}
