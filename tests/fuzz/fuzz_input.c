/*
 * fuzz_input: whole inputs of any format, as a scan reads them. Names of lists
 * are host names, rejected lines have a reason, and an input without a name or
 * a record is unreadable, with a sentence that says why. A file of
 * --delegations is a zone file; otherwise it is unreadable, and nothing of its
 * content is reported. The first byte of the input sets the options.
 */
#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scanner/base/write_all.h"
#include "scanner/input/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct seen {
	uint64_t	names, rejects;
};

static void
on_name(void *tag, const uint8_t *wire, size_t length, uint64_t line,
    uint64_t rank)
{
	struct seen *seen = tag;

	(void)rank;
	assert(line > 0);
	assert(name_wire_length(wire, NAME_WIRE_MAX) == length);
	assert(name_is_host(wire));
	seen->names++;
}

static void
on_delegation(void *tag, const struct delegation_record *found)
{
	(void)tag;
	assert(name_wire_length(found->owner, NAME_WIRE_MAX) ==
	    found->owner_length);
}

static void
on_reject(void *tag, enum reject reason, uint64_t line, unsigned column,
    const char *text, size_t length)
{
	struct seen *seen = tag;

	(void)column;
	assert(reason < REJECT_COUNT);
	assert(line > 0);
	assert(length == 0 || memchr(text, text[length - 1], length) != NULL);
	seen->rejects++;
}

static int
open_include(void *tag, const char *name)
{
	(void)tag;
	(void)name;
	return -1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct seen seen = { 0 };
	const struct input_process process = { .open_include = open_include };
	const struct input_sink sink = {
		&seen, on_name, on_delegation, on_reject,
	};
	struct input_options options = { 0 };
	struct input_facts facts;
	enum input_result result;
	char why[256] = "";
	int file = memfd_create("input", MFD_CLOEXEC);

	if (length == 0 || file < 0) {
		close(file);
		return 0;
	}
	options.is_lenient = bytes[0] & 1;
	options.must_be_zone = bytes[0] >> 7;
	options.wants_zonemd = true;
	options.format = (enum input_format)((bytes[0] >> 1 & 63) %
	    (INPUT_JSON + 1));
	assert(write_all(file, bytes + 1, length - 1));
	assert(lseek(file, 0, SEEK_SET) == 0);
	result = input_read_open(file, &process, &options, &sink, &facts, why);
	close(file);
	assert((result == INPUT_WHOLE) == (why[0] == '\0'));
	assert(facts.format != INPUT_AUTO);
	assert((facts.zonemd.state == ZONEMD_MATCH ||
	    facts.zonemd.state == ZONEMD_MISMATCH) ==
	    (facts.zonemd.records_length != 0));
	if (options.must_be_zone && facts.format != INPUT_ZONE)
		assert(result == INPUT_UNREADABLE && seen.rejects == 0);
	assert(!options.must_be_zone || seen.names == 0);
	if (seen.names == 0 && facts.entries == 0)
		assert(result == INPUT_UNREADABLE);
	else
		assert(result != INPUT_UNREADABLE);
	return 0;
}
