/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the words of a query stand in a document: what its score is made of
 * beside BM25. */
#include "ranking.h"
#include "searcher.h"

/* Ways in which a word may stand, MATCH_NONE among them. */
#define MATCHES (MATCH_EXACT + 1)

/* Adds what stands at token `i`. */
static void add_token(const struct scoring *scoring, const struct seen *seen,
                      size_t i, struct standing *out)
{
    uint32_t position = seen->tokens[i].position;
    for (uint32_t w = 0; w < scoring->count; w++) {
        const struct query_word *word = scoring->words[w];
        enum word_match match = word_match_at(word, seen, &seen->tokens[i]);
        if (match < (word->exact ? MATCH_EXACT : MATCH_VARIANT)) {
            continue;
        }
        out->places[out->count++] =
            (struct place){.position = position, .word = w, .match = match};
        out->own[w] += match >= MATCH_STEM;
        out->exact[w] += match == MATCH_EXACT;
        out->best[w] = match > out->best[w] ? match : out->best[w];
    }
    for (size_t a = 0; a < scoring->alternative_count; a++) {
        const struct alternative *other = &scoring->alternatives[a];
        if (!words_at(other->node, seen, i)) {
            continue;
        }
        for (size_t w = other->first; w < other->first + other->count; w++) {
            out->best[w] =
                out->best[w] < MATCH_VARIANT ? MATCH_VARIANT : out->best[w];
            out->places[out->count++] = (struct place){.position = position,
                                                       .word = (uint32_t)w,
                                                       .match = MATCH_VARIANT};
        }
    }
}

bool standing_make(const struct scoring *scoring, const struct seen *seen,
                   struct arena *arena, struct standing *out)
{
    size_t words = scoring->count;
    *out = (struct standing){
        .own = arena_array(arena, words, sizeof *out->own),
        .exact = arena_array(arena, words, sizeof *out->exact),
        .best = arena_array(arena, words, sizeof *out->best),
        .inside = arena_array(arena, MATCHES * words, sizeof *out->inside),
        .places = arena_array(arena, seen->count * (words + scoring->covered),
                              sizeof *out->places),
    };
    if (out->own == NULL || out->exact == NULL || out->best == NULL ||
        out->inside == NULL || out->places == NULL) {
        return false;
    }
    for (size_t i = 0; i < seen->count; i++) {
        add_token(scoring, seen, i, out);
    }
    return true;
}

double match_weight(enum word_match match)
{
    const double weights[MATCHES] = {0, VARIANT_WEIGHT, NAME_WEIGHT, 1, 1};
    return weights[match];
}

/* What a word adds to a stretch that holds so many of it and of what stands
 * for it. */
static double word_inside(const struct scoring *scoring,
                          const struct standing *standing, uint32_t word)
{
    const uint32_t *inside = &standing->inside[MATCHES * word];
    size_t match = MATCH_EXACT;
    while (match > MATCH_NONE && inside[match] == 0) {
        match--;
    }
    return match_weight((enum word_match)match) * scoring->words[word]->idf;
}

double standing_densest(const struct scoring *scoring,
                        struct standing *standing, uint32_t stretch)
{
    const struct place *places = standing->places;
    uint32_t *inside = standing->inside;
    double best = 0;
    double sum = 0;
    size_t first = 0;
    memset(inside, 0, MATCHES * scoring->count * sizeof *inside);
    for (size_t last = 0; last < standing->count; last++) {
        const struct place *place = &places[last];
        sum -= word_inside(scoring, standing, place->word);
        inside[MATCHES * place->word + place->match]++;
        sum += word_inside(scoring, standing, place->word);
        while (places[last].position - places[first].position >= stretch) {
            place = &places[first++];
            sum -= word_inside(scoring, standing, place->word);
            inside[MATCHES * place->word + place->match]--;
            sum += word_inside(scoring, standing, place->word);
        }
        best = sum > best ? sum : best;
    }
    return best;
}
