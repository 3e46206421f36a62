#include "scanner/plan/ds_set.h"

#include <string.h>

void
ds_set_clear(struct ds_set *set)
{
	memset(set->algorithms, 0, set->algorithms_end);
	set->algorithms_end = 0;
	set->fits = true;
	set->ttl = UINT32_MAX;
	set->record_count = set->signature_count = 0;
}

void
ds_set_fini(struct ds_set *set)
{
	buffer_fini(&set->text);
	buffer_fini(&set->written);
}

/* Records of a bucket ****************************************************** */

/* RDATA (RFC 4034 5.1). */
void
ds_set_put_record(struct buffer *buffer, uint32_t ttl,
    const struct ds_record *record)
{
	wire_put_number(buffer, ttl, 4);
	buffer_append_byte(buffer, (uint8_t)(record->tag >> 8));
	buffer_append_byte(buffer, (uint8_t)record->tag);
	buffer_append_byte(buffer, record->algorithm);
	buffer_append_byte(buffer, record->digest_type);
	buffer_append(buffer, record->digest, record->digest_length);
}

void
ds_set_put_signature(struct buffer *buffer, const uint8_t *rdata,
    size_t length)
{
	buffer_append(buffer, rdata, length);
}

/* The set ****************************************************************** */

static int
compare(const struct ds_rdata *rdata, const uint8_t *bytes, size_t length)
{
	size_t both = rdata->length < length ? rdata->length : length;
	int order = memcmp(rdata->bytes, bytes, both);

	return order != 0 ? order
	    : (rdata->length > length) - (rdata->length < length);
}

/* Inserts RDATA at its place, unless it is there already. Returns false if
 * there is no room. */
static bool
insert(struct ds_rdata all[], size_t *count, size_t most,
    const uint8_t *bytes, size_t length)
{
	size_t at = *count;

	for (size_t i = 0; i < *count; i++) {
		int order = compare(&all[i], bytes, length);

		if (order == 0)
			return true;
		if (order > 0 && i < at)
			at = i;
	}
	if (*count == most || length > sizeof all[0].bytes)
		return false;
	memmove(&all[at + 1], &all[at], (*count - at) * sizeof all[0]);
	memcpy(all[at].bytes, bytes, length);
	all[at].length = length;
	++*count;
	return true;
}

void
ds_set_take_record(struct ds_set *set, struct wire *rest)
{
	uint32_t ttl = (uint32_t)wire_number(rest, 4);
	size_t length = (size_t)(rest->end - rest->at);

	if (rest->failed || length <= 4)
		return;
	set->algorithms[rest->at[2]] = true;
	if (set->algorithms_end <= rest->at[2])
		set->algorithms_end = rest->at[2] + 1u;
	set->ttl = ttl < set->ttl ? ttl : set->ttl;
	if (length > 4 + DS_DIGEST_MAX || !insert(set->records,
	    &set->record_count, DS_RECORDS_MAX, rest->at, length))
		set->fits = false;
}

void
ds_set_take_signature(struct ds_set *set, struct wire *rest)
{
	if (!insert(set->signatures, &set->signature_count,
	    ITEM_SIGNATURES_MAX, rest->at, (size_t)(rest->end - rest->at)))
		set->fits = false;
}

static void
write_records(struct ds_set *set)
{
	for (size_t i = 0; i < set->record_count; i++) {
		const uint8_t *rdata = set->records[i].bytes;

		ds_put(&set->written, &(struct ds_record){
		    .tag = (uint16_t)(rdata[0] << 8 | rdata[1]),
		    .algorithm = rdata[2], .digest_type = rdata[3],
		    .digest = rdata + 4,
		    .digest_length = set->records[i].length - 4 });
	}
}

void
ds_set_tell(struct ds_set *set, struct domain_item *item)
{
	set->text.length = set->written.length = 0;
	for (unsigned i = 0; i < set->algorithms_end; i++)
		if (set->algorithms[i])
			buffer_printf(&set->text, "%s%u",
			    set->text.length > 0 ? " " : "", i);
	item->parent_ds_algorithms = buffer_text(&set->text);
	if (!set->fits || set->record_count == 0)
		return;
	write_records(set);
	item->ds_length = (uint32_t)set->written.length;
	for (size_t i = 0; i < set->signature_count; i++)
		wire_put_bytes(&set->written, set->signatures[i].bytes,
		    set->signatures[i].length);
	item->ds = set->written.bytes;
	item->ds_ttl = set->ttl;
	item->ds_signatures = item->ds + item->ds_length;
	item->ds_signatures_length = (uint32_t)set->written.length -
	    item->ds_length;
}
