/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranking: the best candidates are scored again with what only the
 * signatures know. docs/ranking.md has the formula. */
#include <math.h>
#include <stdlib.h>

#include "index.h"
#include "ranking.h"
#include "schema.h"

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

static void ask(struct search *s, const struct query_word *word)
{
    for (size_t i = 0; i < word->stem_count; i++) {
        signature_ask(&s->asked, word->stems[i].hash);
    }
    const struct query_prefix *prefix = word->prefix;
    for (size_t i = 0; prefix != NULL && i < prefix->key_count; i++) {
        signature_ask(&s->asked, prefix->keys[i].stem);
    }
    for (const struct query_word *variant = word->variants; variant != NULL;
         variant = variant->next) {
        ask(s, variant);
    }
}

/* Asks for the stems of all words of a tree, of those too that are excluded:
 * a signature must tell whether they stand there. */
static void ask_tree(struct search *s, const struct node *node)
{
    for (const struct node *other = node->alternatives; other != NULL;
         other = other->next) {
        ask_tree(s, other);
    }
    for (size_t i = 0; i < node->word_count && node->kind != NODE_FILTER; i++) {
        ask(s, &node->words[i]);
    }
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        ask_tree(s, child);
    }
}

enum shukach_status scoring_prepare(struct search *s, struct shukach_error *err)
{
    struct scoring count = {0};
    struct scoring *scoring = &s->scoring;
    struct arena *arena = &s->hits->arena;
    s->asked.arena = arena;
    collect(s->query->root, &count);
    scoring->words =
        arena_array(arena, count.count + 1, sizeof *scoring->words);
    scoring->phrases =
        arena_array(arena, count.phrase_count + 1, sizeof *scoring->phrases);
    scoring->alternatives = arena_array(arena, count.alternative_count + 1,
                                        sizeof *scoring->alternatives);
    if (scoring->words == NULL || scoring->phrases == NULL ||
        scoring->alternatives == NULL) {
        return error_nomem(err);
    }
    collect(s->query->root, scoring);
    ask_tree(s, s->query->root);
    s->statistics = store_postings_statistics(s->index->store->postings);
    for (size_t i = 0; i < scoring->count; i++) {
        struct query_word *word = scoring->words[i];
        enum shukach_status status =
            word_weigh(s->index->store->postings, word, err);
        if (status != SHUKACH_OK) {
            return status;
        }
        word->idf *= word->boost > 0 ? word->boost : 1;
    }
    return SHUKACH_OK;
}

/* ---- One document -------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    uint32_t x = (*(struct store_match *const *)a)->number;
    uint32_t y = (*(struct store_match *const *)b)->number;
    return (x > y) - (x < y);
}

struct store_match **search_order(struct search *s,
                                  struct store_matches *matches, size_t count)
{
    struct store_match **order =
        arena_array(&s->matches, count + 1, sizeof(struct store_match *));
    for (size_t i = 0; order != NULL && i < count; i++) {
        order[i] = &matches->items[i];
    }
    if (order != NULL) {
        qsort(order, count, sizeof *order, by_number);
    }
    return order;
}

/* So far ahead memory has come when it is needed. */
#define AHEAD 3

void search_expect(const struct search *s, struct store_match *const *order,
                   size_t count, size_t i)
{
    if (i + AHEAD < count) {
        records_expect(s->index->store->records, order[i + AHEAD]->number - 1);
    }
}

enum shukach_status search_signature(struct search *s, uint32_t number,
                                     struct seen *out,
                                     struct shukach_error *err)
{
    struct signature signature;
    enum shukach_status status = records_signature(s->index->store->records,
                                                   number - 1, &signature, err);
    return status == SHUKACH_OK
               ? seen_signature(&signature, &s->asked, &s->scratch, out, err)
               : status;
}

/* A newer document keeps its score, an older one falls to OLD_SHARE of it. */
static enum shukach_status age_factor(const struct search *s, uint32_t number,
                                      double *out, struct shukach_error *err)
{
    char value[32];
    int64_t days;
    *out = 1;
    if (s->query->half_life == 0) {
        return SHUKACH_OK;
    }
    enum shukach_status status = store_read_value(
        s->index->store->postings, number, SLOT_DATE, value, sizeof value, err);
    if (status == SHUKACH_OK) {
        double age = date_days(value, &days)
                         ? fmax(0, (double)(s->query->today - days))
                         : HUGE_VAL;
        *out = OLD_SHARE + (1 - OLD_SHARE) * exp2(-age / s->query->half_life);
    }
    return status;
}

