/*
 * root_files: checks whether a file of root hints or of trust anchors has what
 * a resolver needs. The resolver finds out whether its content is true.
 */
#ifndef MXCENSUS_PARSERS_ROOT_FILES_H
#define MXCENSUS_PARSERS_ROOT_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Each function returns NULL, or says what the text lacks: "no NS record of the
 * root". */

/* Root hints are a master file with name servers of the root, and an address of
 * at least one of them. */
const char *root_hints_lack(const char *text, size_t length);
/* A trust anchor is a DS or DNSKEY record (RFC 4034) of the root. There may be
 * anchors of other names as well. */
const char *trust_anchors_lack(const char *text, size_t length);
/* Are all anchors those of the root? Every line must begin with the root, a
 * blank or a comment: any other line may be an anchor of another name (RULES
 * L3). */
bool	trust_anchors_are_of_root(const char *text, size_t length);

#endif
