/*
 * anchor: the trust anchors of the root zone that the program carries
 * (datasets/root-anchors.ds, RULES DS8).
 */
#ifndef MXCENSUS_DNS_RECURSIVE_ANCHOR_H
#define MXCENSUS_DNS_RECURSIVE_ANCHOR_H

#include <stddef.h>

/* The index-th DS record in presentation form, NULL past the last. */
const char *root_anchor(size_t index);

#endif
