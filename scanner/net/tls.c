#include "scanner/net/tls.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>

#include "scanner/base/memory.h"
#include "scanner/crypto/library.h"

struct tls {
	SSL_CTX	*contexts[PROFILE_COUNT];
};

/* What is recorded during a handshake, since OpenSSL does not keep it. */
struct notes {
	bool		 requested;	/* a client certificate */
	struct buffer	 certificates;	/* the server's message */
};

/* Where a session has its notes. */
static int notes_index = -1;

/* RULES S15. Group lists and cipher strings are set explicitly, so that neither
 * the distribution's build nor its configuration changes what is offered. */
static const struct profile_settings {
	int		 minimum_version;
	int		 security_level;
	const char	*ciphers;
	const char	*groups;
	uint64_t	 options;
} settings[PROFILE_COUNT] = {
	[PROFILE_MODERN] = {
		TLS1_2_VERSION, 1, "DEFAULT:@SECLEVEL=1",
		"X25519:P-256:X448:P-521:P-384", 0,
	},
	[PROFILE_LEGACY] = {
		TLS1_VERSION, 0, "DEFAULT:@SECLEVEL=0",
		"X25519:P-256:X448:P-521:P-384",
		SSL_OP_LEGACY_SERVER_CONNECT |
		    SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION,
	},
};

void
tls_library_init(void)
{
	OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}

/* Verification comes later; here it would run X509_verify_cert a second
 * time. */
static int
accept_chain(X509_STORE_CTX *store, void *argument)
{
	(void)argument;
	X509_STORE_CTX_set_error(store, X509_V_OK);
	return 1;
}

static int
on_certificate_request(SSL *ssl, X509 **certificate, EVP_PKEY **key)
{
	struct notes *notes = SSL_get_ex_data(ssl, notes_index);

	(void)certificate;
	(void)key;
	notes->requested = true;
	return 0;	/* we have none */
}

/* Handshake messages arrive here whole and decrypted, before OpenSSL parses
 * them. */
static void
keep_certificates(int is_sent, int version, int type, const void *bytes,
    size_t length, SSL *ssl, void *tag)
{
	struct notes *notes = SSL_get_ex_data(ssl, notes_index);

	(void)version;
	(void)tag;
	if (is_sent || type != SSL3_RT_HANDSHAKE || length == 0 ||
	    *(const uint8_t *)bytes != SSL3_MT_CERTIFICATE)
		return;
	notes->certificates.length = 0;
	buffer_append(&notes->certificates, bytes, length);
}

static void
free_notes(void *parent, void *value, CRYPTO_EX_DATA *all, int index,
    long number, void *tag)
{
	struct notes *notes = value;

	(void)parent;
	(void)all;
	(void)index;
	(void)number;
	(void)tag;
	if (notes != NULL)
		buffer_fini(&notes->certificates);
	free(notes);
}

static bool
apply(SSL_CTX *context, const struct profile_settings *profile)
{
	SSL_CTX_set_security_level(context, profile->security_level);
	SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
	    SSL_OP_NO_RENEGOTIATION | profile->options);
#ifdef SSL_OP_NO_RX_CERTIFICATE_COMPRESSION	/* 3.2 */
	SSL_CTX_set_options(context, SSL_OP_NO_RX_CERTIFICATE_COMPRESSION);
#endif
	SSL_CTX_clear_options(context, profile->options == 0
	    ? SSL_OP_LEGACY_SERVER_CONNECT : 0);
	SSL_CTX_set_max_cert_list(context, TLS_CERTIFICATES_MAX);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	return SSL_CTX_set_min_proto_version(context,
	    profile->minimum_version) == 1 &&
	    SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
	    SSL_CTX_set_cipher_list(context, profile->ciphers) == 1 &&
	    SSL_CTX_set1_groups_list(context, profile->groups) == 1;
}

static SSL_CTX *
context_new(const struct profile_settings *profile)
{
	SSL_CTX *context = SSL_CTX_new_ex(library_context(), NULL,
	    TLS_client_method());

	if (context == NULL)
		return NULL;
	SSL_CTX_set_cert_verify_callback(context, accept_chain, NULL);
	SSL_CTX_set_client_cert_cb(context, on_certificate_request);
	SSL_CTX_set_msg_callback(context, keep_certificates);
	if (!apply(context, profile) || SSL_CTX_set_tlsext_status_type(context,
	    TLSEXT_STATUSTYPE_ocsp) != 1) {
		SSL_CTX_free(context);
		return NULL;
	}
	return context;
}

bool
tls_context_verifies(SSL_CTX *context, X509_STORE *store,
    int (*verify)(X509_STORE_CTX *, void *),
    void (*on_message)(int, int, int, const void *, size_t, SSL *, void *),
    void *tag)
{
	ERR_clear_error();
	SSL_CTX_set_msg_callback(context, on_message);
	SSL_CTX_set_msg_callback_arg(context, tag);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(context, verify, tag);
	SSL_CTX_set1_cert_store(context, store);
	return apply(context, &settings[PROFILE_MODERN]);
}

