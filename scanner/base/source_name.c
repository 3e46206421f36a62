#include "scanner/base/source_name.h"

const char *
source_name_text(enum source_name state)
{
	static const char *const texts[SOURCE_NAMES] = {
		[SOURCE_AGREES] = "agrees",
		[SOURCE_NOT_CONFIRMED] = "not_confirmed",
		[SOURCE_DIFFERS] = "differs", [SOURCE_NO_NAME] = "none",
		[SOURCE_NOT_KNOWN] = "not_known",
		[SOURCE_NOT_PUBLIC] = "not_public",
	};

	return texts[state];
}
