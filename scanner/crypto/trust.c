#include "scanner/crypto/trust.h"

#include <assert.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/crypto/path.h"

struct trust {
	X509_STORE	*store;
	size_t		 count;
};

/* OpenSSL must not ask for a password on the terminal if an entry is
 * encrypted. */
static int
no_password(char *text, int size, int writing, void *argument)
{
	(void)text;
	(void)size;
	(void)writing;
	(void)argument;
	return -1;
}

/* Returns true at the end of the bundle; false if an entry cannot be taken. */
static bool
read_bundle(struct trust *trust, BIO *file, const char *name, char why[256])
{
	const char *reason;
	unsigned long error;
	X509 *root;
	int added;

	ERR_clear_error();
	while ((root = PEM_read_bio_X509(file, NULL, no_password, NULL)) !=
	    NULL) {
		added = X509_STORE_add_cert(trust->store, root);
		X509_free(root);
		if (added != 1)
			break;
		trust->count++;
	}
	error = ERR_peek_last_error();
	ERR_clear_error();
	if (ERR_GET_LIB(error) == ERR_LIB_PEM &&
	    ERR_GET_REASON(error) == PEM_R_NO_START_LINE) {
		if (trust->count > 0)
			return true;
		snprintf(why, 256, "%s holds no certificate in PEM form", name);
		return false;
	}
	reason = ERR_reason_error_string(error);
	snprintf(why, 256, "%s: certificate %zu cannot be read (%s)", name,
	    trust->count + 1, reason != NULL ? reason : "no reason given");
	return false;
}

struct trust *
trust_open(const char *ca_file, char why[256])
{
	struct trust *trust;
	bool done = false;
	FILE *file;
	BIO *bio;

	file = fopen(ca_file, "re");
	if (file == NULL) {
		snprintf(why, 256, "%s: %s", ca_file, strerror(errno));
		return NULL;
	}
	trust = xcalloc(1, sizeof *trust);
	trust->store = X509_STORE_new();
	bio = BIO_new_fp(file, BIO_NOCLOSE);
	if (trust->store != NULL && bio != NULL)
		done = read_bundle(trust, bio, ca_file, why);
	else
		snprintf(why, 256, "%s: out of memory", ca_file);
	BIO_free(bio);
	fclose(file);
	if (!done) {
		trust_free(trust);
		return NULL;
	}
	return trust;
}

void
trust_free(struct trust *trust)
{
	if (trust == NULL)
		return;
	X509_STORE_free(trust->store);
	free(trust);
}

size_t
trust_count(const struct trust *trust)
{
	return trust->count;
}

X509_STORE *
trust_store(struct trust *trust)
{
	return trust->store;
}

void
trust_judge(struct trust *trust, const struct chain *chain, int64_t now,
    struct pkix_facts *facts)
{
	struct path path;

	assert(!chain->is_truncated);
	*facts = (struct pkix_facts){ .chain_error = X509_V_ERR_UNSPECIFIED };
	if (chain->count == 0)
		return;
	if (!chain_is_decoded(chain)) {
		const X509 *leaf = chain->certificates[0].x509;

		facts->chain_error = CHAIN_UNDECODABLE;
		facts->in_dates = leaf != NULL && path_dates_hold(leaf, now);
		return;
	}
	path_to_store(chain, trust->store, now, &path);
	facts->chain_trusted = path.error == X509_V_OK;
	facts->chain_error = path.error != X509_V_OK ? path.error :
	    path.date_error;
	if (facts->chain_trusted)
		facts->in_dates = path.date_error == X509_V_OK;
	else
		facts->in_dates = path_dates_hold(
		    chain->certificates[0].x509, now);
}

