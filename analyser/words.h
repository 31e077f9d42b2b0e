/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the analyser: what its files share. */
#ifndef WORDS_H
#define WORDS_H

#include "analyser.h"

/* Longer runs of letters are cut: nobody searches for them, and a term is
 * bounded. */
#define WORD_LETTERS 256
#define WORD_BYTES (WORD_LETTERS * 4 + 1)

/* ---- normalise.c ----------------------------------------------------- */

enum letter_class {
    CLASS_OTHER,
    CLASS_LETTER,
    CLASS_DIGIT,
    CLASS_MARK,
    CLASS_INVISIBLE,
    CLASS_APOSTROPHE,
    CLASS_HYPHEN,
    CLASS_IDEOGRAPH, /* scripts written without spaces: a token a letter */
};

enum letter_class letter_class(uint32_t code);
/* The first place from `at` on where nothing invisible stands. */
size_t skip_invisible(const char *text, size_t length, size_t at);

enum word_language { WORD_UNDECIDED, WORD_UK, WORD_RU, WORD_EN, WORD_OTHER };

/* A run of letters, normalised. */
struct word {
    char form[WORD_BYTES];
    size_t length;
    size_t letters;
    bool capital;  /* the first of them */
    bool capitals; /* all of them, two or more */
    enum word_language language;
    uint32_t rules;
};

struct normaliser;

struct normaliser *normaliser_new(void);
void normaliser_free(struct normaliser *normaliser);

/* Normalises the letters, marks, apostrophes and invisible characters of
 * `text` (at most WORD_LETTERS code points). */
void word_normalise(const struct normaliser *normaliser, const char *text,
                    size_t length, struct word *out);
/* The folded word that capitals look like in the other script: НАТО for HATO
 * in Latin, and of Cyrillic ones Roman numbers only, XXI for ХХІ. Its length
 * in bytes; 0 where there is none. */
size_t word_double(const struct word *word, char out[WORD_BYTES]);
/* Brings a word of one letter, written at `text`, to the other script if
 * the letter has a double there: the Latin e of e-декларація. */
void word_swap_letter(const char *text, size_t length, struct word *word);

/* ---- number.c -------------------------------------------------------- */

#define NUMBER_BYTES 64

/* A number as written and its key: "1 000 000" is 1000000, "1,5" is 1.5,
 * "12.05.2026" is 2026-05-12. */
struct number {
    size_t to; /* where it ends */
    char key[NUMBER_BYTES];
    size_t length;
    uint32_t rules;
};

/* Reads the number that begins with the digit at `from`; in a designator
 * only digits and full stops belong to it ("Су-34 155-мм", "С-300,400"). */
void number_scan(const char *text, size_t length, size_t from, bool designator,
                 struct number *out);
/* The bytes of a space at `at` that may part thousands or a unit, or 0. */
size_t number_space(const char *text, size_t length, size_t at);

/* ---- designator.c ---------------------------------------------------- */

/* Adds a word in Latin letters to a key: Су is su, Х is kh. */
void designator_add(struct buf *key, const char *form, size_t length);
/* The same for a Latin word read as the Cyrillic letters it looks like, C
 * as С; false if it has a letter without such a double. */
bool designator_add_lookalike(struct buf *key, const char *form, size_t length);
/* Whether a folded word is an ending written after a hyphen, -ми, -го. */
bool designator_is_ending(const char *form, size_t length);
/* Whether a folded word is a unit of measure, мм, км. */
bool designator_is_unit(const char *form, size_t length);

/* ---- address.c ------------------------------------------------------- */

/* An URL, a host or an e-mail address that begins at `from`. */
struct address {
    size_t to;
    size_t words;     /* where its words begin, after the scheme and www. */
    size_t host_from; /* the host, without www. */
    size_t host_to;
    bool email;
};

bool address_scan(const char *text, size_t length, size_t from,
                  struct address *out);

/* ---- stopwords.c ----------------------------------------------------- */

/* Whether a folded word is a function word, і, на. */
bool stopword(const struct word *word);

/* ---- variants/, by cmake/embed.cmake ---------------------------------- */

/* The tables one behind another. */
extern const unsigned char variants_text[];
extern const size_t variants_text_length;

#endif
