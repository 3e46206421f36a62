/* What NSEC and NSEC3 records prove (denial.h): RFC 4035 5.2 and 5.4, RFC 5155
 * 8, RULES L24, L26, L27, L47. Each case has a twin that differs in one fact.
 * Signatures are verified before, and are not here. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "parsers/dnssec.h"
#include "scanner/crypto/zone_digest.h"
#include "scanner/dns/direct/denial.h"
#include "tests/unit/zone_signer.h"

#define ZONE	"d.example"
#define RECORDS	12
#define COUNT(array) (sizeof (array) / sizeof (array)[0])

struct world {
	struct dns_record records[RECORDS];
	struct rdata_list rdata;
	unsigned	 count;
};

static void
name_of(const char *text, uint8_t wire[NAME_WIRE_MAX])
{
	size_t length;

	assert_int_equal(name_from_text(text, strlen(text), wire, &length),
	    NAME_OK);
}

static void
add(struct world *world, const char *owner, uint16_t type)
{
	struct dns_record *record = &world->records[world->count];
	struct buffer *rdata = &world->rdata.list[world->count++];

	assert_true(world->count == world->rdata.count);
	*record = (struct dns_record){
		.section = DNS_AUTHORITY, .type = type, .class = 1,
		.ttl = 3600, .rdata = rdata->bytes,
		.rdata_length = (uint16_t)rdata->length,
	};
	name_of(owner, record->owner);
}

/* Judges, and empties the world. Type DS: a delegation without DS is denied. */
static enum oddity
judge(struct world *world, const char *name, uint16_t type, bool is_nxdomain)
{
	static uint8_t zone[NAME_WIRE_MAX], wire[NAME_WIRE_MAX];
	struct denial denial = {
		.zone = zone, .name = wire, .type = type,
		.records = world->records, .count = world->count,
	};
	enum oddity oddity;

	name_of(ZONE, zone);
	name_of(name, wire);
	if (type == DNS_DS)
		oddity = denial_of_ds(&denial);
	else
		oddity = is_nxdomain ? denial_of_name(&denial)
				     : denial_of_type(&denial);
	rdata_fini(&world->rdata);
	world->count = 0;
	return oddity;
}

/* A record of a zone; `types` of NSEC or NSEC3 as text would be long. */
struct row_record {
	const char	*owner, *next;
	uint16_t	 types[8];
	/* Of NSEC3, whose owner is the name before its hash, and covers up to
	 * the next one, by hash. */
	uint8_t		 flags;
	uint16_t	 iterations;
};

struct row {
	const char	*rule;
	const char	*name;
	bool		 is_nxdomain;	/* else: no MX */
	struct row_record records[3];
	enum oddity	 oddity;
};

#define APEX	{ DNS_NS, DNS_SOA, DNS_RRSIG, DNS_NSEC }
#define HOST	{ DNS_A, DNS_RRSIG, DNS_NSEC }
#define NSEC_A(owner, next) { owner, next, HOST, 0, 0 }

