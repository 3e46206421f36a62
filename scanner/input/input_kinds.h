/* input_kinds: a reader of bytes for each format. It is private to input. */
#ifndef MXCENSUS_INPUT_INPUT_KINDS_H
#define MXCENSUS_INPUT_INPUT_KINDS_H

#include "scanner/base/buffer.h"
#include "scanner/input/input.h"
#include "scanner/input/layout.h"

struct zone_parser;
struct csv;
struct json_elements;
struct digest;
struct zone_digest;

struct input {
	const struct input_process	*process;
	const struct input_options	*options;
	const struct input_sink		*sink;
	struct input_facts		*facts;
	char				*why;
	struct digest			*digest;
	uint64_t			 raw_bytes;	/* read so far */
	/* List and policy: bytes that are not used yet. */
	struct buffer			 left;
	uint64_t			 line;
	bool				 too_long;	/* inside a line that is
							 * too long */
	uint64_t			 names;		/* of a list, so far */
	/* CSV. */
	struct csv			*csv;
	struct layout			 layout;
	bool				 has_begun, had_record;
	/* JSON. */
	struct json_elements		*elements;
	/* Zone. */
	struct zone_parser		*zone;
	bool				 is_czds;
	struct zone_digest		*zone_digest;	/* NULL: not wanted */
};

/* A reader takes bytes as they come, and then the end. `end` returns false with
 * `why` if the input is not whole. */
struct input_kind {
	void	(*begin)(struct input *);
	void	(*push)(struct input *, const char *bytes, size_t length);
	bool	(*end)(struct input *);
};

extern const struct input_kind input_zone, input_list, input_csv, input_policy,
	    input_json;

/* Takes an entry of a list, without blanks around it, and passes on its domain
 * or rejects it. `text` is what a reject shows. */
void	input_take_entry(struct input *, const char *text, size_t length,
	    uint64_t line, uint64_t rank);

/* Returns what an input is that begins with these bytes and cannot be read, and
 * how to convert it. Returns NULL if it can be read. */
const char *input_refuse(const uint8_t *bytes, size_t length);
/* Returns the format of an input that begins with these bytes, after a byte
 * order mark. `is_whole`: it has no more bytes. */
enum input_format input_tell(const char *bytes, size_t length, bool is_whole);

#endif
