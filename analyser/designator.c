/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Designators of weapons and the like: С-300, S-300, C300 and С-300-ми are
 * one key, s300. Letters go to Latin because both scripts are in use and
 * Latin has no doubt about case or soft signs. */
#include "words.h"

struct pair {
    const char *from;
    const char *to;
};

/* By sound, in the press's way of writing weapons in English (Kh-101,
 * MiG-31, Su-34): и and і alike, since a designator keeps its spelling over
 * Ukrainian and Russian (Мі-8, Ми-8). */
static const struct pair latin[] = {
    {"а", "a"},    {"б", "b"},  {"в", "v"},  {"г", "g"},  {"ґ", "g"},
    {"д", "d"},    {"е", "e"},  {"є", "e"},  {"ё", "e"},  {"ж", "zh"},
    {"з", "z"},    {"и", "i"},  {"і", "i"},  {"ї", "i"},  {"й", "y"},
    {"к", "k"},    {"л", "l"},  {"м", "m"},  {"н", "n"},  {"о", "o"},
    {"п", "p"},    {"р", "r"},  {"с", "s"},  {"т", "t"},  {"у", "u"},
    {"ф", "f"},    {"х", "kh"}, {"ц", "ts"}, {"ч", "ch"}, {"ш", "sh"},
    {"щ", "shch"}, {"ь", ""},   {"ъ", ""},   {"ы", "y"},  {"э", "e"},
    {"ю", "yu"},   {"я", "ya"}, {"'", ""},
};

/* Latin letters and the sound of the Cyrillic capitals they look like. */
static const struct pair lookalikes[] = {
    {"a", "a"}, {"b", "v"},  {"c", "s"}, {"e", "e"}, {"h", "n"},
    {"i", "i"}, {"k", "k"},  {"m", "m"}, {"o", "o"}, {"p", "r"},
    {"t", "t"}, {"x", "kh"}, {"y", "u"},
};

/* Endings that follow a hyphen after a number or an abbreviation: 5-го,
 * 3-тя, F-16-х, НАТО-ю, HIMARS-ів (Правопис 2019, § 61, on numerals). */
static const char *const endings[] = {
    "а",   "ам",  "ами",  "ах",   "га",   "ге",   "гий",   "гим",   "гих",
    "гі",  "гій", "го",   "гого", "гої",  "гому", "гою",   "гу",    "е",
    "ей",  "ем",  "ею",   "є",    "єю",   "и",    "ий",    "им",    "ими",
    "их",  "й",   "і",    "ів",   "ій",   "ім",   "ї",     "ма",    "ме",
    "ми",  "мий", "мої",  "мою",  "му",   "мя",   "ні",    "них",   "о",
    "ові", "ого", "ої",   "ом",   "ома",  "ому",  "ою",    "ох",    "рьох",
    "та",  "те",  "ти",   "тий",  "тим",  "тих",  "ті",    "тій",   "тім",
    "тої", "тою", "ту",   "тьої", "тьох", "тьою", "тього", "тьому", "тю",
    "тя",  "тє",  "у",    "х",    "ша",   "ше",   "ший",   "шим",   "ших",
    "ші",  "шій", "шого", "шої",  "шому", "шою",  "шу",    "ьома",  "ьох",
    "ю",   "я",   "ям",   "ями",  "ях",
};

static const char *const units[] = {
    "cm", "kg", "km", "mm", "г",   "га", "гц", "квт", "кг",
    "км", "кт", "л",  "м",  "мвт", "мм", "см", "т",
};

static const char *find(const struct pair *table, size_t count,
                        const char *letter, size_t length)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(table[i].from) == length &&
            memcmp(table[i].from, letter, length) == 0) {
            return table[i].to;
        }
    }
    return NULL;
}

void designator_add(struct buf *key, const char *form, size_t length)
{
    for (size_t at = 0; at < length;) {
        uint32_t code;
        size_t n = utf8_decode(form + at, length - at, &code);
        if (n == 0) {
            return;
        }
        const char *to =
            find(latin, sizeof latin / sizeof *latin, form + at, n);
        if (to != NULL) {
            buf_add_text(key, to);
        } else {
            buf_add(key, form + at, n);
        }
        at += n;
    }
}

bool designator_add_lookalike(struct buf *key, const char *form, size_t length)
{
    size_t start = key->length;
    for (size_t at = 0; at < length; at++) {
        const char *to = find(
            lookalikes, sizeof lookalikes / sizeof *lookalikes, form + at, 1);
        if (to == NULL) {
            key->length = start;
            return false;
        }
        buf_add_text(key, to);
    }
    return true;
}

static bool listed(const char *const *list, size_t count, const char *form,
                   size_t length)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(list[i]) == length && memcmp(list[i], form, length) == 0) {
            return true;
        }
    }
    return false;
}

bool designator_is_ending(const char *form, size_t length)
{
    return listed(endings, sizeof endings / sizeof *endings, form, length);
}

bool designator_is_unit(const char *form, size_t length)
{
    return listed(units, sizeof units / sizeof *units, form, length);
}
