#include "scanner/coordinator/monitoring/metrics.h"

#include <inttypes.h>
#include <string.h>

#include "scanner/base/escape.h"

static const char *const stages[JOB_KINDS] = {
	[JOB_DOMAINS] = "domains", [JOB_HOSTS] = "hosts",
	[JOB_PROBES] = "probes", [JOB_POLICIES] = "policies",
};
static const char *const reasons[PAUSE_REASONS] = {
	[PAUSE_DISK] = "disk", [PAUSE_NAME_SERVERS] = "name_servers",
	[PAUSE_MAIL_SERVERS] = "mail_servers",
	[PAUSE_MIDDLEBOX] = "middlebox", [PAUSE_SOCKETS] = "sockets",
};
static const char *const causes[DEATH_CAUSES] = {
	[DEATH_CRASH] = "crash", [DEATH_SPIN] = "endless_loop",
	[DEATH_MUTE] = "no_sign_of_life", [DEATH_NONSENSE] = "invalid_message",
	[DEATH_MEMORY] = "out_of_memory", [DEATH_EXIT] = "exit",
	[DEATH_KILL] = "killed",
};
static const char *const sample_groups[SAMPLE_GROUPS] = {
	[SAMPLED_NAMES] = "all", [SAMPLED_DIFFERING] = "delegation_differs",
};

/* The format ("Text-based format", prometheus.io) ************************** */

struct writer {
	struct buffer	*out;
	struct buffer	 run;		/* run="...", escaped */
	const char	*name;		/* of the metric */
};

/* Bytes beyond printable ASCII become \xHH; then the backslash and the quote
 * are escaped as the format says. */
static void
put_label(struct buffer *out, const char *label, const char *value)
{
	struct buffer plain = { 0 };

	escape_append(&plain, value, strlen(value));
	buffer_printf(out, "%s=\"", label);
	for (size_t i = 0; i < plain.length; i++) {
		if (plain.bytes[i] == '\\' || plain.bytes[i] == '"')
			buffer_append_byte(out, '\\');
		buffer_append_byte(out, plain.bytes[i]);
	}
	buffer_append_byte(out, '"');
	buffer_fini(&plain);
}

static void
begin(struct writer *writer, const char *name, const char *type,
    const char *help)
{
	writer->name = name;
	buffer_printf(writer->out, "# HELP mxcensus_%s %s\n"
	    "# TYPE mxcensus_%s %s\n", name, help, name, type);
}

/* Everything of a sample but its value. The label may be NULL. */
static void
put_series(struct writer *writer, const char *suffix, const char *label,
    const char *value)
{
	buffer_printf(writer->out, "mxcensus_%s%s{", writer->name, suffix);
	buffer_append(writer->out, writer->run.bytes, writer->run.length);
	if (label != NULL) {
		buffer_append_byte(writer->out, ',');
		put_label(writer->out, label, value);
	}
	buffer_append_text(writer->out, "} ");
}

static void
put_count(struct writer *writer, const char *label, const char *value,
    uint64_t count)
{
	put_series(writer, "", label, value);
	buffer_printf(writer->out, "%" PRIu64 "\n", count);
}

static void
put_seconds(struct writer *writer, const char *suffix, const char *label,
    const char *value, uint64_t ms)
{
	put_series(writer, suffix, label, value);
	buffer_printf(writer->out, "%" PRIu64 ".%03u\n", ms / 1000,
	    (unsigned)(ms % 1000));
}

static void
put_number(struct writer *writer, const char *label, const char *value,
    double number)
{
	put_series(writer, "", label, value);
	buffer_printf(writer->out, "%.6g\n", number);
}

static void
write_count(struct writer *writer, const char *name, const char *type,
    const char *help, uint64_t count)
{
	begin(writer, name, type, help);
	put_count(writer, NULL, NULL, count);
}

static void
write_seconds(struct writer *writer, const char *name, const char *type,
    const char *help, int64_t ms)
{
	begin(writer, name, type, help);
	put_seconds(writer, "", NULL, NULL, ms > 0 ? (uint64_t)ms : 0);
}

/* A counter for each value of an enumeration, also for those that have not
 * occurred: a counter that begins with 1 has no increase. */
