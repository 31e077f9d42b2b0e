/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cyrillic letters to sounds, and what all spellings of a name have in
 * common. Sources: docs/names.md. */
#include "sounds.h"

void sounds_add(struct sounds *sounds, const char *text)
{
    size_t length = strlen(text);
    if (sounds->length + length < SOUNDS_BYTES) {
        memcpy(sounds->text + sounds->length, text, length + 1);
        sounds->length += length;
    }
}

bool sounds_vowel(char sound)
{
    /* Asked of every sound: strchr would be slow. */
    return sound == 'a' || sound == 'e' || sound == 'i' || sound == 'o' ||
           sound == 'u' || sound == SOUNDS_FEMININE;
}

/* ---- Cyrillic -------------------------------------------------------- */

/* From U+0430 on. Ukrainian и and і, Russian ы and и are one sound: the two
 * languages exchange them (Кадиров, Кадыров). */
static const char *const alphabet[] = {
    "a", "b", "v", "g",  "d", "e", "j", "z", "i",  "i",  "k",
    "l", "m", "n", "o",  "p", "r", "s", "t", "u",  "f",  "x",
    "c", "q", "w", "wq", "",  "i", "",  "e", "iu", "ia",
};

static const struct {
    uint32_t letter;
    const char *sound;
} others[] = {
    {0x451, "e"}, {0x454, "e"}, {0x456, "i"}, {0x457, "i"},
    {0x491, "g"}, {0x45e, "v"}, {'\'', ""},
};

static const char *sound_of(uint32_t letter)
{
    if (letter >= 0x430 && letter <= 0x44f) {
        return alphabet[letter - 0x430];
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (others[i].letter == letter) {
            return others[i].sound;
        }
    }
    return NULL;
}

#define LETTER_SHORT_I 0x439 /* й */
#define LETTER_SOFT 0x44c    /* ь */
#define LETTER_HARD 0x44a    /* ъ */
#define LETTER_IO 0x451      /* ё */
#define LETTER_O 0x43e
#define LETTER_E 0x435
#define LETTER_IE 0x454
#define LETTER_YI 0x457

static bool is_consonant(uint32_t letter)
{
    const char *sound = sound_of(letter);
    return sound != NULL && sound[0] != '\0' && !sounds_vowel(sound[0]);
}

/* ьо, ё after a consonant, or йо there (Соловйов); 'ї. */
static bool is_round(const uint32_t *letters, size_t i)
{
    if (i == 0) {
        return false;
    }
    uint32_t before = letters[i - 1];
    if (letters[i] == LETTER_YI) {
        return before == '\'';
    }
    if (letters[i] == LETTER_IO) {
        return is_consonant(before) || before == LETTER_SOFT;
    }
    return letters[i] == LETTER_O &&
           (before == LETTER_SOFT || (before == LETTER_SHORT_I && i > 1 &&
                                      is_consonant(letters[i - 2])));
}

bool sounds_has_round(const uint32_t *letters, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (is_round(letters, i)) {
            return true;
        }
    }
    return false;
}

static const char *sound_at(const uint32_t *letters, size_t i, bool round)
{
    uint32_t before = i > 0 ? letters[i - 1] : 0;
    bool parted =
        before == LETTER_SOFT || before == '\'' || before == LETTER_HARD;
    if (is_round(letters, i) && letters[i] == LETTER_YI) {
        return round ? "i" : "ii"; /* Юр'ївка: Yurivka, Юрьевка */
    }
    if (is_round(letters, i)) {
        return round ? "o" : letters[i] == LETTER_IO && parted ? "ie" : "e";
    }
    if (letters[i] == LETTER_IO) {
        return "io"; /* Ёлкин */
    }
    if (parted && (letters[i] == LETTER_E || letters[i] == LETTER_IE)) {
        return "ie"; /* Васильєв, Прокоф'єв, Васильев */
    }
    return sound_of(letters[i]);
}

bool sounds_of_cyrillic(const uint32_t *letters, size_t count, bool round,
                        struct sounds *out)
{
    for (size_t i = 0; i < count; i++) {
        const char *sound = sound_at(letters, i, round);
        if (sound == NULL) {
            return false;
        }
        sounds_add(out, sound);
    }
    return true;
}

/* ---- What spellings have in common ----------------------------------- */

static void cut_out(struct sounds *s, size_t at, size_t count)
{
    memmove(s->text + at, s->text + at + count, s->length - at - count + 1);
    s->length -= count;
}

static bool is_front(char sound)
{
    return sound == 'i' || sound == 'e';
}

/* -ів-, -ов-, -ев- at the end and before the consonants of suffixes are one
 * (Харків, Харьков; Петрівка, Петровка), and so are -іїв- and -еев-
 * (Сергіїв, Сергеев). Of the word something must stand before. */
static void join_possessive(struct sounds *s)
{
    for (size_t i = 2; i + 1 < s->length; i++) {
        char vowel = s->text[i];
        char next = s->text[i + 2];
        if (s->text[i + 1] != 'v' || (!is_front(vowel) && vowel != 'o') ||
            (next != '\0' && strchr("kscwnqA", next) == NULL &&
             (next != 'o' || i + 3 != s->length))) {
            continue;
        }
        if (is_front(vowel) && is_front(s->text[i - 1])) {
            s->text[i - 1] = 'i';
            s->text[i] = 'e';
        } else if (s->text[i - 1] != 'i') {
            s->text[i] = 'o';
        }
    }
}

