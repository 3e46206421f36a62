/*
 * fakens: name servers that misbehave on purpose, and zones of any size.
 *
 * One process is many name servers, each at an address of its own, UDP and TCP
 * port 53. A server relays what it is asked to a name server of the lab, and
 * the answer back, except where one of its rules matches; or it answers from
 * zones that are computed from a number and held nowhere. What it does is data:
 *
 *	questions		each has a line in the log, not only each second;
 *				not those of a network
 *	addresses SET IP...	for records A and AAAA (a second line adds to it)
 *	addresses SET IP+COUNT	the same: COUNT IPv4 addresses that follow each
 *				other, of which none is held
 *	zone NAME		a zone that delegates; the lines that follow are its
 *	 ns HOST IP...
 *	group NAME PATTERN COUNT [COUNT]	domains of a zone: "d{n}.bare." are
 *				d0.bare, d1.bare, ...; without {n} it is one.
 *				"d{n}-{m}.bare." has a second number, which is
 *				below the second COUNT: what it selects for a
 *				domain (a host) is in the name and held nowhere
 *	 ns HOST [SET|IP...]	its name servers; the addresses are the glue of
 *				the zone, where number N has one of a SET
 *	 names			positive answers have its NS records as well
 *	 truncated		all answers have TC=1 and an empty body
 *	 gone			the domain itself is denied (NXDOMAIN)
 *	 record OWNER MX PREFERENCE HOST
 *	 record OWNER CNAME HOST	OWNER may be *: names below the domain
 *				that are not there (RFC 4592)
 *	 record OWNER A|AAAA SET|IP...	number N has one: that at N % (size)
 *	book NAME PATH		a file of answers that were prepared (below)
 *	network IP/LENGTH	one server at all IPv4 addresses of a network
 *				that no other program has bound, over UDP alone.
 *				One socket has all networks, answers go out in
 *				batches. These lines may follow:
 *	 serve NAME...
 *	 late MS		each answer comes so much later
 *	 silent			nothing is answered
 *	address IP		a server; the lines that follow are its
 *	 serve NAME...		zones and groups that it is authoritative for; or
 *				a book: nothing else is answered then
 *	 upstream IP		who is asked for all the rest
 *	 rate N			N questions a second are answered, in all; it may
 *				save up one second. The rest is dropped.
 *	 tcp refused		nobody listens
 *	 tcp silent		a connection is accepted, and no more
 *	 tcp deaf		SYN packets are not answered
 *	 on at|below NAME TYPE udp|tcp|any ACTION [NUMBER]
 *
 * Names are absolute, but for OWNER ("@" is the domain) and an MX HOST without
 * a final dot, which are relative to the domain. HOST of a group, of MX and of
 * CNAME may have {n}, and {n%K} for the remainder, and the same with m. "below"
 * is at or below; TYPE is "any",
 * a mnemonic or TYPE123. A server without upstream says REFUSED to what it does
 * not serve. All rules that match apply, in their order, up to one that
 * decides:
 *
 *	drop		no answer
 *	servfail, refused, notimp, formerr, nxdomain	with an empty body
 *	referral	upwards, to the root: what a lame server said once
 *	truncate	TC=1 and an empty body; over UDP alone
 *	answer HEX	these bytes: flags and the counts of three sections, and
 *			what follows the question, which is as it came
 *	answer_edns HEX	the same, if the question has an OPT record
 *
 * and those that do not:
 *
 *	lose N		each N-th question that comes here is dropped
 *	drop_first N	the first N questions that come here are dropped
 *	strip_first N	the answers to them are without signatures
 *	drop_after N	all but the first N questions are dropped
 *	strip_early MS	the answers are without signatures, until no question has
 *			come for so long
 *	delay MS	the answer comes later
 *	strip_rrsig	without signatures, though the question wants them
 *	wrong_id	to another ID than the question's
 *	wrong_ids N	N such answers come before the right one; over UDP alone
 *	lower		the question has no upper case
 *	wrong_question	to another name than was asked for
 *	prefer_capital N	the MX records in the answers to questions with a
 *			capital letter have the preference N
 *	prefer_odd N	so have those in the answers to the first, the third, the
 *			fifth question that comes here
 *
 * The lines of a book are
 *
 *	zone			what follows is of another zone
 *	records HEX		records in wire format, without compression. Each
 *				such line has a number, from 0 on for each zone
 *	reply NAME TYPE FLAGS ANSWER AUTHORITY ADDITIONAL
 *				FLAGS are four digits (0403: AA, NXDOMAIN); a
 *				section is "-", or numbers of `records` with
 *				commas between them. TYPE "any" is for all types
 *				that have no line. RRSIG, NSEC and NSEC3 records
 *				go to questions with DO alone.
 *	raw NAME TYPE HEX	as the action `answer`: to any question
 *
 * The log (fakens_log.c) is complete up to the last full second.
 */
