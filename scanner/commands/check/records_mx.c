/* records_mx: the MX records to publish and to remove, as lines of a zone file.
 * It is a part of advice. */
#include <stdlib.h>
#include <string.h>

#include "parsers/prefix.h"
#include "scanner/base/memory.h"
#include "scanner/commands/check/advice.h"

bool
check_mx_goes(const struct check_mx *mx)
{
	if ((mx->flags & (1u << MX_FLAG_IS_LOCALHOST | 1u << MX_FLAG_IS_TLD))
	    != 0)
		return true;
	return mx->host != NULL && (mx->host->status == HOST_NXDOMAIN ||
	    mx->host->status == HOST_NO_ADDRESS ||
	    mx->host->status == HOST_SPECIAL_ADDRESS);
}

bool
check_mx_is_literal(const struct check_mx *mx)
{
	return (mx->flags & 1u << MX_FLAG_IS_ADDRESS) != 0;
}

bool
check_mx_is_alias(const struct check_mx *mx)
{
	return mx->host != NULL && mx->host->canonical[0] != '\0';
}

const char *
check_mx_owner(const struct check_domain *domain)
{
	/* RFC 5321 5.1: an alias of the domain is followed to its records. */
	return domain->cname_target[0] != '\0' ? domain->cname_target
	    : domain->name;
}

char *
check_mx_new_name(const struct check_case *here)
{
	return xasprintf("mail.%s", check_mx_owner(here->domain));
}

static void
publish(const struct check_case *here, struct check_advice *advice,
    unsigned preference, const char *host)
{
	check_lines_add(&advice->publish, "%s. %d IN MX %u %s%s",
	    check_mx_owner(here->domain), CHECK_TTL, preference, host,
	    strcmp(host, ".") == 0 ? "" : ".");
}

static void
say_owner(const struct check_case *here, struct check_advice *advice)
{
	const struct check_domain *domain = here->domain;

	if (domain->cname_target[0] != '\0')
		check_advice_say(advice, "%s is an alias (CNAME) of %s, which "
		    "has the MX records.", domain->name, domain->cname_target);
	check_owner_ask(here, advice, check_mx_owner(domain));
}

bool
check_is_of_wildcard(const struct check_case *here,
    struct check_advice *advice)
{
	if (here->domain->mx_is_wildcard)
		check_advice_say(advice, "The MX records of %s come from "
		    "a wildcard: change them there. A record at or below %s "
		    "would end them (RFC 4592 2.2.1).", here->domain->name,
		    here->domain->name);
	return here->domain->mx_is_wildcard;
}

static void
take_out(const struct check_case *here, struct check_advice *advice)
{
	check_lines_add(&advice->remove, "%s. IN MX %u %s.",
	    check_mx_owner(here->domain), here->mx->preference,
	    here->mx->name);
}

void
check_remove_mx(const struct check_case *here, struct check_advice *advice)
{
	if (check_is_of_wildcard(here, advice))
		return;
	for (size_t i = 0; i < here->domain->mx_count; i++) {
		if (check_mx_goes(&here->domain->mx[i]))
			continue;
		take_out(here, advice);
		say_owner(here, advice);
		return;
	}
}

void
check_publish_canonical(const struct check_case *here,
    struct check_advice *advice)
{
	if (check_is_of_wildcard(here, advice))
		return;
	publish(here, advice, here->mx->preference, here->host->canonical);
	take_out(here, advice);
	say_owner(here, advice);
}

/* The advice gives the address a name. */
void
check_publish_named_mx(const struct check_case *here,
    struct check_advice *advice)
{
	const char *text = here->mx->name;
	struct address address;
	char *name;

	if (check_is_of_wildcard(here, advice))
		return;
	take_out(here, advice);
	if (address_from_text(text, strlen(text), &address)) {
		name = check_mx_new_name(here);
		check_lines_add(&advice->publish, "%s. %d IN %s %s", name,
		    CHECK_TTL, address.family == 4 ? "A" : "AAAA", text);
		publish(here, advice, here->mx->preference, name);
		free(name);
	}
	say_owner(here, advice);
}

/* "." has no row in mx, so its preference is not known. */
static void
sweep_null_mx(const struct check_case *here, struct check_advice *advice)
{
	advice->replace = (struct check_records){
		.owner = xasprintf("%s.", check_mx_owner(here->domain)),
		.type = "MX", .begins = ".",
	};
	say_owner(here, advice);
}

void
check_publish_null_mx(const struct check_case *here,
    struct check_advice *advice)
{
	if (check_is_of_wildcard(here, advice))
		return;
	publish(here, advice, 0, ".");
	sweep_null_mx(here, advice);
}

void
check_remove_null_mx(const struct check_case *here,
    struct check_advice *advice)
{
	if (!check_is_of_wildcard(here, advice))
		sweep_null_mx(here, advice);
}

void
check_publish_implicit(const struct check_case *here,
    struct check_advice *advice)
{
	publish(here, advice, 10, check_mx_owner(here->domain));
	say_owner(here, advice);
}
