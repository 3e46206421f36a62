/* print_hosts: prints MX hosts with their TLSA records, sessions and
 * certificates. It is a part of print. */
#include <string.h>

#include "scanner/commands/check/print_internal.h"

/* Says of a usable record whether it matches. If it names a CA, the names and
 * the dates of the certificate count as well (RFC 7672 3.2.2). */
static const char *
match_words(const struct check_domain *domain, const struct check_mx *mx,
    const struct check_record *record)
{
	const struct check_address *address;

	if (record->matches)
		return "matches";
	for (address = mx->host->addresses; record->usage == 2 &&
	    address != NULL; address = address->next) {
		if (!address->base.is_made)
			continue;
		if (address->base.dane == DANE_EXPIRED)
			return "the CA matches, but the certificate is out of "
			    "date";
		if (address->base.dane == DANE_NAME_MISMATCH)
			return check_matches_next_hop(domain, mx, address)
			    ? "matches, by the name of the mail domain"
			    : "the CA matches, the name in the certificate "
			    "does not";
	}
	return "does not match";
}

static void
print_record(const struct page *page, const struct check_domain *domain,
    const struct check_mx *mx, const struct check_record *record)
{
	const char *words = match_words(domain, mx, record);

	fprintf(page->out, "       %u %u %u ", record->usage,
	    record->selector, record->matching_type);
	/* The whole certificate would fill the screen. */
	fprintf(page->out, "%.64s%s  ", record->hex,
	    strlen(record->hex) > 64 ? "..." : "");
	if (record->is_usable) {
		page_put(page, strncmp(words, "matches", 7) == 0 ? GREEN
		    : YELLOW, words);
	} else {
		page_put(page, YELLOW, "not usable: ");
		page_put_words(page, YELLOW, WORDS_UNUSABLE_REASON,
		    record->unusable_reason);
	}
	putc('\n', page->out);
}

static void
print_tlsa(const struct page *page, const struct check_domain *domain,
    const struct check_mx *mx)
{
	const struct check_host *host = mx->host;

	fputs("     TLSA records: ", page->out);
	page_put_words(page, host->tlsa_status == TLSA_STATUS_USABLE ? GREEN
	    : YELLOW, WORDS_TLSA_STATUS,
	    tlsa_status_texts.texts[host->tlsa_status]);
	if (host->tlsa_base[0] != '\0') {
		fprintf(page->out, ", at _%u._tcp.", page->view->port);
		page_put(page, PLAIN, host->tlsa_base);
	}
	if (host->tlsa_target[0] != '\0') {
		fputs(", alias of ", page->out);
		page_put(page, PLAIN, host->tlsa_target);
	}
	putc('\n', page->out);
	for (const struct check_record *record = host->records;
	    record != NULL; record = record->next)
		print_record(page, domain, mx, record);
}

static void
print_validity(const struct page *page, const struct check_certificate *leaf)
{
	int64_t left = leaf->not_after - page->view->now_ms;
	enum colour colour = left < 0 ? RED
	    : check_days(page->view->now_ms, leaf->not_after) < 14 ? YELLOW
	    : PLAIN;
	struct buffer text = { 0 };

	if (leaf->not_after == INT64_MIN)
		return;
	check_put_when(&text, page->view->now_ms, leaf->not_after);
	fputs(", ", page->out);
	page_put(page, colour, left < 0 ? "ended " : "ends ");
	page_put(page, colour, buffer_text(&text));
	buffer_fini(&text);
}

