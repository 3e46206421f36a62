/* reading: takes the events of a reader process into the plan. The reader is
 * not trusted: the worst that it can do is to report content that the input
 * does not have. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/plural.h"
#include "scanner/input/input_event.h"
#include "scanner/input/reader.h"
#include "scanner/plan/interrupt.h"
#include "scanner/plan/planner.h"
#include "scanner/process/descriptor.h"

/* An input that is being read. */
struct told {
	struct planner	*planner;
	const char	*path;
	struct reader	 reader;
	bool		 is_ready, has_ended;
	enum plan_result result;
};

/* The first reader finds out whether there is a sandbox; one message is
 * enough. */
static bool
on_ready(struct told *told, const char *why)
{
	struct plan *plan = told->planner->plan;

	if (told->is_ready)
		return false;
	told->is_ready = true;
	if (why[0] == '\0')
		return true;
	if (told->planner->options->sandbox == CHOICE_ALWAYS) {
		log_line("this kernel has no sandbox for the reader of an "
		    "input (%s): --sandbox auto continues without it", why);
		told->result = PLAN_UNUSABLE;
	} else if (!plan->told_no_sandbox) {
		log_line("inputs are read, and workers run, without a sandbox "
		    "(%s); use --sandbox never to silence this line", why);
		plan->told_no_sandbox = true;
	}
	return true;
}

/* The time of the file from which the input is read; a pipe has none. */
static void
note_time(struct source *source, int descriptor)
{
	struct stat status;

	if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
	    (source->modified_s == 0 ||
	    status.st_mtim.tv_sec < source->modified_s))
		source->modified_s = status.st_mtim.tv_sec;
}

/* This is taken before the first byte is read, so that later changes are
 * noticed. */
static void
note_change(struct source *source, int descriptor)
{
	struct stat status;

	if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
		source->changed_ns = source_time(&status);
}

static struct source *
source_of(const struct told *told)
{
	return &told->planner->plan->sources[told->planner->source];
}

static bool
on_include(struct told *told, const char *name)
{
	bool may = told->planner->options->allow_include;
	int descriptor = may ? input_open_include(told->path, name) : -1;

	if (descriptor >= 0)
		note_time(source_of(told), descriptor);
	/* The reader is gone, or would wait for a descriptor that cannot be
	 * sent. */
	if (!descriptor_send(told->reader.channel, descriptor))
		shutdown(told->reader.channel, SHUT_RDWR);
	if (descriptor >= 0)
		close(descriptor);
	return may;
}

/* L45. */
static void
tell_mismatch(const struct told *told, const struct source *source)
{
	if (source->zonemd.state == ZONEMD_MISMATCH)
		log_line("%s: this is not the zone that its ZONEMD record was "
		    "made of. If that record is signed, the file was changed "
		    "in transit, and all its names are asked recursively",
		    told->path);
}

static void
on_end(struct told *told, enum input_result result,
    const struct input_facts *facts, const char *why)
{
	struct source *source = source_of(told);
	char apex[NAME_TEXT_MAX] = "";

	told->has_ended = true;
	if (facts->has_apex)
		name_to_text(facts->apex, apex);
	free(source->apex);
	source->apex = xstrdup(apex);
	source->serial = facts->serial;
	source->zonemd = facts->zonemd;
	source->format = (int)facts->format;
	source->bytes = facts->bytes;
	source->is_whole = result == INPUT_WHOLE;
	memcpy(source->sha256, facts->sha256, sizeof source->sha256);
	tell_mismatch(told, source);
	if (source->is_whole)
		return;
	if (result == INPUT_UNREADABLE) {
		log_line("%s: %s", told->path, why);
		told->result = PLAN_BAD_INPUT;
		return;
	}
	log_line("%s: %s; the names before that are kept", told->path, why);
	told->planner->plan->input_is_whole = false;
}

/* Returns false if the event must not come at this point. */
static bool
on_event(struct told *told, const struct input_event *event)
{
	if (told->has_ended ||
	    told->is_ready != (event->type != INPUT_EVENT_READY))
		return false;
	switch (event->type) {
	case INPUT_EVENT_READY:
		return on_ready(told, event->is.why);
	case INPUT_EVENT_NAME:
		if (source_of(told)->is_delegations)
			return false;
		planner_name(told->planner, event->is.name.wire,
		    event->is.name.length, event->is.name.rank);
		return true;
	case INPUT_EVENT_DELEGATION:
		return planner_delegation(told->planner,
		    &event->is.delegation);
	case INPUT_EVENT_REJECT:
		planner_reject(told->planner, event->is.reject.reason,
		    event->is.reject.line, event->is.reject.column,
		    event->is.reject.text, event->is.reject.length);
		return true;
	case INPUT_EVENT_INCLUDE:
		return on_include(told, event->is.include);
	case INPUT_EVENT_END:
		on_end(told, event->is.end.result, &event->is.end.facts,
		    event->is.end.why);
		return true;
	}
	return false;
}

