#include "scanner/run/starts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/name.h"
#include "scanner/base/arena.h"
#include "scanner/base/buffer.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/base/write_all.h"

#define STARTS_FILE	".work/starts"
#define KEY_MAX		(ADDRESS_TEXT_MAX + NAME_TEXT_MAX + 8)

struct starts {
	int		 file;
	struct buffer	 unsaved;	/* notes since the last flush */
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

struct starts *
starts_open(struct folder *folder)
{
	struct starts *starts = xcalloc(1, sizeof *starts);

	starts->before = map_new();
	read_before(starts, folder);
	starts->file = own_file_append(folder->descriptor, STARTS_FILE);
	if (starts->file >= 0)
		return starts;
	starts_close(starts);
	return NULL;
}

void
starts_close(struct starts *starts)
{
	if (starts == NULL)
		return;
	if (starts->file >= 0)
		close(starts->file);
	buffer_fini(&starts->unsaved);
	map_free(starts->before);
	arena_fini(&starts->arena);
	free(starts);
}

void
starts_note(struct starts *starts, const struct address *address,
    const char *sni, uint8_t attempt, int64_t now_ms)
{
	char key[KEY_MAX];

	make_key(key, address, sni, attempt);
	buffer_printf(&starts->unsaved, "%s %" PRId64 "\n", key, now_ms);
}

/* A process that was killed while writing may have left an incomplete line. */
static bool
end_torn_line(const struct starts *starts, off_t end)
{
	char last = '\n';

	return end == 0 || (pread(starts->file, &last, 1, end - 1) == 1 &&
	    (last == '\n' || write(starts->file, "\n", 1) == 1));
}

bool
starts_flush(struct starts *starts)
{
	off_t end = lseek(starts->file, 0, SEEK_END);
	bool good = end >= 0 && end_torn_line(starts, end) && write_all(
	    starts->file, starts->unsaved.bytes, starts->unsaved.length);
	int error = errno;

	starts->unsaved.length = 0;
	/* Half of the notes are none. */
	if (!good && end >= 0 && ftruncate(starts->file, end) != 0)
		error = errno;
	errno = error;
	return good;
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
