/*
 * tlsa: TLSA records to publish, of certificates and keys in files; a new key
 * with its certificate and record; the steps of a rollover.
 */
#ifndef MXCENSUS_COMMANDS_TLSA_TLSA_H
#define MXCENSUS_COMMANDS_TLSA_TLSA_H

struct options;

/* Returns the exit status. */
int	tlsa_command(const struct options *);
/* tlsa --host: it has the options of check as well. */
int	tlsa_host_command(const struct options *);

#endif