/* Takes a packet. Returns false at the end, or if the packet is bad. */
static bool
take_packet(struct told *told, uint8_t packet[INPUT_PACKET_MAX])
{
	struct input_event event;
	struct wire wire;
	ssize_t length;

	do
		length = recv(told->reader.channel, packet, INPUT_PACKET_MAX,
		    MSG_TRUNC);
	while (length < 0 && (errno == EINTR || errno == EAGAIN) &&
	    !interrupt_has_come());
	if (interrupt_has_come())
		told->result = PLAN_STOPPED;
	if (length <= 0 || told->result != PLAN_OK)
		return false;
	wire = (struct wire){ packet, packet + length, false };
	if (length > INPUT_PACKET_MAX)
		wire.failed = true;
	while (!wire.failed && told->result == PLAN_OK && wire.at < wire.end)
		if (!input_event_get(&wire, &event) ||
		    !on_event(told, &event) ||
		    (event.type == INPUT_EVENT_INCLUDE && wire.at < wire.end))
			wire.failed = true;
	if (wire.failed) {
		log_line("%s: its reader sent an invalid message: this is a bug "
		    "in mxcensus, or an attack on it", told->path);
		told->result = PLAN_READER_DIED;
	}
	return told->result == PLAN_OK && !told->has_ended;
}

/* Reports where the reader died. What was read of the input is not kept: the
 * same command reads it again. */
static void
tell_death(const struct told *told, int status)
{
	const volatile struct reached *reached = told->reader.reached;
	const char *how = WIFSIGNALED(status) ? "was ended by signal"
	    : "ended with status";

	log_line("%s: its reader %s %d after line %" PRIu64 ", with %" PRIu64
	    " %s of the file read; nothing was measured, the same command "
	    "reads it again", told->path, how,
	    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
	    reached->line, reached->bytes,
	    plural(reached->bytes, "byte", "bytes"));
}

static void
listen_to(struct told *told)
{
	/* A signal can arrive just before the call that it should interrupt. */
	const struct timeval look = { .tv_sec = 1 };
	uint8_t *packet = xmalloc(INPUT_PACKET_MAX);
	int status;

	(void)setsockopt(told->reader.channel, SOL_SOCKET, SO_RCVTIMEO, &look,
	    sizeof look);
	while (take_packet(told, packet))
		;
	free(packet);
	status = reader_end(&told->reader);
	if (told->result == PLAN_OK && !told->has_ended) {
		tell_death(told, status);
		told->result = PLAN_READER_DIED;
	}
	reader_fini(&told->reader);
}

static bool
start(struct told *told, int input)
{
	const struct options *options = told->planner->options;
	struct input_options how = {
		.format = (enum input_format)options->format,
		.allow_include = options->allow_include,
		.is_lenient = options->is_lenient,
		.must_be_zone = source_of(told)->is_delegations,
		.wants_zonemd = !options->dry_run &&
		    options->ds != CHOOSE_DS_TRUST &&
		    plan_may_ask_directly(options),
	};
	uint8_t origin[NAME_WIRE_MAX];
	size_t length;

	/* --format determines the format of the inputs. */
	if (how.must_be_zone && how.format != INPUT_ZONE)
		how.format = INPUT_AUTO;
	if (options->origin != NULL && name_from_input(options->origin,
	    strlen(options->origin), origin, &length) == NAME_OK)
		how.origin = origin;
	return reader_start(&told->reader, input, &how, options->sandbox);
}

enum plan_result
plan_read_source(struct planner *planner)
{
	const struct options *options = planner->options;
	const char *path = source_path(options, planner->source);
	struct source *source = &planner->plan->sources[planner->source];
	struct told told = { .planner = planner, .path = path };
	char why[INPUT_WHY_MAX];
	int input = input_open(path, why);

	source->is_delegations = planner->source >= options->argument_count;
	source->name = xstrdup(path);
	source->apex = xstrdup("");
	if (input < 0 && interrupt_has_come())
		return PLAN_STOPPED;
	if (input < 0) {
		log_line("%s: %s", path, why);
		return PLAN_BAD_INPUT;
	}
	note_time(source, input);
	note_change(source, input);
	if (start(&told, input)) {
		close(input);
		listen_to(&told);
		return told.result;
	}
	log_line("%s: there is no process to read it: %s", path,
	    strerror(errno));
	close(input);
	return PLAN_UNUSABLE;
}
