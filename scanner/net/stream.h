/*
 * stream: a TCP connection to one address that can change to TLS. It uses libev
 * and makes no blocking call.
 *
 * It is embedded in its owner. Events come from the loop, never from inside a
 * call to stream_*. The owner may close the stream in on_event; nothing touches
 * it afterwards. Received plaintext, with or without TLS, collects in `in`. The
 * owner must consume it: if more arrives when `in` has STREAM_IN_MAX bytes, the
 * stream ends with STREAM_LOCAL_ERROR.
 */
#ifndef MXCENSUS_NET_STREAM_H
#define MXCENSUS_NET_STREAM_H

#include <ev.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#include "parsers/prefix.h"
#include "scanner/base/buffer.h"
#include "scanner/base/fault.h"
#include "scanner/net/own_addresses.h"

#define STREAM_IN_MAX (128 * 1024)

enum stream_event {
	STREAM_CONNECTED,
	STREAM_BYTES,		/* `in` has more */
	STREAM_TLS,		/* the handshake is complete */
	/* The rest are ends: the stream is already closed when they arrive. */
	STREAM_CLOSED,		/* orderly, by the peer */
	STREAM_RESET,
	STREAM_REFUSED,		/* while connecting */
	STREAM_CONNECT_TIMEOUT,	/* the kernel's */
	STREAM_UNREACHABLE,	/* while connecting: no route, host unreachable */
	STREAM_TLS_FAILED,	/* alert, or bytes that are not TLS */
	STREAM_TLS_TOO_LARGE,	/* a message of the handshake is over our own
				 * limit */
	STREAM_LOCAL_ERROR,	/* our own socket, descriptors, memory */
};

struct stream {
	struct ev_loop	*ev;
	int		 descriptor;	/* -1: closed */
	ev_io		 reader, writer;
	ev_timer	 later;		/* delivers what a call found out */
	enum stream_event pending;
	const struct own_addresses *own;	/* not owned */
	int		 family;	/* AF_INET or AF_INET6 */
	bool		 connected;
	bool		 in_handshake;
	SSL		*ssl;		/* owned; NULL before STARTTLS */
	struct buffer	 in, out;	/* out: bytes for the wire */
	/* Bytes from the wire that TLS has not read yet (stream_bio.h). */
	const uint8_t	*fresh;
	size_t		 fresh_length;
	struct buffer	 left;
	uint64_t	 received_bytes;	/* from the wire */
	/* Whose fault the end is, when its event arrives. Until then, and for
	 * an end without an errno (closed; TLS failed for other reasons than
	 * our memory), it is BLAME_NOBODY, and the outcome decides
	 * (fault_of_outcome). */
	struct fault	 fault;
	void		(*on_event)(struct stream *, enum stream_event);
};

/* Begins to connect; `source` may be NULL. Even an immediate failure is
 * reported from the loop. `own` must live as long as the stream. */
void	stream_connect(struct stream *, struct ev_loop *,
	    const struct own_addresses *own, const struct address *,
	    uint16_t port, const struct address *source,
	    void (*on_event)(struct stream *, enum stream_event));
/* Sends the bytes as soon as possible; through TLS after STREAM_TLS. */
void	stream_send(struct stream *, const void *bytes, size_t length);
/* Is there a byte of plaintext that has not been consumed, in `in` or in the
 * kernel? Call it before stream_start_tls (RULES S12). */
bool	stream_has_plaintext(struct stream *);
/* Starts TLS. It takes ownership of `ssl`, and gives it its BIO. */
void	stream_start_tls(struct stream *, SSL *);
/* Sends close_notify if it can, and closes. It is idempotent, and legal for a
 * zeroed stream with descriptor -1. The SSL object lives until stream_fini. */
void	stream_close(struct stream *);
void	stream_fini(struct stream *);

#endif
