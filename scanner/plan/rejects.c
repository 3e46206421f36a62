/* rejects: lines of the inputs that are not names. Each becomes a row, and the
 * first few are also printed. */
#include <inttypes.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/plan/planner.h"

#define REJECTS_A_PART	50000
#define REJECTS_TOLD	10

/* Rejects are committed in parts as they come, so that hostile input does not
 * fill the memory. */
void
rejects_write(struct planner *planner)
{
	char open_name[PART_NAME_MAX], name[PART_NAME_MAX];
	int descriptor;

	part_name(name, "rejects", planner->reject_parts++, ".csv.gz");
	snprintf(open_name, sizeof open_name, "rejects");
	descriptor = folder_create(planner->folder, open_name);
	if (descriptor < 0 || !table_write(planner->rejects, descriptor,
	    (int)planner->options->level, false) || !folder_commit(
	    planner->folder, descriptor, open_name, name))
		planner->failed = true;
	if (descriptor >= 0)
		close(descriptor);
}

/* Prints the first few at once, with file, line and column. */
static void
tell_reject(struct planner *planner, enum reject reason, uint64_t line,
    unsigned column, const char *text, size_t length)
{
	const char *name = planner->plan->sources[planner->source].name;
	char shown[64];
	size_t i;

	if (planner->rejects_told++ == REJECTS_TOLD)
		log_line("and more: the table rejects has them all");
	if (planner->rejects_told > REJECTS_TOLD)
		return;
	for (i = 0; i < length && i < sizeof shown - 1; i++)
		shown[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	shown[i] = '\0';
	log_line("%s:%" PRIu64 ":%u: %s: %s", name, line, column,
	    reject_texts.texts[reason], shown);
}

void
planner_reject(struct planner *planner, enum reject reason, uint64_t line,
    unsigned column, const char *text, size_t length)
{
	struct source *source = &planner->plan->sources[planner->source];
	uint64_t key[2] = { planner->source, line };

	/* A line counts as one record of the input, even if several things are
	 * wrong with it. */
	if (!keyset_add(planner->rejected, key, sizeof key))
		return;
	tell_reject(planner, reason, line, column, text, length);
	table_set_number(planner->rejects, REJECTS_SOURCE_ID,
	    planner->source);
	table_set_number(planner->rejects, REJECTS_LINE, (int64_t)line);
	table_set_enum(planner->rejects, REJECTS_REASON, (int)reason);
	table_set_text(planner->rejects, REJECTS_INPUT_TEXT, text, length);
	table_end_row(planner->rejects);
	planner->plan->counts.records++;
	planner->plan->counts.rejected++;
	if (!source->is_delegations)
		source->records++;
	source->rejected++;
	if (table_rows(planner->rejects) == REJECTS_A_PART)
		rejects_write(planner);
}
