/* print_senders: prints the result of each kind of sender, and why it is not
 * better. It is a part of print. */
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/commands/check/print_internal.h"

#define REASONS_INDENT	23

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

/* Words for the reasons of the table outcomes, sender:host:value (RULES 9).
 * "%s" is the host. */
static const struct phrase {
	const char	*value, *text;
} of_domain[] = {
	{ "absent", "no MTA-STS policy" },
	{ "multiple", "several MTA-STS records" },
	{ "invalid_record", "an invalid MTA-STS record" },
	{ "fetch_failed", "the MTA-STS policy cannot be fetched" },
	{ "invalid_policy", "an invalid MTA-STS policy" },
	{ "error", "it is not known whether there is an MTA-STS policy" },
	{ "not_asked", "MTA-STS was not asked for" },
	{ "testing", "the policy is in mode testing" },
	{ "none", "the MTA-STS policy is in mode none" },
	{ "insecure", "the MX records are not signed" },
	{ "bogus", "DNSSEC validation of the MX records fails" },
	{ "servfail", "the name servers of the domain fail" },
	{ "timeout", "the name servers of the domain did not answer in time" },
	{ "resolver_crashed", "the resolver crashed over the domain" },
	{ NULL, NULL },
}, of_host[] = {
	{ "absent", "no TLSA record at %s" },
	{ "absent_insecure", "no TLSA record at %s" },
	{ "insecure", "the TLSA records of %s are not signed" },
	{ "not_asked", "no TLSA record was asked for at %s, which is not "
	    "signed" },
	{ "unusable_only", "no TLSA record of %s is usable" },
	{ "bogus", "DNSSEC validation of %s fails" },
	{ "servfail", "the name servers of %s fail" },
	{ "mx_not_in_policy", "the policy does not list %s" },
	{ "legacy", "%s supports only old versions of TLS" },
	{ "mismatch", "no TLSA record of %s matches" },
	{ "name_mismatch", "the certificate of %s is for other names" },
	{ "expired", "the certificate of %s is out of date" },
	{ "cert_has_expired", "the certificate of %s is out of date" },
	{ "chain_broken", "the chain of %s does not lead to the CA of its TLSA "
	    "record" },
	{ "ta_not_presented", "%s does not present the CA of its TLSA record" },
	{ "depth_zero_self_signed_cert", "the certificate of %s is "
	    "self-signed" },
	{ "self_signed_cert_in_chain", "the CA of %s is not trusted" },
	{ "unable_to_get_issuer_cert_locally", "a certificate of the chain of "
	    "%s is missing" },
	{ "starttls_absent", "%s does not offer STARTTLS" },
	{ "starttls_stripped", "the STARTTLS offer of %s is overwritten on the "
	    "network path" },
	{ "starttls_refused", "%s offers STARTTLS and then refuses it" },
	{ "starttls_temporary", "%s refuses STARTTLS for now" },
	{ "plaintext_injected", "%s sent plain text after it agreed to "
	    "STARTTLS" },
	{ "protocol_error", "%s violated SMTP" },
	{ "closed", "%s closed the connection" },
	{ "reset", "%s reset the connection" },
	{ "invalid_name", "%s is not a valid host name" },
	{ "special_address", "%s has special-purpose addresses only" },
	{ "rejected", "%s rejected our connection" },
	{ "temporary_reject", "%s rejected our connection for now" },
	{ "connect_refused", "%s refused the connection" },
	{ "connect_timeout", "%s did not accept a connection in time" },
	{ "unreachable", "%s cannot be reached" },
	{ "timeout", "%s did not answer in time" },
	{ "handshake_failed", "the TLS handshake with %s failed" },
	{ "nxdomain", "%s does not exist" },
	{ "no_address", "%s has no address" },
	{ NULL, NULL },
};

/* For two values the words say what the code says, so no code is added. */
static bool
is_plain(const char *value)
{
	return strcmp(value, "absent") == 0 || strcmp(value, "testing") == 0;
}

