#include "scanner/run/starts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/name.h"
#include "scanner/base/arena.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"

#define STARTS_FILE	".work/starts"
#define KEY_MAX		(ADDRESS_TEXT_MAX + NAME_TEXT_MAX + 8)

struct starts {
	FILE		*file;
	struct map	*before;	/* starts of earlier processes; values:
					 * int64_t ms */
	struct arena	 arena;		/* owns the times */
};

static void
make_key(char key[KEY_MAX], const struct address *address, const char *sni,
    uint8_t attempt)
{
	char text[ADDRESS_TEXT_MAX];

	address_to_text(address, text);
	snprintf(key, KEY_MAX, "%s %s %u", text, sni, attempt);
}

static void
read_before(struct starts *starts, struct folder *folder)
{
	int descriptor = folder_read(folder, STARTS_FILE);
	FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "r");
	char line[KEY_MAX + 32];

	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		char *space = strrchr(line, ' ');
		void **place;

		if (space == NULL)
			continue;
		*space = '\0';
		place = map_place(starts->before, line, NULL);
		if (*place == NULL)
			*place = arena_take(&starts->arena, sizeof(int64_t));
		*(int64_t *)*place = strtoll(space + 1, NULL, 10);
	}
	if (file != NULL)
		fclose(file);
	else if (descriptor >= 0)
		close(descriptor);
}

/* A process that was killed while writing may have left half a line. */
static FILE *
open_file(struct folder *folder)
{
	int descriptor = own_file_append(folder->descriptor, STARTS_FILE);
	FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "a");
	off_t end = descriptor < 0 ? 0 : lseek(descriptor, 0, SEEK_END);
	char last;

	if (file != NULL && end > 0 &&
	    pread(descriptor, &last, 1, end - 1) == 1 && last != '\n')
		fputc('\n', file);
	else if (file == NULL && descriptor >= 0)
		close(descriptor);
	return file;
}

struct starts *
starts_open(struct folder *folder)
{
	struct starts *starts = xcalloc(1, sizeof *starts);

	starts->before = map_new();
	read_before(starts, folder);
	starts->file = open_file(folder);
	if (starts->file != NULL)
		return starts;
	starts_close(starts);
	return NULL;
}

void
starts_close(struct starts *starts)
{
	if (starts == NULL)
		return;
	if (starts->file != NULL)
		fclose(starts->file);
	map_free(starts->before);
	arena_fini(&starts->arena);
	free(starts);
}

bool
starts_note(struct starts *starts, const struct address *address,
    const char *sni, uint8_t attempt, int64_t now_ms)
{
	char key[KEY_MAX];

	make_key(key, address, sni, attempt);
	return fprintf(starts->file, "%s %" PRId64 "\n", key, now_ms) > 0;
}

bool
starts_flush(struct starts *starts)
{
	return fflush(starts->file) == 0;
}

int64_t
starts_last(const struct starts *starts, const struct address *address,
    const char *sni, uint8_t attempt)
{
	char key[KEY_MAX];
	const int64_t *when;

	if (starts == NULL || map_count(starts->before) == 0)
		return INT64_MIN;
	make_key(key, address, sni, attempt);
	when = map_get(starts->before, key);
	return when != NULL ? *when : INT64_MIN;
}
