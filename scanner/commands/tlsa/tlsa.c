#include "scanner/commands/tlsa/tlsa.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/base/output.h"
#include "scanner/commands/tlsa/tlsa_internal.h"
#include "scanner/crypto/self_signed.h"
#include "scanner/options/refused_option.h"

#define TTL_MAX 2147483647	/* RFC 2181 section 8 */

enum {
	OPTION_USAGE = LONG_OPTION_BASE, OPTION_SELECTOR, OPTION_MATCHING_TYPE,
	OPTION_NAME, OPTION_PORT, OPTION_TTL, OPTION_GENERIC, OPTION_NEW,
	OPTION_RSA, OPTION_KEY, OPTION_CERTIFICATE, OPTION_ROLLOVER,
	OPTION_HELP,
};

static const struct option longs[] = {
	{ "usage", required_argument, NULL, OPTION_USAGE },
	{ "selector", required_argument, NULL, OPTION_SELECTOR },
	{ "matching-type", required_argument, NULL, OPTION_MATCHING_TYPE },
	{ "name", required_argument, NULL, OPTION_NAME },
	{ "port", required_argument, NULL, OPTION_PORT },
	{ "ttl", required_argument, NULL, OPTION_TTL },
	{ "generic", no_argument, NULL, OPTION_GENERIC },
	{ "new", no_argument, NULL, OPTION_NEW },
	{ "rsa", optional_argument, NULL, OPTION_RSA },
	{ "key", required_argument, NULL, OPTION_KEY },
	{ "certificate", required_argument, NULL, OPTION_CERTIFICATE },
	{ "rollover", no_argument, NULL, OPTION_ROLLOVER },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

const char tlsa_usage[] =
    "usage: mxcensus tlsa FILE... [options]\n"
    "       mxcensus tlsa --new NAME... [options]\n"
    "       mxcensus tlsa --rollover OLD NEW [options]\n"
    "       mxcensus tlsa --host NAME [options] [options of check]\n\n"
    "Prints TLSA records for a zone file. FILE is PEM (- is standard "
    "input):\n"
    "certificates, the server's first; a certificate request; a "
    "private or public\n"
    "key. Nothing is sent, but with --host: the MX host NAME is asked "
    "for what it\n"
    "shows, as mxcensus check would (--ehlo, --contact and the others).\n\n"
    "  --usage N          3: the server's own certificate or key "
    "(default); 2: that\n"
    "                     of its CA, which the server must then send "
    "along. 0 and 1\n"
    "                     are not for SMTP (RFC 7672 3.1.3)\n"
    "  --selector N       1: the public key (default); 0: the whole "
    "certificate\n"
    "  --matching-type N  1: SHA-256 (default); 2: SHA-512; 0: in full\n"
    "  --name NAME        the MX host (default: the first dNSName of "
    "the certificate\n"
    "                     that is no wildcard; else the owner is _25._tcp,\n"
    "                     relative). One that begins with _ is taken "
    "as the owner\n"
    "                     itself\n"
    "  --port N           default 25\n"
    "  --ttl SECONDS      default 3600\n"
    "  --generic          as TYPE52 (RFC 3597), for software that does "
    "not know TLSA\n\n"
    "  --new              a new key (ECDSA P-256) and a certificate, "
    "self-signed for\n"
    "                     three years, with these names; prints the 3 "
    "1 1 record of\n"
    "                     each\n"
    "  --rsa[=BITS]       an RSA key instead (2048)\n"
    "  --key FILE         where the key goes (default: NAME.key), with "
    "mode 0600\n"
    "  --certificate FILE where the certificate goes (default: "
    "NAME.pem). A file\n"
    "                     that is there is never overwritten\n\n"
    "  --rollover         the steps from the certificate or key OLD to "
    "NEW, and how\n"
    "                     long to wait between them; --ttl is that of "
    "the records\n"
    "                     published now\n\n"
    "With usage 0 and 2 the record is that of the first certificate in "
    "FILE if that\n"
    "is a CA's, else of the CA that issued it, which must then be in FILE.\n\n"
    "Exit status: 0 done, 2 usage, 65 FILE is not what it should be, "
    "74 output\n"
    "failed; with --host also 69 and 75, as of mxcensus check.\n";

static bool
parse_number(const char *option, const char *text, unsigned long least,
    unsigned long most, unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 10);
	if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 &&
	    *number >= least && *number <= most)
		return true;
	log_line("--%s %s: from %lu to %lu", option, text, least, most);
	return false;
}

