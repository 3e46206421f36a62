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

#define RUN_FILE "run.json"

static json_t *
program(void)
{
	json_t *object = json_object();
	struct version version;

	for (size_t i = 0; version_of(i, &version); i++)
		json_object_set_new(object, version.name,
		    json_string(version.text));
	return object;
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

/* Options that change facts must be those of the first start. */
static bool
holds(const struct options *options, const json_t *first)
{
	const json_t *before = json_object_get(first, "options");
	const char *name, *was;
	char value[1024];
	bool changes_facts, same = true;

	for (size_t i = 0; options_in_force(options, i, &name, value,
	    &changes_facts); i++) {
		was = json_string_value(json_object_get(before, name));
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

static json_t *
read_file(struct folder *folder)
{
	int descriptor = folder_read(folder, RUN_FILE);
	json_t *json = NULL;

	if (descriptor >= 0) {
		json = json_loadfd(descriptor, JSON_REJECT_DUPLICATES, NULL);
		close(descriptor);
	}
	return json;
}

static json_t *
make_new(const struct options *options, int64_t started_ms)
{
	struct suffix_list *suffixes = suffix_list_open();
	char started[CLOCK_TEXT_MAX];
	json_t *json;

	clock_text(started_ms, started);
	json = json_pack("{s:s, s:o, s:o, s:o, s:s, s:s, s:o, s:s, s:s?, s:s}",
	    "state", "measuring", "program", program(),
	    "options", options_in_json(options),
	    "trust_anchors", anchors(options),
	    /* The worker's lanes; --resolver-conf can say otherwise. */
	    "qname_minimisation", "hosts, second attempts",
	    "root_store", vantage_ca_file(options),
	    "vantage", vantage(options),
	    "public_suffix_list", suffixes != NULL
	    ? suffix_list_version(suffixes) : "",
	    "notes", options->notes, "started_at", started);
	suffix_list_free(suffixes);
	return json;
}

bool
run_file_begin(struct run_file *file, struct folder *folder,
    const struct options *options, int64_t started_ms)
{
	file->json = read_file(folder);
	if (file->json != NULL)
		return holds(options, file->json);
	file->json = make_new(options, started_ms);
	return file->json != NULL && run_file_write(file, folder);
}

bool
run_file_is_sealed(const struct run_file *file)
{
	const char *state = json_string_value(json_object_get(file->json,
	    "state"));

	return state != NULL && strcmp(state, "sealed") == 0;
}

void
run_file_set(struct run_file *file, const char *name, json_t *value)
{
	json_object_set_new(file->json, name, value);
}

char *
run_file_text(struct run_file *file, const char *state)
{
	char now[CLOCK_TEXT_MAX];

	clock_text(clock_ms(), now);
	run_file_set(file, "state", json_string(state));
	run_file_set(file, "written_at", json_string(now));
	return json_dumps(file->json, JSON_INDENT(2));
}

bool
run_file_write(struct run_file *file, struct folder *folder)
{
	char *text = run_file_text(file, "measuring");
	bool good = text != NULL && folder_replace(folder, RUN_FILE, text,
	    strlen(text));

	free(text);
	if (!good)
		log_line("%s/%s: %s", folder->path, RUN_FILE, strerror(errno));
	return good;
}

void
run_file_fini(struct run_file *file)
{
	json_decref(file->json);
	file->json = NULL;
}
