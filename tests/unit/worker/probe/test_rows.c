/* The rows of a session: each chain and certificate is staged once a batch, and
 * each session has its row. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/keyset.h"
#include "scanner/worker/job.h"
#include "scanner/worker/probe/rows.h"
#include "tests/unit/certificate_builder.h"

static X509 *leaf, *other, *above;

static int
set_up(void **state)
{
	struct certificate_request request = {
		.common_name = "above", .is_ca = true,
		.key = builder_key("P-256", 1),
	};

	(void)state;
	above = certificate_build(&request, NULL, NULL);
	request = (struct certificate_request){
		.names = "DNS:mx.example.com", .key = builder_key("P-256", 2),
	};
	leaf = certificate_build(&request, above, builder_key("P-256", 1));
	request.names = "DNS:other.example.com";
	other = certificate_build(&request, above, builder_key("P-256", 1));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	X509_free(leaf);
	X509_free(other);
	X509_free(above);
	builder_fini();
	return 0;
}

static void
write_session(struct job *job, X509 *first, X509 *second)
{
	X509 *const certificates[] = { first, second, NULL };
	struct session *session = calloc(1, sizeof *session);
	struct session_judgement judgement = { 0 };
	struct probe_item item = { .address.family = 4, .sni = "mx.example" };

	assert_non_null(session);
	chain_build(&session->chain, certificates);
	session_write(session, &judgement, &item, job);
	session_free(session);
}

static void
assert_rows(const struct job *job, size_t probes, size_t chains,
    size_t certificates)
{
	assert_int_equal(table_rows(job->tables[PROBES_TO_PROBES]), probes);
	assert_int_equal(table_rows(job->tables[PROBES_TO_CHAINS]), chains);
	assert_int_equal(table_rows(job->tables[PROBES_TO_CERTIFICATES]),
	    certificates);
}

static void
staged_once(void **state)
{
	struct job job = { .kind = JOB_PROBES };

	(void)state;
	job.tables[PROBES_TO_PROBES] = table_new(TABLE_PROBES);
	job.tables[PROBES_TO_CHAINS] = table_new(TABLE_CHAINS);
	job.tables[PROBES_TO_CERTIFICATES] = table_new(TABLE_CERTIFICATES);
	write_session(&job, leaf, above);
	assert_rows(&job, 1, 2, 2);
	/* The same chain at another address. */
	write_session(&job, leaf, above);
	assert_rows(&job, 2, 2, 2);
	/* Another leaf below the same authority. */
	write_session(&job, other, above);
	assert_rows(&job, 3, 4, 3);
	/* Nothing above: another chain, and no new certificate. */
	write_session(&job, leaf, NULL);
	assert_rows(&job, 4, 5, 3);
	/* Nothing presented. */
	write_session(&job, NULL, NULL);
	assert_rows(&job, 5, 5, 3);
	for (unsigned i = 0; i < JOB_OUTPUTS_MAX; i++)
		table_free(job.tables[i]);
	keyset_free(job.staged);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(staged_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
