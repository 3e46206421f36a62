#include "scanner/commands/check/facts.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/commands/check/facts_internal.h"

/* Domains ***************************************************************** */

static bool
take_domain(void *tag, const struct table_reader *row)
{
	struct check_facts *facts = tag;
	struct check_domain *domain = map_get(facts->by_name,
	    table_get(row, DOMAINS_DOMAIN));

	if (domain == NULL)
		return true;
	domain->is_measured = true;
	domain->mx_status = (enum mx_status)table_get_enum(row,
	    DOMAINS_MX_STATUS);
	domain->mx_dnssec = (enum dnssec)table_get_enum(row,
	    DOMAINS_MX_DNSSEC);
	domain->bogus_text = check_text(facts, row, DOMAINS_MX_BOGUS_TEXT);
	domain->registrable = check_text(facts, row,
	    DOMAINS_REGISTRABLE_DOMAIN);
	domain->mx_is_wildcard = table_get_number(row,
	    DOMAINS_MX_WILDCARD) != 0;
	domain->cname_target = check_text(facts, row, DOMAINS_CNAME_TARGET);
	domain->flags = table_get_flags(row, DOMAINS_FLAGS);
	domain->mta_sts_record = (enum txt_status)table_get_enum(row,
	    DOMAINS_MTA_STS_RECORD);
	domain->tlsrpt_record = (enum txt_status)table_get_enum(row,
	    DOMAINS_TLSRPT_RECORD);
	return true;
}

static bool
take_mx(void *tag, const struct table_reader *row)
{
	struct check_facts *facts = tag;
	struct check_domain *domain = map_get(facts->by_name,
	    table_get(row, MX_DOMAIN));

	if (domain == NULL)
		return true;
	domain->mx = xreallocarray(domain->mx, domain->mx_count + 1,
	    sizeof *domain->mx);
	domain->mx[domain->mx_count++] = (struct check_mx){
		.preference = (unsigned)table_get_number(row, MX_PREFERENCE),
		.tier = (unsigned)table_get_number(row, MX_TIER),
		.flags = table_get_flags(row, MX_FLAGS),
		.name = check_text(facts, row, MX_HOST),
		.host = map_get(facts->hosts, table_get(row, MX_HOST)),
	};
	return true;
}

static bool
take_policy(void *tag, const struct table_reader *row)
{
	struct check_facts *facts = tag;
	struct check_domain *domain = map_get(facts->by_name,
	    table_get(row, POLICIES_DOMAIN));
	struct check_policy *policy;

	if (domain == NULL)
		return true;
	domain->policy = policy = arena_take(&facts->arena, sizeof *policy);
	*policy = (struct check_policy){
		.status = (enum mta_sts_status)table_get_enum(row,
		    POLICIES_MTA_STS_STATUS),
		.tlsrpt = (enum tlsrpt_status)table_get_enum(row,
		    POLICIES_TLSRPT_STATUS),
		.sts_target = check_text(facts, row,
		    POLICIES_MTA_STS_CNAME_TARGET),
		.tlsrpt_target = check_text(facts, row,
		    POLICIES_TLSRPT_CNAME_TARGET),
		.mode = table_get_enum(row, POLICIES_MTA_STS_MODE),
		.fault = table_get_enum(row, POLICIES_MTA_STS_ERROR),
		.txt = check_text(facts, row, POLICIES_MTA_STS_TXT),
		.id = check_text(facts, row, POLICIES_MTA_STS_ID),
		.mx = check_text(facts, row, POLICIES_MTA_STS_MX),
		.tls_error = check_text(facts, row, POLICIES_MTA_STS_TLS_ERROR),
		.max_age_s = table_get_number(row, POLICIES_MTA_STS_MAX_AGE_S),
		.http_code = (int)table_get_number(row,
		    POLICIES_MTA_STS_HTTP_CODE),
		.rua = check_text(facts, row, POLICIES_TLSRPT_RUA_TEXT),
		.flags = table_get_flags(row, POLICIES_FLAGS),
	};
	return true;
}

