#include "scanner/input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/listed_name.h"
#include "scanner/base/memory.h"
#include "scanner/crypto/digest.h"
#include "scanner/input/input_kinds.h"
#include "scanner/out/unpack.h"

/* The format is found from at most this many bytes. */
#define TELL_BYTES (64 * 1024)

static const struct {
	const char		*text;
	const struct input_kind	*kind;
} formats[] = {
	[INPUT_AUTO] = { "auto", NULL },
	[INPUT_ZONE] = { "zone", &input_zone },
	[INPUT_LIST] = { "list", &input_list },
	[INPUT_CSV] = { "csv", &input_csv },
	[INPUT_POLICY] = { "policy", &input_policy },
};

const char *
input_format_text(enum input_format format)
{
	return formats[format].text;
}

/* Telling ***************************************************************** */

struct word {
	const char	*text;
	size_t		 length;
};

static bool
is_word(const struct word *word, const char *text)
{
	return word->length == strlen(text) &&
	    strncasecmp(word->text, text, word->length) == 0;
}

static size_t
split(const char *line, size_t length, struct word *words, size_t most)
{
	size_t count = 0, i = 0;

	while (i < length && count < most) {
		while (i < length && strchr(" \t\r(", line[i]) != NULL)
			i++;
		if (i == length)
			break;
		words[count].text = line + i;
		while (i < length && strchr(" \t\r(", line[i]) == NULL)
			i++;
		words[count].length = (size_t)(line + i - words[count].text);
		count++;
	}
	return count;
}

/* Is it a record? After owner, TTL and class, in any order, it has a type and
 * its data. */
static bool
is_record(const char *line, size_t length)
{
	static const char *const types[] = {
		"SOA", "NS", "DS", "A", "AAAA", "RRSIG", "NSEC", "NSEC3",
		"DNSKEY", "NSEC3PARAM", "TXT", "MX", "CNAME",
	};
	struct word words[5];
	size_t count = split(line, length, words, 5);
	/* The owner may be blank; then it is the owner of the record before. */
	size_t first = line[0] == ' ' || line[0] == '\t' ? 0 : 1;

	for (size_t i = first; i + 1 < count; i++)
		for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
			if (is_word(&words[i], types[t]))
				return true;
	return false;
}

/* The first line that has content decides. */
static enum input_format
tell_line(const char *line, size_t length)
{
	const char *comma = memchr(line, ',', length);

	if (line[0] == '{')
		return INPUT_POLICY;
	if (line[0] == '$' || line[0] == '@' || is_record(line, length))
		return INPUT_ZONE;
	if (comma == NULL || memchr(line, ' ', length) != NULL)
		return INPUT_LIST;
	/* `12,example.com`, or a header. */
	for (const char *c = line; c < comma; c++)
		if (*c < '0' || *c > '9')
			return INPUT_CSV;
	return INPUT_LIST;
}

enum input_format
input_tell(const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t line = (size_t)((newline != NULL ? newline : end) - at);
		size_t blank = 0;

		while (blank < line && strchr(" \t\r", at[blank]) != NULL)
			blank++;
		/* Only in zone files a semicolon begins a comment. */
		if (blank < line && at[blank] == ';')
			return INPUT_ZONE;
		if (blank < line && at[blank] == '{')
			return INPUT_POLICY;
		if (blank < line && at[blank] != '#')
			return tell_line(at, line);
		at += line + 1;
	}
	return INPUT_LIST;
}

/* Entries ***************************************************************** */

void
input_take_entry(struct input *input, const char *text, size_t length,
    uint64_t line, uint64_t rank)
{
	const struct input_sink *sink = input->sink;
	struct listed_name listed;

	listed_name_read(text, length, &listed);
	if (listed.is_name || (listed.is_certain &&
	    input->options->is_lenient))
		sink->on_name(sink->tag, listed.wire, listed.length, line,
		    rank);
	else
		sink->on_reject(sink->tag, listed.reason, line, 1, text,
		    length);
}

/* Reading ***************************************************************** */

static void
on_raw(void *tag, const void *bytes, size_t length)
{
	struct input *input = tag;

	digest_add(input->digest, bytes, length);
	input->raw_bytes += length;
	if (input->process->on_bytes != NULL)
		input->process->on_bytes(input->process->tag,
		    input->raw_bytes);
}

