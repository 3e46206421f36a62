/*
 * probe: one item of a probe batch. The TLSA records of its hosts are asked
 * again if they are older than their TTL (T16). Then comes one session, and a
 * second one with the legacy profile if the handshake failed (S15). Then its
 * rows are written.
 */
#include "scanner/worker/probe/probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/net/stream.h"
#include "scanner/worker/conduct.h"
#include "scanner/worker/job.h"
#include "scanner/worker/probe/rows.h"
#include "scanner/worker/worker.h"

/* Whatever the peer does, a session ends after this many phase deadlines. */
#define SESSION_DEADLINES 4
#define QUIT_SECONDS 5.

struct probe {
	struct job		*job;
	uint32_t		 index;		/* index of the item in the
						 * job */
	uint32_t		 slot;		/* while it is in flight */
	struct probe_item	 item;
	struct judged_host	*hosts;
	uint32_t		 host_count;
	uint32_t		 refreshing;	/* host whose TLSA is asked */
	struct lookup		 tlsa;
	int64_t			 refreshed_at;
	struct session		*session;	/* the session that is under
						 * way */
	struct stream		 stream;
	struct smtp_reply	 reply;
	ev_timer		 phase_deadline, session_deadline, pause;
	int64_t			 handshake_at;
	int64_t			 session_started_ms;	/* monotonic */
	int			 own_error;	/* errno of a fault of our
						 * own */
};

static struct worker *
worker_of(const struct probe *probe)
{
	return probe->job->worker;
}

static void
probe_free(struct probe *probe)
{
	lookup_cancel(&probe->tlsa);
	for (uint32_t i = 0; i < probe->host_count; i++)
		tlsa_set_fini(&probe->hosts[i].set);
	free(probe->hosts);
	session_free(probe->session);
	free(probe);
}

/* Every row of the item is written. `session` is NULL if there was none. */
static void
finish(struct probe *probe)
{
	struct job *job = probe->job;
	struct host_judgement judgement;
	struct message ended = {
		.type = MESSAGE_ENDED, .kind = job->kind,
		.number = job->number, .item = probe->index,
		.code = probe->session != NULL
		    ? probe->session->smtp.greeting_code : 0,
		.error = (uint32_t)probe->own_error,
	};

	for (uint32_t i = 0; i < probe->host_count; i++) {
		host_judge(&probe->item, probe->session, &probe->hosts[i],
		    &judgement);
		judged_host_write(&probe->hosts[i], &judgement, probe->session,
		    &probe->item, job);
	}
	worker_tell(worker_of(probe), &ended);
	worker_clear_in_flight(worker_of(probe), probe->slot);
	probe_free(probe);
	job_item_ended(job);
}

/* Sessions *************************************************************** */

static void start_session(struct probe *, enum profile);

static void
on_pause_over(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct probe *probe = watcher->data;

	(void)ev;
	(void)revents;
	session_free(probe->session);
	probe->session = NULL;
	start_session(probe, PROFILE_LEGACY);
}

/* If OpenSSL cannot decode a certificate of a chain, the handshake fails. The
 * chain is then kept as its bytes. */
static void
keep_chain(struct probe *probe)
{
	struct session *session = probe->session;
	SSL *ssl = probe->stream.ssl;
	const struct buffer *message;

	if (session->has_tls || ssl == NULL)
		return;
	message = tls_certificate_message(ssl);
	if (message->length > 0 && chain_from_message(&session->chain,
	    message->bytes, message->length,
	    SSL_version(ssl) == TLS1_3_VERSION) &&
	    chain_is_decoded(&session->chain))
		chain_fini(&session->chain);
}

/* F23: a session that fails while this process is stopped says nothing about
 * the server. */
static void
note_absence(struct probe *probe)
{
	const struct smtp *smtp = &probe->session->smtp;

	if (smtp->outcome != OUTCOME_TLS_ESTABLISHED &&
	    absence_since(&worker_of(probe)->absence,
	    probe->session_started_ms))
		probe->own_error = MESSAGE_ERROR_AWAY;
}

