/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside latin.c: the rules of latin_rules.c. */
#ifndef LATIN_H
#define LATIN_H

#include "words.h"

/* Where a rule holds: what stands before and behind. */
enum latin_place {
    ANY,
    EDGE,      /* the end or the beginning of the word */
    VOWEL,     /* a vowel */
    CONSONANT, /* a consonant */
    FRONT,     /* e, i, y, é */
    OPEN,      /* a consonant and e: Biden */
    SHUT,      /* two consonants, or one and the end: Trump */
    NO_VOWEL,  /* a consonant or the end */
};

/* Texts and no pointers, so that loading has nothing to do. */
struct latin_rule {
    char from[8];
    char to[12]; /* alternatives are parted by | */
    uint8_t before;
    uint8_t behind;
};

/* Traces of where a word is from. */
enum {
    ROMANISED = 1 << 0, /* from Cyrillic, by the tables of English use */
    SLAVIC = 1 << 1,    /* a Slav's, in whatever spelling */
    CLOSED = 1 << 2,    /* not made of the syllables of Japanese */
};

/* The systems, the likeliest first; a rule of a system goes before one of
 * transliteration that is as long. `spares`: the traces behind which it reads
 * nothing. */
#define LATIN_SYSTEMS 8
extern const struct latin_system {
    const struct latin_rule *rules;
    size_t count;
    unsigned spares;
} latin_systems[LATIN_SYSTEMS];

#endif
