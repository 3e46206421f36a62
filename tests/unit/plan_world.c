#include "tests/unit/plan_world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/name.h"
#include "scanner/plan/wanted.h"

void
plan_world_begin(struct plan_world *world, uint64_t bucket_bytes)
{
	*world = (struct plan_world){ .plan = { .names = -1 } };
	strcpy(world->path, "/tmp/mxcensus-plan-XXXXXX");
	assert_non_null(mkdtemp(world->path));
	assert_int_equal(folder_open(&world->folder, world->path), FOLDER_OK);
	world->plan.sources = world->sources;
	world->planner = (struct planner){
		.plan = &world->plan, .folder = &world->folder,
		.options = &world->options, .bucket_bytes = bucket_bytes,
		.suffixes = suffix_list_open(),
	};
	assert_true(buckets_open(&world->planner));
}

static size_t
wire_of(const char *text, uint8_t wire[NAME_WIRE_MAX])
{
	size_t length;

	assert_int_equal(name_from_text(text, strlen(text), wire, &length),
	    NAME_OK);
	return length;
}

void
plan_world_file(struct plan_world *world, uint32_t source, const char *apex,
    uint32_t serial)
{
	strcpy(world->apexes[source], apex);
	world->sources[source].apex = world->apexes[source];
	world->sources[source].serial = serial;
	world->planner.source = source;
}

void
plan_world_delegations(struct plan_world *world, uint32_t source,
    const char *apex, uint32_t serial)
{
	world->sources[source].is_delegations = true;
	if (world->planner.wanted == NULL)
		world->planner.wanted = wanted_new();
	plan_world_file(world, source, apex, serial);
}

void
plan_world_name(struct plan_world *world, const char *name, uint64_t rank)
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t length = wire_of(name, wire);

	planner_name(&world->planner, wire, length, rank);
}

static void
say(struct plan_world *world, struct delegation_record *found,
    const char *owner)
{
	uint8_t wire[NAME_WIRE_MAX], apex[NAME_WIRE_MAX];

	found->owner = wire;
	found->owner_length = wire_of(owner, wire);
	(void)wire_of(world->apexes[world->planner.source], apex);
	found->apex = apex;
	planner_delegation(&world->planner, found);
}

void
plan_world_ns(struct plan_world *world, const char *owner, const char *server)
{
	uint8_t wire[NAME_WIRE_MAX];
	struct delegation_record found = {
		.kind = DELEGATION_NS, .server = wire,
		.server_length = wire_of(server, wire),
	};

	say(world, &found, owner);
}

void
plan_world_ds(struct plan_world *world, const char *owner, uint8_t algorithm)
{
	static const uint8_t digest[32] = { 1 };

	plan_world_ds_record(world, owner, 86400, &(struct ds_record){
	    .algorithm = algorithm, .digest_type = 2, .digest = digest,
	    .digest_length = sizeof digest });
}

void
plan_world_ds_record(struct plan_world *world, const char *owner,
    uint32_t ttl, const struct ds_record *ds)
{
	struct delegation_record found = {
		.kind = DELEGATION_DS, .ttl = ttl, .ds = *ds,
	};

	say(world, &found, owner);
}

void
plan_world_ds_signature(struct plan_world *world, const char *owner,
    const uint8_t *rdata, size_t length)
{
	struct delegation_record found = {
		.kind = DELEGATION_DS_SIGNATURE, .signature = rdata,
		.signature_length = length,
	};

	say(world, &found, owner);
}

void
plan_world_glue(struct plan_world *world, const char *owner, const char *text)
{
	struct address address;
	struct delegation_record found = { .kind = DELEGATION_GLUE };

	assert_true(address_from_text(text, strlen(text), &address));
	found.family = address.family;
	found.address = address.bytes;
	say(world, &found, owner);
}

void
plan_world_end(struct plan_world *world)
{
	struct planner *planner = &world->planner;

	assert_false(planner->failed);
	assert_true(plan_sort(planner));
	world->plan.names = folder_read(&world->folder, NAMES_FILE);
	world->plan.servers = plan_servers_open(&world->folder);
	assert_non_null(world->plan.servers);
	for (uint64_t i = 0; i < world->plan.chunk_count; i++)
		assert_true(plan_read_chunk(&world->plan,
		    &world->plan.chunks[i], &world->items));
	buckets_close(planner);
	buffer_fini(&planner->record);
	suffix_list_free(planner->suffixes);
}

bool
plan_world_find(const struct plan_world *world, const char *name,
    struct domain_item *item)
{
	struct wire wire = { world->items.bytes, world->items.bytes +
	    world->items.length, false };

	while (wire.at < wire.end && domain_item_get(&wire, item))
		if (strcmp(item->name, name) == 0)
			return true;
	return false;
}

struct domain_item
plan_world_item(const struct plan_world *world, const char *name)
{
	struct domain_item item;

	if (!plan_world_find(world, name, &item))
		fail_msg("%s is not in the plan", name);
	return item;
}

const char *
plan_world_servers(const struct plan_world *world, const char *name)
{
	static char text[2048];
	struct domain_item item = plan_world_item(world, name);
	struct plan_host host;
	struct plan_set set;
	size_t at = 0;

	text[0] = '\0';
	/* They are in the set alone. */
	assert_int_equal(item.servers_length, 0);
	if (!plan_set(world->plan.servers, item.set_id, &set))
		return text;
	for (unsigned i = 0; i < set.host_count; i++) {
		assert_true(plan_host(world->plan.servers, set.hosts[i],
		    &host));
		at += (size_t)snprintf(text + at, sizeof text - at, "%s%s",
		    i > 0 ? " " : "", host.name);
		for (unsigned a = 0; a < host.address_count; a++) {
			char address[ADDRESS_TEXT_MAX];

			address_to_text(&host.addresses[a], address);
			at += (size_t)snprintf(text + at, sizeof text - at,
			    "=%s", address);
		}
	}
	return text;
}

uint32_t
plan_world_names_of_host(const struct plan_world *world, const char *name)
{
	struct plan_host host;

	for (uint32_t i = 1; plan_host(world->plan.servers, i, &host); i++)
		if (strcmp(host.name, name) == 0)
			return host.names;
	return 0;
}

void
plan_world_free(struct plan_world *world)
{
	struct folder parent = { .descriptor = AT_FDCWD };

	free(world->plan.chunks);
	close(world->plan.names);
	plan_servers_close(world->plan.servers);
	buffer_fini(&world->items);
	folder_close(&world->folder);
	assert_true(folder_remove_tree(&parent, world->path));
}
