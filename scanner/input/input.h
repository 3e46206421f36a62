/*
 * input: names out of files (RULES 8): zone files, lists with and without rank,
 * CSV with a header, policy lists; gzip or plain; told apart by content.
 *
 * What it finds goes to a sink, in the order of the file. Memory does not depend
 * on the size of the file, but for a policy list, which is read as a whole.
 *
 * A scan has its inputs read by a process apart (reader.h): there nothing is
 * opened by a name that a stranger wrote.
 */
#ifndef MXCENSUS_INPUT_INPUT_H
#define MXCENSUS_INPUT_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/name.h"
#include "scanner/base/facts.h"

/* In the order of the choices of --format. */
enum input_format {
	INPUT_AUTO, INPUT_ZONE, INPUT_LIST, INPUT_CSV, INPUT_POLICY,
};

/* A record of a zone file that is about a delegation. */
struct delegation_record {
	enum { DELEGATION_NS, DELEGATION_DS, DELEGATION_GLUE } kind;
	uint64_t	 line;
	const uint8_t	*owner;		/* wire form; of glue: the server */
	size_t		 owner_length;
	const uint8_t	*apex;		/* of the zone; NULL unknown */
	const uint8_t	*server;	/* NS: wire form */
	size_t		 server_length;
	uint8_t		 algorithm, digest_type;	/* DS */
	uint8_t		 family;			/* GLUE */
	const uint8_t	*address;
};

struct input_sink {
	void	*tag;
	/* A name of a list, as it stands there; rank 0: none. */
	void	(*on_name)(void *tag, const char *text, size_t length,
		    uint64_t line, uint64_t rank);
	void	(*on_delegation)(void *tag, const struct delegation_record *);
	void	(*on_reject)(void *tag, enum reject, uint64_t line,
		    unsigned column, const char *text, size_t length);
};

struct input_options {
	enum input_format format;	/* AUTO: by content */
	const uint8_t	*origin;	/* of zone files; wire form; or NULL */
	bool		 allow_include;
};

/* What an input was. */
struct input_facts {
	enum input_format format;
	bool		 is_gzip;
	uint64_t	 bytes;		/* raw */
	uint8_t		 sha256[32];	/* of the raw bytes */
	/* Of a zone file. */
	bool		 has_apex;
	uint8_t		 apex[NAME_WIRE_MAX];
	uint32_t	 serial;
	uint64_t	 entries;
};

enum input_result {
	INPUT_WHOLE,
	INPUT_TRUNCATED,	/* names before that were delivered: I5 */
	INPUT_UNREADABLE,
};

/* The process that an input is read in. */
struct input_process {
	void	*tag;
	/* The file of an $INCLUDE, which is then closed; -1: refused. */
	int	(*open_include)(void *tag, const char *name);
	/* So many bytes of the input were read; may be NULL. */
	void	(*on_bytes)(void *tag, uint64_t bytes);
};

/* A path, or "-" for standard input; -1, and why. */
int	input_open(const char *path, char why[256]);
/* I2: a file in the folder of the input, and no other; -1 else. */
int	input_open_include(const char *path, const char *name);
/* Reads an input to its end. For TRUNCATED `why` says what and where. */
enum input_result input_read_open(int descriptor, const struct input_process *,
	    const struct input_options *, const struct input_sink *,
	    struct input_facts *, char why[256]);
/* The same by path, all of it in this process; UNREADABLE has a `why` too. */
enum input_result input_read(const char *path, const struct input_options *,
	    const struct input_sink *, struct input_facts *, char why[256]);

/* "zone", "list", ... */
const char *input_format_text(enum input_format);

#endif
