/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Stemmers for Ukrainian, Russian and English, in the shape of libstemmer.
 *
 * A handle may be used by one thread at a time; different handles are
 * independent. A stem is a key for comparing words, not a word to show.
 */
#ifndef STEMMER_H
#define STEMMER_H

#include <stddef.h>

struct stemmer;

/* Makes a stemmer for "uk", "ru" or "en". The caller owns it and releases it
 * with stemmer_delete(). NULL if the language is unknown or NULL, or if there
 * is no memory. */
struct stemmer *stemmer_new(const char *language);

/* Stems the `length` bytes at `word`, which need no NUL, are lower-case NFC
 * UTF-8 and write the apostrophe as U+0027; they are only read during the
 * call. Returns the NUL-terminated stem, which belongs to the stemmer and
 * lasts until the next call on it or its deletion.
 *
 * "uk": the parts of a hyphenated word are stemmed one by one; the letter
 * U+0491 becomes U+0433. Any other bytes come back unchanged: other alphabets,
 * digits, invalid UTF-8, words over 255 bytes. The stem of a word is never
 * empty and never longer than the word. Nothing is allocated, save a copy of a
 * word over 255 bytes, where NULL means no memory.
 *
 * "ru", "en": as libstemmer does it; NULL only if it runs out of memory. */
const char *stemmer_stem(struct stemmer *s, const char *word, size_t length);

/* The length in bytes of the last stem; 0 before the first call. */
size_t stemmer_length(const struct stemmer *s);

/* Releases the stemmer and its last stem. NULL is fine. */
void stemmer_delete(struct stemmer *s);

#endif
