/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Any bytes into the stemmers: what comes out is never empty, at most four
 * bytes longer, UTF-8 if that went in, and so is every alternative. Ukrainian
 * stems are stemmed again, as they are words as good as any.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "stemmer.h"

enum { LONGER_MAX = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* abort() and not assert(): the checks must be there in every build. */
static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* How many bytes the character at `at` has; 0 if it is not UTF-8. */
static size_t character_size(const unsigned char *at, size_t size)
{
    size_t wanted = at[0] < 0x80                     ? 1
                    : at[0] >= 0xc2 && at[0] < 0xe0  ? 2
                    : at[0] >= 0xe0 && at[0] < 0xf0  ? 3
                    : at[0] >= 0xf0 && at[0] <= 0xf4 ? 4
                                                     : 0;
    if (wanted == 0 || wanted > size) {
        return 0;
    }
    for (size_t i = 1; i < wanted; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f)) {
        return 0;
    }
    return wanted;
}

static bool is_utf8(const char *text, size_t size)
{
    for (size_t at = 0; at < size;) {
        size_t step =
            character_size((const unsigned char *)text + at, size - at);
        if (step == 0) {
            return false;
        }
        at += step;
    }
    return true;
}

static void check_stem(const char *stem, size_t length, const char *word,
                       size_t size)
{
    check(stem != NULL && stem[length] == '\0');
    check(length <= size + LONGER_MAX && (length > 0) == (size > 0));
    check(!is_utf8(word, size) || is_utf8(stem, length));
}

/* Returns a copy of the stem, which the caller frees. */
static char *check_word(struct stemmer *stemmer, const char *word, size_t size)
{
    const char *stem = stemmer_stem(stemmer, word, size);
    size_t length = stemmer_length(stemmer);
    check_stem(stem, length, word, size);
    char *copy = malloc(length + 1);
    check(copy != NULL);
    memcpy(copy, stem, length + 1);
    size_t count = stemmer_count(stemmer);
    check(count >= 1 && count <= 8);
    for (size_t i = count; i-- > 0;) {
        size_t other = 0;
        stem = stemmer_alternative(stemmer, i, &other);
        check_stem(stem, other, word, size);
    }
    check(strcmp(stem, copy) == 0);
    check(stemmer_alternative(stemmer, count, &length) == NULL);
    return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct stemmer *stemmers[2];
    static const char *const languages[2] = {"uk", "uk-rules"};
    for (size_t i = 0; i < 2; i++) {
        if (stemmers[i] == NULL) {
            stemmers[i] = stemmer_new(languages[i]);
            check(stemmers[i] != NULL);
        }
        /* A copy without a NUL, so that reading past the end is seen. */
        char *word = malloc(size > 0 ? size : 1);
        check(word != NULL);
        if (size > 0) {
            memcpy(word, data, size);
        }
        char *stem = check_word(stemmers[i], word, size);
        free(word);
        free(check_word(stemmers[i], stem, strlen(stem)));
        free(stem);
    }
    return 0;
}
