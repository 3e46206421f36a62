/*
 * source_check: looks up the reverse name of the addresses that this machine
 * connects from (RULES K14). It asks through the patient resolver of the run,
 * beside the work, and keeps nothing waiting.
 */
#ifndef MXCENSUS_WORKER_SOURCE_CHECK_H
#define MXCENSUS_WORKER_SOURCE_CHECK_H

/* For tests: the environment variable with an address that is taken for the
 * source, and for public. */
#define SOURCE_ADDRESS "MXCENSUS_TEST_SOURCE"

struct worker;

/* Finds the addresses, before the sandbox is entered: routes depend on files. */
void	source_check_open(struct worker *);
/* MESSAGE_SOURCE follows, for each address. Does nothing the second time. */
void	source_check_start(struct worker *);
/* Forgets what is being asked. */
void	source_check_close(struct worker *);

#endif
