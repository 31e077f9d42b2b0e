/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The flagless entries of the dictionary. A tenth of it are words that hunspell
 * need not inflect: adverbs and indeclinable nouns, but also forms listed one
 * by one, since their paradigm has no flag: Путін, Путіна, Путіним.
 *
 * The forms are found by the flags of other words. If some flag, applied to a
 * flagless word, gives mostly flagless words, they are its forms. Adverbs in -о
 * go to their adjective, as those do that the dictionary derives itself.
 */
#include <stdlib.h>
#include <string.h>

#include "compile.h"

enum {
    /* So many of the forms a flag gives must be there, and half of all. */
    FOUND_LEAST = 2,
    LETTERS_LEAST = 4,
    COST_BARE = 4,
    /* A flagless word that is also a form of another: робе. */
    COST_BARE_FORM = 14
};

struct attempt {
    struct lexemes *all;
    uint32_t lexeme;
    size_t made;
    size_t found;
    bool join;
};

static void attempt_form(const struct expansion *expansion, void *payload)
{
    struct attempt *attempt = payload;
    char letters[2 * EXPAND_WORD_MAX];
    bool capital = false;
    if (expansion->flag == 0) {
        return;
    }
    size_t length = lexemes_letters(letters, expansion->form, &capital);
    uint32_t lexeme = lexemes_find(attempt->all, letters, length);
    attempt->made++;
    if (lexeme == UINT32_MAX || !attempt->all->lexemes[lexeme].bare) {
        return;
    }
    attempt->found++;
    if (attempt->join) {
        lexemes_join(attempt->all, attempt->lexeme, lexeme);
    }
}

static void join_forms(struct lexemes *all, const struct affixes *affixes,
                       const char *entry, uint32_t lexeme)
{
    for (int flag = '!'; flag <= '~'; flag++) {
        char flags[2] = {(char)flag, '\0'};
        struct attempt attempt = {all, lexeme, 0, 0, false};
        affixes_apply(affixes, entry, flags, attempt_form, &attempt);
        if (attempt.found >= FOUND_LEAST && 2 * attempt.found >= attempt.made) {
            attempt.join = true;
            affixes_apply(affixes, entry, flags, attempt_form, &attempt);
        }
    }
}

/* приємно: приємний; зараннє: ранній. */
static void join_adjective(struct lexemes *all, uint32_t adverb,
                           const char *letters, size_t length)
{
    char adjective[2 * EXPAND_WORD_MAX];
    if (length < 4 || strchr("oe", letters[length - 1]) == NULL) {
        return;
    }
    memcpy(adjective, letters, length - 1);
    adjective[length - 1] = 'y';
    adjective[length] = 'j';
    uint32_t lexeme = lexemes_find(all, adjective, length + 1);
    if (lexeme != UINT32_MAX && all->lexemes[lexeme].adjective) {
        lexemes_join(all, lexeme, adverb);
    }
}

/* The first lexeme with flags that has each form; UINT32_MAX: none. */
static uint32_t *first_readings(const struct lexemes *all)
{
    size_t count = strings_count(all->strings);
    uint32_t *first = malloc(count * sizeof *first);
    if (first == NULL) {
        compile_fail("no memory", "bare");
    }
    memset(first, 0xff, count * sizeof *first);
    for (size_t i = all->reading_count; i-- > 0;) {
        if (!all->lexemes[all->readings[i].lexeme].bare) {
            first[all->readings[i].form] = all->readings[i].lexeme;
        }
    }
    return first;
}

/* довелося: довело, довести. */
static void join_reflexives(struct lexemes *all)
{
    uint32_t *first = first_readings(all);
    size_t strings = strings_count(all->strings);
    for (uint32_t i = 0; i < all->count; i++) {
        const char *lemma = strings_text(all->strings, all->lexemes[i].lemma);
        size_t length = strlen(lemma);
        if (!all->lexemes[i].bare || length < LETTERS_LEAST + 2 ||
            lemma[length - 2] != 's' ||
            strchr("Aq", lemma[length - 1]) == NULL) {
            continue;
        }
        uint32_t form = strings_find(all->strings, lemma, length - 2);
        if (form < strings && first[form] != UINT32_MAX) {
            lexemes_join(all, first[form], i);
        }
    }
    free(first);
}

void bare_join(struct lexemes *all, const struct affixes *affixes)
{
    char letters[2 * EXPAND_WORD_MAX];
    bool capital = false;
    for (size_t i = 0; i < all->bare_count; i++) {
        size_t length = lexemes_letters(letters, all->bare[i], &capital);
        if (length == 0 || memchr(letters, '-', length) != NULL) {
            all->bare[i][0] = '\0'; /* the parts are stemmed one by one */
            continue;
        }
        size_t known = strings_count(all->strings);
        uint32_t string = strings_add(all->strings, letters, length);
        uint32_t lexeme = lexemes_make(all, string);
        lexemes_read(all, string, lexeme,
                     string < known ? COST_BARE_FORM : COST_BARE);
        if (!capital) {
            all->lexemes[lexeme].capital = false;
        }
    }
    for (size_t i = 0; i < all->bare_count; i++) {
        size_t length = lexemes_letters(letters, all->bare[i], &capital);
        if (length < LETTERS_LEAST) {
            continue;
        }
        uint32_t lexeme = lexemes_find(all, letters, length);
        if (all->lexemes[lexeme].bare) {
            join_forms(all, affixes, all->bare[i], lexeme);
            join_adjective(all, lexeme, letters, length);
        }
    }
    join_reflexives(all);
}
