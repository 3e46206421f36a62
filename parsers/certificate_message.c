#include "parsers/certificate_message.h"

#define HANDSHAKE_CERTIFICATE	11	/* RFC 8446 B.3 */

/* Takes a vector that begins with its length, which has this many bytes. */
static bool
take(const uint8_t **at, const uint8_t *end, unsigned length_bytes,
    const uint8_t **vector, size_t *length)
{
	*length = 0;
	if ((size_t)(end - *at) < length_bytes)
		return false;
	for (unsigned i = 0; i < length_bytes; i++)
		*length = *length << 8 | *(*at)++;
	if ((size_t)(end - *at) < *length)
		return false;
	*vector = *at;
	*at += *length;
	return true;
}

bool
certificate_message_open(struct certificate_message *message,
    const uint8_t *bytes, size_t length, bool is_tls_1_3)
{
	const uint8_t *at = bytes, *end = bytes + length;
	const uint8_t *body, *list, *context;
	size_t body_length, list_length, context_length;

	if (length == 0 || *at++ != HANDSHAKE_CERTIFICATE ||
	    !take(&at, end, 3, &body, &body_length) || at != end)
		return false;
	at = body;
	if (is_tls_1_3 && !take(&at, end, 1, &context, &context_length))
		return false;
	if (!take(&at, end, 3, &list, &list_length) || at != end)
		return false;
	*message = (struct certificate_message){ list, end, is_tls_1_3 };
	return true;
}

int
certificate_message_next(struct certificate_message *message,
    const uint8_t **der, size_t *length)
{
	const uint8_t *extensions;
	size_t extensions_length;

	if (message->at == message->end)
		return 0;
	if (!take(&message->at, message->end, 3, der, length) || *length == 0)
		return -1;
	if (message->is_tls_1_3 && !take(&message->at, message->end, 2,
	    &extensions, &extensions_length))
		return -1;
	return 1;
}
