#include "scanner/worker/budget.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/prefix.h"
#include "scanner/base/arena.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"

#define HOLD_SECONDS	10	/* no line of a server is longer */
#define HOLD_LEAST	4	/* names, even at the lowest rate */
#define BURST_SECONDS	0.1
#define SERVE_SECONDS	0.01	/* between two looks at the lines */
/* An answer that took twice the usual time and this much more was asked for
 * again: libunbound waits at least 50 ms before it repeats. */
#define REPEAT_MS	40

struct budget_server {
	const char	*name;		/* owned by the map */
	struct budget_server *network;	/* of its address; NULL: unknown */
	bool		 is_network;
	double		 rate;		/* over all workers */
	double		 share;		/* of this worker */
	double		 tokens;
	ev_tstamp	 filled_at;
	unsigned	 in_flight, in_flight_most;
	unsigned	 generation;
	bool		 is_restricted;
	/* The time of an answer, by lane; < 0: none yet. */
	double		 usual_ms[LANE_COUNT];
	uint64_t	 judged, lost;	/* if not forgotten meanwhile */
	unsigned	 forgotten;	/* budget->forgotten when they were
					 * counted */
	uint64_t	 waiting_count;	/* of a network: in all lines of its
					 * servers */
	uint64_t	 kept_waiting;	/* of these, by the network itself */
	struct list	 waiting;	/* claims */
	struct list	 line;		/* in budget->lines while claims wait */
	struct list	 news;		/* in budget->news while there is
					 * news */
};

struct budget {
	struct ev_loop	*ev;
	struct budget_limits limits;
	struct map	*servers;
	unsigned	 forgotten;	/* how often */
	ev_tstamp	 deaf_until;	/* nothing is judged */
	struct arena	 arena;
	struct list	 lines, news;
	ev_timer	 serve;
};

static void on_serve(struct ev_loop *, ev_timer *, int);

struct budget *
budget_new(struct ev_loop *ev, const struct budget_limits *limits)
{
	struct budget *budget = xcalloc(1, sizeof *budget);

	budget->ev = ev;
	budget->limits = *limits;
	budget->servers = map_new();
	list_init(&budget->lines);
	list_init(&budget->news);
	ev_timer_init(&budget->serve, on_serve, SERVE_SECONDS, SERVE_SECONDS);
	budget->serve.data = budget;
	return budget;
}

void
budget_free(struct budget *budget)
{
	if (budget == NULL)
		return;
	ev_timer_stop(budget->ev, &budget->serve);
	map_free(budget->servers);
	arena_fini(&budget->arena);
	free(budget);
}

/* How many questions may be asked in one burst. */
static double
burst(double share)
{
	return share * BURST_SECONDS > 1 ? share * BURST_SECONDS : 1;
}

/* Rounded up, so that every worker can ask. */
static unsigned
in_flight_most(const struct budget *budget, const struct budget_server *server)
{
	return server->is_network ? UINT_MAX : (unsigned)ceil(
	    budget->limits.in_flight * server->share / server->rate);
}

static struct budget_server *server_of(struct budget *, const char *name);

/* NULL if the name is not an address. */
static struct budget_server *
network_of(struct budget *budget, const char *name)
{
	char text[NETWORK_TEXT_MAX];

	return address_network_text(name, text) ? server_of(budget, text)
	    : NULL;
}

static struct budget_server *
server_of(struct budget *budget, const char *name)
{
	const struct budget_limits *limits = &budget->limits;
	bool is_network = strchr(name, '/') != NULL;
	double rate = is_network ? limits->prefix_rate : limits->rate;
	const char *copy;
	void **place = map_place(budget->servers, name, &copy);
	struct budget_server *server = *place;

	if (server != NULL)
		return server;
	server = *place = arena_take(&budget->arena, sizeof *server);
	*server = (struct budget_server){
		.name = copy, .is_network = is_network, .rate = rate,
		.share = rate / limits->workers, .usual_ms = { -1, -1 },
		.tokens = burst(rate / limits->workers),
		.filled_at = ev_now(budget->ev),
	};
	server->in_flight_most = in_flight_most(budget, server);
	list_init(&server->waiting);
	list_init(&server->line);
	list_init(&server->news);
	server->network = network_of(budget, name);
	return server;
}

static void
fill(struct budget *budget, struct budget_server *server)
{
	double most = burst(server->share);
	ev_tstamp now = ev_now(budget->ev);

	server->tokens += server->share * (now - server->filled_at);
	if (server->tokens > most)
		server->tokens = most;
	server->filled_at = now;
}

static bool
has_room(struct budget *budget, struct budget_server *server)
{
	fill(budget, server);
	return server->tokens >= 1 &&
	    server->in_flight < server->in_flight_most;
}

static bool
may_go(struct budget *budget, struct budget_server *server)
{
	return has_room(budget, server) && (server->network == NULL ||
	    has_room(budget, server->network));
}

