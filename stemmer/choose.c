/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * One key for each lexeme, and one lexeme for each form.
 *
 * The key is the stem that the rules give most forms of the lexeme, so that the
 * table need not hold those, and forms the dictionary does not know meet them.
 * Where lexemes would share a key, the commonest keeps it.
 */
#include <stdlib.h>
#include <string.h>

#include "choose.h"

enum { ALTERNATIVES_MAX = 8, KEY_BYTES_OVER = 4, EDIT_LETTERS_MAX = 15 };

/* A lexeme with a stem that the rules give `count` of its forms. */
struct candidate {
    uint32_t lexeme;
    uint32_t stem;
    uint32_t count;
};

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        compile_fail("no memory", "choose");
    }
    return memory;
}

static bool has_hyphen(const char *text)
{
    return strchr(text, '-') != NULL;
}

/* The key of a part of a hyphenated word, or what the rules say of a word. */
static size_t part_stem(const struct chooser *chooser, const char *part,
                        size_t length, bool known, char *stem)
{
    if (known) {
        uint32_t string = strings_find(chooser->all->strings, part, length);
        if (string < chooser->form_count &&
            chooser->chosen[string] != UINT32_MAX) {
            uint32_t lexeme = chooser->chosen[string];
            const char *key = strings_text(chooser->all->strings,
                                           chooser->all->lexemes[lexeme].key);
            memcpy(stem, key, strlen(key));
            return strlen(key);
        }
    }
    memcpy(stem, part, length);
    return rules_stem(chooser->index, stem, length);
}

/* What the stemmer gives for a word that is not in the table. */
static uint32_t stem_of(const struct chooser *chooser, const char *word)
{
    char text[2 * EXPAND_WORD_MAX];
    char stem[4 * EXPAND_WORD_MAX];
    size_t length = strlen(word);
    size_t size = 0;
    bool hyphen = has_hyphen(word);
    memcpy(text, word, length);
    for (size_t at = 0; at < length; at++) {
        const char *end = memchr(text + at, '-', length - at);
        size_t count = end != NULL ? (size_t)(end - text) - at : length - at;
        size += part_stem(chooser, text + at, count, hyphen, stem + size);
        if (end != NULL) {
            stem[size++] = '-';
        }
        at += count;
    }
    return strings_add(chooser->all->strings, stem, size);
}

static int compare_readings(const void *one, const void *other)
{
    const struct reading *a = one;
    const struct reading *b = other;
    if (a->cost != b->cost) {
        return a->cost < b->cost ? -1 : 1;
    }
    return (a->lexeme > b->lexeme) - (a->lexeme < b->lexeme);
}

/* Sorts the readings by form and gives them their full cost. */
static void sort_readings(struct chooser *chooser)
{
    struct lexemes *all = chooser->all;
    chooser->form_count = strings_count(all->strings);
    chooser->first = allocate(chooser->form_count + 2, sizeof(uint32_t));
    chooser->sorted = allocate(all->reading_count, sizeof(struct reading));
    chooser->size = allocate(all->count, sizeof(uint32_t));
    uint32_t *next = chooser->first + 1;
    for (size_t i = 0; i < all->reading_count; i++) {
        next[all->readings[i].form + 1]++;
    }
    for (size_t i = 0; i < chooser->form_count; i++) {
        next[i + 1] += next[i];
    }
    for (size_t i = 0; i < all->reading_count; i++) {
        struct reading reading = all->readings[i];
        reading.lexeme = lexemes_root(all, reading.lexeme);
        const struct lexeme *lexeme = &all->lexemes[reading.lexeme];
        reading.cost = (uint16_t)(reading.cost + lexeme->cost +
                                  (lexeme->capital ? BAND_CAPITAL : 0));
        chooser->size[reading.lexeme]++;
        chooser->sorted[next[reading.form]++] = reading;
    }
    chooser->chosen = allocate(chooser->form_count, sizeof(uint32_t));
    for (size_t i = 0; i < chooser->form_count; i++) {
        uint32_t count = chooser->first[i + 1] - chooser->first[i];
        struct reading *readings = chooser->sorted + chooser->first[i];
        qsort(readings, count, sizeof *readings, compare_readings);
        chooser->chosen[i] = count > 0 ? readings[0].lexeme : UINT32_MAX;
    }
}

static int compare_candidates(const void *one, const void *other)
{
    const struct candidate *a = one;
    const struct candidate *b = other;
    if (a->lexeme != b->lexeme) {
        return a->lexeme < b->lexeme ? -1 : 1;
    }
    return (a->stem > b->stem) - (a->stem < b->stem);
}

