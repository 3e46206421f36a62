#include "scanner/coordinator/work/source_names.h"

#include <stdio.h>
#include <string.h>

#include "scanner/base/log.h"

static void
tell(const struct options *options, enum source_name state,
    const char *address, const char *name)
{
	const char *ehlo = options->ehlo;

	switch (state) {
	case SOURCE_AGREES:
		if (!options->quiet)
			log_info("the source address %s has the reverse name "
			    "%s, as --ehlo says", address, name);
		return;
	case SOURCE_NOT_CONFIRMED:
		log_warning("the source address %s has the reverse name of "
		    "--ehlo, %s, and this name does not have the address: mail "
		    "servers may refuse it", address, ehlo);
		return;
	case SOURCE_DIFFERS:
		log_warning("the source address %s has the reverse name %s, "
		    "and --ehlo is %s: whoever looks it up does not find you",
		    address, name, ehlo);
		return;
	case SOURCE_NO_NAME:
		log_warning("the source address %s has no reverse name (PTR), "
		    "and --ehlo is %s: whoever looks it up does not find you",
		    address, ehlo);
		return;
	case SOURCE_NOT_KNOWN:
		log_warning("the reverse name of the source address %s could "
		    "not be looked up: it should be %s (--ehlo)", address,
		    ehlo);
		return;
	default:
		if (!options->quiet)
			log_info("the source address %s is not public, so its "
			    "reverse name cannot be checked: the public one "
			    "should have the name %s (--ehlo)", address, ehlo);
	}
}

void
source_names_take(struct work *work, unsigned family, enum source_name state,
    const char *text)
{
	const json_t *conduct = json_object_get(work->run->file.root,
	    "conduct");
	json_t *names = json_deep_copy(json_object_get(conduct, "ptr"));
	const char *space = strchr(text, ' ');
	char address[ADDRESS_TEXT_MAX];

	if (names == NULL)
		names = json_object();
	json_object_set_new(names, family == 4 ? "ipv4" : "ipv6",
	    json_string(source_name_text(state)));
	run_json_set(&work->run->file, "conduct", json_pack("{s:o}", "ptr",
	    names));
	(void)run_file_write(&work->run->file, &work->run->folder);
	snprintf(address, sizeof address, "%.*s", space == NULL
	    ? (int)strlen(text) : (int)(space - text), text);
	tell(work->options, state, address, space == NULL ? "" : space + 1);
}
