/*
 * fuzz_policy_list: a policy list of a stranger. jansson, which refuses a text
 * at its first repeated key, is compared with the walk that reports all of
 * them.
 */
#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/policy/list.h"
#include "analysis/policy/repeated_keys.h"
#include "parsers/policy_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
on_repeated(void *tag, const char *pointer)
{
	assert(pointer[0] == '/');
	++*(size_t *)tag;
}

static void
check_keys(const char *text, size_t length)
{
	json_t *any = json_loadb(text, length, 0, NULL);
	json_t *strict = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
	size_t repeated = 0;

	if (any != NULL) {
		repeated_keys_tell(text, length, on_repeated, &repeated);
		assert((repeated == 0) == (strict != NULL));
	}
	json_decref(any);
	json_decref(strict);
}

static void
check_policy(const struct listed_policy *policy)
{
	assert(policy->mode == LIST_TESTING || policy->mode == LIST_ENFORCE);
	assert(policy->mxs.count > 0);
	for (size_t i = 0; i < policy->mxs.count; i++) {
		assert(policy_list_pattern_fault(policy->mxs.items[i]) == NULL);
		assert(policy->mxs.items[i][strcspn(policy->mxs.items[i],
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ*")] == '\0');
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = (const char *)bytes;
	struct policy_list list;
	bool good;

	check_keys(text, length);
	good = policy_list_read(&list, text, length);
	assert(good == (list.fault_count == 0));
	for (size_t i = 0; i < list.policy_count; i++) {
		check_policy(&list.policies[i]);
		assert(policy_list_name_fault(list.policies[i].name) == NULL);
	}
	for (size_t i = 0; i < list.alias_count; i++)
		check_policy(&list.aliases[i]);
	for (size_t i = 0; i < list.warning_count; i++)
		assert(list.warnings[i].pointer[0] == '/');
	assert(list.is_list || !good);
	for (size_t i = 0; i < list.fault_count; i++)
		assert(list.faults[i].pointer[0] == '/' ||
		    list.faults[i].pointer[0] == '\0');
	policy_list_fini(&list);
	return 0;
}
