/* policy_export: `mxcensus policy export`. */
#include "analysis/policy_export.h"

#include <string.h>

#include "parsers/name.h"
#include "scanner/base/log.h"
#include "scanner/commands/policy_internal.h"

enum { POSTFIX, MTA_STS };

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
		if (given->values[POSTFIX] != NULL)
			policy_export_postfix(&list, stdout);
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
	"A policy list in the words of others, on standard output.",
	{
		[POSTFIX] = { "postfix", 0, NULL, "Postfix's "
		    "smtp_tls_policy_maps; policies in testing are comments" },
		[MTA_STS] = { "mta-sts", 0, "DOMAIN",
		    "the MTA-STS policy (RFC 8461) of that domain" },
	},
	run,
};
