/* How a connection ends, and whose fault that is (RULES F1 to F6, F9), against
 * sockets of this process on loopback. Who sends an ICMP message needs a network:
 * tests/lab/test_error_origin. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/net/stream.h"
#include "scanner/net/tls.h"
#include "tests/unit/certificate_builder.h"

static struct world {
	struct ev_loop		*ev;
	int			 listener, accepted;
	uint16_t		 port;
	struct own_addresses	 own;
	struct stream		 stream;
	/* What the server does once it is connected to. */
	void			(*act)(void);
	enum stream_event	 end;
	bool			 has_connected;
	bool			 is_starved;	/* OpenSSL has no memory */
	struct tls		*tls;
	bool			 sends_at_once;	/* when TLS is there */
	ev_timer		 timer;		/* or later */
} world;

static void
on_event(struct stream *stream, enum stream_event event)
{
	if (event == STREAM_CONNECTED) {
		assert_int_equal(stream->fault.blame, BLAME_NOBODY);
		world.has_connected = true;
		if (world.act != NULL)
			world.act();
		return;
	}
	if (event == STREAM_BYTES)
		return;
	world.end = event;
	ev_break(stream->ev, EVBREAK_ALL);
}

static void
connect_from(const char *text, const char *source_text)
{
	struct address address, source;

	assert_true(address_from_text(text, strlen(text), &address));
	if (source_text != NULL)
		assert_true(address_from_text(source_text,
		    strlen(source_text), &source));
	world.has_connected = false;
	stream_connect(&world.stream, world.ev, &world.own, &address,
	    world.port, source_text != NULL ? &source : NULL, on_event);
}

/* Runs until the end, and compares it. */
static void
ends(enum stream_event event, enum blame blame, enum remedy remedy, int error)
{
	ev_run(world.ev, 0);
	assert_int_equal(world.end, event);
	assert_int_equal(world.stream.fault.blame, blame);
	assert_int_equal(world.stream.fault.remedy, remedy);
	assert_int_equal(world.stream.fault.error, error);
	assert_int_equal(world.stream.descriptor, -1);
	stream_fini(&world.stream);
}

static int
set_up(void **state)
{
	struct sockaddr_in name = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof name;

	(void)state;
	world = (struct world){ .accepted = -1 };
	world.ev = ev_loop_new(EVFLAG_NOENV);
	world.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(world.listener, (struct sockaddr *)&name,
	    sizeof name), 0);
	assert_int_equal(listen(world.listener, 8), 0);
	assert_int_equal(getsockname(world.listener,
	    (struct sockaddr *)&name, &length), 0);
	world.port = ntohs(name.sin_port);
	own_addresses_read(&world.own);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	if (world.listener >= 0)
		close(world.listener);
	own_addresses_fini(&world.own);
	ev_loop_destroy(world.ev);
	return 0;
}

/* The server ************************************************************** */

static void
accept_one(void)
{
	world.accepted = accept(world.listener, NULL, NULL);
	assert_true(world.accepted >= 0);
}

static void
close_orderly(void)
{
	accept_one();
	close(world.accepted);
}

static void
close_with_reset(void)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	accept_one();
	assert_int_equal(setsockopt(world.accepted, SOL_SOCKET, SO_LINGER,
	    &at_once, sizeof at_once), 0);
	close(world.accepted);
}

/* Once it is connected ***************************************************** */

static void
closed_is_not_for_the_stream_to_judge(void **state)
{
	(void)state;
	world.act = close_orderly;
	connect_from("127.0.0.1", NULL);
	ends(STREAM_CLOSED, BLAME_NOBODY, REMEDY_NONE, 0);
}

/* F5 */
static void
reset_is_theirs(void **state)
{
	(void)state;
	world.act = close_with_reset;
	connect_from("127.0.0.1", NULL);
	ends(STREAM_RESET, BLAME_THEIRS, REMEDY_NONE, ECONNRESET);
	assert_true(world.has_connected);
}

