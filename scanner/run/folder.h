/*
 * folder: the files of a run (docs/schema.md): how a part is written and how it
 * is committed. The run owns it and holds its lock. A committed file is never
 * replaced.
 */
#ifndef MXCENSUS_RUN_FOLDER_H
#define MXCENSUS_RUN_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/base/buffer.h"

#define PART_NAME_MAX 64

struct folder {
	char	*path;
	int	 descriptor;	/* the run's folder */
	int	 lock;
	bool	 is_new;	/* folder_open has made it */
	bool	 had_run;	/* a run was in it, or another process has it */
};

enum folder_result {
	FOLDER_OK,
	FOLDER_LOCKED,		/* another coordinator has it */
	FOLDER_OF_OTHERS,	/* it has files, but not a run */
	FOLDER_FAILED,		/* errno */
};

/* Opens or makes the folder of a run, with the folders of its tables, and locks
 * it. Nothing is made in a folder of others. */
enum folder_result folder_open(struct folder *, const char *path);
/* Opens the folder of a run that only is read: nothing is locked, made or
 * written. The caller closes it in any case. False with errno. */
bool	folder_look(struct folder *, const char *path);
void	folder_close(struct folder *);
/* For a run that cannot begin: removes the folder if folder_open has made it,
 * with everything in it. In a folder that had no run, run.json is removed, so
 * that a run with other options may begin there. */
void	folder_abandon(struct folder *);
/* Is a coordinator running in the run that has this folder? Returns 1 or 0, or
 * -1 with errno. Nothing is locked, made or written. */
int	folder_is_locked(int folder);

/* Creates RUN/.work/open/<name>, a file that is being written. The descriptor
 * is open for reading and writing; -1 with errno. A link in its place is
 * refused, after a message (base/own_file.h). */
int	folder_create(struct folder *, const char *name);
/* "<table>/part-000042.csv.gz", or with another suffix. */
void	part_name(char name[PART_NAME_MAX], const char *table, uint64_t number,
	    const char *suffix);
/* Syncs .work/open/<open_name>, links it to <name> (link, unlink), and syncs
 * the folder of <name>. Returns false with errno (EEXIST: <name> existed); then
 * nothing was linked. */
bool	folder_commit(struct folder *, int descriptor, const char *open_name,
	    const char *name);
void	folder_discard(struct folder *, const char *open_name);
/* Returns true even for a dangling link. */
bool	folder_exists(struct folder *, const char *name);
/* Opens a file for reading; -1 with errno. */
int	folder_read(struct folder *, const char *name);
/* Appends all bytes of a file. Returns false with errno. */
bool	folder_read_all(struct folder *, const char *name, struct buffer *);
/* Writes a small file to a new place and moves it into its own
 * (out/replacement.h). Returns false with errno. */
bool	folder_replace(struct folder *, const char *name, const void *bytes,
	    size_t length);
bool	folder_remove(struct folder *, const char *name);
/* Removes a folder below the run with everything in it. Follows no links. */
bool	folder_remove_tree(struct folder *, const char *name);
/* Removes .work of a sealed run, which does not need it. If that fails, a
 * message says so; the run is complete all the same. */
void	folder_remove_work(struct folder *);
/* Lists the numbers of the parts in a folder, in ascending order. The caller
 * frees *numbers. Returns false with errno. */
bool	folder_parts(struct folder *, const char *table, uint64_t **numbers,
	    size_t *count);

#endif