/* Takes so many questions from the server and from its network. */
static void
spend(struct budget_server *server, double questions)
{
	server->tokens -= questions;
	if (server->network != NULL)
		server->network->tokens -= questions;
}

static void
take(struct budget *budget, struct budget_server *server,
    struct budget_claim *claim)
{
	spend(server, budget->limits.questions);
	server->in_flight++;
	claim->generation = server->generation;
}

static void
has_news(struct budget *budget, struct budget_server *server)
{
	if (list_is_empty(&server->news))
		list_append(&budget->news, &server->news);
}

/* With this many names, is the line longer than what can be served in time? */
static bool
is_full(const struct budget *budget, const struct budget_server *server,
    uint64_t names)
{
	return (double)names > HOLD_LEAST + server->share * HOLD_SECONDS /
	    budget->limits.questions;
}

/* The same of the line of the server, and of the lines of its network, with so
 * many more names. */
static bool
is_too_long(const struct budget *budget, const struct budget_server *server,
    unsigned more)
{
	const struct budget_server *network = server->network;

	return is_full(budget, server, server->waiting_count + more) ||
	    (network != NULL && is_full(budget, network,
	    network->waiting_count + more));
}

static void
join_line(struct budget *budget, struct budget_server *server,
    struct budget_claim *claim)
{
	server->waiting_count++;
	if (server->network != NULL)
		server->network->waiting_count++;
	list_append(&server->waiting, &claim->link);
	if (list_is_empty(&server->line))
		list_append(&budget->lines, &server->line);
	if (!ev_is_active(&budget->serve))
		ev_timer_again(budget->ev, &budget->serve);
}

static void
leave_line(struct budget_server *server, struct budget_claim *claim)
{
	list_remove(&claim->link);
	server->waiting_count--;
	if (server->network != NULL)
		server->network->waiting_count--;
}

static bool
is_refused(const struct budget *budget, const struct budget_server *server,
    enum budget_patience patience)
{
	if (patience == BUDGET_PATIENT)
		return false;
	return is_too_long(budget, server, 1) || (patience == BUDGET_PACED &&
	    server->waiting_count >= BUDGET_LINE_PACED);
}

enum budget_answer
budget_claim(struct budget *budget, struct budget_claim *claim,
    const char *name, enum budget_patience patience,
    void (*turn)(struct budget_claim *, enum budget_answer))
{
	struct budget_server *server = server_of(budget, name);

	claim->server = server;
	claim->turn = turn;
	claim->patience = patience;
	list_init(&claim->link);
	if (server->waiting_count == 0 && may_go(budget, server)) {
		take(budget, server, claim);
		return BUDGET_GO;
	}
	/* Nobody waits because of it. */
	if (patience == BUDGET_AT_ONCE) {
		claim->server = NULL;
		return BUDGET_FULL;
	}
	has_news(budget, server);
	if (is_refused(budget, server, patience)) {
		claim->server = NULL;
		return BUDGET_FULL;
	}
	join_line(budget, server, claim);
	return BUDGET_WAIT;
}

/* Returns whether a name was let go. */
static bool
serve_line(struct budget *budget, struct budget_server *server)
{
	bool has_gone = false;

	while (server->waiting_count > 0 && may_go(budget, server)) {
		struct budget_claim *claim = list_entry(server->waiting.next,
		    struct budget_claim, link);

		leave_line(server, claim);
		take(budget, server, claim);
		claim->turn(claim, BUDGET_GO);
		has_gone = true;
	}
	if (server->waiting_count == 0)
		list_remove(&server->line);
	return has_gone;
}

static void
move_all(struct list *to, struct list *from)
{
	while (!list_is_empty(from))
		list_append(to, list_take(from));
}

/* A line that was served comes after all others the next time, so that the
 * servers of a network take turns. */
static void
on_serve(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct budget *budget = watcher->data;
	struct list lines, served;

	(void)revents;
	list_init(&lines);
	list_init(&served);
	move_all(&lines, &budget->lines);
	while (!list_is_empty(&lines)) {
		struct budget_server *server = list_entry(list_take(&lines),
		    struct budget_server, line);

		list_append(&budget->lines, &server->line);
		if (!serve_line(budget, server) ||
		    list_is_empty(&server->line))
			continue;
		list_remove(&server->line);
		list_append(&served, &server->line);
	}
	move_all(&budget->lines, &served);
	if (list_is_empty(&budget->lines))
		ev_timer_stop(ev, &budget->serve);
}

/* The usual time follows a faster answer at once, and slower answers slowly. */
static bool
is_late(double *usual_ms, unsigned exchanges, double milliseconds,
    double lag_ms)
{
	bool late = *usual_ms >= 0 && milliseconds >
	    2 * exchanges * *usual_ms + REPEAT_MS + 2 * lag_ms;

	milliseconds /= exchanges;
	if (*usual_ms < 0 || milliseconds < *usual_ms)
		*usual_ms = milliseconds;
	else
		*usual_ms += (milliseconds - *usual_ms) / 256;
	return late;
}

