/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdlib.h>
#include <string.h>

#include "compile.h"
#include "letters.h"

/* What a form costs by the flag that made it: what the case or mood is, seen
 * in running text. The flags are uk_UA.aff's own. */
static const struct {
    const char *flags;
    uint16_t cost;
} flag_costs[] = {
    {"xhl>!Kz6giH", 12}, /* vocatives: брате, мамо */
    {"JL7?", 40},        /* imperatives: роби, робіть */
    {"Pt)", 12},         /* gerunds: роблячи */
    {"Nk=M'", 2},        /* impersonal: зроблено */
    {"+", 10},           /* adverbs: широко */
    {"r", 12},           /* dative in -ові, -еві */
    {"*s", 8},           /* locative with к, г, х changed: порозі */
    {"_e8", 8},          /* surnames: feminine and plural, possessives */
    {"y", 12},           /* future: робитиму */
};

enum {
    COST_OBLIQUE = 4,
    COST_LOCATIVE = 5,
    /* -ові: батькові is usual, будинкові rather the adjective. */
    COST_DATIVE_PERSON = 12,
    /* минула is rather of минути than of минулий. */
    COST_PARTICIPLE = 16,
    COST_DATIVE_THING = 20,
    COST_POSSESSIVE = 45,
    COST_IMPERATIVE = 40,
    COST_FIRST_PERSON = 14,
    COST_VILLAGE = 8,
    COST_VERB = 3,
    FLAG_COSTS = 9
};

/* Small letters for the capitals of Ukrainian in two bytes of UTF-8. */
static void lower(unsigned char *text, bool *capital)
{
    for (; *text != 0; text++) {
        if (text[0] == 0xd0 && text[1] >= 0x90 && text[1] <= 0xaf) {
            /* U+0410..U+042F: 32 further on, over a byte's border. */
            *capital = true;
            unsigned point = (text[1] & 0x3fU) + 0x20;
            text[0] = (unsigned char)(0xd0 + (point >> 6));
            text[1] = (unsigned char)(0x80 | (point & 0x3f));
        } else if (text[0] == 0xd0 && text[1] >= 0x80 && text[1] <= 0x8f) {
            *capital = true; /* U+0400..U+040F: Є, І, Ї */
            text[0] = 0xd1;
            text[1] = (unsigned char)(text[1] + 0x10);
        } else if (text[0] == 0xd2 && text[1] == 0x90) {
            *capital = true; /* Ґ */
            text[1] = 0x91;
        }
    }
}

size_t lexemes_letters(char *letters, const char *text, bool *capital)
{
    char copy[4 * EXPAND_WORD_MAX];
    size_t length = strlen(text);
    if (length >= sizeof copy / 2) {
        return 0;
    }
    memcpy(copy, text, length + 1);
    *capital = false;
    lower((unsigned char *)copy, capital);
    return letters_read(letters, copy, length);
}

uint32_t lexemes_find(const struct lexemes *all, const char *lemma,
                      size_t length)
{
    uint32_t string = strings_find(all->strings, lemma, length);
    return string < all->lexeme_of_room ? all->lexeme_of[string] : UINT32_MAX;
}

uint32_t lexemes_make(struct lexemes *all, uint32_t lemma)
{
    while (lemma >= all->lexeme_of_room) {
        size_t had = all->lexeme_of_room;
        all->lexeme_of = compile_grow(all->lexeme_of, had, &all->lexeme_of_room,
                                      sizeof *all->lexeme_of);
        memset(all->lexeme_of + had, 0xff,
               (all->lexeme_of_room - had) * sizeof *all->lexeme_of);
    }
    if (all->lexeme_of[lemma] != UINT32_MAX) {
        return all->lexeme_of[lemma];
    }
    all->lexemes = compile_grow(all->lexemes, all->count, &all->room,
                                sizeof *all->lexemes);
    struct lexeme *lexeme = &all->lexemes[all->count];
    *lexeme = (struct lexeme){.lemma = lemma,
                              .same = (uint32_t)all->count,
                              .key = UINT32_MAX,
                              .cost = BAND_UNLISTED + BAND_BARE,
                              .capital = true,
                              .bare = true};
    all->lexeme_of[lemma] = (uint32_t)all->count;
    return (uint32_t)all->count++;
}

uint32_t lexemes_root(const struct lexemes *all, uint32_t lexeme)
{
    while (all->lexemes[lexeme].same != lexeme) {
        lexeme = all->lexemes[lexeme].same;
    }
    return lexeme;
}

void lexemes_join(struct lexemes *all, uint32_t one, uint32_t other)
{
    uint32_t root = lexemes_root(all, one);
    uint32_t joined = lexemes_root(all, other);
    if (root == joined) {
        return;
    }
    all->lexemes[joined].same = root;
    struct lexeme *lexeme = &all->lexemes[root];
    lexeme->bare = lexeme->bare && all->lexemes[joined].bare;
    lexeme->capital = lexeme->capital && all->lexemes[joined].capital;
    if (all->lexemes[joined].cost < lexeme->cost) {
        lexeme->cost = all->lexemes[joined].cost;
    }
}

void lexemes_read(struct lexemes *all, uint32_t form, uint32_t lexeme,
                  uint16_t cost)
{
    all->readings = compile_grow(all->readings, all->reading_count,
                                 &all->reading_room, sizeof *all->readings);
    all->readings[all->reading_count++] = (struct reading){form, lexeme, cost};
}

static bool ends(const char *word, size_t length, const char *ending)
{
    size_t size = strlen(ending);
    return length >= size && memcmp(word + length - size, ending, size) == 0;
}

