/*
 * tlsa: TLSA records to publish, of certificates and keys in files; a new key
 * with its certificate and record; the steps of a rollover.
 */
#ifndef MXCENSUS_COMMANDS_TLSA_TLSA_H
#define MXCENSUS_COMMANDS_TLSA_TLSA_H

extern const char tlsa_usage[];
/* argv[0] is "tlsa". Returns the exit status. */
int	tlsa_command(int argc, char **argv);

#endif
