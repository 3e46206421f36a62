#include "scanner/net/stream.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/net/icmp_error.h"
#include "scanner/net/stream_bio.h"

#define READ_BYTES	(16 * 1024)

static void
tell_end(struct stream *stream, enum stream_event event)
{
	stream_close(stream);
	stream->on_event(stream, event);
}

/* This runs inside a call of the owner, so the event waits for the loop. */
static void
tell_later(struct stream *stream, enum stream_event event)
{
	stream->pending = event;
	if (!ev_is_active(&stream->later))
		ev_timer_start(stream->ev, &stream->later);
}

static void
on_later(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct stream *stream = watcher->data;

	(void)ev;
	(void)revents;
	if (stream->pending == STREAM_BYTES)
		stream->on_event(stream, STREAM_BYTES);
	else
		tell_end(stream, stream->pending);
}

static enum stream_event
event_of_error(const struct stream *stream, int error)
{
	switch (error) {
	case ECONNREFUSED:
		return stream->connected ? STREAM_RESET : STREAM_REFUSED;
	case ETIMEDOUT:
		return stream->connected ? STREAM_RESET
					 : STREAM_CONNECT_TIMEOUT;
	case ENETUNREACH:
	case EHOSTUNREACH:
	case EHOSTDOWN:
	case ENETDOWN:
	case EACCES:		/* a prohibiting route, or a local filter */
	case EPERM:
	case ENOPROTOOPT:
	case EPROTO:
	case ENONET:		/* ICMP: host isolated, source route failed */
	case EOPNOTSUPP:
		return stream->connected ? STREAM_RESET : STREAM_UNREACHABLE;
	case ECONNRESET:
	case EPIPE:
	case ECONNABORTED:
		return STREAM_RESET;
	default:
		return STREAM_LOCAL_ERROR;
	}
}

/* Returns the end that this errno means, and sets whose fault it is. */
static enum stream_event
end_of_error(struct stream *stream, int error, enum error_origin origin)
{
	stream->fault = fault_of_error(error, origin, stream->connected);
	return event_of_error(stream, error);
}

/* Does the same for an error that no call returned: it came from the network,
 * or from a kernel timer. */
static enum stream_event
end_of_late_error(struct stream *stream, int error)
{
	return end_of_error(stream, error, icmp_error_origin(
	    stream->descriptor, error, stream->own));
}

/* A fault of our own that has no errno. */
static enum stream_event
end_of_local_error(struct stream *stream)
{
	stream->fault = fault_of_outcome(OUTCOME_LOCAL_ERROR, PHASE_DONE);
	return STREAM_LOCAL_ERROR;
}

/* Returns the end of a failed TLS operation. Neither OpenSSL's lack of memory
 * nor its size limit for a message is a finding about the peer. */
static enum stream_event
end_of_tls(struct stream *stream)
{
	enum stream_event event = STREAM_TLS_FAILED;
	unsigned long error;

	while ((error = ERR_get_error()) != 0) {
		if (ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE) {
			ERR_clear_error();
			return end_of_error(stream, ENOMEM, ERROR_OF_CALL);
		}
		if (ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error)
		    == SSL_R_EXCESSIVE_MESSAGE_SIZE)
			event = STREAM_TLS_TOO_LARGE;
	}
	return event;
}

/* Writes what is buffered; returns false (with errno) if the connection is
 * gone. */
static bool
flush(struct stream *stream)
{
	while (stream->out.length > 0) {
		ssize_t sent = send(stream->descriptor, stream->out.bytes,
		    stream->out.length, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN)
			break;
		if (sent < 0)
			return false;
		buffer_consume(&stream->out, (size_t)sent);
	}
	if (stream->out.length > 0)
		ev_io_start(stream->ev, &stream->writer);
	else
		ev_io_stop(stream->ev, &stream->writer);
	return true;
}

/* One step of the handshake. */
static enum stream_event
step_handshake(struct stream *stream)
{
	int result, error;

	ERR_clear_error();
	result = SSL_do_handshake(stream->ssl);
	error = SSL_get_error(stream->ssl, result);
	if (result == 1) {
		stream->in_handshake = false;
		return STREAM_TLS;
	}
	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		return STREAM_BYTES;
	return end_of_tls(stream);
}

