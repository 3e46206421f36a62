/*
 * ns_state: what is known about hosts and sets of name servers. It is private to
 * the sources of ns_sets; ns_sets.c owns it.
 */
#ifndef MXCENSUS_PLAN_NS_STATE_H
#define MXCENSUS_PLAN_NS_STATE_H

#include "scanner/base/arena.h"
#include "scanner/base/keymap.h"
#include "scanner/plan/ns_memo.h"
#include "scanner/plan/ns_sets.h"

struct ns_address {
	struct ns_address *next;
	struct address	 address;
};

struct ns_host {
	struct ns_address *addresses;
	uint32_t	 number;	/* 0: it is in no set that counts */
	uint32_t	 names;		/* delegations to it; known when
					 * they are written */
	uint32_t	 source;	/* the input that has the addresses */
	char		 name[];	/* text form */
};

struct ns_set {
	const char	*operator;	/* NULL: not known yet */
	uint32_t	 number;	/* 0: no name has it yet */
	uint32_t	 names, signed_names;
	uint32_t	 count;
	uint32_t	 hosts[];	/* their indexes, in order */
};

/* Hosts or sets. An index is a place in `at`, from 1, in the order in which the
 * inputs have them. Numbers are given in the order of the plan. */
struct indexed {
	void		**at;
	size_t		 count, size;
	uint32_t	 numbered;
};

struct ns_sets {
	struct keymap	*by_name;	/* the indexes of hosts, by the wire
					 * form of the name */
	struct keymap	*by_hosts;	/* the indexes of sets, by those of
					 * their hosts */
	struct indexed	 hosts, sets;
	struct ns_memo	*memo;
	struct arena	 arena;
};

static inline struct ns_host *
ns_host_at(const struct ns_sets *sets, uint32_t index)
{
	return sets->hosts.at[index - 1];
}

static inline struct ns_set *
ns_set_at(const struct ns_sets *sets, uint32_t index)
{
	return sets->sets.at[index - 1];
}

/* There are a few. */
static inline void
ns_sort(uint32_t numbers[], size_t count)
{
	for (size_t i = 1; i < count; i++) {
		uint32_t number = numbers[i];
		size_t at = i;

		for (; at > 0 && numbers[at - 1] > number; at--)
			numbers[at] = numbers[at - 1];
		numbers[at] = number;
	}
}

#endif
