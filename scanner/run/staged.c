#include "scanner/run/staged.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/out/table_reader.h"

#define DER_BYTES_MAX (1024 * 1024)

void
staged_fini(struct staged *staged)
{
	for (size_t i = 0; i < staged->certificate_count; i++)
		free(staged->certificates[i].der);
	free(staged->certificates);
	free(staged->links);
	*staged = (struct staged){ .part = UINT64_MAX };
}

static bool
read_chains(struct staged *staged, int descriptor)
{
	struct table_reader *row = table_reader_open(TABLE_CHAINS, descriptor);
	int result = -1;

	while (row != NULL && (result = table_reader_next(row)) == 1) {
		struct staged_link *link;

		staged->links = xreallocarray(staged->links,
		    staged->link_count + 1, sizeof *staged->links);
		link = &staged->links[staged->link_count++];
		(void)table_get_bytes(row, CHAINS_CHAIN_ID, link->chain_id, 32);
		(void)table_get_bytes(row, CHAINS_CERTIFICATE_SHA256,
		    link->certificate, 32);
	}
	table_reader_close(row);
	return result == 0;
}

static bool
read_certificates(struct staged *staged, int descriptor)
{
	struct table_reader *row = table_reader_open(TABLE_CERTIFICATES,
	    descriptor);
	uint8_t *der = xmalloc(DER_BYTES_MAX);
	int result = -1;

	while (row != NULL && (result = table_reader_next(row)) == 1) {
		struct staged_certificate *certificate;
		long length = table_get_bytes(row, CERTIFICATES_DER_BASE64,
		    der, DER_BYTES_MAX);

		if (length < 0)
			continue;
		staged->certificates = xreallocarray(staged->certificates,
		    staged->certificate_count + 1,
		    sizeof *staged->certificates);
		certificate = &staged->certificates[
		    staged->certificate_count++];
		(void)table_get_bytes(row, CERTIFICATES_SHA256,
		    certificate->sha256, 32);
		certificate->der = xmemdup(der, (size_t)length);
		certificate->length = (size_t)length;
	}
	free(der);
	table_reader_close(row);
	return result == 0;
}

static bool
read_part(struct staged *staged, struct folder *folder, uint64_t part)
{
	char name[PART_NAME_MAX];
	int chains, certificates;
	bool good;

	staged_fini(staged);
	part_name(name, ".work/chains", part, ".csv.gz");
	chains = folder_read(folder, name);
	part_name(name, ".work/certificates", part, ".csv.gz");
	certificates = folder_read(folder, name);
	good = chains >= 0 && certificates >= 0 &&
	    read_chains(staged, chains) &&
	    read_certificates(staged, certificates);
	if (chains >= 0)
		close(chains);
	if (certificates >= 0)
		close(certificates);
	staged->part = good ? part : UINT64_MAX;
	return good;
}

static bool
add_certificate(const struct staged *staged, const uint8_t sha256[32],
    struct probe_item *item)
{
	for (size_t i = 0; i < staged->certificate_count; i++) {
		const struct staged_certificate *certificate =
		    &staged->certificates[i];

		if (memcmp(certificate->sha256, sha256, 32) != 0)
			continue;
		item->certificates[item->certificate_count].bytes =
		    certificate->der;
		item->certificates[item->certificate_count++].length =
		    certificate->length;
		return true;
	}
	return false;
}

bool
staged_chain(struct staged *staged, struct folder *folder, uint64_t part,
    const uint8_t chain_id[32], struct probe_item *item)
{
	if (staged->part != part && !read_part(staged, folder, part))
		return false;
	/* The rows are sorted by chain and position. */
	for (size_t i = 0; i < staged->link_count; i++)
		if (memcmp(staged->links[i].chain_id, chain_id, 32) == 0 &&
		    (item->certificate_count == ITEM_CERTIFICATES_MAX ||
		    !add_certificate(staged, staged->links[i].certificate,
		    item)))
			return false;
	return item->certificate_count > 0;
}
