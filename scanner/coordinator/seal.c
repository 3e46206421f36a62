#include "scanner/coordinator/seal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"
#include "scanner/out/table.h"
#include "scanner/out/table_reader.h"
#include "scanner/run/derived.h"
#include "scanner/run/empty_parts.h"

/* Rows in memory at a time; a run with more is sealed in several passes over
 * the staged rows, each of which writes one part. */
#define PASS_BYTES ((uint64_t)256 << 20)

struct pass {
	struct folder	*folder;
	int		 level;		/* of gzip */
	enum table_id	 table;
	const char	*staged;	/* folder */
	unsigned	 passes, index;
	struct map	*seen;		/* keys of this pass */
	struct table	*rows;
};

/* All rows of a key belong to the same pass, by the first bytes of its hash. */
static bool
is_of_pass(const struct pass *pass, const struct table_reader *row)
{
	char prefix[5] = "";

	snprintf(prefix, sizeof prefix, "%.4s", table_get(row, 0));
	return strtoul(prefix, NULL, 16) % pass->passes == pass->index;
}

static void
take_row(struct pass *pass, const struct table_reader *row)
{
	char key[256];
	void **place;

	if (pass->table == TABLE_CHAINS)
		snprintf(key, sizeof key, "%s %s",
		    table_get(row, CHAINS_CHAIN_ID),
		    table_get(row, CHAINS_POSITION));
	else
		snprintf(key, sizeof key, "%s",
		    table_get(row, CERTIFICATES_SHA256));
	place = map_place(pass->seen, key, NULL);
	if (*place != NULL)
		return;
	*place = pass;
	table_copy_row(pass->rows, row);
}

static bool
read_staged(struct pass *pass, uint64_t number)
{
	char name[PART_NAME_MAX];
	struct table_reader *row;
	int descriptor, result = -1;

	part_name(name, pass->staged, number, ".csv.gz");
	descriptor = folder_read(pass->folder, name);
	row = descriptor < 0 ? NULL
	    : table_reader_open(pass->table, descriptor);
	while (row != NULL && (result = table_reader_next(row)) == 1)
		if (is_of_pass(pass, row))
			take_row(pass, row);
	if (result != 0)
		log_line("%s: %s", name, row != NULL ? table_reader_why(row)
		    : strerror(errno));
	table_reader_close(row);
	if (descriptor >= 0)
		close(descriptor);
	return result == 0;
}

static bool
write_pass(struct pass *pass)
{
	static const char open[] = "sealed";
	struct folder *folder = pass->folder;
	char name[PART_NAME_MAX];
	int descriptor = folder_create(folder, open);
	bool good;

	part_name(name, table_schemas[pass->table].name, pass->index,
	    ".csv.gz");
	/* What an interrupted seal left is derived data, which is made
	 * again. */
	(void)folder_remove(folder, name);
	good = descriptor >= 0 && table_write(pass->rows, descriptor,
	    pass->level, true) &&
	    folder_commit(folder, descriptor, open, name);
	if (!good)
		log_line("%s/%s: %s", folder->path, name, strerror(errno));
	if (descriptor >= 0)
		close(descriptor);
	return good;
}

static uint64_t
staged_bytes(struct folder *folder, const char *staged,
    const uint64_t *numbers, size_t count)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < count; i++) {
		char name[PART_NAME_MAX];
		struct stat status;

		part_name(name, staged, numbers[i], ".csv.gz");
		if (fstatat(folder->descriptor, name, &status, 0) == 0)
			bytes += (uint64_t)status.st_size;
	}
	return bytes * 2;	/* base64 of DER compresses that much */
}

static bool
seal_table(struct folder *folder, int level, enum table_id table,
    const char *staged)
{
	struct pass pass = {
		.folder = folder, .level = level, .table = table,
		.staged = staged,
	};
	uint64_t *numbers;
	size_t count;
	bool good = folder_parts(folder, staged, &numbers, &count);

	pass.passes = (unsigned)(staged_bytes(folder, staged, numbers, count) /
	    PASS_BYTES) + 1;
	for (; pass.index < pass.passes && good; pass.index++) {
		pass.seen = map_new();
		pass.rows = table_new(table);
		for (size_t i = 0; i < count && good; i++)
			good = read_staged(&pass, numbers[i]);
		good = good && write_pass(&pass);
		table_free(pass.rows);
		map_free(pass.seen);
	}
	free(numbers);
	return good;
}

bool
seal_run(struct run *run, int level, const struct seal_events *events)
{
	static const struct { enum table_id table; const char *staged; }
	tables[] = {
		{ TABLE_CHAINS, ".work/chains" },
		{ TABLE_CERTIFICATES, ".work/certificates" },
	};
	struct folder *folder = &run->folder;
	unsigned done;

	for (done = 0; done < sizeof tables / sizeof tables[0]; done++) {
		events->step(events->tag, done);
		if (!seal_table(folder, level, tables[done].table,
		    tables[done].staged))
			return false;
	}
	events->step(events->tag, done);
	if (!empty_parts_write(folder, level) ||
	    derived_write(folder, &run->file) != CONCLUDED)
		return false;
	starts_close(run->starts);
	run->starts = NULL;
	/* Everything worth keeping is in the tables. */
	folder_remove_work(folder);
	return true;
}