struct tls *
tls_new(char why[256])
{
	struct tls *tls = xcalloc(1, sizeof *tls);

	ERR_clear_error();
	if (notes_index < 0)
		notes_index = SSL_get_ex_new_index(0, NULL, NULL, NULL,
		    free_notes);
	for (int i = 0; i < PROFILE_COUNT; i++) {
		tls->contexts[i] = context_new(&settings[i]);
		if (tls->contexts[i] == NULL || notes_index < 0) {
			snprintf(why, 256, "TLS profile %s: %s",
			    profile_texts.texts[i],
			    ERR_reason_error_string(ERR_peek_last_error()));
			tls_free(tls);
			return NULL;
		}
	}
	return tls;
}

void
tls_free(struct tls *tls)
{
	if (tls == NULL)
		return;
	for (int i = 0; i < PROFILE_COUNT; i++)
		SSL_CTX_free(tls->contexts[i]);
	free(tls);
}

static bool
add_notes(SSL *ssl)
{
	struct notes *notes = xcalloc(1, sizeof *notes);

	if (SSL_set_ex_data(ssl, notes_index, notes) == 1)
		return true;
	free(notes);
	return false;
}

SSL *
tls_session(struct tls *tls, enum profile profile, const char *sni)
{
	SSL *ssl;

	ERR_clear_error();
	ssl = SSL_new(tls->contexts[profile]);
	if (ssl == NULL || !add_notes(ssl)) {
		SSL_free(ssl);
		return NULL;
	}
	SSL_set_connect_state(ssl);
	if (sni != NULL && sni[0] != '\0' &&
	    SSL_set_tlsext_host_name(ssl, sni) != 1) {
		SSL_free(ssl);
		return NULL;
	}
	return ssl;
}

const struct buffer *
tls_certificate_message(SSL *ssl)
{
	const struct notes *notes = SSL_get_ex_data(ssl, notes_index);

	return &notes->certificates;
}

/* TLS SignatureScheme names (RFC 8446 4.2.3) of the server's signature. Before
 * TLS 1.2 there is no scheme on the wire, so none is named. */
static const char *
signature_name(SSL *ssl)
{
	int type, digest;

	if (SSL_version(ssl) < TLS1_2_VERSION ||
	    SSL_get_peer_signature_type_nid(ssl, &type) != 1)
		return "";
	if (SSL_get_peer_signature_nid(ssl, &digest) != 1)
		digest = NID_undef;
	if (type == NID_ED25519)
		return "ed25519";
	if (type == NID_ED448)
		return "ed448";
	static const struct { int type, digest; const char *name; } names[] = {
		{ EVP_PKEY_RSA, NID_sha1, "rsa_pkcs1_sha1" },
		{ EVP_PKEY_RSA, NID_sha224, "rsa_pkcs1_sha224" },
		{ EVP_PKEY_RSA, NID_sha256, "rsa_pkcs1_sha256" },
		{ EVP_PKEY_RSA, NID_sha384, "rsa_pkcs1_sha384" },
		{ EVP_PKEY_RSA, NID_sha512, "rsa_pkcs1_sha512" },
		{ EVP_PKEY_RSA_PSS, NID_sha256, "rsa_pss_sha256" },
		{ EVP_PKEY_RSA_PSS, NID_sha384, "rsa_pss_sha384" },
		{ EVP_PKEY_RSA_PSS, NID_sha512, "rsa_pss_sha512" },
		{ EVP_PKEY_EC, NID_sha1, "ecdsa_sha1" },
		{ EVP_PKEY_EC, NID_sha224, "ecdsa_sha224" },
		{ EVP_PKEY_EC, NID_sha256, "ecdsa_sha256" },
		{ EVP_PKEY_EC, NID_sha384, "ecdsa_sha384" },
		{ EVP_PKEY_EC, NID_sha512, "ecdsa_sha512" },
	};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].type == type && names[i].digest == digest)
			return names[i].name;
	return "other";
}

static const char *
group_name(SSL *ssl)
{
	static const struct { int nid; const char *name; } names[] = {
		{ NID_X25519, "x25519" }, { NID_X448, "x448" },
		{ NID_X9_62_prime256v1, "secp256r1" },
		{ NID_secp384r1, "secp384r1" }, { NID_secp521r1, "secp521r1" },
	};
	int nid = (int)SSL_get_negotiated_group(ssl);

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].nid == nid)
			return names[i].name;
	return "";
}

void
tls_facts_read(SSL *ssl, struct tls_facts *facts)
{
	const struct notes *notes = SSL_get_ex_data(ssl, notes_index);
	const unsigned char *response;

	*facts = (struct tls_facts){
		.version = SSL_get_version(ssl),
		.cipher = SSL_get_cipher_name(ssl),
		.group = group_name(ssl),
		.peer_signature = signature_name(ssl),
		.ocsp_stapled =
		    SSL_get_tlsext_status_ocsp_resp(ssl, &response) > 0,
		.legacy_renegotiation = SSL_version(ssl) < TLS1_3_VERSION &&
		    !SSL_get_secure_renegotiation_support(ssl),
		.client_certificate_requested = notes->requested,
	};
}
