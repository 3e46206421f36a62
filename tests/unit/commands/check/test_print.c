/* How `mxcensus check` shows what strangers say: nothing but printable ASCII on
 * a terminal, JSON that is valid, and colour only where it is wanted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/commands/check/conditions.h"
#include "scanner/commands/check/print.h"
#include "scanner/commands/words.h"

#define NOW INT64_C(1795489200000)	/* 2026-11-24T03:00:00Z */
#define DAY INT64_C(86400000)

/* Texts of the tables are escaped; these are not, and it must not matter. */
#define HOSTILE "\033[2J\r\n\177\233\"\\ <b>"

static struct check_certificate leaf = {
	.sha256 = "00", .spki_sha256 = "11", .subject = HOSTILE,
	.issuer = HOSTILE, .san = HOSTILE, .not_before = NOW - DAY,
	.not_after = NOW + 20 * DAY,
};
static struct check_chain chain = {
	.id = "22", .certificates = { &leaf }, .count = 1,
};
static const struct check_session session = {
	.outcome = OUTCOME_TLS_ESTABLISHED, .phase = PHASE_DONE,
	.tls_version = "TLSv1.3", .cipher = "X", .chain_error = HOSTILE,
	.greeting = HOSTILE, .chain = &chain,
};
static struct check_address address = {
	.text = "192.0.2.1",
	.mx = { .is_made = true, .outcome = OUTCOME_TLS_ESTABLISHED,
	    .tls_class = TLS_CLASS_TLS, .session = &session,
	    .dane = DANE_NOT_APPLICABLE, .positions = "" },
	.base = { .is_made = true, .dane = DANE_NOT_APPLICABLE,
	    .session = &session, .positions = "" },
};
static const struct check_host host = {
	.name = "mx.example.com", .bogus_text = HOSTILE,
	.tlsa_bogus_text = HOSTILE, .canonical = HOSTILE, .tlsa_base = "",
	.tlsa_target = "", .wildcard_parent = "",
	.tlsa_status = TLSA_STATUS_ABSENT, .addresses = &address,
};
static struct check_mx mx = {
	.preference = 10, .tier = 1, .name = "mx.example.com", .host = &host,
};
static const struct check_policy policy = {
	.status = MTA_STS_FETCH_FAILED, .tlsrpt = TLSRPT_VALID, .mode = -1,
	.sts_target = "", .tlsrpt_target = "",
	.fault = MTA_STS_CERTIFICATE, .txt = HOSTILE, .id = HOSTILE,
	.mx = HOSTILE, .tls_error = HOSTILE, .rua = HOSTILE,
};
static const struct check_domain domain = {
	.name = "example.com", .registrable = "example.com",
	.is_measured = true, .bogus_text = HOSTILE,
	.cname_target = HOSTILE, .mx = &mx, .mx_count = 1, .policy = &policy,
	.mta_sts_record = TXT_FOUND, .tlsrpt_record = TXT_FOUND,
	.reasons = "dane:mx.example.com:absent webpki:mx.example.com:" "x",
};

/* What check_print says; the caller's. */
static char *
printed(const struct check_domain *of, bool in_colour)
{
	struct check_advice_list list;
	const struct check_view view = {
		.in_colour = in_colour, .now_ms = NOW, .port = 25,
	};
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	assert_non_null(file);
	check_advise(of, NOW, 25, &list);
	check_print(file, &view, of, &list);
	check_advice_fini(&list);
	assert_int_equal(fclose(file), 0);
	return text;
}

static void
printable(void **state)
{
	char *text = printed(&domain, false);

	(void)state;
	for (const char *at = text; *at != '\0'; at++)
		if ((*at < ' ' || *at > '~') && *at != '\n')
			fail_msg("byte %#x in: %s", (uint8_t)*at, text);
	/* The escape of ESC, so that it was there at all. */
	assert_non_null(strstr(text, "\\x1b[2J\\x0d\\x0a\\x7f\\x9b"));
	assert_non_null(strstr(text, "ends in 20 days"));
	assert_non_null(strstr(text, "example.com: problems found\n"));
	free(text);
}