/* Gives every lexeme, with a hyphen or without, its commonest stem as key. */
static void choose_stems(struct chooser *chooser, bool hyphen)
{
    struct lexemes *all = chooser->all;
    size_t count = 0;
    struct candidate *candidates =
        allocate(all->reading_count, sizeof *candidates);
    for (size_t form = 0; form < chooser->form_count; form++) {
        const char *text = strings_text(all->strings, (uint32_t)form);
        if (chooser->chosen[form] == UINT32_MAX || has_hyphen(text) != hyphen) {
            continue;
        }
        chooser->stem[form] = stem_of(chooser, text);
        for (uint32_t i = chooser->first[form]; i < chooser->first[form + 1];
             i++) {
            candidates[count++] = (struct candidate){chooser->sorted[i].lexeme,
                                                     chooser->stem[form], 1};
        }
    }
    qsort(candidates, count, sizeof *candidates, compare_candidates);
    for (size_t i = 0; i < count;) {
        struct lexeme *lexeme = &all->lexemes[candidates[i].lexeme];
        uint32_t most = 0;
        size_t end = i;
        while (end < count && candidates[end].lexeme == candidates[i].lexeme) {
            uint32_t stem = candidates[end].stem;
            uint32_t number = 0;
            for (; end < count &&
                   candidates[end].lexeme == candidates[i].lexeme &&
                   candidates[end].stem == stem;
                 end++) {
                number++;
            }
            if (number > most ||
                (number == most && stem == chooser->stem[lexeme->lemma])) {
                most = number;
                lexeme->key = stem;
            }
        }
        i = end;
    }
    free(candidates);
}

/* A flagless adverb, as distinct from another: знову, знов; not a form of a
 * verb that the dictionary lists: вистачало, вистачає. */
static bool is_adverb(const struct chooser *chooser, uint32_t lexeme)
{
    const struct lexeme *it = &chooser->all->lexemes[lexeme];
    const char *lemma = strings_text(chooser->all->strings, it->lemma);
    size_t length = strlen(lemma);
    return it->bare && !it->capital && chooser->size[lexeme] == 1 &&
           length > 2 && strchr("uyiUao", lemma[length - 1]) != NULL &&
           strchr("ltC", lemma[length - 2]) == NULL;
}

/* A flagless word that stands for itself and is no form of the lexeme whose
 * stem it has: кіно, метро; but чорен: чорний. */
static bool is_indeclinable(const struct chooser *chooser, uint32_t lexeme)
{
    const struct lexeme *it = &chooser->all->lexemes[lexeme];
    const char *lemma = strings_text(chooser->all->strings, it->lemma);
    size_t length = strlen(lemma);
    return it->bare && chooser->size[lexeme] == 1 && length > 2 &&
           strchr("aeEiIouUy", lemma[length - 1]) != NULL &&
           strcmp(lemma + length - 2, "ty") != 0;
}

/* The order in which lexemes with one stem may claim it. */
struct claim {
    uint32_t stem;
    uint32_t lexeme;
    uint32_t cost;
};

static int compare_claims(const void *one, const void *other)
{
    const struct claim *a = one;
    const struct claim *b = other;
    if (a->stem != b->stem) {
        return a->stem < b->stem ? -1 : 1;
    }
    if (a->cost != b->cost) {
        return a->cost < b->cost ? -1 : 1;
    }
    return (a->lexeme > b->lexeme) - (a->lexeme < b->lexeme);
}

static void mark(struct chooser *chooser, struct lexeme *lexeme,
                 unsigned number)
{
    char key[4 * EXPAND_WORD_MAX];
    const char *stem = strings_text(chooser->all->strings, lexeme->key);
    int size = snprintf(key, sizeof key, "%s%u", stem, number);
    lexeme->key = strings_add(chooser->all->strings, key, (size_t)size);
}

/* Keeps the lexemes with one stem apart. Nobody may
 * have the bare stem as key if the stem is a word of yet another lexeme, so
 * that a key is its own stem: рок is music, so рік has рок2. */
static void settle(struct chooser *chooser, struct claim *claims, size_t count)
{
    struct lexeme *lexemes = chooser->all->lexemes;
    uint32_t stem = claims[0].stem;
    uint32_t word =
        stem < chooser->form_count ? chooser->chosen[stem] : UINT32_MAX;
    bool taken = word != UINT32_MAX && lexemes[word].key != stem;
    unsigned number = taken ? 2 : 1;
    bool verb = false;
    for (size_t i = 0; i < count; i++) {
        if (claims[i].lexeme == word) {
            claims[i].cost = 0;
        }
    }
    qsort(claims, count, sizeof *claims, compare_claims);
    for (size_t i = 0; i < count; i++) {
        struct lexeme *lexeme = &lexemes[claims[i].lexeme];
        verb = verb || lexeme->verb;
        if (lexeme->bare && i > 0 &&
            (verb || (lexemes[claims[0].lexeme].bare
                          ? !is_adverb(chooser, claims[i].lexeme)
                          : !is_indeclinable(chooser, claims[i].lexeme)))) {
            lexeme->key = lexemes[claims[0].lexeme].key;
        } else {
            if (number > 1) {
                mark(chooser, lexeme, number);
            }
            number++;
        }
    }
}