static bool
take_outcome(void *tag, const struct table_reader *row)
{
	struct check_facts *facts = tag;
	struct check_domain *domain = map_get(facts->by_name,
	    table_get(row, CONCLUSIONS_DOMAIN));

	if (domain == NULL)
		return true;
	for (unsigned i = 0; i < SENDER_COUNT; i++) {
		unsigned column = CONCLUSIONS_FIRST_SENDER +
		    CONCLUSIONS_OF_A_SENDER * i;

		domain->outcomes[i] = (struct check_outcome){
			(enum delivery)table_get_enum(row, column),
			(enum delivery)table_get_enum(row, column + 1),
			(enum delivery)table_get_enum(row, column + 2),
		};
	}
	domain->reasons = check_text(facts, row, CONCLUSIONS_REASONS);
	domain->outcome_flags = table_get_flags(row, CONCLUSIONS_FLAGS);
	return true;
}

/* ************************************************************************* */

static int
compare_mx(const void *a, const void *b)
{
	const struct check_mx *x = a, *y = b;

	return x->preference != y->preference
	    ? (x->preference > y->preference) - (x->preference < y->preference)
	    : strcmp(x->name, y->name);
}

static bool
read_tables(struct check_facts *facts, int folder)
{
	static const struct {
		enum table_id	table;
		bool		(*take)(void *, const struct table_reader *);
	} order[] = {
		{ TABLE_HOSTS, check_take_host },
		{ TABLE_ADDRESSES, check_take_address },
		{ TABLE_TLSA, check_take_record },
		{ TABLE_PROBES, check_take_session },
		{ TABLE_HOST_RESULTS, check_take_result },
		{ TABLE_CHAINS, check_take_chain },
		{ TABLE_CERTIFICATES, check_take_certificate },
		{ TABLE_DOMAINS, take_domain }, { TABLE_MX, take_mx },
		{ TABLE_POLICIES, take_policy },
		{ TABLE_OUTCOMES, take_outcome },
	};

	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
		if (!parts_walk(folder, order[i].table, facts, order[i].take))
			return false;
	return true;
}

/* RFC 5280 6.1: the chain that an address shows. */
static void
find_issuers(struct check_facts *facts)
{
	for (size_t i = 0; i < facts->count; i++)
		for (size_t m = 0; m < facts->domains[i].mx_count; m++)
			if (facts->domains[i].mx[m].host != NULL)
				check_find_issuers(facts->domains[i].mx[m].host);
}

struct check_facts *
check_facts_read(int folder, const char *const *names, size_t count)
{
	struct check_facts *facts = xcalloc(1, sizeof *facts);

	facts->hosts = map_new();
	facts->sessions = map_new();
	facts->chains = map_new();
	facts->certificates = map_new();
	facts->by_name = map_new();
	facts->domains = xcalloc(count, sizeof *facts->domains);
	facts->count = count;
	for (size_t i = 0; i < count; i++) {
		facts->domains[i].name = arena_text(&facts->arena, names[i]);
		*map_place(facts->by_name, names[i], NULL) =
		    &facts->domains[i];
	}
	if (!read_tables(facts, folder)) {
		check_facts_free(facts);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		if (facts->domains[i].mx_count > 1)
			qsort(facts->domains[i].mx, facts->domains[i].mx_count,
			    sizeof *facts->domains[i].mx, compare_mx);
	find_issuers(facts);
	return facts;
}

void
check_facts_free(struct check_facts *facts)
{
	if (facts == NULL)
		return;
	for (size_t i = 0; i < facts->count; i++)
		free(facts->domains[i].mx);
	free(facts->domains);
	map_free(facts->hosts);
	map_free(facts->sessions);
	map_free(facts->chains);
	map_free(facts->certificates);
	map_free(facts->by_name);
	arena_fini(&facts->arena);
	free(facts);
}

const struct check_domain *
check_facts_domain(const struct check_facts *facts, size_t index)
{
	return &facts->domains[index];
}
