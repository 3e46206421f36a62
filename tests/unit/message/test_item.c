/* Items of a job: what is written is read back, what is cut or not legal is
 * refused. Inputs stand at the end of fresh memory, so that a sanitizer sees an
 * overread. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/prefix.h"
#include "scanner/message/item.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* The items behind one pair of functions, in room of their own. */
union any_item {
	struct domain_item	domain;
	struct zone_item	zone;
	struct host_item	host;
	struct probe_item	probe;
	struct probe_host	probe_host;
	struct address		address;
};

typedef void put(struct buffer *, const union any_item *);
typedef bool get(struct wire *, union any_item *);

#define WRAP(kind, member)						\
static void								\
kind ## _write(struct buffer *buffer, const union any_item *item)	\
{									\
	kind ## _put(buffer, &item->member);				\
}									\
static bool								\
kind ## _read(struct wire *wire, union any_item *item)			\
{									\
	return kind ## _get(wire, &item->member);			\
}
WRAP(domain_item, domain)
WRAP(zone_item, zone)
WRAP(host_item, host)
WRAP(probe_item, probe)
WRAP(probe_host, probe_host)
WRAP(address, address)

static const uint8_t servers[] = "\12\0\0\0ns.example\0\0";
/* Two records, and two signatures. */
static const uint8_t ds[] = "\1\0\15\2\3\0\0\0abc" "\2\0\10\2\1\0\0\0d";
static const uint8_t signatures[] = "\2\0\0\0xy" "\1\0\0\0z";
static const uint8_t record[] = { 3, 1, 1, 0, 255 };

static const union any_item domain = { .domain = {
	.name = "a.example", .state = ITEM_STATES - 1,
	.source_id = UINT32_MAX, .rank = UINT64_MAX,
	.parent_ds = PARENT_DS_YES, .set_id = UINT32_MAX,
	.is_occluded = true, .parent_ds_algorithms = "8 13",
	.dns_operator = "example", .servers = servers,
	.servers_length = sizeof servers,
	.ds = ds, .ds_length = sizeof ds - 1, .ds_ttl = UINT32_MAX,
	.ds_signatures = signatures,
	.ds_signatures_length = sizeof signatures - 1,
} };
static const union any_item zone = { .zone = {
	.name = "example", .until_s = INT64_MAX,
	.zonemd = { .state = ZONEMD_MATCH, .ttl = UINT32_MAX,
	    .records = "\7\0\0\0" "1234\1\1" "d", .records_length = 11,
	    .signatures = "\1\0\0\0s\2\0\0\0st", .signatures_length = 11 },
} };
static const union any_item host = { .host = {
	.name = "mx.example", .state = ITEM_STATES - 1,
	.is_name_server = true, .labels_below = 1,
	.ds = { ds, sizeof ds - 1, 300, signatures, sizeof signatures - 1 },
	.servers = servers, .servers_length = sizeof servers,
} };
static const union any_item address = { .address = {
	6, { 0x20, 1, 0xd, 0xb8, [15] = 1 },
} };
static const union any_item probe = { .probe = {
	.action = PROBE_JUDGE, .address = { 4, { 192, 0, 2, 255 } },
	.port = 65535, .sni = "mx.example", .session_sni = "other.example",
	.attempt = 2,
	.basis = BASIS_SHARED, .profile = PROFILE_LEGACY,
	.outcome = OUTCOME_COUNT - 1, .measured_at = INT64_MIN,
	.is_truncated = true, .certificate_count = 2, .certificates = {
		{ record, sizeof record }, { record, 1 } },
	.host_count = ITEM_HOSTS_MAX,
} };
static const union any_item probe_host = { .probe_host = {
	.name = "mx.example", .tlsa_base = "base.example",
	.judge_dane = true, .tlsa_status = TLSA_STATUS_COUNT - 1,
	.tlsa_asked_at = 1795489200000, .tlsa_ttl_s = UINT32_MAX,
	.asking = 1, .next_asking = UINT32_MAX, .ask_again = true,
	.record_count = 1, .records = { { record, sizeof record } },
} };

enum kind_index { DOMAIN, ZONE, HOST, ADDRESS, PROBE, PROBE_HOST };

