/*
 * zone_bench: compares the zone reader with libzscanner.
 *
 *   zone_bench generate COUNT	a CZDS-like file of COUNT delegations
 *   zone_bench parser FILE	the parser of this program, plain or gzip
 *   zone_bench zscanner FILE	libzscanner, plain or gzip
 *
 * The readers print seconds of wall time, megabytes (10^6) a second of plain
 * text, NS and DS records, and the largest resident size.
 */
#include <libzscanner/scanner.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <zlib.h>

#include "parsers/zone/zone.h"

#define CHUNK	(256 * 1024)

static uint64_t ns_count, ds_count;

static uint32_t
random_number(uint32_t below)
{
	static uint64_t state = 42;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((state >> 33) % below);
}

static void
random_text(char *text, const char *alphabet, unsigned length)
{
	size_t letters = strlen(alphabet);

	for (unsigned i = 0; i < length; i++)
		text[i] = alphabet[random_number((uint32_t)letters)];
	text[length] = '\0';
}

/* 5 % signed, 3 % with glue; name servers of 20,000 providers. */
static void
generate(unsigned long count)
{
	static const char base32[] = "0123456789abcdefghijklmnopqrstuv";
	char name[32], other[512];

	printf("com.\t900\tin\tsoa\ta.gtld-servers.net. "
	    "nstld.verisign-grs.com. 1 1800 900 604800 86400\n");
	for (unsigned long i = 0; i < count; i++) {
		unsigned provider = random_number(20000);

		random_text(name, "abcdefghijklmnopqrstuvwxyz0123456789-",
		    5 + random_number(14));
		name[0] = (char)('a' + i % 26);
		for (unsigned n = 1; n <= 2; n++)
			printf("%s.com.\t172800\tin\tns\tns%u.provider%u.%s\n",
			    name, n, provider,
			    provider % 3 != 0 ? "com." : "net.");
		if (random_number(100) < 3)
			printf("ns1.%s.com.\t172800\tin\ta\t198.51.%u.%u\n",
			    name, provider % 256, random_number(256));
		if (random_number(100) >= 5)
			continue;
		random_text(other, "0123456789ABCDEF", 64);
		printf("%s.com.\t86400\tin\tds\t%u 13 2 %s\n", name,
		    random_number(65536), other);
		/* The last digit has four bits that must be 0. */
		random_text(other, base32, 85);
		printf("%s.com.\t86400\tin\trrsig\tDS 13 2 86400 "
		    "20261201000000 20261124000000 46551 com. %sA==\n", name,
		    other);
		random_text(other, base32, 32);
		printf("%s.com.\t86400\tin\tnsec3\t1 1 0 - %s NS DS RRSIG\n",
		    other, other);
	}
	printf("com.\t900\tin\tsoa\ta.gtld-servers.net. "
	    "nstld.verisign-grs.com. 1 1800 900 604800 86400\n");
}

static void
on_record(void *tag, const struct zone_record *record)
{
	(void)tag;
	ns_count += record->type == 2;
	ds_count += record->type == 43;
}

static void
on_error(void *tag, enum zone_error error, uint64_t line, unsigned column,
    const char *text, size_t length)
{
	(void)tag;
	(void)text;
	(void)length;
	fprintf(stderr, "line %llu column %u: %s\n", (unsigned long long)line,
	    column, zone_error_text(error));
	exit(1);
}

static void
on_zs_record(zs_scanner_t *scanner)
{
	ns_count += scanner->r_type == 2;
	ds_count += scanner->r_type == 43;
}

static void
on_zs_error(zs_scanner_t *scanner)
{
	fprintf(stderr, "%s\n", zs_strerror(scanner->error.code));
	exit(1);
}

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* libzscanner assumes that its input is complete, so it gets whole lines.
 * Returns how many bytes of the next line were moved to the front, or -1 after
 * a fault. */
static long
feed_zscanner(zs_scanner_t *scanner, char *chunk, size_t length)
{
	const char *newline = memrchr(chunk, '\n', length);
	size_t whole = newline != NULL ? (size_t)(newline + 1 - chunk) : length;

	if (zs_set_input_string(scanner, chunk, whole) != 0 ||
	    zs_parse_all(scanner) != 0)
		return -1;
	memmove(chunk, chunk + whole, length - whole);
	return (long)(length - whole);
}

static int
measure(const char *who, const char *path)
{
	static const struct zone_handler handler = {
		.on_record = on_record, .on_error = on_error
	};
	struct zone_parser *parser = zone_parser_new(&handler, NULL);
	zs_scanner_t *scanner = calloc(1, sizeof *scanner);
	gzFile file = gzopen(path, "rb");
	char *chunk = malloc(CHUNK);
	bool is_ours = strcmp(who, "parser") == 0;
	double start = now(), seconds, bytes = 0;
	struct rusage usage;
	long kept = 0;
	int length;

	if (file == NULL || scanner == NULL || chunk == NULL ||
	    zs_init(scanner, ".", 1, 0) != 0)
		return 1;
	gzbuffer(file, CHUNK);
	zs_set_processing(scanner, on_zs_record, on_zs_error, NULL);
	while (kept >= 0 && (length = gzread(file, chunk + kept,
	    (unsigned)(CHUNK - kept))) > 0) {
		bytes += length;
		if (is_ours)
			zone_push(parser, chunk, (size_t)length);
		else
			kept = feed_zscanner(scanner, chunk,
			    (size_t)(kept + length));
	}
	zone_finish(parser);
	seconds = now() - start;
	getrusage(RUSAGE_SELF, &usage);
	printf("%.3f s, %.0f MB/s, %llu NS, %llu DS, %ld kB\n", seconds,
	    bytes / seconds / 1e6, (unsigned long long)ns_count,
	    (unsigned long long)ds_count, usage.ru_maxrss);
	gzclose(file);
	zs_deinit(scanner);
	free(scanner);
	free(chunk);
	zone_parser_free(parser);
	return length == 0 && kept == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "generate") == 0)
		generate(strtoul(argv[2], NULL, 10));
	else if (argc == 3)
		return measure(argv[1], argv[2]);
	else
		return 2;
	return 0;
}
