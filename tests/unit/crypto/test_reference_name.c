/* RULES 5 (N1 to N5, N7) and U5's rule for the CN, each in both directions;
 * X509_check_host as an oracle. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "scanner/crypto/trust.h"
#include "tests/unit/certificate_builder.h"

static const struct row {
	const char	*rule;
	const char	*names;		/* SAN in OpenSSL's syntax */
	const char	*common_name;
	const char	*name;		/* the reference identifier */
	bool		 with_common_name, matches;
} rows[] = {
	{ "N1", "DNS:*.example.com", NULL, "a.example.com", false, true },
	{ "N1 none", "DNS:*.example.com", NULL, "example.com", false, false },
	{ "N1 two", "DNS:*.example.com", NULL, "a.b.example.com", false, false },
	{ "N1 deeper", "DNS:*.b.example.com", NULL, "a.b.example.com", false, true },
	{ "N1 other zone", "DNS:*.example.com", NULL, "a.example.net", false, false },
	{ "N1 A-label", "DNS:*.example.com", NULL, "xn--bcher-kva.example.com",
	    false, true },
	{ "N2 partial", "DNS:f*.example.com", NULL, "foo.example.com", false, false },
	{ "N2 suffix", "DNS:*o.example.com", NULL, "foo.example.com", false, false },
	{ "N2 exact", "DNS:foo.example.com", NULL, "foo.example.com", false, true },
	{ "N2 *.com", "DNS:*.com", NULL, "example.com", false, false },
	{ "N2 *.com.", "DNS:*.com.", NULL, "example.com", false, false },
	{ "N2 *", "DNS:*", NULL, "com", false, false },
	{ "N2 inner", "DNS:a.*.example.com", NULL, "a.b.example.com", false, false },
	{ "N2 double", "DNS:*.*.example.com", NULL, "a.b.example.com", false, false },
	{ "N2 hyphen", "DNS:*.-example.com", NULL, "a.-example.com", false, false },
	{ "N2 hyphen at end", "DNS:*.example-.com", NULL, "a.example-.com", false,
	    false },
	{ "N2 inner hyphen", "DNS:*.ex-ample.com", NULL, "a.ex-ample.com", false,
	    true },
	{ "N2 empty label", "DNS:*.example..com", NULL, "a.example..com", false,
	    false },
	{ "N3 case", "DNS:MX.Example.COM", NULL, "mx.example.com", false, true },
	{ "N3 case, wildcard", "DNS:*.Example.COM", NULL, "mx.example.com", false,
	    true },
	{ "N3 dot", "DNS:mx.example.com.", NULL, "mx.example.com", false, true },
	{ "N3 dot, wildcard", "DNS:*.example.com.", NULL, "mx.example.com", false,
	    true },
	{ "N3 two dots", "DNS:mx.example.com..", NULL, "mx.example.com", false,
	    false },
	{ "N3 dot alone", "DNS:.", NULL, "mx.example.com", false, false },
	{ "N3 A-label", "DNS:xn--bcher-kva.example", NULL, "xn--bcher-kva.example",
	    false, true },
	{ "N3 U-label", "DNS:b\303\274cher.example", NULL, "xn--bcher-kva.example",
	    false, false },
	{ "N3 longer", "DNS:mx.example.com", NULL, "mx.example.co", false, false },
	{ "N3 shorter", "DNS:mx.example.co", NULL, "mx.example.com", false, false },
	{ "N3 leading dot", "DNS:.example.com", NULL, "mx.example.com", false,
	    false },
	{ "N3 the root", "DNS:mx.example.com", NULL, ".", false, false },
	{ "N3 the name empty", "DNS:mx.example.com", NULL, "", false, false },
	/* OpenSSL takes a reference name with a leading dot for a suffix. */
	{ "N3 suffix", "DNS:mx.example.com", NULL, ".example.com", false, false },
	{ "N3 escape", "DNS:mx\\\\032.example.com", NULL, "mx\\032.example.com",
	    false, false },
	{ "N3 underscore", "DNS:_mx.example.com", NULL, "_mx.example.com", false,
	    true },
	{ "N3 underscore, wildcard", "DNS:*.example.com", NULL, "_mx.example.com",
	    false, false },
	{ "N4", "IP:192.0.2.1", NULL, "192.0.2.1", false, false },
	{ "N4 twin", "DNS:192.0.2.1", NULL, "192.0.2.1", false, true },
	{ "N4 mail", "email:mx.example.com", NULL, "mx.example.com", false, false },
	{ "N4 URI", "URI:mx.example.com", NULL, "mx.example.com", false, false },
	{ "N4 second entry", "IP:192.0.2.1,DNS:mx.example.com", NULL,
	    "mx.example.com", false, true },
	{ "N7", NULL, "mx.example.com", "mx.example.com", false, false },
	{ "U5 CN", NULL, "mx.example.com", "mx.example.com", true, true },
	{ "U5 CN, wildcard", NULL, "*.example.com", "mx.example.com", true, true },
	{ "U5 CN, another", NULL, "mx.example.net", "mx.example.com", true, false },
	{ "U5 CN, dNSName", "DNS:other.example", "mx.example.com",
	    "mx.example.com", true, false },
	{ "U5 CN, no dNSName", "IP:192.0.2.1", "mx.example.com", "mx.example.com",
	    true, true },
	{ "U5 no CN", NULL, NULL, "mx.example.com", true, false },
};