static const struct kind {
	const char		*name;
	const union any_item	*item;
	put			*write;
	get			*read;
} kinds[] = {
	[DOMAIN] = { "domain", &domain, domain_item_write,
	    domain_item_read },
	[ZONE] = { "zone", &zone, zone_item_write, zone_item_read },
	[HOST] = { "host", &host, host_item_write, host_item_read },
	[ADDRESS] = { "address", &address, address_write, address_read },
	[PROBE] = { "probe", &probe, probe_item_write, probe_item_read },
	[PROBE_HOST] = { "host of a probe", &probe_host, probe_host_write,
	    probe_host_read },
};

/* Reads from a copy that the caller frees by wire->at's start. */
static bool
read_copy(const struct kind *kind, const struct buffer *input, size_t length,
    union any_item *back, uint8_t **copy, struct wire *wire)
{
	*copy = malloc(length != 0 ? length : 1);
	assert_non_null(*copy);
	memcpy(*copy, input->bytes, length);
	*wire = (struct wire){ *copy, *copy + length, false };
	return kind->read(wire, back);
}

/* What was read writes the same bytes; what follows is left alone; each cut is
 * a fault. */
static void
round_trips(void **state)
{
	static union any_item back;

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct buffer first = { 0 }, second = { 0 };
		struct wire wire;
		uint8_t *copy;
		size_t length;

		kinds[i].write(&first, kinds[i].item);
		length = first.length;
		buffer_append_text(&first, "next");
		assert_true(read_copy(&kinds[i], &first, first.length, &back,
		    &copy, &wire));
		assert_ptr_equal(wire.at, copy + length);
		kinds[i].write(&second, &back);
		assert_int_equal(second.length, length);
		assert_memory_equal(second.bytes, first.bytes, length);
		free(copy);
		for (size_t cut = 0; cut < length; cut++) {
			if (read_copy(&kinds[i], &first, cut, &back, &copy,
			    &wire) || !wire.failed)
				fail_msg("%s of %zu bytes", kinds[i].name, cut);
			free(copy);
		}
		buffer_fini(&first);
		buffer_fini(&second);
	}
}

/* Field by field: a writer and a reader could be wrong alike. */
static void
domain_fields(void **state)
{
	struct buffer buffer = { 0 };
	struct domain_item back;
	struct wire wire;

	(void)state;
	domain_item_put(&buffer, &domain.domain);
	wire = (struct wire){ buffer.bytes, buffer.bytes + buffer.length,
		false };
	assert_true(domain_item_get(&wire, &back));
	assert_string_equal(back.name, "a.example");
	assert_int_equal(back.source_id, UINT32_MAX);
	assert_true(back.rank == UINT64_MAX);
	assert_int_equal(back.parent_ds, PARENT_DS_YES);
	assert_true(back.set_id == UINT32_MAX);
	assert_true(back.is_occluded);
	assert_string_equal(back.parent_ds_algorithms, "8 13");
	assert_string_equal(back.dns_operator, "example");
	assert_int_equal(back.ds_length, sizeof ds - 1);
	assert_memory_equal(back.ds, ds, sizeof ds - 1);
	assert_true(back.ds_ttl == UINT32_MAX);
	assert_int_equal(back.ds_signatures_length, sizeof signatures - 1);
	assert_memory_equal(back.ds_signatures, signatures,
	    sizeof signatures - 1);
	assert_int_equal(back.servers_length, sizeof servers);
	assert_memory_equal(back.servers, servers, sizeof servers);
	/* Inside the input. */
	assert_in_range((uintptr_t)back.name, (uintptr_t)buffer.bytes,
	    (uintptr_t)buffer.bytes + buffer.length);
	buffer_fini(&buffer);
}

/* Whom the questions about a domain are charged to (RULES K9): the glue of one
 * of its servers, IPv4 first, else its name; over many names each of them. */
