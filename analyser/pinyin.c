/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chinese names: pinyin syllables as the system of Palladius writes them in
 * Cyrillic, Xi Jinping as Си Цзиньпин. The Ukrainian tradition differs in
 * letters that are one sound here. Sources: docs/names.md. */
#include "sounds.h"

struct part {
    char pinyin[5];
    char sounds[4];
};

/* Longer ones first. */
static const struct part initials[] = {
    {"zh", "qj"}, {"ch", "q"}, {"sh", "w"}, {"b", "b"}, {"c", "c"},
    {"d", "d"},   {"f", "f"},  {"g", "g"},  {"h", "x"}, {"j", "cz"},
    {"k", "k"},   {"l", "l"},  {"m", "m"},  {"n", "n"}, {"p", "p"},
    {"q", "c"},   {"r", "j"},  {"s", "s"},  {"t", "t"}, {"w", "v"},
    {"x", "s"},   {"y", "i"},  {"z", "cz"}, {"", ""},
};

static const struct part finals[] = {
    {"iang", "ian"}, {"iong", "iun"}, {"uang", "uan"}, {"ang", "an"},
    {"eng", "en"},   {"ian", "ian"},  {"iao", "iao"},  {"ing", "in"},
    {"ong", "un"},   {"uai", "uai"},  {"uan", "uan"},  {"ai", "ai"},
    {"an", "an"},    {"ao", "ao"},    {"ei", "ei"},    {"en", "en"},
    {"er", "er"},    {"ia", "ia"},    {"ie", "e"},     {"in", "in"},
    {"iu", "iu"},    {"ou", "ou"},    {"ua", "ua"},    {"ui", "ui"},
    {"un", "un"},    {"uo", "o"},     {"a", "a"},      {"e", "e"},
    {"ü", "iui"},    {"i", "i"},      {"o", "o"},      {"u", "u"},
};

/* The bytes of a part if the form begins with it, else 0. */
static size_t begins(const char *form, size_t length, const char *part)
{
    size_t size = 0;
    for (; part[size] != '\0'; size++) {
        if (size == length || form[size] != part[size]) {
            return 0;
        }
    }
    return size;
}

/* Finals that another initial changes: You is Ю, Hui is Хуэй. */
static const struct {
    char initial;
    const char *final;
    const char *sounds;
} changed[] = {{'y', "ou", "u"}, {'h', "ui", "uei"}};

/* After j, q, x, y a u is ü: Xu is Сюй, Yuan is Юань. */
static void add_final(char initial, const char *final, struct sounds *out)
{
    bool umlaut = final[0] == 'u' && strchr("jqx", initial) != NULL;
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
        if (changed[i].initial == initial &&
            strcmp(changed[i].final, final) == 0) {
            sounds_add(out, changed[i].sounds);
            return;
        }
    }
    if (umlaut) {
        sounds_add(out, "i");
    }
    sounds_add(out, final);
    if (strcmp(final, "u") == 0 && (umlaut || initial == 'y')) {
        sounds_add(out, "i");
    }
}

/* The rest of the word from here on, trying longer syllables first. */
static bool syllables(const char *form, size_t length, struct sounds *out)
{
    if (length == 0) {
        return true;
    }
    size_t kept = out->length;
    for (size_t i = 0; i < sizeof initials / sizeof *initials; i++) {
        size_t first = begins(form, length, initials[i].pinyin);
        if (first == 0 && initials[i].pinyin[0] != '\0') {
            continue;
        }
        for (size_t k = 0; k < sizeof finals / sizeof *finals; k++) {
            size_t second =
                begins(form + first, length - first, finals[k].pinyin);
            if (second == 0) {
                continue;
            }
            /* The и of yi and the у of wu are written once. */
            if ((form[0] != 'y' || form[1] != 'i') &&
                (form[0] != 'w' || form[1] != 'u')) {
                sounds_add(out, initials[i].sounds);
            }
            add_final(form[0], finals[k].sounds, out);
            if (syllables(form + first + second, length - first - second,
                          out)) {
                return true;
            }
            out->length = kept;
            out->text[kept] = '\0';
        }
    }
    return false;
}

bool pinyin_read(const char *form, size_t length, struct sounds *out)
{
    /* Longer words have no name, and the search could take its time. */
    if (length == 0 || length > 12 || !syllables(form, length, out)) {
        return false;
    }
    size_t n = out->length;
    if (n > 2 && strcmp(out->text + n - 2, "ia") == 0 &&
        !sounds_vowel(out->text[n - 3])) {
        out->length = n - 2; /* as the я of Катя */
        out->text[n - 2] = '\0';
        sounds_add(out, "A");
    }
    return true;
}
