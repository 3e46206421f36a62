/* files: reads and writes the files of the policy commands. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/plural.h"
#include "scanner/base/whole_file.h"
#include "scanner/commands/policy/policy_internal.h"

#define FILE_MIB_MAX	64

bool
policy_read_file(const char *path, struct buffer *text)
{
	return whole_file_read(path, NULL, FILE_MIB_MAX, text);
}

bool
policy_read_whole(const char *path, struct policy_list *list, bool *is_read)
{
	struct buffer text = { 0 };
	bool good;

	*is_read = policy_read_file(path, &text);
	good = *is_read && policy_list_read(list, buffer_text(&text),
	    text.length);
	buffer_fini(&text);
	if (*is_read && !good)
		log_line("%s: not a valid policy list: %zu %s: run \"mxcensus "
		    "policy audit\"", path, list->fault_count,
		    plural(list->fault_count, "fault", "faults"));
	else if (good && list->warning_count > 0)
		log_line("%s: %zu %s: run \"mxcensus policy audit\"", path,
		    list->warning_count, plural(list->warning_count,
		    "warning", "warnings"));
	return good;
}

static char *
beside(const char *path)
{
	return xasprintf("%s.new", path);
}

FILE *
policy_file_open(const char *path)
{
	char *name = beside(path);
	FILE *file = fopen(name, "we");

	if (file == NULL)
		log_line("%s: %s", name, strerror(errno));
	free(name);
	return file;
}

bool
policy_file_close(FILE *file, const char *path, bool good)
{
	char *name = beside(path);
	bool written = fflush(file) == 0 && fsync(fileno(file)) == 0 &&
	    !ferror(file);

	written = fclose(file) == 0 && written;
	if (good && (!written || rename(name, path) != 0)) {
		log_line("%s: %s", path, strerror(errno));
		good = false;
	}
	if (!good)
		(void)unlink(name);
	free(name);
	return good;
}
