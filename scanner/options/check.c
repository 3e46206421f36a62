/* check: checks what options require of each other, and a command of its
 * arguments. */
#include <stdlib.h>
#include <string.h>

#include "parsers/name.h"
#include "scanner/base/log.h"
#include "scanner/options/contact.h"
#include "scanner/options/inside_run.h"
#include "scanner/options/table.h"
#include "scanner/options/vantage_name.h"

/* Says what is wrong with the value of an option that was given. */
static bool
refuse(const struct options *options, const char *name, const char *why)
{
	return given_refuse(options, options_given(options, name), why);
}

/* Is it the name of a host, or of a zone (which may be the root)? */
static bool
is_name(const char *text, bool is_zone)
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t length;

	return name_from_input(text, strlen(text), wire, &length) == NAME_OK &&
	    (name_is_host(wire) || (is_zone && name_labels(wire) == 0));
}

/* RULES 11 (conduct): no command that connects starts before we say who we are.
 * Only a private network is exempt: then nothing else is contacted. */
static bool
check_conduct(struct options *options)
{
	bool connects = options->probes > 0 || options->mta_sts == CHOICE_YES;
	bool is_unknown = options->ehlo == NULL || options->contact == NULL;

	if (options->ehlo != NULL && !name_is_smtp_domain(options->ehlo)) {
		return refuse(options, "ehlo", "give a fully qualified name of "
		    "this machine, such as scan.example.org");
	}
	if (options->contact != NULL && !contact_is_good(options->contact, 1)) {
		return refuse(options, "contact", "give an https URL or a "
		    "mailbox");
	}
	/* A shard has the options of its plan, which were checked. */
	if (connects && is_unknown && options->allow_network.count == 0 &&
	    !options_have_shard(options)) {
		log_line("say who you are before you connect to strangers: "
		    "--ehlo NAME (of this machine, with reverse DNS) and "
		    "--contact URL; or --probes 0 --mta-sts no");
		return false;
	}
	options->only_allowed_networks = connects && is_unknown;
	if (options->ehlo == NULL)
		options->ehlo = EHLO_OF_NOBODY;
	return true;
}

/* Standard input can be read only once. */
static bool
check_standard_input(const struct options *options)
{
	const char *name = "delegations";
	size_t count = 0;

	for (size_t i = 0; i < options->argument_count; i++)
		count += strcmp(options->arguments[i], "-") == 0;
	for (size_t i = 0; i < options->delegations.count; i++)
		count += strcmp(options->delegations.paths[i], "-") == 0;
	if (options->config != NULL && strcmp(options->config, "-") == 0)
		name = "config";
	count += strcmp(name, "config") == 0;
	if ((options->delegations.count == 0 && strcmp(name, "config") != 0) ||
	    count < 2)
		return true;
	log_line("--%s -: standard input is named twice", name);
	return false;
}

/* The plan of the run has read the inputs. */
static bool
check_shard_inputs(const struct options *options)
{
	if (options->argument_count == 0 && options->delegations.count == 0)
		return true;
	log_line("--stage %s: the plan of the run has read the inputs: name "
	    "none", stage_text((enum stage)options->stage));
	return false;
}

static bool
check_stage(const struct options *options)
{
	const char *stage = stage_text((enum stage)options->stage);

	if (options->stage != STAGE_ALL && options->dry_run) {
		log_line("--dry-run is for whole runs: leave out --stage");
		return false;
	}
	if (!options_have_shard(options) && options->shard.count > 0) {
		log_line("--shard is for the stages domains, hosts and "
		    "probes: name one with --stage");
		return false;
	}
	if (options_have_shard(options) && options->shard.count == 0) {
		log_line("--stage %s: say which shard: --shard I/N", stage);
		return false;
	}
	return !options_have_shard(options) || check_shard_inputs(options);
}

static bool
check_arguments(const struct options *options, const struct command *command)
{
	if (options->argument_count < command->least &&
	    !options_have_shard(options)) {
		log_line("%s", command->too_few);
		return false;
	}
	if (options->argument_count > command->most) {
		log_line("%s", command->too_many);
		return false;
	}
	if ((command->options & COMMAND_SCAN) != 0 && options->run == NULL &&
	    !options->dry_run) {
		log_line("name a folder for the run: -o RUN");
		return false;
	}
	return check_standard_input(options);
}

/* An answer can only have one form. */
static bool
check_form(const struct options *options)
{
	const struct option_entry *form = NULL;

	for (size_t i = 0; i < options->given.count; i++) {
		const struct given *given = &options->given.all[i];

		if (given->entry->kind != KIND_FORM || given->entry == form ||
		    (given->text != NULL && strcmp(given->text, "no") == 0))
			continue;
		if (form != NULL) {
			log_line("--%s and --%s: give only one of them",
			    form->name, given->entry->name);
			return false;
		}
		form = given->entry;
	}
	return true;
}

