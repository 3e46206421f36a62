#include "scanner/worker/policy/https.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parsers/name.h"
#include "scanner/base/memory.h"
#include "scanner/crypto/trust.h"
#include "scanner/net/icmp_error.h"
#include "scanner/net/tls.h"
#include "scanner/worker/conduct.h"
#include "scanner/worker/worker.h"

/* The most bytes of all header lines of a transfer. libcurl ends at a limit of
 * its own, which is higher, and whose code says only that reading failed. */
#define HEADERS_MAX	(256 * 1024)

struct https {
	struct worker	*worker;
	CURLM		*multi;
	ev_timer	 timer;		/* libcurl's */
	ev_timer	 later;		/* reports transfers that could not
					 * start */
	struct list	 unstarted;	/* transfers */
	struct list	 open;		/* transfers that have a socket */
	char		*user_agent;
	struct curl_slist *headers;	/* of every request */
};

/* A socket of libcurl. */
struct watched {
	ev_io		 io;
	struct https	*https;
	struct https_transfer *transfer;
};

/* One connection ********************************************************** */

static bool
from_sockaddr(const struct sockaddr *from, struct address *address)
{
	const void *any = from;

	*address = (struct address){ 0 };
	if (from->sa_family == AF_INET) {
		address->family = 4;
		memcpy(address->bytes, &((const struct sockaddr_in *)any)->
		    sin_addr, 4);
	} else if (from->sa_family == AF_INET6) {
		address->family = 6;
		memcpy(address->bytes, &((const struct sockaddr_in6 *)any)->
		    sin6_addr, 16);
	}
	return address->family != 0;
}

static bool
bind_source(const struct options *options, int descriptor, int family)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct address source;

	if (options->source_address == NULL || !address_from_text(
	    options->source_address, strlen(options->source_address),
	    &source) || (source.family == 4 ? AF_INET : AF_INET6) != family)
		return true;
	memcpy(&in.sin_addr, source.bytes, 4);
	memcpy(&in6.sin6_addr, source.bytes, 16);
	return source.family == 4
	    ? bind(descriptor, (struct sockaddr *)&in, sizeof in) == 0
	    : bind(descriptor, (struct sockaddr *)&in6, sizeof in6) == 0;
}

static void
keep_socket(struct https_transfer *transfer, int descriptor, int family)
{
	transfer->descriptor = descriptor;
	transfer->family = family;
	transfer->is_waiting = transfer->is_connected = false;
	transfer->origin = ERROR_OF_CALL;
	list_remove(&transfer->link);
	list_append(&transfer->https->open, &transfer->link);
	icmp_error_on(descriptor, family);
}

static void
forget_socket(struct https_transfer *transfer)
{
	transfer->descriptor = -1;
	list_remove(&transfer->link);
}

/* Once the connection is made, it survives ICMP messages. */
static void
look_for_connection(struct https_transfer *transfer, int descriptor)
{
	if (transfer->descriptor != descriptor || transfer->is_connected ||
	    !icmp_error_is_survived(descriptor))
		return;
	transfer->is_connected = true;
	icmp_error_off(descriptor, transfer->family);
}

/* RULES K1 (special-purpose addresses): libcurl connects to the address that
 * was checked, or not at all. */
static curl_socket_t
on_open_socket(void *tag, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct https_transfer *transfer = tag;
	const struct worker *worker = transfer->https->worker;
	struct address address;
	int descriptor;

	if (purpose != CURLSOCKTYPE_IPCXN ||
	    !from_sockaddr(&to->addr, &address) ||
	    address_compare(&address, &transfer->address) != 0 ||
	    conduct_class_of(worker, &address) != CLASS_PUBLIC) {
		transfer->is_local = true;
		return CURL_SOCKET_BAD;
	}
	descriptor = socket(to->family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (descriptor >= 0 && bind_source(worker->options, descriptor,
	    to->family)) {
		keep_socket(transfer, descriptor, to->family);
		return descriptor;
	}
	transfer->is_local = true;
	transfer->fault = fault_of_error(errno, descriptor >= 0
	    ? ERROR_OF_BIND : ERROR_OF_CALL, false);
	if (descriptor >= 0)
		close(descriptor);
	return CURL_SOCKET_BAD;
}

/* libcurl closes a socket as soon as its connect has failed, and has read
 * SO_ERROR before. What it has not waited for, connect() itself has returned. */
static int
on_close_socket(void *tag, curl_socket_t descriptor)
{
	struct https *https = tag;

	for (struct list *link = https->open.next; link != &https->open;
	    link = link->next) {
		struct https_transfer *transfer = list_entry(link,
		    struct https_transfer, link);
		long error = 0;

		if (transfer->descriptor != descriptor)
			continue;
		(void)curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO,
		    &error);
		if (transfer->is_waiting && !transfer->is_connected)
			transfer->origin = icmp_error_origin(descriptor,
			    (int)error, &https->worker->own_addresses);
		forget_socket(transfer);
		break;
	}
	return close(descriptor);
}

