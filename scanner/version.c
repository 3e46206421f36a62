#include "scanner/version.h"

#include <ev.h>
#include <idn2.h>
#include <jansson.h>
#include <libdeflate.h>
#include <libpsl.h>
#include <openssl/crypto.h>
#include <seccomp.h>
#include <unbound.h>
#include <zlib.h>

#include "scanner/dns/recursive/known_flaws.h"

static const char *
ev_version(void)
{
	static char text[16];

	snprintf(text, sizeof text, "%d.%d", ev_version_major(),
	    ev_version_minor());
	return text;
}

static const char *
seccomp_text(void)
{
	static char text[32];
	const struct scmp_version *version = seccomp_version();

	snprintf(text, sizeof text, "%u.%u.%u", version->major, version->minor,
	    version->micro);
	return text;
}

int
version_of(size_t index, struct version *version)
{
	const struct version all[] = {
		{ "mxcensus", MXCENSUS_VERSION },
		{ "commit", MXCENSUS_COMMIT },
		{ "libunbound", ub_version() },
		{ "openssl", OpenSSL_version(OPENSSL_VERSION_STRING) },
		{ "libev", ev_version() },
		{ "zlib", zlibVersion() },
		{ "libdeflate", LIBDEFLATE_VERSION_STRING },
		{ "jansson", JANSSON_VERSION },
		{ "libidn2", idn2_check_version(NULL) },
		{ "libpsl", psl_get_version() },
		{ "libseccomp", seccomp_text() },
	};

	if (index >= sizeof all / sizeof all[0])
		return 0;
	*version = all[index];
	return 1;
}

const char *
version_number(void)
{
	return MXCENSUS_VERSION;
}

const char *
version_released(void)
{
	return MXCENSUS_RELEASED;
}

const char *
version_flaw(size_t index)
{
	return known_flaw(ub_version(), index);
}

static void
print_flaws(FILE *out)
{
	const char *flaw;

	if (version_flaw(0) == NULL)
		return;
	fprintf(out, "\nwarning: libunbound %s may be vulnerable:\n",
	    ub_version());
	for (size_t i = 0; (flaw = version_flaw(i)) != NULL; i++)
		fprintf(out, "  %s\n", flaw);
	fprintf(out, "These are %s.\n", VERSION_FLAWS_MEANING);
}

void
version_print(FILE *out)
{
	struct version version;

	for (size_t i = 0; version_of(i, &version); i++)
		if (version.text[0] != '\0')
			fprintf(out, i == 0 ? "%s %s\n" : "  %-11s %s\n",
			    version.name, version.text);
	print_flaws(out);
}