static void
charged(void **state)
{
	static const struct {
		const char	*what, *server;		/* NULL: none */
		const char	*name, *glue[3];
	} rows[] = {
		{ "no server known", NULL, NULL, { NULL } },
		{ "without glue", "ns.example", "ns.example", { NULL } },
		{ "IPv4 glue", "192.0.2.1", "ns.example", { "192.0.2.1" } },
		{ "the first of two", "192.0.2.9", "ns.example",
		    { "192.0.2.9", "192.0.2.1" } },
		{ "IPv4 before IPv6", "192.0.2.1", "ns.example",
		    { "2001:db8::1", "192.0.2.1" } },
		{ "IPv6 alone", "2001:db8::1", "ns.example",
		    { "2001:db8::1" } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct domain_item item = { .name = "a.example" };
		struct buffer list = { 0 };
		char server[NAME_TEXT_MAX];
		unsigned glue = 0;

		while (glue < 3 && rows[i].glue[glue] != NULL)
			glue++;
		if (rows[i].name != NULL) {
			wire_put_text(&list, rows[i].name);
			wire_put_number(&list, glue, 1);
		}
		for (unsigned g = 0; g < glue; g++) {
			struct address address_of;

			assert_true(address_from_text(rows[i].glue[g],
			    strlen(rows[i].glue[g]), &address_of));
			address_put(&list, &address_of);
		}
		item.servers = list.bytes;
		item.servers_length = list.length;
		if (servers_charged(domain_item_servers(&item),
		    item.name, server) !=
		    (rows[i].server != NULL) || (rows[i].server != NULL &&
		    strcmp(server, rows[i].server) != 0))
			fail_msg("%s", rows[i].what);
		/* Cut anywhere it is none, or what stands before the cut. */
		for (size_t length = 0; length < list.length; length++) {
			uint8_t *copy = malloc(length + 1);

			memcpy(copy, list.bytes, length);
			item.servers = copy;
			item.servers_length = length;
			assert_false(servers_charged(
			    domain_item_servers(&item), item.name, server));
			free(copy);
		}
		buffer_fini(&list);
	}
}

static void
charged_evenly(void **state)
{
	struct buffer list = { 0 };
	struct domain_item item = { 0 };
	unsigned counts[3] = { 0 }, index;
	char server[NAME_TEXT_MAX], name[32];

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		snprintf(name, sizeof name, "ns%u.example", i);
		wire_put_text(&list, name);
		wire_put_number(&list, 0, 1);
	}
	item.servers = list.bytes;
	item.servers_length = list.length;
	for (unsigned i = 0; i < 3000; i++) {
		snprintf(name, sizeof name, "d%u.example", i);
		item.name = name;
		assert_true(servers_charged(domain_item_servers(&item),
		    item.name, server));
		assert_true(servers_index(domain_item_servers(&item),
		    item.name, &index));
		assert_int_equal(server[2] - '0', index);
		counts[index]++;
	}
	for (unsigned i = 0; i < 3; i++)
		assert_in_range(counts[i], 800, 1200);
	buffer_fini(&list);
}

/* Whose address it is, as the server is called that is charged (RULES L7). */
static void
server_of_an_address(void **state)
{
	static const struct {
		const char *address, *server;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "192.0.2.2", "192.0.2.1" },
		{ "2001:db8::1", "192.0.2.1" },
		{ "2001:db8::3", "2001:db8::3" },
		{ "192.0.2.9", NULL },
	};
	static const char *const glue[] = {
		"ns1.example", "2001:db8::1", "192.0.2.1", "192.0.2.2",
		"ns2.example", "ns3.example", "2001:db8::3",
	};
	static const unsigned counts[] = { 3, 0, 0, 0, 0, 1, 0 };
	struct buffer list = { 0 };
	char name[32] = "example", charged[NAME_TEXT_MAX] = "";
	struct domain_item item = { .name = name };

	(void)state;
	for (size_t i = 0; i < COUNT(glue); i++) {
		struct address at;

		if (address_from_text(glue[i], strlen(glue[i]), &at)) {
			address_put(&list, &at);
		} else {
			wire_put_text(&list, glue[i]);
			wire_put_number(&list, counts[i], 1);
		}
	}
	item.servers = list.bytes;
	item.servers_length = list.length;
	for (unsigned i = 0; strcmp(charged, "192.0.2.1") != 0; i++) {
		snprintf(name, sizeof name, "d%u.example", i);
		assert_true(servers_charged(domain_item_servers(&item), name,
		    charged));
	}
	for (size_t i = 0; i < COUNT(rows); i++) {
		char server[NAME_TEXT_MAX];
		struct address at;
		bool is_found;

		assert_true(address_from_text(rows[i].address,
		    strlen(rows[i].address), &at));
		is_found = servers_at(domain_item_servers(&item), &at, server);
		assert_int_equal(is_found, rows[i].server != NULL);
		/* It is called by the one address alone. */
		assert_int_equal(servers_are_charged_at(
		    domain_item_servers(&item), name, &at), i == 0);
		if (is_found)
			assert_string_equal(server, rows[i].server);
	}
	buffer_fini(&list);
}

