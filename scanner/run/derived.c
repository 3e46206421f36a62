#include "scanner/run/derived.h"

#include <stdlib.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/run/manifest.h"

static char *
text_of(struct run_json *file)
{
	return file->text.length > 0 ? xstrdup(buffer_text(&file->text))
	    : run_json_dump(file);
}

/* Returns false after a message. */
static bool
describe(struct folder *folder, struct run_json *file)
{
	char *text;
	bool good;

	if (file->state != RUN_SEALED)
		run_json_set_state(file, RUN_SEALED);
	text = text_of(file);
	if (text == NULL)
		log_line("%s/" RUN_JSON_FILE ": it cannot be put into text",
		    folder->path);
	good = text != NULL && manifest_write(folder, text);
	free(text);
	return good;
}

enum conclude_result
derived_write(struct folder *folder, struct run_json *file)
{
	enum conclude_result result = conclude_run(folder->descriptor, file);

	if (result == CONCLUDED && !describe(folder, file))
		result = CONCLUDE_NOT_WRITTEN;
	return result;
}
