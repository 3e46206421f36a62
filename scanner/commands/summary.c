#include "scanner/commands/summary.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "scanner/base/facts.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"

static json_int_t
number(const json_t *counts, const char *group, const char *name)
{
	const json_t *object = group == NULL ? counts
	    : json_object_get(counts, group);

	return json_integer_value(json_object_get(object, name));
}

static double
percent(json_int_t part, json_int_t whole)
{
	return whole == 0 ? 0 : 100. * (double)part / (double)whole;
}

/* One line for each value that occurs, with its share of the whole. */
static void
print_group(FILE *out, const json_t *counts, const char *title,
    const char *group, json_int_t whole)
{
	const json_t *object = json_object_get(counts, group), *value;
	const char *name;
	void *iterator = json_object_iter((json_t *)(uintptr_t)object);

	fprintf(out, "%s\n", title);
	for (; iterator != NULL; iterator = json_object_iter_next(
	    (json_t *)(uintptr_t)object, iterator)) {
		name = json_object_iter_key(iterator);
		value = json_object_iter_value(iterator);
		fprintf(out, "  %-22s %12" PRId64 " %6.2f %%\n", name,
		    (int64_t)json_integer_value(value),
		    percent(json_integer_value(value), whole));
	}
}

static void
print_all(FILE *out, const char *run, const json_t *counts)
{
	json_int_t domains = number(counts, NULL, "domains");
	json_int_t hosts = number(counts, NULL, "hosts");
	json_int_t probes = number(counts, NULL, "probes");
	json_int_t results = number(counts, NULL, "host_results");
	char title[128];

	snprintf(title, sizeof title, "\nDomains: %" PRId64
	    ", by what their MX lookup says", (int64_t)domains);
	print_group(out, counts, title, "mx_status", domains);
	print_group(out, counts, "  of them, by DNSSEC status of the MX RRset",
	    "mx_dnssec", domains);
	snprintf(title, sizeof title, "MX hosts: %" PRId64
	    ", by their TLSA records", (int64_t)hosts);
	print_group(out, counts, title, "tlsa_status", hosts);
	snprintf(title, sizeof title, "SMTP sessions: %" PRId64
	    ", by outcome", (int64_t)probes);
	print_group(out, counts, title, "outcome", probes);
	print_group(out, counts, "  certificate chains",
	    "certificates", number(counts, "certificates", "presented"));
	snprintf(title, sizeof title, "Results for a host at an address: %"
	    PRId64 ", by TLS", (int64_t)results);
	print_group(out, counts, title, "tls_class", results);
	print_group(out, counts, "  by DANE verdict", "dane_verdict", results);
	fprintf(out, "\nThe run is in %s. To open it:\n  duckdb -c \"SELECT "
	    "mx_status, mx_dnssec, count(*) FROM '%s/domains/*.csv.gz' "
	    "GROUP BY ALL\"\n", run, run);
}

bool
summary_print(const char *run, FILE *out)
{
	char *path = xasprintf("%s/run.json", run);
	json_error_t error;
	json_t *file = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	if (file == NULL)
		log_line("%s: %s", path, error.text);
	else
		print_all(out, run, json_object_get(file, "counts"));
	json_decref(file);
	free(path);
	return file != NULL;
}
