#include "scanner/commands/tlsa/tlsa.h"

#include <stdio.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/base/output.h"
#include "scanner/commands/domain_argument.h"
#include "scanner/commands/tlsa/tlsa_internal.h"
#include "scanner/options/options.h"

/* Returns which options cannot be combined; NULL if all can. */
static const char *
fault_of(const struct options *options)
{
	const struct record_options *record = &options->record;
	bool has_parameters = record->usage != 3 || record->selector != 1 ||
	    record->matching_type != 1;

	/* On the command line it makes another command of this. */
	if (record->host != NULL)
		return "host is in the configuration file: give --host NAME on "
		    "the command line";
	if (record->is_new && record->is_rollover)
		return "--new or --rollover, not both";
	if (record->is_rollover && options->argument_count != 2)
		return "--rollover takes two files: OLD NEW";
	if (options->argument_count == 0)
		return record->is_new
		    ? "--new takes the names of the mail server"
		    : "name a file with a certificate or key, or - for "
		    "standard input";
	if (record->is_new && (has_parameters || record->name != NULL))
		return "--new prints 3 1 1 records for its names: --usage, "
		    "--selector, --matching-type and --name are not for it";
	if (!record->is_new && (record->rsa_bits != 0 ||
	    record->key != NULL || record->certificate != NULL))
		return "--rsa, --key and --certificate go with --new";
	return NULL;
}

/* Writes "" if no name was given. Returns false after a message. */
static bool
read_name(const char *text, char name[NAME_TEXT_MAX])
{
	name[0] = '\0';
	return text == NULL || domain_argument_read("--name", text, name);
}

bool
tlsa_request_make(struct tlsa_request *request, const struct options *options)
{
	const struct record_options *record = &options->record;
	char owner[TLSA_OWNER_MAX];

	*request = (struct tlsa_request){
		.parameters = { (uint8_t)record->usage,
		    (uint8_t)record->selector, (uint8_t)record->matching_type },
		.port = (unsigned)options->port, .ttl = (uint32_t)record->ttl,
		.generic = record->generic,
	};
	if (!read_name(record->name, request->name))
		return false;
	request->is_owner = request->name[0] == '_';
	if (!tlsa_owner_text(owner, request, request->name)) {
		log_line("--name %s: too long for an owner below it",
		    request->name);
		return false;
	}
	if (record->usage < 2)
		log_warning("mail servers ignore usage %u (RFC 7672 "
		    "3.1.3): publish usage 3 or 2",
		    (unsigned)record->usage);
	return true;
}

bool
tlsa_owner_text(char owner[TLSA_OWNER_MAX], const struct tlsa_request *request,
    const char *name)
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t length;

	if (name[0] == '\0') {
		snprintf(owner, TLSA_OWNER_MAX, "_%u._tcp", request->port);
		return true;
	}
	if (request->is_owner)
		snprintf(owner, TLSA_OWNER_MAX, "%s.", name);
	else
		snprintf(owner, TLSA_OWNER_MAX, "_%u._tcp.%s.", request->port,
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
	/* A key has no certificate, so another option is needed, not another
	 * file. */
	return fault == TLSA_RECORD_NO_CERTIFICATE ? EXIT_USAGE : EXIT_INPUT;
}

bool
tlsa_print(const struct buffer *text)
{
	fwrite(text->bytes, 1, text->length, stdout);
	return output_flush();
}

int
tlsa_print_file(const struct tlsa_request *request, const char *path)
{
	struct buffer rdata = { 0 }, text = { 0 };
	char owner[TLSA_OWNER_MAX];
	struct pem_file file;
	int status = tlsa_of_file(&rdata, &file, path, &request->parameters);

	if (status == EXIT_COMPLETE) {
		if (!tlsa_owner_text(owner, request, request->name[0] != '\0'
		    ? request->name : file.name))
			tlsa_owner_text(owner, request, "");
		tlsa_record_line(&text, owner, request->ttl, &rdata,
		    request->generic);
		if (!tlsa_print(&text))
			status = EXIT_OUTPUT;
		pem_file_fini(&file);
	}
	buffer_fini(&rdata);
	buffer_fini(&text);
	return status;
}

int
tlsa_command(const struct options *options)
{
	const char *fault = fault_of(options);
	struct tlsa_request request;
	int status = EXIT_COMPLETE;

	if (fault != NULL) {
		log_line("%s", fault);
		return EXIT_USAGE;
	}
	if (!tlsa_request_make(&request, options))
		return EXIT_USAGE;
	if (options->record.is_new)
		return tlsa_new(&request, options);
	if (options->record.is_rollover)
		return tlsa_rollover(&request, options->arguments[0],
		    options->arguments[1]);
	for (size_t i = 0; i < options->argument_count; i++) {
		int one = tlsa_print_file(&request, options->arguments[i]);

		status = one > status ? one : status;
	}
	return status;
}
