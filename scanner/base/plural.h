/* plural: the form of a noun, or of a verb, that agrees with a count. */
#ifndef MXCENSUS_BASE_PLURAL_H
#define MXCENSUS_BASE_PLURAL_H

/* "1 domain", "0 domains", "2 domains": returns `one` if the count is 1 (or
 * true), and otherwise `many`. It takes a count of any type. */
#define plural(count, one, many) ((count) == 1 ? (one) : (many))

#endif
