/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A search. The store gives candidates by BM25; the best of them are scored
 * again, and where positions or exact forms matter each is verified. */
#include <math.h>

#include "index.h"
#include "ranking.h"
#include "schema.h"

/* Fewer matches than this call for a suggestion even for words that are in
 * the index, but seldom. */
#define SUGGEST_BELOW 3
/* Fewer matches than this are counted exactly. */
#define COUNT_EXACTLY 1000
/* Postings of at most so many bytes are compared with their sums before the
 * first search; it takes less than a millisecond. */
#define CHECKED_BYTES ((uint64_t)8 << 20)

/* Whether a candidate may be none. */
static bool is_unsure(const struct search *s, uint32_t number)
{
    return s->verify || (s->unsure != NULL &&
                         (s->unsure[number / 64] >> (number % 64) & 1) != 0);
}

/* Whether any may be none. */
static bool checks(const struct search *s)
{
    return s->verify || s->unsure != NULL;
}

static enum shukach_status prepare(struct search *s, struct shukach_error *err)
{
    struct arena *arena = &s->hits->arena;
    struct node *root = tree_copy(arena, s->query->root);
    if (root == NULL) {
        return error_nomem(err);
    }
    s->query->root = root;
    enum shukach_status status = prefixes_expand(s->index, root, s->hits, err);
    if (status == SHUKACH_OK && s->query->names) {
        status = names_apply(s->index, NAME_WEIGHT, root, arena, err);
    }
    if (status == SHUKACH_OK && s->query->variants) {
        status = alternatives_apply(&s->index->alternatives, s->index->analyser,
                                    s->index->store->postings, VARIANT_WEIGHT,
                                    root, arena, err);
    }
    if (status == SHUKACH_OK) {
        status = scoring_prepare(s, err);
    }
    if (status != SHUKACH_OK) {
        return status;
    }
    s->expanded = expand(s->query, &s->verify);
    if (s->expanded == NULL) {
        return error_nomem(err);
    }
    return s->verify ? need_make(root, arena, &s->need, err)
                     : alternatives_unsure(s->index->store->postings, s->query,
                                           &s->scoring, &s->hits->arena,
                                           &s->unsure, err);
}

/* Whether a candidate that may be none matches by its signature, which is not
 * read where what every match needs is not there. */
static enum shukach_status look(struct search *s, uint32_t number,
                                struct seen *seen, bool *match,
                                struct shukach_error *err)
{
    *match = true;
    enum shukach_status status = index_work(s->index, err);
    if (status == SHUKACH_OK && s->need != NULL) {
        status =
            need_met(s->need, s->index->store->pairs, number - 1, match, err);
    }
    if (status != SHUKACH_OK || !*match) {
        return status;
    }
    arena_reset(&s->scratch);
    status = search_signature(s, number, seen, err);
    return status == SHUKACH_OK ? verify(s->query->root, seen, match, err)
                                : status;
}

/* ---- Hits ---------------------------------------------------------------- */

/* Which words of a document are needed. */
enum wanted { WANT_NONE, WANT_TITLE, WANT_ALL };

/* Those of what the query shows of its hits. */
static enum wanted wanted_of(const struct shukach_query *query)
{
    if (query->snippet > 0 || query->explain) {
        return WANT_ALL;
    }
    return query->titles ? WANT_TITLE : WANT_NONE;
}

/* Reads a candidate into the scratch arena, its words too where they are
 * needed; `*matches` is false if its text shows that it does not match. */