static void
end_session(struct probe *probe)
{
	struct worker *worker = worker_of(probe);
	struct session *session = probe->session;
	struct session_judgement judgement;

	ev_timer_stop(worker->ev, &probe->phase_deadline);
	ev_timer_stop(worker->ev, &probe->session_deadline);
	keep_chain(probe);
	stream_close(&probe->stream);
	session->received_bytes = probe->stream.received_bytes;
	session->total_ms = (int)(clock_ms() - session->measured_at);
	latency_note(&worker->latency[LATENCY_SESSION],
	    (uint64_t)session->total_ms);
	stream_fini(&probe->stream);
	note_absence(probe);
	session_judge(session, probe->item.sni, worker->trust, &judgement);
	session_write(session, &judgement, &probe->item, probe->job);
	if (session_wants_legacy(session)) {
		/* The same pause as between any two starts. */
		ev_timer_set(&probe->pause,
		    (double)worker->options->pause_ms / 1000, 0);
		ev_timer_start(worker->ev, &probe->pause);
		return;
	}
	finish(probe);
}

static void
arm(struct probe *probe)
{
	struct worker *worker = worker_of(probe);
	double seconds = (double)worker->options->timeout_ms / 1000;

	if (probe->session->smtp.state == SMTP_QUIT && seconds > QUIT_SECONDS)
		seconds = QUIT_SECONDS;
	ev_timer_stop(worker->ev, &probe->phase_deadline);
	ev_timer_set(&probe->phase_deadline, seconds, 0);
	ev_timer_start(worker->ev, &probe->phase_deadline);
}

/* Sends what the new state sends on entry. */
static void
enter_state(struct probe *probe)
{
	const struct smtp *smtp = &probe->session->smtp;
	const struct smtp_step *step = &smtp_steps[smtp->state];
	const struct options *options = worker_of(probe)->options;
	char line[NAME_TEXT_MAX + 16];
	int length;

	smtp_reply_init(&probe->reply);
	arm(probe);
	if (step->command == NULL)
		return;
	length = step->with_name
	    ? snprintf(line, sizeof line, "%s %s\r\n", step->command,
		options->ehlo)
	    : snprintf(line, sizeof line, "%s\r\n", step->command);
	stream_send(&probe->stream, line, (size_t)length);
}

static void
start_handshake(struct probe *probe)
{
	SSL *ssl;

	/* S12: nothing may follow the 220. */
	if (stream_has_plaintext(&probe->stream)) {
		smtp_fail(&probe->session->smtp, OUTCOME_PLAINTEXT_INJECTED);
		end_session(probe);
		return;
	}
	ssl = tls_session(worker_of(probe)->tls, probe->session->profile,
	    probe->item.sni);
	if (ssl == NULL) {
		probe->own_error = ENOMEM;
		smtp_fail(&probe->session->smtp, OUTCOME_LOCAL_ERROR);
		end_session(probe);
		return;
	}
	probe->handshake_at = clock_ms();
	arm(probe);
	stream_start_tls(&probe->stream, ssl);
}

static void
on_tls(struct probe *probe)
{
	struct session *session = probe->session;

	session->tls_ms = (int)(clock_ms() - probe->handshake_at);
	session->has_tls = true;
	tls_facts_read(probe->stream.ssl, &session->tls);
	chain_from_peer(&session->chain,
	    SSL_get_peer_cert_chain(probe->stream.ssl));
	/* Not even the leaf was kept. */
	if (session->chain.is_truncated && session->chain.count == 0) {
		smtp_fail(&session->smtp, OUTCOME_HANDSHAKE_TOO_LARGE);
		end_session(probe);
		return;
	}
	smtp_on_tls(&session->smtp);
	enter_state(probe);
}

/* Feeds the reply parser with the bytes that have arrived. */
static void
on_bytes(struct probe *probe)
{
	struct smtp *smtp = &probe->session->smtp;
	struct buffer *in = &probe->stream.in;

	while (in->length > 0 && smtp->state != SMTP_HANDSHAKE) {
		size_t taken;
		enum smtp_reply_status status = smtp_reply_push(&probe->reply,
		    in->bytes, in->length, &taken);

		buffer_consume(in, taken);
		if (status == SMTP_REPLY_MORE)
			return;
		if (status == SMTP_REPLY_ERROR)
			smtp_fail(smtp, OUTCOME_PROTOCOL_ERROR);
		else
			smtp_on_reply(smtp, &probe->reply);
		if (smtp->state == SMTP_DONE) {
			end_session(probe);
			return;
		}
		if (smtp->state == SMTP_HANDSHAKE) {
			start_handshake(probe);
			return;
		}
		enter_state(probe);
	}
}

