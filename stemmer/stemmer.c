/* SPDX-License-Identifier: BSD-3-Clause */

#include "stemmer.h"

#include <libstemmer.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"

enum {
    /* No Ukrainian word is longer; what is longer comes back as it is. */
    WORD_BYTES_MAX = 255,
    /* A stem is never longer than its word. */
    STEM_BYTES_MAX = WORD_BYTES_MAX
};

struct stemmer {
    struct sb_stemmer *snowball; /* NULL for Ukrainian */
    char *longer;                /* a copy of an overlong word, or NULL */
    size_t length;
    struct rules_index index;
    char letters[WORD_BYTES_MAX];
    char stem[STEM_BYTES_MAX + 1];
};

/* The letters of rules.h by the low bits of their code points: U+0430..U+045F,
 * then U+0490 and U+0491. Zero: not a Ukrainian letter. */
static const char letter_of[0x30] = {
    'a', 'b', 'v', 'g', 'd', 'e', 'Z', 'z', 'y', 'j', 'k', 'l',
    'm', 'n', 'o', 'p', 'r', 's', 't', 'u', 'f', 'x', 'c', 'C',
    'S', 'W', 0,   0,   'q', 0,   'U', 'A', 0,   0,   0,   0,
    'E', 0,   'i', 'I', 0,   0,   0,   0,   0,   0,   0,   0};

/* The way back: code point minus U+0430. */
static const unsigned char offset_of[128] = {
    ['a'] = 0x00, ['b'] = 0x01, ['v'] = 0x02, ['g'] = 0x03, ['d'] = 0x04,
    ['e'] = 0x05, ['Z'] = 0x06, ['z'] = 0x07, ['y'] = 0x08, ['j'] = 0x09,
    ['k'] = 0x0a, ['l'] = 0x0b, ['m'] = 0x0c, ['n'] = 0x0d, ['o'] = 0x0e,
    ['p'] = 0x0f, ['r'] = 0x10, ['s'] = 0x11, ['t'] = 0x12, ['u'] = 0x13,
    ['f'] = 0x14, ['x'] = 0x15, ['c'] = 0x16, ['C'] = 0x17, ['S'] = 0x18,
    ['W'] = 0x19, ['q'] = 0x1c, ['U'] = 0x1e, ['A'] = 0x1f, ['E'] = 0x24,
    ['i'] = 0x26, ['I'] = 0x27};

/* Turns UTF-8 into letters. Returns their number, or 0 if anything else than
 * Ukrainian letters, apostrophes and hyphens is found. */
static size_t letters_read(char *letters, const char *word, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)word;
    size_t count = 0;
    for (size_t at = 0; at < length; at++) {
        char letter = 0;
        if (bytes[at] == '\'' || bytes[at] == '-') {
            letter = (char)bytes[at];
        } else if (at + 1 < length && (bytes[at + 1] & 0xc0) == 0x80) {
            unsigned point = (bytes[at] & 0x1fU) << 6 | (bytes[at + 1] & 0x3fU);
            if ((bytes[at] & 0xe0) != 0xc0) {
                return 0;
            }
            if (point == 0x491) {
                letter = 'g';
            } else if (point >= 0x430 && point < 0x460) {
                letter = letter_of[point - 0x430];
            }
            at++;
        }
        if (letter == 0) {
            return 0;
        }
        letters[count++] = letter;
    }
    return count;
}

/* Appends letters to the stem as UTF-8. */
static void stem_append(struct stemmer *s, const char *letters, size_t count)
{
    for (size_t at = 0; at < count; at++) {
        if (letters[at] == '\'' || letters[at] == '-') {
            s->stem[s->length++] = letters[at];
        } else {
            unsigned point = 0x430U + offset_of[(unsigned char)letters[at]];
            s->stem[s->length++] = (char)(0xc0U | point >> 6);
            s->stem[s->length++] = (char)(0x80U | (point & 0x3fU));
        }
    }
}

/* Gives the word back as it is, with a NUL. Only an overlong word needs
 * memory, which the handle keeps until the next one. */
static const char *unchanged(struct stemmer *s, const char *word, size_t length)
{
    char *copy = s->stem;
    if (length > STEM_BYTES_MAX) {
        copy = length < SIZE_MAX ? realloc(s->longer, length + 1) : NULL;
        if (copy == NULL) {
            s->length = 0;
            return NULL;
        }
        s->longer = copy;
    }
    if (length > 0) {
        memcpy(copy, word, length);
    }
    copy[length] = '\0';
    s->length = length;
    return copy;
}

static const char *ukrainian(struct stemmer *s, const char *word, size_t length)
{
    size_t count =
        length <= WORD_BYTES_MAX ? letters_read(s->letters, word, length) : 0;
    if (count == 0) {
        return unchanged(s, word, length);
    }
    s->length = 0;
    for (size_t at = 0; at < count; at++) {
        char *part = s->letters + at;
        const char *hyphen = memchr(part, '-', count - at);
        size_t size = hyphen != NULL ? (size_t)(hyphen - part) : count - at;
        stem_append(s, part, rules_stem(&s->index, part, size));
        if (hyphen != NULL) {
            stem_append(s, "-", 1);
        }
        at += size;
    }
    s->stem[s->length] = '\0';
    return s->stem;
}

struct stemmer *stemmer_new(const char *language)
{
    static const struct {
        const char *code;
        const char *snowball;
    } languages[] = {{"uk", NULL}, {"ru", "russian"}, {"en", "english"}};
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        if (language == NULL || strcmp(language, languages[i].code) != 0) {
            continue;
        }
        struct stemmer *s = calloc(1, sizeof *s);
        if (s == NULL) {
            return NULL;
        }
        if (languages[i].snowball == NULL) {
            rules_index_fill(&s->index);
            return s;
        }
        s->snowball = sb_stemmer_new(languages[i].snowball, "UTF_8");
        if (s->snowball != NULL) {
            return s;
        }
        free(s);
    }
    return NULL;
}

const char *stemmer_stem(struct stemmer *s, const char *word, size_t length)
{
    if (s->snowball == NULL) {
        return ukrainian(s, word, length);
    }
    s->length = 0;
    if (length > INT_MAX) {
        return NULL;
    }
    const char *stem = (const char *)sb_stemmer_stem(
        s->snowball, (const sb_symbol *)word, (int)length);
    if (stem != NULL) {
        s->length = (size_t)sb_stemmer_length(s->snowball);
    }
    return stem;
}

size_t stemmer_length(const struct stemmer *s) { return s->length; }

void stemmer_delete(struct stemmer *s)
{
    if (s == NULL) {
        return;
    }
    sb_stemmer_delete(s->snowball);
    free(s->longer);
    free(s);
}
