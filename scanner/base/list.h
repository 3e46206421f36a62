/*
 * list: a doubly linked list, with the links inside the elements. A list head
 * is a link that points to itself when the list is empty. The link of an
 * element that is in no list must be initialised by list_init, so that
 * list_remove is always legal.
 */
#ifndef MXCENSUS_BASE_LIST_H
#define MXCENSUS_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list	*next, *previous;
};

/* The structure around its member. */
#define list_entry(link, type, member)					\
	((type *)(void *)((char *)(link) - offsetof(type, member)))

static inline void
list_init(struct list *list)
{
	list->next = list->previous = list;
}

static inline bool
list_is_empty(const struct list *list)
{
	return list->next == list;
}

static inline void
list_append(struct list *list, struct list *link)
{
	link->next = list;
	link->previous = list->previous;
	list->previous->next = link;
	list->previous = link;
}

static inline void
list_remove(struct list *link)
{
	link->next->previous = link->previous;
	link->previous->next = link->next;
	list_init(link);
}

/* Removes and returns the first link; the list must not be empty. */
static inline struct list *
list_take(struct list *list)
{
	struct list *first = list->next;

	list_remove(first);
	return first;
}

#endif