/* The delegated name of a host: a dot of a label is no end of it. */
static void
delegation_of_host(void **state)
{
	static const struct {
		const char	*name;
		uint8_t		 labels_below;
		const char	*delegation;
	} rows[] = {
		{ "example.org", 0, "example.org" },
		{ "mx.example.org", 1, "example.org" },
		{ "a.mx.example.org", 2, "example.org" },
		{ "a\\046b.example.org", 1, "example.org" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct host_item item = {
			.name = rows[i].name,
			.labels_below = rows[i].labels_below,
		};
		struct buffer buffer = { 0 };
		struct host_item back;
		struct wire wire;

		host_item_put(&buffer, &item);
		wire = (struct wire){ buffer.bytes, buffer.bytes +
		    buffer.length, false };
		assert_true(host_item_get(&wire, &back));
		assert_string_equal(back.delegation, rows[i].delegation);
		assert_int_equal(back.ds.length, 0);
		buffer_fini(&buffer);
	}
}

static void
host_ds(void **state)
{
	struct buffer buffer = { 0 };
	struct host_item back;
	struct wire wire;

	(void)state;
	host_item_put(&buffer, &host.host);
	wire = (struct wire){ buffer.bytes, buffer.bytes + buffer.length,
		false };
	assert_true(host_item_get(&wire, &back));
	assert_int_equal(back.ds.length, sizeof ds - 1);
	assert_memory_equal(back.ds.records, ds, sizeof ds - 1);
	assert_int_equal(back.ds.ttl, 300);
	assert_int_equal(back.ds.signatures_length, sizeof signatures - 1);
	assert_memory_equal(back.ds.signatures, signatures,
	    sizeof signatures - 1);
	assert_int_equal(back.servers_length, sizeof servers);
	buffer_fini(&buffer);
}

static void
probe_fields(void **state)
{
	static struct probe_item back;
	static struct probe_host judged;
	struct buffer buffer = { 0 };
	struct wire wire;

	(void)state;
	probe_item_put(&buffer, &probe.probe);
	probe_host_put(&buffer, &probe_host.probe_host);
	wire = (struct wire){ buffer.bytes, buffer.bytes + buffer.length,
		false };
	assert_true(probe_item_get(&wire, &back));
	assert_int_equal(back.action, PROBE_JUDGE);
	assert_int_equal(address_compare(&back.address,
	    &probe.probe.address), 0);
	assert_int_equal(back.port, 65535);
	assert_string_equal(back.sni, "mx.example");
	assert_string_equal(back.session_sni, "other.example");
	assert_int_equal(back.attempt, 2);
	assert_int_equal(back.basis, BASIS_SHARED);
	assert_int_equal(back.profile, PROFILE_LEGACY);
	assert_int_equal(back.outcome, OUTCOME_COUNT - 1);
	assert_true(back.measured_at == INT64_MIN);
	assert_true(back.is_truncated);
	assert_int_equal(back.certificate_count, 2);
	assert_int_equal(back.certificates[0].length, sizeof record);
	assert_memory_equal(back.certificates[0].bytes, record, sizeof record);
	assert_int_equal(back.certificates[1].length, 1);
	assert_int_equal(back.host_count, ITEM_HOSTS_MAX);
	assert_true(probe_host_get(&wire, &judged));
	assert_string_equal(judged.name, "mx.example");
	assert_string_equal(judged.tlsa_base, "base.example");
	assert_true(judged.judge_dane);
	assert_int_equal(judged.tlsa_status, TLSA_STATUS_COUNT - 1);
	assert_true(judged.tlsa_asked_at == 1795489200000);
	assert_int_equal(judged.tlsa_ttl_s, UINT32_MAX);
	assert_int_equal(judged.asking, 1);
	assert_int_equal(judged.next_asking, UINT32_MAX);
	assert_true(judged.ask_again);
	assert_int_equal(judged.record_count, 1);
	assert_memory_equal(judged.records[0].bytes, record, sizeof record);
	assert_ptr_equal(wire.at, wire.end);
	buffer_fini(&buffer);
}

/* Illegal values, each beside the greatest legal one. */
static void
limits(void **state)
{
#define NAMES .name = "", .parent_ds_algorithms = "", .dns_operator = ""
#define BYTES(literal) (const uint8_t *)literal
#define DS(literal) BYTES(literal), .ds_length = sizeof literal - 1
#define SIGNATURES(literal) BYTES(literal),				\
	.ds_signatures_length = sizeof literal - 1
#define DS_HEAD "\1\0\15\2"
#define DS_1 DS_HEAD "\1\0\0\0x"
#define DS_8 DS_1 DS_1 DS_1 DS_1 DS_1 DS_1 DS_1 DS_1
#define OF_48 "0123456789abcdef0123456789abcdef0123456789abcdef"
#define OF_4 "\1\0\0\0a" "\1\0\0\0b" "\1\0\0\0c" "\1\0\0\0d"
#define BASE .name = "", .tlsa_base = ""
#define V4 .address = { 4, { 192, 0, 2, 1 } }, .sni = "", .session_sni = ""
	static const struct {
		bool		 good;
		const char	*what;
		enum kind_index	 kind;
		union any_item	 item;
	} rows[] = {
		{ false, "state of a domain", DOMAIN,
		    { .domain = { NAMES, .state = ITEM_STATES } } },
		{ false, "state of a host", HOST,
		    { .host = { "", .state = ITEM_STATES } } },
		{ true, "all labels but one", HOST,
		    { .host = { "mx.example", .labels_below = 1 } } },
		{ false, "labels", HOST,
		    { .host = { "mx.example", .labels_below = 2 } } },
		{ true, "ds", DOMAIN,
		    { .domain = { NAMES, .parent_ds = PARENT_DS_YES } } },
		{ false, "ds", DOMAIN,
		    { .domain = { NAMES, .parent_ds = PARENT_DS_YES + 1 } } },
		{ true, "as many DS as fit", DOMAIN, { .domain = { NAMES,
		    .ds = DS(DS_8) } } },
		{ false, "one more", DOMAIN, { .domain = { NAMES,
		    .ds = DS(DS_8 DS_1) } } },
		{ true, "a digest of SHA-384", DOMAIN, { .domain = { NAMES,
		    .ds = DS(DS_HEAD "\60\0\0\0" OF_48) } } },
		{ false, "a longer one", DOMAIN, { .domain = { NAMES,
		    .ds = DS(DS_HEAD "\61\0\0\0" OF_48 "x") } } },
		{ false, "no digest", DOMAIN, { .domain = { NAMES,
		    .ds = DS(DS_HEAD "\0\0\0\0") } } },
		{ false, "a digest past the end", DOMAIN, { .domain = { NAMES,
		    .ds = DS(DS_HEAD "\2\0\0\0x") } } },
		{ true, "four signatures", DOMAIN, { .domain = { NAMES,
		    .ds = DS(DS_1), .ds_signatures = SIGNATURES(OF_4) } } },
		{ false, "five", DOMAIN, { .domain = { NAMES,
		    .ds = DS(DS_1),
		    .ds_signatures = SIGNATURES(OF_4 "\1\0\0\0e") } } },
		{ false, "an empty one", DOMAIN, { .domain = { NAMES,
		    .ds = DS(DS_1),
		    .ds_signatures = SIGNATURES("\0\0\0\0") } } },
		{ false, "one past the end", DOMAIN, { .domain = { NAMES,
		    .ds = DS(DS_1),
		    .ds_signatures = SIGNATURES("\2\0\0\0x") } } },
		{ true, "action", PROBE,
		    { .probe = { V4, .action = PROBE_NONE } } },
		{ false, "action", PROBE,
		    { .probe = { V4, .action = PROBE_NONE + 1 } } },
		{ true, "basis", PROBE,
		    { .probe = { V4, .basis = BASIS_COUNT - 1 } } },
		{ false, "basis", PROBE,
		    { .probe = { V4, .basis = BASIS_COUNT } } },
		{ false, "profile", PROBE,
		    { .probe = { V4, .profile = PROFILE_COUNT } } },
		{ false, "outcome", PROBE,
		    { .probe = { V4, .outcome = OUTCOME_COUNT } } },
		{ false, "hosts", PROBE,
		    { .probe = { V4, .host_count = ITEM_HOSTS_MAX + 1 } } },
		{ false, "family of a probe", PROBE,
		    { .probe = { .sni = "", .session_sni = "" } } },
		{ true, "tlsa status", PROBE_HOST, { .probe_host = { BASE,
		    .tlsa_status = TLSA_STATUS_COUNT - 1 } } },
		{ false, "tlsa status", PROBE_HOST, { .probe_host = { BASE,
		    .tlsa_status = TLSA_STATUS_COUNT } } },
		{ true, "IPv4", ADDRESS,
		    { .address = { 4, { 192, 0, 2, 1 } } } },
		{ true, "IPv6", ADDRESS, { .address = { 6, { [15] = 1 } } } },
		{ false, "family 0", ADDRESS, { .address = { 0, { 0 } } } },
		{ false, "family 5", ADDRESS, { .address = { 5, { 0 } } } },
		{ false, "family 255", ADDRESS,
		    { .address = { 255, { 0 } } } },
		/* prefix.h: 4 bytes, the rest 0; else it would be another
		 * address with the same text. */
		{ false, "IPv4 of 5 bytes", ADDRESS,
		    { .address = { 4, { 192, 0, 2, 1, 1 } } } },
		{ false, "IPv4 of 16 bytes", ADDRESS,
		    { .address = { 4, { 192, 0, 2, 1, [15] = 1 } } } },
	};
	static union any_item back;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer buffer = { 0 };
		struct wire wire;
		uint8_t *copy;

		kinds[rows[i].kind].write(&buffer, &rows[i].item);
		if (read_copy(&kinds[rows[i].kind], &buffer, buffer.length,
		    &back, &copy, &wire) != rows[i].good ||
		    wire.failed == rows[i].good)
			fail_msg("row %zu: %s", i, rows[i].what);
		free(copy);
		buffer_fini(&buffer);
	}
}

