/*
 * fakemx_log: logs the sessions of fakemx. Each event is a line that is
 * appended to a file with one write, so the log is complete at any moment.
 *
 *	open time= session= address= client= at_address= at_network=
 *	end time= session= address= sni= reached= how= tls= commands= ehlo= ms=
 *	forbidden time= session= address= line=
 *
 * Each connection has one line of `open` and, when it is over, one of `end`.
 * at_address and at_network count the sessions there with this one. `how` says
 * who ended it: client, server, reset, tls_failed, too_long.
 */
#include "fakemx.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <err.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static void __attribute__((format(printf, 3, 4)))
write_line(const struct session *session, const char *event, const char *format,
    ...)
{
	char line[1024], rest[900];
	va_list arguments;
	int length;

	va_start(arguments, format);
	(void)vsnprintf(rest, sizeof rest, format, arguments);
	va_end(arguments);
	length = snprintf(line, sizeof line,
	    "%s time=%.3f session=%lu address=%s %s\n", event, ev_time(),
	    session->number, session->server->text, rest);
	if (length < 0 || (size_t)length >= sizeof line ||
	    write(session->server->fakemx->log, line, (size_t)length) != length)
		err(74, "log");
}

/* A client that has hung up is not at the address any more, though we may not
 * have read that far. */
static bool
has_hung_up(const struct session *session)
{
	struct tcp_info info;
	socklen_t size = sizeof info;

	return getsockopt(session->fd, IPPROTO_TCP, TCP_INFO, &info, &size) ==
	    0 && info.tcpi_state != TCP_ESTABLISHED;
}

static unsigned
count_sessions(const struct server *server)
{
	unsigned count = 0;

	for (const struct session *session = server->sessions; session != NULL;
	    session = session->older)
		count += !has_hung_up(session);
	return count;
}

/* Where the client comes from; "-" if it has gone already. */
static const char *
client_of(const struct session *session, char text[NI_MAXHOST])
{
	struct sockaddr_storage address;
	socklen_t length = sizeof address;

	if (getpeername(session->fd, (struct sockaddr *)&address, &length) !=
	    0 || getnameinfo((const struct sockaddr *)&address, length, text,
	    NI_MAXHOST, NULL, 0, NI_NUMERICHOST) != 0)
		return "-";
	return text;
}

void
log_open(const struct session *session)
{
	const struct server *server = session->server;
	unsigned at_network = 0;
	char client[NI_MAXHOST];

	for (const struct server *other = server->fakemx->servers;
	    other != NULL; other = other->next)
		if (other->network == server->network)
			at_network += count_sessions(other);
	write_line(session, "open", "client=%s at_address=%u at_network=%u",
	    client_of(session, client), count_sessions(server), at_network);
}

/* Printable and without the blank and quote that would end a value. */
static const char *
plain(const char *text, char *buffer, size_t size)
{
	size_t i;

	for (i = 0; text[i] != '\0' && i + 1 < size; i++)
		buffer[i] = text[i] > ' ' && text[i] < 0x7f ? text[i] : '?';
	buffer[i] = '\0';
	return i == 0 ? "-" : buffer;
}

void
log_end(const struct session *session, const char *how)
{
	const SSL *ssl = session->ssl;
	const char *sni = ssl == NULL ? NULL : SSL_get_servername(ssl,
	    TLSEXT_NAMETYPE_host_name);
	char name[256], ehlo[80];

	write_line(session, "end",
	    "sni=%s reached=%s how=%s tls=%s commands=%s ehlo=%s ms=%.0f",
	    sni == NULL ? "-" : plain(sni, name, sizeof name),
	    session->reached, how, ssl != NULL && SSL_is_init_finished(ssl)
	    ? SSL_get_version(ssl) : "-",
	    session->commands[0] == '\0' ? "-" : session->commands,
	    plain(session->ehlo, ehlo, sizeof ehlo),
	    (ev_time() - session->started) * 1000);
}

void
log_forbidden(const struct session *session, const char *text)
{
	char buffer[80];

	write_line(session, "forbidden", "line=%s",
	    plain(text, buffer, sizeof buffer));
}
