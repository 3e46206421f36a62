/* owners: decides whose zone has the records. It is a part of advice. */
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/commands/check/advice.h"

static bool
is_at_or_below(const char *name, const char *top)
{
	size_t length = strlen(name), of_top = strlen(top);

	return length >= of_top && strcmp(name + length - of_top, top) == 0 &&
	    (length == of_top || name[length - of_top - 1] == '.');
}

/* A run does not know where zones begin, so the owner of the registrable domain
 * is assumed to have all zones below it. */
void
check_owner_ask(const struct check_case *here, struct check_advice *advice,
    const char *owner)
{
	const char *own = here->domain->registrable;

	if (own == NULL || own[0] == '\0')
		own = here->domain->name;
	if (advice->ask != NULL || is_at_or_below(owner, own))
		return;
	advice->ask = xstrdup(owner);
	check_advice_say(advice, "Ask whoever runs the zone of %s for that: "
	    "it is not a zone of %s.", owner, here->domain->name);
}
