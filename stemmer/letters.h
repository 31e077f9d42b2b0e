/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Ukrainian words as letters of one byte, for the rules and the lexicon; not a
 * public header. One ASCII character each, so that the tables of rules.c are
 * plain strings a reader can pronounce:
 *
 *   а a  б b  в v  г g  д d  е e  є E  ж Z  з z  и y  і i  ї I  й j  к k  л l
 *   м m  н n  о o  п p  р r  с s  т t  у u  ф f  х x  ц c  ч C  ш S  щ W  ь q
 *   ю U  я A  and the apostrophe and the hyphen as themselves; ґ is folded
 *   to g.
 */
#ifndef STEMMER_LETTERS_H
#define STEMMER_LETTERS_H

#include <stddef.h>

/* Turns `length` bytes of UTF-8 into at most as many letters. Returns their
 * number, or 0 if anything else than lower-case Ukrainian letters, apostrophes
 * and hyphens is found. */
size_t letters_read(char *letters, const char *word, size_t length);

/* Writes letters as UTF-8, two bytes each at most, and no NUL. What is no
 * letter is copied: the digit of a key, see lexicon.h. Returns the bytes. */
size_t letters_write(char *text, const char *letters, size_t count);

#endif
