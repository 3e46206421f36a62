#include "scanner/plan/heavy.h"

#include <stdlib.h>
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/plan/interrupt.h"
#include "scanner/plan/load.h"
#include "scanner/plan/merge.h"

/* A delay that a worker can absorb anyway does not make a set heavy. */
#define SECONDS_LEAST	10.0
/* Each has a file open while the names are moved. */
#define SETS_MOST	128
/* A chunk takes no longer than this even if the rate is low, since it is
 * committed as a whole. */
#define CHUNK_SECONDS	60
#define CHUNK_LEAST	64

struct heavy_set {
	uint32_t	 number;
	double		 seconds;
	struct writer	 writer;	/* to a file without a name */
};

struct heavy {
	struct heavy_set sets[SETS_MOST];
	size_t		 count;
	/* By the number of a set: its place in `sets`, from 1; 0: it is not
	 * heavy. */
	uint8_t		*place;
	struct writer	 rest;
	struct plan_servers *servers;
};

/* Which ******************************************************************** */

static int
compare_sets(const void *a, const void *b)
{
	const struct heavy_set *x = a, *y = b;

	if (x->seconds != y->seconds)
		return x->seconds > y->seconds ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* Keeps the sets that need the most time, which come first. */
static void
add(struct heavy *heavy, uint32_t number, double seconds)
{
	if (heavy->count == SETS_MOST) {
		if (seconds <= heavy->sets[SETS_MOST - 1].seconds)
			return;
		heavy->count--;
	}
	heavy->sets[heavy->count++] = (struct heavy_set){
		.number = number, .seconds = seconds,
	};
	if (heavy->count == SETS_MOST)
		qsort(heavy->sets, heavy->count, sizeof *heavy->sets,
		    compare_sets);
}

/* How many names go into a chunk of a set. */
static uint32_t
names_of_chunk(const struct plan_servers *servers,
    const struct heavy_set *heavy_set)
{
	struct plan_set set = { .names = 0 };
	double names;

	(void)plan_set(servers, heavy_set->number, &set);
	names = CHUNK_SECONDS * set.names / heavy_set->seconds;
	return names < CHUNK_LEAST ? CHUNK_LEAST
	    : names > CHUNK_NAMES ? CHUNK_NAMES : (uint32_t)names;
}

static void
find(struct heavy *heavy, const struct planner *planner)
{
	double least = (double)planner->plan->counts.domains /
	    PLAN_NAMES_A_SECOND;

	if (least < SECONDS_LEAST)
		least = SECONDS_LEAST;
	for (uint32_t i = 1; i <= plan_sets(heavy->servers); i++) {
		double seconds;

		/* Most sets have few names. */
		if (plan_set_most_seconds(heavy->servers, i,
		    planner->options) <= least)
			continue;
		seconds = plan_set_seconds(heavy->servers, i,
		    planner->options);
		if (seconds > least)
			add(heavy, i, seconds);
	}
	qsort(heavy->sets, heavy->count, sizeof *heavy->sets, compare_sets);
	heavy->place = xcalloc(plan_sets(heavy->servers) + 1, 1);
	for (size_t i = 0; i < heavy->count; i++) {
		heavy->place[heavy->sets[i].number] = (uint8_t)(i + 1);
		heavy->sets[i].writer.chunk_names = names_of_chunk(
		    heavy->servers, &heavy->sets[i]);
	}
}

/* Moving ******************************************************************* */

static void
deal(struct heavy *heavy, const struct buffer *items)
{
	struct wire wire = { items->bytes, items->bytes + items->length,
	    false };
	struct domain_item item;
	const uint8_t *from = wire.at;

	while (wire.at < wire.end && domain_item_get(&wire, &item)) {
		uint8_t place = item.set_id <= plan_sets(heavy->servers)
		    ? heavy->place[item.set_id] : 0;

		writer_put(place == 0 ? &heavy->rest
		    : &heavy->sets[place - 1].writer,
		    place == 0 ? 0 : item.set_id, from,
		    (size_t)(wire.at - from));
		from = wire.at;
	}
}

/* Appends the names of a heavy set to what is written. */
static bool
append(struct writer *writer, struct writer *set)
{
	char bytes[65536];
	size_t length;

	if (fflush(set->file) != 0)
		return false;
	rewind(set->file);
	while ((length = fread(bytes, 1, sizeof bytes, set->file)) > 0)
		if (fwrite(bytes, length, 1, writer->file) != 1)
			return false;
	writer->chunks = xreallocarray(writer->chunks, writer->count +
	    set->count + 1, sizeof *writer->chunks);
	for (uint64_t i = 0; i < set->count; i++) {
		struct chunk *chunk = &writer->chunks[writer->count++];

		*chunk = set->chunks[i];
		chunk->offset += writer->offset;
	}
	writer->offset += set->offset;
	return !ferror(set->file);
}

static bool
deal_all(struct heavy *heavy, const struct plan *plan)
{
	struct buffer items = { 0 };
	bool good = true;

	for (uint64_t i = 0; i < plan->chunk_count && good; i++) {
		items.length = 0;
		good = !interrupt_has_come() &&
		    plan_read_chunk(plan, &plan->chunks[i], &items);
		if (good)
			deal(heavy, &items);
	}
	buffer_fini(&items);
	return good;
}

/* The old file can still be read while the new one takes its name. */
static bool
open_files(struct heavy *heavy, struct planner *planner)
{
	int descriptor;

	planner->plan->names = folder_read(planner->folder, NAMES_FILE);
	if (planner->plan->names < 0)
		return false;
	descriptor = own_file_create(planner->folder->descriptor, NAMES_FILE);
	heavy->rest.file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
	if (heavy->rest.file == NULL) {
		if (descriptor >= 0)
			close(descriptor);
		return false;
	}
	for (size_t i = 0; i < heavy->count; i++) {
		heavy->sets[i].writer.file = bucket_nameless(planner);
		if (heavy->sets[i].writer.file == NULL)
			return false;
	}
	return true;
}

static bool
move(struct heavy *heavy, struct planner *planner)
{
	struct writer *rest = &heavy->rest;
	bool good = open_files(heavy, planner) &&
	    deal_all(heavy, planner->plan);

	for (size_t i = 0; i < heavy->count && good; i++)
		good = append(rest, &heavy->sets[i].writer);
	return good && fflush(rest->file) == 0 &&
	    fsync(fileno(rest->file)) == 0 && !ferror(rest->file);
}

static void
close_files(struct heavy *heavy, struct plan *plan)
{
	if (plan->names >= 0)
		close(plan->names);
	plan->names = -1;
	if (heavy->rest.file != NULL)
		fclose(heavy->rest.file);
	for (size_t i = 0; i < heavy->count; i++) {
		if (heavy->sets[i].writer.file != NULL)
			fclose(heavy->sets[i].writer.file);
		free(heavy->sets[i].writer.chunks);
	}
}

bool
heavy_set_apart(struct planner *planner)
{
	struct heavy heavy = {
		.servers = plan_servers_open(planner->folder),
	};
	struct plan *plan = planner->plan;
	bool good = true;

	if (heavy.servers == NULL)
		return false;
	find(&heavy, planner);
	if (heavy.count > 0) {
		good = move(&heavy, planner);
		close_files(&heavy, plan);
		free(plan->chunks);
		plan->chunks = heavy.rest.chunks;
		plan->chunk_count = heavy.rest.count;
	}
	free(heavy.place);
	plan_servers_close(heavy.servers);
	return good;
}