/* The first person and the imperative are seldom seen in print: назву, назви
 * are rather of назва. */
static uint16_t verb_cost(const char *ending)
{
    static const char *const usual[] = {"ли", "ти", "ши", "чи"};
    size_t length = strlen(ending);
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        if (ends(ending, length, usual[i])) {
            return COST_OBLIQUE;
        }
    }
    if (length >= 2 && (strcmp(ending + length - 2, "и") == 0 ||
                        strcmp(ending + length - 2, "й") == 0)) {
        return COST_IMPERATIVE;
    }
    if (length >= 2 && (strcmp(ending + length - 2, "у") == 0 ||
                        strcmp(ending + length - 2, "ю") == 0)) {
        return COST_FIRST_PERSON;
    }
    return COST_OBLIQUE;
}

static uint16_t reading_cost(const struct expansion *expansion, bool capital)
{
    if (expansion->flag == 0) {
        return 0;
    }
    for (size_t i = 0; i < FLAG_COSTS; i++) {
        if (strchr(flag_costs[i].flags, expansion->flag) != NULL) {
            return flag_costs[i].cost;
        }
    }
    size_t length = strlen(expansion->entry);
    if (expansion->flag == '%' &&
        ends(expansion->ending, strlen(expansion->ending), "ці")) {
        return COST_DATIVE_PERSON;
    }
    if (expansion->flag == 'j' && strcmp(expansion->ending, "а") == 0 &&
        ends(expansion->entry, length, "лий")) {
        return COST_PARTICIPLE;
    }
    if (strchr("XYZ]^", expansion->flag) != NULL) {
        return verb_cost(expansion->ending);
    }
    if (strchr("130w4u2", expansion->flag) == NULL) {
        return COST_OBLIQUE;
    }
    bool person = capital || strchr(expansion->flags, ':') != NULL ||
                  ends(expansion->entry, length, "о");
    if (strcmp(expansion->ending, "ові") == 0 ||
        strcmp(expansion->ending, "еві") == 0) {
        return person ? COST_DATIVE_PERSON : COST_DATIVE_THING;
    }
    return strcmp(expansion->ending, "і") == 0 ? COST_LOCATIVE : COST_OBLIQUE;
}

/* What the flags of an entry say of its lexeme, and what it costs unless it is
 * listed as common. Short words are commoner (Zipf's law of abbreviation). */
static void entry_describe(struct lexeme *lexeme, const char *lemma,
                           size_t length, const char *flags)
{
    static const struct {
        const char *flags;
        const char *ending;
        int cost;
    } costs[] = {
        /* авторів is rather a plural than a possessive */
        {"jR", "iv", COST_POSSESSIVE},
        {"jR", "Iv", COST_POSSESSIVE},
        {"jR", "yn", COST_POSSESSIVE},
        {"jR", "In", COST_POSSESSIVE},
        /* villages: Бикове; surnames are commoner: Биков */
        {"E", "e", COST_VILLAGE},
        {"E", "a", COST_VILLAGE},
        {"026", "iv", COST_VILLAGE},
        {"026", "Iv", COST_VILLAGE},
        {"XYZ]^", "", COST_VERB},
        /* виконання rather than виконанний */
        {"Q", "nnA", -COST_VERB},
        {"Q", "ttA", -COST_VERB},
        /* політика rather than політик */
        {":", "", COST_PERSON},
    };
    bool adjective = strchr(flags, 'j') != NULL;
    lexeme->adjective = lexeme->adjective || adjective;
    lexeme->person = lexeme->person || strchr(flags, ':') != NULL;
    lexeme->verb = lexeme->verb || strpbrk(flags, "XYZ]^") != NULL;
    lexeme->nominal = strpbrk(flags, "jE_eR{") != NULL;
    int cost = BAND_UNLISTED + (int)(length < 20 ? length : 20);
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
        if (strpbrk(flags, costs[i].flags) != NULL &&
            ends(lemma, length, costs[i].ending)) {
            cost += costs[i].cost;
            break;
        }
    }
    if (cost < lexeme->cost || !lexeme->described) {
        lexeme->cost = (uint16_t)cost;
    }
    lexeme->described = true;
}

void lexemes_add(const struct expansion *expansion, void *payload)
{
    struct lexemes *all = payload;
    char letters[2 * EXPAND_WORD_MAX];
    bool capital = false;
    if (expansion->flags[0] == '\0') {
        all->bare = compile_grow(all->bare, all->bare_count, &all->bare_room,
                                 sizeof *all->bare);
        all->bare[all->bare_count] = strdup(expansion->entry);
        if (all->bare[all->bare_count++] == NULL) {
            compile_fail("no memory", expansion->entry);
        }
        return;
    }
    size_t length = lexemes_letters(letters, expansion->entry, &capital);
    if (length == 0) {
        return;
    }
    uint32_t lexeme =
        lexemes_make(all, strings_add(all->strings, letters, length));
    all->lexemes[lexeme].bare = false;
    entry_describe(&all->lexemes[lexeme], letters, length, expansion->flags);
    if (!capital) {
        all->lexemes[lexeme].capital = false;
    }
    length = lexemes_letters(letters, expansion->form, &capital);
    lexemes_read(all, strings_add(all->strings, letters, length), lexeme,
                 reading_cost(expansion, capital));
}

void lexemes_free(struct lexemes *all)
{
    for (size_t i = 0; i < all->bare_count; i++) {
        free(all->bare[i]);
    }
    free(all->bare);
    free(all->lexemes);
    free(all->readings);
    free(all->lexeme_of);
}