/* Moves decrypted bytes into `in`. */
static enum stream_event
read_tls(struct stream *stream)
{
	int length;

	do {
		ERR_clear_error();
		length = SSL_read(stream->ssl,
		    buffer_reserve(&stream->in, READ_BYTES), READ_BYTES);
		if (length > 0)
			stream->in.length += (size_t)length;
	} while (length > 0 && stream->in.length < STREAM_IN_MAX);
	if (length > 0)
		return STREAM_BYTES;
	switch (SSL_get_error(stream->ssl, length)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return STREAM_BYTES;
	case SSL_ERROR_ZERO_RETURN:
		return STREAM_CLOSED;
	default:
		return end_of_tls(stream);
	}
}

static bool
is_end(enum stream_event event)
{
	return event >= STREAM_CLOSED;
}

/* Handles bytes from the wire. After an event it returns without touching the
 * stream. */
static void
take(struct stream *stream, const uint8_t *bytes, size_t length)
{
	enum stream_event event;
	size_t before = stream->in.length;

	stream->received_bytes += length;
	if (stream->ssl == NULL) {
		buffer_append(&stream->in, bytes, length);
		stream->on_event(stream, STREAM_BYTES);
		return;
	}
	stream_bio_offer(stream, bytes, length);
	event = stream->in_handshake ? step_handshake(stream)
				     : read_tls(stream);
	/* Application data may follow the last handshake message at once. */
	if (event == STREAM_TLS) {
		enum stream_event more = read_tls(stream);

		if (more != STREAM_BYTES)
			tell_later(stream, more);
		else if (stream->in.length > before)
			tell_later(stream, STREAM_BYTES);
	}
	stream_bio_settle(stream);
	/* The last flight of the handshake goes out together with what the
	 * owner sends at once, or alone if the owner sends nothing. */
	if (event == STREAM_TLS && stream->out.length > 0) {
		ev_io_start(stream->ev, &stream->writer);
	} else if (!flush(stream) && (!is_end(event) ||
	    event == STREAM_CLOSED)) {
		tell_end(stream, end_of_error(stream, errno, ERROR_OF_CALL));
		return;
	}
	if (is_end(event)) {
		if (stream->in.length == before) {
			tell_end(stream, event);
			return;
		}
		tell_later(stream, event);
	}
	if (event == STREAM_TLS || stream->in.length > before)
		stream->on_event(stream, event == STREAM_TLS ? STREAM_TLS
							     : STREAM_BYTES);
}

static void
on_readable(struct ev_loop *ev, ev_io *watcher, int revents)
{
	struct stream *stream = watcher->data;
	uint8_t bytes[READ_BYTES];
	ssize_t length;

	(void)ev;
	(void)revents;
	if (stream->in.length >= STREAM_IN_MAX) {
		/* The owner should have consumed what it has. */
		tell_end(stream, end_of_local_error(stream));
		return;
	}
	length = recv(stream->descriptor, bytes, sizeof bytes, 0);
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length < 0)
		tell_end(stream, end_of_late_error(stream, errno));
	else if (length == 0)
		tell_end(stream, STREAM_CLOSED);
	else
		take(stream, bytes, (size_t)length);
}

/* The connection was not made, or is gone before we looked. */
static void
on_failed_connect(struct stream *stream)
{
	int error = 0;
	socklen_t size = sizeof error;

	if (getsockopt(stream->descriptor, SOL_SOCKET, SO_ERROR, &error,
	    &size) != 0)
		error = errno;
	if (error == 0)
		error = ENOTCONN;
	/* A reset before the connection is made is a refusal; this one was made
	 * (RFC 9293 3.10.7.3). With EPIPE the peer had also closed it. */
	stream->connected = error == ECONNRESET || error == EPIPE;
	tell_end(stream, end_of_late_error(stream, error));
}

static void
on_writable(struct ev_loop *ev, ev_io *watcher, int revents)
{
	struct stream *stream = watcher->data;

	(void)ev;
	(void)revents;
	if (stream->connected) {
		if (!flush(stream))
			tell_end(stream, end_of_error(stream, errno,
			    ERROR_OF_CALL));
		return;
	}
	ev_io_stop(stream->ev, &stream->writer);
	if (!icmp_error_is_survived(stream->descriptor)) {
		on_failed_connect(stream);
		return;
	}
	icmp_error_off(stream->descriptor, stream->family);
	stream->connected = true;
	ev_io_start(stream->ev, &stream->reader);
	stream->on_event(stream, STREAM_CONNECTED);
}

static socklen_t
to_sockaddr(const struct address *address, uint16_t port,
    struct sockaddr_storage *to)
{
	memset(to, 0, sizeof *to);
	if (address->family == 4) {
		struct sockaddr_in *in = (struct sockaddr_in *)(void *)to;

		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		memcpy(&in->sin_addr, address->bytes, 4);
		return sizeof *in;
	}
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)to;

	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port);
	memcpy(&in6->sin6_addr, address->bytes, 16);
	return sizeof *in6;
}

