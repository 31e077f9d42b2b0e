/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdlib.h>

#include "choose.h"

/* In hundredths of the forms of the lexeme that has fewer. */
enum {
    MERGE_NAMES = 15,
    MERGE_NAME = 30, /* with a common noun: Голуб, голуб */
    MERGE_RARE = 40,
    MERGE_COMMON = 50,
    MERGE_NEVER = 1000,
    COST_SELDOM = BAND_COMMONEST + 2 * BAND_STEP
};

/* Two lexemes with one stem and some forms in common. */
struct overlap {
    uint32_t one;
    uint32_t other;
};

static int compare_overlaps(const void *one, const void *other)
{
    const struct overlap *a = one;
    const struct overlap *b = other;
    if (a->one != b->one) {
        return a->one < b->one ? -1 : 1;
    }
    return (a->other > b->other) - (a->other < b->other);
}

/* How many of a hundred forms two lexemes must share to be merged. Measured:
 * names gain from it what they lose to common words of the same shape; a
 * common word is better kept apart from a rare one, which seldom turns up. */
static size_t merge_share(const struct lexeme *one, const struct lexeme *other)
{
    bool common = one->cost < BAND_UNLISTED;
    bool other_common = other->cost < BAND_UNLISTED;
    if (one->bare || other->bare) {
        return MERGE_NEVER;
    }
    if (one->capital && other->capital) {
        return MERGE_NAMES;
    }
    if (one->capital || other->capital) {
        return MERGE_NAME;
    }
    /* політик, політика: both will be there. */
    bool commonest = one->cost < COST_SELDOM && other->cost < COST_SELDOM;
    if (common != other_common || commonest) {
        return MERGE_NEVER;
    }
    return common ? MERGE_COMMON : MERGE_RARE;
}

static struct overlap *overlaps_find(const struct chooser *chooser,
                                     size_t *found)
{
    const struct lexeme *lexemes = chooser->all->lexemes;
    struct overlap *overlaps = NULL;
    size_t count = 0;
    size_t room = 0;
    for (size_t form = 0; form < chooser->form_count; form++) {
        uint32_t end = chooser->first[form + 1];
        for (uint32_t i = chooser->first[form]; i + 1 < end; i++) {
            for (uint32_t k = i + 1; k < end; k++) {
                uint32_t a = chooser->sorted[i].lexeme;
                uint32_t b = chooser->sorted[k].lexeme;
                if (a == b || lexemes[a].key == UINT32_MAX ||
                    lexemes[a].key != lexemes[b].key) {
                    continue;
                }
                overlaps =
                    compile_grow(overlaps, count, &room, sizeof *overlaps);
                overlaps[count++] =
                    a < b ? (struct overlap){a, b} : (struct overlap){b, a};
            }
        }
    }
    *found = count;
    return overlaps;
}

/* The rules give them one stem, and many of their forms are the same (агностик,
 * агностика). To split them would tear the forms of each in two, while a text
 * seldom has both. */
void choose_merge(struct chooser *chooser)
{
    struct lexemes *all = chooser->all;
    size_t count = 0;
    struct overlap *overlaps = overlaps_find(chooser, &count);
    qsort(overlaps, count, sizeof *overlaps, compare_overlaps);
    for (size_t i = 0; i < count;) {
        struct overlap pair = overlaps[i];
        size_t end = i;
        while (end < count &&
               compare_overlaps(&overlaps[end], &overlaps[i]) == 0) {
            end++;
        }
        uint32_t least = chooser->size[pair.one] < chooser->size[pair.other]
                             ? chooser->size[pair.one]
                             : chooser->size[pair.other];
        if (100 * (end - i) >=
            merge_share(&all->lexemes[pair.one], &all->lexemes[pair.other]) *
                least) {
            lexemes_join(all, pair.one, pair.other);
        }
        i = end;
    }
    free(overlaps);
    for (size_t i = 0; i < all->reading_count; i++) {
        uint32_t *lexeme = &chooser->sorted[i].lexeme;
        *lexeme = lexemes_root(all, *lexeme);
    }
    for (size_t i = 0; i < chooser->form_count; i++) {
        if (chooser->chosen[i] != UINT32_MAX) {
            chooser->chosen[i] = lexemes_root(all, chooser->chosen[i]);
        }
    }
}
