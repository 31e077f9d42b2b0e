/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranking. The store gives candidates by BM25; here the best of them are
 * scored again with what only the signatures know, and where positions or
 * exact forms matter each candidate is verified. */
#include <math.h>

#include "index.h"
#include "schema.h"

/* The parameters, chosen on the development sets: docs/ranking.md. */
#define BM25_K1 1.2
#define BM25_B 0.75
/* What the exact form adds to a word's weight. More ruins queries in another
 * inflection, none ties the surname Раїсі with the first name Раїса. */
#define EXACT_WEIGHT 0.15
/* What a phrase in exactly these forms adds: more than its words can weigh,
 * so that such documents come first. */
#define EXACT_PHRASE_WEIGHT 1.0
/* The power of the share of the query's words, by weight, that a document
 * has: those with more of them come first. */
#define COORDINATION 1.5
/* What a stretch of so many words adds that holds all words of the query. */
#define PROXIMITY 0.7
#define PROXIMITY_WORDS 16
/* What a variant has at most of the weight of the word it stands for. */
#define VARIANT_WEIGHT 0.5
/* How many of the best are scored again. */
#define RESCORE 200
/* Candidates fetched at first when they are verified; then four times as
 * many. */
#define FIRST_PAGE 256
/* Fewer matches than this call for a suggestion. */
#define SUGGEST_BELOW 3
/* Fewer matches than this are counted exactly. */
#define COUNT_EXACTLY 1000

struct search {
    struct shukach_index *index;
    struct shukach_query *query; /* a copy; its tree has its variants */
    struct store_query *expanded;
    bool verify;      /* every candidate */
    uint64_t *unsure; /* or those with a bit here; NULL for none */
    struct scoring scoring;
    uint64_t asked[(UINT16_MAX + 1) / 64]; /* a bit a short stem hash */
    struct store_statistics statistics;
    struct arena scratch; /* one document at a time */
    struct arena matches;
    struct shukach_hits *hits;
};

/* ---- The words that score ------------------------------------------------ */

/* Collects words and phrases that are not excluded. With NULL arrays it
 * counts only. */
static void collect(struct node *node, struct scoring *scoring)
{
    if (node->must_not || node->kind == NODE_NOT || node->kind == NODE_FILTER) {
        return;
    }
    for (const struct node *other = node->alternatives; other != NULL;
         other = other->next) {
        if (scoring->alternatives != NULL) {
            scoring->alternatives[scoring->alternative_count] =
                (struct alternative){.node = other,
                                     .first =
                                         scoring->count + other->cover_from,
                                     .count = other->cover};
        }
        scoring->alternative_count++;
        scoring->covered += other->cover;
    }
    if (node->kind == NODE_WORD || node->kind == NODE_PHRASE) {
        for (size_t i = 0; i < node->word_count; i++) {
            if (scoring->words != NULL) {
                scoring->words[scoring->count] = &node->words[i];
            }
            scoring->count++;
        }
    }
    if (node->kind == NODE_PHRASE) {
        if (scoring->phrases != NULL) {
            scoring->phrases[scoring->phrase_count] = node;
        }
        scoring->phrase_count++;
    }
    for (struct node *child = node->first; child != NULL; child = child->next) {
        collect(child, scoring);
    }
}

static void ask_stem(struct search *s, uint64_t stem)
{
    uint16_t bit = signature_short(stem);
    s->asked[bit / 64] |= (uint64_t)1 << (bit % 64);
}

static void ask(struct search *s, const struct query_word *word)
{
    for (size_t i = 0; i < word->stem_count; i++) {
        ask_stem(s, word->stems[i].hash);
    }
    const struct query_prefix *prefix = word->prefix;
    for (size_t i = 0; prefix != NULL && i < prefix->key_count; i++) {
        ask_stem(s, prefix->keys[i].stem);
    }
    for (const struct query_word *variant = word->variants; variant != NULL;
         variant = variant->next) {
        ask(s, variant);
    }
}

/* Whether a candidate may be none. */
static bool is_unsure(const struct search *s, uint32_t number)
{
    return s->verify || (s->unsure != NULL &&
                         (s->unsure[number / 64] >> (number % 64) & 1) != 0);
}