/* RFC 8461 3.3: the certificate needs a path to the store, valid dates, and a
 * dNSName that is the policy host. The common name never counts (RULES N7). */
static int
on_verify(X509_STORE_CTX *store, void *tag)
{
	struct https_transfer *transfer = tag;
	const struct certificate leaf = {
		.x509 = X509_STORE_CTX_get0_cert(store),
	};
	bool hostile = false;

	if (X509_verify_cert(store) != 1) {
		transfer->tls_error = X509_STORE_CTX_get_error(store);
		if (transfer->tls_error == X509_V_OK)
			transfer->tls_error = X509_V_ERR_UNSPECIFIED;
	} else if (!certificate_has_name(&leaf, transfer->host, false,
	    &hostile)) {
		transfer->tls_error = X509_V_ERR_HOSTNAME_MISMATCH;
		X509_STORE_CTX_set_error(store, transfer->tls_error);
	}
	return transfer->tls_error == X509_V_OK;
}

/* If a certificate cannot be decoded, the handshake ends before on_verify. */
static void
on_message(int is_sent, int version, int type, const void *bytes,
    size_t length, SSL *ssl, void *tag)
{
	struct https_transfer *transfer = tag;
	struct chain chain;

	(void)version;
	if (is_sent || type != SSL3_RT_HANDSHAKE || !chain_from_message(&chain,
	    bytes, length, SSL_version(ssl) == TLS1_3_VERSION))
		return;
	if (!chain_is_decoded(&chain))
		transfer->tls_error = CHAIN_UNDECODABLE;
	chain_fini(&chain);
}

static CURLcode
on_context(CURL *easy, void *context, void *tag)
{
	struct https_transfer *transfer = tag;

	(void)easy;
	return tls_context_verifies(context,
	    trust_store(transfer->https->worker->trust), on_verify, on_message,
	    transfer)
	    ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

/* Of any response but 200 only the status is used. */
static size_t
on_body(char *bytes, size_t size, size_t count, void *tag)
{
	struct https_transfer *transfer = tag;

	if (curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE,
	    &transfer->code) != CURLE_OK || transfer->code != 200)
		return 0;
	if (size * count > transfer->bytes_max - transfer->body.length) {
		transfer->is_over = true;
		return 0;
	}
	buffer_append(&transfer->body, bytes, size * count);
	return size * count;
}

static size_t
on_header(char *bytes, size_t size, size_t count, void *tag)
{
	struct https_transfer *transfer = tag;

	(void)bytes;
	if (size * count > HEADERS_MAX - transfer->header_bytes) {
		transfer->is_over = true;
		return 0;
	}
	transfer->header_bytes += size * count;
	return size * count;
}

/* The received bytes are also bounded before decoding: a compressed body can be
 * long and decode to nothing. */
static int
on_progress(void *tag, curl_off_t total, curl_off_t now, curl_off_t to_send,
    curl_off_t sent)
{
	struct https_transfer *transfer = tag;

	(void)total;
	(void)to_send;
	(void)sent;
	if (now > (curl_off_t)transfer->bytes_max)
		transfer->is_over = true;
	return transfer->is_over;
}

/* Setting up ************************************************************** */

/* TLS and HTTP still use the host of the URL. An entry of CURLOPT_RESOLVE would
 * be in a cache of the whole multi handle: it would stay for ever, or be gone
 * when it is needed, and the name would be resolved. */
static struct curl_slist *
connect_to(const struct address *address)
{
	char text[ADDRESS_TEXT_MAX], entry[ADDRESS_TEXT_MAX + 16];

	address_to_text(address, text);
	snprintf(entry, sizeof entry, address->family == 4 ? "::%s:" : "::[%s]:",
	    text);
	return curl_slist_append(NULL, entry);
}