#ifndef FAKENS_H
#define FAKENS_H

#include <ev.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define MESSAGE_MAX	65535
#define UDP_MAX		1232		/* what we say in EDNS */

#define FLAG_QR		0x8000
#define FLAG_AA		0x0400
#define FLAG_TC		0x0200
#define FLAG_RD		0x0100
#define OPCODE_MASK	0x7800

/* RFC 1035 4.1.1 */
enum rcode { NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED };

enum type {
	TYPE_A = 1, TYPE_NS = 2, TYPE_CNAME = 5, TYPE_SOA = 6, TYPE_PTR = 12,
	TYPE_MX = 15, TYPE_AAAA = 28, TYPE_OPT = 41, TYPE_DS = 43,
	TYPE_RRSIG = 46, TYPE_NSEC = 47, TYPE_NSEC3 = 50,
};

enum transport { UDP, TCP };

/* In wire format and lower case. Absolute with its last, empty label; relative
 * without. */
struct name {
	size_t		 length;
	uint8_t		 bytes[255];
};

struct ip {
	struct ip	*next;
	int		 family;
	uint8_t		 bytes[16];
};

struct address_set {
	struct address_set *next;
	char		*name;		/* NULL: of one record */
	struct ip	*ips;		/* owned array; NULL: a range */
	size_t		 count;
	uint32_t	 first;		/* of the range */
};

struct name_server {
	struct name_server *next;
	char		*pattern;
	struct ip	*glue;		/* owned list */
	struct address_set *set;	/* of glue, of a group; NULL: none */
};

struct record {
	struct record	*next;
	struct name	 owner;		/* relative to the domain */
	uint16_t	 type;
	uint16_t	 preference;	/* of MX */
	char		*pattern;	/* of MX and CNAME */
	struct address_set *set;	/* of A and AAAA */
};

struct group {
	struct group	*next;
	char		*name;
	struct zone	*zone;
	char		 label[64];	/* of its domains, before the number */
	bool		 is_numbered;
	unsigned long	 count;
	unsigned long	 second_count;	/* 0: no second number */
	struct name_server *servers;
	struct record	*records;
	bool		 names_servers, is_truncated, is_gone;
};

struct zone {
	struct zone	*next;
	char		*text;
	struct name	 name;
	struct name_server *servers;
};

enum action {
	DO_DROP, DO_SERVFAIL, DO_REFUSED, DO_NOTIMP, DO_FORMERR, DO_NXDOMAIN,
	DO_REFERRAL, DO_TRUNCATE, DO_LOSE, DO_DELAY, DO_STRIP_RRSIG,
	DO_WRONG_ID, DO_WRONG_QUESTION, DO_DROP_FIRST, DO_STRIP_FIRST,
	DO_DROP_AFTER, DO_STRIP_EARLY, DO_PREFER_CAPITAL, DO_PREFER_ODD,
	DO_ANSWER, DO_ANSWER_EDNS, DO_WRONG_IDS, DO_LOWER, ACTION_COUNT,
	DO_RELAY = ACTION_COUNT,	/* where no rule decides */
};

extern const char *const action_names[ACTION_COUNT];

struct rule {
	struct rule	*next;
	struct name	 name;
	bool		 is_below;
	uint16_t	 type;		/* 0: any */
	bool		 over[2];	/* by transport */
	enum action	 action;
	unsigned long	 number;
	uint8_t		*bytes;		/* owned; of an answer */
	size_t		 length;
	unsigned long	 seen;		/* questions, where they count */
	ev_tstamp	 latest;	/* question, where pauses count */
	bool		 has_paused;
};

/* A zone or a group that a server is authoritative for. */
struct served {
	struct served	*next;
	struct zone	*zone;
	struct group	*group;
};

/* fakens_book.c */
struct book {
	struct book	*next;
	char		*name;
	size_t		 slots, count;
	struct reply_text **replies;	/* owned hash table */
	size_t		 records_count;
	struct bytes	**records;	/* while the book is read */
};

enum tcp { TCP_ANSWERS, TCP_REFUSED, TCP_SILENT, TCP_DEAF };

struct server {
	struct server	*next;
	struct fakens	*fakens;
	struct sockaddr_storage address, upstream;
	socklen_t	 address_length, upstream_length;	/* 0: none */
	char		 text[INET6_ADDRSTRLEN];
	enum tcp	 tcp;
	struct rule	*rules;
	struct served	*served;
	const struct book *book;	/* instead of all others */
	unsigned long	 rate;		/* 0: no limit */
	double		 tokens;
	ev_tstamp	 filled;
	unsigned long	 asked, answered, dropped;	/* in this second */
	ev_io		 udp, incoming;
};

