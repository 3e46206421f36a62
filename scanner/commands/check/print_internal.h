/* What the sources of check_print share: print.c prints the page and the
 * domain, print_hosts.c the MX hosts, and print_senders.c the result of each
 * kind of sender. */
#ifndef MXCENSUS_COMMANDS_CHECK_PRINT_INTERNAL_H
#define MXCENSUS_COMMANDS_CHECK_PRINT_INTERNAL_H

#include "scanner/commands/check/conditions.h"
#include "scanner/commands/check/print.h"
#include "scanner/commands/words.h"

enum colour { PLAIN, BOLD, RED, GREEN, YELLOW };

struct page {
	FILE	*out;
	const struct check_view *view;
};

void	page_begin(const struct page *, enum colour);
void	page_end(const struct page *, enum colour);
void	page_put(const struct page *, enum colour, const char *text);
/* Prints a code of the tables in words. */
void	page_put_words(const struct page *, enum colour, enum words_kind,
	    const char *code);
/* Prints words between two margins; the first line is at `indent` already. */
void	page_put_wrapped(const struct page *, int indent, const char *text);
enum colour page_colour_of_dnssec(enum dnssec);

void	check_print_mx(const struct page *, const struct check_domain *,
	    const struct check_mx *);
void	check_print_senders(const struct page *, const struct check_domain *);

#endif