static void
write_enumeration(struct writer *writer, const char *name, const char *help,
    const char *label, const struct enumeration *values,
    const uint64_t *counts)
{
	begin(writer, name, "counter", help);
	for (size_t i = 0; i < values->count; i++)
		put_count(writer, label, values->texts[i], counts[i]);
}

/* What there is to tell *************************************************** */

static void
write_process(struct writer *writer, const struct metrics *metrics)
{
	begin(writer, "build_info", "gauge",
	    "Always 1; the labels say which version runs.");
	put_series(writer, "", "version", metrics->version);
	/* A second label goes before the closing brace. */
	writer->out->length -= 2;
	buffer_append_byte(writer->out, ',');
	put_label(writer->out, "commit", metrics->commit);
	buffer_append_text(writer->out, "} 1\n");
	write_seconds(writer, "process_start_timestamp_seconds", "gauge",
	    "When this process began to work on the run, in Unix time.",
	    metrics->started_ms);
	write_seconds(writer, "written_timestamp_seconds", "gauge",
	    "When this file was written, in Unix time.", metrics->at_ms);
}

static bool
is_in_phase(const struct metrics *metrics, enum figures_phase phase)
{
	if (metrics->phase == METRICS_ENDED)
		return phase == FIGURES_STOPPED;
	return metrics->phase == METRICS_PLANNED &&
	    metrics->figures.phase == phase;
}

/* One of them is 1. */
static void
write_phase(struct writer *writer, const struct metrics *metrics)
{
	begin(writer, "phase", "gauge",
	    "1 for the phase that the run is in, and 0 for the others.");
	put_count(writer, "phase", "planning",
	    metrics->phase == METRICS_PLANNING);
	for (int i = 0; i < FIGURES_PHASE_COUNT; i++)
		put_count(writer, "phase", figures_phase_text(
		    (enum figures_phase)i), is_in_phase(metrics,
		    (enum figures_phase)i));
	write_count(writer, "complete", "gauge",
	    "1 if the run is complete and sealed.",
	    is_in_phase(metrics, FIGURES_COMPLETE));
}

static void
write_pauses(struct writer *writer, const struct metrics *metrics)
{
	begin(writer, "paused", "gauge",
	    "1 if the run pauses for this reason.");
	for (int i = 0; i < PAUSE_REASONS; i++)
		put_count(writer, "reason", reasons[i], metrics->pauses[i]);
	write_seconds(writer, "paused_seconds_total", "counter",
	    "The time of all pauses of the run, added up.",
	    (int64_t)metrics->figures.paused_ms);
	write_seconds(writer, "waits_until_timestamp_seconds", "gauge",
	    "When the run goes on if all that is left has to wait; else 0.",
	    metrics->figures.waits_until_ms);
}

static void
write_stages(struct writer *writer, const struct metrics *metrics)
{
	const struct figures *figures = &metrics->figures;
	const uint64_t done[JOB_KINDS] = {
		[JOB_DOMAINS] = figures->domains, [JOB_HOSTS] = figures->hosts,
		[JOB_PROBES] = figures->probes,
		[JOB_POLICIES] = figures->policies,
	};
	const uint64_t known[JOB_KINDS] = {
		[JOB_DOMAINS] = figures->domains_total,
		[JOB_HOSTS] = figures->hosts_total,
		[JOB_PROBES] = figures->probes + figures->probes_waiting +
		    figures->sessions,
		[JOB_POLICIES] = figures->policies_total,
	};

	begin(writer, "items_done_total", "counter",
	    "Committed rows of each stage: domains, hosts, probes (SMTP "
	    "sessions) and policies.");
	for (int i = 0; i < JOB_KINDS; i++)
		put_count(writer, "stage", stages[i], done[i]);
	begin(writer, "items_known", "gauge",
	    "Items of each stage that are known so far, done or not.");
	for (int i = 0; i < JOB_KINDS; i++)
		put_count(writer, "stage", stages[i], known[i]);
	begin(writer, "done_ratio", "gauge",
	    "The part of the run that is done, from 0 to 1.");
	put_number(writer, NULL, NULL, figures->share);
	write_count(writer, "second_pass_items", "gauge",
	    "Domains and hosts that wait for their second lookup, or are in it.",
	    figures->second_pass);
	begin(writer, "in_flight", "gauge",
	    "DNS questions and SMTP sessions in flight.");
	put_count(writer, "kind", "questions", figures->questions);
	put_count(writer, "kind", "sessions", figures->sessions);
}