/* F5: the connection was made, although the loop did not see it. */
static void
reset_before_a_look_is_theirs(void **state)
{
	(void)state;
	connect_from("127.0.0.1", NULL);
	close_with_reset();
	ends(STREAM_RESET, BLAME_THEIRS, REMEDY_NONE, ECONNRESET);
	assert_false(world.has_connected);
	assert_true(world.stream.connected);
}

/* F5: the twin, where the server closes first (EPIPE). */
static void
reset_after_close_is_theirs(void **state)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	(void)state;
	connect_from("127.0.0.1", NULL);
	accept_one();
	assert_int_equal(shutdown(world.accepted, SHUT_WR), 0);
	assert_int_equal(setsockopt(world.accepted, SOL_SOCKET, SO_LINGER,
	    &at_once, sizeof at_once), 0);
	close(world.accepted);
	ends(STREAM_RESET, BLAME_THEIRS, REMEDY_NONE, EPIPE);
	assert_true(world.stream.connected);
}

/* While it connects ******************************************************** */

/* F6: a reset in answer to SYN */
static void
refused_is_suspected(void **state)
{
	(void)state;
	close(world.listener);
	world.listener = -1;
	connect_from("127.0.0.1", NULL);
	ends(STREAM_REFUSED, BLAME_SUSPECTED, REMEDY_NONE, ECONNREFUSED);
	assert_false(world.stream.connected);
}

/* F9: TCP has no broadcast, and nothing is sent. */
static void
unreachable_at_once_is_ours(void **state)
{
	(void)state;
	connect_from("255.255.255.255", NULL);
	ends(STREAM_UNREACHABLE, BLAME_OURS, REMEDY_BACK, ENETUNREACH);
}

/* F1, and its twin */
static void
source_address_that_is_gone_is_ours(void **state)
{
	(void)state;
	connect_from("127.0.0.1", "192.0.2.77");
	ends(STREAM_LOCAL_ERROR, BLAME_OURS, REMEDY_BACK, EADDRNOTAVAIL);
	world.act = close_orderly;
	connect_from("127.0.0.1", "127.0.0.1");
	ends(STREAM_CLOSED, BLAME_NOBODY, REMEDY_NONE, 0);
}

/* F2, and its twin */
static void
no_descriptor_is_ours(void **state)
{
	struct rlimit before, none;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	connect_from("127.0.0.1", NULL);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	ends(STREAM_LOCAL_ERROR, BLAME_OURS, REMEDY_FEWER, EMFILE);
	world.act = close_orderly;
	connect_from("127.0.0.1", NULL);
	ends(STREAM_CLOSED, BLAME_NOBODY, REMEDY_NONE, 0);
}

/* TLS ********************************************************************* */

static bool has_memory;

static void *
allocate(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return has_memory ? malloc(size) : NULL;
}

static void *
reallocate(void *memory, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return has_memory ? realloc(memory, size) : NULL;
}

static void
release(void *memory, const char *file, int line)
{
	(void)file;
	(void)line;
	free(memory);
}

static void
start_tls(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL *ssl = SSL_new(context);

	accept_one();
	SSL_set_connect_state(ssl);
	SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	SSL_CTX_free(context);
	has_memory = !world.is_starved;
	stream_start_tls(&world.stream, ssl);
	has_memory = true;
}

/* F2: OpenSSL has no memory. */
static void
no_memory_for_tls_is_ours(void **state)
{
	(void)state;
	world.act = start_tls;
	world.is_starved = true;
	connect_from("127.0.0.1", NULL);
	ends(STREAM_LOCAL_ERROR, BLAME_OURS, REMEDY_FEWER, ENOMEM);
	close(world.accepted);
}

static void
start_tls_with_garbage(void)
{
	start_tls();
	assert_int_equal(send(world.accepted, "garbage that is no TLS", 22, 0),
	    22);
}

/* The twin: the bytes are not TLS. The outcome decides (F15). */
static void
garbage_is_not_ours(void **state)
{
	(void)state;
	world.act = start_tls_with_garbage;
	connect_from("127.0.0.1", NULL);
	ends(STREAM_TLS_FAILED, BLAME_NOBODY, REMEDY_NONE, 0);
	close(world.accepted);
}

