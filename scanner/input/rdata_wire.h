/*
 * rdata_wire: RDATA of a master file in canonical wire form (RFC 4034 6.2, RFC
 * 6840 5.1): as the zone parser has decoded it, or else through libldns, which
 * takes ten times as long. It is only for the reader's process, whose sandbox
 * confines the library, too.
 */
#ifndef MXCENSUS_INPUT_RDATA_WIRE_H
#define MXCENSUS_INPUT_RDATA_WIRE_H

#include <stdbool.h>

#include "parsers/zone/zone.h"
#include "scanner/base/buffer.h"

/* Appends the RDATA. `line` is a buffer that is reused. Returns false if the
 * type is not known here or the text is not RDATA of the type; then nothing is
 * appended. */
bool	rdata_wire(const struct zone_data *, struct buffer *line,
	    struct buffer *wire);

#endif