/* Forgets what the budget has forgotten. */
static void
bring_up_to_date(const struct budget *budget, struct budget_server *server)
{
	if (server->forgotten != budget->forgotten)
		server->judged = server->lost = 0;
	server->forgotten = budget->forgotten;
}

void
budget_forget(struct budget *budget, double seconds)
{
	budget->forgotten++;
	budget->deaf_until = ev_now(budget->ev) + seconds;
}

void
budget_judge(struct budget *budget, struct budget_claim *claim,
    enum lane_kind lane, unsigned exchanges, unsigned milliseconds, double lag_ms, bool lost)
{
	struct budget_server *server = claim->server;

	if (server == NULL || ev_now(budget->ev) < budget->deaf_until)
		return;
	bring_up_to_date(budget, server);
	lost = lost || is_late(&server->usual_ms[lane], exchanges,
	    milliseconds, lag_ms);
	/* A lookup at another rate says nothing about this rate. */
	if (claim->generation != server->generation)
		return;
	server->judged++;
	server->lost += lost;
	if (lost || server->is_restricted)
		has_news(budget, server);
}

void
budget_end(struct budget *budget, struct budget_claim *claim,
    unsigned questions)
{
	struct budget_server *server = claim->server;

	if (server == NULL)
		return;
	claim->server = NULL;
	server->in_flight--;
	spend(server, (double)questions - budget->limits.questions);
}

void
budget_charge(struct budget *budget, const char *name, unsigned questions)
{
	struct budget_server *server = server_of(budget, name);

	fill(budget, server);
	if (server->network != NULL)
		fill(budget, server->network);
	spend(server, questions);
}

/* Refuses the claims for which the line has become too long, from its end. */
static void
shorten(struct budget *budget, struct budget_server *server)
{
	struct list *next;

	for (struct list *link = server->waiting.previous; link !=
	    &server->waiting && is_too_long(budget, server, 0); link = next) {
		struct budget_claim *claim = list_entry(link,
		    struct budget_claim, link);

		next = link->previous;
		if (claim->patience == BUDGET_PATIENT)
			continue;
		leave_line(server, claim);
		claim->server = NULL;
		claim->turn(claim, BUDGET_FULL);
	}
	if (server->waiting_count == 0)
		list_remove(&server->line);
}

/* The same for the lines of a network. */
static void
shorten_lines(struct budget *budget, const struct budget_server *network)
{
	struct list *next;

	for (struct list *link = budget->lines.next; link != &budget->lines;
	    link = next) {
		struct budget_server *server = list_entry(link,
		    struct budget_server, line);

		next = link->next;
		if (server->network == network)
			shorten(budget, server);
	}
}

void
budget_set_rate(struct budget *budget, const char *name, double rate,
    double share)
{
	struct budget_server *server = server_of(budget, name);

	if (rate != server->rate) {
		server->rate = rate;
		server->is_restricted = rate < budget->limits.rate;
		server->generation++;
		server->judged = server->lost = 0;
	}
	/* What was saved up at a higher share must not be asked at the lower
	 * one. */
	fill(budget, server);
	server->share = share;
	fill(budget, server);
	server->in_flight_most = in_flight_most(budget, server);
	if (server->is_network)
		shorten_lines(budget, server);
	else
		shorten(budget, server);
}

/* Counts the names that have room at their server but none in its network. */
static void
count_kept_waiting(struct budget *budget)
{
	for (struct list *link = budget->lines.next; link != &budget->lines;
	    link = link->next) {
		struct budget_server *server = list_entry(link,
		    struct budget_server, line);
		struct budget_server *network = server->network;

		if (network == NULL || !has_room(budget, server) ||
		    has_room(budget, network))
			continue;
		network->kept_waiting += server->waiting_count;
		has_news(budget, network);
	}
}

void
budget_report(struct budget *budget, void (*tell)(void *, const char *,
    const struct budget_counts *), void *tag)
{
	struct list news;

	count_kept_waiting(budget);
	list_init(&news);
	move_all(&news, &budget->news);
	while (!list_is_empty(&news)) {
		struct budget_server *server = list_entry(list_take(&news),
		    struct budget_server, news);
		struct budget_counts counts = {
			.waiting = server->is_network ? server->kept_waiting
			    : server->waiting_count,
		};

		bring_up_to_date(budget, server);
		counts.judged = server->judged;
		counts.lost = server->lost;
		tell(tag, server->name, &counts);
		server->judged = server->lost = server->kept_waiting = 0;
		/* Reported again while names wait, and once more when none
		 * waits any more. */
		if (counts.waiting > 0)
			has_news(budget, server);
	}
}
