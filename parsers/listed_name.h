/*
 * listed_name: reads an entry of a list of domains, and says what it is if it
 * is not a domain.
 *
 * A domain of a list is a host name (name_is_host) after U-labels have become
 * A-labels (RULES I7, I14). People put other things into lists: URLs,
 * mailboxes, wildcards, addresses, names in quotes. For such an entry the
 * result says what it is, and which name it contains.
 */
#ifndef MXCENSUS_PARSERS_LISTED_NAME_H
#define MXCENSUS_PARSERS_LISTED_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/name.h"
#include "scanner/base/facts.h"

#define LISTED_NAME_WHY_MAX	(NAME_TEXT_MAX + 96)

struct listed_name {
	bool		 is_name;
	enum reject	 reason;	/* if it is not a name: what it is */
	/* It is not a name, but contains one. */
	bool		 has_name;
	/* The entry can only mean this name: a URL or a mailbox contains it, it
	 * is in quotes, or a comma follows it. */
	bool		 is_certain;
	uint8_t		 wire[NAME_WIRE_MAX];	/* canonical */
	size_t		 length;		/* 0: there is no name */
};

/* Reads an entry without blanks around it. */
void	listed_name_read(const char *text, size_t length,
	    struct listed_name *);
/* Says what an entry is that is not a name, and what is probably meant: "a URL;
 * did you mean a.example?". */
void	listed_name_explain(const struct listed_name *,
	    char why[LISTED_NAME_WHY_MAX]);

#endif
