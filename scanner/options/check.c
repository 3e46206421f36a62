/* check: checks what options require of each other, and a command of its
 * arguments. */
#include <stdlib.h>
#include <string.h>

#include "parsers/name.h"
#include "scanner/base/log.h"
#include "scanner/options/table.h"

/* RULES 11 (conduct): no command that connects starts before we say who we are.
 * Only a private network is exempt: then nothing else is contacted. */
static bool
check_conduct(struct options *options)
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t length;
	bool connects = options->probes > 0 || options->mta_sts == CHOICE_YES;
	bool is_unknown = options->ehlo == NULL || options->contact == NULL;

	if (options->ehlo != NULL && (name_from_text(options->ehlo,
	    strlen(options->ehlo), wire, &length) != NAME_OK ||
	    name_labels(wire) < 2)) {
		log_line("--ehlo %s: give a fully qualified name of this "
		    "machine, such as scan.example.org", options->ehlo);
		return false;
	}
	if (options->contact != NULL && strchr(options->contact, '@') == NULL &&
	    strncmp(options->contact, "https://", 8) != 0) {
		log_line("--contact %s: give an https URL or a mailbox",
		    options->contact);
		return false;
	}
	if (connects && is_unknown && options->allow_network.count == 0) {
		log_line("say who you are before you connect to strangers: "
		    "--ehlo NAME (of this machine, with reverse DNS) and "
		    "--contact URL; or --probes 0 --mta-sts no");
		return false;
	}
	options->only_allowed_networks = connects && is_unknown;
	if (options->ehlo == NULL)
		options->ehlo = "mxcensus.localdomain";
	return true;
}

/* Standard input can be read only once. */
static bool
check_standard_input(const struct options *options)
{
	size_t count = 0;

	for (size_t i = 0; i < options->argument_count; i++)
		count += strcmp(options->arguments[i], "-") == 0;
	for (size_t i = 0; i < options->delegations.count; i++)
		count += strcmp(options->delegations.paths[i], "-") == 0;
	if (options->delegations.count == 0 || count < 2)
		return true;
	log_line("--delegations -: standard input is named twice");
	return false;
}

static bool
check_arguments(const struct options *options, const struct command *command)
{
	if (options->argument_count < command->least) {
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

	for (size_t i = 0; option_entries[i].name != NULL; i++) {
		if (!options->given[i] || option_entries[i].kind != KIND_FORM)
			continue;
		if (form != NULL) {
			log_line("--%s and --%s: give only one of them", form->name,
			    option_entries[i].name);
			return false;
		}
		form = &option_entries[i];
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
		log_line("--source-address %s: not an address",
		    options->source_address);
		return false;
	}
	if (options->dns_prefix_rate == 0)
		options->dns_prefix_rate = SERVERS_OF_PREFIX *
		    options->dns_rate;
	if (options->forward != NULL && !is_forwarder(options->forward)) {
		log_line("--forward %s: not an address", options->forward);
		return false;
	}
	return options->dry_run || check_conduct(options);
}

bool
options_check(struct options *options, const struct command *command)
{
	const unsigned measuring = COMMAND_SCAN | COMMAND_CHECK |
	    COMMAND_TLSA_HOST;
	uint8_t wire[NAME_WIRE_MAX];
	size_t length;

	if (!check_arguments(options, command) || !check_form(options))
		return false;
	if (options->origin != NULL && name_from_text(options->origin,
	    strlen(options->origin), wire, &length) != NAME_OK) {
		log_line("--origin %s: not a domain name", options->origin);
		return false;
	}
	return (command->options & measuring) == 0 || check_measuring(options);
}
