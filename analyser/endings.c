/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Case endings of names, undone: Ukrainian and Russian at once, since a form
 * in a list of forms has no language. What cannot be decided stays open: the
 * form Путіна is of a man Путін or of a woman Путіна. */
#include "sounds.h"

/* What the form without the ending may be. */
enum {
    MASCULINE = 1 << 0, /* ends in a consonant, -й or -о: Київ, Дніпро */
    FEMININE = 1 << 1,  /* ends in -а, -я: Одеса */
    NEUTER = 1 << 2,    /* ends in -е: Золоте, Золотое */
    ADJECTIVE = 1 << 3, /* ends in -ий, -ый: Зеленський */
    /* An adjective only behind -ськ-: Зеленська, but not Одеса. */
    ADJECTIVE_SK = 1 << 4,
    /* An adjective only behind -н-: Кремінною, but not Одесою. */
    ADJECTIVE_N = 1 << 5,
    /* Behind -ов-, -ин- what an adjective's ending is elsewhere belongs to
     * a surname: Путіним, Іванової. */
    SURNAME = 1 << 6,
    /* Of the plural, behind ц, ч and к: Чернівців, but not Канів. */
    PLURAL = 1 << 7,
    /* No shorter ending is tried: -ого is not -о. */
    ALONE = 1 << 8,
    /* Behind -ськ-, -цьк- and -зьк- it is of an adjective and nothing else,
     * and so the form as it stands is no name: Зеленського. */
    SURE_SK = 1 << 9,
    /* The same behind -н-: Залужного, Кременную. */
    SURE_N = 1 << 10,
};

static const struct {
    const char *text;
    unsigned classes;
} endings[] = {
    {"ого", ADJECTIVE | SURNAME | ALONE | SURE_SK | SURE_N},
    {"его", ADJECTIVE | ALONE},
    {"ому", ADJECTIVE | SURNAME | SURE_SK | SURE_N},
    {"ему", ADJECTIVE},
    {"ими", ADJECTIVE | SURNAME | SURE_SK},
    {"ыми", ADJECTIVE | SURNAME | SURE_SK | SURE_N},
    {"ами", MASCULINE | FEMININE},
    {"ями", MASCULINE | FEMININE},
    {"ові", MASCULINE},
    {"еві", MASCULINE},
    {"єві", MASCULINE},
    {"ий", ADJECTIVE | SURE_SK},
    {"ый", ADJECTIVE | SURE_SK},
    {"ій", ADJECTIVE | FEMININE | SURNAME | SURE_SK},
    {"ой", ADJECTIVE | FEMININE | SURNAME | SURE_SK},
    {"ей", FEMININE},
    {"ої", ADJECTIVE | FEMININE | SURNAME | SURE_SK},
    {"ою", FEMININE | ADJECTIVE_SK | ADJECTIVE_N | SURNAME},
    {"ею", FEMININE},
    {"єю", FEMININE},
    {"ая", ADJECTIVE | FEMININE | SURE_SK},
    {"яя", ADJECTIVE | FEMININE},
    {"ую", ADJECTIVE | FEMININE | SURE_SK | SURE_N},
    {"юю", ADJECTIVE | FEMININE},
    {"ьем", FEMININE},
    {"ье", FEMININE},
    {"ое", ADJECTIVE | NEUTER | SURE_SK | SURE_N},
    {"ие", ADJECTIVE},
    {"ые", ADJECTIVE},
    {"им", ADJECTIVE | SURNAME | SURE_SK},
    {"ым", ADJECTIVE | SURNAME | SURE_SK},
    {"ім", ADJECTIVE | SURNAME},
    {"их", ADJECTIVE | SURNAME | SURE_SK},
    {"ых", ADJECTIVE | SURNAME | SURE_SK},
    {"ом", MASCULINE | ADJECTIVE_SK},
    {"ем", MASCULINE},
    {"єм", MASCULINE},
    {"ём", MASCULINE},
    {"ам", MASCULINE | FEMININE},
    {"ям", MASCULINE | FEMININE},
    {"ах", MASCULINE | FEMININE},
    {"ях", MASCULINE | FEMININE},
    {"ів", MASCULINE | PLURAL},
    {"а", FEMININE | MASCULINE | ADJECTIVE_SK},
    {"я", FEMININE | MASCULINE},
    {"о", MASCULINE | FEMININE},
    {"у", MASCULINE | FEMININE | ADJECTIVE_SK},
    {"ю", MASCULINE | FEMININE},
    {"і", MASCULINE | FEMININE | ADJECTIVE_SK},
    {"ї", MASCULINE | FEMININE},
    {"и", FEMININE | MASCULINE},
    {"ы", FEMININE | MASCULINE},
    {"е", MASCULINE | FEMININE | ADJECTIVE},
    {"є", MASCULINE | FEMININE},
};

