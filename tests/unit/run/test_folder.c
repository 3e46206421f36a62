/* The files of a run: nothing that is committed is ever replaced, one
 * coordinator at a time, nothing outside is touched. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/run/folder.h"
#include "scanner/run/progress.h"
#include "scanner/run/starts.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

struct bench {
	char		path[64];	/* a temporary folder */
	char		run[80];	/* a run in it */
	struct folder	folder;
};

static int
open_bench(void **state)
{
	struct bench *bench = calloc(1, sizeof *bench);

	if (bench == NULL)
		return -1;
	strcpy(bench->path, "/tmp/mxcensus-folder-XXXXXX");
	if (mkdtemp(bench->path) == NULL)
		return -1;
	snprintf(bench->run, sizeof bench->run, "%s/run", bench->path);
	*state = bench;
	return folder_open(&bench->folder, bench->run) == FOLDER_OK ? 0 : -1;
}

static int
close_bench(void **state)
{
	struct bench *bench = *state;
	char command[96];
	int status;

	folder_close(&bench->folder);
	snprintf(command, sizeof command, "rm -r %s", bench->path);
	status = system(command);
	free(bench);
	return status;
}

/* A file below the run, with a text. */
static void
make_file(struct bench *bench, const char *name, const char *text)
{
	int descriptor = openat(bench->folder.descriptor, name,
	    O_WRONLY | O_CREAT | O_EXCL, 0666);

	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, text, strlen(text)),
	    (ssize_t)strlen(text));
	close(descriptor);
}

static void
assert_file(struct bench *bench, const char *name, const char *text)
{
	int descriptor = folder_read(&bench->folder, name);
	char bytes[64];
	ssize_t length;

	assert_true(descriptor >= 0);
	length = read(descriptor, bytes, sizeof bytes);
	assert_int_equal(length, strlen(text));
	assert_memory_equal(bytes, text, strlen(text));
	/* Read-only, and not for a program that is started. */
	assert_int_equal(write(descriptor, "x", 1), -1);
	assert_true(fcntl(descriptor, F_GETFD) & FD_CLOEXEC);
	close(descriptor);
}

static int
create_with(struct bench *bench, const char *open_name, const char *text)
{
	int descriptor = folder_create(&bench->folder, open_name);

	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, text, strlen(text)),
	    (ssize_t)strlen(text));
	return descriptor;
}

static void
lock(void **state)
{
	struct bench *bench = *state;
	struct folder second;

	assert_int_equal(folder_open(&second, bench->run), FOLDER_LOCKED);
	folder_close(&second);
	/* The first one's lock outlives that. */
	assert_int_equal(folder_open(&second, bench->run), FOLDER_LOCKED);
	folder_close(&second);
	folder_close(&bench->folder);
	/* What was there stays there. */
	assert_int_equal(folder_open(&bench->folder, bench->run), FOLDER_OK);
	make_file(bench, "domains/kept", "kept");
	folder_close(&bench->folder);
	assert_int_equal(folder_open(&bench->folder, bench->run), FOLDER_OK);
	assert_file(bench, "domains/kept", "kept");
}

static void
not_a_folder(void **state)
{
	struct bench *bench = *state;
	struct folder other;
	char path[128];

	make_file(bench, "file", "");
	snprintf(path, sizeof path, "%s/file", bench->run);
	assert_int_equal(folder_open(&other, path), FOLDER_FAILED);
	folder_close(&other);
	snprintf(path, sizeof path, "%s/none/run", bench->path);
	assert_int_equal(folder_open(&other, path), FOLDER_FAILED);
	assert_int_equal(errno, ENOENT);
	folder_close(&other);
}

