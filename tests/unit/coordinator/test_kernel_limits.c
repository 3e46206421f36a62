/* The limits of the kernel, and whether a run can need more (RULES F37). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "scanner/coordinator/kernel_limits.h"

#define MIB		((int64_t)1 << 20)
#define DEBIAN_BYTES	212992		/* rmem_max, unless it is raised */
#define UNKNOWN		KERNEL_UNKNOWN

/* Two workers that ask 20,000 questions a second each: 1,200,000 in 30 s. */
static const struct kernel_demand large = { 2, 4000, 10000000, true, true };

static const struct {
	const char	*what;
	int64_t		 bytes;
	struct kernel_demand demand;
	bool		 is_low;
} buffers[] = {
	{ "what the sockets ask for", 4 * MIB, { 1, 100000, 1000000, true,
	    true }, false },
	{ "a byte less", 4 * MIB - 1, { 1, 100000, 1000000, true, true },
	    true },
	{ "it is not known", UNKNOWN, { 1, 100000, 1000000, true, true },
	    false },
	{ "Debian's", DEBIAN_BYTES, { 1, 4000, 1000000, true, true }, true },
	{ "nobody is asked directly", DEBIAN_BYTES, { 1, 4000, 1000000, true,
	    false }, false },
	{ "a small window", DEBIAN_BYTES, { 1, 100, 1000000, true, true },
	    false },
	{ "few names", DEBIAN_BYTES, { 1, 4000, 50, true, true }, false },
};