#define SERVERS_OF_PREFIX	4	/* may be asked at --dns-rate */

/* An address, and a port after an @, as libunbound reads it. */
static bool
is_forwarder(const char *text)
{
	size_t length = strcspn(text, "@%");
	const char *port = strchr(text, '@');
	struct address address;

	if (!address_from_text(text, length, &address))
		return false;
	return port == NULL || (port[1] != '0' && port[1] != '\0' &&
	    strlen(port + 1) <= 5 && port[1 + strspn(port + 1, "0123456789")]
	    == '\0' && strtoul(port + 1, NULL, 10) <= 65535);
}

/* A budget is never less than 1, so it is not exceeded only if there are no more
 * shards than that. */
static void
divide(struct options *options, uint64_t *budget, const char *name)
{
	if (*budget < options->shard.count && options->undivided == NULL)
		options->undivided = name;
	*budget = *budget < options->shard.count ? 1
	    : *budget / options->shard.count;
}

/* RULES K15: what a run may do at a time, or in a second, is divided by the
 * shards of a stage. */
static void
share_budgets(struct options *options)
{
	if (options->stage == STAGE_PROBES) {
		if (options->rate > 0)
			divide(options, &options->rate, "rate");
		return;
	}
	divide(options, &options->dns_rate, "dns-rate");
	divide(options, &options->dns_prefix_rate, "dns-prefix-rate");
	divide(options, &options->dns_inflight, "dns-inflight");
	if (options->stage == STAGE_DOMAINS)
		divide(options, &options->policy_fetches, "policy-fetches");
}

/* Of commands that connect, as mxcensus scan does. */
static bool
check_measuring(struct options *options)
{
	struct address address;

	if (options->ipv4_only && options->ipv6_only) {
		log_line("--ipv4-only and --ipv6-only exclude each other");
		return false;
	}
	if (options->source_address != NULL && !address_from_text(
	    options->source_address, strlen(options->source_address),
	    &address)) {
		return refuse(options, "source-address", "not an address");
	}
	if (options->log_format == LOG_FORMAT_JSON &&
	    options->progress == CHOICE_ALWAYS) {
		log_line("--log-format json and --progress always: a live line "
		    "is not JSON: give only one of them");
		return false;
	}
	if (options->forward != NULL && !is_forwarder(options->forward))
		return refuse(options, "forward", "not an address");
	if (options_have_shard(options))
		share_budgets(options);
	return options->dry_run || check_conduct(options);
}

void
options_derive(struct options *options)
{
	if (options->dns_prefix_rate == 0)
		options->dns_prefix_rate = SERVERS_OF_PREFIX *
		    options->dns_rate;
}

/* openssl takes - for standard output, and other programs as well. Nobody means
 * a file of this name, which is hard to remove. */
static bool
check_standard_output(const struct options *options)
{
	const struct {
		const char *option, *path;
	} written[] = {
		{ "output", options->output }, { "output", options->run },
		{ "csv", options->csv },
		{ "reasons", options->policy.reasons },
		{ "metrics-file", options->metrics_file },
		{ "key", options->record.key },
		{ "certificate", options->record.certificate },
	};

	for (size_t i = 0; i < sizeof written / sizeof *written; i++)
		if (written[i].path != NULL && strcmp(written[i].path, "-") ==
		    0)
			return refuse(options, written[i].option, "this is not "
			    "written to standard output: give a path (./- is "
			    "one, too)");
	return true;
}

/* What has hashes stays as it is. */
static bool
check_written(const struct options *options)
{
	const struct {
		const char *option, *path;
	} written[] = {
		{ "output", options->output }, { "output", options->run },
		{ "csv", options->csv },
		{ "reasons", options->policy.reasons },
	};

	for (size_t i = 0; i < sizeof written / sizeof *written; i++)
		if (written[i].path != NULL && is_inside_run(written[i].path))
			return refuse(options, written[i].option, "this is in "
			    "the folder of a sealed run, which has to stay as "
			    "it is");
	return true;
}

bool
options_check(struct options *options, const struct command *command)
{
	const unsigned measuring = COMMAND_SCAN | COMMAND_CHECK |
	    COMMAND_TLSA_HOST;

	if (!check_arguments(options, command) || !check_form(options) ||
	    !check_stage(options) || !check_standard_output(options) ||
	    !check_written(options))
		return false;
	if (options->origin != NULL && !is_name(options->origin, true))
		return refuse(options, "origin", "not a domain name");
	/* "none" is a name, too. */
	if (options->canary != NULL && !is_name(options->canary, false))
		return refuse(options, "canary", "not a host name");
	if (options->vantage != NULL &&
	    !vantage_name_is_good(options->vantage)) {
		log_line("--vantage %s: a name is a letter, and at most 31 "
		    "letters, digits, hyphens, underscores and dots (two dots at "
		    "most)", options->vantage);
		return false;
	}
	return (command->options & measuring) == 0 || check_measuring(options);
}
