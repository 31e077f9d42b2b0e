/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of names: Зеленського, Зеленским, Zelenskyy have one in common. The
 * ending is undone (endings.c), the letters become sounds (sounds.c,
 * latin.c, pinyin.c), and what no rule can know, Київ and Kyiv, Trump and
 * Трамп, stands in the tables in names/: groups of nominatives, `a = b`, a
 * line each. A + in front allows forms of the plural: Шахедів. docs/names.md
 * says why. */
#include "analyser.h"

#include "sounds.h"

/* A name of more parts than this has no keys as a whole. */
#define PARTS_MAX 4

/* Capitals of at most so many letters are an abbreviation. */
#define ABBREVIATION_LETTERS 6

/* ---- Keys -------------------------------------------------------------- */

/* Counts the key behind the last, unless it is there already. */
static void keep_key(struct name_keys *out)
{
    for (size_t i = 0; i < out->count; i++) {
        if (strcmp(out->keys[i], out->keys[out->count]) == 0) {
            return;
        }
    }
    out->count++;
}

/* Adds sounds as a key, as they are commonly written, and a mark; what is
 * too long is cut. */
static void add_key(struct name_keys *out, const char *sounds, const char *mark)
{
    static const char single[] = "jcqwxA";
    static const char *const written[] = {"zh", "ts", "ch", "sh", "kh", "a"};
    if (out->count == NAME_KEYS) {
        return;
    }
    char *key = out->keys[out->count];
    size_t room = NAME_BYTES - strlen(mark);
    size_t length = 0;
    for (; *sounds != '\0' && length + 2 < room; sounds++) {
        const char *at = strchr(single, *sounds);
        if (at == NULL) {
            key[length++] = *sounds;
        } else {
            const char *piece = written[at - single];
            memcpy(key + length, piece, strlen(piece));
            length += strlen(piece);
        }
    }
    memcpy(key + length, mark, strlen(mark) + 1);
    keep_key(out);
}

/* The first member of these sounds, or what would stand behind it. */
static const struct name_member *first_member(const char *sounds)
{
    size_t low = 0;
    size_t high = names_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(names_text + names_members[middle].sounds, sounds) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return names_members + low;
}

/* The groups that a reading is in: Саша is of two names. `plural`: only those
 * with a plural. A reading that has one is emptied. */
static void add_groups(struct readings *readings, bool plural,
                       struct name_keys *out)
{
    const struct name_member *end = names_members + names_count;
    for (size_t i = 0; i < readings->count; i++) {
        char *sounds = readings->items[i].text;
        const struct name_member *first = first_member(sounds);
        const struct name_member *m = first;
        for (; m < end && strcmp(names_text + m->sounds, sounds) == 0; m++) {
            if (m->plural || !plural) {
                add_key(out, names_text + m->key, "");
            }
        }
        if (m > first) {
            sounds[0] = '\0';
        }
    }
}

/* The name without -ів, -ов, -s of the plural if a table says that it is many:
 * Шахедів. `end` is put in the place of the ending. Whether it is. */
static bool add_plural(const char *form, size_t length, const char *end,
                       struct name_keys *out)
{
    struct readings readings;
    char name[NAME_WORD_BYTES + 8];
    size_t before = out->count;
    int written = snprintf(name, sizeof name, "%.*s%s", (int)length, form, end);
    readings_of(name, (size_t)written, true, &readings);
    add_groups(&readings, true, out);
    return out->count > before;
}

static void add_plurals(const char *form, size_t length, struct name_keys *out)
{
    static const char *const endings[] = {"ів", "їв", "ов", "ев", "s"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t size = strlen(endings[i]);
        if (length <= size + 3 || length > NAME_WORD_BYTES ||
            memcmp(form + length - size, endings[i], size) != 0) {
            continue;
        }
        (void)add_plural(form, length - size, "", out);
        /* Броварів, of Бровари, which has no singular; other forms of it
         * have the key of a Бровар. */
        if (i == 0 && add_plural(form, length - size, "и", out)) {
            struct readings stem;
            readings_of(form, length - size, true, &stem);
            if (stem.count > 0) {
                add_key(out, stem.items[0].text, "");
            }
        }
    }
}

/* How a form is read: with its ending undone, or as it stands. */
enum way { WAY_INFLECTED, WAY_NOMINATIVE, WAY_ABBREVIATION };

