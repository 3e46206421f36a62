#include "scanner/run/policy_list_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "analysis/policy/in_force.h"
#include "scanner/base/log.h"
#include "scanner/base/whole_file.h"

#define MIB_MAX		64
#define FAULTS_SHOWN	20

static void
show(const char *path, const char *kind, const struct policy_list_fault *faults,
    size_t count)
{
	for (size_t i = 0; i < count && i < FAULTS_SHOWN; i++)
		log_line("%s: %s%s%s%s", path, kind, faults[i].pointer,
		    faults[i].pointer[0] != '\0' ? ": " : "",
		    faults[i].what);
	if (count > FAULTS_SHOWN)
		log_line("%s: %sand %zu more", path, kind,
		    count - FAULTS_SHOWN);
}

static bool
check(const char *path, struct buffer *text)
{
	struct policy_list list;
	bool good = policy_list_read(&list, buffer_text(text), text->length);

	show(path, "", list.faults, list.fault_count);
	show(path, "warning: ", list.warnings, list.warning_count);
	policy_list_fini(&list);
	return good;
}

bool
policy_list_file_load(const struct options *options, struct buffer *text)
{
	const char *path = options->policy_list;

	return path == NULL || (whole_file_read(path, "--policy-list", MIB_MAX,
	    text) && check(path, text));
}

/* Does the file have exactly these bytes? */
static bool
is_same(int descriptor, const struct buffer *text)
{
	uint8_t piece[65536];
	size_t at = 0;
	ssize_t length;

	while ((length = pread(descriptor, piece, sizeof piece,
	    (off_t)at)) > 0) {
		if ((size_t)length > text->length - at ||
		    memcmp(piece, text->bytes + at, (size_t)length) != 0)
			return false;
		at += (size_t)length;
	}
	return length == 0 && at == text->length;
}

static bool
is_another(struct folder *folder, const struct buffer *text)
{
	int descriptor = folder_read(folder, LISTING_FILE);
	bool same;

	if (descriptor < 0)
		return false;
	same = is_same(descriptor, text);
	close(descriptor);
	return !same;
}

int
policy_list_file_keep(const struct options *options, const struct buffer *text,
    struct folder *folder)
{
	if (is_another(folder, text) && !options->force_resume) {
		log_line("--policy-list has changed since this run began: give "
		    "the original file, or another -o, or --force-resume");
		return EXIT_USAGE;
	}
	if (options->policy_list == NULL) {
		(void)folder_remove(folder, LISTING_FILE);
		return EXIT_COMPLETE;
	}
	if (folder_replace(folder, LISTING_FILE, text->bytes, text->length))
		return EXIT_COMPLETE;
	log_line("%s/" LISTING_FILE ": %s", folder->path, strerror(errno));
	return EXIT_OUTPUT;
}