/* No line of prose is wider than a terminal; records stay whole. */
static void
wrapped(void **state)
{
	struct check_domain long_one = domain;
	struct check_policy without = policy;
	char *text, *rest, *line;

	(void)state;
	without.status = MTA_STS_INVALID_POLICY;
	without.mx = without.rua = without.tls_error = without.txt = "";
	long_one.cname_target = "";
	long_one.policy = &without;
	text = printed(&long_one, false);
	for (line = strtok_r(text, "\n", &rest); line != NULL;
	    line = strtok_r(NULL, "\n", &rest))
		if (strlen(line) > 79 && strncmp(line, "     ", 5) == 0 &&
		    line[5] != ' ' && strstr(line, HOSTILE) == NULL &&
		    strstr(line, "\\x") == NULL)
			fail_msg("%s", line);
	free(text);
}

static void
colours(void **state)
{
	char *plain = printed(&domain, false), *coloured;

	(void)state;
	coloured = printed(&domain, true);
	assert_null(strstr(plain, "\033"));
	assert_non_null(strstr(coloured, "\033[31m"));
	/* Each that begins ends: codes come in pairs. */
	for (const char *at = coloured; (at = strstr(at, "\033[")) != NULL;) {
		const char *next;

		assert_true(strncmp(at, "\033[0m", 4) != 0);
		next = strstr(at + 1, "\033[");
		assert_non_null(next);
		assert_int_equal(strncmp(next, "\033[0m", 4), 0);
		at = next + 1;
	}
	free(plain);
	free(coloured);
}

/* RFC 8259: it can be read back, in ASCII. Bytes that are not UTF-8 never come
 * from a table, so they are left out here. */
static void
as_json(void **state)
{
	struct check_domain of = domain;
	struct check_certificate valid = leaf;
	struct check_policy readable = policy;
	struct check_session heard = session;
	struct check_chain shown = chain;
	struct check_address at = address;
	struct check_host named = host;
	struct check_mx first = mx;
	struct check_advice_list list;
	json_t *object, *again;
	char *text;

	(void)state;
	valid.subject = valid.issuer = "CN=\033\"\\";
	valid.san = "dns:a dns:b";
	readable.txt = readable.id = readable.tls_error = readable.rua = "\001";
	readable.mx = "a b";
	shown.certificates[0] = &valid;
	heard.chain = &shown;
	heard.greeting = heard.chain_error = "\"\n";
	at.mx.session = &heard;
	named.addresses = &at;
	named.canonical = named.bogus_text = named.tlsa_bogus_text = "";
	first.host = &named;
	of.mx = &first;
	of.policy = &readable;
	of.bogus_text = of.cname_target = "";
	check_advise(&of, NOW, 25, &list);
	object = check_to_json(&of, &list, NOW);
	text = json_dumps(object, JSON_ENSURE_ASCII);
	assert_non_null(text);
	again = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	assert_true(json_equal(object, again));
	assert_int_equal(json_integer_value(json_object_get(object, "status")),
	    EXIT_MEND);
	assert_int_equal(json_array_size(json_object_get(object, "advice")),
	    list.count);
	assert_string_equal(json_string_value(json_array_get(json_object_get(
	    json_object_get(json_array_get(json_object_get(json_array_get(
	    json_object_get(object, "mx"), 0), "addresses"), 0),
	    "certificate"), "names"), 1)), "dns:b");
	check_advice_fini(&list);
	json_decref(object);
	json_decref(again);
	free(text);
}

/* Of a domain that has opted out, only the name is known. */
static void
unmeasured(void **state)
{
	static const struct check_domain left_out = { .name = "example.org" };
	struct check_advice_list list;
	char *text = printed(&left_out, false);
	json_t *object;

	(void)state;
	assert_non_null(strstr(text, "example.org: undetermined\n"));
	free(text);
	check_advise(&left_out, NOW, 25, &list);
	object = check_to_json(&left_out, &list, NOW);
	assert_false(json_is_true(json_object_get(object, "measured")));
	json_decref(object);
	check_advice_fini(&list);
}

