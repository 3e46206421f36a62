/* export: the command `mxcensus policy export`. */
#include "analysis/policy/export.h"

#include "parsers/name.h"
#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/commands/domain_argument.h"
#include "scanner/commands/policy/policy.h"
#include "scanner/commands/policy/policy_internal.h"
#include "scanner/options/options.h"

static void
export_postfix(const struct policy_list *list)
{
	size_t wider = policy_export_wider(list);

	policy_export_postfix(list, stdout);
	if (wider > 0)
		log_line("%zu enforced %s wider in Postfix than in the list: "
		    "a name that begins with a dot stands for one label in the "
		    "list, and for any number in Postfix", wider,
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
	log_line("%s: expired: %s: it is no longer enforced", path,
	    expires);
}

static int
export_mta_sts(const struct policy_list *list, const char *text)
{
	const struct listed_policy *policy;
	char domain[NAME_TEXT_MAX];

	if (!domain_argument_read("--mta-sts", text, domain))
		return EXIT_USAGE;
	policy = policy_export_find(list, domain);
	if (policy == NULL) {
		log_line("--mta-sts %s: the list has no policy for it", text);
		return EXIT_INPUT;
	}
	policy_export_mta_sts(policy, stdout);
	return EXIT_COMPLETE;
}

int
policy_export_command(const struct options *options)
{
	const char *path = options->arguments[0];
	struct policy_list list;
	int status = EXIT_INPUT;
	bool is_read;

	if (options->policy.as_postfix ==
	    (options->policy.as_mta_sts != NULL)) {
		log_line("%s", options->command->too_few);
		return EXIT_USAGE;
	}
	if (policy_read_whole(path, &list, &is_read)) {
		status = EXIT_COMPLETE;
		warn_if_expired(path, &list);
		if (options->policy.as_postfix)
			export_postfix(&list);
		else
			status = export_mta_sts(&list,
			    options->policy.as_mta_sts);
	}
	if (is_read)
		policy_list_fini(&list);
	return status;
}
