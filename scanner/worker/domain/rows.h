/*
 * rows: writes the rows of a domain, in the tables domains and mx. It decides
 * nothing.
 */
#ifndef MXCENSUS_WORKER_DOMAIN_ROWS_H
#define MXCENSUS_WORKER_DOMAIN_ROWS_H

struct domain_item;
struct findings;
struct job;

void	rows_write(const struct job *, const struct domain_item *,
	    const struct findings *);

#endif
