#include "scanner/out/gzip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "scanner/base/memory.h"

#define PIECE		(64 * 1024)
#define GZIP_BITS	(15 + 16)	/* zlib: a gzip wrapper */
#define OS_UNIX		3		/* RFC 1952 2.3 */

struct gzip_writer {
	int		descriptor;
	int		error;		/* the first errno; nothing is written
					 * after it */
	gz_header	header;
	z_stream	stream;
	uint8_t		out[PIECE];
};

struct gzip_writer *
gzip_writer_new(int descriptor, int level)
{
	struct gzip_writer *writer = xcalloc(1, sizeof *writer);

	writer->descriptor = descriptor;
	if (deflateInit2(&writer->stream, level, Z_DEFLATED, GZIP_BITS, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK) {
		free(writer);
		return NULL;
	}
	/* The bytes are the same on every system: there is no name, and the
	 * time is 0. */
	writer->header.os = OS_UNIX;
	if (deflateSetHeader(&writer->stream, &writer->header) != Z_OK)
		abort();
	writer->stream.next_out = writer->out;
	writer->stream.avail_out = PIECE;
	return writer;
}

static bool
flush(struct gzip_writer *writer)
{
	const uint8_t *at = writer->out;
	size_t left = PIECE - writer->stream.avail_out;

	while (left > 0) {
		ssize_t written = write(writer->descriptor, at, left);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0) {
			writer->error = errno;
			return false;
		}
		at += written;
		left -= (size_t)written;
	}
	writer->stream.next_out = writer->out;
	writer->stream.avail_out = PIECE;
	return true;
}

bool
gzip_write(struct gzip_writer *writer, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	if (writer->error != 0) {
		errno = writer->error;
		return false;
	}
	while (length > 0) {
		size_t piece = length < (1u << 30) ? length : 1u << 30;

		writer->stream.next_in = (Bytef *)(uintptr_t)at;
		writer->stream.avail_in = (uInt)piece;
		while (writer->stream.avail_in > 0) {
			if (deflate(&writer->stream, Z_NO_FLUSH) != Z_OK)
				abort();	/* nobody else has the stream */
			if (writer->stream.avail_out == 0 && !flush(writer))
				return false;
		}
		at += piece;
		length -= piece;
	}
	return true;
}

bool
gzip_finish(struct gzip_writer *writer)
{
	int result = Z_OK, error;

	writer->stream.avail_in = 0;
	while (result == Z_OK && writer->error == 0) {
		result = deflate(&writer->stream, Z_FINISH);
		if (result != Z_OK && result != Z_STREAM_END)
			abort();
		(void)flush(writer);
	}
	error = writer->error;
	deflateEnd(&writer->stream);
	free(writer);
	if (error != 0)
		errno = error;
	return error == 0;
}

struct gzip_reader {
	int		 descriptor;
	off_t		 offset;
	z_stream	 stream;
	bool		 between;	/* between members: at the end, or
					 * before another one */
	bool		 any;		/* a member was read to its end */
	const char	*why;
	uint8_t		 in[PIECE];
};

struct gzip_reader *
gzip_reader_new(int descriptor)
{
	struct gzip_reader *reader = xcalloc(1, sizeof *reader);

	reader->descriptor = descriptor;
	reader->why = "";
	reader->between = true;
	if (inflateInit2(&reader->stream, GZIP_BITS) != Z_OK)
		abort();
	return reader;
}

void
gzip_reader_free(struct gzip_reader *reader)
{
	if (reader == NULL)
		return;
	inflateEnd(&reader->stream);
	free(reader);
}

const char *
gzip_why(const struct gzip_reader *reader)
{
	return reader->why;
}

static long
fail(struct gzip_reader *reader, const char *why)
{
	reader->why = why;
	return -1;
}

/* Returns 1 if there is input, 0 at the end of the file, or -1. */
static int
refill(struct gzip_reader *reader)
{
	ssize_t length;

	if (reader->stream.avail_in > 0)
		return 1;
	do
		length = pread(reader->descriptor, reader->in, PIECE,
		    reader->offset);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return (int)fail(reader, strerror(errno));
	reader->offset += length;
	reader->stream.next_in = reader->in;
	reader->stream.avail_in = (uInt)length;
	return length > 0;
}

/* What zlib said about the bytes. */
static long
fail_inflate(struct gzip_reader *reader)
{
	bool in_header = reader->stream.total_out == 0;

	if (reader->any && in_header)
		return fail(reader, "bytes behind the end of gzip");
	return fail(reader, in_header ? "not gzip" : "broken gzip");
}

long
gzip_read(struct gzip_reader *reader, void *bytes, size_t size)
{
	z_stream *stream = &reader->stream;

	stream->next_out = bytes;
	stream->avail_out = (uInt)size;
	while (stream->avail_out == size) {
		int more = refill(reader), result;

		if (more < 0)
			return -1;
		if (more == 0 && reader->between)
			return reader->any ? 0 : fail(reader, "empty");
		if (more == 0)
			return fail(reader, "truncated gzip");
		if (reader->between && reader->any &&
		    inflateReset(stream) != Z_OK)
			return fail(reader, "zlib");
		reader->between = false;
		result = inflate(stream, Z_NO_FLUSH);
		if (result == Z_STREAM_END) {
			reader->between = true;
			reader->any = true;
		} else if (result != Z_OK && result != Z_BUF_ERROR) {
			return fail_inflate(reader);
		}
	}
	return (long)(size - stream->avail_out);
}
