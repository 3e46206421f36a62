/*
 * conclude_bench: the part files of a run that was never made, for measuring
 * `mxcensus conclude`: of ten domains one takes no mail, OWN have an MX host of
 * their own name, the others two MX hosts of one of 1,000 providers.
 *
 *	conclude_bench RUN DOMAINS OWN
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/siphash.h"
#include "scanner/out/table.h"

#define PART_ROWS	4096
#define PROVIDERS	1000
#define TIME_MS		INT64_C(1795478400000)
#define LEVEL		4

static const char *run;
static unsigned own;

static void
write_part(struct table *table, enum table_id id, unsigned number)
{
	char path[512];
	int descriptor;

	snprintf(path, sizeof path, "%s/%s", run, table_schemas[id].name);
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		abort();
	snprintf(path, sizeof path, "%s/%s/part-%06u.csv.gz", run,
	    table_schemas[id].name, number);
	descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
	if (descriptor < 0 || !table_write(table, descriptor, LEVEL, false))
		abort();
	close(descriptor);
}

static uint64_t
hash_of(uint64_t number)
{
	static const struct siphash_key key = { 3, 4 };

	return siphash(&key, &number, sizeof number);
}

static void
domain_name(char name[64], uint64_t number)
{
	snprintf(name, 64, "%c%c%06" PRIx64 "-shop.com",
	    (int)('a' + number % 26), (int)('a' + number / 26 % 26), number);
}

static unsigned
kind_of(uint64_t number)
{
	return (unsigned)(hash_of(number) % 10);
}

/* MX hosts of a domain, 0 to 2. */
static unsigned
host_names(char names[2][64], uint64_t number)
{
	char domain[64];
	unsigned kind = kind_of(number);

	if (kind == 0)
		return 0;
	if (kind <= own) {
		domain_name(domain, number);
		snprintf(names[0], 64, "mail.%.50s", domain);
		return 1;
	}
	for (int i = 0; i < 2; i++)
		snprintf(names[i], 64, "mx%d.provider-%03u.example", i + 1,
		    (unsigned)(hash_of(number) / 10 % PROVIDERS));
	return 2;
}

static void
add_domain(struct table *domains, struct table *mx, uint64_t number)
{
	char name[64], names[2][64];
	unsigned count = host_names(names, number);

	domain_name(name, number);
	table_set(domains, DOMAINS_DOMAIN, name);
	table_set_number(domains, DOMAINS_SOURCE_ID, 0);
	table_set(domains, DOMAINS_TLD, "com");
	table_set(domains, DOMAINS_REGISTRABLE_DOMAIN, name);
	table_set_bool(domains, DOMAINS_PARENT_DS, number % 20 == 0);
	table_set(domains, DOMAINS_DNS_OPERATOR, "dns-operator.com");
	table_set_enum(domains, DOMAINS_LANE, LANE_DIRECT);
	table_set_enum(domains, DOMAINS_MX_STATUS, count == 0 ? MX_NO_MAIL
	    : MX_FOUND);
	table_set_enum(domains, DOMAINS_MX_DNSSEC, number % 20 == 0
	    ? DNSSEC_SECURE : DNSSEC_INSECURE);
	table_set_number(domains, DOMAINS_MX_COUNT, count);
	table_set_bool(domains, DOMAINS_MX_TRUNCATED, false);
	table_set_enum(domains, DOMAINS_MTA_STS_RECORD, TXT_ABSENT);
	table_set_enum(domains, DOMAINS_TLSRPT_RECORD, TXT_ABSENT);
	table_set_number(domains, DOMAINS_TTL_S, 3600);
	table_set_number(domains, DOMAINS_LOOKUP_MS, (int64_t)(number % 900));
	table_set_number(domains, DOMAINS_ATTEMPTS, 1);
	table_set_time(domains, DOMAINS_MEASURED_AT, TIME_MS +
	    (int64_t)number);
	table_end_row(domains);
	for (unsigned i = 0; i < count; i++) {
		table_set(mx, MX_DOMAIN, name);
		table_set_number(mx, MX_PREFERENCE, 10 * (i + 1));
		table_set_number(mx, MX_TIER, i + 1);
		table_set(mx, MX_HOST, names[i]);
		table_end_row(mx);
	}
}

struct host_tables {
	struct table	*hosts, *addresses, *probes, *results;
	unsigned	 count, part;
};

static void
flush_hosts(struct host_tables *tables)
{
	if (tables->count == 0)
		return;
	write_part(tables->hosts, TABLE_HOSTS, tables->part);
	write_part(tables->addresses, TABLE_ADDRESSES, tables->part);
	write_part(tables->probes, TABLE_PROBES, tables->part);
	write_part(tables->results, TABLE_HOST_RESULTS, tables->part);
	tables->part++;
	tables->count = 0;
}

