/* Which facts make two rows of a domain differ (RULES L11). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/base/memory.h"
#include "scanner/worker/domain/findings.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static const uint8_t target[] = "\1t\7example";
static const uint8_t other_target[] = "\1u\7example";

/* A domain with two MX hosts, an alias and both records. */
static void
make(struct findings *findings)
{
	findings_init(findings);
	findings->status = MX_FOUND;
	findings->answer.lane = LANE_DIRECT;
	findings->answer.dnssec = DNSSEC_INSECURE;
	findings->answer.has_cname = true;
	findings->answer.canonical = xmemdup(target, sizeof target);
	findings->set.hosts = calloc(2, sizeof *findings->set.hosts);
	findings->set.count = findings->set.found = 2;
	findings->set.hosts[0] = (struct mx){
		.preference = 10, .tier = 1, .name = strdup("a.example"),
	};
	findings->set.hosts[1] = (struct mx){
		.preference = 20, .tier = 2, .name = strdup("b.example"),
	};
	findings->mta_sts_record = findings->tlsrpt_record = TXT_FOUND;
	findings->texts = xcalloc(1, sizeof *findings->texts);
	buffer_append(&findings->texts->mta_sts, "v=STSv1; id=1", 13);
	buffer_append(&findings->texts->tlsrpt, "v=TLSRPTv1;", 11);
}

static void nothing(struct findings *f) { (void)f; }
static void lane(struct findings *f) { f->answer.lane = LANE_RECURSIVE; }
static void ttl(struct findings *f) { f->answer.ttl = 7; }
static void times(struct findings *f) { f->started_ms = f->lookup_ms = 7; }
static void status(struct findings *f) { f->status = MX_NULL; }
static void dnssec(struct findings *f) { f->answer.dnssec = DNSSEC_SECURE; }
static void alias(struct findings *f) { f->answer.has_cname = false; }
static void wildcard(struct findings *f) { f->answer.is_wildcard = true; }
static void preference(struct findings *f) { f->set.hosts[1].preference = 21; }
static void exchange(struct findings *f) { f->set.hosts[1].name[0] = 'c'; }
static void found(struct findings *f) { f->set.found = 3; }
static void mta_sts(struct findings *f) { f->mta_sts_record = TXT_INVALID; }
static void tlsrpt(struct findings *f) { f->tlsrpt_record = TXT_ABSENT; }
static void id(struct findings *f) { f->texts->mta_sts.bytes[12] = '2'; }
static void end(struct findings *f) { f->texts->tlsrpt.length--; }

static void
alias_target(struct findings *f)
{
	memcpy(f->answer.canonical, other_target, sizeof other_target);
}

static void
fewer(struct findings *f)
{
	free(f->set.hosts[--f->set.count].name);
	f->set.found--;
}

static void
mixed(struct findings *f)
{
	f->flags |= 1u << DOMAIN_NULL_MX_MIXED;
}

static void
delegation(struct findings *f)
{
	f->flags |= 1u << DOMAIN_DELEGATION_DIFFERS;
}

static void
ds_source(struct findings *findings)
{
	findings->ds_source = DS_SOURCE_FILE;
}

static const struct {
	const char	*what;
	void		(*change)(struct findings *);
	bool		 is_equal;
} changes[] = {
	{ "nothing", nothing, true }, { "the lane", lane, true },
	{ "the source of the DS", ds_source, true },
	{ "the TTL", ttl, true }, { "times", times, true },
	{ "delegation_differs", delegation, true },
	{ "the status", status, false }, { "DNSSEC", dnssec, false },
	{ "an alias", alias, false }, { "its target", alias_target, false },
	{ "a wildcard", wildcard, false },
	{ "a preference", preference, false },
	{ "an exchange", exchange, false }, { "a host less", fewer, false },
	{ "hosts that were cut off", found, false },
	{ "another flag", mixed, false }, { "MTA-STS", mta_sts, false },
	{ "TLSRPT", tlsrpt, false }, { "the id of a policy", id, false },
	{ "the text of TLSRPT", end, false },
};

static void
test_changes(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct findings a, b;

		make(&a);
		make(&b);
		changes[i].change(&b);
		if (findings_equal(&a, &b) != changes[i].is_equal ||
		    findings_equal(&b, &a) != changes[i].is_equal) {
			print_error("%s\n", changes[i].what);
			wrong++;
		}
		findings_fini(&a);
		findings_fini(&b);
	}
	assert_int_equal(wrong, 0);
}

/* A failure says only that nothing is known. */
static void
test_failures(void **state)
{
	static const enum mx_status failed[] = {
		MX_SERVFAIL, MX_TIMEOUT, MX_BOGUS,
	};
	struct findings good, a, b;

	(void)state;
	make(&good);
	findings_init(&a);
	findings_init(&b);
	for (size_t i = 0; i < COUNT(failed); i++) {
		a.status = failed[i];
		assert_true(findings_have_failed(&a));
		assert_false(findings_equal(&good, &a));
		for (size_t j = 0; j < COUNT(failed); j++) {
			b.status = failed[j];
			assert_true(findings_equal(&a, &b));
		}
	}
	assert_false(findings_have_failed(&good));
	assert_false(findings_lack_something(&good));
	good.tlsrpt_record = TXT_ERROR;
	assert_false(findings_have_failed(&good));
	assert_true(findings_lack_something(&good));
	findings_fini(&good);
}

/* L28, L40: the direct lane saw no record and did not look at the denial; the
 * recursive lane did, and found it broken. */
static void
test_unproven(void **state)
{
	static const struct {
		enum txt_status	 direct, recursive;
		bool		 is_unproven, is_equal;
	} rows[] = {
		{ TXT_ABSENT, TXT_ERROR, true, true },
		{ TXT_ABSENT, TXT_ERROR, false, false },
		{ TXT_ABSENT, TXT_ABSENT, true, true },
		{ TXT_ABSENT, TXT_FOUND, true, false },
		{ TXT_ABSENT, TXT_INVALID, true, false },
		{ TXT_FOUND, TXT_ERROR, false, false },
	};

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(rows); i++) {
		size_t row = i / 2;
		struct findings a, b;
		bool is_equal;

		make(&a);
		make(&b);
		if (i % 2 == 0) {
			a.mta_sts_record = rows[row].direct;
			a.mta_sts_is_unproven = rows[row].is_unproven;
			b.mta_sts_record = rows[row].recursive;
		} else {
			a.tlsrpt_record = rows[row].direct;
			a.tlsrpt_is_unproven = rows[row].is_unproven;
			b.tlsrpt_record = rows[row].recursive;
		}
		is_equal = findings_equal(&a, &b);
		if (is_equal != rows[row].is_equal ||
		    findings_equal(&b, &a) != is_equal)
			fail_msg("row %zu", row);
		findings_fini(&a);
		findings_fini(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes), cmocka_unit_test(test_failures),
		cmocka_unit_test(test_unproven),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
