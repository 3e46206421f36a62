/* A new key, its certificate, and the records of its names. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/commands/tlsa/tlsa_internal.h"
#include "scanner/crypto/self_signed.h"

/* A file that this process creates, and removes again unless everything
 * succeeds. */
struct new_file {
	const char	*path;
	mode_t		 mode;
	int		 descriptor;	/* -1: not made */
};

/* It never opens an existing file, not even a dangling link. The mode is right
 * before the first byte is written, whatever the umask. */
static bool
new_file_create(struct new_file *file)
{
	file->descriptor = open(file->path, O_WRONLY | O_CREAT | O_EXCL |
	    O_CLOEXEC, file->mode);
	if (file->descriptor >= 0) {
		if (fchmod(file->descriptor, file->mode) == 0)
			return true;
		log_line("%s: %s", file->path, strerror(errno));
	} else if (errno == EEXIST)
		log_line("%s: exists already, and is not overwritten",
		    file->path);
	else
		log_line("%s: %s", file->path, strerror(errno));
	return false;
}

static bool
new_file_write(struct new_file *file, const struct buffer *text)
{
	size_t done = 0;

	while (done < text->length) {
		ssize_t wrote = write(file->descriptor, text->bytes + done,
		    text->length - done);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			break;
		done += (size_t)wrote;
	}
	if (done == text->length && fsync(file->descriptor) == 0)
		return true;
	log_line("%s: %s", file->path, strerror(errno));
	return false;
}

static void
new_file_fini(struct new_file *file, bool keep)
{
	if (file->descriptor < 0)
		return;
	close(file->descriptor);
	if (!keep)
		unlink(file->path);
}

/* Makes both files and the records, or nothing. */
static bool
write_all(const struct self_signed *made, struct new_file *key,
    struct new_file *certificate, const struct buffer *records)
{
	bool good = new_file_create(key) && new_file_create(certificate) &&
	    new_file_write(key, &made->key_pem) &&
	    new_file_write(certificate, &made->certificate_pem) &&
	    tlsa_print(records);

	new_file_fini(key, good);
	new_file_fini(certificate, good);
	return good;
}

/* No signal ends the process between the creation of a file and its completion:
 * signals that can be blocked wait, and a failed write is an error. */
static void
hold_signals(sigset_t *before)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigaddset(&held, SIGQUIT);
	sigprocmask(SIG_BLOCK, &held, before);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

/* Reads a host name in the form of certificates: letters, digits, hyphens;
 * U-labels become A-labels. */
static char *
host_name(const char *text)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";
	uint8_t wire[NAME_WIRE_MAX];
	char name[NAME_TEXT_MAX];
	size_t length;

	if (name_from_input(text, strlen(text), wire, &length) == NAME_OK &&
	    name_is_host(wire) && name_labels(wire) >= 2) {
		name_to_text(wire, name);
		if (name[strspn(name, allowed)] == '\0')
			return xstrdup(name);
	}
	log_line("%s: not a fully qualified host name, such as "
	    "mx.example.com", text);
	return NULL;
}

/* Is it one of the names before it? Then it is in the certificate already. */
static bool
is_repeated(const char *name, char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static int
make(const struct tlsa_request *request,
    const struct record_options *record, char *const *names, size_t count)
{
	struct tlsa_parameters parameters = { 3, 1, 1 };
	struct new_file key = { record->key, 0600, -1 };
	struct new_file certificate = { record->certificate, 0644, -1 };
	char *default_key = xasprintf("%s.key", names[0]);
	char *default_certificate = xasprintf("%s.pem", names[0]);
	struct buffer rdata = { 0 }, records = { 0 };
	char owner[TLSA_OWNER_MAX], why[PEM_WHY_MAX];
	struct self_signed made;
	sigset_t before;
	bool good;

	if (key.path == NULL)
		key.path = default_key;
	if (certificate.path == NULL)
		certificate.path = default_certificate;
	self_signed_make(&made, (const char *const *)names, count,
	    (unsigned)record->rsa_bits, (int64_t)time(NULL));
	tlsa_record_make_from(&rdata, &parameters, made.public_key.bytes,
	    made.public_key.length, why);
	for (size_t i = 0; i < count; i++) {
		tlsa_owner_text(owner, request, names[i]);
		tlsa_record_line(&records, owner, request->ttl, &rdata,
		    request->generic);
	}
	hold_signals(&before);
	good = write_all(&made, &key, &certificate, &records);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (good)
		log_line("the key is in %s, the certificate in %s", key.path,
		    certificate.path);
	self_signed_fini(&made);
	buffer_fini(&rdata);
	buffer_fini(&records);
	free(default_key);
	free(default_certificate);
	return good ? EXIT_COMPLETE : EXIT_OUTPUT;
}

int
tlsa_new(const struct tlsa_request *request, const struct options *options)
{
	char **names = xcalloc(options->argument_count, sizeof *names);
	int status = EXIT_COMPLETE;
	char owner[TLSA_OWNER_MAX];
	size_t known = 0;

	for (size_t i = 0; i < options->argument_count; i++) {
		char *name = host_name(options->arguments[i]);

		if (name == NULL) {
			status = EXIT_USAGE;
			break;
		}
		if (is_repeated(name, names, known)) {
			free(name);
			continue;
		}
		names[known++] = name;
		if (!tlsa_owner_text(owner, request, name)) {
			log_line("%s: too long for an owner below it", name);
			status = EXIT_USAGE;
			break;
		}
	}
	if (status == EXIT_COMPLETE)
		status = make(request, &options->record, names, known);
	for (size_t i = 0; i < known; i++)
		free(names[i]);
	free(names);
	return status;
}
