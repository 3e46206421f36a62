/* Which domains may be in a policy list, according to one run: RULES 10, C1 to
 * C6, C9 to C11. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/policy/rules.h"

#define COUNT(array)	(sizeof (array) / sizeof (array)[0])
#define HOSTS		2
#define LIST_EXPIRES	1000
#define IDN_TLD		"mx1.example.xn--p1ai"
#define LONG_ENOUGH	10886400

/* What an address is found to be. */
#define TLS_PAIR	{ .class = PAIR_TLS, .why = "-", .chain_error = "ok", \
	.is_tls_1_2 = true, .chain_trusted = true, .in_dates = true,	\
	.name_match = true, .chain_id = "good", .dane_class = PAIR_TLS,	\
	.dane_why = "-", .tlsa = TLSA_CLASS_NONE, .tlsa_status = "absent", \
	.dane = DANE_NOT_APPLICABLE }

/* A domain that passes, except for the change of a row: MX hosts mx1 and mx2 of
 * example.com in one tier, each at one address with all that is asked for. */
struct world {
	struct pair_facts pairs[HOSTS][2];
	struct host_verdict hosts[HOSTS];
	struct mx_facts	mxs[HOSTS];
	const char	*sts_mx[2];
	struct run_domain domain;
};

static void
make(struct world *world)
{
	static const struct pair_facts good = TLS_PAIR;
	static const char *const names[HOSTS] = {
		"mx1.example.com", "mx2.example.com",
	};

	*world = (struct world){ .domain = {
		.name = "example.com", .sts_status = MTA_STS_ABSENT,
		.facts = { .mx_status = MX_FOUND, .mx_dnssec =
		    DNSSEC_INSECURE, .attempts = 1, .is_probed = true,
		    .mxs = world->mxs, .mx_count = HOSTS },
	} };
	for (unsigned i = 0; i < HOSTS; i++) {
		world->pairs[i][0] = world->pairs[i][1] = good;
		world->hosts[i] = (struct host_verdict){ names[i],
		    world->pairs[i], 1 };
		world->mxs[i] = (struct mx_facts){ .host = &world->hosts[i],
		    .tier = 1 };
	}
}

static void
set_class(struct world *world, enum pair_class class, const char *why)
{
	for (int i = 0; i < HOSTS; i++) {
		world->pairs[i][0].class = world->pairs[i][0].dane_class =
		    class;
		world->pairs[i][0].why = why;
	}
}

/* A valid policy in `enforce`, long enough, that names both hosts. */
static void
add_mta_sts(struct world *world)
{
	struct run_domain *domain = &world->domain;

	world->sts_mx[0] = "*.example.com";
	domain->sts_status = MTA_STS_VALID;
	domain->sts_mode = MTA_STS_ENFORCE;
	domain->sts_max_age_s = LONG_ENOUGH;
	domain->sts_mx = world->sts_mx;
	domain->sts_mx_count = 1;
	domain->facts.mta_sts = STS_ENFORCE;
	world->mxs[0].in_mta_sts = world->mxs[1].in_mta_sts = true;
}

static void
nothing(struct world *world)
{
	(void)world;
}

/* C1 ************************************************************************ */

static void
all_unreachable(struct world *world)
{
	set_class(world, PAIR_UNREACHABLE, "connect_timeout");
}

static void
one_unreachable(struct world *world)
{
	world->pairs[0][0].class = PAIR_UNREACHABLE;
}

static void
no_mail(struct world *world)
{
	world->domain.facts.mx_status = MX_NO_MAIL;
	world->domain.facts.mx_count = 0;
}

static void
null_mx_with_mta_sts(struct world *world)
{
	add_mta_sts(world);
	world->sts_mx[0] = "mx1.example.com";
	world->domain.facts.mx_status = MX_NULL;
	world->domain.facts.mx_count = 0;
}

static void
mx_timeout_twice(struct world *world)
{
	world->domain.facts.mx_status = MX_TIMEOUT;
	world->domain.facts.attempts = 2;
	world->domain.facts.mx_count = 0;
}

static void
mx_timeout_once(struct world *world)
{
	mx_timeout_twice(world);
	world->domain.facts.attempts = 1;
}

/* C2 to C5 ****************************************************************** */

static void
no_starttls(struct world *world)
{
	world->pairs[1][0].class = PAIR_NO_TLS;
	world->pairs[1][0].why = "starttls_absent";
}

