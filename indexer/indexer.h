/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents to an index. The indexer itself is public (shukach_indexer_*);
 * this is what its files share. Grouped by implementing file. */
#ifndef INDEXER_H
#define INDEXER_H

#include "base.h"
#include "store.h"

/* ---- terms.c: the distinct terms of one document ----------------------- */

struct terms {
    struct arena *arena; /* where the texts of terms live */
    struct store_term *items;
    size_t count;
    size_t capacity;
    uint32_t *table; /* index + 1 into items, 0 for empty */
    size_t table_size;
    bool failed; /* out of memory */
};

/* Forgets the terms of the document before; its arena is given anew. */
void terms_begin(struct terms *terms, struct arena *arena);
/* Adds `count` occurrences of prefix + text. 0 makes a filter. */
void terms_add(struct terms *terms, const char *prefix, const char *text,
               size_t length, uint32_t count);
void terms_free(struct terms *terms);

/* ---- casing.c: how a word is written ----------------------------------- */

/* By its small and capital letters, of which Cyrillic and ASCII are known;
 * another script has none. */
enum form_casing casing_of(const char *text, size_t length);

/* ---- ids.c: which ids were seen ---------------------------------------- */

/* A set of 128-bit hashes of ids: 32 bytes a document at most. */
struct ids {
    struct hash128 *table;
    size_t size;
    size_t count;
};

/* Adds an id; `*fresh` is false if it was there. NOMEM. */
enum shukach_status ids_add(struct ids *ids, const char *id, size_t length,
                            bool *fresh, struct shukach_error *err);
void ids_free(struct ids *ids);

#endif