static void
write_findings(struct writer *writer, const struct tally *tally)
{
	uint64_t mx[MX_STATUS_COUNT] = { 0 }, dnssec[DNSSEC_COUNT] = { 0 };

	for (int i = 0; i < MX_STATUS_COUNT; i++)
		for (int j = 0; j < DNSSEC_COUNT; j++) {
			mx[i] += tally->mx_status[i][j];
			dnssec[j] += tally->mx_status[i][j];
		}
	write_enumeration(writer, "domains_by_mx_status_total",
	    "Domains by who accepts their mail.", "mx_status",
	    &mx_status_texts, mx);
	write_enumeration(writer, "domains_by_mx_dnssec_total",
	    "Domains by the DNSSEC status of their MX records.", "mx_dnssec",
	    &dnssec_texts, dnssec);
	write_enumeration(writer, "hosts_by_host_status_total",
	    "MX hosts by what their addresses are.", "host_status",
	    &host_status_texts, tally->host_status);
	write_enumeration(writer, "hosts_by_tlsa_status_total",
	    "MX hosts by what their TLSA records are.", "tlsa_status",
	    &tlsa_status_texts, tally->tlsa_status);
	write_enumeration(writer, "sessions_by_outcome_total",
	    "SMTP sessions by how they ended; local_error is a fault of this "
	    "machine.", "outcome", &outcome_texts, tally->outcome);
	write_enumeration(writer, "host_results_by_tls_class_total",
	    "Hosts at an address by what TLS is worth there.", "tls_class",
	    &tls_class_texts, tally->tls_class);
	write_enumeration(writer, "host_results_by_dane_verdict_total",
	    "Hosts at an address by whether a TLSA record matches.",
	    "dane_verdict", &dane_verdict_texts, tally->dane_verdict);
	write_enumeration(writer, "policies_by_mta_sts_status_total",
	    "Domains with a record of MTA-STS or TLSRPT by their policy.",
	    "mta_sts_status", &mta_sts_status_texts, tally->mta_sts_status);
	write_enumeration(writer, "policies_by_tlsrpt_status_total",
	    "The same domains by their record of TLSRPT.", "tlsrpt_status",
	    &tlsrpt_status_texts, tally->tlsrpt_status);
	begin(writer, "undetermined_ratio", "gauge",
	    "The part of the hosts at an address whose TLS class is "
	    "undetermined.");
	put_number(writer, NULL, NULL, tally->results == 0 ? 0
	    : (double)tally->tls_class[TLS_CLASS_UNDETERMINED] /
	    (double)tally->results);
}

static void
write_lanes(struct writer *writer, const struct lane_tally *lanes)
{
	begin(writer, "doubtful_lanes", "gauge",
	    "1 if direct answers and full recursion disagree about too many "
	    "names of the group.");
	for (int i = 0; i < SAMPLE_GROUPS; i++)
		put_count(writer, "names", sample_groups[i],
		    lane_tally_is_doubtful(lanes, (enum sample_group)i));
}

static void
write_faults(struct writer *writer, const struct metrics *metrics)
{
	write_count(writer, "failed_lookups", "gauge",
	    "Domains whose lookup has failed so far, also those that are asked "
	    "again.", metrics->figures.errors);
	begin(writer, "given_back_items_total", "counter",
	    "Items that failed through faults of this machine or its network, "
	    "and are asked again.");
	for (int i = 0; i < JOB_KINDS; i++)
		put_count(writer, "stage", stages[i], metrics->given_back[i]);
	write_count(writer, "workers", "gauge",
	    "Worker processes that the run is to have.", metrics->workers);
	write_count(writer, "ready_workers", "gauge",
	    "Worker processes that can measure now.", metrics->ready_workers);
	begin(writer, "worker_deaths_total", "counter",
	    "Worker processes that ended before they should, and were "
	    "replaced.");
	for (int i = 0; i < DEATH_CAUSES; i++)
		put_count(writer, "cause", causes[i], metrics->deaths[i]);
	write_count(writer, "committed_bytes_total", "counter",
	    "Bytes of the parts that this process has committed.",
	    metrics->written_bytes);
}

