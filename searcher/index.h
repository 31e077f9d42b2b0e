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
    shukach_on_hit callback; /* NULL: the hits are kept */
    void *payload;
    struct shukach_hits *one; /* for the callback, made when needed */
};

/* A document in an arena for the moment. */
struct stored {
    const char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS];
    bool read; /* whether it was analysed: */
    struct reading reading;
};

/* ---- hits.c ------------------------------------------------------------- */

/* Adds a copy of a document, with the snippet that the query asks for if it
 * was analysed, or gives it to the callback. NOMEM, CANCELLED. */
enum shukach_status hits_add(struct shukach_hits *hits,
                             const struct stored *document,
                             const struct scoring *scoring,
                             const struct shukach_query *query, double score,
                             struct shukach_error *err);
/* Adds a copy of a text to what shukach_hits_notice tells. */
enum shukach_status hits_add_notice(struct shukach_hits *hits, const char *text,
                                    struct shukach_error *err);

/* ---- search.c ------------------------------------------------------------ */

/* With a callback the hits go there; `out` may be NULL then. CORRUPT, IO,
 * CANCELLED. */
enum shukach_status search(struct shukach_index *index,
                           const struct shukach_query *query,
                           shukach_on_hit callback, void *payload,
                           struct shukach_hits **out,
                           struct shukach_error *err);

/* ---- index.c ------------------------------------------------------------ */

/* Stored fields as a document, lent to the callback. CANCELLED. */
enum shukach_status index_lend(const char *const fields[SHUKACH_FIELDS],
                               const size_t lengths[SHUKACH_FIELDS],
                               shukach_on_document callback, void *payload,
                               struct shukach_error *err);

/* ---- age.c --------------------------------------------------------------- */

/* Lowers the weight of a match by its age, if the query asks for that. */
enum shukach_status age_weigh(const struct shukach_index *index,
                              const struct shukach_query *query,
                              struct store_match *match,
                              struct shukach_error *err);

/* ---- facets.c ----------------------------------------------------------- */

/* Whether the query asks for any. */
bool facets_asked(const struct shukach_query *query);
/* Counts the facets that the query asks for over documents in rising order
 * of their numbers; into the arena of the hits. */
enum shukach_status facets_count(struct shukach_index *index,
                                 const struct shukach_query *query,
                                 const uint32_t *numbers, size_t count,
                                 struct shukach_hits *hits,
                                 struct shukach_error *err);

#endif
