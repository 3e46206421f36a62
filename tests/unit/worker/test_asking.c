/* Which lane asks about a name, when it falls back, and what that costs (RULES
 * L1, L2, L6, L7, L9 to L12, L37; of an MX host L14 to L17; of a name from a
 * list L49). The lanes, the budget and the vouching for DS are simulated in this
 * file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/dns/lane.h"
#include "scanner/worker/asking.h"
#include "scanner/worker/job.h"
#include "scanner/worker/worker.h"
#include "scanner/worker/zones.h"

#define CHARGED	"192.0.2.1"
#define OTHER	"192.0.2.2"

static const uint8_t name[] = "\1a\7example";
static const uint8_t mail[] = "\3mx1\1a\7example";

static struct worker worker;
static struct job job;
static struct asking_subject subject;
static struct asking asking;
static struct asking_question question;
static struct lookup *asked[LANE_COUNT];
static enum asking_way way;
static enum ask resolver;	/* of the last question to the recursive lane */
static bool is_open, may_defer, may_ask, is_full;
static unsigned claims, vouched, vouched_of_parent;
static enum lane_kind answered_by;
static enum lookup_status status;	/* of the next answer */
static enum ds_source ds_source;
static const uint8_t ds[] = "DS";
static unsigned done_count, charged, others, judged, judged_lost;

static void
take_lookup(struct lane *lane, struct lookup *lookup)
{
	asked[lane->kind] = lookup;
}

static void
drop_lookup(struct lane *lane, struct lookup *lookup)
{
	(void)lookup;
	asked[lane->kind] = NULL;
}

static struct lane lanes[LANE_COUNT] = {
	{ LANE_RECURSIVE, NULL, take_lookup, drop_lookup },
	{ LANE_DIRECT, NULL, take_lookup, drop_lookup },
};

/* In place of the rest of a worker ***************************************** */

struct lane *
worker_lane(const struct worker *of, enum ask ask)
{
	assert_ptr_equal(of, &worker);
	if (ask == ASK_DIRECT)
		return &lanes[LANE_DIRECT];
	resolver = ask;
	return &lanes[LANE_RECURSIVE];
}

struct lane *
job_lane(const struct job *of)
{
	assert_ptr_equal(of, &job);
	resolver = ASK_DOMAIN;
	return &lanes[LANE_RECURSIVE];
}

bool
job_may_defer(const struct job *of)
{
	(void)of;
	return may_defer;
}

void
worker_item_waits(struct worker *of, struct job *its)
{
	(void)of;
	(void)its;
}

void
worker_item_goes_on(struct worker *of, struct job *its)
{
	(void)of;
	(void)its;
}

bool
zones_is_open(const struct zones *zones, const char *of)
{
	(void)zones;
	assert_string_equal(of, "a.example");
	return is_open;
}

enum ds_source
ds_vouch(const struct worker *of, const struct item_ds *view,
    struct delegation *delegation)
{
	assert_ptr_equal(of, &worker);
	assert_ptr_equal(view->records, ds);
	vouched++;
	if (ds_source != DS_SOURCE_COUNT) {
		delegation->ds = view->records;
		delegation->ds_length = view->length;
	}
	return ds_source;
}

enum ds_source
ds_vouch_of_parent(const struct item_ds *view, struct delegation *delegation)
{
	assert_true(subject.is_of_parent);
	assert_ptr_equal(view->records, ds);
	vouched_of_parent++;
	if (ds_source != DS_SOURCE_COUNT) {
		delegation->ds = view->records;
		delegation->ds_length = view->length;
	}
	return ds_source;
}

enum budget_answer
budget_claim(struct budget *budget, struct budget_claim *claim,
    const char *server, enum budget_patience patience,
    void (*turn)(struct budget_claim *, enum budget_answer))
{
	(void)budget;
	(void)claim;
	(void)turn;
	assert_string_equal(server, CHARGED);
	/* A sampled name is not set aside when it is halfway. */
	assert_int_equal(patience, job.attempt > 1 || way != ASKING_FIRST
	    ? BUDGET_PATIENT : subject.is_of_parent ? BUDGET_AT_ONCE
	    : job.waiting_most > 0 ? BUDGET_PACED : BUDGET_HURRIED);
	claims++;
	return is_full ? BUDGET_FULL : BUDGET_GO;
}

