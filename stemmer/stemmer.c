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
    /* An edit of the lexicon can add 15 letters to a part of a word. */
    STEM_BYTES_MAX = 17 * WORD_BYTES_MAX,
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
    struct rules_index index;
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
    stem_append(s, part, edit.strip < size ? size - edit.strip : 0);
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
    if (lexicon && lexicon_find(part, size, &outcome) > 0) {
        edit_append(s, part, size, outcome, 0);
    } else {
        stem_append(s, part, rules_stem(&s->index, part, size));
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

static const char *ukrainian(struct stemmer *s, const char *word, size_t length)
{
    s->readings = 0;
    s->count =
        length <= WORD_BYTES_MAX ? letters_read(s->letters, word, length) : 0;
    if (s->count == 0) {
        return unchanged(s, word, length);
    }
    s->length = 0;
    if (s->lexicon) {
        s->readings = lexicon_find(s->letters, s->count, &s->outcome);
    }
    if (s->readings > 0) {
        edit_append(s, s->letters, s->count, s->outcome, 0);
    } else if (memchr(s->letters, '-', s->count) == NULL) {
        stem_append(s, s->letters, rules_stem(&s->index, s->letters, s->count));
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
            rules_index_fill(&s->index);
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
    if (i >= stemmer_count(s)) {
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
