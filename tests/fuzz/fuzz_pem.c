/*
 * fuzz_pem: a PEM file, and every record that can be made of it.
 */
#include <assert.h>
#include <openssl/err.h>
#include <string.h>

#include "scanner/crypto/dane.h"
#include "scanner/crypto/tlsa_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
check_record(const struct pem_file *file, struct tlsa_parameters parameters)
{
	struct buffer rdata = { 0 }, line = { 0 };
	char why[PEM_WHY_MAX] = "";
	struct tlsa record;

	if (tlsa_record_make(&rdata, file, &parameters, why) ==
	    TLSA_RECORD_MADE) {
		tlsa_record_line(&line, "_25._tcp", 0, &rdata, true);
		assert(tlsa_from_rdata(rdata.bytes, rdata.length, &record));
		/* Senders can use the records that are made. */
		assert(parameters.usage < 2 ||
		    dane_fault(&record) == TLSA_USABLE);
	} else
		assert(why[0] != '\0');
	buffer_fini(&rdata);
	buffer_fini(&line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct pem_file file;
	char why[PEM_WHY_MAX] = "";
	uint8_t wire[NAME_WIRE_MAX];
	size_t wire_length;

	if (!pem_file_parse(&file, bytes, length, why)) {
		assert(why[0] != '\0' && ERR_peek_error() == 0);
		return 0;
	}
	assert(file.name[0] == '\0' || name_from_text(file.name,
	    strlen(file.name), wire, &wire_length) == NAME_OK);
	for (uint8_t usage = 0; usage < 4; usage++)
		for (uint8_t selector = 0; selector < 2; selector++)
			for (uint8_t type = 0; type < 3; type++)
				check_record(&file, (struct tlsa_parameters){
				    usage, selector, type });
	assert(ERR_peek_error() == 0);
	pem_file_fini(&file);
	return 0;
}
