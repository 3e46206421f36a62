/*
 * table_bench: measures the cost of a row of `domains`: set and end_row, sort
 * and write at the given zlib level, and reading it back with every field
 * checked.
 *
 *	table_bench [ROWS [LEVEL...]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "scanner/base/siphash.h"
#include "scanner/out/table.h"
#include "scanner/out/table_reader.h"

#define PART_ROWS 4096		/* a domain chunk */

static double
seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Names in the order of their hashes, as the plan has them. */
static void
set_row(struct table *table, uint64_t number)
{
	static const struct siphash_key key = { 1, 2 };
	uint64_t hash = siphash(&key, &number, sizeof number);
	char name[64];

	snprintf(name, sizeof name, "%c%c%05llx-shop.com",
	    (int)('a' + hash % 26), (int)('a' + hash / 26 % 26),
	    (unsigned long long)(hash >> 40));
	table_set(table, DOMAINS_DOMAIN, name);
	table_set_number(table, DOMAINS_SOURCE_ID, 0);
	table_set_number(table, DOMAINS_RANK, (int64_t)number + 1);
	table_set(table, DOMAINS_TLD, "com");
	table_set(table, DOMAINS_REGISTRABLE_DOMAIN, name);
	table_set_bool(table, DOMAINS_PARENT_DS, hash % 20 == 0);
	table_set(table, DOMAINS_DNS_OPERATOR, "domaincontrol.com");
	table_set_enum(table, DOMAINS_LANE, LANE_RECURSIVE);
	table_set_enum(table, DOMAINS_MX_STATUS, MX_FOUND);
	table_set_enum(table, DOMAINS_MX_DNSSEC, DNSSEC_INSECURE);
	table_set_bool(table, DOMAINS_MX_WILDCARD, false);
	table_set_number(table, DOMAINS_MX_COUNT, (int64_t)(hash % 4) + 1);
	table_set_bool(table, DOMAINS_MX_TRUNCATED, false);
	table_set_enum(table, DOMAINS_MTA_STS_RECORD, TXT_ABSENT);
	table_set_enum(table, DOMAINS_TLSRPT_RECORD, TXT_ABSENT);
	table_set_flags(table, DOMAINS_FLAGS, 0);
	table_set_number(table, DOMAINS_TTL_S, 3600);
	table_set_number(table, DOMAINS_LOOKUP_MS, (int64_t)(hash % 900));
	table_set_number(table, DOMAINS_ATTEMPTS, 1);
	table_set_time(table, DOMAINS_MEASURED_AT,
	    INT64_C(1795478400000) + (int64_t)number * 3);
	table_end_row(table);
}

static void
measure(uint64_t rows, int level)
{
	struct table *table = table_new(TABLE_DOMAINS);
	double set = 0, written = 0, read = 0;
	uint64_t bytes = 0;

	for (uint64_t at = 0; at < rows;) {
		FILE *part = tmpfile();
		struct table_reader *reader;
		struct stat status;
		double start = seconds_now(), then;
		int result;

		if (part == NULL)
			abort();
		for (int i = 0; i < PART_ROWS && at < rows; i++)
			set_row(table, at++);
		then = seconds_now();
		set += then - start;
		if (!table_write(table, fileno(part), level, false) ||
		    fstat(fileno(part), &status) != 0)
			abort();
		written += seconds_now() - then;
		bytes += (uint64_t)status.st_size;
		then = seconds_now();
		reader = table_reader_open(TABLE_DOMAINS, fileno(part));
		while ((result = table_reader_next(reader)) == 1)
			continue;
		if (result != 0)
			abort();
		table_reader_close(reader);
		read += seconds_now() - then;
		fclose(part);
	}
	table_free(table);
	printf("level %d: set and end_row %.2f, sort and write %.2f, "
	    "read %.2f us a row; %.1f bytes a row\n", level,
	    set * 1e6 / (double)rows, written * 1e6 / (double)rows,
	    read * 1e6 / (double)rows, (double)bytes / (double)rows);
}

int
main(int argc, char **argv)
{
	uint64_t rows = argc > 1 ? strtoull(argv[1], NULL, 10) : 409600;

	if (argc <= 2) {
		measure(rows, 1);
		measure(rows, 6);
	}
	for (int i = 2; i < argc; i++)
		measure(rows, atoi(argv[i]));
	return 0;
}
