/*
 * probing_txt: mxcensus probing-txt, which prints the file that says whose the
 * packets of a scan are (RFC 9511), for the web server of the machine that scans.
 */
#ifndef MXCENSUS_COMMANDS_PROBING_TXT_H
#define MXCENSUS_COMMANDS_PROBING_TXT_H

struct options;

int	probing_txt_command(const struct options *);

#endif