static void
commit(void **state)
{
	struct bench *bench = *state;
	int descriptor = create_with(bench, "one", "first");
	char byte;

	/* It is not visible before. */
	assert_false(folder_exists(&bench->folder, "mx/part-000001.csv.gz"));
	assert_true(folder_exists(&bench->folder, ".work/open/one"));
	/* It can be read back. */
	assert_int_equal(pread(descriptor, &byte, 1, 0), 1);
	assert_int_equal(byte, 'f');
	assert_true(folder_commit(&bench->folder, descriptor, "one",
	    "mx/part-000001.csv.gz"));
	close(descriptor);
	assert_file(bench, "mx/part-000001.csv.gz", "first");
	assert_false(folder_exists(&bench->folder, ".work/open/one"));
	/* A second one is refused, and replaces nothing; what was written is
	 * still there to be looked at. */
	descriptor = create_with(bench, "two", "second");
	errno = 0;
	assert_false(folder_commit(&bench->folder, descriptor, "two",
	    "mx/part-000001.csv.gz"));
	assert_int_equal(errno, EEXIST);
	close(descriptor);
	assert_file(bench, "mx/part-000001.csv.gz", "first");
	assert_file(bench, ".work/open/two", "second");
	/* To the run itself. */
	descriptor = create_with(bench, "three", "third");
	assert_true(folder_commit(&bench->folder, descriptor, "three",
	    "third"));
	close(descriptor);
	assert_file(bench, "third", "third");
	/* Where there is no such folder. */
	descriptor = create_with(bench, "four", "fourth");
	assert_false(folder_commit(&bench->folder, descriptor, "four",
	    "none/part"));
	assert_int_equal(errno, ENOENT);
	close(descriptor);
}

static void
discard(void **state)
{
	struct bench *bench = *state;
	struct stat facts;
	int descriptor = create_with(bench, "one", "a longer text");

	/* Begun again, it is empty. */
	close(descriptor);
	descriptor = create_with(bench, "one", "short");
	assert_int_equal(fstat(descriptor, &facts), 0);
	assert_int_equal(facts.st_size, 5);
	folder_discard(&bench->folder, "one");
	assert_false(folder_exists(&bench->folder, ".work/open/one"));
	assert_int_equal(folder_read(&bench->folder, ".work/open/one"), -1);
	assert_int_equal(errno, ENOENT);
	assert_false(folder_commit(&bench->folder, descriptor, "one", "one"));
	close(descriptor);
	folder_discard(&bench->folder, "never there");
}

static void
replace(void **state)
{
	struct bench *bench = *state;

	assert_true(folder_replace(&bench->folder, "run.json", "a longer", 8));
	assert_file(bench, "run.json", "a longer");
	assert_true(folder_replace(&bench->folder, "run.json", "short", 5));
	assert_file(bench, "run.json", "short");
	assert_true(folder_replace(&bench->folder, "run.json", "", 0));
	assert_file(bench, "run.json", "");
	assert_false(folder_exists(&bench->folder, ".work/open/replacement"));
	assert_false(folder_replace(&bench->folder, "none/run.json", "x", 1));
	assert_true(folder_remove(&bench->folder, "run.json"));
	assert_false(folder_exists(&bench->folder, "run.json"));
	assert_false(folder_remove(&bench->folder, "run.json"));
}

static void
names(void **state)
{
	static const struct {
		const char *table; uint64_t number; const char *suffix, *name;
	} rows[] = {
		{ "domains", 42, ".csv.gz", "domains/part-000042.csv.gz" },
		{ "mx", 0, "", "mx/part-000000" },
		{ "mx", 999999, ".x", "mx/part-999999.x" },
		{ "mx", 1000000, ".x", "mx/part-1000000.x" },
		{ ".work/deferred/domains", UINT64_MAX, ".items",
		    ".work/deferred/domains/part-18446744073709551615.items" },
	};
	char name[PART_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		part_name(name, rows[i].table, rows[i].number, rows[i].suffix);
		assert_string_equal(name, rows[i].name);
	}
}

