/* parts: reads the parts of both runs, and writes those of the merged run. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/commands/merge/merge_internal.h"

#define OPEN_NAME	"merged"
#define NUMBER_MAX	1000000000

bool
merge_part_number(const struct merge *merge, enum place place,
    enum table_id table, const char *part, uint64_t *number)
{
	int end = 0;

	if (sscanf(part, "part-%" SCNu64 ".csv.gz%n", number, &end) == 1 &&
	    end > 0 && part[end] == '\0' && *number < NUMBER_MAX)
		return true;
	log_line("%s/%s/%s: not the name of a part", merge->runs[place].path,
	    table_schemas[table].name, part);
	return false;
}

bool
merge_base(struct merge *merge, const enum table_id *tables, size_t count,
    uint64_t *base)
{
	bool good = true;

	*base = 0;
	for (size_t i = 0; i < count && good; i++) {
		struct parts parts;

		good = parts_list(merge->runs[PLACE_A].folder, tables[i],
		    &parts);
		for (size_t j = 0; j < parts.count && good; j++) {
			uint64_t number;

			good = merge_part_number(merge, PLACE_A, tables[i],
			    parts.names[j], &number);
			if (good && number >= *base)
				*base = number + 1;
		}
		parts_free(&parts);
	}
	return good;
}

bool
merge_write(struct merge *merge, enum table_id id, uint64_t number,
    struct table *table)
{
	struct folder *folder = &merge->folder;
	char name[PART_NAME_MAX];
	int descriptor = folder_create(folder, OPEN_NAME);
	bool good;

	part_name(name, table_schemas[id].name, number, ".csv.gz");
	good = descriptor >= 0 &&
	    table_write(table, descriptor, merge->level, false) &&
	    folder_commit(folder, descriptor, OPEN_NAME, name);
	if (!good) {
		log_line("%s/%s: %s", merge->to, name, strerror(errno));
		merge->not_written = true;
	}
	if (descriptor >= 0)
		close(descriptor);
	return good;
}

void
merge_copy(const struct merge *merge, enum place place, struct table *table,
    const struct table_reader *row, enum table_id id, int vantage)
{
	for (unsigned i = 0; i < table_schemas[id].column_count; i++)
		if ((int)i != vantage)
			table_copy_field(table, row, i);
	if (vantage >= 0)
		table_set(table, (unsigned)vantage, merge->names[place]);
	table_end_row(table);
}

static bool
walk_part(struct merge_walk *walk, const char *name)
{
	struct merge *merge = walk->merge;
	struct table *table = table_new(walk->table);
	struct part part;
	uint64_t number;
	int result = 1;
	bool good = merge_part_number(merge, walk->place, walk->table, name,
	    &number) && part_open(&part, merge->runs[walk->place].folder,
	    walk->table, name, false);

	if (good) {
		while (good && (result = part_next(&part)) == 1)
			good = walk->take(walk, table, part.row);
		good = good && result == 0;
		part_close(&part);
	}
	if (good && (walk->is_key || table_rows(table) > 0))
		good = merge_write(merge, walk->table, number +
		    (walk->place == PLACE_B ? walk->base : 0), table);
	table_free(table);
	return good;
}

bool
merge_walk(struct merge_walk *walk)
{
	struct parts parts;
	bool good = parts_list(walk->merge->runs[walk->place].folder,
	    walk->table, &parts);

	for (size_t i = 0; i < parts.count && good; i++)
		good = walk_part(walk, parts.names[i]);
	parts_free(&parts);
	return good;
}
