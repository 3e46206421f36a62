#include "analysis/policy/in_force.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/buffer.h"
#include "scanner/base/log.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"

#define PIECE	65536

struct listing {
	bool		 is_given;
	struct policy_list list;
	struct map	*by_domain;	/* those in force */
};

static bool
read_all(int descriptor, struct buffer *text)
{
	ssize_t length;

	do {
		length = read(descriptor, buffer_reserve(text, PIECE), PIECE);
		if (length > 0)
			text->length += (size_t)length;
	} while (length > 0 || (length < 0 && errno == EINTR));
	return length == 0;
}

/* The copy was checked when it was made, so a fault in it is a fault of the
 * run. */
static bool
read_copy(struct listing *listing, int descriptor)
{
	struct buffer text = { 0 };
	bool good = read_all(descriptor, &text);

	if (!good) {
		log_line(LISTING_FILE ": %s", strerror(errno));
	} else if (!policy_list_read(&listing->list, buffer_text(&text),
	    text.length)) {
		good = false;
		log_line(LISTING_FILE ": %s: %s",
		    listing->list.faults[0].pointer,
		    listing->list.faults[0].what);
	}
	buffer_fini(&text);
	return good;
}

struct listing *
listing_read(int folder, int64_t now_s)
{
	struct listing *listing = xcalloc(1, sizeof *listing);
	int descriptor = openat(folder, LISTING_FILE, O_RDONLY | O_CLOEXEC);
	bool good = descriptor >= 0 || errno == ENOENT;

	listing->by_domain = map_new();
	listing->is_given = descriptor >= 0;
	if (!good)
		log_line(LISTING_FILE ": %s", strerror(errno));
	if (descriptor >= 0) {
		good = read_copy(listing, descriptor);
		close(descriptor);
	}
	if (!good) {
		listing_free(listing);
		return NULL;
	}
	for (size_t i = 0; i < listing->list.policy_count &&
	    now_s < listing->list.expires_s; i++)
		*map_place(listing->by_domain, listing->list.policies[i].name,
		    NULL) = &listing->list.policies[i];
	return listing;
}

void
listing_free(struct listing *listing)
{
	if (listing == NULL)
		return;
	map_free(listing->by_domain);
	policy_list_fini(&listing->list);
	free(listing);
}

bool
listing_is_given(const struct listing *listing)
{
	return listing->is_given;
}

bool
listing_is_empty(const struct listing *listing)
{
	return listing == NULL || map_count(listing->by_domain) == 0;
}

const struct listed_policy *
listing_find(const struct listing *listing, const char *domain)
{
	return listing == NULL ? NULL : map_get(listing->by_domain, domain);
}