/* By number, where names sort otherwise; what part_name makes and no other. */
static void
parts(void **state)
{
	static const char *const strange[] = {
		"part-", "part-.csv.gz", "part-7", "part-7.csv.gz",
		"part-000007.items",
		"part-000007.csv.gz.tmp", "part-000007x.csv.gz",
		"part--00007.csv.gz", "part-+00007.csv.gz",
		"part- 00007.csv.gz", "part-0000007.csv.gz",
		"part-99999999999999999999.csv.gz", "Part-000007.csv.gz",
		"apart-000007.csv.gz", ".part-000007.csv.gz", "readme",
	};
	static const uint64_t sorted[] = {
		0, 1, 99999, 999999, 1000000, 2000000, 10000000, UINT64_MAX,
	};
	struct bench *bench = *state;
	char name[PART_NAME_MAX];
	uint64_t *numbers;
	size_t count;

	assert_true(folder_parts(&bench->folder, "mx", &numbers, &count));
	assert_int_equal(count, 0);
	free(numbers);
	for (size_t i = 0; i < COUNT(strange); i++) {
		snprintf(name, sizeof name, "mx/%s", strange[i]);
		make_file(bench, name, "");
	}
	for (size_t i = COUNT(sorted); i-- > 0;) {
		part_name(name, "mx", sorted[i], ".csv.gz");
		make_file(bench, name, "");
	}
	assert_true(folder_parts(&bench->folder, "mx", &numbers, &count));
	for (size_t i = 0; i < count; i++)
		if (i >= COUNT(sorted) || numbers[i] != sorted[i])
			fail_msg("part %llu at %zu",
			    (unsigned long long)numbers[i], i);
	assert_int_equal(count, COUNT(sorted));
	free(numbers);
	assert_false(folder_parts(&bench->folder, "none", &numbers, &count));
	assert_int_equal(errno, ENOENT);
	assert_null(numbers);
}

static void
many_parts(void **state)
{
	struct bench *bench = *state;
	char name[PART_NAME_MAX];
	uint64_t *numbers;
	size_t count;

	for (unsigned i = 0; i < 300; i++) {
		part_name(name, "hosts", i * 7 % 300, ".csv.gz");
		make_file(bench, name, "");
	}
	assert_true(folder_parts(&bench->folder, "hosts", &numbers, &count));
	assert_int_equal(count, 300);
	for (unsigned i = 0; i < 300; i++)
		assert_int_equal(numbers[i], i);
	free(numbers);
}

/* Links are removed, and what they lead to is not. */
static void
remove_tree(void **state)
{
	struct bench *bench = *state;
	int run = bench->folder.descriptor;
	char outside[128];

	snprintf(outside, sizeof outside, "%s/outside", bench->path);
	assert_int_equal(mkdir(outside, 0777), 0);
	snprintf(outside, sizeof outside, "%s/outside/precious", bench->path);
	close(open(outside, O_CREAT | O_WRONLY, 0666));
	make_file(bench, ".work/plan/file", "x");
	assert_int_equal(mkdirat(run, ".work/plan/a", 0777), 0);
	assert_int_equal(mkdirat(run, ".work/plan/a/b", 0777), 0);
	make_file(bench, ".work/plan/a/b/file", "x");
	assert_int_equal(symlinkat("../../outside", run, ".work/link"), 0);
	assert_int_equal(symlinkat("../../../../../outside", run,
	    ".work/plan/a/b/link"), 0);
	assert_int_equal(symlinkat("nowhere", run, ".work/plan/dangling"), 0);
	assert_int_equal(faccessat(run, ".work/plan/a/b/link/precious", F_OK,
	    0), 0);
	make_file(bench, "domains/part-000001.csv.gz", "kept");
	assert_true(folder_remove_tree(&bench->folder, ".work"));
	assert_false(folder_exists(&bench->folder, ".work"));
	assert_int_equal(access(outside, F_OK), 0);
	assert_file(bench, "domains/part-000001.csv.gz", "kept");
	/* Nothing there is as good. */
	assert_true(folder_remove_tree(&bench->folder, ".work"));
	/* A link in place of the folder is not gone through. */
	assert_int_equal(symlinkat("../outside", run, ".work"), 0);
	assert_false(folder_remove_tree(&bench->folder, ".work"));
	assert_int_equal(access(outside, F_OK), 0);
}

/* A folder that holds something else is not made a run, and nothing is made in
 * it; what a run leaves that was killed at its beginning is one. */
