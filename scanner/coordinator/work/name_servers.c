#include "scanner/coordinator/work/name_servers_internal.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/prefix.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/work/shares.h"

/* A bound for the memory that a worker's reports can take: no zone has more
 * servers. */
#define SERVERS_MAX	4000000
#define WAITING_MAX	1000000000	/* no worker has more names */
#define LOSS_SHARE	20	/* a loss of more than one in this many is too
				 * much */
#define SETTLE_MS	3000	/* earlier lost lookups are repeated
				 * meanwhile */
#define JUDGED_LEAST	50	/* lookups before the loss is judged */
#define WINDOW_ASKED	2000	/* lookups after which counting starts again */
#define FLOOR_SHARE	50	/* no rate is below this part of --dns-rate */
/* A proof that the network works is as old at most when another is asked
 * for. */
#define DOUBT_MS	60000
#define RECOVERY_MS	600000	/* without a loss, before the rate may grow */
#define RECOVERY_FACTOR	1.5
#define LOOK_MS		1000	/* between two looks at the shares */

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

/* What a worker begins with. */
static double
usual_rate(const struct name_servers *servers,
    const struct name_server *server)
{
	return (double)(server->is_prefix ? servers->options->dns_prefix_rate
	    : servers->options->dns_rate);
}

/* The rate without a loss. */
static double
full_rate(const struct name_servers *servers, const struct name_server *server)
{
	return server->budget > 0 ? server->budget
	    : usual_rate(servers, server);
}

/* NULL if the name is not an address. */
static struct name_server *
network_of(struct name_servers *servers, const char *name)
{
	char text[NETWORK_TEXT_MAX];

	return address_network_text(name, text)
	    ? name_servers_server(servers, text) : NULL;
}

struct name_server *
name_servers_server(struct name_servers *servers, const char *name)
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
	server = name_servers_server(servers, name);
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
		if (server->rate != usual_rate(servers, server) ||
		    server->shares != NULL)
			teller->tell(teller->tag, worker, server);
	}
}

void
name_servers_set_budget(struct name_servers *servers, const char *name,
    double budget)
{
	struct name_server *server = name_servers_server(servers, name);

	server->budget = server->rate = budget;
}

static void
take_up_rate(struct name_servers *servers, const char *name,
    double rate)
{
	(void)set_rate(servers, name_servers_server(servers, name), rate);
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