static void
append_reason(struct buffer *text, const char *host, const char *value)
{
	bool is_own = strcmp(host, "-") == 0;
	const struct phrase *phrase = is_own ? of_domain : of_host;
	const char *name;

	while (phrase->value != NULL && strcmp(phrase->value, value) != 0)
		phrase++;
	if (phrase->value == NULL) {
		buffer_printf(text, "%s%s", is_own ? "" : host,
		    is_own ? "" : ": ");
		words_append(text, is_own ? WORDS_MTA_STS_STATUS
		    : WORDS_OUTCOME, value);
		return;
	}
	name = strstr(phrase->text, "%s");
	if (name == NULL)
		buffer_append_text(text, phrase->text);
	else
		buffer_printf(text, "%.*s%s%s", (int)(name - phrase->text),
		    phrase->text, host, name + 2);
	if (!is_plain(value))
		buffer_printf(text, " [%s]", value);
}

/* Several senders can have the same reason. */
static void
append_once(struct buffer *text, const char *host, const char *value)
{
	struct buffer reason = { 0 };

	append_reason(&reason, host, value);
	if (text->length == 0 ||
	    strstr(buffer_text(text), buffer_text(&reason)) == NULL) {
		buffer_append_text(text, text->length > 0 ? "; " : "");
		buffer_append_text(text, buffer_text(&reason));
	}
	buffer_fini(&reason);
}

void
check_append_reasons(struct buffer *text, const char *reasons,
    const char *sender)
{
	size_t length = sender != NULL ? strlen(sender) : 0;

	for (const char *at = reasons; at != NULL && *at != '\0';) {
		size_t end = strcspn(at, " ");
		char *reason = xasprintf("%.*s", (int)end, at), *host, *value;

		host = strchr(reason, ':');
		value = strrchr(reason, ':');
		if (host != NULL && value > host && (sender == NULL ||
		    ((size_t)(host - reason) == length &&
		    strncmp(reason, sender, length) == 0))) {
			*value = '\0';
			append_once(text, host + 1, value + 1);
		}
		free(reason);
		at += end + (at[end] == ' ');
	}
}

static void
print_sender(const struct page *page, const struct check_domain *domain,
    enum sender sender, const char *name)
{
	const struct check_outcome *outcome = &domain->outcomes[sender];
	struct buffer reasons = { 0 };

	fprintf(page->out, "    %-18s ", name);
	page_put_words(page, colour_of(outcome->first), WORDS_DELIVERY,
	    delivery_texts.texts[outcome->first]);
	if (outcome->worst != outcome->first) {
		fputs("; worst case: ", page->out);
		page_put_words(page, colour_of(outcome->worst), WORDS_DELIVERY,
		    delivery_texts.texts[outcome->worst]);
	}
	putc('\n', page->out);
	check_append_reasons(&reasons, domain->reasons,
	    sender_texts.texts[sender]);
	if (reasons.length > 0) {
		/* The reason is another address, or another MX host. */
		fprintf(page->out, "%*s(%s", REASONS_INDENT, "",
		    outcome->first == DELIVERY_AUTHENTICATED
		    ? "not everywhere: " : "");
		buffer_append_text(&reasons, ")");
		page_put_wrapped(page, REASONS_INDENT + 1,
		    buffer_text(&reasons));
	}
	buffer_fini(&reasons);
}

void
check_print_senders(const struct page *page, const struct check_domain *domain)
{
	static const char *const names[SENDER_COUNT] = {
		"opportunistic TLS", "DANE", "MTA-STS", "DANE or MTA-STS",
		"policy list", "valid certificate",
	};

	fputs("  Result by kind of sender\n", page->out);
	for (int i = 0; i < SENDER_COUNT; i++)
		if (i != SENDER_POLICY_LIST || page->view->has_list)
			print_sender(page, domain, (enum sender)i, names[i]);
}