static const struct row nsec_rows[] = {
	{ "the apex has no MX", ZONE, false,
	    { { ZONE, "a." ZONE, APEX, 0, 0 } }, ODDITY_NONE },
	{ "twin: it has", ZONE, false,
	    { { ZONE, "a." ZONE, { DNS_NS, DNS_SOA, DNS_MX }, 0, 0 } },
	    ODDITY_UNPROVEN },
	{ "twin: it has CNAME", ZONE, false,
	    { { ZONE, "a." ZONE, { DNS_NS, DNS_CNAME, DNS_SOA }, 0, 0 } },
	    ODDITY_UNPROVEN },
	{ "twin: without SOA it is the parent's", ZONE, false,
	    { { ZONE, "a." ZONE, { DNS_NS, DNS_RRSIG, DNS_NSEC }, 0, 0 } },
	    ODDITY_UNPROVEN },
	{ "twin: the record is of another name", ZONE, false,
	    { { "a." ZONE, "b." ZONE, APEX, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: there is no record", ZONE, false, { { 0 } },
	    ODDITY_UNPROVEN },
	{ "a host has no MX", "a." ZONE, false, { NSEC_A("a." ZONE, "b." ZONE) },
	    ODDITY_NONE },
	{ "twin: a zone begins there", "a." ZONE, false,
	    { { "a." ZONE, "b." ZONE, { DNS_NS, DNS_RRSIG, DNS_NSEC }, 0, 0 } },
	    ODDITY_UNPROVEN },
	{ "twin: it is the apex of one", "a." ZONE, false,
	    { { "a." ZONE, "b." ZONE, APEX, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: an empty non-terminal", "a." ZONE, false,
	    { NSEC_A(ZONE, "b.a." ZONE) }, ODDITY_UNPROVEN },
	{ "twin: the wildcard has no MX", "a." ZONE, false,
	    { NSEC_A(ZONE, "b." ZONE), NSEC_A("*." ZONE, "b." ZONE) },
	    ODDITY_UNPROVEN },

	{ "no name, no wildcard", "b." ZONE, true,
	    { { ZONE, "a." ZONE, APEX, 0, 0 }, NSEC_A("a." ZONE, "c." ZONE) },
	    ODDITY_NONE },
	{ "twin: the wildcard is not denied", "b." ZONE, true,
	    { NSEC_A("a." ZONE, "c." ZONE) }, ODDITY_UNPROVEN },
	{ "twin: the wildcard is there", "b." ZONE, true,
	    { NSEC_A("*." ZONE, "a." ZONE), NSEC_A("a." ZONE, "c." ZONE) },
	    ODDITY_UNPROVEN },
	{ "twin: the name is not denied", "b." ZONE, true,
	    { { ZONE, "a." ZONE, APEX, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: the gap begins at the name", "b." ZONE, true,
	    { { ZONE, "a." ZONE, APEX, 0, 0 }, NSEC_A("b." ZONE, "c." ZONE) },
	    ODDITY_UNPROVEN },
	{ "twin: the gap ends at the name", "b." ZONE, true,
	    { { ZONE, "a." ZONE, APEX, 0, 0 }, NSEC_A("a." ZONE, "b." ZONE) },
	    ODDITY_UNPROVEN },
	{ "twin: the gap ends below the name", "b." ZONE, true,
	    { { ZONE, "a." ZONE, APEX, 0, 0 }, NSEC_A("a." ZONE, "x.b." ZONE) },
	    ODDITY_UNPROVEN },
	{ "twin: the gap begins outside the zone", "b." ZONE, true,
	    { NSEC_A("c.example", "c." ZONE) }, ODDITY_UNPROVEN },
	{ "the apex exists", ZONE, true,
	    { NSEC_A("c.example", "c." ZONE), NSEC_A("b.example", "x.example")
	    }, ODDITY_UNPROVEN },
	{ "one record for both", "b." ZONE, true,
	    { { ZONE, "c." ZONE, APEX, 0, 0 } }, ODDITY_NONE },
	{ "twin: the parent's record of a cut", "b." ZONE, true,
	    { { ZONE, "c." ZONE, { DNS_NS, DNS_RRSIG, DNS_NSEC }, 0, 0 } },
	    ODDITY_UNPROVEN },
	{ "twin: with DNAME at an ancestor", "b." ZONE, true,
	    { { ZONE, "c." ZONE, { DNS_NS, DNS_SOA, DNS_DNAME }, 0, 0 } },
	    ODDITY_UNPROVEN },
	{ "DNAME beside, not above", "b." ZONE, true,
	    { { ZONE, "a." ZONE, APEX, 0, 0 },
	    { "a." ZONE, "c." ZONE, { DNS_DNAME }, 0, 0 } }, ODDITY_NONE },
	{ "the last record", "z." ZONE, true,
	    { { ZONE, "a." ZONE, APEX, 0, 0 }, NSEC_A("y." ZONE, ZONE) },
	    ODDITY_NONE },
	{ "twin: before it", "x." ZONE, true,
	    { { ZONE, "a." ZONE, APEX, 0, 0 }, NSEC_A("y." ZONE, ZONE) },
	    ODDITY_UNPROVEN },
	{ "twin: it names another apex", "z." ZONE, true,
	    { { ZONE, "a." ZONE, APEX, 0, 0 }, NSEC_A("y." ZONE, "b." ZONE) },
	    ODDITY_UNPROVEN },
	{ "the only record", "z." ZONE, true,
	    { { ZONE, ZONE, APEX, 0, 0 } }, ODDITY_NONE },
	{ "a deep name, below an existing one", "x.b." ZONE, true,
	    { NSEC_A("b." ZONE, "c." ZONE) }, ODDITY_NONE },
	{ "twin: the encloser has its wildcard", "x.b." ZONE, true,
	    { NSEC_A("*.b." ZONE, "c." ZONE) }, ODDITY_UNPROVEN },
	{ "twin: the encloser is a cut", "x.b." ZONE, true,
	    { { "b." ZONE, "c." ZONE, { DNS_NS }, 0, 0 } }, ODDITY_UNPROVEN },
	{ "the gap ends at the encloser", "x.b." ZONE, true,
	    { NSEC_A(ZONE, "a.b." ZONE), NSEC_A("a.b." ZONE, "c." ZONE) },
	    ODDITY_NONE },
	{ "twin: its wildcard is not denied", "x.b." ZONE, true,
	    { NSEC_A(ZONE, "a." ZONE), NSEC_A("a.b." ZONE, "c." ZONE) },
	    ODDITY_UNPROVEN },
	{ "order is by the last label", "z.a." ZONE, true,
	    { NSEC_A("a." ZONE, "b." ZONE) }, ODDITY_NONE },
	{ "a label that begins another sorts first", "ab." ZONE, true,
	    { { ZONE, "a." ZONE, APEX, 0, 0 }, NSEC_A("a." ZONE, "abc." ZONE) },
	    ODDITY_NONE },
	{ "twin", "abcd." ZONE, true,
	    { { ZONE, "a." ZONE, APEX, 0, 0 }, NSEC_A("a." ZONE, "abc." ZONE) },
	    ODDITY_UNPROVEN },
};

#define CUT	{ DNS_NS, DNS_RRSIG, DNS_NSEC }

/* RFC 4035 5.2: just this name is a delegation without DS. */
static const struct row nsec_ds_rows[] = {
	{ "a delegation without DS", "a." ZONE, false,
	    { { "a." ZONE, "b." ZONE, CUT, 0, 0 } }, ODDITY_NONE },
	{ "twin: with DS", "a." ZONE, false,
	    { { "a." ZONE, "b." ZONE, { DNS_NS, DNS_DS, DNS_RRSIG, DNS_NSEC },
	    0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: with SOA it is the child's", "a." ZONE, false,
	    { { "a." ZONE, "b." ZONE, APEX, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: without NS it is no delegation", "a." ZONE, false,
	    { NSEC_A("a." ZONE, "b." ZONE) }, ODDITY_UNPROVEN },
	{ "twin: without any type", "a." ZONE, false,
	    { { "a." ZONE, "b." ZONE, { 0 }, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: of another owner", "a." ZONE, false,
	    { { "b." ZONE, "c." ZONE, CUT, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: of the wildcard", "a." ZONE, false,
	    { { "*." ZONE, "b." ZONE, CUT, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: of a name above", "x.a." ZONE, false,
	    { { "a." ZONE, "b." ZONE, CUT, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: the name is in a gap", "b." ZONE, false,
	    { { "a." ZONE, "c." ZONE, CUT, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: there is no record", "a." ZONE, false, { { 0 } },
	    ODDITY_UNPROVEN },
	{ "the second record", "a." ZONE, false,
	    { { ZONE, "a." ZONE, APEX, 0, 0 },
	    { "a." ZONE, "b." ZONE, CUT, 0, 0 } }, ODDITY_NONE },
	{ "the apex is no delegation of its own zone", ZONE, false,
	    { { ZONE, "a." ZONE, CUT, 0, 0 } }, ODDITY_UNPROVEN },
};

static void
judge_nsec(const struct row *rows, size_t count, uint16_t type)
{
	struct world world = { .count = 0 };

	for (size_t i = 0; i < count; i++) {
		const struct row *row = &rows[i];
		enum oddity oddity;

		for (int k = 0; k < 3 && row->records[k].owner != NULL; k++) {
			rdata_add_nsec(&world.rdata, row->records[k].next,
			    row->records[k].types);
			add(&world, row->records[k].owner, DNS_NSEC);
		}
		oddity = judge(&world, row->name, type, row->is_nxdomain);
		if (oddity != row->oddity)
			print_message("# %s\n", row->rule);
		assert_int_equal(oddity, row->oddity);
	}
}

static void
nsec_denies(void **state)
{
	(void)state;
	judge_nsec(nsec_rows, COUNT(nsec_rows), DNS_MX);
}

static void
nsec_denies_ds(void **state)
{
	(void)state;
	judge_nsec(nsec_ds_rows, COUNT(nsec_ds_rows), DNS_DS);
}

/* NSEC3 ******************************************************************* */

static void
hash_of(const char *name, unsigned iterations, uint8_t hash[NSEC3_HASH_BYTES])
{
	uint8_t wire[NAME_WIRE_MAX];

	name_of(name, wire);
	nsec3_hash(wire, name_wire_length(wire, sizeof wire), iterations, NULL,
	    0, hash);
}

static void
step(uint8_t hash[NSEC3_HASH_BYTES], int by)
{
	for (int i = NSEC3_HASH_BYTES - 1; i >= 0; i--) {
		hash[i] = (uint8_t)(hash[i] + by);
		if (hash[i] != (by > 0 ? 0 : 0xff))
			return;
	}
}

static void
owner_of(const uint8_t hash[NSEC3_HASH_BYTES], char *owner)
{
	for (int i = 0; i < 32; i++) {
		unsigned value = 0;

		for (int bit = 5 * i; bit < 5 * i + 5; bit++)
			value = value << 1 |
			    (hash[bit / 8] >> (7 - bit % 8) & 1U);
		owner[i] = "0123456789abcdefghijklmnopqrstuv"[value];
	}
	strcpy(owner + 32, "." ZONE);
}

/* What one NSEC3 is about: MATCHES a name, COVERS it with a hash before and one
 * behind, or nearly covers it: begins or ends AT it. WRAPS: it is the last one,
 * and the hash is before the first; ALONE: the only one, of another name. */
enum place { NOWHERE, MATCHES, COVERS, ENDS_AT, WRAPS, ALONE };

struct about {
	enum place	 place;
	const char	*name;
	uint16_t	 types[6];
	uint8_t		 flags;
	uint16_t	 iterations;	/* as the record says; hashed with */
};

struct nsec3_row {
	const char	*rule;
	const char	*name;
	bool		 is_nxdomain;
	struct about	 records[3];
	enum oddity	 oddity;
};

static void
add_nsec3(struct world *world, const struct about *about)
{
	uint8_t from[NSEC3_HASH_BYTES], to[NSEC3_HASH_BYTES];
	char owner[64];

	hash_of(about->name, about->iterations, from);
	memcpy(to, from, sizeof to);
	if (about->place == COVERS || about->place == ENDS_AT ||
	    about->place == ALONE)
		step(from, -1);
	if (about->place != ENDS_AT && about->place != ALONE)
		step(to, 1);
	if (about->place == ALONE)
		step(to, -1);
	if (about->place == WRAPS)
		memset(from, 0xff, sizeof from);
	owner_of(from, owner);
	rdata_add_nsec3(&world->rdata, about->flags, about->iterations, to,
	    about->types);
	add(world, owner, DNS_NSEC3);
}

#define NSEC3_APEX	{ MATCHES, ZONE, { DNS_NS, DNS_SOA, DNS_NSEC3PARAM }, 0, 0 }
#define NSEC3_B	{ COVERS, "b." ZONE, { DNS_A }, 0, 0 }
#define NSEC3_WILD	{ COVERS, "*." ZONE, { DNS_A }, 0, 0 }
#define DNS_NSEC3PARAM	51

static const struct nsec3_row nsec3_rows[] = {
	{ "the apex has no MX", ZONE, false, { NSEC3_APEX }, ODDITY_NONE },
	{ "twin: it has", ZONE, false,
	    { { MATCHES, ZONE, { DNS_NS, DNS_SOA, DNS_MX }, 0, 0 } },
	    ODDITY_UNPROVEN },
	{ "twin: it has CNAME", ZONE, false,
	    { { MATCHES, ZONE, { DNS_CNAME, DNS_SOA }, 0, 0 } },
	    ODDITY_UNPROVEN },
	{ "twin: without SOA it is the parent's", ZONE, false,
	    { { MATCHES, ZONE, { DNS_NS }, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: the record covers the apex", ZONE, false,
	    { { COVERS, ZONE, { DNS_NS, DNS_SOA }, 0, 0 } },
	    ODDITY_UNPROVEN },
	{ "opt-out does not matter there", ZONE, false,
	    { { MATCHES, ZONE, { DNS_NS, DNS_SOA }, NSEC3_OPT_OUT, 0 } },
	    ODDITY_NONE },
	{ "twin: a flag that is not known", ZONE, false,
	    { { MATCHES, ZONE, { DNS_NS, DNS_SOA }, 2, 0 } },
	    ODDITY_UNPROVEN },
	{ "150 iterations", ZONE, false,
	    { { MATCHES, ZONE, { DNS_NS, DNS_SOA }, 0, 150 } }, ODDITY_NONE },
	{ "twin: 151", ZONE, false,
	    { { MATCHES, ZONE, { DNS_NS, DNS_SOA }, 0, 151 } },
	    ODDITY_UNPROVEN },
	{ "two sets of parameters", ZONE, false,
	    { NSEC3_APEX, { COVERS, "b." ZONE, { DNS_A }, 0, 1 } },
	    ODDITY_UNPROVEN },
	{ "twin: but one has an unknown flag", ZONE, false,
	    { NSEC3_APEX, { COVERS, "b." ZONE, { DNS_A }, 2, 1 } },
	    ODDITY_NONE },
	{ "a host has no MX", "a." ZONE, false,
	    { { MATCHES, "a." ZONE, { DNS_A }, 0, 0 } }, ODDITY_NONE },
	{ "twin: an empty non-terminal", "a." ZONE, false,
	    { { MATCHES, "a." ZONE, { 0 }, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: a zone begins there", "a." ZONE, false,
	    { { MATCHES, "a." ZONE, { DNS_NS }, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: the wildcard has no MX", "a." ZONE, false,
	    { NSEC3_APEX, { COVERS, "a." ZONE, { DNS_A }, 0, 0 },
	    { MATCHES, "*." ZONE, { DNS_A }, 0, 0 } }, ODDITY_UNPROVEN },

	{ "no name, no wildcard", "b." ZONE, true,
	    { NSEC3_APEX, NSEC3_B, NSEC3_WILD }, ODDITY_NONE },
	{ "twin: no closest encloser", "b." ZONE, true,
	    { NSEC3_B, NSEC3_WILD }, ODDITY_UNPROVEN },
	{ "twin: the name is not denied", "b." ZONE, true,
	    { NSEC3_APEX, NSEC3_WILD }, ODDITY_UNPROVEN },
	{ "twin: the wildcard is not denied", "b." ZONE, true,
	    { NSEC3_APEX, NSEC3_B }, ODDITY_UNPROVEN },
	{ "twin: the wildcard is there", "b." ZONE, true,
	    { NSEC3_APEX, NSEC3_B, { MATCHES, "*." ZONE, { DNS_A }, 0, 0 } },
	    ODDITY_UNPROVEN },
	{ "twin: the name is there", "b." ZONE, true,
	    { NSEC3_APEX, { MATCHES, "b." ZONE, { DNS_A }, 0, 0 }, NSEC3_WILD },
	    ODDITY_UNPROVEN },
	{ "twin: the gap ends at the name", "b." ZONE, true,
	    { NSEC3_APEX, { ENDS_AT, "b." ZONE, { DNS_A }, 0, 0 }, NSEC3_WILD },
	    ODDITY_UNPROVEN },
	{ "twin: opt-out over the name", "b." ZONE, true,
	    { NSEC3_APEX, { COVERS, "b." ZONE, { DNS_A }, NSEC3_OPT_OUT, 0 },
	    NSEC3_WILD }, ODDITY_UNPROVEN },
	{ "twin: opt-out over the wildcard", "b." ZONE, true,
	    { NSEC3_APEX, NSEC3_B,
	    { COVERS, "*." ZONE, { DNS_A }, NSEC3_OPT_OUT, 0 } },
	    ODDITY_UNPROVEN },
	{ "opt-out at the encloser does not matter", "b." ZONE, true,
	    { { MATCHES, ZONE, { DNS_NS, DNS_SOA }, NSEC3_OPT_OUT, 0 },
	    NSEC3_B, NSEC3_WILD }, ODDITY_NONE },
	{ "twin: the encloser has DNAME", "b." ZONE, true,
	    { { MATCHES, ZONE, { DNS_NS, DNS_SOA, DNS_DNAME }, 0, 0 },
	    NSEC3_B, NSEC3_WILD }, ODDITY_UNPROVEN },
	{ "twin: the encloser is a cut", "b." ZONE, true,
	    { { MATCHES, ZONE, { DNS_NS }, 0, 0 }, NSEC3_B, NSEC3_WILD },
	    ODDITY_UNPROVEN },
	{ "the last record", "b." ZONE, true,
	    { NSEC3_APEX, { WRAPS, "b." ZONE, { DNS_A }, 0, 0 }, NSEC3_WILD },
	    ODDITY_NONE },
	{ "the only record of its owner", "b." ZONE, true,
	    { NSEC3_APEX, { ALONE, "b." ZONE, { DNS_A }, 0, 0 }, NSEC3_WILD },
	    ODDITY_NONE },
	{ "a deep name", "x.y.b." ZONE, true,
	    { { MATCHES, "b." ZONE, { DNS_A }, 0, 0 },
	    { COVERS, "y.b." ZONE, { DNS_A }, 0, 0 },
	    { COVERS, "*.b." ZONE, { DNS_A }, 0, 0 } }, ODDITY_NONE },
	{ "twin: not the next closer name", "x.y.b." ZONE, true,
	    { { MATCHES, "b." ZONE, { DNS_A }, 0, 0 },
	    { COVERS, "x.y.b." ZONE, { DNS_A }, 0, 0 },
	    { COVERS, "*.b." ZONE, { DNS_A }, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: the wildcard of another encloser", "x.y.b." ZONE, true,
	    { { MATCHES, "b." ZONE, { DNS_A }, 0, 0 },
	    { COVERS, "y.b." ZONE, { DNS_A }, 0, 0 }, NSEC3_WILD },
	    ODDITY_UNPROVEN },
	/* 15 names and a wildcard; 16 and a wildcard. */
	{ "16 hashes", "1.2.3.4.5.6.7.8.9.10.11.12.13.14." ZONE, true,
	    { NSEC3_APEX, { COVERS, "14." ZONE, { DNS_A }, 0, 0 }, NSEC3_WILD },
	    ODDITY_NONE },
	{ "twin: 17", "0.1.2.3.4.5.6.7.8.9.10.11.12.13.14." ZONE, true,
	    { NSEC3_APEX, { COVERS, "14." ZONE, { DNS_A }, 0, 0 }, NSEC3_WILD },
	    ODDITY_CRYPTO_LIMIT },
};

#define OPT_OUT(name) { COVERS, name, { DNS_A }, NSEC3_OPT_OUT, 0 }

/* RFC 5155 8.9: just this name is a delegation without DS, or the next closer
 * name is in a gap with opt-out. */
static const struct nsec3_row nsec3_ds_rows[] = {
	{ "a delegation without DS", "a." ZONE, false,
	    { { MATCHES, "a." ZONE, { DNS_NS }, 0, 0 } }, ODDITY_NONE },
	{ "twin: with DS", "a." ZONE, false,
	    { { MATCHES, "a." ZONE, { DNS_NS, DNS_DS }, 0, 0 } },
	    ODDITY_UNPROVEN },
	{ "twin: with SOA it is the child's", "a." ZONE, false,
	    { { MATCHES, "a." ZONE, { DNS_NS, DNS_SOA }, 0, 0 } },
	    ODDITY_UNPROVEN },
	{ "twin: without NS it is no delegation", "a." ZONE, false,
	    { { MATCHES, "a." ZONE, { DNS_A }, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: an empty non-terminal", "a." ZONE, false,
	    { { MATCHES, "a." ZONE, { 0 }, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: of another name", "a." ZONE, false,
	    { { MATCHES, "b." ZONE, { DNS_NS }, 0, 0 } }, ODDITY_UNPROVEN },
	{ "twin: with DS, whatever a gap says", "a." ZONE, false,
	    { NSEC3_APEX, { MATCHES, "a." ZONE, { DNS_NS, DNS_DS }, 0, 0 },
	    OPT_OUT("a." ZONE) }, ODDITY_UNPROVEN },
	{ "opt-out of the record itself does not matter", "a." ZONE, false,
	    { { MATCHES, "a." ZONE, { DNS_NS }, NSEC3_OPT_OUT, 0 } },
	    ODDITY_NONE },
	{ "twin: a flag that is not known", "a." ZONE, false,
	    { { MATCHES, "a." ZONE, { DNS_NS }, 2, 0 } }, ODDITY_UNPROVEN },
	{ "150 iterations", "a." ZONE, false,
	    { { MATCHES, "a." ZONE, { DNS_NS }, 0, 150 } }, ODDITY_NONE },
	{ "twin: 151", "a." ZONE, false,
	    { { MATCHES, "a." ZONE, { DNS_NS }, 0, 151 } }, ODDITY_UNPROVEN },
	{ "two sets of parameters", "a." ZONE, false,
	    { { MATCHES, "a." ZONE, { DNS_NS }, 0, 0 },
	    { COVERS, "b." ZONE, { DNS_A }, 0, 1 } }, ODDITY_UNPROVEN },
	{ "twin: one set", "a." ZONE, false,
	    { { MATCHES, "a." ZONE, { DNS_NS }, 0, 0 },
	    { COVERS, "b." ZONE, { DNS_A }, 0, 0 } }, ODDITY_NONE },

	{ "a gap with opt-out", "b." ZONE, false,
	    { NSEC3_APEX, OPT_OUT("b." ZONE) }, ODDITY_NONE },
	{ "twin: without opt-out", "b." ZONE, false,
	    { NSEC3_APEX, NSEC3_B }, ODDITY_UNPROVEN },
	{ "twin: no record of the closest encloser", "b." ZONE, false,
	    { OPT_OUT("b." ZONE) }, ODDITY_UNPROVEN },
	{ "twin: no record of the gap", "b." ZONE, false,
	    { NSEC3_APEX }, ODDITY_UNPROVEN },
	{ "twin: the gap ends at the name", "b." ZONE, false,
	    { NSEC3_APEX, { ENDS_AT, "b." ZONE, { DNS_A }, NSEC3_OPT_OUT, 0 } },
	    ODDITY_UNPROVEN },
	{ "twin: the gap is that of the wildcard", "b." ZONE, false,
	    { NSEC3_APEX, OPT_OUT("*." ZONE) }, ODDITY_UNPROVEN },
	{ "twin: opt-out at the encloser alone", "b." ZONE, false,
	    { { MATCHES, ZONE, { DNS_NS, DNS_SOA }, NSEC3_OPT_OUT, 0 },
	    NSEC3_B }, ODDITY_UNPROVEN },
	{ "twin: another flag than opt-out", "b." ZONE, false,
	    { NSEC3_APEX, { COVERS, "b." ZONE, { DNS_A }, NSEC3_OPT_OUT | 2,
	    0 } }, ODDITY_UNPROVEN },
	{ "twin: two sets of parameters", "b." ZONE, false,
	    { NSEC3_APEX, { COVERS, "b." ZONE, { DNS_A }, NSEC3_OPT_OUT, 1 } },
	    ODDITY_UNPROVEN },
	{ "the wildcard may be there", "b." ZONE, false,
	    { NSEC3_APEX, OPT_OUT("b." ZONE),
	    { MATCHES, "*." ZONE, { DNS_A }, 0, 0 } }, ODDITY_NONE },
	{ "the last gap", "b." ZONE, false,
	    { NSEC3_APEX, { WRAPS, "b." ZONE, { DNS_A }, NSEC3_OPT_OUT, 0 } },
	    ODDITY_NONE },
	{ "the only record of its owner", "b." ZONE, false,
	    { NSEC3_APEX, { ALONE, "b." ZONE, { DNS_A }, NSEC3_OPT_OUT, 0 } },
	    ODDITY_NONE },
	{ "a deep name: the next closer name counts", "x.b." ZONE, false,
	    { NSEC3_APEX, OPT_OUT("b." ZONE) }, ODDITY_NONE },
	{ "twin: the gap is that of the name", "x.b." ZONE, false,
	    { NSEC3_APEX, OPT_OUT("x.b." ZONE) }, ODDITY_UNPROVEN },
	{ "an encloser below the apex", "x.b." ZONE, false,
	    { { MATCHES, "b." ZONE, { DNS_A }, 0, 0 }, OPT_OUT("x.b." ZONE) },
	    ODDITY_NONE },
	{ "twin: which is a cut", "x.b." ZONE, false,
	    { { MATCHES, "b." ZONE, { DNS_NS }, 0, 0 }, OPT_OUT("x.b." ZONE) },
	    ODDITY_UNPROVEN },
	{ "twin: which has DNAME", "x.b." ZONE, false,
	    { { MATCHES, "b." ZONE, { DNS_A, DNS_DNAME }, 0, 0 },
	    OPT_OUT("x.b." ZONE) }, ODDITY_UNPROVEN },
	{ "151 iterations with opt-out", "b." ZONE, false,
	    { { MATCHES, ZONE, { DNS_NS, DNS_SOA }, 0, 151 },
	    { COVERS, "b." ZONE, { DNS_A }, NSEC3_OPT_OUT, 151 } },
	    ODDITY_UNPROVEN },
	{ "twin: 150", "b." ZONE, false,
	    { { MATCHES, ZONE, { DNS_NS, DNS_SOA }, 0, 150 },
	    { COVERS, "b." ZONE, { DNS_A }, NSEC3_OPT_OUT, 150 } },
	    ODDITY_NONE },
	/* 16 names; 17. */
	{ "16 hashes", "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15." ZONE, false,
	    { NSEC3_APEX, OPT_OUT("15." ZONE) }, ODDITY_NONE },
	{ "twin: 17", "0.1.2.3.4.5.6.7.8.9.10.11.12.13.14.15." ZONE, false,
	    { NSEC3_APEX, OPT_OUT("15." ZONE) }, ODDITY_CRYPTO_LIMIT },
	{ "the apex is no delegation of its own zone", ZONE, false,
	    { { MATCHES, ZONE, { DNS_NS }, 0, 0 } }, ODDITY_UNPROVEN },
};

static void
judge_nsec3(const struct nsec3_row *rows, size_t count, uint16_t type)
{
	struct world world = { .count = 0 };

	for (size_t i = 0; i < count; i++) {
		const struct nsec3_row *row = &rows[i];
		enum oddity oddity;

		for (int k = 0; k < 3 && row->records[k].place != NOWHERE; k++)
			add_nsec3(&world, &row->records[k]);
		oddity = judge(&world, row->name, type, row->is_nxdomain);
		if (oddity != row->oddity)
			print_message("# %s\n", row->rule);
		assert_int_equal(oddity, row->oddity);
	}
}

static void
nsec3_denies(void **state)
{
	(void)state;
	judge_nsec3(nsec3_rows, COUNT(nsec3_rows), DNS_MX);
}

static void
nsec3_denies_ds(void **state)
{
	(void)state;
	judge_nsec3(nsec3_ds_rows, COUNT(nsec3_ds_rows), DNS_DS);
}

/* RFC 5155 8.2 speaks of NSEC3 alone: a zone has one kind. With both, that of
 * NSEC counts. */
static void
both_kinds(void **state)
{
	static const uint16_t cut[] = { DNS_NS, 0 };

	(void)state;
	for (int twin = 0; twin < 2; twin++) {
		struct world world = { .count = 0 };

		add_nsec3(&world, &(struct about){ MATCHES, "a." ZONE,
		    { DNS_NS }, 0, 0 });
		rdata_add_nsec(&world.rdata, "c." ZONE, cut);
		add(&world, twin ? "a." ZONE : "b." ZONE, DNS_NSEC);
		assert_int_equal(judge(&world, "a." ZONE, DNS_DS, false),
		    twin ? ODDITY_NONE : ODDITY_UNPROVEN);
	}
}

/* The apex record, with one byte of its RDATA or its owner another. */
static enum oddity
judge_changed_apex(size_t at, uint8_t byte, const char *owner)
{
	struct world world = { .count = 0 };

	add_nsec3(&world, &(struct about)NSEC3_APEX);
	world.rdata.list[0].bytes[at] = byte;
	if (owner != NULL)
		name_of(owner, world.records[0].owner);
	return judge(&world, ZONE, DNS_MX, false);
}

static void
odd_nsec3_records_do_not_count(void **state)
{
	uint8_t hash[NSEC3_HASH_BYTES];
	char owner[64], other[64];

	(void)state;
	hash_of(ZONE, 0, hash);
	owner_of(hash, owner);
	assert_int_equal(judge_changed_apex(0, 1, owner), ODDITY_NONE);
	/* The hash algorithm; the length of a hash. */
	assert_int_equal(judge_changed_apex(0, 2, owner), ODDITY_UNPROVEN);
	assert_int_equal(judge_changed_apex(5, 19, owner), ODDITY_UNPROVEN);
	/* An owner that is not right above the apex, or no hash. */
	snprintf(other, sizeof other, "%.32s.x." ZONE, owner);
	assert_int_equal(judge_changed_apex(0, 1, other), ODDITY_UNPROVEN);
	snprintf(other, sizeof other, "%.31sw." ZONE, owner);
	assert_int_equal(judge_changed_apex(0, 1, other), ODDITY_UNPROVEN);
	snprintf(other, sizeof other, "%.31s." ZONE, owner);
	assert_int_equal(judge_changed_apex(0, 1, other), ODDITY_UNPROVEN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nsec_denies),
		cmocka_unit_test(nsec_denies_ds),
		cmocka_unit_test(nsec3_denies),
		cmocka_unit_test(nsec3_denies_ds),
		cmocka_unit_test(both_kinds),
		cmocka_unit_test(odd_nsec3_records_do_not_count),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