static void
print_certificate(const struct page *page, const struct check_result *result)
{
	const struct check_session *session = result->session;
	const struct check_certificate *leaf = session == NULL ||
	    session->chain == NULL ? NULL : session->chain->certificates[0];
	struct buffer names = { 0 };

	if (leaf == NULL || leaf->issuer == NULL)
		return;
	if (leaf->spki_sha256[0] == '\0') {
		fputs("       certificate: ", page->out);
		page_put_words(page, RED, WORDS_CHAIN_ERROR,
		    session->chain_error);
		putc('\n', page->out);
		return;
	}
	if (leaf->san[0] != '\0')
		check_put_names(leaf->san, &names);
	else
		buffer_append_text(&names, leaf->subject);
	fputs("       certificate for ", page->out);
	page_put(page, PLAIN, buffer_text(&names));
	buffer_fini(&names);
	fputs("\n         by ", page->out);
	page_put(page, PLAIN, leaf->issuer);
	print_validity(page, leaf);
	fputs("\n         ", page->out);
	if (session->chain_trusted)
		page_put(page, GREEN, "trusted");
	else
		page_put_words(page, YELLOW, WORDS_CHAIN_ERROR,
		    session->chain_truncated
		    ? probe_flag_texts.texts[PROBE_CHAIN_TRUNCATED]
		    : session->chain_error);
	fputs(", ", page->out);
	page_put(page, result->name_match ? GREEN : YELLOW,
	    result->name_match ? "name matches" : "name does not match");
	putc('\n', page->out);
}

static void
print_dane(const struct page *page, const struct check_domain *domain,
    const struct check_mx *mx, const struct check_address *address)
{
	bool good = check_matches(address);

	if (!address->base.is_made ||
	    address->base.dane == DANE_NOT_APPLICABLE)
		return;
	fputs("; DANE: ", page->out);
	if (check_matches_next_hop(domain, mx, address)) {
		page_put(page, GREEN, "match, by the name of the mail domain ");
		page_put(page, GREEN, domain->name);
		page_put(page, GREEN, " (RFC 7672 3.2.2)");
	} else {
		page_put_words(page, good ? GREEN : RED, WORDS_DANE_VERDICT,
		    dane_verdict_texts.texts[address->base.dane]);
	}
}

static void
print_address(const struct page *page, const struct check_domain *domain,
    const struct check_mx *mx, const struct check_address *address)
{
	const struct check_result *result = &address->mx;

	fprintf(page->out, "     %s  ", address->text);
	if (!result->is_made && address->class == CLASS_PUBLIC) {
		page_put(page, YELLOW, "not probed");
	} else if (!result->is_made) {
		page_put_words(page, YELLOW, WORDS_ADDRESS_CLASS,
		    address_class_texts.texts[address->class]);
	} else if (result->outcome == OUTCOME_TLS_ESTABLISHED &&
	    result->session != NULL) {
		fputs("STARTTLS, ", page->out);
		page_put(page, result->profile == PROFILE_LEGACY ? RED : GREEN,
		    result->session->tls_version);
	} else {
		page_put_words(page, result->tls_class == TLS_CLASS_NO_TLS
		    ? RED : YELLOW, WORDS_OUTCOME,
		    outcome_texts.texts[result->outcome]);
	}
	if (result->is_made)
		print_dane(page, domain, mx, address);
	putc('\n', page->out);
	if (result->is_made)
		print_certificate(page, result);
}

void
check_print_mx(const struct page *page, const struct check_domain *domain,
    const struct check_mx *mx)
{
	const struct check_host *host = mx->host;

	fprintf(page->out, "  %u ", mx->preference);
	page_put(page, BOLD, mx->name);
	if (host == NULL) {
		fputs("  not looked up\n", page->out);
		return;
	}
	fputs("  ", page->out);
	if (host->status == HOST_USABLE) {
		fputs("addresses: DNSSEC ", page->out);
		page_put(page, page_colour_of_dnssec(host->dnssec),
		    dnssec_texts.texts[host->dnssec]);
	} else {
		page_put_words(page, RED, WORDS_HOST_STATUS,
		    host_status_texts.texts[host->status]);
	}
	if (host->canonical[0] != '\0') {
		fputs(", alias of ", page->out);
		page_put(page, PLAIN, host->canonical);
	}
	putc('\n', page->out);
	if (host->status == HOST_USABLE)
		print_tlsa(page, domain, mx);
	for (const struct check_address *address = host->addresses;
	    address != NULL; address = address->next)
		print_address(page, domain, mx, address);
}
