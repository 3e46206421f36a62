/*
 * input_event: what the reader of an input (reader.h) says to the coordinator.
 *
 * A packet is at most INPUT_PACKET_MAX bytes, whole events one behind the other:
 * READY, which is the first, then what stands in the input, then END. The
 * coordinator takes the reader for a stranger: what is not exactly an event, with
 * canonical names and values that exist, is refused.
 */
#ifndef MXCENSUS_INPUT_INPUT_EVENT_H
#define MXCENSUS_INPUT_INPUT_EVENT_H

#include "scanner/base/buffer.h"
#include "scanner/base/wire.h"
#include "scanner/input/input.h"

#define INPUT_PACKET_MAX	(32 * 1024)
#define INPUT_EVENT_MAX		1024	/* bytes of an event, at most */
#define INPUT_REJECT_TEXT_MAX	512	/* what the table rejects keeps */
#define INPUT_INCLUDE_MAX	255	/* a file name has no more (NAME_MAX) */
#define INPUT_WHY_MAX		256	/* with the NUL */

enum input_event_type {
	INPUT_EVENT_READY = 1,	/* why there is no sandbox; "": there is, or
				 * none was wanted */
	INPUT_EVENT_NAME,
	INPUT_EVENT_DELEGATION,
	INPUT_EVENT_REJECT,
	INPUT_EVENT_INCLUDE,	/* the last of its packet: an answer is awaited */
	INPUT_EVENT_END,
};

/* Bytes and texts of a decoded event are inside the packet. */
struct input_event {
	enum input_event_type type;
	union {
		const char	*why;		/* READY; INPUT_WHY_MAX */
		struct {
			const uint8_t	*wire;	/* canonical, not the root */
			size_t		 length;
			uint64_t	 rank;	/* 0: none */
		} name;
		/* No line; an apex for glue alone. */
		struct delegation_record delegation;
		struct {
			enum reject	 reason;
			uint64_t	 line;
			uint32_t	 column;
			const char	*text;	/* raw, not ended by a NUL */
			size_t		 length;
		} reject;
		const char	*include;	/* no longer than INCLUDE_MAX */
		struct {
			enum input_result result;	/* not UNREADABLE */
			struct input_facts facts;
			const char	*why;	/* "" where it is WHOLE */
		} end;
	} is;
};

/* The bytes of an event, appended; its texts must be as long as they may be. */
void	input_event_put(struct buffer *, const struct input_event *);
/* False at the first bytes that are no event: then `failed` is set. */
bool	input_event_get(struct wire *, struct input_event *);

#endif