/* Reads until the format is known; the bytes stay in `first`. */
static long
read_first(struct unpack *unpack, struct buffer *first)
{
	const char *bytes;
	long length = 1;

	while (first->length < TELL_BYTES &&
	    (length = unpack_read(unpack, &bytes)) > 0)
		buffer_append(first, bytes, (size_t)length);
	return length;
}

static enum input_result
read_all(struct input *input, struct unpack *unpack)
{
	const struct input_kind *kind;
	struct buffer first = { 0 };
	const char *bytes;
	long length = read_first(unpack, &first);
	bool whole;

	input->facts->format = input->options->format != INPUT_AUTO
	    ? input->options->format
	    : input_tell((char *)first.bytes, first.length);
	kind = formats[input->facts->format].kind;
	kind->begin(input);
	if (first.length > 0)
		kind->push(input, (char *)first.bytes, first.length);
	buffer_fini(&first);
	while (length > 0 && (length = unpack_read(unpack, &bytes)) > 0)
		kind->push(input, bytes, (size_t)length);
	whole = kind->end(input);
	input->facts->is_gzip = unpack_is_gzip(unpack);
	input->facts->bytes = unpack_offset(unpack);
	if (length < 0)
		snprintf(input->why, 256, "%s", unpack_why(unpack));
	return length < 0 || !whole ? INPUT_TRUNCATED : INPUT_WHOLE;
}

int
input_open(const char *path, char why[256])
{
	struct stat status;
	int descriptor = strcmp(path, "-") == 0
	    ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
	    : open(path, O_RDONLY | O_CLOEXEC);

	if (descriptor < 0) {
		snprintf(why, 256, "%s", strerror(errno));
		return -1;
	}
	if (fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
		snprintf(why, 256, "is a folder");
		close(descriptor);
		return -1;
	}
	return descriptor;
}

/* Opens the folder of the file that a path names; -1 with errno. */
static int
open_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL ? xstrdup(".")
	    : xasprintf("%.*s", (int)(slash - path + 1), path);
	int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(folder);
	return descriptor;
}

int
input_open_include(const char *path, const char *name)
{
	struct stat status;
	int folder, descriptor;

	if (strchr(name, '/') != NULL || strcmp(name, "..") == 0 ||
	    strcmp(name, ".") == 0 || strcmp(path, "-") == 0)
		return -1;
	folder = open_folder_of(path);
	if (folder < 0)
		return -1;
	/* The open must not wait for the other end of a pipe that a stranger
	 * named. */
	descriptor = openat(folder, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	close(folder);
	if (descriptor >= 0 && (fstat(descriptor, &status) != 0 ||
	    !S_ISREG(status.st_mode))) {
		close(descriptor);
		return -1;
	}
	return descriptor;
}

enum input_result
input_read_open(int descriptor, const struct input_process *process,
    const struct input_options *options, const struct input_sink *sink,
    struct input_facts *facts, char why[256])
{
	struct input input = {
		.process = process, .options = options, .sink = sink,
		.facts = facts, .why = why, .line = 1,
		.digest = digest_new(),
	};
	struct unpack *unpack = unpack_new(descriptor, &input, on_raw);
	enum input_result result;

	*facts = (struct input_facts){ 0 };
	result = read_all(&input, unpack);
	unpack_free(unpack);
	digest_finish(input.digest, facts->sha256);
	buffer_fini(&input.left);
	return result;
}

static int
open_include_here(void *tag, const char *name)
{
	return input_open_include(tag, name);
}

enum input_result
input_read(const char *path, const struct input_options *options,
    const struct input_sink *sink, struct input_facts *facts, char why[256])
{
	char *included_by = xstrdup(path);
	const struct input_process here = {
		.tag = included_by, .open_include = open_include_here,
	};
	enum input_result result = INPUT_UNREADABLE;
	int descriptor = input_open(path, why);

	*facts = (struct input_facts){ 0 };
	if (descriptor >= 0) {
		result = input_read_open(descriptor, &here, options, sink,
		    facts, why);
		close(descriptor);
	}
	free(included_by);
	return result;
}