static bool
set_conduct(CURL *easy, const struct https_transfer *transfer)
{
	const struct https *https = transfer->https;
	const struct options *options = https->worker->options;
	char url[NAME_TEXT_MAX + 64];
	long deadline = (long)transfer->deadline_ms;
	long connecting = deadline < (long)options->timeout_ms ? deadline
	    : (long)options->timeout_ms;

	snprintf(url, sizeof url, "https://%s%s", transfer->host,
	    transfer->path);
	return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https") ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_USERAGENT, https->user_agent) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connecting) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, deadline) == CURLE_OK;
}

/* A connection belongs to one name. Neither the connection nor its TLS session,
 * whose certificate was verified for that name, serves another name. */
static bool
set_connection(CURL *easy, struct https_transfer *transfer)
{
	return curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION,
	    on_open_socket) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION,
	    on_close_socket) == CURLE_OK &&
	    /* It may outlive the transfer. */
	    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA,
	    transfer->https) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_CAINFO, NULL) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
	    /* on_verify compares the name, as everywhere else for
	     * certificates. */
	    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_context) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, transfer) == CURLE_OK;
}

/* No coding of the content is asked for, and every one that libcurl knows is
 * decoded all the same (RFC 9110 12.5.3: a request without Accept-Encoding
 * leaves the choice to the server). */
static bool
set_body(CURL *easy, struct https_transfer *transfer)
{
	return curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "") ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_HTTPHEADER,
	    transfer->https->headers) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer) == CURLE_OK;
}

static bool
set_up(struct https_transfer *transfer, struct curl_slist *to)
{
	CURL *easy = transfer->easy;

	return easy != NULL && to != NULL && set_conduct(easy, transfer) &&
	    set_connection(easy, transfer) && set_body(easy, transfer) &&
	    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, to) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header) ==
	    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer) == CURLE_OK &&
	    curl_multi_add_handle(transfer->https->multi, easy) == CURLM_OK;
}

void
https_start(struct https *https, struct https_transfer *transfer)
{
	transfer->https = https;
	transfer->result = HTTPS_LOCAL_ERROR;
	transfer->fault = (struct fault){ 0 };
	transfer->descriptor = -1;
	list_init(&transfer->link);
	transfer->has_connected = transfer->is_plain_text = false;
	transfer->is_over = transfer->is_local = false;
	transfer->code = 0;
	transfer->header_bytes = 0;
	transfer->tls_error = X509_V_OK;
	transfer->body.length = 0;
	transfer->to = connect_to(&transfer->address);
	transfer->easy = curl_easy_init();
	if (set_up(transfer, transfer->to))
		return;
	transfer->fault = fault_of_error(ENOMEM, ERROR_OF_CALL, false);
	list_append(&https->unstarted, &transfer->link);
	if (!ev_is_active(&https->later))
		ev_timer_start(https->worker->ev, &https->later);
}

/* The end of a transfer *************************************************** */

static bool
is_plain_text(CURL *easy)
{
	static const char plain[] = "text/plain";
	const char *type = NULL;

	if (curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type) !=
	    CURLE_OK || type == NULL)
		return false;
	type += strspn(type, " \t");
	return strncasecmp(type, plain, sizeof plain - 1) == 0 &&
	    strchr("; \t", type[sizeof plain - 1]) != NULL;
}

/* RFC 9112 6.3: if there are several lengths, or one beside a transfer coding,
 * implementations differ in which one they use. libcurl uses the last. */
static bool
has_clear_length(CURL *easy)
{
	struct curl_header *length, *coding;

	if (curl_easy_header(easy, "Content-Length", 0, CURLH_HEADER, -1,
	    &length) != CURLHE_OK)
		return true;
	return length->amount == 1 && length->value[0] != '\0' &&
	    length->value[strspn(length->value, "0123456789")] == '\0' &&
	    curl_easy_header(easy, "Transfer-Encoding", 0, CURLH_HEADER, -1,
	    &coding) == CURLHE_MISSING;
}

/* What libcurl says of a header line that is longer than its own limit: up to
 * 8.5 that it has no memory. */
static bool
has_long_header(CURL *easy, CURLcode code)
{
	curl_off_t begun_us = 0;

#if LIBCURL_VERSION_NUM >= 0x080600
	if (code == CURLE_TOO_LARGE)
		return true;
#endif
	return code == CURLE_OUT_OF_MEMORY && curl_easy_getinfo(easy,
	    CURLINFO_STARTTRANSFER_TIME_T, &begun_us) == CURLE_OK &&
	    begun_us > 0;
}