static void
write_queues(struct writer *writer, const struct metrics *metrics)
{
	begin(writer, "waiting_items", "gauge",
	    "Items that wait for their turn: probes for the pace of their "
	    "network, domains and hosts for their name server.");
	put_count(writer, "stage", "probes", metrics->figures.probes_waiting);
	put_count(writer, "stage", "domains", metrics->held_domains);
	put_count(writer, "stage", "hosts", metrics->held_hosts);
	write_count(writer, "restricted_name_servers", "gauge",
	    "Name servers that lost questions and get fewer of them.",
	    metrics->restricted_servers);
}

/* Names that are cut off could be the same. */
static bool
is_told(const struct figures *figures, unsigned index)
{
	for (unsigned i = 0; i < index; i++)
		if (strcmp(figures->busy[i].name,
		    figures->busy[index].name) == 0)
			return true;
	return false;
}

static void
write_busiest(struct writer *writer, const struct figures *figures)
{
	begin(writer, "busiest_name_server_waiting_items", "gauge",
	    "Names that wait for the name servers (or their /24 and /48) that "
	    "need the longest time.");
	for (unsigned i = 0; i < figures->busy_count; i++)
		if (!is_told(figures, i))
			put_count(writer, "server", figures->busy[i].name,
			    figures->busy[i].waiting);
	begin(writer, "busiest_name_server_wait_seconds", "gauge",
	    "How long these names take at the rate of now.");
	for (unsigned i = 0; i < figures->busy_count; i++)
		if (!is_told(figures, i))
			put_number(writer, "server", figures->busy[i].name,
			    figures->busy[i].seconds);
}

static void
put_histogram(struct writer *writer, const char *label, const char *value,
    const struct latency *latency)
{
	uint64_t count = 0;

	for (size_t i = 0; i < LATENCY_CLASSES; i++) {
		put_series(writer, "_bucket", label, value);
		/* `le` is the last label. */
		writer->out->length -= 2;
		count += latency->count[i];
		if (i < LATENCY_CLASSES - 1)
			buffer_printf(writer->out, ",le=\"%g\"} %" PRIu64 "\n",
			    (double)latency_limits_ms[i] / 1000, count);
		else
			buffer_printf(writer->out, ",le=\"+Inf\"} %" PRIu64
			    "\n", count);
	}
	put_seconds(writer, "_sum", label, value, latency->sum_ms);
	put_series(writer, "_count", label, value);
	buffer_printf(writer->out, "%" PRIu64 "\n", count);
}

static void
write_latency(struct writer *writer, const struct metrics *metrics)
{
	begin(writer, "dns_lookup_seconds", "histogram",
	    "How long lookups took, by the lane that was asked, until the "
	    "answer or the time limit.");
	put_histogram(writer, "lane", "direct",
	    &metrics->latency[LATENCY_DIRECT]);
	put_histogram(writer, "lane", "recursive",
	    &metrics->latency[LATENCY_RECURSIVE]);
	begin(writer, "smtp_session_seconds", "histogram",
	    "How long SMTP sessions took, from the connection to its end.");
	put_histogram(writer, NULL, NULL, &metrics->latency[LATENCY_SESSION]);
}

void
metrics_write(const struct metrics *metrics, struct buffer *text)
{
	struct writer writer = { .out = text };

	put_label(&writer.run, "run", metrics->run);
	write_process(&writer, metrics);
	write_phase(&writer, metrics);
	if (metrics->phase == METRICS_PLANNED) {
		write_seconds(&writer, "run_start_timestamp_seconds", "gauge",
		    "When the run was begun, by this process or an earlier "
		    "one, in Unix time.", metrics->run_started_ms);
		write_pauses(&writer, metrics);
		write_stages(&writer, metrics);
		write_findings(&writer, &metrics->tally);
		write_lanes(&writer, &metrics->lanes);
		write_faults(&writer, metrics);
		write_queues(&writer, metrics);
		write_busiest(&writer, &metrics->figures);
		write_latency(&writer, metrics);
	}
	buffer_fini(&writer.run);
}
