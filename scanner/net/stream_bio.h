/*
 * stream_bio: what OpenSSL reads from and writes to in a stream. It reads the
 * bytes that have just come from the wire, where they are, and appends to the
 * bytes for the wire. No system call is made here.
 */
#ifndef MXCENSUS_NET_STREAM_BIO_H
#define MXCENSUS_NET_STREAM_BIO_H

#include <openssl/bio.h>

#include "scanner/net/stream.h"

/* NULL only without memory. The stream must live as long as the BIO. */
BIO	*stream_bio_new(struct stream *);
/* Until stream_bio_settle, TLS reads these bytes, after those that were left
 * before. */
void	stream_bio_offer(struct stream *, const uint8_t *bytes, size_t length);
/* Keeps what TLS has not read. */
void	stream_bio_settle(struct stream *);

#endif