static void word_keys(const char *form, size_t length, enum way way,
                      struct name_keys *out)
{
    static const char mark[] = {NAME_ABBREVIATION, '\0'};
    struct readings readings;
    out->count = 0;
    if (length > 2 && memcmp(form + length - 2, "'s", 2) == 0) {
        length -= 2;
    }
    readings_of(form, length, way != WAY_INFLECTED, &readings);
    add_groups(&readings, false, out);
    if (way != WAY_NOMINATIVE) {
        add_plurals(form, length, out);
    }
    for (size_t i = 0; i < readings.count; i++) {
        if (readings.items[i].text[0] != '\0') {
            add_key(out, readings.items[i].text,
                    way == WAY_ABBREVIATION ? mark : "");
        }
    }
}

/* ---- Designators and compounds ----------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_digit(const char *form, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (is_digit(form[i])) {
            return true;
        }
    }
    return false;
}

/* С-300, S-300: letters by their sound, digits as they are, no hyphens. An
 * ending behind the last hyphen is none of it: F-16-х. */
static void designator_keys(const char *form, size_t length,
                            struct name_keys *out)
{
    /* Of memory that is there, since keys that are missing would not be missed:
     * nobody is told of a failure. */
    char room[NAME_BYTES];
    struct buf key = {
        .data = room, .capacity = sizeof room, .max = sizeof room - 1};
    const char *hyphen = memrchr(form, '-', length);
    if (hyphen != NULL && hyphen > form && is_digit(hyphen[-1]) &&
        designator_is_ending(hyphen + 1,
                             length - (size_t)(hyphen + 1 - form))) {
        length = (size_t)(hyphen - form);
    }
    for (size_t at = 0; at < length;) {
        const char *end = memchr(form + at, '-', length - at);
        size_t size = end == NULL ? length - at : (size_t)(end - form) - at;
        designator_add(&key, form + at, size);
        at += size + 1;
    }
    out->count = 0;
    bool plain = key.failed == SHUKACH_OK && key.length > 0;
    for (size_t i = 0; plain && i < key.length; i++) {
        plain = key.data[i] > ' ' && key.data[i] <= '~'; /* ASCII */
    }
    if (plain) {
        memcpy(out->keys[0], key.data, key.length);
        out->keys[0][key.length] = '\0';
        out->count = 1;
    }
}

/* Both names of Нью-Йорк: every key of the first with every of the second,
 * while there is room. */
static void join_keys(struct name_keys *out, const struct name_keys *more)
{
    struct name_keys left = *out;
    out->count = 0;
    for (size_t i = 0; i < left.count; i++) {
        for (size_t k = 0; k < more->count && out->count < NAME_KEYS; k++) {
            snprintf(out->keys[out->count], NAME_BYTES, "%s-%s", left.keys[i],
                     more->keys[k]);
            keep_key(out);
        }
    }
}

/* Whether a form of capitals is an abbreviation, which does not decline. A
 * longer one is a word of a headline. */
static bool is_abbreviation(const char *form, size_t length)
{
    size_t letters = 0;
    for (size_t at = 0; at < length; letters++) {
        uint32_t code;
        size_t n = utf8_decode(form + at, length - at, &code);
        if (n == 0 || code == '-') {
            return false;
        }
        at += n;
    }
    return letters <= ABBREVIATION_LETTERS;
}

static void form_keys(const char *form, size_t length, enum way way,
                      struct name_keys *out)
{
    out->count = 0;
    if (has_digit(form, length)) {
        designator_keys(form, length, out);
        return;
    }
    for (size_t parts = 0; length > 0 && parts < PARTS_MAX; parts++) {
        const char *hyphen = memchr(form, '-', length);
        size_t size = hyphen == NULL ? length : (size_t)(hyphen - form);
        struct name_keys part;
        word_keys(form, size, way, &part);
        if (parts == 0) {
            *out = part;
        } else {
            join_keys(out, &part);
        }
        form += hyphen == NULL ? size : size + 1;
        length -= hyphen == NULL ? size : size + 1;
    }
    out->count = length > 0 ? 0 : out->count;
}

void names_keys(const char *form, size_t length, bool capitals,
                struct name_keys *out)
{
    bool abbreviation = capitals && is_abbreviation(form, length);
    form_keys(form, length, abbreviation ? WAY_ABBREVIATION : WAY_INFLECTED,
              out);
}

void names_nominative(const char *form, size_t length, bool capitals,
                      struct name_keys *out)
{
    bool abbreviation = capitals && is_abbreviation(form, length);
    form_keys(form, length, abbreviation ? WAY_ABBREVIATION : WAY_NOMINATIVE,
              out);
}