static enum outcome
outcome_of_end(const struct probe *probe, enum stream_event event)
{
	if (probe->stream.fault.blame == BLAME_OURS)
		return OUTCOME_LOCAL_ERROR;
	switch (event) {
	case STREAM_CLOSED:
		return OUTCOME_CLOSED;
	case STREAM_RESET:
		return OUTCOME_RESET;
	case STREAM_REFUSED:
		return OUTCOME_CONNECT_REFUSED;
	case STREAM_CONNECT_TIMEOUT:
		return OUTCOME_CONNECT_TIMEOUT;
	case STREAM_UNREACHABLE:
		return OUTCOME_UNREACHABLE;
	case STREAM_TLS_FAILED:
		return OUTCOME_HANDSHAKE_FAILED;
	case STREAM_TLS_TOO_LARGE:
		return OUTCOME_HANDSHAKE_TOO_LARGE;
	default:
		return OUTCOME_LOCAL_ERROR;
	}
}

/* The connection is gone. An alert in place of the first reply inside TLS is
 * the server's answer to the handshake (TLS 1.3 sends it that late, RFC 8446
 * 4.4.2.4): the handshake failed after all. */
static void
on_end(struct probe *probe, enum stream_event event)
{
	struct smtp *smtp = &probe->session->smtp;

	if (probe->stream.fault.blame == BLAME_OURS)
		probe->own_error = probe->stream.fault.error;
	if (event == STREAM_TLS_FAILED && smtp->state == SMTP_EHLO_TLS &&
	    probe->reply.bytes == 0 && probe->stream.in.length == 0) {
		smtp->has_outcome = false;
		smtp->state = SMTP_HANDSHAKE;
	}
	if (!probe->stream.connected) {
		smtp->has_outcome = true;
		smtp->outcome = outcome_of_end(probe, event);
		smtp->phase = PHASE_CONNECT;
	} else {
		smtp_fail(smtp, outcome_of_end(probe, event));
	}
	end_session(probe);
}

static void
on_stream(struct stream *stream, enum stream_event event)
{
	struct probe *probe = list_entry(stream, struct probe, stream);
	struct worker *worker = worker_of(probe);

	/* If this crashes, this probe is the suspect. */
	worker_set_acting(worker, probe->slot);
	switch (event) {
	case STREAM_CONNECTED:
		probe->session->connect_ms = (int)(clock_ms() -
		    probe->session->measured_at);
		enter_state(probe);
		break;
	case STREAM_BYTES:
		on_bytes(probe);
		break;
	case STREAM_TLS:
		on_tls(probe);
		break;
	default:
		on_end(probe, event);
		break;
	}
	worker_set_acting(worker, 0);
}

static void
on_deadline(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct probe *probe = watcher->data;
	struct smtp *smtp = &probe->session->smtp;

	(void)ev;
	(void)revents;
	if (!probe->stream.connected) {
		smtp->has_outcome = true;
		smtp->outcome = OUTCOME_CONNECT_TIMEOUT;
		smtp->phase = PHASE_CONNECT;
	} else {
		smtp_fail(smtp, OUTCOME_TIMEOUT);
	}
	end_session(probe);
}

static void
start_session(struct probe *probe, enum profile profile)
{
	struct worker *worker = worker_of(probe);
	const struct options *options = worker->options;
	struct address source;
	bool has_source = options->source_address != NULL &&
	    address_from_text(options->source_address,
	    strlen(options->source_address), &source) &&
	    source.family == probe->item.address.family;

	probe->session = xcalloc(1, sizeof *probe->session);
	probe->session->profile = profile;
	probe->session->measured_at = clock_ms();
	probe->session_started_ms = clock_monotonic_ms();
	probe->session->connect_ms = probe->session->tls_ms = -1;
	smtp_init(&probe->session->smtp);
	stream_connect(&probe->stream, worker->ev, &worker->own_addresses,
	    &probe->item.address, probe->item.port,
	    has_source ? &source : NULL, on_stream);
	arm(probe);
	ev_timer_set(&probe->session_deadline, SESSION_DEADLINES *
	    (double)options->timeout_ms / 1000, 0);
	ev_timer_start(worker->ev, &probe->session_deadline);
}

/* Before the session **************************************************** */

static void refresh_next(struct probe *);

static void
on_refreshed(struct lookup *lookup)
{
	struct probe *probe = list_entry(lookup, struct probe, tlsa);
	struct judged_host *judged = &probe->hosts[probe->refreshing];
	struct tlsa_set fresh;

	judged->tlsa_status = tlsa_set_read(&fresh, lookup);
	judged->tlsa_asked_at = probe->refreshed_at;
	judged->asking = judged->host.next_asking;
	/* Writes rows only if the RRset or its status differs
	 * (docs/schema.md). */
	if (judged->tlsa_status != judged->host.tlsa_status ||
	    !tlsa_set_equals(&fresh, &judged->set))
		judged->has_changed = true;
	if (judged->has_changed)
		tlsa_set_write(&fresh, probe->job->tables[PROBES_TO_TLSA],
		    judged->host.name, judged->asking, judged->host.tlsa_base);
	else
		judged->asking = judged->host.asking;
	tlsa_set_fini(&judged->set);
	judged->set = fresh;
	probe->refreshing++;
	refresh_next(probe);
}

