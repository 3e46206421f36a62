#include "scanner/coordinator/work/name_servers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/prefix.h"
#include "scanner/base/arena.h"
#include "scanner/base/list.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/batch/item_line.h"
#include "scanner/coordinator/work/shares.h"

/* A bound for the memory that a worker's reports can take: no zone has more
 * servers. */
#define SERVERS_MAX	4000000
#define WAITING_MAX	1000000000	/* no worker has more names */
#define LOSS_SHARE	20	/* a loss of more than one in this many is too
				 * much */
#define SETTLE_MS	3000	/* lost lookups of before are repeated
				 * meanwhile */
#define JUDGED_LEAST	50	/* lookups before the loss is judged */
#define WINDOW_ASKED	2000	/* lookups after which counting starts again */
#define FLOOR_SHARE	50	/* no rate is below this part of --dns-rate */
/* A proof that the network works is as old at most when another is asked
 * for. */
#define DOUBT_MS	60000
#define RECOVERY_MS	600000	/* without a loss, before the rate may grow */
#define RECOVERY_FACTOR	1.5
/* In seconds of a worker's share: how many names go out at a time, and below
 * how many waiting names more go out. */
#define RELEASE_SECONDS	4
#define WAITING_SECONDS	3
#define RELEASE_MS	1000
#define HOST_QUESTIONS	2	/* A and AAAA */
#define LOOK_MS		1000	/* between two looks at the shares */

struct name_server {
	const char	*name;		/* owned by the map */
	/* It is the /24 or /48 of servers, as text with a slash; the name of a
	 * server has none. Nothing is held for it, and no loss is judged. */
	bool		 is_prefix;
	struct name_server *network;	/* the prefix of its address; NULL:
					 * unknown */
	double		 rate;		/* questions a second, all workers */
	uint64_t	 asked, lost;	/* lookups, at this rate */
	int64_t		 judged_ms;	/* the rate or the loss changed */
	/* The rate was halved last at halved_ms (0: never), and was
	 * rate_before before the first of the halvings that followed each
	 * other within DOUBT_MS. */
	int64_t		 halved_ms;
	double		 rate_before;
	struct item_line held;
	struct list	 hosts;		/* MX hosts that are held, too */
	uint64_t	 host_count;
	struct list	 link;		/* in ->holding while the server holds
					 * names or hosts */
	struct shares	*shares;	/* NULL: they are equal */
	struct list	 sharing;	/* in ->sharing while they are not */
	double		 planned;	/* names that are still in the plan */
	struct list	 planning;	/* in ->planning while there are any */
	struct at_worker {
		uint64_t	waiting;
		int64_t		next_ms;	/* of the next release */
		int64_t		next_hosts_ms;	/* the same of hosts */
	}		*at;
};

struct name_servers {
	const struct options *options;
	struct map	*by_name;
	struct arena	 arena;
	struct list	 holding, sharing, planning;
	int64_t		 look_ms;	/* the next look at the shares */
	struct spill	*spill;		/* of held names */
	uint64_t	 held_count, held_host_count;
};

struct name_servers *
name_servers_new(const struct options *options, struct spill *spill)
{
	struct name_servers *servers = xcalloc(1, sizeof *servers);

	servers->options = options;
	servers->spill = spill;
	servers->by_name = map_new();
	list_init(&servers->holding);
	list_init(&servers->sharing);
	list_init(&servers->planning);
	return servers;
}

void
name_servers_free(struct name_servers *servers)
{
	const char *name;
	void *value;
	size_t index = 0;

	if (servers == NULL)
		return;
	while (map_next(servers->by_name, &index, &name, &value)) {
		struct name_server *server = value;

		item_line_fini(&server->held);
		shares_free(server->shares);
	}
	map_free(servers->by_name);
	arena_fini(&servers->arena);
	free(servers);
}

/* The rate without a loss. */
static double
full_rate(const struct name_servers *servers, const struct name_server *server)
{
	return (double)(server->is_prefix ? servers->options->dns_prefix_rate
	    : servers->options->dns_rate);
}

static struct name_server *server_of(struct name_servers *, const char *name);

/* NULL if the name is not an address. */
static struct name_server *
network_of(struct name_servers *servers, const char *name)
{
	char text[ADDRESS_TEXT_MAX + 4];
	struct address address;
	struct prefix network;

	if (!address_from_text(name, strlen(name), &address))
		return NULL;
	network = address_network(&address);
	(void)prefix_to_text(&network, text);
	return server_of(servers, text);
}

