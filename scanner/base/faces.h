/*
 * faces: the sides of the network that a run uses, and how often each failed. A
 * failing share makes this machine and its network suspect (docs/rules.md,
 * "Whose fault").
 */
#ifndef MXCENSUS_BASE_FACES_H
#define MXCENSUS_BASE_FACES_H

#include <stdint.h>

enum face_kind { FACE_NAME_SERVERS, FACE_MAIL_SERVERS, FACE_WEB_SERVERS,
	FACE_KINDS };

/* Items that succeeded on a face, and items that failed by a fault that may be
 * ours. */
struct face_counts {
	uint64_t	good[FACE_KINDS], bad[FACE_KINDS];
};

#endif
