/*
 * fuzz_mta_sts: a policy as a web server hands it out, or, where the first byte
 * is even, a TXT record of MTA-STS.
 */
#include <assert.h>
#include <string.h>

#include "parsers/mta_sts.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
check_record(const char *text, size_t length)
{
	char id[MTA_STS_ID_MAX + 1];

	if (!mta_sts_is_record(text, length)) {
		assert(length < 8 || memcmp(text, "v=STSv1;", 8) != 0);
		return;
	}
	if (!mta_sts_record_read(text, length, id))
		return;
	assert(id[0] != '\0' && strspn(id, "0123456789"
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
	    strlen(id));
	assert(memmem(text, length, id, strlen(id)) != NULL);
}

static void
check_pattern(const char *pattern)
{
	char host[300] = "a";

	assert(strlen(pattern) < 256);
	assert(pattern[strspn(pattern,
	    "abcdefghijklmnopqrstuvwxyz0123456789-.*")] == '\0');
	assert(strchr(pattern + 1, '*') == NULL);
	if (pattern[0] != '*') {
		assert(mta_sts_pattern_matches(pattern, pattern));
		return;
	}
	assert(!mta_sts_pattern_matches(pattern, pattern + 2) ||
	    strchr(pattern + 2, '.') == NULL);
	strcpy(host + 1, pattern + 1);
	assert(mta_sts_pattern_matches(pattern, host));
}

static void
check_policy(const char *text, size_t length)
{
	struct mta_sts_policy policy;

	if (!mta_sts_policy_read(&policy, text, length)) {
		assert(policy.mx == NULL && policy.mx_count == 0);
		return;
	}
	assert(length <= MTA_STS_POLICY_MAX);
	assert(policy.mode < MTA_STS_MODE_COUNT);
	assert(policy.max_age_s <= 9999999999);
	assert(policy.mode == MTA_STS_NONE || policy.mx_count > 0);
	for (size_t i = 0; i < policy.mx_count; i++) {
		check_pattern(policy.mx[i]);
		assert(i == 0 || strcmp(policy.mx[i - 1], policy.mx[i]) < 0);
	}
	mta_sts_policy_fini(&policy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = (const char *)bytes + 1;

	if (length == 0)
		return 0;
	if (bytes[0] % 2 == 0)
		check_record(text, length - 1);
	else
		check_policy(text, length - 1);
	return 0;
}
