#include "scanner/coordinator/monitoring/metrics_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/base/write_all.h"

static int
open_folder(const char *path, const char *name)
{
	char *parent = name == path ? xstrdup(".")
	    : xasprintf("%.*s", (int)(name - path), path);
	int folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = errno;

	free(parent);
	errno = error;
	return folder;
}

/* False with errno. */
static bool
replace(const struct metrics_file *file, const struct buffer *text)
{
	int descriptor = own_file_create(file->folder, file->new_name);
	bool good;
	int error;

	if (descriptor < 0)
		return false;
	good = write_all(descriptor, text->bytes, text->length);
	error = errno;
	if (close(descriptor) != 0 && good) {
		good = false;
		error = errno;
	}
	if (good && renameat(file->folder, file->new_name, file->folder,
	    file->name) == 0)
		return true;
	if (good)
		error = errno;
	(void)unlinkat(file->folder, file->new_name, 0);
	errno = error;
	return false;
}

/* A file is made and removed, and what is in its place is left alone. */
static bool
can_be_written(const struct metrics_file *file)
{
	int descriptor;

	if (!own_file_can_be_replaced(file->folder, file->name))
		return false;
	descriptor = own_file_create(file->folder, file->new_name);
	if (descriptor < 0)
		return false;
	close(descriptor);
	return unlinkat(file->folder, file->new_name, 0) == 0;
}

bool
metrics_file_open(struct metrics_file *file, const char *path)
{
	const char *slash = path != NULL ? strrchr(path, '/') : NULL;

	*file = (struct metrics_file){ .path = path, .folder = -1 };
	if (path == NULL)
		return true;
	file->name = slash != NULL ? slash + 1 : path;
	if (file->name[0] == '\0') {
		log_line("--metrics-file %s: name a file", path);
		return false;
	}
	/* A collector must not take it for a file of its own. */
	file->new_name = xasprintf(".%s.new", file->name);
	file->folder = open_folder(path, file->name);
	if (file->folder >= 0 && can_be_written(file))
		return true;
	log_line("--metrics-file %s: %s", path, strerror(errno));
	return false;
}

void
metrics_file_write(struct metrics_file *file, const struct metrics *metrics)
{
	struct buffer text = { 0 };

	if (file->folder < 0)
		return;
	metrics_write(metrics, &text);
	if (!replace(file, &text) && !file->has_failed) {
		log_warning("--metrics-file %s cannot be written: %s; the run "
		    "continues, and this is not said again", file->path,
		    strerror(errno));
		file->has_failed = true;
	}
	buffer_fini(&text);
}

void
metrics_file_close(struct metrics_file *file)
{
	if (file->folder >= 0)
		close(file->folder);
	free(file->new_name);
	*file = (struct metrics_file){ .folder = -1 };
}
