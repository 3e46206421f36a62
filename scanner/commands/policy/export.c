/* policy_export: `mxcensus policy export`. */
#include "analysis/policy/export.h"

#include <string.h>

#include "parsers/name.h"
#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/commands/policy/policy_internal.h"

enum { POSTFIX, MTA_STS };

static void
export_postfix(const struct policy_list *list)
{
	size_t wider = policy_export_wider(list);

	policy_export_postfix(list, stdout);
	if (wider > 0)
		log_line("%zu enforced %s wider in Postfix than in the list: "
		    "a name that begins with a dot stands for one label "
		    "there, for any number here", wider,
		    wider == 1 ? "policy is" : "policies are");
}

/* Its senders are to fall back to opportunistic TLS (RULES 9). */
static void
warn_if_expired(const char *path, const struct policy_list *list)
{
	char expires[CLOCK_TEXT_MAX];

	if (list->expires_s * 1000 > clock_ms())
		return;
	clock_text(list->expires_s * 1000, expires);
	log_line("%s: expired: %s: nobody is to enforce it any more", path,
	    expires);
}

static int
export_mta_sts(const struct policy_list *list, const char *text)
{
	const struct listed_policy *policy = NULL;
	uint8_t wire[NAME_WIRE_MAX];
	char domain[NAME_TEXT_MAX];
	size_t length;

	if (name_from_input(text, strlen(text), wire, &length) == NAME_OK) {
		name_to_text(wire, domain);
		policy = policy_export_find(list, domain);
	}
	if (policy == NULL) {
		log_line("--mta-sts %s: the list has no policy for it", text);
		return EXIT_INPUT;
	}
	policy_export_mta_sts(policy, stdout);
	return EXIT_COMPLETE;
}

static int
run(const struct policy_given *given)
{
	struct policy_list list;
	int status = EXIT_INPUT;
	bool is_read;

	if (given->count != 1 || (given->values[POSTFIX] != NULL) ==
	    (given->values[MTA_STS] != NULL)) {
		log_line("usage: mxcensus policy export %s",
		    policy_export_subcommand.arguments);
		return EXIT_USAGE;
	}
	if (policy_read_whole(given->arguments[0], &list, &is_read)) {
		status = EXIT_COMPLETE;
		warn_if_expired(given->arguments[0], &list);
		if (given->values[POSTFIX] != NULL)
			export_postfix(&list);
		else
			status = export_mta_sts(&list,
			    given->values[MTA_STS]);
	}
	if (is_read)
		policy_list_fini(&list);
	return status;
}

const struct policy_subcommand policy_export_subcommand = {
	"export", "LIST --postfix | --mta-sts DOMAIN",
	"A policy list in the words of others, on standard output. Where Postfix "
	"reads a\npolicy wider than the list means it, that is said.",
	NULL, NULL,
	{
		[POSTFIX] = { "postfix", 0, NULL, "smtp_tls_policy_maps; "
		    "those in testing are comments" },
		[MTA_STS] = { "mta-sts", 0, "DOMAIN",
		    "an MTA-STS policy (RFC 8461) of that one's names" },
	},
	run,
};
