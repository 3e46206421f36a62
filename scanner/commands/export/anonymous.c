#include "scanner/commands/export/anonymous.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "parsers/prefix.h"
#include "scanner/base/memory.h"

#define OPAQUE_MAX	17	/* 16 hex digits */
#define DIGITS		"0123456789."
#define HEX_DIGITS	"0123456789abcdefABCDEF:."

void
anonymous_init(struct anonymous *anonymous)
{
	if (getrandom(&anonymous->key, sizeof anonymous->key, 0) !=
	    (ssize_t)sizeof anonymous->key)
		abort();
}

void
anonymous_fini(struct anonymous *anonymous)
{
	explicit_bzero(&anonymous->key, sizeof anonymous->key);
}

/* Addresses *************************************************************** */

static bool
is_address(const char *text, size_t length)
{
	struct address address;

	while (length > 0 && text[0] == '.') {
		text++;
		length--;
	}
	while (length > 0 && text[length - 1] == '.')
		length--;
	return length < ADDRESS_TEXT_MAX &&
	    address_from_text(text, length, &address);
}

static bool
holds_ipv4(const char *text)
{
	while (*(text += strcspn(text, DIGITS)) != '\0') {
		size_t length = strspn(text, DIGITS);

		if (is_address(text, length))
			return true;
		text += length;
	}
	return false;
}

/* It needs at least one digit and two colons; another one may come before, as
 * in "ip:". */
static bool
is_ipv6(const char *text, size_t length)
{
	const char *colon = memchr(text, ':', length);

	if (colon == NULL || length < 3 || memchr(colon + 1, ':', length -
	    (size_t)(colon + 1 - text)) == NULL)
		return false;
	if (is_address(text, length))
		return true;
	return text[0] == ':' && is_address(text + 1, length - 1);
}

bool
holds_address(const char *text)
{
	if (holds_ipv4(text))
		return true;
	while (*(text += strcspn(text, HEX_DIGITS)) != '\0') {
		size_t length = strspn(text, HEX_DIGITS);

		if (is_ipv6(text, length))
			return true;
		text += length;
	}
	return false;
}

/* An MX target can be an address, and labels that are cut off it are still
 * numbers. In a name, a colon is written as \058. */
static bool
is_address_name(const char *name)
{
	return name[strspn(name, DIGITS)] == '\0' ||
	    strstr(name, "\\058") != NULL;
}

static void
make_opaque(const struct anonymous *anonymous, const char *text,
    char opaque[OPAQUE_MAX])
{
	snprintf(opaque, OPAQUE_MAX, "%016" PRIx64, siphash(&anonymous->key,
	    text, strlen(text)));
}

/* Columns ***************************************************************** */

enum treatment {
	KEPT,
	OPAQUE,			/* an address */
	OPAQUE_NAME,		/* a name, which can itself be an address */
	LEFT_OUT,
	LEFT_OUT_IF_ADDRESS,
	LEFT_OUT_DER,
};

static enum treatment
treatment_of(enum table_id table, unsigned column)
{
	static const struct {
		enum table_id	 table;
		unsigned	 column;
		enum treatment	 treatment;
	} known[] = {
		{ TABLE_ADDRESSES, ADDRESSES_ADDRESS, OPAQUE },
		{ TABLE_PROBES, PROBES_ADDRESS, OPAQUE },
		{ TABLE_HOST_RESULTS, RESULTS_ADDRESS, OPAQUE },
		{ TABLE_PROBES, PROBES_GREETING_TEXT, LEFT_OUT },
		{ TABLE_PROBES, PROBES_EHLO_TEXT, LEFT_OUT },
		{ TABLE_CERTIFICATES, CERTIFICATES_DER_BASE64, LEFT_OUT_DER },
	};
	const struct column *of = &table_schemas[table].columns[column];

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (known[i].table == table && known[i].column == column)
			return known[i].treatment;
	switch (of->kind) {
	case COLUMN_NAME:
		return OPAQUE_NAME;
	case COLUMN_TEXT:
	case COLUMN_WORD:
	case COLUMN_LIST:
		return of->required ? KEPT : LEFT_OUT_IF_ADDRESS;
	default:
		return KEPT;
	}
}

bool
anonymous_changes(enum table_id table)
{
	for (unsigned i = 0; i < table_schemas[table].column_count; i++)
		if (treatment_of(table, i) != KEPT)
			return true;
	return false;
}

/* Does the certificate contain an address, in the fields from which its texts
 * are made or elsewhere, such as in the URL of a CRL? For an undecodable one
 * this is unknown. */
