#include "scanner/commands/check/print.h"

#include <inttypes.h>
#include <string.h>

#include "scanner/base/escape.h"
#include "scanner/base/log.h"
#include "scanner/commands/check/print_internal.h"

#define WIDTH	79

const char *
check_status_text(int status)
{
	return status == EXIT_COMPLETE ? "no problems found"
	    : status == EXIT_MEND ? "problems found" : "undetermined";
}

/* The page **************************************************************** */

void
page_begin(const struct page *page, enum colour colour)
{
	static const char *const codes[] = {
		[BOLD] = "\033[1m", [RED] = "\033[31m",
		[GREEN] = "\033[32m", [YELLOW] = "\033[33m",
	};

	if (page->view->in_colour && colour != PLAIN)
		fputs(codes[colour], page->out);
}

void
page_end(const struct page *page, enum colour colour)
{
	if (page->view->in_colour && colour != PLAIN)
		fputs("\033[0m", page->out);
}

void
page_put(const struct page *page, enum colour colour, const char *text)
{
	page_begin(page, colour);
	escape_print_column(page->out, text, strlen(text));
	page_end(page, colour);
}

void
page_put_words(const struct page *page, enum colour colour,
    enum words_kind kind, const char *code)
{
	struct buffer text = { 0 };

	words_append(&text, kind, code);
	page_put(page, colour, buffer_text(&text));
	buffer_fini(&text);
}

void
page_put_wrapped(const struct page *page, int indent, const char *text)
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

enum colour
page_colour_of_dnssec(enum dnssec dnssec)
{
	return dnssec == DNSSEC_SECURE ? GREEN : dnssec == DNSSEC_BOGUS ? RED
	    : YELLOW;
}

/* The domain ************************************************************** */

static void
print_mx_status(const struct page *page, const struct check_domain *domain)
{
	static const char *const words[MX_STATUS_COUNT] = {
		[MX_FOUND] = "has MX records",
		[MX_IMPLICIT] = "has no MX record, so its address takes its mail",
		[MX_NULL] = "accepts no mail (null MX)",
		[MX_NO_MAIL] = "has neither MX nor address: it receives no mail",
		[MX_NXDOMAIN] = "does not exist",
		[MX_SERVFAIL] = "has name servers that fail",
		[MX_TIMEOUT] = "has name servers that did not answer in time",
		[MX_BOGUS] = "has MX records that fail DNSSEC validation",
		[MX_RESOLVER_CRASHED] = "made the resolver crash",
	};

	fputs("  ", page->out);
	page_put(page, PLAIN, domain->name);
	fprintf(page->out, " %s; DNSSEC ", words[domain->mx_status]);
	page_put(page, page_colour_of_dnssec(domain->mx_dnssec),
	    dnssec_texts.texts[domain->mx_dnssec]);
	if (domain->cname_target[0] != '\0') {
		fputs("; alias of ", page->out);
		page_put(page, PLAIN, domain->cname_target);
	}
	putc('\n', page->out);
}

static void
print_mta_sts(const struct page *page, const struct check_domain *domain)
{
	const struct check_policy *policy = domain->policy;
	bool good = policy != NULL && policy->status == MTA_STS_VALID;

	fputs("  MTA-STS policy: ", page->out);
	if (policy == NULL) {
		page_put_words(page, PLAIN, WORDS_RECORD,
		    txt_status_texts.texts[domain->mta_sts_record]);
		return;
	}
	page_put_words(page, good ? GREEN
	    : policy->status == MTA_STS_ABSENT ? PLAIN : RED,
	    WORDS_MTA_STS_STATUS, mta_sts_status_texts.texts[policy->status]);
	if (good && policy->mode >= 0)
		fprintf(page->out, ", mode %s, max_age %" PRId64,
		    mta_sts_mode_texts.texts[policy->mode],
		    policy->max_age_s);
	if (policy->fault >= 0) {
		fputs(": ", page->out);
		page_put_words(page, RED, WORDS_MTA_STS_FAULT,
		    mta_sts_fault_texts.texts[policy->fault]);
	}
	if (policy->mx[0] != '\0') {
		fputs(", mx: ", page->out);
		page_put(page, PLAIN, policy->mx);
	}
}

static void
print_policies(const struct page *page, const struct check_domain *domain)
{
	const struct check_policy *policy = domain->policy;

	print_mta_sts(page, domain);
	fputs("\n  TLSRPT record: ", page->out);
	page_put_words(page, domain->tlsrpt_record == TXT_FOUND ? GREEN
	    : PLAIN, WORDS_RECORD,
	    txt_status_texts.texts[domain->tlsrpt_record]);
	if (policy != NULL && policy->rua[0] != '\0') {
		fputs(", to ", page->out);
		page_put(page, PLAIN, policy->rua);
	}
	putc('\n', page->out);
}

/* Advice ****************************************************************** */

static void
print_items(const struct page *page, const struct check_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		fputs("       ", page->out);
		page_put(page, PLAIN, lines->items[i]);
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

/* Prints "replace every TXT record at NAME that begins with X with"; the lines
 * follow. */
static void
print_replaced(const struct page *page, const char *ask,
    const struct check_records *records, bool has_lines)
{
	fprintf(page->out, "     %s%s every %s record at ", ask,
	    has_lines ? "replace" : "remove", records->type);
	page_put(page, PLAIN, records->owner);
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
		[URGENCY_MEND] = { "to fix", YELLOW },
		[URGENCY_LATER] = { "not known", YELLOW },
		[URGENCY_SUGGESTION] = { "suggestion", PLAIN },
	};

	fputs("  ", page->out);
	page_put(page, words[advice->urgency].colour,
	    words[advice->urgency].word);
	fputs("\n     ", page->out);
	page_put_wrapped(page, 5, advice->text);
	print_lines(page, "", "at", &advice->addresses);
	if (advice->compare != NULL) {
		fputs("     compare first\n       ", page->out);
		page_put_wrapped(page, 7, "This key was seen over the network, "
		    "where an attacker can replace it. On the mail server, "
		    "this command must print the same digest:");
		fprintf(page->out, "       %s\n", advice->compare);
	}
	print_records(page, advice);
	print_policy(page, &advice->policy);
}

void
check_print(FILE *out, const struct check_view *view,
    const struct check_domain *domain, const struct check_advice_list *list)
{
	struct page page = { out, view };
	int status = check_advice_status(list);

	page_put(&page, BOLD, domain->name);
	fputs(": ", out);
	page_put(&page, status == EXIT_COMPLETE ? GREEN
	    : status == EXIT_MEND ? RED : YELLOW, check_status_text(status));
	putc('\n', out);
	if (domain->is_measured)
		print_mx_status(&page, domain);
	for (size_t i = 0; i < domain->mx_count; i++)
		check_print_mx(&page, domain, &domain->mx[i]);
	if (domain->mx_count > 0) {
		print_policies(&page, domain);
		check_print_senders(&page, domain);
	}
	for (size_t i = 0; i < list->count; i++)
		print_advice(&page, &list->items[i]);
}