static struct name_server *
server_of(struct name_servers *servers, const char *name)
{
	const char *copy;
	void **place = map_place(servers->by_name, name, &copy);
	struct name_server *server = *place;

	if (server != NULL)
		return server;
	server = *place = arena_take(&servers->arena, sizeof *server);
	*server = (struct name_server){
		.name = copy, .is_prefix = strchr(name, '/') != NULL,
		.held = { .spill = servers->spill },
		.at = arena_take(&servers->arena,
		    servers->options->workers * sizeof *server->at),
	};
	server->rate = full_rate(servers, server);
	list_init(&server->hosts);
	list_init(&server->link);
	list_init(&server->sharing);
	list_init(&server->planning);
	server->network = network_of(servers, name);
	return server;
}

static bool
set_rate(const struct name_servers *servers, struct name_server *server,
    double rate)
{
	double most = full_rate(servers, server);
	double least = most / FLOOR_SHARE < 1 ? 1 : most / FLOOR_SHARE;
	double before = server->rate;

	server->rate = rate < least ? least : rate > most ? most : rate;
	server->asked = server->lost = 0;
	if (server->shares != NULL)
		shares_set_rate(server->shares, server->rate);
	return server->rate != before;
}

static bool
halve(const struct name_servers *servers, struct name_server *server,
    int64_t now_ms)
{
	double before = server->rate;

	server->judged_ms = now_ms;
	if (!set_rate(servers, server, before / 2))
		return false;
	if (server->halved_ms == 0 || now_ms - server->halved_ms > DOUBT_MS)
		server->rate_before = before;
	server->halved_ms = now_ms;
	return true;
}

void
name_servers_set_back(struct name_servers *servers, int64_t now_ms)
{
	const char *name;
	void *value;
	size_t index = 0;

	while (map_next(servers->by_name, &index, &name, &value)) {
		struct name_server *server = value;

		if (server->halved_ms == 0 ||
		    now_ms - server->halved_ms > DOUBT_MS)
			continue;
		(void)set_rate(servers, server, server->rate_before);
		server->halved_ms = 0;
		server->judged_ms = now_ms;
	}
}

static void
note_waiting(struct name_servers *servers, struct name_server *server,
    unsigned worker, uint64_t waiting, int64_t now_ms)
{
	if (waiting > WAITING_MAX)
		waiting = WAITING_MAX;
	server->at[worker].waiting = waiting;
	if (server->shares == NULL && waiting > 0) {
		server->shares = shares_new((unsigned)servers->options->workers,
		    server->rate);
		list_append(&servers->sharing, &server->sharing);
	}
	if (server->shares != NULL)
		shares_note(server->shares, worker, waiting, now_ms);
}

const struct name_server *
name_servers_report(struct name_servers *servers, unsigned worker,
    const char *name, uint64_t asked, uint64_t lost, uint64_t waiting,
    int64_t now_ms)
{
	struct name_server *server;
	bool changed = false;

	if (map_get(servers->by_name, name) == NULL &&
	    map_count(servers->by_name) >= SERVERS_MAX)
		return NULL;
	server = server_of(servers, name);
	note_waiting(servers, server, worker, waiting, now_ms);
	if (server->is_prefix)
		return NULL;
	if (server->judged_ms != 0 && now_ms < server->judged_ms + SETTLE_MS)
		return NULL;
	server->asked += asked;
	server->lost += lost;
	if (server->asked < JUDGED_LEAST)
		return NULL;
	if (server->lost * LOSS_SHARE > server->asked) {
		changed = halve(servers, server, now_ms);
	} else if (server->rate < full_rate(servers, server) &&
	    now_ms - server->judged_ms > RECOVERY_MS) {
		changed = set_rate(servers, server,
		    server->rate * RECOVERY_FACTOR);
		server->judged_ms = now_ms;
	} else if (server->asked > WINDOW_ASKED) {
		server->asked = server->lost = 0;
	}
	return changed ? server : NULL;
}

double
name_server_share(const struct name_servers *servers,
    const struct name_server *server, unsigned worker)
{
	if (server->shares != NULL && worker < servers->options->workers)
		return shares_of(server->shares, worker);
	return server->rate / (double)servers->options->workers;
}

/* A worker to tell of this server. */
struct share_change {
	const struct name_server_teller *teller;
	const struct name_server *server;
};

static void
on_share(void *tag, unsigned worker)
{
	const struct share_change *change = tag;

	change->teller->tell(change->teller->tag, worker, change->server);
}

void
name_servers_look(struct name_servers *servers, int64_t now_ms,
    const struct name_server_teller *teller)
{
	struct list *next;

	if (now_ms < servers->look_ms)
		return;
	servers->look_ms = now_ms + LOOK_MS;
	for (struct list *link = servers->sharing.next;
	    link != &servers->sharing; link = next) {
		struct name_server *server = list_entry(link,
		    struct name_server, sharing);
		struct share_change change = { teller, server };

		next = link->next;
		if (shares_look(server->shares, now_ms, on_share, &change))
			continue;
		list_remove(link);
		shares_free(server->shares);
		server->shares = NULL;
	}
}

