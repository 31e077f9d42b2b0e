/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the store: what the files share that know the index directory.
 *   INDEX/lock              held by the writer
 *   INDEX/current           a link to the generation that readers open
 *   INDEX/gen-N/manifest    what the generation consists of
 *   INDEX/gen-N/segment-M/  its segments, made by generation M
 *   INDEX/gen-N/dead        which of their documents are deleted
 *   INDEX/gen-N/sources     the files that the documents come from
 *   INDEX/gen-N.tmp/        a generation being made */
#ifndef GENERATION_H
#define GENERATION_H

#include "store.h"

/* ---- lock.c -------------------------------------------------------------- */

/* Takes the writer's lock of an index, which is gone when `*out` is closed.
 * LOCKED, IO, DISK_FULL. */
enum shukach_status lock_take(const char *dir, int *out,
                              struct shukach_error *err);

/* ---- open.c -------------------------------------------------------------- */

/* DIR/NAME; NULL out of memory. */
char *path_join(const char *dir, const char *name);
/* Whether a name is gen-N, and N; `*temporary` for gen-N.tmp. */
bool generation_parse(const char *name, uint64_t *number, bool *temporary);
/* The generation that `current` names, and its number. NOT_FOUND, CORRUPT,
 * IO. */
enum shukach_status generation_current(const char *dir, char **name,
                                       uint64_t *number,
                                       struct shukach_error *err);
/* Opens DIR/NAME, whatever `current` names. NOT_FOUND, CORRUPT, VERSION,
 * IO. */
enum shukach_status generation_open(const char *dir, const char *name,
                                    struct store_reader **out,
                                    struct shukach_error *err);

#endif
