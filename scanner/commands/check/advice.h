/*
 * advice: decides from the facts of a domain what to fix. It is a table of
 * rules (rules.c), each with a condition, an urgency, a sentence, and the
 * records to publish. It is pure: the caller passes the time of day.
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
	URGENCY_SUGGESTION,	/* not a problem */
	URGENCY_COUNT,
};

/* A list of lines, which grows. Zeroed, it is empty. */
struct check_lines {
	char	**items;
	size_t	 count;
};

/* Records that cannot be printed, or are not known individually. */
struct check_records {
	char		*owner;			/* NULL: none */
	const char	*type;
	/* What the data begins with; "": every record of the type. */
	const char	*begins;
};

struct check_advice {
	const char	*id;
	enum check_urgency urgency;
	const char	*host;			/* NULL: it is about the
						 * domain */
	struct check_lines addresses;		/* where it was seen */
	char		*text;
	/* Lines of a zone file. If there is `replace`, `publish` takes the
	 * place of those records. */
	struct check_lines publish, remove;
	struct check_records replace;
	char		*ask;			/* the owner in another party's
						 * zone that has these records;
						 * NULL: they are in the
						 * domain's own */
	char		*compare;		/* the command that prints on
						 * the server the digest of a
						 * key that was only seen */
	struct buffer	 policy;		/* MTA-STS; "" none */
};

struct check_advice_list {
	struct check_advice *items;
	size_t		 count;
};

/* The case to which a rule is applied. A member that is outside the rule's
 * scope is NULL. */
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
	/* With {domain} {host} {target} {certificate} {why}. */
	const char	*text;
	void		(*why)(const struct check_case *, struct buffer *);
	void		(*mend)(const struct check_case *,
			    struct check_advice *);
	/* If this condition is true as well, the urgency is NOW; NULL:
	 * never. */
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

/* Appends a sentence to the text. */
void	check_advice_say(struct check_advice *, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void	check_lines_add(struct check_lines *, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void	check_lines_fini(struct check_lines *);

/* owners.c: which owner has the records of an answer. */
#define CHECK_TTL	3600	/* of a record to publish */
/* Says whom to ask if the owner is not at or below the registrable domain of
 * the domain. The owner has no final dot. */
void	check_owner_ask(const struct check_case *, struct check_advice *,
	    const char *owner);

/* records_tlsa.c: TLSA records of the host. Each function also says where the
 * records are, if that is not the host's own name. */
/* Publishes the "3 1 1" record of each key that addresses of the host show and
 * that no record matches. */
void	check_publish_keys(const struct check_case *, struct check_advice *);
/* Does the same, and removes records that match nowhere. */
void	check_replace_keys(const struct check_case *, struct check_advice *);
/* Does the same, and removes records that SMTP cannot use. */
void	check_replace_unusable(const struct check_case *,
	    struct check_advice *);
void	check_remove_unusable(const struct check_case *, struct check_advice *);
void	check_remove_unmatched(const struct check_case *,
	    struct check_advice *);
/* Publishes the "2 1 1" record of the CA that issued the leaf, if it is
 * presented. */
void	check_publish_issuer(const struct check_case *, struct check_advice *);

/* records_mx.c: MX records of the domain. */
/* Does the advice remove the record, because no mail can go there? */
bool	check_mx_goes(const struct check_mx *);
/* The owner of the MX records. */
const char *check_mx_owner(const struct check_domain *);
/* Returns the name that the advice gives the MX host in place of an address;
 * the caller frees it. */
char	*check_mx_new_name(const struct check_case *);
bool	check_mx_is_literal(const struct check_mx *);
bool	check_mx_is_alias(const struct check_mx *);
/* If the MX records come from a wildcard, says so: then no record is published
 * at or below the domain. */
bool	check_is_of_wildcard(const struct check_case *, struct check_advice *);
void	check_publish_canonical(const struct check_case *,
	    struct check_advice *);
void	check_publish_named_mx(const struct check_case *,
	    struct check_advice *);
void	check_publish_null_mx(const struct check_case *,
	    struct check_advice *);
void	check_publish_implicit(const struct check_case *,
	    struct check_advice *);
/* Removes nothing if no other MX host is left. */
void	check_remove_mx(const struct check_case *, struct check_advice *);
void	check_remove_null_mx(const struct check_case *, struct check_advice *);

/* policies.c: MTA-STS and TLSRPT. After each kind of advice exactly one record
 * exists. */
/* The TXT record with an id made from the time, and a policy that lists all MX
 * hosts. */
void	check_publish_policy(const struct check_case *, struct check_advice *);
void	check_publish_enforce(const struct check_case *,
	    struct check_advice *);
void	check_publish_tlsrpt(const struct check_case *, struct check_advice *);

/* The leaf shown for the TLSA base, and for the MX name; NULL: there was
 * none. */
const struct check_certificate *check_base_leaf(const struct check_address *);
const struct check_certificate *check_mx_leaf(const struct check_address *);
/* names.c: names in certificates. */
/* Does a public CA issue certificates for that name? */
bool	check_has_public_ca(const char *host);
/* Says which certificate to get for an MX host, in a sentence without a full
 * stop. */
void	check_put_certificate(const char *host, struct buffer *text);
/* Prints the names of san_text for a person. */
void	check_put_names(const char *names, struct buffer *text);

/* Is the MX host listed in the policy (RULES P7)? */
bool	check_policy_lists(const struct check_policy *, const char *host);

#endif