/* Puts `to`, which is not longer, for `from` where it stands at `at`. */
static void replace_at(struct sounds *s, size_t at, const char *from,
                       const char *to)
{
    size_t length = strlen(from);
    size_t kept = strlen(to);
    if (strncmp(s->text + at, from, length) == 0) {
        memcpy(s->text + at, to, kept);
        cut_out(s, at + kept, length - kept);
    }
}

/* Whether the у here is as often written в: Оруэлл, Орвелл; Галлоуэй,
 * Галловей; Болдуин, Болдвін. Not the у of Шуя and Суй. */
static bool becomes_v(const struct sounds *s, size_t i)
{
    char next = s->text[i + 1];
    if (i == 0 || !is_front(next)) {
        return false;
    }
    char behind = s->text[i + 2];
    bool closed = behind != '\0' && !sounds_vowel(behind);
    char before = s->text[i - 1];
    return next == 'e' ? before == 'o' || !sounds_vowel(before)
                       : closed && !sounds_vowel(before);
}

/* What is one name in two languages, wherever it stands in the word. */
static const char *const pairs[][2] = {
    {"dj", "j"}, /* Джонсон; Кинджал, Кинжал */
    {"ts", "c"}, /* Братськ, Bratsk */
    {"ds", "c"},
    {"tq", "q"},        /* Тетчер, Тэчер */
    {"tc", "c"},        /* Гантц, Ганц */
    {"qo", "qe"},       /* Чорнобиль, Чернобыль */
    {"eisk", "isk"},    /* Гвардійське, Гвардейское */
    {"girsk", "gorsk"}, /* Святогірськ, Святогорск */
    {"pils", "pols"},   /* Тернопільський */
    {"bilsk", "belsk"}, /* Старобільськ, Старобельск */
    {"novosil", "novosel"}, /* Новосілка, Новоселка */
    {"kamian", "kamen"},    /* Кам'янка, Каменка */
    {"pasiq", "paseq"},     /* Пасічник, Пасечник */
    {"piwqan", "pesqan"},   /* Піщане, Песчаное */
    {"piskivk", "peskovk"}, /* Пісківка, Песковка */
    {"riqn", "reqn"},       /* Трирічне, Трёхречное */
    {"zariqq", "zareq"},    /* Заріччя, Заречье */
    {"zalizn", "jelezn"},   /* Залізне, Железное */
    {"kozac", "kazac"},     /* Козацьке, Казацкое */
    {"kozaq", "kazaq"},     /* Козача, Казачья */
    {"kindrat", "kondrat"}, /* Кіндратівка, Кондратовка */
    {"dovg", "dolg"},       /* Довге, Долгое */
    {"jovt", "jelt"},       /* Жовтий, Жёлтый */
    {"vovqa", "volqa"},     /* Вовчанськ, Волчанск */
    {"vovqe", "volqe"},     /* Вовчоярівка, Волчеяровка */
    {"iablun", "iablon"},   /* Яблунівка, Яблоновка */
    {"aleksandr", "oleksandr"}, /* Новоалександровка */
    {"svitl", "svetl"}, /* Новосвітлівка, Новосветловка */
    {"ozirk", "ozerk"}, /* Білозірка, Белозёрка */
    {"dlisn", "dlesn"}, /* Підлісне, Подлесное */
    {"quvat", "qevat"}, /* Хрящувате, Хрящеватое */
    {"wuvat", "wevat"},
    {"juvat", "jevat"},
    {"uvat", "ovat"},     /* Ясинувата, Ясиноватая */
    {"sokiln", "sokoln"}, /* Сокільники, Сокольники */
    {"nikola", "mikola"}, /* Новомиколаївка, Новониколаевка */
    {"verxno", "verxne"}, /* Верхньо-, Верхне- */
    {"nijno", "nijne"},   /* Нижньо-, Нижне- */
    {"ioviq", "eviq"},    /* Сергійович, Сергеевич */
};
/* The same at the beginning. */
static const struct {
    const char *from;
    const char *to;
    size_t length; /* of the shortest name */
} beginnings[] = {
    {"bil", "bel", 6}, /* Білогорівка, Белогоровка; Білл is not Белл */
    {"aleks", "oleks", 8}, /* Алексеевка, Олексіївка */
    {"ekaterin", "katerin", 8}, /* Екатериновка, Катеринівка */
    {"elen", "olen", 7},        /* Еленовка, Оленівка */
    {"dnipr", "dnepr", 5}, /* Дніпрорудне, Днепрорудное */
    {"pidg", "podg", 6},   /* Підгородне, Подгородное */
    {"pidl", "podl", 6},   /* Підлісне, Подлесное */
    {"rozd", "razd", 6},   /* Роздолівка, Раздоловка */
    {"rozl", "razl", 5},   /* Розлив, Разлив */
    {"lisn", "lesn", 5},   /* Лісне, Лесное */
    {"xrest", "krest", 6}, /* Хрестівка, Крестовка */
    {"xlib", "xleb", 6}, /* Хлібодарівка, Хлебодаровка */
    {"snij", "snej", 5},   /* Сніжне, Снежное */
    {"stril", "strel", 5}, /* Стрілков, Стрелков */
    {"svit", "svet", 5}, /* Світлодарськ, Светлодарск */
    {"znamian", "znamen", 7}, /* Знам'янка, Знаменка */
};
static void join_letters(struct sounds *s)
{
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        if (beginnings[i].from[0] == s->text[0] &&
            s->length >= beginnings[i].length) {
            replace_at(s, 0, beginnings[i].from, beginnings[i].to);
        }
    }
    for (size_t i = 0; i < s->length; i++) {
        for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
            if (pairs[k][0][0] == s->text[i]) {
                replace_at(s, i, pairs[k][0], pairs[k][1]);
            }
        }
    }
    for (size_t i = 0; i < s->length; i++) {
        char next = s->text[i + 1];
        if (s->text[i] == 'x' && sounds_vowel(next)) {
            s->text[i] = 'g'; /* Хаменеї; Гельсінкі, Хельсинки */
        }
        if (s->text[i] == 'u' && becomes_v(s, i)) {
            s->text[i] = 'v';
        }
        /* After a hush я is а: чя is no Ukrainian. */
        if (next == 'i' && strchr("jqw", s->text[i]) != NULL &&
            (s->text[i + 2] == 'a' || s->text[i + 2] == 'u')) {
            cut_out(s, i + 1, 1);
        }
    }
}

