/* SPDX-License-Identifier: BSD-3-Clause */

#include "stemmer.h"

#include <libstemmer.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "letters.h"
#include "lexicon.h"
#include "rules.h"

enum {
    /* No Ukrainian word is longer; what is longer comes back as it is. */
    WORD_BYTES_MAX = 255,
    /* A part of a word can grow by two letters. */
    STEM_BYTES_MAX = 4 * WORD_BYTES_MAX,
    /* By so many bytes a stem may be longer than its word. */
    LONGER_MAX = 4
};

struct stemmer {
    struct sb_stemmer *snowball; /* NULL for Ukrainian */
    const char *last;            /* the last stem, or NULL */
    char *longer;                /* a copy of an overlong word, or NULL */
    size_t length;
    bool lexicon;
    size_t count;     /* letters of the last word */
    size_t readings;  /* of it in the lexicon, or 0 */
    uint32_t outcome; /* of it in the lexicon */
    const struct rules_index *index;
    char letters[WORD_BYTES_MAX];
    char stem[STEM_BYTES_MAX + 1];
};

/* Appends letters to the stem as UTF-8. */
static void stem_append(struct stemmer *s, const char *letters, size_t count)
{
    s->length += letters_write(s->stem + s->length, letters, count);
}

/* Makes the stem one of the readings the lexicon has for a part of a word. */
static void edit_append(struct stemmer *s, const char *part, size_t size,
                        uint32_t outcome, size_t i)
{
    struct lexicon_edit edit = lexicon_edit_at(outcome, i);
    stem_append(s, part, size - edit.strip);
    stem_append(s, edit.suffix, edit.size);
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

/* Stems a word without hyphens. */
static void part_append(struct stemmer *s, char *part, size_t size,
                        bool lexicon)
{
    uint32_t outcome = 0;
    if (lexicon && size > 0 && lexicon_find(part, size, &outcome) > 0) {
        edit_append(s, part, size, outcome, 0);
    } else {
        stem_append(s, part, rules_stem(s->index, part, size));
    }
}

/* Stems the parts of a word one by one. */
static void parts_append(struct stemmer *s, bool lexicon)
{
    const char *hyphen = s->letters;
    s->length = 0;
    for (size_t at = 0; hyphen != NULL; at++) {
        char *part = s->letters + at;
        hyphen = memchr(part, '-', s->count - at);
        size_t size = hyphen != NULL ? (size_t)(hyphen - part) : s->count - at;
        part_append(s, part, size, lexicon);
        if (hyphen != NULL) {
            stem_append(s, "-", 1);
        }
        at += size;
    }
}

/* The length of a foreign word or number without a Ukrainian ending after a
 * hyphen: himars-ів, f-16-ми, 90-х. The length itself if there is none. */
static size_t foreign_length(const char *word, size_t length)
{
    static const char *const endings[] = {
        "а",   "у",  "ом", "і",   "и",   "ів", "ам", "ами", "ах", "ові", "ем",
        "я",   "ю",  "ям", "ями", "ях",  "ї",  "їв", "ий",  "ої", "ою",  "ого",
        "ому", "им", "их", "ими", "й",   "го", "му", "м",   "х",  "ми",  "ма",
        "ти",  "та", "те", "тий", "тих", "ша", "ше", "га",  "ге"};
    size_t at = length;
    while (at > 0 && word[at - 1] != '-') {
        at--;
    }
    bool foreign = false;
    for (size_t i = 0; i + 1 < at; i++) {
        unsigned char byte = (unsigned char)word[i];
        if (byte >= 0x80) {
            return length;
        }
        foreign = foreign || byte != '-';
    }
    for (size_t i = 0; foreign && i < sizeof endings / sizeof *endings; i++) {
        if (strlen(endings[i]) == length - at &&
            memcmp(word + at, endings[i], length - at) == 0) {
            return at - 1;
        }
    }
    return length;
}

static const char *ukrainian(struct stemmer *s, const char *word, size_t length)
{
    s->readings = 0;
    s->count =
        length <= WORD_BYTES_MAX ? letters_read(s->letters, word, length) : 0;
    if (s->count == 0) {
        return unchanged(s, word,
                         length <= WORD_BYTES_MAX ? foreign_length(word, length)
                                                  : length);
    }
    s->length = 0;
    if (s->lexicon) {
        s->readings = lexicon_find(s->letters, s->count, &s->outcome);
    }
    if (s->readings > 0) {
        edit_append(s, s->letters, s->count, s->outcome, 0);
    } else if (memchr(s->letters, '-', s->count) == NULL) {
        stem_append(s, s->letters, rules_stem(s->index, s->letters, s->count));
    } else {
        parts_append(s, s->lexicon);
        if (s->length > length + LONGER_MAX) {
            letters_read(s->letters, word, length);
            parts_append(s, false);
        }
    }
    s->stem[s->length] = '\0';
    return s->stem;
}

struct stemmer *stemmer_new(const char *language)
{
    static const struct {
        const char *code;
        const char *snowball;
        bool lexicon;
    } languages[] = {{"uk", NULL, true},
                     {"uk-rules", NULL, false},
                     {"ru", "russian", false},
                     {"en", "english", false}};
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        if (language == NULL || strcmp(language, languages[i].code) != 0) {
            continue;
        }
        struct stemmer *s = calloc(1, sizeof *s);
        if (s == NULL) {
            return NULL;
        }
        if (languages[i].snowball == NULL) {
            s->index = rules_index();
            s->lexicon = languages[i].lexicon;
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
        s->last = ukrainian(s, word, length);
        return s->last;
    }
    s->last = NULL;
    s->length = 0;
    if (length > INT_MAX) {
        return NULL;
    }
    const char *stem = (const char *)sb_stemmer_stem(
        s->snowball, (const sb_symbol *)word, (int)length);
    if (stem != NULL) {
        s->length = (size_t)sb_stemmer_length(s->snowball);
        s->last = stem;
    }
    return stem;
}

size_t stemmer_count(const struct stemmer *s)
{
    return s->readings > 1 ? s->readings : 1;
}

const char *stemmer_alternative(struct stemmer *s, size_t i, size_t *length)
{
    if (i >= stemmer_count(s) || s->last == NULL) {
        return NULL;
    }
    if (s->readings > 0) {
        s->length = 0;
        edit_append(s, s->letters, s->count, s->outcome, i);
        s->stem[s->length] = '\0';
    }
    *length = s->length;
    return s->last;
}

bool stemmer_known(const struct stemmer *s)
{
    return s->readings > 0;
}

size_t stemmer_length(const struct stemmer *s)
{
    return s->length;
}

void stemmer_delete(struct stemmer *s)
{
    if (s == NULL) {
        return;
    }
    sb_stemmer_delete(s->snowball);
    free(s->longer);
    free(s);
}