static bool
names_address(const struct table_reader *row)
{
	static const unsigned texts[] = { CERTIFICATES_SUBJECT_TEXT,
		CERTIFICATES_COMMON_NAME_TEXT, CERTIFICATES_ISSUER_TEXT,
		CERTIFICATES_SAN_TEXT };
	size_t size = table_get_length(row, CERTIFICATES_DER_BASE64);
	char *bytes;
	long length;
	bool names = false;

	if (table_is_null(row, CERTIFICATES_SPKI_SHA256))
		return true;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (holds_address(table_get(row, texts[i])))
			return true;
	bytes = xmalloc(size + 1);
	length = table_get_bytes(row, CERTIFICATES_DER_BASE64,
	    (uint8_t *)bytes, size);
	for (long i = 0; i < length; i++)
		if (bytes[i] == '\0')
			bytes[i] = ' ';
	bytes[length > 0 ? length : 0] = '\0';
	names = holds_ipv4(bytes);
	free(bytes);
	return names;
}

static void
treat(const struct anonymous *anonymous, enum table_id id,
    struct table *table, const struct table_reader *row, unsigned column)
{
	const char *text = table_get(row, column);
	char opaque[OPAQUE_MAX];

	switch (treatment_of(id, column)) {
	case LEFT_OUT:
		return;
	case LEFT_OUT_IF_ADDRESS:
		if (holds_address(text))
			return;
		break;
	case LEFT_OUT_DER:
		/* The DER of ASN.1 NULL replaces it, since the column must have
		 * a value. */
		if (names_address(row)) {
			table_set_base64(table, column, "\x05\x00", 2);
			return;
		}
		break;
	case OPAQUE_NAME:
		if (!is_address_name(text))
			break;
		/* fall through */
	case OPAQUE:
		make_opaque(anonymous, text, opaque);
		table_set(table, column, opaque);
		return;
	case KEPT:
		break;
	}
	table_copy_field(table, row, column);
}

void
anonymous_row(const struct anonymous *anonymous, enum table_id id,
    struct table *table, const struct table_reader *row)
{
	for (unsigned i = 0; i < table_schemas[id].column_count; i++)
		if (!table_is_null(row, i))
			treat(anonymous, id, table, row, i);
	table_end_row(table);
}

/* run.json **************************************************************** */

static void
empty(json_t *object, const char *name)
{
	if (json_is_string(json_object_get(object, name)))
		json_object_set_new(object, name, json_string(""));
}

/* Removes texts with an address, in members or in lists, and members whose name
 * is an address, such as a name server that has no other name. */
static void
leave_out_addresses(const struct anonymous *anonymous, json_t *value)
{
	json_t *inner, *changed = json_object();
	char opaque[OPAQUE_MAX];
	const char *name;
	size_t i;

	json_object_foreach(value, name, inner) {
		if (json_is_string(inner) &&
		    holds_address(json_string_value(inner)))
			inner = json_string("");
		else
			json_incref(inner);
		leave_out_addresses(anonymous, inner);
		make_opaque(anonymous, name, opaque);
		json_object_set_new(changed, holds_address(name) ? opaque
		    : name, inner);
	}
	if (json_is_object(value)) {
		json_object_clear(value);
		json_object_update(value, changed);
	}
	json_decref(changed);
	json_array_foreach(value, i, inner) {
		if (json_is_string(inner) &&
		    holds_address(json_string_value(inner)))
			json_array_set_new(value, i, json_string(""));
		else
			leave_out_addresses(anonymous, inner);
	}
}

/* What is this machine's, of a run or of one that it is merged of. */
static void
leave_out_machine(json_t *run)
{
	static const char *const own[] = {
		"ehlo", "source-address", "output", "opt-out",
		"resolver-conf", "root-hints", "trust-anchor", "ca-file",
		"metrics-file",
	};
	json_t *options = json_object_get(run, "options"), *shard;
	size_t index;

	empty(json_object_get(run, "vantage"), "machine");
	json_array_foreach(json_object_get(run, "stages"), index, shard)
		empty(json_object_get(shard, "vantage"), "machine");
	/* Its name in EHLO is the machine's, and so are paths. */
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		empty(options, own[i]);
}

static void
make_anonymous(const struct anonymous *anonymous, json_t *run)
{
	json_t *program = json_incref(json_object_get(run, "program"));

	/* Versions of libraries can look like addresses. */
	json_object_set_new(run, "program", json_null());
	leave_out_addresses(anonymous, run);
	json_object_set_new(run, "program", program != NULL ? program
	    : json_null());
	leave_out_machine(run);
}

void
anonymous_run(const struct anonymous *anonymous, json_t *run)
{
	json_t *merged = json_incref(json_object_get(run, "merged")), *source;
	size_t i;

	(void)json_object_del(run, "merged");
	make_anonymous(anonymous, run);
	json_array_foreach(merged, i, source)
		make_anonymous(anonymous, source);
	if (merged != NULL)
		json_object_set_new(run, "merged", merged);
	json_object_set_new(run, "anonymous", json_true());
}
