/*
 * fakens_log: logs the questions to fakens. Each line is appended to a file
 * with one write.
 *
 *	second time= address= asked= answered= dropped=
 *
 * is written each second for each address, or network, that had something to
 * count in it, and at the end. A question is counted when it comes, and once
 * more when it was answered or dropped, which may be later. If the table
 * demands it, each question has a line when it comes:
 *
 *	question time= address= transport= name= type= does=
 *
 * `does` is the action that decided, `relay`, `zone`, `book`, `rate` or
 * `malformed`. A question that a book has no answer for is `unlisted`; it has a
 * line in any case.
 */
#include "fakens.h"

#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void __attribute__((format(printf, 2, 3)))
write_line(int file, const char *format, ...)
{
	char line[512];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= sizeof line ||
	    write(file, line, (size_t)length) != length)
		err(74, "log");
}

static void
log_server(struct server *server)
{
	if (server->asked + server->answered + server->dropped == 0)
		return;
	write_line(server->fakens->log, "second time=%.3f address=%s asked=%lu "
	    "answered=%lu dropped=%lu\n", ev_time(), server->text,
	    server->asked, server->answered, server->dropped);
	server->asked = server->answered = server->dropped = 0;
}

void
log_second(struct fakens *fakens)
{
	for (struct server *server = fakens->servers; server != NULL;
	    server = server->next)
		log_server(server);
	for (struct network *network = fakens->networks; network != NULL;
	    network = network->next)
		log_server(&network->server);
}

void
log_question(const struct server *server, const struct query *query,
    enum transport transport, const char *what)
{
	char name[256], type[16];

	if (!server->fakens->logs_questions && strcmp(what, "unlisted") != 0)
		return;
	name_print(&query->name, name, sizeof name);
	write_line(server->fakens->log, "question time=%.3f address=%s "
	    "transport=%s name=%s type=%s does=%s\n", ev_time(), server->text,
	    transport == UDP ? "udp" : "tcp", name,
	    type_print(query->type, type, sizeof type), what);
}
