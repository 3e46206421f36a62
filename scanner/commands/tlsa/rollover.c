/* Prints the steps from one key to the next (RFC 7671 sections 8.1 and 8.4) as
 * a zone file, whose comments are for the person who follows them. */
#include <inttypes.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/commands/tlsa/tlsa_internal.h"

/* RFC 7671 section 8.1: at least two TTLs before the new key is used. */
#define TTLS_TO_WAIT 2

struct rollover {
	const struct tlsa_request *request;
	struct buffer	 old, new;		/* RDATA */
	char		 owner[TLSA_OWNER_MAX];
	const char	*host;			/* to connect to */
	struct buffer	 text;
};

static void
append_seconds(struct buffer *out, uint64_t seconds)
{
	static const struct {
		unsigned	 seconds;
		const char	*unit;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" } };

	buffer_printf(out, "%" PRIu64 " s", seconds);
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (seconds > 0 && seconds % units[i].seconds == 0) {
			buffer_printf(out, " (%" PRIu64 " %s)",
			    seconds / units[i].seconds, units[i].unit);
			return;
		}
}

static void
append_record(struct rollover *rollover, const struct buffer *rdata)
{
	tlsa_record_line(&rollover->text, rollover->owner,
	    rollover->request->ttl, rdata, rollover->request->generic);
}

static void
append_question(struct rollover *rollover)
{
	buffer_printf(&rollover->text,
	    ";   dig +dnssec +norecurse @SERVER %s TLSA\n", rollover->owner);
}

static void
publish_both(struct rollover *rollover)
{
	buffer_printf(&rollover->text,
	    "; Rollover of %s (RFC 7671 sections 8.1 and 8.4).\n"
	    "; The records of a step are the whole RRset from then on.\n\n"
	    "; Step 1, now: publish the new record beside the old one. The "
	    "mail servers keep\n; what they have.\n", rollover->owner);
	append_record(rollover, &rollover->old);
	append_record(rollover, &rollover->new);
	buffer_append_text(&rollover->text,
	    "; Check that every name server of the zone returns both records, "
	    "signed:\n");
	append_question(rollover);
}

static void
deploy(struct rollover *rollover)
{
	struct buffer *text = &rollover->text;

	buffer_append_text(text, "\n; Step 2, ");
	append_seconds(text, (uint64_t)rollover->request->ttl * TTLS_TO_WAIT);
	buffer_printf(text,
	    " after the last name server gave both: give the new key or\n"
	    "; chain to every mail server of this name. Until then caches may "
	    "hold the RRset of\n; before, which the new one does not match: "
	    "the wait is two of its TTLs.\n"
	    "; Publish no change.\n"
	    "; Check that each address of the name says \"Verification: OK\":\n"
	    ";   openssl s_client -starttls smtp -connect ADDRESS:%u \\\n"
	    ";     -dane_tlsa_domain %s -dane_tlsa_rrdata \"",
	    rollover->request->port, rollover->host);
	tlsa_record_data_text(text, &rollover->new);
	buffer_append_text(text, "\" </dev/null\n"
	    "; If one does not, give it back what it had: the old record is "
	    "still there.\n");
}

static void
remove_old(struct rollover *rollover)
{
	struct buffer *text = &rollover->text;

	buffer_append_text(text,
	    "\n; Step 3, when every mail server has the new key and none will "
	    "go back: remove the\n; old record. Every cache has the new one by "
	    "now.\n");
	append_record(rollover, &rollover->new);
	buffer_append_text(text,
	    "; Check that every name server returns only this record:\n");
	append_question(rollover);
	buffer_append_text(text, "; Caches may hold the old record for ");
	append_seconds(text, rollover->request->ttl);
	buffer_append_text(text, " more: keep the old key safe until then.\n");
}

static void
nothing_to_do(struct rollover *rollover)
{
	buffer_printf(&rollover->text,
	    "; %s: old and new have the same record.\n"
	    "; It stays as it is; the mail servers may change at any time.\n",
	    rollover->owner);
	append_record(rollover, &rollover->new);
}

/* The owner is the owner of the records that are published now. */
static void
set_owner(struct rollover *rollover, const struct pem_file *old,
    const struct pem_file *new)
{
	const char *name = rollover->request->name;

	if (name[0] == '\0')
		name = old->name[0] != '\0' ? old->name : new->name;
	if (!tlsa_owner_text(rollover->owner, rollover->request, name)) {
		name = "";
		tlsa_owner_text(rollover->owner, rollover->request, name);
	}
	rollover->host = name[0] != '\0' && !rollover->request->is_owner
	    ? name : "NAME";
}

static int
print_steps(struct rollover *rollover)
{
	if (rollover->old.length == rollover->new.length &&
	    memcmp(rollover->old.bytes, rollover->new.bytes,
	    rollover->old.length) == 0) {
		nothing_to_do(rollover);
	} else {
		publish_both(rollover);
		deploy(rollover);
		remove_old(rollover);
	}
	return tlsa_print(&rollover->text) ? EXIT_COMPLETE : EXIT_OUTPUT;
}

int
tlsa_rollover(const struct tlsa_request *request, const char *old_path,
    const char *new_path)
{
	struct rollover rollover = { .request = request };
	struct pem_file old, new;
	int status = tlsa_of_file(&rollover.old, &old, old_path,
	    &request->parameters);

	if (status == EXIT_COMPLETE) {
		status = tlsa_of_file(&rollover.new, &new,
		    new_path, &request->parameters);
		if (status == EXIT_COMPLETE) {
			set_owner(&rollover, &old, &new);
			status = print_steps(&rollover);
			pem_file_fini(&new);
		}
		pem_file_fini(&old);
	}
	buffer_fini(&rollover.old);
	buffer_fini(&rollover.new);
	buffer_fini(&rollover.text);
	return status;
}