/* Those of nominatives. */
static const struct {
    const char *text;
    unsigned classes;
} nominatives[] = {
    {"ий", ADJECTIVE},
    {"ый", ADJECTIVE},
    {"а", FEMININE},
    {"я", FEMININE},
    {"ье", FEMININE},  /* Запорожье, Запоріжжя */
    {"ое", ADJECTIVE}, /* Спорное */
    {"е", MASCULINE | ADJECTIVE},
};

/* Longer words are no names. */
#define LETTERS_MAX 40

struct form {
    const char *text;
    size_t length;
    uint32_t letters[LETTERS_MAX];
    size_t count;
    bool plain;
    bool round;
    bool sure; /* its ending has said all */
    struct readings *out;
};

/* False for a form that is too long. */
static bool decode(struct form *form)
{
    for (size_t at = 0; at < form->length; form->count++) {
        size_t n = form->count == LETTERS_MAX
                       ? 0
                       : utf8_decode(form->text + at, form->length - at,
                                     &form->letters[form->count]);
        if (n == 0) {
            return false;
        }
        at += n;
    }
    return true;
}

/* The letters of an ending that the form has, or 0; all are of two bytes. */
static size_t match(const struct form *form, const char *ending)
{
    size_t size = strlen(ending);
    return size < form->length &&
                   memcmp(form->text + form->length - size, ending, size) == 0
               ? size / 2
               : 0;
}

static bool is_iotated(uint32_t letter)
{
    return letter == 0x44f || letter == 0x44e || letter == 0x454 ||
           letter == 0x457 || letter == 0x435 || letter == 0x438;
}

static bool ends_in(const struct sounds *s, const char *const *ends,
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(ends[i]);
        if (s->length > length &&
            memcmp(s->text + s->length - length, ends[i], length) == 0) {
            return true;
        }
    }
    return false;
}

static void add_with(const struct form *form, const struct sounds *stem,
                     const char *end)
{
    struct sounds name = *stem;
    sounds_add(&name, end);
    readings_add(form->out, &name);
}

static void add_changed(const struct form *form, const struct sounds *stem,
                        size_t kept, const char *end)
{
    struct sounds name = *stem;
    name.length = kept;
    name.text[kept] = '\0';
    add_with(form, &name, end);
}

/* Before -і к, г, х are ц, з, с: Авдіївці, Ользі, Білостоці. */
static void add_softened(const struct form *form, const struct sounds *stem,
                         const char *end)
{
    static const struct {
        char from;
        const char *to;
        size_t length; /* of the shortest stem */
    } pairs[] = {{'c', "k", 2}, {'z', "g", 2}, {'s', "x", 5}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (stem->text[stem->length - 1] == pairs[i].from &&
            stem->length >= pairs[i].length) {
            struct sounds name = *stem;
            name.text[--name.length] = '\0';
            sounds_add(&name, pairs[i].to);
            add_with(form, &name, end);
        }
    }
}

/* The vowel of the nominative: lost in Донця (Донець), Журавля (Журавель),
 * Ставка (Ставок); і in Меджибожа (Меджибіж), Сокола (Сокіл). */
static void add_vowel(const struct form *form, const struct sounds *stem,
                      bool soft)
{
    size_t n = stem->length;
    if (n < 3 || sounds_vowel(stem->text[n - 1])) {
        return;
    }
    char last = stem->text[n - 1];
    char before = stem->text[n - 2];
    char end[] = {'e', last, '\0'};
    if (last == 'k') {
        end[0] = 'o';
    }
    /* No -ок behind -ськ- and -івк-. */
    bool lost = !soft && last == 'k' && strchr("sckvm", before) == NULL;
    if (!sounds_vowel(before) &&
        (last == 'c' || (soft && (last == 'l' || last == 'n')) || lost)) {
        add_changed(form, stem, n - 1, end);
    }
    if (n > 4 && (before == 'o' || before == 'e') &&
        strchr("ldjrgp", last) != NULL) {
        end[0] = 'i';
        add_changed(form, stem, n - 2, end);
    }
}

#define LETTER_A 0x430
#define LETTER_K 0x43a
#define LETTER_TS 0x446
#define LETTER_CH 0x447
#define LETTER_SOFT 0x44c
#define LETTER_I 0x456
#define LETTER_O 0x43e
#define LETTER_U 0x443

static bool is_soft(uint32_t first)
{
    return first != LETTER_A && first != LETTER_U && first != LETTER_O;
}

static bool allowed(const struct form *form, size_t count, unsigned classes)
{
    uint32_t last = form->letters[count - 1];
    return (classes & PLURAL) == 0 || last == LETTER_TS || last == LETTER_CH ||
           last == LETTER_K;
}

static bool ends_in_sk(const struct sounds *stem)
{
    static const char *const sk[] = {"sk", "ck", "zk"};
    return ends_in(stem, sk, sizeof sk / sizeof *sk);
}

static void add_adjective(const struct form *form, const struct sounds *stem,
                          unsigned classes)
{
    bool n = stem->text[stem->length - 1] == 'n';
    if ((classes & ADJECTIVE) != 0 ||
        ((classes & ADJECTIVE_SK) != 0 && ends_in_sk(stem)) ||
        ((classes & ADJECTIVE_N) != 0 && n)) {
        add_with(form, stem, "i");
    }
}

