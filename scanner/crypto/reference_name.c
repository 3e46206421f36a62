/* Compares reference names with presented identifiers:
 * certificate_has_name(). */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "parsers/presented_name.h"
#include "scanner/crypto/trust.h"

/* Every entry is checked for hostile bytes. Only a dNSName is compared (N4). */
static bool
alternative_names_match(const GENERAL_NAMES *names, const char *name,
    bool *has_dns_name, bool *hostile)
{
	bool found = false;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *entry = sk_GENERAL_NAME_value(names, i);
		const char *bytes;
		size_t length;

		if (entry->type != GEN_DNS && entry->type != GEN_EMAIL &&
		    entry->type != GEN_URI)
			continue;
		bytes = (const char *)ASN1_STRING_get0_data(entry->d.ia5);
		length = (size_t)ASN1_STRING_length(entry->d.ia5);
		if (presented_name_is_hostile(bytes, length))
			*hostile = true;
		if (entry->type != GEN_DNS)
			continue;
		*has_dns_name = true;
		if (presented_name_matches(bytes, length, name))
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
		unsigned char *utf8 = NULL;
		int length = ASN1_STRING_to_UTF8(&utf8, value);

		if (length < 0)
			continue;
		if (presented_name_is_hostile((const char *)utf8,
		    (size_t)length))
			*hostile = true;
		if (presented_name_matches((const char *)utf8,
		    (size_t)length, name))
			found = true;
		OPENSSL_free(utf8);
	}
	return found;
}

bool
certificate_has_name(const struct certificate *leaf, const char *name,
    bool common_name, bool *hostile)
{
	bool has_dns_name = false, in_names = false, in_common_name;
	GENERAL_NAMES *names;
	int status;

	if (leaf->x509 == NULL)
		return false;
	ERR_clear_error();
	names = X509_get_ext_d2i(leaf->x509, NID_subject_alt_name, &status,
	    NULL);
	if (names != NULL)
		in_names = alternative_names_match(names, name, &has_dns_name,
		    hostile);
	else if (status != -1)
		/* There is a SAN, but it occurs twice or cannot be read. Its
		 * names are unknown, so the CN is not used instead. */
		has_dns_name = true;
	GENERAL_NAMES_free(names);
	in_common_name = common_names_match(leaf->x509, name, hostile);
	ERR_clear_error();
	return in_names || (common_name && !has_dns_name && in_common_name);
}