static enum shukach_status prepare(struct search *s, struct shukach_error *err)
{
    enum shukach_status status =
        prefixes_expand(s->index, s->query->root, s->hits, err);
    struct scoring count = {0};
    if (status == SHUKACH_OK && s->query->variants) {
        status = alternatives_apply(&s->index->alternatives, s->index->analyser,
                                    s->index->store->postings, VARIANT_WEIGHT,
                                    s->query->root, &s->hits->arena,
                                    &s->query->root, err);
    }
    if (status != SHUKACH_OK) {
        return status;
    }
    collect(s->query->root, &count);
    struct arena *arena = &s->hits->arena;
    struct scoring *scoring = &s->scoring;
    scoring->words =
        arena_array(arena, count.count + 1, sizeof *scoring->words);
    scoring->phrases =
        arena_array(arena, count.phrase_count + 1, sizeof *scoring->phrases);
    scoring->alternatives = arena_array(arena, count.alternative_count + 1,
                                        sizeof *scoring->alternatives);
    s->expanded = expand(s->query, &s->verify);
    if (scoring->words == NULL || scoring->phrases == NULL ||
        scoring->alternatives == NULL || s->expanded == NULL) {
        return error_nomem(err);
    }
    collect(s->query->root, scoring);
    s->statistics = store_postings_statistics(s->index->store->postings);
    for (size_t i = 0; i < scoring->count && status == SHUKACH_OK; i++) {
        struct query_word *word = scoring->words[i];
        status = word_weigh(s->index->store->postings, word, err);
        word->idf *= word->boost > 0 ? word->boost : 1;
        ask(s, word);
    }
    for (size_t i = 0; i < scoring->alternative_count; i++) {
        ask(s, &scoring->alternatives[i].node->words[0]);
    }
    if (status == SHUKACH_OK && !s->verify) {
        status = alternatives_unsure(s->index->store->postings, s->query,
                                     scoring, arena, &s->unsure, err);
    }
    return status;
}

/* ---- Scoring again ------------------------------------------------------- */

/* For phrases that stand in exactly the forms of the query. */
static double phrase_bonus(const struct search *s, const struct seen *seen)
{
    double bonus = 0;
    for (size_t p = 0; p < s->scoring.phrase_count; p++) {
        const struct node *phrase = s->scoring.phrases[p];
        double weight = 0;
        for (size_t i = 0; i < phrase->word_count; i++) {
            weight += phrase->words[i].idf * (BM25_K1 + 1);
        }
        bonus += phrase_exact(phrase, seen) ? EXACT_PHRASE_WEIGHT * weight : 0;
    }
    return bonus;
}

/* A document's score from what the store knows and its signature does. */
static enum shukach_status score_again(struct search *s,
                                       const struct seen *seen, double length,
                                       double *score, struct shukach_error *err)
{
    double average = s->statistics.average_length;
    double k =
        BM25_K1 * (1 - BM25_B + BM25_B * (average > 0 ? length / average : 1));
    size_t words = s->scoring.count;
    struct standing standing;
    if (!standing_make(&s->scoring, s->asked, seen, &s->scratch, &standing)) {
        return error_nomem(err);
    }
    double bonus = phrase_bonus(s, seen);
    double all = 0;
    double found = 0;
    for (size_t w = 0; w < words; w++) {
        double idf = s->scoring.words[w]->idf;
        double exact = standing.exact[w];
        all += idf;
        found += standing.own[w] > 0 ? idf
                 : standing.other[w] ? VARIANT_WEIGHT * idf
                                     : 0;
        bonus += EXACT_WEIGHT * idf * (BM25_K1 + 1) * exact / (exact + k);
    }
    if (all > 0) {
        double share = found / all;
        double near = words > 1
                          ? standing_densest(&s->scoring, &standing,
                                             PROXIMITY_WORDS, VARIANT_WEIGHT) /
                                all
                          : 0;
        *score = (*score + bonus) * pow(share, COORDINATION) *
                 (1 + PROXIMITY * near);
    }
    return SHUKACH_OK;
}

