/* opt_out_file: --opt-out, at the start, at a restart and at SIGHUP (RULES 11).
 * Its content never appears in the output: a count and its hash do. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/coordinator/coordinator.h"
#include "scanner/crypto/digest.h"

#define FILE_BYTES_MAX ((size_t)256 << 20)

static bool
read_file(const char *path, struct buffer *text)
{
	FILE *file = fopen(path, "r");
	size_t length = 0;
	bool good;

	if (file == NULL) {
		log_line("--opt-out %s: %s", path, strerror(errno));
		return false;
	}
	do {
		length = fread(buffer_reserve(text, 65536), 1, 65536, file);
		text->length += length;
	} while (length > 0 && text->length <= FILE_BYTES_MAX);
	good = !ferror(file) && text->length <= FILE_BYTES_MAX;
	if (!good)
		log_line("--opt-out %s: %s", path, ferror(file)
		    ? strerror(errno) : "larger than 256 MiB");
	fclose(file);
	return good;
}

static void
tell_run_file(struct coordinator *coordinator)
{
	const struct buffer *text = &coordinator->opt_out_text;
	uint8_t sha256[SHA256_BYTES];
	char hex[SHA256_HEX];

	digest_of(text->bytes, text->length, sha256);
	digest_to_hex(sha256, hex);
	json_object_set_new(coordinator->run, "opt_out", json_pack(
	    "{s:I, s:s}", "entries", (json_int_t)coordinator->opt_out.count,
	    "sha256", hex));
}

bool
opt_out_load(struct coordinator *coordinator)
{
	const char *path = coordinator->options->opt_out;
	struct opt_out opt_out = { 0 };
	struct buffer text = { 0 };
	size_t line;
	bool good;

	if (path == NULL)
		return true;
	good = read_file(path, &text);
	if (good && !opt_out_read(&opt_out, (const char *)text.bytes,
	    text.length, &line)) {
		log_line("%s:%zu: neither a domain name nor an address nor a "
		    "prefix", path, line);
		good = false;
	}
	if (!good) {
		opt_out_fini(&opt_out);
		buffer_fini(&text);
		return false;
	}
	opt_out_fini(&coordinator->opt_out);
	buffer_fini(&coordinator->opt_out_text);
	coordinator->opt_out = opt_out;
	coordinator->opt_out_text = text;
	tell_run_file(coordinator);
	return true;
}
