#include "scanner/commands/zone/holdings.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"

/* What is known about an owner, in one number: the operator of its first name
 * server (0 if it has none), and whether it has a DS. */
#define HAS_DS		1u
#define OPERATOR_SHIFT	1
#define OPERATORS_MAX	(UINT32_MAX >> OPERATOR_SHIFT)

void
holdings_init(struct holdings *holdings, const char *name,
    const struct suffix_list *suffixes)
{
	*holdings = (struct holdings){
		.name = xstrdup(name), .whole = true, .suffixes = suffixes,
		.owners = keymap_new(), .servers = keymap_new(),
		.operated = keyset_new(), .operator_numbers = map_new(),
	};
}

void
holdings_fini(struct holdings *holdings)
{
	free(holdings->name);
	keymap_free(holdings->owners);
	keymap_free(holdings->servers);
	keyset_free(holdings->operated);
	map_free(holdings->operator_numbers);
	free(holdings->operators);
}

/* Returns what is known about the owner. In most files the records of an owner
 * are together, so the last owner is not looked up again. */
static uint32_t *
find_owner(struct holdings *holdings, const struct delegation_record *found)
{
	if (holdings->owner_length == found->owner_length &&
	    memcmp(holdings->owner, found->owner, found->owner_length) == 0)
		return holdings->known;
	holdings->owner_length = found->owner_length;
	memcpy(holdings->owner, found->owner, found->owner_length);
	holdings->known = keymap_place(holdings->owners, found->owner,
	    found->owner_length);
	return holdings->known;
}

static uint32_t
number_of(struct holdings *holdings, const char *operator)
{
	const char *name;
	void **place = map_place(holdings->operator_numbers, operator, &name);

	if (*place != NULL)
		return (uint32_t)(uintptr_t)*place;
	if (holdings->operator_count + 1 >= holdings->operator_size) {
		holdings->operator_size = holdings->operator_size * 2 + 64;
		holdings->operators = xreallocarray(holdings->operators,
		    holdings->operator_size, sizeof *holdings->operators);
	}
	holdings->operator_count++;
	assert(holdings->operator_count <= OPERATORS_MAX);
	holdings->operators[holdings->operator_count] =
	    (struct operator){ .name = name };
	*place = (void *)(uintptr_t)holdings->operator_count;
	return holdings->operator_count;
}

/* Returns the number of the registrable domain of a name server. */
static uint32_t
operator_of(struct holdings *holdings, const struct delegation_record *found)
{
	uint32_t *operator = keymap_place(holdings->servers, found->server,
	    found->server_length);
	char server[NAME_TEXT_MAX];
	const char *name;

	if (*operator != 0)
		return *operator;
	name_to_text(found->server, server);
	name = suffix_registrable(holdings->suffixes, server);
	*operator = number_of(holdings, name != NULL ? name : server);
	return *operator;
}

/* An operator counts once for each of its delegations. */
static void
count_another(struct holdings *holdings, const struct delegation_record *found,
    uint32_t operator)
{
	uint8_t key[NAME_WIRE_MAX + sizeof operator];

	memcpy(key, found->owner, found->owner_length);
	memcpy(key + found->owner_length, &operator, sizeof operator);
	if (keyset_add(holdings->operated, key,
	    found->owner_length + sizeof operator))
		holdings->operators[operator].delegations++;
}

bool
holdings_take_server(struct holdings *holdings,
    const struct delegation_record *found)
{
	uint32_t operator = operator_of(holdings, found);
	uint32_t *known = find_owner(holdings, found);
	uint32_t first = *known >> OPERATOR_SHIFT;

	if (first != 0) {
		if (first != operator)
			count_another(holdings, found, operator);
		return false;
	}
	*known |= operator << OPERATOR_SHIFT;
	holdings->operators[operator].delegations++;
	holdings->delegations++;
	holdings->signed_count += *known & HAS_DS;
	return true;
}

void
holdings_take_ds(struct holdings *holdings,
    const struct delegation_record *found)
{
	uint32_t *known = find_owner(holdings, found);

	holdings->algorithms[found->ds.algorithm]++;
	holdings->digests[found->ds.digest_type]++;
	if ((*known & HAS_DS) == 0 && *known >> OPERATOR_SHIFT != 0)
		holdings->signed_count++;
	*known |= HAS_DS;
}
