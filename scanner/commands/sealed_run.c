#include "scanner/commands/sealed_run.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"

int
sealed_run_open_any(struct sealed_run *run, const char *path)
{
	int status;

	*run = (struct sealed_run){ .path = path };
	run->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (run->folder < 0) {
		status = exit_status_unread(errno);
		log_line("%s: %s", path, strerror(errno));
		return status;
	}
	switch (run_json_read(&run->file, run->folder)) {
	case RUN_JSON_UNREAD:
		status = exit_status_unread(errno);
		log_line("%s/" RUN_JSON_FILE ": %s", path, run->file.why);
		return status;
	case RUN_JSON_BROKEN:
	case RUN_JSON_WRONG:
		log_line("%s/" RUN_JSON_FILE ": %s", path, run->file.why);
		return EXIT_INPUT;
	case RUN_JSON_READ:
		break;
	}
	return EXIT_COMPLETE;
}

int
sealed_run_check(const struct sealed_run *run)
{
	if (run->file.state == RUN_SEALED)
		return EXIT_COMPLETE;
	log_line("%s is not sealed: its scan is not complete", run->path);
	return EXIT_STOPPED;
}

int
sealed_run_open(struct sealed_run *run, const char *path)
{
	int status = sealed_run_open_any(run, path);

	return status == EXIT_COMPLETE ? sealed_run_check(run) : status;
}

void
sealed_run_list_hash(const struct sealed_run *run, char hex[SHA256_HEX])
{
	int descriptor = openat(run->folder, "policy-list.json",
	    O_RDONLY | O_CLOEXEC);
	uint8_t sha256[SHA256_BYTES];

	hex[0] = '\0';
	if (descriptor < 0)
		return;
	if (digest_of_descriptor(descriptor, sha256))
		digest_to_hex(sha256, hex);
	close(descriptor);
}

void
sealed_run_close(struct sealed_run *run)
{
	run_json_close(&run->file);
	if (run->folder >= 0)
		close(run->folder);
	*run = (struct sealed_run){ .folder = -1 };
}