void
name_servers_welcome(struct name_servers *servers, unsigned worker,
    const struct name_server_teller *teller)
{
	bool is_ordinary = worker < servers->options->workers;
	const char *name;
	void *value;
	size_t index = 0;

	while (map_next(servers->by_name, &index, &name, &value)) {
		struct name_server *server = value;

		if (is_ordinary)
			server->at[worker].waiting = 0;
		if (is_ordinary && server->shares != NULL)
			shares_note(server->shares, worker, 0, 0);
		if (server->rate < full_rate(servers, server) ||
		    server->shares != NULL)
			teller->tell(teller->tag, worker, server);
	}
}

static void
note_holding(struct name_servers *servers, struct name_server *server)
{
	if (list_is_empty(&server->link))
		list_append(&servers->holding, &server->link);
}

void
name_servers_hold(struct name_servers *servers, const struct domain_item *item)
{
	char name[NAME_TEXT_MAX];
	struct name_server *server;

	if (!servers_charged(domain_item_servers(item), item->name, name))
		return;
	server = server_of(servers, name);
	item_line_put_domain(&server->held, item);
	servers->held_count++;
	note_holding(servers, server);
}

void
name_servers_hold_host(struct name_servers *servers, const char *name,
    struct list *host)
{
	struct name_server *server = server_of(servers, name);

	list_append(&server->hosts, host);
	server->host_count++;
	servers->held_host_count++;
	note_holding(servers, server);
}

uint64_t
name_servers_held(const struct name_servers *servers)
{
	return servers->held_count;
}

uint64_t
name_servers_held_hosts(const struct name_servers *servers)
{
	return servers->held_host_count;
}

static void
note_taken(struct name_server *server)
{
	if (server->held.count == 0 && server->host_count == 0)
		list_remove(&server->link);
}

static uint32_t
take(struct name_servers *servers, struct name_server *server, uint32_t most,
    struct buffer *input)
{
	uint32_t taken = item_line_take_domains(&server->held, most,
	    input);

	servers->held_count -= taken;
	note_taken(server);
	return taken;
}

static uint32_t
take_hosts(struct name_servers *servers, struct name_server *server,
    uint32_t most, struct list *hosts)
{
	uint32_t taken = 0;

	for (; taken < most && server->host_count > 0; taken++) {
		list_append(hosts, list_take(&server->hosts));
		server->host_count--;
		servers->held_host_count--;
	}
	note_taken(server);
	return taken;
}

/* How much of its share the worker can use. It can use nothing if names wait for
 * the prefix there already: they would come back. */
static double
free_share(const struct name_servers *servers,
    const struct name_server *server, unsigned worker)
{
	const struct name_server *network = server->network;
	double share = name_server_share(servers, server, worker), most;

	if (network == NULL)
		return share;
	most = name_server_share(servers, network, worker);
	if ((double)network->at[worker].waiting * domain_questions(
	    servers->options->mta_sts == CHOICE_YES) > WAITING_SECONDS * most)
		return 0;
	return share < most ? share : most;
}

/* How many names that take so many questions may go to the worker now. */
static uint32_t
room_for(const struct name_servers *servers, const struct name_server *server,
    unsigned worker, unsigned questions, uint32_t most)
{
	double names = free_share(servers, server, worker) / questions;
	double room = RELEASE_SECONDS * names + 1;

	if ((double)server->at[worker].waiting > WAITING_SECONDS * names)
		return 0;
	return room < most ? (uint32_t)room : most;
}

uint32_t
name_servers_release(struct name_servers *servers, unsigned worker,
    uint32_t most, int64_t now_ms, struct buffer *input)
{
	unsigned questions = domain_questions(
	    servers->options->mta_sts == CHOICE_YES);
	uint32_t taken = 0, room;
	struct list *next;

	for (struct list *link = servers->holding.next;
	    link != &servers->holding && taken < most; link = next) {
		struct name_server *server = list_entry(link,
		    struct name_server, link);
		struct at_worker *at = &server->at[worker];

		next = link->next;
		if (server->held.count == 0 || now_ms < at->next_ms)
			continue;
		room = room_for(servers, server, worker, questions,
		    most - taken);
		if (room == 0)
			continue;
		at->next_ms = now_ms + RELEASE_MS;
		taken += take(servers, server, room, input);
	}
	return taken;
}