/* Doubles are one; ее is іє (Сергеенко, Сергієнко); є after a vowel is е.
 */
static void join_doubles(struct sounds *s)
{
    for (size_t i = 0; i + 1 < s->length;) {
        char a = s->text[i];
        char b = s->text[i + 1];
        bool opens =
            i == 0 || (sounds_vowel(s->text[i - 1]) && s->text[i - 1] != 'i');
        if (a == 'e' && b == 'e') {
            s->text[i] = 'i';
        } else if (a == 'i' && b == 'e' && opens) {
            cut_out(s, i, 1);
        } else if (a == b || (a == 'a' && b == SOUNDS_FEMININE)) {
            cut_out(s, i, 1);
        } else {
            i++;
        }
    }
}

static bool ends_with(const struct sounds *s, const char *end)
{
    size_t length = strlen(end);
    return s->length >= length &&
           memcmp(s->text + s->length - length, end, length) == 0;
}

/* Васильевка, Василівка; Григорьевское, Григорівське. */
static void join_ievka(struct sounds *s)
{
    for (size_t i = 1; i + 4 < s->length; i++) {
        if (strchr("lr", s->text[i - 1]) != NULL) {
            replace_at(s, i, "ievk", "ovk");
            replace_at(s, i, "ievsk", "ovsk");
        }
    }
}

static void join_ends(struct sounds *s)
{
    if (s->length > 4 && ends_with(s, "pil")) {
        s->text[s->length - 2] = 'o'; /* Тернопіль, Тернополя */
    }
    if (s->length > 5 && ends_with(s, "pilA")) {
        s->text[s->length - 3] = 'o'; /* Добропілля, Доброполье */
    }
    join_ievka(s);
    if (s->length > 3 && ends_with(s, "ei")) {
        cut_out(s, s->length - 2, 1); /* Сергій, Сергей */
    }
    if (s->length > 2 && ends_with(s, "o")) {
        cut_out(s, s->length - 1, 1); /* Дніпро, Дніпра */
    }
    if (s->length > 2 && s->text[0] == 'u' && sounds_vowel(s->text[1]) &&
        s->text[1] != 'u') {
        s->text[0] = 'v'; /* Уолтер, Волтер */
    }
}

void readings_add(struct readings *readings, const struct sounds *sounds)
{
    if (readings->count == READINGS_MAX || sounds->length == 0) {
        return;
    }
    struct sounds *s = &readings->items[readings->count];
    *s = *sounds;
    join_letters(s);
    join_possessive(s);
    join_doubles(s);
    join_ends(s);
    for (size_t i = 0; i < readings->count; i++) {
        if (strcmp(readings->items[i].text, s->text) == 0) {
            return;
        }
    }
    readings->count++;
}

/* ---- Words ----------------------------------------------------------- */

void readings_of(const char *form, size_t length, bool plain,
                 struct readings *out)
{
    uint32_t code = 0;
    out->count = 0;
    if (length == 0 || length > NAME_WORD_BYTES ||
        utf8_decode(form, length, &code) == 0) {
        return;
    }
    if (code >= 0x400 && code < 0x530) {
        endings_read(form, length, plain, out);
    } else if ((code >= 'a' && code <= 'z') || (code >= 0xdf && code < 0x250)) {
        struct sounds chinese = {.length = 0};
        latin_read(form, length, plain, out);
        if (!plain && pinyin_read(form, length, &chinese)) {
            readings_add(out, &chinese);
        }
    }
}
