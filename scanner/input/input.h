/*
 * input: reads names out of files (RULES 8): zone files, lists with and without
 * rank, CSV, JSON, policy lists; gzip or plain. The content determines the
 * format.
 *
 * It passes what it finds to the caller's sink, in the order of the file, while
 * input_read_open runs. Its memory does not depend on the size of the file,
 * except for a policy list, which is read as a whole.
 *
 * A scan reads each input in a separate process (reader.h), which opens no file
 * whose name a stranger wrote.
 */
#ifndef MXCENSUS_INPUT_INPUT_H
#define MXCENSUS_INPUT_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/ds_wire.h"
#include "parsers/name.h"
#include "parsers/zonemd.h"
#include "scanner/base/facts.h"

/* In the order of the choices of --format. */
enum input_format {
	INPUT_AUTO, INPUT_ZONE, INPUT_LIST, INPUT_CSV, INPUT_POLICY,
	INPUT_JSON,
};

/* A record of a zone file that belongs to a delegation. */
struct delegation_record {
	enum {
		DELEGATION_NS, DELEGATION_DS, DELEGATION_GLUE,
		DELEGATION_DS_SIGNATURE,	/* an RRSIG over the DS */
	} kind;
	uint64_t	 line;
	const uint8_t	*owner;		/* wire form; for glue: the server */
	size_t		 owner_length;
	const uint8_t	*apex;		/* of the zone; NULL: unknown */
	union {
		struct {			/* NS */
			const uint8_t	*server;	/* wire form */
			size_t		 server_length;
		};
		struct {			/* DS */
			struct ds_record ds;
			uint32_t	 ttl;		/* seconds */
		};
		struct {			/* GLUE */
			uint8_t		 family;
			const uint8_t	*address;
		};
		struct {			/* DS_SIGNATURE */
			/* Its RDATA in wire form, with the signer's name in
			 * lower case: the first ZONE_SIGNATURE_MAX bytes. */
			const uint8_t	*signature;
			size_t		 signature_length;
		};
	};
};

struct input_sink {
	void	*tag;
	/* A domain of a list, in wire form. Rank 0: it has no rank. */
	void	(*on_name)(void *tag, const uint8_t *wire, size_t length,
		    uint64_t line, uint64_t rank);
	void	(*on_delegation)(void *tag, const struct delegation_record *);
	void	(*on_reject)(void *tag, enum reject, uint64_t line,
		    unsigned column, const char *text, size_t length);
};

struct input_options {
	enum input_format format;	/* AUTO: the content tells */
	const uint8_t	*origin;	/* of zone files, in wire form; or
					 * NULL */
	bool		 allow_include;
	bool		 is_lenient;	/* I15: extracts a name from an entry
					 * like a URL */
	bool		 wants_zonemd;	/* L43: digests zone files */
	bool		 must_be_zone;	/* of --delegations: anything else is
					 * UNREADABLE */
};

/* What is known about an input after it was read. */
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
	struct zonemd	 zonemd;
};

enum input_result {
	INPUT_WHOLE,
	INPUT_TRUNCATED,	/* the names before that point were delivered
				 * (I5) */
	INPUT_UNREADABLE,	/* nothing in it was usable */
};

/* What reading an input needs from its process. */
struct input_process {
	void	*tag;
	/* Opens the file of an $INCLUDE, which the reader closes. -1:
	 * refused. */
	int	(*open_include)(void *tag, const char *name);
	/* Reports how many more bytes of the input were read; the member may be
	 * NULL. */
	void	(*on_bytes)(void *tag, uint64_t bytes);
};

/* Opens a path, or "-" for standard input. Returns -1 with the reason on
 * failure. */
int	input_open(const char *path, char why[256]);
/* I2: opens a file in the folder of the input; -1 for any other file. */
int	input_open_include(const char *path, const char *name);
/* Reads an input to its end. If the result is not WHOLE, `why` says what is
 * wrong and where. */
enum input_result input_read_open(int descriptor, const struct input_process *,
	    const struct input_options *, const struct input_sink *,
	    struct input_facts *, char why[256]);
/* Does the same for a path, in this process. UNREADABLE has a `why`, too. */
enum input_result input_read(const char *path, const struct input_options *,
	    const struct input_sink *, struct input_facts *, char why[256]);

/* "zone", "list", ... */
const char *input_format_text(enum input_format);

#endif