static void
untrusted(struct world *world)
{
	world->pairs[0][0].chain_trusted = false;
	world->pairs[0][0].chain_error = "self_signed_cert_in_chain";
}

static void
truncated(struct world *world)
{
	world->pairs[0][0].chain_truncated = true;
	world->pairs[0][0].chain_trusted = false;
	world->pairs[0][0].in_dates = false;
}

static void
expired(struct world *world)
{
	world->pairs[0][0].in_dates = false;
}

static void
other_name(struct world *world)
{
	world->pairs[0][0].name_match = false;
}

static void
tls_old(struct world *world)
{
	world->pairs[0][0].is_tls_1_2 = false;
}

static void
idn_tld_of_host(struct world *world)
{
	world->hosts[0].name = IDN_TLD;
}

static void
everything(struct world *world)
{
	untrusted(world);
	expired(world);
	other_name(world);
	tls_old(world);
	no_starttls(world);
	world->domain.name = "example.xn--p1ai";
}

/* C6 ************************************************************************ */

static void
unreachable_with_mta_sts(struct world *world)
{
	all_unreachable(world);
	add_mta_sts(world);
}

static void
unreachable_with_testing(struct world *world)
{
	unreachable_with_mta_sts(world);
	world->domain.sts_mode = MTA_STS_TESTING;
}

static void
unreachable_with_none(struct world *world)
{
	unreachable_with_mta_sts(world);
	world->domain.sts_mode = MTA_STS_NONE;
}

static void
unreachable_with_short_age(struct world *world)
{
	unreachable_with_mta_sts(world);
	world->domain.sts_max_age_s = LONG_ENOUGH - 1;
}

static void
unreachable_with_failed_fetch(struct world *world)
{
	all_unreachable(world);
	world->domain.sts_status = MTA_STS_FETCH_FAILED;
}

static void
good_with_short_age(struct world *world)
{
	add_mta_sts(world);
	world->domain.sts_max_age_s = 86400;
}

/* C9 ************************************************************************ */

static void
one_undetermined(struct world *world)
{
	world->pairs[1][0].class = PAIR_UNDETERMINED;
	world->pairs[1][0].why = "temporary_reject";
}

static void
not_probed(struct world *world)
{
	world->domain.facts.is_probed = false;
}

static void
mta_sts_unknown(struct world *world)
{
	world->domain.sts_status = MTA_STS_ERROR;
}

static void
short_lived(struct world *world)
{
	world->pairs[0][0].chain_id = "short";
}

static void
just_long_enough(struct world *world)
{
	world->pairs[0][0].chain_id = "just";
}

/* C6 waives the fault at the second address, C9 does not. */
static void
addresses_differ(struct world *world)
{
	add_mta_sts(world);
	world->hosts[0].pair_count = 2;
	world->pairs[0][1].name_match = false;
}

static void
addresses_alike(struct world *world)
{
	addresses_differ(world);
	world->pairs[0][0].name_match = false;
}

static void
address_unreachable(struct world *world)
{
	world->hosts[0].pair_count = 2;
	world->pairs[0][1].class = PAIR_UNREACHABLE;
}

/* C10, C11 ****************************************************************** */

static void
idn_tld_of_domain(struct world *world)
{
	world->domain.name = "example.xn--p1ai";
}

static void
mta_sts_names_idn_tld(struct world *world)
{
	idn_tld_of_host(world);
	add_mta_sts(world);
}

static void
mta_sts_names_nobody(struct world *world)
{
	add_mta_sts(world);
	world->mxs[0].in_mta_sts = world->mxs[1].in_mta_sts = false;
}

/* A certificate for which only TLSA vouches. */
static void
dane_only(struct world *world)
{
	add_mta_sts(world);
	world->domain.facts.mx_dnssec = DNSSEC_SECURE;
	for (int i = 0; i < HOSTS; i++) {
		world->pairs[i][0].chain_trusted = false;
		world->pairs[i][0].chain_error =
		    "depth_zero_self_signed_cert";
		world->pairs[i][0].tlsa = TLSA_CLASS_USABLE;
		world->pairs[i][0].dane = DANE_MATCH;
	}
}

static void
dane_under_insecure_mx(struct world *world)
{
	dane_only(world);
	world->domain.facts.mx_dnssec = DNSSEC_INSECURE;
}

static void
dane_too(struct world *world)
{
	dane_only(world);
	for (int i = 0; i < HOSTS; i++)
		world->pairs[i][0].chain_trusted = true;
}

