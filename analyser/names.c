/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of names: Зеленського, Зеленским, Zelenskyy have one in common. The
 * ending is undone (endings.c), the letters become sounds (sounds.c,
 * latin.c, pinyin.c), and what no rule can know, Київ and Kyiv, Trump and
 * Трамп, stands in the tables in names/: groups of nominatives, `a = b`, a
 * line each. A + in front allows forms of the plural: Шахедів. docs/names.md
 * says why. */
#include "analyser.h"

#include <unicode/uchar.h>

#include "sounds.h"

/* Longer words are no names. */
#define WORD_BYTES_MAX 80
/* A name of more parts than this has no keys as a whole. */
#define PARTS_MAX 4

struct member {
    const char *sounds;
    const char *key; /* of its group: the sounds of the first member */
    bool plural;
};

struct names {
    struct latin *latin;
    struct arena arena;
    struct member *items;
    size_t count;
    size_t capacity;
    uint32_t *slots; /* number of a member + 1, or 0 */
    size_t slot_count;
};

/* ---- Words ------------------------------------------------------------ */

enum script { SCRIPT_LATIN, SCRIPT_CYRILLIC, SCRIPT_OTHER };

/* By its first letter; letters of another then have no reading. */
static enum script script_of(const char *form, size_t length)
{
    uint32_t code;
    if (length == 0 || utf8_decode(form, length, &code) == 0) {
        return SCRIPT_OTHER;
    }
    if (code >= 0x400 && code < 0x530) {
        return SCRIPT_CYRILLIC;
    }
    return (code >= 'a' && code <= 'z') || (code >= 0xdf && code < 0x250)
               ? SCRIPT_LATIN
               : SCRIPT_OTHER;
}

static void read_word(const struct names *names, const char *form,
                      size_t length, bool plain, struct readings *out)
{
    out->count = 0;
    if (length > WORD_BYTES_MAX) {
        return;
    }
    switch (script_of(form, length)) {
    case SCRIPT_LATIN:
        latin_read(names->latin, form, length, plain, out);
        struct sounds chinese = {.length = 0};
        if (!plain && pinyin_read(form, length, &chinese)) {
            readings_add(out, &chinese);
        }
        break;
    case SCRIPT_CYRILLIC:
        endings_read(form, length, plain, out);
        break;
    case SCRIPT_OTHER:
        break;
    }
}

/* ---- Tables ----------------------------------------------------------- */

static const struct member *first_member(const struct names *names,
                                         const char *sounds, size_t *slot)
{
    *slot = (size_t)hash64(sounds, strlen(sounds)) % names->slot_count;
    for (; names->slots[*slot] != 0; *slot = (*slot + 1) % names->slot_count) {
        const struct member *m = &names->items[names->slots[*slot] - 1];
        if (strcmp(m->sounds, sounds) == 0) {
            return m;
        }
    }
    return NULL;
}

/* The next one of these sounds: Саша is of two names. */
static const struct member *next_member(const struct names *names,
                                        const char *sounds, size_t *slot)
{
    for (*slot = (*slot + 1) % names->slot_count; names->slots[*slot] != 0;
         *slot = (*slot + 1) % names->slot_count) {
        const struct member *m = &names->items[names->slots[*slot] - 1];
        if (strcmp(m->sounds, sounds) == 0) {
            return m;
        }
    }
    return NULL;
}

static enum shukach_status index_members(struct names *names,
                                         struct shukach_error *err)
{
    names->slot_count = 4 * names->count + 1;
    names->slots = calloc(names->slot_count, sizeof *names->slots);
    if (names->slots == NULL) {
        return error_nomem(err);
    }
    for (size_t i = 0; i < names->count; i++) {
        const char *sounds = names->items[i].sounds;
        size_t slot =
            (size_t)hash64(sounds, strlen(sounds)) % names->slot_count;
        while (names->slots[slot] != 0) {
            slot = (slot + 1) % names->slot_count;
        }
        names->slots[slot] = (uint32_t)(i + 1);
    }
    return SHUKACH_OK;
}

