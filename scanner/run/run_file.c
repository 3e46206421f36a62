#include "scanner/run/run_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/suffix.h"
#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/dns/recursive/anchor.h"
#include "scanner/run/vantage.h"
#include "scanner/version.h"

json_t *
run_file_program(void)
{
	json_t *object = json_object();
	struct version version;

	for (size_t i = 0; version_of(i, &version); i++)
		json_object_set_new(object, version.name,
		    json_string(version.text));
	return object;
}

/* Empty if nothing is known. */
static json_t *
warnings(void)
{
	json_t *array = json_array(), *cves = json_array();
	const char *flaw;

	for (size_t i = 0; (flaw = version_flaw(i)) != NULL; i++)
		json_array_append_new(cves, json_string(flaw));
	if (json_array_size(cves) > 0)
		json_array_append_new(array, json_pack("{s:s, s:O, s:s}",
		    "library", "libunbound", "may_have", cves,
		    "meaning", VERSION_FLAWS_MEANING));
	json_decref(cves);
	return array;
}

static json_t *
options_in_json(const struct options *options)
{
	json_t *object = json_object();
	const char *name;
	char value[1024];
	bool changes_facts;

	for (size_t i = 0; options_in_force(options, i, &name, value,
	    &changes_facts); i++)
		json_object_set_new(object, name, json_string(value));
	json_object_set_new(object, "probing",
	    json_boolean(options->probes != 0));
	return object;
}

static json_t *
anchors(const struct options *options)
{
	json_t *array = json_array();

	if (options->trust_anchor != NULL)
		json_array_append_new(array,
		    json_string(options->trust_anchor));
	for (size_t i = 0; options->trust_anchor == NULL &&
	    root_anchor(i) != NULL; i++)
		json_array_append_new(array, json_string(root_anchor(i)));
	return array;
}

static json_t *
vantage(const struct options *options)
{
	struct vantage seen;
	char machine[256] = "";

	(void)gethostname(machine, sizeof machine - 1);
	vantage_look(options, &seen);
	return json_pack("{s:s, s:b, s:b}", "machine", machine,
	    "ipv4", seen.has_ipv4, "ipv6", seen.has_ipv6);
}

/* A run is measured as a whole or in stages. */
static bool
is_same_way(const struct run_json *file, const struct options *options)
{
	const bool in_stages = json_object_get(file->root, "stages") != NULL;

	if (options_have_shard(options) ||
	    in_stages == (options->stage == STAGE_PLAN))
		return true;
	if (in_stages)
		log_line("%s is measured in stages: give --stage, or name "
		    "another folder with -o", options->run);
	else
		log_line("%s is measured as a whole: leave out --stage, or "
		    "name another folder with -o", options->run);
	return false;
}

/* Options that change facts must be those of the first start. */
static bool
holds(const struct run_json *file, const struct options *options)
{
	const char *name, *was;
	char value[1024];
	bool changes_facts, same = true;

	for (size_t i = 0; options_in_force(options, i, &name, value,
	    &changes_facts); i++) {
		was = run_json_option(file, name);
		if (!changes_facts || (was != NULL && strcmp(was, value) == 0))
			continue;
		log_line("--%s is '%s', and was '%s' when this run began", name,
		    value, was != NULL ? was : "");
		same = false;
	}
	if (!same && !options->force_resume)
		log_line("give the options of the first start, or another -o, "
		    "or --force-resume");
	return same || options->force_resume;
}

static bool
begin(struct run_json *file, const struct options *options, int64_t started_ms)
{
	struct suffix_list *suffixes = suffix_list_open();
	char started[CLOCK_TEXT_MAX];
	json_t *members;

	clock_text(started_ms, started);
	members = json_pack(
	    "{s:i, s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:s, s:s?, s:s}",
	    "format", RUN_FORMAT, "state", "measuring",
	    "program", run_file_program(),
	    "warnings", warnings(),
	    "options", options_in_json(options),
	    "trust_anchors", anchors(options),
	    /* The defaults of the workers' resolvers; --resolver-conf can
	     * change them. */
	    "qname_minimisation", "hosts, second attempts",
	    "root_store", vantage_ca_file(options),
	    "vantage", vantage(options),
	    "public_suffix_list", suffixes != NULL
	    ? suffix_list_version(suffixes) : "",
	    "notes", options->notes, "started_at", started);
	suffix_list_free(suffixes);
	if (members == NULL) {
		log_line("--notes, --ca-file and --trust-anchor: JSON has UTF-8 "
		    "alone, and one of them has other bytes");
		return false;
	}
	run_json_begin(file, members);
	/* What conclude says of the shards is put there. */
	if (options->stage == STAGE_PLAN)
		run_json_set(file, "stages", json_array());
	return true;
}

/* If the file exists but cannot be read, the run does not begin, so that the
 * options of the first start are not replaced. */
enum run_file_result
run_file_begin(struct run_json *file, struct folder *folder,
    const struct options *options, int64_t started_ms)
{
	enum run_json_result result = run_json_read(file, folder->descriptor);

	if (result == RUN_JSON_READ)
		return is_same_way(file, options) && holds(file, options)
		    ? RUN_FILE_HOLDS
		    : RUN_FILE_OF_OTHER_OPTIONS;
	if (result == RUN_JSON_UNREAD && errno == ENOENT) {
		if (!begin(file, options, started_ms))
			return RUN_FILE_OF_OTHER_OPTIONS;
		return run_file_write(file, folder) ? RUN_FILE_HOLDS
		    : RUN_FILE_NOT_WRITTEN;
	}
	log_line("%s/" RUN_JSON_FILE ": %s", folder->path, file->why);
	return RUN_FILE_BROKEN;
}

bool
run_file_write(struct run_json *file, struct folder *folder)
{
	run_json_set_state(file, RUN_MEASURING);
	if (run_json_write(file, folder->descriptor))
		return true;
	log_line("%s/" RUN_JSON_FILE ": %s", folder->path, strerror(errno));
	return false;
}