static void
dane_only_without_mta_sts(struct world *world)
{
	dane_only(world);
	world->domain.sts_status = MTA_STS_ABSENT;
	world->domain.sts_mx_count = 0;
}

/* ************************************************************************* */

/* Each rule has a row that only it rejects, and its twin, which passes. */
static const struct row {
	const char	*name;
	void		(*change)(struct world *);
	const char	*reasons;	/* sorted; "" passes */
} rows[] = {
	{ "nothing is wrong", nothing, "" },
	{ "C1", all_unreachable, "C1:-:unreachable" },
	{ "C1, one host connects", one_unreachable, "" },
	{ "C1, no mail", no_mail, "C1:-:no_mail" },
	{ "C1, C6 does not stand for it", null_mx_with_mta_sts,
	    "C1:-:null_mx" },
	{ "C1, MX fails twice", mx_timeout_twice, "C1:-:timeout" },
	{ "C9, MX fails once", mx_timeout_once, "C9:-:timeout" },
	{ "C2", no_starttls, "C2:mx2.example.com:starttls_absent" },
	{ "C3, chain", untrusted,
	    "C3:mx1.example.com:self_signed_cert_in_chain" },
	{ "C9, a chain that was cut", truncated,
	    "C9:mx1.example.com:chain_truncated" },
	{ "C3, dates", expired, "C3:mx1.example.com:certificate_expired" },
	{ "C3, name", other_name, "C3:mx1.example.com:certificate_name" },
	{ "C4", tls_old, "C4:mx1.example.com:tls_old" },
	{ "C5", idn_tld_of_host, "C5:" IDN_TLD ":not_expressible" },
	{ "every reason", everything, "C10:-:not_expressible "
	    "C2:mx2.example.com:starttls_absent "
	    "C3:mx1.example.com:certificate_expired "
	    "C3:mx1.example.com:certificate_name "
	    "C3:mx1.example.com:self_signed_cert_in_chain "
	    "C4:mx1.example.com:tls_old" },
	{ "C6 admits", unreachable_with_mta_sts, "" },
	{ "C6 admits, testing", unreachable_with_testing, "" },
	{ "C6, none", unreachable_with_none,
	    "C1:-:unreachable C6:-:mode_none" },
	{ "C6, a second less", unreachable_with_short_age,
	    "C1:-:unreachable C6:-:max_age_short" },
	{ "C6, not fetched", unreachable_with_failed_fetch,
	    "C1:-:unreachable C6:-:fetch_failed" },
	{ "C6 is not needed", good_with_short_age, "" },
	{ "C9, undetermined", one_undetermined,
	    "C9:mx2.example.com:temporary_reject" },
	{ "C9, not probed", not_probed, "C9:-:not_probed" },
	{ "C9, MTA-STS", mta_sts_unknown, "C9:-:mta_sts_error" },
	{ "C9, expires before the list", short_lived,
	    "C9:mx1.example.com:expires_before_list" },
	{ "C9, expires with the list", just_long_enough, "" },
	{ "C9, addresses differ", addresses_differ,
	    "C9:mx1.example.com:addresses_differ" },
	{ "C9, addresses agree", addresses_alike, "" },
	{ "C9, of those that connect", address_unreachable, "" },
	{ "C10, the domain", idn_tld_of_domain, "C10:-:not_expressible" },
	{ "C10, a host of MTA-STS", mta_sts_names_idn_tld,
	    "C10:" IDN_TLD ":not_expressible" },
	{ "C10, no exact name", mta_sts_names_nobody, "C10:-:no_exact_name" },
	{ "C11", dane_only, "C11:-:dane_preferred" },
	{ "C11, MX insecure", dane_under_insecure_mx, "" },
	{ "C11, WebPKI too", dane_too, "" },
	{ "C11 beside C3", dane_only_without_mta_sts,
	    "C11:-:dane_preferred "
	    "C3:mx1.example.com:depth_zero_self_signed_cert "
	    "C3:mx2.example.com:depth_zero_self_signed_cert" },
};

struct bench {
	struct presented_chains *chains;
	struct suffix_list *suffixes;
};

