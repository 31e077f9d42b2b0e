/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The lists made by hand, in UTF-8, '#' begins a comment.
 *
 * common_lemmas.txt: a line "@ N" begins band N, 0 the commonest; then words.
 *
 * joins.txt: "LEMMA: FORM FORM…" puts forms to a lexeme. A form that is the
 * lemma of another lexeme joins that one whole: "людина: люди". "-LEMMA: …"
 * does so for every prefix with which the lemma is a lexeme, and the forms
 * words: "-гнати: жену" for вигнати, вижену. "LEMMA! FORM…" says that these
 * forms, though they may be others', are first of all of this lexeme, and
 * "LEMMA? FORM…" that they are rather others'.
 */
#include <stdlib.h>
#include <string.h>

#include "compile.h"

enum { LINE_BYTES = 4096, COST_JOINED = 4, COST_RATHER_OTHER = 20 };

static FILE *list_open(const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        compile_fail("cannot read", path);
    }
    return file;
}

/* The next word of a line, NUL-terminated in place; NULL at its end. */
static char *next_word(char **at)
{
    char *word = *at + strspn(*at, " \t\r\n");
    if (*word == '\0' || *word == '#') {
        return NULL;
    }
    size_t length = strcspn(word, " \t\r\n");
    *at = word + length;
    if (**at != '\0') {
        *(*at)++ = '\0';
    }
    return word;
}

void lists_read_common(struct lexemes *all, const char *path)
{
    char line[LINE_BYTES];
    char letters[2 * EXPAND_WORD_MAX];
    unsigned band = 0;
    bool capital = false;
    FILE *file = list_open(path);
    while (fgets(line, sizeof line, file) != NULL) {
        char *at = line;
        char *word = next_word(&at);
        if (word != NULL && strcmp(word, "@") == 0) {
            band = (unsigned)strtoul(at, NULL, 10);
            continue;
        }
        for (; word != NULL; word = next_word(&at)) {
            size_t length = lexemes_letters(letters, word, &capital);
            uint32_t lexeme = lexemes_find(all, letters, length);
            if (lexeme == UINT32_MAX) {
                continue;
            }
            uint16_t cost = (uint16_t)(BAND_COMMONEST + band * BAND_STEP);
            cost = (uint16_t)(cost +
                              (all->lexemes[lexeme].person ? COST_PERSON : 0));
            struct lexeme *root = &all->lexemes[lexemes_root(all, lexeme)];
            root->cost = cost < root->cost ? cost : root->cost;
            root->capital = false;
        }
    }
    fclose(file);
}

/* Puts a form to a lexeme, if it is a word of the dictionary at all. */
static void join_form(struct lexemes *all, uint32_t lexeme, const char *form,
                      size_t length, bool whole)
{
    uint32_t string = strings_find(all->strings, form, length);
    uint32_t other = lexemes_find(all, form, length);
    if (string == UINT32_MAX) {
        return;
    }
    if (other != UINT32_MAX && (whole || all->lexemes[other].bare)) {
        lexemes_join(all, lexeme, other);
    } else if (whole) {
        lexemes_read(all, string, lexeme, COST_JOINED);
    }
}

/* A stem of prefixes: what stands before the lemma in the lexeme, and before
 * the form in the word: роз-і-гнати, роз-жену. */
static void join_prefixed(struct lexemes *all, const char *lemma, size_t size,
                          const char *form, size_t length)
{
    char word[4 * EXPAND_WORD_MAX];
    size_t count = all->count;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = strings_text(all->strings, all->lexemes[i].lemma);
        size_t whole = strlen(text);
        if (whole < size || strcmp(text + whole - size, lemma) != 0 ||
            strchr(text, '-') != NULL) {
            continue;
        }
        size_t prefix = whole - size;
        memcpy(word, text, prefix);
        memcpy(word + prefix, form, length);
        join_form(all, i, word, prefix + length, false);
        if (prefix > 1 && word[prefix - 1] == 'i') {
            memcpy(word + prefix - 1, form, length);
            join_form(all, i, word, prefix - 1 + length, false);
        }
    }
}

void lists_read_joins(struct lexemes *all, const char *path)
{
    char line[LINE_BYTES];
    char lemma[2 * EXPAND_WORD_MAX];
    char form[2 * EXPAND_WORD_MAX];
    bool capital = false;
    FILE *file = list_open(path);
    while (fgets(line, sizeof line, file) != NULL) {
        char *at = line;
        char *word = next_word(&at);
        if (word == NULL) {
            continue;
        }
        bool prefixed = word[0] == '-';
        char kind = word[strlen(word) - 1];
        word[strlen(word) - 1] = '\0';
        size_t size = lexemes_letters(lemma, word + prefixed, &capital);
        lemma[size] = '\0';
        uint32_t lexeme = lexemes_find(all, lemma, size);
        if (!prefixed && lexeme == UINT32_MAX) {
            compile_fail("no such lexeme", word);
        }
        while ((word = next_word(&at)) != NULL) {
            size_t length = lexemes_letters(form, word, &capital);
            if (prefixed) {
                join_prefixed(all, lemma, size, form, length);
            } else if (kind != ':') {
                uint32_t string = strings_add(all->strings, form, length);
                lexemes_read(all, string, lexeme,
                             kind == '!' ? 0 : COST_RATHER_OTHER);
            } else {
                join_form(all, lexeme, form, length, true);
            }
        }
    }
    fclose(file);
}
