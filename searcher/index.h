/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the searcher: an open index and its hits. */
#ifndef INDEX_H
#define INDEX_H

#include "searcher.h"

#define FACTS_SUMMED 9
#define FACT_BYTES 24

struct facts {
    char *names; /* of all generations; of the first only */
    char sums[FACTS_SUMMED][FACT_BYTES];
};

struct shukach_index {
    struct store_reader *store;
    struct analyser *analyser;
    struct alternatives *alternatives; /* NULL until needed */
    struct facts *facts;               /* of all together, then of each */
    bool checked; /* whether the sums of the postings were compared */
    shukach_on_progress on_progress;
    void *payload;
    uint64_t work; /* what the search at work came to */
};

struct hit {
    double score;
    size_t index; /* which of several it is from */
    const char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS];
    struct marked_text snippet;
    struct marked_text title;
    struct shukach_part *parts; /* of its score, if asked for */
    size_t part_count;
    double factors[SHUKACH_FACTORS];
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
 * was analysed. NOMEM. */
enum shukach_status hits_add(struct shukach_hits *hits,
                             const struct stored *document,
                             const struct scoring *scoring,
                             const struct shukach_query *query, double score,
                             struct shukach_error *err);
/* Where to add the next hit: these hits or, with a callback, the one for it;
 * NULL out of memory. */
struct shukach_hits *hits_begin(struct shukach_hits *hits);
/* Gives the hit to the callback, if there is one. CANCELLED. */
enum shukach_status hits_end(struct shukach_hits *hits,
                             struct shukach_error *err);
/* Adds a copy of a text to what shukach_hits_notice tells. */
enum shukach_status hits_add_notice(struct shukach_hits *hits, const char *text,
                                    struct shukach_error *err);

/* ---- facts.c ------------------------------------------------------------ */

/* Owned by the caller. NOMEM. */
enum shukach_status facts_make(const struct store_reader *store,
                               struct facts **out, struct shukach_error *err);
void facts_free(struct facts *facts);

/* ---- index.c ------------------------------------------------------------ */

/* Counts a document that a search came to. CANCELLED. */
enum shukach_status index_work(struct shukach_index *index,
                               struct shukach_error *err);
/* Stored fields as a document, lent to the callback. CANCELLED. */
enum shukach_status index_lend(const char *const fields[SHUKACH_FIELDS],
                               const size_t lengths[SHUKACH_FIELDS],
                               shukach_on_document callback, void *payload,
                               struct shukach_error *err);

/* ---- search.c: a search at work ------------------------------------------ */

struct search {
    struct shukach_index *index;
    struct shukach_query *query; /* a copy; its tree has its variants */
    struct store_query *expanded;
    bool verify;       /* every candidate */
    uint64_t *unsure;  /* or those with a bit here; NULL for none */
    struct need *need; /* what stands in every match; NULL for nothing */
    struct scoring scoring;
    struct signature_filter asked; /* stems that matter */
    struct store_statistics statistics;
    struct arena scratch; /* one document at a time */
    struct arena matches;
    struct shukach_hits *hits;
    struct shukach_hits *next; /* where the next hit goes */
};

/* With a callback the hits go there; `out` may be NULL then. CORRUPT, IO,
 * CANCELLED. */
enum shukach_status search(struct shukach_index *index,
                           const struct shukach_query *query,
                           shukach_on_hit callback, void *payload,
                           struct shukach_hits **out,
                           struct shukach_error *err);

/* ---- score.c ------------------------------------------------------------- */

/* Finds the words that score, with their weights. */
enum shukach_status scoring_prepare(struct search *s,
                                    struct shukach_error *err);
/* The first `count` candidates in the order in which they lie on the disk, in
 * the arena of matches; NULL out of memory. */
struct store_match **search_order(struct search *s,
                                  struct store_matches *matches, size_t count);
/* Has the signature of a candidate some way behind the one at `i` come. */
void search_expect(const struct search *s, struct store_match *const *order,
                   size_t count, size_t i);
/* The signature of a document as seen tokens, in the scratch arena. */
enum shukach_status search_signature(struct search *s, uint32_t number,
                                     struct seen *out,
                                     struct shukach_error *err);

/* What a score is made of beside BM25: it is the sum of both times all
 * factors. */
struct account {
    double bonus;    /* the sum of what follows */
    double *exact;   /* by word that scores: what its exact form adds */
    double *phrases; /* by phrase: what it adds in exactly its forms */
    double factors[SHUKACH_FACTORS];
};

/* In the scratch arena. */
enum shukach_status score_account(struct search *s, uint32_t number,
                                  struct account *out,
                                  struct shukach_error *err);
double account_factor(const struct account *account);
/* Scores the best candidates again and sorts them anew; those after them
 * keep their order and their place. */
enum shukach_status rescore(struct search *s, struct store_matches *matches,
                            struct shukach_error *err);

/* ---- explain.c ----------------------------------------------------------- */

/* Sets the parts of a hit's score. `again` says whether it was scored again.
 * The document was analysed. */
enum shukach_status explain(struct search *s, const struct store_match *match,
                            bool again, const struct stored *document,
                            struct hit *hit, struct shukach_error *err);

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
