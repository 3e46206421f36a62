#include "scanner/options/vantage_name.h"

#include <string.h>

#define LENGTH_MAX	32
#define DOTS_MAX	2
#define LETTERS		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

bool
vantage_name_is_good(const char *name)
{
	size_t dots = 0;

	for (const char *at = name; *at != '\0'; at++)
		dots += *at == '.';
	return name[0] != '\0' && strchr(LETTERS, name[0]) != NULL &&
	    strlen(name) <= LENGTH_MAX && dots <= DOTS_MAX &&
	    name[strspn(name, LETTERS "0123456789-_.")] == '\0';
}