static enum shukach_status read_signature(struct search *s, uint32_t number,
                                          struct seen *out,
                                          struct shukach_error *err)
{
    const unsigned char *data;
    size_t length;
    arena_reset(&s->scratch);
    enum shukach_status status = records_signature(
        s->index->store->records, number - 1, &data, &length, err);
    return status == SHUKACH_OK
               ? seen_signature(data, length, &s->scratch, out, err)
               : status;
}

static int by_weight(const void *a, const void *b)
{
    const struct store_match *x = a;
    const struct store_match *y = b;
    if (x->weight != y->weight) {
        return x->weight < y->weight ? 1 : -1;
    }
    return x->number < y->number ? -1 : x->number > y->number;
}

/* Scores the best candidates again and sorts them anew; those after them
 * keep their order and their place. */
static enum shukach_status rescore(struct search *s,
                                   struct store_matches *matches,
                                   struct shukach_error *err)
{
    size_t count = matches->count < RESCORE ? matches->count : RESCORE;
    if (s->scoring.count == 0) {
        return SHUKACH_OK;
    }
    for (size_t i = 0; i < count; i++) {
        struct store_match *match = &matches->items[i];
        struct seen seen;
        double length;
        enum shukach_status status =
            read_signature(s, match->number, &seen, err);
        if (status == SHUKACH_OK) {
            status = store_postings_length(s->index->store->postings,
                                           match->number, &length, err);
        }
        if (status == SHUKACH_OK) {
            status = score_again(s, &seen, length, &match->weight, err);
        }
        if (status == SHUKACH_OK) {
            status = age_weigh(s->index, s->query, match, err);
        }
        if (status != SHUKACH_OK) {
            return status;
        }
    }
    if (s->query->sort == SHUKACH_SORT_RELEVANCE) {
        qsort(matches->items, count, sizeof *matches->items, by_weight);
    }
    /* Scores of both kinds in one list, and still none rises. */
    for (size_t i = count; i < matches->count; i++) {
        double last = matches->items[i - 1].weight;
        double own = matches->items[i].weight;
        matches->items[i].weight = own < last ? own : last;
    }
    return SHUKACH_OK;
}

/* ---- Hits ---------------------------------------------------------------- */

/* Reads a candidate into the scratch arena, its words too where they are
 * needed; `*matches` is false if its text shows that it does not match. */
static enum shukach_status read_document(struct search *s, uint32_t number,
                                         bool words, struct stored *out,
                                         bool *matches,
                                         struct shukach_error *err)
{
    *matches = true;
    arena_reset(&s->scratch);
    enum shukach_status status =
        records_fields(s->index->store->records, number - 1, &s->scratch,
                       out->fields, out->lengths, err);
    bool check = is_unsure(s, number);
    out->read = check || words;
    if (status == SHUKACH_OK && out->read) {
        status = reading_make(s->index->analyser, out->fields, out->lengths,
                              &s->scratch, &out->reading, err);
    }
    if (status == SHUKACH_OK && check) {
        status = verify(s->query->root, &out->reading.seen, matches, err);
    }
    return status;
}

/* Makes a hit of a candidate; `*matches` is false if its text shows that it
 * is none. */
static enum shukach_status make_hit(struct search *s,
                                    const struct store_match *match,
                                    bool wanted, bool *matches,
                                    struct shukach_error *err)
{
    struct stored document;
    enum shukach_status status = read_document(
        s, match->number, s->query->snippet > 0, &document, matches, err);
    if (status != SHUKACH_OK || !*matches || !wanted) {
        return status;
    }
    return hits_add(s->hits, &document, &s->scoring, s->query, match->weight,
                    err);
}