/* libcurl takes bytes that are not HTTP for HTTP/0.9, which it refuses. Without
 * a connection the same code would be about the URL. */
static bool
is_no_http(const struct https_transfer *transfer, CURLcode code)
{
	return code == CURLE_WEIRD_SERVER_REPLY ||
	    (code == CURLE_UNSUPPORTED_PROTOCOL && transfer->has_connected);
}

static enum https_result
result_of(const struct https_transfer *transfer, CURLcode code)
{
	if (transfer->tls_error != X509_V_OK)
		return HTTPS_CERTIFICATE;
	if (is_no_http(transfer, code) ||
	    !has_clear_length(transfer->easy))
		return HTTPS_PROTOCOL;
	if (transfer->is_over || has_long_header(transfer->easy, code))
		return HTTPS_TOO_LARGE;
	if (code == CURLE_BAD_CONTENT_ENCODING && transfer->code == 200)
		return HTTPS_PROTOCOL;
	if (code == CURLE_OK || (transfer->code != 0 && transfer->code != 200))
		return HTTPS_RESPONSE;
	if (code == CURLE_OPERATION_TIMEDOUT)
		return HTTPS_TIMEOUT;
	if (transfer->is_local || code == CURLE_OUT_OF_MEMORY)
		return HTTPS_LOCAL_ERROR;
	return HTTPS_CONNECT;
}

/* RULES 12; what is no failure is nobody's. */
static struct fault
fault_of(const struct https_transfer *transfer, CURLcode code)
{
	long error = 0;

	switch (transfer->result) {
	case HTTPS_TIMEOUT:
		return fault_of_outcome(OUTCOME_TIMEOUT, PHASE_CONNECT);
	case HTTPS_LOCAL_ERROR:
		if (code == CURLE_OUT_OF_MEMORY)
			return fault_of_error(ENOMEM, ERROR_OF_CALL, false);
		return fault_worse(transfer->fault,
		    fault_of_outcome(OUTCOME_LOCAL_ERROR, PHASE_CONNECT));
	case HTTPS_CONNECT:
		break;
	default:
		return (struct fault){ 0 };
	}
	if (transfer->has_connected)
		return fault_of_outcome(OUTCOME_CLOSED, PHASE_HANDSHAKE);
	(void)curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &error);
	if (error <= 0)
		return fault_of_outcome(OUTCOME_UNREACHABLE, PHASE_CONNECT);
	return fault_of_error((int)error, transfer->origin, false);
}

static void
release(struct https_transfer *transfer)
{
	curl_easy_cleanup(transfer->easy);
	curl_slist_free_all(transfer->to);
	transfer->easy = NULL;
	transfer->to = NULL;
}

static void
finish(struct https_transfer *transfer, CURLcode code)
{
	CURL *easy = transfer->easy;
	curl_off_t connect_us = 0;

	(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &transfer->code);
	(void)curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connect_us);
	transfer->has_connected = connect_us > 0;
	transfer->is_plain_text = is_plain_text(easy);
	transfer->result = result_of(transfer, code);
	transfer->fault = fault_of(transfer, code);
	forget_socket(transfer);
	(void)curl_multi_remove_handle(transfer->https->multi, easy);
	release(transfer);
	transfer->done(transfer);	/* may free it */
}

static void
take_messages(struct https *https)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(https->multi, &left)) != NULL) {
		char *private = NULL;

		if (message->msg != CURLMSG_DONE || curl_easy_getinfo(
		    message->easy_handle, CURLINFO_PRIVATE, &private) !=
		    CURLE_OK || private == NULL)
			continue;
		finish((struct https_transfer *)(void *)private,
		    message->data.result);
	}
}

/* libcurl on libev ******************************************************** */

static void
on_ready(struct ev_loop *ev, ev_io *io, int revents)
{
	struct watched *watched = io->data;
	struct https *https = watched->https;
	int running, events = (revents & EV_READ ? CURL_CSELECT_IN : 0) |
	    (revents & EV_WRITE ? CURL_CSELECT_OUT : 0);

	(void)ev;
	/* libcurl may wait for a socket of no transfer, to close it. */
	if (watched->transfer != NULL) {
		look_for_connection(watched->transfer, io->fd);
		/* If this crashes, this transfer is the suspect. */
		worker_set_acting(https->worker, watched->transfer->slot);
	}
	(void)curl_multi_socket_action(https->multi, io->fd, events, &running);
	worker_set_acting(https->worker, 0);
	take_messages(https);
}

