/* The contract of lookup.h, whatever the lane: the test has a lane that answers
 * on command. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/lane.h"

static const uint8_t name[NAME_WIRE_MAX] = "\1d\3lab";

struct slow_lane {
	struct lane	 lane;
	struct lookup	*lookup;	/* that it works on */
	unsigned	 asked, cancelled;
};

static struct slow_lane *
slow_of(struct lane *lane)
{
	return list_entry(lane, struct slow_lane, lane);
}

static void
take(struct lane *lane, struct lookup *lookup)
{
	assert_null(slow_of(lane)->lookup);
	slow_of(lane)->lookup = lookup;
	slow_of(lane)->asked++;
}

static void
drop(struct lane *lane, struct lookup *lookup)
{
	assert_ptr_equal(slow_of(lane)->lookup, lookup);
	slow_of(lane)->lookup = NULL;
	slow_of(lane)->cancelled++;
}

static void
answer_it(struct slow_lane *lane)
{
	struct lookup *lookup = lane->lookup;
	struct answer *answer;

	lane->lookup = NULL;
	answer = lookup_new_answer(lookup);
	answer->status = LOOKUP_NODATA;
	/* The sanitizer says whether it is freed, and once. */
	answer->packet = xmalloc(12);
	lookup_end(lookup);
}

struct asker {
	struct lookup	 lookup;
	struct lane	*next;		/* asked from done(), once */
	unsigned	 done;
	enum lane_kind	 lane;		/* that answered */
};

static void
on_done(struct lookup *lookup)
{
	struct asker *asker = list_entry(lookup, struct asker, lookup);
	struct lane *next = asker->next;

	asker->done++;
	assert_false(lookup_is_busy(lookup));
	assert_int_equal(lookup->answer->status, LOOKUP_NODATA);
	assert_non_null(lookup->answer->packet);
	assert_int_equal(lookup->answer->verdict, VERDICT_ANSWERED);
	assert_int_equal(lookup->answer->dnssec, DNSSEC_UNCHECKED);
	assert_memory_equal(lookup->answer->canonical, name,
	    sizeof "\1d\3lab");
	asker->lane = lookup->answer->lane;
	asker->next = NULL;
	if (next != NULL)
		lookup_start(lookup, next, NULL, lookup->name, lookup->type,
		    on_done);
}

static const struct slow_lane idle = {
	.lane = { .kind = LANE_DIRECT, .ask = take, .cancel = drop },
};

static void
answered(void **state)
{
	static const struct delegation delegation;
	struct slow_lane lane = idle;
	struct asker asker = { .done = 0 };

	(void)state;
	lookup_start(&asker.lookup, &lane.lane, &delegation, name, DNS_MX,
	    on_done);
	assert_int_equal(asker.done, 0);
	assert_true(lookup_is_busy(&asker.lookup));
	assert_ptr_equal(lane.lookup, &asker.lookup);
	assert_ptr_equal(lane.lookup->delegation, &delegation);
	assert_int_equal(lane.lookup->type, DNS_MX);
	assert_memory_equal(lane.lookup->name, name, sizeof "\1d\3lab");
	answer_it(&lane);
	assert_int_equal(asker.done, 1);
	assert_int_equal(asker.lane, LANE_DIRECT);
	/* There is nothing left to cancel. */
	lookup_cancel(&asker.lookup);
	assert_int_equal(lane.cancelled, 0);
}

static void
cancelled(void **state)
{
	struct slow_lane lane = idle;
	struct asker asker = { .done = 0 };

	(void)state;
	lookup_cancel(&asker.lookup);
	lookup_start(&asker.lookup, &lane.lane, NULL, name, DNS_MX, on_done);
	/* It is answered, and waits to be told so. */
	lookup_new_answer(&asker.lookup)->packet = xmalloc(12);
	lookup_cancel(&asker.lookup);
	assert_null(asker.lookup.answer);
	assert_int_equal(lane.cancelled, 1);
	assert_false(lookup_is_busy(&asker.lookup));
	lookup_cancel(&asker.lookup);
	assert_int_equal(lane.cancelled, 1);
	assert_int_equal(asker.done, 0);
}

/* As where one lane's answer is odd and another is asked. */
static void
started_again(void **state)
{
	struct slow_lane first = idle, second = idle;
	struct asker asker = { .next = &second.lane };

	(void)state;
	second.lane.kind = LANE_RECURSIVE;
	lookup_start(&asker.lookup, &first.lane, NULL, name, DNS_MX, on_done);
	answer_it(&first);
	assert_int_equal(asker.done, 1);
	assert_true(lookup_is_busy(&asker.lookup));
	assert_int_equal(second.asked, 1);
	assert_null(asker.lookup.answer);
	answer_it(&second);
	assert_int_equal(asker.done, 2);
	assert_int_equal(asker.lane, LANE_RECURSIVE);
	assert_int_equal(first.asked, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answered), cmocka_unit_test(cancelled),
		cmocka_unit_test(started_again),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
