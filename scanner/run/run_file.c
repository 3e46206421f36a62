/* run_file: run.json, what the run was (SCHEMA.md). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/suffix.h"
#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/coordinator/coordinator.h"
#include "scanner/crypto/digest.h"
#include "scanner/dns/recursive/anchor.h"
#include "scanner/input/input.h"
#include "scanner/run/vantage.h"
#include "scanner/version.h"

static json_t *
program(void)
{
	json_t *object = json_object();
	struct version version;

	for (size_t i = 0; version_of(i, &version); i++)
		json_object_set_new(object, version.name,
		    json_string(version.text));
	return object;
}

static json_t *
options_in_json(const struct options *options)
{
	json_t *object = json_object();
	const char *name;
	char value[1024];
	bool changes_facts;

	for (size_t i = 0; options_in_force(options, i, &name, value,
	    &changes_facts); i++)
		json_object_set_new(object, name, json_string(value));
	json_object_set_new(object, "probing",
	    json_boolean(options->probes != 0));
	return object;
}

static json_t *
inputs(const struct coordinator *coordinator)
{
	const struct plan *plan = &coordinator->plan;
	const struct plan_counts *counts = &plan->counts;
	json_t *files = json_array();

	for (size_t i = 0; i < plan->source_count; i++) {
		const struct source *source = &plan->sources[i];
		char hex[SHA256_HEX];

		digest_to_hex(source->sha256, hex);
		json_array_append_new(files, json_pack(
		    "{s:I, s:s, s:s, s:s, s:I, s:I, s:I, s:b, s:s, s:I}",
		    "source_id", (json_int_t)i, "name", source->name,
		    "format", input_format_text(
		    (enum input_format)source->format), "sha256", hex,
		    "bytes", (json_int_t)source->bytes,
		    "records", (json_int_t)source->records,
		    "rejected", (json_int_t)source->rejected,
		    "whole", source->is_whole, "zone", source->apex,
		    "soa_serial", (json_int_t)source->serial));
	}
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:o}",
	    "records", (json_int_t)(counts->records - counts->not_sampled),
	    "domains", (json_int_t)(counts->domains - coordinator->opted_out),
	    "duplicates", (json_int_t)counts->duplicates,
	    "rejected", (json_int_t)counts->rejected,
	    "opted_out", (json_int_t)coordinator->opted_out,
	    "not_sampled", (json_int_t)counts->not_sampled,
	    "whole", plan->input_is_whole, "files", files);
}

static json_t *
anchors(const struct options *options)
{
	json_t *array = json_array();

	if (options->trust_anchor != NULL)
		json_array_append_new(array,
		    json_string(options->trust_anchor));
	for (size_t i = 0; options->trust_anchor == NULL &&
	    root_anchor(i) != NULL; i++)
		json_array_append_new(array, json_string(root_anchor(i)));
	return array;
}

static json_t *
vantage(const struct options *options)
{
	struct vantage seen;
	char machine[256] = "";

	(void)gethostname(machine, sizeof machine - 1);
	vantage_look(options, &seen);
	return json_pack("{s:s, s:b, s:b}", "machine", machine,
	    "ipv4", seen.has_ipv4, "ipv6", seen.has_ipv6);
}

/* Options that change facts must be those of the first start (DESIGN). */
static bool
holds(const struct coordinator *coordinator)
{
	const char *name, *was;
	char value[1024];
	bool changes_facts, same = true;

	for (size_t i = 0; options_in_force(coordinator->options, i, &name,
	    value, &changes_facts); i++) {
		was = run_json_option(&coordinator->run, name);
		if (!changes_facts || (was != NULL && strcmp(was, value) == 0))
			continue;
		log_line("--%s is '%s', and was '%s' when this run began", name,
		    value, was != NULL ? was : "");
		same = false;
	}
	if (!same && !coordinator->options->force_resume)
		log_line("give the options of the first start, or another -o, "
		    "or --force-resume");
	return same || coordinator->options->force_resume;
}

/* Those that may be asked less than --dns-rate, with what was found. */
static json_t *
name_servers(const struct coordinator *coordinator)
{
	json_t *object = json_object();
	const struct name_server *server;
	size_t index = 0;

	while ((server = name_servers_next(coordinator->name_servers,
	    &index)) != NULL)
		json_object_set_new(object, name_server_name(server),
		    json_real(name_server_rate(server)));
	return object;
}

static void
take_up_name_servers(struct coordinator *coordinator)
{
	json_t *object = json_object_get(coordinator->run.root,
	    "name_servers"), *rate;
	const char *name;

	json_object_foreach(object, name, rate)
		if (json_is_number(rate))
			name_servers_set_rate(coordinator->name_servers, name,
			    json_number_value(rate));
}

