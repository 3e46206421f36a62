/*
 * words: explains the codes of the tables to a person. The code is added in
 * brackets, so that it can be looked up in docs/schema.md.
 */
#ifndef MXCENSUS_COMMANDS_WORDS_H
#define MXCENSUS_COMMANDS_WORDS_H

#include "scanner/base/buffer.h"

enum words_kind {
	WORDS_HOST_STATUS, WORDS_ADDRESS_CLASS, WORDS_TLSA_STATUS,
	WORDS_UNUSABLE_REASON, WORDS_OUTCOME, WORDS_PHASE, WORDS_DANE_VERDICT,
	WORDS_CHAIN_ERROR, WORDS_RECORD, WORDS_MTA_STS_STATUS,
	WORDS_MTA_STS_FAULT, WORDS_DELIVERY,
};

/* Appends "words [code]". For a code without words it appends the code with
 * blanks in place of its underscores, and the code itself in brackets. */
void	words_append(struct buffer *, enum words_kind, const char *code);

#endif
