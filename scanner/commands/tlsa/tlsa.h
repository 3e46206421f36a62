/*
 * tlsa: makes TLSA records to publish from certificates and keys in files; a
 * new key with its certificate and record; the steps of a rollover.
 */
#ifndef MXCENSUS_COMMANDS_TLSA_TLSA_H
#define MXCENSUS_COMMANDS_TLSA_TLSA_H

struct options;

/* Returns the exit status. */
int	tlsa_command(const struct options *);
/* tlsa --host, which also has the options of check. */
int	tlsa_host_command(const struct options *);

#endif
