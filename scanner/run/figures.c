#include "scanner/run/figures.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scanner/base/plural.h"

#define DAY_SECONDS	86400
#define DAYS_SHOWN	999	/* a longer time counts as unknown */
#define NAME_SHOWN	45	/* bytes of a name server's name in a line */

/* Returns the share of what is known; a stage with nothing to do is done. */
static double
part_done(uint64_t done, uint64_t total)
{
	return done >= total ? 1 : (double)done / (double)total;
}

static double
measured_share(const struct figures *figures)
{
	double domains = part_done(figures->domains, figures->domains_total);
	double hosts = domains * part_done(figures->hosts,
	    figures->hosts_total);
	double probes = hosts * part_done(figures->probes, figures->probes +
	    figures->probes_waiting + figures->sessions);
	double policies = domains * part_done(figures->policies,
	    figures->policies_total);

	return probes < policies ? probes : policies;
}

double
figures_share(const struct figures *figures)
{
	double sealed = (double)figures->seal_steps / FIGURES_SEAL_STEPS;

	if (figures->phase == FIGURES_COMPLETE)
		return 1;
	return FIGURES_SHARE_MEASURED * measured_share(figures) +
	    (1 - FIGURES_SHARE_MEASURED) * sealed;
}

void
figures_keep_share(struct figures *figures, double *highest)
{
	double share = figures_share(figures);

	if (share > *highest)
		*highest = share;
	figures->share = *highest;
}

/* Returns 0 if nothing is left, and a negative number if there is no
 * progress. */
static double
seconds_for(uint64_t left, double per_s)
{
	if (left == 0)
		return 0;
	return per_s > 0 ? (double)left / per_s : -1;
}

double
figures_seconds_left(const struct figures *figures)
{
	uint64_t domains_left = figures->domains_total > figures->domains
	    ? figures->domains_total - figures->domains : 0;
	double domains = seconds_for(domains_left, figures->domains_per_s);
	double probes = seconds_for(figures->probes_waiting +
	    figures->sessions, figures->probes_per_s);

	if (figures->phase == FIGURES_STOPPED ||
	    figures->phase == FIGURES_SEALING || domains < 0 || probes < 0)
		return -1;
	/* Hosts that are still to be resolved will have probes. */
	if (domains == 0 && probes == 0 &&
	    (figures->hosts < figures->hosts_total ||
	    figures->policies < figures->policies_total))
		return -1;
	return domains > probes ? domains : probes;
}

void
time_left_text(double seconds, char text[TIME_LEFT_MAX])
{
	unsigned whole;

	if (!(seconds >= 0 && seconds <= (double)DAYS_SHOWN * DAY_SECONDS)) {
		snprintf(text, TIME_LEFT_MAX, "-");
		return;
	}
	/* Only a remainder of exactly 0 is shown as 0. */
	whole = (unsigned)ceil(seconds);
	if (whole < 3600)
		snprintf(text, TIME_LEFT_MAX, "%u:%02u", whole / 60,
		    whole % 60);
	else if (whole < 2 * DAY_SECONDS)
		snprintf(text, TIME_LEFT_MAX, "%uh%02um", whole / 3600,
		    whole / 60 % 60);
	else
		snprintf(text, TIME_LEFT_MAX, "%ud%02uh", whole / DAY_SECONDS,
		    whole / 3600 % 24);
}

/* The line for people ***************************************************** */

enum part_id {
	PART_PHASE, PART_SHARE, PART_LEFT, PART_DOMAINS, PART_RATE, PART_HOSTS,
	PART_PROBES, PART_POLICIES, PART_SECOND, PART_SEAL, PART_IN_FLIGHT,
	PART_ERRORS, PART_UNDETERMINED, PART_BUSY, PARTS,
};

/* The first part here is the first to be shortened, and then the first to be
 * left out. */
static const enum part_id least_important[] = {
	PART_BUSY, PART_UNDETERMINED, PART_IN_FLIGHT, PART_HOSTS, PART_ERRORS,
	PART_POLICIES, PART_SECOND, PART_PROBES, PART_RATE, PART_LEFT,
	PART_DOMAINS, PART_SEAL, PART_SHARE, PART_PHASE,
};
_Static_assert(sizeof least_important / sizeof least_important[0] == PARTS,
    "every part has a place");

enum form { FORM_LONG, FORM_SHORT, FORMS, FORM_GONE = FORMS };

struct part {
	char		text[FORMS][320];
	enum form	form;
};

/* Rounds down, so that the text never claims more than there is. */
static const char *
short_count(uint64_t count, char text[24])
{
	if (count < 10000)
		snprintf(text, 24, "%" PRIu64, count);
	else if (count < 1000000)
		snprintf(text, 24, "%" PRIu64 "k", count / 1000);
	else
		snprintf(text, 24, "%" PRIu64 ".%02" PRIu64 "M",
		    count / 1000000, count / 10000 % 100);
	return text;
}

static void
set_pair(struct part *part, const char *name, uint64_t first,
    const char *between, const char *between_short, uint64_t second,
    const char *after)
{
	char a[24], b[24];

	snprintf(part->text[FORM_LONG], sizeof part->text[FORM_LONG],
	    "%s%" PRIu64 "%s%" PRIu64 "%s", name, first, between, second,
	    after);
	snprintf(part->text[FORM_SHORT], sizeof part->text[FORM_SHORT],
	    "%s%s%s%s", name, short_count(first, a), between_short,
	    short_count(second, b));
}