static bool
parse_name(struct tlsa_options *options, const char *text)
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t length;

	if (name_from_input(text, strlen(text), wire, &length) != NAME_OK ||
	    name_labels(wire) == 0) {
		log_line("--name %s: not a domain name", text);
		return false;
	}
	name_to_text(wire, options->name);
	return true;
}

/* usage, selector, matching-type. */
static bool
set_parameter(struct tlsa_options *options, int option, const char *text)
{
	unsigned long number;
	bool good;

	options->has_parameters = true;
	switch (option) {
	case OPTION_USAGE:
		good = parse_number("usage", text, 0, 3, &number);
		options->parameters.usage = (uint8_t)number;
		return good;
	case OPTION_SELECTOR:
		good = parse_number("selector", text, 0, 1, &number);
		options->parameters.selector = (uint8_t)number;
		return good;
	default:
		good = parse_number("matching-type", text, 0, 2, &number);
		options->parameters.matching_type = (uint8_t)number;
		return good;
	}
}

static bool
set_action(struct tlsa_options *options, enum tlsa_action action)
{
	if (options->action != TLSA_OF_FILES && options->action != action) {
		log_line("--new or --rollover, not both");
		return false;
	}
	options->action = action;
	return true;
}

static bool
set(struct tlsa_options *options, int option, const char *text)
{
	unsigned long number = 0;
	bool good = true;

	switch (option) {
	case OPTION_NAME:
		return parse_name(options, text);
	case OPTION_PORT:
		good = parse_number("port", text, 1, 65535, &number);
		options->port = (unsigned)number;
		return good;
	case OPTION_TTL:
		good = parse_number("ttl", text, 0, TTL_MAX, &number);
		options->ttl = (uint32_t)number;
		return good;
	case OPTION_RSA:
		good = text == NULL || parse_number("rsa", text,
		    SELF_SIGNED_RSA_MIN, SELF_SIGNED_RSA_MAX, &number);
		options->rsa_bits = text == NULL ? SELF_SIGNED_RSA_MIN :
		    (unsigned)number;
		return good;
	case OPTION_GENERIC:
		options->generic = true;
		return true;
	case OPTION_KEY:
		options->key = text;
		return true;
	case OPTION_CERTIFICATE:
		options->certificate = text;
		return true;
	case OPTION_NEW:
		return set_action(options, TLSA_NEW);
	case OPTION_ROLLOVER:
		return set_action(options, TLSA_ROLLOVER);
	default:
		return set_parameter(options, option, text);
	}
}

/* What does not go together. */
static bool
check(const struct tlsa_options *options)
{
	const struct tlsa_parameters *parameters = &options->parameters;
	const char *why = NULL;

	if (options->action == TLSA_ROLLOVER && options->argument_count != 2)
		why = "--rollover takes two files: OLD NEW";
	else if (options->argument_count == 0)
		why = options->action == TLSA_NEW
		    ? "--new takes the names of the mail server"
		    : "name a file with a certificate or key, or - for "
		    "standard input";
	else if (options->action == TLSA_NEW && (options->has_parameters ||
	    options->name[0] != '\0'))
		why = "--new prints 3 1 1 records for its names: --usage, "
		    "--selector, --matching-type and --name are not for it";
	else if (options->action != TLSA_NEW && (options->rsa_bits != 0 ||
	    options->key != NULL || options->certificate != NULL))
		why = "--rsa, --key and --certificate go with --new";
	if (why != NULL) {
		log_line("%s", why);
		return false;
	}
	if (parameters->usage < 2)
		log_line("warning: senders of mail pay no regard to usage %u "
		    "(RFC 7672 3.1.3): publish usage 3 or 2",
		    parameters->usage);
	return true;
}

