/*
 * certificate_message: the certificates of a TLS Certificate message, in the
 * order in which the peer sent them (RFC 5246 7.4.2, RFC 8446 4.4.2). They are
 * only bytes here; the caller finds out whether a certificate can be decoded.
 */
#ifndef MXCENSUS_PARSERS_CERTIFICATE_MESSAGE_H
#define MXCENSUS_PARSERS_CERTIFICATE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct certificate_message {
	const uint8_t	*at, *end;	/* what is left of the list */
	bool		 is_tls_1_3;	/* extensions follow each certificate */
};

/* `bytes` are a handshake message with its header, and outlive the struct.
 * Returns false if it is another message, or if the list does not fill the
 * message. */
bool	certificate_message_open(struct certificate_message *,
	    const uint8_t *bytes, size_t length, bool is_tls_1_3);
/* Returns 1: the next certificate, which is never empty; 0: there are no more;
 * -1: the list is broken here. */
int	certificate_message_next(struct certificate_message *,
	    const uint8_t **der, size_t *length);

#endif
