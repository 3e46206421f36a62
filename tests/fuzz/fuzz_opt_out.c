/*
 * fuzz_opt_out: a list that is read contains each of its lines that is a name
 * or an address by itself; a list that is refused gives a line number and a
 * hint that a terminal can show.
 */
#include <assert.h>
#include <string.h>

#include "parsers/host_name.h"
#include "parsers/opt_out.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
check_line(const struct opt_out *opt_out, const char *line, size_t length)
{
	struct prefix prefix;
	char name[NAME_TEXT_MAX], why[HOST_NAME_WHY_MAX];

	if (memchr(line, '#', length) != NULL)
		return;
	if (prefix_from_text(line, length, &prefix)) {
		assert(opt_out_has_address(opt_out, &prefix.base));
	} else if (host_name_read(line, length, name, why)) {
		assert(opt_out_has_name(opt_out, name));
		assert(strpbrk(name[0] == '\\' ? name + 1 : name, "\\*@") ==
		    NULL);
	}
}

static void
check_prefixes(const struct prefix_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		assert(set->prefixes[i].length > 0);
		assert(i == 0 || address_compare(&set->prefixes[i - 1].base,
		    &set->prefixes[i].base) < 0);
		assert(i == 0 || !prefix_contains(&set->prefixes[i - 1],
		    &set->prefixes[i].base));
	}
}

static void
check_fault(const struct entry_fault *fault, size_t lines)
{
	assert(fault->line >= 1 && fault->line <= lines);
	assert(fault->why[0] != '\0');
	for (const char *at = fault->why; *at != '\0'; at++)
		assert(*at >= ' ' && *at <= '~');
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = (const char *)bytes, *end = text + length;
	struct opt_out opt_out = { 0 };
	struct entry_fault fault;
	size_t lines = 1;

	for (const char *at = text; at < end; at++)
		lines += *at == '\n';
	if (opt_out_read(&opt_out, text, length, &fault)) {
		while (text < end) {
			const char *stop = memchr(text, '\n',
			    (size_t)(end - text));

			if (stop == NULL)
				stop = end;
			check_line(&opt_out, text, (size_t)(stop - text));
			text = stop + 1;
		}
		check_prefixes(&opt_out.prefixes);
	} else {
		check_fault(&fault, lines);
	}
	opt_out_fini(&opt_out);
	return 0;
}