static enum shukach_status read_document(struct search *s, uint32_t number,
                                         enum wanted words, struct stored *out,
                                         bool *matches,
                                         struct shukach_error *err)
{
    *matches = true;
    arena_reset(&s->scratch);
    enum shukach_status status = index_work(s->index, err);
    if (status == SHUKACH_OK) {
        status = records_fields(s->index->store->records, number - 1,
                                &s->scratch, out->fields, out->lengths, err);
    }
    bool check = is_unsure(s, number);
    out->read = check || words != WANT_NONE;
    if (status == SHUKACH_OK && out->read) {
        enum reading_text text = words == WANT_ALL ? READING_ALL
                                 : check           ? READING_ASKED
                                                   : READING_NONE;
        struct seen seen;
        status = search_signature(s, number, &seen, err);
        if (status != SHUKACH_OK) {
            return status;
        }
        status =
            reading_make(s->index->analyser, &seen, out->fields, out->lengths,
                         text, &s->scratch, &out->reading, err);
    }
    if (status == SHUKACH_OK && check) {
        status = verify(s->query->root, &out->reading.seen, matches, err);
    }
    return status;
}

/* Makes a hit of candidate `i`; `*matches` is false if its text shows that it
 * is none. */
static enum shukach_status make_hit(struct search *s,
                                    const struct store_matches *all, size_t i,
                                    bool wanted, bool *matches,
                                    struct shukach_error *err)
{
    struct stored document;
    const struct store_match *match = &all->items[i];
    enum shukach_status status = read_document(
        s, match->number, wanted_of(s->query), &document, matches, err);
    if (status != SHUKACH_OK || !*matches || !wanted) {
        return status;
    }
    s->next = hits_begin(s->hits);
    if (s->next == NULL) {
        return error_nomem(err);
    }
    status =
        hits_add(s->next, &document, &s->scoring, s->query, match->weight, err);
    if (status == SHUKACH_OK) {
        struct hit *hit = &s->next->items[s->next->count - 1];
        hit->index =
            store_reader_generation(s->index->store, match->number - 1);
        if (s->query->explain) {
            status = explain(s, match, i < RESCORE, &document, hit, err);
        }
    }
    return status == SHUKACH_OK ? hits_end(s->hits, err) : status;
}

/* ---- Candidates ---------------------------------------------------------- */

/* Whether a candidate matches by its signature. */
static enum shukach_status sift(uint32_t number, bool *match, void *payload,
                                struct shukach_error *err)
{
    struct search *s = payload;
    struct seen seen;
    *match = true;
    return is_unsure(s, number) ? look(s, number, &seen, match, err)
                                : SHUKACH_OK;
}

/* Turns down what lacks what every match needs. */
static enum shukach_status look_ahead(const uint32_t *numbers, size_t count,
                                      bool *may, void *payload,
                                      struct shukach_error *err)
{
    struct search *s = payload;
    const struct pairs *pairs = s->index->store->pairs;
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < count; i++) {
        need_expect(s->need, pairs, numbers[i] - 1);
    }
    for (size_t i = 0; i < count && status == SHUKACH_OK; i++) {
        status = index_work(s->index, err);
        if (status == SHUKACH_OK) {
            status = need_met(s->need, pairs, numbers[i] - 1, &may[i], err);
        }
    }
    return status;
}

static void expect_signature(uint32_t number, void *payload)
{
    const struct search *s = payload;
    records_expect(s->index->store->records, number - 1);
}

/* The best candidates that match by their signatures. */
static enum shukach_status fetch(struct search *s, uint64_t limit,
                                 struct store_matches *out,
                                 struct shukach_error *err)
{
    static const enum store_order orders[] = {
        [SHUKACH_SORT_RELEVANCE] = STORE_BY_WEIGHT,
        [SHUKACH_SORT_NEWEST] = STORE_BY_SLOT_DOWN,
        [SHUKACH_SORT_OLDEST] = STORE_BY_SLOT_UP,
    };
    uint64_t most = s->statistics.documents;
    uint64_t count = s->query->exact_total ? most
                     : checks(s)           ? limit
                                           : COUNT_EXACTLY;
    struct store_match_options options = {
        .limit = (uint32_t)(limit < most ? limit : most),
        .check_at_least = (uint32_t)(count < most ? count : most),
        .order = orders[s->query->sort],
        .slot = SLOT_DATE,
        .bm25_k1 = BM25_K1,
        .bm25_b = BM25_B,
        .bm25_shortest = BM25_SHORTEST,
        .on_candidate = checks(s) ? sift : NULL,
        .on_ahead = s->need != NULL ? look_ahead : NULL,
        .on_likely = s->verify ? expect_signature : NULL,
        .payload = s,
    };
    arena_reset(&s->matches);
    return store_search(s->index->store->postings, s->expanded, &options,
                        &s->matches, out, err);
}

