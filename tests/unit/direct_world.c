#include "tests/unit/direct_world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/answer_builder.h"

#define PATIENCE_SECONDS 60.

static bool has_namespace;

static bool
write_file(const char *path, const char *text)
{
	int descriptor = open(path, O_WRONLY | O_CLOEXEC);
	bool is_good = descriptor >= 0 && write(descriptor, text,
	    strlen(text)) == (ssize_t)strlen(text);

	if (descriptor >= 0)
		close(descriptor);
	return is_good;
}

int
enter_namespace(void **state)
{
	struct ifreq request = { .ifr_name = "lo" };
	unsigned user = (unsigned)getuid();
	char map[64];
	int descriptor;

	(void)state;
	if (unshare(CLONE_NEWNET) != 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
			return 0;
		snprintf(map, sizeof map, "0 %u 1", user);
		if (!write_file("/proc/self/uid_map", map))
			return 0;
	}
	descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	request.ifr_flags = IFF_UP;
	has_namespace = descriptor >= 0 &&
	    ioctl(descriptor, SIOCSIFFLAGS, &request) == 0;
	if (descriptor >= 0)
		close(descriptor);
	return 0;
}

static bool
may_ask(void *tag, const struct address *address)
{
	const struct direct_world *world = tag;

	return address_compare(address, &world->forbidden) != 0;
}

static void
on_patience(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	(void)ev;
	(void)watcher;
	(void)revents;
	fail_msg("lookups are not done");
}

void
direct_world_open(struct direct_world *world,
    const struct direct_options *options)
{
	struct direct_options own = *options;

	if (!has_namespace)
		skip();
	*world = (struct direct_world){ .ev = ev_loop_new(EVFLAG_NOENV |
	    EVBACKEND_EPOLL) };
	own.may_ask = may_ask;
	own.tag = world;
	if (own.sockets == 0)
		own.sockets = DIRECT_SOCKETS;
	if (own.receive_bytes == 0)
		own.receive_bytes = DIRECT_RECEIVE_BYTES;
	world->direct = direct_new(world->ev, &own);
	ev_timer_init(&world->patience, on_patience, PATIENCE_SECONDS, 0);
	ev_timer_start(world->ev, &world->patience);
}

void
direct_world_close(struct direct_world *world)
{
	direct_free(world->direct);
	ev_timer_stop(world->ev, &world->patience);
	ev_loop_destroy(world->ev);
}

void
direct_world_run(struct direct_world *world)
{
	if (world->left > 0)
		ev_run(world->ev, 0);
	assert_int_equal(world->left, 0);
}

void
asker_add_server(struct asker *asker, const struct address *address)
{
	char name[48];

	/* Names do not matter: the servers do not say whose they are. */
	snprintf(name, sizeof name, "ns%zu.example", asker->servers.length);
	wire_put_text(&asker->servers, name);
	wire_put_number(&asker->servers, address != NULL, 1);
	if (address != NULL)
		address_put(&asker->servers, address);
}

static void
on_done(struct lookup *lookup)
{
	struct asker *asker = list_entry(lookup, struct asker, lookup);
	struct answer_walk walk;

	asker->done++;
	assert_false(lookup_is_busy(lookup));
	asker->answer = *lookup->answer;
	asker->answer.packet = NULL;
	asker->records = 0;
	if (answer_open(lookup, &walk))
		while (answer_next(lookup, &walk))
			asker->records++;
	if (--asker->world->left == 0)
		ev_break(asker->world->ev, EVBREAK_ALL);
}

void
asker_ask(struct asker *asker, struct direct_world *world)
{
	asker_ask_about(asker, world, asker->name, DNS_MX);
}

void
asker_ask_about(struct asker *asker, struct direct_world *world,
    const char *text, uint16_t type)
{
	struct buffer name = { 0 };

	asker->world = world;
	asker->delegation.name = asker->name;
	asker->delegation.servers = asker->servers.bytes;
	asker->delegation.length = asker->servers.length;
	answer_name(&name, text);
	world->left++;
	lookup_start(&asker->lookup, direct_lane(world->direct),
	    &asker->delegation, name.bytes, type, on_done);
	/* Never from inside. */
	assert_int_equal(asker->done, 0);
	buffer_fini(&name);
}

void
assert_found(const struct asker *asker)
{
	const struct answer *answer = &asker->answer;

	assert_int_equal(asker->done, 1);
	assert_int_equal(answer->verdict, VERDICT_ANSWERED);
	assert_int_equal(answer->status, LOOKUP_FOUND);
	assert_int_equal(answer->dnssec, DNSSEC_INSECURE);
	assert_int_equal(answer->lane, LANE_DIRECT);
	assert_int_equal(answer->count, 1);
	assert_int_equal(asker->records, 1);
}

void
asker_fini(struct asker *asker)
{
	buffer_fini(&asker->servers);
}
