/* The text for Prometheus: labels that nobody breaks out of, no sample twice,
 * and nothing that is not known yet. tests/lab/test_monitoring reads a whole
 * file against the format. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "scanner/coordinator/monitoring/metrics.h"

static struct metrics
made(void)
{
	return (struct metrics){
		.run = "run", .version = "1", .commit = "c",
		.phase = METRICS_PLANNED,
	};
}

static unsigned
count(const char *text, const char *part)
{
	unsigned found = 0;

	while ((text = strstr(text, part)) != NULL) {
		text++;
		found++;
	}
	return found;
}

static void
expect(const struct metrics *metrics, const char *part, unsigned wanted)
{
	struct buffer text = { 0 };

	metrics_write(metrics, &text);
	if (count(buffer_text(&text), part) != wanted)
		fail_msg("%u times %s in\n%s", count(buffer_text(&text), part),
		    part, buffer_text(&text));
	buffer_fini(&text);
}

/* A name from a zone file may have any byte; it comes escaped already. */
static void
labels(void **state)
{
	struct metrics metrics = made();

	(void)state;
	metrics.run = "a\"b\\c\nd\xff";
	metrics.figures.busy_count = 1;
	strcpy(metrics.figures.busy[0].name, "x\\\"} 1\".example");
	metrics.figures.busy[0].waiting = 7;
	expect(&metrics, "{run=\"a\\\"b\\\\x5cc\\\\x0ad\\\\xff\",server="
	    "\"x\\\\x5c\\\"} 1\\\".example\"} 7\n", 1);
}

/* Names are cut off at 255 bytes, and may be the same then. */
static void
same_names(void **state)
{
	struct metrics metrics = made();

	(void)state;
	metrics.figures.busy_count = 3;
	strcpy(metrics.figures.busy[0].name, "ns.example");
	strcpy(metrics.figures.busy[1].name, "other.example");
	strcpy(metrics.figures.busy[2].name, "ns.example");
	expect(&metrics, "server=\"ns.example\"", 2);
	expect(&metrics, "server=\"other.example\"", 2);
}

static void
phases(void **state)
{
	struct metrics metrics = made();

	(void)state;
	metrics.figures.phase = FIGURES_PAUSED;
	metrics.pauses[PAUSE_DISK] = true;
	expect(&metrics, "phase=\"paused\"} 1\n", 1);
	expect(&metrics, "reason=\"disk\"} 1\n", 1);
	expect(&metrics, "reason=\"name_servers\"} 0\n", 1);
	/* A counter of 0 would be taken for a restart of the run. */
	metrics.phase = METRICS_PLANNING;
	expect(&metrics, "phase=\"planning\"} 1\n", 1);
	expect(&metrics, "phase=\"paused\"} 0\n", 1);
	expect(&metrics, "_total", 0);
	metrics.phase = METRICS_ENDED;
	expect(&metrics, "phase=\"stopped\"} 1\n", 1);
	expect(&metrics, "phase=\"planning\"} 0\n", 1);
}

/* Buckets add up, and are in seconds. */
static void
histogram(void **state)
{
	struct metrics metrics = made();

	(void)state;
	latency_note(&metrics.latency[LATENCY_SESSION], 5);
	latency_note(&metrics.latency[LATENCY_SESSION], 2000);
	latency_note(&metrics.latency[LATENCY_SESSION], 500000);
	expect(&metrics, "smtp_session_seconds_bucket{run=\"run\","
	    "le=\"0.005\"} 1\n", 1);
	expect(&metrics, "smtp_session_seconds_bucket{run=\"run\","
	    "le=\"1\"} 1\n", 1);
	expect(&metrics, "smtp_session_seconds_bucket{run=\"run\","
	    "le=\"2.5\"} 2\n", 1);
	expect(&metrics, "smtp_session_seconds_bucket{run=\"run\","
	    "le=\"120\"} 2\n", 1);
	expect(&metrics, "smtp_session_seconds_bucket{run=\"run\","
	    "le=\"+Inf\"} 3\n", 1);
	expect(&metrics, "smtp_session_seconds_sum{run=\"run\"} 502.005\n", 1);
	expect(&metrics, "smtp_session_seconds_count{run=\"run\"} 3\n", 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels),
		cmocka_unit_test(same_names),
		cmocka_unit_test(phases),
		cmocka_unit_test(histogram),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
