#include "analysis/facts/parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool
parts_list(int folder, enum table_id table, struct parts *parts)
{
	const char *name = table_schemas[table].name;
	int descriptor = openat(folder, name,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = descriptor < 0 ? NULL : fdopendir(descriptor);
	struct dirent *entry;

	*parts = (struct parts){ 0 };
	if (stream == NULL) {
		log_line("%s: %s", name, strerror(errno));
		return false;
	}
	while ((entry = readdir(stream)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		parts->names = xreallocarray(parts->names, parts->count + 1,
		    sizeof *parts->names);
		parts->names[parts->count++] = xstrdup(entry->d_name);
	}
	closedir(stream);
	if (parts->count > 0)
		qsort(parts->names, parts->count, sizeof *parts->names,
		    compare_names);
	return true;
}

void
parts_free(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		free(parts->names[i]);
	free(parts->names);
	*parts = (struct parts){ 0 };
}

bool
part_open(struct part *part, int folder, enum table_id table, const char *name,
    bool may_lack)
{
	char *path = xasprintf("%s/%s", table_schemas[table].name, name);
	bool good;

	*part = (struct part){ .table = table, .name = name };
	part->descriptor = openat(folder, path, O_RDONLY | O_CLOEXEC);
	part->row = table_reader_open(table, part->descriptor);
	good = part->row != NULL || (may_lack && errno == ENOENT);
	if (!good)
		log_line("%s: %s", path, strerror(errno));
	free(path);
	return good;
}

int
part_next(struct part *part)
{
	int result = part->row == NULL ? 0 : table_reader_next(part->row);

	if (result < 0)
		log_line("%s/%s: %s", table_schemas[part->table].name,
		    part->name, table_reader_why(part->row));
	return result;
}

void
part_close(struct part *part)
{
	if (part->row == NULL)
		return;
	table_reader_close(part->row);
	close(part->descriptor);
	part->row = NULL;
}

bool
parts_walk(int folder, enum table_id table, void *tag,
    bool (*take)(void *tag, const struct table_reader *))
{
	struct parts parts;
	bool good = parts_list(folder, table, &parts);

	for (size_t i = 0; i < parts.count && good; i++) {
		struct part part;
		int result = 1;

		good = part_open(&part, folder, table, parts.names[i], false);
		while (good && (result = part_next(&part)) == 1)
			good = take(tag, part.row);
		good = good && result == 0;
		part_close(&part);
	}
	parts_free(&parts);
	return good;
}
