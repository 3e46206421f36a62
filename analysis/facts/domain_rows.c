#include "analysis/facts/domain_rows.h"

#include <string.h>

#include "scanner/base/log.h"

bool
domain_rows_open(struct domain_rows *rows, int folder, const char *name)
{
	*rows = (struct domain_rows){ 0 };
	if (!part_open(&rows->domains, folder, TABLE_DOMAINS, name, false) ||
	    !part_open(&rows->mx, folder, TABLE_MX, name, true) ||
	    !part_open(&rows->policies, folder, TABLE_POLICIES, name, true))
		return false;
	rows->more_mx = part_next(&rows->mx);
	rows->more_policies = part_next(&rows->policies);
	return rows->more_mx >= 0 && rows->more_policies >= 0;
}

void
domain_rows_close(struct domain_rows *rows)
{
	part_close(&rows->domains);
	part_close(&rows->mx);
	part_close(&rows->policies);
}

static bool
is_at_end(const struct part *part, int more)
{
	if (more == 1)
		log_line("%s/%s: %s: not in domains, or not in order",
		    table_schemas[part->table].name, part->name,
		    table_get(part->row, 0));
	return more == 0;
}

int
domain_rows_next(struct domain_rows *rows)
{
	int result;

	if (rows->policy_is_taken)
		rows->more_policies = part_next(&rows->policies);
	rows->policy_is_taken = false;
	if (rows->more_policies < 0)
		return -1;
	result = part_next(&rows->domains);
	if (result == 0 && (!is_at_end(&rows->mx, rows->more_mx) ||
	    !is_at_end(&rows->policies, rows->more_policies)))
		return -1;
	return result;
}

/* Does the present row belong to the present domain? The domain is the first
 * column. */
static bool
is_of_domain(const struct domain_rows *rows, const struct part *part, int more)
{
	return more == 1 && strcmp(table_get(part->row, 0),
	    table_get(rows->domains.row, DOMAINS_DOMAIN)) == 0;
}

int
domain_rows_next_mx(struct domain_rows *rows)
{
	if (rows->mx_is_taken)
		rows->more_mx = part_next(&rows->mx);
	if (rows->more_mx < 0)
		return -1;
	rows->mx_is_taken = is_of_domain(rows, &rows->mx, rows->more_mx);
	return rows->mx_is_taken;
}

const struct table_reader *
domain_rows_policy(struct domain_rows *rows)
{
	rows->policy_is_taken = is_of_domain(rows, &rows->policies,
	    rows->more_policies);
	return rows->policy_is_taken ? rows->policies.row : NULL;
}
