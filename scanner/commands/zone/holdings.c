#include "scanner/commands/zone/holdings.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"

void
holdings_init(struct holdings *holdings, const char *name)
{
	*holdings = (struct holdings){
		.name = xstrdup(name), .whole = true,
		.delegations = keyset_new(), .owners_of_ds = keyset_new(),
		.servers = keyset_new(), .operators = map_new(),
		.operated = keyset_new(),
	};
}

void
holdings_fini(struct holdings *holdings)
{
	const char *key;
	void *value;
	size_t index = 0;

	while (map_next(holdings->operators, &index, &key, &value))
		free(value);
	free(holdings->name);
	keyset_free(holdings->delegations);
	keyset_free(holdings->owners_of_ds);
	keyset_free(holdings->servers);
	keyset_free(holdings->operated);
	map_free(holdings->operators);
}

static void
count_operator(struct holdings *holdings, const uint8_t *owner, size_t length,
    const char *operator)
{
	uint8_t key[NAME_WIRE_MAX + NAME_TEXT_MAX];
	size_t size = strlen(operator);
	void **place;

	memcpy(key, owner, length);
	memcpy(key + length, operator, size);
	if (!keyset_add(holdings->operated, key, length + size))
		return;
	place = map_place(holdings->operators, operator, NULL);
	if (*place == NULL)
		*place = xcalloc(1, sizeof(uint64_t));
	++*(uint64_t *)*place;
}

/* True if the owner is a new delegation. */
bool
holdings_take_server(struct holdings *holdings, const struct delegation_record *found,
    const char *operator)
{
	bool is_new = keyset_add(holdings->delegations, found->owner,
	    found->owner_length);

	(void)keyset_add(holdings->servers, found->server,
	    found->server_length);
	count_operator(holdings, found->owner, found->owner_length, operator);
	/* Its DS stood before it. */
	if (is_new && holdings->early_ds > 0 && keyset_has(
	    holdings->owners_of_ds, found->owner, found->owner_length)) {
		holdings->early_ds--;
		holdings->signed_count++;
	}
	return is_new;
}

void
holdings_take_ds(struct holdings *holdings, const struct delegation_record *found)
{
	holdings->algorithms[found->algorithm]++;
	holdings->digests[found->digest_type]++;
	if (!keyset_add(holdings->owners_of_ds, found->owner,
	    found->owner_length))
		return;
	if (keyset_has(holdings->delegations, found->owner,
	    found->owner_length))
		holdings->signed_count++;
	else
		holdings->early_ds++;
}
