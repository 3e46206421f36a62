#include "scanner/run/run.h"

#include <errno.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/crypto/digest.h"
#include "scanner/run/progress.h"

int
run_open(struct run *run, const struct options *options, int64_t started_ms)
{
	const char *path = options->run;

	switch (folder_open(&run->folder, path)) {
	case FOLDER_OK:
		break;
	case FOLDER_LOCKED:
		log_line("%s: another scan is working on this run", path);
		return EXIT_STOPPED;
	case FOLDER_OF_OTHERS:
		log_line("%s: the folder is not empty, and not a run: name "
		    "another one with -o", path);
		return EXIT_USAGE;
	default:
		log_line("%s: %s", path, strerror(errno));
		return EXIT_OUTPUT;
	}
	switch (run_file_begin(&run->file, &run->folder, options,
	    started_ms)) {
	case RUN_FILE_HOLDS:
		return run->file.state == RUN_SEALED ||
		    progress_can_begin(&run->folder) ? EXIT_COMPLETE
		    : EXIT_OUTPUT;
	case RUN_FILE_OF_OTHER_OPTIONS:
		return EXIT_USAGE;
	case RUN_FILE_BROKEN:
		return EXIT_INPUT;
	default:
		return EXIT_OUTPUT;
	}
}

static json_t *
opt_out_to_json(const struct opt_out_list *list)
{
	uint8_t sha256[SHA256_BYTES];
	char hex[SHA256_HEX];

	digest_of(list->text.bytes, list->text.length, sha256);
	digest_to_hex(sha256, hex);
	return json_pack("{s:I, s:s}", "entries",
	    (json_int_t)list->entries.count, "sha256", hex);
}

void
run_tell_opt_out(struct run *run)
{
	run_json_set(&run->file, "opt_out", opt_out_to_json(&run->opt_out));
}

bool
run_open_starts(struct run *run)
{
	run->starts = starts_open(&run->folder);
	if (run->starts == NULL)
		log_line("%s/.work/starts: %s", run->folder.path,
		    strerror(errno));
	return run->starts != NULL;
}

void
run_close(struct run *run)
{
	starts_close(run->starts);
	opt_out_list_fini(&run->opt_out);
	buffer_fini(&run->policy_list);
	run_json_close(&run->file);
	folder_close(&run->folder);
}