static int
on_socket(CURL *easy, curl_socket_t descriptor, int what, void *tag,
    void *socket_tag)
{
	struct https *https = tag;
	struct watched *watched = socket_tag;
	char *private = NULL;

	if (watched != NULL)
		ev_io_stop(https->worker->ev, &watched->io);
	if (what == CURL_POLL_REMOVE) {
		(void)curl_multi_assign(https->multi, descriptor, NULL);
		free(watched);
		return 0;
	}
	if (curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private) != CURLE_OK)
		return -1;
	if (watched == NULL) {
		watched = xcalloc(1, sizeof *watched);
		watched->https = https;
		ev_init(&watched->io, on_ready);
		watched->io.data = watched;
		(void)curl_multi_assign(https->multi, descriptor, watched);
	}
	watched->transfer = (struct https_transfer *)(void *)private;
	if (watched->transfer != NULL)
		watched->transfer->is_waiting = true;
	ev_io_set(&watched->io, descriptor,
	    (what & CURL_POLL_IN ? EV_READ : 0) |
	    (what & CURL_POLL_OUT ? EV_WRITE : 0));
	ev_io_start(https->worker->ev, &watched->io);
	return 0;
}

static int
on_timer_wanted(CURLM *multi, long milliseconds, void *tag)
{
	struct https *https = tag;

	(void)multi;
	ev_timer_stop(https->worker->ev, &https->timer);
	if (milliseconds < 0)
		return 0;
	ev_timer_set(&https->timer, (double)milliseconds / 1000, 0);
	ev_timer_start(https->worker->ev, &https->timer);
	return 0;
}

static void
on_timer(struct ev_loop *ev, ev_timer *timer, int revents)
{
	struct https *https = timer->data;
	int running;

	(void)ev;
	(void)revents;
	(void)curl_multi_socket_action(https->multi, CURL_SOCKET_TIMEOUT, 0,
	    &running);
	take_messages(https);
}

static void
on_later(struct ev_loop *ev, ev_timer *timer, int revents)
{
	struct https *https = timer->data;
	struct list unstarted;

	(void)ev;
	(void)revents;
	list_init(&unstarted);
	while (!list_is_empty(&https->unstarted))
		list_append(&unstarted, list_take(&https->unstarted));
	while (!list_is_empty(&unstarted)) {
		struct https_transfer *transfer = list_entry(
		    list_take(&unstarted), struct https_transfer, link);

		release(transfer);
		transfer->done(transfer);
	}
}

struct https *
https_new(struct worker *worker, char why[256])
{
	const char *contact = worker->options->contact;
	struct https *https = xcalloc(1, sizeof *https);

	https->worker = worker;
	https->user_agent = xasprintf("mxcensus (+%s)",
	    contact != NULL ? contact : worker->options->ehlo);
	list_init(&https->unstarted);
	list_init(&https->open);
	ev_init(&https->timer, on_timer);
	ev_timer_init(&https->later, on_later, 0, 0);
	https->timer.data = https->later.data = https;
	/* Otherwise libcurl would open a file at the first handshake. */
	(void)unsetenv("SSLKEYLOGFILE");
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		https->multi = curl_multi_init();
	https->headers = curl_slist_append(NULL, "Accept-Encoding:");
	if (https->multi == NULL || https->headers == NULL ||
	    curl_multi_setopt(https->multi, CURLMOPT_SOCKETFUNCTION,
	    on_socket) != CURLM_OK ||
	    curl_multi_setopt(https->multi, CURLMOPT_SOCKETDATA, https) !=
	    CURLM_OK ||
	    curl_multi_setopt(https->multi, CURLMOPT_TIMERFUNCTION,
	    on_timer_wanted) != CURLM_OK ||
	    curl_multi_setopt(https->multi, CURLMOPT_TIMERDATA, https) !=
	    CURLM_OK) {
		snprintf(why, 256, "libcurl cannot be initialised");
		https_free(https);
		return NULL;
	}
	return https;
}

void
https_free(struct https *https)
{
	if (https == NULL)
		return;
	ev_timer_stop(https->worker->ev, &https->timer);
	ev_timer_stop(https->worker->ev, &https->later);
	if (https->multi != NULL)
		(void)curl_multi_cleanup(https->multi);
	curl_slist_free_all(https->headers);
	curl_global_cleanup();
	free(https->user_agent);
	free(https);
}