static void
test_buffers(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) {
		const struct kernel_limits limits = {
			buffers[i].bytes, UNKNOWN, UNKNOWN, UNKNOWN,
		};
		struct kernel_verdict verdict = kernel_limits_judge(&limits,
		    &buffers[i].demand);

		if (verdict.receive_bytes != (buffers[i].is_low ? 4 * MIB : 0)
		    || verdict.tracked_most != 0) {
			print_error("%s\n", buffers[i].what);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

static const struct {
	const char	*what;
	int64_t		 tracked, most, seconds;
	struct kernel_demand demand;
	int64_t		 wanted;		/* 0: all is well */
} tables[] = {
	{ "room for exactly that", 1, 1200001, 30, { 2, 4000, 10000000, true,
	    true }, 0 },
	{ "room for one less", 1, 1200000, 30, { 2, 4000, 10000000, true,
	    true }, 1200001 },
	{ "also without the direct lane", 1, 1200000, 30, { 2, 4000, 10000000,
	    true, false }, 1200001 },
	{ "others fill it", 262000, 262144, 30, { 1, 4000, 100, true, true },
	    262300 },
	{ "few names", 1000, 262144, 30, { 1, 4000, 80000, true, true }, 0 },
	{ "with three questions each", 1000, 262144, 30, { 1, 4000, 90000,
	    true, true }, 271000 },
	{ "with one question each", 1000, 262144, 30, { 1, 4000, 90000, false,
	    true }, 0 },
	{ "a small window", 1000, 65536, 30, { 1, 200, 10000000, true, true },
	    0 },
	{ "a larger one", 1000, 65536, 30, { 1, 300, 10000000, true, true },
	    91000 },
	{ "a shorter memory", 1000, 262144, 5, { 2, 4000, 10000000, true,
	    true }, 0 },
	{ "the default of a kernel that does not say", 1, 1200000, UNKNOWN,
	    { 2, 4000, 10000000, true, true }, 1200001 },
	{ "a very long one", 1000, 262144, (int64_t)1 << 40, { 1000, 100000,
	    90000, true, true }, 271000 },
	{ "no limit can be read", 1000, UNKNOWN, 30, { 2, 4000, 10000000, true,
	    true }, 0 },
	{ "no count can be read", UNKNOWN, 100, 30, { 2, 4000, 10000000, true,
	    true }, 0 },
	{ "nothing is tracked", 0, 100, 30, { 2, 4000, 10000000, true, true },
	    0 },
};

static void
test_tables(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		const struct kernel_limits limits = {
			UNKNOWN, tables[i].tracked, tables[i].most,
			tables[i].seconds,
		};
		struct kernel_verdict verdict = kernel_limits_judge(&limits,
		    &tables[i].demand);

		if (verdict.tracked_most != tables[i].wanted ||
		    verdict.receive_bytes != 0) {
			print_error("%s: %lld\n", tables[i].what,
			    (long long)verdict.tracked_most);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

/* A folder in place of / ************************************************** */

static char root[] = "/tmp/kernel_limits.XXXXXX";

static const char *const folders[] = {
	"/proc", "/proc/sys", "/proc/sys/net", "/proc/sys/net/core",
	"/proc/sys/net/netfilter",
};
#define FOLDERS (sizeof folders / sizeof folders[0])

static const char *const files[] = {
	"core/rmem_max", "netfilter/nf_conntrack_count",
	"netfilter/nf_conntrack_max", "netfilter/nf_conntrack_udp_timeout",
};
#define FILES (sizeof files / sizeof files[0])

static int
make_root(void **state)
{
	char path[256];

	(void)state;
	if (mkdtemp(root) == NULL)
		return -1;
	for (size_t i = 0; i < FOLDERS; i++) {
		snprintf(path, sizeof path, "%s%s", root, folders[i]);
		if (mkdir(path, 0700) != 0)
			return -1;
	}
	return 0;
}

static void
path_of(size_t file, char path[256])
{
	snprintf(path, 256, "%s/proc/sys/net/%s", root, files[file]);
}

static int
remove_root(void **state)
{
	char path[256];

	(void)state;
	for (size_t i = 0; i < FILES; i++) {
		path_of(i, path);
		(void)unlink(path);
	}
	for (size_t i = FOLDERS; i > 0; i--) {
		snprintf(path, sizeof path, "%s%s", root, folders[i - 1]);
		(void)rmdir(path);
	}
	return rmdir(root);
}

static void
put(size_t file, const char *text)
{
	char path[256];
	FILE *to;

	path_of(file, path);
	to = fopen(path, "w");
	assert_non_null(to);
	assert_int_not_equal(fputs(text, to), EOF);
	assert_int_equal(fclose(to), 0);
}

static void
test_read(void **state)
{
	struct kernel_limits limits;
	struct kernel_verdict verdict;

	(void)state;
	/* A container may hide them all. */
	kernel_limits_read(root, &limits);
	assert_int_equal(limits.receive_bytes, UNKNOWN);
	assert_int_equal(limits.tracked, UNKNOWN);
	assert_int_equal(limits.tracked_most, UNKNOWN);
	assert_int_equal(limits.tracked_seconds, UNKNOWN);
	verdict = kernel_limits_judge(&limits, &large);
	assert_int_equal(verdict.receive_bytes, 0);
	assert_int_equal(verdict.tracked_most, 0);

	put(0, "212992\n");
	put(1, "17\n");
	put(2, "65536");
	put(3, "30\n");
	kernel_limits_read(root, &limits);
	assert_int_equal(limits.receive_bytes, 212992);
	assert_int_equal(limits.tracked, 17);
	assert_int_equal(limits.tracked_most, 65536);
	assert_int_equal(limits.tracked_seconds, 30);
	verdict = kernel_limits_judge(&limits, &large);
	assert_int_equal(verdict.receive_bytes, 4 * MIB);
	assert_int_equal(verdict.tracked_most, 1200017);
	assert_int_equal(verdict.tracked_more, 1200000);
}

static void
test_nonsense(void **state)
{
	static const char *const texts[] = {
		"", "\n", "x\n", "-1\n", "12x\n", "99999999999999999999\n",
		"1099511627777\n", "4096\t8192\n",
	};
	struct kernel_limits limits;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		put(0, texts[i]);
		kernel_limits_read(root, &limits);
		assert_int_equal(limits.receive_bytes, UNKNOWN);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buffers), cmocka_unit_test(test_tables),
		cmocka_unit_test(test_read), cmocka_unit_test(test_nonsense),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_root, remove_root);
}