/* Counts over the arrays that they fill: bytes for all of them are there, so
 * that nothing but the limit refuses. */
static void
counts(void **state)
{
	static const struct {
		const struct kind *kind;
		uint32_t limit;
		size_t behind;	/* bytes between count and entries */
	} rows[] = {
		{ &kinds[PROBE], ITEM_CERTIFICATES_MAX, 4 },
		{ &kinds[PROBE_HOST], ITEM_RECORDS_MAX, 0 },
	};
	static union any_item back;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (uint32_t over = 0; over < 2; over++) {
			union any_item item = i == 0
			    ? (union any_item){ .probe = { V4 } }
			    : (union any_item){ .probe_host = { BASE } };
			struct buffer buffer = { 0 };
			struct wire wire;
			uint8_t *copy;

			rows[i].kind->write(&buffer, &item);
			/* No entries so far: the count is the last, or stands
			 * before what is behind the entries. */
			buffer.length -= 4 + rows[i].behind;
			wire_put_number(&buffer, rows[i].limit + over, 4);
			for (uint32_t n = 0; n < rows[i].limit + over; n++)
				wire_put_bytes(&buffer, record, sizeof record);
			wire_put_number(&buffer, 0, (unsigned)rows[i].behind);
			assert_int_equal(read_copy(rows[i].kind, &buffer,
			    buffer.length, &back, &copy, &wire), over == 0);
			free(copy);
			buffer_fini(&buffer);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trips), cmocka_unit_test(domain_fields),
		cmocka_unit_test(charged),
		cmocka_unit_test(charged_evenly),
		cmocka_unit_test(server_of_an_address),
		cmocka_unit_test(delegation_of_host),
		cmocka_unit_test(host_ds),
		cmocka_unit_test(probe_fields), cmocka_unit_test(limits),
		cmocka_unit_test(counts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
