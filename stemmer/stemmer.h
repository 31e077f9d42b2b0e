/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Stemmers for Ukrainian, Russian and English, in the shape of libstemmer.
 *
 * A handle may be used by one thread at a time; different handles are
 * independent. A stem is a key for comparing words, not a word to show.
 */
#ifndef STEMMER_H
#define STEMMER_H

#include <stdbool.h>
#include <stddef.h>

struct stemmer;

/* Makes a stemmer for "uk", "ru" or "en", or for "uk-rules": Ukrainian by the
 * rules alone, which "uk" means too if the lexicon was left out of the build.
 * The caller owns it and releases it with stemmer_delete(). NULL if the
 * language is unknown or NULL, or if there is no memory. */
struct stemmer *stemmer_new(const char *language);

/* Stems the `length` bytes at `word`, which need no NUL, are lower-case NFC
 * UTF-8 and write the apostrophe as U+0027; they are only read during the
 * call. Returns the NUL-terminated stem, which belongs to the stemmer and
 * lasts until the next call on it or its deletion.
 *
 * "uk": a word of the lexicon gets the key of its lexeme, any other what the
 * rules leave of it; where lexemes would have one key, the rarer get a digit:
 * рок2. The parts of a hyphenated word are stemmed one by one unless the
 * lexicon has the whole; the letter U+0491 becomes U+0433. Foreign words and
 * numbers lose an ending after a hyphen: himars-ів. Any other bytes come back
 * unchanged: other alphabets, digits, invalid UTF-8, words over 255 bytes.
 * The stem of a word is never empty and at most four bytes longer than the
 * word. Nothing is allocated, save a copy of a word over 255 bytes, where NULL
 * means no memory.
 *
 * "ru", "en": as libstemmer does it; NULL only if it runs out of memory. */
const char *stemmer_stem(struct stemmer *s, const char *word, size_t length);

/* The number of keys the last word may have, the chosen one included: more
 * than one for a form of several lexemes, as мала: мати, малий. At most
 * eight; 1 before the first call. */
size_t stemmer_count(const struct stemmer *s);

/* One of those keys, the likelier first: 0 is what stemmer_stem() returned.
 * Sets `*length` to its bytes. It is NUL-terminated, belongs to the stemmer and
 * takes the place of the last stem. NULL, and `*length` untouched, if `i` is
 * not below stemmer_count() or nothing was stemmed. */
const char *stemmer_alternative(struct stemmer *s, size_t i, size_t *length);

/* Whether the last word has its stem from the lexicon. */
bool stemmer_known(const struct stemmer *s);

/* The length in bytes of the last stem; 0 before the first call. */
size_t stemmer_length(const struct stemmer *s);

/* Releases the stemmer and its last stem. NULL is fine. */
void stemmer_delete(struct stemmer *s);

#endif