static void
of_others(void **state)
{
	struct bench *bench = *state;
	struct folder other;
	char path[128], file[160];

	snprintf(path, sizeof path, "%s/other", bench->path);
	assert_int_equal(mkdir(path, 0777), 0);
	snprintf(file, sizeof file, "%s/notes", path);
	assert_int_equal(mkdir(file, 0777), 0);
	assert_int_equal(folder_open(&other, path), FOLDER_OF_OTHERS);
	assert_false(other.is_new);
	folder_close(&other);
	assert_int_equal(rmdir(file), 0);
	/* Nothing was made: else it would not be empty. */
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(folder_open(&other, path), FOLDER_OK);
	assert_true(other.is_new);
	folder_close(&other);
	assert_int_equal(folder_open(&other, path), FOLDER_OK);
	assert_false(other.is_new);
	assert_true(folder_replace(&other, "run.json", "{}", 2));
	folder_close(&other);
	/* A run may hold what its operator put there. */
	assert_int_equal(mkdir(file, 0777), 0);
	assert_int_equal(folder_open(&other, path), FOLDER_OK);
	folder_close(&other);
}

/* Only a folder that was made now is removed. */
static void
abandoned(void **state)
{
	struct bench *bench = *state;
	struct folder folder;
	char path[128];

	snprintf(path, sizeof path, "%s/fresh", bench->path);
	assert_int_equal(folder_open(&folder, path), FOLDER_OK);
	assert_true(folder_replace(&folder, "run.json", "{}", 2));
	folder_abandon(&folder);
	folder_close(&folder);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(mkdir(path, 0777), 0);
	assert_int_equal(folder_open(&folder, path), FOLDER_OK);
	folder_abandon(&folder);
	folder_close(&folder);
	assert_int_equal(access(path, F_OK), 0);
}

/* Links and files that somebody has planted *************************************/

#define VICTIM "a file that is not of this run"

