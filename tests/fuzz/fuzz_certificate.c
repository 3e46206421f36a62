/*
 * fuzz_certificate: a chain of a peer and a TLSA record of a zone. The input is
 * a chain, as certificates in DER one after the other, followed by the RDATA of
 * one TLSA record (whose first byte, the usage, cannot begin a SEQUENCE).
 */
#include <assert.h>
#include <openssl/err.h>
#include <string.h>

#include "scanner/crypto/dane.h"
#include "scanner/crypto/path.h"
#include "scanner/crypto/trust.h"

#define NOW INT64_C(1780272000)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Bytes of the SEQUENCE that begins here, header included; 0: none. */
static size_t
sequence_length(const uint8_t *bytes, size_t length)
{
	size_t content = 0, head = 2;

	if (length < 2 || bytes[0] != 0x30)
		return 0;
	if (bytes[1] < 0x80)
		content = bytes[1];
	else {
		head += bytes[1] & 0x7f;
		if (head > 5 || length < head)
			return 0;
		for (size_t i = 2; i < head; i++)
			content = content << 8 | bytes[i];
	}
	return content <= length - head ? head + content : 0;
}

static void
check_certificate(const struct certificate *certificate)
{
	struct certificate_facts facts;
	struct chain again = { 0 };
	bool hostile = false;

	certificate_facts_read(certificate, &facts);
	assert(facts.subject.length <= FACT_TEXT_MAX);
	assert(facts.common_name.length <= FACT_TEXT_MAX);
	assert(facts.issuer.length <= FACT_TEXT_MAX);
	assert(facts.san.length <= FACT_TEXT_MAX);
	assert(strlen(facts.serial) < sizeof facts.serial);
	assert(strlen(facts.signature_algorithm) <
	    sizeof facts.signature_algorithm);
	certificate_facts_fini(&facts);
	certificate_has_name(certificate, "mx.example.com", true, &hostile);
	/* What was written is read back and written again as the same bytes. */
	assert(chain_add_der(&again, certificate->der,
	    certificate->der_length));
	assert(memcmp(again.certificates[0].sha256, certificate->sha256,
	    SHA256_BYTES) == 0);
	chain_fini(&again);
}

static void
check_verdict(const struct chain *chain, const uint8_t *rdata, size_t length)
{
	static const char *const names[] = { "mx.example.com" };
	struct dane_facts facts;
	struct tlsa record;

	if (length < 3)
		return;
	record = (struct tlsa){ rdata[0], rdata[1], rdata[2], rdata + 3,
	    length - 3 };
	dane_judge(chain, &record, 1, names, 1, NOW, &facts);
	assert((facts.verdict == DANE_NONE_USABLE) ==
	    (dane_fault(&record) != TLSA_USABLE));
	assert(facts.verdict == facts.verdict_no_agility);
	assert((facts.matching_count == 1) ==
	    (facts.verdict <= DANE_MATCH_TA_FROM_DNS));
	assert(facts.depth <= CHAIN_CERTIFICATES_MAX);
	dane_rollover_ready(&record, 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct chain chain = { 0 };
	struct path path;
	size_t piece;

	while ((piece = sequence_length(bytes, length)) > 0 &&
	    chain_add_der(&chain, bytes, piece)) {
		bytes += piece;
		length -= piece;
	}
	chain_close(&chain);
	for (size_t i = 0; i < chain.count; i++)
		check_certificate(&chain.certificates[i]);
	for (size_t i = 0; chain_is_decoded(&chain) && i < chain.count; i++)
		path_to_anchor(&chain, chain.certificates[i].x509, NOW, &path);
	check_verdict(&chain, bytes, length);
	assert(ERR_peek_error() == 0);
	chain_fini(&chain);
	return 0;
}