uint32_t
name_servers_release_hosts(struct name_servers *servers, unsigned worker,
    uint32_t most, int64_t now_ms, struct list *hosts)
{
	uint32_t taken = 0, room;
	struct list *next;

	for (struct list *link = servers->holding.next;
	    link != &servers->holding && taken < most; link = next) {
		struct name_server *server = list_entry(link,
		    struct name_server, link);
		struct at_worker *at = &server->at[worker];

		next = link->next;
		if (server->host_count == 0 || now_ms < at->next_hosts_ms)
			continue;
		room = room_for(servers, server, worker, HOST_QUESTIONS,
		    most - taken);
		if (room == 0)
			continue;
		at->next_hosts_ms = now_ms + RELEASE_MS;
		taken += take_hosts(servers, server, room, hosts);
	}
	return taken;
}

static uint64_t
waiting_for(const struct name_servers *servers,
    const struct name_server *server)
{
	uint64_t waiting = server->held.count + server->host_count +
	    (uint64_t)server->planned;

	for (uint64_t i = 0; i < servers->options->workers; i++)
		waiting += server->at[i].waiting;
	return waiting;
}

/* Puts the server into its place, if it has one. */
static void
rank(const struct name_servers *servers, const struct name_server *server,
    struct busy_server busy[FIGURES_BUSY_MAX], unsigned *count)
{
	uint64_t waiting = waiting_for(servers, server);
	double seconds = (double)waiting * domain_questions(
	    servers->options->mta_sts == CHOICE_YES) / server->rate;
	unsigned at = *count;

	while (at > 0 && busy[at - 1].seconds < seconds)
		at--;
	if (waiting == 0 || at == FIGURES_BUSY_MAX)
		return;
	if (*count < FIGURES_BUSY_MAX)
		++*count;
	for (unsigned i = *count - 1; i > at; i--)
		busy[i] = busy[i - 1];
	busy[at].waiting = waiting;
	busy[at].seconds = seconds;
	snprintf(busy[at].name, sizeof busy[at].name, "%s", server->name);
	/* A worker has said it, and may have said nonsense. */
	for (char *byte = busy[at].name; *byte != '\0'; byte++)
		if (*byte <= ' ' || *byte > '~')
			*byte = '?';
}

void
name_servers_forget_planned(struct name_servers *servers)
{
	while (!list_is_empty(&servers->planning))
		list_entry(list_take(&servers->planning), struct name_server,
		    planning)->planned = 0;
}

void
name_servers_add_planned(struct name_servers *servers, const char *name,
    double names)
{
	struct name_server *server = server_of(servers, name);

	server->planned += names;
	if (list_is_empty(&server->planning))
		list_append(&servers->planning, &server->planning);
}

unsigned
name_servers_busiest(const struct name_servers *servers,
    struct busy_server busy[FIGURES_BUSY_MAX])
{
	unsigned count = 0;

	for (struct list *link = servers->sharing.next;
	    link != &servers->sharing; link = link->next)
		rank(servers, list_entry(link, struct name_server, sharing),
		    busy, &count);
	for (struct list *link = servers->holding.next;
	    link != &servers->holding; link = link->next) {
		const struct name_server *server = list_entry(link,
		    struct name_server, link);

		if (server->shares == NULL)
			rank(servers, server, busy, &count);
	}
	for (struct list *link = servers->planning.next;
	    link != &servers->planning; link = link->next) {
		const struct name_server *server = list_entry(link,
		    struct name_server, planning);

		if (server->shares == NULL && list_is_empty(&server->link))
			rank(servers, server, busy, &count);
	}
	return count;
}

static void
take_up_rate(struct name_servers *servers, const char *name,
    double rate)
{
	(void)set_rate(servers, server_of(servers, name), rate);
}

void
name_servers_take_up(struct name_servers *servers, const json_t *rates)
{
	const char *name;
	json_t *rate;

	json_object_foreach((json_t *)(uintptr_t)rates, name, rate)
		if (json_is_number(rate))
			take_up_rate(servers, name, json_number_value(rate));
}

json_t *
name_servers_to_json(const struct name_servers *servers)
{
	json_t *object = json_object();
	const struct name_server *server;
	size_t index = 0;

	while ((server = name_servers_next(servers, &index)) != NULL)
		json_object_set_new(object, server->name,
		    json_real(server->rate));
	return object;
}

const struct name_server *
name_servers_next(const struct name_servers *servers, size_t *index)
{
	const char *name;
	void *value;

	while (map_next(servers->by_name, index, &name, &value)) {
		const struct name_server *server = value;

		if (server->rate < full_rate(servers, server))
			return server;
	}
	return NULL;
}

const char *
name_server_name(const struct name_server *server)
{
	return server->name;
}

double
name_server_rate(const struct name_server *server)
{
	return server->rate;
}
