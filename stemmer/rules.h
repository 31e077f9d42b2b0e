/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The Ukrainian rules, as seen by stemmer.c; not a public header.
 * A word is an array of letters as letters.h has them.
 */
#ifndef STEMMER_RULES_H
#define STEMMER_RULES_H

#include <stddef.h>

enum { RULES_ENDINGS_MAX = 400, RULES_PAIRS = 1024 };

/* Where to look in the tables of rules.c. Endings are chained by their last two
 * letters, the longest first, so that a word is compared with a few of them
 * and not with all; those of one letter by that. Numbers are rows + 1. */
struct rules_index {
    unsigned short pairs[RULES_PAIRS];
    unsigned short singles[128];
    unsigned short next[RULES_ENDINGS_MAX];
    unsigned char size[RULES_ENDINGS_MAX];
    unsigned char words[128]; /* respellings by first letter */
    unsigned char monosyllables[128];
};

/* The index, which is made when it is first asked for and never changes. */
const struct rules_index *rules_index(void);

/* Stems the `length` letters at `word` in place. Returns the new length, from
 * 1 to `length`; 0 only for an empty word. */
size_t rules_stem(const struct rules_index *index, char *word, size_t length);

#endif