/* Less than two sounds is no name, nor is what is left of Клим. */
static bool too_short(const struct sounds *stem, size_t ending)
{
    bool vowel = false;
    for (size_t i = 0; i < stem->length; i++) {
        vowel = vowel || sounds_vowel(stem->text[i]);
    }
    return stem->length < 2 || (ending > 1 && !vowel && stem->length < 3);
}

static void add_classes(const struct form *form, size_t size, unsigned classes)
{
    static const char *const surname[] = {"ov", "ev", "iv", "in"};
    struct sounds stem = {.length = 0};
    size_t count = form->count - size;
    uint32_t first = form->letters[count];
    if (!allowed(form, count, classes) ||
        !sounds_of_cyrillic(form->letters, count, form->round, &stem) ||
        too_short(&stem, size)) {
        return;
    }
    if (form->sure && ends_in_sk(&stem)) {
        classes &= ADJECTIVE;
    }
    if (is_iotated(first) && sounds_vowel(stem.text[stem.length - 1]) &&
        stem.text[stem.length - 1] != 'i') {
        sounds_add(&stem, "i"); /* the й of Ханоя */
    }
    bool masculine = (classes & MASCULINE) != 0 ||
                     ((classes & SURNAME) != 0 && ends_in(&stem, surname, 4));
    bool feminine = (classes & FEMININE) != 0;
    bool dative = size == 1 && first == LETTER_I;
    if (masculine) {
        add_with(form, &stem, "");
    }
    if (feminine) {
        if (dative) {
            add_softened(form, &stem, "A");
        }
        add_with(form, &stem, "A");
        uint32_t last = form->letters[count - 1];
        if (last == LETTER_SOFT || last == '\'') {
            add_with(form, &stem, "iA"); /* Анталья, Анталія */
        }
    }
    if ((classes & NEUTER) != 0) {
        add_with(form, &stem, "e");
    }
    add_adjective(form, &stem, classes);
    bool bare = size == 1 && first == LETTER_O; /* Данко is no Данок */
    if (masculine && !bare && !form->plain) {
        add_vowel(form, &stem, is_soft(first));
        if (dative) {
            add_softened(form, &stem, "");
        }
    }
}

/* What an ending may mean in a nominative; 0 if it is in none. */
static unsigned plain_class(const char *ending)
{
    for (size_t i = 0; i < sizeof nominatives / sizeof *nominatives; i++) {
        if (strcmp(nominatives[i].text, ending) == 0) {
            return nominatives[i].classes;
        }
    }
    return 0;
}

/* Whether the ending is of an adjective and nothing else. Short stems are
 * not so sure: Конго, Ному. */
static bool is_sure(const struct form *form, size_t size, unsigned classes)
{
    struct sounds stem = {.length = 0};
    if ((classes & (SURE_SK | SURE_N)) == 0 ||
        !sounds_of_cyrillic(form->letters, form->count - size, false, &stem) ||
        stem.length < 4) {
        return false;
    }
    return ((classes & SURE_SK) != 0 && ends_in_sk(&stem)) ||
           ((classes & SURE_N) != 0 && stem.text[stem.length - 1] == 'n');
}

/* Whether one of its endings is sure. */
static bool ends_surely(const struct form *form)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t size = match(form, endings[i].text);
        if (size > 0 && is_sure(form, size, endings[i].classes)) {
            return true;
        }
    }
    return false;
}

static void read_endings(struct form *form)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t size = match(form, endings[i].text);
        if (size == 0) {
            continue;
        }
        unsigned classes =
            form->plain ? plain_class(endings[i].text) : endings[i].classes;
        form->sure = !form->plain && is_sure(form, size, classes);
        if (classes != 0) {
            add_classes(form, size, classes);
        }
        if ((classes & ALONE) != 0 || form->sure) {
            break;
        }
    }
}

/* The form as it stands, and what the endings make of it. */
static void read_form(struct form *form)
{
    struct readings *out = form->out;
    struct sounds whole = {.length = 0};
    size_t before = out->count;
    if (!sounds_of_cyrillic(form->letters, form->count, form->round, &whole)) {
        return;
    }
    bool feminine = whole.length > 0 && whole.text[whole.length - 1] == 'a';
    if (!form->plain && !feminine && !ends_surely(form)) {
        readings_add(out, &whole);
    }
    read_endings(form);
    if (form->plain || out->count == before) {
        readings_add(out, &whole);
    }
}

void endings_read(const char *text, size_t length, bool plain,
                  struct readings *out)
{
    struct form form = {
        .text = text, .length = length, .plain = plain, .out = out};
    if (!decode(&form)) {
        return;
    }
    read_form(&form);
    if (sounds_has_round(form.letters, form.count)) {
        form.round = true;
        read_form(&form);
    }
}
