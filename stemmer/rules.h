/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The Ukrainian rules, as seen by stemmer.c; not a public header.
 * A word is an array of letters as letters.h has them.
 */
#ifndef STEMMER_RULES_H
#define STEMMER_RULES_H

#include <stddef.h>

enum { RULES_ENDINGS_MAX = 400 };

/* The endings that share a last letter, chained, so that a word is compared
 * with a dozen of them and not with all. */
struct rules_index {
    unsigned short first[128];
    unsigned short next[RULES_ENDINGS_MAX];
    unsigned char size[RULES_ENDINGS_MAX];
};

/* Fills the index; call once before rules_stem(). */
void rules_index_fill(struct rules_index *index);

/* Stems the `length` letters at `word` in place. Returns the new length, from
 * 1 to `length`; 0 only for an empty word. */
size_t rules_stem(const struct rules_index *index, char *word, size_t length);

#endif
