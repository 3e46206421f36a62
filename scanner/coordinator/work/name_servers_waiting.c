/*
 * name_servers_waiting: the names that wait for name servers, here and in the
 * plan, and the servers for which that takes longest.
 */
#include "scanner/coordinator/work/name_servers_internal.h"

#include <stdio.h>

/* In seconds of a worker's share: how many names go out at a time, and below
 * how many waiting names more go out. */
#define RELEASE_SECONDS	4
#define WAITING_SECONDS	3
#define RELEASE_MS	1000
#define HOST_QUESTIONS	2	/* A and AAAA */

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
	server = name_servers_server(servers, name);
	item_line_put_domain(&server->held, item);
	servers->held_count++;
	note_holding(servers, server);
}

void
name_servers_hold_host(struct name_servers *servers, const char *name,
    struct list *host)
{
	struct name_server *server = name_servers_server(servers, name);

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

static uint32_t
take_names(struct name_servers *servers, struct name_server *server,
    uint32_t most, struct buffer *input)
{
	uint32_t taken = item_line_take_domains(&server->held, most,
	    input);

	servers->held_count -= taken;
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
	return taken;
}

/* How much of its share the worker can use. It can use nothing if names wait
 * for the prefix there already: they would come back. */
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

/* What is handed out: names, or MX hosts. */
struct release {
	enum held	 held;
	unsigned	 questions;	/* that each of them takes */
	struct buffer	*input;		/* for names */
	struct list	*hosts;		/* for hosts */
};

/* How many may go to the worker now. */
static uint32_t
room_for(const struct name_servers *servers, const struct name_server *server,
    unsigned worker, const struct release *release, uint32_t most)
{
	double names = free_share(servers, server, worker) /
	    release->questions;
	double room = RELEASE_SECONDS * names + 1;

	if ((double)server->at[worker].waiting > WAITING_SECONDS * names)
		return 0;
	return room < most ? (uint32_t)room : most;
}

static uint32_t
release_from(struct name_servers *servers, struct name_server *server,
    unsigned worker, const struct release *release, uint32_t most,
    int64_t now_ms)
{
	bool is_names = release->held == HELD_NAMES;
	int64_t *next_ms = &server->at[worker].next_ms[release->held];
	uint32_t room, taken;

	if (now_ms < *next_ms ||
	    (is_names ? server->held.count : server->host_count) == 0)
		return 0;
	room = room_for(servers, server, worker, release, most);
	if (room == 0)
		return 0;
	*next_ms = now_ms + RELEASE_MS;
	taken = is_names ? take_names(servers, server, room, release->input)
	    : take_hosts(servers, server, room, release->hosts);
	if (server->held.count == 0 && server->host_count == 0)
		list_remove(&server->link);
	return taken;
}

static uint32_t
release_all(struct name_servers *servers, unsigned worker,
    const struct release *release, uint32_t most, int64_t now_ms)
{
	uint32_t taken = 0;
	struct list *next;

	for (struct list *link = servers->holding.next;
	    link != &servers->holding && taken < most; link = next) {
		next = link->next;
		taken += release_from(servers, list_entry(link,
		    struct name_server, link), worker, release, most - taken,
		    now_ms);
	}
	return taken;
}

uint32_t
name_servers_release(struct name_servers *servers, unsigned worker,
    uint32_t most, int64_t now_ms, struct buffer *input)
{
	const struct release release = {
		.held = HELD_NAMES, .input = input,
		.questions = domain_questions(
		    servers->options->mta_sts == CHOICE_YES),
	};

	return release_all(servers, worker, &release, most, now_ms);
}

uint32_t
name_servers_release_hosts(struct name_servers *servers, unsigned worker,
    uint32_t most, int64_t now_ms, struct list *hosts)
{
	const struct release release = {
		.held = HELD_HOSTS, .hosts = hosts,
		.questions = HOST_QUESTIONS,
	};

	return release_all(servers, worker, &release, most, now_ms);
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

/* Inserts the server at its place, if it has one. */
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
	/* The value comes from a worker, and may be nonsense. */
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
	struct name_server *server = name_servers_server(servers, name);

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