/* ---- Candidates ---------------------------------------------------------- */

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
    struct store_match_options options = {
        .limit = (uint32_t)(limit < most ? limit : most),
        .check_at_least =
            (uint32_t)(most < COUNT_EXACTLY || s->query->exact_total
                           ? most
                           : COUNT_EXACTLY),
        .order = orders[s->query->sort],
        .slot = SLOT_DATE,
        .bm25_k1 = BM25_K1,
        .bm25_b = BM25_B,
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

/* Every candidate matches: the window is cut out of them. */
static enum shukach_status search_plain(struct search *s,
                                        struct shukach_error *err)
{
    uint64_t end = window_end(s->query);
    struct store_matches matches;
    enum shukach_status status =
        fetch(s, end > RESCORE ? end : RESCORE, &matches, err);
    if (status == SHUKACH_OK) {
        status = rescore(s, &matches, err);
    }
    s->hits->lower = matches.lower;
    s->hits->upper = matches.upper;
    for (uint64_t i = s->query->offset;
         status == SHUKACH_OK && i < matches.count && i < end; i++) {
        bool match;
        status = make_hit(s, &matches.items[i], true, &match, err);
    }
    return status;
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
            status = read_signature(s, number, &seen, err);
            if (status == SHUKACH_OK) {
                status = verify(s->query->root, &seen, &match, err);
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

/* Drops the candidates whose signatures say no. */
static enum shukach_status sift(struct search *s, struct store_matches *matches,
                                struct shukach_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < matches->count; i++) {
        struct seen seen;
        bool match = false;
        if (!is_unsure(s, matches->items[i].number)) {
            matches->items[kept++] = matches->items[i];
            continue;
        }
        enum shukach_status status =
            read_signature(s, matches->items[i].number, &seen, err);
        if (status == SHUKACH_OK) {
            status = verify(s->query->root, &seen, &match, err);
        }
        if (status != SHUKACH_OK) {
            return status;
        }
        if (match) {
            matches->items[kept++] = matches->items[i];
        }
    }
    matches->count = kept;
    return SHUKACH_OK;
}

/* Fetches more and more candidates until enough of them match. */
static enum shukach_status search_verified(struct search *s,
                                           struct shukach_error *err)
{
    uint64_t end = window_end(s->query);
    uint64_t enough = end > RESCORE ? end : RESCORE;
    enough = s->query->exact_total ? UINT64_MAX : enough;
    uint64_t documents = s->statistics.documents;
    struct store_matches matches;
    enum shukach_status status;
    bool all = false;
    for (uint64_t page = FIRST_PAGE;; page *= 4) {
        page = enough == UINT64_MAX || page > documents ? documents : page;
        status = fetch(s, page, &matches, err);
        all = page >= documents || matches.count < page;
        s->hits->upper = matches.upper;
        if (status == SHUKACH_OK) {
            status = sift(s, &matches, err);
        }
        if (status != SHUKACH_OK || all || matches.count >= enough) {
            break;
        }
    }
    if (status == SHUKACH_OK) {
        status = rescore(s, &matches, err);
    }
    /* The text decides on what is shown; the rest may hold a collision. */
    uint64_t found = 0;
    size_t i = 0;
    bool count = s->query->exact_total;
    for (; status == SHUKACH_OK && i < matches.count && (found < end || count);
         i++) {
        bool match;
        status =
            make_hit(s, &matches.items[i],
                     found >= s->query->offset && found < end, &match, err);
        found += match;
    }
    s->hits->lower = found;
    s->hits->upper = all ? found + (matches.count - i) : s->hits->upper;
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
    enum shukach_status status = prepare(&s, err);
    if (status == SHUKACH_OK) {
        bool checks = s.verify || s.unsure != NULL;
        status = checks ? search_verified(&s, err) : search_plain(&s, err);
    }
    if (status == SHUKACH_OK) {
        status = count_all(&s, err);
    }
    if (status == SHUKACH_OK && query->suggest &&
        s.hits->upper < SUGGEST_BELOW) {
        status = suggest_make(index, query, &s.scoring, s.hits, err);
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
    enum shukach_status status = prepare(&s, err);
    if (status == SHUKACH_OK) {
        status = match_all(&s, &numbers, &count, err);
    }
    for (size_t i = 0; i < count && status == SHUKACH_OK; i++) {
        bool match;
        status = read_document(&s, numbers[i], false, &document, &match, err);
        if (status == SHUKACH_OK && match) {
            s.hits->lower = ++s.hits->upper;
            status = index_lend(document.fields, document.lengths, callback,
                                payload, err);
        }
    }
    return finish(&s, status, out);
}
