/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the searcher: an open index and its hits. */
#ifndef INDEX_H
#define INDEX_H

#include "searcher.h"

struct shukach_index {
    struct store_reader *store;
    struct analyser *analyser;
    struct alternatives *alternatives; /* NULL until needed */
    char bytes[24];
};

struct hit {
    double score;
    const char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS];
    struct marked_text snippet;
    struct marked_text title;
};

struct facet {
    struct store_count *items;
    size_t count;
};

struct shukach_hits {
    struct arena arena;
    struct facet facets[SHUKACH_FACETS];
    struct hit *items;
    size_t count;
    size_t capacity;
    uint64_t lower;
    uint64_t upper;
    const char *notices[QUERY_PREFIXES];
    size_t notice_count;
    const char *suggestion; /* NULL for none */
    size_t suggestion_length;
};

/* Adds a copy of a text to what shukach_hits_notice tells. */
enum shukach_status hits_add_notice(struct shukach_hits *hits, const char *text,
                                    struct shukach_error *err);

/* ---- facets.c ----------------------------------------------------------- */

/* Counts the facets that the query asks for over documents in rising order
 * of their numbers; into the arena of the hits. */
enum shukach_status facets_count(struct shukach_index *index,
                                 const struct shukach_query *query,
                                 const uint32_t *numbers, size_t count,
                                 struct shukach_hits *hits,
                                 struct shukach_error *err);

#endif
