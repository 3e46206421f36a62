#include "scanner/out/gzip.h"

#include <errno.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "scanner/base/buffer.h"
#include "scanner/base/memory.h"

#define MEMBER		(1024 * 1024)	/* plain bytes of a member */
#define PACKED		(512 * 1024)	/* bytes of a file in memory */
#define GZIP_BITS	(15 + 16)	/* zlib: a gzip wrapper */

struct gzip_writer {
	int		 descriptor;
	int		 error;		/* the first errno; nothing is written
					 * after it */
	struct libdeflate_compressor *compressor;
	struct buffer	 plain;		/* of the next member */
	struct buffer	 packed;
	bool		 any;		/* a member was written */
};

struct gzip_writer *
gzip_writer_new(int descriptor, int level)
{
	struct gzip_writer *writer = xcalloc(1, sizeof *writer);

	writer->descriptor = descriptor;
	writer->compressor = libdeflate_alloc_compressor(level);
	if (writer->compressor != NULL)
		return writer;
	free(writer);
	return NULL;
}

static bool
write_all(struct gzip_writer *writer, const uint8_t *at, size_t left)
{
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
	return true;
}

/* libdeflate writes no name and no time, so the bytes depend on nothing but
 * their content and its version. */
static bool
write_member(struct gzip_writer *writer)
{
	size_t bound = libdeflate_gzip_compress_bound(writer->compressor,
	    writer->plain.length);
	size_t length = libdeflate_gzip_compress(writer->compressor,
	    writer->plain.bytes, writer->plain.length,
	    buffer_reserve(&writer->packed, bound), bound);

	if (length == 0)
		abort();	/* the bound is one */
	writer->plain.length = 0;
	writer->any = true;
	return write_all(writer, writer->packed.bytes, length);
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
		size_t room = MEMBER - writer->plain.length;
		size_t piece = length < room ? length : room;

		buffer_append(&writer->plain, at, piece);
		if (writer->plain.length == MEMBER && !write_member(writer))
			return false;
		at += piece;
		length -= piece;
	}
	return true;
}

bool
gzip_finish(struct gzip_writer *writer)
{
	int error;

	if (writer->error == 0 && (writer->plain.length > 0 || !writer->any))
		(void)write_member(writer);
	error = writer->error;
	libdeflate_free_compressor(writer->compressor);
	buffer_fini(&writer->plain);
	buffer_fini(&writer->packed);
	free(writer);
	if (error != 0)
		errno = error;
	return error == 0;
}

/* Reading ***************************************************************** */

/* libdeflate is three times as fast as zlib, but takes a whole member at once.
 * So it reads members that fit into the buffers, as ours do. zlib reads all
 * others, and finds out how much of a broken one is good. */
struct gzip_reader {
	int		 descriptor;
	off_t		 offset;
	struct libdeflate_decompressor *decompressor;
	z_stream	 stream;	/* its input is what was read */
	bool		 between;	/* between members: at the end, or
					 * before another one */
	bool		 any;		/* a member was read to its end */
	const char	*why;
	uint8_t		*packed;	/* PACKED */
	char		*plain;		/* MEMBER */
};

struct gzip_reader *
gzip_reader_new(int descriptor)
{
	struct gzip_reader *reader = xcalloc(1, sizeof *reader);

	reader->descriptor = descriptor;
	reader->why = "";
	reader->between = true;
	reader->packed = xmalloc(PACKED);
	reader->plain = xmalloc(MEMBER);
	reader->decompressor = libdeflate_alloc_decompressor();
	if (reader->decompressor == NULL ||
	    inflateInit2(&reader->stream, GZIP_BITS) != Z_OK)
		abort();
	return reader;
}

void
gzip_reader_free(struct gzip_reader *reader)
{
	if (reader == NULL)
		return;
	inflateEnd(&reader->stream);
	libdeflate_free_decompressor(reader->decompressor);
	free(reader->packed);
	free(reader->plain);
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

/* Fills `packed` if less than half of it is left. Returns 1 if there is input,
 * 0 at the end of the file, or -1. */
static int
refill(struct gzip_reader *reader)
{
	z_stream *stream = &reader->stream;
	ssize_t length = 1;

	if (stream->avail_in >= PACKED / 2)
		return 1;
	if (stream->avail_in > 0)
		memmove(reader->packed, stream->next_in, stream->avail_in);
	stream->next_in = reader->packed;
	while (stream->avail_in < PACKED && length != 0) {
		length = pread(reader->descriptor, reader->packed +
		    stream->avail_in, PACKED - stream->avail_in,
		    reader->offset);
		if (length < 0 && errno != EINTR)
			return (int)fail(reader, strerror(errno));
		if (length > 0) {
			reader->offset += length;
			stream->avail_in += (uInt)length;
		}
	}
	return stream->avail_in > 0;
}

/* Reads the next member if it is whole and fits. Returns whether it does. */
static bool
read_member(struct gzip_reader *reader, size_t *length)
{
	z_stream *stream = &reader->stream;
	size_t used;

	if (libdeflate_gzip_decompress_ex(reader->decompressor,
	    stream->next_in, stream->avail_in, reader->plain, MEMBER, &used,
	    length) != LIBDEFLATE_SUCCESS)
		return false;
	stream->next_in += used;
	stream->avail_in -= (uInt)used;
	reader->any = true;
	return true;
}

/* Why zlib refused the bytes. */
static long
fail_inflate(struct gzip_reader *reader)
{
	bool in_header = reader->stream.total_out == 0;

	if (reader->any && in_header)
		return fail(reader, "bytes after the end of the gzip data");
	return fail(reader, in_header ? "not gzip" : "broken gzip");
}

/* Reads a piece of a member. Returns 1, or -1. */
static int
inflate_piece(struct gzip_reader *reader)
{
	z_stream *stream = &reader->stream;
	int result;

	if (reader->between && inflateReset(stream) != Z_OK)
		return (int)fail(reader, "zlib");
	reader->between = false;
	result = inflate(stream, Z_NO_FLUSH);
	if (result == Z_STREAM_END) {
		reader->between = true;
		reader->any = true;
	} else if (result != Z_OK && result != Z_BUF_ERROR) {
		return (int)fail_inflate(reader);
	}
	return 1;
}

long
gzip_read(struct gzip_reader *reader, char **bytes)
{
	z_stream *stream = &reader->stream;
	size_t length = 0;

	*bytes = reader->plain;
	stream->next_out = (Bytef *)reader->plain;
	stream->avail_out = MEMBER;
	while (stream->avail_out == MEMBER) {
		int more = refill(reader);

		if (more < 0)
			return -1;
		if (more == 0 && reader->between)
			return reader->any ? 0 : fail(reader, "empty");
		if (more == 0)
			return fail(reader, "truncated gzip");
		if (reader->between && read_member(reader, &length)) {
			if (length > 0)
				return (long)length;
		} else if (inflate_piece(reader) < 0) {
			return -1;
		}
	}
	return MEMBER - (long)stream->avail_out;
}