/* fakens_network.c */
struct network {
	struct network	*next;
	struct server	 server;	/* as what it serves, and its counts */
	uint32_t	 first, mask;
	unsigned long	 late_ms;
	bool		 is_silent;
	struct reply	*replies, **last;	/* owned; they wait */
	ev_timer	 timer;
};

struct fakens {
	struct ev_loop	*ev;
	struct address_set *sets;
	struct zone	*zones;
	struct group	*groups;
	struct book	*books;
	struct server	*servers;
	struct network	*networks;
	int		 log;
	bool		 logs_questions;
};

/* What a message asks, and how its answer may look. */
struct query {
	struct name	 name;
	uint16_t	 type;
	size_t		 end;		/* of the question section */
	bool		 has_edns, wants_dnssec;
	bool		 has_capital;	/* a letter of the name */
	size_t		 udp_max;
};

/* A message in the making. */
struct answer {
	const struct query *query;
	size_t		 length;
	uint8_t		 bytes[MESSAGE_MAX];
};

enum section { ANSWER, AUTHORITY, ADDITIONAL };

/* fakens_name.c. Returns false if it is not a name. */
bool	name_parse(struct name *, const char *text);
size_t	name_read(struct name *, const uint8_t *message, size_t length,
	    size_t from);	/* returns where it ends, 0: malformed */
bool	name_is_below(const struct name *, const struct name *zone);
bool	name_equal(const struct name *, const struct name *);
void	name_print(const struct name *, char *text, size_t size);
bool	pattern_expand(struct name *, const char *pattern,
	    const unsigned long numbers[2], const struct name *origin);

/* fakens_message.c */
bool	query_read(struct query *, const uint8_t *message, size_t length);
uint16_t read16(const uint8_t *);
void	write16(uint8_t *, uint16_t);
void	answer_start(struct answer *, const struct query *,
	    const uint8_t *question, unsigned flags, enum rcode);
void	answer_name(struct answer *, const struct name *);
void	answer_bytes(struct answer *, const void *, size_t);
void	answer_number(struct answer *, uint32_t, unsigned bytes);
/* Between the two the RDATA is written. */
size_t	record_start(struct answer *, enum section, const struct name *owner,
	    uint16_t type);
void	record_end(struct answer *, size_t start);
void	answer_end(struct answer *);	/* the OPT record */
/* Flags and counts, and what follows the question. */
void	answer_raw(struct answer *, const uint8_t *question,
	    const uint8_t *bytes, size_t length);

/* fakens_change.c: changes a message that came from upstream. */
/* `without` are types that are left out, up to a 0. Returns where the record
 * ends, 0: malformed. */
size_t	copy_record(struct answer *, const uint8_t *message, size_t length,
	    size_t from, enum section, const uint16_t *without);
void	strip_rrsig(struct answer *, const struct query *,
	    const uint8_t *message, size_t length);
void	change_question(uint8_t *message, size_t length);
void	change_preference(uint8_t *message, size_t length,
	    const struct query *, uint16_t preference);
void	lower_question(uint8_t *message, size_t end);

/* fakens_zone.c: false where the server is not authoritative. */
bool	zone_answer(const struct server *, struct answer *,
	    const uint8_t *question);

/* fakens_book.c: false where the book has no answer. */
bool	book_answer(const struct book *, struct answer *,
	    const uint8_t *question);

/* fakens_rule.c */
struct outcome {
	enum action	 decided;	/* or DO_RELAY */
	const struct rule *rule;	/* that decided */
	unsigned long	 delay_ms, wrong_ids;
	bool		 strips_rrsig, has_wrong_id, has_wrong_question;
	long		 preference;	/* of MX records; -1: their own */
	bool		 is_lower;
};
struct outcome	rules_apply(struct server *, const struct query *,
	    enum transport);
bool	server_may_answer(struct server *);	/* rate */

/* fakens_question.c: whom an answer goes to is one of the two. */
struct client {
	struct sockaddr_storage address;
	socklen_t	 length;
	struct connection *connection;	/* NULL over UDP */
};
struct question;
void	question_start(struct server *, const struct client *,
	    const uint8_t *message, size_t length);
void	question_forget(struct question *);	/* its client is gone */

/* fakens_tcp.c */
void	connection_start(struct server *, int fd);
void	connection_add(struct connection *, struct question *);
void	connection_remove(struct connection *, struct question *);
void	connection_send(struct connection *, const uint8_t *, size_t);

/* fakens_network.c */
void	networks_listen(struct fakens *);

/* fakens_table.c: ends the process with a message where it is wrong. */
void	table_read(struct fakens *, const char *path);
const char *type_print(uint16_t, char *text, size_t size);

/* fakens_log.c */
void	log_second(struct fakens *);
void	log_question(const struct server *, const struct query *,
	    enum transport, const char *what);

#endif
