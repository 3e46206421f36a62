/*
 * memory: allocation that never fails from the caller's point of view.
 *
 * Running out of memory is a fault of the machine, and no caller could
 * continue. So the process reports it and exits with EXIT_MEMORY, which does
 * not count as a crash. A worker that ends so is replaced.
 */
#ifndef MXCENSUS_BASE_MEMORY_H
#define MXCENSUS_BASE_MEMORY_H

#include <stddef.h>

void	*xmalloc(size_t size);
void	*xcalloc(size_t count, size_t size);
void	*xrealloc(void *old, size_t size);
void	*xreallocarray(void *old, size_t count, size_t size);
void	*xmemdup(const void *bytes, size_t size);
char	*xstrdup(const char *text);
/* Prints into new memory. */
char	*xasprintf(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Makes room for one more element of an array. */
#define GROW(array, count, size) do {					\
	if ((count) == (size)) {					\
		(size) = (size) * 2 + 16;				\
		(array) = xreallocarray((array), (size),		\
		    sizeof *(array));					\
	}								\
} while (0)

#endif
