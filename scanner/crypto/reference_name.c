/* Reference names against presented identifiers: certificate_has_name(). */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <strings.h>

#include "scanner/crypto/trust.h"

/* A presented identifier: bytes of a peer, not a string. */
struct presented {
	const char	*bytes;
	size_t		 length;
};

static bool
is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

static bool
is_hostile(const struct presented *presented)
{
	for (size_t i = 0; i < presented->length; i++) {
		unsigned char c = (unsigned char)presented->bytes[i];

		if (c < 0x20 || c == 0x7f)
			return true;
	}
	return false;
}

/* What stands behind "*" in a wildcard: two labels at least, each of letters,
 * digits and inner hyphens, as OpenSSL's valid_star() has it. */
static bool
is_wildcard_tail(const char *tail, size_t length)
{
	unsigned labels = 0;
	char before = '.';

	if (length == 0 || tail[0] != '.')
		return false;
	for (size_t i = 1; i <= length; i++) {
		char c = i < length ? tail[i] : '.';

		if (c == '.') {
			if (before == '.' || before == '-')
				return false;
			labels++;
		} else if (c == '-') {
			if (before == '.')
				return false;
		} else if (!is_letter_or_digit(c))
			return false;
		before = c;
	}
	return labels >= 2;
}

/* The left-most label of `name` is what a wildcard may stand for. */
static bool
wildcard_matches(const char *tail, size_t length, const char *name)
{
	const char *dot = strchr(name, '.');

	if (dot == NULL || dot == name || strlen(dot) != length ||
	    strncasecmp(dot, tail, length) != 0)
		return false;
	for (const char *c = name; c < dot; c++) {
		if (!is_letter_or_digit(*c) && *c != '-')
			return false;
	}
	return true;
}

static bool
identifier_matches(const struct presented *presented, const char *name)
{
	const char *bytes = presented->bytes;
	size_t length = presented->length;

	if (is_hostile(presented))
		return false;
	if (length > 0 && bytes[length - 1] == '.')
		length--;
	if (length == 0)
		return false;
	if (bytes[0] == '*')
		return is_wildcard_tail(bytes + 1, length - 1) &&
		    wildcard_matches(bytes + 1, length - 1, name);
	return strlen(name) == length &&
	    strncasecmp(bytes, name, length) == 0;
}

/* Every entry is looked at, for what is hostile in it. Other entries than
 * dNSName are never compared (N4). */
static bool
alternative_names_match(const GENERAL_NAMES *names, const char *name,
    bool *has_dns_name, bool *hostile)
{
	bool found = false;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *entry = sk_GENERAL_NAME_value(names, i);
		struct presented presented;

		if (entry->type != GEN_DNS && entry->type != GEN_EMAIL &&
		    entry->type != GEN_URI)
			continue;
		presented.bytes = (const char *)
		    ASN1_STRING_get0_data(entry->d.ia5);
		presented.length = (size_t)ASN1_STRING_length(entry->d.ia5);
		if (is_hostile(&presented))
			*hostile = true;
		if (entry->type != GEN_DNS)
			continue;
		*has_dns_name = true;
		if (identifier_matches(&presented, name))
			found = true;
	}
	return found;
}

static bool
common_names_match(X509 *leaf, const char *name, bool *hostile)
{
	const X509_NAME *subject = X509_get_subject_name(leaf);
	bool found = false;
	int at = -1;

	while ((at = X509_NAME_get_index_by_NID(subject, NID_commonName,
	    at)) >= 0) {
		const ASN1_STRING *value = X509_NAME_ENTRY_get_data(
		    X509_NAME_get_entry(subject, at));
		struct presented presented;
		unsigned char *utf8 = NULL;
		int length = ASN1_STRING_to_UTF8(&utf8, value);

		if (length < 0)
			continue;
		presented.bytes = (const char *)utf8;
		presented.length = (size_t)length;
		if (is_hostile(&presented))
			*hostile = true;
		if (identifier_matches(&presented, name))
			found = true;
		OPENSSL_free(utf8);
	}
	return found;
}

/* Escaped bytes, the root and names with an empty first label match nothing. */
static bool
is_comparable(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && strchr(name, '\\') == NULL;
}

bool
certificate_has_name(const struct certificate *leaf, const char *name,
    bool common_name, bool *hostile)
{
	bool has_dns_name = false, in_names = false, in_common_name;
	GENERAL_NAMES *names;
	int status;

	ERR_clear_error();
	names = X509_get_ext_d2i(leaf->x509, NID_subject_alt_name, &status,
	    NULL);
	if (names != NULL)
		in_names = alternative_names_match(names, name, &has_dns_name,
		    hostile);
	else if (status != -1)
		/* There, but twice or not readable: what it holds is not known,
		 * so the CN does not stand in for it. */
		has_dns_name = true;
	GENERAL_NAMES_free(names);
	in_common_name = common_names_match(leaf->x509, name, hostile);
	ERR_clear_error();
	return is_comparable(name) &&
	    (in_names || (common_name && !has_dns_name && in_common_name));
}
