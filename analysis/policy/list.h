/*
 * list: a policy list in JSON (STARTTLS Everywhere v0.1; RULES 10 "Format").
 *
 * Every fault is reported, with the JSON pointer (RFC 6901) of its place.
 * Policies and aliases with a fault are left out. What EFF's own reader accepts
 * although the format forbids it is only a warning: such a list is read like
 * any other.
 */
#ifndef MXCENSUS_ANALYSIS_POLICY_LIST_H
#define MXCENSUS_ANALYSIS_POLICY_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/policy/patterns.h"
#include "scanner/base/arena.h"

enum policy_list_mode { LIST_TESTING, LIST_ENFORCE };

struct listed_policy {
	const char	*name;		/* domain in lower case, or alias */
	const char	*alias;		/* the alias from which it comes; NULL:
					 * none */
	enum policy_list_mode mode;
	struct policy_patterns mxs;	/* its place in the order of the file */
};

struct policy_list_fault {
	const char	*pointer, *what;
};

struct policy_list {
	int64_t		 timestamp_s, expires_s;	/* Unix time, to 9999 */
	bool		 has_expiry;		/* `expires` could be read */
	const char	*author;		/* "" if there is none */
	struct listed_policy *policies, *aliases;	/* its place in the
							 * order of the file */
	size_t		 policy_count, alias_count;
	bool		 is_list;	/* JSON, and an object with policies */
	struct policy_list_fault *faults, *warnings;
	size_t		 fault_count, warning_count;
	struct arena	 arena;			/* owns all of it */
};

/* Reads a list. Returns true if it has no fault. The caller frees the list in
 * either case. */
bool	policy_list_read(struct policy_list *, const char *text, size_t length);
void	policy_list_fini(struct policy_list *);

#endif