static void settle_all(struct chooser *chooser, bool hyphen)
{
    struct lexemes *all = chooser->all;
    size_t count = 0;
    struct claim *claims = allocate(all->count, sizeof *claims);
    for (uint32_t i = 0; i < all->count; i++) {
        const struct lexeme *lexeme = &all->lexemes[i];
        if (lexeme->same != i || lexeme->key == UINT32_MAX ||
            has_hyphen(strings_text(all->strings, lexeme->lemma)) != hyphen) {
            continue;
        }
        uint32_t size = chooser->size[i] < 999 ? 999 - chooser->size[i] : 0;
        claims[count++] = (struct claim){
            lexeme->key, i,
            1 + size +
                1000U * (lexeme->cost + (lexeme->capital ? 10U : 0) +
                         (lexeme->bare ? 100U : 0))};
    }
    qsort(claims, count, sizeof *claims, compare_claims);
    for (size_t i = 0; i < count;) {
        size_t end = i;
        while (end < count && claims[end].stem == claims[i].stem) {
            end++;
        }
        settle(chooser, claims + i, end - i);
        i = end;
    }
    free(claims);
}

static void choices_add_key(struct choices *choices, uint32_t key)
{
    struct choice *row = &choices->rows[choices->count];
    for (uint32_t i = 0; i < row->count; i++) {
        if (choices->keys[row->first + i] == key) {
            return;
        }
    }
    if (row->count < ALTERNATIVES_MAX) {
        choices->keys = compile_grow(choices->keys, choices->key_count,
                                     &choices->key_room, sizeof *choices->keys);
        choices->keys[choices->key_count++] = key;
        row->count++;
    }
}

static void choices_begin(struct choices *choices, uint32_t form)
{
    choices->rows = compile_grow(choices->rows, choices->count, &choices->room,
                                 sizeof *choices->rows);
    choices->rows[choices->count] =
        (struct choice){form, (uint32_t)choices->key_count, 0};
}

/* Whether a key can be had from a form: not much longer, and by an edit of a
 * size that lexicon.h has bits for. */
static bool key_fits(const char *form, const char *key)
{
    size_t common = 0;
    while (form[common] != '\0' && form[common] == key[common]) {
        common++;
    }
    return strlen(key + common) <= EDIT_LETTERS_MAX &&
           2 * strlen(key) <= 2 * strlen(form) + KEY_BYTES_OVER;
}

/* The forms that the stemmer without a table would get wrong. */
static void collect_forms(struct chooser *chooser)
{
    struct choices *choices = chooser->choices;
    const struct strings *strings = chooser->all->strings;
    for (uint32_t form = 0; form < chooser->form_count; form++) {
        if (chooser->chosen[form] == UINT32_MAX) {
            continue;
        }
        choices_begin(choices, form);
        for (uint32_t i = chooser->first[form]; i < chooser->first[form + 1];
             i++) {
            uint32_t key = chooser->all->lexemes[chooser->sorted[i].lexeme].key;
            if (key_fits(strings_text(strings, form),
                         strings_text(strings, key))) {
                choices_add_key(choices, key);
            }
        }
        struct choice *row = &choices->rows[choices->count];
        if (row->count > 1 || (row->count == 1 && choices->keys[row->first] !=
                                                      chooser->stem[form])) {
            choices->count++;
        } else {
            choices->key_count = row->first;
        }
    }
}

/* The keys that the rules would shorten again: чита, of читати. */
static void collect_keys(struct chooser *chooser)
{
    struct lexemes *all = chooser->all;
    bool *done = allocate(strings_count(all->strings), sizeof *done);
    for (uint32_t i = 0; i < all->count; i++) {
        uint32_t key = all->lexemes[i].key;
        const char *text =
            key != UINT32_MAX ? strings_text(all->strings, key) : "-";
        if (all->lexemes[i].same != i || strpbrk(text, "-23456789") != NULL ||
            done[key] ||
            (key < chooser->form_count && chooser->chosen[key] != UINT32_MAX)) {
            continue;
        }
        done[key] = true;
        if (stem_of(chooser, text) != key) {
            choices_begin(chooser->choices, key);
            choices_add_key(chooser->choices, key);
            chooser->choices->count++;
        }
    }
    free(done);
}

void choices_make(struct choices *choices, struct lexemes *all)
{
    struct chooser chooser = {
        .all = all, .choices = choices, .index = rules_index()};
    sort_readings(&chooser);
    chooser.stem = allocate(chooser.form_count, sizeof(uint32_t));
    for (int hyphen = 0; hyphen < 2; hyphen++) {
        choose_stems(&chooser, hyphen != 0);
        if (hyphen == 0) {
            choose_merge(&chooser);
        }
        settle_all(&chooser, hyphen != 0);
    }
    collect_forms(&chooser);
    collect_keys(&chooser);
    free(chooser.first);
    free(chooser.sorted);
    free(chooser.stem);
    free(chooser.chosen);
    free(chooser.size);
}

void choices_free(struct choices *choices)
{
    free(choices->rows);
    free(choices->keys);
}
