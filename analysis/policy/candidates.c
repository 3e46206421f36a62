#include "analysis/policy/candidates_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/facts/hosts.h"
#include "analysis/facts/parts.h"
#include "scanner/base/buffer.h"
#include "scanner/base/clock.h"
#include "scanner/base/log.h"

#define REASONS_LEVEL	4

bool
drawing_tell(struct drawing *drawing, const char *domain, const char *scan,
    const struct policy_reason *reason)
{
	struct buffer *line = drawing->line;

	if (drawing->reasons == NULL)
		return true;
	line->length = 0;
	/* Names are escaped as in the tables, so nothing needs quotes. */
	buffer_printf(line, "%s,%s,%s,%s,%s\n", domain, scan != NULL ? scan
	    : "", policy_rule_texts[reason->rule], reason->host != NULL
	    ? reason->host : "", reason->value);
	if (gzip_write(drawing->reasons, line->bytes, line->length))
		return true;
	drawing->write_failed = true;
	return false;
}

/* A run ******************************************************************* */

static const char *
intern(struct drawing *drawing, const char *text)
{
	const char *copy;

	*map_place(drawing->texts, text, &copy) = drawing;
	return copy;
}

static const char *
join_patterns(struct drawing *drawing)
{
	const struct policy_patterns *patterns = &drawing->judgement.patterns;
	struct buffer *line = drawing->line;

	line->length = 0;
	for (size_t i = 0; i < patterns->count; i++)
		buffer_printf(line, "%s%s", i > 0 ? " " : "",
		    patterns->items[i]);
	return intern(drawing, buffer_text(line));
}

static void
pass(struct drawing *drawing, const char *name)
{
	const char *copy;
	void **place = map_place(drawing->candidates, name, &copy);
	struct candidate *candidate = *place;

	if (candidate == NULL) {
		candidate = arena_take(&drawing->arena, sizeof *candidate);
		candidate->name = copy;
		candidate->first = drawing->run;
		*place = candidate;
	}
	if (candidate->failed)
		return;
	candidate->scans++;
	candidate->last = drawing->run;
	candidate->mxs = join_patterns(drawing);
	candidate->expires_ms = drawing->judgement.expires_ms;
	candidate->wants_enforce = drawing->judgement.wants_enforce;
}

static bool
fail(struct drawing *drawing, const char *name)
{
	const struct policy_judgement *judgement = &drawing->judgement;
	struct candidate *candidate = map_get(drawing->candidates, name);
	char scan[CLOCK_TEXT_MAX];

	if (candidate != NULL)
		candidate->failed = true;
	clock_text(drawing->order->runs[drawing->run].started_ms, scan);
	for (size_t i = 0; i < judgement->reason_count; i++)
		if (!drawing_tell(drawing, name, scan,
		    &judgement->reasons[i]))
			return false;
	return true;
}

static bool
take_domain(void *tag, const struct run_domain *domain)
{
	struct drawing *drawing = tag;
	bool is_last = drawing->run + 1 == drawing->order->run_count;

	if (map_get(drawing->unmeasured, domain->name) != NULL)
		*map_place(drawing->unmeasured, domain->name, NULL) = NULL;
	policy_judge(&drawing->judgement, domain, drawing->chains,
	    drawing->order->suffixes, is_last ? drawing->expires_ms
	    : INT64_MIN);
	if (drawing->judgement.reason_count > 0)
		return fail(drawing, domain->name);
	pass(drawing, domain->name);
	return true;
}

static bool
read_run(struct drawing *drawing)
{
	const struct recorded_run *run = &drawing->order->runs[drawing->run];
	struct hosts *hosts = hosts_read(run->folder, run->retry_after_ms,
	    NULL);
	struct presented_chains *chains = presented_chains_new();
	bool good;

	drawing->chains = chains;
	good = hosts != NULL && presented_chains_read(chains, run, hosts) &&
	    run_domains_walk(run, hosts, drawing, take_domain);
	presented_chains_free(chains);
	hosts_free(hosts);
	return good;
}

/* Late comers ************************************************************* */

/* If a domain is in this run although it first passed in a later one, it has
 * failed here. */
static bool
take_name(void *tag, const struct table_reader *row)
{
	struct drawing *drawing = tag;
	struct candidate *candidate = map_get(drawing->candidates,
	    table_get(row, DOMAINS_DOMAIN));

	if (candidate != NULL && candidate->first > drawing->run)
		candidate->failed = true;
	return true;
}

static size_t
latest_first(const struct drawing *drawing)
{
	size_t index = 0, latest = 0;
	const char *name;
	void *value;

	while (map_next(drawing->candidates, &index, &name, &value)) {
		const struct candidate *candidate = value;

		if (!candidate->failed && candidate->first > latest)
			latest = candidate->first;
	}
	return latest;
}

/* Failures are not kept while runs are read. So if a domain first passed in a
 * later run, the earlier runs are searched for its name. */
static bool
look_back(struct drawing *drawing)
{
	size_t latest = latest_first(drawing);

	for (drawing->run = 0; drawing->run < latest; drawing->run++)
		if (!parts_walk(drawing->order->runs[drawing->run].folder,
		    TABLE_DOMAINS, drawing, take_name))
			return false;
	return true;
}

/* ************************************************************************* */

static void
note_previous(struct drawing *drawing)
{
	const struct policy_list *previous = drawing->order->previous;

	for (size_t i = 0; previous != NULL && i < previous->policy_count; i++)
		*map_place(drawing->unmeasured, previous->policies[i].name,
		    NULL) = drawing;
}

static bool
read_runs(struct drawing *drawing)
{
	for (drawing->run = 0; drawing->run < drawing->order->run_count;
	    drawing->run++)
		if (!read_run(drawing))
			return false;
	return look_back(drawing);
}

static bool
begin_reasons(struct drawing *drawing)
{
	static const char header[] = "domain,scan,rule,host,value\n";

	if (drawing->order->reasons < 0)
		return true;
	drawing->reasons = gzip_writer_new(drawing->order->reasons,
	    REASONS_LEVEL);
	drawing->write_failed = drawing->reasons == NULL ||
	    !gzip_write(drawing->reasons, header, sizeof header - 1);
	return !drawing->write_failed;
}

enum candidates_result
policy_candidates(const struct candidates_order *order, json_t **list,
    struct candidates_figures *figures)
{
	struct buffer line = { 0 };
	struct drawing drawing = {
		.order = order, .line = &line, .candidates = map_new(),
		.texts = map_new(), .unmeasured = map_new(),
		.timestamp_ms = order->runs[order->run_count - 1].started_ms,
	};
	struct candidate **candidates = NULL;
	size_t count = 0;
	bool good;

	drawing.expires_ms = drawing.timestamp_ms + order->valid_for_ms;
	note_previous(&drawing);
	good = begin_reasons(&drawing) && read_runs(&drawing) &&
	    drawing_settle(&drawing, &candidates, &count);
	if (drawing.reasons != NULL && !gzip_finish(drawing.reasons))
		drawing.write_failed = true;
	if (drawing.write_failed)
		log_line("the reasons: %s", strerror(errno));
	else if (good)
		*list = drawing_list(&drawing, candidates, count, figures);
	free(candidates);
	policy_judgement_fini(&drawing.judgement);
	map_free(drawing.candidates);
	map_free(drawing.texts);
	map_free(drawing.unmeasured);
	arena_fini(&drawing.arena);
	buffer_fini(&line);
	return drawing.write_failed ? CANDIDATES_NOT_WRITTEN
	    : good ? CANDIDATES_DRAWN : CANDIDATES_BROKEN_FACTS;
}