static int
open_bench(void **state)
{
	static struct bench bench;
	static const struct { const char *id; int64_t expires_ms; } chains[] = {
		{ "good", LIST_EXPIRES + 1 }, { "just", LIST_EXPIRES },
		{ "short", LIST_EXPIRES - 1 },
	};

	bench.chains = presented_chains_new();
	for (size_t i = 0; i < COUNT(chains); i++)
		presented_chains_place(bench.chains, chains[i].id)->expires_ms
		    = chains[i].expires_ms;
	bench.suffixes = suffix_list_open();
	*state = &bench;
	return bench.suffixes == NULL;
}

static int
close_bench(void **state)
{
	struct bench *bench = *state;

	presented_chains_free(bench->chains);
	suffix_list_free(bench->suffixes);
	return 0;
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
reasons_text(const struct policy_judgement *judgement, char text[2560])
{
	char lines[16][128];

	assert_true(judgement->reason_count <= COUNT(lines));
	for (size_t i = 0; i < judgement->reason_count; i++) {
		const struct policy_reason *reason = &judgement->reasons[i];

		snprintf(lines[i], sizeof lines[i], "%s:%s:%s",
		    policy_rule_texts[reason->rule], reason->host != NULL
		    ? reason->host : "-", reason->value);
	}
	qsort(lines, judgement->reason_count, sizeof lines[0], compare_texts);
	text[0] = '\0';
	for (size_t i = 0; i < judgement->reason_count; i++) {
		strcat(text, i > 0 ? " " : "");
		strcat(text, lines[i]);
	}
}

static void
judge(const struct bench *bench, const struct world *world, int64_t expires_ms,
    struct policy_judgement *judgement)
{
	policy_judge(judgement, &world->domain, bench->chains,
	    bench->suffixes, expires_ms);
}

static void
rules(void **state)
{
	const struct bench *bench = *state;
	struct policy_judgement judgement = { 0 };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct world world;
		char text[2560];

		make(&world);
		rows[i].change(&world);
		judge(bench, &world, LIST_EXPIRES, &judgement);
		reasons_text(&judgement, text);
		if (strcmp(text, rows[i].reasons) != 0)
			fail_msg("%s: '%s'", rows[i].name, text);
	}
	policy_judgement_fini(&judgement);
}

/* C9 speaks of the certificates in use: an older run is not held to it, but says
 * when they expire. */
static void
older_run(void **state)
{
	const struct bench *bench = *state;
	struct policy_judgement judgement = { 0 };
	struct world world;

	make(&world);
	short_lived(&world);
	judge(bench, &world, INT64_MIN, &judgement);
	assert_int_equal(judgement.reason_count, 0);
	assert_int_equal(judgement.expires_ms, LIST_EXPIRES - 1);
	policy_judgement_fini(&judgement);
}

static void
modes(void **state)
{
	const struct bench *bench = *state;
	struct policy_judgement judgement = { 0 };
	struct world world;

	make(&world);
	judge(bench, &world, LIST_EXPIRES, &judgement);
	assert_false(judgement.wants_enforce);
	add_mta_sts(&world);
	judge(bench, &world, LIST_EXPIRES, &judgement);
	assert_true(judgement.wants_enforce);
	world.domain.sts_mode = MTA_STS_TESTING;
	judge(bench, &world, LIST_EXPIRES, &judgement);
	assert_false(judgement.wants_enforce);
	policy_judgement_fini(&judgement);
}

/* Exact names: of the MX hosts; with C6 of those that the policy names, and the
 * names that stand in it. */
static void
patterns(void **state)
{
	const struct bench *bench = *state;
	struct policy_judgement judgement = { 0 };
	struct world world;

	make(&world);
	judge(bench, &world, LIST_EXPIRES, &judgement);
	assert_int_equal(judgement.patterns.count, 2);
	assert_string_equal(judgement.patterns.items[0], "mx1.example.com");
	assert_string_equal(judgement.patterns.items[1], "mx2.example.com");
	add_mta_sts(&world);
	world.mxs[0].in_mta_sts = false;
	world.sts_mx[1] = "backup.example.net";
	world.domain.sts_mx_count = 2;
	judge(bench, &world, LIST_EXPIRES, &judgement);
	assert_int_equal(judgement.patterns.count, 2);
	assert_string_equal(judgement.patterns.items[0],
	    "backup.example.net");
	assert_string_equal(judgement.patterns.items[1], "mx2.example.com");
	policy_judgement_fini(&judgement);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules), cmocka_unit_test(older_run),
		cmocka_unit_test(modes), cmocka_unit_test(patterns),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_bench, close_bench);
}
