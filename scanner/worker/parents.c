#include "scanner/worker/parents.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/name.h"
#include "scanner/base/clock.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"
#include "scanner/dns/lookup.h"
#include "scanner/worker/server_addresses.h"
#include "scanner/worker/worker.h"

#define LOOK_MS		(600 * INT64_C(1000))
/* Until the next look at a zone that may not be asked: it may have been a
 * packet that was lost. */
#define CLOSED_MS	(60 * INT64_C(1000))
/* More than there are public suffixes. */
#define PARENTS_MAX	20000
#define SERVERS_MAX	32

/* A look at a zone: first the recursive lane is asked about its apex, then for
 * the addresses of its name servers. */
struct look {
	struct parent	*parent;
	struct lookup	 soa, dnskey, ns;
	enum lookup_status status;	/* of SOA */
	enum dnssec	 dnssec, ns_dnssec;	/* of SOA and of NS */
	bool		 has_keys;	/* known, or known to be insecure */
	struct parent_view *view;	/* that is being made */
	unsigned	 server_count;
	char		*servers[SERVERS_MAX];	/* owned texts */
	struct server_wait wait;	/* for one of them */
};

struct parent {
	struct parents	*parents;
	const char	*name;		/* of the map */
	struct parent	*above;		/* the name is an empty non-terminal of
					 * this zone; NULL: it is not */
	struct parent_view *view;	/* held; NULL: it may not be asked */
	struct look	*look;		/* NULL: there is none now */
	int64_t		 until_ms;	/* monotonic: the next look */
	struct list	 waits;
};

struct parents {
	struct worker	*worker;
	struct map	*by_name;
};

/* Views ******************************************************************* */

static struct parent_view *
view_new(const char *name)
{
	struct parent_view *view = xcalloc(1, sizeof *view);
	size_t length;

	view->holders = 1;
	view->delegation.name = name;
	(void)name_from_text(name, strlen(name), view->apex, &length);
	return view;
}

struct parent_view *
parent_hold(struct parent *parent)
{
	if (parent->above != NULL)
		return parent_hold(parent->above);
	parent->view->holders++;
	return parent->view;
}

void
parent_release(struct parent_view *view)
{
	if (view == NULL || --view->holders > 0)
		return;
	if (view->is_signed)
		secure_keys_free(&view->keys);
	buffer_fini(&view->servers);
	free(view);
}

/* A look ****************************************************************** */

static void
look_free(struct look *look)
{
	if (look == NULL)
		return;
	lookup_cancel(&look->soa);
	lookup_cancel(&look->dnskey);
	lookup_cancel(&look->ns);
	server_wait_cancel(&look->wait);
	for (unsigned i = 0; i < look->server_count; i++)
		free(look->servers[i]);
	parent_release(look->view);
	free(look);
}

/* The look is over, and these are its result. */
static void
end_look(struct parent *parent, struct parent_view *view,
    struct parent *above)
{
	struct list waits;

	look_free(parent->look);
	parent->look = NULL;
	parent_release(parent->view);
	parent->view = view;
	parent->above = above;
	if (view == NULL && above == NULL)
		parent->until_ms = clock_monotonic_ms() + CLOSED_MS;
	list_init(&waits);
	while (!list_is_empty(&parent->waits))
		list_append(&waits, list_take(&parent->waits));
	while (!list_is_empty(&waits)) {
		struct parent_wait *wait = list_entry(list_take(&waits),
		    struct parent_wait, link);

		wait->done(wait);
	}
}

/* Waits until the addresses of all its name servers are known, or cannot be:
 * all names of the zone are asked for at these. */
static void
take_servers(struct look *look)
{
	struct parent *parent = look->parent;
	struct server_addresses *addresses =
	    parent->parents->worker->server_addresses;
	struct parent_view *view = look->view;
	const char *asked = NULL;
	unsigned known = 0;

	view->servers.length = 0;
	for (unsigned i = 0; i < look->server_count; i++) {
		enum server_state state;

		wire_put_text(&view->servers, look->servers[i]);
		state = server_addresses_look(addresses, look->servers[i],
		    &view->servers);
		known += state == SERVER_KNOWN;
		if (state != SERVER_KNOWN)
			wire_put_number(&view->servers, 0, 1);
		if (state == SERVER_ASKED)
			asked = look->servers[i];
	}
	if (asked != NULL) {
		server_addresses_await(addresses, asked, &look->wait);
		return;
	}
	view->delegation.servers = view->servers.bytes;
	view->delegation.length = view->servers.length;
	if (known > 0)
		look->view = NULL;
	end_look(parent, known > 0 ? view : NULL, NULL);
}

static void
on_server(struct server_wait *wait)
{
	take_servers(list_entry(wait, struct look, wait));
}

static struct parent *parent_at(struct parents *, const char *zone);

/* The name of the zone is that of no zone: the one around it counts. */
static void
go_above(struct look *look)
{
	struct parent *parent = look->parent;
	const char *dot = strchr(parent->name, '.');

	end_look(parent, NULL, dot != NULL ? parent_at(parent->parents,
	    dot + 1) : NULL);
}