/* T16: asks for each host's records, one host after the other. Then the session
 * starts. */
static void
refresh_next(struct probe *probe)
{
	uint8_t base[NAME_WIRE_MAX], owner[NAME_WIRE_MAX];
	size_t length;

	for (; probe->refreshing < probe->host_count; probe->refreshing++) {
		const struct judged_host *judged =
		    &probe->hosts[probe->refreshing];
		const char *text = judged->host.tlsa_base;

		if (!judged_host_is_stale(judged, clock_ms()) ||
		    name_from_text(text, strlen(text), base, &length) !=
		    NAME_OK ||
		    !tlsa_set_owner(base, probe->item.port, owner))
			continue;
		probe->refreshed_at = clock_ms();
		lookup_start(&probe->tlsa, job_lane(probe->job), NULL, owner,
		    DNS_TLSA, on_refreshed);
		return;
	}
	start_session(probe, PROFILE_MODERN);
}

_Static_assert(ITEM_CERTIFICATES_MAX == CHAIN_CERTIFICATES_MAX,
    "an item has room for a chain");

/* The facts of an earlier session that the coordinator has kept, in the form of
 * a session. */
static bool
recall_session(struct probe *probe)
{
	const struct probe_item *item = &probe->item;
	struct session *session = xcalloc(1, sizeof *session);

	probe->session = session;
	session->profile = item->profile;
	session->measured_at = item->measured_at;
	session->smtp.has_outcome = true;
	session->smtp.outcome = item->outcome;
	for (uint32_t i = 0; i < item->certificate_count; i++)
		if (!chain_add_der(&session->chain,
		    item->certificates[i].bytes, item->certificates[i].length))
			return false;
	session->chain.is_truncated = item->is_truncated;
	chain_close(&session->chain);
	return true;
}

static bool
read_hosts(struct probe *probe)
{
	probe->hosts = xcalloc(probe->item.host_count, sizeof *probe->hosts);
	for (uint32_t i = 0; i < probe->item.host_count; i++) {
		struct judged_host *judged = &probe->hosts[i];
		struct probe_host *host = &judged->host;

		if (!probe_host_get(&probe->job->next, host))
			return false;
		probe->host_count++;
		judged->tlsa_status = host->tlsa_status;
		judged->tlsa_asked_at = host->tlsa_asked_at;
		judged->asking = host->asking;
		for (uint32_t r = 0; r < host->record_count; r++)
			tlsa_set_add(&judged->set, host->records[r].bytes,
			    host->records[r].length);
	}
	return true;
}

static void
refuse(struct probe *probe, enum outcome outcome)
{
	probe->item.action = PROBE_NONE;
	probe->item.outcome = outcome;
	probe->item.measured_at = clock_ms();
}

bool
probe_start(struct job *job)
{
	struct probe *probe = xcalloc(1, sizeof *probe);
	enum address_class class;

	probe->job = job;
	probe->index = job->started;
	probe->stream.descriptor = -1;
	ev_timer_init(&probe->pause, on_pause_over, 0, 0);
	ev_init(&probe->phase_deadline, on_deadline);
	ev_init(&probe->session_deadline, on_deadline);
	probe->pause.data = probe->phase_deadline.data =
	    probe->session_deadline.data = probe;
	if (!probe_item_get(&job->next, &probe->item) || !read_hosts(probe)) {
		probe_free(probe);
		return false;
	}
	job->started++;
	/* The coordinator does not grant such an address, and it is refused
	 * here as well. */
	class = conduct_class_of(job->worker, &probe->item.address);
	if (probe->item.action == PROBE_CONNECT && class != CLASS_PUBLIC &&
	    class != CLASS_NO_ROUTE)
		refuse(probe, address_class_outcome(class));
	if (probe->item.action == PROBE_NONE) {
		finish(probe);
	} else if (probe->item.action == PROBE_JUDGE) {
		if (!recall_session(probe)) {
			probe_free(probe);
			job->started--;
			return false;
		}
		finish(probe);
	} else {
		probe->slot = worker_mark_in_flight(job->worker, job,
		    probe->index);
		refresh_next(probe);
	}
	return true;
}