/* A member in small letters; `out` has room for them. */
static size_t fold(const char *text, size_t length, char *out)
{
    size_t size = 0;
    for (size_t at = 0; at < length;) {
        uint32_t code;
        size_t n = utf8_decode(text + at, length - at, &code);
        if (n == 0) {
            return 0;
        }
        size += utf8_encode((uint32_t)u_tolower((UChar32)code), out + size);
        at += n;
    }
    return size;
}

#define MEMBER_BYTES 64

static enum shukach_status add_sounds(struct names *names,
                                      const struct sounds *sounds, bool plural,
                                      const char **key,
                                      struct shukach_error *err)
{
    char *copy = arena_copy(&names->arena, sounds->text, sounds->length);
    if (copy == NULL || !array_grow((void **)&names->items, &names->capacity,
                                    names->count + 1, sizeof *names->items)) {
        return error_nomem(err);
    }
    *key = *key == NULL ? copy : *key;
    names->items[names->count++] =
        (struct member){.sounds = copy, .key = *key, .plural = plural};
    return SHUKACH_OK;
}

static enum shukach_status add_member(struct names *names, const char *text,
                                      size_t length, bool plural,
                                      const char **key, size_t line,
                                      struct shukach_error *err)
{
    char form[2 * MEMBER_BYTES];
    struct readings readings;
    while (length > 0 && text[length - 1] == ' ') {
        length--;
    }
    readings.count = 0;
    if (length < MEMBER_BYTES) {
        read_word(names, form, fold(text, length, form), true, &readings);
    }
    if (readings.count == 0) {
        return error_set(err, SHUKACH_INVALID, "names:%zu: \"%.*s\" is no name",
                         line, (int)length, text);
    }
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; status == SHUKACH_OK && i < readings.count; i++) {
        status = add_sounds(names, &readings.items[i], plural, key, err);
    }
    return status;
}

static enum shukach_status add_line(struct names *names, const char *text,
                                    size_t length, size_t line,
                                    struct shukach_error *err)
{
    static const char sign[] = " = ";
    const char *key = NULL;
    bool plural = length > 2 && memcmp(text, "+ ", 2) == 0;
    enum shukach_status status = SHUKACH_OK;
    for (size_t at = plural ? 2 : 0; status == SHUKACH_OK && at < length;) {
        const char *end = memmem(text + at, length - at, sign, 3);
        size_t size = end == NULL ? length - at : (size_t)(end - text) - at;
        status = add_member(names, text + at, size, plural, &key, line, err);
        at += size + 3;
    }
    return status;
}

static enum shukach_status read_tables(struct names *names,
                                       struct shukach_error *err)
{
    const char *text = (const char *)names_text;
    enum shukach_status status = SHUKACH_OK;
    size_t line = 1;
    for (size_t at = 0; status == SHUKACH_OK && at < names_text_length;
         line++) {
        const char *end = memchr(text + at, '\n', names_text_length - at);
        size_t size =
            end == NULL ? names_text_length - at : (size_t)(end - text) - at;
        if (size > 0 && text[at] != '#') {
            status = add_line(names, text + at, size, line, err);
        }
        at += size + 1;
    }
    return status == SHUKACH_OK ? index_members(names, err) : status;
}

enum shukach_status names_new(struct names **out, struct shukach_error *err)
{
    *out = NULL;
    struct names *names = calloc(1, sizeof *names);
    if (names == NULL) {
        return error_nomem(err);
    }
    names->latin = latin_new();
    enum shukach_status status =
        names->latin == NULL ? error_nomem(err) : read_tables(names, err);
    if (status != SHUKACH_OK) {
        names_free(names);
        return status;
    }
    *out = names;
    return SHUKACH_OK;
}

void names_free(struct names *names)
{
    if (names != NULL) {
        latin_free(names->latin);
        arena_free(&names->arena);
        free(names->items);
        free(names->slots);
        free(names);
    }
}

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