/* L46: the zone has an apex, and is either secure or insecure. */
static void
on_apex(struct look *look)
{
	enum dnssec expected = look->view->is_signed ? DNSSEC_SECURE
						     : DNSSEC_INSECURE;
	bool is_sound = look->has_keys && look->server_count > 0 &&
	    look->dnssec == expected && look->ns_dnssec == expected;

	if (lookup_is_busy(&look->soa) || lookup_is_busy(&look->dnskey) ||
	    lookup_is_busy(&look->ns))
		return;
	if (look->status == LOOKUP_NODATA)
		go_above(look);
	else if (look->status == LOOKUP_FOUND && is_sound)
		take_servers(look);
	else
		end_look(look->parent, NULL, NULL);
}

static void
on_soa(struct lookup *lookup)
{
	struct look *look = list_entry(lookup, struct look, soa);

	look->status = lookup->answer->has_cname ? LOOKUP_SERVFAIL
						 : lookup->answer->status;
	look->dnssec = lookup->answer->dnssec;
	on_apex(look);
}

/* A zone without DNSKEY records can only be insecure. */
static void
on_dnskey(struct lookup *lookup)
{
	struct look *look = list_entry(lookup, struct look, dnskey);
	const struct answer *answer = lookup->answer;
	struct parent_view *view = look->view;

	if (answer->dnssec == DNSSEC_SECURE)
		look->has_keys = view->is_signed =
		    answer->status == LOOKUP_FOUND && secure_keys_take(
		    &view->keys, answer->packet, answer->packet_length,
		    view->apex);
	else
		look->has_keys = answer->dnssec == DNSSEC_INSECURE &&
		    (answer->status == LOOKUP_FOUND ||
		    answer->status == LOOKUP_NODATA);
	on_apex(look);
}

static void
on_ns(struct lookup *lookup)
{
	struct look *look = list_entry(lookup, struct look, ns);
	struct answer_walk walk;
	uint8_t server[NAME_WIRE_MAX];
	char text[NAME_TEXT_MAX];

	look->ns_dnssec = lookup->answer->dnssec;
	if (lookup->answer->status == LOOKUP_FOUND &&
	    !lookup->answer->has_cname && answer_open(lookup, &walk))
		while (look->server_count < SERVERS_MAX &&
		    answer_next(lookup, &walk))
			if (dns_record_name(&walk.message, &walk.record,
			    server)) {
				name_to_text(server, text);
				look->servers[look->server_count++] =
				    xstrdup(text);
			}
	on_apex(look);
}

static void
begin_look(struct parent *parent)
{
	struct lane *lane = worker_lane(parent->parents->worker, ASK_DOMAIN);
	struct look *look = parent->look = xcalloc(1, sizeof *look);

	parent->until_ms = clock_monotonic_ms() + LOOK_MS;
	look->parent = parent;
	look->wait.done = on_server;
	look->view = view_new(parent->name);
	lookup_start(&look->soa, lane, NULL, look->view->apex, DNS_SOA,
	    on_soa);
	lookup_start(&look->dnskey, lane, NULL, look->view->apex, DNS_DNSKEY,
	    on_dnskey);
	lookup_start(&look->ns, lane, NULL, look->view->apex, DNS_NS, on_ns);
}

/* Zones ******************************************************************* */

/* While a zone is looked at again, what was known of it counts. */
static struct parent *
parent_at(struct parents *parents, const char *zone)
{
	struct parent *parent = map_get(parents->by_name, zone);
	void **place;

	if (parent == NULL) {
		if (map_count(parents->by_name) >= PARENTS_MAX)
			return NULL;
		parent = xcalloc(1, sizeof *parent);
		place = map_place(parents->by_name, zone, &parent->name);
		*place = parent;
		parent->parents = parents;
		list_init(&parent->waits);
	}
	if (parent->look == NULL && clock_monotonic_ms() >= parent->until_ms)
		begin_look(parent);
	if (parent->above != NULL)
		(void)parent_at(parents, parent->above->name);
	return parent;
}

struct parent *
parents_of(struct parents *parents, const char *name)
{
	const char *dot = strchr(name, '.');

	return dot != NULL ? parent_at(parents, dot + 1) : NULL;
}

enum parent_state
parent_state(const struct parent *parent)
{
	if (parent->above != NULL)
		return parent_state(parent->above);
	if (parent->view != NULL)
		return PARENT_OPEN;
	return parent->look != NULL ? PARENT_ASKED : PARENT_CLOSED;
}

void
parent_await(struct parent *parent, struct parent_wait *wait)
{
	if (parent->above != NULL) {
		parent_await(parent->above, wait);
		return;
	}
	list_init(&wait->link);
	list_append(&parent->waits, &wait->link);
}

void
parent_wait_cancel(struct parent_wait *wait)
{
	if (wait->link.next != NULL)
		list_remove(&wait->link);
}

struct parents *
parents_new(struct worker *worker)
{
	struct parents *parents = xcalloc(1, sizeof *parents);

	parents->worker = worker;
	parents->by_name = map_new();
	return parents;
}

void
parents_free(struct parents *parents)
{
	const char *name;
	void *value;
	size_t index = 0;

	if (parents == NULL)
		return;
	while (map_next(parents->by_name, &index, &name, &value)) {
		struct parent *parent = value;

		look_free(parent->look);
		parent_release(parent->view);
		free(parent);
	}
	map_free(parents->by_name);
	free(parents);
}
