#include "scanner/input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
	[INPUT_JSON] = { "json", &input_json },
};

const char *
input_format_text(enum input_format format)
{
	return formats[format].text;
}

/* Entries ***************************************************************** */

void
input_take_entry(struct input *input, const char *text, size_t length,
    uint64_t line, uint64_t rank)
{
	const struct input_sink *sink = input->sink;
	struct listed_name listed;

	listed_name_read(text, length, &listed);
	if (!listed.is_name && !(listed.is_certain &&
	    input->options->is_lenient)) {
		sink->on_reject(sink->tag, listed.reason, line, 1, text,
		    length);
		return;
	}
	input->names++;
	sink->on_name(sink->tag, listed.wire, listed.length, line, rank);
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

/* Returns the bytes without the byte order mark of UTF-8. */
static void
skip_mark(struct buffer *first)
{
	if (first->length >= 3 && memcmp(first->bytes, "\357\273\277",
	    3) == 0)
		buffer_consume(first, 3);
}

/* Chooses the reader of the input. Returns false after setting `why` if there
 * is none. */
static bool
choose(struct input *input, struct buffer *first, bool is_whole)
{
	enum input_format format = input->options->format;
	const char *refusal = input_refuse(first->bytes, first->length);
	const char *bytes;
	struct layout layout;

	input->facts->format = format != INPUT_AUTO ? format : INPUT_LIST;
	if (first->length == 0 && is_whole)
		refusal = "the file is empty";
	if (refusal != NULL) {
		snprintf(input->why, 256, "%s", refusal);
		return false;
	}
	skip_mark(first);
	bytes = buffer_text(first);
	if (format == INPUT_AUTO)
		format = input_tell(bytes, first->length, is_whole);
	input->facts->format = format;
	if (input->options->must_be_zone && format != INPUT_ZONE) {
		snprintf(input->why, 256, "this is not a zone file (it reads as "
		    "%s), and --delegations takes only zone files",
		    input_format_text(format));
		return false;
	}
	if (format != INPUT_CSV)
		return true;
	if (layout_find(bytes, first->length, is_whole, &layout)) {
		input->layout = layout;
		return true;
	}
	snprintf(input->why, 256, "no column holds domain names, and none has "
	    "the title `domain`");
	return false;
}

/* Says what is wrong if nothing of the input could be used. */
static void
tell_nothing(struct input *input)
{
	if (input->why[0] == '\0')
		snprintf(input->why, 256, "nothing in it is a %s (it was read "
		    "as %s; --format says what it is%s)",
		    input->facts->format == INPUT_ZONE ? "record"
		    : "domain name",
		    input_format_text(input->facts->format),
		    input->facts->format == INPUT_ZONE &&
		    input->options->origin == NULL
		    ? ", --origin what relative names are below" : "");
}

static enum input_result
read_chosen(struct input *input, struct unpack *unpack, struct buffer *first,
    long length)
{
	const struct input_kind *kind = formats[input->facts->format].kind;
	const char *bytes;
	bool whole;

	kind->begin(input);
	if (first->length > 0)
		kind->push(input, (char *)first->bytes, first->length);
	buffer_fini(first);
	while (length > 0 && (length = unpack_read(unpack, &bytes)) > 0)
		kind->push(input, bytes, (size_t)length);
	whole = kind->end(input);
	if (length < 0)
		snprintf(input->why, 256, "%s", unpack_why(unpack));
	if (input->names == 0 && input->facts->entries == 0) {
		tell_nothing(input);
		return INPUT_UNREADABLE;
	}
	return length < 0 || !whole ? INPUT_TRUNCATED : INPUT_WHOLE;
}

/* The digest covers the whole input, even if the rest of it is not used. */
static void
pass_rest(struct input *input, int descriptor)
{
	char bytes[4096];
	ssize_t length;

	while ((length = read(descriptor, bytes, sizeof bytes)) > 0 ||
	    (length < 0 && errno == EINTR))
		if (length > 0)
			on_raw(input, bytes, (size_t)length);
}

static enum input_result
read_all(struct input *input, struct unpack *unpack)
{
	struct buffer first = { 0 };
	long length = read_first(unpack, &first);
	enum input_result result = INPUT_UNREADABLE;

	if (choose(input, &first, length == 0))
		result = read_chosen(input, unpack, &first, length);
	buffer_fini(&first);
	input->facts->is_gzip = unpack_is_gzip(unpack);
	return result;
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
	/* Opening a pipe that a stranger named must not wait for its other
	 * end. */
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
	if (result == INPUT_TRUNCATED && facts->zonemd.state != ZONEMD_UNASKED)
		facts->zonemd = (struct zonemd){ .state = ZONEMD_INCOMPLETE };
	if (result == INPUT_TRUNCATED)
		pass_rest(&input, descriptor);
	facts->bytes = input.raw_bytes;
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
