/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the analyser: a name in one alphabet, whatever script it came in.
 *
 * A sound is a small Latin letter: j is ж (and дж), c is ц, q is ч, w is ш, wq
 * is щ, g is г, ґ and h, x is х; the rest is what it seems. A name that
 * declines like мама ends in A, SOUNDS_FEMININE. */
#ifndef SOUNDS_H
#define SOUNDS_H

#include "words.h"

#define SOUNDS_BYTES 80
#define SOUNDS_FEMININE 'A'

/* A growing string of sounds; what does not fit is left out. */
struct sounds {
    char text[SOUNDS_BYTES];
    size_t length;
};

void sounds_add(struct sounds *sounds, const char *text);

/* Settled strings without repetition, the likeliest first. */
#define READINGS_MAX 16
struct readings {
    struct sounds items[READINGS_MAX];
    size_t count;
};

/* Longer words are no names. */
#define NAME_WORD_BYTES 80

/* ---- sounds.c -------------------------------------------------------- */

/* Cyrillic letters, lower-case; false if one is not Cyrillic. ё and its like
 * (Аксьонов) are о with `round` (Aksonov), else е (Аксенов); and 'ї is and is
 * not two sounds. */
bool sounds_of_cyrillic(const uint32_t *letters, size_t count, bool round,
                        struct sounds *out);
/* Whether it makes a difference. */
bool sounds_has_round(const uint32_t *letters, size_t count);
bool sounds_vowel(char sound);
/* Brings spellings of one sound together and adds the reading if it is new
 * and there is room. */
void readings_add(struct readings *readings, const struct sounds *sounds);
/* What a folded word may sound like, by the script of its first letter: none
 * for other scripts. With `plain` it is taken for a nominative as it is
 * transliterated. */
void readings_of(const char *form, size_t length, bool plain,
                 struct readings *out);

/* ---- latin.c --------------------------------------------------------- */

/* What a Latin word, a nominative, may sound like: transliterated from
 * Cyrillic, and as the languages of the press read it. With `plain` only
 * the first, of transliteration. Adds nothing for other letters. */
void latin_read(const char *form, size_t length, bool plain,
                struct readings *out);
/* For the build: a rule that is too long or does not stand where it is
 * looked for, or NULL. */
const char *latin_misplaced(void);

/* ---- pinyin.c -------------------------------------------------------- */

/* A word made of pinyin syllables as Palladius writes it: jinping is
 * цзиньпин. False if it is none. */
bool pinyin_read(const char *form, size_t length, struct sounds *out);

/* ---- endings.c ------------------------------------------------------- */

/* What a Cyrillic form may be a form of, Ukrainian or Russian. With `plain`
 * the form is taken for a nominative. */
void endings_read(const char *text, size_t length, bool plain,
                  struct readings *out);

/* ---- names/, by compile_names.c ---------------------------------------- */

/* A name of a group; offsets into names_text, where strings end in NUL. */
struct name_member {
    uint32_t sounds;
    uint32_t key; /* of its group: the sounds of the first member */
    bool plural;
};

/* By their sounds; those of one in the order of the tables. */
extern const struct name_member names_members[];
extern const size_t names_count;
extern const char names_text[];

#endif
