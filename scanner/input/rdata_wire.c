#include "scanner/input/rdata_wire.h"

#include <ldns/ldns.h>
#include <string.h>

/* WKS (RFC 1035 3.4.2) is left out: libldns would open files to look up the
 * names of services. */
static bool
is_known(uint16_t type)
{
	switch (type) {
	case LDNS_RR_TYPE_A: case LDNS_RR_TYPE_NS: case LDNS_RR_TYPE_CNAME:
	case LDNS_RR_TYPE_SOA: case LDNS_RR_TYPE_PTR: case LDNS_RR_TYPE_HINFO:
	case LDNS_RR_TYPE_MX: case LDNS_RR_TYPE_TXT: case LDNS_RR_TYPE_RP:
	case LDNS_RR_TYPE_AFSDB: case LDNS_RR_TYPE_AAAA: case LDNS_RR_TYPE_LOC:
	case LDNS_RR_TYPE_SRV: case LDNS_RR_TYPE_NAPTR: case LDNS_RR_TYPE_CERT:
	case LDNS_RR_TYPE_DNAME: case LDNS_RR_TYPE_DS: case LDNS_RR_TYPE_SSHFP:
	case LDNS_RR_TYPE_RRSIG: case LDNS_RR_TYPE_NSEC:
	case LDNS_RR_TYPE_DNSKEY: case LDNS_RR_TYPE_NSEC3:
	case LDNS_RR_TYPE_NSEC3PARAM: case LDNS_RR_TYPE_TLSA:
	case LDNS_RR_TYPE_CDS: case LDNS_RR_TYPE_CDNSKEY:
	case LDNS_RR_TYPE_CSYNC: case LDNS_RR_TYPE_ZONEMD:
	case LDNS_RR_TYPE_SPF: case LDNS_RR_TYPE_URI: case LDNS_RR_TYPE_CAA:
		return true;
	default:
		return false;
	}
}

static void
append(ldns_rr *record, struct buffer *wire)
{
	ldns_rr2canonical(record);
	for (size_t i = 0; i < ldns_rr_rd_count(record); i++) {
		const ldns_rdf *field = ldns_rr_rdf(record, i);

		buffer_append(wire, ldns_rdf_data(field),
		    ldns_rdf_size(field));
	}
}

/* Takes RDATA that the parser has decoded completely: nothing was cut off. */
static bool
append_decoded(const struct zone_record *record, struct buffer *wire)
{
	switch (record->type) {
	case LDNS_RR_TYPE_A:
		buffer_append(wire, record->rdata.address, 4);
		return true;
	case LDNS_RR_TYPE_AAAA:
		buffer_append(wire, record->rdata.address, 16);
		return true;
	case LDNS_RR_TYPE_NS:
		buffer_append(wire, record->rdata.ns.name,
		    record->rdata.ns.length);
		return true;
	case LDNS_RR_TYPE_DS:
		if (record->rdata.ds.digest_length ==
		    sizeof record->rdata.ds.digest)
			return false;
		buffer_append_byte(wire,
		    (uint8_t)(record->rdata.ds.key_tag >> 8));
		buffer_append_byte(wire, (uint8_t)record->rdata.ds.key_tag);
		buffer_append_byte(wire, record->rdata.ds.algorithm);
		buffer_append_byte(wire, record->rdata.ds.digest_type);
		buffer_append(wire, record->rdata.ds.digest,
		    record->rdata.ds.digest_length);
		return true;
	case LDNS_RR_TYPE_RRSIG:
		if (record->rdata.signature.length == ZONE_SIGNATURE_MAX)
			return false;
		buffer_append(wire, record->rdata.signature.bytes,
		    record->rdata.signature.length);
		return true;
	default:
		return false;
	}
}

bool
rdata_wire(const struct zone_data *found, struct buffer *line,
    struct buffer *wire)
{
	ldns_rdf *origin = NULL;
	ldns_rr *record = NULL;
	bool is_good;

	if (found->record != NULL && append_decoded(found->record, wire))
		return true;
	if (found->text == NULL || !is_known(found->type) ||
	    memchr(found->text, '\0', found->length) != NULL)
		return false;
	line->length = 0;
	buffer_printf(line, ". 0 IN TYPE%u ", found->type);
	buffer_append(line, found->text, found->length);
	if (found->origin != NULL)
		origin = ldns_dname_new_frm_data((uint16_t)name_wire_length(
		    found->origin, NAME_WIRE_MAX), found->origin);
	is_good = ldns_rr_new_frm_str(&record, buffer_text(line), 0, origin,
	    NULL) == LDNS_STATUS_OK;
	if (is_good) {
		append(record, wire);
		ldns_rr_free(record);
	}
	ldns_rdf_deep_free(origin);
	return is_good;
}
