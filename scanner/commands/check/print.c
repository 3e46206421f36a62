#include "scanner/commands/check/print.h"

#include <inttypes.h>
#include <string.h>

#include "scanner/base/escape.h"
#include "scanner/base/log.h"
#include "scanner/base/plural.h"
#include "scanner/commands/check/conditions.h"

#define WIDTH	79

enum colour { PLAIN, BOLD, RED, GREEN, YELLOW };

struct page {
	FILE	*out;
	bool	 in_colour;
	int64_t	 now_ms;
	unsigned port;
};

const char *
check_status_text(int status)
{
	return status == EXIT_COMPLETE ? "all is well"
	    : status == EXIT_MEND ? "something to mend" : "undetermined";
}

static void
begin(const struct page *page, enum colour colour)
{
	static const char *const codes[] = {
		[BOLD] = "\033[1m", [RED] = "\033[31m",
		[GREEN] = "\033[32m", [YELLOW] = "\033[33m",
	};

	if (page->in_colour && colour != PLAIN)
		fputs(codes[colour], page->out);
}

static void
end(const struct page *page, enum colour colour)
{
	if (page->in_colour && colour != PLAIN)
		fputs("\033[0m", page->out);
}

static void
put(const struct page *page, enum colour colour, const char *text)
{
	begin(page, colour);
	escape_print_column(page->out, text, strlen(text));
	end(page, colour);
}