static bool
begin(struct coordinator *coordinator)
{
	const struct options *options = coordinator->options;
	struct suffix_list *suffixes = suffix_list_open();
	char now[CLOCK_TEXT_MAX];
	json_t *members;

	clock_text(coordinator->started_ms, now);
	members = json_pack(
	    "{s:s, s:o, s:o, s:o, s:s, s:s, s:o, s:s, s:s?, s:s}",
	    "state", "measuring", "program", program(),
	    "options", options_in_json(options),
	    "trust_anchors", anchors(options),
	    /* worker.c; --resolver-conf can say otherwise */
	    "qname_minimisation", "hosts, second attempts",
	    "root_store", vantage_ca_file(options),
	    "vantage", vantage(options),
	    "public_suffix_list", suffixes != NULL
	    ? suffix_list_version(suffixes) : "",
	    "notes", options->notes, "started_at", now);
	suffix_list_free(suffixes);
	if (members == NULL) {
		log_line("--notes, --ca-file and --trust-anchor: JSON has UTF-8 "
		    "alone, and one of them has other bytes");
		return false;
	}
	run_json_begin(&coordinator->run, members);
	return true;
}

/* A file that is there and cannot be read is no reason to forget the options of
 * the first start. */
bool
run_file_begin(struct coordinator *coordinator)
{
	struct folder *folder = &coordinator->folder;
	enum run_json_result result = run_json_read(&coordinator->run,
	    folder->descriptor);

	if (result == RUN_JSON_READ) {
		take_up_name_servers(coordinator);
		return holds(coordinator);
	}
	if (result == RUN_JSON_UNREAD && errno == ENOENT)
		return begin(coordinator) && run_file_write(coordinator);
	log_line("%s/" RUN_JSON_FILE ": %s", folder->path,
	    coordinator->run.why);
	return false;
}

static void
count_by(json_t *object, const char *name, const struct enumeration *values,
    const uint64_t *counts)
{
	json_t *inner = json_object();

	for (size_t i = 0; i < values->count; i++)
		if (counts[i] != 0)
			json_object_set_new(inner, values->texts[i],
			    json_integer((json_int_t)counts[i]));
	json_object_set_new(object, name, inner);
}

static json_t *
counts(const struct tally *tally)
{
	json_t *object = json_object();
	uint64_t mx[MX_STATUS_COUNT] = { 0 }, dnssec[DNSSEC_COUNT] = { 0 };

	for (int i = 0; i < MX_STATUS_COUNT; i++)
		for (int j = 0; j < DNSSEC_COUNT; j++) {
			mx[i] += tally->mx_status[i][j];
			dnssec[j] += tally->mx_status[i][j];
		}
	json_object_set_new(object, "domains",
	    json_integer((json_int_t)tally->domains));
	count_by(object, "mx_status", &mx_status_texts, mx);
	count_by(object, "mx_dnssec", &dnssec_texts, dnssec);
	json_object_set_new(object, "hosts",
	    json_integer((json_int_t)tally->hosts));
	count_by(object, "host_status", &host_status_texts,
	    tally->host_status);
	count_by(object, "tlsa_status", &tlsa_status_texts,
	    tally->tlsa_status);
	count_by(object, "address_class", &address_class_texts,
	    tally->addresses);
	json_object_set_new(object, "probes",
	    json_integer((json_int_t)tally->probes));
	count_by(object, "outcome", &outcome_texts, tally->outcome);
	json_object_set_new(object, "certificates", json_pack(
	    "{s:I, s:I, s:I}", "presented",
	    (json_int_t)tally->trusted[0] + (json_int_t)tally->trusted[1],
	    "trusted", (json_int_t)tally->trusted[1],
	    "in_dates", (json_int_t)tally->in_dates[1]));
	json_object_set_new(object, "host_results",
	    json_integer((json_int_t)tally->results));
	count_by(object, "tls_class", &tls_class_texts, tally->tls_class);
	count_by(object, "dane_verdict", &dane_verdict_texts,
	    tally->dane_verdict);
	json_object_set_new(object, "policies",
	    json_integer((json_int_t)tally->policies));
	count_by(object, "mta_sts_status", &mta_sts_status_texts,
	    tally->mta_sts_status);
	count_by(object, "tlsrpt_status", &tlsrpt_status_texts,
	    tally->tlsrpt_status);
	return object;
}

static void
set_state(struct coordinator *coordinator, enum run_state state)
{
	struct run_json *run = &coordinator->run;

	run_json_set_state(run, state);
	if (coordinator->plan.sources == NULL)
		return;
	run_json_set(run, "inputs", inputs(coordinator));
	run_json_set(run, "name_servers", name_servers(coordinator));
	run_json_set(run, "counts", counts(&coordinator->tally));
}

char *
run_file_text(struct coordinator *coordinator, enum run_state state)
{
	set_state(coordinator, state);
	return run_json_dump(&coordinator->run);
}

bool
run_file_write(struct coordinator *coordinator)
{
	const struct folder *folder = &coordinator->folder;

	set_state(coordinator, RUN_MEASURING);
	if (run_json_write(&coordinator->run, folder->descriptor))
		return true;
	log_line("%s/" RUN_JSON_FILE ": %s", folder->path, strerror(errno));
	return false;
}
