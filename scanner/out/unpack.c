#include "scanner/out/unpack.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "scanner/base/memory.h"

#define RAW_BYTES	(64 * 1024)
#define PLAIN_BYTES	(256 * 1024)

struct unpack {
	int		 descriptor;
	void		*tag;
	void		(*on_raw)(void *, const void *, size_t);
	enum { UNKNOWN, PLAIN, GZIP } kind;
	z_stream	 stream;
	bool		 in_member;
	uint64_t	 offset;
	char		 why[128];
	uint8_t		 raw[RAW_BYTES];
	char		 plain[PLAIN_BYTES];
};

struct unpack *
unpack_new(int descriptor, void *tag,
    void (*on_raw)(void *tag, const void *bytes, size_t length))
{
	struct unpack *unpack = xcalloc(1, sizeof *unpack);

	unpack->descriptor = descriptor;
	unpack->tag = tag;
	unpack->on_raw = on_raw;
	/* Takes only a gzip wrapper. */
	if (inflateInit2(&unpack->stream, 15 + 16) != Z_OK)
		abort();
	return unpack;
}

void
unpack_free(struct unpack *unpack)
{
	if (unpack == NULL)
		return;
	inflateEnd(&unpack->stream);
	free(unpack);
}

const char *
unpack_why(const struct unpack *unpack)
{
	return unpack->why;
}

bool
unpack_is_gzip(const struct unpack *unpack)
{
	return unpack->kind == GZIP;
}

static long
fail(struct unpack *unpack, const char *what)
{
	snprintf(unpack->why, sizeof unpack->why, "%s at byte %" PRIu64, what,
	    unpack->offset - unpack->stream.avail_in);
	return -1;
}

/* Reads more raw bytes after the present ones. Returns how many; 0 at the end;
 * -1. */
static long
fill(struct unpack *unpack)
{
	size_t have = unpack->stream.avail_in;
	ssize_t length;

	if (have > 0 && unpack->stream.next_in != unpack->raw)
		memmove(unpack->raw, unpack->stream.next_in, have);
	unpack->stream.next_in = unpack->raw;
	do
		length = read(unpack->descriptor, unpack->raw + have,
		    RAW_BYTES - have);
	while (length < 0 && errno == EINTR);
	if (length < 0) {
		snprintf(unpack->why, sizeof unpack->why, "%s",
		    strerror(errno));
		return -1;
	}
	if (unpack->on_raw != NULL && length > 0)
		unpack->on_raw(unpack->tag, unpack->raw + have,
		    (size_t)length);
	unpack->offset += (uint64_t)length;
	unpack->stream.avail_in += (uInt)length;
	return length;
}

/* RFC 1952 2.3.1: a member begins with 1f 8b. A pipe can deliver the first byte
 * alone. */
static bool
tell_kind(struct unpack *unpack)
{
	long more = 1;

	while (unpack->stream.avail_in < 2 && more > 0)
		more = fill(unpack);
	if (more < 0)
		return false;
	unpack->kind = unpack->stream.avail_in >= 2 &&
	    unpack->raw[0] == 0x1f && unpack->raw[1] == 0x8b ? GZIP : PLAIN;
	return true;
}

static long
read_plain(struct unpack *unpack, const char **bytes)
{
	long length = unpack->stream.avail_in;

	if (length == 0)
		length = fill(unpack);
	*bytes = (const char *)unpack->raw;
	unpack->stream.avail_in = 0;
	return length;
}

static long
read_gzip(struct unpack *unpack, const char **bytes)
{
	z_stream *stream = &unpack->stream;

	*bytes = unpack->plain;
	stream->next_out = (Bytef *)unpack->plain;
	stream->avail_out = PLAIN_BYTES;
	while (stream->avail_out > 0) {
		long more = stream->avail_in > 0 ? 1 : fill(unpack);
		int result;

		if (more <= 0 && stream->avail_out < PLAIN_BYTES)
			break;	/* returns what there is first; then says why */
		if (more < 0)
			return -1;
		if (more == 0)
			return unpack->in_member
			    ? fail(unpack, "truncated gzip") : 0;
		if (!unpack->in_member && inflateReset(stream) != Z_OK)
			abort();
		unpack->in_member = true;
		result = inflate(stream, Z_NO_FLUSH);
		if (result == Z_STREAM_END)
			unpack->in_member = false;
		else if (result != Z_OK && result != Z_BUF_ERROR)
			return stream->avail_out < PLAIN_BYTES
			    ? PLAIN_BYTES - (long)stream->avail_out
			    : fail(unpack, "broken gzip");
	}
	return PLAIN_BYTES - (long)stream->avail_out;
}

long
unpack_read(struct unpack *unpack, const char **bytes)
{
	if (unpack->kind == UNKNOWN && !tell_kind(unpack))
		return -1;
	return unpack->kind == GZIP ? read_gzip(unpack, bytes)
				    : read_plain(unpack, bytes);
}
