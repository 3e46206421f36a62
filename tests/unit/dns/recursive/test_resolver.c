/* The contract of lookup.h, kept by the real libunbound. All questions are for
 * names that its configuration answers, and it may ask nobody: no packet leaves.
 *
 * libunbound answers such questions inside ub_resolve_event(), from one buffer
 * for all: what is not copied at once is overwritten by the next question. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/dns/lookup.h"
#include "scanner/dns/recursive/resolver.h"

#define DOMAINS	40
#define HOSTS	5		/* of a domain, at most */
#define LOOP	2000

struct world {
	struct ev_loop	*ev;
	struct resolver	*resolver;
	char		 file[32];
};

/* dN.lab has N % HOSTS + 1 MX records, N*10 and on, to hosts in its own name. */
static void
write_configuration(FILE *file)
{
	fprintf(file, "server:\n"
	    "  do-not-query-address: 0.0.0.0/0\n"
	    "  do-not-query-address: ::/0\n"
	    "  local-zone: \"lab.\" static\n");
	for (unsigned domain = 0; domain < DOMAINS; domain++)
		for (unsigned host = 0; host <= domain % HOSTS; host++)
			fprintf(file, "  local-data: \"d%u.lab. 60 MX %u "
			    "mx%u.d%u.lab.\"\n", domain, domain * 10 + host,
			    host, domain);
}

static void
open_world(struct world *world, unsigned window)
{
	struct resolver_options options = {
		.use_ipv4 = true, .window = window, .sockets = 32,
	};
	char why[256] = "";
	FILE *file;
	int descriptor;

	strcpy(world->file, "/tmp/test_resolver.XXXXXX");
	descriptor = mkstemp(world->file);
	assert_true(descriptor >= 0);
	file = fdopen(descriptor, "w");
	assert_non_null(file);
	write_configuration(file);
	assert_int_equal(fclose(file), 0);
	options.resolver_conf = world->file;
	world->ev = ev_loop_new(EVFLAG_NOENV | EVBACKEND_EPOLL);
	world->resolver = resolver_new(world->ev, &options, why);
	if (world->resolver == NULL)
		fail_msg("%s", why);
}

static void
close_world(struct world *world)
{
	resolver_free(world->resolver);
	ev_loop_destroy(world->ev);
	unlink(world->file);
}

struct asker {
	struct lookup	 lookup;
	struct world	*world;
	unsigned	 domain;
	unsigned	 done;		/* how often */
	struct asker	*next;		/* asked in the midst of reading */
};

static void on_done(struct lookup *);

static void
ask(struct asker *asker)
{
	uint8_t name[NAME_WIRE_MAX];
	char text[32];
	size_t length;

	snprintf(text, sizeof text, "d%u.lab", asker->domain);
	assert_int_equal(name_from_text(text, strlen(text), name, &length),
	    NAME_OK);
	lookup_start(&asker->lookup, resolver_lane(asker->world->resolver),
	    NULL, name, DNS_MX, on_done);
	/* Never from inside. */
	assert_int_equal(asker->done, 0);
}

/* Every record is the domain's own, and another is asked behind the first. */
static void
on_done(struct lookup *lookup)
{
	struct asker *asker = list_entry(lookup, struct asker, lookup);
	struct answer_walk walk;
	unsigned seen = 0;

	asker->done++;
	assert_int_equal(lookup->answer->status, LOOKUP_FOUND);
	assert_int_equal(lookup->answer->count, asker->domain % HOSTS + 1);
	assert_true(answer_open(lookup, &walk));
	for (unsigned i = 0; i < lookup->answer->count; i++) {
		unsigned preference;

		assert_true(answer_next(lookup, &walk));
		assert_in_range(walk.record.rdata_length, 3, NAME_WIRE_MAX);
		preference = (unsigned)walk.record.rdata[0] << 8 |
		    walk.record.rdata[1];
		assert_in_range(preference, asker->domain * 10,
		    asker->domain * 10 + asker->domain % HOSTS);
		seen |= 1u << preference % 10;
		if (i == 0 && asker->next != NULL)
			ask(asker->next);
	}
	assert_int_equal(seen, (1u << (asker->domain % HOSTS + 1)) - 1);
}

/* All are asked before any is read. */
static void
own_packets(void **state)
{
	static struct asker askers[DOMAINS];
	struct world world;

	(void)state;
	open_world(&world, DOMAINS);
	for (unsigned i = 0; i < DOMAINS; i++) {
		askers[i] = (struct asker){ .world = &world, .domain = i };
		ask(&askers[i]);
	}
	ev_run(world.ev, 0);
	for (unsigned i = 0; i < DOMAINS; i++)
		assert_int_equal(askers[i].done, 1);
	close_world(&world);
}

/* One after the other, each from the midst of the one before; were they calls
 * inside calls, the stack would tell. */
static void
asked_while_read(void **state)
{
	static struct asker askers[LOOP];
	struct resolver_counts counts;
	struct world world;

	(void)state;
	open_world(&world, 1);
	for (unsigned i = 0; i < LOOP; i++)
		askers[i] = (struct asker){
			.world = &world, .domain = i % DOMAINS,
			.next = i + 1 < LOOP ? &askers[i + 1] : NULL,
		};
	ask(&askers[0]);
	ev_run(world.ev, 0);
	for (unsigned i = 0; i < LOOP; i++)
		assert_int_equal(askers[i].done, 1);
	resolver_count(world.resolver, &counts);
	assert_int_equal(counts.asked, LOOP);
	assert_int_equal(counts.in_flight, 0);
	assert_int_equal(counts.waiting, 0);
	close_world(&world);
}

/* Whatever its state, a lookup that was cancelled says nothing. */
static void
cancelled(void **state)
{
	struct asker askers[3];
	struct world world;

	(void)state;
	open_world(&world, 1);
	for (unsigned i = 0; i < 3; i++)
		askers[i] = (struct asker){ .world = &world, .domain = i };
	ask(&askers[0]);
	ask(&askers[1]);
	lookup_cancel(&askers[0].lookup);	/* the head of those that wait */
	lookup_cancel(&askers[0].lookup);
	assert_false(lookup_is_busy(&askers[0].lookup));
	ask(&askers[2]);
	ev_run(world.ev, EVRUN_ONCE);		/* one is answered, not read */
	lookup_cancel(&askers[1].lookup);
	ev_run(world.ev, 0);
	assert_int_equal(askers[0].done, 0);
	assert_int_equal(askers[1].done, 0);
	assert_int_equal(askers[2].done, 1);
	lookup_cancel(&askers[2].lookup);
	close_world(&world);
}

/* Lookups that wait when the resolver is freed are dropped without a
 * callback. */
static void
freed_with_questions(void **state)
{
	struct asker askers[2];
	struct world world;

	(void)state;
	open_world(&world, 1);
	for (unsigned i = 0; i < 2; i++) {
		askers[i] = (struct asker){ .world = &world, .domain = i };
		ask(&askers[i]);
	}
	close_world(&world);
	assert_int_equal(askers[0].done + askers[1].done, 0);
	assert_false(lookup_is_busy(&askers[0].lookup));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_packets),
		cmocka_unit_test(asked_while_read),
		cmocka_unit_test(cancelled),
		cmocka_unit_test(freed_with_questions),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
