/*
 * root_files: what a file of root hints, or of trust anchors, must hold so that
 * a resolver can use it. Whether it is true is the resolver's to find out.
 */
#ifndef MXCENSUS_PARSERS_ROOT_FILES_H
#define MXCENSUS_PARSERS_ROOT_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Each returns NULL, or what the text lacks: "no NS record of the root". */

/* Root hints are a master file with name servers of the root, and an address of
 * one of them or more. */
const char *root_hints_lack(const char *text, size_t length);
/* A trust anchor is a DS or DNSKEY record (RFC 4034) of the root. There may be
 * anchors of other names as well. */
const char *trust_anchors_lack(const char *text, size_t length);
/* Are there none of other names? Every line begins with the root, a blank or a
 * comment: any other line may be such an anchor (RULES L3). */
bool	trust_anchors_are_of_root(const char *text, size_t length);

#endif