/* What phrases add that stand in exactly the forms of the query. */
static void add_phrases(const struct search *s, const struct seen *seen,
                        struct account *out)
{
    for (size_t p = 0; p < s->scoring.phrase_count; p++) {
        const struct node *phrase = s->scoring.phrases[p];
        double weight = 0;
        for (size_t i = 0; i < phrase->word_count; i++) {
            weight += phrase->words[i].idf * (BM25_K1 + 1);
        }
        out->phrases[p] =
            phrase_exact(phrase, seen) ? EXACT_PHRASE_WEIGHT * weight : 0;
        out->bonus += out->phrases[p];
    }
}

/* What exact forms add, and the factors of coverage and nearness. */
static void add_words(const struct search *s, struct standing *standing,
                      double k, struct account *out)
{
    size_t words = s->scoring.count;
    double all = 0;
    double found = 0;
    for (size_t w = 0; w < words; w++) {
        double idf = s->scoring.words[w]->idf;
        double exact = standing->exact[w];
        all += idf;
        found += match_weight(standing->best[w]) * idf;
        out->exact[w] =
            EXACT_WEIGHT * idf * (BM25_K1 + 1) * exact / (exact + k);
        out->bonus += out->exact[w];
    }
    if (all > 0) {
        double near =
            words > 1
                ? standing_densest(&s->scoring, standing, PROXIMITY_WORDS) / all
                : 0;
        out->factors[SHUKACH_FACTOR_COVERAGE] = pow(found / all, COORDINATION);
        out->factors[SHUKACH_FACTOR_NEARNESS] = 1 + PROXIMITY * near;
    }
}

enum shukach_status score_account(struct search *s, uint32_t number,
                                  struct account *out,
                                  struct shukach_error *err)
{
    struct seen seen;
    struct standing standing;
    enum shukach_status status = search_signature(s, number, &seen, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    *out = (struct account){
        .exact = arena_array(&s->scratch, s->scoring.count, sizeof *out->exact),
        .phrases = arena_array(&s->scratch, s->scoring.phrase_count + 1,
                               sizeof *out->phrases),
        .factors = {1, 1, 1, 1}};
    if (out->exact == NULL || out->phrases == NULL ||
        !standing_make(&s->scoring, &seen, &s->scratch, &standing)) {
        return error_nomem(err);
    }
    double average = s->statistics.average_length;
    double relative = average > 0 ? seen.stems / average : 1;
    add_phrases(s, &seen, out);
    add_words(s, &standing, BM25_K1 * (1 - BM25_B + BM25_B * relative), out);
    return age_factor(s, number, &out->factors[SHUKACH_FACTOR_AGE], err);
}

double account_factor(const struct account *account)
{
    double all = 1;
    for (size_t f = 0; f < SHUKACH_FACTORS; f++) {
        all *= account->factors[f];
    }
    return all;
}

/* ---- The best ------------------------------------------------------------ */

static int by_weight(const void *a, const void *b)
{
    const struct store_match *x = a;
    const struct store_match *y = b;
    if (x->weight != y->weight) {
        return x->weight < y->weight ? 1 : -1;
    }
    return x->number < y->number ? -1 : x->number > y->number;
}

enum shukach_status rescore(struct search *s, struct store_matches *matches,
                            struct shukach_error *err)
{
    size_t count = matches->count < RESCORE ? matches->count : RESCORE;
    if (s->scoring.count == 0) {
        return SHUKACH_OK;
    }
    struct store_match **order = search_order(s, matches, count);
    if (order == NULL) {
        return error_nomem(err);
    }
    for (size_t i = 0; i < count; i++) {
        struct store_match *match = order[i];
        struct account account;
        search_expect(s, order, count, i);
        arena_reset(&s->scratch);
        enum shukach_status status =
            score_account(s, match->number, &account, err);
        if (status != SHUKACH_OK) {
            return status;
        }
        match->weight =
            (match->weight + account.bonus) * account_factor(&account);
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