static void
set_count(struct part *part, const char *name, const char *short_name,
    uint64_t count)
{
	char text[24];

	snprintf(part->text[FORM_LONG], sizeof part->text[FORM_LONG],
	    "%s %" PRIu64, name, count);
	snprintf(part->text[FORM_SHORT], sizeof part->text[FORM_SHORT],
	    "%s %s", short_name, short_count(count, text));
}

static void
set_both(struct part *part, const char *text)
{
	for (int i = 0; i < FORMS; i++)
		snprintf(part->text[i], sizeof part->text[i], "%s", text);
}

/* The long form has all of them, the short form the first. */
static void
set_busy(struct part *part, const struct figures *figures)
{
	char left[TIME_LEFT_MAX];
	size_t length = 0;

	for (unsigned i = 0; i < figures->busy_count; i++) {
		const struct busy_server *busy = &figures->busy[i];

		time_left_text(busy->seconds, left);
		length += (size_t)snprintf(part->text[FORM_LONG] + length,
		    sizeof part->text[FORM_LONG] - length,
		    "%s%.*s %" PRIu64 " %s, %s", i == 0
		    ? "waiting for name servers: " : "; ", NAME_SHOWN,
		    busy->name, busy->waiting, plural(busy->waiting, "name",
		    "names"), left);
		assert(length < sizeof part->text[FORM_LONG]);
		if (i == 0)
			snprintf(part->text[FORM_SHORT],
			    sizeof part->text[FORM_SHORT], "waiting for %.*s "
			    "%s", NAME_SHOWN, busy->name, left);
	}
}

/* The stages that have something to do. */
static void
set_later_stages(struct part parts[PARTS], const struct figures *figures)
{
	char text[64];

	if (figures->policies_total > 0)
		set_pair(&parts[PART_POLICIES], "policies ", figures->policies,
		    "/", "/", figures->policies_total, "");
	if (figures->second_pass > 0)
		set_count(&parts[PART_SECOND], "second pass", "second",
		    figures->second_pass);
	if (figures->phase != FIGURES_SEALING)
		return;
	snprintf(text, sizeof text, "sealing %u/%d", figures->seal_steps,
	    FIGURES_SEAL_STEPS);
	set_both(&parts[PART_SEAL], text);
}

static void
make_parts(const struct figures *figures, struct part parts[PARTS])
{
	char left[TIME_LEFT_MAX], text[64];

	memset(parts, 0, PARTS * sizeof *parts);
	if (figures->phase == FIGURES_PAUSED)
		set_both(&parts[PART_PHASE], "paused:");
	set_pair(&parts[PART_DOMAINS], "", figures->domains, "/", "/",
	    figures->domains_total, plural(figures->domains_total, " domain",
	    " domains"));
	/* 100 % is shown only when all of it is done. */
	snprintf(text, sizeof text, "%.1f%%",
	    floor(1000 * figures->share) / 10);
	set_both(&parts[PART_SHARE], text);
	snprintf(text, sizeof text, figures->domains_per_s < 10 ? "%.1f/s"
	    : "%.0f/s", figures->domains_per_s);
	set_both(&parts[PART_RATE], text);
	time_left_text(figures_seconds_left(figures), left);
	snprintf(text, sizeof text, "left %s", left);
	set_both(&parts[PART_LEFT], text);
	set_pair(&parts[PART_HOSTS], "hosts ", figures->hosts, "/", "/",
	    figures->hosts_total, "");
	set_pair(&parts[PART_PROBES], "probes ", figures->probes, ", ", "+",
	    figures->probes_waiting, " waiting");
	set_later_stages(parts, figures);
	set_pair(&parts[PART_IN_FLIGHT], "in flight ", figures->questions,
	    plural(figures->questions, " question, ", " questions, "), "+",
	    figures->sessions, plural(figures->sessions, " session",
	    " sessions"));
	set_count(&parts[PART_ERRORS], "errors", "err", figures->errors);
	set_count(&parts[PART_UNDETERMINED], "undetermined", "undet",
	    figures->undetermined);
	set_busy(&parts[PART_BUSY], figures);
}

static void
join(const struct part parts[PARTS], char line[FIGURES_LINE_MAX])
{
	size_t length = 0;

	line[0] = '\0';
	for (int i = 0; i < PARTS; i++) {
		const char *before = length == 0 ? ""
		    : i <= PART_LEFT || (i == PART_RATE &&
		    parts[PART_DOMAINS].form != FORM_GONE) ? " " : " | ";

		if (parts[i].form == FORM_GONE ||
		    parts[i].text[parts[i].form][0] == '\0')
			continue;
		length += (size_t)snprintf(line + length,
		    FIGURES_LINE_MAX - length, "%s%s", before,
		    parts[i].text[parts[i].form]);
		assert(length < FIGURES_LINE_MAX);
	}
}

void
figures_line(const struct figures *figures, size_t columns,
    char line[FIGURES_LINE_MAX])
{
	struct part parts[PARTS];

	make_parts(figures, parts);
	join(parts, line);
	for (int form = FORM_SHORT; form <= FORM_GONE; form++)
		for (size_t i = 0; i < PARTS && strlen(line) > columns; i++) {
			parts[least_important[i]].form = (enum form)form;
			join(parts, line);
		}
}
