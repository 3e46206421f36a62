/* opt_out_file: --opt-out, at the start, at a restart and at SIGHUP (RULES 11).
 * Its content never appears in the output: a count and its hash do. */
#include "scanner/base/log.h"
#include "scanner/base/whole_file.h"
#include "scanner/coordinator/coordinator.h"
#include "scanner/crypto/digest.h"

#define MIB_MAX	256

static void
tell_run_file(struct coordinator *coordinator)
{
	const struct buffer *text = &coordinator->opt_out_text;
	uint8_t sha256[SHA256_BYTES];
	char hex[SHA256_HEX];

	/* A dry run has none. */
	if (coordinator->run.root == NULL)
		return;
	digest_of(text->bytes, text->length, sha256);
	digest_to_hex(sha256, hex);
	run_json_set(&coordinator->run, "opt_out", json_pack("{s:I, s:s}",
	    "entries", (json_int_t)coordinator->opt_out.count,
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
	good = whole_file_read(path, "--opt-out", MIB_MAX, &text);
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
