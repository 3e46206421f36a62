/*
 * fakemx: mail servers that misbehave on purpose.
 *
 * One process is thousands of SMTP servers, each at an address of its own. What
 * a server does is data: a table says, for each address, which behaviour it has
 * and which certificate chain it shows to which server name; a behaviour is a
 * short script for each phase of the dialogue.
 *
 *	chain NAME FILE [not_before=TAG:TEXT]
 *				private key, leaf, further certificates, as PEM;
 *				the leaf is shown with this start of its
 *				validity, of an ASN.1 type, and signed as it was
 *	behaviour NAME		the lines that follow, up to the next one, are its
 *	 tls min=1.0 max=1.2 ciphers=LIST groups=LIST ask_certificate
 *	     require_certificate
 *	 deaf			SYN packets are not answered
 *	 on PHASE STEP [ARGUMENT...]
 *	 odd PHASE STEP [ARGUMENT...]	the phase of every other session at an
 *				address, from the first one on
 *	address IP BEHAVIOUR CHAIN [NAME=CHAIN...]
 *
 * Phases: greeting, ehlo, helo, starttls, hello (the first bytes of a TLS
 * handshake have come in and nobody has read them), tls (the handshake is done),
 * ehlo_tls, quit, other (any other command). Steps of a phase run one after the
 * other:
 *
 *	say "TEXT"	the text and CRLF, in one write
 *	raw "TEXT"	the text
 *	repeat N "TEXT"	the text N times, in one write
 *	drip MS		what follows is sent a byte each MS milliseconds
 *	wait MS
 *	tls		a handshake begins; what was received before is dropped
 *	close		FIN, after what was said
 *	reset		RST
 *	hang		nothing is said or understood any more
 *
 * A text has the escapes \r \n \t \\ \" \xHH. A chain "-" is none: the
 * handshake fails with an alert. An address that the table does not hold has no
 * listener: the kernel refuses the connection.
 *
 * The log (fakemx_log.c) is complete at any moment.
 */
#ifndef FAKEMX_H
#define FAKEMX_H

#include <ev.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum phase {
	PHASE_GREETING, PHASE_EHLO, PHASE_HELO, PHASE_STARTTLS, PHASE_HELLO,
	PHASE_TLS, PHASE_EHLO_TLS, PHASE_QUIT, PHASE_OTHER, PHASE_COUNT,
};

extern const char *const phase_names[PHASE_COUNT];

enum step_kind {
	STEP_SAY, STEP_RAW, STEP_REPEAT, STEP_DRIP, STEP_WAIT, STEP_TLS,
	STEP_CLOSE, STEP_RESET, STEP_HANG, STEP_COUNT,
};

struct step {
	enum step_kind	 kind;
	long		 number;	/* milliseconds, or times */
	char		*text;		/* owned */
	size_t		 length;
};

struct script {
	struct step	*steps;		/* owned */
	size_t		 count;
};

struct chain {
	struct chain	*next;
	char		*name;
	EVP_PKEY	*key;
	X509		*leaf;
	STACK_OF(X509)	*rest;
};

struct behaviour {
	struct behaviour *next;
	char		*name;
	struct script	 scripts[PHASE_COUNT], odd[PHASE_COUNT];
	int		 tls_min, tls_max;	/* 0: no limit */
	char		*ciphers, *groups;	/* owned; NULL: OpenSSL's */
	bool		 asks_certificate, requires_certificate;
	bool		 is_deaf;
	SSL_CTX		*tls;
};

/* The chain shown to a client that asks for this name. */
struct named_chain {
	char		*name;
	struct chain	*chain;		/* NULL: none */
};

/* A /24 or /48, to count the sessions in it. */
struct network {
	struct network	*next;
	int		 family;
	uint8_t		 bytes[6];
};

struct server {
	struct server	*next;
	struct fakemx	*fakemx;
	struct sockaddr_storage address;
	socklen_t	 address_length;
	char		 text[INET6_ADDRSTRLEN];
	struct behaviour *behaviour;
	struct chain	*chain;		/* for any other name, or none */
	struct named_chain *named;	/* owned */
	size_t		 named_count;
	struct network	*network;
	struct session	*sessions;	/* newest first */
	unsigned long	 session_count;
	ev_io		 incoming;
};

struct fakemx {
	struct ev_loop	*ev;
	struct chain	*chains;
	struct behaviour *behaviours;
	struct server	*servers;
	struct network	*networks;
	unsigned long	 session_count;
	int		 log;
};

struct session {
	struct server	*server;
	struct session	*older, *newer;	/* at the same server */
	unsigned long	 number;
	int		 fd;
	ev_io		 io;
	ev_timer	 timer;
	SSL		*ssl;		/* NULL in the clear */
	bool		 is_odd;	/* at its server */
	bool		 in_handshake;
	bool		 wants_hello;
	bool		 is_hanging, is_closing;
	const char	*how;		/* it is closing, for the log */
	const char	*reached;	/* the furthest phase, for the log */
	const struct script *script;	/* being run, and where in it */
	size_t		 step;
	long		 drip_ms;
	char		*output;	/* owned */
	size_t		 output_length, output_sent;
	char		 input[4096];
	size_t		 input_length;
	char		 commands[256];	/* their verbs, by commas */
	char		 ehlo[80];
	ev_tstamp	 started;
};

/* fakemx_table.c: reads the table; ends the process with a message where it is
 * wrong. */
void	table_read(struct fakemx *, const char *path);

/* fakemx_tls.c */
void	chain_load(struct chain *, const char *path);
void	chain_set_not_before(struct chain *, int tag, const char *text);
void	behaviour_make_tls(struct behaviour *);
SSL	*session_make_tls(struct session *);

/* fakemx_session.c: takes over the connection. */
void	session_start(struct server *, int fd);

/* fakemx_log.c */
void	log_open(const struct session *);
void	log_end(const struct session *, const char *how);
void	log_forbidden(const struct session *, const char *line);

#endif
