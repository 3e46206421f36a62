/*
 * input_event: the messages from the reader of an input (reader.h) to the
 * coordinator.
 *
 * A packet has at most INPUT_PACKET_MAX bytes, and whole events one after the
 * other: first READY, then the content of the input, then END. The coordinator
 * does not trust the reader: it refuses everything but an exact event with
 * canonical names and known values.
 */
#ifndef MXCENSUS_INPUT_INPUT_EVENT_H
#define MXCENSUS_INPUT_INPUT_EVENT_H

#include "scanner/base/buffer.h"
#include "scanner/base/wire.h"
#include "scanner/input/input.h"

#define INPUT_PACKET_MAX	(32 * 1024)
#define INPUT_EVENT_MAX		4096	/* the most bytes of an event */
#define INPUT_DIGEST_MAX	64	/* bytes of a DS: as many as the zone
					 * parser keeps */
#define INPUT_REJECT_TEXT_MAX	512	/* as much as the table `rejects`
					 * keeps */
#define INPUT_INCLUDE_MAX	255	/* the longest file name (NAME_MAX) */
#define INPUT_WHY_MAX		256	/* with the NUL */

enum input_event_type {
	INPUT_EVENT_READY = 1,	/* why there is no sandbox; "": there is one, or
				 * none was wanted */
	INPUT_EVENT_NAME,
	INPUT_EVENT_DELEGATION,
	INPUT_EVENT_REJECT,
	INPUT_EVENT_INCLUDE,	/* the last event of its packet: the reader
				 * waits for an answer */
	INPUT_EVENT_END,
};

/* The bytes and texts of a decoded event point into the packet. */
struct input_event {
	enum input_event_type type;
	union {
		const char	*why;		/* READY; INPUT_WHY_MAX */
		struct {
			const uint8_t	*wire;	/* canonical, and not the
						 * root */
			size_t		 length;
			uint64_t	 rank;	/* 0: none */
		} name;
		/* Has no line; only NS has an apex. NS without an owner is of
		 * the same owner as the NS event before it. */
		struct delegation_record delegation;
		struct {
			enum reject	 reason;
			uint64_t	 line;
			uint32_t	 column;
			const char	*text;	/* raw, without a NUL at its
						 * end */
			size_t		 length;
		} reject;
		const char	*include;	/* INPUT_INCLUDE_MAX */
		struct {
			enum input_result result;
			struct input_facts facts;
			const char	*why;	/* "" if WHOLE */
		} end;
	} is;
};

/* Appends the bytes of an event. Its texts must keep the limits above. */
void	input_event_put(struct buffer *, const struct input_event *);
/* Reads the next event. Returns false at the first bytes that are not an event;
 * then `failed` is set. */
bool	input_event_get(struct wire *, struct input_event *);

#endif