/* There are words for every value, and never only a code or "-:". */
static void
reasons_in_words(void **state)
{
	static const struct { const char *reasons, *sender, *wanted; } rows[] = {
		{ "mta_sts:-:absent", "mta_sts", "no MTA-STS policy" },
		{ "dane_or_mta_sts:-:absent dane_or_mta_sts:mx.x:absent",
		    "dane_or_mta_sts", "no MTA-STS policy; no TLSA record at "
		    "mx.x" },
		{ "dane:mx.x:mismatch", "dane",
		    "no TLSA record of mx.x matches [mismatch]" },
		{ "dane:mx.x:mismatch", "dane_or_mta_sts", "" },
		/* One reason of several senders is said once. */
		{ "dane:mx.x:mismatch dane_or_mta_sts:mx.x:mismatch", NULL,
		    "no TLSA record of mx.x matches [mismatch]" },
		{ "webpki:mx.x:unable_to_get_issuer_cert_locally", "webpki",
		    "a certificate of the chain of mx.x is missing "
		    "[unable_to_get_issuer_cert_locally]" },
		{ "webpki:mx.x:starttls_absent", "webpki",
		    "mx.x does not offer STARTTLS [starttls_absent]" },
		/* A code without words is still readable. */
		{ "webpki:mx.x:new_code", "webpki",
		    "mx.x: new code [new_code]" },
		{ "", "dane", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buffer text = { 0 };

		check_append_reasons(&text, rows[i].reasons, rows[i].sender);
		assert_string_equal(buffer_text(&text), rows[i].wanted);
		buffer_fini(&text);
	}
}

/* Every value of the tables has its own words. */
static void
all_codes(void **state)
{
	static const struct {
		enum words_kind kind;
		const struct enumeration *values;
	} rows[] = {
		{ WORDS_HOST_STATUS, &host_status_texts },
		{ WORDS_ADDRESS_CLASS, &address_class_texts },
		{ WORDS_TLSA_STATUS, &tlsa_status_texts },
		{ WORDS_OUTCOME, &outcome_texts },
		{ WORDS_PHASE, &phase_texts },
		{ WORDS_DANE_VERDICT, &dane_verdict_texts },
		{ WORDS_RECORD, &txt_status_texts },
		{ WORDS_MTA_STS_STATUS, &mta_sts_status_texts },
		{ WORDS_MTA_STS_FAULT, &mta_sts_fault_texts },
		{ WORDS_DELIVERY, &delivery_texts },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (size_t v = 0; v < rows[i].values->count; v++) {
			const char *code = rows[i].values->texts[v];
			struct buffer text = { 0 };
			char *plain, *bracket;

			words_append(&text, rows[i].kind, code);
			plain = buffer_text(&text);
			bracket = strstr(plain, " [");
			if (bracket != NULL)
				*bracket = '\0';
			assert_null(strchr(plain, '_'));
			/* The words were written by a person: they are not the
			 * code with blanks. */
			for (size_t c = 0; strchr(code, '_') != NULL; c++)
				if (plain[c] != (code[c] == '_' ? ' '
				    : code[c]))
					break;
				else if (plain[c] == '\0')
					fail_msg("%s: no words", code);
			buffer_fini(&text);
		}
}

/* RFC 7672 3.2.2: what looks like a contradiction is explained. */
static void
next_hop(void **state)
{
	static struct check_record record = {
		.usage = 2, .selector = 1, .matching_type = 1, .hex = "00",
		.is_usable = true, .unusable_reason = "",
	};
	struct check_domain of = domain;
	struct check_address at = address;
	struct check_host named = host;
	struct check_mx first = mx;
	char *text;

	(void)state;
	at.base.dane = DANE_NAME_MISMATCH;
	named.addresses = &at;
	named.records = &record;
	named.tlsa_status = TLSA_STATUS_USABLE;
	first.host = &named;
	of.mx = &first;
	of.reasons = "";
	text = printed(&of, false);
	assert_non_null(strstr(text, "2 1 1 00  matches, by the name of the "
	    "mail domain\n"));
	assert_non_null(strstr(text, "DANE: match, by the name of the mail "
	    "domain example.com (RFC 7672 3.2.2)"));
	free(text);
	of.reasons = "dane:mx.example.com:name_mismatch";
	text = printed(&of, false);
	assert_non_null(strstr(text, "2 1 1 00  the CA matches, the name in "
	    "the certificate does not\n"));
	assert_non_null(strstr(text, "DANE: the certificate is for other names "
	    "[name_mismatch]"));
	free(text);
	/* Nor does a record "not match" whose CA does. */
	at.base.dane = DANE_EXPIRED;
	text = printed(&of, false);
	assert_non_null(strstr(text, "2 1 1 00  the CA matches, but the "
	    "certificate is out of date\n"));
	free(text);
	at.base.dane = DANE_TA_NOT_PRESENTED;
	text = printed(&of, false);
	assert_non_null(strstr(text, "2 1 1 00  does not match\n"));
	free(text);
}

/* A host that is authenticated at one address but not at another. */
static void
not_everywhere(void **state)
{
	struct check_domain of = domain;
	char *text;

	(void)state;
	of.reasons = "dane:mx.example.com:mismatch";
	of.outcomes[SENDER_DANE].first = DELIVERY_AUTHENTICATED;
	of.outcomes[SENDER_DANE].worst = DELIVERY_AUTHENTICATED;
	text = printed(&of, false);
	assert_non_null(strstr(text, "(not everywhere: no TLSA record of "
	    "mx.example.com"));
	free(text);
	of.outcomes[SENDER_DANE].first = DELIVERY_REFUSED;
	of.outcomes[SENDER_DANE].worst = DELIVERY_REFUSED;
	text = printed(&of, false);
	assert_null(strstr(text, "not everywhere"));
	assert_non_null(strstr(text, "(no TLSA record of mx.example.com"));
	free(text);
}

static void
assert_line(const enum check_urgency *urgencies, size_t count, int status,
    const char *wanted)
{
	char text[] = "a | b\n\033";
	struct check_advice items[4] = { 0 };
	struct check_advice_list list = { items, count };
	struct buffer line = { 0 };

	for (size_t i = 0; i < count; i++) {
		items[i].urgency = urgencies[i];
		items[i].text = text;
	}
	assert_int_equal(check_nagios_status(&list), status);
	check_nagios_add(&line, "a.example", &list);
	assert_string_equal(buffer_text(&line), wanted);
	buffer_fini(&line);
}

/* One line for a monitor: the most urgent advice, without characters that begin
 * another line or performance data. */
static void
one_line(void **state)
{
	static const enum check_urgency now[] = { URGENCY_NOW, URGENCY_MEND,
	    URGENCY_LATER, URGENCY_SUGGESTION };

	(void)state;
	assert_line(now, 4, NAGIOS_CRITICAL,
	    "a.example: a ? b?? (and 2 more)");
	assert_line(now + 1, 3, NAGIOS_WARNING,
	    "a.example: a ? b?? (and 1 more)");
	assert_line(now + 2, 2, NAGIOS_UNKNOWN, "a.example: a ? b??");
	assert_line(now + 3, 1, NAGIOS_OK, "a.example: no problems found");
	assert_line(now, 0, NAGIOS_OK, "a.example: no problems found");
	assert_int_equal(check_nagios_worse(NAGIOS_UNKNOWN, NAGIOS_WARNING),
	    NAGIOS_WARNING);
	assert_int_equal(check_nagios_worse(NAGIOS_CRITICAL, NAGIOS_UNKNOWN),
	    NAGIOS_CRITICAL);
	assert_int_equal(check_nagios_worse(NAGIOS_OK, NAGIOS_UNKNOWN),
	    NAGIOS_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printable), cmocka_unit_test(wrapped),
		cmocka_unit_test(colours), cmocka_unit_test(as_json),
		cmocka_unit_test(unmeasured), cmocka_unit_test(one_line),
		cmocka_unit_test(reasons_in_words), cmocka_unit_test(all_codes),
		cmocka_unit_test(next_hop),
		cmocka_unit_test(not_everywhere),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