static const char *const error_texts[] = {
	[X509_V_OK] = "ok",
	[X509_V_ERR_UNSPECIFIED] = "unspecified",
	[X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT] = "unable_to_get_issuer_cert",
	[X509_V_ERR_UNABLE_TO_GET_CRL] = "unable_to_get_crl",
	[X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE] = "unable_to_decrypt_cert_signature",
	[X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE] = "unable_to_decrypt_crl_signature",
	[X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY] =
	    "unable_to_decode_issuer_public_key",
	[X509_V_ERR_CERT_SIGNATURE_FAILURE] = "cert_signature_failure",
	[X509_V_ERR_CRL_SIGNATURE_FAILURE] = "crl_signature_failure",
	[X509_V_ERR_CERT_NOT_YET_VALID] = "cert_not_yet_valid",
	[X509_V_ERR_CERT_HAS_EXPIRED] = "cert_has_expired",
	[X509_V_ERR_CRL_NOT_YET_VALID] = "crl_not_yet_valid",
	[X509_V_ERR_CRL_HAS_EXPIRED] = "crl_has_expired",
	[X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD] = "error_in_cert_not_before_field",
	[X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD] = "error_in_cert_not_after_field",
	[X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD] = "error_in_crl_last_update_field",
	[X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD] = "error_in_crl_next_update_field",
	[X509_V_ERR_OUT_OF_MEM] = "out_of_mem",
	[X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT] = "depth_zero_self_signed_cert",
	[X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN] = "self_signed_cert_in_chain",
	[X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY] =
	    "unable_to_get_issuer_cert_locally",
	[X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE] = "unable_to_verify_leaf_signature",
	[X509_V_ERR_CERT_CHAIN_TOO_LONG] = "cert_chain_too_long",
	[X509_V_ERR_CERT_REVOKED] = "cert_revoked",
	[X509_V_ERR_NO_ISSUER_PUBLIC_KEY] = "no_issuer_public_key",
	[X509_V_ERR_PATH_LENGTH_EXCEEDED] = "path_length_exceeded",
	[X509_V_ERR_INVALID_PURPOSE] = "invalid_purpose",
	[X509_V_ERR_CERT_UNTRUSTED] = "cert_untrusted",
	[X509_V_ERR_CERT_REJECTED] = "cert_rejected",
	[X509_V_ERR_SUBJECT_ISSUER_MISMATCH] = "subject_issuer_mismatch",
	[X509_V_ERR_AKID_SKID_MISMATCH] = "akid_skid_mismatch",
	[X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH] = "akid_issuer_serial_mismatch",
	[X509_V_ERR_KEYUSAGE_NO_CERTSIGN] = "keyusage_no_certsign",
	[X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER] = "unable_to_get_crl_issuer",
	[X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION] = "unhandled_critical_extension",
	[X509_V_ERR_KEYUSAGE_NO_CRL_SIGN] = "keyusage_no_crl_sign",
	[X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION] = "unhandled_critical_crl_extension",
	[X509_V_ERR_INVALID_NON_CA] = "invalid_non_ca",
	[X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED] = "proxy_path_length_exceeded",
	[X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE] = "keyusage_no_digital_signature",
	[X509_V_ERR_PROXY_CERTIFICATES_NOT_ALLOWED] = "proxy_certificates_not_allowed",
	[X509_V_ERR_INVALID_EXTENSION] = "invalid_extension",
	[X509_V_ERR_INVALID_POLICY_EXTENSION] = "invalid_policy_extension",
	[X509_V_ERR_NO_EXPLICIT_POLICY] = "no_explicit_policy",
	[X509_V_ERR_DIFFERENT_CRL_SCOPE] = "different_crl_scope",
	[X509_V_ERR_UNSUPPORTED_EXTENSION_FEATURE] = "unsupported_extension_feature",
	[X509_V_ERR_UNNESTED_RESOURCE] = "unnested_resource",
	[X509_V_ERR_PERMITTED_VIOLATION] = "permitted_violation",
	[X509_V_ERR_EXCLUDED_VIOLATION] = "excluded_violation",
	[X509_V_ERR_SUBTREE_MINMAX] = "subtree_minmax",
	[X509_V_ERR_APPLICATION_VERIFICATION] = "application_verification",
	[X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE] = "unsupported_constraint_type",
	[X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX] = "unsupported_constraint_syntax",
	[X509_V_ERR_UNSUPPORTED_NAME_SYNTAX] = "unsupported_name_syntax",
	[X509_V_ERR_CRL_PATH_VALIDATION_ERROR] = "crl_path_validation_error",
	[X509_V_ERR_PATH_LOOP] = "path_loop",
	[X509_V_ERR_SUITE_B_INVALID_VERSION] = "suite_b_invalid_version",
	[X509_V_ERR_SUITE_B_INVALID_ALGORITHM] = "suite_b_invalid_algorithm",
	[X509_V_ERR_SUITE_B_INVALID_CURVE] = "suite_b_invalid_curve",
	[X509_V_ERR_SUITE_B_INVALID_SIGNATURE_ALGORITHM] =
	    "suite_b_invalid_signature_algorithm",
	[X509_V_ERR_SUITE_B_LOS_NOT_ALLOWED] = "suite_b_los_not_allowed",
	[X509_V_ERR_SUITE_B_CANNOT_SIGN_P_384_WITH_P_256] =
	    "suite_b_cannot_sign_p_384_with_p_256",
	[X509_V_ERR_HOSTNAME_MISMATCH] = "hostname_mismatch",
	[X509_V_ERR_EMAIL_MISMATCH] = "email_mismatch",
	[X509_V_ERR_IP_ADDRESS_MISMATCH] = "ip_address_mismatch",
	[X509_V_ERR_DANE_NO_MATCH] = "dane_no_match",
	[X509_V_ERR_EE_KEY_TOO_SMALL] = "ee_key_too_small",
	[X509_V_ERR_CA_KEY_TOO_SMALL] = "ca_key_too_small",
	[X509_V_ERR_CA_MD_TOO_WEAK] = "ca_md_too_weak",
	[X509_V_ERR_INVALID_CALL] = "invalid_call",
	[X509_V_ERR_STORE_LOOKUP] = "store_lookup",
	[X509_V_ERR_NO_VALID_SCTS] = "no_valid_scts",
	[X509_V_ERR_PROXY_SUBJECT_NAME_VIOLATION] = "proxy_subject_name_violation",
	[X509_V_ERR_OCSP_VERIFY_NEEDED] = "ocsp_verify_needed",
	[X509_V_ERR_OCSP_VERIFY_FAILED] = "ocsp_verify_failed",
	[X509_V_ERR_OCSP_CERT_UNKNOWN] = "ocsp_cert_unknown",
	[X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM] = "unsupported_signature_algorithm",
	[X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH] = "signature_algorithm_mismatch",
	[X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY] =
	    "signature_algorithm_inconsistency",
	[X509_V_ERR_INVALID_CA] = "invalid_ca",
	[X509_V_ERR_PATHLEN_INVALID_FOR_NON_CA] = "pathlen_invalid_for_non_ca",
	[X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN] = "pathlen_without_ku_key_cert_sign",
	[X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA] =
	    "ku_key_cert_sign_invalid_for_non_ca",
	[X509_V_ERR_ISSUER_NAME_EMPTY] = "issuer_name_empty",
	[X509_V_ERR_SUBJECT_NAME_EMPTY] = "subject_name_empty",
	[X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER] = "missing_authority_key_identifier",
	[X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER] = "missing_subject_key_identifier",
	[X509_V_ERR_EMPTY_SUBJECT_ALT_NAME] = "empty_subject_alt_name",
	[X509_V_ERR_EMPTY_SUBJECT_SAN_NOT_CRITICAL] = "empty_subject_san_not_critical",
	[X509_V_ERR_CA_BCONS_NOT_CRITICAL] = "ca_bcons_not_critical",
	[X509_V_ERR_AUTHORITY_KEY_IDENTIFIER_CRITICAL] =
	    "authority_key_identifier_critical",
	[X509_V_ERR_SUBJECT_KEY_IDENTIFIER_CRITICAL] = "subject_key_identifier_critical",
	[X509_V_ERR_CA_CERT_MISSING_KEY_USAGE] = "ca_cert_missing_key_usage",
	[X509_V_ERR_EXTENSIONS_REQUIRE_VERSION_3] = "extensions_require_version_3",
	[X509_V_ERR_EC_KEY_EXPLICIT_PARAMS] = "ec_key_explicit_params",
#ifdef X509_V_ERR_RPK_UNTRUSTED		/* since 3.2 */
	[X509_V_ERR_RPK_UNTRUSTED] = "rpk_untrusted",
#endif
};

const char *
chain_error_text(int code)
{
	static char unknown[24];

	if (code == CHAIN_UNDECODABLE)
		return "undecodable";
	if (code >= 0 &&
	    (size_t)code < sizeof error_texts / sizeof error_texts[0] &&
	    error_texts[code] != NULL)
		return error_texts[code];
	snprintf(unknown, sizeof unknown, "err_%d", code);
	return unknown;
}
