/*
 * advice: says what to mend about a domain, from its facts: a table of rules
 * (rules.c), each with a condition, an urgency, a sentence, and the records to
 * publish. It is pure: the caller gives it the time of day.
 */
#ifndef MXCENSUS_COMMANDS_CHECK_ADVICE_H
#define MXCENSUS_COMMANDS_CHECK_ADVICE_H

#include "scanner/base/buffer.h"
#include "scanner/commands/check/facts.h"

/* Most urgent first. */
enum check_urgency {
	URGENCY_NOW,		/* mail is refused, or waits, at some senders */
	URGENCY_MEND,		/* protection is broken, or of no use */
	URGENCY_LATER,		/* not determined: ask again */
	URGENCY_SUGGESTION,	/* all is well without it */
	URGENCY_COUNT,
};

/* Lines that grow; zeroed, there are none. */
struct check_lines {
	char	**items;
	size_t	 count;
};

struct check_advice {
	const char	*id;
	enum check_urgency urgency;
	const char	*host;			/* NULL: it is about the
						 * domain */
	struct check_lines addresses;		/* where it was seen */
	char		*text;
	struct check_lines publish, remove;	/* of a zone file */
	struct buffer	 policy;		/* MTA-STS; "" none */
};

struct check_advice_list {
	struct check_advice *items;
	size_t		 count;
};

/* What a rule looks at. A member that its scope does not have is NULL. */
struct check_case {
	const struct check_domain *domain;
	const struct check_mx	*mx;
	const struct check_host	*host;
	const struct check_address *address;
	int64_t		 now_ms;
	unsigned	 port;
	/* What the earlier rules have found. */
	bool		 has_fault, has_doubt;
};

enum check_scope { SCOPE_DOMAIN, SCOPE_MX, SCOPE_ADDRESS, SCOPE_REST };

struct check_rule {
	const char	*id;
	enum check_scope scope;
	enum check_urgency urgency;
	bool		(*holds)(const struct check_case *);
	/* With {domain} {host} {target} {why}. */
	const char	*text;
	void		(*why)(const struct check_case *, struct buffer *);
	void		(*mend)(const struct check_case *,
			    struct check_advice *);
	/* If this condition holds as well, the urgency is NOW; NULL: never. */
	bool		(*is_urgent)(const struct check_case *);
};

extern const struct check_rule check_rules[];
extern const size_t check_rule_count;

/* Most urgent first, then in the order of the rules. */
void	check_advise(const struct check_domain *, int64_t now_ms, unsigned port,
	    struct check_advice_list *);
void	check_advice_fini(struct check_advice_list *);
/* EXIT_MEND, EXIT_STOPPED (undetermined) or EXIT_COMPLETE. */
int	check_advice_status(const struct check_advice_list *);
const char *check_urgency_text(enum check_urgency);

void	check_lines_add(struct check_lines *, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void	check_lines_fini(struct check_lines *);

/* records.c: lines of a zone file, and policies. */
/* "3 1 1" of the key that the address shows. */
void	check_publish_key(const struct check_case *, struct check_advice *);
/* The same for every key that the host's addresses show. Records that the host
 * has and SMTP cannot use are to be removed. */
void	check_replace_unusable(const struct check_case *,
	    struct check_advice *);
void	check_remove_unusable(const struct check_case *, struct check_advice *);
/* The key, and the removal of records that match nowhere. */
void	check_replace_key(const struct check_case *, struct check_advice *);
void	check_remove_unmatched(const struct check_case *,
	    struct check_advice *);
/* "2 1 1" of the presented issuer, if there is one. */
void	check_publish_issuer(const struct check_case *, struct check_advice *);
void	check_publish_canonical(const struct check_case *,
	    struct check_advice *);
void	check_publish_named_mx(const struct check_case *,
	    struct check_advice *);
void	check_publish_null_mx(const struct check_case *,
	    struct check_advice *);
void	check_publish_implicit(const struct check_case *,
	    struct check_advice *);
void	check_remove_mx(const struct check_case *, struct check_advice *);
void	check_remove_null_mx(const struct check_case *, struct check_advice *);
/* The TXT record with an id made from the time, and a policy of all MX
 * hosts. */
void	check_publish_policy(const struct check_case *, struct check_advice *);
void	check_publish_enforce(const struct check_case *,
	    struct check_advice *);
void	check_publish_tlsrpt(const struct check_case *, struct check_advice *);

/* The leaf shown for the TLSA base, and for the MX name; NULL: there was
 * none. */
const struct check_certificate *check_base_leaf(const struct check_address *);
const struct check_certificate *check_mx_leaf(const struct check_address *);
/* Is the MX host listed in the policy (RULES P7)? */
bool	check_policy_lists(const struct check_policy *, const char *host);

#endif