/* A handshake, then a line of the client and one of the server. The process ends
 * with 0 if all of it has happened. */
static pid_t
serve_tls(void)
{
	pid_t process = fork();
	SSL_CTX *context;
	SSL *ssl;
	X509 *leaf;
	EVP_PKEY *key = builder_key("P-256", 1);
	char line[6];

	if (process != 0)
		return process;
	accept_one();
	leaf = certificate_build(&(struct certificate_request){
	    .common_name = "server", .key = key }, NULL, NULL);
	context = SSL_CTX_new(TLS_server_method());
	SSL_CTX_use_certificate(context, leaf);
	SSL_CTX_use_PrivateKey(context, key);
	ssl = SSL_new(context);
	SSL_set_fd(ssl, world.accepted);
	_exit(SSL_accept(ssl) == 1 && SSL_read(ssl, line, 6) == 6 &&
	    SSL_write(ssl, "250\r\n", 5) == 5 ? 0 : 1);
}

static void
on_tls_event(struct stream *stream, enum stream_event event)
{
	if (event == STREAM_CONNECTED) {
		stream_start_tls(stream, tls_session(world.tls,
		    PROFILE_MODERN, "server.example"));
	} else if (event == STREAM_TLS) {
		if (world.sends_at_once)
			stream_send(stream, "EHLO\r\n", 6);
		else
			ev_timer_start(stream->ev, &world.timer);
	} else {
		world.end = event;
		ev_break(stream->ev, EVBREAK_ALL);
	}
}

static void
on_timer(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	(void)ev;
	(void)watcher;
	(void)revents;
	stream_send(&world.stream, "EHLO\r\n", 6);
}

/* How many segments with data a client sends until it has the reply to its first
 * line. */
static unsigned
segments_sent(bool sends_at_once)
{
	struct address address;
	struct tcp_info info;
	socklen_t length = sizeof info;
	char why[256];
	pid_t server;
	int status;

	world.tls = tls_new(why);
	assert_non_null(world.tls);
	world.sends_at_once = sends_at_once;
	ev_timer_init(&world.timer, on_timer, 0.05, 0);
	server = serve_tls();
	assert_true(server > 0);
	assert_true(address_from_text("127.0.0.1", 9, &address));
	stream_connect(&world.stream, world.ev, &world.own, &address,
	    world.port, NULL, on_tls_event);
	ev_run(world.ev, 0);
	assert_int_equal(world.end, STREAM_BYTES);
	assert_int_equal(getsockopt(world.stream.descriptor, IPPROTO_TCP,
	    TCP_INFO, &info, &length), 0);
	stream_fini(&world.stream);
	tls_free(world.tls);
	assert_int_equal(waitpid(server, &status, 0), server);
	assert_int_equal(status, 0);
	return info.tcpi_data_segs_out;
}

/* RFC 8446 4.4.4: data may follow Finished at once. ClientHello is the first
 * segment, and the line of SMTP is in the second. */
static void
first_line_goes_with_the_end_of_the_handshake(void **state)
{
	(void)state;
	assert_int_equal(segments_sent(true), 2);
}

/* The twin: the owner has nothing to say yet, and the handshake ends anyhow. */
static void
the_end_of_the_handshake_waits_for_no_line(void **state)
{
	(void)state;
	assert_int_equal(segments_sent(false), 3);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(closed_is_not_for_the_stream_to_judge),
		CASE(reset_is_theirs),
		CASE(reset_before_a_look_is_theirs),
		CASE(reset_after_close_is_theirs),
		CASE(refused_is_suspected),
		CASE(unreachable_at_once_is_ours),
		CASE(source_address_that_is_gone_is_ours),
		CASE(no_descriptor_is_ours),
		CASE(no_memory_for_tls_is_ours),
		CASE(garbage_is_not_ours),
		CASE(first_line_goes_with_the_end_of_the_handshake),
		CASE(the_end_of_the_handshake_waits_for_no_line),
	};

	/* Before OpenSSL has allocated anything. */
	has_memory = true;
	CRYPTO_set_mem_functions(allocate, reallocate, release);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
