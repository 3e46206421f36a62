/* Reusing the result of a domain changes nothing for similar domains: their
 * rows and shares are the same as if each were judged separately. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "analysis/outcomes/alike_domains.h"
#include "analysis/verdict/reason_list.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])
#define MX_MOST 10

enum { PLAIN, TLS, MIXED, COMMA, COLON, PAIR_ARRAYS };

/* By the enum: without TLS; with TLS and a match; one of each; and statuses with
 * bytes that are CSV's, or the list's own. */
static const struct pair_facts pair_arrays[PAIR_ARRAYS][2] = {
	{ { .class = PAIR_NO_TLS, .why = "starttls_absent",
	    .chain_error = "unspecified", .dane_class = PAIR_NO_TLS,
	    .dane_why = "starttls_absent", .tlsa_status = "absent",
	    .dane = DANE_NOT_APPLICABLE } },
	{ { .class = PAIR_TLS, .is_tls_1_2 = true, .chain_error =
	    "unable_to_get_issuer_cert_locally", .dane_class = PAIR_TLS,
	    .tlsa = TLSA_CLASS_USABLE, .tlsa_status = "usable",
	    .dane = DANE_MATCH } },
	{ { .class = PAIR_TLS, .is_tls_1_2 = true, .chain_trusted = true,
	    .in_dates = true, .name_match = true, .chain_error = "ok",
	    .dane_class = PAIR_TLS, .tlsa_status = "not_asked" },
	    { .class = PAIR_UNREACHABLE, .why = "connect_refused",
	    .chain_error = "unspecified", .dane_class = PAIR_UNREACHABLE,
	    .dane_why = "connect_refused", .tlsa_status = "not_asked" } },
	{ { .class = PAIR_NO_TLS, .why = "a,b", .chain_error = "unspecified",
	    .dane_class = PAIR_NO_TLS, .dane_why = "a,b",
	    .tlsa_status = "c\"d" } },
	{ { .class = PAIR_NO_TLS, .why = "a:b", .chain_error = "unspecified",
	    .dane_class = PAIR_NO_TLS, .dane_why = ":", .tlsa_status =
	    "c:d" } },
};
static const unsigned pair_counts[PAIR_ARRAYS] = { 1, 1, 2, 1, 1 };

struct mx_row {
	const char	*name;		/* NULL: the end */
	int		 pairs;
	unsigned	 tier;
	bool		 in_mta_sts;
};

struct domain_row {
	enum sts_policy	 mta_sts;
	int		 parent_ds;
	enum answer_of_three tlsrpt;
	struct mx_row	 mxs[MX_MOST];
};

static const struct domain_row domains[] = {
	{ STS_NO_POLICY, 0, ANSWER_NO, { { "mx.a.com", PLAIN, 1, false } } },
	{ STS_NO_POLICY, 0, ANSWER_NO, { { "mail.b.com", PLAIN, 1, false } } },
	{ STS_NO_POLICY, 1, ANSWER_NO, { { "mail.b.com", PLAIN, 1, false } } },
	{ STS_NO_POLICY, 1, ANSWER_YES, { { "mail.b.com", PLAIN, 1, false } } },
	{ STS_NO_POLICY, -1, ANSWER_YES, { { "\\045b", PLAIN, 1, false } } },
	{ STS_ENFORCE, 0, ANSWER_NO, { { "mx.a.com", PLAIN, 1, false } } },
	{ STS_ENFORCE, 0, ANSWER_NO, { { "mx.b.com", PLAIN, 1, true } } },
	/* Names in both orders, and one that begins like the other. */
	{ STS_NO_POLICY, 0, ANSWER_NO, { { "a.com", PLAIN, 1, false },
	    { "b.com", TLS, 2, false } } },
	{ STS_NO_POLICY, 0, ANSWER_NO, { { "b.com", PLAIN, 1, false },
	    { "a.com", TLS, 2, false } } },
	{ STS_NO_POLICY, 0, ANSWER_NO, { { "a.b", PLAIN, 1, false },
	    { "a.b-c", PLAIN, 1, false } } },
	{ STS_NO_POLICY, 0, ANSWER_NO, { { "a.b", PLAIN, 1, false },
	    { "a.bc", PLAIN, 1, false } } },
	/* Of one tier and of two, which makes another `first`. */
	{ STS_NO_POLICY, 0, ANSWER_NO, { { "a.b", PLAIN, 1, false },
	    { "a.bc", TLS, 1, false } } },
	{ STS_NO_POLICY, 0, ANSWER_NO, { { "a.b", PLAIN, 1, false },
	    { "a.bc", TLS, 2, false } } },
	{ STS_UNDETERMINED, 0, ANSWER_UNDETERMINED,
	    { { "a.b", MIXED, 1, false }, { "a", TLS, 1, false } } },
	{ STS_UNDETERMINED, 0, ANSWER_UNDETERMINED,
	    { { "c", MIXED, 1, false }, { "d", TLS, 1, false } } },
	{ STS_NO_POLICY, 0, ANSWER_NO, { { "a.com", COMMA, 1, false } } },
	{ STS_NO_POLICY, 0, ANSWER_NO, { { "b.co", COMMA, 1, false } } },
	{ STS_NO_POLICY, 0, ANSWER_NO, { { "a.com", COLON, 1, false } } },
	{ STS_NO_POLICY, 0, ANSWER_NO, { { "b.co", COLON, 1, false } } },
	{ STS_NO_POLICY, 0, ANSWER_NO, { { NULL, 0, 0, false } } },
	{ STS_NO_POLICY, 0, ANSWER_NO, {
	    { "a", PLAIN, 1, false }, { "b", TLS, 2, false },
	    { "c", PLAIN, 3, false }, { "d", TLS, 4, false },
	    { "e", PLAIN, 5, false }, { "f", TLS, 6, false },
	    { "g", PLAIN, 7, false }, { "h", TLS, 8, false },
	    { "i", PLAIN, 9, false }, { "j", TLS, 10, false } } },
};

