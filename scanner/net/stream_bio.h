/*
 * stream_bio: the BIO through which OpenSSL reads from and writes to a stream.
 * It reads the bytes that have just come from the wire, where they are, and
 * appends to the bytes for the wire. No system call is made here.
 */
#ifndef MXCENSUS_NET_STREAM_BIO_H
#define MXCENSUS_NET_STREAM_BIO_H

#include <openssl/bio.h>

#include "scanner/net/stream.h"

/* Returns NULL only if there is no memory. The stream must live as long as the
 * BIO. */
BIO	*stream_bio_new(struct stream *);
/* Until stream_bio_settle, TLS reads these bytes, after those that were left
 * from earlier calls. */
void	stream_bio_offer(struct stream *, const uint8_t *bytes, size_t length);
/* Keeps what TLS has not read. */
void	stream_bio_settle(struct stream *);

#endif