/* Adds sounds as a key, as they are commonly written; what is too long is
 * cut. */
static void add_key(struct name_keys *out, const char *sounds)
{
    static const char single[] = "jcqwxA";
    static const char *const written[] = {"zh", "ts", "ch", "sh", "kh", "a"};
    if (out->count == NAME_KEYS) {
        return;
    }
    char *key = out->keys[out->count];
    size_t length = 0;
    for (; *sounds != '\0' && length + 2 < NAME_BYTES; sounds++) {
        const char *at = strchr(single, *sounds);
        if (at == NULL) {
            key[length++] = *sounds;
        } else {
            const char *piece = written[at - single];
            memcpy(key + length, piece, strlen(piece));
            length += strlen(piece);
        }
    }
    key[length] = '\0';
    keep_key(out);
}

/* The groups that a reading is in; `plural`: only those with a plural. */
static void add_groups(const struct names *names, struct readings *readings,
                       bool plural, struct name_keys *out)
{
    for (size_t i = 0; i < readings->count; i++) {
        size_t slot;
        char *sounds = readings->items[i].text;
        const struct member *m = first_member(names, sounds, &slot);
        bool known = m != NULL;
        for (; m != NULL; m = next_member(names, sounds, &slot)) {
            if (m->plural || !plural) {
                add_key(out, m->key);
            }
        }
        if (known) {
            sounds[0] = '\0';
        }
    }
}

/* The name without -ів, -ов, -s of the plural if a table says that it is many:
 * Шахедів. `end` is put in the place of the ending. Whether it is. */
static bool add_plural(const struct names *names, const char *form,
                       size_t length, const char *end, struct name_keys *out)
{
    struct readings readings;
    char name[WORD_BYTES_MAX + 8];
    size_t before = out->count;
    int written = snprintf(name, sizeof name, "%.*s%s", (int)length, form, end);
    read_word(names, name, (size_t)written, true, &readings);
    add_groups(names, &readings, true, out);
    return out->count > before;
}

static void add_plurals(const struct names *names, const char *form,
                        size_t length, struct name_keys *out)
{
    static const char *const endings[] = {"ів", "їв", "ов", "ев", "s"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t size = strlen(endings[i]);
        if (length <= size + 3 || length > WORD_BYTES_MAX ||
            memcmp(form + length - size, endings[i], size) != 0) {
            continue;
        }
        (void)add_plural(names, form, length - size, "", out);
        /* Броварів, of Бровари, which has no singular; other forms of it
         * have the key of a Бровар. */
        if (i == 0 && add_plural(names, form, length - size, "и", out)) {
            struct readings stem;
            read_word(names, form, length - size, true, &stem);
            if (stem.count > 0) {
                add_key(out, stem.items[0].text);
            }
        }
    }
}

static void word_keys(const struct names *names, const char *form,
                      size_t length, bool capitals, struct name_keys *out)
{
    struct readings readings;
    out->count = 0;
    if (length > 2 && memcmp(form + length - 2, "'s", 2) == 0) {
        length -= 2;
    }
    read_word(names, form, length, capitals, &readings);
    add_groups(names, &readings, false, out);
    add_plurals(names, form, length, out);
    for (size_t i = 0; i < readings.count; i++) {
        if (readings.items[i].text[0] != '\0') {
            add_key(out, readings.items[i].text);
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
    struct buf key;
    const char *hyphen = memrchr(form, '-', length);
    if (hyphen != NULL && hyphen > form && is_digit(hyphen[-1]) &&
        designator_is_ending(hyphen + 1,
                             length - (size_t)(hyphen + 1 - form))) {
        length = (size_t)(hyphen - form);
    }
    buf_init(&key, NAME_BYTES - 1);
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
    buf_free(&key);
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

void names_keys(const struct names *names, const char *form, size_t length,
                bool capitals, struct name_keys *out)
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
        word_keys(names, form, size, capitals, &part);
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
