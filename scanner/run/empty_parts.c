#include "scanner/run/empty_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/out/table.h"

#define EMPTY_FILE ".work/empty"

static bool
fail(struct folder *folder, const char *name)
{
	log_line("%s/%s: %s", folder->path, name, strerror(errno));
	return false;
}

/* Adds the names of the tables that have no part, one per line. */
static bool
list_empty(struct folder *folder, struct buffer *names)
{
	for (int i = 0; i < TABLE_COUNT; i++) {
		const char *name = table_schemas[i].name;
		uint64_t *numbers;
		size_t count;

		/* The seal writes it next, and each conclude writes it
		 * again. */
		if (i == TABLE_OUTCOMES)
			continue;
		if (!folder_parts(folder, name, &numbers, &count))
			return fail(folder, name);
		free(numbers);
		if (count == 0)
			buffer_printf(names, "%s\n", name);
	}
	return true;
}

static bool
is_named(struct buffer *names, const char *table)
{
	const char *at = buffer_text(names);
	size_t length = strlen(table);

	for (; *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n')
		if (strncmp(at, table, length) == 0 && at[length] == '\n')
			return true;
	return false;
}

static bool
write_part(struct folder *folder, int level, enum table_id id)
{
	static const char open[] = "empty";
	struct table *table = table_new(id);
	char name[PART_NAME_MAX];
	int descriptor = folder_create(folder, open);
	bool good;

	part_name(name, table_schemas[id].name, 0, ".csv.gz");
	good = (descriptor >= 0 &&
	    table_write(table, descriptor, level, false) &&
	    folder_commit(folder, descriptor, open, name)) ||
	    fail(folder, name);
	if (descriptor >= 0)
		close(descriptor);
	table_free(table);
	return good;
}

bool
empty_parts_write(struct folder *folder, int level)
{
	struct buffer names = { 0 };
	bool good = list_empty(folder, &names);

	if (good && names.length > 0)
		good = folder_replace(folder, EMPTY_FILE, names.bytes,
		    names.length) || fail(folder, EMPTY_FILE);
	for (int i = 0; i < TABLE_COUNT && good; i++)
		if (is_named(&names, table_schemas[i].name))
			good = write_part(folder, level, (enum table_id)i);
	buffer_fini(&names);
	return good;
}

bool
empty_parts_remove(struct folder *folder)
{
	struct buffer names = { 0 };
	char part[PART_NAME_MAX];
	bool good = true;

	if (!folder_exists(folder, EMPTY_FILE))
		return true;
	if (!folder_read_all(folder, EMPTY_FILE, &names))
		good = fail(folder, EMPTY_FILE);
	for (int i = 0; i < TABLE_COUNT && good; i++) {
		part_name(part, table_schemas[i].name, 0, ".csv.gz");
		good = !is_named(&names, table_schemas[i].name) ||
		    folder_remove(folder, part) || errno == ENOENT ||
		    fail(folder, part);
	}
	good = good && (folder_remove(folder, EMPTY_FILE) ||
	    fail(folder, EMPTY_FILE));
	buffer_fini(&names);
	return good;
}