void
budget_judge(struct budget *budget, struct budget_claim *claim,
    enum lane_kind lane, unsigned exchanges, unsigned milliseconds, double lag_ms, bool lost)
{
	(void)budget;
	(void)claim;
	(void)milliseconds;
	assert_int_equal(lane, question.lookup.answer->lane);
	(void)lag_ms;
	judged += exchanges;
	judged_lost += lost;
}

void
budget_charge(struct budget *budget, const char *server, unsigned questions)
{
	(void)budget;
	assert_string_equal(server, OTHER);
	others += questions;
}

void
budget_end(struct budget *budget, struct budget_claim *claim,
    unsigned questions)
{
	(void)budget;
	(void)claim;
	charged = questions;
}

/* A domain **************************************************************** */

static void
on_turn(struct asking *of, bool may)
{
	assert_ptr_equal(of, &asking);
	may_ask = may;
}

static void
on_done(struct asking_question *of)
{
	assert_ptr_equal(of, &question);
	done_count++;
	answered_by = of->lookup.answer->lane;
}

static struct address
address_of(const char *text)
{
	struct address address;

	assert_true(address_from_text(text, strlen(text), &address));
	return address;
}

/* Two servers, one address each. The hash of the name chooses the first. */
static void
put_servers(struct buffer *servers, bool with_glue)
{
	const char *const addresses[] = { CHARGED, OTHER };

	for (unsigned i = 0; i < 2; i++) {
		struct address address = address_of(addresses[i]);

		wire_put_text(servers, addresses[i]);
		wire_put_number(servers, with_glue, 1);
		if (with_glue)
			address_put(servers, &address);
	}
}

static struct buffer servers;

static const struct lane_fates *
fates(void)
{
	return &worker.lane_counts.fates[job.kind];
}

static void
begin(bool with_glue)
{
	/* From the test before. */
	lookup_cancel(&question.lookup);
	memset(&worker, 0, sizeof worker);
	memset(asked, 0, sizeof asked);
	servers.length = 0;
	put_servers(&servers, with_glue);
	subject = (struct asking_subject){
		.name = "a.example", .delegation = "a.example",
		.servers = { servers.bytes, servers.length },
		.is_unsigned = true,
	};
	job = (struct job){ .worker = &worker, .attempt = 1 };
	way = ASKING_FIRST;
	is_open = may_defer = true;
	may_ask = is_full = false;
	claims = vouched = vouched_of_parent = 0;
	done_count = charged = others = judged = judged_lost = 0;
}

static void
ask_name(const uint8_t *of, uint16_t type)
{
	memset(asked, 0, sizeof asked);
	asking_ask(&asking, &question, of, type, on_done);
}

static void
ask(uint16_t type)
{
	ask_name(name, type);
}

static void
ask_first(void)
{
	asking_begin(&asking, &job, &subject, way, on_turn);
	assert_true(may_ask);
	ask(DNS_MX);
}

static void
answer_with(enum lane_kind lane, enum answer_verdict verdict,
    enum oddity oddity)
{
	struct lookup *lookup = asked[lane];
	struct answer *answer;

	assert_non_null(lookup);
	asked[lane] = NULL;
	answer = lookup_new_answer(lookup);
	answer->status = status;
	answer->verdict = verdict;
	answer->oddity = oddity;
	if (lane == LANE_DIRECT) {
		/* L7: a second question to one of them. */
		answer->asked[0] = (struct asked_server){
			address_of(CHARGED), 2,
		};
		answer->asked[1] = (struct asked_server){
			address_of(OTHER), 1,
		};
		answer->asked_count = 2;
	}
	lookup_end(lookup);
}

