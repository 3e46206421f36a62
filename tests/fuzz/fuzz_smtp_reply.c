/*
 * fuzz_smtp_reply: replies of a mail server. However the bytes are cut, the
 * replies are the same; the first byte of the input sets the cuts.
 */
#include <assert.h>
#include <string.h>

#include "parsers/smtp_reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static enum smtp_reply_status
push(struct smtp_reply *reply, const uint8_t *bytes, size_t length,
    size_t piece, size_t *taken)
{
	enum smtp_reply_status status = SMTP_REPLY_MORE;
	size_t one;

	smtp_reply_init(reply);
	for (*taken = 0; *taken < length && status == SMTP_REPLY_MORE;
	    *taken += one) {
		if (piece > length - *taken)
			piece = length - *taken;
		status = smtp_reply_push(reply, bytes + *taken, piece, &one);
		assert(one == piece || (status != SMTP_REPLY_MORE &&
		    one > 0 && one < piece));
	}
	return status;
}

static void
check_reply(const struct smtp_reply *reply, enum smtp_reply_status status,
    const uint8_t *bytes, size_t taken)
{
	assert(reply->bytes == taken);
	assert(taken <= SMTP_REPLY_BYTES_MAX);
	assert(reply->text_length <= SMTP_REPLY_TEXT_MAX);
	assert(reply->lines <= SMTP_REPLY_LINES_MAX);
	if (status != SMTP_REPLY_DONE)
		return;
	assert(reply->code >= 200 && reply->code <= 599);
	assert(reply->lines > 0 && reply->lines < SMTP_REPLY_LINES_MAX);
	assert(reply->lines > 1 || reply->capabilities == 0);
	assert(bytes[taken - 1] == '\n');
	for (size_t i = 0; i < reply->text_length; i++) {
		uint8_t byte = reply->text[i];

		assert((reply->flags & SMTP_REPLY_HOSTILE) != 0 ||
		    (byte >= ' ' && byte < 0x7f) || byte == '\t' ||
		    byte == '\n');
	}
}

static void
must_be_same(const struct smtp_reply *a, const struct smtp_reply *b)
{
	assert(a->code == b->code && a->lines == b->lines);
	assert(a->flags == b->flags && a->capabilities == b->capabilities);
	assert(a->bytes == b->bytes && a->text_length == b->text_length);
	assert(memcmp(a->text, b->text, a->text_length) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	size_t piece;

	if (length == 0)
		return 0;
	piece = (size_t)*bytes++ + 1;
	length--;
	while (length > 0) {
		struct smtp_reply whole, single, cut;
		size_t taken, single_taken, cut_taken;
		enum smtp_reply_status status = push(&whole, bytes, length,
		    length, &taken);

		check_reply(&whole, status, bytes, taken);
		assert(push(&single, bytes, length, 1, &single_taken) ==
		    status);
		assert(push(&cut, bytes, length, piece, &cut_taken) == status);
		assert(single_taken == taken && cut_taken == taken);
		must_be_same(&whole, &single);
		must_be_same(&whole, &cut);
		bytes += taken;
		length -= taken;
	}
	return 0;
}