/* The end of the window of hits asked for. */
static uint64_t window_end(const struct shukach_query *query)
{
    uint64_t end;
    if (query->limit == 0 ||
        __builtin_add_overflow(query->offset, query->limit, &end)) {
        return UINT64_MAX;
    }
    return end;
}

/* Whether a candidate matches whose signature holds what the query wants: where
 * it also holds what is excluded, its text is read. */
static enum shukach_status confirm(struct search *s, uint32_t number,
                                   struct seen *seen, bool *match,
                                   struct shukach_error *err)
{
    struct stored document;
    seen->strict = true;
    enum shukach_status status = verify(s->query->root, seen, match, err);
    return status != SHUKACH_OK || *match
               ? status
               : read_document(s, number, WANT_NONE, &document, match, err);
}

/* The numbers of all documents that match by their signatures, in order. */
static enum shukach_status match_all(struct search *s, uint32_t **numbers,
                                     size_t *count, struct shukach_error *err)
{
    size_t candidates;
    arena_reset(&s->matches);
    enum shukach_status status =
        store_search_all(s->index->store->postings, s->expanded, &s->matches,
                         numbers, &candidates, err);
    *count = 0;
    for (size_t i = 0; status == SHUKACH_OK && i < candidates; i++) {
        struct seen seen;
        uint32_t number = (*numbers)[i];
        bool match = true;
        if (is_unsure(s, number)) {
            status = look(s, number, &seen, &match, err);
            if (status == SHUKACH_OK && match) {
                status = confirm(s, number, &seen, &match, err);
            }
        }
        (*numbers)[*count] = number;
        *count += match;
    }
    return status;
}

/* Counts facets over every match; only then are all matches known. */
static enum shukach_status count_all(struct search *s,
                                     struct shukach_error *err)
{
    uint32_t *numbers;
    size_t count;
    if (!facets_asked(s->query)) {
        return SHUKACH_OK;
    }
    enum shukach_status status = match_all(s, &numbers, &count, err);
    return status == SHUKACH_OK
               ? facets_count(s->index, s->query, numbers, count, s->hits, err)
               : status;
}

/* Hits being made of candidates. */
struct finding {
    uint64_t enough; /* candidates to fetch */
    uint64_t found;  /* matches so far */
    size_t done;     /* candidates looked at */
    double last;     /* the score of the last one */
};

/* Fetches the best candidates, those looked at before among them, and looks
 * at the others. */
static enum shukach_status find_more(struct search *s, struct finding *f,
                                     struct store_matches *matches,
                                     struct shukach_error *err)
{
    uint64_t offset = s->query->offset;
    uint64_t end = window_end(s->query);
    bool count = checks(s) && s->query->exact_total; /* the rest as well */
    enum shukach_status status = fetch(s, f->enough, matches, err);
    if (status == SHUKACH_OK && f->done == 0) {
        status = rescore(s, matches, err);
        f->done = checks(s) ? 0 : offset;
        f->found = f->done;
    }
    for (; status == SHUKACH_OK && f->done < matches->count &&
           (f->found < end || count);
         f->done++) {
        struct store_match *match = &matches->items[f->done];
        bool is_match;
        match->weight = match->weight < f->last ? match->weight : f->last;
        f->last = match->weight;
        status = make_hit(s, matches, f->done,
                          f->found >= offset && f->found < end, &is_match, err);
        f->found += is_match;
    }
    return status;
}

/* The text decides on what is shown; among the candidates may be some whose
 * hashes only collide, for a rare form even most of them. Then more are
 * fetched. */
