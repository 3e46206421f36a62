#include "scanner/options/nearest_name.h"

#include <stdint.h>
#include <string.h>

/* More mistakes than these, or than every second letter, make another word. */
#define MISTAKES_MAX	3
#define LENGTH_MAX	63

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters that are wrong, missing, too many, or in the place of their
 * neighbours (the restricted distance of Damerau and Levenshtein). */
static size_t
distance(const char *a, const char *b)
{
	size_t rows[3][LENGTH_MAX + 1], length = strlen(b);
	size_t *before = rows[0], *above = rows[1], *here = rows[2];

	if (length > LENGTH_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= length; j++)
		here[j] = j;
	for (size_t i = 1; a[i - 1] != '\0'; i++) {
		size_t *oldest = before;

		before = above;
		above = here;
		here = oldest;
		here[0] = i;
		for (size_t j = 1; j <= length; j++) {
			here[j] = above[j - 1] + (a[i - 1] != b[j - 1]);
			here[j] = least(here[j], above[j] + 1);
			here[j] = least(here[j], here[j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				here[j] = least(here[j], before[j - 2] + 1);
		}
	}
	return here[length];
}

void
nearest_name_init(struct nearest_name *nearest, const char *typed)
{
	*nearest = (struct nearest_name){ typed, NULL, SIZE_MAX };
}

void
nearest_name_add(struct nearest_name *nearest, const char *name)
{
	size_t here = distance(nearest->typed, name);

	if (here < nearest->distance) {
		nearest->distance = here;
		nearest->name = name;
	}
}

const char *
nearest_name_found(const struct nearest_name *nearest)
{
	return nearest->distance <= MISTAKES_MAX &&
	    nearest->distance <= strlen(nearest->typed) / 2 ? nearest->name
	    : NULL;
}
