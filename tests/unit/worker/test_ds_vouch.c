/* Who vouches for the DS records of a zone file (RULES L31, L32, L37, L44), or
 * of the servers of the parent zone (L47). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "parsers/ds_wire.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/secure.h"
#include "scanner/worker/ds_vouch.h"
#include "scanner/worker/worker.h"
#include "scanner/worker/zones.h"
#include "tests/unit/answer_builder.h"
#include "tests/unit/signed_parent.h"
#include "tests/unit/signed_zone.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define NAME	"d.example"

static const uint8_t apex_name[] = "\7example";
static struct secure_keys keys;
static bool has_keys;

/* In place of the zones of a worker. */
const struct secure_keys *
zones_keys(const struct zones *zones, const char *name, const uint8_t **apex)
{
	(void)zones;
	assert_string_equal(name, NAME);
	*apex = apex_name;
	return has_keys ? &keys : NULL;
}

static bool is_known;

/* In place of the direct lane. */
bool
worker_has_keys(const struct worker *worker,
    const struct delegation *delegation)
{
	(void)worker;
	assert_true(delegation->ds_length > 0);
	return is_known;
}

static bool has_digest;

bool
zones_vouches(const struct zones *zones, const char *name, uint32_t *ttl)
{
	(void)zones;
	assert_string_equal(name, NAME);
	if (has_digest)
		*ttl = 200;
	return has_digest;
}

static int
set_up(void **state)
{
	struct buffer packet = { 0 };
	bool is_good;

	(void)state;
	answer_begin(&packet, "example", DNS_DNSKEY, 0);
	buffer_append(&packet, parent_keys, sizeof parent_keys);
	packet.bytes[7] = 3;
	is_good = secure_keys_take(&keys, packet.bytes, packet.length,
	    apex_name);
	buffer_fini(&packet);
	return is_good ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	secure_keys_free(&keys);
	return 0;
}

static void
put_ds(struct buffer *records, uint8_t algorithm, uint8_t digest_type,
    size_t digest_length)
{
	uint8_t digest[DS_DIGEST_MAX] = { 0 };
	const struct ds_record record = {
		.tag = SIGNED_KEY_TAG, .algorithm = algorithm,
		.digest_type = digest_type, .digest = digest,
		.digest_length = digest_length,
	};

	memcpy(digest, signed_digest, sizeof signed_digest);
	ds_put(records, &record);
}

/* What there is over the DS of signed_zone.h. */
enum signature { NONE, GOOD, FORGED };

static void
vouches(void **state)
{
	static const struct {
		enum ds_choice	 choice;
		enum signature	 signature;
		bool		 has_keys;
		enum ds_source	 source;
	} rows[] = {
		{ CHOOSE_DS_AUTO, NONE, true, DS_SOURCE_FILE },
		{ CHOOSE_DS_AUTO, GOOD, true, DS_SOURCE_FILE_SIGNED },
		{ CHOOSE_DS_AUTO, FORGED, true, DS_SOURCE_COUNT },
		{ CHOOSE_DS_AUTO, NONE, false, DS_SOURCE_FILE },
		/* It is signed, so the file is not simply believed. */
		{ CHOOSE_DS_AUTO, GOOD, false, DS_SOURCE_COUNT },
		{ CHOOSE_DS_VERIFY, NONE, true, DS_SOURCE_COUNT },
		{ CHOOSE_DS_VERIFY, GOOD, true, DS_SOURCE_FILE_SIGNED },
		{ CHOOSE_DS_VERIFY, FORGED, true, DS_SOURCE_COUNT },
		{ CHOOSE_DS_VERIFY, GOOD, false, DS_SOURCE_COUNT },
		{ CHOOSE_DS_TRUST, NONE, true, DS_SOURCE_FILE },
		{ CHOOSE_DS_TRUST, GOOD, true, DS_SOURCE_FILE },
		{ CHOOSE_DS_TRUST, FORGED, false, DS_SOURCE_FILE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct options options = { .ds = (int)rows[i].choice };
		struct worker worker = { .options = &options };
		struct delegation delegation = { .name = NAME };
		struct buffer records = { 0 }, signatures = { 0 };
		struct item_ds view = { .ttl = 300 };
		enum ds_source source;

		put_ds(&records, 13, 2, sizeof signed_digest);
		if (rows[i].signature != NONE)
			wire_put_bytes(&signatures, parent_ds_signature,
			    sizeof parent_ds_signature);
		if (rows[i].signature == FORGED)
			signatures.bytes[signatures.length - 1] ^= 1;
		view.records = records.bytes;
		view.length = records.length;
		view.signatures = signatures.bytes;
		view.signatures_length = signatures.length;
		has_keys = rows[i].has_keys;
		source = ds_vouch(&worker, &view, &delegation);
		if (source != rows[i].source)
			fail_msg("row %zu: source %d", i, (int)source);
		if (source == DS_SOURCE_COUNT) {
			assert_int_equal(delegation.ds_length, 0);
		} else {
			assert_ptr_equal(delegation.ds, records.bytes);
			assert_int_equal(delegation.ds_length,
			    records.length);
			assert_int_equal(delegation.ds_ttl, 300);
		}
		buffer_fini(&records);
		buffer_fini(&signatures);
	}
}

/* The keys below are known, so the signature was verified before. It must still
 * be present; with `trust` it is not looked at. */
static void
known_before(void **state)
{
	static const struct {
		enum ds_choice	 choice;
		enum ds_source	 source;
	} rows[] = {
		{ CHOOSE_DS_AUTO, DS_SOURCE_FILE_SIGNED },
		{ CHOOSE_DS_VERIFY, DS_SOURCE_FILE_SIGNED },
		{ CHOOSE_DS_TRUST, DS_SOURCE_FILE },
	};

	(void)state;
	is_known = true;
	has_keys = false;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct options options = { .ds = (int)rows[i].choice };
		struct worker worker = { .options = &options };
		struct delegation delegation = { .name = NAME };
		struct buffer records = { 0 };
		const uint8_t signatures[] = { 1, 0, 0, 0, 0 };
		struct item_ds view = { .ttl = 300 };

		put_ds(&records, 13, 2, sizeof signed_digest);
		view.records = records.bytes;
		view.length = records.length;
		view.signatures = signatures;
		view.signatures_length = sizeof signatures;
		assert_int_equal(ds_vouch(&worker, &view, &delegation),
		    rows[i].source);
		buffer_fini(&records);
	}
	is_known = false;
}

