#include "scanner/net/stream_bio.h"

#include <string.h>

static BIO_METHOD *method;

static int
read_received(BIO *bio, char *bytes, int length)
{
	struct stream *stream = BIO_get_data(bio);
	struct buffer *left = &stream->left;
	size_t wanted = (size_t)length;

	BIO_clear_retry_flags(bio);
	if (left->length > 0) {
		if (wanted > left->length)
			wanted = left->length;
		memcpy(bytes, left->bytes, wanted);
		buffer_consume(left, wanted);
		return (int)wanted;
	}
	if (stream->fresh_length == 0) {
		BIO_set_retry_read(bio);
		return -1;
	}
	if (wanted > stream->fresh_length)
		wanted = stream->fresh_length;
	memcpy(bytes, stream->fresh, wanted);
	stream->fresh += wanted;
	stream->fresh_length -= wanted;
	return (int)wanted;
}

static int
write_for_wire(BIO *bio, const char *bytes, int length)
{
	struct stream *stream = BIO_get_data(bio);

	BIO_clear_retry_flags(bio);
	buffer_append(&stream->out, bytes, (size_t)length);
	return length;
}

/* OpenSSL flushes after each flight; nothing is held back here. */
static long
control(BIO *bio, int command, long number, void *argument)
{
	(void)bio;
	(void)number;
	(void)argument;
	return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *
make_method(void)
{
	BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() |
	    BIO_TYPE_SOURCE_SINK, "stream");

	if (made == NULL)
		return NULL;
	if (BIO_meth_set_read(made, read_received) != 1 ||
	    BIO_meth_set_write(made, write_for_wire) != 1 ||
	    BIO_meth_set_ctrl(made, control) != 1) {
		BIO_meth_free(made);
		return NULL;
	}
	return made;
}

BIO *
stream_bio_new(struct stream *stream)
{
	BIO *bio;

	if (method == NULL)
		method = make_method();
	bio = method == NULL ? NULL : BIO_new(method);
	if (bio == NULL)
		return NULL;
	BIO_set_data(bio, stream);
	BIO_set_init(bio, 1);
	return bio;
}

void
stream_bio_offer(struct stream *stream, const uint8_t *bytes, size_t length)
{
	stream->fresh = bytes;
	stream->fresh_length = length;
}

void
stream_bio_settle(struct stream *stream)
{
	if (stream->fresh_length > 0)
		buffer_append(&stream->left, stream->fresh,
		    stream->fresh_length);
	stream->fresh = NULL;
	stream->fresh_length = 0;
}