static void
make_victim(struct bench *bench, char path[128])
{
	FILE *file;

	snprintf(path, 128, "%s/victim", bench->path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(VICTIM, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
assert_victim(const char *path)
{
	char bytes[128] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_non_null(fgets(bytes, sizeof bytes, file));
	assert_string_equal(bytes, VICTIM);
	fclose(file);
}

static bool
starts(struct bench *bench)
{
	struct starts *opened = starts_open(&bench->folder);

	starts_close(opened);
	return opened != NULL;
}

static bool
can_create(struct bench *bench)
{
	int descriptor = folder_create(&bench->folder, "one");

	if (descriptor >= 0)
		close(descriptor);
	return descriptor >= 0;
}

static bool
can_replace(struct bench *bench)
{
	return folder_replace(&bench->folder, "run.json", "{}", 2);
}

static bool
can_progress(struct bench *bench)
{
	return progress_can_begin(&bench->folder);
}

static bool
can_lock(struct bench *bench)
{
	struct folder again;
	enum folder_result result;
	char spare[128];

	folder_close(&bench->folder);
	result = folder_open(&again, bench->run);
	folder_close(&again);
	/* The bench closes one. */
	snprintf(spare, sizeof spare, "%s/spare", bench->path);
	assert_int_equal(folder_open(&bench->folder, spare), FOLDER_OK);
	return result == FOLDER_OK;
}

static const struct {
	const char *path;
	bool (*write)(struct bench *);
} written[] = {
	{ ".work/open/one", can_create },
	{ ".work/open/replacement", can_replace },
	{ ".work/starts", starts },
	{ "progress.jsonl", can_progress },
	{ ".lock", can_lock },
};

/* One for each way in which a run opens a file to write. */
static void
planted_link(void **state)
{
	struct bench *bench = *state;
	char victim[128], other[128];
	int run;

	make_victim(bench, victim);
	snprintf(other, sizeof other, "%s/none", bench->path);
	for (size_t i = 0; i < COUNT(written); i++) {
		run = bench->folder.descriptor;
		(void)unlinkat(run, written[i].path, 0);
		assert_int_equal(symlinkat(other, run, written[i].path), 0);
		if (written[i].write != can_lock &&
		    written[i].write(bench))
			fail_msg("%s: a link to nothing", written[i].path);
		assert_int_equal(access(other, F_OK), -1);
		unlinkat(run, written[i].path, 0);
		assert_int_equal(symlinkat(victim, run, written[i].path), 0);
		if (written[i].write(bench))
			fail_msg("%s: a link to a file", written[i].path);
		assert_victim(victim);
	}
}

/* A pipe does not block; a file of ours is written. */
static void
planted_pipe(void **state)
{
	struct bench *bench = *state;
	int run = bench->folder.descriptor;

	for (size_t i = 0; i < COUNT(written); i++) {
		if (written[i].write == can_lock)
			continue;
		assert_int_equal(mkfifoat(run, written[i].path, 0666), 0);
		if (written[i].write(bench))
			fail_msg("%s: a pipe", written[i].path);
		assert_int_equal(unlinkat(run, written[i].path, 0), 0);
		make_file(bench, written[i].path, "ours\n");
		if (!written[i].write(bench))
			fail_msg("%s: a file of ours", written[i].path);
	}
}

/* A file with a second link: a new file replaces it. */
static void
planted_name(void **state)
{
	struct bench *bench = *state;
	int run = bench->folder.descriptor;
	char victim[128];

	make_victim(bench, victim);
	for (size_t i = 0; i < COUNT(written); i++) {
		bool appends = written[i].write == starts ||
		    written[i].write == can_progress;

		if (written[i].write == can_lock || appends)
			continue;
		assert_int_equal(linkat(AT_FDCWD, victim, run,
		    written[i].path, 0), 0);
		if (!written[i].write(bench))
			fail_msg("%s: a second name", written[i].path);
		assert_victim(victim);
	}
}

/* Only root can give a file away. */
static void
planted_file(void **state)
{
	struct bench *bench = *state;
	int run = bench->folder.descriptor;

	if (geteuid() != 0)
		skip();
	for (size_t i = 0; i < COUNT(written); i++) {
		if (written[i].write == can_lock)
			continue;
		make_file(bench, written[i].path, "theirs\n");
		assert_int_equal(fchownat(run, written[i].path, 12345, 12345,
		    0), 0);
		if (written[i].write(bench))
			fail_msg("%s: a file of another", written[i].path);
		assert_int_equal(fchown(run, 12345, 12345), 0);
		if (!written[i].write(bench))
			fail_msg("%s: of the owner of the run",
			    written[i].path);
		assert_int_equal(fchown(run, 0, 0), 0);
	}
}

/* A folder of a run that leads out of it. */
static void
planted_folder(void **state)
{
	struct bench *bench = *state;
	int run = bench->folder.descriptor;
	char outside[128];

	snprintf(outside, sizeof outside, "%s/outside", bench->path);
	assert_int_equal(mkdir(outside, 0777), 0);
	assert_int_equal(unlinkat(run, ".work/open", AT_REMOVEDIR), 0);
	assert_int_equal(symlinkat(outside, run, ".work/open"), 0);
	assert_false(can_create(bench));
	assert_false(can_replace(bench));
	assert_false(can_lock(bench));
	assert_int_equal(rmdir(outside), 0);
}

/* A whole file goes behind what the buffer has. */
static void
appends(void **state)
{
	struct bench *bench = *state;
	struct buffer bytes = { 0 };

	make_file(bench, "one", "first");
	make_file(bench, "two", "2");
	assert_true(folder_read_all(&bench->folder, "one", &bytes));
	assert_true(folder_read_all(&bench->folder, "two", &bytes));
	assert_int_equal(bytes.length, 6);
	assert_memory_equal(bytes.bytes, "first2", 6);
	assert_false(folder_read_all(&bench->folder, "three", &bytes));
	assert_int_equal(errno, ENOENT);
	buffer_fini(&bytes);
}

#define in_folder(test) cmocka_unit_test_setup_teardown(test, open_bench, \
	close_bench)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		in_folder(lock), in_folder(not_a_folder), in_folder(commit),
		in_folder(of_others), in_folder(abandoned),
		in_folder(discard), in_folder(replace),
		cmocka_unit_test(names), in_folder(appends), in_folder(parts),
		in_folder(many_parts), in_folder(remove_tree),
		in_folder(planted_link), in_folder(planted_pipe),
		in_folder(planted_name), in_folder(planted_file),
		in_folder(planted_folder),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
