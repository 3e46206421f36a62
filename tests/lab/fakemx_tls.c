/* fakemx_tls: certificate chains, and which of them a client is shown. */
#include "fakemx.h"

#include <err.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void
chain_load(struct chain *chain, const char *path)
{
	FILE *file = fopen(path, "r");
	X509 *certificate;

	if (file == NULL)
		err(66, "%s", path);
	chain->key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
	chain->leaf = PEM_read_X509(file, NULL, NULL, NULL);
	chain->rest = sk_X509_new_null();
	if (chain->key == NULL || chain->leaf == NULL || chain->rest == NULL)
		errx(65, "%s: no key with a certificate", path);
	while ((certificate = PEM_read_X509(file, NULL, NULL, NULL)) != NULL)
		if (sk_X509_push(chain->rest, certificate) == 0)
			errx(71, "no memory");
	ERR_clear_error();	/* the end of the file */
	fclose(file);
}

void
chain_set_not_before(struct chain *chain, int tag, const char *text)
{
	ASN1_TIME *date = X509_getm_notBefore(chain->leaf);

	/* Its DER is made again, but for the signature. */
	if (ASN1_STRING_set(date, text, -1) != 1)
		errx(71, "no memory");
	date->type = tag;
	if (i2d_re_X509_tbs(chain->leaf, NULL) <= 0)
		errx(70, "chain %s: no certificate with that date",
		    chain->name);
}

static struct chain *
choose(const struct server *server, const char *name)
{
	for (size_t i = 0; name != NULL && i < server->named_count; i++)
		if (strcasecmp(server->named[i].name, name) == 0)
			return server->named[i].chain;
	return server->chain;
}

static int
on_certificate(SSL *ssl, void *unused)
{
	const struct session *session = SSL_get_app_data(ssl);
	const struct chain *chain = choose(session->server,
	    SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));

	(void)unused;
	return chain != NULL && SSL_use_cert_and_key(ssl, chain->leaf,
	    chain->key, chain->rest, 1) == 1;
}

/* A client may show any certificate, or none. */
static int
on_client_certificate(int ok, X509_STORE_CTX *store)
{
	(void)ok;
	(void)store;
	return 1;
}

void
behaviour_make_tls(struct behaviour *behaviour)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
	const char *ciphers = behaviour->ciphers != NULL ? behaviour->ciphers :
	    "DEFAULT:@SECLEVEL=0";

	/* Level 0: a server here may be as weak as its certificate. */
	if (tls == NULL ||
	    SSL_CTX_set_cipher_list(tls, ciphers) != 1 ||
	    (behaviour->groups != NULL &&
	    SSL_CTX_set1_groups_list(tls, behaviour->groups) != 1) ||
	    SSL_CTX_set_dh_auto(tls, 1) != 1 ||
	    SSL_CTX_set_min_proto_version(tls, behaviour->tls_min) != 1 ||
	    SSL_CTX_set_max_proto_version(tls, behaviour->tls_max) != 1)
		errx(70, "behaviour %s: no TLS", behaviour->name);
	SSL_CTX_set_cert_cb(tls, on_certificate, NULL);
	if (behaviour->asks_certificate || behaviour->requires_certificate)
		SSL_CTX_set_verify(tls, SSL_VERIFY_PEER |
		    (behaviour->requires_certificate
		    ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
		    on_client_certificate);
	SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	(void)SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
	behaviour->tls = tls;
}

SSL *
session_make_tls(struct session *session)
{
	SSL *ssl = SSL_new(session->server->behaviour->tls);

	if (ssl == NULL || SSL_set_fd(ssl, session->fd) != 1 ||
	    SSL_set_app_data(ssl, session) != 1)
		errx(71, "SSL_new");
	SSL_set_accept_state(ssl);
	return ssl;
}
