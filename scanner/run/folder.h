/*
 * folder: the files of a run (docs/schema.md "What a run writes"): how a part
 * comes to be, and how it is committed. Nothing that is committed is ever
 * replaced.
 */
#ifndef MXCENSUS_RUN_FOLDER_H
#define MXCENSUS_RUN_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PART_NAME_MAX 64

struct folder {
	char	*path;
	int	 descriptor;	/* of the run's folder */
	int	 lock;
};

enum folder_result {
	FOLDER_OK,
	FOLDER_LOCKED,		/* another coordinator has it */
	FOLDER_FAILED,		/* errno */
};

/* Opens or makes the folder of a run, with its tables' folders, and locks it. */
enum folder_result folder_open(struct folder *, const char *path);
void	folder_close(struct folder *);
/* Is a coordinator at work in the run whose folder the descriptor is of? 1 or 0;
 * -1 with errno. It is only asked: nothing is locked, made or written. */
int	folder_is_locked(int folder);

/* A file that is being written: RUN/.work/open/<name>. The descriptor is open
 * for reading and writing; -1 with errno. A link in its place is refused, after a
 * line (base/own_file.h). */
int	folder_create(struct folder *, const char *name);
/* "<table>/part-000042.csv.gz", or with another suffix. */
void	part_name(char name[PART_NAME_MAX], const char *table, uint64_t number,
	    const char *suffix);
/* Syncs .work/open/<open_name> and links it to <name> (link, unlink), then
 * syncs the folder it is in. False with errno (EEXIST: it was there). */
bool	folder_commit(struct folder *, int descriptor, const char *open_name,
	    const char *name);
void	folder_discard(struct folder *, const char *open_name);
/* Also a link that leads nowhere is there. */
bool	folder_exists(struct folder *, const char *name);
/* Read-only; -1 with errno. */
int	folder_read(struct folder *, const char *name);
/* A small file, written beside and swapped in (out/replacement.h). */
bool	folder_replace(struct folder *, const char *name, const void *bytes,
	    size_t length);
bool	folder_remove(struct folder *, const char *name);
/* Removes a folder below the run with all that is in it (no links followed). */
bool	folder_remove_tree(struct folder *, const char *name);
/* The numbers of the parts in a folder, ascending; *numbers is the caller's to
 * free. False with errno. */
bool	folder_parts(struct folder *, const char *table, uint64_t **numbers,
	    size_t *count);

#endif