/* STREAM_BYTES while it connects, or the end. */
static enum stream_event
open_socket(struct stream *stream, const struct address *address,
    uint16_t port, const struct address *source)
{
	struct sockaddr_storage peer, own;
	socklen_t length = to_sockaddr(address, port, &peer);

	stream->family = peer.ss_family;
	stream->descriptor = socket(peer.ss_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (stream->descriptor < 0) {
		(void)end_of_error(stream, errno, ERROR_OF_CALL);
		return STREAM_LOCAL_ERROR;
	}
	if (source != NULL && bind(stream->descriptor,
	    (struct sockaddr *)&own, to_sockaddr(source, 0, &own)) != 0) {
		(void)end_of_error(stream, errno, ERROR_OF_BIND);
		return STREAM_LOCAL_ERROR;
	}
	icmp_error_on(stream->descriptor, stream->family);
	if (connect(stream->descriptor, (struct sockaddr *)&peer, length) != 0 &&
	    errno != EINPROGRESS)
		return end_of_error(stream, errno, ERROR_OF_CALL);
	return STREAM_BYTES;
}

void
stream_connect(struct stream *stream, struct ev_loop *ev,
    const struct own_addresses *own, const struct address *address,
    uint16_t port, const struct address *source,
    void (*on_event)(struct stream *, enum stream_event))
{
	enum stream_event event;

	*stream = (struct stream){
		.ev = ev, .descriptor = -1, .own = own, .on_event = on_event,
	};
	ev_timer_init(&stream->later, on_later, 0, 0);
	ev_init(&stream->reader, on_readable);
	ev_init(&stream->writer, on_writable);
	stream->later.data = stream->reader.data = stream->writer.data = stream;
	event = open_socket(stream, address, port, source);
	if (is_end(event)) {
		tell_later(stream, event);
		return;
	}
	ev_io_set(&stream->reader, stream->descriptor, EV_READ);
	ev_io_set(&stream->writer, stream->descriptor, EV_WRITE);
	ev_io_start(stream->ev, &stream->writer);
}

void
stream_send(struct stream *stream, const void *bytes, size_t length)
{
	assert(!stream->in_handshake);
	if (stream->descriptor < 0)
		return;
	if (stream->ssl == NULL) {
		buffer_append(&stream->out, bytes, length);
	} else {
		ERR_clear_error();
		if (SSL_write(stream->ssl, bytes, (int)length) <= 0) {
			tell_later(stream, end_of_tls(stream));
			return;
		}
	}
	if (!flush(stream))
		tell_later(stream, end_of_error(stream, errno, ERROR_OF_CALL));
}

bool
stream_has_plaintext(struct stream *stream)
{
	uint8_t byte;

	return stream->in.length > 0 || recv(stream->descriptor, &byte, 1,
	    MSG_PEEK | MSG_DONTWAIT) > 0;
}

void
stream_start_tls(struct stream *stream, SSL *ssl)
{
	BIO *bio = stream_bio_new(stream);
	enum stream_event event;

	assert(stream->ssl == NULL);
	stream->ssl = ssl;
	stream->in_handshake = true;
	if (bio == NULL) {
		tell_later(stream, end_of_error(stream, ENOMEM,
		    ERROR_OF_CALL));
		return;
	}
	SSL_set_bio(ssl, bio, bio);
	event = step_handshake(stream);
	if (event != STREAM_BYTES)
		tell_later(stream, is_end(event) ? event : STREAM_TLS_FAILED);
	else if (!flush(stream))
		tell_later(stream, end_of_error(stream, errno, ERROR_OF_CALL));
}

void
stream_close(struct stream *stream)
{
	if (stream->ev != NULL) {
		ev_io_stop(stream->ev, &stream->reader);
		ev_io_stop(stream->ev, &stream->writer);
		ev_timer_stop(stream->ev, &stream->later);
	}
	if (stream->descriptor < 0)
		return;
	if (stream->ssl != NULL && !stream->in_handshake) {
		ERR_clear_error();
		if (SSL_shutdown(stream->ssl) >= 0) {
			(void)flush(stream);
			ev_io_stop(stream->ev, &stream->writer);
		}
		ERR_clear_error();
	}
	close(stream->descriptor);
	stream->descriptor = -1;
}

void
stream_fini(struct stream *stream)
{
	stream_close(stream);
	SSL_free(stream->ssl);
	stream->ssl = NULL;
	buffer_fini(&stream->in);
	buffer_fini(&stream->out);
	buffer_fini(&stream->left);
}
