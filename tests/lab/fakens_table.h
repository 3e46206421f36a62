/* A line of fakens's table, and which source reads which line (fakens.h). */
#ifndef FAKENS_TABLE_H
#define FAKENS_TABLE_H

#include "fakens.h"

#define WORDS_MAX	1024

/* A line, split into words, and the objects that earlier lines have begun. */
struct line {
	struct fakens	*fakens;
	const char	*path;
	unsigned	 number;
	unsigned	 count;
	char		*words[WORDS_MAX];
	struct zone	*zone;
	struct group	*group;
	struct server	*server;
	struct network	*network;	/* its server is the one above */
};

/* fakens_table.c. A fault ends the process. */
void	line_wrong(const struct line *, const char *) __attribute__((noreturn));
void	*line_allocate(size_t count, size_t size);
char	*line_copy(const char *);
unsigned long line_count(const struct line *, const char *);
uint16_t line_type(const struct line *, const char *);
void	line_name(const struct line *, struct name *, const char *);

/* fakens_book.c */
void	read_book(struct line *);

/* fakens_table_zones.c */
void	read_addresses(struct line *);
void	read_zone(struct line *);
void	read_group(struct line *);
void	read_ns(struct line *);
void	read_record(struct line *);
void	read_habit(struct line *);
void	zones_check(const struct line *);

#endif