/* L44: the digest of the file is asked first. */
static void
digested(void **state)
{
	static const struct {
		enum ds_choice	 choice;
		bool		 has_digest;
		uint8_t		 algorithm;
		enum ds_source	 source;
	} rows[] = {
		{ CHOOSE_DS_AUTO, true, 13, DS_SOURCE_ZONEMD },
		{ CHOOSE_DS_AUTO, false, 13, DS_SOURCE_FILE },
		{ CHOOSE_DS_VERIFY, true, 13, DS_SOURCE_ZONEMD },
		{ CHOOSE_DS_VERIFY, false, 13, DS_SOURCE_COUNT },
		{ CHOOSE_DS_TRUST, true, 13, DS_SOURCE_FILE },
		{ CHOOSE_DS_AUTO, true, 5, DS_SOURCE_COUNT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct options options = { .ds = (int)rows[i].choice };
		struct worker worker = { .options = &options };
		struct delegation delegation = { .name = NAME };
		struct buffer records = { 0 };
		struct item_ds view = { .ttl = 300 };

		put_ds(&records, rows[i].algorithm, 2, sizeof signed_digest);
		view.records = records.bytes;
		view.length = records.length;
		has_digest = rows[i].has_digest;
		if (ds_vouch(&worker, &view, &delegation) != rows[i].source)
			fail_msg("row %zu", i);
		if (rows[i].source == DS_SOURCE_ZONEMD)
			assert_int_equal(delegation.ds_ttl, 200);
		has_digest = false;
		buffer_fini(&records);
	}
}

/* L47: its signature was verified, so no keys are asked for. */
static void
of_parent(const struct item_ds *view, bool is_usable)
{
	struct delegation delegation = { .name = NAME };
	enum ds_source source = ds_vouch_of_parent(view, &delegation);

	assert_int_equal(source, is_usable ? DS_SOURCE_PARENT
					   : DS_SOURCE_COUNT);
	if (is_usable) {
		assert_ptr_equal(delegation.ds, view->records);
		assert_int_equal(delegation.ds_length, view->length);
		assert_int_equal(delegation.ds_ttl, view->ttl);
	} else {
		assert_int_equal(delegation.ds_length, 0);
	}
}

/* An unsupported DS gives no chain; another one beside it does. */
static void
usable(void **state)
{
	static const struct {
		uint8_t		 algorithm, digest_type;
		bool		 is_usable;
	} rows[] = {
		{ 13, 2, true }, { 8, 2, true }, { 8, 4, true },
		{ 13, 1, false }, { 13, 3, false }, { 13, 5, false },
		{ 5, 2, false }, { 7, 2, false }, { 16, 2, false },
	};
	struct options options = { .ds = CHOOSE_DS_TRUST };
	struct worker worker = { .options = &options };

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(rows); i++) {
		bool has_other = i >= COUNT(rows);
		size_t row = i % COUNT(rows);
		struct delegation delegation = { .name = NAME };
		struct buffer records = { 0 };
		struct item_ds view = { .ttl = 300 };

		put_ds(&records, rows[row].algorithm, rows[row].digest_type,
		    rows[row].digest_type == 4 ? 48 : 32);
		if (has_other)
			put_ds(&records, 13, 2, 32);
		view.records = records.bytes;
		view.length = records.length;
		if ((ds_vouch(&worker, &view, &delegation) == DS_SOURCE_FILE)
		    != (has_other || rows[row].is_usable))
			fail_msg("row %zu", i);
		of_parent(&view, has_other || rows[row].is_usable);
		buffer_fini(&records);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vouches), cmocka_unit_test(digested),
		cmocka_unit_test(known_before),
		cmocka_unit_test(usable),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
