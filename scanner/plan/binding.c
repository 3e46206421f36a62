/* binding: binds a run to its inputs (RULES I19). A restart reads no names from
 * them, but refuses other inputs. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/plural.h"
#include "scanner/crypto/digest.h"
#include "scanner/plan/interrupt.h"
#include "scanner/plan/planner.h"

#define PIECE	65536

/* The present state of an input. */
struct present {
	uint64_t	bytes;
	uint8_t		sha256[SHA256_BYTES];
	bool		is_hashed;
};

int64_t
source_time(const struct stat *status)
{
	return (int64_t)status->st_mtim.tv_sec * 1000000000 +
	    status->st_mtim.tv_nsec;
}

/* Returns false with errno, or after an interrupt. */
static bool
hash_input(int descriptor, struct present *present)
{
	struct digest *digest = digest_new();
	uint8_t *bytes = xmalloc(PIECE);
	ssize_t length;

	present->bytes = 0;
	do {
		length = read(descriptor, bytes, PIECE);
		if (length > 0) {
			digest_add(digest, bytes, (size_t)length);
			present->bytes += (uint64_t)length;
		}
	} while ((length > 0 || (length < 0 && errno == EINTR)) &&
	    !interrupt_has_come());
	digest_finish(digest, present->sha256);
	present->is_hashed = true;
	free(bytes);
	return length == 0;
}

static bool
is_same(const struct source *source, const struct present *present)
{
	return present->bytes == source->bytes && (!present->is_hashed ||
	    memcmp(present->sha256, source->sha256, SHA256_BYTES) == 0);
}

static void
describe(char text[128], uint64_t bytes, const uint8_t *sha256)
{
	char hex[SHA256_HEX] = "";

	if (sha256 != NULL)
		digest_to_hex(sha256, hex);
	snprintf(text, 128, "%" PRIu64 " %s%s%s", bytes,
	    plural(bytes, "byte", "bytes"),
	    sha256 != NULL ? " with the SHA-256 " : "", hex);
}

static void
tell_difference(const struct source *source, const struct present *present)
{
	char was[128], is[128];

	describe(was, source->bytes, present->is_hashed ? source->sha256
	    : NULL);
	describe(is, present->bytes, present->is_hashed ? present->sha256
	    : NULL);
	log_line("%s had %s when this run began, and has %s now", source->name,
	    was, is);
}

/* A file of a different size is a different file. A file with the same size and
 * time is the same, and is not read. */
static bool
look_at_file(int descriptor, const struct stat *status,
    const struct source *source, struct present *present)
{
	present->bytes = (uint64_t)status->st_size;
	if (present->bytes != source->bytes ||
	    source_time(status) == source->changed_ns)
		return true;
	return hash_input(descriptor, present);
}

/* A pipe may be empty at a restart, since its content is in the plan. So may a
 * terminal: nobody has to type the content again. */
static bool
look_at_stream(int descriptor, const struct source *source,
    struct present *present)
{
	if (isatty(descriptor))
		return true;
	if (!hash_input(descriptor, present))
		return false;
	if (present->bytes == 0) {
		present->bytes = source->bytes;
		present->is_hashed = false;
	}
	return true;
}

/* Opens an input without waiting for the other end of a pipe. */
static int
open_again(const char *path, char why[256])
{
	int descriptor = strcmp(path, "-") == 0 ? input_open(path, why)
	    : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (descriptor < 0 && strcmp(path, "-") != 0)
		snprintf(why, 256, "%s", strerror(errno));
	else if (descriptor >= 0 && strcmp(path, "-") != 0)
		(void)fcntl(descriptor, F_SETFL, O_RDONLY);
	return descriptor;
}

static enum plan_result
look_at(const struct source *source)
{
	struct present present = { .bytes = source->bytes };
	struct stat status;
	char why[256];
	int descriptor = open_again(source->name, why);
	bool good;

	if (descriptor < 0) {
		log_line("%s: %s: the run continues with what it had",
		    source->name, why);
		return PLAN_OK;
	}
	good = fstat(descriptor, &status) == 0 && (S_ISREG(status.st_mode)
	    ? look_at_file(descriptor, &status, source, &present)
	    : look_at_stream(descriptor, source, &present));
	if (!good && !interrupt_has_come())
		log_line("%s: %s", source->name, strerror(errno));
	close(descriptor);
	if (!good)
		return interrupt_has_come() ? PLAN_STOPPED : PLAN_BAD_INPUT;
	if (is_same(source, &present))
		return PLAN_OK;
	tell_difference(source, &present);
	return PLAN_OTHER_INPUTS;
}

static void
add_name(struct buffer *names, const char *name, bool is_delegations)
{
	buffer_printf(names, " %s%s", is_delegations ? "--delegations " : "",
	    name);
}

static void
tell_names(const struct source *sources, size_t count,
    const struct options *options)
{
	struct buffer was = { 0 }, is = { 0 };

	for (size_t i = 0; i < count; i++)
		add_name(&was, sources[i].name, sources[i].is_delegations);
	for (size_t i = 0; i < source_count(options); i++)
		add_name(&is, source_path(options, i),
		    i >= options->argument_count);
	log_line("this run began with the input%s, and is now given%s",
	    buffer_text(&was), buffer_text(&is));
	buffer_fini(&was);
	buffer_fini(&is);
}

static enum plan_result
look_at_all(const struct source *sources, size_t count,
    const struct options *options)
{
	enum plan_result result = PLAN_OK;
	bool same = count == source_count(options);

	for (size_t i = 0; i < count && same; i++)
		same = sources[i].is_delegations ==
		    (i >= options->argument_count) &&
		    strcmp(sources[i].name, source_path(options, i)) == 0;
	if (!same) {
		tell_names(sources, count, options);
		return PLAN_OTHER_INPUTS;
	}
	for (size_t i = 0; i < count && result == PLAN_OK; i++)
		result = look_at(&sources[i]);
	return result;
}

enum plan_result
plan_inputs_hold(const struct source *sources, size_t count,
    const struct options *options)
{
	enum plan_result result = look_at_all(sources, count, options);

	if (result == PLAN_OTHER_INPUTS)
		log_line("%s belongs to the inputs that it began with: name "
		    "another folder with -o", options->run);
	return result;
}

/* Reads a digest in hexadecimal; all bytes are zero if there is none. */
static void
read_digest(const char *text, uint8_t sha256[SHA256_BYTES])
{
	unsigned byte;

	memset(sha256, 0, SHA256_BYTES);
	if (text == NULL || strlen(text) != 2 * SHA256_BYTES)
		return;
	for (size_t i = 0; i < SHA256_BYTES; i++)
		if (sscanf(text + 2 * i, "%2x", &byte) == 1)
			sha256[i] = (uint8_t)byte;
}

enum plan_result
plan_sealed_inputs_hold(const struct run_json *file,
    const struct options *options)
{
	struct source *sources = NULL;
	struct run_input input;
	enum plan_result result;
	size_t count = 0;

	for (; run_json_input(file, count, &input); count++) {
		sources = xreallocarray(sources, count + 1, sizeof *sources);
		sources[count] = (struct source){
			.name = (char *)(uintptr_t)(input.name != NULL
			    ? input.name : ""),
			.bytes = (uint64_t)input.bytes,
			.is_delegations = input.is_delegations,
		};
		read_digest(input.sha256, sources[count].sha256);
	}
	result = plan_inputs_hold(sources, count, options);
	free(sources);
	return result;
}
