#include "scanner/worker/parent_question.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/direct.h"
#include "scanner/dns/direct/referral.h"
#include "scanner/worker/parents.h"
#include "scanner/worker/server_addresses.h"
#include "scanner/worker/worker.h"

/* The name servers of a delegation whose addresses are asked for: whoever has it
 * chooses their names, and must not choose how much is asked (CVE-2020-12662). */
#define LOOKED_MAX	4

struct parent_question {
	struct worker	*worker;
	const char	*name;
	void		(*done)(void *tag);
	void		*tag;
	struct parent	*parent;
	struct parent_wait parent_wait;
	struct parent_view *view;	/* held while it is asked */
	struct delegation delegation;	/* the view's, but this name chooses the
					 * first server */
	struct lookup	 lookup;
	struct referral	 referral;
	struct buffer	 servers;	/* with all known addresses */
	bool		 has_address;	/* one of them */
	struct awaited {
		struct server_wait	 wait;
		struct parent_question	*question;
	}		 awaited[LOOKED_MAX];
	unsigned	 awaited_count;
	unsigned	 waiting;	/* of these */
};

static void
stop_waiting(struct parent_question *question)
{
	for (unsigned i = 0; i < question->awaited_count; i++)
		server_wait_cancel(&question->awaited[i].wait);
	question->awaited_count = question->waiting = 0;
}

void
parent_question_free(struct parent_question *question)
{
	if (question == NULL)
		return;
	parent_wait_cancel(&question->parent_wait);
	lookup_cancel(&question->lookup);
	parent_release(question->view);
	stop_waiting(question);
	referral_fini(&question->referral);
	buffer_fini(&question->servers);
	free(question);
}

/* Name servers ************************************************************ */

static void on_server(struct server_wait *);

static void
await_server(struct parent_question *question, const char *server)
{
	struct awaited *awaited =
	    &question->awaited[question->awaited_count++];

	awaited->question = question;
	awaited->wait = (struct server_wait){ .done = on_server };
	server_addresses_await(question->worker->server_addresses, server,
	    &awaited->wait);
	question->waiting++;
}

static bool
has_glue(const struct delegation *delegation)
{
	struct delegation_walk walk;
	bool has_some = false;

	delegation_open(delegation, &walk);
	while (!has_some && delegation_next(&walk))
		has_some = walk.glue > 0;
	return has_some;
}

/* L48: copies the servers of the referral, each with its glue. If none has glue,
 * the first ones have what is known of them. */
static void
put_servers(struct parent_question *question, bool may_wait)
{
	const struct delegation delegation = {
		.servers = question->referral.servers.bytes,
		.length = question->referral.servers.length,
	};
	unsigned looks = has_glue(&delegation) ? 0 : LOOKED_MAX;
	struct delegation_walk walk;

	question->servers.length = 0;
	delegation_open(&delegation, &walk);
	while (delegation_next(&walk)) {
		uint64_t left = walk.glue;
		enum server_state state = SERVER_UNKNOWN;
		struct address address;

		wire_put_text(&question->servers, walk.server);
		if (left > 0) {
			wire_put_number(&question->servers, left, 1);
			state = SERVER_KNOWN;
		} else if (looks > 0) {
			looks--;
			state = server_addresses_look(
			    question->worker->server_addresses, walk.server,
			    &question->servers);
		}
		while (delegation_next_glue(&walk, &address))
			address_put(&question->servers, &address);
		if (state == SERVER_KNOWN)
			question->has_address = true;
		else
			wire_put_number(&question->servers, 0, 1);
		if (state == SERVER_ASKED && may_wait)
			await_server(question, walk.server);
	}
}

/* One server with an address is enough. */
static void
on_server(struct server_wait *wait)
{
	struct parent_question *question = list_entry(wait, struct awaited,
	    wait)->question;

	question->waiting--;
	put_servers(question, false);
	if (!question->has_address && question->waiting > 0)
		return;
	stop_waiting(question);
	question->done(question->tag);
}

/* The referral ************************************************************ */

/* L47. */
static bool
read_referral(struct parent_question *question)
{
	const struct parent_view *view = question->view;
	const struct answer *answer = question->lookup.answer;
	struct secure_check check = {
		.zone = view->apex, .now_s = clock_wall_ms() / 1000,
	};

	return answer->verdict == VERDICT_ANSWERED && referral_read(
	    &question->referral, &check, view->is_signed ? &view->keys : NULL,
	    question->lookup.name, answer->packet, answer->packet_length) ==
	    ODDITY_NONE;
}

static void
on_referral(struct lookup *lookup)
{
	struct parent_question *question = list_entry(lookup,
	    struct parent_question, lookup);

	if (read_referral(question))
		put_servers(question, true);
	if (question->has_address)
		stop_waiting(question);
	if (question->waiting == 0)
		question->done(question->tag);
}

static void
ask(struct parent_question *question)
{
	const struct item_servers servers = {
		.bytes = question->view->delegation.servers,
		.length = question->view->delegation.length,
	};
	uint8_t name[NAME_WIRE_MAX];
	size_t length;

	(void)name_from_text(question->name, strlen(question->name), name,
	    &length);
	question->delegation = question->view->delegation;
	(void)servers_index(servers, question->name,
	    &question->delegation.first);
	lookup_start(&question->lookup,
	    direct_referral_lane(question->worker->direct),
	    &question->delegation, name, DNS_NS, on_referral);
}

static void
on_parent(struct parent_wait *wait)
{
	struct parent_question *question = list_entry(wait,
	    struct parent_question, parent_wait);

	switch (parent_state(question->parent)) {
	case PARENT_OPEN:
		question->view = parent_hold(question->parent);
		ask(question);
		break;
	case PARENT_ASKED:
		parent_await(question->parent, wait);
		break;
	case PARENT_CLOSED:
		question->done(question->tag);
		break;
	}
}

struct parent_question *
parent_question_new(struct worker *worker, const char *name,
    void (*done)(void *tag), void *tag)
{
	struct parent_question *question;
	struct parent *parent;

	if (worker->parents == NULL ||
	    suffix_registrable(worker->suffixes, name) != name)
		return NULL;
	parent = parents_of(worker->parents, name);
	if (parent == NULL || parent_state(parent) == PARENT_CLOSED)
		return NULL;
	question = xcalloc(1, sizeof *question);
	question->worker = worker;
	question->name = name;
	question->done = done;
	question->tag = tag;
	question->parent = parent;
	question->parent_wait.done = on_parent;
	on_parent(&question->parent_wait);
	return question;
}

bool
parent_question_has_delegation(const struct parent_question *question,
    struct item_servers *servers, struct item_ds *ds)
{
	if (!question->has_address)
		return false;
	*servers = (struct item_servers){
		question->servers.bytes, question->servers.length,
	};
	*ds = (struct item_ds){
		.records = question->referral.ds.bytes,
		.length = question->referral.ds.length,
		.ttl = question->referral.ds_ttl,
	};
	return true;
}