/* Words between two margins; the first line is at `indent` already. */
static void
put_wrapped(const struct page *page, int indent, const char *text)
{
	int column = indent;

	while (*text != '\0') {
		int word = (int)strcspn(text, " ");

		if (column > indent && column + 1 + word > WIDTH) {
			fprintf(page->out, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			putc(' ', page->out);
			column++;
		}
		escape_print_column(page->out, text, (size_t)word);
		column += word;
		text += word;
		text += strspn(text, " ");
	}
	putc('\n', page->out);
}

static enum colour
colour_of_dnssec(enum dnssec dnssec)
{
	return dnssec == DNSSEC_SECURE ? GREEN : dnssec == DNSSEC_BOGUS ? RED
	    : YELLOW;
}

/* Hosts ******************************************************************* */

static void
print_tlsa(const struct page *page, const struct check_host *host)
{
	bool good = host->tlsa_status == TLSA_STATUS_USABLE;

	fputs("     TLSA ", page->out);
	put(page, good ? GREEN : YELLOW,
	    tlsa_status_texts.texts[host->tlsa_status]);
	if (host->tlsa_base[0] != '\0') {
		fprintf(page->out, " at _%u._tcp.", page->port);
		put(page, PLAIN, host->tlsa_base);
	}
	putc('\n', page->out);
	for (const struct check_record *record = host->records;
	    record != NULL; record = record->next) {
		fprintf(page->out, "       %u %u %u ", record->usage,
		    record->selector, record->matching_type);
		/* A certificate in full is no reading. */
		fprintf(page->out, "%.64s%s  ", record->hex,
		    strlen(record->hex) > 64 ? "..." : "");
		if (!record->is_usable) {
			put(page, YELLOW, "not usable: ");
			put(page, YELLOW, record->unusable_reason);
		} else {
			put(page, record->matches ? GREEN : YELLOW,
			    record->matches ? "matches" : "no match");
		}
		putc('\n', page->out);
	}
}

static void
print_certificate(const struct page *page, const struct check_result *result)
{
	const struct check_session *session = result->session;
	const struct check_certificate *leaf = session == NULL ||
	    session->chain == NULL ? NULL : session->chain->certificates[0];
	int64_t days;

	if (leaf == NULL || leaf->issuer == NULL)
		return;
	if (leaf->spki_sha256[0] == '\0') {
		fputs("       certificate ", page->out);
		put(page, RED, session->chain_error);
		putc('\n', page->out);
		return;
	}
	fputs("       certificate for ", page->out);
	put(page, PLAIN, leaf->san[0] != '\0' ? leaf->san : leaf->subject);
	fputs("\n         by ", page->out);
	put(page, PLAIN, leaf->issuer);
	if (leaf->not_after != INT64_MIN) {
		days = check_days(page->now_ms, leaf->not_after);
		fputs(", ", page->out);
		begin(page, days < 0 ? RED : days < 14 ? YELLOW : PLAIN);
		if (days < 0)
			fprintf(page->out, "ended %" PRId64 " %s ago", -days,
			    plural(-days, "day", "days"));
		else
			fprintf(page->out, "%" PRId64 " %s left", days,
			    plural(days, "day", "days"));
		end(page, days < 14 ? RED : PLAIN);
	}
	fputs(", ", page->out);
	put(page, session->chain_trusted ? GREEN : YELLOW,
	    session->chain_trusted ? "trusted" : session->chain_truncated
	    ? probe_flag_texts.texts[PROBE_CHAIN_TRUNCATED]
	    : session->chain_error);
	fputs(", ", page->out);
	put(page, result->name_match ? GREEN : YELLOW,
	    result->name_match ? "name fits" : "other name");
	putc('\n', page->out);
}

static void
print_address(const struct page *page, const struct check_address *address)
{
	const struct check_result *result = &address->mx;
	bool has_tls = result->is_made &&
	    result->outcome == OUTCOME_TLS_ESTABLISHED;

	fprintf(page->out, "     %s  ", address->text);
	if (!result->is_made) {
		put(page, YELLOW, address->class == CLASS_PUBLIC ? "not probed"
		    : address_class_texts.texts[address->class]);
		putc('\n', page->out);
		return;
	}
	if (has_tls && result->session != NULL) {
		fputs("STARTTLS, ", page->out);
		put(page, result->profile == PROFILE_LEGACY ? RED : GREEN,
		    result->session->tls_version);
	} else {
		put(page, result->tls_class == TLS_CLASS_NO_TLS ? RED : YELLOW,
		    outcome_texts.texts[result->outcome]);
	}
	if (address->base.is_made &&
	    address->base.dane != DANE_NOT_APPLICABLE) {
		bool good = address->base.dane == DANE_MATCH ||
		    address->base.dane == DANE_MATCH_TA_FROM_DNS;

		fputs(", DANE ", page->out);
		put(page, good ? GREEN : RED,
		    dane_verdict_texts.texts[address->base.dane]);
	}
	putc('\n', page->out);
	print_certificate(page, result);
}

static void
print_mx(const struct page *page, const struct check_mx *mx)
{
	const struct check_host *host = mx->host;

	fprintf(page->out, "  %u ", mx->preference);
	put(page, BOLD, mx->name);
	if (host == NULL) {
		fputs("  not looked up\n", page->out);
		return;
	}
	if (host->status == HOST_USABLE) {
		fputs("  addresses ", page->out);
		put(page, colour_of_dnssec(host->dnssec),
		    dnssec_texts.texts[host->dnssec]);
	} else {
		fputs("  ", page->out);
		put(page, RED, host_status_texts.texts[host->status]);
	}
	if (host->canonical[0] != '\0') {
		fputs(", alias of ", page->out);
		put(page, PLAIN, host->canonical);
	}
	putc('\n', page->out);
	if (host->status == HOST_USABLE)
		print_tlsa(page, host);
	for (const struct check_address *address = host->addresses;
	    address != NULL; address = address->next)
		print_address(page, address);
}

/* Policies and senders **************************************************** */

static void
print_policies(const struct page *page, const struct check_domain *domain)
{
	const struct check_policy *policy = domain->policy;

	fputs("  MTA-STS ", page->out);
	if (policy == NULL) {
		put(page, PLAIN,
		    txt_status_texts.texts[domain->mta_sts_record]);
	} else {
		bool good = policy->status == MTA_STS_VALID;

		put(page, good ? GREEN
		    : policy->status == MTA_STS_ABSENT ? PLAIN : RED,
		    mta_sts_status_texts.texts[policy->status]);
		if (good && policy->mode >= 0)
			fprintf(page->out, ", mode %s, max_age %" PRId64,
			    mta_sts_mode_texts.texts[policy->mode],
			    policy->max_age_s);
		if (policy->fault >= 0)
			fprintf(page->out, " (%s)",
			    mta_sts_fault_texts.texts[policy->fault]);
		if (policy->mx[0] != '\0') {
			fputs(", mx: ", page->out);
			put(page, PLAIN, policy->mx);
		}
	}
	fputs("\n  TLSRPT ", page->out);
	put(page, domain->tlsrpt_record == TXT_FOUND ? GREEN : PLAIN,
	    txt_status_texts.texts[domain->tlsrpt_record]);
	if (policy != NULL && policy->rua[0] != '\0') {
		fputs(", to ", page->out);
		put(page, PLAIN, policy->rua);
	}
	putc('\n', page->out);
}

static enum colour
colour_of(enum delivery delivery)
{
	switch (delivery) {
	case DELIVERY_AUTHENTICATED:
	case DELIVERY_NO_MAIL:
		return GREEN;
	case DELIVERY_CLEARTEXT:
	case DELIVERY_REFUSED:
	case DELIVERY_UNREACHABLE:
		return RED;
	default:
		return YELLOW;
	}
}

/* "sender:host:value" of this sender, as "host: value". */
static void
print_reasons(const struct page *page, const char *reasons, const char *sender)
{
	size_t length = strlen(sender);
	const char *between = "  (";

	while (reasons != NULL && *reasons != '\0') {
		size_t reason = strcspn(reasons, " ");

		if (strncmp(reasons, sender, length) == 0 &&
		    reasons[length] == ':') {
			fputs(between, page->out);
			escape_print_column(page->out, reasons + length + 1,
			    reason - length - 1);
			between = ", ";
		}
		reasons += reason + (reasons[reason] == ' ');
	}
	if (between[0] == ',')
		putc(')', page->out);
}

static void
print_senders(const struct page *page, const struct check_domain *domain)
{
	static const char *const names[SENDER_COUNT] = {
		"opportunistic TLS", "DANE", "MTA-STS", "DANE or MTA-STS",
		"policy list", "valid certificate",
	};

	fputs("  What a sender meets that demands\n", page->out);
	for (int i = 0; i < SENDER_COUNT; i++) {
		const struct check_outcome *outcome = &domain->outcomes[i];

		fprintf(page->out, "    %-18s ", names[i]);
		put(page, colour_of(outcome->first),
		    delivery_texts.texts[outcome->first]);
		if (outcome->worst != outcome->first) {
			fputs("; at worst ", page->out);
			put(page, colour_of(outcome->worst),
			    delivery_texts.texts[outcome->worst]);
		}
		print_reasons(page, domain->reasons, sender_texts.texts[i]);
		putc('\n', page->out);
	}
}

/* Advice ****************************************************************** */

static void
print_items(const struct page *page, const struct check_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		fputs("       ", page->out);
		put(page, PLAIN, lines->items[i]);
		putc('\n', page->out);
	}
}