static void
test_answered(void **state)
{
	(void)state;
	begin(true);
	ask_first();
	assert_null(asked[LANE_RECURSIVE]);
	answer_with(LANE_DIRECT, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(done_count, 1);
	assert_int_equal(answered_by, LANE_DIRECT);
	/* The next questions go the same way. */
	ask(DNS_TXT);
	answer_with(LANE_DIRECT, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(done_count, 2);
	asking_end(&asking);
	assert_int_equal(charged, 4);
	assert_int_equal(others, 2);
	assert_int_equal(judged, 4);
	assert_int_equal(judged_lost, 0);
	assert_int_equal(fates()->asked, 1);
	assert_int_equal(fates()->failed, 0);
}

static void
test_odd(void **state)
{
	(void)state;
	begin(true);
	ask_first();
	answer_with(LANE_DIRECT, VERDICT_ODD, ODDITY_TRUNCATED);
	assert_int_equal(done_count, 0);
	assert_int_equal(asked[LANE_RECURSIVE]->type, DNS_MX);
	assert_memory_equal(asked[LANE_RECURSIVE]->name, name, sizeof name);
	assert_null(asked[LANE_RECURSIVE]->answer);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(done_count, 1);
	assert_int_equal(answered_by, LANE_RECURSIVE);
	ask(DNS_TXT);
	assert_null(asked[LANE_DIRECT]);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(done_count, 2);
	asking_end(&asking);
	/* Two directly, and two by the recursive lane. */
	assert_int_equal(charged, 4);
	assert_int_equal(others, 1);
	assert_int_equal(judged_lost, 0);
	assert_int_equal(fates()->odd[ODDITY_TRUNCATED], 1);
}

/* The second pass has the last word, if there is one. */
static void
test_failed(void **state)
{
	(void)state;
	begin(true);
	ask_first();
	answer_with(LANE_DIRECT, VERDICT_SERVERS_FAILED, ODDITY_NONE);
	assert_int_equal(done_count, 1);
	assert_null(asked[LANE_RECURSIVE]);
	assert_int_equal(judged_lost, 1);
	assert_int_equal(fates()->failed, 1);

	begin(true);
	may_defer = false;
	ask_first();
	answer_with(LANE_DIRECT, VERDICT_SERVERS_FAILED, ODDITY_NONE);
	assert_int_equal(done_count, 0);
	answer_with(LANE_RECURSIVE, VERDICT_SERVERS_FAILED, ODDITY_NONE);
	assert_int_equal(done_count, 1);
	assert_int_equal(fates()->failed, 1);
}

static void
test_counts_once(void **state)
{
	(void)state;
	begin(true);
	ask_first();
	answer_with(LANE_DIRECT, VERDICT_ANSWERED, ODDITY_NONE);
	ask(DNS_TXT);
	answer_with(LANE_DIRECT, VERDICT_SERVERS_FAILED, ODDITY_NONE);
	ask(DNS_TXT);
	answer_with(LANE_DIRECT, VERDICT_ODD, ODDITY_STRAY);
	assert_int_equal(fates()->asked, 1);
	assert_int_equal(fates()->failed, 1);
	assert_int_equal(fates()->odd[ODDITY_STRAY], 0);
}

static void
expect_recursive(void)
{
	ask_first();
	assert_null(asked[LANE_DIRECT]);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(done_count, 1);
	asking_end(&asking);
	/* With DS it asks for the keys as well (K9). */
	assert_int_equal(charged, subject.ds.length > 0 ? 2 : 1);
	assert_int_equal(fates()->asked, 0);
}

static void
test_recursive(void **state)
{
	(void)state;
	begin(true);
	subject.is_unsigned = false;
	expect_recursive();
	/* Its servers have names alone, which look the same here. */
	begin(false);
	expect_recursive();
	begin(true);
	is_open = false;
	expect_recursive();
	begin(true);
	job.attempt = 2;
	expect_recursive();
}

static void
begin_signed(enum ds_source source)
{
	begin(true);
	subject.is_unsigned = false;
	subject.ds = (struct item_ds){ .records = ds, .length = sizeof ds };
	ds_source = source;
}

/* L37: its DS go with each question, and somebody vouches for them once. */
static void
test_signed(void **state)
{
	(void)state;
	begin_signed(DS_SOURCE_FILE);
	ask_first();
	assert_int_equal(asking_ds_source(&asking), DS_SOURCE_FILE);
	assert_ptr_equal(asked[LANE_DIRECT]->delegation->ds, ds);
	answer_with(LANE_DIRECT, VERDICT_ANSWERED, ODDITY_NONE);
	ask(DNS_TXT);
	assert_int_equal(asked[LANE_DIRECT]->delegation->ds_length,
	    sizeof ds);
	answer_with(LANE_DIRECT, VERDICT_ODD, ODDITY_UNPROVEN);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(done_count, 2);
	asking_end(&asking);
	assert_int_equal(vouched, 1);
	assert_int_equal(fates()->odd[ODDITY_UNPROVEN], 1);
	/* The twin without DS. */
	begin(true);
	ask_first();
	assert_int_equal(asking_ds_source(&asking), DS_SOURCE_COUNT);
	assert_int_equal(asked[LANE_DIRECT]->delegation->ds_length, 0);
	assert_int_equal(vouched, 0);
}

/* K9: what the direct lane asks for keys it says itself; the recursive lane asks
 * for them once, and the twin without DS not at all. */
static void
test_keys_are_paid(void **state)
{
	(void)state;
	begin_signed(DS_SOURCE_COUNT);	/* nobody vouches */
	ask_first();
	assert_null(asked[LANE_DIRECT]);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	ask(DNS_TXT);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	asking_end(&asking);
	assert_int_equal(charged, 3);
	begin(true);
	is_open = false;
	ask_first();
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	ask(DNS_TXT);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	asking_end(&asking);
	assert_int_equal(charged, 2);
}

/* L39: a trial that says that the name is there, or that failed, changes nothing.
 * A denial that is odd ends the direct lane. Its packets are paid for. */
static void
test_trial(void **state)
{
	static const struct {
		enum answer_verdict verdict;
		enum lookup_status status;
		bool		 goes_on;
	} rows[] = {
		{ VERDICT_ANSWERED, LOOKUP_NXDOMAIN, true },
		{ VERDICT_ANSWERED, LOOKUP_NODATA, true },
		{ VERDICT_SERVERS_FAILED, LOOKUP_TIMEOUT, true },
		{ VERDICT_ODD, LOOKUP_FOUND, true },
		{ VERDICT_ODD, LOOKUP_NODATA, true },
		{ VERDICT_ODD, LOOKUP_NXDOMAIN, false },
		{ VERDICT_ODD, LOOKUP_SERVFAIL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		begin_signed(DS_SOURCE_FILE);
		may_defer = false;
		ask_first();
		answer_with(LANE_DIRECT, VERDICT_ANSWERED, ODDITY_NONE);
		assert_true(asking_is_secure(&asking));
		asking_try(&asking, &question, name, DNS_A, on_done);
		status = rows[i].status;
		answer_with(LANE_DIRECT, rows[i].verdict,
		    rows[i].verdict == VERDICT_ODD ? ODDITY_UNPROVEN
						   : ODDITY_NONE);
		assert_int_equal(done_count, 2);
		assert_null(asked[LANE_RECURSIVE]);
		assert_int_equal(asking_is_secure(&asking), rows[i].goes_on);
		assert_int_equal(fates()->odd[ODDITY_UNPROVEN],
		    !rows[i].goes_on);
		assert_int_equal(fates()->failed, 0);
		/* The next one is no trial. */
		ask(DNS_TLSA);
		if (rows[i].goes_on)
			answer_with(LANE_DIRECT, VERDICT_ODD, ODDITY_UNPROVEN);
		answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
		assert_int_equal(done_count, 3);
		assert_false(asking_is_secure(&asking));
		assert_int_equal(fates()->odd[ODDITY_UNPROVEN], 1);
		asking_end(&asking);
		assert_int_equal(charged, (rows[i].goes_on ? 3 : 2) * 2 + 2);
	}
	/* The twin without DS. */
	begin(true);
	ask_first();
	assert_false(asking_is_secure(&asking));
}

/* L37: nobody vouches; or the servers may not be asked anyway, so that no
 * signature is looked at. */
static void
test_signed_recursive(void **state)
{
	(void)state;
	begin_signed(DS_SOURCE_COUNT);
	expect_recursive();
	assert_int_equal(vouched, 1);
	begin_signed(DS_SOURCE_FILE);
	is_open = false;
	expect_recursive();
	begin_signed(DS_SOURCE_FILE);
	job.attempt = 2;
	expect_recursive();
	begin_signed(DS_SOURCE_FILE);
	way = ASKING_RECURSIVE;
	expect_recursive();
	assert_int_equal(vouched, 0);
	assert_int_equal(asking_ds_source(&asking), DS_SOURCE_COUNT);
}

/* L11: full recursion, though its own servers may be asked. */
static void
test_sample_recursive(void **state)
{
	(void)state;
	begin(true);
	way = ASKING_RECURSIVE;
	expect_recursive();
	assert_int_equal(resolver, ASK_DOMAIN);
}

/* L12: by a resolver that has nothing of it in its cache. It minimises, so that a
 * record that is not there costs more. */
static void
test_sample_recursive_again(void **state)
{
	(void)state;
	begin(true);
	way = ASKING_RECURSIVE_AGAIN;
	ask_first();
	assert_null(asked[LANE_DIRECT]);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(resolver, ASK_AGAIN);
	ask(DNS_TXT);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	asking_end(&asking);
	assert_int_equal(charged, 4);
}

/* L7, L10: each server pays again; the name counts once. */
static void
test_sample_direct_again(void **state)
{
	(void)state;
	begin(true);
	way = ASKING_DIRECT_AGAIN;
	ask_first();
	answer_with(LANE_DIRECT, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(done_count, 1);
	ask(DNS_TXT);
	answer_with(LANE_DIRECT, VERDICT_ODD, ODDITY_STRAY);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(done_count, 2);
	asking_end(&asking);
	assert_int_equal(charged, 5);
	assert_int_equal(others, 2);
	assert_int_equal(fates()->asked, 0);
	assert_int_equal(fates()->odd[ODDITY_STRAY], 0);
}

/* An MX host "mx1.a.example" of the domain, with a hint (L14). */
static void
begin_host(bool with_glue)
{
	begin(with_glue);
	job.kind = JOB_HOSTS;
	subject.name = "mx1.a.example";
}

static void
ask_host(void)
{
	asking_begin(&asking, &job, &subject, way, on_turn);
	assert_true(may_ask);
	ask_name(mail, DNS_A);
}

/* L7, L14: it is charged and paced as a domain, at the server that its own name
 * chooses, and is counted apart. */
static void
test_host_answered(void **state)
{
	const struct delegation *delegation;

	(void)state;
	begin_host(true);
	ask_host();
	assert_int_equal(claims, 1);
	assert_non_null(asked[LANE_DIRECT]);
	assert_memory_equal(asked[LANE_DIRECT]->name, mail, sizeof mail);
	delegation = asked[LANE_DIRECT]->delegation;
	assert_string_equal(delegation->name, "a.example");
	answer_with(LANE_DIRECT, VERDICT_ANSWERED, ODDITY_NONE);
	ask_name(mail, DNS_AAAA);
	answer_with(LANE_DIRECT, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(done_count, 2);
	asking_end(&asking);
	assert_int_equal(charged, 4);
	assert_int_equal(others, 2);
	assert_int_equal(judged, 4);
	assert_int_equal(fates()->asked, 1);
	assert_int_equal(worker.lane_counts.fates[JOB_DOMAINS].asked, 0);
}

/* L6, L15: all later questions, too. */
static void
test_host_odd(void **state)
{
	(void)state;
	begin_host(true);
	ask_host();
	answer_with(LANE_DIRECT, VERDICT_ODD, ODDITY_OTHER_ZONE);
	assert_int_equal(done_count, 0);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	ask_name(mail, DNS_AAAA);
	assert_null(asked[LANE_DIRECT]);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(done_count, 2);
	asking_end(&asking);
	assert_int_equal(charged, 4);
	assert_int_equal(fates()->odd[ODDITY_OTHER_ZONE], 1);
}

/* L15: the second family is asked all the same, since one of them is enough. */
static void
test_host_failed(void **state)
{
	(void)state;
	begin_host(true);
	ask_host();
	answer_with(LANE_DIRECT, VERDICT_SERVERS_FAILED, ODDITY_NONE);
	assert_int_equal(done_count, 1);
	ask_name(mail, DNS_AAAA);
	answer_with(LANE_DIRECT, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(done_count, 2);
	assert_int_equal(fates()->failed, 1);
	assert_int_equal(worker.lane_counts.fates[JOB_DOMAINS].failed, 0);
}

static void
expect_host_recursive(unsigned pays)
{
	ask_host();
	assert_null(asked[LANE_DIRECT]);
	assert_int_equal(claims, pays);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(done_count, 1);
	assert_int_equal(fates()->asked, 0);
	asking_end(&asking);
	/* Without a claim, nobody pays. */
	assert_int_equal(charged, 1);
}

/* K9: what goes to the recursive lane at once pays as well. */
static void
test_host_recursive(void **state)
{
	(void)state;
	begin_host(false);
	expect_host_recursive(1);
	begin_host(true);
	is_open = false;
	expect_host_recursive(1);
	begin_host(true);
	subject.is_unsigned = false;	/* --tlsa always */
	expect_host_recursive(1);
	begin_host(true);
	job.attempt = 2;
	expect_host_recursive(1);
	/* The twin without a hint waits for nobody. */
	begin_host(true);
	subject.servers = (struct item_servers){ 0 };
	subject.delegation = subject.name;
	is_full = true;
	expect_host_recursive(0);
}

/* L17: the line of its server is full. */
static void
test_host_held(void **state)
{
	(void)state;
	begin_host(true);
	is_full = may_ask = true;
	asking_begin(&asking, &job, &subject, way, on_turn);
	assert_int_equal(claims, 1);
	assert_false(may_ask);
	assert_int_equal(fates()->asked, 0);
	/* So is that of a host which the recursive lane would be asked for. */
	begin_host(true);
	is_full = may_ask = true;
	is_open = false;
	asking_begin(&asking, &job, &subject, way, on_turn);
	assert_int_equal(claims, 1);
	assert_false(may_ask);
}

/* A name from a list, of which the parent zone has said who has it (L47).
 * Nobody asks whether a zone file is in force. */
static void
begin_of_parent(void)
{
	begin(true);
	subject.is_of_parent = true;
	is_open = false;
}

static void
begin_signed_of_parent(enum ds_source source)
{
	begin_signed(source);
	subject.is_of_parent = true;
	is_open = false;
}

/* L49: like a delegation of a zone file. */
static void
test_of_parent(void **state)
{
	(void)state;
	begin_of_parent();
	ask_first();
	assert_int_equal(claims, 1);
	answer_with(LANE_DIRECT, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(answered_by, LANE_DIRECT);
	assert_int_equal(asking_ds_source(&asking), DS_SOURCE_COUNT);
	ask(DNS_TXT);
	answer_with(LANE_DIRECT, VERDICT_ODD, ODDITY_STRAY);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(done_count, 2);
	asking_end(&asking);
	assert_int_equal(charged, 5);
	assert_int_equal(others, 2);
	assert_int_equal(fates()->asked, 1);
	assert_int_equal(fates()->odd[ODDITY_STRAY], 1);
	/* The twin of a zone file that is not in force. */
	begin(true);
	is_open = false;
	expect_recursive();
	assert_int_equal(claims, 1);
}

/* L37, L47: the referral vouches for the DS, not the keys of a zone file. */
static void
test_signed_of_parent(void **state)
{
	(void)state;
	begin_signed_of_parent(DS_SOURCE_PARENT);
	ask_first();
	assert_int_equal(vouched, 0);
	assert_int_equal(vouched_of_parent, 1);
	assert_int_equal(asking_ds_source(&asking), DS_SOURCE_PARENT);
	assert_ptr_equal(asked[LANE_DIRECT]->delegation->ds, ds);
	answer_with(LANE_DIRECT, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(answered_by, LANE_DIRECT);
	asking_end(&asking);
}

/* No claim, and no delegation: as all names of lists were before. */
static void
expect_without_delegation(void)
{
	ask_first();
	assert_null(asked[LANE_DIRECT]);
	assert_int_equal(asked[LANE_RECURSIVE]->delegation == NULL ||
	    asked[LANE_RECURSIVE]->delegation->length == 0, 1);
	answer_with(LANE_RECURSIVE, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(done_count, 1);
	assert_int_equal(answered_by, LANE_RECURSIVE);
	assert_int_equal(fates()->asked, 0);
	asking_end(&asking);
	/* It does not pay for keys either: nobody is charged. */
	assert_int_equal(charged, 1);
}

/* L49: it waits for nobody. The twin of a zone file is set aside. */
static void
test_of_parent_over_budget(void **state)
{
	(void)state;
	begin_of_parent();
	is_full = true;
	expect_without_delegation();
	assert_int_equal(claims, 1);
	begin_signed_of_parent(DS_SOURCE_PARENT);
	is_full = true;
	expect_without_delegation();
	assert_int_equal(claims, 1);
	begin(true);
	is_full = may_ask = true;
	asking_begin(&asking, &job, &subject, way, on_turn);
	assert_int_equal(claims, 1);
	assert_false(may_ask);
}

/* Without a usable DS or an address, and in a round of the recursive lane
 * (L11). The server of the delegation is not asked for anything. */
static void
test_of_parent_recursive(void **state)
{
	(void)state;
	begin_signed_of_parent(DS_SOURCE_COUNT);
	expect_without_delegation();
	assert_int_equal(vouched_of_parent, 1);
	assert_int_equal(claims, 0);
	begin(false);
	subject.is_of_parent = true;
	expect_without_delegation();
	assert_int_equal(claims, 0);
	begin_of_parent();
	way = ASKING_RECURSIVE;
	expect_without_delegation();
	assert_int_equal(claims, 0);
	begin_of_parent();
	job.attempt = 2;
	expect_without_delegation();
	assert_int_equal(claims, 0);
}

/* L11, L12: in a later round of the sample it waits like any other. */
static void
test_of_parent_direct_again(void **state)
{
	(void)state;
	begin_of_parent();
	way = ASKING_DIRECT_AGAIN;
	ask_first();
	assert_int_equal(claims, 1);
	answer_with(LANE_DIRECT, VERDICT_ANSWERED, ODDITY_NONE);
	assert_int_equal(answered_by, LANE_DIRECT);
	asking_end(&asking);
	assert_int_equal(fates()->asked, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answered), cmocka_unit_test(test_odd),
		cmocka_unit_test(test_failed),
		cmocka_unit_test(test_counts_once),
		cmocka_unit_test(test_recursive),
		cmocka_unit_test(test_signed),
		cmocka_unit_test(test_keys_are_paid),
		cmocka_unit_test(test_signed_recursive),
		cmocka_unit_test(test_trial),
		cmocka_unit_test(test_sample_recursive),
		cmocka_unit_test(test_sample_recursive_again),
		cmocka_unit_test(test_sample_direct_again),
		cmocka_unit_test(test_host_answered),
		cmocka_unit_test(test_host_odd),
		cmocka_unit_test(test_host_failed),
		cmocka_unit_test(test_host_recursive),
		cmocka_unit_test(test_host_held),
		cmocka_unit_test(test_of_parent),
		cmocka_unit_test(test_signed_of_parent),
		cmocka_unit_test(test_of_parent_over_budget),
		cmocka_unit_test(test_of_parent_recursive),
		cmocka_unit_test(test_of_parent_direct_again),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
