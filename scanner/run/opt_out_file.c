#include "scanner/run/opt_out_file.h"

#include "scanner/base/log.h"
#include "scanner/base/whole_file.h"

#define MIB_MAX	256

bool
opt_out_list_load(struct opt_out_list *list, const char *path)
{
	struct opt_out_list read = { 0 };
	struct entry_fault fault;
	bool good;

	if (path == NULL)
		return true;
	good = whole_file_read(path, "--opt-out", MIB_MAX, &read.text);
	if (good && !opt_out_read(&read.entries, (const char *)read.text.bytes,
	    read.text.length, &fault)) {
		log_line("%s:%zu: %s", path, fault.line, fault.why);
		good = false;
	}
	opt_out_list_fini(good ? list : &read);
	if (good)
		*list = read;
	return good;
}

void
opt_out_list_fini(struct opt_out_list *list)
{
	opt_out_fini(&list->entries);
	buffer_fini(&list->text);
}