static void
print_lines(const struct page *page, const char *ask, const char *title,
    const struct check_lines *lines)
{
	if (lines->count == 0)
		return;
	fprintf(page->out, "     %s%s\n", ask, title);
	print_items(page, lines);
}

/* "replace the TXT record at NAME that begins with X by": the lines follow. */
static void
print_replaced(const struct page *page, const char *ask,
    const struct check_records *records, bool has_lines)
{
	fprintf(page->out, "     %s%s every %s record at ", ask,
	    has_lines ? "replace" : "remove", records->type);
	put(page, PLAIN, records->owner);
	if (strcmp(records->begins, ".") == 0)
		fputs(" that names no host (\".\")", page->out);
	else if (records->begins[0] != '\0')
		fprintf(page->out, " that begins with %s", records->begins);
	fputs(has_lines ? " with\n" : "\n", page->out);
}

static void
print_records(const struct page *page, const struct check_advice *advice)
{
	const char *ask = advice->ask != NULL ? "ask them to " : "";
	bool replaces = advice->replace.owner != NULL;

	if (replaces)
		print_replaced(page, ask, &advice->replace,
		    advice->publish.count > 0);
	if (replaces)
		print_items(page, &advice->publish);
	else
		print_lines(page, ask, "publish", &advice->publish);
	print_lines(page, ask, "remove", &advice->remove);
}

static void
print_policy(const struct page *page, const struct buffer *policy)
{
	bool starts = true;

	if (policy->length == 0)
		return;
	fputs("     the policy\n", page->out);
	for (size_t i = 0; i < policy->length; i++) {
		char byte = (char)policy->bytes[i];

		if (starts)
			fputs("       ", page->out);
		starts = byte == '\n';
		if (starts)
			putc('\n', page->out);
		else
			escape_print_column(page->out, &byte, 1);
	}
}

static void
print_advice(const struct page *page, const struct check_advice *advice)
{
	static const struct { const char *word; enum colour colour; }
	    words[URGENCY_COUNT] = {
		[URGENCY_NOW] = { "now", RED },
		[URGENCY_MEND] = { "to mend", YELLOW },
		[URGENCY_LATER] = { "not known", YELLOW },
		[URGENCY_SUGGESTION] = { "suggestion", PLAIN },
	};

	fputs("  ", page->out);
	put(page, words[advice->urgency].colour,
	    words[advice->urgency].word);
	fputs("\n     ", page->out);
	put_wrapped(page, 5, advice->text);
	print_lines(page, "", "at", &advice->addresses);
	if (advice->compare != NULL) {
		fputs("     compare first\n       ", page->out);
		put_wrapped(page, 7, advice->compare);
	}
	print_records(page, advice);
	print_policy(page, &advice->policy);
}

void
check_print(FILE *out, bool in_colour, const struct check_domain *domain,
    const struct check_advice_list *list, int64_t now_ms, unsigned port)
{
	struct page page = { out, in_colour, now_ms, port };
	int status = check_advice_status(list);

	put(&page, BOLD, domain->name);
	fputs(": ", out);
	put(&page, status == EXIT_COMPLETE ? GREEN : status == EXIT_MEND ? RED
	    : YELLOW, check_status_text(status));
	putc('\n', out);
	if (domain->is_measured) {
		fprintf(out, "  MX %s, ",
		    mx_status_texts.texts[domain->mx_status]);
		put(&page, colour_of_dnssec(domain->mx_dnssec),
		    dnssec_texts.texts[domain->mx_dnssec]);
		if (domain->cname_target[0] != '\0') {
			fputs(", alias of ", out);
			put(&page, PLAIN, domain->cname_target);
		}
		putc('\n', out);
	}
	for (size_t i = 0; i < domain->mx_count; i++)
		print_mx(&page, &domain->mx[i]);
	if (domain->mx_count > 0) {
		print_policies(&page, domain);
		print_senders(&page, domain);
	}
	for (size_t i = 0; i < list->count; i++)
		print_advice(&page, &list->items[i]);
}