static void
add_session(struct host_tables *tables, const char *name, const char *address,
    bool signs)
{
	struct table *probes = tables->probes, *results = tables->results;

	table_set(probes, PROBES_ADDRESS, address);
	table_set_number(probes, PROBES_PORT, 25);
	table_set(probes, PROBES_SNI, name);
	table_set_enum(probes, PROBES_PROFILE, PROFILE_MODERN);
	table_set_number(probes, PROBES_ATTEMPT, 1);
	table_set_enum(probes, PROBES_OUTCOME, OUTCOME_TLS_ESTABLISHED);
	table_set_enum(probes, PROBES_PHASE, PHASE_DONE);
	table_set(probes, PROBES_TLS_VERSION, "TLSv1.3");
	table_set_bool(probes, PROBES_CHAIN_TRUSTED, true);
	table_set(probes, PROBES_CHAIN_ERROR, "ok");
	table_set_bool(probes, PROBES_IN_DATES, true);
	table_set_time(probes, PROBES_MEASURED_AT, TIME_MS);
	table_end_row(probes);
	table_set(results, RESULTS_HOST, name);
	table_set(results, RESULTS_ADDRESS, address);
	table_set(results, RESULTS_SNI, name);
	table_set_number(results, RESULTS_ATTEMPT, 1);
	table_set_enum(results, RESULTS_PROFILE, PROFILE_MODERN);
	table_set(results, RESULTS_SESSION_SNI, name);
	table_set_enum(results, RESULTS_BASIS, BASIS_OWN);
	table_set_enum(results, RESULTS_TLS_CLASS, TLS_CLASS_TLS);
	table_set_bool(results, RESULTS_NAME_MATCH, true);
	table_set_enum(results, RESULTS_TLSA_STATUS, signs
	    ? TLSA_STATUS_USABLE : TLSA_STATUS_NOT_ASKED);
	table_set_enum(results, RESULTS_DANE_VERDICT, signs ? DANE_MATCH
	    : DANE_NOT_APPLICABLE);
	table_set_enum(results, RESULTS_DANE_VERDICT_NO_AGILITY, signs
	    ? DANE_MATCH : DANE_NOT_APPLICABLE);
	table_set_time(results, RESULTS_MEASURED_AT, TIME_MS);
	table_end_row(results);
}

static void
add_host(struct host_tables *tables, const char *name, uint64_t number)
{
	bool signs = number % 10 == 0;
	struct table *hosts = tables->hosts;
	char address[32];

	table_set(hosts, HOSTS_HOST, name);
	table_set_enum(hosts, HOSTS_HOST_STATUS, HOST_USABLE);
	table_set_enum(hosts, HOSTS_LANE, LANE_RECURSIVE);
	table_set_number(hosts, HOSTS_ADDRESS_COUNT, 1);
	table_set_bool(hosts, HOSTS_ADDRESSES_TRUNCATED, false);
	if (signs)
		table_set(hosts, HOSTS_TLSA_BASE, name);
	table_set_enum(hosts, HOSTS_TLSA_STATUS, signs ? TLSA_STATUS_USABLE
	    : TLSA_STATUS_NOT_ASKED);
	table_set_number(hosts, HOSTS_ATTEMPTS, 1);
	table_set_time(hosts, HOSTS_MEASURED_AT, TIME_MS);
	table_end_row(hosts);
	snprintf(address, sizeof address, "198.%u.%u.%u",
	    (unsigned)(number >> 16 & 255), (unsigned)(number >> 8 & 255),
	    (unsigned)(number & 255));
	table_set(tables->addresses, ADDRESSES_HOST, name);
	table_set(tables->addresses, ADDRESSES_ADDRESS, address);
	table_set_number(tables->addresses, ADDRESSES_FAMILY, 4);
	table_set_enum(tables->addresses, ADDRESSES_CLASS, CLASS_PUBLIC);
	table_end_row(tables->addresses);
	add_session(tables, name, address, signs);
	if (++tables->count == PART_ROWS)
		flush_hosts(tables);
}

static void
write_domains(uint64_t count)
{
	struct table *domains = table_new(TABLE_DOMAINS);
	struct table *mx = table_new(TABLE_MX);
	unsigned part = 0;

	for (uint64_t at = 0; at < count; part++) {
		for (int i = 0; i < PART_ROWS && at < count; i++)
			add_domain(domains, mx, at++);
		write_part(domains, TABLE_DOMAINS, part);
		write_part(mx, TABLE_MX, part);
	}
	table_free(domains);
	table_free(mx);
}

static void
write_hosts(uint64_t count)
{
	struct host_tables tables = {
		table_new(TABLE_HOSTS), table_new(TABLE_ADDRESSES),
		table_new(TABLE_PROBES), table_new(TABLE_HOST_RESULTS), 0, 0,
	};
	char names[2][64];
	uint64_t number = 0;

	for (unsigned i = 0; i < 2 * PROVIDERS; i++) {
		snprintf(names[0], 64, "mx%u.provider-%03u.example", i % 2 + 1,
		    i / 2);
		add_host(&tables, names[0], number++);
	}
	for (uint64_t i = 0; i < count; i++)
		if (host_names(names, i) == 1)
			add_host(&tables, names[0], number++);
	flush_hosts(&tables);
	table_free(tables.hosts);
	table_free(tables.addresses);
	table_free(tables.probes);
	table_free(tables.results);
}

int
main(int argc, char **argv)
{
	static const enum table_id empty[] = { TABLE_TLSA, TABLE_CHAINS,
		TABLE_CERTIFICATES };
	char path[512];
	FILE *file;

	if (argc != 4)
		return 2;
	own = (unsigned)strtoul(argv[3], NULL, 10);
	run = argv[1];
	write_domains(strtoull(argv[2], NULL, 10));
	write_hosts(strtoull(argv[2], NULL, 10));
	for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
		struct table *table = table_new(empty[i]);

		write_part(table, empty[i], 0);
		table_free(table);
	}
	snprintf(path, sizeof path, "%s/run.json", run);
	file = fopen(path, "w");
	if (file == NULL)
		abort();
	fprintf(file, "{\"format\": 2, \"state\": \"sealed\", \"started_at\": "
	    "\"2026-11-24T00:00:00.000Z\", \"options\": {\"probing\": true, "
	    "\"probe-implicit\": \"no\", \"retry-after\": \"1800000ms\", "
	    "\"level\": \"%d\"}}", LEVEL);
	return fclose(file) != 0;
}
