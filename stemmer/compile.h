/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The parts of compile_lexicon, a program of the build: it reads the hunspell
 * dictionary and writes the table that lexicon.c looks words up in. None of
 * this is in the library. Out of memory or out of order input ends the program
 * with a message, which stops the build.
 */
#ifndef STEMMER_COMPILE_H
#define STEMMER_COMPILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- compile_lexicon.c ---- */

/* Ends the program after saying what failed, on what. */
_Noreturn void compile_fail(const char *what, const char *subject);

/* Grows `items`, which hold `count` of `size` bytes with room for `*room`, so
 * that one more fits. Returns them, perhaps moved; release with free(). */
void *compile_grow(void *items, size_t count, size_t *room, size_t size);

/* ---- strings.c: words as letters (letters.h), each kept once ---- */

struct strings;

/* The caller owns it and releases it with strings_free(); NULL is fine. */
struct strings *strings_new(void);
void strings_free(struct strings *strings);

/* The number of a string, given out from 0 upwards. */
uint32_t strings_add(struct strings *strings, const char *text, size_t length);

/* The same, but UINT32_MAX for a string that was never added. */
uint32_t strings_find(const struct strings *strings, const char *text,
                      size_t length);

/* NUL-terminated, borrowed, good until the next strings_add(). */
const char *strings_text(const struct strings *strings, uint32_t number);
size_t strings_count(const struct strings *strings);

/* ---- expand.c: the affix rules of hunspell ---- */

enum { EXPAND_WORD_MAX = 120 };

struct affixes;

/* One form of a dictionary entry. `form` is UTF-8 as hunspell has it, with its
 * capitals; `flag` is 0 for the entry itself; `ending` is what the rule put
 * in. All are borrowed for the call. */
struct expansion {
    const char *entry;
    const char *flags;
    const char *form;
    char flag;
    const char *ending;
};

typedef void expand_form(const struct expansion *expansion, void *payload);

/* Reads the suffix rules of an .aff file; release with affixes_free(). */
struct affixes *affixes_read(const char *path);
void affixes_free(struct affixes *affixes);

/* Calls `each` for a word and its forms by some flags, the word first. */
void affixes_apply(const struct affixes *affixes, const char *entry,
                   const char *flags, expand_form *each, void *payload);

/* The same for every entry of a .dic file. */
void affixes_expand(const struct affixes *affixes, const char *path,
                    expand_form *each, void *payload);

/* ---- lexemes.c: which word is a form of which ---- */

/* Costs add up; the reading with the lowest is the one a form gets. Ten is
 * about a factor of e in frequency. */
enum {
    BAND_COMMONEST = 0,
    BAND_STEP = 12,
    BAND_UNLISTED = 50,
    BAND_CAPITAL = 16,
    BAND_BARE = 8,
    COST_PERSON = 3
};

struct lexeme {
    uint32_t lemma; /* a string */
    uint32_t same;  /* the lexeme it is joined to, or itself */
    uint32_t key;   /* a string, once chosen */
    uint16_t cost;
    bool capital; /* every entry of it has a capital */
    bool bare;    /* the dictionary gives no flags */
    bool adjective;
    bool person;
    bool verb;
    bool described; /* its cost is from its flags */
    bool nominal;   /* declined as one, though perhaps a noun: добре */
};

struct reading {
    uint32_t form; /* a string */
    uint32_t lexeme;
    uint16_t cost;
};

struct lexemes {
    struct strings *strings;
    struct lexeme *lexemes;
    size_t count;
    size_t room;
    struct reading *readings;
    size_t reading_count;
    size_t reading_room;
    uint32_t *lexeme_of; /* by the string of the lemma; UINT32_MAX: none */
    size_t lexeme_of_room;
    char **bare; /* flagless entries as the dictionary writes them */
    size_t bare_count;
    size_t bare_room;
};

/* Turns UTF-8 into letters, capitals into small ones. `letters` has room for
 * 2 * EXPAND_WORD_MAX. 0 if there is anything else. */
size_t lexemes_letters(char *letters, const char *text, bool *capital);

/* Puts a form of the dictionary in; an expand_form with lexemes as payload. */
void lexemes_add(const struct expansion *expansion, void *payload);

/* The lexeme with this lemma, or UINT32_MAX. */
uint32_t lexemes_find(const struct lexemes *all, const char *lemma,
                      size_t length);
uint32_t lexemes_make(struct lexemes *all, uint32_t lemma);

/* What a lexeme was joined to in the end. */
uint32_t lexemes_root(const struct lexemes *all, uint32_t lexeme);
void lexemes_join(struct lexemes *all, uint32_t one, uint32_t other);
void lexemes_read(struct lexemes *all, uint32_t form, uint32_t lexeme,
                  uint16_t cost);
void lexemes_free(struct lexemes *all);

/* ---- bare.c: entries without flags ---- */

/* Finds what the flagless entries are forms of. */
void bare_join(struct lexemes *all, const struct affixes *affixes);

/* ---- family.c: lexemes that go together ---- */

/* Joins -ся verbs to the verb, degrees of comparison to the positive, and
 * nouns that are an adjective's form to the adjective. */
void family_join(struct lexemes *all);

/* ---- lists.c: the hand-made lists ---- */

/* Costs of lexemes from common_lemmas.txt. */
void lists_read_common(struct lexemes *all, const char *path);

/* Forms and lexemes joined by joins.txt. */
void lists_read_joins(struct lexemes *all, const char *path);

/* ---- choose.c: one key for each form ---- */

/* What the table is to say of a form: keys, of which the first is to be used.
 */
struct choice {
    uint32_t form;
    uint32_t first; /* in keys */
    uint32_t count;
};

struct choices {
    struct choice *rows;
    size_t count;
    size_t room;
    uint32_t *keys; /* strings */
    size_t key_count;
    size_t key_room;
};

void choices_make(struct choices *choices, struct lexemes *all);
void choices_free(struct choices *choices);

/* ---- table.c ---- */

/* Writes the tables of lexicon.h as C. */
void table_write(const struct choices *choices, const struct strings *strings,
                 FILE *file);

#endif