static struct chain
leaf_of(struct certificate_request request)
{
	X509 *certificates[2] = { NULL };
	struct chain chain;

	request.key = builder_key("P-256", 1);
	certificates[0] = certificate_build(&request, NULL, NULL);
	chain_build(&chain, certificates);
	X509_free(certificates[0]);
	return chain;
}

static void
rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		struct chain chain = leaf_of((struct certificate_request){
		    .common_name = row->common_name, .names = row->names });
		bool hostile = false;

		if (certificate_has_name(&chain.certificates[0], row->name,
		    row->with_common_name, &hostile) != row->matches)
			fail_msg("%s", row->rule);
		assert_false(hostile);
		assert_int_equal(ERR_peek_error(), 0);
		chain_fini(&chain);
	}
}

/* N5. */
static void
control_bytes(void **state)
{
	static const struct {
		const char	*raw;
		size_t		 length;
		const char	*name;
		bool		 matches, hostile;
	} table[] = {
#define RAW(text) text, sizeof text - 1
		{ RAW("mx.example.com\0.evil.example"), "mx.example.com", false, true },
		{ RAW("mx.example.com\0"), "mx.example.com", false, true },
		{ RAW("mx.example.com"), "mx.example.com", true, false },
		{ RAW("mx.example.com\n"), "mx.example.com", false, true },
		{ RAW("mx.example.com\177"), "mx.example.com", false, true },
		{ RAW("*.example.com\0"), "mx.example.com", false, true },
		{ RAW("\0"), "mx.example.com", false, true },
		{ RAW(""), "mx.example.com", false, false },
		{ RAW("mx.example.com\377"), "mx.example.com", false, false },
		{ RAW("mx.example.com "), "mx.example.com", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct certificate_request request = {
			.raw_name = table[i].raw, .raw_length = table[i].length,
		};
		struct chain chain = leaf_of(request);
		bool hostile = false;

		assert_int_equal(certificate_has_name(&chain.certificates[0],
		    table[i].name, true, &hostile), table[i].matches);
		assert_int_equal(hostile, table[i].hostile);
		chain_fini(&chain);
		/* A sound entry beside it still matches. */
		request.names = "DNS:mx.example.com";
		chain = leaf_of(request);
		hostile = false;
		assert_true(certificate_has_name(&chain.certificates[0],
		    "mx.example.com", false, &hostile));
		assert_int_equal(hostile, table[i].hostile);
		/* Never cleared. */
		hostile = true;
		certificate_has_name(&chain.certificates[0], "mx.example.com",
		    false, &hostile);
		assert_true(hostile);
		chain_fini(&chain);
	}
}

/* N5 in the CN, where names are compared and where they are not. */
static void
control_bytes_in_common_name(void **state)
{
	struct chain chain = leaf_of((struct certificate_request){
	    .common_name = "mx.example.com\r\n" });
	bool hostile = false;

	(void)state;
	assert_false(certificate_has_name(&chain.certificates[0],
	    "mx.example.com", true, &hostile));
	assert_true(hostile);
	hostile = false;
	assert_false(certificate_has_name(&chain.certificates[0],
	    "mx.example.com", false, &hostile));
	assert_true(hostile);
	chain_fini(&chain);
}

/* A SAN that is there twice, or no SAN at all by its bytes: the CN does not
 * replace an unreadable SAN. */
static void
unreadable_names(void **state)
{
	static const unsigned char no_sequence[] = { 0x04, 0x01, 0x00 };

	(void)state;
	for (int twice = 0; twice < 2; twice++) {
		struct certificate_request request = {
			.common_name = "mx.example.com",
			.names = twice ? "IP:192.0.2.1" : NULL,
			.key = builder_key("P-256", 1),
		};
		X509 *certificates[2] = {
			certificate_build(&request, NULL, NULL), NULL
		};
		ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
		X509_EXTENSION *extension;
		struct chain chain;
		bool hostile = false;

		ASN1_OCTET_STRING_set(value, no_sequence, sizeof no_sequence);
		extension = X509_EXTENSION_create_by_NID(NULL,
		    NID_subject_alt_name, 0, value);
		assert_int_equal(X509_add_ext(certificates[0], extension, -1), 1);
		assert_true(X509_sign(certificates[0], request.key,
		    EVP_sha256()) > 0);
		chain_build(&chain, certificates);
		assert_int_equal(chain.count, 1);
		assert_false(certificate_has_name(&chain.certificates[0],
		    "mx.example.com", true, &hostile));
		assert_false(hostile);
		X509_EXTENSION_free(extension);
		ASN1_OCTET_STRING_free(value);
		chain_fini(&chain);
		X509_free(certificates[0]);
	}
}

/* Each presented identifier against each reference name, as SAN and as CN.
 * No final dots: there RULES N3 goes further than OpenSSL. */
static void
agrees_with_openssl(void **state)
{
	static const char *const patterns[] = {
		"example.com", "*.example.com", "*.com", "*", "f*.example.com",
		"*f.example.com", "a*b.example.com", "*.*.com", "a.*.com",
		"*.a.example.com", "*.example-.com", "*.-example.com",
		"*.ex--ample.com", "xn--*.example.com", "*.xn--a.com",
		"*.example.com.evil.net", "*..com", "..com", ".example.com",
		"*.exa mple.com", "*example.com", "**.example.com",
		"*.example.c", "A.EXAMPLE.COM", "_a.example.com", "*.1.2",
		"*.exam_ple.com", "a.b.c.d.example.com", "*.b.c.d.example.com",
	};
	static const char *const names[] = {
		"example.com", "a.example.com", "f.example.com",
		"foo.example.com", "a.a.example.com", "com", "a.com",
		"a.b.com", "a.example-.com", "a.-example.com",
		"a.ex--ample.com", "xn--a.example.com", "a.xn--a.com",
		"xn--q.xn--a.com", "a.example.com.evil.net", "-a.example.com",
		"a-.example.com", "-.example.com", "_a.example.com",
		"a_.example.com", "1.1.2", "a.b.c.d.example.com", "a.example.c",
		"a.exam_ple.com", "x",
	};
	static const unsigned flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;

	(void)state;
	for (size_t p = 0; p < 2 * sizeof patterns / sizeof patterns[0]; p++) {
		const char *pattern = patterns[p / 2];
		bool in_san = p % 2 == 0;
		struct chain chain = leaf_of((struct certificate_request){
		    .raw_name = in_san ? pattern : NULL,
		    .raw_length = strlen(pattern),
		    .common_name = in_san ? NULL : pattern });

		for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
			bool hostile = false;
			bool ours = certificate_has_name(&chain.certificates[0],
			    names[n], true, &hostile);

			if (ours != (X509_check_host(chain.certificates[0].x509,
			    names[n], 0, flags, NULL) == 1))
				fail_msg("%s against %s: we say %d", pattern,
				    names[n], ours);
		}
		chain_fini(&chain);
	}
}

static int
tear_down(void **state)
{
	(void)state;
	builder_fini();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules),
		cmocka_unit_test(control_bytes),
		cmocka_unit_test(control_bytes_in_common_name),
		cmocka_unit_test(unreadable_names),
		cmocka_unit_test(agrees_with_openssl),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