int
tlsa_parse(struct tlsa_options *options, int argc, char **argv)
{
	char owner[TLSA_OWNER_MAX];
	int value;

	*options = (struct tlsa_options){ .parameters = { 3, 1, 1 },
	    .port = 25, .ttl = 3600 };
	opterr = 0;
	optind = 0;
	while ((value = getopt_long(argc, argv, ":h", longs, NULL)) != -1) {
		if (value == '?' || value == ':') {
			refused_option_tell("tlsa", longs, value,
			    argv[optind - 1]);
			return EXIT_USAGE + 1;
		}
		if (value == 'h' || value == OPTION_HELP) {
			fputs(tlsa_usage, stdout);
			return EXIT_COMPLETE + 1;
		}
		if (!set(options, value, optarg))
			return EXIT_USAGE + 1;
	}
	options->arguments = argv + optind;
	options->argument_count = argc - optind;
	if (!tlsa_owner_text(owner, options, options->name)) {
		log_line("--name %s: too long for an owner below it",
		    options->name);
		return EXIT_USAGE + 1;
	}
	return check(options) ? 0 : EXIT_USAGE + 1;
}

bool
tlsa_owner_text(char owner[TLSA_OWNER_MAX], const struct tlsa_options *options,
    const char *name)
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t length;

	if (name[0] == '\0') {
		snprintf(owner, TLSA_OWNER_MAX, "_%u._tcp", options->port);
		return true;
	}
	if (name[0] == '_')
		snprintf(owner, TLSA_OWNER_MAX, "%s.", name);
	else
		snprintf(owner, TLSA_OWNER_MAX, "_%u._tcp.%s.", options->port,
		    name);
	return name_from_text(owner, strlen(owner), wire, &length) == NAME_OK;
}

int
tlsa_of_file(struct buffer *rdata, struct pem_file *file, const char *path,
    const struct tlsa_parameters *parameters)
{
	enum tlsa_record_fault fault;
	char why[PEM_WHY_MAX];

	if (!pem_file_read(file, path, why)) {
		log_line("%s: %s", path, why);
		return EXIT_INPUT;
	}
	fault = tlsa_record_make(rdata, file, parameters, why);
	if (fault == TLSA_RECORD_MADE)
		return EXIT_COMPLETE;
	log_line("%s: %s", path, why);
	pem_file_fini(file);
	/* A key has no certificate: another option, not another file. */
	return fault == TLSA_RECORD_NO_CERTIFICATE ? EXIT_USAGE : EXIT_INPUT;
}

bool
tlsa_print(const struct buffer *text)
{
	fwrite(text->bytes, 1, text->length, stdout);
	return output_flush();
}

int
tlsa_print_file(const struct tlsa_options *options, const char *path)
{
	struct buffer rdata = { 0 }, text = { 0 };
	char owner[TLSA_OWNER_MAX];
	struct pem_file file;
	int status = tlsa_of_file(&rdata, &file, path, &options->parameters);

	if (status == EXIT_COMPLETE) {
		if (!tlsa_owner_text(owner, options, options->name[0] != '\0'
		    ? options->name : file.name))
			tlsa_owner_text(owner, options, "");
		tlsa_record_line(&text, owner, options->ttl, &rdata,
		    options->generic);
		if (!tlsa_print(&text))
			status = EXIT_OUTPUT;
		pem_file_fini(&file);
	}
	buffer_fini(&rdata);
	buffer_fini(&text);
	return status;
}

int
tlsa_command(int argc, char **argv)
{
	struct tlsa_options options;
	int status;

	/* What is asked for there is measured, with the options of that. */
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--host") == 0 ||
		    strncmp(argv[i], "--host=", 7) == 0)
			return tlsa_host(argc, argv);
	status = tlsa_parse(&options, argc, argv);
	if (status != 0)
		return status - 1;
	if (options.action == TLSA_NEW)
		return tlsa_new(&options);
	if (options.action == TLSA_ROLLOVER)
		return tlsa_rollover(&options);
	status = EXIT_COMPLETE;
	for (int i = 0; i < options.argument_count; i++) {
		int one = tlsa_print_file(&options, options.arguments[i]);

		status = one > status ? one : status;
	}
	return status;
}