static void
add(struct alike_domains *alike, const struct domain_row *row,
    struct host_verdict hosts[MX_MOST])
{
	struct mx_facts mxs[MX_MOST];
	struct domain_facts facts = {
		.mx_status = MX_FOUND, .mx_dnssec = DNSSEC_SECURE,
		.attempts = 1, .is_probed = true, .mta_sts = row->mta_sts,
		.mta_sts_status = "absent", .mxs = mxs,
	};
	const struct domain_records records = { row->parent_ds, row->tlsrpt,
		false };

	for (; facts.mx_count < MX_MOST; facts.mx_count++) {
		const struct mx_row *mx = &row->mxs[facts.mx_count];

		if (mx->name == NULL)
			break;
		hosts[facts.mx_count] = (struct host_verdict){ mx->name,
			pair_arrays[mx->pairs], pair_counts[mx->pairs] };
		mxs[facts.mx_count] = (struct mx_facts){
			.host = &hosts[facts.mx_count], .tier = mx->tier,
			.in_mta_sts = mx->in_mta_sts,
		};
	}
	alike_domains_add(alike, "a.com", &facts, &records);
}

static void
assert_same_row(const struct table *rows, const struct table *alone)
{
	size_t length, wanted_length;
	const char *bytes = table_rest(rows, &length);
	const char *wanted = table_rest(alone, &wanted_length);

	assert_int_equal(length, wanted_length);
	assert_memory_equal(bytes, wanted, length);
}

/* Each domain of the list `times` times over, in its order or backwards. */
static void
check(int times, bool backwards)
{
	static struct host_verdict hosts[4 * ROWS_OF(domains)][MX_MOST];
	struct shares shares = { 0 }, wanted = { 0 };
	struct table *rows = table_new(TABLE_OUTCOMES);
	struct alike_domains *alike = alike_domains_new(rows, &shares);
	struct host_verdict (*at)[MX_MOST] = hosts;

	for (int time = 0; time < times; time++) {
		for (size_t i = 0; i < ROWS_OF(domains); i++) {
			const struct domain_row *row = &domains[backwards
			    ? ROWS_OF(domains) - 1 - i : i];
			struct table *row_alone = table_new(TABLE_OUTCOMES);
			struct alike_domains *alone =
			    alike_domains_new(row_alone, &wanted);

			/* Both point to the hosts to the end. */
			add(alike, row, *at);
			add(alone, row, *at++);
			assert_same_row(rows, row_alone);
			alike_domains_free(alone);
			table_free(row_alone);
		}
	}
	alike_domains_count(alike);
	assert_memory_equal(&shares, &wanted, sizeof shares);
	/* And no domain twice. */
	alike_domains_count(alike);
	assert_memory_equal(&shares, &wanted, sizeof shares);
	assert_int_equal(shares.domains, times * ROWS_OF(domains));
	alike_domains_free(alike);
	table_free(rows);
}

static void
in_order(void **state)
{
	(void)state;
	check(1, false);
	check(4, false);
}

static void
in_reverse(void **state)
{
	(void)state;
	check(4, true);
}

/* docs/schema.md: the list is sorted, as texts are. */
static void
sorts_as_texts(void **state)
{
	static const char *const names[] = { "a.b", "a.b-c", "a.b.c", "a.b0",
		"a.bc", "a.b_", "a.b\\032", ".", "0", "\\045a" };
	struct reason items[2 * ROWS_OF(names)];
	struct reasons reasons = { items, 0, 0 };
	struct buffer text = { 0 };
	char *word, *before = NULL, *rest;

	(void)state;
	for (size_t i = 0; i < ROWS_OF(names); i++)
		items[reasons.count++] = (struct reason){ SENDER_DANE,
			names[i], "x" };
	for (size_t i = 0; i < ROWS_OF(names); i++)
		items[reasons.count++] = (struct reason){
			SENDER_DANE_OR_MTA_STS, i == 0 ? NULL : names[i], "x" };
	reason_list_sort(&reasons);
	reason_list_spell(&reasons, &text);
	for (word = strtok_r(buffer_text(&text), " ", &rest); word != NULL;
	    word = strtok_r(NULL, " ", &rest)) {
		assert_true(before == NULL || strcmp(before, word) < 0);
		before = word;
		reasons.count--;
	}
	assert_int_equal(reasons.count, 0);
	buffer_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),
		cmocka_unit_test(in_reverse),
		cmocka_unit_test(sorts_as_texts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
