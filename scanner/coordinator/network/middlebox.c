#include "scanner/coordinator/network/middlebox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/arena.h"
#include "scanner/base/buffer.h"
#include "scanner/base/keyset.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"

struct identity {
	const char	*text;		/* owned by the map */
	unsigned	 addresses, networks, domains;
	bool		 is_judged, is_forged;
};

struct middlebox {
	struct map	*identities;
	struct arena	 arena;
	struct keyset	*seen;		/* identity with address, network,
					 * domain */
	struct identity	*suspect;
};

struct middlebox *
middlebox_new(void)
{
	struct middlebox *box = xcalloc(1, sizeof *box);

	box->identities = map_new();
	box->seen = keyset_new();
	return box;
}

void
middlebox_free(struct middlebox *box)
{
	if (box == NULL)
		return;
	map_free(box->identities);
	keyset_free(box->seen);
	arena_fini(&box->arena);
	free(box);
}

/* Is it the first time that the identity comes with this value? */
static bool
is_first(struct middlebox *box, const struct identity *identity, char kind,
    const char *value)
{
	struct buffer key = { 0 };
	bool first;

	buffer_printf(&key, "%c%s\n%s", kind, value, identity->text);
	first = keyset_add(box->seen, key.bytes, key.length);
	buffer_fini(&key);
	return first;
}

static struct identity *
identity_of(struct middlebox *box, const char *text)
{
	const char *copy;
	void **place = map_place(box->identities, text, &copy);

	if (*place == NULL) {
		struct identity *identity = arena_take(&box->arena,
		    sizeof *identity);

		identity->text = copy;
		*place = identity;
	}
	return *place;
}

static bool
is_over_all(const struct identity *identity)
{
	return identity->addresses >= MIDDLEBOX_ADDRESSES &&
	    identity->networks >= MIDDLEBOX_NETWORKS &&
	    identity->domains >= MIDDLEBOX_DOMAINS;
}

void
middlebox_note(struct middlebox *box, const char *text,
    const struct address *address, const char *domain)
{
	struct identity *identity = identity_of(box, text);
	const struct prefix network = address_network(address);
	char words[ADDRESS_TEXT_MAX + 4];

	/* What is judged needs no more counting. */
	if (identity->is_judged || identity == box->suspect)
		return;
	address_to_text(address, words);
	identity->addresses += is_first(box, identity, 'a', words);
	prefix_to_text(&network, words);
	identity->networks += is_first(box, identity, 'n', words);
	identity->domains += is_first(box, identity, 'd', domain);
	if (is_over_all(identity) && box->suspect == NULL)
		box->suspect = identity;
}

enum identity_state
middlebox_state(const struct middlebox *box, const char *text)
{
	const struct identity *identity = map_get(box->identities, text);

	if (identity == NULL)
		return IDENTITY_USUAL;
	if (identity->is_judged)
		return identity->is_forged ? IDENTITY_FORGED
		    : IDENTITY_CLEARED;
	if (is_over_all(identity))
		return IDENTITY_SUSPECT;
	return map_count(box->identities) == 1 && identity->networks > 1 &&
	    identity->domains > 1 ? IDENTITY_ALONE : IDENTITY_USUAL;
}

const char *
middlebox_suspect(const struct middlebox *box)
{
	return box->suspect == NULL ? NULL : box->suspect->text;
}

void
middlebox_judge(struct middlebox *box, const char *text, bool is_forged)
{
	struct identity *identity = identity_of(box, text);

	identity->is_judged = true;
	identity->is_forged = is_forged;
	if (identity == box->suspect)
		box->suspect = NULL;
}
