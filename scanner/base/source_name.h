/*
 * source_name: does the reverse name of the address that a scan connects from
 * agree with --ehlo (RULES K14)? A worker finds it out, and run.json and a line
 * say it.
 */
#ifndef MXCENSUS_BASE_SOURCE_NAME_H
#define MXCENSUS_BASE_SOURCE_NAME_H

enum source_name {
	SOURCE_AGREES,		/* a PTR record has the name of --ehlo, and the
				 * name has the address */
	SOURCE_NOT_CONFIRMED,	/* a PTR record has it, and the name has not
				 * the address */
	SOURCE_DIFFERS,		/* PTR records have other names */
	SOURCE_NO_NAME,		/* there is no PTR record */
	SOURCE_NOT_KNOWN,	/* a lookup failed: that says nothing */
	SOURCE_NOT_PUBLIC,	/* not asked: others see another address, if
				 * any */
	SOURCE_NAMES,
};

/* As run.json has it. */
const char *source_name_text(enum source_name);

#endif
