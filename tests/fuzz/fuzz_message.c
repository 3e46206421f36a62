/*
 * fuzz_message: a packet from the other process. What decodes encodes to the
 * same bytes, and no shorter piece of it decodes.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/message/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct message message, shorter;
	struct buffer packet = { 0 };

	if (!message_decode(bytes, length, &message))
		return 0;
	assert(message.kind < JOB_KINDS);
	assert(memchr(message.text, '\0', sizeof message.text) != NULL);
	message_encode(&message, &packet);
	assert(packet.length <= MESSAGE_MAX);
	assert(packet.length == length);
	assert(memcmp(packet.bytes, bytes, length) == 0);
	assert(!message_decode(bytes, length - 1, &shorter));
	buffer_fini(&packet);
	return 0;
}