static enum shukach_status find(struct search *s, struct shukach_error *err)
{
    uint64_t end = window_end(s->query);
    struct store_matches matches = {0};
    struct finding f = {.enough = end > RESCORE ? end : RESCORE,
                        .last = HUGE_VAL};
    if (checks(s) && s->query->exact_total) {
        f.enough = UINT64_MAX;
    }
    enum shukach_status status;
    bool more;
    do {
        status = find_more(s, &f, &matches, err);
        more = f.found < end && matches.count >= f.enough;
        f.enough *= 4;
    } while (status == SHUKACH_OK && more);
    s->hits->lower = checks(s) ? f.found : matches.lower;
    s->hits->upper = matches.upper;
    s->hits->upper -= checks(s) ? f.done - f.found : 0;
    return status;
}

/* ---- Public -------------------------------------------------------------- */

/* Ends a search; the hits go to the caller if all went well. */
static enum shukach_status finish(struct search *s, enum shukach_status status,
                                  struct shukach_hits **out)
{
    store_query_free(s->expanded);
    arena_free(&s->scratch);
    arena_free(&s->matches);
    if (status != SHUKACH_OK || out == NULL) {
        shukach_hits_free(s->hits);
    } else {
        *out = s->hits;
    }
    return status;
}

/* Compares the sums of postings of at most so many bytes, once: in them alone
 * a bit that flipped would not be noticed, and might change an answer. */
static enum shukach_status check_postings(struct shukach_index *index,
                                          uint64_t most,
                                          struct shukach_error *err)
{
    return index->checked
               ? SHUKACH_OK
               : store_check_postings(index->store, most, &index->checked, err);
}

enum shukach_status search(struct shukach_index *index,
                           const struct shukach_query *query,
                           shukach_on_hit callback, void *payload,
                           struct shukach_hits **out, struct shukach_error *err)
{
    struct shukach_query widened = *query;
    struct search s = {.index = index, .query = &widened};
    s.hits = calloc(1, sizeof *s.hits);
    if (s.hits == NULL) {
        return error_nomem(err);
    }
    s.hits->callback = callback;
    s.hits->payload = payload;
    index->work = 0;
    enum shukach_status status = check_postings(index, CHECKED_BYTES, err);
    if (status == SHUKACH_OK) {
        status = prepare(&s, err);
    }
    if (status == SHUKACH_OK) {
        status = find(&s, err);
    }
    if (status == SHUKACH_OK) {
        status = count_all(&s, err);
    }
    if (status == SHUKACH_OK && query->suggest) {
        bool few = s.hits->upper < SUGGEST_BELOW;
        status = suggest_make(index, query, &s.scoring, few, s.hits, err);
    }
    return finish(&s, status, out);
}

enum shukach_status shukach_index_stream(struct shukach_index *index,
                                         const struct shukach_query *query,
                                         shukach_on_document callback,
                                         void *payload,
                                         struct shukach_hits **out,
                                         struct shukach_error *err)
{
    if (index == NULL || query == NULL || callback == NULL) {
        return error_set(err, SHUKACH_INVALID,
                         "no index, query or callback was given");
    }
    struct shukach_query widened = *query;
    struct search s = {.index = index, .query = &widened};
    struct stored document;
    uint32_t *numbers = NULL;
    size_t count = 0;
    if (out != NULL) {
        *out = NULL;
    }
    s.hits = calloc(1, sizeof *s.hits);
    if (s.hits == NULL) {
        return error_nomem(err);
    }
    index->work = 0;
    /* What is exported is counted and published; comparing takes little beside
     * reading the documents. */
    enum shukach_status status = check_postings(index, UINT64_MAX, err);
    if (status == SHUKACH_OK) {
        status = prepare(&s, err);
    }
    if (status == SHUKACH_OK) {
        status = match_all(&s, &numbers, &count, err);
    }
    for (size_t i = 0; i < count && status == SHUKACH_OK; i++) {
        bool match;
        status =
            read_document(&s, numbers[i], WANT_NONE, &document, &match, err);
        if (status == SHUKACH_OK && match) {
            s.hits->lower = ++s.hits->upper;
            status = index_lend(document.fields, document.lengths, callback,
                                payload, err);
        }
    }
    return finish(&s, status, out);
}
