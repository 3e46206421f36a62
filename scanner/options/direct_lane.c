#include "scanner/options/direct_lane.h"

#include <unistd.h>

#include "parsers/root_files.h"
#include "scanner/base/whole_file.h"
#include "scanner/options/options.h"

#define ANCHOR_MIB_MAX	16

/* L3. */
static bool
has_root_only(const char *path)
{
	struct buffer text = { 0 };
	bool good;

	if (path == NULL)
		return true;
	/* The resolver reports that it cannot be read. */
	if (access(path, R_OK) != 0)
		return false;
	good = whole_file_read(path, "--trust-anchor", ANCHOR_MIB_MAX,
	    &text) && trust_anchors_are_of_root((const char *)text.bytes,
	    text.length);
	buffer_fini(&text);
	return good;
}

bool
direct_lane_is_wanted(const struct options *options)
{
	return options->lane == CHOOSE_LANE_AUTO && options->forward == NULL &&
	    options->resolver_conf == NULL;
}

bool
direct_lane_is_allowed(const struct options *options)
{
	return direct_lane_is_wanted(options) &&
	    has_root_only(options->trust_anchor);
}
