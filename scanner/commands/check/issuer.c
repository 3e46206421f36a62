/* issuer: finds the CA that issued a leaf among the certificates that a server
 * presents: these can be in any order, and can include unrelated certificates.
 * It is a part of facts. */
#include <string.h>

#include "scanner/commands/check/facts_internal.h"
#include "scanner/crypto/pem_file.h"

static void
append_pem(struct buffer *pem, const char *base64)
{
	buffer_append_text(pem, "-----BEGIN CERTIFICATE-----\n");
	for (size_t at = 0, length = strlen(base64); at < length; at += 64)
		buffer_printf(pem, "%.64s\n", base64 + at);
	buffer_append_text(pem, "-----END CERTIFICATE-----\n");
}

/* Only a complete chain is judged; otherwise the positions would be wrong. */
static void
find_issuer(struct check_chain *chain)
{
	struct buffer pem = { 0 };
	const struct certificate *found;
	struct pem_file file;
	char why[PEM_WHY_MAX];

	for (unsigned i = 0; i < chain->count; i++) {
		const struct check_certificate *one = chain->certificates[i];

		if (one == NULL || one->der_base64 == NULL) {
			buffer_fini(&pem);
			return;
		}
		append_pem(&pem, one->der_base64);
	}
	if (chain->count > 0 && pem_file_parse(&file, pem.bytes, pem.length,
	    why)) {
		found = file.chain.count == chain->count
		    ? pem_file_certificate(&file, 2, why) : NULL;
		if (found != NULL && found != &file.chain.certificates[0])
			chain->issuer = chain->certificates[
			    found - file.chain.certificates];
		pem_file_fini(&file);
	}
	buffer_fini(&pem);
}

void
check_find_issuers(const struct check_host *host)
{
	for (const struct check_address *address = host->addresses;
	    address != NULL; address = address->next) {
		const struct check_session *session = address->base.session;

		if (session != NULL && session->chain != NULL &&
		    session->chain->issuer == NULL)
			find_issuer(session->chain);
	}
}
